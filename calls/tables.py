"""The tables of finished calls. Times are microseconds UTC, 0 where not reached."""

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from common.db import Base


class CallRow(Base):
    """A finished call; ``path`` is a JSON list."""

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
    """One stay of a call in one queue. ``target_us`` is the queue's answer target when the call ended; the
    talk and hold time of a call belong to its last answered visit.
    """

    __tablename__ = "queue_visits"
    call: Mapped[str] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    queue: Mapped[str] = mapped_column(String(64))
    entered: Mapped[int] = mapped_column(BigInteger)
    left: Mapped[int] = mapped_column("left_at", BigInteger)
    outcome: Mapped[str] = mapped_column(String(16))
    tier: Mapped[str] = mapped_column(String(64))
    agent: Mapped[str | None] = mapped_column(String(64))
    target_us: Mapped[int] = mapped_column(BigInteger)
    talk_us: Mapped[int] = mapped_column(BigInteger)
    hold_us: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (Index("ix_queue_visits_queue_entered", "queue", "entered"),)


class IntervalRow(Base):
    """A queue's visits that began in the 15 minutes from ``start`` (UTC). ``returned`` went back to their
    flow or were lost with the platform; ``answer_us`` is the waiting of answered, ``wait_us`` of all visits,
    ``longest_us`` the longest one.
    """

    __tablename__ = "queue_intervals"
    queue: Mapped[str] = mapped_column(String(64), primary_key=True)
    start: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    offered: Mapped[int] = mapped_column(Integer)
    answered: Mapped[int] = mapped_column(Integer)
    abandoned: Mapped[int] = mapped_column(Integer)
    returned: Mapped[int] = mapped_column(Integer)
    answered_in_target: Mapped[int] = mapped_column(Integer)
    abandoned_in_target: Mapped[int] = mapped_column(Integer)
    answer_us: Mapped[int] = mapped_column(BigInteger)
    wait_us: Mapped[int] = mapped_column(BigInteger)
    longest_us: Mapped[int] = mapped_column(BigInteger)
    talk_us: Mapped[int] = mapped_column(BigInteger)
    hold_us: Mapped[int] = mapped_column(BigInteger)


class TargetRow(Base):
    """A queue's answer target since it was configured; kept as long as the history."""

    __tablename__ = "queue_targets"
    queue: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    target_us: Mapped[int] = mapped_column(BigInteger)


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
