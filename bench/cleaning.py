"""Does cleaning find what went wrong, is what it finds true, and do forecasts come out as from good data?

Queues of a made-up bank, with holidays, campaigns and noise of every kind, are broken by spikes, outages and
level shifts whose truth is known. A finding is true if it shares half of the longer of both with something
that was put in, of whatever kind. Forecasts of the next four weeks by each of our models are compared with
those of the same model from the history before it was broken: the sum of absolute differences by interval,
and what each is off from what then came.

    python -m bench.cleaning [--seeds 10] [--days 500] [--models svd,gaussian] [--json]

The model ``gaussian`` takes seconds a forecast and is left out unless it is named.
"""

import argparse
import json
import logging
import time
from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from forecasting.calendar import DayCalendar
from forecasting.cleaning import apply, clean
from forecasting.cleaning.applying import touched
from forecasting.cleaning.findings import EXPLAINED, Finding
from forecasting.days import grid_of, starts_of
from forecasting.history import Floats, History
from forecasting.models.base import ForecastError, Model, wanted
from forecasting.models.own import OWN, model_named
from forecasting.sample import Sample, campaigns, generate
from forecasting.sample_faults import Injected, inject

FIRST = date(2023, 3, 1)
AHEAD = 28
KINDS = ("good", "broken", "cleaned")
FAULTS = {"spikes": 8, "outages": 6, "shifts": 2}


def same(finding: Finding, truth: Injected) -> bool:
    """Whether half of the longer of both is shared."""
    shared = min(finding.end, truth.end) - max(finding.start, truth.start)
    return shared >= 0.5 * max(finding.end - finding.start, truth.end - truth.start)


def until(history: History, end: int) -> History:
    """What came before ``end``."""
    here = history.starts < end
    measures = {name: values[here] for name, values in history.measures.items()}
    return replace(history, starts=history.starts[here], calls=history.calls[here], measures=measures)


def inside(history: History, spans: list[tuple[int, int]]) -> Any:
    """(n,) the intervals within spans."""
    found = np.zeros(len(history), dtype=bool)
    for start, end in spans:
        found |= (history.starts >= start) & (history.starts < end)
    return found


def share(off: Floats, of: Floats) -> float:
    """The sum of absolute differences in percent."""
    return 100 * float(np.nansum(np.abs(off - of))) / float(np.nansum(of))


def run(seeds: int, days: int, models: list[Model]) -> dict[str, Any]:
    """All figures."""
    hits: defaultdict[str, list[bool]] = defaultdict(list)
    true: list[bool] = []
    quiet: list[int] = []
    found_at = real_at = both_at = 0
    seconds: list[float] = []
    apart: defaultdict[str, defaultdict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        calendar = DayCalendar("CN", events=campaigns(FIRST, days + AHEAD, rng))
        for whole in generate(Sample(FIRST, days + AHEAD, calendar=calendar), rng).values():
            grid = grid_of(whole)
            ahead = grid.days[-AHEAD:]
            good = until(whole, int(starts_of(ahead[:1], np.array([0]), whole.zone)[0, 0]))
            quiet.append(len([one for one in clean(good, calendar) if one.kind not in EXPLAINED]))
            broken, truth = inject(good, rng, **FAULTS)
            began = time.perf_counter()
            findings = clean(broken, calendar)
            seconds.append(time.perf_counter() - began)
            strange = [one for one in findings if one.kind not in EXPLAINED]
            true += [any(same(one, other) for other in truth) for one in strange]
            for other in truth:
                hits[other.kind].append(any(same(one, other) for one in strange))
            told = touched(broken, findings)
            real = inside(broken, [(one.start, one.end) for one in truth])
            found_at, real_at = found_at + int(told.sum()), real_at + int(real.sum())
            both_at += int((told & real).sum())
            kinds = dict(zip(KINDS, (good, broken, apply(broken, findings)), strict=True))
            for model in models:
                try:
                    made = {
                        kind: wanted(grid_of(history), ahead, calendar).answer(model)
                        for kind, history in kinds.items()
                    }
                except ForecastError:
                    continue
                for kind, forecast in made.items():
                    apart[model.name][f"{kind}_wape"].append(share(forecast, grid.values[-AHEAD:]))
                    apart[model.name][f"{kind}_apart"].append(share(forecast, made["good"]))
    everything = [hit for kind in hits.values() for hit in kind]
    return {
        "histories": len(seconds),
        "days": days,
        "seconds_per_history": float(np.median(seconds)),
        "precision": float(np.mean(true)),
        "recall": float(np.mean(everything)),
        "recall_of": {kind: float(np.mean(found)) for kind, found in hits.items()},
        "precision_by_interval": both_at / found_at,
        "recall_by_interval": both_at / real_at,
        "found_in_good_history": float(np.mean(quiet)),
        "forecasts": {
            name: {
                "broken_apart": float(np.mean(figures["broken_apart"])),
                "cleaned_apart": float(np.mean(figures["cleaned_apart"])),
                "cleaned_apart_worst": float(np.max(figures["cleaned_apart"])),
                "good_wape": float(np.mean(figures["good_wape"])),
                "broken_wape": float(np.mean(figures["broken_wape"])),
                "cleaned_wape": float(np.mean(figures["cleaned_wape"])),
            }
            for name, figures in apart.items()
        },
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--days", type=int, default=500)
    parser.add_argument("--json", action="store_true")
    fast = ",".join(model.name for model in OWN if model.name != "gaussian")
    parser.add_argument("--models", default=fast)
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)  # years that are not published yet
    found = run(arguments.seeds, arguments.days, [model_named(name) for name in arguments.models.split(",")])
    if arguments.json:
        print(json.dumps(found, indent=2))
        return
    print(
        f"{found['histories']} histories of {found['days']} days, {found['seconds_per_history']:.2f} s each"
    )
    print(f"precision {found['precision']:.3f}, recall {found['recall']:.3f}", end=" ")
    print("(" + ", ".join(f"{kind} {share:.3f}" for kind, share in found["recall_of"].items()) + ")")
    print(
        f"of intervals changed: precision {found['precision_by_interval']:.3f}, "
        f"recall {found['recall_by_interval']:.3f}"
    )
    print(f"found in a good history: {found['found_in_good_history']:.2f}")
    print(f"{'':14} apart from the good forecast, %    WAPE, %")
    print("model".ljust(14) + "".join(f"{what:>11}" for what in ("broken", "cleaned", "worst", *KINDS)))
    for name, line in found["forecasts"].items():
        print(f"{name:14}" + "".join(f"{value:11.2f}" for value in line.values()))


if __name__ == "__main__":
    main()
