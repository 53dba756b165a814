"""Reading WAV files: PCM of 8 to 32 bits, floating point, µ-law and A-law, any rate, any channels."""

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from telephony.media.g711 import alaw_decode, ulaw_decode, ulaw_encode

Samples = NDArray[np.float64]

_PCM, _FLOAT, _ALAW, _ULAW, _EXTENSIBLE = 1, 3, 6, 7, 0xFFFE
_STREAMED = 0x7FFF_0000  # a program that writes to a pipe cannot know its length and writes about this
_RATES = range(4_000, 192_001)


class WavError(Exception):
    """The bytes are no WAV file we can read; says why."""


@dataclass(frozen=True, slots=True)
class Wav:
    """Mono sound: samples from -1 to 1, ``rate`` per second."""

    samples: Samples
    rate: int


def read_wav(data: bytes) -> Wav:
    """The sound of a WAV file, its channels mixed to one. Raises WavError."""
    if len(data) < 12 or data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise WavError("it does not start like a WAV file (RIFF … WAVE)")
    layout: tuple[int, int, int, int] | None = None
    at = 12
    while at + 8 <= len(data):
        name, size = data[at : at + 4], struct.unpack_from("<I", data, at + 4)[0]
        body = data[at + 8 : at + 8 + size]
        if name == b"fmt ":
            layout = _layout(body)
        elif name == b"data":
            if layout is None:
                raise WavError("the sound comes before its format")
            if len(body) < size < _STREAMED:
                raise WavError(f"it ends early: {len(body):,} of {size:,} bytes of sound are there")
            return _mixed(body, *layout)
        at += 8 + size + size % 2
    raise WavError("there is no sound in it (no data chunk)")


def _layout(body: bytes) -> tuple[int, int, int, int]:
    if len(body) < 16:
        raise WavError("its format is cut short")
    code, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", body)
    if code == _EXTENSIBLE and len(body) >= 26:
        code = struct.unpack_from("<H", body, 24)[0]
    if not 1 <= channels <= 16:
        raise WavError(f"it has {channels} channels; 1 to 16 can be read")
    if rate not in _RATES:
        raise WavError(f"its rate is {rate} Hz; {_RATES.start:,} to {_RATES.stop - 1:,} Hz can be read")
    return code, channels, rate, bits


def _mixed(body: bytes, code: int, channels: int, rate: int, bits: int) -> Wav:
    width = bits // 8 * channels
    if width == 0:
        raise WavError(f"its samples have {bits} bits")
    whole = body[: len(body) // width * width]
    if not whole:
        raise WavError("there is no sound in it (0 samples)")
    samples = _samples(whole, code, bits).reshape(-1, channels).mean(axis=1)
    if not np.isfinite(samples).all():
        raise WavError("some of its samples are no numbers")
    return Wav(samples, rate)


def _samples(body: bytes, code: int, bits: int) -> Samples:
    match code, bits:
        case (1, 8):
            return (np.frombuffer(body, np.uint8).astype(np.float64) - 128) / 128
        case (1, 16):
            return from_pcm(body)
        case (1, 24):
            parts = np.frombuffer(body, np.uint8).reshape(-1, 3).astype(np.int32)
            packed = parts[:, 0] << 8 | parts[:, 1] << 16 | parts[:, 2] << 24
            return packed.astype(np.float64) / 2**31
        case (1, 32):
            return np.frombuffer(body, "<i4").astype(np.float64) / 2**31
        case (3, 32):
            return np.frombuffer(body, "<f4").astype(np.float64)
        case (3, 64):
            return np.frombuffer(body, "<f8").astype(np.float64)
        case (7, 8):
            return from_ulaw(body)
        case (6, 8):
            return alaw_decode(body).astype(np.float64) / 2**15
    raise WavError(f"format {code} with {bits} bits cannot be read; save it as 16-bit PCM")


def from_pcm(data: bytes) -> Samples:
    """Samples of 16-bit signed little-endian bytes."""
    return np.frombuffer(data, "<i2").astype(np.float64) / 2**15


def from_ulaw(data: bytes) -> Samples:
    """Samples of µ-law bytes."""
    return ulaw_decode(data).astype(np.float64) / 2**15


def to_ulaw(samples: Samples) -> bytes:
    """µ-law bytes of samples from -1 to 1; louder ones are clipped."""
    return ulaw_encode(np.clip(np.round(samples * 2**15), -(2**15), 2**15 - 1).astype(np.int16))
