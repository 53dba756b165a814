"""Accuracy reports: which forecast counted, how far off it was, by interval, day and horizon."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.days import starts_of
from forecasting.history import Floats, History
from forecasting.reviewing import Kept, bias_alarm, counted, review, scales_of

ZONE = "Asia/Shanghai"
HOURS = np.arange(0, 1440, 60)


def hours(first: str, days: int) -> np.ndarray:
    return starts_of(np.datetime64(first) + np.arange(days), HOURS, ZONE).ravel()


def history(first: str, days: int, calls: Floats | float, aht_s: float = 200.0) -> History:
    starts = hours(first, days)
    flat = np.broadcast_to(np.asarray(calls, dtype=np.float64), starts.shape).copy()
    return History(starts, flat, 3600, ZONE, {"aht_s": np.full(len(starts), aht_s)})


def kept(first: str, days: int, calls: float, known_to: str | None = None, wide: float = 2.0) -> Kept:
    starts = hours(first, days)
    flat = np.full(len(starts), calls)
    bands = {"lo80": flat - wide, "hi80": flat + wide, "lo95": flat - 2 * wide, "hi95": flat + 2 * wide}
    end = int(hours(known_to or first, 1)[0])
    return Kept(starts, end, flat, np.full(len(starts), 180.0), bands)


def test_the_latest_forecast_before_an_interval_counts() -> None:
    """A newer one replaces the older from where it begins to know nothing; hindsight never counts."""
    past = history("2026-11-02", 3, 10.0)
    old, new = kept("2026-11-02", 3, 9.0), kept("2026-11-03", 2, 11.0)
    hindsight = kept("2026-11-02", 3, 10.0, known_to="2026-11-05")
    for order in ([old, new, hindsight], [hindsight, new, old]):
        made = counted(order, past).calls.reshape(3, 24)
        assert (made[0] == 9).all() and (made[1:] == 11).all()


def test_figures_are_the_plain_ones() -> None:
    """One call too many in each hour of ten: a tenth, in hours, days and months; AHT a tenth too short."""
    made = review(
        [kept("2026-11-02", 14, 11.0)],
        history("2026-11-02", 14, 10.0),
        scales_of(history("2026-10-05", 28, np.tile([9.0, 11.0], 336))),
    )
    for figures, count in ((made.interval, 336), (made.daily, 14), (made.monthly, 1)):
        assert (figures.count, figures.calls) == (count, 3360)
        assert figures.wape == pytest.approx(10) and figures.bias == pytest.approx(10)
    assert made.interval.coverage80 == 100 and np.isnan(made.monthly.mase)
    # Median 1 off, ends of 80 % at 9 and 13, of 95 % at 7 and 15.
    expected = np.mean([0.5, 0.1 * 1, 0.1 * 3, 0.025 * 3, 0.025 * 5])
    assert made.interval.pinball == pytest.approx(expected)
    assert made.aht is not None and made.aht.wape == pytest.approx(10) and made.aht.bias == pytest.approx(-10)
    assert made.by_slot.keys() == set(HOURS.tolist()) and made.by_slot[0].count == 14
    assert made.by_day[date(2026, 11, 3)][0] == pytest.approx(264)


def test_mase_is_in_times_the_naive_forecast() -> None:
    """The scale is how far apart the same weekdays of two weeks are."""
    weeks = np.repeat([10.0, 14.0, 10.0, 14.0], 168)
    past = history("2026-10-05", 28, weeks)
    scales = scales_of(past)
    assert (scales.interval, scales.daily) == (4.0, 96.0)
    made = review([kept("2026-11-02", 7, 12.0)], history("2026-11-02", 7, 10.0), scales)
    assert made.interval.mase == pytest.approx(0.5) and made.daily.mase == pytest.approx(0.5)


def test_horizons_are_told_apart() -> None:
    """Every forecast of a day counts for its own distance; what is known already is none."""
    past = history("2026-11-02", 14, 10.0)
    made = review([kept("2026-11-02", 14, 12.0), kept("2026-11-09", 7, 11.0)], past, scales_of(past))
    assert {ahead: round(f.wape, 6) for ahead, f in made.by_horizon.items()} == {
        (1, 1): 15.0,
        (2, 7): 15.0,
        (8, 14): 20.0,
    }
    noon = replace(kept("2026-11-02", 1, 10.0), known_to=int(hours("2026-11-02", 1)[12]))
    today = review([noon], past, scales_of(past))
    assert list(today.by_horizon) == [(0, 0)] and today.interval.count == 12


def test_unknown_hours_count_on_neither_side() -> None:
    """A day that is half known is compared by that half."""
    calls = np.full(48, 10.0)
    calls[12:24] = np.nan
    made = review(
        [kept("2026-11-02", 2, 11.0)],
        history("2026-11-02", 2, calls),
        scales_of(history("2026-11-02", 2, 1.0)),
    )
    assert made.interval.count == 36 and made.daily.bias == pytest.approx(10)
    assert made.by_day[date(2026, 11, 2)][1].calls == 120


def test_bias_that_persists_sounds_the_alarm() -> None:
    """Seven weeks of chance, then two of a fifth more calls than forecast."""
    rng = np.random.default_rng(4)
    calls = rng.poisson(np.repeat([50.0, 60.0], [49 * 24, 14 * 24])).astype(float)
    made = review(
        [kept("2026-09-07", 63, 50.0)],
        history("2026-09-07", 63, calls),
        scales_of(history("2026-09-07", 63, calls)),
    )
    alone = bias_alarm([kept("2026-09-07", 63, 50.0)], history("2026-09-07", 63, calls))
    assert made.alarm.direction == alone.direction == "too_low" and made.alarm.since == alone.since
    assert made.alarm.since is not None and made.alarm.since >= np.datetime64("2026-10-24")
    assert made.interval.coverage80 < made.interval.coverage95 <= 100


@pytest.mark.parametrize("past", [history("2026-11-02", 1, np.nan), history("2026-11-02", 3, 0.0)])
def test_where_nothing_can_be_said_nothing_is(past: History) -> None:
    """Nothing known, no forecast, no calls at all."""
    for forecasts in ([], [kept("2026-11-02", 3, 1.0)], [kept("2027-01-01", 1, 1.0)]):
        made = review(forecasts, past, scales_of(past))
        assert np.isnan(made.interval.wape) and not made.alarm.sounding
    empty = History(past.starts[:0], past.calls[:0], 3600, ZONE)
    assert review([kept("2026-11-02", 3, 1.0)], empty, scales_of(empty)).interval.count == 0


@given(st.lists(st.integers(0, 100) | st.just(float("nan")), min_size=24, max_size=72))
def test_days_are_never_worse_than_intervals(calls: list[float]) -> None:
    """Errors cancel in sums, they never grow; bias is the same however it is summed."""
    wide = np.array(calls[: len(calls) // 24 * 24], dtype=float)
    past = history("2026-11-02", len(wide) // 24, wide)
    made = review([kept("2026-11-02", 3, 50.0)], past, scales_of(past))
    if made.interval.calls > 0:
        assert made.monthly.wape <= made.daily.wape + 1e-6 <= made.interval.wape + 2e-6
        assert made.daily.bias == pytest.approx(made.interval.bias)
