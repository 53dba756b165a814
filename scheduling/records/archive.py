"""Problems and rosters as compressed JSON and back, remembered by their bytes: they never change."""

import json
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from domain.instant import Instant
from scheduling.formats.shape import plain, read
from scheduling.judge import judge
from scheduling.problem import Problem
from scheduling.roster import Assignment, Block, Roster
from scheduling.verdict import Verdict

_REMEMBERED = 16


@dataclass(frozen=True, slots=True)
class Author:
    """Who does something, and when."""

    user: str
    at: Instant


def packed(value: Problem | Roster) -> bytes:
    """A problem or roster as bytes; equal ones give equal bytes where their order is the same."""
    return zlib.compress(json.dumps(plain(value), ensure_ascii=False, separators=(",", ":")).encode())


def packed_roster(roster: Roster) -> bytes:
    """A roster as bytes, by day and person."""
    ordered = sorted(roster.assignments, key=lambda one: (one.day, one.person))
    return packed(Roster(tuple(ordered)))


def _raw(data: bytes) -> Any:
    return json.loads(zlib.decompress(data))


@lru_cache(_REMEMBERED)
def problem_of(data: bytes) -> Problem:
    """The problem of ``packed``."""
    return read(Problem, _raw(data))


@lru_cache(_REMEMBERED)
def roster_of(data: bytes) -> Roster:
    """The roster of ``packed_roster``: written by us, so read without the checks of what people send."""
    return Roster(tuple(_assignment(one) for one in _raw(data).get("assignments", ())))


def _assignment(raw: dict[str, Any]) -> Assignment:
    inside = (raw.get(name, ()) for name in ("breaks", "activities", "duties"))
    blocks = (tuple(Block(one["name"], one["start"], one["minutes"]) for one in each) for each in inside)
    return Assignment(raw["person"], raw["day"], raw["shift"], raw["start"], raw["length"], *blocks)


@lru_cache(_REMEMBERED)
def verdict_of(problem: bytes, roster: bytes) -> Verdict:
    """What the judge says of a packed roster."""
    return judge(problem_of(problem), roster_of(roster))
