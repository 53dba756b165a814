"""Other kinds on one day cost what the automaton of all the rules says they cost."""

import numpy as np
import pytest

from scheduling.generate import call_center
from scheduling.solver.options import Options
from scheduling.solver.patterns.days import costs_of_day
from scheduling.solver.patterns.walkers import Walkers

OPTIONS = Options(call_center(6, 14, seed=5))
WALKERS = Walkers(OPTIONS, lazy=True)


@pytest.mark.parametrize("person", range(6))
def test_each_kind_costs_what_its_pattern_does(person: int) -> None:
    """Of the cheapest pattern at random prices, with any day made anew; what is not legal is infinite."""
    chance = np.random.default_rng(person)
    prices = chance.normal(-20, 30, OPTIONS.cost[person].shape)
    walk = WALKERS[person].cheapest(prices)
    assert walk is not None
    seen = []
    for day in (0, int(chance.integers(1, 13)), 13):
        for kind, cost in enumerate(costs_of_day(OPTIONS, person, walk.pattern, day)):
            pattern = walk.pattern.copy()
            pattern[day] = kind
            assert cost == pytest.approx(WALKERS[person].cost(pattern)), (day, kind)
            seen.append(cost)
    assert np.isfinite(seen).any() and np.isinf(seen).any()
