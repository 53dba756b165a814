"""Finished calls as tables. The projector copies them from the journal, behind a cursor.

The tables can be built anew from the journal while it is kept; after that they are the record. Interval
counts are always counted from the queue visits, so counting again changes nothing.
"""

import asyncio
import json
import logging
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, case, delete, func, select
from sqlalchemy.orm import Session

from calls.journal import Entry, read_entries, read_last_seq
from calls.tables import CallRow as CallRow
from calls.tables import CursorRow, IntervalRow, TargetRow
from calls.tables import NoteRow as NoteRow
from calls.tables import VisitRow as VisitRow
from common.db import Database
from domain.calls import CallFinished, CallRecord, QueueVisit, WrapUpNoted
from domain.config import FloorConfigured
from domain.instant import MICROS_PER_SECOND

log = logging.getLogger(__name__)
CURSOR = "history"
INTERVAL_US = 15 * 60 * MICROS_PER_SECOND
RETRY_S = 5.0
BATCH = 200
"""Journal entries projected in one transaction."""


Interval = tuple[str, int]
"""(queue, start)."""


def project(session: Session, entry: Entry) -> set[Interval]:
    """Write what one entry says; saying it twice changes nothing. Gives the intervals to count anew."""
    touched: set[Interval] = set()
    if isinstance(entry.fact, FloorConfigured):
        for queue in entry.fact.queues:
            target_us = round(queue.target_s * MICROS_PER_SECOND)
            session.merge(TargetRow(queue=_fit(queue.id, 64), since=entry.at, target_us=target_us))
        session.flush()
    for item in entry.made_of(CallFinished, WrapUpNoted):
        if isinstance(item, CallFinished):
            row = session.merge(_call_row(session, item.record))
            touched.update((v.queue, v.entered - v.entered % INTERVAL_US) for v in row.visits)
        else:
            session.merge(
                NoteRow(
                    call=_fit(item.call, 64),
                    agent=_fit(item.agent, 64),
                    at=entry.at,
                    code=_fit(item.code, 64),
                    note=_fit(item.note),
                )
            )
    return touched


def _call_row(session: Session, record: CallRecord) -> CallRow:
    answered = max((v.number for v in record.visits if v.outcome == "answered"), default=0)
    return CallRow(
        id=_fit(record.call, 64),
        caller=_fit(record.caller, 64),
        dialled=_fit(record.dialled, 64),
        started=record.started,
        answered=record.answered,
        ended=record.ended,
        outcome=record.outcome,
        ended_by=record.ended_by,
        flow=_fit(record.flow, 64),
        path=json.dumps(list(record.path)),
        digits=_fit(record.digits, 255),
        customer=record.customer,
        customer_name=_fit(record.customer_name, 128),
        tier=_fit(record.tier, 64),
        agent=record.agent,
        queue=record.queue,
        talk_us=record.talk_us,
        hold_us=record.hold_us,
        wait_us=record.wait_us,
        recording=_fit(record.recording, 128),
        visits=[_visit_row(session, record, visit, visit.number == answered) for visit in record.visits],
    )


def _visit_row(session: Session, record: CallRecord, visit: QueueVisit, last_answered: bool) -> VisitRow:
    target_us = session.scalar(
        select(TargetRow.target_us)
        .where(TargetRow.queue == visit.queue, TargetRow.since <= record.ended)
        .order_by(TargetRow.since.desc())
        .limit(1)
    )
    return VisitRow(
        call=_fit(visit.call, 64),
        number=visit.number,
        queue=_fit(visit.queue, 64),
        entered=visit.entered,
        left=visit.left,
        outcome=visit.outcome,
        tier=_fit(visit.tier, 64),
        agent=visit.agent,
        target_us=target_us or 0,
        talk_us=record.talk_us if last_answered else 0,
        hold_us=record.hold_us if last_answered else 0,
    )


def _fit(text: str, length: int | None = None) -> str:
    """What callers and telephones sent, as any database takes it: cut, without NUL and broken characters."""
    return text.replace("\0", "").encode(errors="replace").decode()[:length]


def count_intervals(session: Session, touched: Iterable[Interval]) -> None:
    """Count these intervals from their queue visits."""
    session.flush()
    for queue, start in sorted(touched):
        wait = VisitRow.left - VisitRow.entered
        in_target = wait <= VisitRow.target_us
        answered, abandoned = VisitRow.outcome == "answered", VisitRow.outcome == "abandoned"

        def number(condition: ColumnElement[bool]) -> ColumnElement[int]:
            return func.sum(case((condition, 1), else_=0))

        counted = session.execute(
            select(
                func.count().label("offered"),
                number(answered).label("answered"),
                number(abandoned).label("abandoned"),
                number(~VisitRow.outcome.in_(("answered", "abandoned"))).label("returned"),
                number(answered & in_target).label("answered_in_target"),
                number(abandoned & in_target).label("abandoned_in_target"),
                func.sum(case((answered, wait), else_=0)).label("answer_us"),
                func.sum(wait).label("wait_us"),
                func.max(wait).label("longest_us"),
                func.sum(VisitRow.talk_us).label("talk_us"),
                func.sum(VisitRow.hold_us).label("hold_us"),
            ).where(
                VisitRow.queue == queue, VisitRow.entered >= start, VisitRow.entered < start + INTERVAL_US
            )
        ).one()
        # PostgreSQL gives sums of bigints as decimals.
        figures = {name: int(value) for name, value in counted._mapping.items()}
        session.merge(IntervalRow(queue=queue, start=start, **figures))


class Projector:
    """Keeps the tables up with the journal. ``catch_up`` is sync; ``run`` is the task around it."""

    def __init__(
        self,
        journal: Path,
        database: Database,
        also: Callable[[Session, Any], None] | None = None,
        retry_s: float = RETRY_S,
    ) -> None:
        """``also`` is told every ``CallFinished`` and ``WrapUpNoted`` in the same transaction."""
        self._journal = journal
        self._database = database
        self._also = also
        self._retry_s = retry_s
        self._more = asyncio.Event()
        self._behind_since: float | None = None
        self._lock = threading.Lock()

    @property
    def behind_s(self) -> float:
        """How long something has been waiting to be projected, in seconds."""
        return 0.0 if self._behind_since is None else time.monotonic() - self._behind_since

    def nudge(self, intent: Any) -> None:
        """There may be something new (call it on the event loop)."""
        if isinstance(intent, CallFinished | WrapUpNoted):
            self._more.set()
            if self._behind_since is None:
                self._behind_since = time.monotonic()

    async def run(self) -> None:
        """Project whenever nudged, until cancelled. A database that is away is tried again."""
        while True:
            self._more.clear()
            try:
                await asyncio.to_thread(self.catch_up)
            except Exception:
                log.exception(
                    "the history cannot be written now; it will be tried again in %g s", self._retry_s
                )
                await asyncio.sleep(self._retry_s)
                continue
            self._behind_since = time.monotonic() if self._more.is_set() else None
            await self._more.wait()

    def catch_up(self) -> int:
        """Project everything journaled so far; give the cursor. Any thread may call it."""
        with self._lock:
            while True:
                with self._database.transaction() as session:
                    before, after = self._batch(session)
                if before == after:
                    return after

    def _batch(self, session: Session) -> tuple[int, int]:
        """Project up to ``BATCH`` entries; the cursor before and after."""
        row = session.get(CursorRow, CURSOR)
        before = 0 if row is None else row.seq
        if before > read_last_seq(self._journal):
            log.warning("the journal ends before entry %d; it is another one and is read anew", before)
            before = 0
        after = before
        touched: set[Interval] = set()
        for entry in read_entries(self._journal, before, history_only=True, limit=BATCH):
            touched |= project(session, entry)
            if self._also is not None:
                for item in entry.made_of(CallFinished, WrapUpNoted):
                    self._also(session, item)
            after = entry.seq
        if after != before:
            count_intervals(session, touched)
            session.merge(CursorRow(name=CURSOR, seq=after))
        return before, after

    def rebuild(self) -> int:
        """Empty the tables of what the journal still holds and project it again; give the cursor."""
        first = next(iter(read_entries(self._journal, 0, limit=1)), None)
        with self._lock, self._database.transaction() as session:
            if first is not None:
                session.execute(delete(CallRow).where(CallRow.started >= first.at))
                session.execute(delete(NoteRow).where(NoteRow.at >= first.at))
                session.execute(delete(IntervalRow).where(IntervalRow.start >= first.at))
            session.execute(delete(CursorRow).where(CursorRow.name == CURSOR))
        return self.catch_up()
