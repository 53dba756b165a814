"""More new calls than we can serve: refused early and cheaply, so that the calls we have go on."""

import hashlib

from domain.instant import Instant, seconds_between
from telephony.sip.events import Peer
from telephony.sip.message import branch_of, mark_source, tag_of
from telephony.sip.transaction import COOKIE, Key, modern_key

RETRY_AFTER_S = 10
_LOOKED_AT = {b"via": "via", b"v": "via", b"from": "from", b"f": "from", b"to": "to", b"t": "to"}
_LOOKED_AT |= {b"call-id": "call-id", b"i": "call-id", b"cseq": "cseq"}


class Gate:
    """Lets ``per_s`` pass each second, and half as many more at once after a quiet while."""

    def __init__(self, per_s: float) -> None:
        self._per_s = per_s
        self._most = max(1.0, per_s / 2)
        self._level = self._most
        self._filled: Instant | None = None

    def is_open(self, now: Instant) -> bool:
        """Whether one more may pass."""
        if self._filled is not None:
            gained = seconds_between(self._filled, now) * self._per_s
            self._level = min(self._most, self._level + gained)
        self._filled = now
        return self._level >= 1.0

    def take(self, now: Instant) -> bool:
        """Let one pass, or not."""
        if not self.is_open(now):
            return False
        self._level -= 1.0
        return True


class Glance:
    """The few lines of a request that a refusal needs, found without reading the rest."""

    def __init__(self, data: bytes) -> None:
        self.vias: list[str] = []
        self._lines: dict[str, str] = {}
        for line in data.partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            known = _LOOKED_AT.get(name.strip().lower())
            if known == "via":
                self.vias.append(value.strip().decode("utf-8", "replace"))
            elif known is not None:
                self._lines.setdefault(known, value.strip().decode("utf-8", "replace"))

    @property
    def key(self) -> Key | None:
        """The server transaction it belongs to; None if it is unreadable or speaks RFC 2543."""
        if not self.vias or len(self._lines) < 4:
            return None
        branch = branch_of(self.vias[0])
        return modern_key(branch, self.vias[0], "INVITE") if branch.startswith(COOKIE) else None

    @property
    def in_dialog(self) -> bool:
        """Whether it belongs to a call that exists."""
        return bool(tag_of(self._lines.get("to", "")))

    def refusal(self, peer: Peer) -> bytes:
        """A 503 that remembers nothing; the ACK to it is swallowed like any other stray one."""
        lines = ["SIP/2.0 503 Service Unavailable", f"Via: {mark_source(self.vias[0], peer)}"]
        lines += [f"Via: {via}" for via in self.vias[1:]]
        tag = stateless_tag(self.vias[0], self._lines["call-id"])
        lines += [
            f"From: {self._lines['from']}",
            f"To: {self._lines['to']};tag={tag}",
            f"Call-ID: {self._lines['call-id']}",
            f"CSeq: {self._lines['cseq']}",
            f"Retry-After: {RETRY_AFTER_S}",
            "Content-Length: 0",
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


def stateless_tag(via: str, call_id: str) -> str:
    """The To tag of an answer without a transaction: equal for all copies of a request (RFC 3261 8.2.7)."""
    return hashlib.blake2s(f"{via}|{call_id}".encode(), digest_size=8).hexdigest()
