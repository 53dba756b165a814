"""Digits nobody may see: the call knows how many there are, and the switch keeps their keys from others."""

from typing import Any

import pytest

from domain.calls import Ignored
from domain.flow import Conceal, DigitHeard, Enqueue, HandOver, Reveal, SecretHeard, TakeMessage
from domain.ids import LegId, RecordingId
from domain.switch import DigitPressed, SecretPressed, Shield
from tests.calls.play import ANSWERED, CALLER, TALKING, WAITING, C, Play, Q

CARD = "card"
TYPING = [*ANSWERED, Conceal(C, CARD)]
SHIELDED, OPEN = Shield(CALLER, True), Shield(CALLER, False)


def test_from_conceal_to_reveal_the_flow_hears_counts() -> None:
    """The leg is shielded; digits are heard as numbers of them, other keys as keys; then all is as before."""
    play = Play().facts(ANSWERED)
    assert play.fact(Conceal(C, CARD)) == [SHIELDED]
    assert play.fact(SecretPressed(CALLER, CARD, 1)) == [SecretHeard(C, CARD, 1)]
    assert play.fact(SecretPressed(CALLER, CARD, 2)) == [SecretHeard(C, CARD, 2)]
    assert play.fact(DigitPressed(CALLER, "#")) == [DigitHeard(C, "#")]
    assert play.fact(Reveal(C)) == [OPEN]
    assert play.fact(Reveal(C)) == []
    assert play.fact(DigitPressed(CALLER, "1")) == [DigitHeard(C, "1")]


def test_what_was_typed_under_which_names_is_remembered() -> None:
    """Each once: after a crash the flow is told of each that it is lost."""
    play = Play().facts([*TYPING, Reveal(C), Conceal(C, "pin"), Conceal(C, CARD)])
    assert (play.call.state.secret, play.call.state.secrets) == (CARD, [CARD, "pin"])


@pytest.mark.parametrize(
    "pressed", [SecretPressed(LegId("c1.1"), CARD, 1), SecretPressed(CALLER, "pin", 1)], ids=["leg", "name"]
)
def test_only_what_was_asked_for_is_counted(pressed: SecretPressed) -> None:
    """Keys of another leg, or of what is not asked for any more, change nothing."""
    assert Play().facts(TYPING).fact(pressed) == []


@pytest.mark.parametrize(
    "wish", [Enqueue(C, Q), TakeMessage(C, RecordingId("m"), 60), HandOver(C, "+8610")], ids=lambda w: w.call
)
def test_nobody_leaves_the_flow_shielded(wish: Any) -> None:
    """Whoever the caller speaks to next hears their keys, and their message is recorded."""
    play = Play().facts(TYPING)
    assert play.fact(wish)[0] == OPEN
    assert play.call.state.secret == ""
    assert play.fact(Reveal(C)) == []


@pytest.mark.parametrize("before", [WAITING, TALKING], ids=["waiting", "talking"])
def test_only_a_caller_in_their_flow_conceals(before: list[Any]) -> None:
    """Anywhere else there is nobody to ask them for a number."""
    (ignored,) = Play().facts(before).fact(Conceal(C, CARD))
    assert isinstance(ignored, Ignored)


def test_a_secret_has_a_name() -> None:
    """Without one nothing is concealed, and keys are heard."""
    (ignored,) = Play().facts(ANSWERED).fact(Conceal(C, ""))
    assert isinstance(ignored, Ignored) and "no name" in ignored.why
