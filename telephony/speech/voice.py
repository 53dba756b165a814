"""The voice port: words in, sound out; and its twins that need no program."""

import zlib
from dataclasses import dataclass
from typing import Protocol

import numpy as np

MAX_CHARACTERS = 2_000
"""The longest text a voice is given; a minute of a prompt is about 900 characters."""


class VoiceError(Exception):
    """The voice could not speak; says what was wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Speech:
    """Spoken sound: 16-bit signed little-endian mono samples, ``rate`` per second."""

    pcm: bytes
    rate: int


class Voice(Protocol):
    """Somebody who speaks. Its methods block and are called in worker threads, several at once."""

    @property
    def name(self) -> str:
        """What distinguishes its sound from other voices: kept files are filed under it."""

    def version(self) -> str:
        """Changes whenever the same words may sound otherwise. Raises VoiceError if there is no voice."""

    def speak(self, text: str, language: str) -> Speech:
        """Speak ``text`` in ``language`` (``zh-CN``, ``en``). Raises VoiceError."""


MS_PER_CHARACTER = 60
_TWIN_RATE = 16_000


class ToneVoice:
    """The in-memory twin: a tone of 60 ms a character."""

    name = "tone"

    def version(self) -> str:
        """Always the same."""
        return "1"

    def speak(self, text: str, language: str) -> Speech:
        """A tone between 400 and 1,600 Hz that the text and the language choose."""
        check_text(text)
        count = len(text) * MS_PER_CHARACTER * _TWIN_RATE // 1000
        hz = 400 + zlib.crc32(f"{language}:{text}".encode()) % 1200
        wave = 8000 * np.sin(2 * np.pi * hz * np.arange(count) / _TWIN_RATE)
        return Speech(wave.astype("<i2").tobytes(), _TWIN_RATE)


class SilentVoice:
    """The in-memory twin for machines where nobody listens: silence, 60 ms a character."""

    name = "silent"

    def version(self) -> str:
        """Always the same."""
        return "1"

    def speak(self, text: str, language: str) -> Speech:
        """Silence of the length of the text."""
        check_text(text)
        return Speech(bytes(2 * len(text) * MS_PER_CHARACTER * _TWIN_RATE // 1000), _TWIN_RATE)


def check_text(text: str) -> None:
    """Raise VoiceError for a text that is empty or too long to be spoken."""
    if not text.strip():
        raise VoiceError("there is nothing to speak: the text is empty")
    if len(text) > MAX_CHARACTERS:
        raise VoiceError(f"the text has {len(text)} characters; at most {MAX_CHARACTERS} are spoken at once")
