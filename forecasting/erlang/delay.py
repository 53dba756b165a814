"""Erlang C: who finds no agent free waits, for ever if need be."""

from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecasting.erlang.gamma import divided, floats, odds_free
from forecasting.erlang.service_levels import DEFAULT, Definition, Shares, service_level
from forecasting.history import Floats


class ErlangC:
    """M/M/n in its steady state: calls at random, exponential handling, first come first served.

    ``agents`` n >= 0, ``load`` a >= 0 in erlangs, ``aht_s`` > 0 (all broadcast to one shape, which every
    answer has). Where a >= n there is no steady state: the queue grows without end, so everybody waits, the
    wait and the queue are infinite and nobody is answered in time; ``overloaded`` says where. Without calls
    nobody waits. Raises ValueError for what is negative or no number.
    """

    def __init__(self, agents: ArrayLike, load: ArrayLike, aht_s: ArrayLike) -> None:
        n, a, aht = np.broadcast_arrays(
            floats("agents", agents, 0), floats("load", load, 0), floats("aht_s", aht_s, 0, above=True)
        )
        self.agents, self.load, self.aht_s = n, a, aht
        self.overloaded: NDArray[np.bool_] = (a >= n) & (a > 0)

    @cached_property
    def probability_of_wait(self) -> Floats:
        """C(n, a) = 1 / (1 + (1 - a/n)(1/B - 1)); 1 where overloaded."""
        free = divided(np.where(self.overloaded, 0.0, self.agents - self.load), self.agents, 0.0)
        odds = odds_free(self.agents, self.load)
        with np.errstate(invalid="ignore"):
            waits = np.where(free > 0, 1 / (1 + free * odds), 1.0)
        return np.where(self.load > 0, waits, 0.0)

    @property
    def occupancy(self) -> Floats:
        """The share of their time that agents handle calls, a/n; 1 where overloaded, NaN without agents."""
        busy = np.minimum(self.load, self.agents)
        return divided(busy, self.agents, np.nan)

    @property
    def mean_wait_s(self) -> Floats:
        """The mean wait of all callers, those who do not wait included."""
        return np.where(self.overloaded, np.inf, self.probability_of_wait * self._pace_s)

    @property
    def asa_s(self) -> Floats:
        """The mean wait of the answered: of all, since nobody gives up."""
        return self.mean_wait_s

    @property
    def abandonment(self) -> Floats:
        """Nobody gives up."""
        return np.zeros(self.load.shape)

    @property
    def queue_length(self) -> Floats:
        """The mean number of callers who wait (Little)."""
        return np.where(self.load > 0, self.load / self.aht_s * self.mean_wait_s, 0.0)

    def later_than(self, wait_s: ArrayLike) -> Floats:
        """The share of callers who wait longer than ``wait_s`` >= 0."""
        t = floats("wait_s", wait_s, 0)
        with np.errstate(under="ignore"):
            late: Floats = self.probability_of_wait * np.exp(-t / self._pace_s)
        return np.where(self.overloaded, 1.0, late)

    def service_level(
        self, within_s: ArrayLike, definition: Definition = DEFAULT, short_s: float = 5.0
    ) -> Floats:
        """The share answered within ``within_s``: the same by every definition, since nobody gives up."""
        in_time = 1 - self.later_than(within_s)
        nobody = np.zeros(in_time.shape)
        return service_level(Shares(nobody + 1, in_time, nobody, nobody, in_time), definition)

    def wait_percentile_s(self, share: float) -> Floats:
        """The wait that ``share`` of the callers do not exceed, 0 <= share < 1."""
        if not 0 <= share < 1:
            raise ValueError(f"a percentile is a share from 0 to below 1, not {share:g}")
        often = np.maximum(self.probability_of_wait / (1 - share), 1.0)
        return np.where(self.overloaded, np.inf, self._pace_s * np.log(often))

    @cached_property
    def _pace_s(self) -> Floats:
        """The mean wait of those who wait."""
        spare = np.where(self.overloaded, 1.0, self.agents - self.load)
        pace_s: Floats = self.aht_s / np.where(spare > 0, spare, 1.0)
        return pace_s
