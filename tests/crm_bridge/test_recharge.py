"""One contract for recharging by card: at most once for a key, and guessing does not help."""

import subprocess
import sys
import textwrap
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from common.asks import CannotAnswer
from common.db import Database
from crm_bridge import bank_database, recharge
from crm_bridge.bank import Account, RechargeCard
from crm_bridge.bank_database import DatabaseBank
from domain.ids import CallId
from tests.crm_bridge.books import CALL, PHONE, SECRETS, TODAY, Bank, Clock, in_memory, in_tables
from tests.crm_bridge.conftest import seeded
from tests.hashes import quick_hashes

__all__ = ["quick_hashes"]
TOLD = {
    "amount": "50.00",
    "account_tail": "0001",
    "balance": "80.00",
    "currency": "CNY",
    "valid_until": "2027-01-03",
}
NOT_VALID, TOO_MANY = (False, {"reason": "not_valid"}), (False, {"reason": "too_many"})


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.peer)])
def bank(request: pytest.FixtureRequest, clock: Clock, quick_hashes: None) -> Bank:
    if request.param == "memory":
        return in_memory(clock)
    kept = request.getfixturevalue("sqlite" if request.param == "sqlite" else "on_postgres")
    return in_tables(kept, clock)


@pytest.fixture
def on_postgres(postgres_tables: str) -> Any:
    with seeded(postgres_tables) as database:
        yield database


def tried(
    bank: Bank, key: str, card: str = "8801", secret: str = "", account: str = PHONE, **more: str
) -> Any:
    call = CallId(more.pop("call", CALL))
    given = {"card": card, "secret": secret or SECRETS.get(card, "?"), "account": account, **more}
    return bank.do("recharge", key, call, given)


def balance(bank: Bank, account: str = PHONE) -> object:
    found = bank.query("balance", {"account": account})
    assert found is not None
    return found["balance"]


def test_a_card_adds_to_an_account(bank: Bank) -> None:
    """Its amount and its days, from the end of what the account has, or from today."""
    assert tried(bank, "k1", account="138 0000 0001") == (True, TOLD)
    assert balance(bank) == "80.00"
    done, told = tried(bank, "k2", "8803", account="10020002")
    assert (done, told["balance"], told["valid_until"]) == (True, "100.00", "2026-12-24")


def test_the_same_key_again_gets_the_same_answer(bank: Bank) -> None:
    """Done or refused, and nothing is done twice, whatever is sent with it."""
    for _ in range(3):
        assert tried(bank, "k1") == (True, TOLD)
    assert balance(bank) == "80.00"
    assert tried(bank, "k1", "8802") == (True, TOLD)
    assert tried(bank, "k2", "8802", "000000") == NOT_VALID
    assert tried(bank, "k2", "8802") == NOT_VALID
    assert balance(bank) == "80.00"


def test_a_key_belongs_to_its_call(bank: Bank) -> None:
    """Nobody hears what another call was told; it is not done again, and a refusal stays one."""
    tried(bank, "k1")
    assert tried(bank, "k1", "8802", call="call-2") == (False, {"reason": "done_before"})
    assert balance(bank) == "80.00"
    tried(bank, "k2", "8802", "000000")
    assert tried(bank, "k2", "8802", call="call-2") == NOT_VALID


def test_what_is_refused_and_why(bank: Bank) -> None:
    """A card that is not there and a wrong secret alike; what is wrong with a card only its owner is told."""
    tried(bank, "k1")
    refusals = {
        "used": tried(bank, "k2"),
        "not_valid": tried(bank, "k3", "8801", "000000", call="b"),
        "expired": tried(bank, "k4", "8809", call="c"),
        "no_account": tried(bank, "k5", "8802", account="123", call="d"),
        "other_currency": tried(bank, "k6", "8810", call="e"),
    }
    assert refusals == {reason: (False, {"reason": reason}) for reason in refusals}
    assert tried(bank, "k7", "9999", "135791", call="f") == NOT_VALID
    assert balance(bank) == "80.00"
    # A right secret in vain uses nothing up.
    assert tried(bank, "k8", "8802", call="g")[0]


def test_a_card_takes_so_many_wrong_secrets_in_a_day(bank: Bank, clock: Clock) -> None:
    """From whatever calls; then not even the right one, until a day has passed."""
    for number in range(recharge.MOST_WRONG):
        assert tried(bank, f"w{number}", secret="000000", call=f"call-{number}") == NOT_VALID
    assert tried(bank, "k1", call="mine") == TOO_MANY
    assert tried(bank, "k2", "8802", call="mine")[0]  # another card is another card
    clock.goes_on(recharge.CLOSED_S + 1)
    assert tried(bank, "k3", call="mine")[0]


def test_a_right_secret_begins_anew(bank: Bank) -> None:
    """Mistypes of years do not add up."""
    for round in range(2):
        for number in range(recharge.MOST_WRONG - 1):
            tried(bank, f"w{round}.{number}", secret="000000", call=f"call-{round}.{number}")
        assert tried(bank, f"k{round}", account="123", call=f"r{round}")[1] == {"reason": "no_account"}


@pytest.mark.parametrize("who", ["call", "caller"])
def test_a_caller_is_refused_so_often_in_an_hour(bank: Bank, clock: Clock, who: str) -> None:
    """Whatever cards they try; others are not touched by it."""

    def again(key: str, card: str = "8801") -> Any:
        more = {"call": "one"} if who == "call" else {"call": f"call-{key}", "caller": "+8613800000009"}
        return tried(bank, key, card, **more)

    for number in range(recharge.MOST_REFUSED):
        assert again(f"w{number}", f"99{number}") == NOT_VALID
    assert again("k1") == TOO_MANY
    assert tried(bank, "k2", "8802", call="other", caller="+8613800000008")[0]
    clock.goes_on(recharge.COUNTED_S + 1)
    assert again("k3")[0]


@pytest.mark.parametrize(
    ("name", "key", "parameters", "said"),
    [
        ("pay", "k", {}, "the records have no transaction 'pay'; they have recharge"),
        ("recharge", "", {"card": "1", "secret": "2", "account": "3"}, "recharge needs a key of up to 128"),
        ("recharge", "k" * 129, {"card": "1", "secret": "2", "account": "3"}, "recharge needs a key"),
        ("recharge", "k", {"card": "1"}, "recharge needs the parameter secret, account"),
    ],
)
def test_what_cannot_be_asked_so_is_told(
    bank: Bank, name: str, key: str, parameters: dict[str, str], said: str
) -> None:
    """By names alone."""
    with pytest.raises(CannotAnswer) as caught:
        bank.do(name, key, CALL, parameters)
    assert str(caught.value).startswith(said)


def test_two_with_one_key_do_it_once(bank: Bank) -> None:
    """Side by side, as when a question is put again after a crash while the first is still under way."""
    at_once = threading.Barrier(4)

    def go(_number: int) -> Any:
        at_once.wait(10)
        return tried(bank, "k1")

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(go, range(4))) == [(True, TOLD)] * 4
    assert balance(bank) == "80.00"


def test_two_with_one_card_use_it_once(bank: Bank) -> None:
    """Under two keys: one is done, the others find it used."""
    at_once = threading.Barrier(3)

    def go(number: int) -> Any:
        at_once.wait(10)
        return tried(bank, f"k{number}", call=f"call-{number}")

    with ThreadPoolExecutor(3) as threads:
        answers = list(threads.map(go, range(3)))
    assert Counter(str(told.get("reason")) for _, told in answers) == {"None": 1, "used": 2}
    assert balance(bank) == "80.00"


def test_two_cards_for_one_account_both_count(bank: Bank) -> None:
    """Neither overwrites the other's amount."""
    at_once = threading.Barrier(3)

    def go(card: str) -> Any:
        at_once.wait(10)
        return tried(bank, f"k{card}", card, call=f"call-{card}")

    with ThreadPoolExecutor(3) as threads:
        assert all(done for done, _ in threads.map(go, ("8801", "8802", "8803")))
    assert balance(bank) == "230.00"


def test_a_guesser_with_many_threads_gets_no_more_tries(bank: Bank, clock: Clock) -> None:
    """Tries are counted before the secret is looked at."""
    at_once = threading.Barrier(12)

    def go(number: int) -> Any:
        at_once.wait(10)
        return tried(bank, f"k{number}", secret=f"{number:06d}", call=f"call-{number}")

    with ThreadPoolExecutor(12) as threads:
        reasons = Counter(told["reason"] for _, told in threads.map(go, range(12)))
    assert reasons == {"not_valid": recharge.MOST_WRONG, "too_many": 12 - recharge.MOST_WRONG}


# ------------------------------------------------------------------ in tables


@pytest.fixture
def kept(database: Database, clock: Clock, quick_hashes: None) -> DatabaseBank:
    return in_tables(database, clock)


def test_what_fails_in_between_has_not_happened(kept: DatabaseBank, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the card nor the account has changed, and the same key may be tried again."""

    def fails(*_args: Any) -> Any:
        raise OSError("the disk is gone")

    monkeypatch.setattr(recharge, "told", fails)  # after card and account were written
    with pytest.raises(OSError):
        tried(kept, "k1")
    assert balance(kept) == "30.00"
    monkeypatch.undo()
    assert tried(kept, "k1", secret=SECRETS["8801"]) == (True, TOLD)


def test_the_secret_is_kept_nowhere(
    kept: DatabaseBank, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """Not in a row, not in a log; of the card's number a transaction has four digits."""
    with caplog.at_level("DEBUG"):
        tried(kept, "k1", caller="+8613800000009")
        tried(kept, "k2", "8802", "271828", call="other")
    with database.transaction() as session:
        tables = ("transactions", "recharge_cards", "bank_accounts", "contacts", "complaints")
        rows = [str(row) for t in tables for row in session.execute(text(f"SELECT * FROM {t}"))]
        cards = session.execute(text("SELECT card_tail FROM transactions")).scalars().all()
    everything = "\n".join(rows) + caplog.text
    assert "k1" in everything
    assert not [secret for secret in (*SECRETS.values(), "271828") if secret in everything]
    assert set(cards) == {"8801", "8802"}


CRASH = """
    import os, sys
    from pathlib import Path
    from common.db import Database
    from crm_bridge import bank_database, recharge
    from tests.crm_bridge.books import Clock, TODAY
    from tests.crm_bridge.test_recharge import tried

    def dies(*_args, **_more):
        os._exit(9)

    if sys.argv[2] == "verify":
        bank_database.verify = dies
    elif sys.argv[2] == "told":
        recharge.told = dies
    bank = bank_database.DatabaseBank(Database(sys.argv[1]), "CN", Clock(), lambda: TODAY)
    tried(bank, "k1")
    os._exit(9)
"""


@pytest.mark.parametrize("at", ["verify", "told", "end"])
def test_a_process_that_dies_leaves_it_done_once(
    at: str, tmp_path: Path, clock: Clock, quick_hashes: None
) -> None:
    """Before the secret is looked at, while it is written, after the end: asked again it is done once."""
    url = f"sqlite:///{tmp_path / 'bank.db'}"
    with seeded(url) as database:
        bank = in_tables(database, clock)
        script = textwrap.dedent(CRASH)
        run = subprocess.run(
            [sys.executable, "-c", script, url, at], cwd=Path(__file__).parents[2], timeout=60
        )
        assert run.returncode == 9
        assert balance(bank) == ("80.00" if at == "end" else "30.00")
        assert tried(bank, "k1") == (True, TOLD)
        assert balance(bank) == "80.00"


def test_days_count_from_what_there_is() -> None:
    """From the end of the validity, or from today where that is past; without an end there is none."""
    card = RechargeCard("1", "", 100, 30)
    ends = {
        TODAY + timedelta(days=10): TODAY + timedelta(days=40),
        TODAY - timedelta(days=10): TODAY + timedelta(days=30),
        None: None,
    }
    until: date | None
    for until, after_that in ends.items():
        assert recharge.recharged(Account("1", 5, valid_until=until), card, TODAY) == Account(
            "1", 105, valid_until=after_that
        )


def test_looks_at_secrets_are_few_at_once() -> None:
    """Each takes 64 MiB."""
    assert bank_database._verifying._value <= 2
