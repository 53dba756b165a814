"""Problems as rows. They are taken in whole and checked, and never change."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from common.problems import Problem as Refusal
from scheduling.bodies.rosters import RosterProblemBody
from scheduling.formats.shape import ShapeError, read
from scheduling.people import Leave, Person, Wish
from scheduling.problem import Problem, ProblemError
from scheduling.records.archive import Author, packed, problem_of
from scheduling.tables import DraftRow, ProblemPersonRow, ProblemRow, RequestRow, VersionRow

MOST_DAYS: Final = 100
MOST_PEOPLE: Final = 2_000


def problems(session: Session, group: str | None = None, most: int = 200) -> Sequence[ProblemRow]:
    """Problems (of one group), the latest first, without what is in them."""
    listed = select(ProblemRow).order_by(ProblemRow.id.desc()).limit(most)
    return session.scalars(listed if group is None else listed.where(ProblemRow.group == group)).all()


def get_problem(session: Session, id: int) -> ProblemRow:
    """A problem with what is in it. Raises a 404 Problem."""
    row = session.get(ProblemRow, id, options=[undefer(ProblemRow.body)])
    if row is None:
        raise Refusal(404, "No such problem", f"There is no problem {id}.")
    return row


def people_of(session: Session, id: int) -> list[str]:
    """The ids of a problem's people."""
    found = select(ProblemPersonRow.person).where(ProblemPersonRow.problem == id)
    return list(session.scalars(found.order_by(ProblemPersonRow.person)))


def create_problem(session: Session, body: RosterProblemBody, author: Author) -> ProblemRow:
    """Take a problem in. Raises a 422 Problem with all that is wrong."""
    problem = read_body(body.problem)
    if body.requests:
        problem = _with_requests(session, body, problem)
    return add_problem(session, problem, body.group, body.name, author, note=body.note)


def add_problem(
    session: Session,
    problem: Problem,
    group: str,
    name: str,
    author: Author,
    note: str = "",
    derived_from: int | None = None,
) -> ProblemRow:
    """Keep a sound problem."""
    row = ProblemRow(group=group, name=name, note=note, derived_from=derived_from)
    row.start, row.days, row.zone = problem.start.isoformat(), problem.days, problem.zone
    row.people, row.body = len(problem.people), packed(problem)
    row.at, row.by = author.at, author.user
    session.add(row)
    session.flush()
    session.add_all(ProblemPersonRow(problem=row.id, person=one.id) for one in problem.people)
    session.flush()
    return row


def delete_problem(session: Session, id: int) -> None:
    """Delete a problem nothing is of. Raises a 404 or 409 Problem."""
    row = get_problem(session, id)
    for kind, column in (
        ("draft", DraftRow.problem),
        ("published roster", VersionRow.problem),
        ("later problem", ProblemRow.derived_from),
    ):
        if number := session.scalar(select(func.count()).where(column == id)):
            raise Refusal(409, "Still in use", f"{number} {kind}{'s are' * (number > 1) or ' is'} of it.")
    session.delete(row)
    session.flush()


def read_body(raw: dict[str, Any]) -> Problem:
    """A problem of its plain form. Raises a 422 Problem with all that is wrong, each with its path."""
    too_large = []
    if isinstance(days := raw.get("days"), int) and days > MOST_DAYS:
        too_large.append(("days", f"{days} days are too many; at most {MOST_DAYS}"))
    if isinstance(people := raw.get("people"), list) and len(people) > MOST_PEOPLE:
        too_large.append(("people", f"{len(people)} people are too many; at most {MOST_PEOPLE}"))
    if too_large:
        raise _wrong(too_large)
    try:
        problem = read(Problem, raw)
    except ShapeError as error:
        raise _wrong(error.wrongs) from None
    except ProblemError as error:
        raise _wrong([(fault.path, fault.reason) for fault in error.faults]) from None
    ids = [(f"people[{place}].id", one.id, 64) for place, one in enumerate(problem.people)]
    ids += [(f"shifts[{place}].id", one.id, 128) for place, one in enumerate(problem.shifts)]
    long = [
        (path, f"{id[:20]!r}… cannot be kept; at most {most} characters are")
        for path, id, most in ids
        if len(id) > most or "\0" in id
    ]
    if long:
        raise _wrong(long)
    return problem


def sound(row: ProblemRow) -> Problem:
    """The problem of a row."""
    return problem_of(row.body)


def _wrong(wrongs: Sequence[tuple[str, str]]) -> Refusal:
    shown = "; ".join(f"{path}: {reason}" for path, reason in wrongs[:5])
    more = f"; and {len(wrongs) - 5} more" if len(wrongs) > 5 else ""
    errors = [{"at": path, "message": reason} for path, reason in wrongs[:200]]
    return Refusal(422, "This is no problem", f"{shown}{more}.", errors=errors)


# ------------------------------------------------------------------ what was asked for before


def _with_requests(session: Session, body: RosterProblemBody, problem: Problem) -> Problem:
    """The problem with the leave and wishes of its days that were approved."""
    last = problem.start + timedelta(days=problem.days - 1)
    approved = session.scalars(
        select(RequestRow)
        .where(
            RequestRow.group == body.group,
            RequestRow.state == "approved",
            RequestRow.kind.in_(("leave", "wish")),
            RequestRow.day >= problem.start.isoformat(),
            RequestRow.day <= last.isoformat(),
        )
        .order_by(RequestRow.id)
    ).all()
    of: dict[str, list[RequestRow]] = {}
    for row in approved:
        of.setdefault(row.person, []).append(row)
    people = tuple(_granted(one, of.get(one.id, ()), problem, body.wish_weight) for one in problem.people)
    try:
        return replace(problem, people=people)
    except ProblemError as error:
        raise _wrong(
            [(fault.path, f"with what was approved, {fault.reason}") for fault in error.faults]
        ) from None


def _granted(person: Person, rows: Sequence[RequestRow], problem: Problem, weight: int) -> Person:
    leave, wishes = list(person.leave), list(person.wishes)
    known = {one.id for one in problem.shifts}.union(*(one.marks for one in problem.shifts))
    for row in rows:
        day = (date.fromisoformat(row.day) - problem.start).days
        if row.kind == "leave" and all(one.day != day for one in leave):
            leave.append(Leave(day, row.minutes))
        elif row.kind == "wish" and all(one.day != day for one in wishes):
            shifts = (row.shift,) if row.shift in known else ()
            if not row.shift or shifts:
                wishes.append(Wish(day, row.want, shifts, weight))
    return replace(person, leave=tuple(leave), wishes=tuple(wishes))
