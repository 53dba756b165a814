"""How good a forecast was: errors and the coverage of its intervals, as single figures.

All take arrays of any one shape and leave out what is NaN in any of them. What cannot be said (nothing
known, nothing to divide by) is NaN. The definitions are those of Hyndman & Athanasopoulos, *Forecasting:
Principles and Practice* (3rd ed.), ch. 5.8–5.9.
"""

import numpy as np

from forecasting.history import Floats


def wape(actual: Floats, forecast: Floats) -> float:
    """Weighted absolute percentage error: absolute errors, summed, in percent of the calls that came."""
    actual, forecast = _known(actual, forecast)
    return _ratio(100 * np.abs(actual - forecast).sum(), actual.sum())


def bias(actual: Floats, forecast: Floats) -> float:
    """What was forecast too much (positive) or too little, in percent of the calls that came."""
    actual, forecast = _known(actual, forecast)
    return _ratio(100 * (forecast - actual).sum(), actual.sum())


def mase(actual: Floats, forecast: Floats, scale: float) -> float:
    """Mean absolute scaled error: the mean absolute error over ``scale``.

    ``scale`` is the mean absolute error of a naive forecast within the past, see ``naive_scale``.
    """
    actual, forecast = _known(actual, forecast)
    return _ratio(np.abs(actual - forecast).sum(), scale * len(actual))


def naive_scale(values: Floats, season: int) -> float:
    """The mean absolute difference of ``values`` (n, …) from those ``season`` rows before."""
    if season < 1:
        raise ValueError(f"a season of {season} rows; it must be 1 or more")
    differences = np.abs(values[season:] - values[:-season])
    known = ~np.isnan(differences)
    return _ratio(differences[known].sum(), float(known.sum()))


def mean_absolute_error(actual: Floats, forecast: Floats) -> float:
    """The mean absolute error, in what the values are counted in."""
    actual, forecast = _known(actual, forecast)
    return _ratio(np.abs(actual - forecast).sum(), float(len(actual)))


def pinball(actual: Floats, quantile: Floats, level: float) -> float:
    """Mean pinball loss of a forecast of the quantile ``level`` (0 to 1), in the unit of the values."""
    if not 0 < level < 1:
        raise ValueError(f"{level} is no level of a quantile; it is between 0 and 1")
    actual, quantile = _known(actual, quantile)
    over = actual - quantile
    return _ratio(np.maximum(level * over, (level - 1) * over).sum(), float(len(actual)))


def coverage(actual: Floats, low: Floats, high: Floats) -> float:
    """Percent of the values that lie from ``low`` to ``high``, both included."""
    actual, low, high = _known(actual, low, high)
    return _ratio(100.0 * ((low <= actual) & (actual <= high)).sum(), float(len(actual)))


def interval_score(actual: Floats, low: Floats, high: Floats, level: float = 0.8) -> float:
    """Mean interval score (Winkler) of intervals that should cover ``level`` (0 to 1): small is good."""
    if not 0 < level < 1:
        raise ValueError(f"{level} is no level of an interval; it is between 0 and 1")
    actual, low, high = _known(actual, low, high)
    beside = np.maximum(low - actual, 0) + np.maximum(actual - high, 0)
    return _ratio((high - low + 2 / (1 - level) * beside).sum(), float(len(actual)))


def _known(*arrays: Floats) -> list[Floats]:
    """The arrays as (n,), without what is NaN in any. Raises ValueError for different shapes."""
    made = [np.asarray(array, dtype=np.float64) for array in arrays]
    shapes = {array.shape for array in made}
    if len(shapes) > 1:
        raise ValueError(f"shapes differ: {', '.join(str(array.shape) for array in made)}")
    known = ~np.isnan(np.stack(made)).any(axis=0)
    return [array[known] for array in made]


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else float("nan")
