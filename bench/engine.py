"""How many facts a second do the live floor and its journal texts take on one core, and what does a
snapshot cost the event loop?

A busy stretch of calls is simulated once (the sample bank's flow, the real floor); then its facts and wakes
go through fresh engines. ``engine``: the machine alone; ``journaled``: with the texts the journal writes,
which is what a live fact costs before the disk; ``recovered``: read and replayed, as after a crash.
``capture_ms`` is how long a snapshot holds the event loop, ``text_ms`` what a thread writes afterwards.
Seconds are CPU seconds of this process; the figures are medians of several runs.

    python -m bench.engine [--minutes 6] [--calls-per-hour 6000] [--agents 300] [--runs 5] [--json]
"""

import argparse
import cProfile
import gc
import json
import pstats
import statistics
from collections.abc import Callable
from time import process_time
from typing import Any

from acd.floor import Floor
from callfloor.people import Habits
from callfloor.simulation import VirtualFloor, simulate
from calls.engine import Engine
from calls.runner import concerned
from domain.codec import capture, dumps, loads
from domain.config import AgentConfig, EntryNumber, FloorConfigured, FrontDoorConfigured, QueueConfig
from domain.crm import CallerIdentified
from domain.ids import AgentId, DeviceId, QueueId
from domain.instant import Instant
from ivr.book import FlowBook

START = Instant(1_790_125_200_000_000)
QUEUES = tuple(QueueId(q) for q in ("personal", "complaints", "business"))
Step = tuple[Instant, Any, list[Any]]


def make_engine() -> Engine:
    """A fresh floor behind the sample bank's flow."""
    return Engine(Floor(), FlowBook())


def busy_stretch(minutes: float, calls_per_hour: float, agents: int) -> list[Step]:
    """Facts and wakes with their times and answers."""
    names = tuple(f"a{n}" for n in range(agents))
    floor = VirtualFloor(make_engine(), START, lambda question: CallerIdentified(question.call, "none"))
    seats = tuple(AgentConfig(AgentId(a), a, DeviceId(f"desk-{a}"), QUEUES) for a in names)
    floor.tell(FloorConfigured(tuple(QueueConfig(q, q) for q in QUEUES), seats))
    floor.tell(FrontDoorConfigured((EntryNumber("95588", "bank"),), default_flow="bank"))
    simulate(
        floor,
        seed=1,
        hours=minutes / 60,
        agents=names,
        numbers=tuple(f"+8613800000{n:03}" for n in range(200)),
        dialled="95588",
        habits=Habits(calls_per_hour=calls_per_hour, talk_s=180),
    )
    return floor.steps


def feed(engine: Engine, at: Instant, fact: Any) -> list[Any]:
    """One step, as the runner takes it."""
    made = engine.wake(at) if fact is None else engine.handle(fact, at)
    engine.wake_at()
    return made


def engine_alone(steps: list[Step]) -> None:
    """The machine."""
    engine = make_engine()
    for at, fact, _ in steps:
        feed(engine, at, fact)


def journaled(steps: list[Step]) -> None:
    """The machine and what the journal is given."""
    engine = make_engine()
    for at, fact, _ in steps:
        made = feed(engine, at, fact)
        concerned([fact, *made])
        dumps(fact)
        dumps(made)


def recovered(steps: list[tuple[Instant, str]]) -> None:
    """Facts read from their texts."""
    engine = make_engine()
    for at, text in steps:
        feed(engine, at, loads(text))


def fullest(steps: list[Step]) -> Engine:
    """The engine when most calls are up."""
    engine, most, where = make_engine(), 0, 0
    for n, (at, fact, _) in enumerate(steps):
        feed(engine, at, fact)
        if len(engine.calls) > most:
            most, where = len(engine.calls), n
    engine = make_engine()
    for at, fact, _ in steps[: where + 1]:
        feed(engine, at, fact)
    return engine


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of one run."""
    began = process_time()
    work()
    return process_time() - began


def measure(steps: list[Step], runs: int) -> dict[str, Any]:
    """Every figure: rates per second of each run, and medians."""
    texts = [(at, dumps(fact)) for at, fact, _ in steps]
    rates = {
        "engine": [round(len(steps) / seconds(lambda: engine_alone(steps))) for _ in range(runs)],
        "journaled": [round(len(steps) / seconds(lambda: journaled(steps))) for _ in range(runs)],
        "recovered": [round(len(steps) / seconds(lambda: recovered(texts))) for _ in range(runs)],
    }
    engine = fullest(steps)
    gc.freeze()  # the steps kept here are no part of a live floor
    copy = capture(engine.state)
    capture_ms = [seconds(lambda: capture(engine.state)) * 1e3 for _ in range(4 * runs)]
    text_ms = [seconds(lambda: dumps(copy)) * 1e3 for _ in range(4 * runs)]
    return {
        "facts": len(steps),
        "runs": runs,
        **{f"{name}_facts_per_s": round(statistics.median(rate)) for name, rate in rates.items()},
        **{f"{name}_facts_per_s_runs": rate for name, rate in rates.items()},
        "snapshot_calls": len(engine.calls),
        "snapshot_bytes": len(dumps(copy)),
        "snapshot_capture_ms": round(statistics.median(capture_ms), 1),
        "snapshot_capture_ms_worst": round(max(capture_ms), 1),
        "snapshot_text_ms": round(statistics.median(text_ms), 1),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--minutes", type=float, default=6)
    parser.add_argument("--calls-per-hour", type=float, default=6000)
    parser.add_argument("--agents", type=int, default=300)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--profile", action="store_true", help="show where the time of a fact goes")
    arguments = parser.parse_args()
    steps = busy_stretch(arguments.minutes, arguments.calls_per_hour, arguments.agents)
    if arguments.profile:
        with cProfile.Profile() as profile:
            journaled(steps)
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)
        return
    figures = measure(steps, arguments.runs)
    if arguments.json:
        print(json.dumps(figures))
        return
    for name in ("engine", "journaled", "recovered"):
        key = f"{name}_facts_per_s"
        print(f"{name}: {figures[key]} facts a second on one core {figures[f'{key}_runs']}")
    print(
        f"a snapshot of {figures['snapshot_calls']} calls ({figures['snapshot_bytes']} bytes) holds the "
        f"event loop {figures['snapshot_capture_ms']} ms (worst {figures['snapshot_capture_ms_worst']}); "
        f"its text takes a thread {figures['snapshot_text_ms']} ms"
    )


if __name__ == "__main__":
    main()
