"""Publishing a roster: what holds it back, and the version it becomes."""

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from common.problems import Problem as Refusal
from scheduling.bodies.rosters import RosterChange
from scheduling.problem import Problem
from scheduling.records.archive import Author, roster_of, verdict_of
from scheduling.records.differences import changes_of, kept, unshown
from scheduling.records.problems import sound
from scheduling.records.versions import Standing, in_force
from scheduling.roster import Roster
from scheduling.tables import ProblemRow, RequestRow, VersionRow


def publish(
    session: Session,
    problem_row: ProblemRow,
    body: bytes,
    author: Author,
    *,
    how: str,
    note: str = "",
    despite: bool = False,
    after: int | None = None,
) -> VersionRow:
    """Publish a packed roster as the next version of its group and period.

    ``after`` is the version it was made of, where it may only follow that one.

    Raises a 409 Problem if it breaks hard rules, forgets approved leave or undoes what was approved (unless
    ``despite``), if nothing changed, if it overlaps another period of its group, or if another version came
    ``after`` meanwhile.
    """
    problem, verdict = sound(problem_row), verdict_of(problem_row.body, body)
    if verdict.violations and not despite:
        first = verdict.violations[0].words
        number = len(verdict.violations)
        said = f"It breaks {number} hard rule{'s' * (number > 1)}, such as: {first}."
        raise Refusal(409, "The roster is not legal", f"{said} Say despite to publish it so.")
    last = problem.date_of(problem.days - 1).isoformat()
    _refuse_overlap(session, problem_row, last)
    before = in_force(session, problem_row.group, problem_row.start)
    if after is not None and (before is None or before.row.id != after):
        said = f"{problem_row.group} has a newer roster by now; look at it, and try again."
        raise Refusal(409, "Somebody was faster", said)
    roster = roster_of(body)
    if not despite:
        _refuse_forgotten(session, problem_row, problem, roster)
        if before is not None:
            _refuse_undone(session, before, roster)
    changes = changes_of(problem, before.roster if before else Roster(), roster)
    if before is not None and not changes and before.problem_row.body == problem_row.body:
        raise Refusal(
            409, "Nothing changed", f"It is the roster that was published as number {before.row.number}."
        )
    row = VersionRow(group=problem_row.group, start=problem_row.start, end=last, problem=problem_row.id)
    row.number = (before.row.number if before else 0) + 1
    row.at, row.by, row.how, row.note = author.at, author.user, how, note
    row.cost, row.violations, row.shifts = verdict.cost, len(verdict.violations), len(roster.assignments)
    row.changes, row.body = kept(changes), body
    session.add(row)
    session.flush()
    return row


def against_published(session: Session, problem_row: ProblemRow, body: bytes) -> list[RosterChange]:
    """What publishing a roster would change."""
    before = in_force(session, problem_row.group, problem_row.start)
    return changes_of(sound(problem_row), before.roster if before else Roster(), roster_of(body))


def _refuse_forgotten(session: Session, row: ProblemRow, problem: Problem, roster: Roster) -> None:
    """Leave that was approved since the problem was taken in is not in it: the judge cannot know."""
    last = problem.date_of(problem.days - 1).isoformat()
    approved = session.execute(
        select(RequestRow.person, RequestRow.day)
        .where(
            RequestRow.group == row.group,
            RequestRow.kind == "leave",
            RequestRow.state == "approved",
            RequestRow.day >= row.start,
            RequestRow.day <= last,
        )
        .order_by(RequestRow.day, RequestRow.person)
    )
    works = {(one.person, problem.date_of(one.day).isoformat()) for one in roster.assignments}
    forgotten = [(person, day) for person, day in approved if (person, day) in works]
    if forgotten:
        first = ", ".join(f"{person} on {day}" for person, day in dict.fromkeys(forgotten[:5]))
        more = f" and {len(forgotten) - 5} more" if len(forgotten) > 5 else ""
        said = f"Approved leave, but a shift: {first}{more}. Say despite to publish it so."
        raise Refusal(409, "Approved leave is forgotten", said)


def _refuse_undone(session: Session, before: Standing, roster: Roster) -> None:
    """Swaps, gifts and bids that were approved since the roster was begun are not in it: it has the days as
    they were before, while the published roster still has them as they were approved.
    """
    approved = session.scalars(
        select(VersionRow.changes)
        .where(
            VersionRow.group == before.row.group,
            VersionRow.start == before.row.start,
            VersionRow.how == "request",
        )
        .order_by(VersionRow.number)
    )
    stands = {(one.person, one.day): one for one in before.roster.assignments}
    planned = {(one.person, one.day): one for one in roster.assignments}
    undone: dict[str, None] = {}
    for changes in approved:
        for change in changes:
            person, day = change["person"], (date.fromisoformat(change["day"]) - before.problem.start).days
            was, made = (change[side] and unshown(day, change[side]) for side in ("before", "after"))
            if stands.get((person, day)) == made and planned.get((person, day)) == was:
                undone[f"{person} on {change['day']}"] = None
    if undone:
        first = ", ".join(list(undone)[:5])
        more = f" and {len(undone) - 5} more" if len(undone) > 5 else ""
        said = f"Approved since, and undone by this roster: {first}{more}. Say despite to publish it so."
        raise Refusal(409, "An approved change is undone", said)


def _refuse_overlap(session: Session, problem: ProblemRow, last: str) -> None:
    other = session.scalars(
        select(VersionRow)
        .where(
            VersionRow.group == problem.group,
            VersionRow.end >= problem.start,
            VersionRow.start <= last,
            or_(VersionRow.start != problem.start, VersionRow.end != last),
        )
        .limit(1)
    ).first()
    if other is not None:
        said = f"{problem.group} has a published roster from {other.start} to {other.end}."
        raise Refusal(409, "Two periods overlap", f"{said} A version of it has the same days.")
