"""Finished calls as tables. The projector copies them from the journal, behind a cursor.

The tables can be built anew from the journal while it is kept; after that they are the record. Interval
counts are always counted from the queue visits, so counting again changes nothing.
"""

import asyncio
import json
import logging
import threading
import time
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, case, delete, func, insert, select
from sqlalchemy.orm import Session

from calls.journal import Entry, read_entries, read_last_seq
from calls.tables import CallRow as CallRow
from calls.tables import CursorRow, IntervalRow, TargetRow
from calls.tables import NoteRow as NoteRow
from calls.tables import VisitRow as VisitRow
from common.db import Database
from domain.calls import CallFinished, CallRecord, Ignored, WrapUpNoted
from domain.config import FloorConfigured
from domain.instant import MICROS_PER_SECOND

log = logging.getLogger(__name__)
CURSOR = "history"
INTERVAL_US = 15 * 60 * MICROS_PER_SECOND
RETRY_S = 5.0
BATCH = 200
"""Journal entries projected in one transaction."""
GATHER_S = 0.5
"""Calls that end within so long of one another are written together."""


Interval = tuple[str, int]
"""(queue, start)."""


def project(
    session: Session, entries: Iterable[Entry], also: Callable[[Session, Any], None] | None = None
) -> set[Interval]:
    """Write what entries say; saying it twice changes nothing. Gives the intervals to count anew."""
    finished: dict[str, CallRecord] = {}
    for entry in entries:
        if isinstance(entry.fact, FloorConfigured) and not entry.made_of(Ignored):
            for queue in entry.fact.queues:
                target_us = round(queue.target_s * MICROS_PER_SECOND)
                session.merge(TargetRow(queue=_fit(queue.id, 64), since=entry.at, target_us=target_us))
        for item in entry.made_of(CallFinished, WrapUpNoted):
            if isinstance(item, CallFinished):
                finished[item.record.call] = item.record
            else:
                session.merge(_note_row(entry, item))
            if also is not None:
                also(session, item)
    return _write_calls(session, list(finished.values())) if finished else set()


def _note_row(entry: Entry, noted: WrapUpNoted) -> NoteRow:
    return NoteRow(
        call=_fit(noted.call, 64),
        agent=_fit(noted.agent, 64),
        at=entry.at,
        code=_fit(noted.code, 64),
        note=_fit(noted.note),
    )


def _write_calls(session: Session, records: Sequence[CallRecord]) -> set[Interval]:
    """Write finished calls with their visits, in a handful of statements however many they are."""
    session.flush()
    targets = _Targets(session, {visit.queue for record in records for visit in record.visits})
    calls = [_call_values(record) for record in records]
    visits = [values for record in records for values in _visit_values(record, targets)]
    # Visits go with their call.
    session.execute(delete(CallRow).where(CallRow.id.in_([call["id"] for call in calls])))
    session.execute(insert(CallRow), calls)
    if visits:
        session.execute(insert(VisitRow), visits)
    return {(v["queue"], v["entered"] - v["entered"] % INTERVAL_US) for v in visits}


class _Targets:
    """Which answer target a queue had when."""

    def __init__(self, session: Session, queues: Iterable[str]) -> None:
        self._of: dict[str, list[tuple[int, int]]] = {}
        for row in session.scalars(
            select(TargetRow)
            .where(TargetRow.queue.in_({_fit(queue, 64) for queue in queues}))
            .order_by(TargetRow.since)
        ):
            self._of.setdefault(row.queue, []).append((row.since, row.target_us))

    def at(self, queue: str, at: int) -> int:
        """The target in microseconds, 0 if there was none."""
        known = self._of.get(queue, [])
        place = bisect_right(known, at, key=itemgetter(0))
        return known[place - 1][1] if place else 0


def _call_values(record: CallRecord) -> dict[str, Any]:
    return {
        "id": _fit(record.call, 64),
        "caller": _fit(record.caller, 64),
        "dialled": _fit(record.dialled, 64),
        "started": record.started,
        "answered": record.answered,
        "ended": record.ended,
        "outcome": record.outcome,
        "ended_by": record.ended_by,
        "flow": _fit(record.flow, 64),
        "path": json.dumps(list(record.path)),
        "digits": _fit(record.digits, 255),
        "customer": record.customer,
        "customer_name": _fit(record.customer_name, 128),
        "tier": _fit(record.tier, 64),
        "agent": record.agent,
        "queue": record.queue,
        "talk_us": record.talk_us,
        "hold_us": record.hold_us,
        "wait_us": record.wait_us,
        "recording": _fit(record.recording, 128),
    }


def _visit_values(record: CallRecord, targets: _Targets) -> Iterator[dict[str, Any]]:
    answered = max((v.number for v in record.visits if v.outcome == "answered"), default=0)
    for visit in record.visits:
        queue, last_answered = _fit(visit.queue, 64), visit.number == answered
        yield {
            "call": _fit(visit.call, 64),
            "number": visit.number,
            "queue": queue,
            "entered": visit.entered,
            "left": visit.left,
            "outcome": visit.outcome,
            "tier": _fit(visit.tier, 64),
            "agent": visit.agent,
            "target_us": targets.at(queue, record.ended),
            "talk_us": record.talk_us if last_answered else 0,
            "hold_us": record.hold_us if last_answered else 0,
        }


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
            await asyncio.sleep(GATHER_S)

    def catch_up(self) -> int:
        """Project everything journaled so far; give the cursor. Any thread may call it."""
        with self._lock:
            while True:
                with self._database.transaction() as session:
                    cursor, more = self._batch(session)
                if not more:
                    return cursor

    def _batch(self, session: Session) -> tuple[int, bool]:
        """Project up to ``BATCH`` entries; the cursor, and whether there may be more."""
        row = session.get(CursorRow, CURSOR)
        before = 0 if row is None else row.seq
        if before > read_last_seq(self._journal):
            log.warning("the journal ends before entry %d; it is another one and is read anew", before)
            before = 0
        entries = list(read_entries(self._journal, before, history_only=True, limit=BATCH))
        touched = project(session, entries, self._also)
        after = entries[-1].seq if entries else before
        if after != before:
            count_intervals(session, touched)
            session.merge(CursorRow(name=CURSOR, seq=after))
        return after, len(entries) == BATCH

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
