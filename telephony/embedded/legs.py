"""What the embedded switch remembers of a leg."""

from dataclasses import dataclass, field
from typing import Literal

from domain.ids import CallId, DeviceId, LegId, PlayId
from telephony.embedded.local import LocalParty
from telephony.sip.events import Peer

Kind = Literal["rtp", "browser", "local"]
Way = Literal["rtp", "info"]
"""How keys of the telephone come: as RFC 4733 events or as SIP INFO."""
State = Literal[
    "arrived",  # a caller rings, we have not answered
    "answering",  # told to answer; the media process opens the leg
    "preparing",  # told to ring a device; the media process opens the leg
    "ringing",  # our INVITE is out
    "up",
]


@dataclass(slots=True, eq=False)
class Leg:
    """One party. ``offer`` is the caller's SDP, ``port`` the leg's own RTP port once it is open.

    ``peer`` is where our INVITE went, ``play`` what it hears whose end is to be told.
    """

    id: LegId
    kind: Kind
    state: State
    offer: str = ""
    port: int = 0
    device: DeviceId | None = None
    peer: Peer | None = None
    headers: list[tuple[str, str]] = field(default_factory=list)
    caller: str = ""
    party: LocalParty | None = None
    call: CallId | None = None
    partner: LegId | None = None
    play: PlayId | None = None
    keys_by: Way | None = None
    shielded: bool = False
    wish: int = 0
    """Counts what the leg was told to hear: a prompt that was being made for an older wish is not played."""
    sdp_version: int = 1

    @property
    def has_sound(self) -> bool:
        """Whether the media process has it, or was told to; somebody simulated comes there when answered."""
        return self.state == "up" or (self.kind != "local" and self.state != "arrived")


def kind_of(peer: Peer) -> Kind:
    """What kind of leg somebody there has: browsers come over web sockets."""
    return "browser" if peer.transport == "WS" else "rtp"
