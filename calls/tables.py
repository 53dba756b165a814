"""The tables of finished calls. Times are microseconds UTC, 0 where not reached."""

from sqlalchemy import BigInteger, Boolean, Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from common.db import Base


class CallRow(Base):
    """A finished call; ``path`` is a JSON list, ``marks`` a JSON object of texts."""

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
    direction: Mapped[str] = mapped_column(String(8))
    transferred_to: Mapped[str] = mapped_column(String(64))
    marks: Mapped[str] = mapped_column(Text, default="{}")
    visits: Mapped[list["VisitRow"]] = relationship(
        order_by="VisitRow.number", cascade="all, delete-orphan", passive_deletes=True
    )


class VisitRow(Base):
    """One stay of a call in one queue, and the conversation it led to, wrap-up included.

    ``target_us`` and ``short_us`` are the queue's answer target and short abandonment as it ended; ``offer``
    is the one that was accepted.
    """

    __tablename__ = "queue_visits"
    call: Mapped[str] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    queue: Mapped[str] = mapped_column(String(64))
    entered: Mapped[int] = mapped_column(BigInteger)
    left: Mapped[int] = mapped_column("left_at", BigInteger)
    outcome: Mapped[str] = mapped_column(String(16))
    tier: Mapped[str] = mapped_column(String(64))
    priority: Mapped[float] = mapped_column(Float)
    agent: Mapped[str | None] = mapped_column(String(64))
    offer: Mapped[str | None] = mapped_column(String(64))
    target_us: Mapped[int] = mapped_column(BigInteger)
    short_us: Mapped[int] = mapped_column(BigInteger)
    talk_us: Mapped[int] = mapped_column(BigInteger)
    hold_us: Mapped[int] = mapped_column(BigInteger)
    wrap_us: Mapped[int] = mapped_column(BigInteger)
    transferred: Mapped[bool] = mapped_column(Boolean)
    __table_args__ = (
        Index("ix_queue_visits_queue_entered", "queue", "entered"),
        Index("ix_queue_visits_agent_entered", "agent", "entered"),
        Index("ix_queue_visits_entered", "entered"),
    )


class OfferRow(Base):
    """One call held out to one agent. ``outcome`` is empty while it is pending.

    It counts at ``counted``: when it was made, or, once its call is in the history, when the call entered the
    queue. ``leg`` is what rang.
    """

    __tablename__ = "offers"
    call: Mapped[str] = mapped_column(String(64), primary_key=True)
    offer: Mapped[str] = mapped_column(String(64), primary_key=True)
    queue: Mapped[str] = mapped_column(String(64))
    agent: Mapped[str] = mapped_column(String(64))
    at: Mapped[int] = mapped_column(BigInteger)
    counted: Mapped[int] = mapped_column(BigInteger, index=True)
    outcome: Mapped[str] = mapped_column(String(16))
    leg: Mapped[str] = mapped_column(String(72))
    transferred: Mapped[bool] = mapped_column(Boolean)


class WrapUpRow(Base):
    """How long an agent worked after a contact; kept apart, as it may come before the call ends."""

    __tablename__ = "wrap_ups"
    call: Mapped[str] = mapped_column(String(64), primary_key=True)
    offer: Mapped[str] = mapped_column(String(64), primary_key=True)
    queue: Mapped[str] = mapped_column(String(64))
    agent: Mapped[str] = mapped_column(String(64))
    at: Mapped[int] = mapped_column(BigInteger)
    wrap_us: Mapped[int] = mapped_column(BigInteger)


class IntervalRow(Base):
    """A queue's visits that began in the 15 minutes from ``start`` (UTC), wherever they ended.

    ``offered`` is the sum of the seven ways a visit ends; ``short_abandoned`` and ``*_in_target`` are some of
    them. ``answer_us`` is the waiting of answered, ``wait_us`` of all visits, ``longest_us`` the longest one.
    """

    __tablename__ = "queue_intervals"
    queue: Mapped[str] = mapped_column(String(64), primary_key=True)
    start: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    offered: Mapped[int] = mapped_column(Integer)
    answered: Mapped[int] = mapped_column(Integer)
    abandoned: Mapped[int] = mapped_column(Integer)
    overflowed: Mapped[int] = mapped_column(Integer)
    callback: Mapped[int] = mapped_column(Integer)
    voicemail: Mapped[int] = mapped_column(Integer)
    refused: Mapped[int] = mapped_column(Integer)
    lost: Mapped[int] = mapped_column(Integer)
    short_abandoned: Mapped[int] = mapped_column(Integer)
    answered_in_target: Mapped[int] = mapped_column(Integer)
    abandoned_in_target: Mapped[int] = mapped_column(Integer)
    transferred: Mapped[int] = mapped_column(Integer)
    answer_us: Mapped[int] = mapped_column(BigInteger)
    wait_us: Mapped[int] = mapped_column(BigInteger)
    longest_us: Mapped[int] = mapped_column(BigInteger)
    talk_us: Mapped[int] = mapped_column(BigInteger)
    hold_us: Mapped[int] = mapped_column(BigInteger)
    wrap_us: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (Index("ix_queue_intervals_start", "start"),)


class TargetRow(Base):
    """What a queue's visits are measured by since it was so configured; kept as long as the history."""

    __tablename__ = "queue_targets"
    queue: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    target_us: Mapped[int] = mapped_column(BigInteger)
    short_us: Mapped[int] = mapped_column(BigInteger)
    timezone: Mapped[str] = mapped_column(String(64))


class NoteRow(Base):
    """An agent's wrap-up code and note for a call; kept apart, as it may come before the call ends."""

    __tablename__ = "call_notes"
    call: Mapped[str] = mapped_column(String(64), primary_key=True)
    agent: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger)
    code: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text)


class PresenceRow(Base):
    """From ``since`` on an agent was so, until their next row: ``working`` (ready, or with a contact),
    ``paused`` (``reason`` says why), ``missed`` (they did not take a call), ``signed_out``.
    """

    __tablename__ = "agent_presence"
    agent: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    presence: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(128))


class CursorRow(Base):
    """How far a projector has read the journal."""

    __tablename__ = "projector_cursors"
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
