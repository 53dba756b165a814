"""The robust seasonal residual test: an interval further from the usual than its weekday's slot ever is.

Rolling median and median absolute deviation per weekday and interval, on the square-root scale (``usual``).
"""

from collections.abc import Iterator, Sequence

import numpy as np

from forecasting.cleaning.findings import Kind, Suspicion
from forecasting.cleaning.runs import certainty, joined
from forecasting.cleaning.usual import Flags, Usual, nan_median
from forecasting.history import Ints

METHOD = "residuals"
FAR = 6.0
"""Robust standard deviations from which an interval is strange."""
FAR_DAY = 5.0
"""The same for the level of a whole day."""
_SPREAD = 1.4826
_LEAST_DAY = 0.15
"""A day's level so near the usual (in logarithms) is never strange, however calm the others are."""
_MOST = 0.5
"""The share of a day that must be left to judge it by."""
_CALLS = 30.0
"""Calls that must be usual on a day to judge it as a whole."""


def find(
    usual: Usual, starts: Ints, interval_s: int, others: Sequence[Suspicion] = ()
) -> Iterator[Suspicion]:
    """Strange intervals, neighbours in one, and days whose level is strange as a whole.

    A day is judged by what is not among the ``others``, found already.
    """
    distance = usual.distance.ravel()
    at = starts.ravel()
    kinds: tuple[tuple[int, Kind], ...] = ((1, "spike"), (-1, "dip"))
    for sign, kind in kinds:
        strange = np.nan_to_num(sign * distance) >= FAR
        for run in joined(strange, gap=1):
            yield _suspicion(usual, at, run, kind, float(np.nanmax(sign * distance[run])), interval_s)
    if not usual.by_day:
        told = np.abs(np.nan_to_num(usual.distance)) >= FAR
        for one in others:
            told |= (starts >= one.start) & (starts < one.end)
        yield from _days(usual, starts, interval_s, ~told)


def _suspicion(usual: Usual, at: Ints, run: slice, kind: Kind, far: float, interval_s: int) -> Suspicion:
    return Suspicion(
        METHOD,
        kind,
        int(at[run.start]),
        int(at[run.stop - 1]) + interval_s,
        certainty(far, FAR),
        float(np.nansum(usual.values.ravel()[run])),
        float(np.nansum(usual.expected.ravel()[run])),
    )


def _days(usual: Usual, starts: Ints, interval_s: int, judged: Flags) -> Iterator[Suspicion]:
    known = judged & np.isfinite(usual.values)
    with np.errstate(divide="ignore", invalid="ignore"):
        as_around = usual.expected * (usual.around / usual.own)[:, None]
        calls = np.where(known, usual.values, 0.0).sum(axis=1)
        meant = np.where(known, as_around, 0.0).sum(axis=1)
        whole = np.where(np.isfinite(as_around), as_around, 0.0).sum(axis=1)
        off = np.log(np.maximum(calls, 0.5) / meant)
    plain = ~usual.explained & np.isfinite(off) & (meant >= np.maximum(_MOST * whole, _CALLS))
    if np.count_nonzero(plain) < 14:
        return
    spread = max(float(_SPREAD * nan_median(np.abs(off[plain]), 0)), 0.01)
    for row in np.flatnonzero(plain & (np.abs(off) >= max(FAR_DAY * spread, _LEAST_DAY))):
        yield Suspicion(
            METHOD,
            "unusual_day",
            int(starts[row, 0]),
            int(starts[row, -1]) + interval_s,
            certainty(abs(float(off[row])) / spread, FAR_DAY),
            float(calls[row]),
            float(meant[row]),
        )
