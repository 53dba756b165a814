"""WAV files are read as they sound, and broken ones say what is wrong."""

import io
import struct
import wave

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.speech.wav import WavError, from_ulaw, read_wav, to_ulaw

SINE = 0.5 * np.sin(2 * np.pi * 440 * np.arange(1600) / 16_000)


def riff(code: int, channels: int, rate: int, bits: int, body: bytes, size: int | None = None) -> bytes:
    block = channels * bits // 8
    head = struct.pack("<4sIHHIIHH", b"fmt ", 16, code, channels, rate, rate * block, block, bits)
    extra = b"LIST" + struct.pack("<I", 3) + b"abc\0"
    data = b"data" + struct.pack("<I", len(body) if size is None else size) + body
    return b"RIFF" + struct.pack("<I", 4 + len(head) + len(extra) + len(data)) + b"WAVE" + head + extra + data


def pcm24(samples: np.ndarray) -> bytes:
    return b"".join(struct.pack("<i", int(v * 2**23))[:3] for v in samples)


@pytest.mark.parametrize(
    ("code", "bits", "body", "error"),
    [
        (1, 8, (SINE * 127 + 128).round().astype(np.uint8).tobytes(), 0.01),
        (1, 16, (SINE * 2**15).astype("<i2").tobytes(), 1e-4),
        (1, 24, pcm24(SINE), 1e-6),
        (1, 32, (SINE * 2**31).astype("<i4").tobytes(), 1e-8),
        (3, 32, SINE.astype("<f4").tobytes(), 1e-6),
        (3, 64, SINE.astype("<f8").tobytes(), 0),
        (7, 8, to_ulaw(SINE), 0.02),
    ],
)
def test_every_width(code: int, bits: int, body: bytes, error: float) -> None:
    """PCM of 8 to 32 bits, floats and µ-law give the same sound; unknown chunks are passed over."""
    wav = read_wav(riff(code, 1, 16_000, bits, body))
    assert wav.rate == 16_000
    assert np.abs(wav.samples - SINE).max() <= error


def test_alaw_matches_the_standard() -> None:
    """A-law bytes give the values of ITU-T G.711's table."""
    wav = read_wav(riff(6, 1, 8_000, 8, bytes([0xD5, 0x55, 0xAA, 0x2A])))
    assert [round(v * 2**15) for v in wav.samples] == [8, -8, 32256, -32256]


def test_channels_are_mixed() -> None:
    """Two channels become their mean."""
    body = np.column_stack((SINE, -SINE)).astype("<f8").tobytes()
    assert np.abs(read_wav(riff(3, 2, 48_000, 64, body)).samples).max() == 0


def test_a_file_of_another_writer() -> None:
    """What the standard library writes is read."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setparams((2, 2, 44_100, 0, "NONE", ""))
        out.writeframes(np.repeat(SINE * 2**15, 2).astype("<i2").tobytes())
    wav = read_wav(file.getvalue())
    assert (len(wav.samples), wav.rate) == (len(SINE), 44_100)


def test_a_streamed_file_ends_where_it_ends() -> None:
    """A program that wrote to a pipe and so could not know the length is read to the end."""
    body = (SINE * 2**15).astype("<i2").tobytes()
    assert len(read_wav(riff(1, 1, 22_050, 16, body, size=0x7FFFF000)).samples) == len(SINE)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "does not start like a WAV"),
        (b"ID3\x04 this is an mp3 file", "does not start like a WAV"),
        (riff(1, 1, 8_000, 16, b""), "no sound"),
        (riff(1, 0, 8_000, 16, b"xx"), "0 channels"),
        (riff(1, 1, 7, 16, b"xx"), "rate is 7 Hz"),
        (riff(85, 1, 8_000, 16, b"xxxx"), "format 85"),
        (riff(1, 1, 8_000, 16, b"xxxx", size=4_000), "ends early: 4 of 4,000"),
        (riff(3, 1, 8_000, 32, b"\xff\xff\xff\xff"), "no numbers"),
        (riff(1, 1, 8_000, 16, b"xx")[:40], "no data chunk"),
    ],
)
def test_broken_files(data: bytes, why: str) -> None:
    """Each kind of breakage is said in words."""
    with pytest.raises(WavError, match=why):
        read_wav(data)


@given(st.binary(max_size=200))
def test_any_bytes(tail: bytes) -> None:
    """No bytes break the reader: sound or WavError."""
    for data in (tail, riff(1, 1, 8_000, 16, b"")[:12] + tail, riff(1, 1, 8_000, 16, b"")[:-8] + tail):
        try:
            read_wav(data)
        except WavError:
            pass


def test_ulaw_there_and_back() -> None:
    """Every µ-law byte survives decoding and encoding, but for the two zeros, which are one."""
    every = bytes(range(256))
    assert to_ulaw(from_ulaw(every)) == every.replace(b"\x7f", b"\xff")


def test_ulaw_known_values() -> None:
    """Silence is 0xFF, full scale 0x80 and 0x00, by ITU-T G.711; louder is clipped."""
    assert to_ulaw(np.array([0.0, 1.0, -1.0, 3.0])) == b"\xff\x80\x00\x80"
    assert [round(v * 2**15) for v in from_ulaw(b"\xff\x80\x00")] == [0, 32124, -32124]
