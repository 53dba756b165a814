"""G.711 as tables."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from telephony.media.g711 import (
    ALAW_TO_LINEAR,
    ALAW_TO_ULAW,
    ULAW_SILENCE,
    ULAW_TO_ALAW,
    ULAW_TO_LINEAR,
    alaw_decode,
    alaw_encode,
    ulaw_decode,
    ulaw_encode,
)

EVERY = bytes(range(256))


def test_known_values() -> None:
    """The corners of tables 1 and 2 of the recommendation, at 16 bits."""
    assert [ULAW_TO_LINEAR[b] for b in (0x00, 0x80, 0xFF, 0x7F, 0xF0, 0xEF)] == [
        *(-32124, 32124, 0, 0, 120, 132),
    ]
    assert [ALAW_TO_LINEAR[b] for b in (0xD5, 0x55, 0xAA, 0x2A, 0x80)] == [8, -8, 32256, -32256, 5504]
    assert ulaw_encode(np.zeros(3, np.int16)) == ULAW_SILENCE * 3
    assert alaw_encode(np.zeros(1, np.int16)) == b"\xd5"


def test_every_byte_comes_back() -> None:
    """Decoding and encoding gives the same byte (µ-law's second zero becomes the first)."""
    assert alaw_encode(alaw_decode(EVERY)) == EVERY
    assert ulaw_encode(ulaw_decode(EVERY)) == EVERY.replace(b"\x7f", b"\xff")


@given(st.integers(-32768, 32767))
def test_error_is_within_half_a_step(sample: int) -> None:
    """What comes back is off by 1/32 of the size and the smallest half step at most, beyond clipping."""
    given_ = np.array([sample], np.int16)
    for back, loudest, smallest in (
        (ulaw_decode(ulaw_encode(given_)), 32124, 8),
        (alaw_decode(alaw_encode(given_)), 32256, 16),
    ):
        clipped = max(-loudest, min(loudest, sample))
        assert abs(int(back[0]) - clipped) <= abs(sample) / 32 + smallest


def test_between_the_laws() -> None:
    """A translated byte means the nearest the other law has: as if decoded and encoded."""
    assert EVERY.translate(ULAW_TO_ALAW) == alaw_encode(ulaw_decode(EVERY))
    assert EVERY.translate(ALAW_TO_ULAW) == ulaw_encode(alaw_decode(EVERY))
