"""Drafts: rosters that are worked on, each change with its trail and the judge's verdict at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select, update
from sqlalchemy.orm import Session, undefer

from common.problems import Problem as Refusal
from scheduling.bodies.rosters import RosterChange, RosterDifference, RosterDraftBody
from scheduling.problem import Problem
from scheduling.records import versions
from scheduling.records.archive import Author, packed_roster, roster_of, verdict_of
from scheduling.records.differences import changes_of, difference, kept
from scheduling.records.problems import get_problem, sound
from scheduling.roster import Roster
from scheduling.tables import DraftChangeRow, DraftRow, ProblemRow
from scheduling.verdict import Verdict

NAME = 128
"""Characters of a draft's name."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change did, or would do."""

    row: DraftRow
    problem: ProblemRow
    changes: list[RosterChange]
    difference: RosterDifference


def drafts(session: Session, problem: int | None = None, most: int = 200) -> Sequence[DraftRow]:
    """Drafts (of one problem), the latest first, without their rosters."""
    listed = select(DraftRow).order_by(DraftRow.id.desc()).limit(most)
    return session.scalars(listed if problem is None else listed.where(DraftRow.problem == problem)).all()


def get_draft(session: Session, id: int) -> DraftRow:
    """A draft with its roster. Raises a 404 Problem."""
    row = session.get(DraftRow, id, options=[undefer(DraftRow.body)], populate_existing=True)
    if row is None:
        raise Refusal(404, "No such draft", f"There is no draft {id}.")
    return row


def create_draft(session: Session, body: RosterDraftBody, author: Author) -> DraftRow:
    """A draft, empty or as another one or a version is. Raises a 404 or 409 Problem.

    Of a roster of another problem the assignments are taken that are of this one too, day for day.
    """
    problem = get_problem(session, body.problem)
    roster, based_on = Roster(), None
    if body.from_draft is not None:
        before = get_draft(session, body.from_draft)
        based_on, other = before.based_on, get_problem(session, before.problem)
        roster = fitting(sound(problem), sound(other), roster_of(before.body))
    elif body.from_version is not None:
        version = versions.get_version(session, body.from_version)
        based_on, other = version.id, get_problem(session, version.problem)
        roster = fitting(sound(problem), sound(other), roster_of(version.body))
    return add_draft(session, problem, roster, body.name, author, based_on)


def add_draft(
    session: Session,
    problem: ProblemRow,
    roster: Roster,
    name: str,
    author: Author,
    based_on: int | None = None,
) -> DraftRow:
    """Keep a roster as a draft, judged."""
    row = DraftRow(problem=problem.id, name=name[:NAME], saves=1, based_on=based_on)
    row.created_at, row.created_by = author.at, author.user
    _fill(row, problem, packed_roster(roster), author)
    session.add(row)
    session.flush()
    return row


def delete_draft(session: Session, id: int) -> None:
    """Delete a draft with its trail. What was published of it stays. Raises a 404 Problem."""
    session.delete(get_draft(session, id))
    session.flush()


def change_draft(
    session: Session,
    id: int,
    do: Callable[[Problem, Roster], Roster],
    author: Author,
    *,
    how: str,
    note: str = "",
    tag: str | None = None,
    dry: bool = False,
    problem: ProblemRow | None = None,
) -> Changed:
    """Let ``do`` make another roster of a draft's. With ``dry`` only what that would do is told.

    With ``problem`` the draft is of that one from now on, which is made of its own.

    Raises a 404 Problem, a 412 one if the draft is not ``tag``'s any more, and what ``do`` raises.
    """
    row = get_draft(session, id)
    _refuse_stale(row, tag, row.saves)
    seen, work = (row.problem, row.body), _work(session, row, do, problem)
    if not dry:
        # Locked until the commit: changes of one draft come one after another. The long work is done by now,
        # unless somebody changed the draft meanwhile.
        session.execute(update(DraftRow).where(DraftRow.id == id).values(saves=DraftRow.saves + 1))
        row = get_draft(session, id)
        _refuse_stale(row, tag, row.saves - 1)
        if (row.problem, row.body) != seen:
            work = _work(session, row, do, problem)
        row.problem = work.problem.id
        _fill(row, work.problem, work.body, author)
        trail = DraftChangeRow(draft=id, how=how, note=note, cost=work.now.cost, changes=kept(work.changes))
        trail.at, trail.by = author.at, author.user
        session.add(trail)
        session.flush()
    told = difference(sound(work.problem), work.was, work.now)
    return Changed(row, work.problem, work.changes, told)


@dataclass(frozen=True, slots=True)
class _Work:
    """What a change does to a draft as it is."""

    problem: ProblemRow
    body: bytes
    changes: list[RosterChange]
    was: Verdict
    now: Verdict


def _work(
    session: Session, row: DraftRow, do: Callable[[Problem, Roster], Roster], problem: ProblemRow | None
) -> _Work:
    old = get_problem(session, row.problem)
    new = problem or old
    before = roster_of(row.body)
    after = do(sound(old), before)
    body = packed_roster(after)
    changes = changes_of(sound(new), before, after)
    return _Work(new, body, changes, verdict_of(old.body, row.body), verdict_of(new.body, body))


def _refuse_stale(row: DraftRow, tag: str | None, saves: int) -> None:
    if tag is not None and tag != str(saves):
        said = f"{row.changed_by} changed it meanwhile; look at it again."
        raise Refusal(412, "The draft was changed", said)


def trail_of(session: Session, id: int, most: int = 200) -> Sequence[DraftChangeRow]:
    """Who changed what in a draft, the latest first. Raises a 404 Problem."""
    get_draft(session, id)
    listed = select(DraftChangeRow).where(DraftChangeRow.draft == id).order_by(DraftChangeRow.id.desc())
    return session.scalars(listed.limit(most)).all()


def _fill(row: DraftRow, problem: ProblemRow, body: bytes, author: Author) -> None:
    row.body = body
    verdict = verdict_of(problem.body, row.body)
    row.cost, row.violations = verdict.cost, len(verdict.violations)
    row.shifts = len(roster_of(body).assignments)
    row.changed_at, row.changed_by = author.at, author.user


def fitting(problem: Problem, other: Problem, roster: Roster) -> Roster:
    """What of another problem's roster is of this one: the same people, shifts and dates."""
    if problem is other:
        return roster
    people, shifts = {one.id for one in problem.people}, {one.id for one in problem.shifts}
    later = (other.start - problem.start).days
    moved = []
    for one in roster.assignments:
        day = one.day + later
        if one.person in people and one.shift in shifts and 0 <= day < problem.days:
            moved.append(replace(one, day=day))
    return Roster(tuple(moved))
