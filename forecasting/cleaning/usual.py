"""What is usual: for each day and slot the calls to be expected, and how far the real ones are from it.

A profile is the rolling median of its weekday's slots, each day first divided by its level; the level is the
median over blocks of the day of what came in relation to the profile, so that neither a spike nor an outage
of hours moves it. Days with an explanation (holidays, events) teach nothing and are laid beside the weekday
they look most like. Distances are measured on the scale of 2·√(x + 3/8) (Anscombe 1948), on which the noise
of counts is alike everywhere, in robust standard deviations (1.4826 · median absolute deviation) of the
weekday's slot.
"""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from forecasting.calendar import DayTable
from forecasting.days import Dates, DayGrid
from forecasting.history import Floats, Ints

Flags = NDArray[np.bool_]
WINDOW = 9
"""Days of one weekday that a profile is the median of: two months."""
AROUND = 10
"""Days before and after whose levels say what level is usual."""
BLOCK_CALLS = 15.0
"""Calls that a block of the day must have on average to say something of the day's level."""
_BLOCKS = 24
_FEW_BLOCKS = 5
_TORN = 4.0
_APART = 2.5
_SPREAD = 1.4826
_OWN = (0.6, 1.6)
"""A level beyond this share of the usual one is not believed to be the day's own."""
_LOOSE = 2.0
"""How much further than others a day with an explanation may be from the usual."""
_SHRINK = 8
"""Days that the spread of a slot over all weekdays counts for beside that of its weekday."""


@dataclass(frozen=True, slots=True, eq=False)
class Usual:
    """A grid of calls beside what is usual.

    ``values`` and ``expected`` (d, s) are calls, NaN where unknown; ``distance`` (d, s) is how far they are
    apart in robust standard deviations and ``spread`` (d, s) one of those on the square-root scale. ``level``
    (d,) is what came in relation to the weekday's profile, ``around`` (d,) the level of the days about it,
    NaN where none is known; ``own`` (d,) is the one of both that was expected. ``explained`` (d,) days have
    their reason in the calendar; ``ordinary`` (d,) is what a day would have without it.
    """

    days: Dates
    slots: Ints
    weekday: Ints
    explained: Flags
    values: Floats
    expected: Floats
    distance: Floats
    spread: Floats
    level: Floats
    around: Floats
    own: Floats
    ordinary: Floats

    @property
    def by_day(self) -> bool:
        """Whether a day has so few slots that it can only be judged as a whole."""
        return len(self.slots) < _FEW_BLOCKS


def usual_of(grid: DayGrid, table: DayTable, factors: Floats | None = None) -> Usual:
    """What is usual in ``grid``, whose days are those of ``table``.

    ``factors`` (d,) are what each day is known to be multiplied by; it is taken out first.
    """
    explained = explained_days(table)
    factors = np.ones(len(table)) if factors is None else factors
    values, weekday = grid.values / factors[:, None], table.weekday
    first = _profiles(values, weekday, explained, rolling=False)
    level, _ = _levels(values, first)
    with np.errstate(divide="ignore", invalid="ignore"):
        by_level = values / np.maximum(level, 0.05)[:, None]
    profile = _profiles(by_level, weekday, explained, rolling=True)
    level, busier = _levels(values, profile)
    around = _around(level, explained)
    level = _believed(level, busier, around)
    own_weekday = _profiles(by_level, weekday, explained, rolling=True, alike=False)
    ordinary = np.where(np.isfinite(values), own_weekday * around[:, None], 0.0).sum(axis=1)
    own = level
    if len(grid.slots) < _FEW_BLOCKS:
        own = np.where(explained, level, around)
    else:
        with np.errstate(invalid="ignore"):
            beside = level / around
            judged = ~explained | (table.kind == "make_up")
            strange = judged & ((beside < _OWN[0]) | (beside > _OWN[1]))
        own = np.where(strange, around, level)
    expected = np.maximum(profile * own[:, None], 0.0)
    off = root(values) - root(expected)
    # Counts made larger are noisier than counts of that size.
    spread = _spreads(off, weekday, explained) * np.maximum(1 / np.sqrt(factors), 1.0)[:, None]
    return Usual(
        grid.days,
        grid.slots,
        weekday,
        explained,
        values,
        expected,
        off / spread,
        spread,
        level,
        around,
        own,
        ordinary,
    )


def explained_days(table: DayTable) -> Flags:
    """(d,) days that need not be like others: days off, make-up days, the day after days off, events."""
    explained = np.asarray(table.kind != "ordinary")
    explained |= table.days_since == 1
    explained |= ~np.isnan(table.effect)
    for sizes in table.events.values():
        explained |= sizes != 0
    return explained


def root(values: Floats) -> Floats:
    """Counts on a scale on which their noise has variance 1 (Anscombe 1948)."""
    return np.asarray(2.0 * np.sqrt(np.maximum(values, 0.0) + 0.375))


def nan_median(values: Floats, axis: int) -> Floats:
    """The median of what is known along an axis, NaN where nothing is."""
    known = np.isfinite(values)
    if known.all():
        return np.asarray(np.median(values, axis=axis))
    ordered = np.sort(np.where(known, values, np.inf), axis=axis)
    count = known.sum(axis=axis, keepdims=True)
    low = np.take_along_axis(ordered, np.maximum((count - 1) // 2, 0), axis)
    high = np.take_along_axis(ordered, np.maximum(count // 2, 0).clip(max=values.shape[axis] - 1), axis)
    middle = np.where(count > 0, (low + high) / 2, np.nan)
    return np.asarray(np.squeeze(middle, axis=axis))


# ------------------------------------------------------------------ profiles and levels


def _profiles(
    values: Floats, weekday: Ints, explained: Flags, *, rolling: bool, alike: bool = True
) -> Floats:
    """(d, s) the usual profile of each day: its weekday's, or what it is most ``alike``."""
    teaching = ~explained & np.isfinite(values).any(axis=1)
    if not teaching.any():
        teaching = np.asarray(np.isfinite(values).any(axis=1))
    profiles = np.full(values.shape, np.nan)
    pooled = nan_median(values[teaching], 0) if teaching.any() else np.full(values.shape[1], np.nan)
    known: dict[int, tuple[Ints, Floats]] = {}
    for one in range(7):
        rows = np.flatnonzero(teaching & (weekday == one))
        if len(rows) >= 3:
            known[one] = rows, _rolling(values[rows]) if rolling else nan_median(values[rows], 0)[None, :]
    for one in range(7):
        rows = np.flatnonzero(weekday == one)
        if one not in known:
            profiles[rows] = pooled
            continue
        taught, found = known[one]
        nearest = _nearest(taught, rows) if rolling else np.zeros(len(rows), dtype=np.int64)
        profiles[rows] = found[nearest]
    for row in np.flatnonzero(explained) if alike else ():
        profiles[row] = _look_alike(values[row], int(row), profiles[row], known, rolling)
    return np.where(np.isnan(profiles), np.where(np.isnan(pooled), 0.0, pooled), profiles)


def _rolling(values: Floats) -> Floats:
    """The median of ``WINDOW`` rows about each; at the ends of the first or last ones."""
    n = len(values)
    if n <= WINDOW:
        return np.repeat(nan_median(values, 0)[None, :], n, axis=0)
    middles = nan_median(sliding_window_view(values, WINDOW, axis=0), -1)
    half = WINDOW // 2
    return np.concatenate([np.repeat(middles[:1], half, 0), middles, np.repeat(middles[-1:], half, 0)])


def _nearest(places: Ints, wanted: Ints) -> Ints:
    """For each of ``wanted`` the index of the nearest of ``places``, which ascend."""
    right = np.searchsorted(places, wanted).clip(max=len(places) - 1)
    left = (right - 1).clip(min=0)
    return np.where(np.abs(places[left] - wanted) <= np.abs(places[right] - wanted), left, right)


def _look_alike(
    day: Floats, row: int, own: Floats, known: dict[int, tuple[Ints, Floats]], rolling: bool
) -> Floats:
    """Of all weekdays' profiles then, the one a day's calls lie most like."""
    total = float(np.nansum(day))
    if total < 2 * BLOCK_CALLS:
        return own
    best, least = own, np.inf
    for taught, found in known.values():
        profile = found[_nearest(taught, np.array([row]))[0]] if rolling else found[0]
        level, _ = _level(day, profile)
        off = float(np.nansum(np.abs(day - level * profile)))
        if off < least:
            best, least = profile, off
    return best


def _levels(values: Floats, profiles: Floats) -> tuple[Floats, Floats]:
    """(d,) the level of each day, and the one of its busier part where the day falls in two."""
    found = [_level(day, profile) for day, profile in zip(values, profiles, strict=True)]
    return np.array([one for one, _ in found]), np.array([other for _, other in found])


def _level(day: Floats, profile: Floats) -> tuple[float, float]:
    """The median over blocks of like weight of what came to what was expected, and the busier part's."""
    known = np.isfinite(day) & np.isfinite(profile)
    here, usual = day[known], np.maximum(profile[known], 0.0)
    weight = float(usual.sum())
    if weight <= 0:
        level = 1.0 if known.any() else float("nan")
        return level, level
    blocks = int(min(_BLOCKS, weight / BLOCK_CALLS, len(here)))
    if blocks < _FEW_BLOCKS:
        level = float(here.sum()) / weight
        return level, level
    block = np.minimum((np.cumsum(usual) - usual / 2) / weight * blocks, blocks - 1).astype(np.int64)
    came = np.bincount(block, here, minlength=blocks)
    meant = np.bincount(block, usual, minlength=blocks)
    shares = came[meant > 0] / meant[meant > 0]
    middle, high = (_about(shares, float(one)) for one in np.quantile(shares, (0.5, 0.8)))
    return middle, high if high > _TORN * middle else middle


def _about(shares: Floats, middle: float) -> float:
    """The median of what lies about ``middle``: hours of silence or of a rush are not among it."""
    near = shares[(shares > middle / _APART) & (shares < middle * _APART)]
    return float(np.median(near)) if len(near) else middle


def _believed(level: Floats, busier: Floats, around: Floats) -> Floats:
    """Of a day that falls in two, the level nearer to that of the days about it.

    It may be silent for more than half of the day, or a spike may be a fifth of it.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        nearer = np.abs(np.log(busier / around)) < np.abs(np.log(np.maximum(level, 1e-9) / around))
    return np.where(nearer, busier, level)


def _around(level: Floats, explained: Flags) -> Floats:
    """(d,) the median level of the days about each, those with an explanation left out."""
    plain = np.flatnonzero(~explained & np.isfinite(level))
    if not len(plain):
        return level.copy()
    width = 2 * AROUND + 1
    n = len(plain)
    if n <= width:
        return np.full(len(level), float(np.median(level[plain])))
    middles = np.median(sliding_window_view(level[plain], width), axis=-1)
    middles = np.concatenate([np.repeat(middles[:1], AROUND), middles, np.repeat(middles[-1:], AROUND)])
    return np.asarray(middles[_nearest(plain, np.arange(len(level)))])


def _spreads(off: Floats, weekday: Ints, explained: Flags) -> Floats:
    """(d, s) the spread of each weekday's slot on the square-root scale; at least that of chance alone."""
    plain = ~explained if (~explained).any() else np.ones(len(off), dtype=bool)
    pooled = np.nan_to_num(_SPREAD * nan_median(np.abs(off[plain]), 0), nan=1.0)
    spread = np.repeat(pooled[None, :], len(off), axis=0)
    for one in range(7):
        rows = np.flatnonzero(plain & (weekday == one))
        if len(rows) >= 3:
            own = np.nan_to_num(_SPREAD * _rolling(np.abs(off[rows])), nan=1.0)
            count = min(len(rows), WINDOW)
            mixed = np.sqrt((count * own**2 + _SHRINK * pooled**2) / (count + _SHRINK))
            here = np.flatnonzero(weekday == one)
            spread[here] = mixed[_nearest(rows, here)]
    return np.maximum(spread, 1.0) * np.where(explained, _LOOSE, 1.0)[:, None]
