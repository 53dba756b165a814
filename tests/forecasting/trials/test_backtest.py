"""Backtests: the figures are what they say, and nothing knows the future."""

import numpy as np
import pytest

from forecasting.calendar import DayCalendar
from forecasting.days import DayGrid
from forecasting.models.base import ForecastError
from forecasting.models.gaussian import Gaussian
from forecasting.models.regression import Regression
from forecasting.models.weekday import LAST_WEEK, WEEKDAY_MEAN
from forecasting.trials.backtest import Line, backtest, check_days, origins_between, weekly_scale
from forecasting.trials.rolling import Rolling
from tests.forecasting.models.grids import FIRST, grid, pattern
from tests.forecasting.trials.test_choice import Off
from tests.forecasting.trials.test_rolling import Unable


def run(truth: DayGrid, models: list[object], horizons: tuple[int, ...], origins: tuple[int, ...]) -> object:
    """A backtest without a calendar."""
    return backtest(Rolling(truth, DayCalendar(), max(horizons)), models, horizons, origins)


def test_known_errors() -> None:
    """A model 5 % too high is 5 % off at any horizon, at interval and daily level."""
    found = run(grid(60), [Off("high", 0.05), Off("exact", 0.0)], (1, 7), (30, 40, 50))
    assert found.lines["high"].interval_wape == pytest.approx({1: 5.0, 7: 5.0})
    assert found.lines["high"].daily_wape == pytest.approx({1: 5.0, 7: 5.0})
    assert found.lines["exact"].interval_wape == pytest.approx({1: 0.0, 7: 0.0}, abs=1e-9)
    assert found.auto.interval_wape == pytest.approx({1: 0.0, 7: 0.0}, abs=1e-9)
    assert found.choice.weights == {"exact": 1.0}


def test_errors_that_cancel_within_a_day_are_seen_by_interval_only() -> None:
    """One slot too high by what the next is too low: right by day, wrong by interval."""
    truth = grid(60)
    truth.values[:, 0] -= 20
    truth.values[:, 1] += 20
    line = run(truth, [Off("exact", 0.0)], (5,), (40, 50)).lines["exact"]
    assert line.daily_wape[5] == pytest.approx(0, abs=1e-9)
    assert line.interval_wape[5] == pytest.approx(100 * 40 / truth.values[40:55].sum(axis=1).mean(), rel=0.1)


def test_mase_is_one_for_the_weekly_naive_error() -> None:
    """The scale is the mean absolute difference of a week within the past."""
    truth = grid(70, seed=1)
    scale = weekly_scale(truth, 50)
    assert scale == pytest.approx(np.abs(truth.values[7:50] - truth.values[:43]).mean())
    line = run(truth, [LAST_WEEK], (7,), (50,)).lines["last-week"]
    naive = np.abs(truth.values[50:57] - truth.values[43:50]).mean()
    assert line.mase[7] == pytest.approx(naive / scale)


def test_the_weekly_naive_skips_days_off() -> None:
    """A day has its partner seven calendar days before; where there is none it is left out."""
    days = np.delete(FIRST + np.arange(21), [7, 8])
    values = np.arange(19.0)[:, None] ** 2
    scale = weekly_scale(DayGrid(days, np.array([0]), values, 86_400, "UTC"), 19)
    place = {int(day): n for n, day in enumerate(days.astype(int))}
    pairs = [abs(values[n, 0] - values[place[day - 7], 0]) for day, n in place.items() if day - 7 in place]
    assert scale == pytest.approx(np.mean(pairs))


def test_the_automatic_choice_does_not_see_the_future() -> None:
    """Its forecasts from the first origins are the same whatever comes after."""
    truth = grid(60, seed=2, open_weekdays=5)
    horizons, origins = (1, 3), (20, 24)
    models = [WEEKDAY_MEAN, Regression(), Gaussian()]
    before = run(truth, models, horizons, origins)
    truth.values[27:] = np.random.default_rng(3).permuted(truth.values[27:] + 500)
    after = run(truth, models, horizons, origins)

    def figures(line: Line) -> tuple[object, ...]:
        return line.interval_wape, line.daily_wape, line.mase, line.coverage80

    assert figures(before.auto) == figures(after.auto)
    for name, line in before.lines.items():
        assert figures(line) == figures(after.lines[name])


def test_bands_of_the_automatic_choice_cover_four_of_five() -> None:
    """Of noisy days with a wandering level, from 77 to 83 % of the intervals; of the days nearly so."""
    covered = []
    for seed in range(4):
        chance = np.random.default_rng(seed)
        level = np.exp(np.cumsum(chance.normal(0, 0.015, 120)) + chance.normal(0, 0.03, 120))
        truth = grid(120, lambda days, by=level: pattern(days) * by[:, None], seed=5 + seed)
        auto = run(truth, [WEEKDAY_MEAN, Regression()], (5, 10), tuple(range(60, 110, 4))).auto
        covered.append([*auto.coverage80.values(), *auto.daily_coverage80.values()])
    five, ten, five_daily, ten_daily = np.mean(covered, axis=0)
    assert 77 <= five <= 83 and 77 <= ten <= 83
    assert 70 <= five_daily <= 88 and 70 <= ten_daily <= 88


def test_a_model_that_cannot_has_no_figures() -> None:
    """It stands in the table, with NaN."""
    found = run(grid(60), [Unable(), Off("able", 0.01)], (1,), (40,))
    assert np.isnan(found.lines["unable"].interval_wape[1])
    assert found.auto.interval_wape[1] == pytest.approx(1)


def test_no_calls_have_no_error_in_percent() -> None:
    """A backtest of zeros goes through; percent of nothing cannot be said."""
    nothing = grid(40, lambda days: np.zeros((len(days), 6)))
    line = run(nothing, [WEEKDAY_MEAN], (1,), (20, 30)).auto
    assert np.isnan(line.interval_wape[1])
    assert line.coverage80[1] == 100


def test_origins() -> None:
    """Evenly spread with both ends, or by a step from the first on."""
    assert origins_between(90, 144, 3) == (90, 117, 144)
    assert origins_between(90, 144, 100) == tuple(range(90, 145))
    assert origins_between(90, 144, 4, step=10) == (90, 100, 110, 120)
    assert origins_between(90, 100, 40, step=5) == (90, 95, 100)
    with pytest.raises(ForecastError, match="no origin"):
        origins_between(10, 9, 3)


def test_days_that_do_not_suffice() -> None:
    """What is asked for must be there; the message says what would be needed."""
    assert check_days(164, [1, 5, 20], 90, 144) == (90, 144)
    assert check_days(60, [7], None, None) == (30, 53)
    with pytest.raises(ForecastError, match="60 days; 20 days ahead after 50 days need 70"):
        check_days(60, [20], 50, None)
    with pytest.raises(ForecastError, match="models need 5 days"):
        check_days(60, [7], 3, None)
    with pytest.raises(ForecastError, match="leaves 0 of 60 days"):
        check_days(60, [1], 50, 60)
    with pytest.raises(ForecastError, match="8 days"):
        check_days(8, [7], None, None)
