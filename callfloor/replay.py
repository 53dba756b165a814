"""The audit: replay a journal under today's code and say where it would have decided otherwise."""

import difflib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from calls.engine import Engine
from calls.journal import read_entries, read_snapshot
from domain.codec import dumps


@dataclass(slots=True)
class Audit:
    """What a replay found: entries read, ``hash`` of the state at the end, the differences as text."""

    entries: int = 0
    differences: int = 0
    hash: str = ""


def replay(
    journal: Path, make_engine: Callable[[Any], Engine], say: Callable[[str], None], most: int = 20
) -> Audit:
    """Replay from the first snapshot kept; ``say`` is told each difference, at most ``most`` of them."""
    snapshot = read_snapshot(journal, first=True)
    engine = make_engine(None if snapshot is None else snapshot.state)
    audit = Audit()
    for entry in read_entries(journal, 0 if snapshot is None else snapshot.seq):
        made = engine.wake(entry.at) if entry.fact is None else engine.handle(entry.fact, entry.at)
        audit.entries += 1
        today = dumps(made)
        if today != entry.decisions:
            audit.differences += 1
            if audit.differences <= most:
                say(_difference(entry.seq, entry.fact, entry.decisions, today))
    audit.hash = engine.hash()
    return audit


def _difference(seq: int, fact: Any, then: str, today: str) -> str:
    def lines(text: str) -> list[str]:
        return [json.dumps(item, ensure_ascii=False) for item in json.loads(text)]

    diff = difflib.unified_diff(lines(then), lines(today), "then", "today", lineterm="", n=0)
    return f"entry {seq} ({type(fact).__name__ if fact is not None else 'wake'}):\n" + "\n".join(diff)
