"""``http`` asks a system that speaks HTTP and JSON."""

import json

import pytest

from tests.ivr.caller import Caller
from tests.ivr.flows import small_flow, small_text
from tests.ivr.test_load import problems

HTTP = """
start:
  type: http
  method: POST
  url: "https://shop.example/orders/{order}?from=ivr"
  query: {lang: "{language}"}
  headers: {X-Token: "{pin}"}
  body: {order: "{order}", pin: "{pin}", note: "a {order}"}
  into: {state: data.items.0.state, eta: "data.eta?"}
  status: code
  timeout_s: 3
  retries: 1
  exits: {ok: end, none: queue_end, failed: lost}
lost: {type: hang_up}
"""


def asked(text: str = HTTP, **variables: object) -> dict[str, str]:
    """The parameters of the request."""
    return dict(Caller(small_flow(text), **{"order": "A/1 2", **variables}).intents[-1].parameters)  # type: ignore[arg-type]


def test_the_request_is_made_of_the_calls_variables() -> None:
    """What is put into the address is written as an address wants it."""
    assert asked() == {
        "url": "https://shop.example/orders/A%2F1%202?from=ivr",
        "query.lang": "en",
        "header.X-Token": "",
        "body.order": "A/1 2",
        "body.pin": "",
        "body.note": "a A/1 2",
        "result.state": "data.items.0.state",
        "result.eta": "data.eta?",
        "timeout_s": "3",
        "retries": "1",
        "key": "c1/start/1",
    }


def test_a_body_that_is_more_than_texts_goes_as_json() -> None:
    """A variable by itself stays the number or truth it is."""
    body = 'body: {a: ["{order}", 1, true, null], n: {x: "{n}", y: "n {n}", z: "{vip}"}}'
    text = HTTP.replace('body: {order: "{order}", pin: "{pin}", note: "a {order}"}', body)
    assert json.loads(asked(text, n=3, vip=True)["body"]) == {
        "a": ["A/1 2", 1, True, None],
        "n": {"x": 3, "y": "n 3", "z": True},
    }


@pytest.mark.parametrize(
    ("outcome", "values", "node"),
    [
        ("ok", {"status": 200, "state": "sent", "eta": ""}, "end"),
        ("none", {"status": 404}, "queue_end"),
        ("failed", {"status": 500}, "lost"),
    ],
)
def test_the_answer_decides(outcome: str, values: dict[str, object], node: str) -> None:
    """And its status is known, if it is wanted."""
    caller = Caller(small_flow(HTTP), order="1")
    caller.is_answered(outcome, **values)
    assert caller.path == ["start", node]
    known = caller.session.state.variables
    assert known["code"] == values["status"]
    assert known.get("state", "") == ("sent" if outcome == "ok" else "")


def test_who_asks_gives_up_before_the_flow_does() -> None:
    """So that the reason is known; nothing there without an exit for it is trouble."""
    caller = Caller(small_flow(HTTP), order="1")
    assert caller.waits(3) == []
    assert caller.waits(1) == ["hangs up: self_served"]
    other = Caller(small_flow(HTTP.replace("none: queue_end, ", "")), order="1")
    other.is_answered("none")
    assert other.path == ["start", "lost"]


@pytest.mark.parametrize("url", ["ftp://x", "https://{host}/", "shop.example", "https:///x"])
def test_the_host_is_written_out(url: str) -> None:
    """What a caller says never chooses whom we talk to."""
    said = problems(small_text(HTTP.replace("https://shop.example/orders/{order}?from=ivr", url)))
    assert said == ["11: node start: url must begin with http:// or https:// and a host that is written out"]


def test_some_requests_have_no_body() -> None:
    """A body of a GET would not be read."""
    assert problems(small_text(HTTP.replace("method: POST", "method: GET"))) == [
        "14: node start: GET has no body"
    ]


def test_secrets_go_into_headers_and_bodies_only() -> None:
    """Addresses are written into logs all over the world."""
    assert small_flow(HTTP).nodes["start"].hands_on() == {"pin"}
    leaky = HTTP.replace('lang: "{language}"', 'pin: "{pin}"')
    assert small_flow(leaky).nodes["start"].hands_on() == frozenset()
