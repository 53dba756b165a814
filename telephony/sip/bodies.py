"""What the bodies of requests say: the SDP of an INVITE, the digit of an INFO."""

import re

from sipmessage import Request

from telephony.sip import sdp as sdp_rules

SDP = "application/sdp"
DIGIT_TYPES = ("application/dtmf-relay", "application/dtmf")
_LONGEST_DIGIT_BODY = 256
_SIGNAL = re.compile(r"^[ \t]*Signal[ \t]*=[ \t]*([0-9A-Da-d*#]|1[0-5])[ \t]*$", re.M | re.I)
_PLAIN_DIGIT = re.compile(r"\s*([0-9A-Da-d*#]|1[0-5])\s*")
_BY_EVENT = {"10": "*", "11": "#", "12": "A", "13": "B", "14": "C", "15": "D"}
"""Some gateways number the keys as RFC 4733 numbers their events."""


def type_of(request: Request) -> str:
    """The media type of the body, without parameters."""
    return (request.headers.get("Content-Type") or "").partition(";")[0].strip().lower()


def offer_in(request: Request, webrtc: bool) -> tuple[int, str]:
    """The SDP of an INVITE and 0, or the code it must be refused with."""
    if not request.body:
        return (488, "") if webrtc else (0, "")
    if type_of(request) != SDP or request.headers.get("Content-Encoding"):
        return 415, ""
    try:
        text = request.body.decode()
        remote = sdp_rules.parse(text)
        if remote.webrtc and not webrtc:
            return 488, ""
        if not remote.webrtc:
            sdp_rules.choose(remote)
    except sdp_rules.NothingInCommon:
        return 488, ""
    except ValueError:
        return 400, ""
    return 0, text


def digit_in(request: Request) -> str:
    """The key an INFO carries, or an empty string."""
    if len(request.body) > _LONGEST_DIGIT_BODY:
        return ""
    text = request.body.decode("utf-8", "replace").replace("\r\n", "\n")
    relay = type_of(request) == "application/dtmf-relay"
    found = _SIGNAL.search(text) if relay else _PLAIN_DIGIT.fullmatch(text)
    if found is None:
        return ""
    key = found.group(1).upper()
    return _BY_EVENT.get(key, key)
