"""A roster laid out by person and day, with the history before it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from scheduling.people import Person
from scheduling.problem import DAY, Problem
from scheduling.roster import Assignment, Roster
from scheduling.rules import Activity, Rule, Who
from scheduling.shifts import Shift
from scheduling.verdict import Finding

_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Worked:
    """A day somebody works or worked: minutes from 00:00 of the first day, and how many are paid."""

    day: int
    shift: str
    begin: int
    end: int
    minutes: int


@dataclass(slots=True)
class Row:
    """One person's days, ascending: ``past`` before the period, ``days`` in it."""

    person: Person
    past: list[Worked] = field(default_factory=list)
    days: list[Worked] = field(default_factory=list)

    @property
    def all(self) -> list[Worked]:
        return [*self.past, *self.days]

    def worked_on(self, shifts: Iterable[str] | None = None) -> set[int]:
        """The days, known ones of the past too, with one of these shifts (None: any)."""
        if shifts is None:
            return {one.day for one in self.all}
        wanted = set(shifts)
        return {one.day for one in self.all if one.shift in wanted}


@dataclass(frozen=True, slots=True)
class Book:
    """All that rules look at. ``assignments`` are those that are of the problem at all."""

    problem: Problem
    rows: dict[str, Row]
    assignments: list[Assignment]
    shifts: dict[str, Shift]

    def rows_of(self, who: Who) -> list[Row]:
        return [self.rows[person.id] for person in self.problem.concerned(who)]

    def names(self, shifts: tuple[str, ...]) -> frozenset[str] | None:
        """The ids meant by ids and marks; None for every shift, also those of the past we do not know."""
        return self.problem.shifts_named(shifts) if shifts else None

    def on(self, day: int) -> str:
        """A day in words."""
        return f"{_WEEKDAYS[self.problem.weekday(day)]} {self.problem.date_of(day)}"

    def weeks(self) -> list[range]:
        """The calendar weeks that meet the period, as ranges of days that may reach out of it."""
        first = -self.problem.weekday(0)
        return [range(monday, monday + 7) for monday in range(first, self.problem.days, 7)]

    def months(self, since: int = 0) -> list[range]:
        """The calendar months from that of day ``since`` on, as ranges of days that may reach out of the
        period.
        """
        months: list[range] = []
        day = since + 1 - self.problem.date_of(since).day
        while day < self.problem.days:
            first = self.problem.date_of(day)
            after = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
            months.append(range(day, day + (after - first).days))
            day = months[-1].stop
        return months


def open_book(problem: Problem, roster: Roster) -> tuple[Book, list[Finding]]:
    """The book of a roster, and what in it is about nobody and nothing we know."""
    shifts = {one.id: one for one in problem.shifts}
    rows = {
        person.id: Row(
            person,
            [
                Worked(
                    one.day,
                    one.shift,
                    one.day * DAY + one.start,
                    one.day * DAY + one.start + one.length,
                    one.worked,
                )
                for one in sorted(person.history.shifts, key=lambda one: one.day)
            ],
        )
        for person in problem.people
    }
    strangers, assignments = [], []
    for one in sorted(roster.assignments, key=lambda one: (one.day, one.person)):
        if (why := _unknown(one, problem, rows, shifts)) is not None:
            strangers.append(Finding("assignment", why, one.person, one.day, hard=True))
            continue
        begin = one.day * DAY + one.start
        paid = shifts[one.shift].worked(one.length)
        rows[one.person].days.append(Worked(one.day, one.shift, begin, begin + one.length, paid))
        assignments.append(one)
    return Book(problem, rows, assignments, shifts), strangers


def _unknown(one: Assignment, problem: Problem, rows: dict[str, Row], shifts: dict[str, Shift]) -> str | None:
    if one.person not in rows:
        return f"there is no person {one.person!r}"
    if one.shift not in shifts:
        return f"{one.person} has the shift {one.shift!r} on day {one.day}, which is not there"
    if not 0 <= one.day < problem.days:
        return f"{one.person} has a shift on day {one.day}; the days are 0 to {problem.days - 1}"
    return None


def broken(
    rule: Rule | Activity, family: str, words: str, person: str = "", day: int | None = None, times: int = 1
) -> Finding:
    """A rule broken ``times`` times: hard, or at its weight."""
    if rule.weight is None:
        return Finding(family, words, person, day, hard=True, amount=times, name=rule.name)
    return Finding(family, words, person, day, rule.weight * times, amount=times, name=rule.name)


def hours(minutes: int) -> int:
    """Begun hours."""
    return -(-minutes // 60)


def clock(minute: int) -> str:
    """A minute of the day in words; past midnight with the days that have gone by."""
    days, rest = divmod(minute, DAY)
    return f"{rest // 60:02}:{rest % 60:02}" + (f"+{days}" if days else "")


def lasting(minutes: int) -> str:
    """Minutes in words: ``7 h 30``, ``45 min``."""
    if minutes % 60 == 0:
        return f"{minutes // 60} h"
    return f"{minutes // 60} h {minutes % 60:02}" if minutes >= 60 else f"{minutes} min"
