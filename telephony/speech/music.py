"""Music on hold: a calm loop of our own, or the user's ``music.wav`` in the folder of sounds.

Our own is 36 seconds of slow chords: a soft pad that swells and sinks, plucked notes over it, and a long
echo. All of it is laid on a circle, so the end runs into the beginning without a seam, and nothing in it
lies outside the 300-3,400 Hz a telephone carries.
"""

import logging
from pathlib import Path

import numpy as np

from telephony.speech.cache import SoundCache
from telephony.speech.recorded import Recordings, SoundFileError
from telephony.speech.sound import FRAME, RATE, dbfs
from telephony.speech.wav import Samples, to_ulaw

log = logging.getLogger(__name__)

MUSIC_DBFS = -20.0
_VERSION = 1
"""Raised with every change of the tune, so that it is made anew."""

_BAR_S = 4.5
_PLUCKS_A_BAR = 6
_LENGTH = int(8 * _BAR_S * RATE)

_CHORDS = (
    (60, 64, 67, 71, 74),  # C major 9
    (57, 64, 67, 72, 76),  # A minor 7
    (65, 69, 72, 76, 79),  # F major 9
    (62, 65, 69, 72, 77),  # D minor 7
    (60, 64, 67, 74, 76),  # C added 9
    (64, 67, 71, 74, 79),  # E minor 7
    (65, 69, 72, 76, 81),  # F major 7
    (55, 62, 65, 69, 74),  # G 9, which leads home
)
"""MIDI notes, one chord a bar."""

_FIGURES = ((0, 2, 3, 4, 3, 2), (1, 3, 2, 4, 2, 3))
"""In which order a chord's notes are plucked."""


def music_on_hold(cache_folder: Path, sounds_folder: Path | None) -> Path:
    """The µ-law file of the music, made now if need be (about a second). Blocks.

    A file of the user's that cannot be used is a warning. Raises OSError if the cache cannot be written.
    """
    cache = SoundCache(cache_folder / "music", limit_bytes=200 * 2**20)
    try:
        own = Recordings(sounds_folder, cache).at("music")
    except SoundFileError as error:
        log.warning("%s; our own music is played instead", error)
        own = None
    return own or cache.find("music", _VERSION) or cache.keep(to_ulaw(compose()), "music", _VERSION)


def compose() -> Samples:
    """Our own music: a seamless loop at 8,000 Hz, a whole number of packets long, the same every time."""
    plucks = np.zeros(_LENGTH)
    pads = np.zeros(_LENGTH)
    bar = int(_BAR_S * RATE)
    for number, chord in enumerate(_CHORDS):
        for note in chord[:4]:
            _add(pads, number * bar - bar // 3, _pad(note, _BAR_S * 1.7))
        figure = _FIGURES[number % len(_FIGURES)]
        for step, voice in enumerate(figure):
            loud = 1.0 if step == 0 else 0.55 + 0.1 * (step % 3)
            _add(plucks, number * bar + step * bar // _PLUCKS_A_BAR, loud * _pluck(_octave_up(chord[voice])))
    mixed = 0.5 * pads / np.std(pads) + 0.7 * plucks / np.std(plucks)
    heard = _band(mixed + 0.5 * _echo(mixed))
    made: Samples = heard * 10 ** ((MUSIC_DBFS - dbfs(heard)) / 20)
    return made


def _add(loop: Samples, start: int, sound: Samples) -> None:
    """Lay a sound on the circle; what reaches over the end goes on at the beginning."""
    np.add.at(loop, (start + np.arange(len(sound))) % len(loop), sound)


def _octave_up(note: int) -> int:
    """An octave higher, unless that would be shrill."""
    return note + 12 if note + 12 <= 86 else note


def _hz(note: int) -> float:
    return float(440 * 2 ** ((note - 69) / 12))


def _pad(note: int, seconds: float) -> Samples:
    """A soft, slowly swelling tone of three strings a little out of tune, with few overtones."""
    at = np.arange(int(seconds * RATE)) / RATE
    swell = np.sin(np.pi * at / seconds) ** 2
    tone = np.zeros_like(at)
    for detune in (-0.0015, 0.0, 0.0018):
        for overtone, weight in ((1, 1.0), (2, 0.45), (3, 0.18), (4, 0.08)):
            tone += weight * np.sin(2 * np.pi * _hz(note) * overtone * (1 + detune) * at + 9 * detune * note)
    return swell * tone


def _pluck(note: int) -> Samples:
    """A plucked string: its overtones die sooner the higher they are."""
    at = np.arange(int(2.4 * RATE)) / RATE
    attack = np.minimum(at / 0.006, 1.0)
    fade = np.clip((2.4 - at) / 0.3, 0.0, 1.0)
    tone = np.zeros_like(at)
    for overtone, weight in ((1, 1.0), (2, 0.35), (3, 0.12), (4, 0.04)):
        tone += weight * np.exp(-at * (1.6 + 1.4 * overtone)) * np.sin(2 * np.pi * _hz(note) * overtone * at)
    return attack * fade * tone


def _echo(loop: Samples) -> Samples:
    """The sound of a large room: two seconds of fading noise, laid round the circle."""
    at = np.arange(2 * RATE) / RATE
    noise = np.random.default_rng(7).standard_normal(len(at)) * np.exp(-3.2 * at)
    room = np.zeros(len(loop))
    room[: len(at)] = noise / np.sqrt(np.sum(noise**2))
    return np.fft.irfft(np.fft.rfft(loop) * np.fft.rfft(room), len(loop))


def _band(loop: Samples) -> Samples:
    """Only what a telephone carries, with soft edges (300-360 and 3,000-3,400 Hz)."""
    hz = np.fft.rfftfreq(len(loop), 1 / RATE)
    rise, fall = np.clip((hz - 300) / 60, 0, 1), np.clip((3400 - hz) / 400, 0, 1)
    return np.fft.irfft(
        np.fft.rfft(loop) * np.sin(np.pi / 2 * rise) ** 2 * np.sin(np.pi / 2 * fall) ** 2, len(loop)
    )


assert _LENGTH % FRAME == 0
