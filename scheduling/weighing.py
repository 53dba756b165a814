"""What a request would do to the days it is about, for whoever decides: people beside it, and cover."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from scheduling.judge import staffing
from scheduling.problem import DAY, Problem
from scheduling.roster import Assignment, Roster

BESIDE: Final = 3
"""Days before and after those a request is about."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A person's day as it is and as it would be."""

    person: str
    day: int
    before: Assignment | None
    after: Assignment | None


@dataclass(frozen=True, slots=True)
class Cover:
    """People on a day for a demand, by interval, or for a shift, one value: as it is and as it would be."""

    day: int
    what: Literal["demand", "shift"]
    name: str
    required: tuple[int, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]


def days_of(before: Roster, after: Roster) -> list[int]:
    """The days on which two rosters differ."""
    was, now = set(before.assignments), set(after.assignments)
    return sorted({one.day for one in was ^ now})


def beside(
    problem: Problem, before: Roster, after: Roster, person: str, days: Collection[int]
) -> list[Beside]:
    """The days around those of a request, of whoever asks first and each person it changes something for."""
    changed = {one.person for one in {*before.assignments} ^ {*after.assignments}} | {person}
    around = range(max(0, min(days) - BESIDE), min(problem.days, max(days) + BESIDE + 1))
    was = {(one.person, one.day): one for one in before.assignments}
    now = {(one.person, one.day): one for one in after.assignments}
    order = sorted(changed, key=lambda one: (one != person, one))
    return [Beside(one, day, was.get((one, day)), now.get((one, day))) for one in order for day in around]


def cover(problem: Problem, before: Roster, after: Roster, days: Collection[int]) -> list[Cover]:
    """Demands and shifts of these days. A shift of the evening before still counts for its day."""
    return [*_shifts(problem, before, after, days), *_demands(problem, before, after, days)]


def _shifts(problem: Problem, before: Roster, after: Roster, days: Collection[int]) -> Iterator[Cover]:
    was = Counter((one.day, one.shift) for one in before.assignments)
    now = Counter((one.day, one.shift) for one in after.assignments)
    for one in problem.covers:
        if one.day in days:
            key = (one.day, one.shift)
            yield Cover(one.day, "shift", one.shift, (one.required,), (was[key],), (now[key],))


def _demands(problem: Problem, before: Roster, after: Roster, days: Collection[int]) -> Iterator[Cover]:
    if not problem.demands or not days:
        return
    was, now = (staffing(problem, _near(roster, days)) for roster in (before, after))
    a_day = DAY // problem.interval_minutes
    for day in sorted(days):
        part = slice(day * a_day, (day + 1) * a_day)
        for one in problem.demands:
            if any(one.required[part]) or any(was[one.name][part]) or any(now[one.name][part]):
                yield Cover(
                    day, "demand", one.name, one.required[part], was[one.name][part], now[one.name][part]
                )


def _near(roster: Roster, days: Collection[int]) -> Roster:
    """Who is there on these days; nobody works longer than into the second day after."""
    wanted = {day - ago for day in days for ago in range(3)}
    return Roster(tuple(one for one in roster.assignments if one.day in wanted))
