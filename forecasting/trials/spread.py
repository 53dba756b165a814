"""How far off forecasts are: prediction intervals of slots, days and anything they are summed to.

Calls y of a slot with forecast f, h days ahead: the variance of y is

    f + f² (day(h)² + slot²)

chance (Poisson), an error of the whole day and one of the slot. day(h) grows with h: by what it grows, and by
a part of what it begins with, the days of one forecast err together, so that a month is less certain than its
days taken apart. All are estimated from forecasts as they would have been made in the past; then the
quantiles of the errors so standardised are taken from the same past, drawn towards those of the normal
distribution where there are few (a calibration as in conformal prediction: Vovk, Gammerman & Shafer,
*Algorithmic Learning in a Random World*, 2005).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np

from forecasting.history import Floats, Ints

BORROWED = 20.0
"""Quantiles and deviations of slots are mixed with what is usual as if it had been seen so often."""
FAR_OUT = 2.0
"""A quantile is at most so many times as far out as that of the normal distribution."""
UNKNOWN_DAY, UNKNOWN_SLOT = 0.15, 0.1
"""Relative errors of a day and of a slot before anything was seen."""


@dataclass(frozen=True, slots=True, eq=False)
class Miss:
    """A forecast of the past and what came: (h, s) each, NaN where unknown; and how much it tells."""

    forecast: Floats
    actual: Floats
    weight: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Standardised errors, ascending, with their weights; (n,) each."""

    values: Floats
    weights: Floats

    def quantile(self, share: float) -> float:
        """The value below which ``share`` of the weight lies."""
        middles = np.cumsum(self.weights) - self.weights / 2
        return float(np.interp(share * self.weights.sum(), middles, self.values))


NONE = Scores(np.zeros(0), np.zeros(0))


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """``growth`` (3,) gives the variance of a day's relative error: its product with (1, √h, h). ``slot``
    (s,) is the variance of the slots' own. ``common`` is the part of ``growth[0]`` that all days share.

    ``slot_scores`` and ``day_scores`` are the standardised errors seen, worth those of ``days`` days.
    """

    growth: Floats
    slot: Floats
    common: float
    slot_scores: "Scores"
    day_scores: "Scores"
    days: float

    def day_variance(self, ahead: Ints | Floats) -> Floats:
        """(h,) the relative variance of days so far ahead (1: the next)."""
        return np.asarray(_powers(ahead) @ self.growth)

    def slots(self, forecast: Floats, ahead: Ints, level: float) -> tuple[Floats, Floats]:
        """Intervals of each slot, (h, s) each, that cover with probability ``level``.

        ``forecast`` (h, s); ``ahead`` (h,) how many days ahead each row is.
        """
        relative = self.day_variance(ahead)[:, None] + self.slot
        deviation = np.sqrt(forecast + forecast**2 * relative)
        return self._bounds(forecast, deviation, self.slot_scores, level)

    def sums(
        self, forecast: Floats, ahead: Ints, groups: Ints, level: float
    ) -> tuple[Floats, Floats, Floats]:
        """(g,) forecasts and intervals of sums over slots of any days.

        ``groups`` (h, s) numbers the sum each slot belongs to, from 0; -1 for none.
        """
        count = int(groups.max()) + 1 if groups.size else 0
        mean, chance, day_squares, day_sums = np.zeros((4, count))
        own_variance = (1 - self.common) * self.growth[0]
        shared = np.sqrt(np.maximum(self.day_variance(ahead) - own_variance, 0.0))
        for row, (calls, group) in enumerate(zip(forecast, groups, strict=True)):
            inside = group >= 0
            total = np.bincount(group[inside], calls[inside], count)
            mean += total
            own = calls + calls**2 * self.slot
            chance += np.bincount(group[inside], own[inside], count)
            day_squares += total**2 * own_variance
            day_sums += total * shared[row]
        variance = chance + day_squares + day_sums**2
        low, high = self._bounds(mean, np.sqrt(variance), self.day_scores, level)
        return mean, low, high

    def _bounds(
        self, middle: Floats, deviation: Floats, scores: Scores, level: float
    ) -> tuple[Floats, Floats]:
        below, above = (self._quantile(scores, share) for share in ((1 - level) / 2, (1 + level) / 2))
        return np.maximum(middle + below * deviation, 0.0), np.maximum(middle + above * deviation, 0.0)

    def _quantile(self, scores: Scores, share: float) -> float:
        normal = NormalDist().inv_cdf(share)
        if not len(scores.values):
            return normal
        # What is further out is seen more seldom; one day gone wrong is not how far days go wrong.
        seen = self.days * min(1.0, 10 * min(share, 1 - share))
        least, most = sorted((0.0, FAR_OUT * normal))
        found = min(max(scores.quantile(share), least), most)
        return (seen * found + BORROWED * normal) / (seen + BORROWED)


def spread_of(misses: Sequence[Miss], slots: int) -> Spread:
    """The spread that forecasts of the past had. Without any, what is usual."""
    ahead, errors, chance, weights = _day_errors(misses)
    if len(errors) < 3:
        unknown = np.array([UNKNOWN_DAY**2, 0.0, 0.0])
        return Spread(unknown, np.full(slots, UNKNOWN_SLOT**2), 0.5, NONE, NONE, 0.0)
    growth = _growth(ahead, errors**2 - chance, weights)
    worth = float(weights.sum() ** 2 / (weights**2).sum())
    bare = Spread(growth, _slot_variances(misses, slots), _common(misses, growth), NONE, NONE, worth)
    slot_scores, day_scores = _scores(bare, misses)
    return replace(bare, slot_scores=slot_scores, day_scores=day_scores)


def _powers(ahead: Ints | Floats) -> Floats:
    steps = np.asarray(ahead, dtype=np.float64)
    return np.stack([np.ones(len(steps)), np.sqrt(steps), steps], axis=1)


def _day_errors(misses: Sequence[Miss]) -> tuple[Floats, Floats, Floats, Floats]:
    """Of all days forecast: days ahead, relative error, the variance of it that is chance, weight."""
    parts = []
    for miss in misses:
        known = ~np.isnan(miss.actual)
        expected = np.where(known, miss.forecast, 0.0).sum(axis=1)
        came = np.where(known, miss.actual, 0.0).sum(axis=1)
        rows = np.flatnonzero(expected > 0)
        chance = 1 / expected[rows]
        parts.append(np.stack([rows + 1.0, came[rows] * chance - 1, chance, np.full(len(rows), miss.weight)]))
    ahead, errors, chance, weights = np.hstack([np.zeros((4, 0)), *parts])
    return ahead, errors, chance, weights


def _growth(ahead: Floats, squares: Floats, weights: Floats) -> Floats:
    """(3,) coefficients, none negative, of the variance by days ahead. One strange day does not rule."""
    from scipy.optimize import nnls

    usual = np.median(np.abs(squares)) / 0.455  # the median of a squared standard normal
    squares = np.minimum(squares, 9 * usual + 1e-12)
    root = np.sqrt(weights)
    found, _ = nnls(_powers(ahead) * root[:, None], squares * root)
    return np.asarray(found if found.any() else np.array([1e-6, 0.0, 0.0]))


def _slot_variances(misses: Sequence[Miss], slots: int) -> Floats:
    """(s,) relative variances of the slots' own errors, beyond chance and the day's error."""
    excess, weight = np.zeros(slots), np.zeros(slots)
    seen = 0.0
    for miss in misses:
        known = ~np.isnan(miss.actual)
        expected = np.where(known, miss.forecast, 0.0)
        total = expected.sum(axis=1, keepdims=True)
        came = np.where(known, miss.actual, 0.0)
        fitted = expected * np.where(
            total > 0, came.sum(axis=1, keepdims=True) / np.where(total > 0, total, 1), 0
        )
        excess += miss.weight * ((came - fitted) ** 2 - fitted).sum(axis=0)
        weight += miss.weight * (fitted**2).sum(axis=0)
        seen += miss.weight * len(expected)
    pooled = max(excess.sum() / weight.sum(), 0.0) if weight.sum() > 0 else UNKNOWN_SLOT**2
    usual = weight.sum() / slots / max(seen, 1e-12) * BORROWED
    if usual <= 0:
        return np.full(slots, pooled)
    return np.asarray(np.maximum((excess + usual * pooled) / (weight + usual), 0.0))


def _common(misses: Sequence[Miss], growth: Floats) -> float:
    """The part of the first coefficient of ``growth`` by which two days of one forecast err together."""
    products, pairs = 0.0, 0.0
    for miss in misses:
        ahead, errors, _, _ = _day_errors([miss])
        deviation = np.sqrt(_powers(ahead) @ growth)
        errors = np.clip(errors, -3 * deviation, 3 * deviation)
        grown = np.sqrt(_powers(ahead)[:, 1:] @ growth[1:])
        for one, sign in ((errors, 1), (grown, -1)):
            products += sign * miss.weight * (one.sum() ** 2 - (one**2).sum())
        pairs += miss.weight * len(errors) * (len(errors) - 1)
    if not pairs or growth[0] <= 0:
        return 0.5
    return float(np.clip(products / pairs / growth[0], 0.0, 0.95))


def _scores(spread: Spread, misses: Sequence[Miss]) -> tuple[Scores, Scores]:
    """Errors over the deviations that were expected: of slots and of days."""
    of_slots, of_days = [], []
    for miss in misses:
        known = ~np.isnan(miss.actual)
        variance = spread.day_variance(np.arange(1, len(miss.forecast) + 1))[:, None]
        expected = np.where(known, miss.forecast, 0.0)
        own = expected + expected**2 * spread.slot
        deviation = np.sqrt(own + expected**2 * variance)
        usable = known & (deviation > 0)
        scores = (miss.actual - miss.forecast)[usable] / deviation[usable]
        of_slots.append((scores, np.full(len(scores), miss.weight)))
        total = expected.sum(axis=1)
        whole = np.sqrt(own.sum(axis=1) + total**2 * variance[:, 0])
        some = whole > 0
        scores = (np.where(known, miss.actual, 0.0).sum(axis=1) - total)[some] / whole[some]
        of_days.append((scores, np.full(len(scores), miss.weight)))
    return _sorted(of_slots), _sorted(of_days)


def _sorted(parts: Sequence[tuple[Floats, Floats]]) -> Scores:
    values = np.concatenate([values for values, _ in parts])
    weights = np.concatenate([weights for _, weights in parts])
    order = np.argsort(values)
    return Scores(values[order], weights[order])
