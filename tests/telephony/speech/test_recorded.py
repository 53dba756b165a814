"""The user's own sound files become telephone sound, and unusable ones are named."""

import os
import wave
from pathlib import Path

import numpy as np
import pytest

from telephony.speech.cache import SoundCache
from telephony.speech.recorded import MAX_BYTES, Recordings, SoundFileError
from telephony.speech.sound import dbfs
from telephony.speech.wav import from_ulaw


def write_wav(path: Path, hz: float = 1000.0, rate: int = 44_100, seconds: float = 0.5) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    tone = 3000 * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, rate, 0, "NONE", ""))
        file.writeframes(np.repeat(tone, 2).astype("<i2").tobytes())


@pytest.fixture
def recordings(tmp_path: Path) -> Recordings:
    return Recordings(tmp_path / "sounds", SoundCache(tmp_path / "cache", 10**7))


def test_a_stereo_recording(tmp_path: Path, recordings: Recordings) -> None:
    """A stereo WAV at 44,100 Hz is the same tone at 8,000 Hz, at the level of speech, made once."""
    write_wav(tmp_path / "sounds/zh-CN/menu/main.wav")
    path = recordings.find("menu/main", "zh-CN")
    assert path is not None and recordings.find("menu/main", "zh-CN") == path
    samples = from_ulaw(path.read_bytes())
    assert len(samples) == 4000
    assert np.argmax(np.abs(np.fft.rfft(samples))) == 500
    assert abs(dbfs(samples) - -20) < 1


def test_ulaw_is_played_as_it_is(tmp_path: Path, recordings: Recordings) -> None:
    """A .ulaw file is not touched; a .wav of the same name goes before it."""
    (tmp_path / "sounds/en").mkdir(parents=True)
    (tmp_path / "sounds/en/hello.ulaw").write_bytes(b"\xff" * 800)
    assert recordings.find("hello", "en") == tmp_path / "sounds/en/hello.ulaw"
    write_wav(tmp_path / "sounds/en/hello.wav")
    assert recordings.find("hello", "en") != tmp_path / "sounds/en/hello.ulaw"


def test_languages(tmp_path: Path, recordings: Recordings) -> None:
    """The language itself goes before the language without its country; others are not taken."""
    write_wav(tmp_path / "sounds/zh/hello.wav", hz=500)
    general = recordings.find("hello", "zh-CN")
    write_wav(tmp_path / "sounds/zh-CN/hello.wav", hz=700)
    assert general is not None and recordings.find("hello", "zh-CN") not in (None, general)
    assert recordings.find("hello", "en") is None


def test_a_changed_recording_is_made_anew(tmp_path: Path, recordings: Recordings) -> None:
    """Who replaces a file hears the new one."""
    write_wav(tmp_path / "sounds/en/hello.wav")
    before = recordings.find("hello", "en")
    write_wav(tmp_path / "sounds/en/hello.wav", hz=500)
    os.utime(tmp_path / "sounds/en/hello.wav", (1, 1))
    assert recordings.find("hello", "en") != before


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "a/../../secret", "", ".", "a//b", "a\0b"])
def test_names_stay_in_the_folder(tmp_path: Path, recordings: Recordings, name: str) -> None:
    """No name and no language leads out of the folder of sounds."""
    write_wav(tmp_path / "secret.wav")
    write_wav(tmp_path / "sounds/en/a/x.wav")
    assert recordings.find(name, "en") is None
    assert recordings.find("secret", "..") is None


@pytest.mark.parametrize(
    ("file", "content", "why"),
    [
        ("x.wav", b"", "has 0 bytes"),
        ("x.wav", b"ID3 not a wav at all", "does not start like a WAV"),
        ("x.ulaw", b"RIFF....WAVE", "name it .wav"),
        ("x.ulaw", b"", "has 0 bytes"),
    ],
)
def test_broken_files_are_named(
    tmp_path: Path, recordings: Recordings, file: str, content: bytes, why: str
) -> None:
    """The error names the file and says why."""
    path = tmp_path / "sounds/en" / file
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(SoundFileError, match=why) as caught:
        recordings.find("x", "en")
    assert str(path) in str(caught.value)


def test_a_film_is_no_prompt(tmp_path: Path, recordings: Recordings) -> None:
    """A file beyond the bound is refused before it is read."""
    path = tmp_path / "sounds/en/x.wav"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(SoundFileError, match="can be used"):
        recordings.find("x", "en")
