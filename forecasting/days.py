"""A history as a matrix: a row a local day, a column a time of day."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from forecasting.history import Floats, History, Ints

Dates = NDArray[np.datetime64]
DAY_S = 86_400


@dataclass(frozen=True, slots=True, eq=False)
class DayGrid:
    """One measure by day and slot.

    ``days`` (d,) are the local dates (``datetime64[D]``) that occur in the data, ascending; a weekend
    without a row in the file is not there. ``slots`` (s,) are the minutes after local midnight at which the
    slots begin. ``values`` (d, s) are NaN where nothing is known.
    """

    days: Dates
    slots: Ints
    values: Floats
    interval_s: int
    zone: str

    @property
    def totals(self) -> Floats:
        """(d,) the sum of each day; an unknown slot counts as nothing, a day without any known one is NaN."""
        known = ~np.isnan(self.values)
        return np.where(known.any(axis=1), np.nansum(self.values, axis=1), np.nan)


def grid_of(history: History, what: str = "calls") -> DayGrid:
    """The measure ``what`` of a history by day and slot.

    Where the clock is turned back an hour comes twice and has the mean of both; the hour that never comes is
    unknown. Raises KeyError for a measure the history has not.
    """
    values = history.calls if what == "calls" else history.measures[what]
    days, minutes = local(history.starts, history.zone)
    every_day, row = np.unique(days, return_inverse=True)
    every_slot, column = np.unique(minutes, return_inverse=True)
    known = ~np.isnan(values)
    shape = (len(every_day), len(every_slot))
    total, count = np.zeros(shape), np.zeros(shape)
    np.add.at(total, (row[known], column[known]), values[known])
    np.add.at(count, (row[known], column[known]), 1.0)
    with np.errstate(invalid="ignore"):
        mean = total / count
    return DayGrid(every_day, every_slot, mean, history.interval_s, history.zone)


def local(starts: Ints, zone: str) -> tuple[Dates, Ints]:
    """The local date and the minutes after local midnight of UTC seconds, (n,) each."""
    offsets = _offsets(starts, zone)
    shifted = starts + offsets
    return (shifted // 86_400).astype("datetime64[D]"), shifted % 86_400 // 60


def starts_of(days: Dates, slots: Ints, zone: str) -> Ints:
    """(d, s) UTC seconds of each slot of each local day.

    A time that comes twice is the first one; a time that never comes is moved on by what the clock skips.
    """
    where = ZoneInfo(zone)
    wall = days.astype("datetime64[D]").astype(np.int64)[:, None] * 86_400 + slots[None, :] * 60
    found = np.empty(wall.shape, dtype=np.int64)
    for n, row in enumerate(wall):
        ends = [_utc(int(row[0]), where), _utc(int(row[-1]), where)] if len(row) else []
        if ends and ends[0] - int(row[0]) == ends[1] - int(row[-1]):
            found[n] = row + (ends[0] - int(row[0]))  # no change of the clock within: the same shift for all
        else:
            found[n] = [_utc(int(one), where) for one in row]
    return found


def comes(days: Dates, slots: Ints, zone: str) -> NDArray[np.bool_]:
    """(d, s) whether each slot of each local day comes: not where the clock is turned forward over it."""
    starts = starts_of(days, slots, zone)
    back, minutes = local(starts.ravel(), zone)
    wanted = np.repeat(days.astype("datetime64[D]"), len(slots)), np.tile(slots, len(days))
    return np.asarray((back == wanted[0]) & (minutes == wanted[1])).reshape(starts.shape)


def times_of(days: Dates, slots: Ints, zone: str, wanted: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """The ``wanted`` (d, s) slots as often as they come, in order of time: (n,) flat indices and UTC seconds.

    A slot that the clock skips is left out; one that comes twice is there twice.
    """
    days = days.astype("datetime64[D]")
    starts = starts_of(days, slots, zone)
    once = np.flatnonzero(wanted & comes(days, slots, zone))
    midnight = np.zeros(1, dtype=np.int64)
    length = (starts_of(days + 1, midnight, zone) - starts_of(days, midnight, zone))[:, 0]
    longer = np.maximum(length - DAY_S, 0)
    twice = once[longer[once // len(slots)] > 0]
    again = starts.ravel()[twice] + longer[twice // len(slots)]
    back, minutes = local(again, zone)
    same = (back == days[twice // len(slots)]) & (minutes == slots[twice % len(slots)])
    index = np.concatenate([once, twice[same]])
    at = np.concatenate([starts.ravel()[once], again[same]])
    order = np.argsort(at, kind="stable")
    return index[order], at[order]


def _utc(wall: int, where: ZoneInfo) -> int:
    naive = datetime.fromtimestamp(wall, UTC).replace(tzinfo=where)
    return int(naive.timestamp())


def _offsets(starts: Ints, zone: str) -> Ints:
    """Seconds that the clock of ``zone`` is ahead of UTC.

    A clock that shows the same shift every six hours of a day is taken not to be turned within it; of other
    days each quarter of an hour that occurs is asked for.
    """
    where = ZoneInfo(zone)
    days, of_day = np.unique(starts // DAY_S, return_inverse=True)
    steps = np.unique(days[:, None] * 4 + np.arange(5)[None, :])
    shifts = _shifts(steps * (DAY_S // 4), where)
    looks = shifts[np.searchsorted(steps, days[:, None] * 4 + np.arange(5)[None, :])]
    ahead = looks[:, 0][of_day] if len(days) else np.zeros(0, dtype=np.int64)
    turned = (looks != looks[:, :1]).any(axis=1)[of_day] if len(days) else np.zeros(0, dtype=bool)
    if turned.any():
        quarters, back = np.unique(starts[turned] // 900, return_inverse=True)
        ahead[turned] = _shifts(quarters * 900, where)[back]
    return ahead


def _shifts(at: Ints, where: ZoneInfo) -> Ints:
    shifts = (datetime.fromtimestamp(one, where).utcoffset() for one in at.tolist())
    return np.array([0 if s is None else int(s.total_seconds()) for s in shifts], dtype=np.int64)
