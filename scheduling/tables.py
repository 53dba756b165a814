"""What is kept of rosters, as tables. ``at`` and the like are microseconds UTC, days are ISO dates.

Problems and published versions are never changed; what a draft was is told by its trail. Long texts (a
problem, a roster) are compressed JSON, see ``records.archive``: they are written once and read whole.
"""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from common.db import Base
from common.jobs import JobColumns


def _number() -> Mapped[int]:
    return mapped_column(Integer, primary_key=True, autoincrement=True)


def _archive() -> Mapped[bytes]:
    # Lists do not need what is in them.
    return mapped_column(LargeBinary, deferred=True)


class ProblemRow(Base):
    """A problem: the period, the people with their contracts, shifts, rules, demand.

    ``group`` is whose roster it is for (a site, a department), ``derived_from`` the problem it was made of,
    as when leave was approved.
    """

    __tablename__ = "roster_problems"
    id: Mapped[int] = _number()
    group: Mapped[str] = mapped_column("grp", String(64), index=True)
    name: Mapped[str] = mapped_column(String(128))
    start: Mapped[str] = mapped_column("start_day", String(10))
    days: Mapped[int] = mapped_column(Integer)
    zone: Mapped[str] = mapped_column(String(64))
    people: Mapped[int] = mapped_column(Integer)
    derived_from: Mapped[int | None] = mapped_column(ForeignKey("roster_problems.id"))
    at: Mapped[int] = mapped_column(BigInteger)
    by: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(String(512))
    body: Mapped[bytes] = _archive()


class ProblemPersonRow(Base):
    """That somebody is among the people of a problem; ``person`` is the platform's agent of that id."""

    __tablename__ = "roster_people"
    problem: Mapped[int] = mapped_column(
        ForeignKey("roster_problems.id", ondelete="CASCADE"), primary_key=True
    )
    person: Mapped[str] = mapped_column(String(64), primary_key=True, index=True)


class DraftRow(Base):
    """A roster that is worked on. ``saves`` is its tag; ``based_on`` the version it began as."""

    __tablename__ = "roster_drafts"
    id: Mapped[int] = _number()
    problem: Mapped[int] = mapped_column(ForeignKey("roster_problems.id"), index=True)
    name: Mapped[str] = mapped_column(String(128))
    saves: Mapped[int] = mapped_column(Integer)
    based_on: Mapped[int | None] = mapped_column(ForeignKey("roster_versions.id"))
    cost: Mapped[int] = mapped_column(BigInteger)
    violations: Mapped[int] = mapped_column(Integer)
    shifts: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[int] = mapped_column(BigInteger)
    created_by: Mapped[str] = mapped_column(String(64))
    changed_at: Mapped[int] = mapped_column(BigInteger)
    changed_by: Mapped[str] = mapped_column(String(64))
    body: Mapped[bytes] = _archive()


class DraftChangeRow(Base):
    """An entry of a draft's trail: ``changes`` are person × day, before and after."""

    __tablename__ = "roster_draft_changes"
    id: Mapped[int] = _number()
    draft: Mapped[int] = mapped_column(ForeignKey("roster_drafts.id", ondelete="CASCADE"), index=True)
    at: Mapped[int] = mapped_column(BigInteger)
    by: Mapped[str] = mapped_column(String(64))
    how: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(String(512))
    cost: Mapped[int] = mapped_column(BigInteger)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class VersionRow(Base):
    """A published roster: it holds for its group and period from ``at`` until the next ``number`` does.

    ``changes`` are those from the number before.
    """

    __tablename__ = "roster_versions"
    id: Mapped[int] = _number()
    group: Mapped[str] = mapped_column("grp", String(64))
    start: Mapped[str] = mapped_column("start_day", String(10))
    end: Mapped[str] = mapped_column("end_day", String(10))
    number: Mapped[int] = mapped_column(Integer)
    problem: Mapped[int] = mapped_column(ForeignKey("roster_problems.id"), index=True)
    at: Mapped[int] = mapped_column(BigInteger)
    by: Mapped[str] = mapped_column(String(64))
    how: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(String(512))
    cost: Mapped[int] = mapped_column(BigInteger)
    violations: Mapped[int] = mapped_column(Integer)
    shifts: Mapped[int] = mapped_column(Integer)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, deferred=True)
    body: Mapped[bytes] = _archive()
    __table_args__ = (
        UniqueConstraint("grp", "start_day", "number"),
        Index("ix_roster_versions_end_day", "end_day"),
    )


class RequestRow(Base):
    """What somebody asks for. ``verdict`` is what the judge said of it when it was last looked at.

    ``asked`` waits for a decision, or for ``other`` to agree first; ``applied`` is the version it made.
    """

    __tablename__ = "roster_requests"
    id: Mapped[int] = _number()
    kind: Mapped[str] = mapped_column(String(8))
    group: Mapped[str] = mapped_column("grp", String(64), index=True)
    person: Mapped[str] = mapped_column(String(64), index=True)
    other: Mapped[str | None] = mapped_column(String(64), index=True)
    day: Mapped[str] = mapped_column(String(10))
    other_day: Mapped[str | None] = mapped_column(String(10))
    shift: Mapped[str] = mapped_column(String(128))
    start: Mapped[int | None] = mapped_column("start_minute", Integer)
    length: Mapped[int | None] = mapped_column(Integer)
    want: Mapped[bool] = mapped_column(Boolean)
    minutes: Mapped[int] = mapped_column(Integer)
    words: Mapped[str] = mapped_column(String(512))
    state: Mapped[str] = mapped_column(String(16), index=True)
    verdict: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    asked_at: Mapped[int] = mapped_column(BigInteger)
    agreed_at: Mapped[int | None] = mapped_column(BigInteger)
    decided_at: Mapped[int | None] = mapped_column(BigInteger)
    decided_by: Mapped[str] = mapped_column(String(64))
    decision: Mapped[str] = mapped_column(String(512))
    applied: Mapped[int | None] = mapped_column(ForeignKey("roster_versions.id"))
    opening: Mapped[int | None] = mapped_column(ForeignKey("roster_openings.id"), index=True)


class FeedRow(Base):
    """The calendar somebody's calendar program fetches; ``hash`` is the SHA-256 of its token."""

    __tablename__ = "roster_feeds"
    person: Mapped[str] = mapped_column(String(64), primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[int] = mapped_column(BigInteger)


class RosterJobRow(JobColumns, Base):
    """Long work on a problem; ``result`` is the draft it made, which costs ``objective``."""

    __tablename__ = "roster_jobs"
    objective: Mapped[int | None] = mapped_column(BigInteger)
    bound: Mapped[int | None] = mapped_column(BigInteger)
    problem: Mapped[int] = mapped_column(ForeignKey("roster_problems.id", ondelete="CASCADE"), index=True)


class ProposalRow(JobColumns, Base):
    """A roster made better, to be looked at before it is accepted; of a draft, as it was with ``saves``, or
    of a version. ``body`` is the roster, ``problem_body`` the problem, where illness or demand make
    another one.
    """

    __tablename__ = "roster_proposals"
    group: Mapped[str] = mapped_column("grp", String(64))
    draft: Mapped[int | None] = mapped_column(ForeignKey("roster_drafts.id", ondelete="CASCADE"), index=True)
    version: Mapped[int | None] = mapped_column(ForeignKey("roster_versions.id"), index=True)
    saves: Mapped[int] = mapped_column(Integer)
    day: Mapped[str] = mapped_column(String(10))
    proposed: Mapped[dict[str, Any] | None] = mapped_column(JSON, deferred=True)
    body: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    problem_body: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    accepted_at: Mapped[int | None] = mapped_column(BigInteger)
    accepted_by: Mapped[str] = mapped_column(String(64), default="")
    made_draft: Mapped[int | None] = mapped_column(Integer)
    made_version: Mapped[int | None] = mapped_column(ForeignKey("roster_versions.id"))


class OpeningRow(Base):
    """A shift of a group's published day that is open to bids, which are requests; ``start`` is the period's.

    It is ``open``, ``filled`` once all its places are given, or ``closed`` by hand.
    """

    __tablename__ = "roster_openings"
    id: Mapped[int] = _number()
    group: Mapped[str] = mapped_column("grp", String(64), index=True)
    start: Mapped[str] = mapped_column("start_day", String(10))
    day: Mapped[str] = mapped_column(String(10), index=True)
    shift: Mapped[str] = mapped_column(String(128))
    name: Mapped[str] = mapped_column(String(128))
    begin_minute: Mapped[int] = mapped_column(Integer)
    length: Mapped[int] = mapped_column(Integer)
    places: Mapped[int] = mapped_column(Integer)
    given: Mapped[int] = mapped_column(Integer, default=0)
    skills: Mapped[list[str]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(String(512))
    state: Mapped[str] = mapped_column(String(16), index=True)
    at: Mapped[int] = mapped_column(BigInteger)
    by: Mapped[str] = mapped_column(String(64))


class AbsenceRow(Base):
    """That somebody was excused for a while, such as by illness; entered beforehand or afterwards.

    It is never deleted: one entered by mistake is withdrawn, and who did both stays known.
    """

    __tablename__ = "roster_absences"
    id: Mapped[int] = _number()
    person: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    begin: Mapped[int] = mapped_column("begin_at", BigInteger)
    end: Mapped[int] = mapped_column("end_at", BigInteger)
    words: Mapped[str] = mapped_column(String(512))
    at: Mapped[int] = mapped_column(BigInteger)
    by: Mapped[str] = mapped_column(String(64))
    withdrawn_at: Mapped[int | None] = mapped_column(BigInteger)
    withdrawn_by: Mapped[str] = mapped_column(String(64))
