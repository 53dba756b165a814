"""What an assignment may be, and what the judge says of one that is otherwise."""

from dataclasses import replace
from datetime import date

import pytest

from scheduling.demand import Demand
from scheduling.judge import judge, staffing
from scheduling.people import Fixed, History, Past, Person
from scheduling.problem import Problem
from scheduling.roster import Assignment, Block, Roster
from scheduling.rules import Activity, Who
from scheduling.shifts import Break, Shift

DAY = Shift(
    "D",
    480,
    540,
    latest_start=600,
    start_step=30,
    breaks=(Break("tea", 15, 60, 150), Break("meal", 30, 240, 330, paid=False, clock_from=720, clock_to=840)),
    least_stretch=60,
    most_stretch=300,
)
PROBLEM = Problem(
    date(2026, 11, 2),
    3,
    (DAY, Shift("N", 1320, 480), Shift("R", 480, 480, reserve=True)),
    (Person("ann", skills={"calls": 1, "mail": 1}), Person("bob", shifts=("N",))),
    60,
    demands=(Demand("calls", "calls", (1,) * 72), Demand("mail", "mail", (0,) * 72)),
    activities=(Activity("talk", 60, 0, 0, 540, 900, 30, who=Who(people=("ann",)), weight=9),),
)
GOOD = Assignment("ann", 0, "D", 510, 540, (Block("tea", 600, 15), Block("meal", 780, 30)))


def violations(*assignments: Assignment, problem: Problem = PROBLEM) -> list[str]:
    return [one.words for one in judge(problem, Roster(assignments)).violations]


def test_a_good_one() -> None:
    """Nothing is said of what is right."""
    assert violations(GOOD) == []
    assert violations(replace(GOOD, activities=(Block("talk", 630, 60),))) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"person": "eve"}, "there is no person 'eve'"),
        ({"shift": "X"}, "ann has the shift 'X' on day 0, which is not there"),
        ({"day": 3}, "ann has a shift on day 3; the days are 0 to 2"),
        ({"start": 500}, "ann, Mon 2026-11-02: D does not begin at 08:20"),
        ({"length": 480}, "ann, Mon 2026-11-02: D does not last 8 h"),
        ({"breaks": ()}, "ann, Mon 2026-11-02: breaks are none; D has tea, meal, in this order"),
        (
            {"breaks": (Block("tea", 600, 30), GOOD.breaks[1])},
            "ann, Mon 2026-11-02: tea lasts 15 min, not 30 min",
        ),
        (
            {"breaks": (Block("tea", 525, 15), GOOD.breaks[1])},
            "ann, Mon 2026-11-02: tea may not begin at 08:45",
        ),
        (
            {"breaks": (GOOD.breaks[0], Block("meal", 855, 30))},
            "ann, Mon 2026-11-02: meal may not begin at 14:15",
        ),
        (
            {"start": 480, "breaks": (Block("tea", 540, 15), Block("meal", 810, 30))},
            None,
        ),
        (
            {"start": 600, "breaks": (Block("tea", 660, 15), Block("meal", 855, 30))},
            "ann, Mon 2026-11-02: meal may not begin at 14:15",
        ),
        (
            {"start": 480, "breaks": (Block("tea", 630, 15), Block("meal", 720, 30))},
            None,
        ),
        (
            {"activities": (Block("talk", 780, 60),)},
            "ann, Mon 2026-11-02: activities overlap one another or a break, or reach out of the shift",
        ),
        ({"activities": (Block("talk", 630, 45),)}, "ann, Mon 2026-11-02: talk lasts 1 h, not 45 min"),
        ({"activities": (Block("talk", 640, 60),)}, "ann, Mon 2026-11-02: talk may not begin at 10:40"),
        ({"activities": (Block("game", 630, 60),)}, "ann, Mon 2026-11-02: there is no activity 'game'"),
        (
            {"day": 1, "activities": (Block("talk", 630, 60),)},
            "ann, Tue 2026-11-03: talk is not on this day",
        ),
        ({"duties": (Block("", 600, 60),)}, "ann, Mon 2026-11-02: D is no reserve shift; it has no duties"),
        ({"person": "bob"}, "bob, Mon 2026-11-02: may not work D"),
    ],
)
def test_what_may_not_be(changes: dict[str, object], said: str | None) -> None:
    """Each is told in the planner's words."""
    found = violations(replace(GOOD, **changes))  # type: ignore[arg-type]
    assert found == [] if said is None else said in found


def test_breaks_too_far_apart_or_too_near() -> None:
    """Between begin, breaks and end lie so many minutes at least and at most."""
    tight = replace(
        PROBLEM,
        shifts=(replace(DAY, latest_start=510, least_stretch=90, most_stretch=240), *PROBLEM.shifts[1:]),
    )
    near = replace(GOOD, breaks=(Block("tea", 585, 15), Block("meal", 780, 30)))
    assert "ann, Mon 2026-11-02: only 1 h 15 between breaks; at least 1 h 30" in violations(
        near, problem=tight
    )
    far = replace(GOOD, start=480, breaks=(Block("tea", 570, 15), Block("meal", 720, 30)))
    assert "ann, Mon 2026-11-02: 4 h 30 without a break; at most 4 h" in violations(far, problem=tight)


def test_a_night_belongs_to_the_day_it_begins_on() -> None:
    """A night of the evening before the period covers its first morning, the last one reaches out of it."""
    past = History(1, (Past(-1, "N", 1320, 480, 480),))
    ann = replace(PROBLEM.people[0], history=past)
    problem = replace(PROBLEM, people=(ann, PROBLEM.people[1]))
    served = staffing(problem, Roster((Assignment("ann", 2, "N", 1320, 480),)))["calls"]
    assert [hour for hour, people in enumerate(served) if people] == [0, 1, 2, 3, 4, 5, 70, 71]


def test_nobody_is_counted_twice() -> None:
    """Two skills, one person: with both asked for, one of the two is missing."""
    problem = replace(PROBLEM, demands=(PROBLEM.demands[0], Demand("mail", "mail", (1,) * 72)))
    served = staffing(problem, Roster((GOOD,)))
    assert set(zip(served["calls"], served["mail"], strict=True)) == {(0, 0), (1, 0)}


def test_breaks_and_part_of_an_interval_do_not_count() -> None:
    """08:30 to 17:30 with breaks at 10:00 and 13:00: whole hours on the telephone only."""
    served = staffing(PROBLEM, Roster((GOOD,)))["calls"]
    assert [hour for hour, people in enumerate(served) if people] == [9, 11, 12, 14, 15, 16]


def test_the_reserve_counts_on_duty_only() -> None:
    """A reserve shift covers nothing until duties are given, and then for what they are named."""
    reserve = Assignment("ann", 0, "R", 480, 480)
    assert sum(staffing(PROBLEM, Roster((reserve,)))["calls"]) == 0
    duty = replace(reserve, duties=(Block("mail", 600, 120), Block("", 780, 60)))
    served = staffing(PROBLEM, Roster((duty,)))
    assert [hour for hour, people in enumerate(served["mail"]) if people] == [10, 11]
    assert [hour for hour, people in enumerate(served["calls"]) if people] == [13]
    assert violations(duty) == []
    wrong = replace(reserve, duties=(Block("chat", 600, 60), Block("", 630, 60)))
    assert violations(wrong) == [
        "ann, Mon 2026-11-02: there is no demand 'chat'",
        "ann, Mon 2026-11-02: duties overlap one another, or reach out of the shift",
    ]


def test_what_is_fixed() -> None:
    """Another shift, another begin, or none at all where one is fixed."""
    fixed = (Fixed(0, "D", start=480), Fixed(1, ""))
    problem = replace(PROBLEM, people=(replace(PROBLEM.people[0], fixed=fixed), PROBLEM.people[1]))
    later = replace(GOOD, day=1)
    assert violations(GOOD, later, problem=problem) == [
        "ann, Mon 2026-11-02: D is fixed to begin at 08:00",
        "ann, Tue 2026-11-03: is fixed to be free, but works D",
    ]
    assert violations(problem=problem) == ["ann, Mon 2026-11-02: is fixed to D, but is free"]


def test_sums_by_rule_and_person() -> None:
    """A verdict adds up: by rule, by person, all together."""
    verdict = judge(PROBLEM, Roster((GOOD,)))
    assert verdict.legal
    assert verdict.costs_by_rule() == {"demand": 66 * 100, "activity": 9}
    assert verdict.costs_by_person() == {"": 6600, "ann": 9}
    assert verdict.cost == 6609
