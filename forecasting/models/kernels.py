"""How alike two days are, in each respect that may move calls: covariances of a Gaussian process.

Each respect is a function of two sets of days, (a,) and (b,), to an (a, b) matrix of covariance with variance
about 1 where the respect concerns a day at all. How much each one matters is learned, see ``process``.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.history import Floats, Ints
from forecasting.models.features import DayFeatures

Like = Callable[[DayFeatures, Ints, Ints], Floats]
LONG_DAYS = 400
"""From here on a history knows the seasons."""


@dataclass(frozen=True, slots=True)
class Respect:
    """One respect; ``share`` is the share of the variance it is expected to explain before looking."""

    name: str
    like: Like
    share: float = 0.1


def respects(features: DayFeatures, past: int) -> list[Respect]:
    """Those that may matter for these days, of which the first ``past`` have been."""
    span = int(features.at[past - 1] - features.at[0]) + 1
    found = list(ALWAYS)
    if span > LONG_DAYS:
        found += SEASONS
    if features.holiday[:past].any():
        found += HOLIDAYS
    if features.make_up[:past].any():
        found.append(Respect("make-up day", _product(lambda f: f.make_up.astype(float)[:, None])))
    found += [
        Respect(f"driver {k}", _product(lambda f, k=k: f.drivers[:, k : k + 1]))  # type: ignore[misc]
        for k in range(features.drivers.shape[1])
    ]
    return found


def _over_time(days: float) -> Like:
    """Alike when near in time: what moves the level wears off with this many days."""

    def like(f: DayFeatures, a: Ints, b: Ints) -> Floats:
        return np.exp(-_apart(f.at, a, b) / days)

    return like


def _product(columns: Callable[[DayFeatures], Floats]) -> Like:
    """Alike as the products of some columns are."""

    def like(f: DayFeatures, a: Ints, b: Ints) -> Floats:
        x = columns(f)
        return x[a] @ x[b].T

    return like


def _near(place: Callable[[DayFeatures], NDArray[np.generic]], width: float) -> Like:
    """Alike when near in some place."""

    def like(f: DayFeatures, a: Ints, b: Ints) -> Floats:
        return np.exp(-0.5 * (_apart(place(f), a, b) / width) ** 2)

    return like


def _fading(steps: Callable[[DayFeatures], Ints], within: float, width: float = 1.0) -> Like:
    """Days so many steps from something are alike when the steps are; it matters less when far."""

    def like(f: DayFeatures, a: Ints, b: Ints) -> Floats:
        count = steps(f)
        weight = np.exp(-count / within)
        return np.exp(-0.5 * (_apart(count, a, b) / width) ** 2) * weight[a][:, None] * weight[b][None, :]

    return like


def _season(width: float) -> Like:
    """Alike when near in the year, whichever year; ``width`` in days."""

    def like(f: DayFeatures, a: Ints, b: Ints) -> Floats:
        apart = np.abs(_apart(f.of_year, a, b))
        around = np.minimum(apart, 1 - apart) * 365.25
        return np.asarray(np.exp(-0.5 * (around / width) ** 2))

    return like


def _weekday_over_time(f: DayFeatures, a: Ints, b: Ints) -> Floats:
    return _weekday(f, a, b) * _over_time(60.0)(f, a, b)


def _off_days(f: DayFeatures, a: Ints, b: Ints) -> Floats:
    """About as many days off just before, or just after: five are no long weekend."""
    made = np.zeros((len(a), len(b)))
    for count in (f.off_before, f.off_after):
        made += np.exp(-0.5 * _apart(np.minimum(count, 6), a, b) ** 2)
    return made


def _occasions(f: DayFeatures, a: Ints, b: Ints) -> Floats:
    """The same holiday, the more so on the same day of it."""
    on = f.occasion >= 0
    same = _same(f.occasion, a, b) * on[a][:, None] * on[b][None, :]
    return np.asarray(same * (0.5 + 0.5 * _same(f.nth, a, b)))


def _apart(places: NDArray[np.generic], a: Ints, b: Ints) -> Floats:
    at = places.astype(np.float64)
    return np.abs(at[a][:, None] - at[b][None, :])


def _same(kinds: NDArray[np.generic], a: Ints, b: Ints) -> Floats:
    return np.asarray(kinds[a][:, None] == kinds[b][None, :], dtype=np.float64)


_weekday = _product(lambda f: f.weekdays)

ALWAYS = (
    Respect("weekday", _weekday),
    Respect("weekday of late", _weekday_over_time),
    Respect("level, days", _over_time(5.0)),
    Respect("level, weeks", _over_time(30.0)),
    Respect("level, months", _over_time(120.0)),
    Respect("start of month", _fading(lambda f: f.from_start, 3.0)),
    Respect("end of month", _fading(lambda f: f.to_end, 3.0)),
    Respect("day of month", _near(lambda f: f.of_month, 1.5)),
    Respect("part of month", _near(lambda f: f.of_month, 3.5)),
    Respect("days off beside", _off_days),
    Respect("after a day off", _fading(lambda f: f.since_gap, 1.5)),
    Respect("before a day off", _fading(lambda f: f.to_gap, 1.0)),
)
SEASONS = (
    Respect("season", _season(15.0)),
    Respect("part of the year", _season(45.0)),
    Respect("trend", _over_time(1000.0)),
)
HOLIDAYS = (
    Respect("holiday", _product(lambda f: f.holiday.astype(float)[:, None])),
    Respect("occasion", _occasions),
)
