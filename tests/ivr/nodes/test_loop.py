"""``loop`` bounds a circle."""

import pytest

from tests.ivr.caller import Caller
from tests.ivr.flows import small_flow

LOOP = """
start: {type: loop, variable: n, times: 3, exits: {again: talk, done: queue_end, failed: end}}
talk: {type: say, prompts: {en: "Time {n}", zh-CN: "{n}"}, next: start}
"""


def test_again_so_many_times_and_then_done() -> None:
    """The variable counts, and is 0 again at the end."""
    caller = Caller(small_flow(LOOP))
    assert caller.last_prompts() == ["Time 1"]
    assert [caller.listens() for _ in range(3)] == [
        ["says: Time 2"],
        ["says: Time 3"],
        ["queues sales at 0"],
    ]
    assert caller.session.state.variables["n"] == 0


@pytest.mark.parametrize(("before", "node"), [(3, "queue_end"), (2, "talk"), ("", "talk"), ("x", "end")])
def test_the_count_may_be_set(before: object, node: str) -> None:
    """What is no count is a mistake of the flow."""
    assert Caller(small_flow(LOOP), n=before).path[-1] == node
