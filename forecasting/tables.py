"""What the planner keeps, as tables. ``at`` and the like are microseconds UTC; intervals are seconds UTC.

Long columns (an import's intervals, a forecast's numbers, a requirement's) are one compressed archive each,
see ``columns`` and docs/decisions/0011: they are written once, read whole, and never searched by interval.
"""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from common.db import Base
from common.jobs import JobColumns
from common.rows import Row


def _series(index: bool = True) -> Mapped[str]:
    return mapped_column(ForeignKey("planning_series.id", ondelete="CASCADE"), index=index)


def _number() -> Mapped[int]:
    return mapped_column(Integer, primary_key=True, autoincrement=True)


def _archive() -> Mapped[bytes]:
    # Lists of forecasts and imports do not need their numbers.
    return mapped_column(LargeBinary, deferred=True)


class SeriesRow(Row):
    """What is planned for: a queue, a business type, or the calls of files; ``key`` is the queue's id."""

    __tablename__ = "planning_series"
    name: Mapped[str] = mapped_column(String(128))
    source: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(64))
    interval_s: Mapped[int] = mapped_column(Integer)
    zone: Mapped[str] = mapped_column(String(64))
    calendar: Mapped[str] = mapped_column(ForeignKey("planning_calendars.id"), index=True)
    model: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[int] = mapped_column(BigInteger)


class PlannerCalendarRow(Row):
    """A planner's calendar; ``body`` is that of ``bodies.PlannerCalendarBody``, ``saves`` its tag."""

    __tablename__ = "planning_calendars"
    name: Mapped[str] = mapped_column(String(128))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    saves: Mapped[int] = mapped_column(Integer)
    changed_by: Mapped[str] = mapped_column(String(64))
    changed_at: Mapped[int] = mapped_column(BigInteger)


class ImportRow(Base):
    """What a file brought, as it was; an import that was undone does not count until it is done again."""

    __tablename__ = "planning_imports"
    id: Mapped[int] = _number()
    series: Mapped[str] = _series()
    file: Mapped[str] = mapped_column(String(255))
    at: Mapped[int] = mapped_column(BigInteger)
    by: Mapped[str] = mapped_column(String(64))
    interval_s: Mapped[int] = mapped_column(Integer)
    first: Mapped[int] = mapped_column("first_start", BigInteger)
    last: Mapped[int] = mapped_column("last_start", BigInteger)
    intervals: Mapped[int] = mapped_column(Integer)
    replaced: Mapped[int] = mapped_column(Integer)
    calls: Mapped[float] = mapped_column(Float)
    measures: Mapped[list[str]] = mapped_column(JSON)
    undone_by: Mapped[str] = mapped_column(String(64), default="")
    undone_at: Mapped[int | None] = mapped_column(BigInteger)
    columns: Mapped[bytes] = _archive()


class FindingRow(Base):
    """Something cleaning found, and what the planner says of it, see ``cleaning.findings``.

    ``name`` is the same when the history is cleaned again. ``columns`` are the values it would put in.
    """

    __tablename__ = "planning_findings"
    id: Mapped[int] = _number()
    series: Mapped[str] = _series(index=False)
    name: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(32))
    methods: Mapped[dict[str, float]] = mapped_column(JSON)
    begin: Mapped[int] = mapped_column("begin_at", BigInteger)
    end: Mapped[int] = mapped_column("end_at", BigInteger)
    sure: Mapped[float] = mapped_column(Float)
    calls: Mapped[float | None] = mapped_column(Float)
    expected: Mapped[float | None] = mapped_column(Float)
    action: Mapped[str] = mapped_column(String(16))
    factor: Mapped[float] = mapped_column(Float)
    said: Mapped[str] = mapped_column(Text)
    columns: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(16))
    own_factor: Mapped[float | None] = mapped_column(Float)
    note: Mapped[str] = mapped_column(String(512), default="")
    decided_by: Mapped[str] = mapped_column(String(64), default="")
    decided_at: Mapped[int | None] = mapped_column(BigInteger)
    __table_args__ = (
        UniqueConstraint("series", "name"),
        Index("ix_planning_findings_series", "series", "begin_at"),
    )


class DecisionRow(Base):
    """An entry of a finding's trail."""

    __tablename__ = "planning_decisions"
    id: Mapped[int] = _number()
    finding: Mapped[int] = mapped_column(ForeignKey("planning_findings.id", ondelete="CASCADE"), index=True)
    at: Mapped[int] = mapped_column(BigInteger)
    by: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    factor: Mapped[float | None] = mapped_column(Float)
    note: Mapped[str] = mapped_column(String(512))


class JobRow(JobColumns, Base):
    """Long work on a series."""

    __tablename__ = "planning_jobs"
    series: Mapped[str] = _series()


class BacktestRow(Base):
    """A backtest and its table, as ``bodies.BacktestShown`` shows it."""

    __tablename__ = "planning_backtests"
    id: Mapped[int] = _number()
    series: Mapped[str] = _series()
    at: Mapped[int] = mapped_column(BigInteger)
    by: Mapped[str] = mapped_column(String(64))
    table: Mapped[dict[str, Any]] = mapped_column("results", JSON)
    chosen: Mapped[str] = mapped_column(String(64))


class ForecastRow(Base):
    """A machine's forecast; nothing of it changes but how much of it is overridden (``human_calls``)."""

    __tablename__ = "planning_forecasts"
    id: Mapped[int] = _number()
    series: Mapped[str] = _series()
    kind: Mapped[str] = mapped_column(String(16))
    period: Mapped[str] = mapped_column(String(8))
    at: Mapped[int] = mapped_column(BigInteger)
    by: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(String(512))
    model: Mapped[str] = mapped_column(String(64))
    chosen: Mapped[str] = mapped_column(String(64))
    backtest: Mapped[int | None] = mapped_column(ForeignKey("planning_backtests.id", ondelete="SET NULL"))
    interval_s: Mapped[int] = mapped_column(Integer)
    zone: Mapped[str] = mapped_column(String(64))
    first: Mapped[int] = mapped_column("first_start", BigInteger)
    last: Mapped[int] = mapped_column("last_start", BigInteger)
    history_to: Mapped[int] = mapped_column(BigInteger)
    machine_calls: Mapped[float] = mapped_column(Float)
    human_calls: Mapped[float] = mapped_column(Float)
    columns: Mapped[bytes] = _archive()


class OverrideRow(Base):
    """A planner's word on a forecast; withdrawn ones stay. Dates are ``2026-12-01``."""

    __tablename__ = "planning_overrides"
    id: Mapped[int] = _number()
    forecast: Mapped[int] = mapped_column(ForeignKey("planning_forecasts.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(Integer)
    measure: Mapped[str] = mapped_column(String(16))
    how: Mapped[str] = mapped_column(String(16))
    value: Mapped[float] = mapped_column(Float)
    shape: Mapped[list[float]] = mapped_column(JSON)
    first: Mapped[str] = mapped_column("first_day", String(10))
    last: Mapped[str] = mapped_column("last_day", String(10))
    from_slot: Mapped[int] = mapped_column(Integer)
    to_slot: Mapped[int] = mapped_column(Integer)
    weekly: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[str] = mapped_column(String(128))
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[int] = mapped_column(BigInteger)
    carried_from: Mapped[int | None] = mapped_column(Integer)
    withdrawn_by: Mapped[str] = mapped_column(String(64), default="")
    withdrawn_at: Mapped[int | None] = mapped_column(BigInteger)
    withdrawn_why: Mapped[str] = mapped_column(String(128), default="")
    __table_args__ = (UniqueConstraint("forecast", "number"),)


class PublishedRow(Base):
    """A forecast as it was published: its numbers of then, of machine and human."""

    __tablename__ = "planning_versions"
    id: Mapped[int] = _number()
    series: Mapped[str] = mapped_column(ForeignKey("planning_series.id"), index=True)
    forecast: Mapped[int] = mapped_column(ForeignKey("planning_forecasts.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(16))
    period: Mapped[str] = mapped_column(String(8))
    calls: Mapped[float] = mapped_column(Float)
    overrides: Mapped[int] = mapped_column(Integer)
    at: Mapped[int] = mapped_column(BigInteger)
    by: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(String(512))
    columns: Mapped[bytes] = _archive()
    __table_args__ = (UniqueConstraint("series", "kind", "period", "number"),)


class RequirementRow(Base):
    """How many people a forecast needs; ``asked`` is the body, ``sums`` the totals."""

    __tablename__ = "planning_requirements"
    id: Mapped[int] = _number()
    forecast: Mapped[int] = mapped_column(ForeignKey("planning_forecasts.id", ondelete="CASCADE"), index=True)
    version: Mapped[int | None] = mapped_column(ForeignKey("planning_versions.id"))
    at: Mapped[int] = mapped_column(BigInteger)
    by: Mapped[str] = mapped_column(String(64))
    asked: Mapped[dict[str, Any]] = mapped_column(JSON)
    interval_s: Mapped[int] = mapped_column(Integer)
    sums: Mapped[dict[str, Any]] = mapped_column(JSON)
    columns: Mapped[bytes] = _archive()
