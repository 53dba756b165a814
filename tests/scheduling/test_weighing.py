"""What a request would do to its days: who works around them, and how many are there for what."""

from datetime import date

from scheduling.demand import Demand
from scheduling.people import Person
from scheduling.problem import Cover as Needed
from scheduling.problem import Problem
from scheduling.requests import LeaveAsked, Swap, carried_out
from scheduling.roster import Assignment, Roster
from scheduling.shifts import Shift
from scheduling.weighing import Beside, Cover, beside, cover, days_of

DAYS = 9
CALLS = Demand("calls", "calls", (0,) * 7 + (1,) * 17 + (1,) * 24 * (DAYS - 1))
PROBLEM = Problem(
    date(2026, 11, 2),
    DAYS,
    (Shift("E", 420, 480), Shift("N", 1320, 480)),
    tuple(Person(id, skills={"calls": 1}) for id in ("ann", "bob", "cem")),
    demands=(CALLS,),
    covers=(Needed(4, "E", 2), Needed(5, "N", 1)),
    interval_minutes=60,
)
EARLY = Assignment("ann", 4, "E", 420, 480)
NIGHT = Assignment("bob", 5, "N", 1320, 480)
ROSTER = Roster((EARLY, NIGHT, Assignment("cem", 4, "E", 420, 480)))


def test_leave_takes_one_of_two() -> None:
    """Of the day's shift and of each hour of it; the days around are those of who asks alone."""
    _, after = carried_out(PROBLEM, ROSTER, LeaveAsked("ann", 4))
    days = days_of(ROSTER, after)
    assert days == [4]
    assert beside(PROBLEM, ROSTER, after, "ann", days) == [
        Beside("ann", day, EARLY if day == 4 else None, None) for day in range(1, 8)
    ]
    shift, hours = cover(PROBLEM, ROSTER, after, days)
    assert shift == Cover(4, "shift", "E", (2,), (2,), (1,))
    assert (hours.what, hours.name, hours.required) == ("demand", "calls", (1,) * 24)
    assert hours.before == (0,) * 7 + (2,) * 8 + (0,) * 9
    assert hours.after == (0,) * 7 + (1,) * 8 + (0,) * 9


def test_a_night_shift_counts_on_the_morning_after() -> None:
    """The day after the swap's, which nothing of it is planned on, has who worked the night before."""
    _, after = carried_out(PROBLEM, ROSTER, Swap("ann", "bob", 4, 5))
    days = days_of(ROSTER, after)
    assert days == [4, 5]
    around = beside(PROBLEM, ROSTER, after, "ann", days)
    assert [one.person for one in around] == ["ann"] * 8 + ["bob"] * 8  # until the last day of the roster
    (morning,) = cover(PROBLEM, ROSTER, after, [6])
    assert morning.before == morning.after == (1,) * 6 + (0,) * 18
