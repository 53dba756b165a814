"""``queue`` lets the call wait, and says what follows when it comes back."""

from typing import Any

import pytest

from domain.flow import Enqueue
from tests.ivr.caller import Caller
from tests.ivr.flows import small_flow

QUEUE = """
start:
  type: lookup
  exits: {one: queue, many: queue, none: queue}
queue:
  type: queue
  queue: sales
  priority: 20
  prefer_owner: true
  skills: ["{wanted}", english, "{nothing}"]
  exits: {no_agents: message, default: end}
message:
  type: voicemail
  prompts: {en: Leave a message, zh-CN: 请留言}
  exits: {taken: end, failed: end}
"""


def queued(**variables: Any) -> Caller:
    caller = Caller(small_flow(QUEUE), **variables)
    caller.is_known_as(customer="k1", tier="gold", priority=30.0, owner="a7")
    return caller


def test_everything_the_floor_needs_goes_along() -> None:
    """Priority of node and tier together, skills filled in, the owner preferred."""
    asked = queued(wanted="loans").last(Enqueue)
    assert (asked.queue, asked.base_priority, asked.tier, asked.preferred) == ("sales", 50.0, "gold", "a7")
    assert asked.skills == ("loans", "english")


@pytest.mark.parametrize(
    ("reason", "line"),
    [
        ("no_agents", "says: Leave a message"),
        ("timeout", "hangs up: self_served"),
        ("full", "hangs up: self_served"),
    ],
)
def test_it_comes_back_by_the_reason_or_by_default(reason: str, line: str) -> None:
    """Every reason leads on."""
    caller = queued()
    assert caller.comes_back("sales", reason) == [line]
    assert caller.session.state.variables["queue_reason"] == reason


def test_the_return_of_another_queue_and_keys_change_nothing() -> None:
    """Music is not interrupted by a key, nor by news of another queue."""
    caller = queued()
    assert caller.comes_back("other", "timeout") == []
    assert caller.presses("12#") == []
    assert caller.session.state.node == "queue"


def test_waiting_needs_no_timer() -> None:
    """The floor keeps the time of the queue."""
    assert queued().session.wake_at() is None
