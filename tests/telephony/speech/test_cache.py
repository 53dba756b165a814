"""The cache keeps whole files, within its bound, and never deletes what is in use."""

import errno
import threading
from pathlib import Path

import pytest

from telephony.speech.cache import IN_USE_S, SoundCache


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def test_kept_and_found(tmp_path: Path) -> None:
    """A file is found by exactly what it was made from, also by the next process."""
    made = SoundCache(tmp_path / "new" / "folder", 10_000).keep(b"sound", "en", "1", "hello")
    cache = SoundCache(tmp_path / "new" / "folder", 10_000)
    assert cache.find("en", "1", "hello") == made and made.read_bytes() == b"sound"
    assert made.is_absolute() and made.suffix == ".ulaw"
    assert cache.find("en", "1hello", "") is None
    assert cache.find("en", "2", "hello") is None


def test_the_longest_unused_go_first(tmp_path: Path) -> None:
    """Beyond the bound the files unused longest are deleted; using one counts, not making it."""
    clock = Clock()
    cache = SoundCache(tmp_path, 3_500, clock)
    made = {}
    for name in ("a", "b", "c"):
        made[name] = cache.keep(bytes(1_000), name)
        clock.now += 1
    cache.find("a")
    clock.now += IN_USE_S + 1
    made["d"] = cache.keep(bytes(1_000), "d")
    assert [name for name, path in made.items() if path.exists()] == ["a", "c", "d"]


def test_what_is_in_use_stays(tmp_path: Path) -> None:
    """Files used a moment ago outlive the bound: somebody is about to play them."""
    clock = Clock()
    cache = SoundCache(tmp_path, 1_500, clock)
    for name in ("a", "b", "c"):
        cache.keep(bytes(1_000), name)
    assert all(cache.find(name) for name in "abc")
    clock.now += IN_USE_S + 1
    cache.keep(bytes(1_000), "d")
    assert [name for name in "abcd" if cache.find(name)] == ["d"]


def test_foreign_files_stay(tmp_path: Path) -> None:
    """Only our own files are counted and deleted; drafts somebody died over are ours."""
    clock = Clock()
    (tmp_path / "notes.txt").write_bytes(bytes(9_000))
    (tmp_path / "dead.draft").write_bytes(bytes(9_000))
    clock.now = (tmp_path / "dead.draft").stat().st_mtime + IN_USE_S + 1
    SoundCache(tmp_path, 1_000, clock).keep(b"x", "a")
    assert (tmp_path / "notes.txt").exists() and not (tmp_path / "dead.draft").exists()


def test_many_writers(tmp_path: Path) -> None:
    """Threads that make the same and different files at once leave whole files and no drafts."""
    cache = SoundCache(tmp_path, 10_000_000)

    def write() -> None:
        for n in range(20):
            cache.keep(bytes([n]) * 5_000, n)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(tmp_path.iterdir())) == 20
    for n in range(20):
        path = cache.find(n)
        assert path is not None and path.read_bytes() == bytes([n]) * 5_000


def test_no_folder(tmp_path: Path) -> None:
    """A folder that cannot be made is an error that names it, and leaves nothing behind."""
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        SoundCache(tmp_path / "file" / "cache", 1_000).keep(b"x", "a")


def test_what_may_only_be_read_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of another user, or a disk that is locked: they cannot be marked as used, and are played."""
    cache = SoundCache(tmp_path, 10_000)
    path = cache.keep(b"sound", "a")

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr("os.utime", refuse)
    assert cache.find("a") == path
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(PermissionError):
        cache.find("a")
