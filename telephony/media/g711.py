"""G.711: µ-law and A-law to each other and to linear 16-bit samples, all as tables.

Source of the formulas: ITU-T G.711, tables 1 and 2, scaled to 16 bits.
"""

import numpy as np
from numpy.typing import NDArray

ULAW_SILENCE = b"\xff"
"""Zero in µ-law."""

_BYTES = np.arange(256)


def _ulaw_values() -> NDArray[np.int16]:
    code = ~_BYTES & 0xFF
    size = ((((code & 0x0F) << 3) + 0x84) << ((code & 0x70) >> 4)) - 0x84
    values: NDArray[np.int16] = np.where(code & 0x80, -size, size).astype(np.int16)
    return values


def _alaw_values() -> NDArray[np.int16]:
    code = _BYTES ^ 0x55
    segment = (code & 0x70) >> 4
    size = ((code & 0x0F) << 4) + np.where(segment, 0x108, 8)
    size = size << np.maximum(segment - 1, 0)
    values: NDArray[np.int16] = np.where(code & 0x80, size, -size).astype(np.int16)
    return values


ULAW_TO_LINEAR = _ulaw_values()
"""The 16-bit sample of each µ-law byte."""
ALAW_TO_LINEAR = _alaw_values()
"""The 16-bit sample of each A-law byte."""


def _ulaw_codes() -> NDArray[np.uint8]:
    sample = np.arange(65536).astype(np.uint16).view(np.int16).astype(np.int32)
    size = np.minimum(np.abs(sample), 32635) + 0x84
    exponent = np.frexp(size)[1] - 8
    code = (exponent << 4) | ((size >> (exponent + 3)) & 0x0F)
    codes: NDArray[np.uint8] = (~(np.where(sample < 0, 0x80, 0) | code) & 0xFF).astype(np.uint8)
    return codes


def _alaw_codes() -> NDArray[np.uint8]:
    sample = np.arange(65536).astype(np.uint16).view(np.int16).astype(np.int32)
    size = np.where(sample < 0, -sample - 1, sample) >> 4
    segment = np.maximum(np.frexp(size)[1] - 4, 0)
    code = (segment << 4) | ((size >> np.maximum(segment - 1, 0)) & 0x0F)
    codes: NDArray[np.uint8] = ((code | np.where(sample < 0, 0, 0x80)) ^ 0x55).astype(np.uint8)
    return codes


_LINEAR_TO_ULAW = _ulaw_codes()
_LINEAR_TO_ALAW = _alaw_codes()

ULAW_TO_ALAW = _LINEAR_TO_ALAW[ULAW_TO_LINEAR.view(np.uint16)].tobytes()
"""For ``bytes.translate``."""
ALAW_TO_ULAW = _LINEAR_TO_ULAW[ALAW_TO_LINEAR.view(np.uint16)].tobytes()
"""For ``bytes.translate``."""


def ulaw_decode(data: bytes | bytearray | memoryview) -> NDArray[np.int16]:
    """16-bit samples of µ-law bytes."""
    return ULAW_TO_LINEAR[np.frombuffer(data, np.uint8)]


def alaw_decode(data: bytes | bytearray | memoryview) -> NDArray[np.int16]:
    """16-bit samples of A-law bytes."""
    return ALAW_TO_LINEAR[np.frombuffer(data, np.uint8)]


def ulaw_encode(samples: NDArray[np.int16]) -> bytes:
    """µ-law bytes of 16-bit samples."""
    return _LINEAR_TO_ULAW[samples.view(np.uint16)].tobytes()


def alaw_encode(samples: NDArray[np.int16]) -> bytes:
    """A-law bytes of 16-bit samples."""
    return _LINEAR_TO_ALAW[samples.view(np.uint16)].tobytes()
