"""What a model may know of a day besides its calls, as arrays: weekday, month, days off around it, drivers.

Days off are recognised twice: by the calendar, if there is one, and by the data themselves, for a day that is
missing although its weekday usually occurs was a day off. So the crowd after a long weekend is seen without
knowing any country's holidays.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from forecasting.calendar import DayTable
from forecasting.history import Floats, Ints

FAR = 99
"""Stands for "none near" where days are counted."""
LONGEST_CLOSURE = 10
"""Days: what is missing longer than this is missing data and says nothing of the days around it."""
USUAL = 0.25
"""A weekday that occurs in less than this share of the weeks is usually a day off."""
YEAR = 365.25


@dataclass(frozen=True, slots=True, eq=False)
class DayFeatures:
    """Of n days, ascending, past and ahead.

    ``at`` (n,) are days since 1970. ``weekday`` (n,) is 0 for Monday; ``weekdays`` (n, 7) says whose calls a
    day has: a make-up day is like Monday to Friday, a holiday like a Sunday if Sundays occur.
    ``off_before`` and ``off_after`` (n,) count the days off in a row just before and after (a Monday has 2
    before it where weekends are off). ``from_start`` and ``to_end`` count the open days of the month before
    and after the day. ``since_gap`` and ``to_gap`` count the open days between the day and the nearest
    unusual day off (0: next to it; ``FAR``: none near). ``of_month`` begins at 0; ``of_year`` is from 0 to 1.
    ``holiday`` and ``make_up`` are flags; ``occasion`` numbers the holidays by their name, -1 for none, and
    ``nth`` the days of each in a row. ``drivers`` (n, k) are regressors, events and drivers, standardised
    over the days known, 0 where unknown.
    """

    at: Ints
    weekday: Ints
    weekdays: Floats
    off_before: Ints
    off_after: Ints
    from_start: Ints
    to_end: Ints
    since_gap: Ints
    to_gap: Ints
    of_month: Ints
    of_year: Floats
    holiday: NDArray[np.bool_]
    make_up: NDArray[np.bool_]
    occasion: Ints
    nth: Ints
    drivers: Floats

    def __len__(self) -> int:
        return len(self.at)

    def since(self, first: int) -> "DayFeatures":
        """Without the first so many days."""
        return DayFeatures(*(getattr(self, field.name)[first:] for field in fields(self)))


def features_of(table: DayTable, past: int) -> DayFeatures:
    """The features of the days of ``table``, ascending, of which the first ``past`` have been."""
    days = table.days.astype("datetime64[D]")
    at = days.astype(np.int64)
    weekday = table.weekday.astype(np.int64)
    kind = table.kind
    holiday, make_up = kind == "holiday", kind == "make_up"
    usual = usual_weekdays(at[:past])
    reach = _Reach(at, usual, off=holiday | (kind == "closed"))
    month = days.astype("datetime64[M]")
    starts = month.astype("datetime64[D]").astype(np.int64)
    ends = (month + 1).astype("datetime64[D]").astype(np.int64)
    years = days.astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    _, occasion = np.unique(table.holiday, return_inverse=True)
    return DayFeatures(
        at=at,
        weekday=weekday,
        weekdays=_weekdays(weekday, holiday, make_up, usual),
        off_before=reach.off_before(at),
        off_after=reach.off_after(at),
        from_start=reach.open_between(starts, at),
        to_end=reach.open_between(at + 1, ends),
        since_gap=reach.since_gap(at),
        to_gap=reach.to_gap(at),
        of_month=at - starts,
        of_year=(at - years) / YEAR,
        holiday=holiday,
        make_up=make_up,
        occasion=np.where(table.holiday == "", -1, occasion.reshape(-1)),
        nth=table.nth.astype(np.int64),
        drivers=_drivers(table.events, table.drivers, past, len(days)),
    )


def usual_weekdays(at: Ints) -> NDArray[np.bool_]:
    """(7,) which weekdays usually occur among the days that have been. With less than a week: all of them."""
    if not len(at) or at[-1] - at[0] < 7:
        return np.ones(7, dtype=bool)
    every = np.bincount((np.arange(at[0], at[-1] + 1) + 3) % 7, minlength=7)
    there = np.bincount((at + 3) % 7, minlength=7)
    return np.asarray(there >= USUAL * every)


def _weekdays(
    weekday: Ints, holiday: NDArray[np.bool_], make_up: NDArray[np.bool_], usual: NDArray[np.bool_]
) -> Floats:
    like = np.eye(7)[weekday]
    like[make_up] = np.array([0.2] * 5 + [0, 0])
    if usual[6]:
        like[holiday] = np.eye(7)[6]
    return like


def _drivers(events: Mapping[str, Floats], drivers: Mapping[str, Floats], past: int, days: int) -> Floats:
    """(n, k) columns of mean 0 and deviation 1 over what has been, events as they are.

    Figures that are never negative (bookings, letters) go in by their logarithm, as calls do.
    """
    columns = [np.nan_to_num(sizes) for _, sizes in sorted(events.items())]
    for _, given in sorted(drivers.items()):
        known = given[:past][~np.isnan(given[:past])]
        figures = np.log1p(given) if len(known) and np.nanmin(given) >= 0 else given
        known = figures[:past][~np.isnan(figures[:past])]
        if len(known) and known.std() > 0:
            columns.append(np.nan_to_num((figures - known.mean()) / known.std()))
    return np.stack(columns, axis=1) if columns else np.zeros((days, 0))


class _Reach:
    """Which days are open, from well before the first to well after the last of ``at``."""

    def __init__(self, at: Ints, usual: NDArray[np.bool_], off: NDArray[np.bool_]) -> None:
        self._first = int(at[0]) - 40
        every = np.arange(self._first, int(at[-1]) + 41)
        there = np.zeros(len(every), dtype=bool)
        there[at - self._first] = True
        normally = usual[(every + 3) % 7]
        inside = (every >= at[0]) & (every <= at[-1])
        is_open = np.where(inside, there, normally)
        gap = inside & ~there & normally
        is_open[at[off] - self._first] = False
        gap[at[off] - self._first] = True
        for begin, end in _runs(inside & ~is_open):
            if end - begin > LONGEST_CLOSURE:
                is_open[begin:end] = normally[begin:end]
                gap[begin:end] = False
        self._open = is_open
        self._before = np.concatenate([[0], np.cumsum(is_open)])
        places = np.arange(len(every))
        self._last_open = np.maximum.accumulate(np.where(is_open, places, -1))
        self._next_open = np.minimum.accumulate(np.where(is_open, places, len(every))[::-1])[::-1]
        self._last_gap = np.maximum.accumulate(np.where(gap, places, -1))
        self._next_gap = np.minimum.accumulate(np.where(gap, places, len(every))[::-1])[::-1]

    def off_before(self, at: Ints) -> Ints:
        here = at - self._first
        return np.asarray(here - 1 - self._last_open[here - 1])

    def off_after(self, at: Ints) -> Ints:
        here = at - self._first
        return np.asarray(self._next_open[here + 1] - here - 1)

    def open_between(self, begin: Ints, end: Ints) -> Ints:
        return np.asarray(self._before[end - self._first] - self._before[begin - self._first])

    def since_gap(self, at: Ints) -> Ints:
        here = at - self._first
        last = self._last_gap[here - 1]
        return np.where(last >= 0, self._before[here] - self._before[last + 1], FAR)

    def to_gap(self, at: Ints) -> Ints:
        here = at - self._first
        following = self._next_gap[here + 1]
        known = np.minimum(following, len(self._open) - 1)
        return np.where(following < len(self._open), self._before[known] - self._before[here + 1], FAR)


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """[begin, end) of each run of true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
