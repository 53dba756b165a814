"""Staffing for calls that are not known for sure: targets kept on average over what the forecast leaves open.

A plan for the calls expected keeps its service level when just so many come. When more come it loses much,
when fewer come it gains little, so on average it falls short; how far depends on how good the forecast is.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from forecasting.erlang import Targets, erlang
from forecasting.erlang.gamma import divided, floats
from forecasting.erlang.requirement import SLACK, agents_for
from forecasting.erlang.search import least_whole
from forecasting.history import Floats, Ints
from forecasting.staffing.plan import load_of

NODES = 15
"""Numbers of calls that stand for all that may come, each as likely as the others."""
WIDTH = 2 * special.ndtri(0.9)
"""Standard deviations from the lower limit of an 80 % interval to the upper one."""


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """What callers find on average over what may come, arrays (n,); as in ``Measures``, weighed by calls.

    ``asa_s`` is infinite, for callers of endless patience, where more may come than the agents can do.
    """

    service_level: Floats
    asa_s: Floats
    occupancy: Floats
    abandonment: Floats


def rate_spread(calls: ArrayLike, low80: ArrayLike, high80: ArrayLike) -> Floats:
    """The standard deviation of the calls *expected*, (n,), from an 80 % interval of the calls that *come*.

    Of the variance of calls a Poisson's own, equal to their mean, is chance within the interval, which the
    formulas know already; the rest is the forecast's. Raises ValueError for limits that are no numbers or
    the wrong way round.
    """
    mean, low, high = (
        floats(name, one, 0) for name, one in (("calls", calls), ("lo80", low80), ("hi80", high80))
    )
    if (high < low).any():
        raise ValueError(f"hi80 is below lo80 in interval {int(np.flatnonzero(high < low)[0])}")
    spread: Floats = np.sqrt(np.maximum(((high - low) / WIDTH) ** 2 - mean, 0.0))
    return spread


def scenarios(calls: ArrayLike, spread: ArrayLike) -> Floats:
    """(n, k) equally likely numbers of calls expected: quantiles of gamma distributions with mean ``calls``
    and standard deviation ``spread``, scaled to that mean.
    """
    mean, sd = np.broadcast_arrays(floats("calls", calls, 0), floats("spread", spread, 0))
    some = (mean > 0) & (sd > 1e-6 * mean)
    shape = np.where(some, (mean / np.where(some, sd, 1.0)) ** 2, 1.0)
    middles = (np.arange(NODES) + 0.5) / NODES
    drawn = special.gammaincinv(shape[:, None], middles)
    found: Floats = mean[:, None] * np.where(some[:, None], drawn / drawn.mean(axis=1, keepdims=True), 1.0)
    return found


def expected(
    agents: ArrayLike,
    calls: ArrayLike,
    spread: ArrayLike,
    interval_s: float,
    aht_s: ArrayLike,
    targets: Targets,
    patience_s: ArrayLike | None = None,
) -> Expected:
    """What callers find with ``agents`` (n,) on average. Raises ValueError as the formulas do."""
    offered, aht, _ = load_of(np.atleast_1d(calls), interval_s, aht_s)
    heads = np.broadcast_to(floats("agents", agents, 0), offered.shape)
    return _over(heads, scenarios(offered, spread), interval_s, aht, targets, _each(patience_s, offered))


def _each(patience_s: ArrayLike | None, like: Floats) -> Floats | None:
    """Patience by interval."""
    if patience_s is None:
        return None
    return np.broadcast_to(np.asarray(patience_s, dtype=np.float64), like.shape)


def _over(
    agents: Floats,
    coming: Floats,
    interval_s: float,
    aht_s: Floats,
    targets: Targets,
    patience_s: Floats | None,
) -> Expected:
    load = coming / interval_s * aht_s[:, None]
    queue = erlang(agents[:, None], load, aht_s[:, None], None if patience_s is None else patience_s[:, None])
    all_ = coming.sum(axis=1)
    answered = coming * (1 - queue.abandonment)

    def mean(figure: Floats, weight: Floats) -> Floats:
        with np.errstate(invalid="ignore"):
            part = np.where(weight > 0, figure * weight, 0.0).sum(axis=1)
        return divided(part, weight.sum(axis=1), np.nan)

    level = queue.service_level(targets.within_s, targets.definition, targets.short_s)
    calm = all_ == 0
    return Expected(
        np.where(calm, 1.0, mean(level, coming)),
        np.where(calm, 0.0, mean(queue.asa_s, answered)),
        queue.occupancy.mean(axis=1),
        np.where(calm, 0.0, mean(queue.abandonment, coming)),
    )


def agents_for_uncertain(
    calls: ArrayLike,
    spread: ArrayLike,
    interval_s: float,
    aht_s: ArrayLike,
    targets: Targets,
    patience_s: ArrayLike | None = None,
) -> Ints:
    """The least whole number of agents (n,) that keeps ``targets`` on average over what may come.

    ``calls`` (n,) are expected with the standard deviation ``spread`` (n,). Raises ValueError as
    ``agents_for`` does, and for an ASA without patience, which no number of agents keeps: in some case the
    wait has no end.
    """
    if targets.asa_s is not None and patience_s is None:
        raise ValueError("an ASA on average over what may come needs the callers' patience")
    offered, aht, load = load_of(np.atleast_1d(calls), interval_s, aht_s)
    coming, patient = scenarios(offered, spread), _each(patience_s, offered)

    def kept(which: Ints, agents: Ints) -> NDArray[np.bool_]:
        heads = agents.astype(np.float64)
        waits = None if patient is None else patient[which]
        found = _over(heads, coming[which], interval_s, aht[which], targets, waits)
        good = offered[which] >= 0
        if targets.service_level is not None:
            good &= found.service_level >= targets.service_level - SLACK
        if targets.answered is not None:
            good &= 1 - found.abandonment >= targets.answered - SLACK
        if targets.abandonment is not None:
            good &= found.abandonment <= targets.abandonment + SLACK
        if targets.asa_s is not None:
            good &= found.asa_s <= targets.asa_s * (1 + SLACK)
        if targets.occupancy is not None:
            good &= found.occupancy <= targets.occupancy + SLACK
        good |= offered[which] == 0
        return good

    return least_whole(kept, agents_for(load, aht, targets, patience_s))
