"""Made sound files in one folder of bounded size; several processes may share it.

A file's name is a hash of what it was made from, so it is never stale, and its time of modification says
when it was last used.
"""

import hashlib
import json
import logging
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

log = logging.getLogger(__name__)

IN_USE_S = 300.0
"""Files used within this time are never deleted: somebody may just be about to play them."""


class SoundCache:
    """``.ulaw`` files by what they were made from; beyond ``limit_bytes`` the longest unused are deleted.

    Its methods block, may be called from several threads and raise OSError if the folder cannot be used.
    """

    def __init__(self, folder: Path, limit_bytes: int, now: Callable[[], float] = time.time) -> None:
        self.folder = folder.absolute()
        self._limit, self._now = limit_bytes, now
        self._size: int | None = None
        self._lock = threading.Lock()

    def find(self, *source: str | int) -> Path | None:
        """The file made from ``source``, marked as used now.

        Where only reading is allowed (another user's file, a full or locked disk) it is found all the same.
        """
        path = self._path(source)
        try:
            os.utime(path, (self._now(), self._now()))
        except FileNotFoundError:
            return None
        except OSError:
            if not os.access(path, os.R_OK):
                raise
        return path

    def keep(self, sound: bytes, *source: str | int) -> Path:
        """Write the file made from ``source``: whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self._path(source)
        handle, draft = tempfile.mkstemp(dir=self.folder, suffix=".draft")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(sound)
            os.chmod(draft, 0o644)
            os.utime(draft, (self._now(), self._now()))
            os.replace(draft, path)
        except OSError:
            Path(draft).unlink(missing_ok=True)
            raise
        self._bound(len(sound))
        return path

    def _path(self, source: tuple[str | int, ...]) -> Path:
        name = hashlib.sha256(json.dumps(source).encode()).hexdigest()[:40]
        return self.folder / f"{name}.ulaw"

    def _bound(self, added: int) -> None:
        with self._lock:
            self._size = None if self._size is None else self._size + added
            if self._size is not None and self._size <= self._limit:
                return
            files = sorted(self._files())
            self._size = sum(size for _, size, _ in files)
            unused = [file for file in files if file[0] < self._now() - IN_USE_S]
            before, goal = self._size, self._limit * 9 // 10
            if before <= self._limit:
                return
            for _, size, path in unused:
                if self._size <= goal:
                    break
                path.unlink(missing_ok=True)
                self._size -= size
            log.info("prompt cache %s: %d bytes of unused files deleted", self.folder, before - self._size)

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        """Time of last use, size and path of every file; drafts somebody died over count too."""
        with os.scandir(self.folder) as entries:
            for entry in entries:
                if entry.name.endswith((".ulaw", ".draft")):
                    try:
                        stat = entry.stat()
                    except FileNotFoundError:
                        continue  # another process deleted or renamed it
                    yield stat.st_mtime, stat.st_size, Path(entry.path)
