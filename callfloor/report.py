"""Reports for the command line: as columns to read, or as CSV."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from acd.store import AgentRow, QueueRow
from agent_desktop.report_lines import (
    Table,
    agent_report,
    agent_table,
    missed_report,
    missed_table,
    queue_report,
    queue_table,
)
from agent_desktop.views import Names
from callfloor import wiring
from calls.figures import house_zone, zones
from calls.reports import Span
from common.csv_text import csv_text
from common.service_level import DEFAULT
from domain.instant import MICROS_PER_SECOND, Instant

Kind = Literal["queues", "agents", "missed"]
READ: Final[Mapping[Kind, Mapping[str, str]]] = {
    "queues": {
        "queue": "queue",
        "offered": "offered",
        "answered": "answered",
        "abandoned": "abandoned",
        f"service_level_{DEFAULT}": "SL",
        "asa_s": "ASA s",
        "aht_s": "AHT s",
    },
    "agents": {
        "agent": "agent",
        "offered": "offered",
        "answered": "answered",
        "missed": "missed",
        "rejected": "rejected",
        "transferred": "transferred",
        "aht_s": "AHT s",
        "outgoing": "outgoing",
    },
    "missed": {
        "at": "when",
        "caller": "caller",
        "customer_name": "customer",
        "queue": "queue",
        "waited_s": "waited s",
        "tries": "tries",
        "outcome": "outcome",
    },
}
"""The columns that are read, with their headings; CSV has all."""


def report(
    session: Session,
    kind: Kind,
    since: str | None,
    until: str | None,
    region: str,
    now: Instant,
    *,
    as_csv: bool,
) -> str:
    """A report from one day or time to another, by default of today. Raises ValueError and TooMuch."""
    zone = house_zone(zones(session))
    today = datetime.fromtimestamp(now // MICROS_PER_SECOND, zone).date()
    span = Span(
        _instant(since or today.isoformat(), zone), _instant(until, zone) if until else Instant(now + 1)
    )
    if span.end <= span.start:
        raise ValueError("the report ends before it begins")
    head, rows = _table(session, kind, span, region)
    return csv_text(head, rows) if as_csv else _columns(READ[kind], rows)


def _table(session: Session, kind: Kind, span: Span, region: str) -> Table:
    agents, queues = (
        {one.id: one.name for one in session.execute(select(row.id, row.name))}
        for row in (AgentRow, QueueRow)
    )
    names = Names(agents, queues, wiring.tier_names(session))
    if kind == "queues":
        return queue_table(queue_report(session, span, names), None)
    if kind == "agents":
        return agent_table(agent_report(session, span, names))
    return missed_table(missed_report(session, span, names, region), session)


def _instant(text: str, zone: ZoneInfo) -> Instant:
    """``2026-09-23``, perhaps with ``T09:00`` and ``+08:00``; else it is on the wall of ``zone``."""
    try:
        at = datetime.fromisoformat(text)
        at = at if at.tzinfo else at.replace(tzinfo=zone)
        return Instant(round(at.timestamp()) * MICROS_PER_SECOND)
    except (ValueError, OverflowError):
        raise ValueError(
            f"{text!r} is no day or time; write it like 2026-09-23 or 2026-09-23T09:00"
        ) from None


def _columns(head: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> str:
    """A heading and a line for each row, every column as wide as what stands in it."""
    lines = [list(head.values()), *([_shown(name, row[name]) for name in head] for row in rows)]
    widths = [max(_width(cell) for cell in column) for column in zip(*lines, strict=True)]
    padded = (
        [cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)]
        for line in lines
    )
    return "".join("  ".join(line).rstrip() + "\n" for line in padded)


def _shown(name: str, value: Any) -> str:
    if value is None:
        return "-"
    if name.startswith("service_level"):
        return f"{100 * value:.1f} %"
    text = f"{value:.1f}" if isinstance(value, float) else str(value)
    # What callers sent must not steer the terminal it is read on.
    return "".join(c if c.isprintable() else " " for c in text) or "-"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
