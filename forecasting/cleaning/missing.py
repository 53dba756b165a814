"""Missing intervals: times of a weekday that other weeks have and this one has not, or not known.

A day that is missing as a whole is told and left: nobody knows whether the house was open. What lies behind
the last figure of the history is not missing: that day is not over.
"""

from collections.abc import Iterator

import numpy as np

from forecasting.calendar import DayCalendar
from forecasting.cleaning.findings import Suspicion
from forecasting.cleaning.runs import joined
from forecasting.cleaning.usual import Usual
from forecasting.days import starts_of
from forecasting.history import Floats, Ints
from forecasting.reading.wall import resolve

METHOD = "missing"
MOSTLY = 0.7
"""The share of the nearest days of a weekday that must have a slot for it to be missing on another."""
NEAREST = 8
_DAY_S = 86_400


def find(usual: Usual, starts: Ints, interval_s: int, zone: str) -> Iterator[Suspicion]:
    """Slots without a figure on days that have others; runs of them in one."""
    known = np.isfinite(usual.values)
    last = starts[known].max(initial=starts[0, 0])
    walls = usual.days.astype("datetime64[D]").astype(np.int64)[:, None] * _DAY_S + usual.slots[None, :] * 60
    never = (resolve(walls.ravel(), zone).skipped_s > 0).reshape(walls.shape)
    for one in range(7):
        rows = np.flatnonzero(usual.weekday == one)
        for n, row in enumerate(rows):
            if known[row].all() or not known[row].any() or usual.explained[row]:
                continue
            begin = max(0, min(n - NEAREST // 2, len(rows) - NEAREST - 1))
            others = [r for r in rows[begin : begin + NEAREST + 1] if r != row]
            if len(others) < 3:
                continue
            there: Floats = np.mean(known[np.array(others)], axis=0)
            wanted = np.asarray(there >= MOSTLY)
            for run in joined(wanted & ~known[row] & ~never[row] & (starts[row] < last)):
                yield Suspicion(
                    METHOD,
                    "missing",
                    int(starts[row, run.start]),
                    int(starts[row, run.stop - 1]) + interval_s,
                    float(there[run].mean()),
                    0.0,
                    float(usual.expected[row, run].sum()),
                )


def days(usual: Usual, calendar: DayCalendar, interval_s: int, zone: str) -> Iterator[tuple[Suspicion, str]]:
    """Days without a single row though their weekday is mostly there; the calendar does not say why."""
    every = np.arange(usual.days[0], usual.days[-1] + 1)
    absent = np.setdiff1d(every, usual.days)
    if not len(absent):
        return
    weekday = (every.astype(np.int64) + 3) % 7
    counted = np.bincount(weekday, minlength=7)
    there = np.bincount(usual.weekday, minlength=7)
    often = there / np.maximum(counted, 1)
    table = calendar.table(absent)
    open_ = np.asarray(calendar.is_open(absent, usual.slots, interval_s)).max(axis=1, initial=False)
    for n, day in enumerate(absent):
        share = float(often[table.weekday[n]])
        if share >= MOSTLY and table.kind[n] in ("ordinary", "make_up") and open_[n]:
            at = starts_of(np.array([day]), usual.slots, zone)[0]
            rows = usual.weekday == table.weekday[n]
            expected = float(np.nanmedian(np.nansum(usual.expected[rows], axis=1)))
            suspicion = Suspicion(
                METHOD, "missing", int(at[0]), int(at[-1]) + interval_s, share, 0.0, expected
            )
            yield suspicion, f"the whole of {day} is missing"
