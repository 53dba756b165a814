"""When agents were excused, such as by illness: entered at any time, withdrawn, never deleted."""

from collections.abc import Collection, Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from common.problems import Problem as Refusal
from domain.instant import Instant
from scheduling.bodies.adherence import AbsenceBody
from scheduling.records.archive import Author
from scheduling.tables import AbsenceRow


def absences(
    session: Session,
    begin: Instant | None = None,
    end: Instant | None = None,
    people: Collection[str] | None = None,
    most: int = 500,
) -> Sequence[AbsenceRow]:
    """Absences that reach into these instants (of these people), the latest first; withdrawn ones too."""
    listed = select(AbsenceRow).order_by(AbsenceRow.begin.desc(), AbsenceRow.id.desc()).limit(most)
    if begin is not None:
        listed = listed.where(AbsenceRow.end > begin)
    if end is not None:
        listed = listed.where(AbsenceRow.begin < end)
    if people is not None:
        listed = listed.where(AbsenceRow.person.in_(people))
    return session.scalars(listed).all()


def in_force(session: Session, begin: Instant, end: Instant) -> Sequence[AbsenceRow]:
    """All that reach into these instants and were not withdrawn."""
    reach = (AbsenceRow.end > begin, AbsenceRow.begin < end, AbsenceRow.withdrawn_at.is_(None))
    return session.scalars(select(AbsenceRow).where(*reach)).all()


def enter(session: Session, body: AbsenceBody, author: Author) -> AbsenceRow:
    """Keep that somebody was excused. Raises a 409 Problem if just that is known already."""
    begin, end = body.begin * 1000, body.end * 1000
    for known in in_force(session, Instant(begin), Instant(end)):
        if known.person == body.person and known.begin <= begin and end <= known.end:
            raise Refusal(409, "Known already", f"{body.person} is excused for all of that already.")
    row = AbsenceRow(person=body.person, kind=body.kind, begin=begin, end=end, words=body.words)
    row.at, row.by, row.withdrawn_at, row.withdrawn_by = author.at, author.user, None, ""
    session.add(row)
    session.flush()
    return row


def withdraw(session: Session, id: int, author: Author) -> AbsenceRow:
    """It was none. Raises a 404 or 409 Problem."""
    # Locked until the commit: of two who withdraw it the second sees the first.
    session.execute(update(AbsenceRow).where(AbsenceRow.id == id).values(words=AbsenceRow.words))
    row = session.get(AbsenceRow, id, populate_existing=True)
    if row is None:
        raise Refusal(404, "No such absence", f"There is no absence {id}.")
    if row.withdrawn_at is not None:
        raise Refusal(409, "Withdrawn already", f"{row.withdrawn_by} withdrew it.")
    row.withdrawn_at, row.withdrawn_by = author.at, author.user
    session.flush()
    return row
