"""``tag`` marks what a call is about."""

import pytest

from tests.ivr.caller import Caller
from tests.ivr.flows import small_flow, small_text
from tests.ivr.test_load import problems

TAG = """
start: {type: tag, marks: {purpose: "{why}", product: "card {n}"}, exits: {done: end, failed: queue_end}}
"""


def test_a_call_is_marked() -> None:
    """With its purpose, and with whatever the flow names."""
    caller = Caller(small_flow(TAG), why="follow_up", n=3)
    assert caller.path == ["start", "end"]
    assert [(i.key, i.value) for i in caller.intents[1:3]] == [
        ("purpose", "follow_up"),
        ("product", "card 3"),
    ]


@pytest.mark.parametrize("why", ["", "fun"])
def test_what_is_no_purpose_is_trouble(why: str) -> None:
    """Reports count purposes; there are six."""
    assert Caller(small_flow(TAG), why=why).path == ["start", "queue_end"]


def test_a_purpose_that_is_written_out_is_checked_at_load() -> None:
    """As are the names."""
    text = small_text("start: {type: tag, marks: {purpose: fun, 'a b': c}, next: end}")
    assert problems(text) == [
        "7: node start: marks: 'a b' is no name (letters, digits, _ and -)",
        "7: node start: marks: purpose is 'fun'; it may be enquiry, complaint, suggestion, confirmation, "
        "survey, follow_up",
    ]
