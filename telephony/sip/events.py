"""What the SIP machines tell the shell: bytes to send, and what happened to sessions and devices."""

from dataclasses import dataclass
from typing import Literal

from domain.switch import EndReason


@dataclass(frozen=True, slots=True)
class Peer:
    """Where a message came from and where the answer goes: a UDP address or one WebSocket connection."""

    transport: Literal["UDP", "WS"]
    host: str
    port: int
    connection: int = 0

    @property
    def reliable(self) -> bool:
        """Whether the transport neither loses nor doubles."""
        return self.transport != "UDP"


@dataclass(frozen=True, slots=True)
class Send:
    """Put these bytes on the wire."""

    peer: Peer
    data: bytes


@dataclass(frozen=True, slots=True)
class Arrived:
    """A new INVITE rang an entry number; ``sdp`` is empty when the caller leaves the offer to us.

    ``caller`` is empty when the number is withheld.
    """

    session: str
    caller: str
    display_name: str
    dialled: str
    sdp: str
    peer: Peer


@dataclass(frozen=True, slots=True)
class Ringing:
    """The far end of an outgoing session rings."""

    session: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The far end of an outgoing session picked up with this SDP answer."""

    session: str
    sdp: str


@dataclass(frozen=True, slots=True)
class LateAnswer:
    """The SDP answer to the offer we made in our 200 (the INVITE carried none)."""

    session: str
    sdp: str


@dataclass(frozen=True, slots=True)
class Reoffered:
    """A re-INVITE: answer with ``accept_reoffer`` or ``reject_reoffer``; no SDP means it asks for ours."""

    session: str
    sdp: str


@dataclass(frozen=True, slots=True)
class Digit:
    """A key pressed and sent as INFO."""

    session: str
    digit: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The session is over; told once."""

    session: str
    reason: EndReason


@dataclass(frozen=True, slots=True)
class Registered:
    """A device registered, or registered again from another place."""

    user: str


@dataclass(frozen=True, slots=True)
class Unregistered:
    """A device's registration ended, ran out or lost its connection."""

    user: str


@dataclass(frozen=True, slots=True)
class Noted:
    """Worth a log line: something strangers can cause. ``detail`` never quotes what they sent."""

    kind: Literal["unreadable SIP", "SIP overload", "SIP password refused"]
    detail: str
    peer: Peer


SessionEvent = Arrived | Ringing | Answered | LateAnswer | Reoffered | Digit | Ended
Told = SessionEvent | Registered | Unregistered
"""What the owner of the user agent is told."""
Event = Send | Noted | Told
