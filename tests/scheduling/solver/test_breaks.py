"""Breaks of a roster moved to where they are missed least; shifts stand."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis.strategies import integers

from scheduling.demand import Demand
from scheduling.judge import judge
from scheduling.people import Person
from scheduling.problem import Break, Problem, Shift
from scheduling.roster import Roster
from scheduling.solver import solve
from scheduling.solver.breaks import move_few_breaks, place_breaks
from scheduling.solver.layouts import assignment, first_layout, layouts
from scheduling.solver.options import kinds_of
from tests.scheduling.small import problems

LUNCH = Break("lunch", 60, 120, 300, step=60)


def busy(people: int) -> Problem:
    """A day of one shift from 8 to 16; at 11 one person less is needed than there are, else all."""
    required = tuple(0 if not 8 <= hour < 16 else people - (hour == 11) for hour in range(24))
    return Problem(
        date(2024, 1, 1),
        1,
        (Shift("day", 480, 480, breaks=(LUNCH,)),),
        tuple(Person(f"p{one}", skills={"a": 1}) for one in range(people)),
        60,
        (Demand("a", "a", required),),
    )


def early(problem: Problem) -> Roster:
    """Everybody at work, with the earliest breaks."""
    (kind,) = kinds_of(problem)
    return Roster(tuple(assignment(one.id, 0, kind, first_layout(kind)) for one in problem.people))


def test_a_break_goes_where_it_is_not_missed() -> None:
    """The quiet hour takes one; the others are apart as costs rise with the persons missing."""
    made = place_breaks(busy(1), early(busy(1)))
    assert [one.breaks[0].start for one in made.assignments] == [660]


def test_what_has_begun_stays() -> None:
    """At eleven the break of ten o'clock is over."""
    problem = busy(1)
    assert place_breaks(problem, early(problem), from_minute=601) == early(problem)


@settings(max_examples=25)
@given(problems(most_days=5))
def test_never_dearer_and_still_legal(problem: Problem) -> None:
    """Of any roster made for it: the same shifts, legal, at most the same cost."""
    solution = solve(problem, seconds=None, work=0.02, workers=1)
    if solution.roster is None:
        return
    shapes = {(k.shift.id, k.start, k.length): list(layouts(k)) for k in kinds_of(problem)}
    spoilt = Roster(
        tuple(
            assignment(one.person, one.day, kind, shapes[one.shift, one.start, one.length][-1])
            if not one.activities
            else one
            for one in solution.roster.assignments
            for kind in kinds_of(problem)
            if (kind.shift.id, kind.start, kind.length) == (one.shift, one.start, one.length)
        )
    )
    made = place_breaks(problem, spoilt)
    before, after = judge(problem, spoilt), judge(problem, made)
    assert after.legal
    assert after.cost <= before.cost
    bare = [replace(one, breaks=()) for one in made.assignments]
    assert bare == [replace(one, breaks=()) for one in spoilt.assignments]


@settings(max_examples=25)
@given(problems(most_days=5), integers(0, 2))
def test_few_breaks_are_moved_who_win_most(problem: Problem, most: int) -> None:
    """At most so many, each for what it is worth; what that costs is what the judge says."""
    solution = solve(problem, seconds=None, work=0.02, workers=1)
    if solution.roster is None:
        return
    made = move_few_breaks(problem, solution.roster, 0, 0, most=most, worth=3)
    before, after = judge(problem, solution.roster), judge(problem, made.roster)
    assert after.legal and after.cost - before.cost == made.cost <= -3 * len(made.changed)
    changed = set(made.roster.assignments) - set(solution.roster.assignments)
    assert sorted(one.person for one in changed) == sorted(made.changed) and len(changed) <= most
    assert all(one.day == 0 for one in changed)


def test_of_two_who_could_move_one_does() -> None:
    """Only one may: the hour that asks for one less takes one break; the other stays."""
    problem = busy(2)
    made = move_few_breaks(problem, early(problem), 0, 0, most=1, worth=1)
    assert len(made.changed) == 1 and made.cost < 0
    assert sorted(one.breaks[0].start for one in made.roster.assignments) == [600, 660]
    assert move_few_breaks(problem, early(problem), 0, 0, most=1, worth=10**6).changed == ()
    assert move_few_breaks(problem, early(problem), 0, 0, most=0, worth=1, free=["p1"]).changed == ()
