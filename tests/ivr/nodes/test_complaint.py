"""``complaint`` takes a complaint in at any hour."""

from tests.ivr.caller import Caller
from tests.ivr.flows import small_flow

COMPLAINT = """
start: {type: lookup, exits: {one: take, many: take, none: take}}
take:
  type: complaint
  category: service
  text: "pressed {choice}"
  recording: "{message}"
  read_back: true
  exits: {taken: tell, failed: queue_end}
tell: {type: say, prompts: {en: "Number {complaint|digits}", zh-CN: 好}, next: end}
"""


def test_what_is_known_is_written_down() -> None:
    """Who, where they can be called back, what they said; the number it gets can be told."""
    caller = Caller(small_flow(COMPLAINT), choice=2, message="c1-m1")
    caller.is_known_as(customer="k1")
    asked = caller.intents[-1]
    assert (asked.kind, asked.name) == ("complaint", "complaint")
    assert asked.parameters == {
        "category": "service",
        "text": "pressed 2",
        "recording": "c1-m1",
        "contact": "+8613800000001",
        "customer": "k1",
        "caller": "+8613800000001",
        "language": "en",
        "read_back": "true",
        "key": "c1/take/1",
    }
    assert caller.is_answered(number="C2026-1") == ["says: Number C 2 0 2, 6 - 1"]
    assert caller.session.state.variables["complaint"] == "C2026-1"


def test_what_is_not_known_is_left_out() -> None:
    """And a book that cannot be written in is trouble."""
    caller = Caller(small_flow(COMPLAINT), number="")
    assert set(caller.intents[-1].parameters) == {"category", "text", "language", "read_back", "key"}
    assert caller.is_answered("failed") == ["queues sales at 0"]
