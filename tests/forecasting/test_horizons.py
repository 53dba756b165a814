"""Which days are wanted, in what pieces, and on which of them calls can be expected."""

from datetime import date

import numpy as np
import pytest

from forecasting.calendar import DayCalendar, SpecialDay
from forecasting.horizons import Interval, open_days, read_horizon, read_interval
from forecasting.models.base import ForecastError
from tests.forecasting.models.grids import FIRST, grid

LAST = np.datetime64("2026-11-24")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("28d", "2026-11-25", "2026-12-22"),
        ("4w", "2026-11-25", "2026-12-22"),
        ("1", "2026-11-25", "2026-11-25"),
        ("month", "2026-12-01", "2026-12-31"),
        ("2027-02", "2027-02-01", "2027-02-28"),
        ("2026-11", "2026-11-25", "2026-11-30"),
        ("year", "2027-01-01", "2027-12-31"),
        ("2027", "2027-01-01", "2027-12-31"),
        ("today", "2026-11-24", "2026-11-24"),
    ],
)
def test_horizons(text: str, first: str, last: str) -> None:
    """Days and weeks count from tomorrow; months and years are whole, or what is left of them."""
    horizon = read_horizon(text, LAST)
    assert (str(horizon.first), str(horizon.last)) == (first, last)
    assert horizon.today == (text == "today")


@pytest.mark.parametrize("text", ["", "0d", "soon", "-3d", "2026-13", "2026-10", "2025", "999w", "3x"])
def test_no_horizons(text: str) -> None:
    """What cannot be read, is over, or is too far away is refused in one line."""
    with pytest.raises(ForecastError) as caught:
        read_horizon(text, LAST)
    assert "\n" not in str(caught.value)


def test_intervals() -> None:
    """Slots of a day, or weeks and months of days."""
    assert read_interval("30min") == Interval(1800)
    assert read_interval("1h") == read_interval("60min") == read_interval("hour") == Interval(3600)
    assert read_interval("day") == Interval(86_400)
    assert read_interval("month") == Interval(86_400, "month")
    assert read_interval("week").piece == "week"
    for wrong in ("", "7min", "0min", "2d", "fortnight"):
        with pytest.raises(ForecastError, match="no interval"):
            read_interval(wrong)


def test_days_follow_the_week_and_the_calendar() -> None:
    """No weekend where there never was one, but a make-up Saturday; no day that is closed."""
    special = (SpecialDay(date(2024, 2, 17), "make_up"), SpecialDay(date(2024, 2, 14), "closed"))
    past = grid(42, open_weekdays=5)
    days = open_days(past, DayCalendar(special=special), FIRST + 42, FIRST + 48)
    assert [str(day) for day in days] == [
        "2024-02-12",
        "2024-02-13",
        "2024-02-15",
        "2024-02-16",
        "2024-02-17",
    ]


@pytest.mark.parametrize("worked", [True, False])
def test_holidays_are_forecast_where_they_had_calls(worked: bool) -> None:
    """A house that was open on past holidays will be; one that was not will not."""
    holidays = [date(2024, 1, 10), date(2024, 2, 1), date(2024, 2, 14)]
    calendar = DayCalendar(special=tuple(SpecialDay(day, "holiday", "Feast") for day in holidays))
    days = FIRST + np.arange(42)
    past = grid(days if worked else np.setdiff1d(days, np.array(holidays, dtype="datetime64[D]")))
    ahead = open_days(past, calendar, FIRST + 42, FIRST + 48)
    assert (np.datetime64("2024-02-14") in ahead) == worked
    assert len(ahead) == 6 + worked
