"""A simulated floor moves in virtual time and keeps what a journal would hold."""

import time

from callfloor.people import Habits
from callfloor.simulation import VirtualFloor, simulate
from domain.calls import CallFinished
from domain.codec import dumps
from domain.desk import WrapUpEnded
from domain.floor import Offer
from domain.ids import AgentId
from tests.calls.floor import NUMBER, START, Scene, configuration, look_up, make_engine

AGENTS = ("li", "wu")


def day(seed: int, hours: float = 0.5) -> VirtualFloor:
    floor = VirtualFloor(make_engine(), START, look_up)
    for fact in configuration(AGENTS):
        floor.tell(fact)
    habits = Habits(calls_per_hour=60)
    simulate(floor, seed=seed, hours=hours, agents=AGENTS, numbers=("+86138",), dialled=NUMBER, habits=habits)
    return floor


def test_an_hour_takes_seconds() -> None:
    """Virtual time does not wait."""
    began = time.monotonic()
    scene = Scene(answers_after_s=1)
    caller = scene.queued()
    scene.run(3600)
    assert time.monotonic() - began < 10
    assert scene.phase(caller) == "talking"
    assert scene.floor.clock.now > START + 3_600_000_000


def test_a_seed_is_a_day() -> None:
    """The same seed gives the same steps to the byte; another seed another day."""
    first, again, other = (dumps([list(step) for step in day(seed).steps]) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_no_callers_come_after_the_hours_and_the_rest_finishes() -> None:
    """The day ends with an empty floor, and nobody arrived after closing."""
    floor = day(3)
    records = [m.record for m in floor.made(CallFinished)]
    assert records
    assert not floor.engine.calls
    assert max(r.started for r in records) <= START + 1_800_000_000


def test_steps_are_what_was_told_in_order_and_replay_to_the_same_state() -> None:
    """Every fact and wake with its time and answer."""
    floor = day(4)
    times = [at for at, _, _ in floor.steps]
    assert times == sorted(times)
    engine = make_engine()
    for at, fact, made in floor.steps:
        assert dumps(engine.wake(at) if fact is None else engine.handle(fact, at)) == dumps(made)
    assert engine.hash() == floor.engine.hash()


def test_timers_of_the_engine_ring_on_the_virtual_clock() -> None:
    """An offer runs out after its 15 s, not before."""
    scene = Scene(("li",))
    scene.queued()
    scene.run(14.8)
    assert scene.state("li") == "offered"
    scene.run(0.2)
    assert len(scene.floor.made(Offer)) == 2


def test_a_fact_told_by_a_listener_is_taken_in_turn() -> None:
    """An agent who reacts to what they see does so after it was carried out."""
    scene = Scene(("li",), answers_after_s=1)
    seen: list[str] = []

    def react(intent: object, at: object) -> None:
        if isinstance(intent, CallFinished):
            seen.append(scene.state("li"))
            scene.floor.clock.call_later(0, scene.floor.tell, WrapUpEnded(AgentId("li")))

    scene.floor.listeners.append(react)
    caller = scene.queued()
    scene.run(2)
    caller.hang_up()
    scene.run(0.1)
    assert seen == ["wrap_up"]
    assert scene.state("li") == "available"
