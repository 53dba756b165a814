"""Finished calls as tables. The projector copies them from the journal, behind a cursor.

The tables can be built anew from the journal while it is kept; after that they are the record.
"""

import asyncio
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from calls.journal import Entry, read_entries
from common.db import Base, Database
from domain.calls import CallFinished, CallRecord, QueueVisit, WrapUpNoted

log = logging.getLogger(__name__)
CURSOR = "history"


class CallRow(Base):
    """A finished call. Times are microseconds UTC, 0 where not reached; ``path`` is a JSON list."""

    __tablename__ = "calls"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    caller: Mapped[str] = mapped_column(String(64), index=True)
    dialled: Mapped[str] = mapped_column(String(64))
    started: Mapped[int] = mapped_column(BigInteger, index=True)
    answered: Mapped[int] = mapped_column(BigInteger)
    ended: Mapped[int] = mapped_column(BigInteger)
    outcome: Mapped[str] = mapped_column(String(16), index=True)
    ended_by: Mapped[str] = mapped_column(String(16))
    flow: Mapped[str] = mapped_column(String(64))
    path: Mapped[str] = mapped_column(Text)
    digits: Mapped[str] = mapped_column(String(255))
    customer: Mapped[str | None] = mapped_column(String(64), index=True)
    customer_name: Mapped[str] = mapped_column(String(128))
    tier: Mapped[str] = mapped_column(String(64))
    agent: Mapped[str | None] = mapped_column(String(64), index=True)
    queue: Mapped[str | None] = mapped_column(String(64), index=True)
    talk_us: Mapped[int] = mapped_column(BigInteger)
    hold_us: Mapped[int] = mapped_column(BigInteger)
    wait_us: Mapped[int] = mapped_column(BigInteger)
    recording: Mapped[str] = mapped_column(String(128))
    visits: Mapped[list["VisitRow"]] = relationship(
        order_by="VisitRow.number", cascade="all, delete-orphan", passive_deletes=True
    )


class VisitRow(Base):
    """One stay of a call in one queue."""

    __tablename__ = "queue_visits"
    call: Mapped[str] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    queue: Mapped[str] = mapped_column(String(64))
    entered: Mapped[int] = mapped_column(BigInteger)
    left: Mapped[int] = mapped_column("left_at", BigInteger)
    outcome: Mapped[str] = mapped_column(String(16))
    tier: Mapped[str] = mapped_column(String(64))
    agent: Mapped[str | None] = mapped_column(String(64))
    __table_args__ = (Index("ix_queue_visits_queue_entered", "queue", "entered"),)


class NoteRow(Base):
    """An agent's wrap-up code and note for a call; kept apart, as it may come before the call ends."""

    __tablename__ = "call_notes"
    call: Mapped[str] = mapped_column(String(64), primary_key=True)
    agent: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger)
    code: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text)


class CursorRow(Base):
    """How far a projector has read the journal."""

    __tablename__ = "projector_cursors"
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)


def project(session: Session, entry: Entry) -> None:
    """Write what one journal entry says about finished calls and notes; saying it twice changes nothing."""
    for item in entry.made():
        if isinstance(item, CallFinished):
            session.merge(_call_row(item.record))
        elif isinstance(item, WrapUpNoted):
            session.merge(
                NoteRow(call=item.call, agent=item.agent, at=entry.at, code=item.code, note=item.note)
            )


def _call_row(record: CallRecord) -> CallRow:
    return CallRow(
        id=record.call,
        caller=record.caller[:64],
        dialled=record.dialled[:64],
        started=record.started,
        answered=record.answered,
        ended=record.ended,
        outcome=record.outcome,
        ended_by=record.ended_by,
        flow=record.flow,
        path=json.dumps(list(record.path)),
        digits=record.digits[:255],
        customer=record.customer,
        customer_name=record.customer_name,
        tier=record.tier,
        agent=record.agent,
        queue=record.queue,
        talk_us=record.talk_us,
        hold_us=record.hold_us,
        wait_us=record.wait_us,
        recording=record.recording,
        visits=[_visit_row(v) for v in record.visits],
    )


def _visit_row(visit: QueueVisit) -> VisitRow:
    return VisitRow(
        call=visit.call,
        number=visit.number,
        queue=visit.queue,
        entered=visit.entered,
        left=visit.left,
        outcome=visit.outcome,
        tier=visit.tier,
        agent=visit.agent,
    )


class Projector:
    """Keeps the tables up with the journal. ``catch_up`` is sync; ``run`` is the task around it."""

    def __init__(
        self,
        journal: Path,
        database: Database,
        also: Callable[[Session, Any], None] | None = None,
    ) -> None:
        """``also`` is told every ``CallFinished`` and ``WrapUpNoted`` in the same transaction."""
        self._journal = journal
        self._database = database
        self._also = also
        self._more = asyncio.Event()

    def nudge(self, intent: Any) -> None:
        """There may be something new (call it on the event loop)."""
        if isinstance(intent, CallFinished | WrapUpNoted):
            self._more.set()

    async def run(self) -> None:
        """Project whenever nudged, until cancelled. A database that is away is tried again."""
        while True:
            self._more.clear()
            try:
                await asyncio.to_thread(self.catch_up)
            except Exception:
                log.exception("the history cannot be written now; it will be tried again in 5 s")
                await asyncio.sleep(5)
                continue
            await self._more.wait()

    def catch_up(self) -> int:
        """Project everything journaled so far; give the cursor."""
        while True:
            with self._database.transaction() as session:
                row = session.get(CursorRow, CURSOR)
                seq = 0 if row is None else row.seq
                last = seq
                for entry in read_entries(self._journal, seq, history_only=True, limit=200):
                    project(session, entry)
                    if self._also is not None:
                        for item in entry.made():
                            if isinstance(item, CallFinished | WrapUpNoted):
                                self._also(session, item)
                    last = entry.seq
                if last == seq:
                    return seq
                session.merge(CursorRow(name=CURSOR, seq=last))

    def rebuild(self) -> int:
        """Empty the tables of what the journal still holds and project it again."""
        first = next(iter(read_entries(self._journal, 0, limit=1)), None)
        with self._database.transaction() as session:
            if first is not None:
                session.execute(delete(CallRow).where(CallRow.started >= first.at))
                session.execute(delete(NoteRow).where(NoteRow.at >= first.at))
            session.execute(delete(CursorRow).where(CursorRow.name == CURSOR))
        return self.catch_up()


def recent_calls(session: Session, limit: int = 50) -> list[CallRow]:
    """The last finished calls, newest first."""
    return list(session.scalars(select(CallRow).order_by(CallRow.started.desc()).limit(limit)))
