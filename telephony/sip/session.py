"""One call as SIP sees it: an INVITE and what grows from it."""

from dataclasses import dataclass, field
from typing import Literal

from sipmessage import Request

from domain.switch import EndReason
from telephony.sip.dialog import Dialog
from telephony.sip.events import Peer
from telephony.sip.message import tag_of
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
    """Our last 2xx, sent again until its ACK comes."""
    final_sequence: int = 0
    """The CSeq number of the INVITE that 2xx answers; an ACK of another one does not count."""
    interval_s: float = 0.0
    """Until the 2xx is sent again; 0 when nobody waits for an ACK."""
    acks: dict[str, bytes] = field(default_factory=dict)
    """Our ACKs by the tag of the telephone that picked up, sent again for every copy of its 2xx."""
    rings: bool = False
    provisional: bool = False
    cancel_wanted: bool = False
    bye_wanted: bool = False
    probe: Key = ()
    """Our OPTIONS that waits for a sign of life."""
    reinvite: Request | None = None
    reinvite_key: Key = ()

    @property
    def origin(self) -> tuple[str, str, int]:
        """What names an INVITE whichever way it came (RFC 3261 8.2.2.2)."""
        return origin_of(self.invite)

    @property
    def index(self) -> tuple[str, str]:
        """How requests of the far end name this session: Call-ID and our tag."""
        assert self.dialog is not None
        return self.dialog.call_id, self.dialog.local_tag


def origin_of(invite: Request) -> tuple[str, str, int]:
    """Call-ID, From tag and number of an INVITE: two with the same came over two paths."""
    return invite.call_id, tag_of(invite.headers["From"]), invite.cseq.sequence


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
