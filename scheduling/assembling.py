"""From a requirement, a list of people and rule books to a problem."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from scheduling.demand import Demand, Step, Steps
from scheduling.formats.books import Book, applicable
from scheduling.formats.people_csv import Listed
from scheduling.formats.requirement_csv import Requirement
from scheduling.people import Contract, Leave, Person, Wish
from scheduling.problem import Problem
from scheduling.shifts import DAY, Shift

UNDER: Final[Steps] = (Step(1, 60), Step(3, 100), Step(6, 200))
OVER: Final[Steps] = (Step(1, 4), Step(4, 8))
"""What a person too few or too many costs in an interval of 15 minutes, where nobody says otherwise."""
WISH: Final = 20


class AssemblyError(ValueError):
    """The parts do not fit together; one line each."""


@dataclass(frozen=True, slots=True)
class Assembled:
    """A problem, and what was left out or taken for granted on the way."""

    problem: Problem
    notes: tuple[str, ...]


def assemble(
    requirements: Mapping[str, Requirement],
    people: Sequence[Listed],
    book: Book,
    standard: Book,
    zone: str = "UTC",
    holidays: Sequence[date] = (),
) -> Assembled:
    """A problem that asks for ``requirements`` (by skill) of ``people`` under the rules of ``book``.

    Shifts and contracts that the book does not have are those of ``standard``; of these, shifts outside the
    hours somebody is asked for are left out. People without skills have all that are asked for, people
    without a contract the first. Raises AssemblyError, ProblemError.
    """
    notes: list[str] = []
    start, days, minutes = _period(requirements)
    shifts = book.shifts
    if all(one.reserve for one in shifts):
        standing = _open(standard.shifts, requirements)
        if not standing:
            raise AssemblyError("no standard shift fits into the hours people are asked for; give your own")
        shifts = standing + shifts
        notes.append(
            f"no shifts are given; standard ones in opening hours: {', '.join(s.id for s in standing)}"
        )
    contracts = book.contracts or standard.contracts
    rules, left = applicable(book.rules, shifts)
    notes += [f"left out: {one}" for one in left]
    demands = tuple(
        Demand(skill, skill, one.required, under=_per(UNDER, minutes), over=_per(OVER, minutes))
        for skill, one in requirements.items()
    )
    outside = {
        one.id for one in people for day in (*one.leave, *one.off) if not 0 <= (day - start).days < days
    }
    if outside:
        notes.append(
            f"{len(outside)} people have leave or wishes outside the period, which are not looked at"
        )
    problem = Problem(
        start,
        days,
        shifts,
        tuple(_person(one, start, days, contracts, tuple(requirements)) for one in people),
        minutes,
        demands,
        contracts=contracts,
        rules=tuple(rules),
        activities=book.activities,
        holidays=tuple(day for one in holidays if 0 <= (day := (one - start).days) < days),
        zone=zone,
    )
    return Assembled(problem, tuple(notes))


def _period(requirements: Mapping[str, Requirement]) -> tuple[date, int, int]:
    grids = {(one.start, one.days, one.interval_minutes) for one in requirements.values()}
    if len(grids) > 1:
        spans = "; ".join(
            f"{name}: {one.days} days from {one.start}, {one.interval_minutes} min"
            for name, one in requirements.items()
        )
        raise AssemblyError(f"the requirements are not of the same days and intervals: {spans}")
    return grids.pop()


def _per(steps: Steps, minutes: int) -> Steps:
    """Costs of 15 minutes, for another interval; at least 1."""
    return tuple(Step(one.first, max(1, one.cost * minutes // 15)) for one in steps)


def _open(shifts: Sequence[Shift], requirements: Mapping[str, Requirement]) -> tuple[Shift, ...]:
    """The shifts whose every minute lies in hours somebody is asked for, with the starts that do."""
    asked = [False] * DAY
    for one in requirements.values():
        for interval, people in enumerate(one.required):
            if people:
                begin = interval * one.interval_minutes % DAY
                asked[begin : begin + one.interval_minutes] = [True] * one.interval_minutes
    kept = []
    for shift in shifts:
        starts = [
            start
            for start in shift.starts
            if all(asked[minute % DAY] for minute in range(start, start + shift.length))
        ]
        if starts:
            kept.append(replace(shift, start=starts[0], latest_start=starts[-1]))
    return tuple(kept)


def _person(
    one: Listed, start: date, days: int, contracts: Sequence[Contract], skills: tuple[str, ...]
) -> Person:
    contract = one.contract or (contracts[0].id if contracts else "")
    owed = next((each.week_least for each in contracts if each.id == contract), None) or 0

    def inside(dates: Sequence[date]) -> list[int]:
        return sorted({day for each in dates if 0 <= (day := (each - start).days) < days})

    leave = inside(one.leave)
    return Person(
        one.id,
        contract,
        one.skills or dict.fromkeys(skills, 1),
        one.shifts,
        one.team,
        one.branch,
        one.seniority,
        leave=tuple(Leave(day, owed // 5) for day in leave),
        wishes=tuple(Wish(day, False, weight=WISH) for day in inside(one.off) if day not in leave),
        name=one.name,
    )
