"""What is asked: days, demand, people, shifts and rules, checked as a whole.

A ``Problem`` that exists is sound: everything it names is there, and nothing in it can be seen to contradict
itself. ``faults.py`` finds what is wrong, ``formats`` read and write it.

Days are numbered from 0, the first of the period. Minutes are local time, every day has 1440 of them; a shift
belongs to the day it begins on. All costs are whole numbers, so that two programs that add them up agree.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from scheduling.demand import Cover, Demand, Step, Steps, flat, steps_cost
from scheduling.people import Away, Contract, Fixed, History, Leave, Past, Person, Wish
from scheduling.rules import EVERYBODY, Activity, Rule, Who
from scheduling.shifts import DAY, Break, Shift

__all__ = [
    "DAY",
    "EVERYBODY",
    "Activity",
    "Away",
    "Break",
    "Contract",
    "Cover",
    "Demand",
    "Fault",
    "Fixed",
    "History",
    "Leave",
    "Past",
    "Person",
    "Problem",
    "ProblemError",
    "Rule",
    "Shift",
    "Step",
    "Steps",
    "Who",
    "Wish",
    "flat",
    "steps_cost",
]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a problem and where: a path like ``people[3].skills``."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class ProblemError(ValueError):
    """A problem that cannot be; ``faults`` are all that were found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True, slots=True)
class Problem:
    """A rostering problem of ``days`` days from ``start`` on. Raises ProblemError with all that is wrong.

    ``interval_minutes`` is the grain of ``demands``. ``holidays`` are public holidays, by day. ``zone`` is
    the IANA name of the time zone the minutes are of.
    """

    start: date
    days: int
    shifts: tuple[Shift, ...]
    people: tuple[Person, ...]
    interval_minutes: int = 15
    demands: tuple[Demand, ...] = ()
    covers: tuple[Cover, ...] = ()
    contracts: tuple[Contract, ...] = ()
    rules: tuple[Rule, ...] = ()
    activities: tuple[Activity, ...] = ()
    holidays: tuple[int, ...] = ()
    zone: str = "UTC"
    name: str = ""

    def __post_init__(self) -> None:
        from scheduling.faults import faults  # it reads what is defined here

        if found := faults(self):
            raise ProblemError(found)

    @property
    def intervals(self) -> int:
        """How many intervals the period has."""
        return self.days * DAY // self.interval_minutes

    def date_of(self, day: int) -> date:
        """The date of a day; negative days lie before the period."""
        return self.start + timedelta(days=day)

    def weekday(self, day: int) -> int:
        """0 for Monday to 6 for Sunday."""
        return (self.start.weekday() + day) % 7

    def shift(self, id: str) -> Shift:
        """The shift of this id. Raises KeyError."""
        for one in self.shifts:
            if one.id == id:
                return one
        raise KeyError(id)

    def shifts_named(self, names: Iterable[str]) -> frozenset[str]:
        """The ids of the shifts that are named by id or mark; of all shifts if nothing is named."""
        wanted = set(names)
        if not wanted:
            return frozenset(one.id for one in self.shifts)
        return frozenset(one.id for one in self.shifts if one.id in wanted or wanted.intersection(one.marks))

    def concerned(self, who: Who) -> tuple[Person, ...]:
        """The people a rule is for, in the problem's order."""
        if who == EVERYBODY:
            return self.people
        people, teams = set(who.people), set(who.teams)
        contracts, branches = set(who.contracts), set(who.branches)
        return tuple(
            one
            for one in self.people
            if one.id in people or one.team in teams or one.contract in contracts or one.branch in branches
        )
