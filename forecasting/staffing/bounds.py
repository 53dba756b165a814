"""Where a search for agents of several skills begins: no less than the formulas say of any set of queues."""

from itertools import combinations

import numpy as np

from forecasting.erlang import Targets, agents_for
from forecasting.history import Floats, Ints
from forecasting.staffing.plan import load_of
from forecasting.staffing.skills import Problem, Queue

MOST_SETS = 12
"""Queues up to which every set of them is looked at; with more, single ones, pairs and all of them."""


def at_least(problem: Problem) -> tuple[list[frozenset[str]], Ints]:
    """Sets of queues, and (sets, n) agents that must serve at least one queue of each.

    Were all of them able to serve the whole set and nothing else, as one queue of one kind, they would need
    so many: the pooled load, the mean patience and the mildest of the targets. More is needed when they
    cannot.
    """
    names = [queue.name for queue in problem.queues]
    sizes = range(1, len(names) + 1) if len(names) <= MOST_SETS else (1, 2, len(names))
    sets = [frozenset(some) for size in sizes for some in combinations(names, size)]
    needs = [_pooled([q for q in problem.queues if q.name in some], problem.interval_s) for some in sets]
    return sets, np.stack(needs)


def _pooled(queues: list[Queue], interval_s: int) -> Ints:
    calls = np.stack([queue.calls for queue in queues])
    loads = np.stack([load_of(queue.calls, interval_s, queue.aht_s)[2] for queue in queues])
    load, offered = loads.sum(0), calls.sum(0)
    aht_s = np.where(offered > 0, load * interval_s / np.maximum(offered, 1e-300), 1.0)
    patient = [queue.patience_s for queue in queues if queue.patience_s is not None]
    patience_s = None if len(patient) < len(queues) else float(np.mean(patient))
    kept = [_with(load, aht_s, queue.targets, patience_s) for queue in queues]
    mildest: Ints = np.min(np.stack(kept), axis=0)
    return mildest


def _with(load: Floats, aht_s: Floats, targets: Targets, patience_s: float | None) -> Ints:
    if patience_s is None and targets.needs_patience:
        return np.zeros(len(load), dtype=np.int64)  # another queue's callers wait for ever: nothing is known
    return agents_for(load, aht_s, targets, patience_s)


def start(problem: Problem) -> Ints:
    """(g, n) agents that meet all of ``at_least`` at the least cost, each interval a small integer
    programme."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # slow to import

    sets, needs = at_least(problem)
    serves = np.array([[bool(some & set(g.queues)) for g in problem.groups] for some in sets], dtype=float)
    cost = np.array([group.cost for group in problem.groups])
    heads = np.zeros((len(problem.groups), problem.intervals), dtype=np.int64)
    known: dict[tuple[int, ...], Ints] = {}
    for n in range(problem.intervals):
        need = tuple(needs[:, n].tolist())
        if need not in known:
            found = milp(
                # The slight extra prefers, of equal costs, agents who can do more.
                cost * (1 - 1e-4 * serves[: len(problem.queues)].sum(0)),
                constraints=LinearConstraint(serves, np.array(need), np.inf),
                integrality=np.ones(len(cost)),
                bounds=Bounds(0, np.inf),
            )
            if found.x is None:
                raise ValueError(
                    f"no number of agents meets the requirement of interval {n}: {found.message}"
                )
            known[need] = np.round(found.x).astype(np.int64)
        heads[:, n] = known[need]
    return heads
