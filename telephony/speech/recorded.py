"""The user's own sound files: ``<language>/<name>.wav`` or ``.ulaw`` in the folder of sounds."""

import re
from pathlib import Path

from telephony.speech.cache import SoundCache
from telephony.speech.sound import levelled, resampled, telephone
from telephony.speech.wav import WavError, read_wav

MAX_BYTES = 64 * 2**20
_NAME = re.compile(r"\w[\w-]*(\.[\w-]+)*(/\w[\w-]*(\.[\w-]+)*)*")
_MAKING = 1
"""Raised whenever a recording would be made into other sound than before."""


class SoundFileError(Exception):
    """A sound file is there but cannot be used; names the file and says why."""


class Recordings:
    """Recorded sounds as µ-law files. ``folder`` is None where there are none."""

    def __init__(self, folder: Path | None, cache: SoundCache) -> None:
        self._folder = folder.absolute() if folder is not None else None
        self._cache = cache

    def find(self, name: str, language: str) -> Path | None:
        """The recording of ``name`` in ``language``, else in its language without the country (``zh``).

        None if there is none. Blocks; raises SoundFileError or, if the cache cannot be written, OSError.
        """
        if self._folder is None or not _NAME.fullmatch(name):
            return None
        for place in dict.fromkeys((language, language.split("-")[0])):
            if _NAME.fullmatch(place) and (path := self.at(f"{place}/{name}")) is not None:
                return path
        return None

    def at(self, name: str) -> Path | None:
        """The sound file ``name``.wav or ``name``.ulaw of the folder, as µ-law; as ``find``."""
        if self._folder is None:
            return None
        for suffix in (".wav", ".ulaw"):
            path = self._folder / (name + suffix)
            if path.is_file():
                return _checked(path) if suffix == ".ulaw" else self._converted(path)
        return None

    def _converted(self, path: Path) -> Path:
        stat = _stat(path)
        source = ("recorded", _MAKING, str(path), stat[0], stat[1])
        found = self._cache.find(*source)
        if found is not None:
            return found
        try:
            wav = read_wav(path.read_bytes())
        except (WavError, OSError) as error:
            raise SoundFileError(f"the sound file {path} cannot be used: {error}") from error
        return self._cache.keep(telephone(levelled(resampled(wav.samples, wav.rate))), *source)


def _checked(path: Path) -> Path:
    _stat(path)
    try:
        with path.open("rb") as file:
            head = file.read(4)
    except OSError as error:
        raise SoundFileError(f"the sound file {path} cannot be read: {error.strerror}") from error
    if head == b"RIFF":
        raise SoundFileError(f"the sound file {path} is a WAV file; name it .wav")
    return path


def _stat(path: Path) -> tuple[int, int]:
    """Time of change (ns) and size of a file of a sensible size."""
    try:
        stat = path.stat()
    except OSError as error:
        raise SoundFileError(f"the sound file {path} cannot be read: {error.strerror}") from error
    if not 0 < stat.st_size <= MAX_BYTES:
        raise SoundFileError(
            f"the sound file {path} has {stat.st_size:,} bytes; 1 to {MAX_BYTES:,} can be used"
        )
    return stat.st_mtime_ns, stat.st_size
