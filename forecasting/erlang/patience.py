"""Erlang A: who finds no agent free waits, until they are answered or lose patience."""

from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecasting.erlang.gamma import abandons, divided, excess, floats, log_still_waiting, odds_free
from forecasting.erlang.service_levels import DEFAULT, Definition, Shares, service_level
from forecasting.history import Floats

NODES, WEIGHTS = np.polynomial.legendre.leggauss(64)
DROP = 40.0
"""Integrands are followed until they are exp(-40) of their peak."""
NEWTON = 100
"""Steps at most; a dozen are usual, and from far out each halves the distance."""


class ErlangA:
    """M/M/n+M in its steady state: as Erlang C, and each caller gives up after an exponential time.

    ``agents`` n >= 0, ``load`` a >= 0 in erlangs, ``aht_s`` > 0, ``patience_s`` > 0: the mean time after
    which a caller who is not answered gives up (all broadcast to one shape, which every answer has). There is
    a steady state whatever the load. Without calls nobody waits. Raises ValueError for what is negative or no
    number.

    Palm 1957; Garnett, Mandelbaum & Reiman 2002; Zeltyn & Mandelbaum 2005 for the offered wait. With x = n
    patience/aht, y = a patience/aht: a caller who must wait and would wait for ever is not answered by time t
    with probability P(x, y exp(-t/patience)) / P(x, y); all else follows from this and from ``abandons``,
    because a caller who still waits at t is as one who begins to wait at the load a exp(-t/patience).
    """

    def __init__(self, agents: ArrayLike, load: ArrayLike, aht_s: ArrayLike, patience_s: ArrayLike) -> None:
        n, a, aht, patience = np.broadcast_arrays(
            floats("agents", agents, 0),
            floats("load", load, 0),
            floats("aht_s", aht_s, 0, above=True),
            floats("patience_s", patience_s, 0, above=True),
        )
        self.agents, self.load, self.aht_s, self.patience_s = n, a, aht, patience
        ratio = patience / aht
        self._x, self._y, self._d = n * ratio, a * ratio, (n - a) * ratio
        self.overloaded: NDArray[np.bool_] = np.zeros(a.shape, dtype=bool)
        """Nowhere: who gives up makes room."""

    @cached_property
    def _palm(self) -> Floats:
        """1/A(x, y), A being Palm's function: who waits is the only one to wait with this probability."""
        return divided(self._d + self._y * self._gives_up, self._x, 1.0)

    @cached_property
    def _odds(self) -> Floats:
        """The odds that an agent is free: (1/B - 1)/A(x, y)."""
        with np.errstate(invalid="ignore"):
            odds = odds_free(self.agents, self.load) * self._palm
        return np.where(self.load > 0, odds, np.inf)

    @cached_property
    def _gives_up(self) -> Floats:
        """The share of those who must wait that gives up."""
        return abandons(self._x, self._y, self._d)

    @cached_property
    def probability_of_wait(self) -> Floats:
        """The share of callers who find all agents busy."""
        waits: Floats = 1 / (1 + self._odds)
        return waits

    @property
    def abandonment(self) -> Floats:
        """The share of callers who give up."""
        lost: Floats = self.probability_of_wait * self._gives_up
        return lost

    @cached_property
    def answered(self) -> Floats:
        """The share of callers who are answered, with all its digits even where that is hardly anybody."""
        waits, odds = self.probability_of_wait, self._odds
        with np.errstate(invalid="ignore"):
            at_once = np.where(odds > 1, 1 - waits, odds * waits)
        return at_once + waits * self._served

    @cached_property
    def _served(self) -> Floats:
        """The share of those who must wait that is answered: 1 - ``_gives_up``, or (x/y)(1 - 1/A) where that
        is the smaller one and would cancel."""
        crowded = (self._d < 0) & (self._y > 1)
        few = divided(self._x, self._y, 0.0) * (1 - self._palm)
        return np.where(crowded, few, 1 - self._gives_up)

    @property
    def occupancy(self) -> Floats:
        """The share of their time that agents handle calls; NaN without agents."""
        return np.minimum(divided(self.load * self.answered, self.agents, np.nan), 1.0)

    @property
    def mean_wait_s(self) -> Floats:
        """The mean wait of all callers, until answered or given up, those who do not wait included."""
        wait_s: Floats = self.abandonment * self.patience_s
        return wait_s

    @property
    def queue_length(self) -> Floats:
        """The mean number of callers who wait (Little)."""
        waiting: Floats = self.load / self.aht_s * self.mean_wait_s
        return waiting

    @cached_property
    def asa_s(self) -> Floats:
        """The mean wait of the answered; NaN where nobody is.

        Who is answered after a wait has waited z patiences with a density as exp(y(1 - exp(-z)) - (x + 1) z):
        log-concave, so 64 points of Gauss and Legendre between where it has dropped to exp(-40) suffice.
        """
        y, x, d = (one[..., None] for one in (self._y, self._x + 1, self._d + 1))
        peak = np.log1p(np.maximum(-d / x, 0.0))
        slope, curve = np.maximum(d, 0.0), np.minimum(y, x)
        # z - 1 + exp(-z) is at least z^2/(2 + z) for z > 0 and z^2/2 for z < 0: bounds a little too far out
        half = (DROP - 2 * slope) / 2
        high = (half + np.sqrt(half * half + 2 * DROP * (slope + curve))) / (slope + curve)
        low = -np.minimum(peak, np.sqrt(2 * DROP / x))
        z = low + (high - low) * (NODES + 1) / 2
        weight = np.exp(-slope * z - curve * excess(z)) * WEIGHTS
        mean = ((peak + z) * weight).sum(-1) / weight.sum(-1)
        waited = self.probability_of_wait * self._served * mean * self.patience_s
        return np.where(self.load > 0, divided(waited, self.answered, np.nan), 0.0)

    def later_than(self, wait_s: ArrayLike) -> Floats:
        """The share of callers who wait longer than ``wait_s`` >= 0, answered afterwards or not."""
        z = self._patiences(wait_s)
        late: Floats = self.virtually_later_than(wait_s) * np.exp(-z)
        return late

    def virtually_later_than(self, wait_s: ArrayLike) -> Floats:
        """The share of moments at which who never gives up would wait longer than ``wait_s`` >= 0."""
        x, y, d, z = np.broadcast_arrays(self._x, self._y, self._d, self._patiences(wait_s))
        late: Floats = self.probability_of_wait * np.exp(log_still_waiting(x, y, d, z))
        return late

    def service_level(
        self, within_s: ArrayLike, definition: Definition = DEFAULT, short_s: float = 5.0
    ) -> Floats:
        """The share served within ``within_s`` >= 0 by a definition of ``service_levels``.

        ``short_s`` is how soon a caller hangs up whom ``answered_in_target_or_short_of_all`` forgives.
        Without calls it is 1. Raises ValueError for a definition there is not.
        """
        late, lost_late = self._after(within_s)
        lost_in = np.maximum(self.abandonment - lost_late, 0.0)
        in_time = np.maximum(self.answered - late, 0.0)
        short = lost_in
        if definition == "answered_in_target_or_short_of_all":
            short = np.maximum(self.abandonment - self._after(short_s)[1], 0.0)
        virtual = 1 - self.virtually_later_than(within_s) if definition == "virtual" else in_time
        return service_level(Shares(self.answered, in_time, lost_in, short, virtual), definition)

    def wait_percentile_s(self, share: float) -> Floats:
        """The wait, until answered or given up, that ``share`` of the callers do not exceed, 0 <= share < 1.

        By Newton's method on the logarithm of the tail, which is concave: from the right it never overshoots,
        and a step of 1e-9 is the last one, since the next would be of the square of that.
        """
        if not 0 <= share < 1:
            raise ValueError(f"a percentile is a share from 0 to below 1, not {share:g}")
        x, y, d = self._x.ravel(), self._y.ravel(), self._d.ravel()
        often = np.log(np.maximum(self.probability_of_wait / (1 - share), 1.0)).ravel()
        z = often.copy()  # if nobody were answered
        open_ = np.flatnonzero(z > 0)
        for _ in range(NEWTON):
            u, v, w, t = x[open_], y[open_], d[open_], z[open_]
            later, free = v * np.exp(-t), w - v * np.expm1(-t)
            hazard = 1 + free + later * abandons(u, later, free)
            step = np.minimum((often[open_] - t + log_still_waiting(u, v, w, t)) / hazard, 0.0)
            z[open_] = np.maximum(t + step, 0.0)
            open_ = open_[step < -1e-9 * t]
            if not len(open_):
                break
        wait_s: Floats = z.reshape(self.load.shape) * self.patience_s
        return wait_s

    def _patiences(self, wait_s: ArrayLike) -> Floats:
        """A wait in units of patience."""
        z: Floats = floats("wait_s", wait_s, 0) / self.patience_s
        return z

    def _after(self, wait_s: ArrayLike) -> tuple[Floats, Floats]:
        """The shares of callers answered after ``wait_s``, and of those who give up after it."""
        x, y, d, z = np.broadcast_arrays(self._x, self._y, self._d, self._patiences(wait_s))
        still = self.probability_of_wait * np.exp(log_still_waiting(x, y, d, z) - z)
        lost = abandons(x, y * np.exp(-z), d - y * np.expm1(-z))
        return still * (1 - lost), still * lost
