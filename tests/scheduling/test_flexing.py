"""The reserve is given to where it helps most."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from scheduling.demand import Demand, flat
from scheduling.flexing import give_duties
from scheduling.judge import judge, staffing
from scheduling.people import Person
from scheduling.problem import Problem
from scheduling.roster import Assignment, Block, Roster
from scheduling.shifts import Break, Shift

RESERVE = Shift("R", 480, 480, breaks=(Break("meal", 60, 240, 240),), reserve=True)
PEOPLE = (Person("ann", skills={"a": 1}), Person("bob", skills={"a": 1, "b": 1}))
ROSTER = Roster(tuple(Assignment(one.id, 0, "R", 480, 480, (Block("meal", 720, 60),)) for one in PEOPLE))


def problem(a: dict[int, int], b: dict[int, int]) -> Problem:
    """People asked for by the hour; too few cost 10, too many 1."""
    demands = tuple(
        Demand(name, name, tuple(hours.get(hour, 0) for hour in range(24)), under=flat(10), over=flat(1))
        for name, hours in (("a", a), ("b", b))
    )
    return Problem(date(2026, 11, 2), 1, (RESERVE,), PEOPLE, 60, demands)


def hours(roster: Roster, person: str) -> list[tuple[int, int]]:
    (one,) = (one for one in roster.assignments if one.person == person)
    return [(block.start // 60, block.end // 60) for block in one.duties]


def test_where_most_are_missing() -> None:
    """Who can only do one thing does it; breaks stay breaks; nobody is called where nobody is missing."""
    asked = problem({9: 1, 10: 1, 11: 1, 12: 1, 13: 1}, {9: 1, 10: 1})
    made = give_duties(asked, ROSTER)
    assert hours(made, "ann") == [(9, 12), (13, 14)]
    assert hours(made, "bob") == [(9, 11)]
    assert judge(asked, made).legal
    assert staffing(asked, made)["b"][9:11] == (1, 1)


def test_not_for_a_moment() -> None:
    """A duty is long enough, or it is not given; a quiet hour between two busy ones is worth it."""
    assert hours(give_duties(problem({9: 1}, {}), ROSTER, least_minutes=120), "ann") == [(8, 10)]
    assert hours(give_duties(problem({9: 1, 11: 1}, {}), ROSTER, least_minutes=120), "ann") == [(9, 12)]


def test_duties_of_days_gone_by_stay() -> None:
    """What is over is not changed."""
    done = Roster(tuple(replace(one, duties=(Block("", 480, 60),)) for one in ROSTER.assignments))
    assert set(give_duties(problem({9: 1}, {}), done, from_day=1).assignments) == set(done.assignments)


ASKED = st.dictionaries(st.integers(8, 15), st.integers(0, 3))


@given(ASKED, ASKED)
def test_never_dearer(a: dict[int, int], b: dict[int, int]) -> None:
    """Duties never cost more than none, and what is made is legal."""
    asked = problem(a, b)
    made = judge(asked, give_duties(asked, ROSTER))
    assert made.legal
    assert made.cost <= judge(asked, ROSTER).cost
