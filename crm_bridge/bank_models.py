"""The tables of the sample bank's books, of transactions and of complaints.

Amounts are hundredths of the row's currency, instants microseconds UTC.
"""

from datetime import date
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from common.db import Base


class AccountRow(Base):
    """A bank card or a prepaid telephone."""

    __tablename__ = "bank_accounts"
    number: Mapped[str] = mapped_column(String(32), primary_key=True)
    customer: Mapped[str | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"), index=True)
    balance: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    valid_until: Mapped[date | None] = mapped_column(Date)


class BillRow(Base):
    """What an account owes for a month (``2026-10``)."""

    __tablename__ = "bank_bills"
    account: Mapped[str] = mapped_column(
        ForeignKey("bank_accounts.number", ondelete="CASCADE"), primary_key=True
    )
    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    due: Mapped[date] = mapped_column(Date)
    paid: Mapped[bool] = mapped_column(Boolean)


class ApplicationRow(Base):
    """Something a customer applied for."""

    __tablename__ = "bank_applications"
    number: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    status: Mapped[str] = mapped_column(String(32))
    changed: Mapped[date] = mapped_column(Date)


class OrderRow(Base):
    """Something a customer ordered."""

    __tablename__ = "bank_orders"
    number: Mapped[str] = mapped_column(String(32), primary_key=True)
    status: Mapped[str] = mapped_column(String(32))
    expected: Mapped[date | None] = mapped_column(Date)


class RechargeCardRow(Base):
    """A recharge card. ``wrong`` secrets were tried, the last at ``wrong_at``; ``used_by`` is the
    transaction that used it up.
    """

    __tablename__ = "recharge_cards"
    number: Mapped[str] = mapped_column(String(32), primary_key=True)
    hash: Mapped[str] = mapped_column(String(255))
    amount: Mapped[int] = mapped_column(BigInteger)
    days: Mapped[int] = mapped_column(Integer)
    currency: Mapped[str] = mapped_column(String(3))
    expires: Mapped[date | None] = mapped_column(Date)
    wrong: Mapped[int] = mapped_column(Integer)
    wrong_at: Mapped[int] = mapped_column(BigInteger)
    used_by: Mapped[str | None] = mapped_column(String(128))


class TransactionRow(Base):
    """What was done, or refused, at most once for its key; ``told`` is the answer."""

    __tablename__ = "transactions"
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    call: Mapped[str] = mapped_column(String(64))
    caller: Mapped[str] = mapped_column(String(64))
    account: Mapped[str] = mapped_column(String(64))
    card_tail: Mapped[str] = mapped_column(String(4))
    done: Mapped[bool] = mapped_column(Boolean)
    told: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (
        Index("ix_transactions_call", "call", "at"),
        Index("ix_transactions_caller", "caller", "at"),
    )


class ComplaintRow(Base):
    """A complaint as it was taken in. ``key`` names what took it, so that it is written once."""

    __tablename__ = "complaints"
    number: Mapped[str] = mapped_column(String(24), primary_key=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    taken: Mapped[int] = mapped_column(BigInteger)
    call: Mapped[str] = mapped_column(String(64), index=True)
    customer: Mapped[str | None] = mapped_column(String(64), index=True)
    caller: Mapped[str] = mapped_column(String(64))
    contact: Mapped[str] = mapped_column(String(64))
    category: Mapped[str] = mapped_column(String(16))
    channel: Mapped[str] = mapped_column(String(16))
    purpose: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    recording: Mapped[str] = mapped_column(String(128))
    language: Mapped[str] = mapped_column(String(16))
    read_back: Mapped[bool] = mapped_column(Boolean)
    status: Mapped[str] = mapped_column(String(16))
    __table_args__ = (Index("ix_complaints_taken", "taken", "number"),)


class ComplaintDayRow(Base):
    """The last number given to a complaint of a day (``20261124``)."""

    __tablename__ = "complaint_days"
    day: Mapped[str] = mapped_column(String(8), primary_key=True)
    last: Mapped[int] = mapped_column(Integer)
