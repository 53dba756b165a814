"""The cost curve: agents against service level, abandonment and money, so that one sees what one more
buys."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from forecasting.erlang import Measures, measures
from forecasting.erlang.requirement import Targets
from forecasting.erlang.service_levels import DEFAULT, Definition
from forecasting.history import Floats, Ints
from forecasting.staffing.plan import load_of


@dataclass(frozen=True, slots=True)
class Prices:
    """What things cost, in one currency: an agent's hour, a caller's hour in the queue, a caller who gives
    up."""

    agent_hour: float = 1.0
    waiting_hour: float = 0.0
    abandoned_call: float = 0.0

    def __post_init__(self) -> None:
        for name in ("agent_hour", "waiting_hour", "abandoned_call"):
            if not 0 <= getattr(self, name) < np.inf:
                raise ValueError(f"the price {name} is {getattr(self, name):g}; it must be 0 or more")


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Figures by number of agents, arrays (k,), ``agents`` ascending.

    ``measures`` are of all calls of all intervals. ``cost`` is per hour: agents, waiting and lost calls at
    the prices given (infinite where the queue grows without end). For several intervals ``agents`` is how
    many more (or fewer) there are in each than planned, and figures are weighted by calls.
    """

    agents: Ints
    measures: Measures
    cost: Floats

    @property
    def cheapest(self) -> int:
        """The number of agents that costs least."""
        return int(self.agents[int(np.argmin(self.cost))])

    def least(self, targets: Targets) -> int | None:
        """The first number of agents on the curve with the service level wanted; None if none has it."""
        if targets.service_level is None:
            raise ValueError("the curve is read at a service level, and there is none")
        enough = self.agents[self.measures.service_level >= targets.service_level - 1e-12]
        return int(enough[0]) if len(enough) else None


def cost_curve(
    calls: float,
    interval_s: float,
    aht_s: float,
    patience_s: float | None = None,
    *,
    within_s: float = 20.0,
    definition: Definition = DEFAULT,
    agents: ArrayLike | None = None,
    prices: Prices | None = None,
) -> Curve:
    """The curve of one interval over ``agents`` (default: what surrounds the load).

    Raises ValueError for input that is negative or no number.
    """
    prices = prices or Prices()
    _, aht, load = load_of(calls, interval_s, aht_s)
    heads = surrounding(float(load), patience_s is None) if agents is None else np.asarray(agents)
    heads = np.unique(np.atleast_1d(heads).astype(np.int64))
    found = measures(heads, load, aht, patience_s, within_s=within_s, definition=definition)
    hourly = 3600 / interval_s * calls
    cost = (
        heads * prices.agent_hour
        + _times(found.queue_length, prices.waiting_hour)
        + _times(found.abandonment * hourly, prices.abandoned_call)
    )
    return Curve(heads, found, np.where(found.overloaded, np.inf, cost))


def surrounding(load: float, endless: bool) -> Ints:
    """Numbers of agents worth a look: with endless patience from the first that can do it."""
    spread = max(2.0, 2.5 * float(np.sqrt(load)))
    low = int(np.floor(load)) + 1 if endless else max(1, int(load - spread))
    return np.arange(low, max(low + 4, int(np.ceil(load + 1.6 * spread))) + 1)


def plan_curve(
    calls: ArrayLike,
    interval_s: float,
    aht_s: ArrayLike,
    planned: ArrayLike,
    patience_s: float | None = None,
    *,
    within_s: float = 20.0,
    definition: Definition = DEFAULT,
    more: ArrayLike = range(-5, 6),
    prices: Prices | None = None,
) -> Curve:
    """The curve of a whole plan: so many ``more`` agents than ``planned`` (n,) in every interval with calls.

    Raises ValueError for input that is negative or no number, or if there are no calls.
    """
    prices = prices or Prices()
    offered, aht, load = load_of(np.atleast_1d(calls), interval_s, aht_s)
    if not offered.sum() > 0:
        raise ValueError("there are no calls, so there is no curve")
    heads = np.unique(np.atleast_1d(np.asarray(more)).astype(np.int64))
    there = np.asarray(planned, dtype=np.int64)[None, :] + np.where(offered > 0, heads[:, None], 0)
    agents = np.maximum(there, 0)
    each = measures(agents, load, aht, patience_s, within_s=within_s, definition=definition)
    # The answered wait weighs by who is answered; where nobody is (NaN) there is no weight either.
    answered = offered * (1 - each.abandonment)
    found = Measures(
        _mean(each.service_level, offered),
        _mean(each.probability_of_wait, offered),
        _mean(np.where(answered > 0, each.asa_s, 0.0), answered),
        _mean(np.where(agents > 0, each.occupancy, 0.0), agents),
        _mean(each.abandonment, offered),
        _mean(each.mean_wait_s, offered),
        each.p90_wait_s.max(axis=1),
        each.queue_length.mean(axis=1),
        np.asarray(each.overloaded.any(axis=1)),
    )
    hours = offered.shape[0] * interval_s / 3600
    cost = (
        agents.mean(axis=1) * prices.agent_hour
        + _times(found.queue_length, prices.waiting_hour)
        + _times(found.abandonment * offered.sum() / hours, prices.abandoned_call)
    )
    return Curve(heads, found, np.where(found.overloaded, np.inf, cost))


def _times(amount: Floats, price: float) -> Floats:
    """An endless queue costs nothing if waiting has no price."""
    return amount * price if price else np.zeros(amount.shape)


def _mean(figure: Floats, weight: Floats) -> Floats:
    heavy = np.broadcast_to(weight, figure.shape)
    total = heavy.sum(axis=1)
    with np.errstate(invalid="ignore"):
        summed = np.where(heavy > 0, figure, 0.0) * heavy
    result: Floats = np.divide(summed.sum(axis=1), total, out=np.zeros(total.shape), where=total > 0)
    return result
