"""Capacity per channel: one call at a time, several chats; a call and chats never at once."""

from domain.calls import DeviceReachable
from domain.config import AgentConfig, QueueConfig
from domain.desk import AgentPaused, AgentSignedOut, WrapUpEnded
from domain.ids import AgentId, DeviceId, QueueId
from tests.acd.floor.play import Play, agent_fact


def chats(number: int = 2, **rules: object) -> Play:
    """ann takes calls and chats, bob calls only."""
    agents: tuple[AgentConfig, ...] = (
        Play.agent("ann", queues="q v", capacity={"chat": number, "voice": 1}),
        Play.agent("bob", queues="q v"),
    )
    voice = QueueConfig(QueueId("v"), "Voice", wrap_up_s=0)
    rules = {"wrap_up_s": 0, "join_empty": (), "leave_empty": (), **rules}
    play = Play(agents=agents, more=(voice,), channel="chat", **rules)
    play.ready(0, "bob", "ann")
    return play


def test_several_chats_at_a_time_but_no_more_than_the_capacity() -> None:
    """The third waits until one is over; who takes calls only is never asked."""
    play = chats()
    assert play.queued(1, "c1") == ["offer o1 c1 to ann"]
    assert play.queued(2, "c2") == ["offer o2 c2 to ann"]
    assert play.queued(3, "c3") == []
    play.accept(4, "o1")
    play.accept(5, "o2")
    assert play.state() == "on_contact"
    assert play.end(60, "o2") == ["offer o3 c3 to ann"]
    assert play.state() == "on_contact"


def test_a_chat_keeps_calls_away_and_a_call_chats() -> None:
    """Voice and chat do not go together."""
    play = chats()
    play.queued(1, "c1")
    play.accept(1, "o1")
    assert play.queued(2, "k1", "v") == ["offer o2 k1 to bob"]
    assert play.queued(3, "k2", "v") == []
    assert play.end(4, "o1") == ["offer o3 k2 to ann"]
    play.accept(5, "o3")
    assert play.queued(6, "c2") == []
    assert play.end(9, "o3") == ["offer o4 c2 to ann"]


def test_the_state_is_what_the_agent_is_busiest_with() -> None:
    """On contact before offered before wrap-up; each chat has a wrap-up of its own, which takes room."""
    play = chats(wrap_up_s=30)
    play.queued(0, "c1")
    play.queued(0, "c2")
    play.accept(1, "o1")
    assert play.state() == "on_contact"
    play.end(10, "o1")
    assert play.state() == "offered"
    play.accept(12, "o2")
    play.end(20, "o2")
    assert play.state() == "wrap_up"
    assert play.queued(21, "c3") == []
    assert play.until(40) == ["40: offer o3 c3 to ann"]
    assert play.state() == "offered"


def test_a_pause_asked_among_chats_waits_for_the_last() -> None:
    """No further chat is offered; what rings is taken back; the rest goes on."""
    play = chats(3)
    for n in range(3):
        play.queued(0, f"c{n}")
    play.accept(1, "o1")
    play.accept(1, "o2")
    assert play(2, AgentPaused(AgentId("ann"), "lunch")) == ["rescind o3 agent_gone"]
    play.end(3, "o1")
    assert play.state() == "on_contact"
    play.end(4, "o2")
    assert play.state() == "paused"
    assert play.counters().waiting == 1


def test_signing_out_or_losing_the_device_among_chats() -> None:
    """Conversations are kept; nothing new comes."""
    play = chats(3)
    for n in range(2):
        play.queued(0, f"c{n}")
    play.accept(1, "o1")
    assert play(2, DeviceReachable(DeviceId("d-ann"), False)) == ["rescind o2 agent_gone"]
    assert play.state() == "on_contact"
    assert play(3, DeviceReachable(DeviceId("d-ann"), True)) == ["offer o3 c1 to ann"]
    assert play(4, agent_fact(AgentSignedOut, "ann")) == ["rescind o3 agent_gone"]
    play.end(5, "o1")
    assert play.state() == "signed_out"


def test_wrap_up_of_all_chats_ends_together() -> None:
    """Done is done."""
    play = chats(2, wrap_up_open=True)
    play.queued(0, "c1")
    play.queued(0, "c2")
    play.accept(1, "o1")
    play.accept(1, "o2")
    play.end(10, "o1")
    play.end(11, "o2")
    assert play(12, WrapUpEnded(AgentId("ann"))) == []
    assert play.state() == "available"
    assert play.floor.state.agents["ann"].wrap_us == 3_000_000
