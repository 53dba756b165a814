"""A calendar says of each day what a planner would."""

import logging
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.days_off import tell_of
from domain.config import CalendarConfig
from forecasting.calendar import FAR, DayCalendar, Event, SpecialDay
from forecasting.days import Dates

WEEK = CalendarConfig(
    "shop",
    hours=dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00-17:30",)) | {"sat": ("22:00-02:00",)},
    country="CN",
)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.WARNING)  # years that are not published yet are told in the log
    yield
    logging.disable(logging.NOTSET)


def days(first: str, last: str) -> Dates:
    """The days from ``first`` up to and with ``last``."""
    return np.arange(np.datetime64(first), np.datetime64(last) + 1)


def test_a_golden_week() -> None:
    """Names, the count within the holiday, make-up days with their own weekday, distances."""
    table = DayCalendar("CN").table(days("2026-09-30", "2026-10-11"))
    assert table.kind.tolist() == [
        "ordinary",
        *["holiday"] * 7,
        "ordinary",
        "ordinary",
        "make_up",
        "ordinary",
    ]
    assert table.nth.tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 0, 0, 0, 0]
    assert table.weekday.tolist() == [2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6]
    assert table.days_to.tolist() == [1, 0, 0, 0, 0, 0, 0, 0, FAR, FAR, FAR, FAR]
    assert table.days_since.tolist() == [3, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]
    assert table.next_holiday[0] == "National Day"
    assert table.last_holiday[0] == "Mid-autumn Festival"
    assert table.next_holiday[8] == ""
    assert table.last_holiday[8] == "National Day"


def test_the_turn_of_the_month() -> None:
    """Leap years and months of all lengths."""
    table = DayCalendar().table(days("2028-02-28", "2028-03-01"))
    assert table.day_of_month.tolist() == [28, 29, 1]
    assert table.to_month_end.tolist() == [1, 0, 30]


def test_without_a_country_every_day_is_ordinary() -> None:
    """And no holiday is near."""
    table = DayCalendar().table(days("2025-12-24", "2025-12-26"))
    assert set(table.kind) == {"ordinary"}
    assert set(table.days_to) == set(table.days_since) == {FAR}


def test_a_year_nobody_has_published_is_the_lawful_days_and_the_planners_table() -> None:
    """2027: the planner knows already that the Festival's week is moved to the 9th, and who works for it."""
    table = DayCalendar("CN").table(days("2031-01-22", "2031-01-25"))
    assert "Spring Festival" in table.holiday
    planned = DayCalendar(
        "CN",
        (
            SpecialDay(date(2031, 1, 28), "holiday", "Spring Festival"),
            SpecialDay(date(2031, 2, 1), "make_up"),
            SpecialDay(date(2031, 1, 23), "ordinary"),
        ),
    ).table(days("2031-01-22", "2031-02-01"))
    kinds = dict(zip(planned.days.astype(str).tolist(), planned.kind.tolist(), strict=True))
    assert kinds["2031-01-28"] == "holiday"
    assert kinds["2031-02-01"] == "make_up"
    assert kinds["2031-01-23"] == "ordinary"
    assert planned.holiday[6] == "Spring Festival"


def test_the_table_goes_before_the_hours_and_the_country() -> None:
    """A day closed by the configuration, one closed by the planner, one the planner opens again."""
    hours = CalendarConfig(
        "shop", hours=dict.fromkeys(("mon", "tue"), ("09:00-17:00",)), closed=("2026-03-02",)
    )
    calendar = DayCalendar("", (SpecialDay(date(2026, 3, 3), "closed"),), hours=hours)
    assert calendar.table(days("2026-03-02", "2026-03-03")).kind.tolist() == ["closed", "closed"]
    again = DayCalendar("", (SpecialDay(date(2026, 3, 2), "ordinary"),), hours=hours)
    assert again.table(days("2026-03-02", "2026-03-02")).kind.tolist() == ["ordinary"]
    assert again.is_open(days("2026-03-02", "2026-03-02"), np.array([600]), 1800).tolist() == [[True]]


def test_a_closed_day_is_near_as_a_holiday_is() -> None:
    """Callers come the day after, whyever nobody answered."""
    calendar = DayCalendar("", (SpecialDay(date(2026, 3, 4), "closed"),))
    table = calendar.table(days("2026-03-02", "2026-03-06"))
    assert table.days_to.tolist()[:3] == [2, 1, 0]
    assert table.days_since.tolist()[2:] == [0, 1, 2]


def test_events_are_learned_or_believed() -> None:
    """Sizes add up by name; what the planner expects stands apart and multiplies."""
    calendar = DayCalendar(
        events=(
            Event("mailing", date(2026, 3, 2), date(2026, 3, 3), size=2),
            Event("mailing", date(2026, 3, 3), date(2026, 3, 4)),
            Event("strike", date(2026, 3, 4), date(2026, 3, 5), effect=1.5),
            Event("sale", date(2026, 3, 5), date(2026, 3, 5), effect=1.2),
        )
    )
    table = calendar.table(days("2026-03-01", "2026-03-05"))
    assert set(table.events) == {"mailing"}
    assert table.events["mailing"].tolist() == [0, 2, 3, 1, 0]
    np.testing.assert_allclose(table.effect, [np.nan, np.nan, np.nan, 1.5, 1.8])


def test_drivers_are_unknown_where_nobody_told() -> None:
    """Not zero."""
    calendar = DayCalendar(drivers={"letters": {date(2026, 3, 2): 1200.0}})
    found = calendar.table(days("2026-03-01", "2026-03-02")).drivers["letters"]
    np.testing.assert_array_equal(found, [np.nan, 1200.0])


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (lambda: SpecialDay(date(2026, 1, 1), "feast"), "feast"),  # type: ignore[arg-type]
        (lambda: SpecialDay(date(2026, 1, 1), "open", hours=("9-5",)), "9-5"),
        (lambda: Event("", date(2026, 1, 1), date(2026, 1, 1)), "name"),
        (lambda: Event("sale", date(2026, 1, 2), date(2026, 1, 1)), "before it begins"),
        (lambda: Event("sale", date(2026, 1, 1), date(2026, 1, 1), effect=-1), "multiplier"),
        (lambda: Event("sale", date(2026, 1, 1), date(2026, 1, 1), size=float("nan")), "size"),
        (lambda: DayCalendar(special=(SpecialDay(date(2026, 1, 1), "closed"),) * 2), "2026-01-01"),
    ],
)
def test_what_cannot_be_is_refused(made: Any, reason: str) -> None:
    """With the reason."""
    with pytest.raises(ValueError, match=reason):
        made()


def test_opening_hours_by_slot() -> None:
    """Half an hour that is partly open is open; a span past midnight reaches into the next day."""
    calendar = DayCalendar("CN", hours=WEEK)
    slots = np.array([0, 90, 120, 510, 540, 1020, 1050, 1320])
    found = calendar.is_open(days("2026-03-06", "2026-03-08"), slots, 1800)
    assert found.tolist() == [
        [False, False, False, False, True, True, False, False],
        [False, False, False, False, False, False, False, True],
        [True, True, False, False, False, False, False, False],
    ]
    assert calendar.is_open(days("2026-03-06", "2026-03-06"), np.array([1020]), 3600).all()
    assert calendar.is_open(days("2026-03-06", "2026-03-08"), np.array([0]), 86_400)[:, 0].all()


def test_hours_on_special_days() -> None:
    """Holidays close a house that keeps them; make-up days are Mondays; the table opens and closes."""
    calendar = DayCalendar(
        "CN",
        (
            SpecialDay(date(2026, 10, 2), "open", hours=("10:00-12:00",)),
            SpecialDay(date(2026, 10, 9), "holiday", "house party"),
            SpecialDay(date(2026, 10, 17), "make_up"),
        ),
        hours=WEEK,
    )
    noon, morning = np.array([660]), np.array([540])
    assert not calendar.is_open(days("2026-10-01", "2026-10-01"), noon, 1800).any()
    assert calendar.is_open(days("2026-10-02", "2026-10-02"), noon, 1800).all()
    assert not calendar.is_open(days("2026-10-02", "2026-10-02"), morning, 1800).any()
    assert calendar.table(days("2026-10-02", "2026-10-02")).kind.tolist() == ["holiday"]
    assert not calendar.is_open(days("2026-10-09", "2026-10-09"), noon, 1800).any()
    assert calendar.is_open(days("2026-10-10", "2026-10-10"), noon, 1800).all()
    assert calendar.is_open(days("2026-10-17", "2026-10-17"), noon, 1800).all()


def test_without_hours_only_closed_days_are_closed() -> None:
    """Round the clock."""
    calendar = DayCalendar(special=(SpecialDay(date(2026, 3, 3), "closed"),))
    found = calendar.is_open(days("2026-03-02", "2026-03-03"), np.array([0, 720]), 1800)
    assert found.tolist() == [[True, True], [False, False]]


def test_hours_that_cannot_be_read_are_told() -> None:
    """With what is wrong with them."""
    calendar = DayCalendar(hours=CalendarConfig("shop", hours={"mon": ("9-5",)}))
    with pytest.raises(LookupError, match="9-5"):
        calendar.is_open(days("2026-03-02", "2026-03-02"), np.array([0]), 1800)


def test_no_days_at_all() -> None:
    """An empty table."""
    assert (
        len(
            DayCalendar("CN", events=(Event("x", date(2026, 1, 1), date(2026, 1, 1)),)).table(
                days("2026-01-02", "2026-01-01")
            )
        )
        == 0
    )


@given(
    st.lists(st.dates(date(2020, 1, 1), date(2026, 12, 31)), min_size=1, max_size=40),
    st.sampled_from(["", "CN", "US", "DE-BY"]),
)
def test_each_day_is_told_alike_whatever_is_asked_with_it(asked: list[date], country: str) -> None:
    """In any order; the distances are those one finds by walking there."""
    calendar = DayCalendar(country)
    table = calendar.table(np.array(asked, dtype="datetime64[D]"))
    for n, day in enumerate(asked):
        alone = DayCalendar(country).table(np.array([day], dtype="datetime64[D]"))
        for name in (
            "weekday",
            "kind",
            "holiday",
            "nth",
            "days_to",
            "days_since",
            "next_holiday",
            "last_holiday",
        ):
            assert getattr(table, name)[n] == getattr(alone, name)[0]
        assert table.weekday[n] == day.weekday()
        off = [
            k for k in range(FAR) if calendar.table(np.array([day], "datetime64[D]") + k).kind[0] == "holiday"
        ]
        assert table.days_to[n] == min(off, default=FAR)


def test_only_what_is_asked_about_is_told_to_be_unpublished(caplog: pytest.LogCaptureFixture) -> None:
    """December looks ahead to the holidays of January; whoever plans December need not care."""
    tell_of.cache_clear()
    with caplog.at_level(logging.WARNING):
        table = DayCalendar("CN").table(np.array(["2037-12-30"], dtype="datetime64[D]"))
        assert table.days_to.tolist() == [2]
        assert "2037" in caplog.text and "2038" not in caplog.text
        DayCalendar("CN").table(np.array(["2038-01-02"], dtype="datetime64[D]"))
    assert "2038" in caplog.text
