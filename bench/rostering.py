"""How good are rosters after so many seconds, and how soon is there a first one?

Instances of Curtois and Qu (``schedulingbenchmarks.org``), read from files or folders; the best objectives
known for some of them stand below. With ``--agents`` a call center of so many agents over 28 days, made
from a seed. Every roster is judged by ``scheduling.judge``, which shares no code with the solver; one that is
not legal, or does not cost what the solver says, ends the bench.

    python -m bench.rostering [--seconds 60] [--workers 8] [--agents 200] [--json] [FILE or FOLDER …]
"""

import argparse
import json
import os
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scheduling.formats import curtois
from scheduling.generate import call_center
from scheduling.judge import judge
from scheduling.problem import Problem
from scheduling.solver import Progress, solve
from scheduling.verdict import Verdict

HERE = Path(__file__).parent
DEFAULT = HERE.parent.parent / "shared" / "data" / "curtois"
BEST_KNOWN = {1: 607, 2: 828, 3: 1001, 5: 1143, 6: 1950, 8: 1300, 10: 4631, 12: 4040}


def main() -> int:
    arguments = _arguments()
    instances = sorted(_instances(arguments.places), key=lambda path: (_number(path) or 0, path.name))
    if not instances and not arguments.agents:
        print("no instance found; name files or a folder of them", file=sys.stderr)
        return 1
    rows = []
    for path in instances:
        problem = curtois.read(path.read_text(encoding="utf-8"), path.name)
        rows.append(_row(path.stem, problem, arguments, BEST_KNOWN.get(_number(path) or 0)))
    for agents in arguments.agents:
        rows.append(_row(f"{agents} agents", call_center(agents), arguments, None))
    if arguments.json:
        print(json.dumps({"seconds": arguments.seconds, "workers": arguments.workers, "instances": rows}))
    return 0


def _row(name: str, problem: Problem, arguments: argparse.Namespace, known: int | None) -> dict[str, Any]:
    """Solve one, judge it, and print its line."""
    told: list[Progress] = []
    cpu = time.process_time()
    solution = solve(
        problem,
        seconds=arguments.seconds,
        seed=arguments.seed,
        workers=arguments.workers,
        progress=told.append,
    )
    if solution.roster is None:
        raise SystemExit(f"{name}: {solution.status}")
    verdict = judge(problem, solution.roster)
    if not verdict.legal or verdict.cost != solution.objective:
        raise SystemExit(
            f"{name}: the judge says {verdict.cost}, legal {verdict.legal}; not {solution.objective}"
        )
    row = {
        "name": name,
        "objective": verdict.cost,
        "best_known": known,
        "above_percent": None if known is None else round(100 * (verdict.cost / known - 1), 2),
        "bound": solution.bound,
        "gap_percent": _gap(solution.objective, solution.bound),
        **_understaffed(problem, verdict),
        "status": solution.status,
        "first_s": round(next(one.seconds for one in told if one.roster is not None), 1),
        "seconds": round(solution.seconds, 1),
        "cpu_s": round(time.process_time() - cpu, 1),
        "load_average": round(os.getloadavg()[0], 1),
    }
    if not arguments.json:
        if "under_hours" in row:
            against = f"under {row['under_hours']} h, {row['under_cost']}"
        elif known is None:
            against = ""
        else:
            against = f"best known {known}  {row['above_percent']:+.2f} %"
        print(
            f"{name:14} {row['objective']:>7}  {against:28}  bound {row['bound']!s:>7}  "
            f"gap {row['gap_percent']!s:>5} %  {row['status']:8}  "
            f"first {row['first_s']} s  {row['seconds']} s  cpu {row['cpu_s']} s",
            flush=True,
        )
    return row


def _gap(objective: int | None, bound: int | None) -> float | None:
    """How far a roster is above the bound, in per cent of the roster."""
    if objective is None or bound is None:
        return None
    return round(100 * (objective - bound) / max(1, objective), 1)


def _understaffed(problem: Problem, verdict: Verdict) -> dict[str, Any]:
    """Person-hours missing of what demands ask for by the interval, and what they cost, as the judge says."""
    if not problem.demands:
        return {}
    missing = [one for one in verdict.findings if one.rule == "demand" and one.amount < 0]
    intervals = -sum(one.amount for one in missing)
    return {
        "under_hours": round(intervals * problem.interval_minutes / 60, 1),
        "under_cost": sum(one.cost for one in missing),
    }


def _instances(places: list[Path]) -> Iterator[Path]:
    for place in places:
        if place.is_dir():
            yield from place.glob("*.txt")
        elif place.exists():
            yield place
        else:
            print(f"{place} is not there", file=sys.stderr)


def _number(path: Path) -> int | None:
    found = re.search(r"(\d+)$", path.stem)
    return int(found.group(1)) if found else None


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("places", nargs="*", type=Path, metavar="FILE or FOLDER")
    parser.add_argument("--seconds", type=float, default=60.0, help="for each instance (default: 60)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=8, help="of CP-SAT (default: 8)")
    parser.add_argument(
        "--agents", type=int, action="append", default=[], help="a call center made from a seed"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    if not arguments.places and not arguments.agents:
        arguments.places = [DEFAULT]
    return arguments


if __name__ == "__main__":
    sys.exit(main())
