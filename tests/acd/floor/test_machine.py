"""The floor, as transcripts: facts go in with their second, what was decided comes out."""

from typing import Any

import pytest

from domain import codec
from domain.calls import (
    CallerGone,
    CallQueued,
    ContactEnded,
    DeviceReachable,
    OfferAccepted,
    OfferRefused,
)
from domain.config import FloorConfigured, QueueConfig
from domain.desk import (
    AgentPaused,
    AgentReady,
    AgentSignedIn,
    AgentSignedOut,
    OfferDeclined,
    WrapUpEnded,
)
from domain.ids import AgentId, CallId, DeviceId, OfferId, QueueId
from domain.instant import after
from tests.acd.floor.play import T0, Play, agent_fact


def test_a_call_from_queue_to_wrap_up() -> None:
    """The plain story: offered to the one who is free, accepted, ended, wrapped up, free again."""
    play = Play(wrap_up_s=30)
    play.ready(0, "ann")
    assert play.queued(10, "c1") == ["offer o1 c1 to ann"]
    assert play.accept(14, "o1") == []
    assert play.state() == "on_contact"
    assert play.end(74, "o1") == []
    assert (play.state(), play.floor.wake_at()) == ("wrap_up", after(T0, 104))
    assert play.queued(80, "c2") == []
    assert play(104) == ["offer o2 c2 to ann"]
    assert play.floor.state.agents["ann"].handled == [[*(after(T0, at) for at in (14, 74, 104)), 90_000_000]]


def test_the_least_busy_agent_is_asked_and_the_offer_says_why() -> None:
    """Fewest handled seconds first; ties by longest idle, then by id; everybody is in the reasons."""
    play = Play(agents="ann bob cy", wrap_up_s=0)
    play.ready(0, "bob")
    play.ready(1, "ann")
    assert play.queued(10, "c1") == ["offer o1 c1 to bob"]
    play.accept(10, "o1", "bob")
    play.end(20, "o1", "bob")
    assert play.queued(30, "c2") == ["offer o2 c2 to ann"]
    why = play.last[-1].why
    assert [(c.agent, c.filtered, c.handled_s) for c in why.candidates] == [
        ("ann", "", 0.0),
        ("bob", "", 10.0),
        ("cy", "state: signed_out", 0.0),
    ]


def test_handled_time_is_clipped_to_the_window() -> None:
    """What lies before the rolling window does not count."""
    play = Play(agents="ann bob", wrap_up_s=0, busy_window_s=100)
    play.ready(0, "ann", "bob")
    play.queued(0, "c1")
    play.accept(0, "o1", "ann")
    play.queued(50, "c2")
    play.accept(50, "o2", "bob")
    play.end(80, "o1", "ann")  # ann 80 s
    play.end(90, "o2", "bob")  # bob 40 s
    assert play.queued(145, "c3") == ["offer o3 c3 to ann"]  # the window 45-145: ann 35 s, bob 40 s


def test_priority_ages_up_to_its_cap() -> None:
    """A low tier that waited long enough goes before a high newcomer; at the cap the first come wins."""
    play = Play(age_rate=1, age_cap=100)
    play.ready(0, "ann")
    play.queued(0, "busy")
    play.accept(0, "o1")
    play.queued(0, "old")
    play.queued(60, "gold", base_priority=50)
    play.queued(70, "head", at_head=True)
    play.queued(71, "vip", base_priority=500)  # more than the cap counts as the cap
    order = play.counters().calls
    assert order == ("head", "vip", "old", "gold")
    play(200, CallerGone(CallId("head")))
    assert play.counters().calls == ("old", "gold", "vip")


def test_weight_comes_before_priority_between_queues() -> None:
    """A heavier queue is served first."""
    play = Play(wrap_up_s=0)
    heavy = QueueConfig(QueueId("h"), "H", weight=1)
    play(0, FloorConfigured((play.queue, heavy), (play.agent("ann", queues="q h"),)))
    play.ready(0, "ann")
    play.queued(0, "busy")
    play.accept(0, "o1")
    play.queued(1, "c1", base_priority=100)
    play.queued(2, "c2", "h")
    assert play.end(5, "o1") == ["offer o2 c2 to ann"]


def test_skills_are_needed() -> None:
    """A call waits for an agent with all its skills, and is passed over for one who has not."""
    play = Play()
    play(0, FloorConfigured((play.queue,), (play.agent("ann"), play.agent("bob", "english"))))
    play.ready(0, "ann")
    play(0, AgentSignedIn(AgentId("bob"), DeviceId("d-bob")))
    assert play.queued(1, "c1", skills=("english",)) == []
    assert play.queued(2, "c2") == ["offer o1 c2 to ann"]
    play.ready(3, "bob")
    assert play.state("bob") == "offered"


def test_the_preferred_agent_goes_first_if_free() -> None:
    """The customer's owner is asked when available, whoever is less busy."""
    play = Play(agents="ann bob")
    play.ready(0, "ann", "bob")
    assert play.queued(1, "c1", preferred=AgentId("bob")) == ["offer o1 c1 to bob"]
    why = play.last[-1].why
    assert [(c.agent, c.preferred, c.missed) for c in why.candidates] == [("bob", True, 0), ("ann", False, 0)]
    assert play(16) == ["rescind o1 timed_out", "offer o2 c1 to ann"]
    why = play.last[-1].why
    assert [(c.agent, c.preferred, c.missed) for c in why.candidates] == [("ann", False, 0), ("bob", True, 1)]


def test_no_answer_goes_to_the_next_agent_and_then_marks_the_agent() -> None:
    """A missed offer goes round; after the limit of misses in a row the agent is ``missed``."""
    play = Play(agents="ann bob", ring_s=15)
    play.ready(0, "ann", "bob")
    assert play.queued(0, "c1") == ["offer o1 c1 to ann"]
    assert play(15) == ["rescind o1 timed_out", "offer o2 c1 to bob"]
    assert play.state("ann") == "available"
    assert play(30) == ["rescind o2 timed_out", "offer o3 c1 to ann"]
    assert play(45) == ["rescind o3 timed_out", "offer o4 c1 to bob"]
    assert play.state("ann") == "missed"
    play(50, agent_fact(AgentReady, "ann"))
    assert play(60) == ["rescind o4 timed_out", "offer o5 c1 to ann"]


def test_an_agent_who_said_no_is_not_asked_again_for_this_call() -> None:
    """Rejected on the device or declined in the page: never again for this call, but for others."""
    play = Play(agents="ann bob")
    play.ready(0, "ann", "bob")
    play.queued(0, "c1")
    assert play(2, OfferRefused(OfferId("o1"), AgentId("ann"), "rejected")) == ["offer o2 c1 to bob"]
    play(3, FloorConfigured((play.queue,), tuple(play.agent(name) for name in ("ann", "bob", "cy"))))
    play(3, AgentSignedIn(AgentId("cy"), DeviceId("d-cy")))
    assert play(4, OfferDeclined(AgentId("bob"), OfferId("o2"))) == ["rescind o2 declined"]
    assert (play.state("ann"), play.state("bob")) == ("available", "available")
    assert play.queued(5, "c2") == ["offer o3 c2 to ann"]
    play.ready(6, "cy")
    assert play.last[-1].call == "c1"


def test_a_call_everybody_said_no_to_goes_back_to_the_flow() -> None:
    """Nobody is left to wait for: not those who said no, nor those signed out."""
    play = Play(agents="ann bob cy", wrap_up_s=0)
    play.ready(0, "ann", "bob")
    play.queued(0, "other")
    play.accept(0, "o1", "ann")
    play.queued(1, "c1")
    assert play(2, OfferDeclined(AgentId("bob"), OfferId("o2"))) == ["rescind o2 declined"]
    assert play.end(3, "o1", "ann") == ["offer o3 c1 to ann"]
    assert play(4, OfferDeclined(AgentId("ann"), OfferId("o3"))) == [
        "rescind o3 declined",
        "return c1 no_agents",
    ]
    keeps = Play(join_empty=(), leave_empty=())
    keeps.ready(0, "ann")
    keeps.queued(0, "c1")
    assert keeps(1, OfferDeclined(AgentId("ann"), OfferId("o1"))) == ["rescind o1 declined"]


def test_a_call_nobody_signed_in_has_the_skills_for_goes_back_to_the_flow() -> None:
    """At the door, and when the last one who has them leaves; the others wait on."""
    play = Play()
    play(0, FloorConfigured((play.queue,), (play.agent("ann"), play.agent("bob", "english"))))
    play(0, AgentSignedIn(AgentId("ann"), DeviceId("d-ann")))
    assert play.queued(1, "c1", skills=("english",)) == ["return c1 no_agents"]
    play(2, AgentSignedIn(AgentId("bob"), DeviceId("d-bob")))
    assert play.queued(3, "c2", skills=("english",)) == []
    assert play.queued(4, "c3") == []
    assert play(5, agent_fact(AgentSignedOut, "bob")) == ["return c2 no_agents"]


def test_a_call_that_rang_with_an_agent_who_was_taken_out_of_the_queue() -> None:
    """Not picked up, it has nobody to wait for and goes back to its flow."""
    play = Play()
    play.ready(0, "ann")
    assert play.queued(0, "c1") == ["offer o1 c1 to ann"]
    assert play(5, FloorConfigured((play.queue,), (play.agent("ann", queues=""),))) == []
    assert play(15) == ["rescind o1 timed_out", "return c1 no_agents"]


def test_a_device_that_cannot_be_rung_is_neither_miss_nor_no() -> None:
    """The agent waits, paused, for their device; the call goes on and may come back to them."""
    play = Play()
    play.ready(0, "ann")
    play.queued(0, "c1")
    assert play(2, OfferRefused(OfferId("o1"), AgentId("ann"), "unreachable")) == []
    assert (play.state(), play.floor.state.agents["ann"].reason) == ("paused", "unreachable")
    assert play(3, DeviceReachable(DeviceId("d-ann"), True)) == ["offer o2 c1 to ann"]


def test_a_device_that_goes_away_while_offered() -> None:
    """The offer is taken back and the next agent asked; the agent is available again when it returns."""
    play = Play(agents="ann bob")
    play.ready(0, "ann", "bob")
    play.queued(0, "c1")
    assert play(1, DeviceReachable(DeviceId("d-ann"), False)) == [
        "rescind o1 agent_gone",
        "offer o2 c1 to bob",
    ]
    assert play.state() == "paused"
    play(2, DeviceReachable(DeviceId("d-ann"), True))
    assert play.state() == "available"


def test_a_device_that_goes_away_on_a_contact_keeps_it() -> None:
    """Calls brings the conversation back; the floor only remembers that no offer can follow."""
    play = Play(wrap_up_s=0)
    play.ready(0, "ann")
    play.queued(0, "c1")
    play.accept(1, "o1")
    play(2, DeviceReachable(DeviceId("d-ann"), False))
    assert play.state() == "on_contact"
    play.end(30, "o1")
    assert (play.state(), play.floor.state.agents["ann"].reason) == ("paused", "unreachable")


@pytest.mark.parametrize("phase", ["waiting", "offered", "on_contact"])
def test_a_caller_who_leaves_frees_everything(phase: str) -> None:
    """Whatever the phase: no offer, no call, no agent stays behind."""
    play = Play(wrap_up_s=0)
    if phase == "waiting":
        play(0, AgentSignedIn(AgentId("ann"), DeviceId("d-ann")))
    else:
        play.ready(0, "ann")
    play.queued(1, "c1")
    if phase == "on_contact":
        play.accept(2, "o1")
    decided = play(3, CallerGone(CallId("c1")))
    assert decided == (["rescind o1 caller_gone"] if phase == "offered" else [])
    assert not play.floor.state.calls and not play.floor.state.offers
    assert play.state() == ("paused" if phase == "waiting" else "available")


def test_pause_and_sign_out_asked_on_a_contact_wait_for_its_end() -> None:
    """They take effect after wrap-up; ready takes the request back."""
    play = Play(agents="ann bob", wrap_up_s=10)
    play.ready(0, "ann")
    play.queued(0, "c1")
    play.accept(0, "o1")
    play(1, agent_fact(AgentPaused, "ann", "lunch"))
    assert play.floor.state.agents["ann"].next_state == "paused"
    play(2, agent_fact(AgentReady, "ann"))
    play(3, agent_fact(AgentSignedOut, "ann"))
    assert play.state() == "on_contact"
    play.end(5, "o1")
    play(6, agent_fact(WrapUpEnded, "ann"))
    assert play.state() == "signed_out"


def test_no_agents_full_too_long_and_unknown_go_back_to_the_flow() -> None:
    """Each way a queue cannot serve has its name."""
    play = Play(max_wait_s=60, max_length=1)
    assert play.queued(0, "c1") == ["return c1 no_agents"]
    assert play.queued(0, "c2", "nowhere") == ["return c2 unknown_queue"]
    play(0, AgentSignedIn(AgentId("ann"), DeviceId("d-ann")))
    assert play.queued(1, "c3") == []
    assert play.queued(2, "c4") == ["return c4 full"]
    assert play(61) == ["return c3 timeout"]
    assert play.queued(62, "c5") == []
    assert play(63, agent_fact(AgentSignedOut, "ann")) == ["return c5 no_agents"]


def test_a_queue_may_wait_for_agents() -> None:
    """Without ``leave_empty`` conditions it keeps the callers."""
    play = Play(join_empty=(), leave_empty=())
    assert play.queued(0, "c1") == []
    play.ready(5, "ann")
    assert play.state() == "offered"


def test_a_new_configuration_drops_nobody() -> None:
    """Renamed queue, removed agent: calls and contacts go on; calls of a removed queue return."""
    play = Play(agents="ann bob", wrap_up_s=0)
    play.ready(0, "ann")
    play(0, AgentSignedIn(AgentId("bob"), DeviceId("d-bob")))
    play.queued(0, "c1")
    play.accept(1, "o1")
    play.queued(2, "c2")
    renamed = QueueConfig(QueueId("q"), "New name", wrap_up_s=0)
    assert play(3, FloorConfigured((renamed,), (play.agent("bob"),))) == []
    assert play.counters().waiting == 1
    assert play.state("ann") == "on_contact"
    play.end(4, "o1")
    assert "ann" not in play.floor.state.agents
    assert play(5, FloorConfigured((), (play.agent("bob"),))) == ["return c2 unknown_queue"]


def test_signing_in_elsewhere_moves_the_session() -> None:
    """The old device's offer is taken back; the agent follows to the new device."""
    play = Play()
    play.ready(0, "ann")
    play.queued(1, "c1")
    play(1, DeviceReachable(DeviceId("d-new"), True))
    assert play(2, AgentSignedIn(AgentId("ann"), DeviceId("d-new"))) == [
        "rescind o1 agent_gone",
        "offer o2 c1 to ann",
    ]
    assert play.last[-1].device == "d-new"


def test_counters_are_of_the_queues_own_day() -> None:
    """Answered, abandoned, in target, waits: and all begin again at midnight of the queue's time zone."""
    play = Play(wrap_up_s=0, target_s=20)
    play.ready(0, "ann")
    play.queued(0, "c1")
    play.accept(8, "o1")
    play.queued(10, "c2")
    play.queued(11, "c3")
    play(31, CallerGone(CallId("c2")))
    play.end(40, "o1")
    play.accept(41, "o2")
    q = play.counters()
    assert (q.offered, q.answered, q.abandoned) == (3, 2, 1)
    assert (q.answered_in_target, q.abandoned_in_target, q.wait_us) == (1, 0, 38_000_000)
    midnight = 16 * 3600
    assert play.floor.wake_at() == after(T0, midnight)
    play(midnight)
    assert (play.counters().offered, play.counters().wait_us) == (0, 0)
    assert play.floor.wake_at() == after(T0, midnight + 24 * 3600)


@pytest.mark.parametrize(
    "fact",
    [
        AgentSignedIn(AgentId("nobody"), DeviceId("d")),
        AgentReady(AgentId("ann")),
        AgentPaused(AgentId("bob"), "x"),
        AgentPaused(AgentId("ann"), "unreachable"),
        WrapUpEnded(AgentId("ann")),
        OfferAccepted(OfferId("o9"), AgentId("ann")),
        OfferAccepted(OfferId("o1"), AgentId("bob")),
        ContactEnded(OfferId("o1"), AgentId("ann")),
        OfferDeclined(AgentId("bob"), OfferId("o1")),
        CallerGone(CallId("c9")),
        CallQueued(CallId("c1"), QueueId("q"), T0),
        FloorConfigured((QueueConfig(QueueId("q"), "Q", timezone="Moon/Base"),), ()),
        FloorConfigured((QueueConfig(QueueId("q"), "Q", ring_s=0),), ()),
        FloorConfigured((), (), missed_limit=0),
        "not a fact",
    ],
)
def test_what_means_nothing_is_ignored_and_changes_nothing(fact: Any) -> None:
    """One ``Ignored`` that says why, and the same hash."""
    play = Play(agents="ann bob")
    play.ready(0, "ann")
    play.queued(1, "c1")
    before = codec.state_hash(play.floor.state)
    assert play(5, fact) == [f"ignored {type(fact).__name__}"]
    assert codec.state_hash(play.floor.state) == before


def test_time_does_not_run_backwards() -> None:
    """A fact with an earlier time is not taken, and nothing changes; a wake has nothing to do."""
    play = Play()
    play.ready(10, "ann")
    before = codec.dumps(play.floor.state)
    assert play.queued(5, "c1") == ["ignored CallQueued"]
    assert play.last[0].why.startswith("time runs backwards")
    assert play(5) == []
    assert codec.dumps(play.floor.state) == before
    assert play.queued(10, "c1") == ["offer o1 c1 to ann"]
