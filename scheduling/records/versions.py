"""Published rosters: versions of a group's period, each with what changed; none is ever changed itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, undefer

from common.problems import Problem as Refusal
from scheduling.bodies.rosters import RosterChange
from scheduling.problem import Problem
from scheduling.records.archive import Author, roster_of, verdict_of
from scheduling.records.differences import changes_of, kept, unshown
from scheduling.records.problems import get_problem, sound
from scheduling.roster import Roster
from scheduling.tables import ProblemPersonRow, ProblemRow, RequestRow, VersionRow


@dataclass(frozen=True, slots=True)
class Standing:
    """A published roster as it can be worked with."""

    row: VersionRow
    problem_row: ProblemRow
    problem: Problem
    roster: Roster


def versions(
    session: Session, group: str | None = None, current: bool = False, most: int = 500
) -> Sequence[VersionRow]:
    """Versions (of a group; only those in force), the latest first, without their rosters."""
    listed = select(VersionRow).order_by(VersionRow.id.desc()).limit(most)
    if group is not None:
        listed = listed.where(VersionRow.group == group)
    if current:
        listed = listed.where(_is_current())
    return session.scalars(listed).all()


def get_version(session: Session, id: int) -> VersionRow:
    """A version with its roster. Raises a 404 Problem."""
    row = session.get(
        VersionRow,
        id,
        options=[undefer(VersionRow.body), undefer(VersionRow.changes)],
        populate_existing=True,
    )
    if row is None:
        raise Refusal(404, "No such version", f"There is no published roster {id}.")
    return row


def is_current(session: Session, row: VersionRow) -> bool:
    """Whether nothing was published after it for its group and period."""
    return row.number == _newest(session, row.group, row.start)


def standing(session: Session, row: VersionRow) -> Standing:
    """A version with its problem and roster."""
    problem_row = get_problem(session, row.problem)
    return Standing(row, problem_row, sound(problem_row), roster_of(get_version(session, row.id).body))


def in_force(session: Session, group: str, start: str) -> Standing | None:
    """The roster that holds for a group's period, None if none was published."""
    row = session.scalars(
        select(VersionRow)
        .where(VersionRow.group == group, VersionRow.start == start)
        .order_by(VersionRow.number.desc())
        .limit(1)
    ).first()
    return None if row is None else standing(session, row)


def current_of(session: Session, person: str, first: date, last: date) -> list[Standing]:
    """The rosters in force on these days that somebody is among the people of, by start and group."""
    found = rows_of(session, person, first, last)
    return [standing(session, row) for row in found]


def rows_of(session: Session, person: str, first: date, last: date) -> Sequence[VersionRow]:
    """The versions in force on these days that somebody is among the people of, by start and group."""
    return session.scalars(
        select(VersionRow)
        .join(ProblemPersonRow, ProblemPersonRow.problem == VersionRow.problem)
        .where(
            ProblemPersonRow.person == person,
            VersionRow.end >= first.isoformat(),
            VersionRow.start <= last.isoformat(),
            _is_current(),
        )
        .order_by(VersionRow.start, VersionRow.group)
    ).all()


def periods_of(session: Session, person: str, first: date, last: date) -> Sequence[VersionRow]:
    """The versions in force on these days of which somebody was in that one or an earlier number."""
    number = aliased(VersionRow)
    was_in = (
        exists()
        .where(
            number.group == VersionRow.group,
            number.start == VersionRow.start,
            ProblemPersonRow.problem == number.problem,
            ProblemPersonRow.person == person,
        )
        .correlate(VersionRow)
    )
    return session.scalars(
        select(VersionRow)
        .where(
            was_in, VersionRow.end >= first.isoformat(), VersionRow.start <= last.isoformat(), _is_current()
        )
        .order_by(VersionRow.start, VersionRow.group)
    ).all()


def numbers(session: Session, group: str, start: str) -> Sequence[VersionRow]:
    """Every version of a group's period, the first one first, without their rosters."""
    of_it = (VersionRow.group == group, VersionRow.start == start)
    return session.scalars(select(VersionRow).where(*of_it).order_by(VersionRow.number)).all()


def rosters_of(session: Session, rows: Sequence[VersionRow], start: date) -> list[Roster]:
    """The rosters of versions that follow on one another: the first is read, the others are its changes."""
    if not rows:
        return []
    found = [roster_of(get_version(session, rows[0].id).body)]
    ids = [row.id for row in rows[1:]]
    later = select(VersionRow.id, VersionRow.changes).where(VersionRow.id.in_(ids))
    changes = {id: changed for id, changed in session.execute(later)}  # noqa: C416
    cells = {(one.day, one.person): one for one in found[0].assignments}
    for id in ids:
        for change in changes[id]:
            day = (date.fromisoformat(change["day"]) - start).days
            if change["after"] is None:
                cells.pop((day, change["person"]), None)
            else:
                cells[day, change["person"]] = unshown(day, change["after"])
        found.append(Roster(tuple(cells.values())))
    return found


def changes_since(
    session: Session, current: VersionRow, since: int
) -> list[tuple[VersionRow, list[dict[str, Any]]]]:
    """What each number after the first changed of a version's period, from an instant on, in turn."""
    found = session.scalars(
        select(VersionRow)
        .where(
            VersionRow.group == current.group,
            VersionRow.start == current.start,
            VersionRow.number > 1,
            VersionRow.at >= since,
        )
        .order_by(VersionRow.number)
        .options(undefer(VersionRow.changes))
    )
    return [(row, row.changes) for row in found]


def people_of(session: Session, group: str, start: str) -> list[str]:
    """Everybody who was in one of a period's versions, by id."""
    found = session.scalars(
        select(ProblemPersonRow.person)
        .join(VersionRow, VersionRow.problem == ProblemPersonRow.problem)
        .where(VersionRow.group == group, VersionRow.start == start)
        .distinct()
    )
    return sorted(found)


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

    Raises a 409 Problem if it breaks hard rules or forgets approved leave (unless ``despite``), if nothing
    changed, if it overlaps another period of its group, or if another version came ``after`` meanwhile.
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


def _newest(session: Session, group: str, start: str) -> int:
    newest = select(func.max(VersionRow.number)).where(VersionRow.group == group, VersionRow.start == start)
    return session.scalar(newest) or 0


def _is_current() -> ColumnElement[bool]:
    later = aliased(VersionRow)
    return ~exists().where(
        later.group == VersionRow.group,
        later.start == VersionRow.start,
        later.number > VersionRow.number,
    )
