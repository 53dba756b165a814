"""Finished calls and what else the history is made of, made up; and journals of them."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from calls.figures import INTERVAL_US
from calls.history import count_intervals, project
from calls.journal import Entry, Journal
from calls.runner import concerned, is_history
from common.db import Database
from domain.calls import CallFinished, CallRecord, QueueVisit
from domain.codec import dumps
from domain.config import FloorConfigured, QueueConfig
from domain.floor import WrapUpDone
from domain.ids import AgentId, CallId, OfferId, QueueId
from domain.instant import MICROS_PER_SECOND, Instant

START = Instant(1_790_125_200_000_000)
"""2026-09-23 09:00 in Shanghai, a quarter of an hour."""
SALES, CARDS = QueueId("sales"), QueueId("cards")
Step = tuple[Instant, Any, list[Any]]
"""(when, fact, what was decided)."""


def at(seconds: float) -> Instant:
    """So long after ``START``."""
    return Instant(START + round(seconds * MICROS_PER_SECOND))


def visit(call: str, number: int = 1, *, enters: float = 0, waits: float = 10, **values: Any) -> QueueVisit:
    """A stay in a queue, answered by ``li`` unless it says otherwise; times in seconds."""
    given: dict[str, Any] = {"queue": SALES, "outcome": "answered", "tier": "gold"} | values
    if given["outcome"] == "answered":
        given = {
            "agent": AgentId("li"),
            "offer": OfferId(f"{call}-{number}"),
            "talk_us": 60_000_000,
            "hold_us": 5_000_000,
        } | given
    return QueueVisit(CallId(call), number, entered=at(enters), left=at(enters + waits), **given)


def record(call: str, *visits: QueueVisit, **values: Any) -> CallRecord:
    """A finished call with these visits; outcome, agent, queue and times are those of the last one."""
    last = visits[-1] if visits else None
    given: dict[str, Any] = {
        "caller": "+8613800000001",
        "dialled": "95588",
        "started": visits[0].entered if visits else START,
        "outcome": "self_served" if last is None else last.outcome,
        "ended_by": "caller",
        "tier": "gold",
        "agent": last.agent if last else None,
        "queue": last.queue if last else None,
        "talk_us": sum(v.talk_us for v in visits),
        "hold_us": sum(v.hold_us for v in visits),
        "wait_us": sum(v.left - v.entered for v in visits),
    } | values
    given.setdefault("answered", given["started"])
    over = last.left + last.talk_us + last.hold_us if last else given["started"] + 30_000_000
    given.setdefault("ended", Instant(over))
    return CallRecord(CallId(call), visits=visits, **given)


def ended(record: CallRecord) -> Step:
    """The step in which a call ends."""
    return record.ended, None, [CallFinished(record)]


def wrapped_up(of: QueueVisit, seconds: float) -> Step:
    """The step in which the agent of an answered visit is done."""
    offer, agent = of.offer or OfferId(""), of.agent or AgentId("")
    done = WrapUpDone(offer, of.call, agent, of.queue, round(seconds * MICROS_PER_SECOND))
    return Instant(of.left + of.talk_us + of.hold_us + done.wrap_us), None, [done]


def configured(*queues: QueueConfig, when: float = -3600) -> Step:
    """The step in which the floor is told its queues."""
    told = queues or (QueueConfig(SALES, "Sales"), QueueConfig(CARDS, "Cards"))
    return at(when), FloorConfigured(told, ()), []


def entries(steps: Iterable[Step]) -> list[Entry]:
    """As the journal gives them."""
    return [Entry(n, when, fact, dumps(made)) for n, (when, fact, made) in enumerate(steps, 1)]


def write(database: Database, steps: Iterable[Step]) -> None:
    """Into the tables, in one transaction."""
    with database.transaction() as session:
        count_intervals(session, project(session, entries(steps)))


def journal(path: Path, steps: Sequence[Step]) -> Path:
    """The runner's journal of these steps, at ``path``."""
    failed: list[BaseException] = []
    made = Journal(path, lambda seq: None, failed.append)
    for when, fact, decided in steps:
        items = [fact, *decided]
        made.append(when, fact, decided, concerned(items), history=is_history(fact, decided))
    made.close()
    assert not failed
    return path


def quarter(number: int) -> Instant:
    """When the quarter of an hour begins that is so many after ``START``."""
    return Instant(START + number * INTERVAL_US)
