"""What stood in another system's flow leads to its failure exit."""

import pytest

from ivr.load import FlowError
from tests.ivr.caller import Caller
from tests.ivr.flows import small_flow

FLOW = """
start:
  type: placeholder
  was: "InvokeLambdaFunction get-balance"
  exits: {done: told, failed: end, anything else: told}
told: {type: say, prompts: {en: Hi, zh-CN: 您好}, next: end}
"""


def test_a_placeholder_is_left_by_failed() -> None:
    """The story of the call says what is missing; the other exits are never taken."""
    caller = Caller(small_flow(FLOW))
    assert [type(intent).__name__ for intent in caller.intents][-1] == "EndCall"
    assert "told" not in [getattr(intent, "node", "") for intent in caller.intents]
    assert caller.session.state.trouble == (
        "start: it is not written yet; it was InvokeLambdaFunction get-balance"
    )


def test_a_placeholder_says_what_it_was_and_where_calls_go() -> None:
    """Both are needed."""
    with pytest.raises(FlowError) as caught:
        small_flow("start: {type: placeholder, exits: {done: end}}")
    assert [p.reason for p in caught.value.problems] == [
        "node start: exit failed is missing",
        "node start: was is missing",
    ]
