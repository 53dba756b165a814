"""``hours`` asks a calendar."""

import pytest

from tests.ivr.caller import Caller
from tests.ivr.flows import small_flow

HOURS = """
start:
  type: hours
  calendar: bank
  exits: {open: queue_end, closed: end}
"""


@pytest.mark.parametrize(("is_open", "node"), [(True, "queue_end"), (False, "end")])
def test_open_and_closed(is_open: bool, node: str) -> None:
    """Each has its exit."""
    assert Caller(small_flow(HOURS), {"bank": is_open}).path[-1] == node


def test_a_calendar_nobody_knows_is_trouble() -> None:
    """The caller is served all the same."""
    caller = Caller(small_flow(HOURS))
    assert caller.path == ["start", "$apology"]
    assert "calendar bank gave no answer" in caller.session.state.trouble
