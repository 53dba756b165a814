"""The voice of espeak-ng, run as a program of its own for every text."""

import re
import subprocess
import time
from functools import cached_property

import numpy as np

from telephony.speech.pinyin import pinyin
from telephony.speech.reading import Run, is_chinese, read
from telephony.speech.voice import Speech, VoiceError, check_text
from telephony.speech.wav import WavError, read_wav

LIMIT_S = 10.0
"""How long the program may take for one text; a minute of speech takes well below one second."""

_GAP_S = 0.08
_MANDARIN = "cmn-latn-pinyin"
_ENGLISH = "en-us"
_VOICES = {"en": _ENGLISH, "en-us": _ENGLISH, "en-gb": "en-gb"}
_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
_READS = 1
"""Raised whenever the words or settings handed to the program change: kept files are then made anew."""


class EspeakVoice:
    """espeak-ng as a voice; ``words_per_minute`` is its speed (175 is its own default)."""

    def __init__(
        self, program: str = "espeak-ng", words_per_minute: int = 150, limit_s: float = LIMIT_S
    ) -> None:
        self._program, self._speed, self._limit_s = program, words_per_minute, limit_s

    @property
    def name(self) -> str:
        """``espeak-ng`` and its speed."""
        return f"espeak-ng-{self._speed}"

    def version(self) -> str:
        """The program's version and ours. Raises VoiceError if the program is missing."""
        return f"{self._version}.{_READS}"

    def speak(self, text: str, language: str) -> Speech:
        """Speak in ``zh…`` through pinyin, ``en…``, or any language the program knows. Raises VoiceError."""
        check_text(text)
        until = time.monotonic() + self._limit_s
        spoken = [self._run(run, language, until - time.monotonic()) for run in read(text, language)]
        if not spoken:
            raise VoiceError(f"there is nothing to speak in {text!r}")
        rate = spoken[0].rate
        if any(speech.rate != rate for speech in spoken):
            raise VoiceError(f"{self._program} speaks its languages at different rates")
        gap = bytes(2 * int(_GAP_S * rate))
        return Speech(gap.join(speech.pcm for speech in spoken), rate)

    @cached_property
    def _version(self) -> str:
        said = self._call(["--version"], b"", self._limit_s).decode("utf-8", "replace")
        found = re.search(r"\d+(\.\d+)+", said)
        return found[0] if found else "unknown"

    def _run(self, run: Run, language: str, within_s: float) -> Speech:
        voice = _voice(run, language)
        words = pinyin(run.words) if run.chinese else run.words
        options = ["-v", voice, "-s", str(self._speed), "-b", "1", "-z", "--stdin", "--stdout"]
        try:
            wav = read_wav(self._call(options, words.encode(), within_s))
        except WavError as error:
            raise VoiceError(f"what {self._program} spoke in {voice} cannot be read: {error}") from error
        return Speech(np.round(wav.samples * 32767).astype("<i2").tobytes(), wav.rate)

    def _call(self, options: list[str], given: bytes, within_s: float) -> bytes:
        try:
            done = subprocess.run(
                [self._program, *options],
                input=given,
                capture_output=True,
                timeout=max(0.0, within_s),
                check=False,
                # A session of its own: the terminal's Ctrl-C is our business, not its.
                start_new_session=True,
            )
        except (FileNotFoundError, PermissionError) as error:
            raise VoiceError(
                f"the program {self._program} is not installed or cannot be run ({error.strerror}); "
                "on Debian: apt install espeak-ng"
            ) from error
        except subprocess.TimeoutExpired as error:
            raise VoiceError(
                f"{self._program} took longer than {self._limit_s:g} s and was stopped"
            ) from error
        if done.returncode != 0:
            said = done.stderr.decode("utf-8", "replace").strip()[:200]
            raise VoiceError(f"{self._program} {' '.join(options)} failed ({done.returncode}): {said}")
        return done.stdout


def _voice(run: Run, language: str) -> str:
    tag = language.lower().replace("_", "-")
    if run.chinese:
        return _MANDARIN
    if is_chinese(tag):
        return _ENGLISH
    if tag.split("-")[0] == "en":
        return _VOICES.get(tag, _ENGLISH)
    if not _TAG.fullmatch(tag):
        raise VoiceError(f"{language!r} is no language; write zh-CN, en, fr …")
    return tag
