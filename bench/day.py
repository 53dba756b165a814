"""How long does a simulated day of a large floor take through the real router?

100,000 calls in 20 queues and 12 hours, their rate with the hour of the day, tiers and skills; 800 agents in
1 to 5 queues each, in shifts. Every call goes through the machine that routes live calls: enqueued, offered,
accepted, talked, wrapped up, or abandoned. Seconds are wall-clock seconds of the whole day on one core.

    python -m bench.day [--calls 100000] [--agents 800] [--queues 20] [--runs 3] [--json] [--profile]
"""

import argparse
import cProfile
import gc
import json
import pstats
import random
import statistics
from time import perf_counter
from typing import Any

from acd.day import Caller, Day, Done, Shift
from domain.config import AgentConfig, FloorConfigured, QueueConfig
from domain.ids import AgentId, DeviceId, QueueId
from domain.instant import Instant, after

START = Instant(1_790_121_600_000_000)
"""08:00 in Shanghai."""
HOURS = 12
SHAPE = (3, 5, 8, 9, 8, 6, 6, 8, 9, 8, 6, 4)
"""Calls by hour, relative."""
TIERS = (("", 0.0), ("", 0.0), ("silver", 20.0), ("gold", 50.0))
SKILLS = ("english", "cantonese", "loans")


def draw(
    calls: int, agents: int, queues: int, seed: int = 1
) -> tuple[FloorConfigured, list[Caller], list[Shift]]:
    """The floor, its callers and its roster."""
    chance = random.Random(seed)
    names = [QueueId(f"q{n}") for n in range(queues)]
    rules = tuple(QueueConfig(q, q, wrap_up_open=True, wrap_up_cap_s=120) for q in names)
    people = tuple(
        AgentConfig(
            AgentId(f"a{n}"),
            f"a{n}",
            DeviceId(f"d{n}"),
            tuple(chance.sample(names, chance.randint(1, min(5, queues)))),
            tuple(chance.sample(SKILLS, chance.randint(1, 3))),
        )
        for n in range(agents)
    )
    callers = []
    for hour in chance.choices(range(HOURS), SHAPE, k=calls):
        tier, base = chance.choice(TIERS)
        callers.append(
            Caller(
                after(START, (hour + chance.random()) * 3600),
                chance.choice(names),
                talk_s=chance.lognormvariate(4.8, 0.7),
                patience_s=chance.expovariate(1 / 180),
                wrap_up_s=chance.expovariate(1 / 30),
                base_priority=base,
                skills=(chance.choice(SKILLS),) if chance.random() < 0.2 else (),
                tier=tier,
            )
        )
    starts = [0.0, 0.0, 1.0, 3.0, 4.0]
    shifts = []
    for person in people:
        start = after(START, chance.choice(starts) * 3600)
        shifts.append(Shift(person.id, start, after(start, 8 * 3600)))
    return FloorConfigured(rules, people), callers, shifts


def figures(done: Done, seconds: float) -> dict[str, Any]:
    """What the day was like, and how long it took."""
    outcomes = [stay.outcome for stay in done.stays]
    waits = [stay.wait_us / 1e6 for stay in done.stays if stay.outcome == "answered"]
    return {
        "seconds": round(seconds, 2),
        "calls": len(outcomes),
        "facts": done.facts,
        "facts_per_s": round(done.facts / seconds),
        **{name: outcomes.count(name) for name in ("answered", "abandoned", "returned", "")},
        "asa_s": round(statistics.fmean(waits), 2),
        "in_20_s": round(sum(w <= 20 for w in waits) / len(outcomes), 4),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--calls", type=int, default=100_000)
    parser.add_argument("--agents", type=int, default=800)
    parser.add_argument("--queues", type=int, default=20)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--profile", action="store_true", help="show where the time of a day goes")
    arguments = parser.parse_args()
    config, callers, shifts = draw(arguments.calls, arguments.agents, arguments.queues)
    if arguments.profile:
        with cProfile.Profile() as profile:
            Day(config, callers, shifts).run()
        pstats.Stats(profile).sort_stats("tottime").print_stats(35)
        return
    runs = []
    gc.freeze()  # callers and roster are no garbage, however often it is looked for
    for _ in range(arguments.runs):
        began = perf_counter()
        done = Day(config, callers, shifts).run()
        runs.append(figures(done, perf_counter() - began))
    result = sorted(runs, key=lambda run: run["seconds"])[len(runs) // 2]
    result["seconds_runs"] = [run["seconds"] for run in runs]
    if arguments.json:
        print(json.dumps(result))
        return
    print(", ".join(f"{key or 'left over'} {value}" for key, value in result.items()))


if __name__ == "__main__":
    main()
