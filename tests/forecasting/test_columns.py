"""Columns: kept as they are, summed without losing a call."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.columns import By, groups, pack, unpack
from forecasting.days import starts_of

QUARTERS = np.arange(0, 1440, 15)


def year(zone: str, days: int = 366) -> np.ndarray:
    return np.unique(starts_of(np.datetime64("2026-01-01") + np.arange(days), QUARTERS, zone))


def test_what_is_packed_comes_back() -> None:
    """Numbers and words, to the last bit."""
    kept = {"calls": np.array([1.5, np.nan, 0.1]), "starts": np.arange(3), "words": np.array(["a", "b"])}
    back = unpack(pack(kept))
    assert {name: array.dtype for name, array in back.items()} == {n: a.dtype for n, a in kept.items()}
    assert all(np.array_equal(back[name], kept[name], equal_nan=name == "calls") for name in kept)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Berlin", "America/St_Johns"])
@pytest.mark.parametrize("by", ["interval", "hour", "day", "week", "month"])
def test_no_call_is_lost(zone: str, by: By) -> None:
    """Whatever the sum is by, also where the clock is changed and where hours begin at odd minutes of UTC."""
    starts = year(zone)
    calls = np.arange(len(starts), dtype=np.float64) % 17
    found = groups(starts, zone, by)
    assert found.sums(calls).sum() == calls.sum()
    assert (np.diff(found.starts) > 0).all() and found.starts[0] <= starts[0]
    many = {"interval": len(starts), "hour": len(starts) // 4, "day": 366, "month": 13, "week": 53}
    assert len(found.starts) == many[by]


def test_months_and_weeks_begin_where_people_say() -> None:
    """On the first, and on Mondays; a cut week begins at its Monday all the same."""
    starts = year("Asia/Shanghai", 31)
    assert groups(starts, "Asia/Shanghai", "month").starts.tolist() == [1767196800]
    weeks = groups(starts, "Asia/Shanghai", "week")
    assert weeks.starts[0] == 1767196800 - 3 * 86400  # the Monday before Thursday, 1 January


def test_what_is_unknown_stays_unknown() -> None:
    """A group with nothing known is unknown; means are by calls, plain where there are none."""
    starts = np.arange(4) * 1800 + 1767196800
    found = groups(starts, "Asia/Shanghai", "hour")
    assert found.sums(np.array([1.0, np.nan, np.nan, np.nan])).tolist()[0] == 1.0
    assert np.isnan(found.sums(np.full(4, np.nan))).all()
    means = found.means(np.array([100.0, 200.0, 50.0, 70.0]), np.array([1.0, 3.0, 0.0, np.nan]))
    assert means.tolist() == [175.0, 60.0]
    assert np.isnan(found.means(np.full(4, np.nan), np.ones(4))).all()


@given(st.lists(st.tuples(st.floats(0, 500), st.floats(0, 100), st.floats(0, 100)), min_size=1, max_size=50))
def test_the_interval_of_a_sum(parts: list[tuple[float, float, float]]) -> None:
    """It lies around the sum, is never wider than its parts together nor narrower than pure chance."""
    middle = np.array([m for m, _, _ in parts])
    low = np.maximum(middle - np.array([d for _, d, _ in parts]), 0)
    high = middle + np.array([u for _, _, u in parts])
    starts = np.arange(len(parts)) * 900 + 1767196800
    found = groups(starts, "Asia/Shanghai", "month")
    lo, hi = found.spread(middle, low), found.spread(middle, high)
    assert lo <= middle.sum() + 1e-6 and hi >= middle.sum() - 1e-6
    assert hi <= high.sum() + 1e-6 and lo >= low.sum() - 1e-6
    apart = np.sqrt(((high - middle) ** 2).sum())
    assert hi[0] - middle.sum() >= apart * (1 - 1e-9) - 1e-6


def test_pure_chance_grows_with_the_root() -> None:
    """Of 100 Poisson intervals of 25 calls the sum has ten times the spread of one, not a hundred."""
    starts = np.arange(96) * 900 + 1767196800
    middle = np.full(96, 25.0)
    found = groups(starts, "Asia/Shanghai", "day")
    assert found.spread(middle, middle + 5.0) == pytest.approx(96 * 25 + 5 * np.sqrt(96))
