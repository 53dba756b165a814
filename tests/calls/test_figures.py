"""Intervals in a queue's time zone: everything is in one of them, and each exists once."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.figures import DAY, INTERVAL_US, LENGTHS, NAMES, Figures, Interval, gather, starts_at
from calls.history import interval_history
from domain.config import QueueConfig
from domain.instant import MICROS_PER_SECOND, Instant
from tests.calls import records
from tests.calls.records import SALES, quarter
from tests.tables import with_tables

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")
ZONES = [
    BERLIN,
    SHANGHAI,
    ZoneInfo("America/Havana"),  # the clock is turned at midnight
    ZoneInfo("Asia/Kathmandu"),  # 5 h 45 min from UTC
    ZoneInfo("Australia/Lord_Howe"),  # turned by half an hour
]
ONE = Figures(offered=1, answered=1, longest_us=5)


def instant(text: str, zone: ZoneInfo = BERLIN) -> Instant:
    """``2026-10-25 02:30`` on the wall; ``+02:00`` after it says which one."""
    at = datetime.fromisoformat(text)
    at = at if at.tzinfo else at.replace(tzinfo=zone)
    return Instant(round(at.timestamp()) * MICROS_PER_SECOND)


def quarters(start: Instant, end: Instant) -> Iterator[tuple[int, Figures]]:
    """One visit in each quarter of an hour."""
    for at in range(start, end, INTERVAL_US):
        yield at, ONE


def wall(interval: Interval, zone: ZoneInfo = BERLIN) -> str:
    """When an interval begins, on the wall."""
    return datetime.fromtimestamp(interval.start // MICROS_PER_SECOND, zone).strftime("%H:%M%z")


def test_the_hour_that_comes_twice_is_two_intervals() -> None:
    """And the day of 25 hours is one."""
    day = instant("2026-10-25 00:00"), instant("2026-10-26 00:00")
    hours = gather(quarters(*day), 60, BERLIN)
    assert len(hours) == 25
    assert [wall(hour) for hour in hours[1:5]] == ["01:00+0200", "02:00+0200", "02:00+0100", "03:00+0100"]
    assert {hour.offered for hour in hours} == {4}
    (whole,) = gather(quarters(*day), DAY, BERLIN)
    assert (whole.start, whole.end, whole.offered) == (*day, 100)


def test_the_hour_that_never_comes_is_none() -> None:
    """And the day has 23 hours."""
    day = instant("2026-03-29 00:00"), instant("2026-03-30 00:00")
    hours = gather(quarters(*day), 60, BERLIN)
    assert [wall(hour) for hour in hours[:4]] == ["00:00+0100", "01:00+0100", "03:00+0200", "04:00+0200"]
    assert len(hours) == 23
    (whole,) = gather(quarters(*day), DAY, BERLIN)
    assert (whole.start, whole.end, whole.offered) == (*day, 92)


def test_where_midnight_is_turned_the_day_begins_once() -> None:
    """In Havana it comes twice in autumn, and never in spring."""
    havana = ZoneInfo("America/Havana")
    autumn = gather(
        quarters(instant("2026-10-31 12:00", havana), instant("2026-11-02 12:00", havana)), DAY, havana
    )
    assert [(i.end - i.start) / MICROS_PER_SECOND / 3600 for i in autumn] == [24, 25, 24]
    spring = gather(
        quarters(instant("2026-03-07 12:00", havana), instant("2026-03-09 12:00", havana)), DAY, havana
    )
    assert [(i.end - i.start) / MICROS_PER_SECOND / 3600 for i in spring] == [24, 23, 24]


def test_a_clock_turned_within_an_hour_begins_it_anew() -> None:
    """Lord Howe turns it by half an hour: the hour it falls in is two intervals, and nothing is in both."""
    zone = ZoneInfo("Australia/Lord_Howe")
    start = instant("2026-04-05 00:00", zone)
    hours = gather(quarters(start, Instant(start + 5 * 3600 * MICROS_PER_SECOND)), 60, zone)
    assert [wall(h, zone) for h in hours] == [
        "00:00+1100",
        "01:00+1100",
        "01:30+1030",
        "02:00+1030",
        "03:00+1030",
        "04:00+1030",
    ]
    assert [h.offered for h in hours] == [4, 4, 2, 4, 4, 2]


def test_half_hours_stand_where_the_wall_says() -> None:
    """Nepal is 5 h 45 min from UTC."""
    zone = ZoneInfo("Asia/Kathmandu")
    start = instant("2026-09-23 09:15", zone)
    found = gather(quarters(start, Instant(start + 4 * INTERVAL_US)), 30, zone)
    assert [(wall(i, zone), i.offered) for i in found] == [
        ("09:00+0545", 1),
        ("09:30+0545", 2),
        ("10:00+0545", 1),
    ]


def test_nothing_between_the_first_and_the_last_is_zeros() -> None:
    """And nothing before or after them is not there; nothing at all is nothing."""
    found = gather([(quarter(9), ONE), (quarter(1), ONE)], 30, SHANGHAI)
    assert [i.offered for i in found] == [1, 0, 0, 0, 1]
    assert [i.start for i in found] == [quarter(n) for n in (0, 2, 4, 6, 8)]
    assert (found[1].asa_s, found[1].aht_s, found[1].abandonment) == (None, None, None)
    assert gather([], 30, SHANGHAI) == []


def test_an_interval_has_one_of_four_lengths() -> None:
    """Others are refused by name."""
    with pytest.raises(ValueError, match="15, 30, 60, 1440 minutes, not 20"):
        gather([], 20, SHANGHAI)


@given(
    st.sampled_from(ZONES),
    st.sampled_from(LENGTHS),
    st.dates(date(2024, 1, 1), date(2027, 12, 31)),
    st.lists(st.integers(0, 400), min_size=1, max_size=30),
)
def test_every_visit_is_in_one_interval(zone: ZoneInfo, minutes: int, day: date, offsets: list[int]) -> None:
    """They follow one another without gap or overlap, whatever the clock does; the sums stay the same."""
    first = round(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * MICROS_PER_SECOND
    given_quarters = [(first + n * INTERVAL_US, ONE) for n in offsets]
    found = gather(given_quarters, minutes, zone)
    assert all(a.end == b.start for a, b in pairwise(found))
    assert all(a.start < a.end for a in found)
    for one in found:
        inside = [at for at, _ in given_quarters if one.start <= at < one.end]
        assert one.offered == len(inside)
        assert one.longest_us == (5 if inside else 0)
        assert {starts_at(at, minutes, zone) for at in inside} <= {one.start}
        assert minutes == DAY or one.end - one.start <= minutes * 60 * MICROS_PER_SECOND
    assert sum(one.offered for one in found) == len(offsets)
    assert found[0].offered
    assert found[-1].offered


def test_figures_add_up() -> None:
    """Each by its name; the longest wait is the longer one."""
    numbers = Figures(*range(1, len(NAMES) + 1))
    both = numbers + numbers
    for name in NAMES:
        factor = 1 if name == "longest_us" else 2
        assert getattr(both, name) == factor * getattr(numbers, name), name


def test_averages_are_of_those_they_are_about() -> None:
    """ASA of the answered, AHT with wrap-up, abandonment of answered and abandoned."""
    figures = Figures(
        offered=10,
        answered=4,
        abandoned=1,
        refused=5,
        answer_us=40_000_000,
        wait_us=90_000_000,
        talk_us=400_000_000,
        hold_us=20_000_000,
        wrap_us=80_000_000,
    )
    assert (figures.asa_s, figures.aht_s, figures.abandonment) == (10, 125, 0.2)
    assert (figures.talk_s, figures.hold_s, figures.acw_s) == (400, 20, 80)


def test_the_history_of_a_queue_is_told_in_its_time_zone(tmp_path: Path) -> None:
    """What forecasting reads: counts and times by interval, empty ones as zeros, other queues left out."""
    database = with_tables(f"sqlite:///{tmp_path / 'records.db'}")
    sales = QueueConfig(SALES, "Sales", timezone="Asia/Shanghai")
    early = records.visit("k1", waits=10, talk_us=100_000_000)
    late = records.visit("k2", enters=3 * 900 + 5, waits=40, outcome="abandoned")
    other = records.visit("k3", queue=records.CARDS)
    steps = [records.ended(records.record(v.call, v)) for v in (early, late, other)]
    records.write(database, [records.configured(sales), *steps, records.wrapped_up(early, 35)])
    with database.transaction() as session:
        found = interval_history(session, SALES, records.START, quarter(100))
        days = interval_history(session, SALES, records.START, quarter(100), DAY)
        before = interval_history(session, SALES, Instant(0), records.START)
    database.close()
    assert [(i.start, i.offered, i.answered, i.abandoned) for i in found] == [
        (quarter(0), 1, 1, 0),
        (quarter(1), 0, 0, 0),
        (quarter(2), 0, 0, 0),
        (quarter(3), 1, 0, 1),
    ]
    assert (found[0].talk_s, found[0].hold_s, found[0].acw_s, found[0].aht_s) == (100, 5, 35, 140)
    assert [(i.start, i.end - i.start) for i in days] == [
        (instant("2026-09-23 00:00", SHANGHAI), timedelta(days=1) // timedelta(microseconds=1))
    ]
    assert before == []
