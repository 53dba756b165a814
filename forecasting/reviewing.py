"""Accuracy reports: forecasts that were kept, against what came.

An interval may have been forecast many times. The forecast that *counted* for it is the latest one whose
history ended before the interval began; by horizon, every forecast of it is looked at.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from forecasting import accuracy
from forecasting.alarm import Alarm, alarm_of
from forecasting.columns import Groups, groups
from forecasting.days import Dates, grid_of, local
from forecasting.history import Floats, History, Ints

HORIZONS = ((0, 0), (1, 1), (2, 7), (8, 14), (15, 28), (29, 92), (93, 400))
"""Days ahead that are looked at together; 0 is the rest of the day that had begun."""
LEVELS = {"lo95": 0.025, "lo80": 0.1, "hi80": 0.9, "hi95": 0.975}
"""The quantiles that the ends of intervals are."""
MEDIAN = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """A forecast as it was kept: arrays (n,) by interval; ``known_to`` is the end of what it knew (UTC s).

    ``day_bands`` (g,) are ends of the intervals of its days' sums, in the order of ``columns.groups``.
    """

    starts: Ints
    known_to: int
    calls: Floats
    aht_s: Floats
    bands: Mapping[str, Floats] = field(default_factory=dict)
    day_bands: Mapping[str, Floats] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figures:
    """Errors over ``count`` intervals, days or months in which ``calls`` came; what cannot be said is NaN.

    WAPE, bias and coverage are percent, MASE is times the naive forecast (the same weekday a week before),
    pinball the mean over all quantiles that were forecast, in calls.
    """

    count: int
    calls: float
    wape: float
    mase: float
    bias: float
    pinball: float
    coverage80: float
    coverage95: float


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """What counted, by interval (n,): NaN where nothing was forecast or nothing is known.

    ``source`` (n,) is the place of the forecast in ``kept``, -1 for none.
    """

    starts: Ints
    actual: Floats
    calls: Floats
    actual_aht_s: Floats
    aht_s: Floats
    bands: Mapping[str, Floats]
    source: Ints
    kept: Sequence[Kept]


@dataclass(frozen=True, slots=True, eq=False)
class Review:
    """A report. Days ahead, slots and days each have figures of their own.

    ``days`` (d,) are all of the span, in the order of the alarm's sums; ``by_day`` has those with both a
    forecast (its first figure, in calls) and actual calls.
    """

    days: Dates
    interval: Figures
    daily: Figures
    monthly: Figures
    aht: Figures | None
    by_horizon: Mapping[tuple[int, int], Figures]
    by_slot: Mapping[int, Figures]
    by_day: Mapping[date, tuple[float, Figures]]
    alarm: Alarm


@dataclass(frozen=True, slots=True)
class Scales:
    """The mean absolute error of the naive forecast, by interval and by day; NaN where it cannot be said."""

    interval: float
    daily: float


def scales_of(history: History) -> Scales:
    """The naive forecast's errors within a history: each day like the same weekday a week before."""
    grid = grid_of(history)
    season = len(np.unique((grid.days.astype(np.int64) + 3) % 7))
    if len(grid.days) <= season:
        return Scales(np.nan, np.nan)
    return Scales(
        accuracy.naive_scale(grid.values, season), accuracy.naive_scale(grid.totals[:, None], season)
    )


def counted(kept: Iterable[Kept], history: History) -> Counted:
    """For each interval of ``history`` the forecast that counted."""
    n = len(history)
    calls, aht_s = np.full(n, np.nan), np.full(n, np.nan)
    bands = {name: np.full(n, np.nan) for name in LEVELS}
    source = np.full(n, -1)
    in_order = sorted(kept, key=lambda forecast: forecast.known_to)
    for place, one in enumerate(in_order):
        here, there = _meet(history.starts, one)
        source[here] = place
        calls[here], aht_s[here] = one.calls[there], one.aht_s[there]
        for name, band in bands.items():
            band[here] = one.bands[name][there] if name in one.bands else np.nan
    actual_aht_s = history.measures.get("aht_s", np.full(n, np.nan))
    return Counted(history.starts, history.calls, calls, actual_aht_s, aht_s, bands, source, in_order)


def review(kept: Sequence[Kept], history: History, scales: Scales) -> Review:
    """The report of forecasts over the span of ``history``, which is what came. Times are of its zone."""
    found = counted(kept, history)
    known = ~np.isnan(found.actual) & ~np.isnan(found.calls)
    days, minutes = local(history.starts, history.zone)
    by_day, by_month = (groups(history.starts, history.zone, by) for by in ("day", "month"))
    day_of = days[np.unique(by_day.of, return_index=True)[1]] if len(history) else days
    totals = _summed(found, by_day, known)
    _take_day_bands(found, by_day, known, history.zone, totals[2])
    return Review(
        days=day_of,
        interval=_figures(found.actual, found.calls, found.bands, scales.interval),
        daily=_figures(*totals, scales.daily),
        monthly=_figures(*_summed(found, by_month, known), np.nan),
        aht=_aht(found),
        by_horizon=dict(_by_horizon(kept, history, scales)),
        by_slot={
            int(slot): _figures_where(found, known & (minutes == slot), scales.interval)
            for slot in np.unique(minutes[known])
        },
        by_day={
            day.item(): (float(totals[1][n]), _figures_where(found, known & (days == day), scales.interval))
            for n, day in enumerate(day_of)
            if not np.isnan(totals[1][n])
        },
        alarm=alarm_of(day_of, totals[0], totals[1]),
    )


def bias_alarm(kept: Sequence[Kept], history: History) -> Alarm:
    """The alarm of the report alone."""
    found = counted(kept, history)
    known = ~np.isnan(found.actual) & ~np.isnan(found.calls)
    by_day = groups(history.starts, history.zone, "day")
    days, _ = local(by_day.starts, history.zone)
    actual, calls = (by_day.sums(np.where(known, part, np.nan)) for part in (found.actual, found.calls))
    return alarm_of(days, actual, calls)


def _meet(starts: Ints, one: Kept) -> tuple[Ints, Ints]:
    """Which of ``starts`` (ascending) a forecast tells of that it did not know yet, and where it does."""
    ahead = np.flatnonzero(one.starts >= one.known_to)
    place = np.searchsorted(starts, one.starts[ahead])
    there = place < len(starts)
    there[there] = starts[place[there]] == one.starts[ahead][there]
    return place[there], ahead[there]


def _by_horizon(
    kept: Sequence[Kept], history: History, scales: Scales
) -> Iterator[tuple[tuple[int, int], Figures]]:
    pairs = [_pairs(one, history) for one in kept]
    if not pairs:
        return
    ahead = np.concatenate([days for days, _ in pairs])
    columns = {
        name: np.concatenate([made[name] for _, made in pairs]) for name in ("actual", "calls", *LEVELS)
    }
    for first, last in HORIZONS:
        on = (ahead >= first) & (ahead <= last)
        if on.any():
            bands = {name: columns[name][on] for name in LEVELS}
            yield (first, last), _figures(columns["actual"][on], columns["calls"][on], bands, scales.interval)


def _pairs(one: Kept, history: History) -> tuple[Ints, dict[str, Floats]]:
    """Of each interval with both a forecast and an actual: days ahead, and the columns."""
    here, there = _meet(history.starts, one)
    known = ~np.isnan(history.calls[here]) & ~np.isnan(one.calls[there])
    here, there = here[known], there[known]
    began, _ = local(np.array([one.known_to - 1]), history.zone)
    days, _ = local(history.starts[here], history.zone)
    made = {"actual": history.calls[here], "calls": one.calls[there]}
    for name in LEVELS:
        made[name] = one.bands[name][there] if name in one.bands else np.full(len(here), np.nan)
    return (days - began[0]).astype(np.int64), made


def _summed(found: Counted, by: Groups, known: NDArray[np.bool_]) -> tuple[Floats, Floats, dict[str, Floats]]:
    """Actual calls, forecast and bands by group, over intervals that have both."""
    actual = np.where(known, found.actual, np.nan)
    calls = np.where(known, found.calls, np.nan)
    bands = {name: by.spread(calls, np.where(known, band, np.nan)) for name, band in found.bands.items()}
    return by.sums(actual), by.sums(calls), bands


def _take_day_bands(
    found: Counted, by_day: Groups, known: NDArray[np.bool_], zone: str, bands: Mapping[str, Floats]
) -> None:
    """Put forecasts' own intervals of days into ``bands`` (g,), where a day is wholly one forecast's."""
    first = np.full(len(by_day.starts), -1)
    first[by_day.of[known]] = found.source[known]
    pure = np.ones(len(by_day.starts), dtype=bool)
    np.logical_and.at(pure, by_day.of[known], found.source[known] == first[by_day.of[known]])
    count = np.bincount(by_day.of[known], minlength=len(by_day.starts))
    for place, one in enumerate(found.kept):
        mine = np.flatnonzero(pure & (first == place))
        if not len(mine) or not one.day_bands:
            continue
        own = groups(one.starts, zone, "day")
        at = np.searchsorted(own.starts, by_day.starts[mine]).clip(max=len(own.starts) - 1)
        whole = (own.starts[at] == by_day.starts[mine]) & (
            np.bincount(own.of, minlength=len(own.starts))[at] == count[mine]
        )
        for name, band in one.day_bands.items():
            bands[name][mine[whole]] = band[at[whole]]


def _figures_where(found: Counted, on: NDArray[np.bool_], scale: float) -> Figures:
    bands = {name: band[on] for name, band in found.bands.items()}
    return _figures(found.actual[on], found.calls[on], bands, scale)


def _figures(actual: Floats, calls: Floats, bands: Mapping[str, Floats], scale: float) -> Figures:
    known = ~np.isnan(actual) & ~np.isnan(calls)
    losses = [accuracy.pinball(actual, calls, MEDIAN)]
    losses += [accuracy.pinball(actual, bands[name], level) for name, level in LEVELS.items()]
    losses = [loss for loss in losses if loss == loss]
    return Figures(
        count=int(known.sum()),
        calls=float(actual[known].sum()),
        wape=accuracy.wape(actual, calls),
        mase=accuracy.mase(actual, calls, scale) if scale == scale else np.nan,
        bias=accuracy.bias(actual, calls),
        pinball=float(np.mean(losses)) if losses else np.nan,
        coverage80=accuracy.coverage(actual, bands["lo80"], bands["hi80"]),
        coverage95=accuracy.coverage(actual, bands["lo95"], bands["hi95"]),
    )


def _aht(found: Counted) -> Figures | None:
    """Errors of the AHT, each interval by its calls: those of the seconds of work they make."""
    work, forecast = found.actual_aht_s * found.actual, found.aht_s * found.actual
    known = ~np.isnan(work) & ~np.isnan(forecast)
    if not known.any():
        return None
    nan = float("nan")
    return Figures(
        count=int(known.sum()),
        calls=float(found.actual[known].sum()),
        wape=accuracy.wape(work, forecast),
        mase=nan,
        bias=accuracy.bias(work, forecast),
        pinball=nan,
        coverage80=nan,
        coverage95=nan,
    )
