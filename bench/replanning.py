"""How soon is a day planned anew when people fall ill or more calls come, and how much of it changes?

A call center of so many agents over 28 days, made from a seed, with a roster found in so many seconds. Then,
each several times, on other days: people who work that day are ill, or a fifth more people are asked for in
every interval. The time is that of ``scheduling.solver.replan`` alone, without reading and judging; the judge
says that every roster is legal and costs what it should, or the bench ends.

    python -m bench.replanning [--agents 200] [--seconds 60] [--runs 5] [--json]
"""

import argparse
import json
import os
import statistics
import time
from random import Random
from typing import Any

from scheduling.generate import call_center
from scheduling.judge import judge
from scheduling.problem import Problem
from scheduling.revising import Asked, Ill, as_known, distance, times
from scheduling.roster import Roster
from scheduling.solver import solve
from scheduling.solver.replan import replan


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--agents", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60, help="for the roster there is before")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    problem = call_center(arguments.agents)
    roster = solve(problem, seconds=arguments.seconds).roster
    if roster is None:
        raise SystemExit(f"no roster of {arguments.agents} agents in {arguments.seconds:.0f} s")
    chance = Random(1)
    days = chance.sample(range(problem.days), arguments.runs)
    cases = []
    for name, ill, peak in (("5 ill", 5, 1.0), ("10 ill", 10, 1.0), ("a fifth more", 0, 1.2)):
        runs = [_run(problem, roster, day, ill, peak, chance) for day in days]
        case = {"case": name} | {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        case["most_seconds"] = max(run["seconds"] for run in runs)
        case["most_changed_percent"] = max(run["changed_percent"] for run in runs)
        cases.append(case)
        if not arguments.json:
            print(
                f"{name:14} {case['seconds']:5.1f} s (at most {case['most_seconds']:.1f}), "
                f"{case['cpu_s']:.1f} s CPU, "
                f"{case['changed_percent']:.1f} % of {case['shifts']:.0f} shifts changed "
                f"(at most {case['most_changed_percent']:.1f}), "
                f"costs {case['before']:.0f} -> {case['after']:.0f}"
            )
    if arguments.json:
        told = {"agents": arguments.agents, "runs": arguments.runs, "load_average": os.getloadavg()[0]}
        print(json.dumps(told | {"cases": cases}))
    return 0


def _run(problem: Problem, roster: Roster, day: int, ill: int, peak: float, chance: Random) -> dict[str, Any]:
    """One day anew: the time, and how much changed of the shifts there were."""
    there = [one.person for one in roster.assignments if one.day == day]
    gone = [Ill(person, day) for person in chance.sample(there, ill)]
    asked: list[Asked] = []
    if peak != 1.0:
        asked = [times(problem, one.name, peak, day) for one in problem.demands]
    known, without = as_known(problem, roster, gone, asked)
    begun, cpu = time.perf_counter(), time.process_time()
    answer = replan(known, without, day)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    before, after = judge(known, without), judge(known, answer.roster)
    if not after.legal or after.cost != before.cost + answer.cost:
        raise SystemExit(
            f"day {day}: the judge says {after.cost}, legal {after.legal}; {answer.cost} was told"
        )
    apart = distance(without, answer.roster, range(problem.days))
    return {
        "seconds": round(seconds, 2),
        "cpu_s": round(cpu, 2),
        "changed_percent": round(100 * (apart.moved + apart.inside) / len(there), 2),
        "shifts": len(there),
        "before": before.cost,
        "after": after.cost,
    }


if __name__ == "__main__":
    raise SystemExit(main())
