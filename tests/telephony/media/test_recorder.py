"""Recordings: the right voices, the right length, a file that always plays."""

import asyncio
import resource
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from domain.ids import LegId, RecordingId
from telephony.media.g711 import ulaw_decode, ulaw_encode
from telephony.media.legs import KEY_HELD
from telephony.media.protocol import (
    Beep,
    CloseLeg,
    EndRecording,
    Join,
    OpenLocal,
    PlaySound,
    RecordingClosed,
    ShieldKeys,
    StartRecording,
    Utter,
)
from telephony.media.recorder import Recording, Writer, wav_header
from telephony.media.rtp import FRAME, RATE
from tests.telephony.media.far_end import call, engine, loudest, on_loop, tone

A, B = LegId("a"), LegId("b")
R = RecordingId("r")


def read(path: Path) -> NDArray[np.int16]:
    """The samples of a WAV file, whose header must be the one promised."""
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """The machine lets no file of this process grow beyond so many bytes, as if the disk were full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def powers(voice: NDArray[np.int16], *hz: int) -> list[bool]:
    """Whether each of these tones is clearly there."""
    power = np.abs(np.fft.rfft(voice)) ** 2
    floor = np.median(power) + 1
    return [power[round(f * len(voice) / RATE) - 2 :][:5].max() > 1e4 * floor for f in hz]


class Closed(list[tuple[str, str, int]]):
    def __call__(self, leg: LegId, recording: RecordingId, ms: int) -> None:
        self.append((leg, recording, ms))


def test_voices_lie_where_they_were_said(tmp_path: Path) -> None:
    """Late, swapped and lost packets: each lies at its time; two voices at once are mixed."""
    closed = Closed()
    writer = Writer(closed)
    recording = Recording(A, R, str(tmp_path / "new" / "r.wav"), 0, 1000, writer)
    voice = ulaw_encode(tone(440, 100 * FRAME))
    late = [*range(20), 21, 20, *range(22, 40), *range(44, 100)]
    for number, frame in enumerate(late):
        now = 1000 + (number + (4 if number >= 40 else 0)) * FRAME
        recording.write(0, voice[frame * FRAME : (frame + 1) * FRAME], (7 + frame * FRAME) & 0xFFFFFFFF, now)
        if 50 <= frame < 60:
            recording.write(1, b"\x80" * FRAME, 0xFFFFFFF0 + frame * FRAME, now)
        recording.advance(now)
    recording.close(1000 + 100 * FRAME)
    writer.stop()
    assert closed == [(A, R, 2000)]
    heard, said = read(tmp_path / "new" / "r.wav"), ulaw_decode(voice).astype(int)
    said[40 * FRAME : 44 * FRAME] = 0
    said[50 * FRAME : 60 * FRAME] += 32124
    assert np.array_equal(heard, np.clip(said, -32768, 32767))


@given(
    st.lists(
        st.tuples(st.integers(0, 1), st.integers(0, 400), st.integers(0, 0xFFFFFFFF), st.integers(0, 5000)),
        max_size=30,
    ),
    st.integers(0, 3),
)
@example([(0, 160, 0, 5000)] * 4, 1)  # a clock that comes late, and again
def test_length_is_the_time_that_went_by(said: list[tuple[int, int, int, int]], max_s: int) -> None:
    """Whatever is said when, every sample of the time is handed on once, and never more than the limit."""

    class Counting(Writer):
        count = 0

        def __init__(self) -> None:
            """No thread."""

        def open(self, recording: Recording, path: Path) -> None:
            pass

        def block(self, recording: Recording, first: bytes, second: bytes) -> None:
            assert len(first) == len(second)
            self.count += len(first)

        def close(self, recording: Recording) -> None:
            pass

    writer = Counting()
    recording = Recording(A, R, "r", max_s, 0, writer)
    now = 0
    for lane, size, timestamp, wait in said:
        now += wait
        recording.write(lane, bytes(size), timestamp, now)
        assert recording.advance(now) == (0 < max_s * RATE <= now)
    recording.close(now)
    assert writer.count == (min(now, max_s * RATE) if max_s else now)


def test_a_file_that_was_cut_off_plays(tmp_path: Path) -> None:
    """What is on disk before the end has a header that is true up to the last block."""
    writer = Writer(Closed())
    recording = Recording(A, R, str(tmp_path / "r.wav"), 0, 0, writer)
    recording.advance(3 * RATE)
    writer.stop()
    assert len(read(tmp_path / "r.wav.part")) == 2 * RATE
    assert not (tmp_path / "r.wav").exists()
    assert len(wav_header(1)) == 44


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """No folder, no file: closed with 0 ms, and the thread goes on with others."""
    (tmp_path / "file").write_text("in the way")
    closed = Closed()
    writer = Writer(closed)
    for name in ("file/r.wav", "r.wav"):
        recording = Recording(A, RecordingId(name), str(tmp_path / name), 0, 0, writer)
        recording.close(2 * RATE)
    writer.stop()
    assert closed == [(A, "file/r.wav", 0), (A, "r.wav", 2000)]


def test_a_recording_for_which_there_is_no_room_is_kept_as_long_as_it_got(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The disk is full after two seconds: those are told, the file plays, and the thread goes on."""
    closed = Closed()
    writer = Writer(closed)
    recording = Recording(A, R, str(tmp_path / "r.wav"), 0, 0, writer)
    with no_file_beyond(40_000):
        for second in range(1, 6):
            recording.write(0, ulaw_encode(tone(440, RATE)), (second - 1) * RATE, (second - 1) * RATE)
            recording.advance(second * RATE)
        recording.close(5 * RATE)
        writer.stop()
    assert closed == [(A, R, 2000)] and "broke off after 2000 ms" in caplog.text
    assert abs(loudest(read(tmp_path / "r.wav")) - 440) < 3
    assert [path.name for path in tmp_path.iterdir()] == ["r.wav"]


@on_loop
async def test_a_call_is_recorded(tmp_path: Path) -> None:
    """The leg's voice and its partner's are in the file, the prompt it hears is not; the length is right."""
    async with engine() as (media, facts):
        one, two = await call(media, facts, "a"), await call(media, facts, "b", 8)
        loop = asyncio.get_running_loop()
        before = loop.time()
        media.do(StartRecording(A, R, str(tmp_path / "r.wav")))
        began = loop.time()
        media.do(PlaySound(A, "p", (Beep(1500, 400),)))  # type: ignore[arg-type]
        await asyncio.gather(one.talk(440, 20), two.talk(700, 20, 8))
        media.do(Join(A, B))
        await asyncio.gather(one.talk(440, 50), two.talk(700, 50, 8))
        ended = loop.time()
        media.do(EndRecording(A))
        after = loop.time()
        closed = await facts.next(RecordingClosed, "a")
        one.close()
        two.close()
    voice = read(tmp_path / "r.wav")
    assert (closed.recording, closed.duration_ms) == (R, len(voice) * 1000 // RATE)
    assert (ended - began) * 1000 - 20 < closed.duration_ms < (after - before) * 1000 + 20
    assert powers(voice[: 14 * FRAME], 440, 700, 1500) == [True, False, False]
    assert powers(voice[-30 * FRAME :], 440, 700, 1500) == [True, True, False]


@on_loop
async def test_tones_of_keys_behind_a_shield_are_not_recorded(tmp_path: Path) -> None:
    """Neither in the leg's own recording nor in its partner's; the partner is, and the length is right."""
    async with engine() as (media, facts):
        one, two = await call(media, facts, "a"), await call(media, facts, "b")
        media.do(Join(A, B))
        for leg in (A, B):
            media.do(StartRecording(leg, RecordingId(f"of {leg}"), str(tmp_path / f"{leg}.wav")))
        media.do(ShieldKeys(A, True))
        await asyncio.gather(one.talk(697, 30), two.talk(440, 30))
        media.do(ShieldKeys(A, False))
        # The last key may still be held down.
        await one.talk(697, 5)
        await asyncio.sleep(KEY_HELD / RATE)
        await one.talk(1000, 20)
        for leg in (A, B):
            media.do(EndRecording(leg))
        closed = [await facts.next(RecordingClosed, leg) for leg in (A, B)]
        one.close()
        two.close()
    for leg, told in zip((A, B), closed, strict=True):
        voice = read(tmp_path / f"{leg}.wav")
        assert told.duration_ms == len(voice) * 1000 // RATE > 1200
        assert powers(voice[: 25 * FRAME], 697, 440) == [False, True]
        assert powers(voice, 697, 1000) == [False, True]


@on_loop
async def test_a_message_ends_at_its_limit_or_with_its_leg(tmp_path: Path) -> None:
    """After ``max_s`` the file is complete by itself; the end of a leg completes it too."""
    async with engine() as (media, facts):
        media.do(OpenLocal(A))
        media.do(OpenLocal(B))
        media.do(Utter(A, Beep(440, 2000)))
        media.do(StartRecording(A, R, str(tmp_path / "a.wav"), max_s=1))
        media.do(StartRecording(B, RecordingId("b"), str(tmp_path / "b.wav")))
        assert (await facts.next(RecordingClosed, "a")).duration_ms == 1000
        media.do(CloseLeg(B))
        closed = await facts.next(RecordingClosed, "b")
        assert closed.duration_ms > 900
        # On a busy machine the clock may miss some packets, and silence stands for them.
        assert powers(read(tmp_path / "a.wav"), 440, 1000) == [True, False]
        assert not read(tmp_path / "b.wav").any()
