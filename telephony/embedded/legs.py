"""What the embedded switch remembers of a leg."""

from dataclasses import dataclass, field
from typing import Literal

from domain.ids import CallId, DeviceId, LegId
from telephony.embedded.local import LocalParty

Kind = Literal["rtp", "browser", "local"]
State = Literal[
    "arrived",  # a caller rings, we have not answered
    "answering",  # told to answer; the media process opens the leg
    "preparing",  # told to ring a device; the media process opens the leg
    "ringing",  # our INVITE is out
    "up",
]


@dataclass(slots=True)
class Leg:
    """One party. ``offer`` is the caller's SDP, ``port`` the leg's own RTP port once it is open."""

    id: LegId
    kind: Kind
    state: State
    offer: str = ""
    port: int = 0
    device: DeviceId | None = None
    headers: list[tuple[str, str]] = field(default_factory=list)
    caller: str = ""
    party: LocalParty | None = None
    call: CallId | None = None
    partner: LegId | None = None
    wish: int = 0
    """Counts what the leg was told to hear: a prompt that was being made for an older wish is not played."""
    sdp_version: int = 1
