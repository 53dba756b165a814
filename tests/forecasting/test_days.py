"""A history by day and slot is what the clock on the wall showed."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.days import comes, grid_of, local, starts_of, times_of
from forecasting.history import History

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "UTC")


def at(text: str) -> int:
    """UTC seconds of a time with an offset."""
    return int(datetime.fromisoformat(text).timestamp())


def test_rows_are_days_and_columns_times_of_day() -> None:
    """Days without a row are not there; a slot nobody told is unknown."""
    starts = [at("2026-03-02T09:00+08:00"), at("2026-03-02T09:30+08:00"), at("2026-03-05T09:30+08:00")]
    grid = grid_of(History(np.array(starts), np.array([3.0, 4.0, 5.0]), 1800, "Asia/Shanghai"))
    assert grid.days.astype(str).tolist() == ["2026-03-02", "2026-03-05"]
    assert grid.slots.tolist() == [540, 570]
    np.testing.assert_array_equal(grid.values, [[3, 4], [np.nan, 5]])
    np.testing.assert_array_equal(grid.totals, [7, 5])


def test_the_hour_that_comes_twice_has_the_mean_of_both() -> None:
    """Berlin, October: 02:00 is there at 00:00 and at 01:00 UTC."""
    starts = np.arange(at("2026-10-25T00:00+02:00"), at("2026-10-26T00:00+01:00"), 3600)
    assert len(starts) == 25
    grid = grid_of(History(starts, np.arange(25.0), 3600, "Europe/Berlin"))
    assert grid.values.shape == (1, 24)
    assert grid.values[0, :4].tolist() == [0, 1, 2.5, 4]


def test_an_unknown_one_of_two_does_not_count() -> None:
    """The known one is the hour's."""
    starts = np.array([at("2026-10-25T02:00+02:00"), at("2026-10-25T02:00+01:00")])
    grid = grid_of(History(starts, np.array([np.nan, 8.0]), 3600, "Europe/Berlin"))
    assert grid.values.tolist() == [[8.0]]


def test_the_hour_that_never_comes_is_unknown() -> None:
    """Berlin, March: a day of 23 hours beside one of 24."""
    starts = np.arange(at("2026-03-28T00:00+01:00"), at("2026-03-30T00:00+02:00"), 3600)
    grid = grid_of(History(starts, np.ones(len(starts)), 3600, "Europe/Berlin"))
    assert np.argwhere(np.isnan(grid.values)).tolist() == [[1, 2]]
    assert grid.totals.tolist() == [24, 23]


@given(st.sampled_from(ZONES), st.integers(0, 364), st.sampled_from([900, 1800, 3600]))
def test_slots_come_as_often_as_the_clock_shows_them(zone: str, first: int, interval_s: int) -> None:
    """Of whole days they are every interval from midnight to midnight, each with the clock's own slot."""
    days = np.datetime64("2026-01-01") + np.array([first, first + 1])
    slots = np.arange(0, 1440, interval_s // 60)
    ends = starts_of(np.array([days[0], days[1] + 1]), np.zeros(1, dtype=np.int64), zone)[:, 0]
    index, found = times_of(days, slots, zone, np.ones((2, len(slots)), dtype=bool))
    assert found.tolist() == list(range(ends[0], ends[1], interval_s))
    shown, minutes = local(found, zone)
    assert (minutes == slots[index % len(slots)]).all() and (shown == days[index // len(slots)]).all()


def test_slots_that_never_come() -> None:
    """Two half hours of a Sunday in March in Berlin, none in Shanghai; a midnight in Beirut."""
    days, slots = np.array(["2026-03-28", "2026-03-29"], dtype="datetime64[D]"), np.arange(0, 1440, 30)
    assert np.argwhere(~comes(days, slots, "Europe/Berlin")).tolist() == [[1, 4], [1, 5]]
    assert comes(days, slots, "Asia/Shanghai").all()
    assert np.argwhere(~comes(days, slots, "Asia/Beirut")).tolist() == [[1, 0], [1, 1]]


def test_a_day_of_unknown_figures_has_an_unknown_total() -> None:
    """It is not zero."""
    grid = grid_of(History(np.array([0, 86_400]), np.array([np.nan, 0.0]), 86_400, "UTC"))
    np.testing.assert_array_equal(grid.totals, [np.nan, 0])


def test_other_measures_by_name() -> None:
    """One the history has not is a KeyError."""
    history = History(np.array([0]), np.array([2.0]), 900, "UTC", {"aht_s": np.array([180.0])})
    assert grid_of(history, "aht_s").values.tolist() == [[180.0]]
    with pytest.raises(KeyError):
        grid_of(history, "ivr")


def test_no_interval_at_all() -> None:
    """An empty grid."""
    grid = grid_of(History(np.zeros(0, dtype=np.int64), np.zeros(0), 900, "UTC"))
    assert grid.values.shape == (0, 0)


@given(
    st.dates(date(2024, 1, 1), date(2027, 12, 31)),
    st.integers(1, 5),
    st.sampled_from(ZONES),
    st.sampled_from([5, 15, 30, 60]),
)
def test_there_and_back(first: date, count: int, zone: str, minutes: int) -> None:
    """Every slot that comes begins at the instant whose local day and time it is."""
    days = np.datetime64(first) + np.arange(count)
    slots = np.arange(0, 1440, minutes)
    starts = starts_of(days, slots, zone)
    back, shown = local(starts.ravel(), zone)
    wanted_days, wanted = np.repeat(days, len(slots)), np.tile(slots, count)
    moved = (back != wanted_days) | (shown != wanted)
    for start, day, slot in zip(starts.ravel()[moved], wanted_days[moved], wanted[moved], strict=True):
        naive = datetime.combine(day.item(), datetime.min.time()).replace(hour=slot // 60, minute=slot % 60)
        there = naive.replace(tzinfo=ZoneInfo(zone))
        assert there.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != naive  # never comes
        assert int(start) == int(there.timestamp())
    assert np.count_nonzero(moved) <= 60 // minutes * count


@pytest.mark.parametrize(
    "zone",
    [
        "Asia/Shanghai",
        "Europe/Berlin",
        "America/St_Johns",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Pacific/Apia",
    ],
)
def test_every_quarter_of_years_is_on_the_wall_as_the_clock_shows_it(zone: str) -> None:
    """Also on the days on which it is turned, by half an hour or over the date line too."""
    starts = np.arange(1_293_840_000, 1_293_840_000 + 2 * 366 * 86_400, 900 * 7)
    days, minutes = local(starts, zone)
    for at, day, minute in zip(starts.tolist(), days.tolist(), minutes.tolist(), strict=True):
        wall = datetime.fromtimestamp(at, ZoneInfo(zone))
        assert (wall.date(), wall.hour * 60 + wall.minute) == (day, minute)
