"""From calls per interval to agents per interval, and to people to schedule."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from forecasting.erlang import Measures, Targets, agents_for, measures
from forecasting.erlang.gamma import floats
from forecasting.history import Floats, Ints
from forecasting.staffing.shrinkage import scheduled


@dataclass(frozen=True, slots=True, eq=False)
class Staffing:
    """By what rules a plan is made; arrays are one value per interval.

    ``patience_s`` is the callers' mean patience (Erlang A), None if they wait for ever (Erlang C).
    ``shrinkage`` is the share of people paid who take no calls. ``minimum`` agents are there whatever comes,
    ``open_minimum`` where any calls are expected; no more than ``maximum`` can be.
    """

    targets: Targets
    patience_s: ArrayLike | None = None
    shrinkage: ArrayLike = 0.0
    minimum: ArrayLike = 0
    open_minimum: ArrayLike = 0
    maximum: ArrayLike | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A plan per interval, arrays (n,).

    ``required`` agents keep the targets, ``agents`` are those with minimum and maximum, ``scheduled`` are the
    people for them with shrinkage. ``short`` is where the maximum is below the requirement. ``measures`` are
    what callers will find with ``agents``, each interval by itself in its steady state; ``load`` is in
    erlangs.
    """

    calls: Floats
    load: Floats
    aht_s: Floats
    interval_s: int
    required: Ints
    agents: Ints
    scheduled: Ints
    measures: Measures

    @property
    def short(self) -> Ints:
        """Agents that are missing."""
        missing: Ints = np.maximum(self.required - self.agents, 0)
        return missing

    @property
    def agent_hours(self) -> float:
        """Hours of agents at the telephone, in all."""
        return float(self.agents.sum()) * self.interval_s / 3600

    @property
    def scheduled_hours(self) -> float:
        """Hours of people paid, in all."""
        return float(self.scheduled.sum()) * self.interval_s / 3600


def load_of(calls: ArrayLike, interval_s: float, aht_s: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """(calls, AHT, load in erlangs) of intervals, in one shape; without calls the AHT may be unknown or 0.

    Raises ValueError for what is negative or no number, and for an AHT that is not there where calls are.
    """
    if not interval_s > 0:
        raise ValueError(f"an interval of {interval_s:g} s is none")
    offered = floats("calls", calls, 0)
    offered, aht = np.broadcast_arrays(offered, np.asarray(aht_s, dtype=np.float64))
    aht = np.where((offered == 0) & ~(np.isfinite(aht) & (aht > 0)), 1.0, aht)
    aht = floats("aht_s", aht, 0, above=True)
    return offered, aht, offered / interval_s * aht


def plan(
    calls: ArrayLike, interval_s: int, aht_s: ArrayLike, rules: Staffing, required: Ints | None = None
) -> Plan:
    """Agents and people for ``calls`` expected in intervals of ``interval_s``, handled in ``aht_s``; (n,)
    each.

    ``required`` (n,) agents are taken instead of what the formulas ask for, where somebody knows better.
    Raises ValueError for input that is negative or no number, and for a minimum above the maximum.
    """
    offered, aht, load = load_of(calls, interval_s, aht_s)
    if required is None:
        required = agents_for(load, aht, rules.targets, rules.patience_s)
    least = np.maximum(
        floats("minimum", rules.minimum, 0),
        np.where(offered > 0, floats("open_minimum", rules.open_minimum, 0), 0.0),
    )
    least = np.ceil(np.broadcast_to(least, load.shape)).astype(np.int64)
    agents = np.maximum(required, least)
    if rules.maximum is not None:
        most = np.floor(np.broadcast_to(floats("maximum", rules.maximum, 0), load.shape)).astype(np.int64)
        if (least > most).any():
            where = int(np.flatnonzero(least > most)[0])
            raise ValueError(
                f"the minimum of {least.ravel()[where]} is above the maximum, {most.ravel()[where]}"
            )
        agents = np.minimum(agents, most)
    found = measures(
        agents,
        load,
        aht,
        rules.patience_s,
        within_s=rules.targets.within_s,
        definition=rules.targets.definition,
        short_s=rules.targets.short_s,
    )
    return Plan(offered, load, aht, interval_s, required, agents, scheduled(agents, rules.shrinkage), found)
