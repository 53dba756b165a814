"""Out of turn: pick-up, assignment by a supervisor, an agent who dials."""

import pytest

from domain.calls import ContactEnded
from domain.desk import (
    AgentPaused,
    AgentReady,
    AgentSignedOut,
    CallAssigned,
    DialAsked,
    OfferDeclined,
    PickUpAsked,
)
from domain.ids import AgentId, CallId, OfferId, QueueId
from tests.acd.floor.play import Play, agent_fact


def pick(play: Play, at: float, agent: str, call: str) -> list[str]:
    return play(at, PickUpAsked(AgentId(agent), CallId(call)))


def test_picking_up_anothers_ringing_call() -> None:
    """It stops ringing there, and the asker's telephone picks up by itself; it is no miss of the other's."""
    play = Play(agents="ann bob")
    play.ready(0, "ann")
    play.queued(0, "c1")
    play.ready(1, "bob")
    assert pick(play, 2, "bob", "c1") == ["rescind o1 picked_up", "offer o2 c1 to bob"]
    offer = play.offers()[0]
    assert (offer.auto_answer, offer.why.strategy, offer.why.candidates) == (True, "picked up", ())
    assert (play.state("ann"), play.floor.state.agents["ann"].missed) == ("available", 0)
    assert play.accept(2, "o2", "bob") == []
    assert play.accept(3, "o1", "ann") == ["ignored OfferAccepted"]


def test_a_waiting_call_is_taken_by_leave_only() -> None:
    """Who may pull may take any waiting call of their queues out of turn; others may not."""
    agents = (Play.agent("ann"), Play.agent("lee", may_pull=True), Play.agent("mo"))
    play = Play(agents=agents)
    play.ready(0, "ann")
    play.queued(0, "busy")
    play.accept(0, "o1")
    play.queued(1, "c1")
    play.queued(2, "c2")
    play.ready(3, "lee")  # is offered c1
    play(4, OfferDeclined(AgentId("lee"), OfferId("o2")))
    play(4, OfferDeclined(AgentId("lee"), OfferId("o3")))
    assert pick(play, 5, "mo", "c2") == ["ignored PickUpAsked"]
    assert pick(play, 6, "lee", "c2") == ["offer o4 c2 to lee"]


@pytest.mark.parametrize("who", ["away", "other", "busy"])
def test_who_may_not_pick_up(who: str) -> None:
    """Somebody signed out, of no queue of the call's, or without room."""
    agents = (Play.agent("ann"), Play.agent("away"), Play.agent("other", queues=""), Play.agent("busy"))
    play = Play(agents=agents)
    play.ready(0, "busy")
    play.queued(0, "b")
    play.accept(0, "o1", "busy")
    play.ready(0, "ann", "other")
    assert play.queued(1, "c1") == ["offer o2 c1 to ann"]
    assert pick(play, 2, who, "c1") == ["ignored PickUpAsked"]
    assert pick(play, 2, "ann", "c1") == ["ignored PickUpAsked"]


def test_who_is_paused_may_help_out_and_is_paused_afterwards() -> None:
    """One call in the pause; the pause and its reason are kept."""
    play = Play(agents="ann bob", wrap_up_s=0)
    play.ready(0, "ann", "bob")
    play(1, AgentPaused(AgentId("bob"), "lunch"))
    play.queued(2, "c1")
    assert pick(play, 3, "bob", "c1") == ["rescind o1 picked_up", "offer o2 c1 to bob"]
    play.accept(3, "o2", "bob")
    play.end(60, "o2", "bob")
    agent = play.floor.state.agents["bob"]
    assert (agent.state, agent.reason) == ("paused", "lunch")


def test_picking_up_one_of_many_that_ring() -> None:
    """Ring-all: all the others stop."""
    play = Play(agents="a b c", strategy="ring_all")
    play.ready(0, "a", "b")
    play.queued(0, "c1")
    play(1, agent_fact(AgentPaused, "c", "x"))
    play.ready(1, "c")
    assert pick(play, 2, "c", "c1") == ["rescind o1 picked_up", "rescind o2 picked_up", "offer o3 c1 to c"]


def test_a_supervisor_gives_a_call_to_somebody() -> None:
    """Out of turn, member of the queue or not; it rings, and may be declined like any other."""
    agents = (Play.agent("ann"), Play.agent("zed", queues=""))
    play = Play(agents=agents)
    play.ready(0, "ann")
    play.queued(0, "busy")
    play.accept(0, "o1")
    play.queued(1, "c1")
    play.queued(2, "c2")
    play.ready(3, "zed")
    assert play(4, CallAssigned(CallId("c2"), AgentId("zed"), "sup")) == ["offer o2 c2 to zed"]
    assert (play.offers()[0].auto_answer, play.offers()[0].why.strategy) == (False, "assigned by sup")
    assert play(5, OfferDeclined(AgentId("zed"), OfferId("o2"))) == ["rescind o2 declined"]
    assert play.counters().calls == ("c1", "c2")


def test_dialling_out() -> None:
    """The agent's telephone picks up by itself; the contact is theirs and no visit of a queue."""
    play = Play(wrap_up_s=20)
    play.ready(0, "ann")
    dial = DialAsked(AgentId("ann"), CallId("d1"), "+8610", QueueId("q"))
    assert play(1, dial) == ["offer o1 d1 to ann"]
    offer = play.offers()[0]
    assert (offer.dial, offer.auto_answer, offer.why.strategy) == ("+8610", True, "dialled")
    play.accept(2, "o1")
    assert play.queued(3, "c1") == []
    play(60, ContactEnded(OfferId("o1"), AgentId("ann")))
    assert (play.state(), play.counters().offered, play.counters().handled) == ("wrap_up", 1, 0)
    assert play.until(80) == ["80: offer o2 c1 to ann"]


def test_dialling_without_a_queue_has_no_wrap_up() -> None:
    """It counts for no work of a queue."""
    play = Play()
    play.ready(0, "ann")
    play(1, DialAsked(AgentId("ann"), CallId("d1"), "+8610"))
    play.accept(2, "o1")
    play.end(60, "o1")
    assert play.state() == "available"


def test_a_dialled_call_nobody_picks_up_at_our_end_is_over() -> None:
    """Nobody waits for an agent's own call."""
    play = Play()
    play.ready(0, "ann")
    play(1, DialAsked(AgentId("ann"), CallId("d1"), "+8610"))
    assert play(16) == ["rescind o1 timed_out"]
    assert not play.floor.state.calls


@pytest.mark.parametrize(
    "fact",
    [
        DialAsked(AgentId("ann"), CallId("d1"), ""),
        DialAsked(AgentId("ann"), CallId("d1"), "+8610", QueueId("nowhere")),
        DialAsked(AgentId("nobody"), CallId("d1"), "+8610"),
        PickUpAsked(AgentId("ann"), CallId("nothing")),
        CallAssigned(CallId("nothing"), AgentId("ann"), "sup"),
    ],
)
def test_what_cannot_be_is_ignored(fact: object) -> None:
    """Named, with a reason; nothing changes."""
    play = Play()
    play.ready(0, "ann")
    assert play(1, fact) == [f"ignored {type(fact).__name__}"]


def test_who_signs_out_while_picking_up() -> None:
    """The call waits on in its place."""
    play = Play(agents="ann bob", leave_empty=(), join_empty=())
    play.ready(0, "ann")
    play.queued(0, "c1")
    play.ready(0, "bob")
    pick(play, 1, "bob", "c1")
    assert play(2, agent_fact(AgentSignedOut, "bob")) == ["rescind o2 agent_gone", "offer o3 c1 to ann"]
    assert play(3, agent_fact(AgentReady, "bob")) == ["ignored AgentReady"]
