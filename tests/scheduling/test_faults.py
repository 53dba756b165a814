"""What is impossible is refused, with its place and the conflict."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from scheduling.demand import Cover, Demand, Step
from scheduling.people import Away, Contract, Fixed, History, Leave, Past, Person, Wish
from scheduling.problem import Problem, ProblemError
from scheduling.rules import (
    Activity,
    AverageHours,
    BreakDue,
    ConsecutiveDays,
    DailyOvertime,
    Fairness,
    Reserve,
    Rest,
    RestDays,
    ShiftCount,
    Succession,
    Who,
)
from scheduling.shifts import Break, Shift

EARLY = Shift("E", 360, 480, marks=("early",))
LATE = Shift("L", 840, 480)
GOOD = Problem(
    date(2026, 11, 2),
    7,
    (EARLY, LATE),
    (Person("ann", "full", {"english": 2}, team="red"), Person("bob")),
    interval_minutes=720,
    contracts=(Contract("full", week_least=2400),),
)
EMPTY = (0,) * 14


def faults(**changes: Any) -> list[str]:
    """What is said of the good problem with these parts changed."""
    with pytest.raises(ProblemError) as said:
        replace(GOOD, **changes)
    return str(said.value).splitlines()


def ann(**changes: Any) -> dict[str, Any]:
    return {"people": (replace(GOOD.people[0], **changes), GOOD.people[1])}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"days": 0}, "days: a period has 1 to 366 days, not 0"),
        ({"interval_minutes": 7}, "interval_minutes: 7 minutes do not divide a day"),
        ({"zone": "Mars/Base"}, "zone: 'Mars/Base' is no time zone; write a name like Asia/Shanghai"),
        ({"people": ()}, "people: there is nobody"),
        ({"shifts": ()}, "shifts: there is no shift"),
        (
            {"shifts": (Shift("E", 360, 1500), LATE)},
            "shifts[0].length: 'E' lasts 1500 minutes, longer than a day (1440)",
        ),
        (
            {"shifts": (EARLY, replace(EARLY, start=1440))},
            "shifts[1].id: 'E' is also shifts[0]",
        ),
        (
            {"shifts": (replace(EARLY, marks=("wishes",)), LATE)},
            "shifts[0].marks: 'wishes' is a word of fairness; call it otherwise",
        ),
        (
            {"shifts": (replace(EARLY, breaks=(Break("meal", 30, 460, 470),)), LATE)},
            "shifts[0].breaks: 'E' has no room for its breaks when it begins at 360 and lasts 480 minutes",
        ),
        (
            {"shifts": (replace(EARLY, breaks=(Break("all", 480, 0, 0, paid=False),)), LATE)},
            "shifts[0].breaks: nothing of 480 minutes is left to be worked",
        ),
        (ann(contract="half"), "people[0].contract: 'ann' has the contract 'half', which is not there"),
        (ann(shifts=("N",)), "people[0].shifts: 'N' is no shift and no mark of one"),
        (ann(leave=(Leave(7),)), "people[0].leave[0].day: day 7 is not in the period, whose days are 0 to 6"),
        (ann(away=(Away(60, 60),)), "people[0].away[0]: 'ann' is away from 60 to 60, which is no time"),
        (
            ann(wishes=(Wish(0, True, ("X",)),)),
            "people[0].wishes[0].shifts: 'X' is no shift and no mark of one",
        ),
        (ann(fixed=(Fixed(0, "X"),)), "people[0].fixed[0].shift: there is no shift 'X'"),
        (
            ann(fixed=(Fixed(0, "E"),), leave=(Leave(0),)),
            "people[0].fixed[0].day: 'ann' is on approved leave on day 0",
        ),
        (
            ann(history=History(3, (Past(-4, "E", 360, 480, 480),))),
            "people[0].history.shifts[0].day: day -4 is not among the 3 days known before the period",
        ),
        (
            {"demands": (Demand("x", "english", (1,)),)},
            "demands[0].required: 'x' has 1 values; the period has 14 intervals",
        ),
        (
            {"demands": (Demand("x", "dutch", (1, *EMPTY[1:])),)},
            "demands[0].skill: 'x' asks for 'dutch', which nobody has (nobody has it at all)",
        ),
        (
            {"demands": (Demand("x", "english", (1, *EMPTY[1:]), level=3),)},
            "demands[0].skill: 'x' asks for 'english' at level 3, which nobody has (the best has level 2)",
        ),
        (
            {"demands": (Demand("x", "english", EMPTY, under=(Step(1, 5), Step(2, 4))),)},
            "demands[0].under[1]: costs 4 a person, less than 5 before it; costs may only rise",
        ),
        (
            {"covers": (Cover(0, "E", 1), Cover(0, "E", 2))},
            "covers[1]: day 0 and 'E' are asked for by covers[0] already",
        ),
        ({"rules": (Rest(least_minutes=-1),)}, "rules[0].least_minutes: is -1; it is at least 0"),
        (
            {"rules": (Rest(who=Who(people=("eve",)), least_minutes=60),)},
            "rules[0].who.people: there is no person 'eve'",
        ),
        (
            {"rules": (Rest(who=Who(teams=("blue",)), least_minutes=60),)},
            "rules[0].who.teams: nobody is in a team 'blue'",
        ),
        (
            {"rules": (Succession(first=("L",), then=("X",)),)},
            "rules[0].then: 'X' is no shift and no mark of one",
        ),
        (
            {"rules": (Fairness(of="late", weight=1),)},
            "rules[0].of: 'late' is no shift and no mark of one, and none of days, hours, "
            "weekends, holidays, wishes",
        ),
        ({"rules": (Reserve(),)}, "rules[0]: asks for people on reserve shifts, but no shift is one"),
        (
            {"rules": (ShiftCount(least=3, most=2),)},
            "rules[0].most: at most 2 and at least 3 contradict each other",
        ),
        (
            {"activities": (Activity("talk", 60, 0, 7, 540, 600),)},
            "activities[0].first_day: 'talk' is on days 0 to 7; there are 0 to 6",
        ),
    ],
)
def test_impossible_parts(changes: dict[str, Any], said: str) -> None:
    """Each has its place and its reason."""
    assert said in faults(**changes)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"rules": (ConsecutiveDays(least=4), ConsecutiveDays(most=3))},
            "rules[0]: consecutive_days of at least 4 contradicts rules[1], at most 3; both are "
            "hard and for 'ann'",
        ),
        (
            {"rules": (Rest(least_minutes=660),)} | ann(fixed=(Fixed(1, "L"), Fixed(2, "E"))),
            "people[0].fixed[1]: 'ann' is fixed to 'L' on day 1 and 'E' on day 2 with 480 minutes "
            "between them; "
            "rules[0] (rest) asks for 660",
        ),
        (
            {"rules": (Succession(first=("L",), then=("early",)),)}
            | ann(fixed=(Fixed(1, "L"), Fixed(2, "E"))),
            "people[0].fixed[1]: 'ann' is fixed to 'L' on day 1 and 'E' on day 2, which rules[0] "
            "(succession) forbids",
        ),
        (
            ann(fixed=(Fixed(0, "E"),), away=(Away(300, 400, "dentist"),)),
            "people[0].fixed[0]: 'ann' is fixed to 'E' on day 0, but away from minute 300 to 400 (dentist)",
        ),
        (
            {"rules": (RestDays(days=7, least=3),)},
            None,
        ),
        (
            ann(leave=tuple(Leave(day) for day in range(4))),
            "people[0].contract: 'full' owes 2400 minutes in the week from day 0; 'ann' can work "
            "at most 1440 "
            "(3 days open, 480 minutes each: their longest shift)",
        ),
        (
            {
                "contracts": (Contract("full", period_least=2500),),
                "rules": (AverageHours(most_minutes_a_week=2400),),
            },
            "people[0].contract: 'full' owes 2500 minutes in the period; 'ann' can work at most 2400 "
            "(rules[0] (average_hours) allows 2400 a week)",
        ),
        (
            {
                "contracts": (Contract("full", day_least=480),),
                "rules": (DailyOvertime(normal_minutes=400, most_minutes=30),),
            },
            "people[0].contract: 'full' owes 480 minutes on a working day; 'ann' can work at most 0 "
            "(their longest shift within rules[0] (daily_overtime))",
        ),
        (
            {"rules": (BreakDue(after_minutes=360, least_minutes=20),)},
            "shifts[0].breaks: 'E' of 480 minutes has 0 minutes of breaks; rules[0] (break_due) "
            "asks for 20 in shifts "
            "of more than 360",
        ),
        (
            {"activities": (Activity("talk", 500, 0, 1, 540, 600),)},
            "activities[0].minutes: 'talk' lasts 500 minutes, longer than any shift (480)",
        ),
    ],
)
def test_contradictions(changes: dict[str, Any], said: str | None) -> None:
    """Hard rules that no roster can keep are told with both sides; what can be kept is not."""
    if said is None:
        replace(GOOD, **changes)
    else:
        assert said in faults(**changes)


def test_the_same_is_fine_when_soft() -> None:
    """Only hard rules contradict: a soft one costs."""
    replace(GOOD, rules=(ConsecutiveDays(least=4, weight=1), ConsecutiveDays(most=3)))
    replace(GOOD, contracts=(Contract("full", period_least=100_000, weight=1),))


def test_all_faults_at_once() -> None:
    """Whoever mends a file does not do so one mistake at a time."""
    assert (
        len(
            faults(
                shifts=(replace(EARLY, start_step=0), replace(LATE, start=-1)), people=(Person("x", "none"),)
            )
        )
        == 3
    )
