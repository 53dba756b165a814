"""Longer intervals tell what the shorter ones told."""

from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.history import History
from forecasting.intervals import to_interval


def at(text: str) -> int:
    """UTC seconds of a time with an offset."""
    return int(datetime.fromisoformat(text).timestamp())


def test_calls_add_up_and_handling_times_are_weighed_by_calls() -> None:
    """100 calls of 60 s and 300 of 100 s are 400 of 90 s; nobody called in the third quarter."""
    starts = np.arange(4) * 900
    measures = {"aht_s": np.array([60.0, 100.0, np.nan, np.nan]), "abandoned": np.array([1.0, 2.0, 0.0, 0.0])}
    longer = to_interval(History(starts, np.array([100.0, 300.0, 0.0, 0.0]), 900, "UTC", measures, "q"), 1800)
    assert longer.starts.tolist() == [0, 1800]
    assert longer.calls.tolist() == [400, 0]
    np.testing.assert_array_equal(longer.measures["aht_s"], [90, np.nan])
    assert longer.measures["abandoned"].tolist() == [3, 0]
    assert (longer.interval_s, longer.zone, longer.name) == (1800, "UTC", "q")


def test_where_answered_calls_are_known_they_weigh() -> None:
    """Abandoned calls were not handled."""
    measures = {"aht_s": np.array([60.0, 100.0]), "answered": np.array([30.0, 10.0])}
    longer = to_interval(History(np.array([0, 900]), np.array([30.0, 90.0]), 900, "UTC", measures), 1800)
    assert longer.measures["aht_s"].tolist() == [70]


def test_an_unknown_part_makes_the_whole_unknown_and_a_missing_one_does_not() -> None:
    """Half of an hour's calls is no hour; but a house that opens at half past has no row before."""
    history = History(np.array([0, 1800, 5400]), np.array([5.0, np.nan, 7.0]), 1800, "UTC")
    np.testing.assert_array_equal(to_interval(history, 3600).calls, [np.nan, 7.0])
    assert to_interval(history, 3600).starts.tolist() == [0, 3600]


def test_days_of_23_and_25_hours() -> None:
    """A local day is one interval, whatever is done to the clock; the hour that comes twice is two."""
    for day, hours in (("2026-03-29", 23), ("2026-10-25", 25)):
        first = at(f"{day}T00:00+0{1 if hours == 23 else 2}:00")
        history = History(first + np.arange(2 * hours) * 1800, np.ones(2 * hours), 1800, "Europe/Berlin")
        daily = to_interval(history, 86_400)
        assert (daily.starts.tolist(), daily.calls.tolist()) == ([first], [2 * hours])
        hourly = to_interval(history, 3600)
        assert hourly.starts.tolist() == (first + np.arange(hours) * 3600).tolist()
        assert set(hourly.calls) == {2}


@pytest.mark.parametrize("interval_s", [600, 2700, 7 * 3600, 0, 172_800])
def test_what_cannot_be_put_together_is_refused(interval_s: int) -> None:
    """Less than the interval, no multiple of it, or no part of a day."""
    with pytest.raises(ValueError, match="cannot be put together"):
        to_interval(History(np.array([0]), np.ones(1), 1800, "UTC"), interval_s)


def test_no_interval_at_all() -> None:
    """Stays none."""
    assert len(to_interval(History(np.zeros(0, dtype=np.int64), np.zeros(0), 900, "UTC"), 1800)) == 0


@given(
    st.lists(st.integers(0, 4000), min_size=1, max_size=60, unique=True),
    st.integers(at("2026-03-27T00:00+00:00") // 900, at("2026-10-26T00:00+00:00") // 900),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]),
    st.sampled_from([1800, 3600, 7200, 86_400]),
)
def test_nothing_is_lost(quarters: list[int], first: int, zone: str, interval_s: int) -> None:
    """Totals stay, nothing is counted before it began, and days come out the same by way of half hours."""
    starts = (first + np.sort(np.array(quarters))) * 900
    history = History(starts, np.arange(1.0, len(starts) + 1), 900, zone)
    longer = to_interval(history, interval_s)
    assert longer.calls.sum() == history.calls.sum()
    assert longer.starts[0] <= history.starts[0]
    assert set(longer.starts) == set(
        longer.starts[np.searchsorted(longer.starts, history.starts, "right") - 1]
    )
    twice = to_interval(to_interval(history, 1800), 86_400)
    assert twice.starts.tolist() == to_interval(history, 86_400).starts.tolist()
    assert twice.calls.tolist() == to_interval(history, 86_400).calls.tolist()
