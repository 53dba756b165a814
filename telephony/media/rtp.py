"""RTP (RFC 3550): reading packets, numbering those we send, and keys of the telephone (RFC 4733).

Machines without I/O. Time is ``now``, a count of samples at 8,000 Hz on the engine's clock.
"""

import struct
from typing import NamedTuple

PCMU, PCMA = 0, 8
RATE = 8000
"""Samples a second."""
FRAME = 160
"""Samples in 20 ms, and bytes of G.711."""

_HEADER = struct.Struct(">BBHII")
_pack, _unpack = _HEADER.pack, _HEADER.unpack_from
_DIGITS = "0123456789*#ABCD"
SEGMENT = 0xFFFF
"""The longest duration one event packet can say; a key held longer goes on in another segment."""
_FAR_SEQUENCE = 3000
"""A jump in sequence numbers beyond this is another stream (RFC 3550, A.1: MAX_DROPOUT)."""
_FAR_TIMESTAMP = 60 * RATE
_FAR_BEHIND = 256
"""And one this far back is no packet that comes late, but the same source begun anew."""


class Packet(NamedTuple):
    """One RTP packet, without padding and header extensions."""

    payload_type: int
    marker: bool
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes


def unpack(data: bytes) -> Packet | None:
    """Read a packet; None for what is no RTP."""
    size = len(data)
    if size < 12:
        return None
    first, second, sequence, timestamp, ssrc = _unpack(data)
    if first == 0x80:
        return Packet(second & 0x7F, second > 0x7F, sequence, timestamp, ssrc, data[12:])
    if first >> 6 != 2:
        return None
    start = 12 + 4 * (first & 0x0F)
    if first & 0x10:
        if size < start + 4:
            return None
        start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4], "big")
    end = size
    if first & 0x20:
        end -= data[-1]
        if not data[-1]:
            return None
    if start > end:
        return None
    return Packet(second & 0x7F, second > 0x7F, sequence, timestamp, ssrc, data[start:end])


def pack(packet: Packet) -> bytes:
    """The packet as bytes."""
    kind = packet.payload_type | (0x80 if packet.marker else 0)
    return _pack(0x80, kind, packet.sequence, packet.timestamp, packet.ssrc) + packet.payload


class Keys:
    """Tells each key once: at the first packet of an event that arrives, whichever it is.

    The packets of one event share a timestamp, so lost ends, repeated ends and packets that come late or
    in another order change nothing. A key held for more than 8 s goes on under a timestamp one full
    segment later (RFC 4733, 2.5.1.3).
    """

    __slots__ = ("_event", "_ssrc", "_timestamp")

    def __init__(self) -> None:
        self._ssrc = self._timestamp = self._event = -1

    def take(self, packet: Packet) -> str | None:
        """The key an event packet tells, or None: nothing new, not a key, or not an event at all."""
        if len(packet.payload) < 4:
            return None
        event = packet.payload[0]
        if self._event >= 0 and packet.ssrc == self._ssrc:
            ahead = (packet.timestamp - self._timestamp) & 0xFFFFFFFF
            if ahead == 0 or ahead > 0xFFFFFFFF - _FAR_TIMESTAMP:
                return None
            held = ahead == SEGMENT and event == self._event and not packet.marker
        else:
            held = False
        self._ssrc, self._timestamp, self._event = packet.ssrc, packet.timestamp, event
        return None if held or event >= len(_DIGITS) else _DIGITS[event]


class Outgoing:
    """Numbers what we send to one party: one SSRC and an unbroken sequence, whatever the source.

    A source is either the clock (a frame every 20 ms) or packets passed on from somebody else. A new source
    begins with the marker bit, and its first timestamp follows the last one sent by the time that went by.
    Gaps and swaps of packets passed on are kept, so the far end can tell what was lost.
    """

    __slots__ = ("_base", "_feed", "_first", "_high", "_shift", "_timestamp", "sent_at", "sequence", "ssrc")

    def __init__(self, ssrc: int, sequence: int, timestamp: int) -> None:
        self.ssrc = ssrc
        self.sequence = sequence
        """The last one used."""
        self.sent_at = -FRAME
        """When the last packet went (samples)."""
        self._timestamp = timestamp
        self._feed: object = None
        self._base = self._shift = self._first = self._high = 0

    @property
    def passes_on(self) -> bool:
        """Whether the last packet sent was somebody else's, passed on."""
        return type(self._feed) is int

    def change(self) -> None:
        """What comes next is another source, even if it looks the same."""
        self._feed = None

    def clocked(self, feed: object, payload_type: int, now: int) -> bytes:
        """The header of a frame that goes out by the clock from ``feed`` (any object but None or an int)."""
        kind = payload_type
        if self._feed is not feed:
            self._feed = feed
            self._base = self._following(now) - now
            kind |= 0x80
        self.sequence = sequence = (self.sequence + 1) & 0xFFFF
        self._timestamp = timestamp = (now + self._base) & 0xFFFFFFFF
        self.sent_at = now
        return _pack(0x80, kind, sequence, timestamp, self.ssrc)

    def passed_on(self, packet: Packet, payload_type: int, now: int) -> bytes | None:
        """The header under which ``packet`` is passed on, or None: it belongs before what is passed on."""
        kind = payload_type | 0x80 if packet.marker else payload_type
        came = packet.sequence
        ahead = (came - self._high) & 0xFFFF
        if (
            self._feed != packet.ssrc
            or type(self._feed) is not int
            or _FAR_SEQUENCE < ahead < 0x10000 - _FAR_BEHIND
        ):
            self._feed = packet.ssrc
            self._base = self._following(now) - packet.timestamp
            self._shift = self.sequence + 1 - came
            self._first = self._high = came
            kind |= 0x80
            ahead = 0
        elif (came - self._first) & 0x8000:
            return None
        sequence = (came + self._shift) & 0xFFFF
        timestamp = (packet.timestamp + self._base) & 0xFFFFFFFF
        if ahead < 0x8000:
            self._high = came
            if (came - self._first) & 0xFFFF > 2 * _FAR_BEHIND:
                self._first = (came - _FAR_BEHIND) & 0xFFFF
            self.sequence, self._timestamp, self.sent_at = sequence, timestamp, now
        return _pack(0x80, kind, sequence, timestamp, self.ssrc)

    def left_out(self, packet: Packet) -> None:
        """``packet`` is not passed on and shall leave no gap in the sequence."""
        if self.passes_on and self._feed == packet.ssrc:
            ahead = (packet.sequence - self._high) & 0xFFFF
            if 0 < ahead < _FAR_SEQUENCE:
                self._high = packet.sequence
                self._shift -= 1

    def _following(self, now: int) -> int:
        return self._timestamp + max(FRAME, now - self.sent_at)
