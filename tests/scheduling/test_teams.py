"""Teams rotate together."""

from dataclasses import replace
from datetime import date

import pytest

from scheduling.judge import judge
from scheduling.people import Fixed, Leave, Person
from scheduling.problem import Problem
from scheduling.roster import Assignment, Roster
from scheduling.rules import Together
from scheduling.shifts import Shift
from scheduling.teams import Cycle, TeamError, queued, rotate, staggered

PROBLEM = Problem(
    date(2026, 11, 2),
    8,
    (Shift("E", 480, 480), Shift("L", 840, 480), Shift("N", 1320, 480)),
    (
        Person("ann", team="red"),
        Person("bob", team="red", leave=(Leave(0),)),
        Person("eve", team="blue", fixed=(Fixed(1, "L"),)),
        Person("joe"),
    ),
    rules=(Together(),),
)


def pattern(problem: Problem, person: str) -> str:
    """The fixed days of somebody: a letter, ``.`` free, ``?`` left open."""
    (one,) = (one for one in problem.people if one.id == person)
    fixed = {day.day: day.shift or "." for day in one.fixed}
    return "".join(fixed.get(day, "?") for day in range(problem.days))


def test_a_cycle() -> None:
    """Teams stand in the same cycle at different places; leave and what was fixed before stays."""
    made = rotate(PROBLEM, staggered(("red", "blue"), ("E", "E", "L", "")))
    assert pattern(made, "ann") == "EEL.EEL."
    assert pattern(made, "bob") == "?EL.EEL."
    assert pattern(made, "eve") == "LLEEL.EE"
    assert pattern(made, "joe") == "????????"


def test_members_share_the_shift() -> None:
    """The judge holds members to it where the rule is there."""
    both = (Assignment("ann", 1, "E", 480, 480), Assignment("bob", 1, "L", 840, 480))
    assert [one.words for one in judge(PROBLEM, Roster(both)).violations if one.rule == "together"] == [
        "team red works E and L on Tue 2026-11-03"
    ]


def test_the_next_period_goes_on() -> None:
    """Where a period ends the next one begins."""
    cycle = Cycle("red", ("E", "L", "N", "", ""), 1)
    assert [cycle.after(8).on(day) for day in range(5)] == [cycle.on(8 + day) for day in range(5)]


def test_queues() -> None:
    """Each shift has its queue: whoever had it goes to the end; three teams, two shifts, one of them free."""
    cycles = {
        one.team: "".join(day or "." for day in one.days)
        for one in queued(
            {"E": ("red", "blue", "green"), "N": ("green", "red", "blue")}, 8, turn=3, working=(0, 1)
        )
    }
    assert cycles == {"red": "EE.NN...", "blue": "...EE.NN", "green": "NN....EE"}


@pytest.mark.parametrize(
    ("cycles", "said"),
    [
        ([Cycle("green", ("E",))], "nobody is in a team 'green'"),
        ([Cycle("red", ("X",))], "the cycle of team 'red' has 'X', which is no shift"),
        ([Cycle("red", ())], "the cycle of team 'red' has no days"),
        ([Cycle("red", ("E",)), Cycle("red", ("L",))], "team 'red' has two cycles"),
    ],
)
def test_teams_that_cannot(cycles: list[Cycle], said: str) -> None:
    """What cannot be is refused with the reason."""
    with pytest.raises(TeamError, match=said):
        rotate(PROBLEM, cycles)


def test_a_member_who_may_not() -> None:
    """A member who may not have a shift of the cycle is named."""
    people = (replace(PROBLEM.people[0], shifts=("E",)), *PROBLEM.people[1:])
    with pytest.raises(TeamError, match="'ann' of team 'red' may not have 'N'"):
        rotate(replace(PROBLEM, people=people), [Cycle("red", ("E", "N"))])


def test_two_queues_at_once() -> None:
    """A team cannot be at the head of two queues."""
    with pytest.raises(TeamError, match="'red' is at the head of the queues for 'E' and 'N' from day 7 on"):
        queued({"E": ("blue", "red"), "N": ("green", "red")}, 14)
