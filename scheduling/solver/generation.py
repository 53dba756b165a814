"""Column generation: patterns that make the master problem better, until there are none."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from scheduling.solver.budget import Budget
from scheduling.solver.columns import EPSILON, Duals, Master
from scheduling.solver.options import Floats

_SMOOTH: Final = 0.5
_ENOUGH: Final = 1e-2
_WORK_PER_COLUMN: Final = 5e-5


@dataclass(slots=True)
class Generated:
    """The last duals of the master, the best bound found and the worth it was found under; ``converged`` if
    no pattern could make the master better.
    """

    duals: Duals
    bound: float
    centre: Floats
    converged: bool


def generate(
    master: Master,
    budget: Budget,
    rounds: int,
    *,
    centre: Floats | None = None,
    until: float = np.inf,
    share: float = 1.0,
) -> Generated:
    """Solve the master and add patterns of negative reduced cost, at most ``rounds`` times.

    Prices are smoothed towards the ``centre`` of the best bound (Wentges 1997), or they swing. Ends early
    when the bound says that no choice is below ``until``, when value and bound have met, and when ``share``
    of the budget is gone. Raises LinearProgramError.
    """
    best, converged = -np.inf, False
    duals = _solve(master, budget)
    for _ in range(rounds):
        if budget.over or budget.used > share:
            break
        added = 0
        for smooth in (_SMOOTH, 0.0) if centre is not None else (0.0,):
            worth = duals.worth if centre is None else smooth * centre + (1 - smooth) * duals.worth
            bound, added = _price(master, duals, worth, budget)
            if bound > best:
                best, centre = bound, worth
            if added:
                break
        if budget.over:
            break
        converged = not added or duals.value - best < _ENOUGH
        if converged or best > until:
            break
        duals = _solve(master, budget)
    return Generated(duals, best, duals.worth if centre is None else centre, converged)


def _solve(master: Master, budget: Budget) -> Duals:
    budget.spend(len(master.columns) * _WORK_PER_COLUMN)
    return master.solve(budget.wall_left)


def _price(master: Master, duals: Duals, worth: Floats, budget: Budget) -> tuple[float, int]:
    """Each person's cheapest pattern under ``worth``; the bound of them all, and how many were new."""
    prices = -master.covers.of_kinds(worth)
    least, added = 0.0, 0
    real = master.covers.of_kinds(duals.worth)
    days = np.arange(prices.shape[0])
    for person in master.people:
        if budget.over:
            return -np.inf, added
        walker = master.walkers[person]
        budget.spend(walker.work)
        walk = walker.cheapest(prices)
        if walk is None:  # none was found that keeps what is kept by tolls
            least = -np.inf
            continue
        least += walk.least
        reduced = walker.cost(walk.pattern) - real[days, walk.pattern].sum() - duals.people[person]
        if reduced < -EPSILON and master.add(person, walk.pattern):
            added += 1
    return master.bound(worth, least), added
