"""Sound for the telephone: to 8,000 Hz, levelled, trimmed. Samples are numbers from -1 to 1."""

import math

import numpy as np
from numpy.typing import NDArray

from telephony.speech.wav import Samples, to_ulaw

RATE = 8_000
FRAME = 160
"""Samples in the 20 ms that a packet carries."""

SPEECH_DBFS = -20.0
"""The loudness of speech (RMS of what is not silence): loud and clear in G.711, with room for peaks."""

_PEAK = 0.89
_MAX_GAIN = 10 ** (12 / 20)
_EDGE_HZ = 3_600


def dbfs(samples: Samples) -> float:
    """The RMS level in dB below full scale; silence is -inf."""
    power = float(np.mean(samples**2)) if len(samples) else 0.0
    return 10 * math.log10(power) if power > 0 else -math.inf


def resampled(samples: Samples, rate: int) -> Samples:
    """The sound at 8,000 Hz, without what is above 3,600 Hz, which would alias. Length is kept."""
    if rate == RATE:
        return samples
    from scipy import signal  # its import takes long, in the first worker

    shared = math.gcd(rate, RATE)
    up, down = RATE // shared, rate // shared
    edge = min(_EDGE_HZ, 0.45 * rate)
    taps = signal.firwin(80 * max(up, down) + 1, edge, fs=rate * up, window=("kaiser", 7.0))
    made: Samples = signal.resample_poly(samples, up, down, window=taps)
    return made


def levelled(samples: Samples, target: float = SPEECH_DBFS) -> Samples:
    """The sound at the target level, raised by at most 12 dB and never beyond what its peaks allow.

    Silence between words does not count: the level is that of the frames within 30 dB of the loudest.
    """
    if not len(samples):
        return samples
    centred = samples - np.mean(samples)
    peak = float(np.max(np.abs(centred)))
    if peak == 0:
        return centred
    loud = _frames(centred)[_loud_frames(centred, 30.0)]
    gain = 10 ** ((target - dbfs(loud.ravel())) / 20)
    return centred * min(gain, _MAX_GAIN, _PEAK / peak)


def trimmed(samples: Samples, lead_ms: int = 20, tail_ms: int = 60) -> Samples:
    """The sound with exactly so much silence before and after it; pure silence is left as it is.

    Silent is what stays 45 dB below the loudest frame.
    """
    loud = np.flatnonzero(_loud_frames(samples, 45.0))
    if not len(loud):
        return samples
    sound = samples[loud[0] * FRAME : min((loud[-1] + 1) * FRAME, len(samples))]
    return np.concatenate((np.zeros(lead_ms * RATE // 1000), sound, np.zeros(tail_ms * RATE // 1000)))


def telephone(samples: Samples) -> bytes:
    """Samples at 8,000 Hz as µ-law, filled up with silence to whole packets."""
    return to_ulaw(_frames(samples).ravel())


def _loud_frames(samples: Samples, below_db: float) -> NDArray[np.bool_]:
    """Which frames of 20 ms are within ``below_db`` of the loudest."""
    if not len(samples):
        return np.zeros(0, np.bool_)
    power = np.mean(_frames(samples) ** 2, axis=1)
    loud: NDArray[np.bool_] = (power > 0) & (power >= power.max() * 10 ** (-below_db / 10))
    return loud


def _frames(samples: Samples) -> Samples:
    """The samples as rows of 20 ms, the last filled up with silence."""
    return np.concatenate((samples, np.zeros(-len(samples) % FRAME))).reshape(-1, FRAME)
