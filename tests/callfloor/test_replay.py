"""The audit says where today's code would have decided otherwise, and the state it ends in."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from callfloor.replay import replay
from calls.engine import Engine
from domain.codec import dumps, loads
from domain.floor import Offer, Why
from domain.instant import Instant
from tests.calls.floor import Scene, make_engine


def busy(path: Path) -> tuple[Path, str, int]:
    """A journal of a call that was answered: where it is, its end's hash, its entries."""
    scene = Scene(answers_after_s=1)
    caller = scene.queued()
    scene.run(5)
    caller.hang_up()
    scene.run(60)
    return scene.journal(path), scene.floor.engine.hash(), len(scene.floor.steps)


def test_the_same_code_decides_the_same(tmp_path: Path) -> None:
    """No differences, nothing said, and the hash of the state at the end."""
    path, hash, entries = busy(tmp_path / "j.db")
    said: list[str] = []
    audit = replay(path, make_engine, said.append)
    assert (audit.entries, audit.differences, audit.hash, said) == (entries, 0, hash, [])


class OtherCode(Engine):
    """Today's code gives other reasons for its offers."""

    def handle(self, fact: Any, now: Instant) -> list[Any]:
        why = Why("longest_idle", 0.0, 0.0, 0)
        made = super().handle(fact, now)
        return [
            Offer(m.offer, m.call, m.queue, m.agent, m.device, m.deadline, why) if isinstance(m, Offer) else m
            for m in made
        ]


def test_other_code_is_shown_its_differences(tmp_path: Path) -> None:
    """Each by entry and fact, as what was said then and what would be said today."""
    path, _, _ = busy(tmp_path / "j.db")
    said: list[str] = []

    def other(state: Any) -> Engine:
        made = make_engine(state)
        return OtherCode(made.floor, made.book)

    audit = replay(path, other, said.append)
    assert audit.differences == len(said) == 1
    assert "(DigitPressed):" in said[0]
    then, today = (line for line in said[0].splitlines() if '"Offer"' in line)
    assert then.startswith("-") and "least_busy" in then
    assert today.startswith("+") and "longest_idle" in today


def test_no_more_differences_are_told_than_asked_for(tmp_path: Path) -> None:
    """They are counted all the same."""
    path, _, entries = busy(tmp_path / "j.db")
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("""UPDATE entries SET decisions = '["x"]'""")
    said: list[str] = []
    audit = replay(path, make_engine, said.append, most=3)
    assert (audit.differences, len(said)) == (entries, 3)


def test_it_begins_at_the_oldest_snapshot(tmp_path: Path) -> None:
    """Entries before it may be forgotten."""
    path, hash, entries = busy(tmp_path / "j.db")
    with closing(sqlite3.connect(path)) as db, db:
        engine = make_engine()
        rows = db.execute("SELECT seq, at, fact FROM entries ORDER BY seq LIMIT 12").fetchall()
        for _, at, fact in rows:
            engine.wake(Instant(at)) if fact is None else engine.handle(loads(fact), Instant(at))
        db.execute("INSERT INTO snapshots VALUES (12, ?, 'v1', ?)", (rows[-1][1], dumps(engine.state)))
        db.execute("DELETE FROM entries WHERE seq <= 12")
    audit = replay(path, make_engine, print)
    assert (audit.entries, audit.differences, audit.hash) == (entries - 12, 0, hash)
