"""What the API and notebooks do with a history: clean it, compare models on it, forecast it.

A history and a calendar in, findings, tables and numbers out; no database and no clock. The command line is
made of the same parts. As in::

    found = clean_history(history, calendar)
    made = forecast_history(apply(history, found), calendar, "28d")
    people = plan(made.numbers.calls, made.numbers.interval_s, made.numbers.aht_s, rules)   # of staffing
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from forecasting.calendar import DayCalendar
from forecasting.cleaning import Finding, clean
from forecasting.columns import By, groups
from forecasting.days import Dates, grid_of, local, starts_of, times_of
from forecasting.history import Floats, History
from forecasting.horizons import read_horizon
from forecasting.models.base import ForecastError
from forecasting.models.own import OWN, model_named
from forecasting.outlook import Outlook, look_ahead
from forecasting.overrides import Numbers
from forecasting.trials.backtest import Backtest, backtest, check_days, origins_between
from forecasting.trials.choice import Choice
from forecasting.trials.rolling import Rolling, inner_origins

AUTO = "auto"
LEVELS = {"80": 0.8, "95": 0.95}
SUMS: tuple[By, ...] = ("day", "week", "month")
"""What prediction intervals of sums are kept for."""
Tell = Callable[[float, str], None]
"""How far it is (0 to 1), and what it is at."""


def untold(share: float, stage: str) -> None:
    """Nobody looks."""


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """A backtest, its horizons, and the first and last day that an origin stands after."""

    backtest: Backtest
    horizons: Sequence[int]
    first: date
    last: date


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """A forecast of the intervals that can have calls, (n,) each.

    ``abandonment`` are shares of calls, NaN where not forecast. ``sums`` are ends of prediction intervals of
    sums (``day_lo80``, ``month_hi95``), in the order of ``columns.groups``. ``known_to`` (UTC s) is the end
    of what it was made from, ``choice`` how the model was chosen.
    """

    numbers: Numbers
    abandonment: Floats
    sums: Mapping[str, Floats]
    known_to: int
    choice: Choice


def clean_history(history: History, calendar: DayCalendar, tell: Tell = untold) -> tuple[Finding, ...]:
    """What is strange in a history, see ``cleaning``."""
    tell(0.1, "looking for what is strange")
    return clean(history, calendar)


def compare_models(
    history: History,
    calendar: DayCalendar,
    horizons: Sequence[int] = (1, 5, 20),
    origins: int = 20,
    step: int = 1,
    tell: Tell = untold,
) -> Compared:
    """How good each model would have been from the last ``origins`` that have all horizons behind them.

    They stand ``step`` days apart; there are fewer of them in a short history. Raises ForecastError where
    the history is too short for any.
    """
    horizons = sorted(set(horizons))
    rolling = Rolling(grid_of(history), calendar, max(horizons))
    first, last = check_days(len(rolling), horizons, None, None)
    first = last - min((last - first) // step, origins - 1) * step
    chosen = origins_between(first, last, origins, step)
    every = {m for n in (*chosen, len(rolling)) for m in (n, *inner_origins(n))}
    rolling.watch = _watch(len(every) * len(OWN), tell)
    found = backtest(rolling, OWN, horizons, chosen)
    days = rolling.grid.days
    first_day, last_day = days[[chosen[0] - 1, chosen[-1] - 1]].astype("datetime64[D]").tolist()
    return Compared(found, horizons, first_day, last_day)


def forecast_history(
    history: History, calendar: DayCalendar, horizon: str, model: str = AUTO, tell: Tell = untold
) -> Forecast:
    """The forecast of a ``horizon`` (``28d``, ``2026-12``, ``2027``, ``today``) after a history, by a model.

    ``auto`` takes those that did best on this history. Raises ForecastError where nothing can be said.
    """
    if not len(history) or np.isnan(history.calls).all():
        raise ForecastError("the history is empty; there is nothing to learn from")
    models = OWN if model == AUTO else (model_named(model),)
    days, _ = local(history.starts, history.zone)
    steps = len(models) * (1 + len(inner_origins(len(np.unique(days)))))
    outlook = look_ahead(history, calendar, read_horizon(horizon, days[-1]), models, _watch(steps, tell))
    return _flat(outlook, history)


def _watch(total: int, tell: Tell) -> Callable[[int], None]:
    made = 0

    def watch(more: int) -> None:
        nonlocal made
        made += more
        tell(min(made / total, 0.99), f"forecast {min(made, total)} of {total}")

    return watch


def _flat(outlook: Outlook, history: History) -> Forecast:
    """An outlook as rows of the intervals that can have calls."""
    chosen, starts = times_of(outlook.days, outlook.slots, outlook.zone, outlook.is_open)
    if not len(chosen):
        raise ForecastError("there is no interval left to forecast")

    def taken(values: Floats) -> Floats:
        return np.asarray(values.ravel()[chosen], dtype=np.float64)

    bands = {}
    for name, level in LEVELS.items():
        low, high = outlook.bounds(level)
        bands[f"lo{name}"], bands[f"hi{name}"] = taken(low), taken(high)
    unknown = np.full(len(chosen), np.nan)
    numbers = Numbers(
        starts,
        outlook.interval_s,
        outlook.zone,
        taken(outlook.calls),
        unknown if outlook.aht_s is None else taken(outlook.aht_s.mean),
        bands,
    )
    abandonment = unknown if outlook.abandonment is None else taken(outlook.abandonment.mean)
    sums = {}
    for by in SUMS:
        number = np.full(outlook.calls.size, -1)
        group = groups(numbers.starts, numbers.zone, by).of
        # Of an hour that comes twice the later one lends its band to the earlier one.
        number[chosen] = group
        for name, level in LEVELS.items():
            _, low, high = outlook.sums(number.reshape(outlook.calls.shape), level)
            for side, values in (("lo", low), ("hi", high)):
                values[group] = values[number[chosen]]
                sums[f"{by}_{side}{name}"] = values
    return Forecast(numbers, abandonment, sums, _known_to(outlook, history), outlook.choice)


def _known_to(outlook: Outlook, history: History) -> int:
    if outlook.rest is not None:
        return int(history.starts[~np.isnan(history.calls)][-1]) + history.interval_s
    after: Dates = np.array([outlook.learned_to + 1], dtype="datetime64[D]")
    return int(starts_of(after, np.zeros(1, dtype=np.int64), history.zone)[0, 0])
