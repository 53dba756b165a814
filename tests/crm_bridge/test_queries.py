"""One contract for every bank's books: what can be looked up, in memory, in SQLite and in PostgreSQL."""

from typing import Any

import pytest

from common.asks import CannotAnswer
from crm_bridge import bank_words
from crm_bridge.queries import QUERIES
from tests.crm_bridge.books import CARD, PHONE, Bank, Clock, in_memory, in_tables
from tests.hashes import quick_hashes

__all__ = ["quick_hashes"]


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.peer)])
def bank(request: pytest.FixtureRequest, quick_hashes: None) -> Bank:
    if request.param == "memory":
        return in_memory(Clock())
    kept = request.getfixturevalue("sqlite" if request.param == "sqlite" else "on_postgres")
    return in_tables(kept, Clock())


def test_the_newest_bill(bank: Bank) -> None:
    """Of a card, however its number is grouped; amounts as text, dates also as month and day."""
    expected = {
        "account_tail": "0016",
        "period": "2026-10",
        "month": 10,
        "amount": "128.50",
        "currency": "CNY",
        "due": "2026-11-25",
        "due_month": 11,
        "due_day": 25,
        "paid": False,
        "overdue": False,
    }
    for card in (CARD, "6222 0100 0000 0016", "6222-0100-0000-0016"):
        assert bank.query("bill", {"card": card}) == expected
    assert bank.query("bill", {"account": CARD}) == expected
    # Of two bills of the same month, that which has to be paid.
    assert bank.query("bill", {"customer": "c-1"}) == expected
    assert bank.query("bill", {"customer": "c-1", "card": "", "period": ""}) == expected


def test_the_bill_of_a_month(bank: Bank) -> None:
    """Written either way; overdue is what was not paid in time."""
    found = bank.query("bill", {"card": CARD, "period": "202609"})
    assert found is not None and (found["amount"], found["paid"], found["overdue"]) == ("99.20", True, False)
    found = bank.query("bill", {"customer": "c-1", "period": "2026-08"})
    assert found is not None and (found["paid"], found["overdue"]) == (False, True)
    assert bank.query("bill", {"card": CARD, "period": "2025-01"}) is None


def test_what_became_of_an_application(bank: Bank) -> None:
    """A key to branch on, and a sentence in the caller's language."""
    assert bank.query("result", {"application": "20260001"}) == {
        "kind": "credit_card",
        "status": "approved",
        "text": "您的信用卡申请已通过。",
        "changed": "2026-11-20",
    }
    found = bank.query("result", {"application": "2026 0002", "language": "en"})
    assert found is not None and found["text"] == "Your personal loan application is being looked at."


def test_where_an_order_stands(bank: Bank) -> None:
    """With the day it is expected, if there is one."""
    found = bank.query("order_status", {"order": "30000001"})
    assert found == {"status": "sent", "text": "您的订单已发货。预计11月28日送达。", "expected": "2026-11-28"}
    found = bank.query("order_status", {"order": "30000001", "language": "en-GB"})
    assert found is not None
    assert found["text"] == "Your order was sent. It should arrive on 28 November."
    found = bank.query("order_status", {"order": "30000003"})
    assert found is not None and (found["text"], found["expected"]) == ("您的订单已送达。", "")


def test_what_is_on_an_account(bank: Bank) -> None:
    """Of a telephone however its number is written, of a card, of a customer."""
    expected = {
        "account_tail": "0001",
        "balance": "30.00",
        "currency": "CNY",
        "valid_until": "2026-12-04",
        "accounts": 1,
    }
    for number in (PHONE, "138 0000 0001", "008613800000001"):
        assert bank.query("balance", {"account": number}) == expected
    assert bank.query("balance", {"customer": "c-2"}) == expected
    found = bank.query("balance", {"customer": "c-1"})
    assert found is not None
    assert (found["account_tail"], found["balance"], found["accounts"]) == ("0016", "12345.00", 2)
    assert found["valid_until"] == ""


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("bill", {"card": "6222000000000000"}),
        ("bill", {"customer": "nobody"}),
        ("bill", {"customer": "c-2"}),
        ("bill", {"card": "' OR 1=1 --"}),
        ("result", {"application": "1"}),
        ("result", {"application": "abc"}),
        ("order_status", {"order": "%"}),
        ("balance", {"account": "13899999999"}),
        ("balance", {"customer": "c-3"}),
    ],
)
def test_what_is_not_there_is_none(bank: Bank, name: str, parameters: dict[str, str]) -> None:
    """Which is no error."""
    assert bank.query(name, parameters) is None


@pytest.mark.parametrize(
    ("name", "parameters", "said"),
    [
        ("bills", {}, "the records have no query 'bills'; they have bill, result, order_status, balance"),
        ("bill", {}, "bill needs one of the parameters customer, account, card"),
        (
            "bill",
            {"customer": "c-1", "card": CARD},
            "bill needs one of the parameters customer, account, card",
        ),
        ("bill", {"card": CARD, "period": "2026-13"}, "bill: period must be a month like 2026-10 or 202610"),
        ("bill", {"card": CARD, "colour": "red"}, "bill has no parameter colour"),
        ("result", {"application": " "}, "result needs the parameter application"),
        ("result", {"application": "1" * 65}, "the parameter application is longer than 64 characters"),
    ],
)
def test_what_cannot_be_asked_so_is_told(
    bank: Bank, name: str, parameters: dict[str, str], said: str
) -> None:
    """By the names of parameters, never by what was given for them."""
    with pytest.raises(CannotAnswer) as caught:
        bank.query(name, parameters)
    assert str(caught.value) == said


def test_every_query_gives_what_it_says(bank: Bank) -> None:
    """Its fields and no others; no whole number of a card among them."""
    asked: dict[str, dict[str, str]] = {
        "bill": {"card": CARD},
        "result": {"application": "20260001"},
        "order_status": {"order": "30000001"},
        "balance": {"account": PHONE},
    }
    for query in QUERIES:
        found = bank.query(query.name, asked[query.name])
        assert found is not None and set(found) == set(query.gives)
        assert not {CARD, PHONE} & {str(value) for value in found.values()}


def test_every_word_is_there_in_both_languages() -> None:
    """And whole."""

    def said(language: str) -> set[str]:
        results = {bank_words.of_result(k, s, language) for k in bank_words.KINDS for s in bank_words.RESULTS}
        return results | {bank_words.of_order(s, None, language) for s in bank_words.ORDERS}

    chinese, english = said("zh-CN"), said("en")
    assert len(chinese) == len(english) == 20
    assert all(text.isascii() and text.endswith(".") for text in english)
    assert not any("{" in text or text.isascii() for text in chinese)


@pytest.fixture
def on_postgres(postgres_tables: str) -> Any:
    from tests.crm_bridge.conftest import seeded

    with seeded(postgres_tables) as database:
        yield database
