"""A window of a person's period against all that stands around it; whole rosters made window by window."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scheduling.judge import judge
from scheduling.problem import Problem
from scheduling.solver import Progress, front, solve
from scheduling.solver.budget import Budget, OverError
from scheduling.solver.long_periods import fits
from scheduling.solver.long_search import LongSearch
from scheduling.solver.options import Options
from scheduling.solver.patterns.walkers import Walkers
from tests.scheduling.small import problems
from tests.scheduling.solver.test_solve import agrees, ward


def fitting(problem: Problem) -> Problem:
    """A problem without what cannot be kept window by window."""
    contracts = tuple(
        replace(one, week_least=None, week_most=None)
        if one.weight is None
        else replace(one, week_least=None, week_most=None, period_least=None, period_most=None)
        for one in problem.contracts
    )
    rules = tuple(rule for rule in problem.rules if fits(rule))
    return replace(problem, rules=rules, contracts=contracts, demands=(), activities=())


def search_of(problem: Problem) -> LongSearch:
    return LongSearch(Options(problem), Budget(None, None, None, 1), 1, lambda *_: None)


@settings(max_examples=40)
@given(st.data(), problems(most_people=1).map(fitting))
def test_a_window_against_the_days_around_it_is_as_cheap_as_can_be(
    data: st.DataObject, problem: Problem
) -> None:
    """Of all patterns that are the same outside the window none costs less; those outside cost the same."""
    options = Options(problem)
    walker = Walkers(options)[0]
    days, size = problem.days, options.cost.shape[2]
    found = walker.cheapest(np.array(data.draw(_prices(days, size))))
    assume(found is not None)
    assert found is not None
    search = search_of(problem)
    search.put(0, 0, found.pattern)
    first = data.draw(st.integers(0, days - 1))
    after = data.draw(st.integers(first + 1, min(days, first + 4)))
    assume(problem.weekday(first) != 6 or not first)  # windows begin on Mondays, or with the period
    assume(problem.weekday(after - 1) != 5 or after == days)
    window = search._walker(0, first, after)
    assert np.isfinite(window.cost(found.pattern[first:after]))
    prices = np.array(data.draw(_prices(after - first, size)))
    walk = window.cheapest(prices)
    whole = np.where(np.arange(size) == found.pattern[:, None], 0.0, 1e9)
    whole[first:after] = prices
    best = walker.cheapest(whole)
    assert best is not None
    assert walk is not None
    made = found.pattern.copy()
    made[first:after] = walk.pattern
    in_days = np.arange(days)
    cost = walker.cost(made) + whole[in_days, made].sum()
    assert np.isfinite(cost)
    assert cost >= best.least - 1e-6
    if not window.loose and not walker.loose:
        assert cost == pytest.approx(best.least)


def _prices(days: int, size: int) -> st.SearchStrategy[list[list[float]]]:
    row = st.lists(st.integers(-9, 9).map(float), min_size=size, max_size=size)
    return st.lists(row, min_size=days, max_size=days)


@settings(max_examples=25)
@given(problem=problems(most_days=9).map(fitting))
def test_all_that_is_told_window_by_window_is_legal(problem: Problem) -> None:
    """Legal, with the judge's cost, and no bound is above it."""
    told: list[Progress] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(front, "_LONG", 0)
        solve(problem, seconds=None, work=0.05, workers=1, progress=told.append)
    for one in told:
        agrees(problem, one)


def test_a_long_period_is_planned_window_by_window_and_again() -> None:
    """Twenty weeks: legal, better than the first roster, with a bound; the same again from the same work."""
    problem = ward(6, 119)
    told: list[Progress] = []
    first, second = (
        solve(problem, seconds=None, work=0.8, workers=2, progress=told.append) for _ in range(2)
    )
    agrees(problem, first)
    assert first.roster == second.roster
    assert first.objective is not None
    assert told[0].objective is not None
    assert first.objective < told[0].objective
    assert first.bound is not None
    again = solve(problem, seconds=None, work=0.2, workers=2, start=first.roster)
    assert again.objective is not None
    assert again.objective <= first.objective
    assert judge(problem, first.roster).legal if first.roster else False


def test_work_stops_soon_after_it_is_told_to() -> None:
    """Asked after every person of every step; once the answer is yes, nothing more is built."""
    asked = 0

    def stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > 30

    search = LongSearch(Options(ward(8, 140)), Budget(None, None, stop, 1), 1, lambda *_: None)
    with pytest.raises(OverError):
        search.run()
    assert asked == 31
