"""Music on hold is a quiet seamless loop a telephone can carry."""

from pathlib import Path

import numpy as np
import pytest

from telephony.speech.music import compose, music_on_hold
from telephony.speech.sound import dbfs
from telephony.speech.wav import Samples, from_ulaw
from tests.telephony.speech.test_recorded import write_wav


@pytest.fixture(scope="module")
def tune() -> Samples:
    return compose()


def test_level(tune: Samples) -> None:
    """It lasts 30 to 40 s at -20 dBFS, never clips, and no second of it is loud or silent."""
    assert 30 <= len(tune) / 8000 <= 40 and len(tune) % 160 == 0
    assert abs(dbfs(tune) - -20) < 0.1
    assert np.abs(tune).max() < 0.7
    seconds = [dbfs(second) for second in tune.reshape(-1, 8000)]
    assert min(seconds) > -27 and max(seconds) < -15


def test_the_loop_has_no_click(tune: Samples) -> None:
    """Around the seam nothing happens that does not happen within: no step, no burst of treble."""
    twice = np.concatenate((tune[-4000:], tune[:4000]))
    bend = np.abs(np.diff(twice, 2))
    assert bend[3990:4010].max() < np.abs(np.diff(tune, 2)).max() * 0.8
    treble = np.fft.rfft(twice)
    treble[: len(treble) * 3500 // 4000] = 0  # only what is above 3,500 Hz
    assert np.abs(np.fft.irfft(treble)[3000:5000]).max() < 1e-3


def test_band(tune: Samples) -> None:
    """What lies outside 300-3,400 Hz is 60 dB below what lies within."""
    power = np.abs(np.fft.rfft(tune)) ** 2
    hz = np.fft.rfftfreq(len(tune), 1 / 8000)
    inside = (hz >= 300) & (hz <= 3400)
    assert power[~inside].sum() < 1e-6 * power[inside].sum()


def test_the_same_every_time(tune: Samples, tmp_path: Path) -> None:
    """Two machines play the same tune; it is made once and kept."""
    path = music_on_hold(tmp_path, None)
    made = path.stat().st_ino
    assert np.abs(from_ulaw(path.read_bytes()) - tune).max() < 0.03
    assert music_on_hold(tmp_path, None) == path and path.stat().st_ino == made


def test_the_users_own_music(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """``music.wav`` in the folder of sounds is played instead; a broken one is named and ours is played."""
    sounds = tmp_path / "sounds"
    ours = music_on_hold(tmp_path, sounds)
    write_wav(sounds / "music.wav", seconds=1.0)
    own = music_on_hold(tmp_path, sounds)
    assert own != ours and len(own.read_bytes()) == 8000
    (sounds / "music.wav").write_bytes(b"nothing")
    assert music_on_hold(tmp_path, sounds) == ours
    assert str(sounds / "music.wav") in caplog.text
