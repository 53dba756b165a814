"""The books of a small bank, in memory and in tables."""

from datetime import date, timedelta
from typing import Any, Protocol

from common.auth.passwords import hash_password
from common.db import Database
from crm_bridge.bank import Account, Application, Bill, Order, RechargeCard
from crm_bridge.bank_database import DatabaseBank
from crm_bridge.bank_memory import MemoryBank
from crm_bridge.bank_models import (
    AccountRow,
    ApplicationRow,
    BillRow,
    OrderRow,
    RechargeCardRow,
)
from domain.ids import CallId
from domain.instant import Instant, after
from ivr.asks import Records, Transactions
from tests.crm_bridge.bank import NOW, li, wang, write

TODAY = date(2026, 11, 24)
CARD, OTHER_CARD = "6222010000000016", "6222010000000024"
PHONE = "+8613800000001"
CALL = CallId("call-1")
SECRETS = {"8801": "135791", "8802": "246802", "8803": "357913", "8809": "987654", "8810": "111222"}


class Bank(Records, Transactions, Protocol):
    """Both ports of the asking room: what an adapter answers."""


class Clock:
    """Time that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> Instant:
        return self.now

    def goes_on(self, seconds: float) -> None:
        """Some time later."""
        self.now = after(self.now, seconds)


ACCOUNTS = (
    Account(CARD, 1_234_500, "c-1"),
    Account(OTHER_CARD, 5, "c-1"),
    Account(PHONE, 3_000, "c-2", valid_until=TODAY + timedelta(days=10)),
    Account("10020002", 0, None, valid_until=TODAY - timedelta(days=3)),
    Account("555", 0, None, currency="USD"),
)
BILLS = (
    Bill(CARD, "2026-09", 9_920, date(2026, 10, 25), paid=True),
    Bill(CARD, "2026-10", 12_850, date(2026, 11, 25)),
    Bill(OTHER_CARD, "2026-10", 5, date(2026, 11, 20), paid=True),
    Bill(OTHER_CARD, "2026-08", 1_00, date(2026, 9, 25)),
)
APPLICATIONS = (
    Application("20260001", "credit_card", "approved", date(2026, 11, 20)),
    Application("20260002", "loan", "in_review", date(2026, 11, 21)),
)
ORDERS = (Order("30000001", "sent", date(2026, 11, 28)), Order("30000003", "delivered"))


def vouchers() -> tuple[RechargeCard, ...]:
    """Two of 50, one of 100, one past its last day, one in another currency."""
    amounts = {"8801": 5_000, "8802": 5_000, "8803": 10_000, "8809": 5_000, "8810": 5_000}
    return tuple(
        RechargeCard(
            number,
            hash_password(secret),
            amounts[number],
            30,
            "USD" if number == "8810" else "CNY",
            TODAY - timedelta(days=1) if number == "8809" else TODAY,
        )
        for number, secret in SECRETS.items()
    )


def in_memory(clock: Clock) -> MemoryBank:
    """The twin."""
    return MemoryBank(
        "CN",
        clock,
        accounts=ACCOUNTS,
        bills=BILLS,
        applications=APPLICATIONS,
        orders=ORDERS,
        cards=vouchers(),
        today=lambda: TODAY,
    )


def in_tables(database: Database, clock: Clock) -> DatabaseBank:
    """The same, written into a database."""
    write(database, wang(), li())
    with database.transaction() as session:
        session.add_all(AccountRow(**_columns(one)) for one in ACCOUNTS)
        session.flush()
        session.add_all(BillRow(**_columns(one)) for one in BILLS)
        session.add_all(ApplicationRow(**_columns(one)) for one in APPLICATIONS)
        session.add_all(OrderRow(**_columns(one)) for one in ORDERS)
        session.add_all(RechargeCardRow(**_columns(one), wrong=0, wrong_at=0) for one in vouchers())
    return DatabaseBank(database, "CN", clock, lambda: TODAY)


def _columns(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__}
