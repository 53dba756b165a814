"""The answer: who works which shift on which day, with breaks, activities and duties."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """Minutes inside a shift: ``start`` is counted from 00:00 of the shift's day and may be past 1440."""

    name: str
    start: int
    minutes: int

    @property
    def end(self) -> int:
        return self.start + self.minutes


@dataclass(frozen=True, slots=True)
class Assignment:
    """A person works a shift that begins on a day at minute ``start`` and lasts ``length`` minutes.

    ``breaks`` are named as the shift's and in its order, ``activities`` by their id; ``duties`` are when
    somebody on a reserve shift is given to the telephones, named by the demand or empty (whichever they can).
    """

    person: str
    day: int
    shift: str
    start: int
    length: int
    breaks: tuple[Block, ...] = ()
    activities: tuple[Block, ...] = ()
    duties: tuple[Block, ...] = ()

    @property
    def end(self) -> int:
        return self.start + self.length


@dataclass(frozen=True, slots=True)
class Roster:
    """Assignments, at most one for a person and day. Raises ValueError if there are two."""

    assignments: tuple[Assignment, ...] = ()

    def __post_init__(self) -> None:
        seen: set[tuple[str, int]] = set()
        for one in self.assignments:
            if (one.person, one.day) in seen:
                raise ValueError(f"{one.person} has two shifts on day {one.day}")
            seen.add((one.person, one.day))

    def by_person(self) -> Mapping[str, list[Assignment]]:
        """Every person's assignments by day; people without any are absent."""
        found: dict[str, list[Assignment]] = {}
        for one in sorted(self.assignments, key=lambda one: one.day):
            found.setdefault(one.person, []).append(one)
        return found
