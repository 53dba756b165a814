"""Finished calls as tables. The projector copies them from the journal, behind a cursor.

The tables can be built anew from the journal while it is kept; after that they are the record. However often
and in whatever order things are said, the tables end up the same: what may come before its call (a note, a
wrap-up, an offer) has a table of its own, and interval counts are always counted from the queue visits.
"""

import asyncio
import json
import logging
import threading
import time
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from operator import attrgetter
from pathlib import Path
from typing import Any

from sqlalchemy import and_, delete, insert, select, update
from sqlalchemy.orm import Session

from calls.figures import DAY as DAY
from calls.figures import INTERVAL_US as INTERVAL_US
from calls.figures import Interval as Interval
from calls.figures import figures_of, visit_sums
from calls.figures import interval_history as interval_history
from calls.journal import Entry, read_entries, read_last_seq
from calls.offers import Offers
from calls.presence import Presences
from calls.tables import CallRow as CallRow
from calls.tables import CursorRow, IntervalRow, OfferRow, PresenceRow, TargetRow, WrapUpRow
from calls.tables import NoteRow as NoteRow
from calls.tables import VisitRow as VisitRow
from common.db import Database
from domain.calls import CallFinished, CallRecord, WrapUpNoted
from domain.codec import decode
from domain.config import FloorConfigured, QueueConfig
from domain.desk import DialAsked, TransferAsked
from domain.floor import AgentChanged, WrapUpDone
from domain.instant import MICROS_PER_SECOND
from domain.switch import LegEnded

log = logging.getLogger(__name__)
CURSOR = "history"
RETRY_S = 5.0
BATCH = 200
"""Journal entries projected in one transaction."""
GATHER_S = 0.5
"""Calls that end within so long of one another are written together."""
_READ = frozenset({"CallFinished", "WrapUpNoted", "WrapUpDone", "Offer", "Ring", "Rescind", "Ignored"})
"""Kinds of decisions the history is made of."""
_FORMER = {"timeout": "overflowed"}
"""What journals of earlier versions call the end of a visit."""

Touched = tuple[str, int]
"""(queue, start) of an interval to count anew."""
Decided = dict[str, Any]
"""A decision as it stands in the journal; its kind is under ``$``."""


def project(
    session: Session, entries: Iterable[Entry], also: Callable[[Session, Any], None] | None = None
) -> set[Touched]:
    """Write what entries say; saying it twice changes nothing. Gives the intervals to count anew."""
    presences = Presences(session)
    steps = []
    for entry in entries:
        decided = json.loads(entry.decisions)
        for item in decided:
            if item.get("$") == "AgentChanged":
                presences.heard(entry.at, item)
        steps.append((entry, [item for item in decided if item.get("$") in _READ]))
    offers = Offers(session, {call for entry, decided in steps for call in _calls_of(entry.fact, decided)})
    finished: dict[str, CallRecord] = {}
    wrapped: dict[tuple[str, str], WrapUpRow] = {}
    for entry, decided in steps:
        _hear(session, entry, decided, offers)
        for item in decided:
            match item["$"]:
                case "CallFinished":
                    told: Any = decode(item)
                    finished[told.record.call] = told.record
                    offers.finished(told.record)
                case "WrapUpNoted":
                    told = decode(item)
                    session.merge(_note_row(entry, told))
                case "WrapUpDone":
                    row = _wrap_up_row(entry, decode(item))
                    wrapped[row.call, row.offer] = row
                    offers.accepted(row.call, row.offer)
                    continue
                case _:
                    continue
            if also is not None:
                also(session, told)
    session.flush()
    _write_wrap_ups(session, wrapped)
    touched = _write_calls(session, list(finished.values()), offers) if finished else set()
    return touched | _fill_wrap_ups(session, {*finished, *(call for call, _ in wrapped)})


def _calls_of(fact: Any, decided: Iterable[Decided]) -> Iterator[str]:
    if isinstance(fact, LegEnded):
        yield fact.leg.partition(".")[0]
    elif isinstance(fact, TransferAsked):
        yield fact.call
    for item in decided:
        if item["$"] == "CallFinished":
            yield item["record"]["call"]
        elif "call" in item:
            yield item["call"]


def _hear(session: Session, entry: Entry, decided: list[Decided], offers: Offers) -> None:
    """What the fact of an entry says, and what was decided of offers."""
    fact, kind = entry.fact, type(entry.fact).__name__
    refused = any(item["$"] == "Ignored" and item["fact"] == kind for item in decided)
    if isinstance(fact, FloorConfigured) and not refused:
        _learn(session, entry.at, fact.queues)
    elif isinstance(fact, TransferAsked) and not refused:
        offers.handed_on(fact.call, fact.agent)
    elif isinstance(fact, LegEnded):
        offers.leg_ended(fact.leg, fact.reason)
    rings = {item["device"]: item["leg"] for item in decided if item["$"] == "Ring"}
    for item in decided:
        if item["$"] == "Offer":
            # A call the agent dials is no offer to them, though it rings like one.
            if not (isinstance(fact, DialAsked) and item["call"] == fact.call):
                offers.made(entry.at, item, rings.get(item["device"], ""))
        elif item["$"] == "Rescind":
            offers.rescinded(item["call"], item["offer"], item["reason"])


def _note_row(entry: Entry, noted: WrapUpNoted) -> NoteRow:
    return NoteRow(
        call=_fit(noted.call, 64),
        agent=_fit(noted.agent, 64),
        at=entry.at,
        code=_fit(noted.code, 64),
        note=_fit(noted.note),
    )


# ------------------------------------------------------------------ what visits are measured by


def _learn(session: Session, at: int, queues: Sequence[QueueConfig]) -> None:
    """Keep what queues' visits are measured by from now on, where it is new."""
    rules = _Rules(session, {queue.id for queue in queues})
    for queue in queues:
        row = TargetRow(
            queue=_fit(queue.id, 64),
            since=at,
            target_us=round(queue.target_s * MICROS_PER_SECOND),
            short_us=round(queue.short_s * MICROS_PER_SECOND),
            timezone=queue.timezone,
        )
        before = rules.at(row.queue, at)
        if before is None or _MEASURES(before) != _MEASURES(row):
            session.merge(row)


_MEASURES = attrgetter("target_us", "short_us", "timezone")


class _Rules:
    """What visits of a queue were measured by when."""

    def __init__(self, session: Session, queues: Iterable[str]) -> None:
        self._of: dict[str, list[TargetRow]] = {}
        for row in session.scalars(
            select(TargetRow)
            .where(TargetRow.queue.in_({_fit(queue, 64) for queue in queues}))
            .order_by(TargetRow.since)
        ):
            self._of.setdefault(row.queue, []).append(row)

    def at(self, queue: str, at: int) -> TargetRow | None:
        """What held then, None before the queue was configured."""
        known = self._of.get(queue, [])
        place = bisect_right(known, at, key=attrgetter("since"))
        return known[place - 1] if place else None


# ------------------------------------------------------------------ calls and their visits


def _write_calls(session: Session, records: Sequence[CallRecord], offers: Offers) -> set[Touched]:
    """Write finished calls with their visits, in a handful of statements however many they are."""
    rules = _Rules(session, {visit.queue for record in records for visit in record.visits})
    calls = [_call_values(record) for record in records]
    visits = [values for record in records for values in _visit_values(record, rules, offers)]
    # Visits go with their call.
    session.execute(delete(CallRow).where(CallRow.id.in_([call["id"] for call in calls])))
    session.execute(insert(CallRow), calls)
    if visits:
        session.execute(insert(VisitRow), visits)
    return {_interval(v["queue"], v["entered"]) for v in visits}


def _interval(queue: str, entered: int) -> Touched:
    return queue, entered - entered % INTERVAL_US


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
        "direction": record.direction,
        "transferred_to": _fit(record.transferred_to, 64),
        "marks": json.dumps(record.marks),
    }


def _visit_values(record: CallRecord, rules: _Rules, offers: Offers) -> Iterator[dict[str, Any]]:
    last_answered = max((v.number for v in record.visits if v.outcome == "answered"), default=0)
    times = _conversations(record, last_answered)
    for visit in record.visits:
        queue = _fit(visit.queue, 64)
        measures = rules.at(queue, visit.left)
        handed_out = bool(record.transferred_to) and visit.number == last_answered
        yield {
            "call": _fit(visit.call, 64),
            "number": visit.number,
            "queue": queue,
            "entered": visit.entered,
            "left": visit.left,
            "outcome": _FORMER.get(visit.outcome, visit.outcome),
            "tier": _fit(visit.tier, 64),
            "priority": visit.priority,
            "agent": visit.agent,
            "offer": visit.offer,
            "target_us": measures.target_us if measures else 0,
            "short_us": measures.short_us if measures else 0,
            "talk_us": times.get(visit.number, (0, 0))[0],
            "hold_us": times.get(visit.number, (0, 0))[1],
            "wrap_us": 0,
            "transferred": handed_out or offers.was_handed_on(visit.call, visit.offer),
        }


def _conversations(record: CallRecord, last_answered: int) -> Mapping[int, tuple[int, int]]:
    """Talk and hold time by number of visit."""
    times = {v.number: (v.talk_us, v.hold_us) for v in record.visits}
    if record.direction == "in" and not any(talk or hold for talk, hold in times.values()):
        # Earlier versions knew the times of the call only.
        return {last_answered: (record.talk_us, record.hold_us)}
    return times


# ------------------------------------------------------------------ wrap-ups


def _wrap_up_row(entry: Entry, done: WrapUpDone) -> WrapUpRow:
    return WrapUpRow(
        call=_fit(done.call, 64),
        offer=_fit(done.offer, 64),
        queue=_fit(done.queue, 64),
        agent=_fit(done.agent, 64),
        at=entry.at,
        wrap_us=done.wrap_us,
    )


def _write_wrap_ups(session: Session, wrapped: Mapping[tuple[str, str], WrapUpRow]) -> None:
    calls = {call for call, _ in wrapped}
    there = {
        (row.call, row.offer)
        for row in session.execute(select(WrapUpRow.call, WrapUpRow.offer).where(WrapUpRow.call.in_(calls)))
    }
    session.add_all(row for key, row in wrapped.items() if key not in there)
    session.flush()


def _fill_wrap_ups(session: Session, calls: Collection[str]) -> set[Touched]:
    """Give the visits of these calls the wrap-ups of their offers, as far as either is there."""
    found = session.execute(
        select(VisitRow.call, VisitRow.number, VisitRow.queue, VisitRow.entered, WrapUpRow.wrap_us)
        .join(WrapUpRow, and_(WrapUpRow.call == VisitRow.call, WrapUpRow.offer == VisitRow.offer))
        .where(VisitRow.call.in_([_fit(call, 64) for call in calls]))
    ).all()
    if found:
        session.execute(
            update(VisitRow),
            [{"call": row.call, "number": row.number, "wrap_us": row.wrap_us} for row in found],
        )
    return {_interval(row.queue, row.entered) for row in found}


def _fit(text: str, length: int | None = None) -> str:
    """What callers and telephones sent, as any database takes it: cut, without NUL and broken characters."""
    return text.replace("\0", "").encode(errors="replace").decode()[:length]


def count_intervals(session: Session, touched: Iterable[Touched]) -> None:
    """Count these intervals from their queue visits."""
    session.flush()
    for queue, start in sorted(touched):
        counted = session.execute(
            select(*visit_sums()).where(
                VisitRow.queue == queue, VisitRow.entered >= start, VisitRow.entered < start + INTERVAL_US
            )
        ).one()
        session.merge(IntervalRow(queue=queue, start=start, **asdict(figures_of(counted._mapping))))


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
        if isinstance(intent, CallFinished | WrapUpNoted | WrapUpDone) or (
            isinstance(intent, AgentChanged) and intent.state in ("signed_out", "paused", "missed")
        ):
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
                for kind in (NoteRow, OfferRow, WrapUpRow):
                    session.execute(delete(kind).where(kind.at >= first.at))
                session.execute(delete(IntervalRow).where(IntervalRow.start >= first.at))
                session.execute(delete(PresenceRow).where(PresenceRow.since >= first.at))
            session.execute(delete(CursorRow).where(CursorRow.name == CURSOR))
        return self.catch_up()
