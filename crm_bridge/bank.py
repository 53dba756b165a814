"""What a bank's own books say, as values. Amounts are hundredths of the currency's unit.

The books stand for the systems of a bank: core banking, bills, applications, a shop. An adapter for real ones
is one file that answers ``query`` and ``do`` as ``bank_database`` and its twin ``bank_memory`` do.
"""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Account:
    """A bank card or a prepaid telephone; ``number`` is the card's or E.164, ``valid_until`` the last day."""

    number: str
    balance: int
    customer: str | None = None
    currency: str = "CNY"
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Bill:
    """What an account owes for a month (``2026-10``)."""

    account: str
    period: str
    amount: int
    due: date
    paid: bool = False
    currency: str = "CNY"


@dataclass(frozen=True, slots=True)
class Application:
    """Something a customer applied for; ``kind`` and ``status`` are keys of ``bank_words``."""

    number: str
    kind: str
    status: str
    changed: date


@dataclass(frozen=True, slots=True)
class Order:
    """Something a customer ordered; ``status`` is a key of ``bank_words``."""

    number: str
    status: str
    expected: date | None = None


@dataclass(frozen=True, slots=True)
class RechargeCard:
    """A card that adds ``amount`` to an account and ``days`` to its validity, once. ``hash`` is argon2's."""

    number: str
    hash: str = field(repr=False)
    amount: int = 0
    days: int = 0
    currency: str = "CNY"
    expires: date | None = None
