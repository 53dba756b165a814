"""Columns of numbers: kept as bytes, and summed to hours, days, weeks and months of the clock on the wall."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from forecasting.days import local, starts_of
from forecasting.history import Floats, Ints

By = Literal["interval", "hour", "day", "week", "month"]


def pack(columns: Mapping[str, NDArray[Any]]) -> bytes:
    """Arrays by name as one compressed NPZ archive, which any NumPy reads."""
    out = io.BytesIO()
    np.savez_compressed(out, allow_pickle=False, **columns)
    return out.getvalue()


def unpack(data: bytes) -> dict[str, NDArray[Any]]:
    """What ``pack`` made. Raises ValueError if it is none."""
    with np.load(io.BytesIO(data), allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Intervals (n,) put together: ``of`` (n,) is the group of each, ``starts`` (g,) where groups begin."""

    starts: Ints
    of: Ints

    def sums(self, values: Floats) -> Floats:
        """(g,) the sum of what is known, NaN where nothing is."""
        known = ~np.isnan(values)
        total = np.bincount(self.of[known], values[known], len(self.starts))
        return np.where(self._counts(known) > 0, total, np.nan)

    def means(self, values: Floats, weights: Floats) -> Floats:
        """(g,) the mean by ``weights`` (n,), plain where all of them are 0; NaN where nothing is known."""
        known = ~np.isnan(values)
        weights = np.where(np.isnan(weights), 0.0, weights)
        groups, size = self.of[known], len(self.starts)
        weight = np.bincount(groups, weights[known], size)
        weighted = np.bincount(groups, weights[known] * values[known], size)
        plain = np.bincount(groups, values[known], size)
        count = self._counts(known)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(weight > 0, weighted / weight, np.where(count > 0, plain / count, np.nan))

    def spread(self, middle: Floats, end: Floats) -> Floats:
        """(g,) the end of an interval of the sum, from the ends (n,) of intervals around ``middle`` (n,).

        Calls that come by chance (Poisson) are independent; what an interval is wider than that is taken to
        go one way in all of a group: a campaign, the weather, a level that was missed. So a sum is never
        wider than its parts together, nor narrower than chance.
        """
        reach = end - middle
        chance = np.minimum(np.maximum(middle, 0.0), reach**2)
        together = np.sqrt(np.maximum(reach**2 - chance, 0.0))
        total = np.sqrt(self.sums(chance) + self.sums(together) ** 2)
        # Of an asymmetric pair of ends, each stays on its side.
        side = np.where(self.sums(reach) < 0, -1.0, 1.0)
        return np.asarray(np.maximum(self.sums(middle) + side * total, 0.0), dtype=np.float64)

    def _counts(self, known: NDArray[np.bool_]) -> Ints:
        return np.bincount(self.of[known], minlength=len(self.starts))


def groups(starts: Ints, zone: str, by: By) -> Groups:
    """Intervals (n,) by local hour, day, week (from Monday) or month; ``interval`` leaves each by itself."""
    if by == "interval":
        return Groups(starts, np.arange(len(starts)))
    days, minutes = local(starts, zone)
    if by == "hour":
        return Groups(*np.unique(starts - minutes % 60 * 60, return_inverse=True))
    if by == "week":
        days = days - (days.astype(np.int64) + 3) % 7
    elif by == "month":
        days = days.astype("datetime64[M]").astype("datetime64[D]")
    begins, of = np.unique(days, return_inverse=True)
    return Groups(starts_of(begins, np.zeros(1, dtype=np.int64), zone)[:, 0], of)
