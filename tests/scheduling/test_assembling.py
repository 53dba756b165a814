"""A problem from a requirement, people and rule books."""

from dataclasses import replace
from datetime import date

import pytest

from scheduling.assembling import AssemblyError, assemble
from scheduling.formats.books import STANDARD, Book, find_book
from scheduling.formats.people_csv import Listed, read_people
from scheduling.formats.requirement_csv import Requirement
from scheduling.people import Leave, Wish
from scheduling.problem import ProblemError
from scheduling.rules import Rest
from scheduling.shifts import Shift

DAY = [0] * 16 + [2] * 24 + [0] * 8
"""Half hours from 08:00 to 20:00."""
OPEN = Requirement(date(2026, 11, 2), 7, 30, tuple(DAY * 7))
PEOPLE = read_people(
    "id,contract,skills,leave,off\n"
    "ann,,,2026-11-03,2026-11-03 2026-11-07\n"
    "bob,part-time,cards english/2,2026-12-24,\n",
    "people.csv",
)
LAW = find_book("cn-labour.toml") + find_book("fairness.toml")


def test_what_comes_of_it() -> None:
    """Days, demand, people, standard shifts in opening hours, and notes of what was left out."""
    made = assemble({"cards": OPEN}, PEOPLE, LAW, find_book(STANDARD), "Asia/Shanghai", [date(2026, 11, 4)])
    problem = made.problem
    assert (problem.start, problem.days, problem.interval_minutes) == (date(2026, 11, 2), 7, 30)
    assert problem.demands[0].required == OPEN.required
    assert problem.holidays == (2,)
    ann, bob = problem.people
    assert (ann.contract, ann.skills, bob.skills) == ("full-time", {"cards": 1}, {"cards": 1, "english": 2})
    assert ann.leave == (Leave(1, 480),)
    assert ann.wishes == (Wish(5, False, weight=20),)
    assert {one.id: (one.starts[0], one.starts[-1]) for one in problem.shifts} == {
        "E": (480, 480),
        "D": (540, 630),
        "L": (690, 690),
        "P": (480, 960),
        "S": (480, 480),
    }
    assert made.notes == (
        "no shifts are given; standard ones in opening hours: E, D, L, P, S",
        "left out: fairness (nights): no shift is night",
        "1 people have leave or wishes outside the period, which are not looked at",
    )


def test_shifts_of_ones_own() -> None:
    """Given shifts are taken as they are; a reserve alone is put beside the standard ones."""
    own = Book(shifts=(Shift("X", 0, 600),), rules=(Rest(least_minutes=1),))
    assert [one.id for one in assemble({"cards": OPEN}, PEOPLE, own, find_book(STANDARD)).problem.shifts] == [
        "X"
    ]
    both = assemble({"cards": OPEN}, PEOPLE, find_book("reserve.toml"), find_book(STANDARD)).problem
    assert [one.id for one in both.shifts] == ["E", "D", "L", "P", "S", "F"]


def test_what_does_not_fit_together() -> None:
    """Requirements of other days, no shift that fits, a skill nobody has: told, not guessed."""
    with pytest.raises(AssemblyError, match="cards: 7 days from 2026-11-02, 30 min; loans: 8 days"):
        assemble({"cards": OPEN, "loans": replace(OPEN, days=8)}, PEOPLE, LAW, find_book(STANDARD))
    short = replace(OPEN, required=(1,) + (0,) * 335)
    with pytest.raises(AssemblyError, match="no standard shift fits"):
        assemble({"cards": short}, PEOPLE, LAW, find_book(STANDARD))
    only: list[Listed] = [replace(PEOPLE[1], skills={"english": 1})]
    with pytest.raises(ProblemError, match="'cards' asks for 'cards', which nobody has"):
        assemble({"cards": OPEN}, only, LAW, find_book(STANDARD))
