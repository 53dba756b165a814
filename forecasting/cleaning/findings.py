"""What was found in a history: records that a planner accepts, changes or undoes."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

Kind = Literal[
    "spike", "dip", "outage", "level_shift", "unusual_day", "duplicate", "missing", "holiday", "event"
]
Action = Literal["replace", "adjust", "leave"]
EXPLAINED: tuple[Kind, ...] = ("holiday", "event")
"""Kinds that the calendar explains: they are modelled apart and never taken out."""
_RANK: tuple[Kind, ...] = (
    "duplicate",
    "level_shift",
    "outage",
    "spike",
    "dip",
    "missing",
    "unusual_day",
    *EXPLAINED,
)
"""Of what several methods say of one thing, the kind that comes first here counts."""
_OF_LEVEL = ("level_shift", "unusual_day")
"""What a shift of the level shows itself as; an outage in the middle of one is a thing of its own."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What one method says: from ``start`` up to ``end`` (UTC seconds) something of ``kind``.

    ``sure`` is from 0 to 1. ``calls`` came where ``expected`` were.
    """

    method: str
    kind: Kind
    start: int
    end: int
    sure: float
    calls: float
    expected: float


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the history of ``queue`` from ``start`` up to ``end`` (UTC seconds), and what is done.

    ``methods`` says how sure each method is, ``sure`` all of them together. Done is to ``replace`` intervals
    by ``values`` (start, calls), to ``adjust`` them by ``factor``, or to ``leave`` them. ``note`` says more.
    """

    id: str
    queue: str
    kind: Kind
    start: int
    end: int
    sure: float
    methods: Mapping[str, float]
    calls: float
    expected: float
    action: Action
    values: tuple[tuple[int, float], ...] = ()
    factor: float = 1.0
    note: str = ""

    def as_dict(self, zone: str) -> dict[str, Any]:
        """As plain data, times as those of ``zone`` with their offset."""
        where = ZoneInfo(zone)
        return {
            "id": self.id,
            "queue": self.queue,
            "kind": self.kind,
            "from": _iso(self.start, where),
            "to": _iso(self.end, where),
            "sure": round(self.sure, 3),
            "methods": {method: round(sure, 3) for method, sure in self.methods.items()},
            "calls": round(self.calls, 2),
            "expected": round(self.expected, 2),
            "action": self.action,
            "values": {_iso(at, where): round(value, 2) for at, value in self.values},
            "factor": round(self.factor, 6),
            "note": self.note,
        }

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> "Finding":
        """What ``as_dict`` gave. Raises ValueError with what cannot be read."""
        try:
            if plain["kind"] not in get_args(Kind) or plain["action"] not in get_args(Action):
                raise ValueError(f"finding {plain['id']}: unknown kind or action")
            return cls(
                str(plain["id"]),
                str(plain["queue"]),
                plain["kind"],
                _seconds(plain["from"]),
                _seconds(plain["to"]),
                float(plain["sure"]),
                {str(method): float(sure) for method, sure in plain["methods"].items()},
                float(plain["calls"]),
                float(plain["expected"]),
                plain["action"],
                tuple((_seconds(at), float(value)) for at, value in plain["values"].items()),
                float(plain["factor"]),
                str(plain["note"]),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"this is no finding: {error!r}") from None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a planner says to a finding: ``accept`` it as it is, ``undo`` it, or ``change`` what is done.

    For a change, ``action`` with its ``values`` or ``factor`` is done instead; empty values are the proposed
    ones.
    """

    finding: str
    what: Literal["accept", "undo", "change"]
    action: Action = "leave"
    values: tuple[tuple[int, float], ...] = ()
    factor: float = 1.0
    author: str = ""
    reason: str = ""

    def on(self, finding: Finding) -> Finding:
        """The finding as decided."""
        if self.what == "accept":
            return finding
        if self.what == "undo":
            return replace(finding, action="leave")
        return replace(finding, action=self.action, values=self.values or finding.values, factor=self.factor)


def decided(findings: Iterable[Finding], decisions: Iterable[Decision]) -> list[Finding]:
    """Findings as planners decided, the latest word on each counting. Raises ValueError for one not there."""
    by_id = {finding.id: finding for finding in findings}
    said: dict[str, Decision] = {}
    for decision in decisions:
        if decision.finding not in by_id:
            raise ValueError(f"there is no finding {decision.finding}")
        said[decision.finding] = decision
    return [said[id].on(finding) if id in said else finding for id, finding in by_id.items()]


# ------------------------------------------------------------------ several methods, one record


@dataclass(slots=True)
class Group:
    """Suspicions of several methods about the same thing; the first is the one that tells best what it is."""

    members: list[Suspicion] = field(default_factory=list)

    @property
    def best(self) -> Suspicion:
        """The one whose kind and span count."""
        return min(self.members, key=lambda one: (_RANK.index(one.kind), -one.sure))

    @property
    def methods(self) -> Mapping[str, float]:
        """How sure each method is."""
        found: dict[str, float] = {}
        for one in self.members:
            found[one.method] = max(one.sure, found.get(one.method, 0.0))
        return MappingProxyType(found)

    @property
    def sure(self) -> float:
        """How sure all are together: as if each could be wrong by itself."""
        wrong = 1.0
        for sure in self.methods.values():
            wrong *= 1 - sure
        return min(1 - wrong, 0.999)


def group(suspicions: Sequence[Suspicion]) -> list[Group]:
    """Suspicions that lie within one another and point the same way, together; in order of time."""
    groups: list[Group] = []
    for one in sorted(suspicions, key=lambda s: (_RANK.index(s.kind), s.start)):
        home = next((g for g in groups if _same(g.members[0], one)), None)
        if home is None:
            groups.append(Group([one]))
        else:
            home.members.append(one)
    return sorted(groups, key=lambda g: g.best.start)


def _same(first: Suspicion, other: Suspicion) -> bool:
    if _way(first) != _way(other) or (first.kind == "level_shift") != (other.kind in _OF_LEVEL):
        return False
    shared = min(first.end, other.end) - max(first.start, other.start)
    return shared >= 0.5 * min(first.end - first.start, other.end - other.start)


def _way(one: Suspicion) -> str:
    if one.kind in ("missing", "duplicate", *EXPLAINED):
        return one.kind
    return "up" if one.calls > one.expected else "down"


def name_of(queue: str, kind: Kind, start: int, zone: str) -> str:
    """A name for a finding that stays when the history is cleaned again."""
    at = datetime.fromtimestamp(start, ZoneInfo(zone))
    tail = hashlib.blake2s(f"{queue}\0{kind}\0{start}".encode(), digest_size=2).hexdigest()
    return f"{kind}-{at:%Y%m%d-%H%M}-{tail}"


def _iso(at: int, where: ZoneInfo) -> str:
    return datetime.fromtimestamp(at, where).isoformat(timespec="minutes")


def _seconds(text: Any) -> int:
    at = datetime.fromisoformat(str(text))
    if at.tzinfo is None:
        raise ValueError(f"{text!r} has no offset from UTC")
    return int(at.timestamp())
