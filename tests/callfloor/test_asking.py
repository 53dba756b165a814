"""Questions of flows go to whom they concern; the answer repeats nothing, and nothing is ever raised."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callfloor import asking
from callfloor.asking import Asker, known_asks
from calls.answering import answered
from calls.vault import Question
from common.fetch import MemoryFetcher, Response
from common.hosts import Hosts
from common.messages import MemorySender, Post
from crm_bridge import sample_books
from crm_bridge.complaints import COMPLAINT as ITS_COMPLAINT
from crm_bridge.complaints_memory import MemoryComplaints
from crm_bridge.recharge import REASONS
from domain.flow import Answered, Ask
from domain.ids import CallId
from ivr.asks import COMPLAINT, FIXED
from tests.crm_bridge.books import CARD, PHONE, Clock, in_memory
from tests.hashes import quick_hashes

__all__ = ["quick_hashes"]
CALL = CallId("call-1")
API = "https://api.bank.example"


def json_of(value: Any, status: int = 200) -> Response:
    return Response(status, "application/json", json.dumps(value).encode())


class House:
    """An asker over twins of everything."""

    def __init__(self, answers: Mapping[tuple[str, str], Response] | None = None) -> None:
        clock = Clock()
        self.bank = in_memory(clock)
        self.complaints = MemoryComplaints(clock)
        self.sms, self.email = MemorySender(), MemorySender()
        self.web = MemoryFetcher(Hosts.read(["api.bank.example"]), answers or {})
        self.seconds = 0.0
        post = Post(self.sms, self.email, "CN")
        self.asker = Asker(self.bank, self.bank, self.complaints, post, self.web, lambda: self.seconds)

    def ask(self, kind: Any, name: str, parameters: dict[str, str], call: CallId = CALL) -> Answered:
        return self.asker(Ask(call, "q1", kind, name, parameters), parameters)


@pytest.fixture
def house(quick_hashes: None) -> House:
    return House()


def ok(**values: Any) -> Answered:
    return Answered(CALL, "q1", "ok", values)


def failed(why: str, **values: Any) -> Answered:
    return Answered(CALL, "q1", "failed", values, why)


# ------------------------------------------------------------------ the records


def test_a_query_finds_nothing_or_its_fields(house: House) -> None:
    """And says what the records do not have."""
    found = house.ask("record", "result", {"application": "20260001", "language": "en"})
    assert (found.outcome, found.values["status"]) == ("ok", "approved")
    assert house.ask("record", "result", {"application": "1"}).outcome == "none"
    why = "the records have no query 'horoscope'; they have bill, result, order_status, balance"
    assert house.ask("record", "horoscope", {}) == failed(why)


def test_a_transaction_is_done_or_refused(house: House) -> None:
    """Once for its key, with the reason among the values."""
    given = {"card": "8801", "secret": "135791", "account": PHONE, "key": "k1"}
    for _ in range(2):
        told = house.ask("transaction", "recharge", given)
        assert (told.outcome, told.values["balance"]) == ("ok", "80.00")
    told = house.ask("transaction", "recharge", {**given, "key": "k2"})
    assert told == Answered(CALL, "q1", "none", {"reason": "used"}, "refused: used")
    assert house.ask("transaction", "recharge", {"key": "k"}).outcome == "failed"


def test_a_long_key_is_a_key(house: House) -> None:
    """However long names of calls and nodes are."""
    given = {"card": "8801", "secret": "135791", "account": PHONE, "key": "k" * 500}
    assert [house.ask("transaction", "recharge", given).outcome for _ in range(2)] == ["ok", "ok"]


def test_without_a_key_the_question_s_own_name_is_the_key(house: House) -> None:
    """So that a question that is put again after a crash is the same question."""
    for _ in range(2):
        assert house.ask("complaint", "complaint", {"category": "work"}) == ok(number="C20251009-0001")


def test_a_complaint_is_taken(house: House) -> None:
    """With everything the flow knows."""
    given = {"category": "service", "caller": PHONE, "contact": PHONE, "read_back": "true", "key": "k"}
    assert house.ask("complaint", "complaint", given) == ok(number="C20251009-0001")
    (one,) = house.complaints.all()
    assert (one.category, one.call, one.contact, one.read_back) == ("service", CALL, PHONE, True)
    assert "category" in house.ask("complaint", "complaint", {"key": "k2"}).why


# ------------------------------------------------------------------ messages


def test_a_message_is_sent(house: House) -> None:
    """By SMS or e-mail, in the country's form of numbers."""
    assert house.ask("message", "sms", {"to": "13800000001", "text": "hello", "key": "k"}) == ok(state="sent")
    given = {"to": "li@example.com", "subject": "Bill", "text": "hello", "key": "k"}
    assert house.ask("message", "email", given) == ok(state="sent")
    assert [one.to for one in (*house.sms.sent, *house.email.sent)] == ["+8613800000001", "li@example.com"]


def test_what_cannot_be_sent(house: House) -> None:
    """Nobody there: nothing. No text, no such way, no such parameter: failed."""
    told = house.ask("message", "sms", {"to": "anonymous", "text": "hello"})
    assert told == Answered(CALL, "q1", "none", {"state": "refused"}, "nobody can be reached there")
    whys = [
        house.ask("message", "sms", {"to": PHONE}).why,
        house.ask("message", "fax", {"to": PHONE, "text": "hello"}).why,
        house.ask("message", "sms", {"to": PHONE, "text": "hello", "colour": "red"}).why,
        house.ask("message", "email", {"to": "a@b.example", "text": "hello"}).why,
    ]
    assert whys == [
        "a message needs a text",
        "there are messages by sms and by email, not by 'fax'",
        "a message by sms has no parameter colour",
        "an e-mail needs a subject of up to 200 characters",
    ]


# ------------------------------------------------------------------ HTTP


def test_values_are_taken_out_of_json(quick_hashes: None) -> None:
    """By where they stand; the status is there too."""
    document = {"data": {"items": [{"amount": 12.5, "paid": True}], "name": "李娜", "n": 7, "no": None}}
    house = House({("GET", f"{API}/x?a=1&b=2%203"): json_of(document)})
    told = house.ask(
        "http",
        "GET",
        {
            "url": f"{API}/x?a=1",
            "query.b": "2 3",
            "header.X-Token": "t",
            "result.amount": "data.items.0.amount",
            "result.paid": "data.items.0.paid",
            "result.name": "data.name",
            "result.n": "data.n",
            "result.no": "data.no?",
            "result.gone": "data.items.7.amount?",
            "timeout_s": "3",
            "retries": "2",
            "key": "通话/节点/1",
        },
    )
    assert told == ok(status=200, amount=12.5, paid=True, name="李娜", n=7, no="", gone="")
    (asked,) = house.web.asked
    assert (asked.timeout_s, asked.retries, asked.headers) == (3.0, 2, {"X-Token": "t"})
    assert len(asked.key) == 32 and asked.key.isascii()


def test_a_body_is_json(quick_hashes: None) -> None:
    """Of fields, or as it is written."""
    house = House({("POST", f"{API}/"): Response(204)})
    assert house.ask("http", "POST", {"url": f"{API}/", "body.name": "李", "body.pin": "1"}) == ok(status=204)
    assert house.ask("http", "POST", {"url": f"{API}/", "body": '{"n": [1]}'}) == ok(status=204)
    bodies = [json.loads(one.body) for one in house.web.asked]
    assert bodies == [{"name": "李", "pin": "1"}, {"n": [1]}]
    assert {one.headers["Content-Type"] for one in house.web.asked} == {"application/json"}


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, "ok"),
        (204, "ok"),
        (404, "none"),
        (410, "none"),
        (400, "failed"),
        (302, "failed"),
        (503, "failed"),
    ],
)
def test_the_status_decides(quick_hashes: None, status: int, outcome: str) -> None:
    """Nothing there is no failure; the status is told in any case."""
    house = House({("GET", f"{API}/secret/place"): Response(status)})
    told = house.ask("http", "GET", {"url": f"{API}/secret/place"})
    assert (told.outcome, told.values) == (outcome, {"status": status})
    assert told.why == ("" if outcome == "ok" else f"api.bank.example answered {status}")


@pytest.mark.parametrize(
    ("document", "path", "said"),
    [
        ({"a": 1}, "b", "the answer has no b"),
        ({"a": None}, "a", "the answer has no a"),
        ({"a": [1]}, "a.1", "the answer has no a.1"),
        ({"a": [1]}, "a.-1", "the answer has no a.-1"),
        ({"a": "text"}, "a.0", "the answer has no a.0"),
        ({"a": {"b": 1}}, "a", "a of the answer is no text and no number"),
        ({"a": "x" * 1_001}, "a", "a of the answer is longer than 1000 characters"),
        ({"a": 2**60}, "a", "a of the answer is too large a number"),
    ],
)
def test_a_value_that_is_not_there_is_a_failure(
    quick_hashes: None, document: Any, path: str, said: str
) -> None:
    """The flow relies on it."""
    house = House({("GET", f"{API}/"): json_of(document)})
    assert house.ask("http", "GET", {"url": f"{API}/", "result.x": path}) == failed(said)


def test_what_cannot_be_asked_over_http(house: House) -> None:
    """Other hosts, methods, parameters; two bodies."""
    url = f"{API}/"
    whys = [
        house.ask("http", "GET", {"url": "https://evil.example/?pin=271828"}).why,
        house.ask("http", "TRACE", {"url": url}).why,
        house.ask("http", "GET", {"url": url, "colour": "red"}).why,
        house.ask("http", "POST", {"url": url, "body": "{}", "body.a": "b"}).why,
        house.ask("http", "GET", {"url": url, "body.a": "b"}).why,
        house.ask("http", "GET", {"url": url, "timeout_s": "soon"}).why,
        house.ask("http", "GET", {"url": url, "timeout_s": "nan"}).why,
        house.ask("http", "GET", {"url": url, "retries": "-1"}).why,
        house.ask("http", "GET", {}).why,
    ]
    assert whys == [
        "evil.example is not among the hosts that may be asked (flows.http_hosts)",
        "the method must be one of GET, POST, PUT, PATCH, DELETE",
        "http has no parameter colour",
        "http has body or body.NAME, not both",
        "GET has no body",
        "http: timeout_s must be a number",
        "http: timeout_s must be a number",
        "http: retries must be a number",
        "the URL must begin with https:// and a host",
    ]


def test_a_page_is_no_answer_where_values_are_wanted(quick_hashes: None) -> None:
    """And none is needed where none are."""
    house = House({("GET", f"{API}/"): Response(200, "text/html", b"<html>")})
    assert house.ask("http", "GET", {"url": f"{API}/"}) == ok(status=200)
    told = house.ask("http", "GET", {"url": f"{API}/", "result.x": "a?"})
    assert told == failed("the answer is not JSON")


# ------------------------------------------------------------------ secrets, limits, faults


def refers(house: House, kind: Any, name: str, hidden: str, **others: str) -> Answered:
    """As the runner asks: the reference in the question, the digits beside it."""
    ask = Ask(CALL, "q1", kind, name, {**others, hidden: "$secret:pin"})
    return house.asker(ask, {**others, hidden: "271828"})


def test_a_secret_goes_only_where_it_is_not_kept(house: House) -> None:
    """Into a look or a check, not into a message, a complaint, a URL or the name of an account."""
    assert refers(house, "record", "bill", "card").outcome == "none"
    told = refers(house, "transaction", "recharge", "secret", card="8801", account=PHONE)
    assert told.values == {"reason": "not_valid"}
    assert refers(house, "http", "POST", "body.pin", url=f"{API}/").outcome == "none"
    assert refers(house, "http", "GET", "header.X-Pin", url=f"{API}/").outcome == "none"
    kept = [
        refers(house, "message", "sms", "text", to=PHONE),
        refers(house, "message", "sms", "to", text="hello"),
        refers(house, "complaint", "complaint", "text", category="work"),
        refers(house, "transaction", "recharge", "account", card="8801", secret="135791"),
        refers(house, "transaction", "recharge", "key", card="8801", secret="135791", account=PHONE),
        refers(house, "http", "GET", "url"),
        refers(house, "http", "GET", "key", url=f"{API}/"),
        refers(house, "record", "horoscope", "sign"),
    ]
    assert [one.outcome for one in kept] == ["failed"] * len(kept)
    assert kept[0].why == "a secret must not be the parameter text of message sms"
    assert house.sms.sent == [] and house.complaints.all() == []


def test_no_answer_and_no_log_repeats_a_parameter(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever goes wrong, and wherever it does."""

    def breaks(*_args: Any) -> Any:
        raise RuntimeError("could not insert 271828 of li@example.com")

    ways: list[tuple[Any, str, dict[str, str]]] = [
        ("record", "bill", {"card": "271828"}),
        ("transaction", "recharge", {"card": "271828", "secret": "271828", "account": "271828", "key": "k"}),
        ("message", "email", {"to": "li@example.com", "text": "271828", "subject": "271828"}),
        ("complaint", "complaint", {"category": "work", "text": "271828"}),
        ("http", "POST", {"url": f"{API}/271828", "body.pin": "271828"}),
    ]
    with caplog.at_level("DEBUG"):
        told = [house.ask(*way) for way in ways]
        for part in ("_records", "_transactions", "_complaints", "_messages", "_web"):
            setattr(house.asker, part, Broken(breaks))
        told += [house.ask(*way) for way in ways]
    assert [one.outcome for one in told[5:]] == ["failed"] * 5
    assert told[5].why == "record failed: RuntimeError"
    assert "RuntimeError at " in caplog.text
    assert "271828" not in repr(told) + caplog.text and "li@" not in repr(told) + caplog.text


class Broken:
    """Everything it is asked breaks."""

    def __init__(self, breaks: Any) -> None:
        self.query = self.do = self.take = self.send = self.fetch = breaks


def test_a_flow_that_asks_without_end_is_slowed(house: House) -> None:
    """Each call for itself."""

    def passes(call: str = CALL) -> bool:
        return house.ask("record", "bill", {"card": "1"}, CallId(call)).outcome == "none"

    assert [passes() for _ in range(asking.AT_ONCE + 2)] == [True] * asking.AT_ONCE + [False] * 2
    assert house.ask("record", "bill", {"card": "1"}).why == "the flow asks too much in too short a time"
    assert passes("call-2")
    house.seconds += 2 / asking.PER_S
    assert [passes() for _ in range(3)] == [True, True, False]


def test_what_the_vault_knows_is_not_asked_here(house: House) -> None:
    """Whoever wired it so hears it."""
    assert house.ask("secret", "luhn", {}).why == "nobody here answers a question of the kind secret"


def test_the_runner_can_ask(house: House) -> None:
    """As it asks everybody."""
    ask = Ask(CALL, "q1", "record", "balance", {"account": "$secret:number"})
    question = Question(ask, {"account": PHONE}, (PHONE,), ())
    assert answered(question, house.asker).values["balance"] == "30.00"


KINDS = st.sampled_from(["record", "http", "transaction", "message", "complaint", "secret", "?"])
NAMES = st.sampled_from(["bill", "recharge", "sms", "email", "complaint", "GET", "POST"]) | st.text(
    max_size=5
)
KEYS = (
    st.sampled_from(["card", "customer", "account", "secret", "key", "to", "text", "category", "application"])
    | st.sampled_from(["url", "body", "body.a", "query.a", "header.a", "result.a", "timeout_s", "retries"])
    | st.text(max_size=5)
)
TEXTS = st.sampled_from(["", "1", "8801", f"{API}/", "https://", "$secret:a", CARD]) | st.text(max_size=8)


@given(KINDS, NAMES, st.dictionaries(KEYS, TEXTS, max_size=6))
def test_whatever_is_asked_there_is_an_answer(kind: Any, name: str, parameters: dict[str, str]) -> None:
    """To this question, of plain values."""
    house = one_house()
    house.seconds += 100
    told = house.ask(kind, name, parameters)
    assert (told.call, told.ask) == (CALL, "q1")
    assert told.outcome in ("ok", "none", "failed")
    assert all(type(value) in (str, int, float, bool) for value in told.values.values())


@cache
def one_house() -> House:
    return House({("GET", f"{API}/"): json_of({"a": 1})})


# ------------------------------------------------------------------ what is known


def test_what_is_known_can_be_asked() -> None:
    """Every query and transaction of the records, messages and complaints; each name once."""
    known = [(one.kind, one.name) for one in known_asks()]
    assert known == [
        ("record", "bill"),
        ("record", "result"),
        ("record", "order_status"),
        ("record", "balance"),
        ("transaction", "recharge"),
        *((one.kind, one.name) for one in FIXED),
    ]
    assert "key" in next(one for one in known_asks() if one.name == "recharge").needs


def test_a_complaint_is_the_same_to_both_rooms() -> None:
    """What flows may say of one is what can be written down."""
    said = {"needs": COMPLAINT.needs, "may": set(COMPLAINT.may) - {"key"}, "gives": dict(COMPLAINT.gives)}
    kept = {"needs": ITS_COMPLAINT.needs, "may": set(ITS_COMPLAINT.may), "gives": dict(ITS_COMPLAINT.gives)}
    assert said == kept


def test_what_can_be_asked_is_documented() -> None:
    """Each query and transaction with its parameters and values, and every reason of a refusal."""
    page = (Path(__file__).parents[2] / "docs/operators.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith(("| `record`", "| `transaction`"))]
    told = [[re.findall(r"`(\w+)`", cell) for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows]
    assert told == [
        [
            [one.kind],
            [one.name],
            [*(name for name in one.needs if name != "key"), *one.one_of],
            list(one.may),
            list(one.gives),
        ]
        for one in known_asks()
        if one.kind in ("record", "transaction")
    ]
    assert [reason for reason in REASONS if f"`{reason}`" not in page] == []


def test_the_documented_numbers_are_those_of_the_sample() -> None:
    """Cards, accounts, applications, orders, and recharge cards with their secrets."""
    page = (Path(__file__).parents[2] / "docs/operators.md").read_text(encoding="utf-8")
    numbers = [sample_books.OPEN_CARD, sample_books.PAID_CARD, sample_books.PREPAID, sample_books.RUN_OUT]
    numbers += [number for number, *_ in (*sample_books.APPLICATIONS, *sample_books.ORDERS)]
    assert [number for number in numbers if f"`{number}`" not in page] == []
    assert [v.number for v in sample_books.VOUCHERS if f"`{v.number}`, `{v.secret}`" not in page] == []
