"""The bound of the floor: below every roster whatever the values are, and near to the best."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scheduling.generate import call_center
from scheduling.judge import judge
from scheduling.problem import Problem
from scheduling.solver import Progress, front, solve
from scheduling.solver.budget import Budget
from scheduling.solver.floor.oracle import Oracle
from scheduling.solver.floor.plan import Planner
from scheduling.solver.floor.search import is_floor
from scheduling.solver.floor.shares import Shares
from scheduling.solver.floor.slopes import Slopes
from scheduling.solver.options import Options
from scheduling.solver.patterns.walkers import Walkers
from tests.scheduling.brute import best, tiny_problems
from tests.scheduling.small import problems

FOREVER = Budget(None, None, None, 1)


def oracle(problem: Problem) -> Oracle:
    options = Options(problem)
    return Oracle(problem, options, Walkers(options), Planner(problem, options))


def below(problem: Problem, seed: int, least: int) -> None:
    """Values by chance, of both signs, and those of some rounds of shares: no bound is above ``least``."""
    asked = oracle(problem)
    chance = np.random.default_rng(seed)
    shape = len(problem.demands), problem.intervals
    for scale in (0.0, 3.0, 100.0):
        answer = asked.ask(chance.normal(0, scale, shape), FOREVER)
        assert answer is not None
        assert answer.bound <= least + 1e-6
    shares = Shares(asked, FOREVER, chance)
    for _ in range(6):
        assert shares.round() or not shares.free
    assert shares.bound <= least + 1e-6


@settings(max_examples=15)
@given(tiny_problems(most=150), st.integers(0, 99))
def test_no_roster_is_below_the_bound(problem: Problem, seed: int) -> None:
    """Brute force over all rosters finds none."""
    assume(is_floor(problem))
    least = best(problem)
    assume(least is not None)
    assert least is not None
    below(problem, seed, least)


@settings(max_examples=8)
@given(problems(most_days=4), st.integers(0, 99))
def test_no_roster_of_the_whole_model_is_below_the_bound(problem: Problem, seed: int) -> None:
    """Breaks, activities, several skills, history: what CP-SAT finds is never below."""
    assume(is_floor(problem) and problem.demands)
    found = solve(problem, seconds=None, work=0.1, workers=1)
    assume(found.objective is not None)
    assert found.objective is not None
    below(problem, seed, found.objective)


def test_the_bound_is_as_near_as_it_can_be() -> None:
    """Thirty people over a week: the relaxation and its bound meet, so that no better values are left."""
    asked = oracle(call_center(30, 7))
    shares = Shares(asked, FOREVER, np.random.default_rng(1))
    for _ in range(60):
        assert shares.round()
        if shares.cost - shares.bound <= 0.25 * shares.cost:
            break
    assert 0 < 0.75 * shares.cost <= shares.bound <= shares.cost


def test_what_is_told_meets() -> None:
    """Fifteen people over two weeks: bounds rise, costs fall, and the judge agrees."""
    problem = call_center(15, 14)
    told: list[Progress] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(front, "_LARGE", 0)
        solution = solve(problem, seconds=None, work=1.2, workers=1, progress=told.append)
    assert solution.roster is not None
    assert solution.bound is not None
    assert solution.objective == judge(problem, solution.roster).cost
    bounds = [one.bound for one in told if one.bound is not None]
    costs = [one.objective for one in told if one.objective is not None]
    assert bounds == sorted(bounds)
    assert costs == sorted(costs, reverse=True)
    assert 0 < solution.bound <= solution.objective


def test_time_that_is_over_at_once_gives_no_roster_of_many_people() -> None:
    """Nothing large is built when there is no time for it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(front, "_LARGE", 0)
        solution = solve(call_center(20, 7), seconds=0.0)
    assert solution.status == "unknown"
    assert solution.roster is None


@given(
    st.lists(st.integers(0, 6), min_size=3, max_size=3),
    st.lists(st.floats(-50, 50), min_size=3, max_size=3),
    st.floats(0.1, 20),
)
def test_slopes_are_least_where_nothing_else_is_less(
    required: list[int], at: list[float], stiff: float
) -> None:
    """Against a fine grid of numbers of people: the least with values, and the proximal point."""
    demand = replace(call_center(3, 1).demands[0], required=tuple(required))
    slopes, point = Slopes(demand, 9), np.array(at)
    grid = np.linspace(0, 9, 901)[:, None] * np.ones(3)
    costs = np.array([slopes.cost(row) for row in grid])
    assert slopes.least(point) == pytest.approx((costs + grid * point).min(axis=0).sum())
    near = slopes.near(point.copy(), stiff)
    cost = slopes.cost(near) + stiff / 2 * (near - point) ** 2
    assert np.all(cost <= (costs + stiff / 2 * (grid - point) ** 2).min(axis=0) + 1e-6)
