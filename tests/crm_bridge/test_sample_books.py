"""The sample bank's books."""

import pytest
from sqlalchemy import func, select, text

from common import phones
from common.db import Database
from crm_bridge import retail, sample, sample_books
from crm_bridge.bank_database import DatabaseBank
from crm_bridge.bank_models import AccountRow, BillRow, RechargeCardRow
from crm_bridge.models import CustomerRow
from crm_bridge.sample_books import OPEN_CARD, PAID_CARD, PREPAID, RUN_OUT, VOUCHERS
from domain.ids import CallId
from domain.instant import after
from tests.crm_bridge.bank import NOW, customer, write
from tests.crm_bridge.books import Clock
from tests.hashes import quick_hashes

__all__ = ["quick_hashes"]
pytestmark = pytest.mark.usefixtures("quick_hashes")


@pytest.fixture
def bank(sqlite: Database) -> DatabaseBank:
    fill(sqlite)
    clock = Clock()
    return DatabaseBank(sqlite, "CN", clock, lambda: sample_books.day_of(clock()))


def fill(database: Database, **more: object) -> None:
    with database.transaction() as session:
        retail.seed(session)
        made = {"seed": 7, "customers": 20, "now": NOW, **more}
        sample.fill(session, **made)  # type: ignore[arg-type]
        sample_books.fill(session, 7, made["now"])  # type: ignore[arg-type]


def luhn(digits: str) -> bool:
    doubled = sum(sum(divmod(2 * int(c), 10)) for c in digits[-2::-2])
    return (doubled + sum(int(c) for c in digits[::-2])) % 10 == 0


def test_the_documented_numbers_have_answers(bank: DatabaseBank) -> None:
    """A bill to pay and a paid one, accounts, every result and every order."""
    told = [bank.query("bill", {"card": card}) for card in (OPEN_CARD, PAID_CARD)]
    assert [(one["amount"], one["paid"]) for one in told if one] == [("128.50", False), ("45.99", True)]
    told = [bank.query("balance", {"account": account}) for account in (PREPAID, RUN_OUT)]
    assert [one["balance"] for one in told if one] == ["12.50", "0.00"]
    for number, _, status in sample_books.APPLICATIONS:
        found = bank.query("result", {"application": number})
        assert found is not None and found["status"] == status
    for number, status, _ in sample_books.ORDERS:
        found = bank.query("order_status", {"order": number, "language": "en"})
        assert found is not None and found["status"] == status


def test_every_voucher_can_be_used_once(bank: DatabaseBank) -> None:
    """With its secret; the one past its last day cannot."""
    for at, one in enumerate(VOUCHERS):
        given = {"card": one.number, "secret": one.secret, "account": PREPAID}
        done, told = bank.do("recharge", f"k{at}", CallId(f"c{at}"), given)
        assert done != one.expired
        assert told.get("reason", "expired") == "expired"


def test_every_customer_has_a_card_with_bills_and_a_telephone(bank: DatabaseBank, sqlite: Database) -> None:
    """Cards with check digits, telephones in E.164; the first two share a telephone, which is one account."""
    with sqlite.transaction() as session:
        ids = session.scalars(select(CustomerRow.id)).all()
        numbers = session.scalars(select(AccountRow.number).where(AccountRow.customer.is_not(None))).all()
    for id in ids:
        bill, balance = bank.query("bill", {"customer": id}), bank.query("balance", {"customer": id})
        assert bill is not None and bill["period"] == "2025-09"
        assert balance is not None and balance["accounts"] in (1, 2)
    cards = [number for number in numbers if not number.startswith("+")]
    assert len(cards) == len(ids) and all(luhn(card) for card in (*cards, OPEN_CARD, PAID_CARD))
    assert all(phones.normalise(n, "CN") == n for n in numbers if n.startswith("+"))


def test_filling_again_spoils_nothing(bank: DatabaseBank, sqlite: Database) -> None:
    """What was used stays used; a later month has its bills too; customers of one's own get none."""
    given = {"card": VOUCHERS[0].number, "secret": VOUCHERS[0].secret, "account": PREPAID}
    bank.do("recharge", "k", CallId("c"), given)
    write(sqlite, customer("c-mine"))
    before = everything(sqlite)
    fill(sqlite)
    assert everything(sqlite) == before
    fill(sqlite, now=after(NOW, 31 * 86_400))
    with sqlite.transaction() as session:
        count = session.scalar(select(func.count()).select_from(BillRow))
        newest = session.scalar(select(func.max(BillRow.period)))
        hashes = set(session.scalars(select(RechargeCardRow.hash)))
    assert (count, newest) == (22 * (sample_books.MONTHS + 1), "2025-10")
    assert len(hashes) == len(VOUCHERS) and all(h.startswith("$argon2id$") for h in hashes)


def everything(database: Database) -> list[object]:
    tables = ("bank_accounts", "bank_bills", "bank_applications", "bank_orders", "recharge_cards")
    with database.transaction() as session:
        return [
            tuple(row) for t in tables for row in session.execute(text(f"SELECT * FROM {t} ORDER BY 1, 2"))
        ]
