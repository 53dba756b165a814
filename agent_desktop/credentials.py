"""One-session telephone passwords: made when a page asks, kept in memory only, the newest is valid."""

import secrets


class Credentials:
    """Passwords of the desks' telephones, by SIP user."""

    def __init__(self) -> None:
        self._passwords: dict[str, str] = {}

    @staticmethod
    def device_of(agent: str) -> str:
        """The SIP user of an agent's desk: the same after a reload, so that a lost leg finds back."""
        return f"desk-{agent}"

    def issue(self, agent: str) -> tuple[str, str]:
        """(SIP user, password) for a new page of this agent; an older page's password ends."""
        device = self.device_of(agent)
        self._passwords[device] = secrets.token_urlsafe(18)
        return device, self._passwords[device]

    def revoke(self, agent: str) -> None:
        """The agent signed out."""
        self._passwords.pop(self.device_of(agent), None)

    def password_of(self, user: str) -> str | None:
        """The valid password of a SIP user."""
        return self._passwords.get(user)
