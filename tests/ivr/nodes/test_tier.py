"""``tier`` tells classes of customers apart."""

import pytest

from tests.ivr.caller import Caller
from tests.ivr.flows import small_flow, small_text
from tests.ivr.test_load import problems

TIER = """
start: {type: tier, exits: {gold: end, otherwise: queue_end, failed: end}}
"""


@pytest.mark.parametrize(
    ("tier", "node"), [("gold", "end"), ("silver", "queue_end"), ("", "queue_end"), ("failed", "queue_end")]
)
def test_the_tier_is_the_exit(tier: str, node: str) -> None:
    """Every other is ``otherwise``."""
    assert Caller(small_flow(TIER), tier=tier).path == ["start", node]


def test_a_caller_nobody_knows_has_no_tier() -> None:
    """Also where nobody was looked up."""
    assert Caller(small_flow(TIER)).path == ["start", "queue_end"]


def test_without_a_tier_there_is_nothing_to_tell_apart() -> None:
    """The node names the tiers it needs."""
    assert problems(small_text("start: {type: tier, exits: {otherwise: end}}")) == [
        "7: node start: a tier needs at least one exit named by a tier"
    ]
    assert small_flow(TIER).nodes["start"].names() == (("tier", "gold"),)
