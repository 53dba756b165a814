"""``queue_state`` looks at a queue before anybody is sent there."""

import pytest

from ivr.walk import Standing
from tests.ivr.caller import Caller
from tests.ivr.flows import small_flow

STATE = """
start:
  type: queue_state
  queue: sales
  cases:
    - {variable: queue_staffed, op: is, value: 0, exit: nobody}
    - {if: "queue_waiting > 5 or default(queue_wait_s, 0) > 300", exit: busy}
  exits: {nobody: nobody, busy: busy, otherwise: queue_end, failed: lost}
nobody: {type: hang_up}
busy: {type: say, prompts: {en: "{queue_waiting} wait", zh-CN: 忙}, next: end}
lost: {type: hang_up}
"""


@pytest.mark.parametrize(
    ("standing", "node"),
    [
        ((0, None, 0, 0), "nobody"),
        ((6, None, 0, 2), "busy"),
        ((1, 300.5, 0, 2), "busy"),
        ((1, 200.0, 0, 2), "queue_end"),
        ((0, None, 1, 1), "queue_end"),
    ],
)
def test_the_figures_decide(standing: Standing, node: str) -> None:
    """In cases and in expressions; an estimate nobody has is empty."""
    assert Caller(small_flow(STATE), queues={"sales": standing}).path == ["start", node]


def test_the_figures_can_be_told() -> None:
    """They are variables afterwards."""
    caller = Caller(small_flow(STATE), queues={"sales": (12, 60.0, 0, 3)})
    assert caller.last_prompts() == ["12 wait"]


def test_a_queue_that_is_gone_is_trouble() -> None:
    """As a calendar that is gone."""
    caller = Caller(small_flow(STATE))
    assert caller.path == ["start", "lost"]
    assert caller.session.state.trouble == "start: there is no queue sales"


def test_what_the_node_needs_and_gives_is_known() -> None:
    """Its own figures are not read from before."""
    node = small_flow(STATE).nodes["start"]
    assert (node.names(), node.reads()) == ((("queue", "sales"),), frozenset())
    assert "queue_waiting" in node.writes()
