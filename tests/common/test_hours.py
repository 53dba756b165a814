"""Calendars say open and closed as a person with the paper calendar in hand would."""

import contextlib
import logging
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import days_off
from common.hours import WEEKDAYS, Calendars, parse_open, parse_span
from domain.config import CalendarConfig
from domain.instant import Instant

WEEK = dict.fromkeys(WEEKDAYS[:5], ("09:00-17:00",))


def at(text: str, zone: str = "Asia/Shanghai", fold: int = 0) -> Instant:
    """A time on the wall of ``zone``."""
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return Instant(int(local.timestamp()) * 1_000_000)


def is_open(config: CalendarConfig, text: str, fold: int = 0) -> bool:
    """Whether the calendar is open at a time on its own wall."""
    return Calendars([config]).is_open(config.id, at(text, config.timezone, fold))


def test_a_week() -> None:
    """Spans include their begin and not their end; days without spans are closed."""
    config = CalendarConfig("c", hours={**WEEK, "sat": ("09:00-12:00", "13:00-15:00")})
    assert not is_open(config, "2026-03-02 08:59:59")
    assert is_open(config, "2026-03-02 09:00")
    assert is_open(config, "2026-03-02 16:59:59")
    assert not is_open(config, "2026-03-02 17:00")
    assert [is_open(config, f"2026-03-07 {t}") for t in ("11:59", "12:00", "13:00")] == [True, False, True]
    assert not is_open(config, "2026-03-08 10:00")


def test_past_midnight_and_whole_days() -> None:
    """A night belongs to the day it begins on, also into a closed date; 24:00 ends a day without a gap."""
    night = CalendarConfig("n", hours={"fri": ("22:00-06:00",)}, closed=("2026-03-07",))
    assert is_open(night, "2026-03-06 22:00") and is_open(night, "2026-03-07 05:59")
    assert not is_open(night, "2026-03-07 06:00") and not is_open(night, "2026-03-06 05:00")
    whole = CalendarConfig("w", hours=dict.fromkeys(("mon", "tue"), ("00:00-24:00",)))
    assert is_open(whole, "2026-03-02 23:59:59") and is_open(whole, "2026-03-03 00:00")
    assert not is_open(whole, "2026-03-04 00:00")


def test_special_dates() -> None:
    """Closed dates are closed; open dates work like a Monday, or by their own spans; both beat holidays."""
    config = CalendarConfig(
        "c",
        hours={**WEEK, "mon": ("08:00-20:00",)},
        country="CN",
        closed=("2026-03-03",),
        open=("2026-10-01", "2026-10-02 10:00-12:00", "2026-03-08"),
    )
    assert not is_open(config, "2026-03-03 10:00")
    assert is_open(config, "2026-10-01 08:00") and is_open(config, "2026-03-08 19:59")
    assert is_open(config, "2026-10-02 11:00") and not is_open(config, "2026-10-02 12:00")
    assert not is_open(config, "2026-10-05 11:00")


def test_china_in_2026() -> None:
    """Spring Festival is closed on weekdays; the make-up Saturday before it is worked as a Monday."""
    config = CalendarConfig("c", hours=WEEK, country="CN")
    assert not is_open(config, "2026-02-16 10:00")
    assert is_open(config, "2026-02-14 10:00")
    assert not is_open(config, "2026-02-07 10:00")
    assert not is_open(CalendarConfig("c", hours=WEEK), "2026-02-14 10:00")


def test_china_beyond_what_is_published(caplog: pytest.LogCaptureFixture) -> None:
    """In a year not yet published the fixed holidays still close, and the log says so once."""
    days_off.tell_of.cache_clear()
    config = CalendarConfig("c", hours=dict.fromkeys(WEEKDAYS, ("00:00-24:00",)), country="CN")
    calendars = Calendars([config])
    with caplog.at_level(logging.WARNING):
        assert not calendars.is_open("c", at("2036-10-01 10:00"))
        assert calendars.is_open("c", at("2036-03-04 10:00"))
        assert not Calendars([config]).is_open("c", at("2036-01-01 10:00"))
    assert [r.getMessage() for r in caplog.records if "2036" in r.getMessage()] == [
        "the State Council's holidays of 2036 are not known to this version of chinesecalendar: bridge days "
        "and make-up workdays are left out; update it, or enter them in the calendar"
    ]


def test_other_countries() -> None:
    """Countries and their parts have their own holidays; weekends are the week's own affair."""
    usa = CalendarConfig("c", "America/New_York", WEEK, country="US")
    assert not is_open(usa, "2026-11-26 10:00") and is_open(usa, "2026-11-27 10:00")
    assert not is_open(CalendarConfig("c", "America/Los_Angeles", WEEK, country="US-CA"), "2026-03-31 10:00")
    assert is_open(CalendarConfig("c", "America/New_York", WEEK, country="US-NY"), "2026-03-31 10:00")


def test_the_clock_on_the_wall() -> None:
    """Summer time moves the instant, not the hour; the hour that comes twice counts twice."""
    config = CalendarConfig("c", "Europe/Berlin", {**WEEK, "sun": ("02:00-03:00",)})
    before, later = at("2026-03-27 09:00", "Europe/Berlin"), at("2026-03-30 09:00", "Europe/Berlin")
    assert later - before == (3 * 24 - 1) * 3_600_000_000
    assert Calendars([config]).is_open("c", before) and Calendars([config]).is_open("c", later)
    assert is_open(config, "2026-10-25 02:30", fold=0) and is_open(config, "2026-10-25 02:30", fold=1)
    start = at("2026-03-29 01:59", "Europe/Berlin")
    assert not any(Calendars([config]).is_open("c", Instant(start + i * 60_000_000)) for i in range(5))


@pytest.mark.parametrize(
    "config",
    [
        CalendarConfig("c", "Europe/Nowhere", WEEK),
        CalendarConfig("c", "Asia", WEEK),
        CalendarConfig("c", hours={"monday": ("09:00-17:00",)}),
        CalendarConfig("c", hours={"mon": ("9-5",)}),
        CalendarConfig("c", hours=WEEK, country="XX"),
        CalendarConfig("c", hours=WEEK, closed=("2026-02-30",)),
    ],
)
def test_what_cannot_be_read_gives_no_answer(config: CalendarConfig) -> None:
    """A calendar that cannot be read is a LookupError when asked; the others go on answering."""
    calendars = Calendars([config, CalendarConfig("good", hours=WEEK)])
    with pytest.raises(LookupError):
        calendars.is_open("c", at("2026-03-02 10:00"))
    assert calendars.is_open("good", at("2026-03-02 10:00"))
    with pytest.raises(LookupError, match="there is no such calendar"):
        calendars.is_open("other", at("2026-03-02 10:00"))


@pytest.mark.parametrize("text", ["9-5", "09:00", "09:00-25:00", "24:00-25:00", "09:60-10:00", "08:00-08:00"])
def test_spans_that_are_none(text: str) -> None:
    """The reason begins with what was written."""
    with pytest.raises(ValueError, match=f"^'{text}' "):
        parse_span(text)


minutes = st.integers(0, 24 * 60 - 1)
spans = st.tuples(minutes, st.integers(0, 24 * 60)).filter(lambda s: s[0] != s[1])
weeks = st.dictionaries(st.sampled_from(WEEKDAYS), st.lists(spans, max_size=3))
days = st.dates(date(2025, 9, 1), date(2026, 12, 31))
specials = st.dictionaries(st.integers(-2, 2), st.one_of(st.none(), st.lists(spans, max_size=2)), max_size=4)
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia")


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@given(
    weeks,
    days,
    specials,
    st.sampled_from(ZONES),
    st.sampled_from(["", "CN", "DE"]),
    st.lists(st.integers(-1500, 3000), min_size=1, max_size=20),
)
def test_agrees_with_painting_every_minute(
    week: dict[str, list[tuple[int, int]]],
    middle: date,
    special: dict[int, list[tuple[int, int]] | None],
    zone: str,
    country: str,
    offsets: list[int],
) -> None:
    """Painting each open minute of the days around by hand gives the same answer at any moment."""
    dates = {middle + timedelta(days=i): own for i, own in special.items()}
    config = CalendarConfig(
        "c",
        zone,
        {day: tuple(f"{clock(a)}-{clock(b)}" for a, b in own) for day, own in week.items()},
        country,
        tuple(str(day) for day, own in dates.items() if own is None),
        tuple(
            " ".join([str(day), *(f"{clock(a)}-{clock(b)}" for a, b in own)])
            for day, own in dates.items()
            if own is not None
        ),
    )
    painted: set[tuple[date, int]] = set()
    for i in range(-4, 5):
        day = middle + timedelta(days=i)
        kind = days_off.day_of(country, day) if country else "ordinary"
        if day in dates:
            own = dates[day]
            todays = [] if own is None else own or week.get("mon", [])
        elif kind == "holiday":
            todays = []
        else:
            todays = week.get("mon" if kind == "make_up" else WEEKDAYS[day.weekday()], [])
        for begin, end in todays:
            minute, on = begin, day
            while (minute, on) != (end % 1440, day + timedelta(days=(end <= begin) + (end == 1440))):
                painted.add((on, minute))
                minute, on = (0, on + timedelta(days=1)) if minute == 1439 else (minute + 1, on)
    calendars = Calendars([config])
    noon = datetime(middle.year, middle.month, middle.day, 12, tzinfo=UTC)
    for offset in offsets:
        moment = noon + timedelta(minutes=offset)
        wall = moment.astimezone(ZoneInfo(zone))
        expected = (wall.date(), wall.hour * 60 + wall.minute) in painted
        instant = Instant(int(moment.timestamp()) * 1_000_000)
        assert calendars.is_open("c", instant) is expected
        assert calendars.is_open("c", instant) is expected  # and again, now remembered


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    """Whatever is written as an open date is read or refused with ValueError."""
    with contextlib.suppress(ValueError):
        parse_open(text)
