"""Why there is no roster: demands that clash, and no demand or day more than needed."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings

from scheduling.generate import call_center
from scheduling.people import Away, Contract, Fixed, History, Leave, Person
from scheduling.problem import Problem, ProblemError, Shift
from scheduling.rules import (
    Activity,
    ConsecutiveDays,
    ConsecutiveDaysOff,
    Fairness,
    HoursInWindow,
    Reserve,
    Rest,
    RestDays,
    ShiftCount,
    Together,
    Weekends,
    Who,
)
from scheduling.shifts import Break
from scheduling.solver import Clash, explain, front, solve
from scheduling.solver.budget import Budget
from scheduling.solver.conflict_words import told
from scheduling.solver.model.base import Because
from scheduling.solver.model.questioned import Questioned
from scheduling.solver.options import Options
from tests.scheduling.brute import best, tiny_problems
from tests.scheduling.small import problems

START = date(2026, 11, 2)
MEAL = Break("meal", 30, 180, 240, step=30, paid=False)
EARLY, LATE, NIGHT = Shift("early", 360, 480), Shift("late", 840, 480), Shift("night", 1320, 480)
DAY = Shift("day", 480, 510, latest_start=600, start_step=60, breaks=(MEAL,))
FLOAT = Shift("float", 480, 480, reserve=True)


def possible(problem: Problem, asked: list[Because]) -> bool:
    """Whether demands can hold together, by a model of the whole problem and a search without tricks."""
    from ortools.sat.python import cp_model

    model = Questioned(problem, Options(problem), range(len(problem.people)))
    for because, literal in model.literals.items():
        model.cp.add(literal == int(because in asked))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    status = solver.solve(model.cp)
    assert status in (cp_model.OPTIMAL, cp_model.INFEASIBLE)
    return bool(status == cp_model.OPTIMAL)


def conflict(problem: Problem) -> list[Because]:
    """The demands that ``explain`` names, before they are put into words."""
    found: list[Because] = []

    def hear(_: Problem, core: list[Because]) -> tuple[Clash, ...]:
        found[:] = core
        return told(problem, core)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(explain, "told", hear)
        explain.explain(problem, Options(problem), Budget(None, None, None, 1))
    return found


def is_minimal(problem: Problem, core: list[Because]) -> None:
    """All of it cannot be; without any one person's, rule's or day's demand the rest can."""
    assert core
    assert not possible(problem, core)
    for one in core:
        assert possible(problem, [other for other in core if other != one]), f"{one} is not needed"


# ------------------------------------------------------------------ any problem


@settings(max_examples=40)
@given(tiny_problems(most=150))
def test_nothing_is_asked_but_what_the_judge_asks(problem: Problem) -> None:
    """All demands together can be met if and only if there is a legal roster, by trying every one."""
    model = Questioned(problem, Options(problem), range(len(problem.people)))
    assert possible(problem, list(model.literals)) == (best(problem) is not None)


def hardened(problem: Problem) -> Problem:
    """All that only costs may not be; the problem itself if that is seen to be impossible at once."""
    try:
        return replace(
            problem,
            rules=tuple(replace(one, weight=None) for one in problem.rules),
            contracts=tuple(replace(one, weight=None) for one in problem.contracts),
            activities=tuple(replace(one, weight=None) for one in problem.activities),
        )
    except ProblemError:
        return problem


@settings(max_examples=60)
@given(problems(most_days=7).map(hardened))
def test_any_conflict_is_minimal(problem: Problem) -> None:
    """No demand on no day can be left out of a conflict; none is told of where there is a legal roster."""
    model = Questioned(problem, Options(problem), range(len(problem.people)))
    core = conflict(problem)
    if possible(problem, list(model.literals)):
        assert not core
    else:
        is_minimal(problem, core)


# ------------------------------------------------------------------ several people


def of_several(days: int = 14, **fields: Any) -> Problem:
    """Two weeks of four people who owe four days a week, in one team."""
    owing = Contract("owing", week_least=4 * 480)
    people = tuple(
        Person(id, "owing", team="red", shifts=("early", "late", "float"))
        for id in ("ann", "bob", "eve", "kim")
    )
    given = {"shifts": (EARLY, LATE, FLOAT), "people": people, "contracts": (owing,), **fields}
    return Problem(START, days, **given)


def people_with(**changed: dict[str, Any]) -> tuple[Person, ...]:
    """The four people, some of them otherwise."""
    return tuple(replace(one, **changed.get(one.id, {})) for one in of_several().people)


SHORT = ShiftCount(shifts=("float",), most=1, per="week")
CASES = {
    "a reserve that not enough can be in": (
        of_several(
            people=people_with(ann={"shifts": ("early",)}, bob={"shifts": ("late",)}),
            rules=(Reserve(least_percent=60, most_percent=70), Rest(least_minutes=660), RestDays(days=7)),
        ),
        {"reserve", "eligible", "contract"},
    ),
    "a reserve that nobody may be in often": (
        of_several(rules=(Reserve(least_percent=60, most_percent=70), SHORT, ConsecutiveDays(most=6))),
        {"reserve", "shift_count", "contract"},
    ),
    "a team that has no shift in common": (
        of_several(
            people=people_with(ann={"shifts": ("early",)}, bob={"shifts": ("late",)}),
            rules=(Together(), Weekends(most=2), Rest(least_minutes=660)),
        ),
        {"together", "eligible", "contract"},
    ),
    "a team that must rest": (
        of_several(
            people=people_with(
                ann={"fixed": (Fixed(2, ""), Fixed(3, "late")), "shifts": ("early", "late")},
                bob={"fixed": (Fixed(4, "early"),)},
            ),
            rules=(
                Together(),
                Rest(least_minutes=660),
                ConsecutiveDays(least=2),
                ConsecutiveDaysOff(least=1),
            ),
        ),
        {"together", "fixed", "rest", "consecutive_days"},
    ),
    "nights that one must have and another cannot": (
        of_several(
            shifts=(EARLY, LATE, NIGHT, FLOAT),
            people=people_with(
                ann={"shifts": ()},
                bob={"shifts": ()},
                eve={"shifts": ("early", "night")},
                kim={"shifts": ("early",)},
            ),
            rules=(
                Fairness(of="night", tolerance=2),
                ShiftCount(shifts=("night",), least=3, who=Who(people=("eve",))),
                Fairness(of="weekends", tolerance=4),
            ),
        ),
        {"fairness", "shift_count", "eligible"},
    ),
    "hours that one is given and another may not have": (
        of_several(
            people=people_with(kim={"leave": (Leave(0), Leave(1))}),
            rules=(
                Fairness(of="hours", tolerance=8),
                HoursInWindow(days=7, most_minutes=1440, who=Who(people=("bob",))),
            ),
            contracts=(Contract("owing", period_least=10 * 480),),
        ),
        None,
    ),
    "what one carries over": (
        of_several(
            people=people_with(kim={"history": History(7, (), {"days": 30})}),
            rules=(Fairness(of="days", tolerance=3),),
        ),
        {"fairness"},
    ),
    "a meeting at one time": (
        of_several(
            people=people_with(
                ann={"fixed": (Fixed(2, ""),)}, bob={"away": (Away(3 * 1440, 4 * 1440, "course"),)}
            ),
            activities=(Activity("talk", 60, 2, 3, 600, 960, 60, Who(people=("ann", "bob")), together=True),),
        ),
        {"activity", "fixed", "away"},
    ),
    "training between breaks": (
        of_several(
            days=7,
            shifts=(DAY,),
            people=(Person("ann", fixed=(Fixed(1, "day", start=480),)),),
            activities=(Activity("drill", 180, 1, 1, 600, 600, 30),),
            contracts=(),
        ),
        {"activity", "fixed"},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_conflict_of_several_is_minimal(case: str) -> None:
    """The rules it was made of are named, and every demand and day is needed."""
    problem, rules = CASES[case]
    core = conflict(problem)
    is_minimal(problem, core)
    if rules is not None:
        assert {one.rule for one in core} == rules


@pytest.mark.parametrize("case", CASES)
def test_a_large_problem_is_explained_likewise(case: str) -> None:
    """Looked at before the search, as if it were large: the same verdict, with every clash in words."""
    problem, _ = CASES[case]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(front, "_SMALL", 0)
        solution = solve(problem, seconds=None, work=6.0, workers=1)
    assert solution.status == "infeasible"
    assert solution.conflict
    assert all(one.words for one in solution.conflict)


def test_who_cannot_take_part_is_found_among_many() -> None:
    """One of forty works nights only, and must be trained by day."""
    problem = call_center(40, 14)
    owl = replace(problem.people[17], shifts=("N",), leave=())
    people = (*problem.people[:17], owl, *problem.people[18:])
    training = Activity("law", 60, 1, 4, 540, 900, 60)
    problem = replace(problem, people=people, activities=(training,))
    found = explain.explain_soon(problem, Options(problem), Budget(None, 30.0, None, 1))
    assert {(one.rule, one.person) for one in found} == {("activity", owl.id), ("eligible", owl.id)}


# ------------------------------------------------------------------ words


def sentences(problem: Problem) -> list[str]:
    return [one.words for one in solve(problem, seconds=30, workers=1).conflict]


def test_a_planner_reads_what_clashes() -> None:
    """Hours in hours, days with their weekday and as stretches, rules of several people first."""
    assert sentences(CASES["nights that one must have and another cannot"][0]) == [
        "night shared fairly, at most 2 apart",
        "eve has night on at least 3 days of the period",
        "kim may have only these shifts: early",
    ]
    assert sentences(CASES["a meeting at one time"][0]) == [
        "each of ann and bob takes part in talk (1 h, all at one time)",
        "ann is fixed to be free, Wed 2026-11-04",
        "bob is away (course), Thu 2026-11-05",
    ]


def test_the_same_of_many_is_one_sentence() -> None:
    """Twelve people, each asked the same: who they are is told in full beside the words."""
    ids = tuple(f"p{number:02}" for number in range(12))
    core = [
        Because(rule, id, day, name, amount)
        for id in ids
        for rule, day, name, amount in (
            ("contract", 0, "full", "at least 40 h a week"),
            ("contract", 7, "full", "at least 40 h a week"),
            ("rest_days", 6, "", "2 in any 7 days"),
            ("rest_days", 7, "", "2 in any 7 days"),
            ("rest_days", 10, "", "2 in any 7 days"),
        )
    ]
    told_of = told(of_several(), core)
    assert [one.words for one in told_of] == [
        "each of 12 people (p00, p01, p02, p03 …) works at least 40 h a week by contract (full), "
        "in the weeks from 2026-11-02, 2026-11-09",
        "each of 12 people (p00, p01, p02, p03 …) has free days, at least 2 in any 7 days, Sun 2026-11-08 to "
        "Mon 2026-11-09, Thu 2026-11-12",
    ]
    assert all(one.people == ids and one.person == "" for one in told_of)
    assert [one.days for one in told_of] == [(0, 7), (6, 7, 10)]


def test_every_family_has_words() -> None:
    """No rule is without a sentence."""
    from scheduling.solver.model.whole import GROUPS, PERSONAL

    for family in (*PERSONAL, *GROUPS):
        rule = family.__dataclass_fields__["rule"].default
        (clash,) = told(of_several(), [Because(rule, "ann", 3, "mine", "so much")])
        assert "mine" in clash.words
        assert clash.rule == rule


def test_a_verdict_at_the_last_moment_is_explained_all_the_same() -> None:
    """Time that is over when it is known that no roster is legal leaves enough to say why."""
    problem, _ = CASES["nights that one must have and another cannot"]
    over = Budget(None, 1.0, None, 1)
    over.spend(2.0)
    assert not explain.explain(problem, Options(problem), over)
    assert explain.explain(problem, Options(problem), over.longer(10.0))


def test_told_to_stop_nothing_is_said() -> None:
    """Who says stop does not wait for an explanation."""
    problem, _ = CASES["nights that one must have and another cannot"]
    assert not explain.explain(problem, Options(problem), Budget(None, None, lambda: True, 1))


def test_without_time_to_leave_out_the_conflict_is_true() -> None:
    """What is told may then be more than needed, but it clashes."""
    problem, _ = CASES["a reserve that not enough can be in"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scheduling.solver.narrowing._NARROWING", -1.0)
        core = conflict(problem)
    assert core
    assert not possible(problem, core)
