"""A roster as text: people by days, and a day by the hour."""

from collections.abc import Iterator, Sequence
from typing import Final
from unicodedata import east_asian_width

from scheduling.people import Person
from scheduling.problem import DAY, Problem
from scheduling.roster import Assignment, Roster

_WEEKDAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_STEP: Final = 30
"""Minutes a sign of the day's picture stands for."""
WORKING, BREAK, ACTIVITY, RESERVE = "█", "░", "▒", "▄"
LEGEND: Final = f"{WORKING} working  {BREAK} break  {ACTIVITY} activity  {RESERVE} in reserve"


def wide(text: str) -> int:
    """Columns a text takes in a terminal."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def padded(text: str, width: int) -> str:
    return text + " " * (width - wide(text))


def label(person: Person) -> str:
    """Id and name."""
    return f"{person.id} {person.name}".strip()


def period(problem: Problem, roster: Roster) -> Iterator[str]:
    """People by days: a line for each person with the shift of every day, and the hours of the period."""
    rows = roster.by_person()
    labels = [label(one) for one in problem.people]
    first = max((wide(one) for one in labels), default=0)
    cell = max(2, *(wide(one.id) for one in problem.shifts))
    dates = [f"{problem.date_of(day).day:02}" for day in range(problem.days)]
    weekdays = [_WEEKDAYS[problem.weekday(day)] for day in range(problem.days)]
    for heads in (weekdays, dates):
        yield (padded("", first) + " " + " ".join(padded(one, cell) for one in heads)).rstrip()
    worked = {one.id: one for one in problem.shifts}
    for person, name in zip(problem.people, labels, strict=True):
        mine = {one.day: one for one in rows.get(person.id, [])}
        cells = [mine[day].shift if day in mine else "·" for day in range(problem.days)]
        minutes = sum(worked[one.shift].worked(one.length) for one in mine.values() if one.shift in worked)
        yield f"{padded(name, first)} {' '.join(padded(one, cell) for one in cells)} {minutes / 60:g} h"


def day(problem: Problem, roster: Roster, which: int) -> Iterator[str]:
    """A day by the hour: a line for each person at work, those of the evening before too."""
    there = [
        one for one in roster.assignments if one.day == which or (one.day == which - 1 and one.end > DAY)
    ]
    there.sort(key=lambda one: (one.day, one.start, one.person))
    people = {one.id: one for one in problem.people}
    names = [label(people[one.person]) if one.person in people else one.person for one in there]
    first = max((wide(name) for name in names), default=0)
    end = max((one.end + (one.day - which) * DAY for one in there), default=DAY)
    begin = min((max(0, one.start + (one.day - which) * DAY) for one in there), default=0) // 60 * 60
    hours = "".join(f"{minute // 60 % 24:02}" for minute in range(begin, end, 60))
    yield f"{problem.date_of(which)} {_WEEKDAYS[problem.weekday(which)]}".rstrip()
    yield padded("", first) + " " + hours
    reserves = {one.id for one in problem.shifts if one.reserve}
    for one, name in zip(there, names, strict=True):
        signs = _signs(one, range(begin, end, _STEP), (which - one.day) * DAY, one.shift in reserves)
        yield f"{padded(name, first)} {signs.rstrip()} {one.shift}"
    yield LEGEND


def _signs(one: Assignment, minutes: Sequence[int], midnight: int, reserve: bool) -> str:
    """A sign for each step; what takes any of it is shown, a break before all else."""
    signs = []
    for minute in minutes:
        begin, end = minute + midnight, minute + midnight + _STEP
        if not (one.start < end and begin < one.end):
            signs.append(" ")
        elif any(block.start < end and begin < block.end for block in one.breaks):
            signs.append(BREAK)
        elif any(block.start < end and begin < block.end for block in one.activities):
            signs.append(ACTIVITY)
        elif reserve and not any(block.start < end and begin < block.end for block in one.duties):
            signs.append(RESERVE)
        else:
            signs.append(WORKING)
    return "".join(signs)
