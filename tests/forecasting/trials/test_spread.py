"""Prediction intervals cover what they say, of slots, days and sums of days."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.history import Floats
from forecasting.trials.spread import Miss, Spread, spread_of

SLOTS, HORIZON = 8, 10


def simulated(
    number: int,
    seed: int,
    *,
    calls: float = 300.0,
    level: float = 0.03,
    day: float = 0.04,
    slot: float = 0.05,
) -> list[Miss]:
    """Forecasts that are off by a level common to all days, which wanders, by each day, slot, and chance."""
    chance = np.random.default_rng(seed)
    forecast = calls * np.linspace(0.5, 1.5, SLOTS) * np.ones((HORIZON, 1))
    made = []
    for _ in range(number):
        wandering = np.cumsum(chance.normal(0, 0.01, HORIZON))[:, None]
        off = chance.normal(0, level) + wandering + chance.normal(0, day, (HORIZON, 1))
        mean = forecast * np.exp(off + chance.normal(0, slot, forecast.shape))
        made.append(Miss(forecast, chance.poisson(mean).astype(np.float64)))
    return made


def covered(spread: Spread, fresh: list[Miss], groups: np.ndarray | None, share: float) -> float:
    """How much of what came lies within, in percent: of slots, or of sums."""
    ahead = np.arange(1, HORIZON + 1)
    inside: list[Floats] = []
    for miss in fresh:
        if groups is None:
            low, high = spread.slots(miss.forecast, ahead, share)
            came = miss.actual
        else:
            _, low, high = spread.sums(miss.forecast, ahead, groups, share)
            came = np.bincount(groups.ravel(), miss.actual.ravel())
        inside.append(((low <= came) & (came <= high)).astype(float))
    return float(100 * np.mean(inside))


@pytest.mark.parametrize("calls", [300.0, 4.0])
@pytest.mark.parametrize("share", [0.8, 0.95])
def test_slots_days_and_all_of_it_are_covered(calls: float, share: float) -> None:
    """Learned from 40 forecasts, seen on 300 others: as often within as was said."""
    spread = spread_of(simulated(40, 1, calls=calls), SLOTS)
    fresh = simulated(300, 2, calls=calls)
    by_day = np.repeat(np.arange(HORIZON)[:, None], SLOTS, axis=1)
    slack = 3 if calls > 10 else 6  # of few calls no interval holds exactly so many
    assert covered(spread, fresh, None, share) == pytest.approx(100 * share, abs=slack)
    assert covered(spread, fresh, by_day, share) == pytest.approx(100 * share, abs=5)
    whole = np.zeros((HORIZON, SLOTS), dtype=np.int64)
    all_of_it = covered(spread, fresh, whole, share)
    if calls > 10:
        assert all_of_it == pytest.approx(100 * share, abs=8)
    else:  # under so much chance what days have in common is hardly seen; then rather too wide
        assert all_of_it > 100 * share - 8


def test_further_ahead_is_less_certain() -> None:
    """Where errors grow, bands do."""
    spread = spread_of(simulated(60, 3), SLOTS)
    variances = spread.day_variance(np.arange(1, 11))
    assert (np.diff(variances) >= 0).all()
    assert variances[-1] > variances[0]


def test_errors_common_to_all_days_do_not_average_out() -> None:
    """A level that is wrong is wrong all month; chance from day to day is not."""
    level = spread_of(simulated(60, 4, level=0.08, day=0.01), SLOTS)
    days = spread_of(simulated(60, 4, level=0.01, day=0.08), SLOTS)
    assert level.common > 0.7 > 0.4 > days.common


def test_without_a_past_the_usual_is_taken() -> None:
    """No errors seen: a band all the same, the Poisson part of which is exact."""
    spread = spread_of([], SLOTS)
    low, high = spread.slots(np.full((1, SLOTS), 100.0), np.ones(1), 0.8)
    assert (low < 90).all() and (high > 110).all()


def test_what_is_unknown_teaches_nothing() -> None:
    """Unknown slots are left out; the rest is as if they had not been asked for."""
    misses = simulated(40, 5)
    for miss in misses:
        miss.actual[:, 3] = np.nan
    spread = spread_of(misses, SLOTS)
    assert np.isfinite(spread.slot).all()
    assert covered(spread, simulated(200, 6), None, 0.8) == pytest.approx(80, abs=4)


def test_earlier_forecasts_count_as_much_as_they_weigh() -> None:
    """Old errors three times as large, weighed a hundredth, hardly widen the band."""
    old = [Miss(m.forecast, m.actual, 0.01) for m in simulated(40, 7, day=0.12)]
    new = simulated(40, 8)
    both, alone = spread_of([*old, *new], SLOTS), spread_of(new, SLOTS)
    ahead = np.arange(1, HORIZON + 1)
    widths = [np.subtract(*one.slots(new[0].forecast, ahead, 0.8)[::-1]).mean() for one in (both, alone)]
    assert widths[0] == pytest.approx(widths[1], rel=0.1)


@settings(max_examples=30)
@given(
    st.lists(st.floats(0, 1e5), min_size=SLOTS, max_size=SLOTS), st.floats(0.3, 0.97), st.integers(0, 1000)
)
def test_bands_hold_the_forecast_and_grow_with_the_level(calls: list[float], share: float, seed: int) -> None:
    """Low, forecast, high, in this order; a surer band is no narrower; nothing is below zero."""
    spread = spread_of(simulated(12, seed), SLOTS)
    forecast = np.array([calls])
    low, high = spread.slots(forecast, np.ones(1), share)
    wider_low, wider_high = spread.slots(forecast, np.ones(1), 0.99)
    assert (low >= 0).all()
    assert (wider_low <= low + 1e-9).all() and (high <= wider_high + 1e-9).all()
    if share > 0.6:  # the middle of few errors may be off the forecast
        assert (low <= forecast + 1e-9).all() and (forecast <= high + 1e-9).all()


def test_one_day_gone_wrong_does_not_widen_all_others() -> None:
    """Among thirty days that came nearly as forecast one came threefold: the rare band stays a band."""
    rng = np.random.default_rng(5)
    flat = np.full((1, 4), 100.0)
    misses = [Miss(flat, rng.poisson(flat).astype(float)) for _ in range(30)]
    wide = spread_of([*misses, Miss(flat, 3 * flat)], 4).sums(
        flat, np.array([1]), np.zeros((1, 4), int), 0.95
    )
    assert 400 < wide[2][0] < 520
