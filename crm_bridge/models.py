"""The tables. Instants are microseconds UTC, amounts hundredths of the row's currency."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, BigInteger, Date, Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from common.db import Base
from common.rows import Row

_CUSTOMER = "customers.id"
_parts = {"cascade": "all, delete-orphan", "passive_deletes": True, "lazy": "raise"}
"""Parts are loaded when asked for by name, never one customer at a time."""


class PhoneRow(Base):
    """A telephone number (E.164) of a customer; position 0 is the preferred one."""

    __tablename__ = "customer_phones"
    customer: Mapped[str] = mapped_column(ForeignKey(_CUSTOMER, ondelete="CASCADE"), primary_key=True)
    number: Mapped[str] = mapped_column(String(16), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(Integer)


class OwnerRow(Base):
    """Somebody who looks after a customer; the first is the leading one. ``agent`` if they take calls."""

    __tablename__ = "customer_owners"
    customer: Mapped[str] = mapped_column(ForeignKey(_CUSTOMER, ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    role: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(128))
    agent: Mapped[str | None] = mapped_column(String(64), index=True)


class ProductRow(Base):
    """Something a customer holds."""

    __tablename__ = "customer_products"
    customer: Mapped[str] = mapped_column(ForeignKey(_CUSTOMER, ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(128))
    number: Mapped[str] = mapped_column(String(64))
    balance: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    opened: Mapped[date | None] = mapped_column(Date)


class CustomerRow(Base):
    """A customer; ``version`` counts the changes, ``changed`` and ``changed_by`` tell of the last."""

    __tablename__ = "customers"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(128), index=True)
    branch: Mapped[str] = mapped_column(String(128))
    language: Mapped[str | None] = mapped_column(String(16))
    assets: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    born: Mapped[date | None] = mapped_column(Date)
    notes: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    changed: Mapped[int] = mapped_column(BigInteger)
    changed_by: Mapped[str] = mapped_column(String(64))
    phones: Mapped[list[PhoneRow]] = relationship(order_by=PhoneRow.position, **_parts)  # type: ignore[arg-type]
    owners: Mapped[list[OwnerRow]] = relationship(order_by=OwnerRow.position, **_parts)  # type: ignore[arg-type]
    products: Mapped[list[ProductRow]] = relationship(order_by=ProductRow.position, **_parts)  # type: ignore[arg-type]
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the form SQLAlchemy reads


class ContactRow(Base):
    """One conversation with a customer; a call of the platform stands here at most once."""

    __tablename__ = "contacts"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    customer: Mapped[str] = mapped_column(ForeignKey(_CUSTOMER, ondelete="CASCADE"))
    at: Mapped[int] = mapped_column(BigInteger)
    channel: Mapped[str] = mapped_column(String(32))
    direction: Mapped[str] = mapped_column(String(8))
    purpose: Mapped[str] = mapped_column(String(64))
    summary: Mapped[str] = mapped_column(Text)
    agent: Mapped[str | None] = mapped_column(String(64))
    agent_name: Mapped[str] = mapped_column(String(128))
    outcome: Mapped[str] = mapped_column(String(32))
    call: Mapped[str | None] = mapped_column(String(64), unique=True)
    __table_args__ = (Index("ix_contacts_customer_at", "customer", "at", "id"),)


class SchemeRow(Base):
    """A tier scheme; of equal tiers the scheme of lower position counts."""

    __tablename__ = "tier_schemes"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(128))
    currency: Mapped[str] = mapped_column(String(3))
    position: Mapped[int] = mapped_column(Integer)


class TierRow(Row):
    """A tier of a scheme: the band ``[low, high)``, what it means for calls, who looks after it."""

    __tablename__ = "tiers"
    scheme: Mapped[str] = mapped_column(ForeignKey(SchemeRow.id), index=True)
    name: Mapped[str] = mapped_column(String(128))
    low: Mapped[int] = mapped_column(BigInteger)
    high: Mapped[int | None] = mapped_column(BigInteger)
    priority: Mapped[float] = mapped_column(Float)
    owner_roles: Mapped[list[str]] = mapped_column(JSON)
    conditions: Mapped[dict[str, Any]] = mapped_column(JSON)
    of: Mapped[SchemeRow] = relationship()
