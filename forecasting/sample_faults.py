"""Things that go wrong in a history, put into one that is good, with the truth about them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.random import Generator

from forecasting.days import local, starts_of
from forecasting.history import History

DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Injected:
    """Something put into a history that was not so: from ``start`` up to ``end``, UTC seconds.

    ``factor`` is what the calls were multiplied by.
    """

    kind: Literal["spike", "outage", "level_shift"]
    start: int
    end: int
    factor: float


def inject(
    history: History, rng: Generator, *, spikes: int = 0, outages: int = 0, shifts: int = 0
) -> tuple[History, tuple[Injected, ...]]:
    """``history`` with so many things gone wrong, and the truth about them, in order of time.

    Spikes of one to four intervals bring two and a half to five times the calls; outages of one and a half to
    eight hours leave at most a tenth; shifts of two to five weeks move the level by 30 to 60 % up or down.
    They lie in intervals with calls enough to tell, and apart from one another. Raises ValueError if there is
    no room for them.
    """
    calls = history.calls.copy()
    measures = {name: values.copy() for name, values in history.measures.items()}
    done: list[Injected] = []
    for wanted in _wishes(history, rng, spikes, outages, shifts):
        for one in wanted:
            if all(one.end + DAY_S < other.start or other.end + DAY_S < one.start for other in done):
                done.append(one)
                break
        else:
            raise ValueError("there is no room for all that is to go wrong")
    for one in done:
        here = (history.starts >= one.start) & (history.starts < one.end)
        calls[here] = (
            rng.poisson(calls[here] * one.factor) if one.factor < 1 else np.round(calls[here] * one.factor)
        )
        for name in ("abandoned", "answered", "ivr"):
            if name in measures:
                measures[name][here] = np.round(measures[name][here] * one.factor)
    broken = replace(history, calls=calls, measures=measures)
    return broken, tuple(sorted(done, key=lambda one: one.start))


def _wishes(
    history: History, rng: Generator, spikes: int, outages: int, shifts: int
) -> Iterator[Iterator[Injected]]:
    """For each thing that is to go wrong, the longest first, endless places where it may."""
    step, n = history.interval_s, len(history)
    enough = float(np.quantile(history.calls, 0.5))

    def shift() -> Iterator[Injected]:
        for _ in range(1000):
            weeks = int(rng.integers(2, 6))
            factor = 1 + float(rng.uniform(0.3, 0.6)) * (1 if rng.random() < 0.5 else -1)
            first = int(rng.integers(0, n))
            start = _midnight(int(history.starts[first]), history.zone)
            end = start + weeks * 7 * DAY_S
            if start >= history.starts[0] + 28 * DAY_S and end <= history.starts[-1] - 28 * DAY_S:
                yield Injected("level_shift", start, end, factor)

    def run(
        kind: Literal["spike", "outage"], least: int, most: int, low: float, high: float
    ) -> Iterator[Injected]:
        for _ in range(1000):
            length = int(rng.integers(least, most + 1))
            first = int(rng.integers(0, n - length))
            here = history.calls[first : first + length]
            whole = history.starts[first + length - 1] - history.starts[first] == (length - 1) * step
            if whole and here.min() >= max(enough, 20.0):
                start = int(history.starts[first])
                yield Injected(kind, start, start + length * step, float(rng.uniform(low, high)))

    def lasting(seconds: float) -> int:
        return max(1, round(seconds / step))

    for _ in range(shifts):
        yield shift()
    for _ in range(outages):
        yield run("outage", max(2, lasting(5400)), max(3, lasting(8 * 3600)), 0.0, 0.1)
    for _ in range(spikes):
        yield run("spike", 1, 4, 2.5, 5.0)


def _midnight(at: int, zone: str) -> int:
    days, _ = local(np.array([at]), zone)
    return int(starts_of(days, np.array([0]), zone)[0, 0])
