"""The history of contacts with a customer."""

import logging
from dataclasses import fields
from typing import Any

from sqlalchemy import Insert, and_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from calls.history import NoteRow
from crm_bridge.models import ContactRow, CustomerRow
from crm_bridge.records import Contact
from domain.calls import CallRecord, WrapUpNoted
from domain.ids import AgentId, CallId, CustomerId

log = logging.getLogger(__name__)
_COLUMNS = tuple(f.name for f in fields(Contact))
LONGEST_PURPOSE = 64
Cursor = tuple[int, int]
"""(at, id) of a contact: where a page of the history ends."""


def of_call(record: CallRecord) -> Contact:
    """A finished call as a contact; its agent's wrap-up note comes later."""
    return Contact(
        record.started,
        "phone",
        record.direction,
        agent=record.agent,
        outcome=record.outcome,
        call=record.call,
    )


def add_call(session: Session, record: CallRecord) -> None:
    """Write a finished call of a known customer; writing it again changes nothing.

    A customer who is no longer in the records gets no line: the call itself stays in the calls' history.
    """
    if record.customer is None:
        return
    if session.get(CustomerRow, record.customer) is None:
        log.warning("call %s was of customer %s, who is not in the records", record.call, record.customer)
        return
    values = {name: getattr(of_call(record), name) for name in _COLUMNS}
    note = session.scalar(
        select(NoteRow).where(NoteRow.call == record.call).order_by(NoteRow.at.desc()).limit(1)
    )
    if note is not None:
        values |= {"purpose": note.code[:LONGEST_PURPOSE], "summary": note.note}
    session.execute(_insert(session).values(customer=record.customer, **values))


def add_note(session: Session, noted: WrapUpNoted) -> None:
    """Write an agent's wrap-up code and note to the contact of its call, if there is one."""
    session.execute(
        update(ContactRow)
        .where(ContactRow.call == noted.call)
        .values(purpose=noted.code[:LONGEST_PURPOSE], summary=noted.note)
    )


def add(session: Session, customer: CustomerId, contact: Contact) -> None:
    """Write a contact; a call that is there already is left as it is."""
    values = {name: getattr(contact, name) for name in _COLUMNS}
    session.execute(_insert(session).values(customer=customer, **values))


def latest(session: Session, customer: str, limit: int) -> list[Contact]:
    """The last contacts with a customer, newest first. One statement."""
    return page(session, customer, limit)[0]


def last_agent(session: Session, customer: str) -> AgentId | None:
    """Whom the customer spoke with last, by whichever channel."""
    query = select(ContactRow.agent).where(ContactRow.customer == customer, ContactRow.agent.is_not(None))
    agent = session.scalar(query.order_by(ContactRow.at.desc(), ContactRow.id.desc()).limit(1))
    return None if agent is None else AgentId(agent)


def page(
    session: Session, customer: str, limit: int, before: Cursor | None = None
) -> tuple[list[Contact], Cursor | None]:
    """Contacts older than ``before``, newest first, and where the next page begins (None: no more)."""
    query = select(ContactRow).where(ContactRow.customer == customer)
    if before is not None:
        at, id = before
        query = query.where(or_(ContactRow.at < at, and_(ContactRow.at == at, ContactRow.id < id)))
    order = query.order_by(ContactRow.at.desc(), ContactRow.id.desc())
    rows = list(session.scalars(order.limit(limit + 1)))
    more = len(rows) > limit
    rows = rows[:limit]
    return [_value(row) for row in rows], (rows[-1].at, rows[-1].id) if more else None


def _value(row: ContactRow) -> Contact:
    values: dict[str, Any] = {name: getattr(row, name) for name in _COLUMNS}
    if row.call is not None:
        values["call"] = CallId(row.call)
    return Contact(**values)


def _insert(session: Session) -> Insert:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    insert: Insert = dialect.insert(ContactRow).on_conflict_do_nothing(index_elements=[ContactRow.call])
    return insert
