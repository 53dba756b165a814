"""Recipes at work: what is looked at when, and what it does to a waiting call."""

from typing import Any

import pytest

from acd.floor.recipe import next_look
from domain.calls import CallerGone, Ignored
from domain.config import Condition, Operation, QueueConfig, Step
from domain.desk import AgentPaused, AgentSignedOut
from domain.ids import AgentId, CallId, QueueId
from domain.instant import after
from tests.acd.floor.play import T0, Play


def when(figure: Any, op: Any, value: Any) -> Condition:
    return Condition(figure, op, value)


def step(*parts: Condition | Operation, repeat: bool = False, every: float = 15.0) -> Step:
    conditions = tuple(p for p in parts if isinstance(p, Condition))
    return Step(conditions, tuple(p for p in parts if isinstance(p, Operation)), repeat, every)


def do(act: Any, name: str = "", amount: float = 0.0) -> Operation:
    return Operation(act, name, amount)


def busy(play: Play, *names: str) -> None:
    """These agents are on calls."""
    play.ready(0, *names)
    for n, name in enumerate(names):
        line = play.queued(0, f"busy{n}")[-1]
        assert line.endswith(f"to {name}")
        play.accept(0, line.split()[1], name)


def test_skills_are_relaxed_then_dropped_as_the_caller_waits() -> None:
    """english/3 for 20 s, english/1 until 40 s, then anybody."""
    recipe = (
        step(when("wait", ">=", 20.0), do("relax", "english", 1)),
        step(when("wait", ">=", 40.0), do("drop", "english")),
    )
    agents = (
        Play.agent("ann", "english/2"),
        Play.agent("bob"),
        Play.agent("eve", "english/5"),
    )
    play = Play(agents=agents, recipe=recipe)
    busy(play, "eve")
    play.ready(0, "ann", "bob")
    assert play.queued(1, "c1", skills=("english/3",)) == []
    assert play.until(30) == ["21: offer o2 c1 to ann"]
    assert play.until(36) == ["36: rescind o2 timed_out", "36: offer o3 c1 to ann"]
    # While it rings nothing is looked at; it is, as soon as the call waits again.
    assert play.until(51) == ["51: rescind o3 timed_out", "51: offer o4 c1 to bob"]


def test_bullseye_rings_widen_by_level() -> None:
    """Level 1 is asked first, level 2 from 10 s on, the night group from 20 s on."""
    recipe = (
        step(when("wait", ">=", 10.0), do("widen_level", amount=2)),
        step(when("wait", ">=", 20.0), do("widen_group", "night")),
    )
    agents = (
        Play.agent("one"),
        Play.agent("two", level=2),
        Play.agent("zed", queues=""),
    )
    play = Play(agents=agents, groups={"night": "zed"}, recipe=recipe)
    busy(play, "one")
    play.ready(1, "zed")
    assert play.queued(2, "c1") == []
    play.ready(3, "two")
    assert play.until(12) == ["12: offer o2 c1 to two"]
    assert [c.agent for c in play.offers()[0].why.candidates] == ["two", "one"]
    assert play.queued(13, "c2") == []
    assert play.until(33) == ["27: rescind o2 timed_out", "27: offer o3 c1 to zed", "27: offer o4 c2 to two"]


def test_widening_to_another_branch() -> None:
    """Agents of a branch who are no members are asked once the recipe says so."""
    recipe = (step(when("available", "<", 1.0), do("widen_branch", "hangzhou")),)
    far = Play.agent("far", queues="", branch="hangzhou")
    play = Play(agents=(Play.agent("ann"), far), recipe=recipe)
    busy(play, "ann")
    play.ready(0, "far")
    assert play.queued(1, "c1") == ["offer o2 c1 to far"]
    considered = [(c.agent, c.filtered) for c in play.offers()[0].why.candidates]
    assert considered == [("far", ""), ("ann", "state: on_contact")]


def test_penalty_limits_and_lifts() -> None:
    """A call that asks for penalty 0 only is later for penalty 5 too."""
    recipe = (
        step(do("penalty", amount=0)),
        step(when("wait", ">=", 10.0), do("penalty", amount=5)),
    )
    play = Play(agents=(Play.agent("ann"), Play.agent("pen", penalty=3)), recipe=recipe)
    busy(play, "ann")
    play.ready(0, "pen")
    assert play.queued(0, "c1") == []
    assert play.floor.standing("c1").candidates[-1].filtered == "penalty: 3, now allowed up to 0"
    assert play.until(10) == ["10: offer o2 c1 to pen"]


def test_priority_is_raised_once_or_each_time() -> None:
    """Once, unless it repeats."""
    recipe = (
        step(when("wait", ">=", 10.0), do("raise", amount=50)),
        step(when("wait", ">=", 10.0), do("raise", amount=1), repeat=True, every=5),
    )
    play = Play(recipe=recipe, age_rate=0)
    busy(play, "ann")
    play.queued(0, "c1")
    play.until(21)
    assert play.call("c1").raised == 50 + 3


def test_a_step_is_looked_at_on_entry_at_its_wait_and_every_so_often() -> None:
    """Never on every fact: what happens between two looks is seen at the next."""
    recipe = (step(when("length", ">=", 2.0), do("announce", "busy")),)
    play = Play(recipe=recipe)
    busy(play, "ann")
    play.queued(0, "c1")
    assert play.queued(1, "c2") == ["announce c2 busy"]
    assert play.until(14) == []
    assert play.until(40) == ["15: announce c1 busy"]  # once, each


def test_looks_are_where_the_rules_say() -> None:
    """On entry, at its wait, and from then on every ``every_s``; 0 is never again."""
    play = Play()
    busy(play, "ann")
    play.queued(0, "c1")
    call = play.call("c1")
    late = step(when("wait", ">=", 20.0), do("raise", amount=1), every=15)
    assert [next_look(call, late, after(T0, at)) for at in (0, 19, 20, 34, 35)] == [
        after(T0, at) for at in (20, 20, 35, 35, 50)
    ]
    assert next_look(call, step(do("raise", amount=1), every=0), T0) is None


def test_overflow_to_another_queue_keeps_the_place() -> None:
    """The stay ends in one queue and begins in the other, counted in both; the enqueue time stays."""
    night = QueueConfig(QueueId("n"), "Night")
    recipe = (step(when("wait", ">=", 30.0), do("to_queue", "n")),)
    agents = (Play.agent("ann"), Play.agent("bob", queues="n"))
    play = Play(agents=agents, more=(night,), recipe=recipe)
    busy(play, "ann")
    play.ready(0, "bob")
    play.queued(1, "c1")
    assert play.until(31) == ["31: overflow c1 q to n", "31: offer o2 c1 to bob"]
    assert (play.call("c1").queue, play.call("c1").since) == ("n", after(T0, 1))
    old, new = play.floor.state.queues["q"], play.floor.state.queues["n"]
    assert (old.offered, old.returned, new.offered) == (2, 1, 1)


def test_overflow_waits_for_a_queue_that_takes_callers() -> None:
    """Nobody at work there: the call stays where it is, and is tried again."""
    night = QueueConfig(QueueId("n"), "Night")
    recipe = (step(when("wait", ">=", 30.0), do("to_queue", "n")),)
    play = Play(agents=(Play.agent("ann"), Play.agent("bob", queues="n")), more=(night,), recipe=recipe)
    busy(play, "ann")
    play.queued(0, "c1")
    assert play.until(31) == []
    play.ready(32, "bob")
    assert play.until(45) == ["45: overflow c1 q to n", "45: offer o2 c1 to bob"]


def test_two_queues_that_overflow_into_each_other_do_not_play_ball() -> None:
    """A call does not go back where it came from."""
    back = QueueConfig(QueueId("n"), "Night", recipe=(step(do("to_queue", "q")),))
    recipe = (step(do("to_queue", "n")),)
    play = Play(agents=(Play.agent("ann", queues="q n"),), more=(back,), recipe=recipe)
    play.ready(0, "ann")
    play.queued(0, "c0")
    play.accept(0, "o1")
    assert play.queued(1, "c1") == ["overflow c1 q to n"]
    assert play.until(100) == []
    assert play.call("c1").trail == ["q"]


@pytest.mark.parametrize(
    ("operation", "line"),
    [
        (do("to_voicemail"), "return c1 voicemail"),
        (do("to_flow", "night"), "return c1 flow"),
        (do("hang_up"), "return c1 hang_up"),
        (do("announce", "patience"), "announce c1 patience"),
        (do("offer_callback"), "propose c1"),
    ],
)
def test_what_a_step_may_do(operation: Operation, line: str) -> None:
    """Each operation, once its conditions hold."""
    play = Play(recipe=(step(when("wait", ">=", 5.0), operation),))
    busy(play, "ann")
    play.queued(0, "c1")
    assert play.until(60) == [f"5: {line}"]


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (when("position", "<=", 1.0), True),
        (when("position", ">", 1.0), False),
        (when("length", ">=", 1.0), True),
        (when("eligible", ">=", 2.0), True),
        (when("eligible", ">", 2.0), False),
        (when("available", "<", 1.0), True),
        (when("tier", "in", ("gold", "silver")), True),
        (when("tier", "not in", ("gold",)), False),
        (when("time", "in", ("08:00-09:00",)), True),
        (when("time", "in", ("22:00-08:00",)), False),
        (when("time", "not in", ("22:00-08:00", "12:00-13:00")), True),
        (when("estimate", ">=", 0.0), False),  # nothing is known yet
        (when("service_level", ">=", 100.0), True),
    ],
)
def test_conditions(condition: Condition, holds: bool) -> None:
    """T0 is 08:00 in the queue's time zone; two agents are at work, both busy; the caller is gold."""
    play = Play(agents="ann bob", recipe=(step(condition, do("announce", "yes")),))
    busy(play, "ann", "bob")
    assert (play.queued(0, "c1", tier="gold") == ["announce c1 yes"]) == holds


def test_overflow_by_estimated_wait() -> None:
    """Once the queue knows its pace, a caller whose wait would be too long goes elsewhere at once."""
    recipe = (step(when("estimate", ">", 100.0), do("to_voicemail")),)
    play = Play(recipe=recipe, wrap_up_s=0)
    play.ready(0, "ann")
    play.queued(0, "c0")
    play.accept(0, "o1")
    play.queued(1, "c1")
    play.queued(1, "c2")
    play.end(60, "o1")
    play.accept(60, "o2")
    play.end(120, "o2")
    play.accept(120, "o3")  # one call a minute
    assert play.queued(121, "c3") == []
    assert play.queued(122, "c4") == ["return c4 voicemail"]


def test_a_recipe_changed_while_callers_wait() -> None:
    """What was done stays done, what is new is looked at at once; nobody loses their place."""
    first = step(when("wait", ">=", 5.0), do("raise", amount=50))
    play = Play(recipe=(first,), age_rate=0)
    busy(play, "ann")
    play.queued(0, "c1")
    play.until(6)
    new = step(when("wait", ">=", 1.0), do("announce", "sorry"))
    assert play(10, play.rows(recipe=(new, first))) == []
    assert play.until(10) == ["10: announce c1 sorry"]
    assert play.until(60) == []
    assert (play.call("c1").raised, play.call("c1").since) == (50, T0)


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (step(do("to_queue", "nowhere")), "queue q: recipe step 1: there is no queue 'nowhere'"),
        (step(do("to_queue", "q")), "queue q: recipe step 1: it overflows to its own queue"),
        (step(do("widen_group", "nobody")), "queue q: recipe step 1: there is no group 'nobody'"),
        (step(when("mood", ">", 1.0), do("hang_up")), "queue q: recipe step 1: there is no figure 'mood'"),
        (step(do("dance")), "queue q: recipe step 1: there is no operation 'dance'"),
        (step(when("wait", "in", ("x",)), do("hang_up")), "wait takes <, <=, > or >=, and a number"),
        (step(when("time", "in", ("25:00-26:00",)), do("hang_up")), "'25:00' is no time of day (HH:MM)"),
        (step(when("wait", ">", 1.0)), "it does nothing"),
        (step(do("hang_up"), every=0.5), "every is 0.5 s"),
    ],
)
def test_a_recipe_that_cannot_be_is_refused_with_its_step(bad: Step, why: str) -> None:
    """The floor goes on under the old rules."""
    play = Play()
    before = play.floor.state.queues["q"].config
    play(1, play.rows(recipe=(bad,)))
    (said,) = play.last
    assert isinstance(said, Ignored) and why in said.why
    assert play.floor.state.queues["q"].config == before


def test_members_of_a_group_are_worth_waiting_for_until_they_leave() -> None:
    """The recipe may widen to them later; when the last of them goes, nobody is left to wait for."""
    recipe = (step(when("wait", ">=", 60.0), do("widen_group", "night")),)
    agents = (Play.agent("ann"), Play.agent("zed", queues=""))
    play = Play(agents=agents, groups={"night": "zed"}, recipe=recipe)
    play.ready(0, "zed")
    assert play.queued(1, "c1") == []
    assert play(2, AgentPaused(AgentId("zed"), "lunch")) == []
    assert play(3, AgentSignedOut(AgentId("zed"))) == ["return c1 no_agents"]
    assert play(4, CallerGone(CallId("c1"))) == ["ignored CallerGone"]
