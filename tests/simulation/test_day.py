"""Whole simulated hours through the real flow, the real floor and the call machine."""

import os
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest

from acd.floor import Floor
from callfloor.people import Habits
from callfloor.simulation import VirtualFloor, simulate
from calls.engine import Engine
from domain.calls import CallFinished, Ignored
from domain.codec import dumps, loads
from domain.config import (
    AgentConfig,
    Announcements,
    CallbackRules,
    Condition,
    EntryNumber,
    FloorConfigured,
    FrontDoorConfigured,
    Operation,
    QueueConfig,
    Step,
)
from domain.crm import CallerIdentified
from domain.floor import Announce, CallbackKept
from domain.flow import LookUpCustomer
from domain.ids import AgentId, CustomerId, DeviceId, QueueId, TierId
from domain.instant import Instant
from ivr.book import FlowBook

START = Instant(1_790_125_200_000_000)
QUEUES = tuple(QueueId(q) for q in ("personal", "complaints", "business"))
AGENTS = tuple(f"a{n}" for n in range(6))
RULES: dict[str, Any] = {
    "ring_s": 10,
    "wrap_up_s": 20,
    "announce": Announcements(15, 30, wait=True),
    "recipe": (Step((Condition("wait", ">=", 20.0),), (Operation("offer_callback"),)),),
    "callback": CallbackRules(expires_s=1800, quiet=("00:00", "00:00"), attempts=2, retry_s=300),
}
NUMBERS = tuple(f"+86138000000{n:02}" for n in range(40))


def look_up(question: LookUpCustomer) -> CallerIdentified:
    """Every second caller is known; tiers differ."""
    number = int(question.number[-2:])
    if number % 2:
        return CallerIdentified(question.call, "none")
    return CallerIdentified(
        question.call,
        "one",
        CustomerId(f"k{number}"),
        f"客户{number}",
        TierId(f"t{number % 5}"),
        priority=10.0 * (number % 5),
        language="zh-CN",
    )


def make_engine() -> Engine:
    return Engine(Floor(), FlowBook())


def make_floor() -> VirtualFloor:
    floor = VirtualFloor(make_engine(), START, look_up)
    agents = tuple(AgentConfig(AgentId(a), a, DeviceId(f"desk-{a}"), QUEUES) for a in AGENTS)
    floor.tell(FloorConfigured(tuple(QueueConfig(q, q, **RULES) for q in QUEUES), agents))
    floor.tell(FrontDoorConfigured((EntryNumber("95588", "bank"),), default_flow="bank"))
    return floor


def run(seed: int, hours: float = 1.0) -> VirtualFloor:
    floor = make_floor()
    simulate(
        floor,
        seed=seed,
        hours=hours,
        agents=AGENTS,
        numbers=NUMBERS,
        dialled="95588",
        habits=Habits(calls_per_hour=120, miss_share=0.1, patience_s=60, talk_s=90),
    )
    return floor


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_hour_leaves_nothing_behind(seed: int) -> None:
    """Every call ends once, and every callback; no leg, no session and no busy agent is left."""
    floor = run(seed)
    records = [m.record for m in floor.made(CallFinished)]
    assert len(records) == len({r.call for r in records})
    finished, callbacks = ([r for r in records if r.direction == way] for way in ("in", "out"))
    rang = floor.switch._next - 1
    assert len(finished) == rang > 60
    assert {r.call for r in callbacks} == {m.callback for m in floor.made(CallbackKept)}
    assert not floor.engine.calls
    assert not floor.engine.sessions
    assert not floor.switch.legs
    states = Counter(a.state for a in floor.engine.floor.state.agents.values())
    assert set(states) <= {"available", "missed"}
    outcomes = Counter(r.outcome for r in finished)
    assert outcomes["answered"] + outcomes["callback"] > rang / 2
    assert set(outcomes) <= {"answered", "abandoned", "voicemail", "self_served", "closed", "callback"}
    assert outcomes["callback"] == len(callbacks)
    assert {r.outcome for r in callbacks} <= {"answered", "not_reached"}
    for record in finished:
        assert record.started <= record.answered <= record.ended
        assert record.talk_us + record.hold_us + record.wait_us <= record.ended - record.started
        if record.outcome == "answered":
            assert record.agent
            assert record.visits[-1].outcome == "answered"


def test_callers_are_told_of_their_place_and_some_are_called_back() -> None:
    """A day uses what its queues offer: announcements, kept places, customers reached and not reached."""
    records = [m.record for seed in (1, 2, 3, 7) for m in run(seed).made(CallFinished)]
    outcomes = Counter((r.direction, r.outcome) for r in records)
    assert outcomes["in", "callback"] >= 4
    assert outcomes["out", "answered"] >= 2
    assert outcomes["out", "not_reached"] >= 1
    assert run(1).made(Announce)


def test_nothing_is_ignored_but_what_crosses_on_the_wire() -> None:
    """The parts understand one another: what they ignore are facts that crossed an ending."""
    floor = run(4)
    reasons = Counter(m.fact for m in floor.made(Ignored))
    # A leg we ended ourselves, a wrap-up that ran out as the note was saved.
    assert set(reasons) <= {"LegEnded", "WrapUpEnded"}, reasons


def test_an_hour_replays_to_the_same_hash_from_any_snapshot() -> None:
    """Every fact and wake again, from the start or from a snapshot on the way: same answers, same state."""
    floor = run(5, hours=0.5)
    steps = floor.steps
    engine = make_engine()
    snapshots: dict[int, str] = {}
    for n, (now, fact, made) in enumerate(steps):
        if n % 307 == 0:
            snapshots[n] = dumps(engine.state)
        assert dumps(engine.wake(now) if fact is None else engine.handle(fact, now)) == dumps(made)
    assert engine.hash() == floor.engine.hash()
    assert len(snapshots) > 2
    for n, text in snapshots.items():
        state = loads(text)
        again = Engine.restore(state, Floor.restore(state.floor), FlowBook())
        for now, fact, _ in steps[n:]:
            again.wake(now) if fact is None else again.handle(fact, now)
        assert again.hash() == floor.engine.hash()


def test_the_hash_is_the_same_in_another_process() -> None:
    """Another PYTHONHASHSEED changes nothing."""
    code = "from tests.simulation.test_day import run; print(run(6, 0.25).engine.hash())"
    hashes = set()
    for seed in ("1", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.getcwd()}
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
        )
        hashes.add(done.stdout.strip())
    assert hashes == {run(6, 0.25).engine.hash()}
