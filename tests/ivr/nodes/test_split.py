"""``split`` sends a share of the calls each way, and the same call the same way."""

from collections import Counter

import pytest

from domain.flow import FlowStarted
from domain.ids import CallId
from ivr.flow import Flow
from ivr.machine import Session
from tests.ivr.caller import START
from tests.ivr.flows import small_flow, small_text
from tests.ivr.test_load import problems

SPLIT = """
start: {type: split, parts: {a: 20, b: 70.5, c: 9.5, d: 0}, exits: {a: a, b: b, c: c, d: d}}
a: {type: hang_up}
b: {type: hang_up}
c: {type: hang_up}
d: {type: hang_up}
"""


def ways(flow: Flow) -> list[str]:
    """The exit each of a thousand calls takes."""
    taken = []
    for number in range(1000):
        session = Session.start(flow, CallId(f"c{number}"), "1", "2", START)
        session.handle(FlowStarted(CallId(f"c{number}")), START)
        taken.append(session.state.node)
    return taken


def test_calls_are_shared_out_as_it_is_written() -> None:
    """Near enough among a thousand; and a call comes out where it did before."""
    taken = ways(small_flow(SPLIT))
    shares = Counter(taken)
    assert abs(shares["a"] - 200) < 40 and abs(shares["b"] - 705) < 45 and abs(shares["c"] - 95) < 30
    assert shares["d"] == 0
    assert taken == ways(small_flow(SPLIT))


def test_a_seed_of_its_own_shares_out_otherwise() -> None:
    """The same seed at two nodes puts a call into the same part."""
    seeded = small_flow(SPLIT.replace("d: 0}", "d: 0}, seed: spring"))
    assert ways(seeded) != ways(small_flow(SPLIT))
    elsewhere = SPLIT.replace("d: 0}", "d: 0}, seed: spring").replace("start:", "first:")
    again = small_flow("start: {type: set, values: {x: 1}, next: first}" + elsewhere)
    assert ways(seeded) == ways(again)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ("{a: 20, b: 70}", "7: node start: parts: 90 percent together; it must be 100"),
        ("{}", "7: node start: parts must not be empty"),
        ("{a: 120}", "7: node start: parts: a must be a number from 0 to 100"),
        ("[a]", "7: node start: parts must be a mapping of names to values"),
    ],
)
def test_parts_are_a_whole(parts: str, said: str) -> None:
    """A hundred percent."""
    assert said in problems(small_text(f"start: {{type: split, parts: {parts}, exits: {{a: end, b: end}}}}"))
