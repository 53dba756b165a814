"""Sound over real sockets: a telephone's ear and mouth, a sniffer, and tones found in what was heard."""

import random
import select
import socket
import struct
import threading
import time

import numpy as np
from numpy.typing import NDArray

RATE = 8000
FRAME = 160
DIGITS = "0123456789*#ABCD"
Samples = NDArray[np.float64]


def to_ulaw(samples: Samples) -> bytes:
    """Linear samples in -1..1 as µ-law (ITU-T G.711)."""
    linear = np.clip(np.round(samples * 32767), -32635, 32635).astype(np.int32)
    sign = np.where(linear < 0, 0x80, 0)
    magnitude = np.abs(linear) + 0x84
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    return (~(sign | (exponent << 4) | mantissa) & 0xFF).astype(np.uint8).tobytes()


def from_ulaw(data: bytes) -> Samples:
    """µ-law as linear samples in -1..1."""
    code = ~np.frombuffer(data, np.uint8).astype(np.int32) & 0xFF
    magnitude = ((((code & 0x0F) << 3) + 0x84) << ((code >> 4) & 7)) - 0x84
    return np.where(code & 0x80, -magnitude, magnitude) / 32768


def tone(hz: float, seconds: float, level: float = 0.4) -> Samples:
    """A plain tone."""
    return level * np.sin(2 * np.pi * hz * np.arange(int(seconds * RATE)) / RATE)


def share_of(samples: Samples, hz: float, width: float = 15.0) -> float:
    """How much of the energy lies within ``width`` Hz of ``hz``: 0 to 1 (0 for silence)."""
    if len(samples) < RATE // 4 or float(np.sum(samples**2)) < 1e-3:
        return 0.0
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    frequency = np.fft.rfftfreq(len(samples), 1 / RATE)
    return float(power[np.abs(frequency - hz) <= width].sum() / power[1:].sum())


def loud(samples: Samples) -> bool:
    """Whether there is anything to hear: more than -40 dBFS over the whole."""
    return len(samples) > 0 and float(np.sqrt(np.mean(samples**2))) > 0.01


class SoundPeer(threading.Thread):
    """A telephone's media: speaks a tone, presses keys as RFC 4733 packets, keeps what it hears.

    It speaks to ``target`` or, without one, to whoever speaks to it first.
    """

    def __init__(
        self, hz: float = 0.0, target: tuple[str, int] | None = None, host: str = "127.0.0.1"
    ) -> None:
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((host, 0))
        self.port: int = self.socket.getsockname()[1]
        self.target = target
        self.speaking = to_ulaw(tone(hz, 1.0)) if hz else b"\xff" * RATE
        self.heard: list[tuple[float, bytes]] = []
        self._keys: list[str] = []
        self._stop_asked = threading.Event()
        self._sequence = random.randrange(65536)
        self._ssrc = random.getrandbits(32)

    def __enter__(self) -> "SoundPeer":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop_asked.set()
        self.join(5)
        self.socket.close()

    def press(self, digits: str) -> None:
        """Press keys, one after the other."""
        self._keys += digits

    def last(self, seconds: float) -> Samples:
        """The sound of the last ``seconds``."""
        begin = time.monotonic() - seconds
        return from_ulaw(b"".join(payload for at, payload in list(self.heard) if at >= begin))

    def run(self) -> None:
        """Listen always, speak every 20 ms."""
        due, stamp, at = time.monotonic(), 0, 0
        event: list[bytes] = []
        while not self._stop_asked.is_set():
            wait = max(0.0, due - time.monotonic())
            if select.select([self.socket], [], [], wait)[0]:
                data, source = self.socket.recvfrom(2048)
                self.target = self.target or source
                if len(data) > 12 and data[1] & 0x7F in (0, 8):
                    self.heard.append((time.monotonic(), data[12:]))
                continue
            due += 0.02
            if not event and self._keys:
                event = _key(self._keys.pop(0))
                event_stamp = stamp
            if event:
                payload, kind, sent_stamp = event.pop(0), 101, event_stamp
            else:
                payload, kind, sent_stamp = self.speaking[at : at + FRAME], 0, stamp
                at = (at + FRAME) % RATE
            stamp += FRAME
            if self.target and payload:
                header = struct.pack("!BBHII", 0x80, kind, self._sequence, sent_stamp, self._ssrc)
                self._sequence = (self._sequence + 1) & 0xFFFF
                self.socket.sendto(header + payload, self.target)


def _key(digit: str) -> list[bytes]:
    """RFC 4733 payloads of one key, 100 ms long, its end sent three times, then a pause of 100 ms."""
    code = DIGITS.index(digit)
    held = [struct.pack("!BBH", code, 10, 160 * n) for n in range(1, 6)]
    return [*held, *[struct.pack("!BBH", code, 0x80 | 10, 960)] * 3, *[b""] * 5]


class Sniffer(threading.Thread):
    """Hears what goes over loopback to a UDP port that another program owns (Linux, as root)."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800))
        self.socket.bind(("lo", 0))
        self.socket.settimeout(0.2)
        self.heard: dict[int, list[bytes]] = {}
        """Destination port to µ-law payloads."""
        self._stop_asked = threading.Event()

    def __enter__(self) -> "Sniffer":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop_asked.set()
        self.join(5)
        self.socket.close()

    def run(self) -> None:
        """Listen."""
        while not self._stop_asked.is_set():
            try:
                packet, (_, _, kind, *_rest) = self.socket.recvfrom(4096)
            except TimeoutError:
                continue
            # Loopback shows every packet twice, once leaving and once arriving.
            if kind == socket.PACKET_OUTGOING or packet[9] != socket.IPPROTO_UDP:
                continue
            head = (packet[0] & 0x0F) * 4
            port = int.from_bytes(packet[head + 2 : head + 4])
            data = packet[head + 8 :]
            if len(data) == 12 + FRAME and data[0] == 0x80 and data[1] & 0x7F == 0:
                self.heard.setdefault(port, []).append(data[12:])

    def last(self, port: int, seconds: float) -> Samples:
        """The sound of the last ``seconds`` sent to ``port``."""
        return from_ulaw(b"".join(self.heard.get(port, [])[-int(seconds * 50) :]))
