"""Every roster there is for a very small problem, and the best of them."""

import math
from collections.abc import Iterator
from itertools import product

from hypothesis import assume
from hypothesis import strategies as st

from scheduling.judge import judge
from scheduling.problem import Person, Problem, Shift
from scheduling.roster import Assignment, Block, Roster
from tests.scheduling.small import problems


def options(problem: Problem, person: Person, day: int) -> list[Assignment | None]:
    """All a person can be given on a day: nothing, or a shift they may have in any form, with any breaks and
    without or with the activities they are to do.
    """
    found: list[Assignment | None] = [None]
    may = problem.shifts_named(person.shifts)
    for shift in problem.shifts:
        if shift.id in may:
            for start, length in product(shift.starts, shift.lengths):
                for breaks in product(*_breaks(shift, start, length)):
                    for meetings in product(*_activities(problem, person, day)):
                        held = tuple(one for one in meetings if one is not None)
                        found.append(Assignment(person.id, day, shift.id, start, length, breaks, held))
    return found


def _breaks(shift: Shift, start: int, length: int) -> list[list[Block]]:
    return [
        [Block(one.name, begin, one.minutes) for begin in one.begins_at(start)]
        for one in shift.breaks_due(length)
    ]


def _activities(problem: Problem, person: Person, day: int) -> list[list[Block | None]]:
    return [
        [
            None,
            *(Block(one.id, begin, one.minutes) for begin in range(one.earliest, one.latest + 1, one.step)),
        ]
        for one in problem.activities
        if person in problem.concerned(one.who) and one.first_day <= day <= one.last_day
    ]


def cells(problem: Problem) -> list[list[Assignment | None]]:
    return [options(problem, person, day) for person in problem.people for day in range(problem.days)]


def how_many(problem: Problem) -> int:
    """How many rosters there are."""
    return math.prod(len(one) for one in cells(problem))


def every_roster(problem: Problem) -> Iterator[Roster]:
    for way in product(*cells(problem)):
        yield Roster(tuple(one for one in way if one is not None))


def best(problem: Problem) -> int | None:
    """What the best legal roster costs; None if there is none."""
    verdicts = (judge(problem, roster) for roster in every_roster(problem))
    return min((one.cost for one in verdicts if one.legal), default=None)


@st.composite
def tiny_problems(draw: st.DrawFn, most: int = 300) -> Problem:
    """Problems with at most ``most`` rosters, and no reserve shifts (they are given duties later)."""
    days, people = draw(st.sampled_from(((1, 2), (2, 2), (3, 1), (5, 1))))
    problem = draw(problems(most_days=days, most_people=people, most_shifts=2))
    assume(all(not one.reserve for one in problem.shifts) and how_many(problem) <= most)
    return problem
