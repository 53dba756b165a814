"""The level of days around what the calendar says, carried on into the days ahead."""

import numpy as np

from forecasting.history import Floats

PULLS = (0.05, 0.1, 0.2, 0.4)
DAMPINGS = (0.9, 0.97, 1.0)


def damped_level(off: Floats, weights: Floats, h: int) -> Floats:
    """(h,) the surprises ``off`` (n,) of past days, smoothed and damped towards 0, carried on.

    Simple exponential smoothing with damping; how quickly it follows and how slowly it forgets are those that
    would have foretold the next day best. Surprises beyond three robust deviations are pulled back to there.
    """
    limit = 3 * 1.4826 * np.median(np.abs(off - np.median(off))) + 1e-12
    clipped = np.clip(off, -limit, limit)
    pulls, dampings = (grid.ravel() for grid in np.meshgrid(PULLS, DAMPINGS))
    level = np.zeros(len(pulls))
    missed = np.zeros(len(pulls))
    for surprise, weight in zip(clipped, weights, strict=True):
        level = dampings * level
        missed += weight * (surprise - level) ** 2
        level = level + pulls * weight * (surprise - level)
    best = int(np.argmin(missed))
    return np.asarray(level[best] * dampings[best] ** np.arange(1, h + 1))


def fair(totals: Floats, fitted: Floats, weights: Floats) -> float:
    """What forecasts made in logarithms must be multiplied by, so that their sum was that of the calls.

    ``totals`` came, ``fitted`` were expected (n,), days of ``weights``; days far from it are left out.
    """
    off = np.abs(np.log((totals + 0.5) / (fitted + 0.5)))
    usual = weights * (off <= 3 * np.median(off) + 1e-9)
    expected = float(usual @ fitted)
    return float(np.clip(usual @ totals / expected, 0.8, 2.0)) if expected > 0 else 1.0
