"""Runs of slots in a row, across midnight too."""

from collections.abc import Iterator

import numpy as np

from forecasting.cleaning.usual import Flags, Usual
from forecasting.days import starts_of
from forecasting.history import Floats, Ints


def joined(flags: Flags, gap: int = 0) -> Iterator[slice]:
    """Where flags (n,) are set in a row; up to ``gap`` that are not do not part them."""
    places = np.flatnonzero(flags)
    if not len(places):
        return
    breaks = np.flatnonzero(np.diff(places) > gap + 1)
    begins = np.concatenate([[0], breaks + 1])
    ends = np.concatenate([breaks, [len(places) - 1]])
    for begin, end in zip(begins, ends, strict=True):
        yield slice(int(places[begin]), int(places[end]) + 1)


def best_runs(scores: Floats, least: float) -> Iterator[slice]:
    """The maximal runs of (n,) scores that sum to ``least`` or more (Ruzzo & Tompa 1999); NaN parts them."""
    runs: list[tuple[int, int, float, float]] = []  # begin, end, sum before it, sum after it
    total = 0.0
    for n, score in enumerate(scores.tolist()):
        if score != score:
            yield from (slice(b, e) for b, e, low, high in runs if high - low >= least)
            runs, total = [], 0.0
            continue
        before, total = total, total + score
        if score <= 0:
            continue
        new = (n, n + 1, before, total)
        while True:
            place = next((k for k in range(len(runs) - 1, -1, -1) if runs[k][2] < new[2]), None)
            if place is None or runs[place][3] >= new[3]:
                runs.append(new)
                break
            new = (runs[place][0], new[1], runs[place][2], new[3])
            del runs[place:]
    yield from (slice(b, e) for b, e, low, high in runs if high - low >= least)


def times(usual: Usual, zone: str) -> Ints:
    """(d, s) UTC seconds at which each slot of each day begins."""
    return starts_of(usual.days, usual.slots, zone)


def certainty(strength: float, enough: float) -> float:
    """From 0 to 1: a half at ``enough``, 0.9 at one and a half times as much."""
    return float(1 / (1 + np.exp(-4.4 * (strength / enough - 1))))
