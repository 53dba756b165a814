"""What is known of a day: weekdays, days off around it, places in the month, drivers."""

from datetime import date, timedelta

import numpy as np

from forecasting.calendar import DayCalendar, SpecialDay
from forecasting.models.features import FAR, DayFeatures, features_of
from tests.forecasting.models.grids import FIRST, weekday


def of(days: np.ndarray, calendar: DayCalendar | None = None, past: int | None = None) -> DayFeatures:
    """The features of some days."""
    return features_of((calendar or DayCalendar()).table(days), len(days) if past is None else past)


def working_days(count: int) -> np.ndarray:
    """Monday to Friday from the first of January 2024, a Monday."""
    days = FIRST + np.arange(count)
    return days[weekday(days) < 5]


def test_weekends_are_usual_days_off() -> None:
    """A Monday has two days off before it, a Friday two after it; neither is beside a gap."""
    features = of(working_days(28))
    assert features.off_before[:6].tolist() == [2, 0, 0, 0, 0, 2]
    assert features.off_after[:6].tolist() == [0, 0, 0, 0, 2, 0]
    assert set(features.since_gap) == set(features.to_gap) == {FAR}


def test_a_missing_working_day_is_a_day_off() -> None:
    """Without any calendar the crowd after a long weekend has its sign."""
    days = np.delete(working_days(28), 5)  # Monday the 8th is not there
    features = of(days)
    tuesday = 5
    assert features.off_before[tuesday] == 3
    assert features.since_gap[tuesday : tuesday + 3].tolist() == [0, 1, 2]
    assert features.to_gap[tuesday - 2 : tuesday].tolist() == [1, 0]
    assert features.off_after[tuesday - 1] == 3


def test_what_is_missing_long_is_missing_data() -> None:
    """Three weeks without rows say nothing of the days beside them."""
    days = working_days(70)
    features = of(np.delete(days, slice(20, 35)))
    assert set(features.since_gap) == set(features.to_gap) == {FAR}


def test_holidays_of_a_calendar_count_as_days_off_though_they_have_calls() -> None:
    """A house open on a holiday: the holiday is marked, and the day after it comes after a day off."""
    holiday = DayCalendar(special=(SpecialDay(date(2024, 1, 10), "holiday", "Founders' Day"),))
    features = of(FIRST + np.arange(28), holiday)
    assert np.flatnonzero(features.holiday).tolist() == [9]
    assert features.occasion[9] >= 0 and (np.delete(features.occasion, 9) == -1).all()
    assert features.since_gap[10] == 0 and features.to_gap[8] == 0
    assert features.weekdays[9].tolist() == [0, 0, 0, 0, 0, 0, 1]  # like a Sunday


def test_make_up_days_are_like_working_days() -> None:
    """A Saturday worked for a bridge day is no Saturday."""
    make_up = DayCalendar(special=(SpecialDay(date(2024, 1, 6), "make_up"),))
    features = of(FIRST + np.arange(14), make_up)
    assert features.weekdays[5].tolist() == [0.2] * 5 + [0, 0]
    assert features.weekday[5] == 5


def test_places_in_the_month_are_counted_in_open_days() -> None:
    """The first working day of February 2024 is the 1st, the last one of January the 31st."""
    days = working_days(60)
    features = of(days)
    at = {day: n for n, day in enumerate(days.tolist())}
    assert features.from_start[at[date(2024, 2, 1)]] == 0
    assert features.from_start[at[date(2024, 2, 5)]] == 2
    assert features.to_end[at[date(2024, 1, 31)]] == 0
    assert features.to_end[at[date(2024, 1, 26)]] == 3
    assert features.of_month[at[date(2024, 2, 5)]] == 4


def test_drivers_are_scaled_by_the_past_alone() -> None:
    """A driver has mean 0 and deviation 1 over the days that have been, whatever comes after."""
    days = FIRST + np.arange(20)
    known = {date(2024, 1, 1) + timedelta(n): 10.0 + n % 5 for n in range(15)}
    calendar = DayCalendar(drivers={"letters": known})
    driver = of(days, calendar, past=10).drivers[:, 0]
    assert abs(driver[:10].mean()) < 1e-12
    assert abs(driver[:10].std() - 1) < 1e-12
    assert (driver[15:] == 0).all()  # unknown: as usual
    other = DayCalendar(drivers={"letters": {**known, date(2024, 1, 14): 1e6}})
    assert (of(days, other, past=10).drivers[:10, 0] == driver[:10]).all()


def test_a_driver_that_never_moved_is_left_out() -> None:
    """Nothing can be learned from it."""
    calendar = DayCalendar(drivers={"rate": {date(2024, 1, 1) + timedelta(n): 3.0 for n in range(20)}})
    assert of(FIRST + np.arange(20), calendar).drivers.shape == (20, 0)
