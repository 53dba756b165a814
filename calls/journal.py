"""The one journal: every outside fact and wake, with its time and the decisions that followed.

An SQLite file of its own, with one writer thread. The thread commits whatever has gathered, at most
``GROUP`` entries at a time (``synchronous=FULL``), and then says up to which entry all is safe.
Readers open their own connections; WAL mode lets them read beside the writer.
"""

import json
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

# Whoever reads a journal must know every word that may stand in it.
import domain.calls
import domain.config
import domain.crm
import domain.desk
import domain.floor
import domain.flow
import domain.switch  # noqa: F401
from domain.codec import CodecError, dumps, loads
from domain.instant import Instant

GROUP = 100
FORGOTTEN_AT_ONCE = 500
"""Old entries removed in one transaction: new ones must not wait long for it."""
SNAPSHOTS = 20
DAY_US = 86_400_000_000
_SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, fact TEXT, decisions TEXT NOT NULL,
    history INTEGER NOT NULL, calls TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS entries_history ON entries (seq) WHERE history = 1;
CREATE TABLE IF NOT EXISTS entry_calls (call TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (call, seq))
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS snapshots (
    seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, code TEXT NOT NULL, state TEXT NOT NULL);
"""

_LAST_SEQ = (
    "SELECT max(coalesce((SELECT max(seq) FROM entries), 0), coalesce((SELECT max(seq) FROM snapshots), 0))"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One journaled step. ``fact`` is None for a wake; ``decisions`` is the canonical JSON of the answer."""

    seq: int
    at: Instant
    fact: Any
    decisions: str

    def made(self) -> list[Any]:
        """The decisions as values."""
        decided: list[Any] = loads(self.decisions)
        return decided

    def made_of(self, *kinds: type) -> list[Any]:
        """The decisions of these kinds; others need not be readable by today's code."""
        names = {kind.__name__ for kind in kinds}
        if not any(f'"$":"{name}"' in self.decisions for name in names):
            return []
        return [loads(json.dumps(d)) for d in json.loads(self.decisions) if d.get("$") in names]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state after entry ``seq``, under code version ``code``."""

    seq: int
    at: Instant
    code: str
    state: Any


class JournalError(Exception):
    """The journal cannot be opened, written or read: the floor must not go on without it."""


class Journal:
    """Append from one thread; ``committed(seq)`` is called from the writer thread after each commit.

    ``failed(error)`` is called from the writer thread, once, when a commit fails; nothing is
    committed after that.
    """

    def __init__(
        self, path: Path, committed: Callable[[int], None], failed: Callable[[BaseException], None]
    ) -> None:
        self.path = path
        self._committed = committed
        self._failed = failed
        self._queue: queue.SimpleQueue[tuple[str, tuple[Any, ...], tuple[str, ...]] | None] = (
            queue.SimpleQueue()
        )
        try:
            with closing(_connect(path)) as db, db:
                db.executescript(_SCHEMA)
                self.last_seq: int = db.execute(_LAST_SEQ).fetchone()[0]
        except sqlite3.Error as error:
            raise JournalError(f"the journal {path} cannot be opened: {error}") from error
        self._thread = threading.Thread(target=self._write, name="journal", daemon=True)
        self._thread.start()

    def append(
        self, at: Instant, fact: Any, decisions: list[Any], calls: tuple[str, ...], *, history: bool
    ) -> int:
        """Queue one entry and give its number; ``calls`` are the calls it concerns."""
        self.last_seq += 1
        body = None if fact is None else dumps(fact)
        row = (self.last_seq, at, body, dumps(decisions), int(history), ",".join(calls))
        self._queue.put(("entry", row, calls))
        return self.last_seq

    def snapshot(self, at: Instant, code: str, state: Any) -> None:
        """Queue a snapshot of the state after the last appended entry."""
        self.snapshot_text(self.last_seq, at, code, dumps(state))

    def snapshot_text(self, seq: int, at: Instant, code: str, text: str) -> None:
        """Queue a snapshot, as ``dumps`` wrote it, of the state after entry ``seq``.

        The last ``SNAPSHOTS`` and the first of each day are kept, while the entries after them are.
        """
        self._queue.put(("snapshot", (seq, at, code, text), ()))

    def forget_before(self, at: Instant) -> None:
        """Queue the removal of entries older than ``at`` (never those the last snapshot still needs)."""
        self._queue.put(("forget", (at,), ()))

    def close(self) -> None:
        """Commit what is queued and stop the thread."""
        self._queue.put(None)
        self._thread.join()

    def _write(self) -> None:
        try:
            with closing(_connect(self.path)) as db:
                db.execute("PRAGMA synchronous=FULL")
                while self._commit_group(db):
                    pass
        except Exception as error:  # noqa: BLE001 - handed to the runner, which stops the floor
            self._failed(JournalError(f"the journal {self.path} cannot be written: {error}"))

    def _commit_group(self, db: sqlite3.Connection) -> bool:
        """Write what is queued in one transaction; False when told to stop."""
        group = [self._queue.get()]
        while group[-1] is not None and len(group) < GROUP:
            try:
                group.append(self._queue.get_nowait())
            except queue.Empty:
                break
        last, unfinished = 0, None
        with db:
            for item in group:
                if item is None:
                    continue
                kind, row, calls = item
                if kind == "entry":
                    last = _write_entry(db, row, calls)
                elif kind == "snapshot":
                    _write_snapshot(db, row)
                elif _forget(db, row[0]):
                    unfinished = item
        if last:
            self._committed(last)
        if unfinished is not None:
            self._queue.put(unfinished)
        return group[-1] is not None


def _write_entry(db: sqlite3.Connection, row: tuple[Any, ...], calls: tuple[str, ...]) -> int:
    db.execute("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)", row)
    db.executemany("INSERT OR IGNORE INTO entry_calls VALUES (?, ?)", [(c, row[0]) for c in calls])
    return int(row[0])


def _write_snapshot(db: sqlite3.Connection, row: tuple[Any, ...]) -> None:
    db.execute("INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?, ?)", row)
    db.execute(
        "DELETE FROM snapshots WHERE seq NOT IN (SELECT seq FROM snapshots ORDER BY seq DESC LIMIT ?) "
        "AND seq NOT IN (SELECT min(seq) FROM snapshots GROUP BY at / ?)",
        (SNAPSHOTS, DAY_US),
    )


def _forget(db: sqlite3.Connection, before: int) -> bool:
    """Remove the oldest entries that are older than ``before``; whether there may be more of them.

    Entries lie in the order of time, so the first ones are looked at and no others: a month of them is
    gigabytes, and every call waits for this thread.
    """
    oldest = db.execute(
        "SELECT seq, at, calls FROM entries WHERE seq <= (SELECT coalesce(max(seq), 0) FROM snapshots) "
        "ORDER BY seq LIMIT ?",
        (FORGOTTEN_AT_ONCE,),
    )
    old = list(takewhile(lambda entry: entry[1] < before, oldest))
    if not old:
        return False
    db.execute("DELETE FROM entries WHERE seq <= ?", (old[-1][0],))
    named = [(call, seq) for seq, _, calls in old for call in calls.split(",")]
    db.executemany("DELETE FROM entry_calls WHERE call = ? AND seq = ?", named)
    # A snapshot without the entry that follows it can no longer be replayed from; the last one always can.
    db.execute(
        "DELETE FROM snapshots WHERE seq < (SELECT coalesce(min(seq), 0) FROM entries) - 1 "
        "AND seq < (SELECT max(seq) FROM snapshots)"
    )
    return len(old) == FORGOTTEN_AT_ONCE


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=10)
    db.execute("PRAGMA journal_mode=WAL")
    return db


# ------------------------------------------------------------------ reading


def read_entries(
    path: Path, after: int = 0, *, history_only: bool = False, limit: int = -1
) -> Iterator[Entry]:
    """Entries with a number above ``after``, in order. Raises JournalError at one of another version."""
    where = "seq > ? AND history = 1" if history_only else "seq > ?"
    sql = f"SELECT seq, at, fact, decisions FROM entries WHERE {where} ORDER BY seq LIMIT ?"  # noqa: S608
    with closing(_connect(path)) as db:
        for row in db.execute(sql, (after, limit)):
            yield _entry(path, row)


def read_last_seq(path: Path) -> int:
    """The number of the last entry there is or was."""
    with closing(_connect(path)) as db:
        return int(db.execute(_LAST_SEQ).fetchone()[0])


def read_entries_of_call(path: Path, call: str) -> list[Entry]:
    """The entries that concern one call, in order."""
    sql = (
        "SELECT e.seq, e.at, e.fact, e.decisions FROM entry_calls c JOIN entries e ON e.seq = c.seq "
        "WHERE c.call = ? ORDER BY e.seq"
    )
    with closing(_connect(path)) as db:
        return [_entry(path, row) for row in db.execute(sql, (call,))]


def read_snapshot(path: Path, *, first: bool = False) -> Snapshot | None:
    """The last (or the first kept) snapshot. Raises JournalError if it is of another version."""
    order = "ASC" if first else "DESC"
    with closing(_connect(path)) as db:
        row = db.execute(
            f"SELECT seq, at, code, state FROM snapshots ORDER BY seq {order} LIMIT 1"  # noqa: S608
        ).fetchone()
    return None if row is None else Snapshot(row[0], Instant(row[1]), row[2], _read(path, row[3]))


def _entry(path: Path, row: tuple[int, int, str | None, str]) -> Entry:
    seq, at, fact, decisions = row
    return Entry(seq, Instant(at), None if fact is None else _read(path, fact), decisions)


def _read(path: Path, text: str) -> Any:
    try:
        return loads(text)
    except CodecError as error:
        raise JournalError(
            f"the journal {path} was written by another version of Callfloor ({error}); run that version, or "
            "move the file away to begin with an empty floor: finished calls stay in the database"
        ) from error
