"""What is heard, as frames of 20 ms: clips, tones, silence and music. All µ-law, 160 bytes a frame."""

from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from telephony.media.g711 import ULAW_SILENCE, ulaw_encode
from telephony.media.rtp import FRAME, RATE

SILENCE = ULAW_SILENCE * FRAME
"""20 ms of nothing."""
_EDGE_S = 0.005
_BEEP_LEVEL = 8000
_CACHE_BYTES = 64 << 20


def padded(data: bytes) -> bytes:
    """``data`` with silence up to the end of its last frame."""
    return data + ULAW_SILENCE * (-len(data) % FRAME)


def beep(hz: int, ms: int, level: int = _BEEP_LEVEL) -> bytes:
    """A tone with gentle edges (0 Hz is silence); ``level`` is its amplitude of 32,767."""
    count = RATE * ms // 1000
    if hz <= 0:
        return padded(ULAW_SILENCE * count)
    at = np.arange(count)
    edge = max(1.0, min(_EDGE_S * RATE, count / 2))
    gate = np.clip(np.minimum(at + 1, count - at) / edge, 0, 1)
    return padded(ulaw_encode((level * gate * np.sin(2 * np.pi * hz * at / RATE)).astype(np.int16)))


class Clips:
    """The bytes of sound files, the least lately used ones forgotten beyond ``limit`` bytes.

    ``load`` may be called from another thread than ``cached`` and ``keep``.
    """

    def __init__(self, limit: int = _CACHE_BYTES) -> None:
        self._limit = limit
        self._held = 0
        self._clips: OrderedDict[str, bytes] = OrderedDict()

    def cached(self, path: str) -> bytes | None:
        """The clip, if it is at hand."""
        clip = self._clips.get(path)
        if clip is not None:
            self._clips.move_to_end(path)
        return clip

    @staticmethod
    def load(path: str) -> bytes:
        """Read a clip (raw µ-law, 8,000 Hz) from its file. Raises OSError."""
        return padded(Path(path).read_bytes())

    def keep(self, path: str, clip: bytes) -> None:
        """Remember a clip that was loaded."""
        if path in self._clips or len(clip) > self._limit:
            return
        self._clips[path] = clip
        self._held += len(clip)
        while self._held > self._limit:
            self._held -= len(self._clips.popitem(last=False)[1])


class Sequel:
    """Pieces one after the other. A piece still being read (None) is waited for in silence."""

    __slots__ = ("_at", "_piece", "_pieces")

    def __init__(self, pieces: Sequence[bytes | None] = ()) -> None:
        self._pieces = list(pieces)
        self._piece = self._at = 0

    def add(self, piece: bytes | None) -> int:
        """Append a piece and give its place."""
        if self._piece == len(self._pieces):
            self._pieces.clear()
            self._piece = 0
        self._pieces.append(piece)
        return len(self._pieces) - 1

    def put(self, place: int, piece: bytes) -> None:
        """A piece that was waited for is here."""
        self._pieces[place] = piece

    def next(self) -> bytes | None:
        """The next frame, or None at the end."""
        while self._piece < len(self._pieces):
            piece = self._pieces[self._piece]
            if piece is None:
                return SILENCE
            at = self._at
            if at < len(piece):
                self._at = at + FRAME
                return piece[at : at + FRAME]
            self._piece += 1
            self._at = 0
        return None


class Music:
    """A clip heard again and again, from its beginning by everybody who begins to listen."""

    def __init__(self, clip: bytes) -> None:
        whole = padded(clip) or SILENCE
        self.frames = [whole[at : at + FRAME] for at in range(0, len(whole), FRAME)]

    def listen(self) -> "MusicEar":
        """An ear at the beginning."""
        return MusicEar(self.frames)


class MusicEar:
    """One listener's place in the music."""

    __slots__ = ("_at", "_frames")

    def __init__(self, frames: list[bytes]) -> None:
        self._frames = frames
        self._at = -1

    def next(self) -> bytes:
        """The next frame; there is always one."""
        self._at = at = (self._at + 1) % len(self._frames)
        return self._frames[at]


def waiting_tone() -> bytes:
    """What is heard in place of music when no music is given: two soft notes every four seconds."""
    notes = beep(523, 180, 2500) + beep(0, 60) + beep(659, 180, 2500)
    return notes + padded(ULAW_SILENCE * (4 * RATE - len(notes)))
