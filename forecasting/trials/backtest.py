"""How good each model, and the automatic choice, would have been on these data: rolling origins.

From each origin every model forecasts the next days, knowing only what came before; so does the automatic
choice, which chooses again at each origin. Errors are pooled over all intervals of the days of a horizon.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from forecasting.accuracy import coverage, wape
from forecasting.days import DayGrid
from forecasting.history import Floats
from forecasting.models.base import ForecastError, Model
from forecasting.trials.choice import Choice, choose
from forecasting.trials.rolling import Rolling, inner_origins
from forecasting.trials.spread import Miss, Spread, spread_of

FEWEST_DAYS = 5
"""Of past before the first origin."""
AUTO = "auto"
LEARNING = 8.0
"""An origin after m of n days counts (m / n) to this power."""


@dataclass(frozen=True, slots=True)
class Line:
    """How good one model was, by horizon in days: WAPE and coverage in percent, MASE in naive errors.

    ``seconds_per_fit`` is CPU time for one forecast from one origin; for the automatic choice it is all the
    work of the backtest, past forecasts of every model included, over the origins.
    """

    interval_wape: Mapping[int, float]
    daily_wape: Mapping[int, float]
    mase: Mapping[int, float]
    coverage80: Mapping[int, float]
    daily_coverage80: Mapping[int, float]
    seconds_per_fit: float


@dataclass(frozen=True, slots=True)
class Backtest:
    """``lines`` by model, the automatic choice's own, and what it chooses after the last day."""

    lines: Mapping[str, Line]
    auto: Line
    choice: Choice
    origins: tuple[int, ...]


@dataclass(slots=True)
class _Told:
    """Forecasts of one model with what came, from each origin."""

    forecasts: list[Floats] = field(default_factory=list)
    bounds: list[tuple[Floats, Floats]] = field(default_factory=list)
    daily_bounds: list[tuple[Floats, Floats]] = field(default_factory=list)
    origins: list[int] = field(default_factory=list)


def origins_between(first: int, last: int, count: int, step: int | None = None) -> tuple[int, ...]:
    """``count`` origins from ``first`` to ``last``, both included: ``step`` days apart, or evenly spread.

    With a step there may be fewer than asked for, never beyond ``last``. Raises ForecastError for none.
    """
    if step is not None:
        found = list(range(first, last + 1, step))[:count]
    else:
        found = sorted({int(one) for one in np.linspace(first, last, count)}) if first <= last else []
    if not found:
        raise ForecastError(f"there is no origin from day {first} to day {last}")
    return tuple(found)


def check_days(days: int, horizons: Sequence[int], first: int | None, last: int | None) -> tuple[int, int]:
    """The first and the last origin for histories of so many days.

    Without ``first`` half of the days come before it; without ``last`` the longest horizon fits behind it.
    Raises ForecastError where that does not go.
    """
    longest = max(horizons)
    last = days - longest if last is None else last
    first = max(FEWEST_DAYS, min(days // 2, last)) if first is None else first
    if first < FEWEST_DAYS:
        raise ForecastError(f"the first origin is after day {first}; models need {FEWEST_DAYS} days at least")
    if last < first:
        needed = first + longest
        raise ForecastError(
            f"the history has {days} days; {longest} days ahead after {first} days need {needed}. "
            "Take shorter horizons, or more history"
        )
    if last + min(horizons) > days:
        raise ForecastError(
            f"an origin after day {last} leaves {days - last} of {days} days to compare with, too few even "
            f"for the horizon of {min(horizons)}"
        )
    return first, last


def backtest(
    rolling: Rolling,
    models: Sequence[Model],
    horizons: Sequence[int],
    origins: Sequence[int],
    beside: Sequence[Model] = (),
) -> Backtest:
    """Every model and the automatic choice at each of the ``origins``, over ``horizons`` of days.

    The choice is among ``models``; those ``beside`` them are only compared. The horizon of ``rolling`` must
    be the longest of them. Raises ForecastError if no model can forecast.
    """
    by_name = {model.name: model for model in (*beside, *models)}
    told = {name: _Told() for name in (*by_name, AUTO)}
    for n in origins:
        choice = choose(rolling, models, n)
        for name in told:
            weights = choice.weights if name == AUTO else {name: 1.0}
            chosen = [by_name[one] for one in weights]
            made = [rolling.forecast(model, n) for model in chosen]
            if any(one is None for one in made):
                continue
            forecast = Choice(weights, {}, 0).combine(_by_name(chosen, made))
            spread = spread_of(misses_at(rolling, chosen, weights, n), len(rolling.grid.slots))
            _note(told[name], n, forecast, spread)
    lines = {
        name: _line(rolling, one, horizons, _seconds(rolling, models, name, origins))
        for name, one in told.items()
    }
    last = choose(rolling, models, len(rolling))
    return Backtest({n: line for n, line in lines.items() if n != AUTO}, lines[AUTO], last, tuple(origins))


def misses_at(rolling: Rolling, models: Sequence[Model], weights: Mapping[str, float], n: int) -> list[Miss]:
    """How far off these models, so weighted, were from past origins, looking at n days alone.

    Earlier origins knew less than is known after n days, and were further off; so they count less.
    """
    misses = []
    for m in inner_origins(n):
        actual = rolling.actual(m, n)
        made = [rolling.forecast(model, m) for model in models]
        if len(actual) and all(one is not None for one in made):
            combined = Choice(weights, {}, 0).combine(_by_name(models, made))
            misses.append(Miss(combined[: len(actual)], actual, (m / n) ** LEARNING))
    return misses


def weekly_scale(grid: DayGrid, n: int) -> float:
    """The mean absolute difference of the first n days' slots from those seven days before.

    Where no day has one a week before it, from the day before.
    """
    days = grid.days[:n].astype(np.int64)
    values = grid.values[:n]
    before = np.searchsorted(days, days - 7)
    paired = days[np.minimum(before, n - 1)] == days - 7
    if not paired.any():
        paired = np.arange(n) > 0
        before = np.arange(n) - 1
    differences = np.abs(values[paired] - values[before[paired]])
    known = ~np.isnan(differences)
    return float(differences[known].mean()) if known.any() else float("nan")


def _by_name(models: Sequence[Model], made: Sequence[Floats | None]) -> dict[str, Floats]:
    return {model.name: one for model, one in zip(models, made, strict=True) if one is not None}


def _note(told: _Told, n: int, forecast: Floats, spread: Spread) -> None:
    ahead = np.arange(1, len(forecast) + 1)
    told.origins.append(n)
    told.forecasts.append(forecast)
    told.bounds.append(spread.slots(forecast, ahead, 0.8))
    days = np.repeat((ahead - 1)[:, None], forecast.shape[1], axis=1)
    _, low, high = spread.sums(forecast, ahead, days, 0.8)
    told.daily_bounds.append((low, high))


def _seconds(rolling: Rolling, models: Sequence[Model], name: str, origins: Sequence[int]) -> float:
    """Seconds of CPU for a forecast of one model, or of the choice among ``models``."""
    if name != AUTO:
        return float(np.mean(rolling.seconds.get(name, [float("nan")])))
    return sum(sum(rolling.seconds.get(model.name, ())) for model in models) / len(origins)


def _line(rolling: Rolling, told: _Told, horizons: Sequence[int], seconds: float) -> Line:
    made: dict[str, dict[int, float]] = {
        name: {} for name in ("interval", "daily", "mase", "coverage", "daily_coverage")
    }
    scales = {n: weekly_scale(rolling.grid, n) for n in told.origins}
    for horizon in horizons:
        actual, forecast, low, high, scaled = [], [], [], [], []
        days, day_forecast, day_low, day_high = [], [], [], []
        for at, n in enumerate(told.origins):
            came = rolling.actual(n)[:horizon]
            said = told.forecasts[at][:horizon]
            known = ~np.isnan(came)
            actual.append(came[known])
            forecast.append(said[known])
            low.append(told.bounds[at][0][:horizon][known])
            high.append(told.bounds[at][1][:horizon][known])
            scaled.append(np.abs(came - said)[known] / scales[n] if scales[n] > 0 else np.zeros(0))
            days.append(np.where(known, came, 0.0).sum(axis=1))
            day_forecast.append(np.where(known, said, 0.0).sum(axis=1))
            whole = known.all(axis=1)
            day_low.append(np.where(whole, told.daily_bounds[at][0][:horizon], np.nan))
            day_high.append(np.where(whole, told.daily_bounds[at][1][:horizon], np.nan))
        made["interval"][horizon] = wape(_all(actual), _all(forecast))
        made["daily"][horizon] = wape(_all(days), _all(day_forecast))
        errors = _all(scaled)
        made["mase"][horizon] = float(errors.mean()) if len(errors) else float("nan")
        made["coverage"][horizon] = coverage(_all(actual), _all(low), _all(high))
        made["daily_coverage"][horizon] = coverage(_all(days), _all(day_low), _all(day_high))
    return Line(
        made["interval"], made["daily"], made["mase"], made["coverage"], made["daily_coverage"], seconds
    )


def _all(parts: Sequence[Floats]) -> Floats:
    return np.concatenate(parts) if parts else np.zeros(0)
