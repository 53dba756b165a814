"""Offers are counted by what became of them."""

import pytest

from callfloor.metrics import Tally
from domain.floor import AgentChanged, AgentState, Offer, Rescind, Why
from domain.ids import AgentId, CallId, DeviceId, OfferId, QueueId
from domain.instant import Instant

NOW = Instant(0)


def offer(number: int = 1, agent: str = "wang") -> Offer:
    ids = OfferId(f"o{number}"), CallId(f"c{number}"), QueueId("q"), AgentId(agent), DeviceId(f"desk-{agent}")
    return Offer(*ids, NOW, Why("", 0.0, 0.0, 0))


def agent(state: AgentState, reason: str = "") -> AgentChanged:
    return AgentChanged(AgentId("wang"), state, NOW, reason=reason)


def rescind(reason: str, number: int = 1) -> Rescind:
    return Rescind(OfferId(f"o{number}"), CallId("c1"), AgentId("wang"), reason)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("then", "outcome"),
    [
        ([agent("offered"), agent("on_contact")], "accepted"),
        ([rescind("timed_out"), agent("missed")], "missed"),
        ([rescind("timed_out"), agent("available")], "missed"),
        ([rescind("declined"), agent("available")], "rejected"),
        ([rescind("caller_gone"), agent("available")], "withdrawn"),
        ([rescind("agent_gone"), agent("signed_out")], "withdrawn"),
        ([agent("available")], "rejected"),
        ([agent("paused", "unreachable")], "unreachable"),
        ([offer(2)], "rejected"),
    ],
)
def test_an_offer_ends_in_one_way(then: list[object], outcome: str) -> None:
    """A device that said no is told by the agent's next state alone."""
    tally = Tally()
    for intent in [offer(), *then]:
        tally.on_intent(intent, NOW)
    assert dict(tally.offers) == {outcome: 1}


def test_what_belongs_to_no_offer_counts_nothing() -> None:
    """Changes of agents without one, and offers made before we listened."""
    tally = Tally()
    for intent in (agent("on_contact"), rescind("timed_out"), agent("available"), "something else"):
        tally.on_intent(intent, NOW)
    assert (tally.made, dict(tally.offers)) == (0, {})
