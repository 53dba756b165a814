"""``lookup`` asks who is calling, and never waits long."""

import pytest

from domain.flow import Enqueue
from tests.ivr.caller import Caller
from tests.ivr.flows import small_flow

LOOKUP = """
start:
  type: lookup
  timeout_s: 2
  exits: {one: ask, many: ask, none: ask}
ask:
  type: menu
  prompts: {en: "Hello {customer_name}, press 1", zh-CN: "{customer_name}您好，请按 1"}
  exits: {1: queue_end, no_input: end, no_match: end}
"""
FAILED = LOOKUP.replace("none: ask}", "none: ask, failed: end}")


def test_the_answer_names_the_customer_and_their_priority() -> None:
    """Prompts, and the queue, know them."""
    caller = Caller(small_flow(LOOKUP))
    assert caller.is_known_as(
        customer="k1", name="Ada", tier="gold", priority=30.0, owner="a7", language="en"
    ) == ["says: Hello Ada, press 1"]
    assert caller.presses("1") == ["hushes", "queues sales at 30"]
    queued = caller.last(Enqueue)
    assert (queued.tier, queued.preferred) == ("gold", None)
    assert queued.attributes == {"language": "en", "customer": "k1", "customer_name": "Ada"}


@pytest.mark.parametrize("match", ["none", "many"])
def test_nobody_and_several_have_exits_of_their_own(match: str) -> None:
    """And no name is spoken."""
    assert Caller(small_flow(LOOKUP)).is_known_as(match) == ["says: Hello , press 1"]


def test_a_withheld_number_is_nobody_and_nobody_is_asked() -> None:
    """The records are not troubled with an empty number."""
    caller = Caller(small_flow(LOOKUP), number="")
    assert caller.path == ["start", "ask"]


@pytest.mark.parametrize(("flow", "node"), [(LOOKUP, "$apology"), (FAILED, "end")])
def test_records_that_are_down_or_slow_are_trouble(flow: str, node: str) -> None:
    """The ``failed`` exit if there is one, else the last resort."""
    down, slow = Caller(small_flow(flow)), Caller(small_flow(flow))
    down.is_known_as("failed")
    slow.waits(2)
    assert down.path[-1] == slow.path[-1] == node


def test_a_late_answer_still_counts_in_the_queue() -> None:
    """Time ran out for the node, not for the caller's priority; a better answer is not replaced."""
    caller = Caller(small_flow(LOOKUP.replace("none: ask}", "none: ask, failed: ask}")))
    caller.waits(2)
    caller.is_known_as(customer="k1", name="Ada", priority=30.0)
    caller.is_known_as("none")
    assert caller.presses("1") == ["hushes", "queues sales at 30"]


def test_keys_pressed_while_it_asks_are_kept() -> None:
    """The menu after it takes them."""
    caller = Caller(small_flow(LOOKUP))
    assert caller.presses("1") == []
    assert caller.is_known_as("none") == ["queues sales at 0"]
