"""Published rosters: versions of a group's period, each with what changed; none is ever changed itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased, undefer

from common.problems import Problem as Refusal
from scheduling.problem import Problem
from scheduling.records.archive import roster_of
from scheduling.records.differences import unshown
from scheduling.records.problems import get_problem, sound
from scheduling.roster import Roster
from scheduling.tables import ProblemPersonRow, ProblemRow, VersionRow


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
