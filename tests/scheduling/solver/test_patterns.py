"""A person's whole period at once: what a pattern costs, and that none is cheaper."""

from dataclasses import replace
from datetime import date
from itertools import product

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scheduling.generate import call_center
from scheduling.judge import judge
from scheduling.people import Person
from scheduling.problem import Problem
from scheduling.roster import Roster
from scheduling.rules import WeeklyRest
from scheduling.solver.layouts import assignment, first_layout, layouts
from scheduling.solver.options import FORBIDDEN, Options, kinds_of
from scheduling.solver.patterns.families import is_counted
from scheduling.solver.patterns.walkers import Walkers
from tests.scheduling.small import FORMS, problems


@st.composite
def alone(draw: st.DrawFn, most_days: int) -> Problem:
    """Problems of one person whose rules are all counted, with nothing to do for others."""
    problem = draw(problems(most_days=most_days, most_people=1))
    rules = tuple(rule for rule in problem.rules if is_counted(rule))
    return replace(problem, rules=rules, demands=(), covers=(), activities=())


def roster_of(options: Options, pattern: tuple[int, ...]) -> Roster:
    person = options.problem.people[0].id
    return Roster(
        tuple(
            assignment(person, day, options.kinds[kind - 1], first_layout(options.kinds[kind - 1]))
            for day, kind in enumerate(pattern)
            if kind
        )
    )


@given(st.data(), alone(9))
def test_a_pattern_costs_what_the_judge_says(data: st.DataObject, problem: Problem) -> None:
    """Any pattern: the same cost, and infinite if it is not legal."""
    options = Options(problem)
    walker = Walkers(options, lazy=data.draw(st.booleans()))[0]
    kinds = st.integers(0, len(options.kinds))
    pattern = tuple(data.draw(st.lists(kinds, min_size=problem.days, max_size=problem.days)))
    verdict = judge(problem, roster_of(options, pattern))
    cost = walker.cost(np.array(pattern)) + options.base
    assert cost == (verdict.cost if verdict.legal else np.inf)


@given(st.data(), alone(16), st.sampled_from((480, 2100, 4000, 8640)), st.sampled_from((None, 3)))
def test_a_long_rest_in_each_week_costs_what_the_judge_says(
    data: st.DataObject, problem: Problem, least: int, weight: int | None
) -> None:
    """Over several weeks, with a past that is known or not: the same cost as by the judge."""
    problem = replace(problem, rules=(WeeklyRest(least_minutes=least, weight=weight),))
    options = Options(problem)
    walker = Walkers(options, lazy=data.draw(st.booleans()))[0]
    kinds = st.integers(0, len(options.kinds))
    pattern = tuple(data.draw(st.lists(kinds, min_size=problem.days, max_size=problem.days)))
    verdict = judge(problem, roster_of(options, pattern))
    cost = walker.cost(np.array(pattern)) + options.base
    assert cost == (verdict.cost if verdict.legal else np.inf)


@settings(max_examples=40)
@given(st.data(), alone(4))
def test_no_pattern_is_cheaper(data: st.DataObject, problem: Problem) -> None:
    """Under any prices, against every pattern there is; and the bound is no more than the cheapest."""
    options = Options(problem)
    size = 1 + len(options.kinds)
    assume(size**problem.days <= 1300)
    walker = Walkers(options)[0]
    row = st.lists(st.integers(-9, 9), min_size=size, max_size=size)
    prices = np.array(data.draw(st.lists(row, min_size=problem.days, max_size=problem.days)), float)
    days = np.arange(problem.days)

    def cost(pattern: tuple[int, ...]) -> float:
        return walker.cost(np.array(pattern)) + float(prices[days, list(pattern)].sum())

    least = min(map(cost, product(range(size), repeat=problem.days)))
    walk = walker.cheapest(prices)
    if walk is None:
        assert least == np.inf
    else:
        assert cost(tuple(int(kind) for kind in walk.pattern)) == least
        assert walk.least <= least + 1e-6


def test_people_of_the_same_rules_share_their_states() -> None:
    """An automaton is built once for all who have the same rules."""
    problem = call_center(20, 7)
    walkers = Walkers(Options(problem))
    assert len({id(walkers[place].rules) for place in range(20)}) < 20
    assert Options(problem).cost.max() == FORBIDDEN


def test_every_layout_takes_the_breaks_as_asked() -> None:
    """Layouts are those the judge lets be: each break in its window, in order."""
    late = next(one for one in FORMS if one.id == "late")
    problem = Problem(date(2024, 1, 1), 1, (late,), (Person("ann"),))
    (kind,) = kinds_of(problem)
    found = list(layouts(kind))
    assert found == [(begin,) for begin in late.breaks[0].begins_at(late.start)]
    for layout in found:
        assert judge(problem, Roster((assignment("ann", 0, kind, layout),))).legal
