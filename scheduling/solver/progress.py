"""What a solver says while it works, and when it ends."""

from dataclasses import dataclass, field
from typing import Literal

from scheduling.roster import Roster

Status = Literal["optimal", "feasible", "infeasible", "unknown"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the search is: the best roster so far with what it costs, and what no roster can be below.

    ``seconds`` are wall time, ``work`` is the deterministic measure of ``solve``. ``roster`` and
    ``objective`` are None until there is a legal roster.
    """

    seconds: float
    work: float
    objective: int | None
    bound: int | None
    roster: Roster | None
    phase: str = ""

    @property
    def gap(self) -> float | None:
        """How far the objective is above the bound, as a fraction of the objective."""
        if self.objective is None or self.bound is None:
            return None
        return (self.objective - self.bound) / max(1, abs(self.objective))


@dataclass(frozen=True, slots=True)
class Clash:
    """One demand of a problem that cannot be met together with the others of a conflict.

    ``rule`` is the family's stable name, ``name`` the planner's own word, ``people`` and ``days`` whom and
    when it is about (empty: nobody's, no day's; the same of each of them); ``person`` is who it is, if it is
    one. ``words`` say it in a sentence.
    """

    rule: str
    words: str
    person: str = ""
    days: tuple[int, ...] = ()
    name: str = ""
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Solution:
    """The answer. ``optimal``: no roster costs less. ``feasible``: legal, perhaps not the best.

    ``infeasible``: no roster is legal; ``conflict`` are demands that cannot hold together, none of which
    could be left out (as far as was told in time; empty if it was not). ``unknown``: the time was over before
    a legal roster was found.
    """

    status: Status
    roster: Roster | None
    objective: int | None
    bound: int | None
    seconds: float
    work: float
    conflict: tuple[Clash, ...] = field(default=())
