"""The journal keeps what it said it keeps."""

import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from calls.journal import (
    FORGOTTEN_AT_ONCE,
    Journal,
    read_entries,
    read_entries_of_call,
    read_last_seq,
    read_snapshot,
)
from domain.calls import CallerGone
from domain.codec import CodecError
from domain.ids import CallId, LegId
from domain.instant import Instant
from domain.switch import HangUp, LegAnswered
from tests.running import eventually


class Said:
    """What the writer thread said, with a way to wait for it."""

    def __init__(self) -> None:
        self.seq = 0
        self.errors: list[BaseException] = []
        self._changed = threading.Condition()

    def committed(self, seq: int) -> None:
        with self._changed:
            assert seq > self.seq
            self.seq = seq
            self._changed.notify_all()

    def failed(self, error: BaseException) -> None:
        with self._changed:
            self.errors.append(error)
            self._changed.notify_all()

    def wait(self, seq: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.seq >= seq or self.errors, timeout=10)


def open_journal(path: Path) -> tuple[Journal, Said]:
    said = Said()
    return Journal(path, said.committed, said.failed), said


def test_entries_come_back_as_they_were(tmp_path: Path) -> None:
    """Facts, wakes, times and decisions are read back equal, in order, also by call."""
    journal, said = open_journal(tmp_path / "j.db")
    journal.append(Instant(1), LegAnswered(LegId("c1")), [HangUp(LegId("c1"))], ("c1",), history=False)
    journal.append(Instant(2), None, [CallerGone(CallId("c2"))], ("c2",), history=True)
    said.wait(2)
    first, second = read_entries(journal.path)
    assert (first.seq, first.at, first.fact) == (1, 1, LegAnswered(LegId("c1")))
    assert first.made() == [HangUp(LegId("c1"))]
    assert second.fact is None
    assert [e.seq for e in read_entries(journal.path, history_only=True)] == [2]
    assert [e.seq for e in read_entries_of_call(journal.path, "c2")] == [2]
    journal.close()


@pytest.mark.parametrize("count", [1, 99, 100, 101, 1_000])
def test_every_entry_is_committed_and_announced(tmp_path: Path, count: int) -> None:
    """However the writer groups them, all entries are safe once the last one is announced."""
    journal, said = open_journal(tmp_path / "j.db")
    for n in range(count):
        journal.append(Instant(n), LegAnswered(LegId(f"c{n}")), [], (f"c{n}",), history=False)
    said.wait(count)
    assert [e.seq for e in read_entries(journal.path)] == list(range(1, count + 1))
    journal.close()
    again, _ = open_journal(tmp_path / "j.db")
    assert again.last_seq == count
    again.close()


def test_a_snapshot_stands_after_the_last_entry(tmp_path: Path) -> None:
    """The newest snapshot says after which entry it was taken; forgetting never passes it."""
    journal, said = open_journal(tmp_path / "j.db")
    journal.append(Instant(1), LegAnswered(LegId("c1")), [], (), history=False)
    journal.snapshot(Instant(1), "v1", {"calls": {}})
    journal.append(Instant(2), LegAnswered(LegId("c2")), [], (), history=False)
    journal.forget_before(Instant(10))
    said.wait(2)
    journal.close()
    snapshot = read_snapshot(journal.path)
    assert snapshot is not None
    assert (snapshot.seq, snapshot.code, snapshot.state) == (1, "v1", {"calls": {}})
    assert [e.seq for e in read_entries(journal.path)] == [2]
    assert not said.errors


def test_a_killed_writer_leaves_a_readable_journal(tmp_path: Path) -> None:
    """Whatever was announced before ``kill -9`` is there afterwards."""
    path = tmp_path / "j.db"
    code = f"""
import os, sys
from pathlib import Path
from calls.journal import Journal
from domain.instant import Instant
def committed(seq):
    sys.stdout.write(f"{{seq}}\\n"); sys.stdout.flush()
    if seq >= 50: os.kill(os.getpid(), 9)
journal = Journal(Path({str(path)!r}), committed, print)
for n in range(100_000):
    journal.append(Instant(n), None, [], (), history=False)
journal.close()
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == -9, run.stderr
    announced = int(run.stdout.split()[-1])
    kept = [e.seq for e in read_entries(path)]
    assert kept[: len(kept)] == list(range(1, len(kept) + 1))
    assert len(kept) >= announced


def test_a_journal_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    """A failed commit reaches ``failed``; nothing after it is announced."""
    journal, said = open_journal(tmp_path / "j.db")
    journal.append(Instant(1), None, [], (), history=False)
    said.wait(1)
    journal.last_seq = 0  # the next number collides: what a second writer would do
    journal.append(Instant(2), None, [], (), history=False)
    said.wait(2)
    assert len(said.errors) == 1
    assert said.seq == 1
    journal.close()


def test_numbers_go_on_when_every_entry_is_forgotten(tmp_path: Path) -> None:
    """A cursor or a snapshot that stands at an old number never meets it again."""
    journal, said = open_journal(tmp_path / "j.db")
    for n in range(5):
        journal.append(Instant(n), None, [], ("c1",), history=False)
    journal.snapshot(Instant(5), "v1", {})
    journal.forget_before(Instant(100))
    journal.close()
    assert not said.errors
    assert list(read_entries(journal.path)) == []
    again, _ = open_journal(tmp_path / "j.db")
    assert again.last_seq == read_last_seq(journal.path) == 5
    again.close()


def test_a_lot_is_forgotten_bit_by_bit(tmp_path: Path) -> None:
    """However much is old, all of it goes, with its calls, and what is new is committed in between."""
    journal, said = open_journal(tmp_path / "j.db")
    count = 2 * FORGOTTEN_AT_ONCE + 10
    for n in range(1, count + 1):
        journal.append(Instant(n), None, [], (f"c{n}", "c0"), history=False)
    journal.snapshot(Instant(count), "v1", {})
    journal.forget_before(Instant(count))
    journal.append(Instant(count + 1), None, [], ("new",), history=False)
    said.wait(count + 1)
    eventually(lambda: [e.seq for e in read_entries(journal.path)] == [count, count + 1])
    journal.close()
    assert not said.errors
    with closing(sqlite3.connect(journal.path)) as db:
        assert db.execute("SELECT call, seq FROM entry_calls ORDER BY seq, call").fetchall() == [
            ("c0", count),
            (f"c{count}", count),
            ("new", count + 1),
        ]


def test_of_each_day_a_snapshot_is_kept_while_its_entries_are(tmp_path: Path) -> None:
    """An audit can replay from the oldest entries kept on; what can no longer be replayed from goes."""
    journal, said = open_journal(tmp_path / "j.db")
    for hour in range(24 * 5):
        at = Instant(hour * 3_600_000_000)
        journal.append(at, None, [], (), history=False)
        journal.snapshot(at, "v1", {"hour": hour})
    journal.close()

    def hours() -> list[int]:
        with closing(sqlite3.connect(journal.path)) as db:
            return [seq - 1 for (seq,) in db.execute("SELECT seq FROM snapshots ORDER BY seq")]

    assert hours() == [0, 24, 48, 72, 96, *range(100, 120)]
    again, said = open_journal(tmp_path / "j.db")
    again.forget_before(Instant(50 * 3_600_000_000))
    again.close()
    assert not said.errors
    assert hours()[0] == 72
    first = read_snapshot(journal.path, first=True)
    assert first is not None and first.state == {"hour": 72}


def test_decisions_of_some_kinds_are_read_though_others_cannot(tmp_path: Path) -> None:
    """A class that today's code no longer knows does not keep the history from being written."""
    journal, said = open_journal(tmp_path / "j.db")
    journal.append(Instant(1), None, [CallerGone(CallId("c1")), HangUp(LegId("c1"))], (), history=True)
    said.wait(1)
    with closing(sqlite3.connect(journal.path)) as db, db:
        db.execute("UPDATE entries SET decisions = replace(decisions, 'HangUp', 'OldWord')")
    (entry,) = read_entries(journal.path)
    assert entry.made_of(CallerGone) == [CallerGone(CallId("c1"))]
    assert entry.made_of(LegAnswered) == []
    with pytest.raises(CodecError, match="OldWord"):
        entry.made()
    journal.close()
