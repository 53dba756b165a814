"""A roster for what is known by now: who is ill, how many calls come; and how far another one is from it.

Who is ill is on leave for these days, credited with the minutes they would have worked. What is then done
about it (a day anew, breaks, duties of the reserve) is ``solver.replan``, ``solver.breaks`` and ``flexing``.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from scheduling.people import Leave, Person
from scheduling.problem import DAY, Problem, ProblemError
from scheduling.roster import Assignment, Roster


class ReviseError(ValueError):
    """What cannot be so, about whom or which day; in words."""


@dataclass(frozen=True, slots=True)
class Ill:
    """``person`` is gone from ``day`` on for ``days`` days. ``minutes`` are credited for each (None: those of
    the shift that falls out).
    """

    person: str
    day: int
    days: int = 1
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """People a demand asks for, as it is known now: of each interval from ``first`` on."""

    name: str
    first: int
    required: tuple[int, ...]


def times(problem: Problem, name: str, factor: float, day: int, begin: int = 0, end: int = DAY) -> Asked:
    """``factor`` times what a demand asks for on a day from minute ``begin`` to ``end``, rounded.

    Raises ReviseError for a demand or a day that is not there, or no time at all.
    """
    required = _required(problem, name)
    _day(problem, day)
    grain = problem.interval_minutes
    first, last = (day * DAY + begin) // grain, -(-(day * DAY + end) // grain)
    if not first < last <= (day + 1) * DAY // grain:
        raise ReviseError(f"from minute {begin} to {end} is no time of a day")
    if factor < 0:
        raise ReviseError(f"{factor} times a demand is none")
    return Asked(name, first, tuple(int(count * factor + 0.5) for count in required[first:last]))


def of_day(problem: Problem, name: str, day: int, required: Collection[int]) -> Asked:
    """What a demand asks for in each interval of a day. Raises ReviseError."""
    _required(problem, name)
    _day(problem, day)
    a_day = DAY // problem.interval_minutes
    if len(required) != a_day or any(count < 0 for count in required):
        raise ReviseError(f"a day has {a_day} intervals of {problem.interval_minutes} min, each 0 or more")
    return Asked(name, day * a_day, tuple(required))


def as_known(
    problem: Problem, roster: Roster, ill: Iterable[Ill] = (), asked: Iterable[Asked] = ()
) -> tuple[Problem, Roster]:
    """The problem with who is ill on leave and with the demand as it is now, and the roster without the ill.

    Raises ReviseError for people, demands and days that are not there, or if that makes no sound problem.
    """
    gone: dict[str, dict[int, int | None]] = {}
    known = {one.id for one in problem.people}
    for one in ill:
        if one.person not in known:
            raise ReviseError(f"there is no person {one.person!r}")
        _day(problem, one.day)
        days = range(one.day, min(one.day + one.days, problem.days))
        gone.setdefault(one.person, {}).update(dict.fromkeys(days, one.minutes))
    lost = {(one.person, one.day): one for one in roster.assignments if one.day in gone.get(one.person, ())}
    people = tuple(
        _away(problem, one, gone[one.id], lost) if one.id in gone else one for one in problem.people
    )
    required = {one.name: list(one.required) for one in problem.demands}
    for more in asked:
        _required(problem, more.name)
        required[more.name][more.first : more.first + len(more.required)] = more.required
    demands = tuple(
        one if list(one.required) == required[one.name] else replace(one, required=tuple(required[one.name]))
        for one in problem.demands
    )
    rest = tuple(one for one in roster.assignments if (one.person, one.day) not in lost)
    if people == problem.people and demands == problem.demands:
        return problem, roster
    try:
        return replace(problem, people=people, demands=demands), Roster(rest)
    except ProblemError as error:
        raise ReviseError("; ".join(str(fault) for fault in error.faults[:3])) from None


def _away(
    problem: Problem,
    person: Person,
    days: dict[int, int | None],
    lost: dict[tuple[str, int], Assignment],
) -> Person:
    leave = list(person.leave)
    for day in sorted(days.keys() - {one.day for one in leave}):
        minutes, shift = days[day], lost.get((person.id, day))
        if minutes is None:
            minutes = problem.shift(shift.shift).worked(shift.length) if shift is not None else 0
        leave.append(Leave(day, minutes))
    fixed = tuple(one for one in person.fixed if one.day not in days)
    return replace(person, leave=tuple(leave), fixed=fixed)


def _required(problem: Problem, name: str) -> tuple[int, ...]:
    for one in problem.demands:
        if one.name == name:
            return one.required
    raise ReviseError(f"there is no demand {name!r}")


def _day(problem: Problem, day: int) -> None:
    if not 0 <= day < problem.days:
        last = problem.date_of(problem.days - 1)
        raise ReviseError(f"{problem.date_of(day)} is not in the period, from {problem.start} to {last}")


@dataclass(frozen=True, slots=True)
class Distance:
    """How far two rosters are apart on some days: ``moved`` shifts are others, begin or end otherwise, came
    or went; of ``inside`` only breaks, activities or duties are otherwise. ``shifts`` there were.
    """

    moved: int
    inside: int
    shifts: int


def distance(before: Roster, after: Roster, days: Collection[int]) -> Distance:
    """How far ``after`` is from ``before`` on ``days``."""
    was, now = (
        {(one.person, one.day): one for one in roster.assignments if one.day in days}
        for roster in (before, after)
    )
    differ = [key for key in was.keys() | now.keys() if was.get(key) != now.get(key)]
    moved = sum(_shape(was.get(key)) != _shape(now.get(key)) for key in differ)
    return Distance(moved, len(differ) - moved, len(was))


def _shape(one: Assignment | None) -> tuple[str, int, int] | None:
    return None if one is None else (one.shift, one.start, one.length)
