"""What agents ask for after a roster is made: to swap, to give a shift away, to take one, to be free.

``look_at`` says at once what a request would do: the roster with it, what the judge would then object to that
is not objected to now, and what it changes in costs. Granting it is the supervisor's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from scheduling.breaks import place_breaks
from scheduling.judge import judge
from scheduling.people import Leave
from scheduling.problem import Problem
from scheduling.roster import Assignment, Roster
from scheduling.verdict import Finding, Verdict, worse


class RequestError(ValueError):
    """A request about what is not there; the words say what."""


@dataclass(frozen=True, slots=True)
class Swap:
    """``person`` and ``other`` exchange what they have on ``day`` (``other`` on ``other_day``, if given)."""

    person: str
    other: str
    day: int
    other_day: int | None = None


@dataclass(frozen=True, slots=True)
class Give:
    """``other`` takes the shift ``person`` has on ``day``."""

    person: str
    other: str
    day: int


@dataclass(frozen=True, slots=True)
class Bid:
    """``person``, free on ``day``, would work ``shift`` (``start`` and ``length`` where it is flexible)."""

    person: str
    day: int
    shift: str
    start: int | None = None
    length: int | None = None


@dataclass(frozen=True, slots=True)
class LeaveAsked:
    """``person`` would be on leave on ``day``; ``minutes`` would be credited to the contract."""

    person: str
    day: int
    minutes: int = 0


Request = Swap | Give | Bid | LeaveAsked


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request would do.

    ``allowed``: it breaks no hard rule that is not broken already. ``broken`` are those it would break,
    ``dearer`` the soft findings that come up with it, ``cost`` what it adds to the costs (less than 0: it
    saves). ``problem`` is the one it would then be about: leave becomes part of it.
    """

    request: Request
    problem: Problem
    roster: Roster
    broken: tuple[Finding, ...]
    dearer: tuple[Finding, ...]
    cost: int

    @property
    def allowed(self) -> bool:
        return not self.broken


def look_at(problem: Problem, roster: Roster, request: Request, now: Verdict | None = None) -> Answer:
    """What a request would do. ``now`` is the roster's verdict, where it is known already.

    Raises RequestError.
    """
    changed, made = carried_out(problem, roster, request)
    before, after = now or judge(problem, roster), judge(changed, made)
    come = worse(before, after)
    return Answer(
        request,
        changed,
        made,
        tuple(one for one in come if one.hard),
        tuple(sorted((one for one in come if not one.hard), key=lambda one: -one.cost)),
        after.cost - before.cost,
    )


@dataclass(frozen=True, slots=True)
class Turn:
    """What decides whose bid comes first: more ``seniority``, then fewer open shifts ``taken`` before in the
    period, then fewer ``minutes`` of work in it.
    """

    seniority: int
    taken: int
    minutes: int


def turn_of(problem: Problem, roster: Roster, person: str, taken: int = 0) -> Turn:
    """Somebody's turn; ``taken`` is how many open shifts they were given already. Raises KeyError."""
    seniority = {one.id: one.seniority for one in problem.people}[person]
    shifts = {one.id: one for one in problem.shifts}
    minutes = sum(shifts[one.shift].worked(one.length) for one in roster.assignments if one.person == person)
    return Turn(seniority, taken, minutes)


def in_turn(turns: Sequence[Turn]) -> list[int]:
    """The places of ``turns``, which are as the bids came, in the order in which bids should be looked at."""
    return sorted(
        range(len(turns)),
        key=lambda place: (-turns[place].seniority, turns[place].taken, turns[place].minutes),
    )


def carried_out(problem: Problem, roster: Roster, request: Request) -> tuple[Problem, Roster]:
    """The problem and the roster with a request, whatever the judge would say. Raises RequestError."""
    known = {one.id for one in problem.people}
    for person in (request.person, getattr(request, "other", request.person)):
        if person not in known:
            raise RequestError(f"there is no person {person!r}")
    for day in (request.day, getattr(request, "other_day", None)):
        if day is not None and not 0 <= day < problem.days:
            raise RequestError(f"day {day} is not in the roster, whose days are 0 to {problem.days - 1}")
    match request:
        case Swap():
            return problem, _swapped(roster, request)
        case Give():
            return problem, _given(roster, request)
        case Bid():
            return problem, _bid(problem, roster, request)
        case LeaveAsked():
            return _left(problem, roster, request)


def _swapped(roster: Roster, request: Swap) -> Roster:
    if request.person == request.other:
        raise RequestError(f"{request.person} cannot swap with themselves")
    other_day = request.day if request.other_day is None else request.other_day
    mine, theirs = _of(roster, request.person, request.day), _of(roster, request.other, other_day)
    if mine is None and theirs is None:
        raise RequestError(f"neither {request.person} nor {request.other} has a shift to swap")
    moved = []
    if mine is not None:
        moved.append(_moved(mine, request.other))
    if theirs is not None:
        moved.append(_moved(theirs, request.person))
    rest = [one for one in roster.assignments if one is not mine and one is not theirs]
    return _roster([*rest, *moved])


def _given(roster: Roster, request: Give) -> Roster:
    mine = _of(roster, request.person, request.day)
    if mine is None:
        raise RequestError(f"{request.person} has no shift on day {request.day} to give")
    return _roster([*(one for one in roster.assignments if one is not mine), _moved(mine, request.other)])


def _bid(problem: Problem, roster: Roster, request: Bid) -> Roster:
    """The shift with its breaks as early as they may be; who makes the day anew places them better."""
    try:
        shift = problem.shift(request.shift)
    except KeyError:
        raise RequestError(f"there is no shift {request.shift!r}") from None
    start = shift.start if request.start is None else request.start
    length = shift.length if request.length is None else request.length
    breaks = place_breaks(shift, start, length)
    made = Assignment(request.person, request.day, shift.id, start, length, breaks)
    return _roster([*roster.assignments, made])


def _left(problem: Problem, roster: Roster, request: LeaveAsked) -> tuple[Problem, Roster]:
    people = []
    for one in problem.people:
        if one.id == request.person:
            if any(leave.day == request.day for leave in one.leave):
                raise RequestError(f"{one.id} is on leave on day {request.day} already")
            if any(fixed.day == request.day and fixed.shift for fixed in one.fixed):
                one = replace(one, fixed=tuple(fixed for fixed in one.fixed if fixed.day != request.day))
            one = replace(one, leave=(*one.leave, Leave(request.day, request.minutes)))
        people.append(one)
    mine = _of(roster, request.person, request.day)
    rest = tuple(one for one in roster.assignments if one is not mine)
    return replace(problem, people=tuple(people)), Roster(rest)


def _of(roster: Roster, person: str, day: int) -> Assignment | None:
    return next((one for one in roster.assignments if (one.person, one.day) == (person, day)), None)


def _moved(one: Assignment, person: str) -> Assignment:
    """A shift for somebody else: breaks go with it, activities and duties are their first owner's."""
    return replace(one, person=person, activities=(), duties=())


def _roster(assignments: list[Assignment]) -> Roster:
    try:
        return Roster(tuple(assignments))
    except ValueError as error:
        raise RequestError(str(error)) from None
