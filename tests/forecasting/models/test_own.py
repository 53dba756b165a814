"""What each of our models can that the simpler ones cannot."""

from datetime import date, timedelta

import numpy as np
import pytest

from forecasting.accuracy import wape
from forecasting.calendar import DayCalendar, SpecialDay
from forecasting.days import Dates
from forecasting.history import Floats
from forecasting.models.base import wanted
from forecasting.models.gaussian import Gaussian
from forecasting.models.poisson import Poisson
from forecasting.models.regression import Regression
from forecasting.models.smoothing import Smoothing
from forecasting.models.svd import Svd
from forecasting.models.weekday import WEEKDAY_MEAN, WEEKDAY_MEDIAN
from tests.forecasting.models.grids import FIRST, asked, grid, pattern


def _payday(days: Dates) -> Floats:
    """A fifth more calls on the first two days of a month."""
    first = (days - days.astype("datetime64[M]").astype("datetime64[D]")).astype(int) < 2
    return pattern(days) * np.where(first, 1.2, 1.0)[:, None]


@pytest.mark.parametrize("model", [Gaussian(), Regression()], ids=lambda model: model.name)
def test_the_turn_of_the_month_is_learned(model: Gaussian | Regression) -> None:
    """After four of them the fifth first of the month is expected to be busier."""
    past = grid(118, _payday, seed=1)  # to 27 April
    made = asked(past).answer(model).sum(axis=1)
    usual = pattern(FIRST + np.arange(118, 132)).sum(axis=1)
    assert (made / usual)[3:5].mean() > 1.12  # the 1st and 2nd of May
    assert (made / usual)[[0, 1, 8, 9, 10]].mean() == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize("model", [Gaussian(), Regression()], ids=lambda model: model.name)
def test_the_crowd_after_a_long_weekend_needs_no_calendar(model: Gaussian | Regression) -> None:
    """Mondays that are missing, three of them, each followed by a busy Tuesday: so will be the fourth."""
    off = np.array([21, 49, 77, 105])
    days = FIRST + np.setdiff1d(np.arange(112), off)
    after = FIRST + off + 1

    def busy(days: Dates) -> Floats:
        return pattern(days) * np.where(np.isin(days, after), 1.3, 1.0)[:, None]

    past = grid(days[days < after[3]], busy, seed=2, open_weekdays=5)
    ahead = FIRST + np.array([106, 107])
    made = wanted(past, ahead, DayCalendar()).answer(model).sum(axis=1)
    assert made[0] / pattern(ahead).sum(axis=1)[0] > 1.15


def test_drivers_move_the_forecast() -> None:
    """Calls that follow the letters sent: a mailing ahead is expected to bring its calls."""
    chance = np.random.default_rng(3)
    letters = chance.lognormal(0, 0.4, 70)
    past = grid(56, lambda days: pattern(days) * letters[: len(days), None] ** 0.5, seed=3)
    known = {date(2024, 1, 1) + timedelta(n): float(letters[n]) for n in range(70)}
    expected = pattern(FIRST + np.arange(56, 70)) * letters[56:, None] ** 0.5
    with_letters = asked(past, calendar=DayCalendar(drivers={"letters": known})).answer(Gaussian())
    without = asked(past).answer(Gaussian())
    assert wape(expected, with_letters) < 0.5 * wape(expected, without)


def test_a_holiday_is_like_the_one_of_its_name() -> None:
    """Founders' Day brought half the calls twice; the third is expected so too, whatever its weekday."""
    days = [date(2024, 1, 17), date(2024, 2, 20), date(2024, 3, 18)]
    calendar = DayCalendar(special=tuple(SpecialDay(day, "holiday", "Founders' Day") for day in days))

    def halved(every: Dates) -> Floats:
        there = np.isin(every, np.array(days, dtype="datetime64[D]"))
        return pattern(every) * np.where(there, 0.2, 1.0)[:, None]

    past = grid(74, halved, seed=4)  # to 14 March
    for model in (Regression(), Gaussian()):
        made = asked(past, calendar=calendar).answer(model).sum(axis=1)
        assert made[3] < 0.6 * pattern(FIRST + np.arange(77, 78)).sum()
        assert made[4] > 0.8 * pattern(FIRST + np.arange(78, 79)).sum()


def test_the_median_lets_a_strange_week_be() -> None:
    """One week of eight with ten times the calls: the mean is more than doubled, the median not moved."""
    past = grid(56)
    past.values[14:21] *= 10
    expected = pattern(FIRST + np.arange(56, 70))
    assert asked(past).answer(WEEKDAY_MEDIAN) == pytest.approx(expected)
    assert asked(past).answer(WEEKDAY_MEAN) == pytest.approx(expected * 17 / 8)


@pytest.mark.parametrize("model", [Smoothing(), Poisson(), Svd(), Gaussian()], ids=lambda model: model.name)
def test_a_new_level_is_followed(model: Smoothing) -> None:
    """A quarter more calls for ten days: tomorrow is not expected to be as two months ago."""

    def risen(days: Dates) -> Floats:
        return pattern(days) * np.where(days >= FIRST + 60, 1.25, 1.0)[:, None]

    past = grid(70, risen, seed=5)
    tomorrow = asked(past, 1).answer(model).sum() / pattern(FIRST + np.arange(70, 71)).sum()
    assert tomorrow > 1.08
