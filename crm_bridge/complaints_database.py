"""Complaints as rows."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from datetime import tzinfo
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from common.db import Database
from crm_bridge import complaints, contacts
from crm_bridge.bank_models import ComplaintDayRow, ComplaintRow
from crm_bridge.complaints import Complaint
from crm_bridge.models import CustomerRow
from crm_bridge.queries import Values
from crm_bridge.records import Contact
from domain.ids import CallId, CustomerId
from domain.instant import Instant

_COLUMNS = tuple(one.name for one in fields(Complaint))


class DatabaseComplaints:
    """``clock`` gives the time; complaints are numbered by the day in ``zone`` (None: this machine's)."""

    def __init__(self, database: Database, clock: Callable[[], Instant], zone: tzinfo | None = None) -> None:
        self._database, self._clock, self._zone = database, clock, zone

    def take(self, key: str, call: CallId, parameters: Mapping[str, str]) -> Values:
        """Write a complaint down and give its ``number``. Raises CannotAnswer."""
        given = complaints.read(key, parameters)
        with self._database.transaction() as session:
            number = _number_of(session, key)
            if number is None:
                now = self._clock()
                last = _next(session, complaints.day_of(now, self._zone))
                # Whoever takes a number holds the day until the end; only now is it known who was first.
                number = _number_of(session, key)
                if number is None:
                    complaint = complaints.made(last, now, call, given)
                    session.add(ComplaintRow(key=key, **asdict(complaint)))
                    session.flush()
                    _tell_history(session, complaint)
                    number = complaint.number
        return {"number": number}

    def all(self) -> list[Complaint]:
        """Every complaint, oldest first."""
        with self._database.transaction() as session:
            return page(session, 1_000_000)[0][::-1]


def get(session: Session, number: str) -> Complaint | None:
    """The complaint of this number."""
    row = session.get(ComplaintRow, number)
    return None if row is None else _value(row)


def page(
    session: Session,
    limit: int,
    before: tuple[int, str] | None = None,
    *,
    status: str = "",
    category: str = "",
    customer: str = "",
    call: str = "",
) -> tuple[list[Complaint], tuple[int, str] | None]:
    """Complaints, newest first, and where the next page begins (None: no more)."""
    query = select(ComplaintRow)
    wanted = {"status": status, "category": category, "customer": customer, "call": call}
    for column, value in wanted.items():
        if value:
            query = query.where(getattr(ComplaintRow, column) == value)
    if before is not None:
        at, number = before
        older = and_(ComplaintRow.taken == at, ComplaintRow.number < number)
        query = query.where(or_(ComplaintRow.taken < at, older))
    order = query.order_by(ComplaintRow.taken.desc(), ComplaintRow.number.desc())
    rows = list(session.scalars(order.limit(limit + 1)))
    more = len(rows) > limit
    rows = rows[:limit]
    return [_value(row) for row in rows], (rows[-1].taken, rows[-1].number) if more else None


def _number_of(session: Session, key: str) -> str | None:
    return session.scalar(select(ComplaintRow.number).where(ComplaintRow.key == key))


def _next(session: Session, day: str) -> str:
    """The day's next number."""
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    counted = (
        insert(ComplaintDayRow)
        .values(day=day, last=1)
        .on_conflict_do_update(index_elements=["day"], set_={"last": ComplaintDayRow.last + 1})
        .returning(ComplaintDayRow.last)
    )
    last: int = session.execute(counted).scalar_one()
    return complaints.number_of(day, last)


def _tell_history(session: Session, complaint: Complaint) -> None:
    if complaint.customer is None or session.get(CustomerRow, complaint.customer) is None:
        return
    # Not under the call's own id: the finished call has a line of its own.
    line = Contact(
        complaint.taken,
        complaint.channel,
        "in",
        purpose=complaint.purpose,
        summary=complaints.summary_of(complaint),
        outcome=complaint.status,
    )
    contacts.add(session, CustomerId(complaint.customer), line)


def _value(row: ComplaintRow) -> Complaint:
    return Complaint(**{name: getattr(row, name) for name in _COLUMNS})
