"""How long do the interval requirements of a year of a contact center take, and how exact are the formulas?

6,720 intervals (20 queues, a week of half hours each) of 1 to 400 calls in half an hour and 2 to 7 minutes
each: the least number of agents for 80 % within 20 s, all at once, by Erlang C and by Erlang A (patience 3
minutes). Beside it ``pyworkforce`` (Erlang C) where it is installed. Where
``../shared/data/erlang_cases.json`` is there, every case of it is compared and the largest error printed.

    python -m bench.erlang [--runs 9] [--json]
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from forecasting.erlang import Targets, agents_for, blocking, erlang, lines_for, measures
from forecasting.staffing import scheduled

CASES = Path(__file__).parents[2] / "shared/data/erlang_cases.json"
INTERVALS, PER_S, PATIENCE_S = 6_720, 1800, 180.0
TARGETS = Targets(service_level=0.8, within_s=20)
ALL = Targets(service_level=0.8, within_s=20, abandonment=0.03, asa_s=30, occupancy=0.85)


def seconds(work: Callable[[], Any], runs: int) -> float:
    """The median of some runs, after one that warms up."""
    work()
    took = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def speeds(runs: int) -> dict[str, float]:
    """Seconds for all intervals, by what is asked."""
    draw = np.random.default_rng(1)
    calls, aht_s = draw.uniform(1, 400, INTERVALS), draw.uniform(120, 420, INTERVALS)
    load = calls * aht_s / PER_S
    agents = agents_for(load, aht_s, TARGETS, PATIENCE_S)
    found = {
        "erlang_c_s": seconds(lambda: agents_for(load, aht_s, TARGETS), runs),
        "erlang_a_s": seconds(lambda: agents_for(load, aht_s, TARGETS, PATIENCE_S), runs),
        "erlang_a_four_targets_s": seconds(lambda: agents_for(load, aht_s, ALL, PATIENCE_S), runs),
        "measures_a_s": seconds(lambda: measures(agents, load, aht_s, PATIENCE_S), runs),
    }
    theirs = pyworkforce(calls, aht_s)
    return found if theirs is None else found | theirs


def pyworkforce(calls: np.ndarray, aht_s: np.ndarray) -> dict[str, float] | None:
    """One run of pyworkforce, and in how many intervals it finds another number than Erlang C here."""
    try:
        from pyworkforce.queuing import ErlangC
    except ImportError:
        return None
    began, found = time.perf_counter(), []
    for n, aht in zip(calls.tolist(), aht_s.tolist(), strict=True):
        theirs = ErlangC(transactions=n, aht=aht / 60, asa=20 / 60, interval=PER_S / 60, shrinkage=0.0)
        found.append(theirs.required_positions(service_level=0.8)["raw_positions"])
    took = time.perf_counter() - began
    ours = agents_for(calls * aht_s / PER_S, aht_s, TARGETS)
    return {"pyworkforce_s": took, "pyworkforce_differs": int((np.array(found) != ours).sum())}


def exactness() -> dict[str, Any]:
    """The largest relative error over the published cases, and which it is; empty where the file is not
    there."""
    if not CASES.is_file():
        return {}
    worst, where, compared = 0.0, "", 0
    for number, case in enumerate(json.loads(CASES.read_text(encoding="utf-8"))):
        for name, wanted in exact(case["expected"]).items():
            found = answer(case["model"], case["input"], name)
            error = abs(found / wanted - 1)
            compared += 1
            if error >= worst:
                worst, where = error, f"case {number}, {case['model']}, {name}"
    return {"figures_compared": compared, "largest_error": worst, "at": where}


def exact(expected: dict[str, Any]) -> dict[str, float]:
    """The figures of a case that are given with all their digits."""
    inner = expected.get("exact", {})
    named = {name.removeprefix("exact_"): v for name, v in expected.items() if name.startswith("exact_")}
    if isinstance(inner, dict):
        named |= inner
    else:
        named["blocking"] = inner
    return named or dict(expected)


def answer(model: str, case: dict[str, float], name: str) -> float:
    """What the formulas here say."""
    aht_s = case.get("aht_s", 180.0)
    if "erlangs" in case:
        load = case["erlangs"]
    elif "calls_per_min" in case:
        load = case["calls_per_min"] / 60 * aht_s
    else:
        load = case["calls"] / case["interval_s"] * aht_s
    if model == "B":
        return float(blocking(case["lines"], load))
    if model == "B-req":
        return float(lines_for(load, case["blocking"]))
    within_s = case.get("T_s", 20.0)
    if model == "C-req":
        agents = agents_for(load, aht_s, Targets(service_level=case["target"], within_s=within_s))
        return float(agents if name == "agents" else scheduled(agents, case["shrinkage"]))
    queue = erlang(case["agents"], load, aht_s, case.get("patience_s"))
    figures: dict[str, Callable[[], Any]] = {
        "A": lambda: queue.load,
        "pw": lambda: queue.probability_of_wait,
        "pab": lambda: queue.abandonment,
        "ew": lambda: queue.mean_wait_s,
        "asa": lambda: queue.asa_s,
        "asa_s": lambda: queue.asa_s,
        "occ": lambda: queue.occupancy,
        "lq": lambda: queue.queue_length,
        "sl": lambda: queue.service_level(within_s),
        "sl_answered": lambda: queue.service_level(within_s, "answered_in_target_of_answered"),
        "p90": lambda: queue.wait_percentile_s(0.9),
    }
    return float(figures[name]())


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    found: dict[str, Any] = {"intervals": INTERVALS, **speeds(arguments.runs), **exactness()}
    if arguments.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:<24} {value:.4g}" if isinstance(value, float) else f"{name:<24} {value}")
    if "figures_compared" not in found:
        print(f"published cases are not compared: there is no {CASES}")
    if "pyworkforce_s" not in found:
        print("pyworkforce is not installed")


if __name__ == "__main__":
    main()
