"""Telephone passwords: one an agent, the newest counts, none after the work."""

from agent_desktop.credentials import Credentials
from domain.floor import AgentChanged, AgentState
from domain.ids import AgentId
from domain.instant import Instant


def changed(state: AgentState, agent: str = "wang") -> AgentChanged:
    return AgentChanged(AgentId(agent), state, Instant(0))


def test_the_newest_password_is_the_valid_one() -> None:
    """A page that was opened before must ask again."""
    credentials = Credentials(lambda: Instant(10))
    device, first = credentials.issue("wang")
    again, second = credentials.issue("wang")
    assert (device, again) == ("desk-wang", "desk-wang")
    assert first != second
    assert credentials.password_of(device) == second
    assert credentials.password_of("desk-li") is None


def test_it_ends_when_the_agent_is_signed_out_and_not_before() -> None:
    """Other agents and other states do not matter."""
    credentials = Credentials(lambda: Instant(10))
    device, password = credentials.issue("wang")
    for intent in (changed("wrap_up"), changed("signed_out", "li"), "something else"):
        credentials.on_intent(intent, Instant(11))
    assert credentials.password_of(device) == password
    credentials.on_intent(changed("signed_out"), Instant(11))
    assert credentials.password_of(device) is None


def test_one_given_after_the_sign_out_was_decided_stays() -> None:
    """The decision is told when it is safe, and by then the agent may be on the way back."""
    credentials = Credentials(lambda: Instant(10))
    device, password = credentials.issue("wang")
    credentials.on_intent(changed("signed_out"), Instant(9))
    assert credentials.password_of(device) == password
