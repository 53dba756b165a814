"""``callback`` offers to call back instead of letting the caller wait."""

import pytest

from domain.calls import CallbackChosen
from domain.flow import Enqueue
from tests.ivr.caller import Caller
from tests.ivr.flows import small_flow

CALLBACK = """
start: {type: callback, queue: sales, priority: 5, exits: {declined: queue_end, failed: end}}
"""
OFFER = (
    "says: If you would rather not wait, press 1 and we will call you back under the number you are calling"
    " from. Your place in line is kept."
)


def test_1_gets_a_place_that_is_kept() -> None:
    """Into the queue and out again in one step; then the caller is told, and the call is over."""
    caller = Caller(small_flow(CALLBACK))
    assert caller.presses("1") == [
        "hushes",
        "queues sales at 5",
        "is called back under +8613800000001",
    ]
    assert [type(i) for i in caller.intents[-2:]] == [Enqueue, CallbackChosen]
    assert caller.is_promised()[0].endswith("Goodbye.")
    assert caller.listens() == ["hangs up: callback"]


def test_the_flow_may_go_on_after_that() -> None:
    """By an exit of its own."""
    caller = Caller(
        small_flow(CALLBACK.replace("declined:", "kept: bye, declined:") + "bye: {type: hang_up}")
    )
    caller.presses("1")
    caller.is_promised()
    caller.listens()
    assert caller.path[-1] == "bye"


@pytest.mark.parametrize("how", ["2", "silence"])
def test_anything_else_is_a_no(how: str) -> None:
    """Another key, or none."""
    caller = Caller(small_flow(CALLBACK))
    if how == "silence":
        assert caller.listens() == []
        assert caller.waits(8) == ["queues sales at 0"]
    else:
        assert caller.presses("2") == ["hushes", "queues sales at 0"]


def test_who_cannot_be_called_back_is_not_asked() -> None:
    """A caller who hides their number."""
    assert Caller(small_flow(CALLBACK), number="").path == ["start", "queue_end"]


def test_a_queue_that_keeps_no_place_is_trouble() -> None:
    """It is closed, or gone."""
    caller = Caller(small_flow(CALLBACK))
    caller.presses("1")
    assert caller.comes_back("sales", "unknown_queue") == ["hangs up: self_served"]
    assert caller.session.state.trouble == "start: queue sales keeps no place: unknown_queue"


def test_a_place_that_is_not_kept_after_all_is_a_place_in_the_queue() -> None:
    """The caller hears of it like anybody who waits."""
    caller = Caller(small_flow(CALLBACK))
    caller.presses("1")
    assert caller.is_told(1) == ["says: You are next in line."]
    assert caller.session.wake_at() is not None
    caller.listens()
    assert caller.session.wake_at() is None
