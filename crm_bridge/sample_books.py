"""The sample bank's books: what its callers can ask by telephone. None of it is real.

Fixed numbers, the same in every language, are for whoever tries the flows by hand (``docs/operators.md`` has
them); besides, each customer of ``sample`` has a card with bills and a prepaid telephone.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from common.auth.passwords import hash_password
from common.db import Base
from crm_bridge.bank_models import AccountRow, ApplicationRow, BillRow, OrderRow, RechargeCardRow
from crm_bridge.models import CustomerRow, PhoneRow
from domain.instant import Instant

OPEN_CARD, PAID_CARD = "6222000000000017", "6222000000000025"
"""Bank cards: the newest bill of the first is open, that of the second is paid."""

PREPAID, RUN_OUT = "10020001", "10020002"
"""Prepaid accounts: one is valid for some days yet, the other is past its last day."""

APPLICATIONS = (
    ("20260001", "credit_card", "approved"),
    ("20260002", "loan", "in_review"),
    ("20260003", "mortgage", "papers_missing"),
    ("20260004", "credit_card", "refused"),
    ("20260005", "loan", "received"),
)
ORDERS = (
    ("30000001", "sent", 3),
    ("30000002", "preparing", 6),
    ("30000003", "delivered", None),
    ("30000004", "cancelled", None),
)
"""(number, status, days until it is expected)."""

_SAMPLE_ID = re.compile(r"c-\d{5}")
MONTHS = 3
"""Bills of each card, of the months before this one."""


@dataclass(frozen=True, slots=True)
class Voucher:
    """A recharge card as it lies in the shop: what it adds in fen, and for how many days."""

    number: str
    secret: str
    amount: int
    days: int
    expired: bool = False


VOUCHERS = (
    Voucher("880000000001", "135791", 5_000, 30),
    Voucher("880000000002", "246802", 5_000, 30),
    Voucher("880000000003", "357913", 10_000, 60),
    Voucher("880000000004", "468024", 10_000, 60),
    Voucher("880000000005", "579135", 20_000, 90),
    Voucher("880000000009", "987654", 5_000, 30, expired=True),
)


def fill(session: Session, seed: int, now: Instant) -> None:
    """Write what is missing; what is there stays as it has become. ``now`` says which months have bills."""
    today = day_of(now)
    books: tuple[tuple[type[Base], Iterator[Base]], ...] = (
        (AccountRow, _accounts(session, seed, today)),
        (BillRow, _bills(session, seed, today)),
        (ApplicationRow, _applications(today)),
        (OrderRow, _orders(today)),
        (RechargeCardRow, _vouchers(session, today)),
    )
    for model, rows in books:
        key = inspect(model).primary_key
        there = {tuple(row) for row in session.execute(select(*key))}
        new = (row for row in rows if tuple(getattr(row, column.name) for column in key) not in there)
        session.add_all(new)
        session.flush()


def day_of(now: Instant) -> date:
    """The day, UTC."""
    return datetime.fromtimestamp(now / 1e6, UTC).date()


def card_of(number: int) -> str:
    """The bank card of the customer with this place in the bank: 16 digits with their check digit."""
    digits = f"622201{number:09d}"
    total = sum(sum(divmod(int(c) * (2 - place % 2), 10)) for place, c in enumerate(reversed(digits)))
    return f"{digits}{-total % 10}"


def _accounts(session: Session, seed: int, today: date) -> Iterator[AccountRow]:
    yield _account(OPEN_CARD, None, 1_234_500, None)
    yield _account(PAID_CARD, None, 88_060, None)
    yield _account(PREPAID, None, 1_250, today + timedelta(days=12))
    yield _account(RUN_OUT, None, 0, today - timedelta(days=3))
    first = PhoneRow.position == 0
    phones = dict(session.execute(select(PhoneRow.customer, PhoneRow.number).where(first)).all())
    taken: set[str] = set()
    for id, place in _customers(session):
        chance = random.Random(f"{seed} {id} accounts")
        yield _account(card_of(place), id, chance.randrange(10_000, 5_000_000), None)
        phone = phones.get(id)
        if phone is not None and phone not in taken:
            taken.add(phone)
            until = today + timedelta(days=chance.randrange(1, 120))
            yield _account(phone, id, chance.randrange(0, 20_000), until)


def _account(number: str, customer: str | None, balance: int, until: date | None) -> AccountRow:
    return AccountRow(number=number, customer=customer, balance=balance, currency="CNY", valid_until=until)


def _bills(session: Session, seed: int, today: date) -> Iterator[BillRow]:
    newest, *older = _months(today)
    yield _bill(OPEN_CARD, newest, 12_850, False)
    yield _bill(PAID_CARD, newest, 4_599, True)
    for period in older:
        yield _bill(OPEN_CARD, period, 9_920, True)
        yield _bill(PAID_CARD, period, 20_000, True)
    for id, place in _customers(session):
        chance = random.Random(f"{seed} {id} bills")
        open_still = chance.random() < 0.6
        for period in (newest, *older):
            amount = chance.randrange(500, 500_000)
            yield _bill(card_of(place), period, amount, period != newest or not open_still)


def _bill(account: str, period: str, amount: int, paid: bool) -> BillRow:
    year, month = (int(part) for part in period.split("-"))
    due = date(year + month // 12, month % 12 + 1, 25)
    return BillRow(account=account, period=period, amount=amount, currency="CNY", due=due, paid=paid)


def _months(today: date) -> list[str]:
    """The months before this one, newest first."""
    count = today.year * 12 + today.month - 1
    return [f"{(count - back) // 12}-{(count - back) % 12 + 1:02d}" for back in range(1, MONTHS + 1)]


def _applications(today: date) -> Iterator[ApplicationRow]:
    for back, (number, kind, status) in enumerate(APPLICATIONS, 1):
        yield ApplicationRow(number=number, kind=kind, status=status, changed=today - timedelta(days=back))


def _orders(today: date) -> Iterator[OrderRow]:
    for number, status, days in ORDERS:
        expected = None if days is None else today + timedelta(days=days)
        yield OrderRow(number=number, status=status, expected=expected)


def _vouchers(session: Session, today: date) -> Iterator[RechargeCardRow]:
    there = set(session.scalars(select(RechargeCardRow.number)))
    for one in VOUCHERS:
        if one.number in there:
            continue  # hashing takes its time
        expires = today + timedelta(days=-30 if one.expired else 1000)
        yield RechargeCardRow(
            number=one.number,
            hash=hash_password(one.secret),
            amount=one.amount,
            days=one.days,
            currency="CNY",
            expires=expires,
            wrong=0,
            wrong_at=0,
            used_by=None,
        )


def _customers(session: Session) -> list[tuple[str, int]]:
    """The customers of ``sample`` with their number in it; people add others, with other ids."""
    ids = session.scalars(select(CustomerRow.id).order_by(CustomerRow.id))
    return [(id, int(id[2:])) for id in ids if _SAMPLE_ID.fullmatch(id)]
