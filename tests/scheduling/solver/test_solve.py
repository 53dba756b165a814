"""``solve``: the best roster, what is told on the way, the same again, stopping, and why there is none."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given, settings

from scheduling.generate import call_center
from scheduling.judge import judge
from scheduling.people import Contract, Fixed, Leave, Person, Wish
from scheduling.problem import Cover, Problem, Shift
from scheduling.rules import (
    ConsecutiveDays,
    ConsecutiveDaysOff,
    Reserve,
    Rest,
    ShiftCount,
    Succession,
    Weekends,
)
from scheduling.solver import Progress, Solution, exact, front, solve
from scheduling.solver.budget import Budget
from scheduling.solver.options import Options
from tests.scheduling.brute import best, tiny_problems
from tests.scheduling.small import problems

START = date(2024, 1, 1)
EARLY, LATE, NIGHT = Shift("early", 360, 480), Shift("late", 840, 480), Shift("night", 1320, 480)


def ward(people: int = 10, days: int = 14) -> Problem:
    """Covers only: the form of the shift-scheduling benchmarks."""
    staff = tuple(
        Person(
            f"p{one}",
            "full",
            shifts=("early", "late") if one % 3 else ("early", "late", "night"),
            leave=(Leave(one % days),),
            wishes=(
                Wish((2 * one) % days, bool(one % 2), weight=3),
                Wish((5 * one + 1) % days, True, ("late",)),
            ),
        )
        for one in range(people)
    )
    covers = tuple(
        Cover(day, shift, number)
        for day in range(days)
        for shift, number in (("early", people // 4), ("late", people // 5), ("night", 1))
    )
    rules = (
        Succession(first=("late",), then=("early",)),
        Rest(least_minutes=600),
        ConsecutiveDays(least=2, most=5),
        ConsecutiveDaysOff(least=2),
        Weekends(most=1),
        ShiftCount(shifts=("night",), most=3),
    )
    contracts = (Contract("full", period_least=days * 200, period_most=days * 320),)
    return Problem(START, days, (EARLY, LATE, NIGHT), staff, covers=covers, contracts=contracts, rules=rules)


def agrees(problem: Problem, told: Progress | Solution) -> None:
    """What is told is legal, and costs what the judge says."""
    assert told.roster is not None
    verdict = judge(problem, told.roster)
    assert verdict.legal
    assert verdict.cost == told.objective
    assert told.bound is None or told.bound <= verdict.cost


@settings(max_examples=25)
@given(tiny_problems(most=150))
def test_finds_the_best_of_all_rosters(problem: Problem) -> None:
    """No roster costs less; where none is legal, something clashes and is named."""
    solution = solve(problem, seconds=None, workers=1)
    least = best(problem)
    assert solution.objective == least
    if least is None:
        assert solution.status == "infeasible"
        assert solution.conflict
        assert all(one.words for one in solution.conflict)
    else:
        assert solution.status == "optimal"
        agrees(problem, solution)


@settings(max_examples=25)
@given(problems(most_days=7))
def test_all_that_is_told_is_legal_and_costs_what_the_judge_says(problem: Problem) -> None:
    """Every roster on the way, by patterns or by the whole model."""
    told: list[Progress] = []
    solution = solve(problem, seconds=None, work=0.05, workers=1, progress=told.append)
    for one in told:
        agrees(problem, one)
    if solution.roster is not None:
        agrees(problem, solution)


@settings(max_examples=25)
@given(problem=problems(most_days=7))
def test_the_floor_is_searched_as_the_judge_counts(problem: Problem) -> None:
    """The search for large rosters keeps and prices every rule that it takes on."""
    assume(front.is_floor(problem))
    told: list[Progress] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(front, "_SMALL", 0)
        solve(problem, seconds=None, work=0.05, workers=1, progress=told.append)
    for one in told:
        agrees(problem, one)


def test_groups_of_people_and_bounds_meet() -> None:
    """A ward of eight over a fortnight is solved and proven, and costs never rise on the way."""
    told: list[Progress] = []
    problem = ward(8)
    solution = solve(problem, seconds=None, work=30.0, progress=told.append)
    assert solution.status == "optimal"
    agrees(problem, solution)
    costs = [one.objective for one in told if one.objective is not None]
    assert costs == sorted(costs, reverse=True)
    assert told[-1].gap == 0


@pytest.mark.parametrize(
    ("problem", "work"), [(ward(14, 21), 2.0), (call_center(6, 7), 0.4)], ids=["patterns", "floor"]
)
def test_the_same_work_gives_the_same_roster(problem: Problem, work: float) -> None:
    """Work and seed decide; how long it takes does not."""
    first, second = (solve(problem, seconds=None, work=work, seed=7, workers=2) for _ in range(2))
    assert first.roster == second.roster
    assert first.bound == second.bound
    agrees(problem, first)


def test_stops_when_told_to_with_the_best_so_far() -> None:
    """Stop after the first roster that is told: it, or a better one, is kept."""
    problem = call_center(12, 14)
    told: list[Progress] = []
    solution = solve(problem, seconds=600, progress=told.append, stop=lambda: bool(told))
    assert solution.objective is not None
    assert told[0].objective is not None
    assert solution.objective <= told[0].objective
    assert solution.seconds < 300
    agrees(problem, solution)


def test_begins_with_what_is_given() -> None:
    """A roster to begin with is never lost."""
    problem = call_center(8, 7)
    first = solve(problem, seconds=None, work=1.0)
    again = solve(problem, seconds=None, work=0.2, seed=2, start=first.roster)
    assert first.objective is not None
    assert again.objective is not None
    assert again.objective <= first.objective


def test_leave_counts_into_a_run_of_free_days() -> None:
    """Two days of leave must be three free ones: one of the days beside them is not worked."""
    ann = Person("ann", leave=(Leave(2), Leave(3)))
    covers = tuple(Cover(day, "early", 1) for day in range(7))
    rules = (ConsecutiveDaysOff(least=3),)
    problem = Problem(START, 7, (EARLY, LATE), (ann,), covers=covers, rules=rules)
    solution = exact.solve_exactly(problem, Options(problem), Budget(None, None, None, 1), 1)
    assert solution.roster is not None
    assert judge(problem, solution.roster).cost == solution.objective == 300


# ------------------------------------------------------------------ no roster

ANN = Person("ann", "full", leave=(Leave(3), Leave(4)))


def conflict(**fields: Any) -> set[tuple[str, str]]:
    """Rule and person of what clashes in a problem of two weeks."""
    given = {"shifts": (EARLY, LATE), "people": (ANN,), **fields}
    solution = solve(Problem(START, 14, **given), seconds=30)
    assert solution.status == "infeasible"
    return {(one.rule, one.person) for one in solution.conflict}


def test_a_contract_that_owes_more_than_may_be_worked() -> None:
    """The contract and what stands against it are named, and nothing else; each left out is enough."""
    fields: dict[str, Any] = {
        "people": (ANN,),
        "contracts": (Contract("full", period_least=11 * 480),),
        "rules": (Rest(least_minutes=660), ConsecutiveDays(most=3)),
    }
    named = conflict(**fields)
    assert named == {("contract", "ann"), ("consecutive_days", "ann"), ("leave", "ann")}
    for spared in (
        {"contracts": (Contract("full"),)},
        {"rules": fields["rules"][:1]},
        {"people": (replace(ANN, leave=()),)},
    ):
        freer = Problem(START, 14, (EARLY, LATE), **{**fields, **spared})
        assert solve(freer, seconds=None, workers=1).roster is not None


def test_names_the_days_that_clash() -> None:
    """A single late shift, that must not be single, and after which there is no time to rest."""
    bob = Person("bob", fixed=(Fixed(0, ""), Fixed(1, "late")))
    rules = (Rest(least_minutes=1000, name="long rest"), ConsecutiveDays(least=2))
    solution = solve(Problem(START, 7, (EARLY, LATE), (bob,), rules=rules), seconds=30)
    by_rule = {one.rule: one for one in solution.conflict}
    assert set(by_rule) == {"fixed", "rest", "consecutive_days"}
    assert {day for one in solution.conflict if one.rule == "fixed" for day in one.days} == {0, 1}
    assert by_rule["rest"].days == (2,)
    assert by_rule["rest"].name == "long rest"
    assert "bob rests at least 16 h 40" in by_rule["rest"].words
    assert "2024-01-03" in by_rule["rest"].words


def test_a_conflict_between_people() -> None:
    """What is nobody's alone: somebody has a fixed shift, and nobody can be in reserve beside them."""
    people = tuple(Person(id, shifts=("early",), fixed=(Fixed(0, "early"),)) for id in ("ann", "bob"))
    float_ = Shift("float", 360, 480, reserve=True)
    named = conflict(shifts=(EARLY, float_), people=people, rules=(Reserve(),))
    assert ("reserve", "") in named
    assert {rule for rule, _ in named} <= {"reserve", "fixed", "eligible"}
    assert len([one for one in named if one[0] == "fixed"]) == 1
