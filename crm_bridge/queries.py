"""The named queries of the bank's books: what each takes, what it gives, and how it is answered.

Amounts leave as decimal text in currency units (``128.50``) with the currency beside them, dates as ISO text
and, where they are spoken, with month and day as numbers. Of account and card numbers only the last four
digits leave: an answer is journaled and may be read out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from common import phones
from common.asks import CannotAnswer
from crm_bridge import bank_words
from crm_bridge.bank import Account, Application, Bill, Order
from crm_bridge.money import as_text

Values = dict[str, str | int | float | bool]
Parameters = Mapping[str, str]
LONGEST = 64
"""Characters of a parameter."""


@dataclass(frozen=True, slots=True)
class Spec:
    """What can be asked: ``needs`` must be given, exactly one of ``one_of``, any of ``may``.

    ``gives`` are the values of the answer with what each is. Only parameters of ``secret`` may be what nobody
    may see.
    """

    name: str
    needs: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    gives: Mapping[str, str] = field(default_factory=dict)
    secret: tuple[str, ...] = ()

    def read(self, parameters: Parameters) -> dict[str, str]:
        """The parameters without those that are empty. Raises CannotAnswer, without what was given."""
        given = {name: value.strip() for name, value in parameters.items() if value.strip()}
        unknown = set(given) - {*self.needs, *self.one_of, *self.may}
        if unknown:
            raise CannotAnswer(
                f"{self.name} has no parameter {', '.join(sorted(n[:LONGEST] for n in unknown))}"
            )
        missing = [name for name in self.needs if name not in given]
        if missing:
            raise CannotAnswer(f"{self.name} needs the parameter {', '.join(missing)}")
        if self.one_of and sum(name in given for name in self.one_of) != 1:
            raise CannotAnswer(f"{self.name} needs one of the parameters {', '.join(self.one_of)}")
        for name, value in given.items():
            if len(value) > LONGEST:
                raise CannotAnswer(f"the parameter {name} is longer than {LONGEST} characters")
        return given


class Books(Protocol):
    """Where the answers are looked up."""

    def account(self, number: str) -> Account | None:
        """The account of this number."""

    def accounts_of(self, customer: str) -> Sequence[Account]:
        """The accounts of a customer, by number."""

    def bills(self, accounts: Sequence[str]) -> Sequence[Bill]:
        """The bills of these accounts."""

    def application(self, number: str) -> Application | None:
        """The application of this number."""

    def order(self, number: str) -> Order | None:
        """The order of this number."""


BILL = Spec(
    "bill",
    one_of=("customer", "account", "card"),
    may=("period",),
    gives={
        "account_tail": "last four digits of the card",
        "period": "the month, 2026-10",
        "month": "its number, 1 to 12",
        "amount": "128.50",
        "currency": "CNY",
        "due": "2026-11-25",
        "due_month": "1 to 12",
        "due_day": "1 to 31",
        "paid": "true or false",
        "overdue": "true if not paid and the day is past",
    },
    secret=("account", "card"),
)
"""The newest bill (that is not paid yet, if several are of the same month), or that of ``period``.

``card`` is another word for ``account``.
"""

RESULT = Spec(
    "result",
    needs=("application",),
    may=("language",),
    gives={
        "kind": ", ".join(bank_words.KINDS),
        "status": ", ".join(bank_words.RESULTS),
        "text": "a sentence in the language",
        "changed": "2026-11-20",
    },
    secret=("application",),
)
"""What became of an application; ``language`` is ``zh-CN`` unless another is given."""

ORDER_STATUS = Spec(
    "order_status",
    needs=("order",),
    may=("language",),
    gives={
        "status": ", ".join(bank_words.ORDERS),
        "text": "a sentence or two in the language",
        "expected": "2026-11-28, or empty",
    },
    secret=("order",),
)
"""Where an order stands."""

BALANCE = Spec(
    "balance",
    one_of=("customer", "account"),
    gives={
        "account_tail": "last four digits of the card or telephone number",
        "balance": "30.00",
        "currency": "CNY",
        "valid_until": "2027-02-28, or empty",
        "accounts": "how many the customer has; this is the first",
    },
    secret=("account",),
)
"""What is on an account: a card's number or a telephone's."""

QUERIES = (BILL, RESULT, ORDER_STATUS, BALANCE)


def answer(books: Books, name: str, parameters: Parameters, today: date, region: str) -> Values | None:
    """The fields of what was asked for, None if there is none. Raises CannotAnswer.

    ``region`` is the country of telephone numbers without a country code.
    """
    spec = next((one for one in QUERIES if one.name == name), None)
    if spec is None:
        known = ", ".join(one.name for one in QUERIES)
        raise CannotAnswer(f"the records have no query {name[:LONGEST]!r}; they have {known}")
    return _ANSWERS[spec.name](books, spec.read(parameters), today, region)


def account_number(books: Books, text: str, region: str) -> Account | None:
    """The account of a card or telephone number, however it was typed."""
    typed = digits_of(text)
    found = books.account(typed) if typed else None
    if found is None:
        number = phones.normalise(text, region)
        found = books.account(number) if number else None
    return found


def digits_of(text: str) -> str:
    """The digits of what people group with spaces and hyphens; empty if there is anything else."""
    bare = "".join(c for c in text if c not in " -")
    return bare if bare.isascii() and bare.isdigit() else ""


def tail(number: str) -> str:
    """The last four digits."""
    return number[-4:]


def _bill(books: Books, given: Parameters, today: date, region: str) -> Values | None:
    if "customer" in given:
        accounts = books.accounts_of(given["customer"])
    else:
        found = account_number(books, given.get("account") or given["card"], region)
        accounts = [] if found is None else [found]
    bills = list(books.bills([one.number for one in accounts])) if accounts else []
    if "period" in given:
        period = _period(given["period"])
        bills = [one for one in bills if one.period == period]
    if not bills:
        return None
    bill = max(bills, key=lambda one: (one.period, not one.paid, one.account))
    return {
        "account_tail": tail(bill.account),
        "period": bill.period,
        "month": int(bill.period[5:]),
        "amount": as_text(bill.amount),
        "currency": bill.currency,
        "due": bill.due.isoformat(),
        "due_month": bill.due.month,
        "due_day": bill.due.day,
        "paid": bill.paid,
        "overdue": not bill.paid and bill.due < today,
    }


def _period(text: str) -> str:
    digits = digits_of(text)
    if len(digits) != 6 or not 1 <= int(digits[4:]) <= 12:
        raise CannotAnswer("bill: period must be a month like 2026-10 or 202610")
    return f"{digits[:4]}-{digits[4:]}"


def _result(books: Books, given: Parameters, today: date, region: str) -> Values | None:
    found = books.application(digits_of(given["application"]))
    if found is None:
        return None
    return {
        "kind": found.kind,
        "status": found.status,
        "text": bank_words.of_result(found.kind, found.status, given.get("language", "zh-CN")),
        "changed": found.changed.isoformat(),
    }


def _order_status(books: Books, given: Parameters, today: date, region: str) -> Values | None:
    found = books.order(digits_of(given["order"]))
    if found is None:
        return None
    return {
        "status": found.status,
        "text": bank_words.of_order(found.status, found.expected, given.get("language", "zh-CN")),
        "expected": "" if found.expected is None else found.expected.isoformat(),
    }


def _balance(books: Books, given: Parameters, today: date, region: str) -> Values | None:
    if "customer" in given:
        accounts = books.accounts_of(given["customer"])
    else:
        found = account_number(books, given["account"], region)
        accounts = [] if found is None else [found]
    if not accounts:
        return None
    first = accounts[0]
    return {**balance_of(first), "accounts": len(accounts)}


def balance_of(account: Account) -> Values:
    """What is told of an account."""
    return {
        "account_tail": tail(account.number),
        "balance": as_text(account.balance),
        "currency": account.currency,
        "valid_until": "" if account.valid_until is None else account.valid_until.isoformat(),
    }


_ANSWERS: Mapping[str, Callable[[Books, Parameters, date, str], Values | None]] = {
    "bill": _bill,
    "result": _result,
    "order_status": _order_status,
    "balance": _balance,
}
