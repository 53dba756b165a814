"""Teams that rotate (班组排班), and the period after a published one: problems made of those there are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy.orm import Session

from common.problems import Problem as Refusal
from scheduling.bodies.revising import RosterNextBody, RosterTeamsBody
from scheduling.bodies.rosters import RosterProblemBody
from scheduling.carrying import next_problem
from scheduling.formats.shape import plain
from scheduling.problem import Problem, ProblemError
from scheduling.records import versions
from scheduling.records.archive import Author
from scheduling.records.drafts import add_draft
from scheduling.records.problems import add_problem, create_problem, get_problem, sound
from scheduling.roster import Roster
from scheduling.tables import DraftRow, ProblemRow
from scheduling.teams import Cycle, TeamError, queued, rostered, rotate, staggered

MOST_LATER: Final = 3660
"""Days queues may have gone on before the period: every one of them is gone through."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """Teams that rotate: the problem with their members' shifts fixed, and these shifts. Rows if kept."""

    problem: Problem
    cycles: Sequence[Cycle]
    roster: Roster
    problem_row: ProblemRow | None
    draft: DraftRow | None


def rotate_teams(session: Session, id: int, body: RosterTeamsBody, author: Author) -> Rotated:
    """Let teams rotate. Raises a 404 Problem, or a 422 one with the team, shift or person it fails at."""
    row = get_problem(session, id)
    problem = sound(row)
    try:
        cycles = _cycles(problem, body)
        made = rotate(problem, cycles)
    except TeamError as error:
        words = str(error)
        raise Refusal(422, "Teams cannot rotate so", f"{words[:1].upper()}{words[1:]}.") from None
    except ProblemError as error:
        errors = [{"at": fault.path, "message": fault.reason} for fault in error.faults[:200]]
        said = "; ".join(str(fault) for fault in error.faults[:5])
        raise Refusal(422, "Teams cannot rotate so", f"{said}.", errors=errors) from None
    roster = rostered(made, {cycle.team for cycle in cycles})
    if body.dry:
        return Rotated(made, cycles, roster, None, None)
    new = add_problem(session, made, row.group, body.name, author, note=row.note, derived_from=row.id)
    return Rotated(made, cycles, roster, new, add_draft(session, new, roster, body.name, author))


def _cycles(problem: Problem, body: RosterTeamsBody) -> list[Cycle]:
    later = 0 if body.first_day is None else (problem.start - body.first_day).days
    if body.cycles is not None:
        return [Cycle(one.team, tuple(one.days), one.begins).after(later) for one in body.cycles]
    if body.stagger is not None:
        found = staggered(body.stagger.teams, tuple(body.stagger.days), body.stagger.apart)
        return [one.after(later) for one in found]
    assert body.queues is not None
    if later < 0:
        raise TeamError(f"the queues begin on {body.first_day}, after the period does, on {problem.start}")
    if later > MOST_LATER:
        raise TeamError(
            f"the queues begin on {body.first_day}, more than {MOST_LATER} days before the period"
        )
    days = problem.days + later
    found = queued(body.queues.shifts, days, body.queues.turn, body.queues.working)
    return [replace(one, days=one.days[later : later + problem.days]) for one in found]


def create_next(session: Session, id: int, body: RosterNextBody, author: Author) -> ProblemRow:
    """The problem of the period after a version's. Raises a 404 Problem, or a 422 one with what is wrong."""
    at = versions.standing(session, versions.get_version(session, id))
    try:
        made = next_problem(at.problem, at.roster, body.days, demand=body.demand == "repeat")
    except ProblemError as error:
        errors = [{"at": fault.path, "message": fault.reason} for fault in error.faults[:200]]
        said = "; ".join(str(fault) for fault in error.faults[:5])
        raise Refusal(422, "The next period cannot be so", f"{said}.", errors=errors) from None
    sent = RosterProblemBody(
        group=at.row.group,
        name=body.name,
        note=body.note,
        problem=plain(made),
        requests=body.requests,
        wish_weight=body.wish_weight,
    )
    return create_problem(session, sent, author)
