"""The linear program of patterns: its shares, its bound, and a roster out of it."""

from collections import defaultdict

import numpy as np
import pytest

from scheduling.solver.budget import Budget
from scheduling.solver.columns import Master
from scheduling.solver.diving import dive
from scheduling.solver.generation import generate
from scheduling.solver.incumbent import Incumbent
from scheduling.solver.linear import LinearProgramError
from scheduling.solver.load import Covers
from scheduling.solver.options import Options
from scheduling.solver.patterns.walkers import Walkers
from tests.scheduling.solver.test_solve import ward


def master() -> Master:
    """A ward of eight, each with one pattern that is no good."""
    options = Options(ward(8))
    walkers, covers = Walkers(options), Covers(options)
    made = Master(covers, walkers, range(8), np.zeros(covers.price.shape[:2], np.int64))
    for person in range(8):
        walk = walkers[person].cheapest(np.zeros(options.cost.shape[1:]))
        assert walk is not None
        made.add(person, walk.pattern)
    return made


def test_shares_are_those_of_the_columns_there_are() -> None:
    """Everybody's shares make one, also when columns have come since the last solution."""
    made = master()
    made.solve()
    for rounds in range(1, 4):
        generate(made, Budget(None, None, None, 1), rounds)
        shares: defaultdict[int, float] = defaultdict(float)
        for column, part in made.fractions():
            shares[column.person] += part
        assert dict(shares) == pytest.approx(dict.fromkeys(range(8), 1.0))


def test_value_and_bound_meet_and_no_roster_is_below() -> None:
    """The bound never passes the value; a dive's roster costs no less than it."""
    made = master()
    found = generate(made, Budget(None, None, None, 1), 500)
    assert found.converged
    assert found.bound <= found.duals.value + 1e-6
    assert found.bound == pytest.approx(found.duals.value, rel=0.02)
    chosen = dive(made, Budget(None, None, None, 1), np.random.default_rng(1))
    assert chosen is not None
    patterns = np.array([chosen[person] for person in range(8)])
    roster = Incumbent(made.walkers.options, made.walkers, made.covers, patterns)
    assert roster.objective - made.walkers.options.base >= found.bound - 1e-6


def test_a_program_without_an_optimum_is_tried_again_and_said() -> None:
    """Somebody without any pattern makes the program infeasible; it is solved again with a pattern."""
    options = Options(ward(2))
    walkers, covers = Walkers(options), Covers(options)
    made = Master(covers, walkers, range(2), np.zeros(covers.price.shape[:2], np.int64))
    walk = walkers[0].cheapest(np.zeros(options.cost.shape[1:]))
    assert walk is not None
    made.add(0, walk.pattern)
    with pytest.raises(LinearProgramError, match="no columns known"):
        made.solve()
    other = walkers[1].cheapest(np.zeros(options.cost.shape[1:]))
    assert other is not None
    made.add(1, other.pattern)
    assert made.solve().value >= 0
