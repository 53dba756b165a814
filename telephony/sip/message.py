"""Reading and writing SIP messages: the few things every layer needs on top of ``sipmessage``."""

import re

from sipmessage import URI, CSeq, Request, Response
from sipmessage.message import COMPACT_FORMS

from telephony.sip.address import SCHEMES, read_uri
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
    505: "Version Not Supported",
    600: "Busy Everywhere",
    603: "Decline",
}

MAX_HEADER_LINES = 150
_ESSENTIAL = ("Via", "From", "To", "Call-ID", "CSeq")
_ONLY_ONCE = ("From", "To", "Call-ID", "CSeq", "Content-Length")

_BRANCH = re.compile(r";\s*branch\s*=\s*([^;,\s]+)", re.I)
_SENT_BY = re.compile(r"^SIP\s*/\s*2\.0\s*/\s*\w+\s+([^;,\s]+)", re.I)
_TAG = re.compile(r";\s*tag\s*=\s*([^;,\s>]+)", re.I)
_RPORT = re.compile(r";\s*rport\s*(?=;|$)", re.I)
_FOLD = re.compile(r"\r\n[ \t]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_METHOD = re.compile(r"[A-Za-z0-9.!%*_+`'~-]{1,32}")
_VERSION = re.compile(r"SIP/(\d+\.\d+)", re.I)
_NOWHERE = URI(scheme="sip", host="invalid")


class Malformed(ValueError):
    """Not a SIP message we can work with; ``request`` is set when it can still be answered with ``code``.

    The text never quotes the message: it goes into logs.
    """

    def __init__(self, why: str, request: Request | None = None, code: int = 400) -> None:
        super().__init__(why)
        self.request = request
        self.code = code


def parse(data: bytes) -> Request | Response:
    """Read one message, checked far enough that every layer above may rely on its essential headers.

    Addresses are left as text: most messages are routed by their tags alone.
    """
    head, cut, body = data.lstrip(b"\r\n").partition(b"\r\n\r\n")
    faults = [] if cut else ["cut off before the body"]
    try:
        text = head.decode()
    except UnicodeDecodeError:
        text = head.decode("utf-8", "replace")
        faults.append("not UTF-8")
    first, *lines = _FOLD.sub(" ", text).split("\r\n")
    message, target = _start(first)
    if len(lines) > MAX_HEADER_LINES:
        raise Malformed("too many header lines")
    for line in lines:
        name, colon, value = line.partition(":")
        name = name.strip()
        if not colon or not name:
            faults.append("a line without a header's name")
            continue
        message.headers.add(COMPACT_FORMS.get(name.lower(), name), value.strip())
    if _CONTROL.search(first) or any(_CONTROL.search(line.replace("\t", " ")) for line in lines):
        raise Malformed("control characters")
    missing = [name for name in _ESSENTIAL if not message.headers.get(name)]
    if missing:
        raise Malformed(f"no {missing[0]} header")
    if not _SENT_BY.match(message.headers["Via"]):
        raise Malformed("unreadable Via")
    request = message if isinstance(message, Request) else None
    _check_numbers(message, request)
    for name in _ONLY_ONCE:
        if len(message.headers.getlist(name)) > 1:
            faults.append(f"more than one {name}")
    if faults:
        raise Malformed(faults[0], request)
    message.body = _body(message, body, request)
    if request is not None:
        _target(request, target)
    return message


def _start(line: str) -> tuple[Request | Response, str | None]:
    """The message a first line begins, and the target of a request; None if it is another SIP version."""
    words = line.split(" ", 2)
    if len(words) < 3:
        raise Malformed("neither request nor response")
    if words[0].upper() == "SIP/2.0":
        if not (len(words[1]) == 3 and words[1].isdecimal() and "100" <= words[1] <= "699"):
            raise Malformed("status code out of range")
        return Response(int(words[1]), words[2]), None
    target, _, version = line.partition(" ")[2].rpartition(" ")
    if _VERSION.fullmatch(version) is None or not _METHOD.fullmatch(words[0]):
        raise Malformed("neither request nor response")
    return Request(words[0], _NOWHERE), target if version.upper() == "SIP/2.0" else None


def _check_numbers(message: Request | Response, request: Request | None) -> None:
    try:
        cseq = message.cseq
    except ValueError:
        raise Malformed("unreadable CSeq") from None
    if request is None:
        return
    if cseq.method != request.method:
        raise Malformed("CSeq names another method", request)
    if cseq.sequence >= 2**31:
        raise Malformed("CSeq too large", request)


def _body(message: Request | Response, body: bytes, request: Request | None) -> bytes:
    length = message.headers.get("Content-Length")
    if length is None:
        return body
    if not (length.isascii() and length.isdecimal() and len(length) < 10):
        raise Malformed("unreadable Content-Length", request)
    if int(length) > len(body):
        raise Malformed("body shorter than Content-Length", request)
    return body[: int(length)]


def _target(request: Request, target: str | None) -> None:
    if target is None:
        raise Malformed("another version of SIP", request, 505)
    try:
        request.uri = read_uri(target)
    except ValueError:
        foreign = re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", target)
        known = target.partition(":")[0].lower() in SCHEMES
        raise Malformed("unreadable Request-URI", request, 416 if foreign and not known else 400) from None


def branch_of(via: str) -> str:
    """The branch of the topmost of some Via values, or an empty string."""
    found = _BRANCH.search(via.partition(",")[0])
    return found.group(1) if found else ""


def sent_by_of(via: str) -> str:
    """Host and port of the topmost Via."""
    found = _SENT_BY.match(via)
    return found.group(1).lower() if found else ""


def tag_of(header: str) -> str:
    """The tag of a From or To header, or an empty string."""
    found = _TAG.search(header.rpartition(">")[2] or header)
    return found.group(1) if found else ""


def response_to(request: Request, code: int, peer: Peer, to_tag: str = "", body: bytes = b"") -> Response:
    """A response with the headers the request dictates; ``to_tag`` is added when the To has none.

    The copied headers stay text: parsing and printing them again would change how they are quoted.
    """
    response = Response(code, PHRASES.get(code, "Unknown"), body=body)
    for index, value in enumerate(request.headers.getlist("Via")):
        response.headers.add("Via", mark_source(value, peer) if index == 0 else value)
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


def mark_source(via: str, peer: Peer) -> str:
    """A Via as the answer carries it: with the address the request really came from.

    Answers go back to that address and port even when ``rport`` was not asked for: a telephone behind
    NAT that forgot to ask hears us, and one that listens on another port than it sends from is extinct.
    """
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
