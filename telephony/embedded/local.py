"""Simulated people as legs of the embedded switch: the ``World`` that demos live on.

They have no wire: what they say goes into the media process as clips, what they hear goes nowhere. To the
floor, to the pages and to whoever talks with them they are callers and telephones like any other.
"""

from collections.abc import Callable
from typing import Any, Protocol

from domain.ids import CallId, DeviceId, LegId
from domain.switch import EndReason, Speak


class Exchange(Protocol):
    """What a simulated person asks of the switch."""

    def local_press(self, leg: LegId, digit: str) -> None: ...
    def local_end(self, leg: LegId, reason: EndReason) -> None: ...
    def local_answer(self, leg: LegId) -> None: ...
    def local_say(self, leg: LegId, words: Speak) -> None: ...
    def local_register(self, phone: "LocalPhone", *, here: bool) -> None: ...


class LocalParty:
    """Somebody who rang. ``on_change(party, what)``: answered, heard, music, connected, parted, ended."""

    def __init__(self, exchange: Exchange, number: str) -> None:
        self.number = number
        self.leg: LegId | None = None
        self.call: CallId | None = None
        self.ended: EndReason | None = None
        self.on_change: Callable[[Any, str], None] | None = None
        self.keys = ""
        """Keys heard from whom they were connected with."""
        self._exchange = exchange

    def press(self, digits: str) -> None:
        """Press keys, one after the other."""
        for digit in digits:
            if self.leg is not None:
                self._exchange.local_press(self.leg, digit)

    def hang_up(self) -> None:
        """Put the phone down."""
        if self.leg is not None:
            self._exchange.local_end(self.leg, "hangup")

    def answer(self) -> None:
        """Pick up."""
        if self.leg is not None:
            self._exchange.local_answer(self.leg)

    def speak(self, text: str, language: str) -> None:
        """Say something to whoever is connected."""
        if self.leg is not None:
            self._exchange.local_say(self.leg, Speak(text, language))

    def told(self, what: str) -> None:
        """Something happened to the leg."""
        if what == "ended":
            self.leg = None
        if self.on_change is not None:
            self.on_change(self, what)


class LocalPhone(LocalParty):
    """A desk telephone; also told ``ringing``."""

    def __init__(self, exchange: Exchange, device: DeviceId) -> None:
        super().__init__(exchange, device)
        self.device = device

    def register(self) -> None:
        """Become reachable."""
        self._exchange.local_register(self, here=True)

    def unregister(self) -> None:
        """Become unreachable."""
        self._exchange.local_register(self, here=False)

    def reject(self) -> None:
        """Press the red button while it rings."""
        if self.leg is not None:
            self._exchange.local_end(self.leg, "rejected")

    def vanish(self) -> None:
        """Lose the connection without a word."""
        if self.leg is not None:
            self._exchange.local_end(self.leg, "lost")
        self.unregister()
