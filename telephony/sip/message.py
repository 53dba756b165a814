"""Reading and writing SIP messages: the few things every layer needs on top of ``sipmessage``."""

import re

from sipmessage import URI, CSeq, Message, Request, Response

from telephony.sip.events import Peer

MAX_MESSAGE_BYTES = 16_384
MAX_BODY_BYTES = 12_288

METHODS = ("INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "INFO", "REGISTER")
ALLOW = ", ".join(METHODS)
KNOWN_ELSEWHERE = ("UPDATE", "PRACK", "SUBSCRIBE", "NOTIFY", "MESSAGE", "REFER", "PUBLISH")
"""Methods the RFCs know and we do not serve (405); anything else is 501."""

PHRASES = {
    100: "Trying",
    180: "Ringing",
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    413: "Request Entity Too Large",
    415: "Unsupported Media Type",
    416: "Unsupported URI Scheme",
    420: "Bad Extension",
    423: "Interval Too Brief",
    480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist",
    482: "Loop Detected",
    486: "Busy Here",
    487: "Request Terminated",
    488: "Not Acceptable Here",
    491: "Request Pending",
    500: "Server Internal Error",
    501: "Not Implemented",
    503: "Service Unavailable",
    603: "Decline",
}

_BRANCH = re.compile(r";\s*branch\s*=\s*([^;,\s]+)", re.I)
_SENT_BY = re.compile(r"^SIP\s*/\s*2\.0\s*/\s*\w+\s+([^;,\s]+)", re.I)
_TAG = re.compile(r";\s*tag\s*=\s*([^;,\s>]+)", re.I)
_RPORT = re.compile(r";\s*rport\s*(?=;|,|$)", re.I)
_FOLD = re.compile(rb"\r\n[ \t]+")
_ESSENTIAL = ("Via", "From", "To", "Call-ID", "CSeq")


class Malformed(ValueError):
    """Not a SIP message we can work with; ``request`` is set when a 400 can still be sent."""

    def __init__(self, why: str, request: Request | None = None) -> None:
        super().__init__(why)
        self.request = request


def parse(data: bytes) -> Request | Response:
    """Read one message, checked far enough that every layer above may rely on its essential headers."""
    try:
        message = Message.parse(_FOLD.sub(b" ", data))
    except (ValueError, KeyError, IndexError) as error:
        raise Malformed(str(error), _salvage(data)) from error
    request = message if isinstance(message, Request) else None
    missing = [name for name in _ESSENTIAL if message.headers.get(name) is None]
    if missing:
        raise Malformed(f"no {missing[0]} header")
    try:
        cseq = message.cseq
        if request is not None:
            _ = message.from_address, message.to_address
        length = message.content_length
    except (ValueError, AssertionError) as error:
        raise Malformed(f"unreadable header: {error}", request) from error
    if request is not None and cseq.method != request.method:
        raise Malformed("CSeq names another method", request)
    if cseq.sequence >= 2**31:
        raise Malformed("CSeq too large", request)
    if not _SENT_BY.match(message.headers["Via"]):
        raise Malformed("unreadable Via", request)
    if length is not None:
        if not 0 <= length <= len(message.body):
            raise Malformed("body shorter than Content-Length", request)
        message.body = message.body[:length]
    return message


def _salvage(data: bytes) -> Request | None:
    """A request whose first line or one header is broken, with just what a 400 needs; None if hopeless."""
    lines = data.split(b"\r\n\r\n", 1)[0].decode("utf-8", "replace").split("\r\n")
    words = lines[0].split(" ")
    if len(words) < 3 or words[-1] != "SIP/2.0" or words[0] == "ACK":
        return None
    request = Request(words[0], URI(scheme="sip", host="invalid"))
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if colon and name.strip() in _ESSENTIAL:
            request.headers.add(name.strip(), value.strip())
    if any(request.headers.get(name) is None for name in _ESSENTIAL):
        return None
    try:
        _ = request.cseq
    except ValueError:
        return None
    return request if _SENT_BY.match(request.headers["Via"]) else None


def branch_of(message: Message) -> str:
    """The branch of the topmost Via, or an empty string."""
    found = _BRANCH.search(message.headers["Via"].partition(",")[0])
    return found.group(1) if found else ""


def sent_by_of(message: Message) -> str:
    """Host and port of the topmost Via."""
    found = _SENT_BY.match(message.headers["Via"])
    return found.group(1).lower() if found else ""


def tag_of(header: str) -> str:
    """The tag of a From or To header, or an empty string."""
    found = _TAG.search(header.rpartition(">")[2] or header)
    return found.group(1) if found else ""


def response_to(request: Request, code: int, peer: Peer, to_tag: str = "", body: bytes = b"") -> Response:
    """A response with the headers the request dictates; ``to_tag`` is added when the To has none.

    The copied headers stay text: parsing and printing them again would change how they are quoted.
    """
    response = Response(code, PHRASES[code], body=body)
    for index, value in enumerate(request.headers.getlist("Via")):
        response.headers.add("Via", _mark_source(value, peer) if index == 0 else value)
    for value in request.headers.getlist("Record-Route") if 100 < code < 300 else []:
        response.headers.add("Record-Route", value)
    response.headers.add("From", request.headers["From"])
    to = request.headers["To"]
    if code > 100 and to_tag and not tag_of(to):
        to = f"{to if '>' in to else f'<{to}>'};tag={to_tag}"
    response.headers.add("To", to)
    response.headers.add("Call-ID", request.headers["Call-ID"])
    response.headers.add("CSeq", request.headers["CSeq"])
    return response


def _mark_source(via: str, peer: Peer) -> str:
    top, comma, rest = via.partition(",")
    if peer.transport == "UDP":
        top = _RPORT.sub(f";rport={peer.port}", top)
        if "received=" not in top.lower():
            top += f";received={peer.host}"
    return top + comma + rest


def encode(message: Request | Response) -> bytes:
    """The message as bytes, with its Content-Length set."""
    message.headers.set("Content-Length", str(len(message.body)))
    return bytes(message)


def ack_to_failure(invite: Request, response: Response) -> Request:
    """The ACK to a final response other than 2xx (RFC 3261 17.1.1.3): same hop, same branch."""
    ack = Request("ACK", invite.uri)
    ack.headers.add("Via", invite.headers["Via"])
    for route in invite.headers.getlist("Route"):
        ack.headers.add("Route", route)
    ack.headers.add("From", invite.headers["From"])
    ack.headers.add("To", response.headers["To"])
    ack.headers.add("Call-ID", invite.headers["Call-ID"])
    ack.headers.add("CSeq", str(CSeq(sequence=invite.cseq.sequence, method="ACK")))
    ack.headers.add("Max-Forwards", "70")
    return ack


def cancel_of(invite: Request) -> Request:
    """The CANCEL of an INVITE we sent (RFC 3261 9.1): same hop, same branch."""
    cancel = Request("CANCEL", invite.uri)
    cancel.headers.add("Via", invite.headers["Via"])
    for route in invite.headers.getlist("Route"):
        cancel.headers.add("Route", route)
    for name in ("From", "To", "Call-ID"):
        cancel.headers.add(name, invite.headers[name])
    cancel.headers.add("CSeq", str(CSeq(sequence=invite.cseq.sequence, method="CANCEL")))
    cancel.headers.add("Max-Forwards", "70")
    return cancel
