"""The rules of recharging an account by card (充值卡续费): what is asked, what is refused and why.

``key`` names one attempt. Its answer, done or refused, is kept with it, so that the same key again gets the
same answer and changes nothing; a caller who mistyped tries again under a new key. An attempt that failed on
the way has no answer, and its key may be used again. A flow may give a key that calls share; whoever comes
later with it is refused, and does not hear what the first was told.

Who guesses learns nothing: a card that is not there and a wrong secret are refused alike and take the same
time. A card takes ``MOST_WRONG`` wrong secrets in ``CLOSED_S``, a call and a caller ``MOST_REFUSED`` refusals
in ``COUNTED_S``.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from common.asks import CannotAnswer
from crm_bridge.bank import Account, RechargeCard
from crm_bridge.money import as_text
from crm_bridge.queries import LONGEST, Spec, Values, balance_of

MOST_WRONG: Final = 5
CLOSED_S: Final = 24 * 3600.0
MOST_REFUSED: Final = 5
COUNTED_S: Final = 3600.0
LONGEST_KEY: Final = 128

NOT_VALID, USED, EXPIRED, TOO_MANY, NO_ACCOUNT, OTHER_CURRENCY, DONE_BEFORE = (
    *("not_valid", "used", "expired", "too_many"),
    *("no_account", "other_currency", "done_before"),
)
REASONS: Final = {
    NOT_VALID: "no such card, or another secret",
    USED: "the card was used before",
    EXPIRED: "the card is past its last day",
    TOO_MANY: "too many tries: of this card in a day, of this caller in an hour",
    NO_ACCOUNT: "no such account",
    OTHER_CURRENCY: "card and account are of different currencies",
    DONE_BEFORE: "another call did it under the same key",
}

RECHARGE = Spec(
    "recharge",
    needs=("card", "secret", "account"),
    may=("caller",),
    gives={
        "amount": "what was added: 50.00",
        "account_tail": "last four digits of the account",
        "balance": "what is on it now: 80.00",
        "currency": "CNY",
        "valid_until": "2027-02-28, or empty",
        "reason": f"only of a refusal: {', '.join(REASONS)}",
    },
    secret=("card", "secret"),
)
"""``account`` is a card's or a telephone's number; ``caller`` whose tries are counted besides the call's."""

TRANSACTIONS = (RECHARGE,)


def read(name: str, key: str, parameters: Mapping[str, str]) -> dict[str, str]:
    """The parameters of a transaction. Raises CannotAnswer."""
    spec = next((one for one in TRANSACTIONS if one.name == name), None)
    if spec is None:
        known = ", ".join(one.name for one in TRANSACTIONS)
        raise CannotAnswer(f"the records have no transaction {name[:LONGEST]!r}; they have {known}")
    if not 0 < len(key) <= LONGEST_KEY:
        raise CannotAnswer(f"{name} needs a key of up to {LONGEST_KEY} characters")
    return spec.read(parameters)


def why_not(
    card: RechargeCard | None, right: bool, used: bool, account: Account | None, today: date
) -> str | None:
    """The reason of a refusal, None if there is none. What is wrong with a card only its owner is told."""
    if card is None or not right:
        return NOT_VALID
    if used:
        return USED
    if card.expires is not None and card.expires < today:
        return EXPIRED
    if account is None:
        return NO_ACCOUNT
    return OTHER_CURRENCY if account.currency != card.currency else None


def recharged(account: Account, card: RechargeCard, today: date) -> Account:
    """The account afterwards. Days count from the end of what it has, or from today if that is past."""
    until = account.valid_until
    if until is not None:
        until = max(until, today) + timedelta(days=card.days)
    return replace(account, balance=account.balance + card.amount, valid_until=until)


def told_again(same_call: bool, done: bool, told: Mapping[str, Any]) -> tuple[bool, Values]:
    """The answer that was kept with a key, for a call that comes with the same key."""
    return (False, {"reason": DONE_BEFORE}) if done and not same_call else (done, dict(told))


def told(account: Account, card: RechargeCard) -> Values:
    """What the caller is told of a recharge that was done; ``account`` as it is now."""
    return {"amount": as_text(card.amount), **balance_of(account)}
