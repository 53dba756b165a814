"""``branch`` decides by variables."""

from typing import Any

import pytest

from ivr.nodes.branch import Case
from tests.ivr.caller import Caller
from tests.ivr.flows import small_flow

BRANCH = """
start:
  type: branch
  cases:
    - {variable: tier_priority, op: at_least, value: 40, exit: best}
    - {variable: tier, op: in, value: [gold, silver], exit: good}
  exits: {best: best, good: good, otherwise: end}
best: {type: queue, queue: vip, exits: {default: end}}
good: {type: queue, queue: good, exits: {default: end}}
"""


@pytest.mark.parametrize(
    ("variables", "node"),
    [
        ({"tier_priority": 40.0, "tier": "gold"}, "best"),
        ({"tier_priority": 1, "tier": "silver"}, "good"),
        ({"tier_priority": 1, "tier": "bronze"}, "end"),
    ],
)
def test_the_first_case_that_holds_wins(variables: dict[str, Any], node: str) -> None:
    """And none is ``otherwise``."""
    assert Caller(small_flow(BRANCH), **variables).path[-1] == node


def test_a_number_that_is_none_is_trouble_not_a_crash() -> None:
    """An unset variable cannot be compared with 40: the last resort takes the caller."""
    caller = Caller(small_flow(BRANCH))
    assert caller.session.state.trouble == "start: tier_priority is '', which is no number"
    assert caller.path == ["start", "$apology"]


@pytest.mark.parametrize(
    ("op", "value", "known", "holds"),
    [
        ("is", "1", 1, True),
        ("is", 1, 1.0, True),
        ("is", "true", True, True),
        ("is_not", "a", "b", True),
        ("in", ("a", "b"), "b", True),
        ("not_in", ("a", "b"), "b", False),
        ("in", "a", "a", True),
        ("less", 3, "2", True),
        ("at_most", 2, 2, True),
        ("more", 2, 2, False),
        ("at_least", 2, 2.5, True),
        ("starts_with", "138", "13800000000", True),
        ("set", "", "x", True),
        ("set", "", "", False),
        ("not_set", "", "", True),
    ],
)
def test_every_op(op: str, value: object, known: object, holds: bool) -> None:
    """Values are compared as they would be spoken, numbers as numbers."""
    case = Case("v", op, value, "x")  # type: ignore[arg-type]
    assert case.holds({"v": known}) is holds  # type: ignore[dict-item]
