"""One-session telephone passwords: made when a page asks, kept in memory only, the newest is valid."""

import secrets
from collections.abc import Callable
from typing import Any

from domain.floor import AgentChanged
from domain.instant import Instant


class Credentials:
    """Passwords of the desks' telephones, by SIP user."""

    def __init__(self, clock: Callable[[], Instant]) -> None:
        self._clock = clock
        self._passwords: dict[str, tuple[str, Instant]] = {}
        """SIP user to (password, when it was given)."""

    @staticmethod
    def device_of(agent: str) -> str:
        """The SIP user of an agent's desk: the same after a reload, so that a lost leg finds back."""
        return f"desk-{agent}"

    def issue(self, agent: str) -> tuple[str, str]:
        """(SIP user, password) for a new page of this agent; an older page's password ends."""
        device, password = self.device_of(agent), secrets.token_urlsafe(18)
        self._passwords[device] = password, self._clock()
        return device, password

    def on_intent(self, intent: Any, at: Instant) -> None:
        """A runner listener: when the floor has signed an agent out, their password ends.

        Not one that was given since: they are coming back.
        """
        if isinstance(intent, AgentChanged) and intent.state == "signed_out":
            device = self.device_of(intent.agent)
            if device in self._passwords and self._passwords[device][1] <= at:
                del self._passwords[device]

    def password_of(self, user: str) -> str | None:
        """The valid password of a SIP user."""
        return self._passwords.get(user, (None, None))[0]
