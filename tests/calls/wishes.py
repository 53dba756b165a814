"""A flow for tests: each key is one wish, so that a caller can have their call do anything a flow may."""

from dataclasses import dataclass
from typing import Any

from domain.codec import register
from domain.flow import (
    Answered,
    Ask,
    Conceal,
    ContactOver,
    DigitHeard,
    EndCall,
    Enqueue,
    FlowStarted,
    HandOver,
    HandOverFailed,
    Mark,
    MessageTaken,
    QueueReturned,
    Reveal,
    Say,
    SecretHeard,
    SecretLost,
    TakeMessage,
)
from domain.ids import CallId, PlayId, QueueId, RecordingId
from domain.instant import Instant
from domain.switch import Speak
from ivr.book import FlowBook

WISHES = "95599"
"""Who dials this comes to the flow."""
CARD = "card"
LENGTH = 6
"""Digits of a card here."""
OUTSIDE, NOWHERE = "+861082345678", "000"


@register
@dataclass(slots=True)
class WishState:
    """What the flow knows."""

    call: CallId
    count: int = 0
    """Of everything it named."""
    asked: Ask | None = None
    """What it waits for the answer of."""


class WishSession:
    """``1`` queue with a survey after it, ``2`` message, ``3`` a card number, ``4`` and ``0`` hand over,
    ``5`` the balance of the card, ``6`` a mark, ``9`` the end, ``#`` keys are heard again.
    """

    def __init__(self, state: WishState) -> None:
        self.state = state

    @property
    def unanswered(self) -> Ask | None:
        return self.state.asked

    def handle(self, fact: Any, now: Instant) -> list[Any]:
        if isinstance(fact, Answered):
            self.state.asked = None
        made = self._handle(fact)
        asks = [one for one in made if isinstance(one, Ask)]
        self.state.asked = asks[-1] if asks else self.state.asked
        return made

    def _handle(self, fact: Any) -> list[Any]:
        call = self.state.call
        self.state.count += 1
        name = f"{call}-{self.state.count}"
        match fact:
            case FlowStarted() | ContactOver() | HandOverFailed():
                return [Say(call, PlayId(name), (Speak("What do you wish?", "en"),))]
            case DigitHeard(digit=digit):
                return self._wish(digit, name)
            case SecretHeard(count=count) if count >= LENGTH:
                length = Ask(call, name, "secret", f"length:{LENGTH}", {"digits": f"$secret:{CARD}"})
                return [Reveal(call), length]
            case SecretLost():
                return [Conceal(call, CARD)]
            case Answered(outcome=outcome):
                return [Mark(call, "answer", outcome)]
            case MessageTaken():
                return [Mark(call, "message", "taken")]
            case QueueReturned():
                return [EndCall(call, "closed")]
        return []

    def _wish(self, digit: str, name: str) -> list[Any]:
        call = self.state.call
        wishes: dict[str, list[Any]] = {
            "1": [Enqueue(call, QueueId("sales"), comes_back=True)],
            "2": [TakeMessage(call, RecordingId(name), 30)],
            "3": [Conceal(call, CARD)],
            "4": [HandOver(call, OUTSIDE)],
            "5": [Ask(call, name, "record", "balance", {CARD: f"$secret:{CARD}"})],
            "6": [Mark(call, "purpose", "enquiry")],
            "9": [EndCall(call, "self_served")],
            "0": [HandOver(call, NOWHERE)],
            "#": [Reveal(call)],
        }
        return wishes.get(digit, [])

    def wake_at(self) -> Instant | None:
        return None

    def wake(self, now: Instant) -> list[Any]:
        return []


class Book(FlowBook):
    """A book in which the flow of wishes answers its number."""

    def open(self, call: CallId, caller: str, dialled: str, now: Instant) -> Any:
        if dialled == WISHES:
            return "wishes", WishSession(WishState(call))
        return super().open(call, caller, dialled, now)

    def restore(self, state: Any) -> Any:
        return WishSession(state) if isinstance(state, WishState) else super().restore(state)


def answer(ask: Ask, parameters: dict[str, str]) -> Answered:
    """A balance, and what was asked back again: whoever answers may be careless."""
    values = {"balance": 12.5, **parameters}
    return Answered(ask.call, ask.ask, "ok", values, why=f"asked for {parameters}")
