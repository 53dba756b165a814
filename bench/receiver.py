"""The far ends of many calls, as a process of its own: it speaks a tone while it hears, and notes when.

Prints its ports as JSON, then reads lines of JSON: ``{"from": t, "to": t}`` (wall clock, seconds) says which
packets count, the end of the input asks for the figures, printed as one JSON object.
"""

import argparse
import json
import math
import select
import socket
import struct
import sys
import time
from array import array

from bench.shared import percentile

FRAME_S, FRAME = 0.02, 160
QUIET_S = 0.3
"""Who was not heard for so long is not spoken to any more: the call is over."""
TONE_HZ = 440
_HEADER = struct.Struct(">BBHII")
# Linux's SO_TIMESTAMPNS, which the socket module does not name: when a packet came, by the kernel.
_SO_TIMESTAMPNS = 35


def _ulaw(sample: int) -> int:
    """One sample as µ-law (ITU-T G.711)."""
    magnitude = min(abs(sample), 32635) + 0x84
    exponent = magnitude.bit_length() - 8
    code = (0x80 if sample < 0 else 0) | (exponent << 4) | ((magnitude >> (exponent + 3)) & 0x0F)
    return ~code & 0xFF


_SECOND = bytes(_ulaw(round(8000 * math.sin(2 * math.pi * TONE_HZ * n / 8000))) for n in range(8000))
TONE = [_SECOND[at : at + FRAME] for at in range(0, 8000, FRAME)]


class FarEnd:
    """One telephone's socket, used by one call after the other."""

    __slots__ = ("heard_at", "number", "sequence", "socket", "stream", "target", "turn")

    def __init__(self, host: str) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((host, 0))
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self.target: tuple[str, int] | None = None
        self.stream: tuple[int, int] = (0, 0)
        """The platform's port and SSRC: another one is another call."""
        self.sequence = 0
        self.heard_at = 0.0
        self.turn = 0
        self.number = self.socket.getsockname()[1]


class Receiver:
    """All far ends. Figures: packets, those missing by their sequence numbers, gaps in ms, calls heard."""

    def __init__(self, host: str, slots: int) -> None:
        self.ends = [FarEnd(host) for _ in range(slots)]
        self._by_number = {end.socket.fileno(): end for end in self.ends}
        self._poll = select.epoll()
        for number in self._by_number:
            self._poll.register(number, select.EPOLLIN)
        self._poll.register(sys.stdin.fileno(), select.EPOLLIN)
        self.window = (math.inf, math.inf)
        self.gaps = array("d")
        self.streams = self.lost = self.sent = 0

    def run(self) -> None:
        """Hear and speak until the input ends. Every far end has its own moment within the 20 ms."""
        slots, begun, turn = len(self.ends), time.monotonic(), 0
        while True:
            due = int((time.monotonic() - begun) / FRAME_S * slots)
            heard_since = time.time() - QUIET_S
            while turn < due:
                end = self.ends[turn % slots]
                turn += 1
                if end.heard_at > heard_since and end.target is not None:
                    self._speak(end)
            wait = begun + (turn + 1) * FRAME_S / slots - time.monotonic()
            for number, _ in self._poll.poll(max(0.0, wait)):
                end_or_none = self._by_number.get(number)
                if end_or_none is not None:
                    self._hear(end_or_none)
                elif not self._told():
                    return

    def _speak(self, end: FarEnd) -> None:
        end.turn += 1
        header = _HEADER.pack(0x80, 0, end.turn & 0xFFFF, end.turn * FRAME & 0xFFFFFFFF, end.number)
        assert end.target is not None
        end.socket.sendto(header + TONE[end.turn % len(TONE)], end.target)
        self.sent += 1

    def _hear(self, end: FarEnd) -> None:
        data, notes, _flags, source = end.socket.recvmsg(400, 64)
        seconds, nanos = struct.unpack("qq", notes[0][2][:16])
        at = seconds + nanos / 1e9
        _, _, sequence, _, ssrc = _HEADER.unpack_from(data)
        if end.stream != (source[1], ssrc):
            end.stream, end.target = (source[1], ssrc), source
            self.streams += 1
        elif self.window[0] <= at <= self.window[1]:
            self.gaps.append((at - end.heard_at) * 1000)
            self.lost += ((sequence - end.sequence) & 0xFFFF) - 1
        end.sequence, end.heard_at = sequence, at

    def _told(self) -> bool:
        line = sys.stdin.readline()
        if line:
            told = json.loads(line)
            self.window = (told["from"], told["to"])
        return bool(line)

    def figures(self) -> dict[str, float]:
        """What was heard in the window."""
        gaps = sorted(self.gaps)
        return {
            "streams": self.streams,
            "packets_sent": self.sent,
            "packets": len(gaps),
            "packets_lost": self.lost,
            "gap_p50_ms": percentile(gaps, 50),
            "gap_p99_ms": percentile(gaps, 99),
            "gap_p999_ms": percentile(gaps, 99.9),
            "gap_max_ms": round(gaps[-1], 2) if gaps else math.nan,
        }


def main() -> None:
    """Hear what the parent asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--slots", type=int, default=400)
    given = parser.parse_args()
    receiver = Receiver(given.host, given.slots)
    print(json.dumps([end.number for end in receiver.ends]), flush=True)
    receiver.run()
    print(json.dumps(receiver.figures()), flush=True)


if __name__ == "__main__":
    main()
