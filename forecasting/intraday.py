"""The rest of a day, from what its morning brought.

How far slots of a day are off from the forecast of the evening before, and how that hangs together, is known
from forecasts of the past: the whole day may be higher, or the morning early. What came so far says where
this day stands among those; the rest is its expectation given that (conditional normal distribution), with
what is left of its variance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from forecasting.history import Floats, Ints
from forecasting.trials.spread import Miss, Spread

Flags = NDArray[np.bool_]
BORROWED_DAYS = 40.0
"""The covariance of slots that was seen is mixed with the usual one as if that were of so many days."""
LEVEL_MIN, SLOT_MIN, SLOT_SHARE = 240.0, 60.0, 0.7
"""Usually a day's error wears off over four hours; most of a slot's own is shared with the hour about it."""
NEAR = 5
"""Only errors up to so many days ahead are looked at."""


@dataclass(frozen=True, slots=True, eq=False)
class Rest:
    """A day in progress: ``calls`` (s,), of the past what came; ``covariance`` (s, s), 0 of the past."""

    calls: Floats
    covariance: Floats

    def slots(self, level: float) -> tuple[Floats, Floats]:
        """Intervals of each slot; those that are over are what they were."""
        half = NormalDist().inv_cdf((1 + level) / 2) * np.sqrt(np.diagonal(self.covariance))
        return np.maximum(self.calls - half, 0.0), self.calls + half

    def total(self, slots: Flags, level: float) -> tuple[float, float, float]:
        """The sum of some ``slots`` (flags), and its interval."""
        mean = float(self.calls[slots].sum())
        variance = float(self.covariance[np.ix_(slots, slots)].sum())
        half = float(NormalDist().inv_cdf((1 + level) / 2) * np.sqrt(variance))
        return mean, max(mean - half, 0.0), mean + half


def rest_of_day(forecast: Floats, came: Floats, spread: Spread, misses: Sequence[Miss], slots: Ints) -> Rest:
    """``forecast`` (s,) of the evening before, ``came`` (s,) NaN where not known yet.

    ``spread`` and ``misses`` are of earlier forecasts; ``slots`` (s,) begin so many minutes after midnight.
    """
    relative = _covariance(spread, misses, slots)
    before = np.outer(forecast, forecast) * relative + np.diag(np.maximum(forecast, 1e-9))
    known = ~np.isnan(came)
    calls = np.where(known, np.nan_to_num(came), forecast)
    covariance = np.zeros_like(before)
    rest = ~known
    if known.any() and rest.any():
        pull = np.linalg.solve(before[np.ix_(known, known)], before[np.ix_(known, rest)])
        calls[rest] = np.maximum(forecast[rest] + (came - forecast)[known] @ pull, 0.0)
        left = before[np.ix_(rest, rest)] - before[np.ix_(rest, known)] @ pull
        covariance[np.ix_(rest, rest)] = left
    elif rest.any():
        covariance = before
    return Rest(calls, covariance)


def _covariance(spread: Spread, misses: Sequence[Miss], slots: Ints) -> Floats:
    """(s, s) of the relative errors of the slots of one day, chance left out."""
    apart = np.abs(slots[:, None] - slots[None, :])
    own = SLOT_SHARE * np.exp(-apart / SLOT_MIN) + (1 - SLOT_SHARE) * np.eye(len(slots))
    usual = spread.day_variance(np.ones(1))[0] * np.exp(-apart / LEVEL_MIN)
    usual = usual + np.sqrt(np.outer(spread.slot, spread.slot)) * own
    total, days = usual * BORROWED_DAYS, BORROWED_DAYS
    for miss in misses:
        near = slice(0, NEAR)
        expected, came = miss.forecast[near], miss.actual[near]
        usable = ~np.isnan(came) & (expected > 0)
        errors = np.where(usable, came / np.where(expected > 0, expected, 1.0) - 1, 0.0)
        limit = 4 * np.sqrt(np.diagonal(usual) + 1 / np.where(usable, expected, 1.0))
        errors = np.clip(errors, -limit, limit)
        chance = np.where(usable, 1 / np.where(expected > 0, expected, 1.0), 0.0)
        total += miss.weight * (errors.T @ errors - np.diag(chance.sum(axis=0)))
        days += miss.weight * len(errors)
    made = total / days
    values, vectors = np.linalg.eigh((made + made.T) / 2)
    return np.asarray((vectors * np.maximum(values, 0.0)) @ vectors.T)
