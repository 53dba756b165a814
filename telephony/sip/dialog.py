"""A dialog (RFC 3261 section 12): what two ends share after an INVITE, and the requests it numbers."""

import re
from dataclasses import dataclass, field

from sipmessage import URI, CSeq, Request, Response

from telephony.sip.address import read_address, split_list
from telephony.sip.message import tag_of


@dataclass(slots=True)
class Dialog:
    """One end's view. ``local`` and ``remote`` are whole header values, kept as text."""

    call_id: str
    local: str
    remote: str
    target: URI
    routes: list[str] = field(default_factory=list)
    local_seq: int = 0
    remote_seq: int = -1

    @property
    def local_tag(self) -> str:
        """Our tag."""
        return tag_of(self.local)

    @property
    def remote_tag(self) -> str:
        """The far end's tag; empty until it gave one."""
        return tag_of(self.remote)

    def request(self, method: str, sequence: int | None = None) -> Request:
        """A request inside the dialog, without Via; ACK passes the sequence of its INVITE."""
        if sequence is None:
            self.local_seq += 1
            sequence = self.local_seq
        request, routes = Request(method, self.target), self.routes
        if routes and not _loose(routes[0]):
            # A strict router (RFC 3261 12.2.1.1) wants to be the target itself; ours comes last.
            try:
                request.uri = read_address(routes[0]).uri
                routes = [*routes[1:], f"<{self.target}>"]
            except ValueError:
                pass  # unreadable: send it on as it stands, the hop that wrote it will know
        for route in routes:
            request.headers.add("Route", route)
        request.headers.add("From", self.local)
        request.headers.add("To", self.remote)
        request.headers.add("Call-ID", self.call_id)
        request.headers.add("CSeq", str(CSeq(sequence=sequence, method=method)))
        request.headers.add("Max-Forwards", "70")
        return request

    def accept_sequence(self, sequence: int) -> bool:
        """Whether a request with this number is in order; remembers it when it is."""
        if sequence < self.remote_seq:
            return False
        self.remote_seq = sequence
        return True

    def retarget(self, message: Request | Response) -> None:
        """Follow the Contact of a message that may refresh the target."""
        contact = contact_of(message)
        if contact is not None:
            self.target = contact


def contact_of(message: Request | Response) -> URI | None:
    """The URI of the first Contact, or None if there is none that can be read."""
    try:
        return read_address(split_list(message.headers.getlist("Contact"))[0]).uri
    except (ValueError, IndexError):
        return None


def routes_of(message: Request | Response) -> list[str]:
    """The Record-Route values, one per list item, in the order they stand."""
    return split_list(message.headers.getlist("Record-Route"))


def _loose(route: str) -> bool:
    return bool(re.search(r";\s*lr\s*(?:[;=>]|$)", route, re.I))


def dialog_of_incoming(invite: Request, local_tag: str) -> Dialog:
    """The dialog of an INVITE we received; raises ValueError when neither Contact nor From can be read."""
    to = invite.headers["To"]
    return Dialog(
        call_id=invite.call_id,
        local=f"{to if '>' in to else f'<{to}>'};tag={local_tag}",
        remote=invite.headers["From"],
        target=contact_of(invite) or read_address(invite.headers["From"]).uri,
        routes=routes_of(invite),
        remote_seq=invite.cseq.sequence,
    )


def dialog_of_outgoing(invite: Request, response: Response) -> Dialog:
    """The dialog that a 2xx to our INVITE made."""
    return Dialog(
        call_id=invite.call_id,
        local=invite.headers["From"],
        remote=response.headers["To"],
        target=contact_of(response) or invite.uri,
        routes=routes_of(response)[::-1],
        local_seq=invite.cseq.sequence,
    )
