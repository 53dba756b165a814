"""The prompt library: prompts in, sound pieces to be played out, each made once."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from domain.switch import Prompt, Sound, Speak, Tone
from telephony.media.protocol import Beep, Clip, Piece
from telephony.speech.cache import SoundCache
from telephony.speech.recorded import Recordings, SoundFileError
from telephony.speech.sound import levelled, resampled, telephone, trimmed
from telephony.speech.voice import Voice, VoiceError
from telephony.speech.wav import from_pcm

log = logging.getLogger(__name__)

AT_ONCE = 2
RECHECK_S = 60.0
"""How long a piece is taken for known: a changed recording, a deleted file or a voice that was installed
meanwhile is noticed after this time."""

FALLBACK = Beep(hz=440, ms=400)
"""Heard instead of words nobody can speak."""

PAUSE = Beep(hz=0, ms=300)
"""A text that is punctuation only."""

_TAILS_MS = dict.fromkeys(".!?。！？…", 300) | dict.fromkeys(",;:，；：、", 160)
_REMEMBERED = 5_000
_MAKING = 1
"""Raised whenever spoken words would be made into other sound than before."""


@dataclass(frozen=True, slots=True)
class _Known:
    piece: Piece
    until: float


class Prompts:
    """The library. ``voice`` None is a machine without a voice; ``sounds_folder`` holds recordings."""

    def __init__(
        self,
        cache_folder: Path,
        sounds_folder: Path | None,
        voice: Voice | None,
        limit_bytes: int = 200 * 2**20,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._cache = SoundCache(cache_folder / "prompts", limit_bytes, now)
        self._recordings = Recordings(sounds_folder, self._cache)
        self._voice, self._now = voice, now
        self._known: dict[Prompt, _Known] = {}
        self._making: dict[Prompt, asyncio.Future[Piece]] = {}
        self._warned: set[str] = set()
        self._workers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="speech")

    def known(self, prompts: Iterable[Prompt]) -> tuple[Piece, ...] | None:
        """The pieces of these prompts if all of them are at hand, at once; else None: ask ``find``."""
        now = self._now()
        pieces: list[Piece] = []
        for prompt in prompts:
            if (piece := _plain(prompt)) is not None:
                pieces.append(piece)
                continue
            known = self._known.get(prompt)
            if known is None or known.until < now:
                return None
            pieces.append(known.piece)
        return tuple(pieces)

    async def find(self, prompts: Iterable[Prompt]) -> tuple[Piece, ...]:
        """The pieces of these prompts, made now if need be.

        What cannot be spoken or read is a beep, and a warning once: the call goes on.
        """
        return tuple(await asyncio.gather(*(self._piece(prompt) for prompt in prompts)))

    async def warm(
        self, prompts: Sequence[Prompt], progress: Callable[[int, int], None] = lambda done, of: None
    ) -> None:
        """Make all of these one by one, telling ``progress(done, of)`` after each.

        So one worker is always left for what a caller waits for.
        """
        different = list(dict.fromkeys(prompts))
        for done, prompt in enumerate(different, start=1):
            await self._piece(prompt)
            progress(done, len(different))

    async def close(self) -> None:
        """Give up what is not begun and wait for what is."""
        await asyncio.to_thread(self._workers.shutdown, cancel_futures=True)

    async def _piece(self, prompt: Prompt) -> Piece:
        known = self.known((prompt,))
        if known is not None:
            return known[0]
        making = self._making.get(prompt)
        if making is None:
            loop = asyncio.get_running_loop()
            making = self._making[prompt] = loop.run_in_executor(self._workers, self._make, prompt)
            making.add_done_callback(lambda made: self._made(prompt, made))
        return await asyncio.shield(making)  # one who hangs up does not take it from the others

    def _made(self, prompt: Prompt, made: asyncio.Future[Piece]) -> None:
        del self._making[prompt]
        if made.cancelled() or made.exception() is not None:
            return  # those who wait are told
        now = self._now()
        if len(self._known) >= _REMEMBERED:
            self._known = {p: known for p, known in self._known.items() if known.until >= now}
        self._known[prompt] = _Known(made.result(), now + RECHECK_S)

    # ------------------------------------------------------------ in worker threads

    def _make(self, prompt: Prompt) -> Piece:
        try:
            if isinstance(prompt, Sound):
                return self._recorded(prompt)
            assert isinstance(prompt, Speak)
            return self._spoken(prompt)
        except Exception:
            # A fault of ours or of a library in some odd text: somebody waits, and must not wait for ever.
            log.exception("%r could not be made; a beep is heard instead", prompt)
            return FALLBACK

    def _recorded(self, sound: Sound) -> Piece:
        instead = "the words are spoken" if sound.text else "a beep is heard"
        try:
            path = self._recordings.find(sound.name, sound.language)
            if path is not None:
                return Clip(str(path))
            if not sound.text:
                self._warn(f"there is no recording {sound.name!r} in {sound.language}; {instead} instead")
        except SoundFileError as error:
            self._warn(f"{error}; {instead} instead")
        except OSError as error:
            self._warn(f"{self._unusable(error)}; {instead} instead")
        if not sound.text:
            return FALLBACK
        words = Speak(sound.text, sound.language)
        return _plain(words) or self._spoken(words)

    def _spoken(self, words: Speak) -> Piece:
        try:
            return Clip(str(self._speech(words)))
        except VoiceError as error:
            self._warn(f"a prompt cannot be spoken, a beep is heard instead: {error}")
        except OSError as error:
            self._warn(f"{self._unusable(error)}; a beep is heard instead of prompts")
        return FALLBACK

    def _unusable(self, error: OSError) -> str:
        return f"the prompt cache {self._cache.folder} cannot be used ({error.strerror})"

    def _speech(self, words: Speak) -> Path:
        if self._voice is None:
            raise VoiceError("this machine has no voice; on Debian: apt install espeak-ng")
        text = " ".join(words.text.split())
        source = ("spoken", _MAKING, self._voice.name, self._voice.version(), words.language, text)
        found = self._cache.find(*source)
        if found is not None:
            return found
        speech = self._voice.speak(text, words.language)
        samples = trimmed(resampled(from_pcm(speech.pcm), speech.rate), tail_ms=_TAILS_MS.get(text[-1], 60))
        return self._cache.keep(telephone(levelled(samples)), *source)

    def _warn(self, message: str) -> None:
        if message in self._warned:
            return
        if len(self._warned) >= _REMEMBERED:
            self._warned.clear()
        self._warned.add(message)
        log.warning("%s", message)


def _plain(prompt: Prompt) -> Piece | None:
    """The piece of a prompt that needs neither a file nor a voice."""
    if isinstance(prompt, Tone):
        return Beep(prompt.hz, prompt.ms)
    if isinstance(prompt, Speak) and not any(sign.isalnum() for sign in prompt.text):
        return PAUSE
    return None
