"""Routes of requirement against cover, and of who is short and why; of drafts and of published rosters."""

from collections import Counter
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from common.faults import NamedFaults
from common.problems import Problem as Refusal
from common.request_rows import Rows
from scheduling.bodies.planning import RosterCoverWhole, RosterDemandCover, RosterHelper, RosterShiftCover
from scheduling.bodies.rosters import RosterVerdict
from scheduling.judge import staffing
from scheduling.problem import DAY, Problem
from scheduling.records import drafts, versions
from scheduling.records.archive import roster_of, verdict_of
from scheduling.records.differences import finding, shown, verdict_shown
from scheduling.records.problems import get_problem, sound
from scheduling.roster import Roster
from scheduling.routes.parts import Number, Reader
from scheduling.shortage import Gap, Helper, helpers

router = APIRouter(route_class=NamedFaults)
Name = Annotated[str, Query(max_length=128, description="the demand's or shift's")]
Minute = Annotated[int | None, Query(ge=0, lt=DAY, description="of a demand: where it begins")]
Length = Annotated[int, Query(ge=1, le=DAY, description="of a demand: how long it is")]


@router.get("/drafts/{number}/verdict")
def read_draft_verdict(number: Number, _: Reader, rows: Rows) -> RosterVerdict:
    """What the judge says of a draft, without its roster."""
    row = drafts.get_draft(rows, number)
    problem = get_problem(rows, row.problem)
    return verdict_shown(sound(problem), verdict_of(problem.body, row.body))


@router.get("/drafts/{number}/cover")
def read_draft_cover(number: Number, _: Reader, rows: Rows) -> RosterCoverWhole:
    """Requirement against cover of a draft."""
    row = drafts.get_draft(rows, number)
    return _cover(sound(get_problem(rows, row.problem)), roster_of(row.body))


@router.get("/versions/{number}/cover")
def read_version_cover(number: Number, _: Reader, rows: Rows) -> RosterCoverWhole:
    """Requirement against cover of a published roster."""
    at = versions.standing(rows, versions.get_version(rows, number))
    return _cover(at.problem, at.roster)


@router.get("/drafts/{number}/helpers")
def read_draft_helpers(
    number: Number, _: Reader, rows: Rows, day: date, name: Name, minute: Minute = None, minutes: Length = 60
) -> list[RosterHelper]:
    """Who could be there on a day for a demand from ``minute`` on, or on a shift; who cannot, and why."""
    row = drafts.get_draft(rows, number)
    return _helpers(sound(get_problem(rows, row.problem)), roster_of(row.body), day, name, minute, minutes)


@router.get("/versions/{number}/helpers")
def read_version_helpers(
    number: Number, _: Reader, rows: Rows, day: date, name: Name, minute: Minute = None, minutes: Length = 60
) -> list[RosterHelper]:
    """The same of a published roster."""
    at = versions.standing(rows, versions.get_version(rows, number))
    return _helpers(at.problem, at.roster, day, name, minute, minutes)


def _cover(problem: Problem, roster: Roster) -> RosterCoverWhole:
    served = staffing(problem, roster)
    has = Counter((one.day, one.shift) for one in roster.assignments)
    return RosterCoverWhole(
        start=problem.start,
        days=problem.days,
        interval_minutes=problem.interval_minutes,
        demands=[
            RosterDemandCover(
                name=one.name,
                skill=one.skill,
                level=one.level,
                required=list(one.required),
                served=list(served[one.name]),
            )
            for one in problem.demands
        ],
        shifts=[
            RosterShiftCover(
                day=problem.date_of(one.day),
                shift=one.shift,
                required=one.required,
                has=has[one.day, one.shift],
            )
            for one in problem.covers
        ],
    )


def _helpers(
    problem: Problem, roster: Roster, on: date, name: str, minute: int | None, minutes: int
) -> list[RosterHelper]:
    day = (on - problem.start).days
    if not 0 <= day < problem.days:
        last = problem.date_of(problem.days - 1)
        raise Refusal(
            422,
            "No day of the roster",
            f"{on} is not in the roster, from {problem.start} to {last}.",
            at="day",
        )
    if minute is not None:
        gap = Gap(day * DAY + minute, day * DAY + minute + minutes, demand=name)
    else:
        shift = next((one for one in problem.shifts if one.id == name), None)
        begin = day * DAY + (shift.start if shift else 0)
        gap = Gap(begin, begin + (shift.length if shift else 0), shift=name)
    try:
        found = helpers(problem, roster, gap)
    except KeyError:
        kind = "shift" if minute is None else "demand"
        raise Refusal(404, f"No such {kind}", f"There is no {kind} {name!r}.") from None
    return [_helper(problem, one) for one in found]


def _helper(problem: Problem, one: Helper) -> RosterHelper:
    return RosterHelper(
        person=one.person,
        state=one.state,
        has=None if one.has is None else shown(problem, one.has),
        would=None if one.would is None else shown(problem, one.would),
        minutes=one.minutes,
        could=one.could,
        broken=[finding(problem, each) for each in one.broken],
        cost=one.cost,
    )
