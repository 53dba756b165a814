"""What the API and notebooks do with a history: the same arrays whichever way they are asked for."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from forecasting.calendar import DayCalendar
from forecasting.columns import groups
from forecasting.history import History
from forecasting.models.base import ForecastError
from forecasting.planning import clean_history, compare_models, forecast_history
from tests.forecasting.planner import TODAY, ZONE, hours

CALENDAR = DayCalendar()


def cut(history: History, count: int) -> History:
    """The first so many intervals."""
    measures = {name: values[:count] for name, values in history.measures.items()}
    return replace(history, starts=history.starts[:count], calls=history.calls[:count], measures=measures)


def test_a_forecast_begins_where_the_history_ends() -> None:
    """With the next interval; of a day that is not over with the next day."""
    whole = hours(35)
    made = forecast_history(cut(whole, 28 * 24), CALENDAR, "7d", "weekday-mean")
    assert made.numbers.starts.tolist() == whole.starts[28 * 24 :].tolist()
    assert made.known_to == made.numbers.starts[0]
    noon = forecast_history(cut(whole, 28 * 24 + 12), CALENDAR, "6d", "weekday-mean")
    assert noon.numbers.starts[0] == whole.starts[29 * 24] and noon.known_to == made.known_to
    assert np.isclose(noon.numbers.calls, made.numbers.calls[24:]).all()


def test_a_forecast_has_everything_a_plan_needs() -> None:
    """Calls, handling time and four ends of intervals, in order; sums of days, weeks, months too."""
    made = forecast_history(hours(56), CALENDAR, "2026-12", "weekday-mean")
    numbers = made.numbers
    assert len(numbers.starts) == 31 * 24 and numbers.zone == ZONE and numbers.interval_s == 3600
    ends = [numbers.bands[name] for name in ("lo95", "lo80", "hi80", "hi95")]
    for low, high in pairwise(ends):
        assert (low <= high + 1e-9).all()
    assert not np.isnan(numbers.aht_s).any() and np.isnan(made.abandonment).all()
    for by in ("day", "week", "month"):
        count = len(groups(numbers.starts, ZONE, by).starts)
        assert all(made.sums[f"{by}_{name}"].shape == (count,) for name in numbers.bands)
    month = numbers.calls.sum()
    assert made.sums["month_lo80"][0] < month < made.sums["month_hi80"][0]
    wide = made.sums["day_hi80"].sum() - made.sums["day_lo80"].sum()
    assert made.sums["month_hi80"][0] - made.sums["month_lo80"][0] < wide


def test_models_are_compared_at_the_latest_origins() -> None:
    """With all horizons behind them; days are those that occur."""
    seen: list[float] = []
    found = compare_models(hours(16), CALENDAR, [2, 1, 2], 2, 3, lambda share, stage: seen.append(share))
    assert found.horizons == [1, 2] and (found.first, found.last) == (date(2026, 11, 19), date(2026, 11, 22))
    assert seen == sorted(seen) and seen[-1] > 0.9
    assert {"weekday-mean", "gaussian"} <= set(found.backtest.lines)


def test_the_afternoon_is_not_missing() -> None:
    """Cleaning this morning's calls says nothing of what is still to come."""
    whole = hours(42, until=TODAY + 1)
    assert not any(one.kind == "missing" for one in clean_history(cut(whole, len(whole) - 10), CALENDAR))
    hole = replace(whole, calls=np.where(np.arange(len(whole)) // 4 == 200, np.nan, whole.calls))
    assert [one.kind for one in clean_history(hole, CALENDAR) if one.kind == "missing"] == ["missing"]


@pytest.mark.parametrize("calls", [np.zeros(0), np.full(240, np.nan)])
def test_nothing_known_is_said(calls: np.ndarray) -> None:
    """An empty history and one of unknown figures teach nothing."""
    starts = hours(10).starts[: len(calls)]
    history = History(starts, calls, 3600, ZONE)
    assert clean_history(history, CALENDAR) == ()
    with pytest.raises(ForecastError, match="history is empty"):
        forecast_history(history, CALENDAR, "7d")
    with pytest.raises(ForecastError):
        compare_models(history, CALENDAR)


@pytest.mark.parametrize(("level", "most"), [(0.0, 0.01), (20.0, 60.0)])
def test_quiet_lines_are_forecast_quiet(level: float, most: float) -> None:
    """No calls at all, and an ordinary level."""
    made = forecast_history(hours(35, level=level), CALENDAR, "7d", "weekday-mean")
    assert made.numbers.calls.max() <= most and (made.numbers.calls >= 0).all()
    with pytest.raises(ForecastError, match="is over"):
        forecast_history(hours(35, level=level), CALENDAR, "2025")
