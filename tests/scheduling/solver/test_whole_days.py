"""Whole days anew: never worse, never illegal, and better where nobody alone can win."""

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scheduling.demand import Cover, Step
from scheduling.generate import call_center
from scheduling.judge import judge
from scheduling.problem import Problem
from scheduling.roster import Roster
from scheduling.rules import Reserve, Together, Who
from scheduling.shifts import Shift
from scheduling.solver.budget import Budget
from scheduling.solver.floor.search import FloorSearch, is_floor
from scheduling.solver.floor.shared import ILLEGAL
from scheduling.solver.floor.whole_days import WholeDays
from scheduling.solver.options import Options
from tests.scheduling.small import problems


def resting(problem: Problem, seed: int = 0, workers: int = 1, sweeps: int = 0) -> FloorSearch | None:
    """A search in which everybody has a period; None if somebody can have none."""

    def tell(roster: Roster, objective: int, bound: float, phase: str) -> None:
        assert roster is not None

    search = FloorSearch(problem, Options(problem), Budget(None, None, None, workers), seed, tell)
    for person in range(len(problem.people)):
        plan = search._plan(person)
        if plan is None:
            return None
        search.put(person, plan)
    search.rest(sweeps)
    return search


def agrees(search: FloorSearch) -> None:
    """The judge says of a legal roster what the search says."""
    verdict = judge(search.problem, search.roster())
    assert verdict.legal == (search.cost < ILLEGAL)
    if verdict.legal:
        assert verdict.cost == round(search.cost)


@settings(max_examples=25)
@given(problems(most_days=4), st.integers(0, 9))
def test_it_never_gets_worse_and_the_judge_agrees(problem: Problem, seed: int) -> None:
    """Every kind of rule, several skills, activities, covers, reserves, history."""
    assume(is_floor(problem) and problem.demands)
    search = resting(problem, seed)
    assume(search is not None)
    assert search is not None
    before = search.cost
    WholeDays(search).run()
    assert search.cost <= before
    agrees(search)


def test_a_day_wins_where_nobody_alone_can() -> None:
    """Forty people over a week, everybody at their best against all others: whole days are better by far."""
    search = resting(call_center(40, 7), sweeps=9)
    assert search is not None
    rested = search.cost
    WholeDays(search).run()
    assert search.cost < 0.95 * rested
    agrees(search)


def test_the_same_work_gives_the_same_roster_whatever_runs_side_by_side() -> None:
    """One worker or several: the same roster, and the same work counted."""
    found = []
    for workers in (1, 4):
        search = resting(call_center(16, 7), workers=workers, sweeps=1)
        assert search is not None
        WholeDays(search).run()
        found.append((search.cost, search.budget.spent, search.roster()))
    assert found[0] == found[1]


def test_teams_reserves_and_covers_are_kept() -> None:
    """Teams of one shift a day, a tenth to four tenths in reserve, covers of the night: a legal roster stays
    legal, and days still win.
    """
    made = call_center(24, 7)
    floats = Shift("R", 540, 510, reserve=True)
    teams = sorted({one.team for one in made.people})
    problem = replace(
        made,
        shifts=(*made.shifts, floats),
        people=tuple(
            replace(one, shifts=(*one.shifts, "R")) if one.team != teams[0] else one for one in made.people
        ),
        rules=(
            *made.rules,
            Together(who=Who(teams=(teams[0],)), weight=50),
            Reserve(least_percent=10, most_percent=40, who=Who(teams=tuple(teams[1:]))),
        ),
        covers=tuple(Cover(day, "N", 2, (Step(1, 90),), (Step(1, 30),)) for day in range(7)),
        activities=(),
    )
    search = resting(problem, sweeps=9)
    assert search is not None
    agrees(search)
    before = search.cost
    WholeDays(search).run()
    assert search.cost < before
    agrees(search)
