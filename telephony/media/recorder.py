"""Recordings: two lanes of µ-law on one time line, mixed by a thread into WAV (mono, 16 bits, 8,000 Hz).

The clock only copies bytes. Every second a block of both lanes goes to the thread, which decodes, mixes,
writes, and keeps the header true, so a process that is killed leaves a file that plays. The file has
``.part`` behind its name until it is complete.
"""

import logging
import os
import queue
import struct
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import numpy as np

from domain.ids import LegId, RecordingId
from telephony.media.g711 import ULAW_SILENCE, ulaw_decode
from telephony.media.rtp import RATE

log = logging.getLogger(__name__)

BLOCK = RATE
"""Samples written at a time."""
SLACK = 2400
"""So late (samples) a packet may come and still find its place."""
_AHEAD = 1600
"""A packet that would lie further in the future belongs to another count of timestamps."""

Closed = Callable[[LegId, RecordingId, int], None]


def wav_header(samples: int) -> bytes:
    """The 44 bytes before ``samples`` samples."""
    size = 2 * samples
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        *(b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, 1, 1, RATE, 2 * RATE, 2, 16, b"data", size),
    )


class _Lane:
    """One voice between the last block and now; places packets by their timestamps."""

    __slots__ = ("_shift", "data")

    def __init__(self) -> None:
        self.data = bytearray(ULAW_SILENCE * (2 * BLOCK + SLACK))
        self._shift: int | None = None

    def place(self, timestamp: int, at: int) -> int:
        """Where (samples since the start) a packet lies that came at ``at``."""
        if self._shift is not None:
            place = at + _signed(timestamp + self._shift - at)
            if at - SLACK <= place <= at + _AHEAD:
                return place
        self._shift = at - timestamp
        return at


class Recording:
    """One recording of one leg: lane 0 is what it says, lane 1 what its partner says."""

    def __init__(
        self, leg: LegId, recording: RecordingId, path: str, max_s: int, now: int, writer: "Writer"
    ) -> None:
        self.leg, self.id = leg, recording
        self._begun = now
        self._limit = max_s * RATE
        self._written = 0
        self._lanes = (_Lane(), _Lane())
        self._writer = writer
        writer.open(self, Path(path))

    def write(self, lane: int, payload: bytes, timestamp: int, now: int) -> None:
        """µ-law said at ``timestamp`` (of its speaker's count) and heard of at ``now``."""
        voice = self._lanes[lane]
        start = voice.place(timestamp, now - self._begun) - self._written
        end = start + len(payload)
        if start < 0:
            payload, start = payload[-start:], 0
        if end > len(voice.data) or end <= 0:
            return
        voice.data[start:end] = payload

    def advance(self, now: int) -> bool:
        """Hand on what nothing can change any more; True when the limit is reached, which may be long after
        it was: what lies beyond it is never handed on.
        """
        while now - self._begun - self._written >= BLOCK + SLACK:
            if self._limit and self._written + BLOCK > self._limit:
                break
            self._hand_on(BLOCK)
        return 0 < self._limit <= now - self._begun

    def close(self, now: int) -> None:
        """Write the rest; ``closed`` of the writer is called when the file is complete."""
        length = now - self._begun
        if self._limit:
            length = min(length, self._limit)
        while self._written < length:
            self._hand_on(min(BLOCK, length - self._written))
        self._writer.close(self)

    def _hand_on(self, count: int) -> None:
        first, second = (self._cut(lane.data, count) for lane in self._lanes)
        self._writer.block(self, first, second)
        self._written += count

    @staticmethod
    def _cut(data: bytearray, count: int) -> bytes:
        block = bytes(data[:count])
        del data[:count]
        data += ULAW_SILENCE * count
        return block


class _File:
    """One file being written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = path.with_name(path.name + ".part")
        path.parent.mkdir(parents=True, exist_ok=True)
        self.samples = 0
        self.broken = False
        self._file: BinaryIO = self._part.open("wb")
        self._file.write(wav_header(0))

    def add(self, first: bytes, second: bytes) -> None:
        """Mix two lanes of µ-law and append them."""
        mixed = ulaw_decode(first).astype(np.int32) + ulaw_decode(second)
        self._file.write(np.clip(mixed, -32768, 32767).astype("<i2").tobytes())
        self.samples += len(first)
        self._file.seek(0)
        self._file.write(wav_header(self.samples))
        self._file.seek(0, os.SEEK_END)
        self._file.flush()

    def close(self) -> None:
        """Complete the file under its own name; one that broke off ends with its last whole block."""
        self._file.close()
        if self.broken:
            os.truncate(self._part, len(wav_header(0)) + 2 * self.samples)
        self._part.replace(self._path)

    def abandon(self) -> None:
        """Release the file as it is: nothing can be added any more."""
        self.broken = True
        try:
            self._file.close()
        except OSError as error:
            log.error("recording %s: %s", self._part, error)


class Writer:
    """The thread behind all recordings. ``closed(leg, recording, ms)`` is called from it.

    A file that cannot be written is logged and told with 0 ms; one that breaks off, because the disk is full,
    is kept as long as it got.
    """

    def __init__(self, closed: Closed) -> None:
        self._closed = closed
        self._queue: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._files: dict[Recording, _File] = {}
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    def open(self, recording: Recording, path: Path) -> None:
        """Begin the file of a recording."""

        def begin() -> None:
            try:
                self._files[recording] = _File(path)
            except OSError as error:
                log.error("recording %s cannot be written: %s", path, error)

        self._queue.put(begin)

    def block(self, recording: Recording, first: bytes, second: bytes) -> None:
        """Append a block of both lanes."""

        def append() -> None:
            file = self._files.get(recording)
            if file is None or file.broken:
                return
            try:
                file.add(first, second)
            except OSError as error:
                log.error("recording %s broke off after %d ms: %s", recording.id, file.samples // 8, error)
                file.abandon()

        self._queue.put(append)

    def close(self, recording: Recording) -> None:
        """Complete the file."""

        def complete() -> None:
            file = self._files.pop(recording, None)
            duration_ms = 0
            if file is not None:
                try:
                    file.close()
                    duration_ms = file.samples * 1000 // RATE
                except OSError as error:
                    log.error("recording %s cannot be completed: %s", recording.id, error)
            self._closed(recording.leg, recording.id, duration_ms)

        self._queue.put(complete)

    def stop(self) -> None:
        """Finish what is queued and end the thread; a recording not closed keeps its ``.part``."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (job := self._queue.get()) is not None:
            job()
        for file in self._files.values():
            file.abandon()


def _signed(value: int) -> int:
    """A difference of two timestamps as a number around 0."""
    return ((value + 0x80000000) & 0xFFFFFFFF) - 0x80000000
