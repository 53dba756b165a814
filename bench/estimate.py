"""How good is the estimated wait a caller is told?

Simulated days through the real router, their load going over and under what the agents can do; every caller
who had to wait and was answered is compared with what the floor estimated as they came. ``ideal_mae_s`` is
about the error of an oracle that knows the true pace and every place, but not how long single
calls last: 0.8 x pace x sqrt(place).

    python -m bench.estimate [--days 5] [--json]
"""

import argparse
import json
import math
import random
import statistics
from dataclasses import dataclass

from acd.day import Caller, Day, Shift
from domain.config import AgentConfig, FloorConfigured, QueueConfig
from domain.ids import AgentId, DeviceId, QueueId
from domain.instant import Instant, after

START = Instant(1_767_225_600_000_000)
SHAPE = (0.8, 1.0, 1.15, 1.1, 0.9, 0.8)
"""Load of each hour."""


@dataclass(frozen=True)
class Scene:
    """A floor: agents, queues, how many queues an agent is in, mean patience and handling time in seconds."""

    name: str
    agents: int
    queues: int = 1
    each: tuple[int, int] = (1, 1)
    patience_s: float = 300.0
    handling_s: float = 180.0


SCENES = (
    Scene("10 agents, 1 queue", 10),
    Scene("40 agents, 1 queue", 40),
    Scene("200 agents, 1 queue", 200),
    Scene("60 agents, 4 queues, 1-3 each", 60, 4, (1, 3)),
    Scene("10 agents, patient callers", 10, patience_s=1200.0),
)


def callers(scene: Scene, chance: random.Random, names: list[QueueId]) -> list[Caller]:
    """A day of callers, by the hour."""
    found = []
    for hour, shape in enumerate(SHAPE):
        at = hour * 3600.0
        while (at := at + chance.expovariate(shape * scene.agents / scene.handling_s)) < (hour + 1) * 3600:
            talk_s = chance.lognormvariate(math.log(scene.handling_s * 0.85) - 0.245, 0.7)
            wrap_up_s = chance.expovariate(1 / scene.handling_s / 0.15)
            patience_s = chance.expovariate(1 / scene.patience_s)
            found.append(Caller(after(START, at), chance.choice(names), talk_s, patience_s, wrap_up_s))
    return found


def told(scene: Scene, seed: int) -> list[tuple[float, float]]:
    """(estimated, waited) in seconds of all who waited and were answered."""
    chance = random.Random(seed)
    names = [QueueId(f"q{n}") for n in range(scene.queues)]
    rules = tuple(QueueConfig(name, name, wrap_up_open=True) for name in names)
    people = tuple(
        AgentConfig(
            AgentId(f"a{n}"), "", DeviceId(f"d{n}"), tuple(chance.sample(names, chance.randint(*scene.each)))
        )
        for n in range(scene.agents)
    )
    end = after(START, len(SHAPE) * 3600)
    day = Day(
        FloorConfigured(rules, people),
        callers(scene, chance, names),
        [Shift(person.id, after(START, -1), end) for person in people],
        estimates=True,
    )
    done = day.run()
    stays = [(estimate_s, done.stays[n]) for n, estimate_s, _ in done.estimates]
    return [(e, s.wait_us / 1e6) for e, s in stays if s.outcome == "answered" and s.wait_us > 0]


def figures(scene: Scene, days: int) -> dict[str, float | str]:
    """The errors over some seeded days."""
    pairs = [pair for seed in range(days) for pair in told(scene, seed)]
    wait_s = statistics.fmean(waited for _, waited in pairs)
    mae_s = statistics.fmean(abs(estimate - waited) for estimate, waited in pairs)
    pace_s = scene.handling_s / scene.agents * scene.queues / statistics.fmean(scene.each)
    pace_s = max(pace_s, scene.handling_s / scene.agents)
    ideal = [0.8 * pace_s * math.sqrt(max(1.0, waited / pace_s)) for _, waited in pairs]
    near = sum(abs(estimate - waited) <= max(30.0, waited / 2) for estimate, waited in pairs)
    return {
        "scene": scene.name,
        "waited": len(pairs),
        "wait_s": round(wait_s, 1),
        "mae_s": round(mae_s, 1),
        "mae_share": round(mae_s / wait_s, 3),
        "bias_s": round(statistics.fmean(estimate - waited for estimate, waited in pairs), 1),
        "within_30_s_or_half": round(near / len(pairs), 3),
        "ideal_mae_s": round(statistics.fmean(ideal), 1),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--days", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    rows = [figures(scene, arguments.days) for scene in SCENES]
    if arguments.json:
        print(json.dumps({"scenes": rows}))
        return
    for row in rows:
        print(", ".join(f"{key} {value}" for key, value in row.items()))


if __name__ == "__main__":
    main()
