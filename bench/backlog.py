"""How true is the service level of an interval that inherits a queue?

Days through the real router (Poisson calls, exponential talk and patience) beside the queue followed from
interval to interval (``forecasting.staffing.backlog``) and the steady state of each interval by itself
(Erlang A, Erlang C). Errors are in points of service level, the largest of all intervals and its mean;
``noise`` is half the 95 % interval of the simulated figure, largest of all intervals.

    python -m bench.backlog [--days 300] [--json]
"""

import argparse
import json
from dataclasses import dataclass

import numpy as np

from callfloor.staffing_floor import RouterFloor
from forecasting.erlang import Targets, measures
from forecasting.staffing.backlog import follow
from forecasting.staffing.skills import Group, Problem, Queue

INTERVAL_S, AHT_S, WITHIN_S = 1800, 180.0, 20.0


@dataclass(frozen=True)
class Scene:
    """A morning: calls and agents by half hours, and the callers' patience."""

    name: str
    calls: tuple[int, ...]
    agents: tuple[int, ...]
    patience_s: float | None


RUSH, FLAT = (60, 110, 150, 120, 90, 60), (8, 11, 12, 12, 12, 10)
LARGE, MANY = (600, 1000, 1250, 1000, 800, 500), (66, 104, 116, 112, 90, 58)
LEAVING, FEWER = (150, 150, 150, 100, 100, 100), (18, 18, 18, 9, 11, 12)
SCENES = (
    Scene("rush on 12 agents, patience 120 s", RUSH, FLAT, 120.0),
    Scene("rush on 12 agents, patience 600 s", RUSH, FLAT, 600.0),
    Scene("rush on 12 agents, endless patience", RUSH, FLAT, None),
    Scene("rush on 116 agents, patience 180 s", LARGE, MANY, 180.0),
    Scene("rush on 116 agents, endless patience", LARGE, MANY, None),
    Scene("half of 18 agents leave, patience 180 s", LEAVING, FEWER, 180.0),
    Scene("half of 18 agents leave, endless patience", LEAVING, FEWER, None),
)


def figures(scene: Scene, days: int) -> dict[str, float | str]:
    """The errors of both ways."""
    calls, agents = np.array(scene.calls, dtype=float), np.array(scene.agents)
    days = max(10, round(days * min(1.0, 700 / calls.sum())))  # a large day is worth several small ones
    targets = Targets(service_level=0.8, within_s=WITHIN_S)
    queue = Queue("q", calls, np.full(len(calls), AHT_S), targets, scene.patience_s)
    problem = Problem((queue,), (Group("g", ("q",)),), INTERVAL_S)
    played = RouterFloor().play(problem, agents[None, :], range(1, days + 1))
    in_time = np.stack([day.answered_in_target[0] for day in played])
    all_ = np.stack([day.answered[0] + day.abandoned[0] for day in played])
    true = in_time.sum(0) / all_.sum(0)
    spread = (in_time - true * all_).std(0, ddof=1) / np.sqrt(days) / all_.mean(0)
    followed = follow(calls, INTERVAL_S, AHT_S, agents, scene.patience_s, within_s=WITHIN_S)
    alone = measures(agents, calls * AHT_S / INTERVAL_S, AHT_S, scene.patience_s, within_s=WITHIN_S)
    wrong = 100 * np.abs(followed.service_level - true)
    wrong_alone = 100 * np.abs(alone.service_level - true)
    return {
        "scene": scene.name,
        "followed_worst": round(float(wrong.max()), 2),
        "followed_mean": round(float(wrong.mean()), 2),
        "steady_worst": round(float(wrong_alone.max()), 2),
        "steady_mean": round(float(wrong_alone.mean()), 2),
        "noise": round(float(196 * spread.max()), 2),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--days", type=int, default=300)
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
