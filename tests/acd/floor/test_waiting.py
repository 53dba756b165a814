"""Waiting: who may join and stay, priority at work, announcements, a queue closed in an emergency."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calls import CallerGone, PriorityChanged
from domain.config import Announcements, Condition, Operation, QueueConfig, Step
from domain.desk import AgentPaused, AgentReady, AgentSignedIn, CallPrioritised, QueueClosed, QueueOpened
from domain.ids import AgentId, CallId, DeviceId, QueueId
from tests.acd.floor.play import Play, agent_fact


def busy(**rules: Any) -> Play:
    """ann is on a call."""
    play = Play(wrap_up_s=0, **rules)
    play.ready(0, "ann")
    play.queued(0, "busy")
    play.accept(0, "o1")
    return play


# ------------------------------------------------------------------ empty queues


@pytest.mark.parametrize(
    ("absent", "joins"),
    [((), True), (("signed_out",), True), (("signed_out", "paused"), False), (("missed",), True)],
)
def test_joining_by_the_condition_of_agents(absent: tuple[str, ...], joins: bool) -> None:
    """The only agent is paused: absent or not as the queue says."""
    play = Play(join_empty=absent, leave_empty=())
    play(0, AgentSignedIn(AgentId("ann"), DeviceId("d-ann")))
    assert (play.queued(1, "c1") == []) == joins


def test_unreachable_is_a_condition_of_its_own() -> None:
    """Ready, but the telephone is not there."""
    play = Play(join_empty=("unreachable",), leave_empty=())
    play(0, AgentSignedIn(AgentId("ann"), DeviceId("d-ann")))
    assert play.queued(1, "c1") == []
    play(2, agent_fact(AgentReady, "ann"))
    assert play.queued(3, "c2") == ["return c2 no_agents"]


def test_leaving_when_the_last_one_pauses() -> None:
    """Callers who wait already go back to their flow, in their order."""
    play = Play(agents="ann bob", leave_empty=("signed_out", "paused"), wrap_up_s=0)
    play.ready(0, "ann", "bob")
    for n, name in enumerate(("ann", "bob")):
        play.queued(0, f"b{n}")
        play.accept(0, f"o{n + 1}", name)
    play.queued(1, "c1")
    play.queued(2, "c2")
    play(3, AgentPaused(AgentId("ann"), "lunch"))
    play(3, AgentPaused(AgentId("bob"), "lunch"))
    assert play.end(4, "o1", "ann") == []
    assert play.end(5, "o2", "bob") == ["return c1 no_agents", "return c2 no_agents"]


# ------------------------------------------------------------------ priority


def test_a_changed_base_takes_effect_at_once() -> None:
    """By the records, or by a supervisor."""
    play = busy(age_rate=0)
    play.queued(1, "c1", base_priority=10)
    play.queued(2, "c2")
    play.queued(3, "c3")
    play(4, PriorityChanged(CallId("c2"), 50, "gold"))
    play(4, CallPrioritised(CallId("c3"), 20, "sup"))
    assert play.counters().calls == ("c2", "c3", "c1")
    assert play.call("c2").tier == "gold"
    assert play(5, PriorityChanged(CallId("busy"), 50)) == ["ignored PriorityChanged"]
    assert play(5, PriorityChanged(CallId("c1"), float("nan"))) == ["ignored PriorityChanged"]


def test_the_queue_has_a_base_of_its_own() -> None:
    """Base of queue and of tier add up; the cap is the queue's."""
    play = busy(base_priority=30, age_cap=60, age_rate=0)
    play.queued(1, "c1", base_priority=20)
    assert play.floor.standing("c1").priority == 50
    play.queued(2, "c2", base_priority=500)
    assert play.floor.standing("c2").priority == 60


def test_a_place_won_earlier_is_kept() -> None:
    """``since`` of callbacks, transfers, overflow and resumed calls."""
    play = busy(age_rate=0)
    play.queued(10, "c1")
    play.queued(20, "c2", since=5)
    assert play.counters().calls == ("c2", "c1")


@given(
    st.lists(st.tuples(st.floats(0, 1e4), st.floats(0, 200)), min_size=1, max_size=30),
    st.floats(0.01, 10),
    st.floats(200, 1000),
)
def test_with_ageing_everybody_comes_before_any_newcomer(
    calls: list[tuple[float, float]], rate: float, cap: float
) -> None:
    """No starvation: once a call has waited for (cap - base) / rate seconds, no call that comes later, of
    whatever tier, is served before it."""
    play = busy(age_rate=rate, age_cap=cap)
    old = 0.0
    for n, (base, _) in enumerate(calls):
        play.queued(1, f"c{n}", base_priority=min(base, cap))
        old = max(old, cap / rate)
    for n in range(3):
        play.queued(2 + old, f"new{n}", base_priority=1e6)
    order = play.counters().calls
    assert set(order[: len(calls)]) == {f"c{n}" for n in range(len(calls))}


def test_between_queues_of_equal_weight_nobody_starves() -> None:
    """A caller of a quiet queue is ahead of any newcomer of a busy one, once both are at their caps."""
    other = QueueConfig(QueueId("p"), "P", age_rate=1, age_cap=100)
    agents = (Play.agent("ann", queues="q p"),)
    play = Play(agents=agents, more=(other,), age_rate=1, age_cap=100, wrap_up_s=0)
    play.ready(0, "ann")
    play.queued(0, "busy")
    play.accept(0, "o1")
    play.queued(1, "old", "p")
    for n in range(20):
        play.queued(110 + n, f"new{n}", base_priority=100)
    assert play.end(200, "o1") == ["offer o2 old to ann"]


# ------------------------------------------------------------------ told while waiting


def test_position_and_wait_are_told() -> None:
    """First after so long, then every so often."""
    play = busy(announce=Announcements(first_s=5, every_s=20, wait=True))
    play.queued(0, "c1")
    play.queued(1, "c2")
    assert play.until(30) == [
        "5: announce c1 1",
        "6: announce c2 2",
        "25: announce c1 1",
        "26: announce c2 2",
    ]


def test_only_a_better_position_is_told() -> None:
    """Nobody is told again that nothing changed."""
    play = busy(announce=Announcements(first_s=5, every_s=10, only_improved=True))
    play.queued(0, "c1")
    play.queued(0, "c2")
    assert play.until(20) == ["5: announce c1 1", "5: announce c2 2"]
    play(21, CallerGone(CallId("c1")))
    assert play.until(60) == ["25: announce c2 1"]


def test_announcements_changed_while_callers_wait() -> None:
    """The new rules hold from now on."""
    play = busy()
    play.queued(0, "c1")
    play(10, play.rows(announce=Announcements(first_s=5)))
    assert play.until(100) == ["15: announce c1 1"]


# ------------------------------------------------------------------ closed


def test_a_closed_queue_sends_everybody_back_and_lets_nobody_in() -> None:
    """Who talks goes on; who rings goes on, and is sent back if nobody picks up."""
    play = busy()
    play.queued(1, "c1")
    play.queued(2, "c2")
    close = QueueClosed(QueueId("q"), "Fire alarm", "sup")
    assert play(3, close) == ["return c1 closed", "return c2 closed"]
    assert [r.message for r in play.last if hasattr(r, "message")] == ["Fire alarm"] * 2
    assert play.counters().closed == "Fire alarm"
    assert play.queued(4, "c3") == ["return c3 closed"]
    assert play(5, QueueOpened(QueueId("q"), "sup")) == []
    assert play(6, QueueOpened(QueueId("q"), "sup")) == ["ignored QueueOpened"]
    assert play.queued(7, "c4") == []
    assert play.end(8, "o1") == ["offer o2 c4 to ann"]
    play(9, close)
    assert play(23) == ["rescind o2 timed_out", "return c4 closed"]
    assert play(24, QueueClosed(QueueId("nowhere"), "x", "sup")) == ["ignored QueueClosed"]


def test_a_skill_nobody_has_is_named() -> None:
    """A call that asks for what no agent of the configuration can do goes back at once, whatever the queue
    says of empty queues, unless the recipe will ask for less."""
    agents = (Play.agent("ann", "english/2"),)
    play = Play(agents=agents, join_empty=(), leave_empty=())
    assert play.queued(1, "c1", skills=("englsih",)) == ["return c1 unknown_skill"]
    assert play.queued(2, "c2", skills=("english/5",)) == []
    drop = Step((Condition("wait", ">=", 5.0),), (Operation("drop", "klingon"),))
    play(3, play.rows(recipe=(drop,)))
    assert play.queued(4, "c3", skills=("klingon",)) == []
