"""Sound for the telephone keeps its pitch and length, has an even level and no silence around it."""

import numpy as np
import pytest

from telephony.speech.sound import RATE, dbfs, levelled, resampled, telephone, trimmed


def sine(hz: float, seconds: float, rate: int = RATE, loud: float = 0.3) -> np.ndarray:
    return loud * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 6_000])
def test_resampling_keeps_pitch_level_and_length(rate: int) -> None:
    """A tone of any rate is the same tone at 8,000 Hz."""
    sound = resampled(sine(1000, 0.5, rate), rate)
    assert abs(len(sound) - RATE // 2) <= 1
    middle = sound[400:3600]
    assert np.argmax(np.abs(np.fft.rfft(middle * np.hanning(3200)))) == 400  # 1,000 Hz in bins of 2.5 Hz
    assert abs(dbfs(middle) - dbfs(sine(1000, 0.5))) < 0.1


def test_nothing_aliases() -> None:
    """What a telephone cannot carry is gone, not folded into what it can."""
    sound = resampled(sine(5_500, 0.5, 22_050), 22_050)
    assert dbfs(sound[400:3600]) < -65


@pytest.mark.parametrize("loud", [0.05, 0.1, 0.2, 0.5, 0.8])
def test_level(loud: float) -> None:
    """Loud and soft come out at -20 dBFS, and the pauses between words change nothing."""
    sound = levelled(np.concatenate((np.zeros(RATE), sine(500, 1, loud=loud), np.zeros(3 * RATE))))
    assert abs(dbfs(sound[RATE : 2 * RATE]) - -20) < 0.5


def test_level_is_gentle() -> None:
    """Noise is not blown up into sound, peaks are never clipped, silence stays silence."""
    assert dbfs(levelled(sine(500, 1, loud=0.001))) < -50
    click = sine(500, 1, loud=0.05)
    click[4000] = 0.9
    assert np.abs(levelled(click)).max() <= 0.9
    assert not levelled(np.zeros(800)).any()
    assert len(levelled(np.zeros(0))) == 0


def test_trimming() -> None:
    """Silence around the sound becomes exactly what was asked for; pure silence is kept."""
    word = sine(500, 0.4)
    sound = trimmed(np.concatenate((np.zeros(4000), word, np.zeros(9000))), lead_ms=20, tail_ms=100)
    assert len(sound) == len(word) + 120 * RATE // 1000
    assert len(trimmed(np.zeros(500))) == 500


def test_whole_packets() -> None:
    """A file is a whole number of 20 ms packets, filled up with silence."""
    made = telephone(sine(500, 0.25)[:1999])
    assert len(made) == 2080 and made[1999:] == b"\xff" * 81
