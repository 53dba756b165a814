"""One platform a data folder: two would part the journal and fight over telephones."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

NAME = "lock"


class FolderInUse(Exception):
    """Another platform runs on this data folder; the text says which."""


@contextlib.contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Hold the folder; made if it is not there. Raises FolderInUse, or OSError when it cannot be written.

    The operating system keeps the lock, so it ends with the process, however that ends.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = os.open(folder / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderInUse(
                f"another callfloor runs on the data folder {folder}{_holder(file)}; stop it first"
            ) from None
        os.ftruncate(file, 0)
        os.pwrite(file, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(file)


def is_held(folder: Path) -> bool:
    """Whether a platform runs on this folder now."""
    try:
        file = os.open(folder / NAME, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False


def _holder(file: int) -> str:
    number = os.pread(file, 32, 0).decode(errors="replace").strip()
    return f" (process {number})" if number.isdecimal() else ""
