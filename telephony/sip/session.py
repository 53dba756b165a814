"""One call as SIP sees it: an INVITE and what grows from it."""

from dataclasses import dataclass
from typing import Literal

from sipmessage import Request

from domain.switch import EndReason
from telephony.sip.dialog import Dialog
from telephony.sip.events import Peer
from telephony.sip.transaction import Key

State = Literal[
    "arrived",  # their INVITE, not answered yet
    "accepted",  # our 2xx is out, no ACK yet
    "calling",  # our INVITE, no answer yet
    "up",
    "over",  # told as ended; kept only while the protocol has loose ends
]


@dataclass(slots=True)
class Session:
    """A call and everything needed to answer what may still come in for it."""

    name: str
    peer: Peer
    state: State
    invite: Request
    invite_key: Key
    dialog: Dialog | None = None
    outgoing: bool = False
    offered_late: bool = False
    """Their INVITE had no SDP: our 2xx carries the offer and their ACK the answer."""
    final: bytes = b""
    """Our 2xx, sent again until its ACK comes; or our ACK, sent again for every 2xx."""
    interval_s: float = 0.0
    rings: bool = False
    provisional: bool = False
    cancel_wanted: bool = False
    bye_wanted: bool = False
    reinvite: Request | None = None
    reinvite_key: Key = ()

    @property
    def index(self) -> tuple[str, str]:
        """How requests of the far end name this session: Call-ID and our tag."""
        assert self.dialog is not None
        return self.dialog.call_id, self.dialog.local_tag


def reason_of(code: int) -> EndReason:
    """Why an outgoing call failed, by the final response."""
    if code in (486, 600):
        return "busy"
    if code in (404, 410, 484, 502, 503, 504, 604):
        return "unreachable"
    if code == 408:
        return "no_answer"
    if code == 487:
        return "cancelled"
    # A softphone whose user presses "reject" says 480, 403 or 603.
    if code in (403, 480, 603):
        return "rejected"
    return "failed"
