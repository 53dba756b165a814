"""Errors of forecasts as single figures."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from forecasting.accuracy import (
    bias,
    coverage,
    interval_score,
    mase,
    mean_absolute_error,
    naive_scale,
    pinball,
    wape,
)

ACTUAL = np.array([[10.0, 20.0], [30.0, 40.0]])
FORECAST = np.array([[12.0, 19.0], [30.0, 37.0]])

counts = arrays(np.float64, st.integers(1, 20), elements=st.integers(0, 500).map(float))


def test_known_figures() -> None:
    """Errors 2, 1, 0 and 3 of 100 calls."""
    assert wape(ACTUAL, FORECAST) == pytest.approx(6.0)
    assert bias(ACTUAL, FORECAST) == pytest.approx(-2.0)
    assert mean_absolute_error(ACTUAL, FORECAST) == pytest.approx(1.5)
    assert mase(ACTUAL, FORECAST, 3.0) == pytest.approx(0.5)
    assert pinball(ACTUAL, FORECAST, 0.9) == pytest.approx((0.1 * 2 + 0.9 * 1 + 0.9 * 3) / 4)
    assert coverage(ACTUAL, FORECAST - 1, FORECAST + 1) == 50.0
    assert interval_score(ACTUAL, FORECAST - 1, FORECAST + 1) == pytest.approx(2 + 10 * (1 + 2) / 4)


def test_the_naive_scale_is_the_error_of_a_season_ago() -> None:
    """Rows are compared with those one season before; what is unknown is left out."""
    values = np.array([[1.0, 5.0], [4.0, np.nan], [3.0, 9.0]])
    assert naive_scale(values, 1) == pytest.approx((3 + 1) / 2)
    assert naive_scale(values, 2) == pytest.approx((2 + 4) / 2)
    assert math.isnan(naive_scale(values, 3))
    with pytest.raises(ValueError, match="season"):
        naive_scale(values, 0)


def test_what_cannot_be_said_is_nan() -> None:
    """No calls, nothing known: no error, no figure either."""
    nothing, zero = np.array([np.nan]), np.zeros(3)
    for figure in (wape, bias, mean_absolute_error):
        assert math.isnan(figure(nothing, np.ones(1)))
    assert math.isnan(wape(zero, np.ones(3)))
    assert mean_absolute_error(zero, np.ones(3)) == 1.0
    assert math.isnan(mase(ACTUAL, FORECAST, 0.0))
    assert math.isnan(coverage(nothing, nothing, nothing))


def test_shapes_and_levels_are_checked() -> None:
    """Arrays that do not belong together are refused, with their shapes."""
    with pytest.raises(ValueError, match=r"\(2, 2\), \(2,\)"):
        wape(ACTUAL, np.ones(2))
    for level in (0.0, 1.0):
        with pytest.raises(ValueError, match="level"):
            pinball(ACTUAL, FORECAST, level)
        with pytest.raises(ValueError, match="level"):
            interval_score(ACTUAL, FORECAST, FORECAST, level)


@given(counts, st.floats(0.05, 0.95), st.floats(0.5, 3))
def test_what_holds_of_any_forecast(actual: np.ndarray, level: float, factor: float) -> None:
    """The truth errs by nothing; WAPE has no unit and is at least the bias; half the error is pinball."""
    assert pinball(actual, actual, level) == 0
    assert coverage(actual, actual, actual) == 100
    if actual.sum() > 0:
        assert wape(actual, actual) == 0
        assert wape(actual, actual * factor) == pytest.approx(100 * abs(factor - 1))
        forecast = actual[::-1] + 1
        assert wape(actual, forecast) >= abs(bias(actual, forecast)) - 1e-9
        assert 2 * pinball(actual, forecast, 0.5) == pytest.approx(mean_absolute_error(actual, forecast))
