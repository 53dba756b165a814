"""SIP spoken by hand over UDP, right or wrong as the test wants it."""

import hashlib
import re
import select
import socket
import time
from itertools import count
from typing import Any

from tests.running import Platform

_numbers = count(1)


class Stranger:
    """A UDP socket that speaks SIP by hand. ``with`` closes it."""

    def __init__(self, platform: Platform) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.connect(("127.0.0.1", platform.sip_port))
        self.port: int = self.socket.getsockname()[1]

    def __enter__(self) -> "Stranger":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        """One datagram."""
        self.socket.send(data)

    def hear(self, seconds: float = 15.0) -> "Answer | None":
        """The next message, or None after a silence."""
        if not select.select([self.socket], [], [], seconds)[0]:
            return None
        return Answer(self.socket.recv(65535))

    def final(self, call_id: str, seconds: float = 15.0) -> "Answer":
        """The final answer to a request of this call."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            heard = self.hear(left)
            if heard is not None and heard.code >= 200 and heard.headers["call-id"] == call_id:
                return heard
        raise AssertionError(f"no final answer to {call_id}")

    def ask(self, method: str, **words: Any) -> "Answer":
        """Send a request, give its final answer."""
        call_id = f"ask-{next(_numbers)}"
        self.send(self.request(method, call_id=call_id, **words))
        return self.final(call_id)

    def request(
        self,
        method: str = "INVITE",
        *,
        uri: str = "sip:95588@127.0.0.1",
        call_id: str = "",
        body: str = "",
        sequence: int = 1,
        sender: str = "<sip:13911112222@127.0.0.1>;tag=theirs",
        to: str = "<sip:95588@127.0.0.1>",
        cseq: str = "",
        version: str = "SIP/2.0",
        length: object = None,
        without: str = "",
        extra: tuple[str, ...] = (),
        kind: str = "application/sdp",
    ) -> bytes:
        """A request as a telephone would write it, or nearly so."""
        number = next(_numbers)
        headers = {
            "Via": f"SIP/2.0/UDP 127.0.0.1:{self.port};branch=z9hG4bK-{number};rport",
            "From": sender,
            "To": to,
            "Call-ID": call_id or f"call-{number}",
            "CSeq": cseq or f"{sequence} {method}",
            "Contact": f"<sip:stranger@127.0.0.1:{self.port}>",
            "Max-Forwards": "70",
            "Content-Length": str(len(body) if length is None else length),
        }
        headers.pop(without, None)
        lines = [f"{method} {uri} {version}", *(f"{k}: {v}" for k, v in headers.items()), *extra]
        lines += [f"Content-Type: {kind}"] if body else []
        return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()

    def accept_and_leave(self, ok: "Answer", body: str = "") -> None:
        """ACK a 200 and hang up at once."""
        h, target = ok.headers, ok.contact
        for method in ("ACK", "BYE"):
            self.send(
                self.request(
                    method,
                    uri=target,
                    call_id=h["call-id"],
                    sender=h["from"],
                    to=h["to"],
                    sequence=1 if method == "ACK" else 2,
                    body=body if method == "ACK" else "",
                )
            )


class Answer:
    """A message that came, as far as the tests look at it."""

    def __init__(self, data: bytes) -> None:
        head, _, self.body = data.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        self.code = int(first.split()[1]) if first.startswith("SIP/2.0 ") else 0
        self.headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}

    @property
    def contact(self) -> str:
        """Where requests within the call go."""
        return self.headers["contact"].strip("<>")


def digest(user: str, password: str, challenge: str) -> str:
    """The Authorization header that answers a challenge."""
    nonce = re.search(r'nonce="([^"]+)"', challenge)
    realm = re.search(r'realm="([^"]+)"', challenge)
    assert nonce and realm

    def md5(text: str) -> str:
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    ha1, ha2 = md5(f"{user}:{realm[1]}:{password}"), md5("REGISTER:sip:127.0.0.1")
    response = md5(f"{ha1}:{nonce[1]}:00000001:c:auth:{ha2}")
    return (
        f'Authorization: Digest username="{user}", realm="{realm[1]}", nonce="{nonce[1]}", '
        f'uri="sip:127.0.0.1", response="{response}", qop=auth, nc=00000001, cnonce="c", algorithm=MD5'
    )


def try_to_register(stranger: Stranger, user: str, password: str) -> Answer:
    """One try with a password, from challenge to verdict."""
    to = f"<sip:{user}@127.0.0.1>"
    asked = stranger.ask("REGISTER", uri="sip:127.0.0.1", to=to)
    assert asked.code == 401
    proof = digest(user, password, asked.headers["www-authenticate"])
    return stranger.ask("REGISTER", uri="sip:127.0.0.1", to=to, extra=(proof,), sequence=2)
