"""Deadlines: next month by the 25th, next year before December; a missed one is said."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.deadlines import days_of, deadlines, due, next_period

TODAY = date(2026, 11, 25)


def states(today: date, since: date, published: dict[str, date]) -> dict[str, str]:
    return {d.period: d.state(published.get(d.period), today) for d in deadlines(today, since)}


def test_next_month_and_next_year_are_asked_for() -> None:
    """On the day itself it is still in time, on the next it is missed."""
    since = date(2026, 11, 20)
    assert states(TODAY, since, {}) == {"2026-12": "due_soon", "2027": "due_soon"}
    assert states(TODAY + timedelta(days=1), since, {})["2026-12"] == "missed"
    assert states(date(2026, 12, 1), since, {}) == {"2026-12": "missed", "2027-01": "open", "2027": "missed"}


def test_what_was_published_is_in_time_or_late() -> None:
    """By the day on which it first was."""
    day = date(2026, 11, 26)
    assert states(day, TODAY, {"2026-12": TODAY})["2026-12"] == "published"
    assert states(day, TODAY, {"2026-12": day})["2026-12"] == "late"


def test_nobody_is_blamed_for_what_was_before_them() -> None:
    """Deadlines before the series was planned for are not listed."""
    assert "2026-11" not in states(TODAY, date(2026, 10, 26), {})
    assert states(TODAY, date(2026, 10, 25), {})["2026-11"] == "missed"


def test_periods_have_days() -> None:
    """Also in leap years."""
    assert days_of("month", "2028-02") == (date(2028, 2, 1), date(2028, 2, 29))
    assert days_of("year", "2027") == (date(2027, 1, 1), date(2027, 12, 31))
    assert due("weeks", "") is None
    with pytest.raises(ValueError):
        days_of("month", "2028-13")


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_the_next_period_is_always_asked_for(today: date) -> None:
    """It begins after today, and its deadline is before it begins."""
    listed = {d.period: d for d in deadlines(today, today)}
    for kind in ("month", "year"):
        one = listed[next_period(kind, today)]
        first, last = days_of(kind, one.period)
        assert today < first <= last and one.due < first and one.due == due(kind, one.period)
