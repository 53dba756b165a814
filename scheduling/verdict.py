"""What a judge says of a roster."""

from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a roster breaks or pays for.

    ``rule`` is the family's stable name (``rest``, ``wish``, ``demand`` …), ``name`` the planner's word for
    the rule, ``person`` and ``day`` whom and when it is about (empty and None: nobody's, no day's). ``cost``
    is what it costs; a hard finding costs nothing and makes the roster illegal. ``amount`` says by how much.
    ``minute`` is where in the day an interval begins that has too few or too many; ``name`` is its demand.
    """

    rule: str
    words: str
    person: str = ""
    day: int | None = None
    cost: int = 0
    hard: bool = False
    amount: int = 1
    name: str = ""
    minute: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """All findings, hard ones first, then by rule, person and day."""

    findings: tuple[Finding, ...] = ()

    @property
    def violations(self) -> tuple[Finding, ...]:
        """What no roster may do."""
        return tuple(one for one in self.findings if one.hard)

    @property
    def legal(self) -> bool:
        return not any(one.hard for one in self.findings)

    @property
    def cost(self) -> int:
        """The objective: all soft costs together."""
        return sum(one.cost for one in self.findings)

    def costs_by_rule(self) -> dict[str, int]:
        """Cost per family, the dearest first."""
        return dict(sum_by(self.findings, "rule").most_common())

    def costs_by_person(self) -> dict[str, int]:
        """Cost per person, the dearest first; what is nobody's stands under the empty name."""
        return dict(sum_by(self.findings, "person").most_common())


def worse(before: Verdict, after: Verdict) -> list[Finding]:
    """What ``after`` has that ``before`` does not, or more of it: hard findings by amount, others by cost."""
    was, now = _weights(before), _weights(after)
    return [one for one in after.findings if now[_about(one)] > was[_about(one)]]


def _about(one: Finding) -> tuple[object, ...]:
    """What a finding is about, whatever its words and figures are."""
    return one.rule, one.name, one.person, one.day, one.minute, one.hard


def _weights(verdict: Verdict) -> "Counter[tuple[object, ...]]":
    weights: Counter[tuple[object, ...]] = Counter()
    for one in verdict.findings:
        weights[_about(one)] += abs(one.amount) if one.hard else one.cost
    return weights


def sum_by(findings: tuple[Finding, ...], field: str) -> "Counter[str]":
    """Costs added up by a field of the findings."""
    totals: Counter[str] = Counter()
    for one in findings:
        if one.cost:
            totals[getattr(one, field)] += one.cost
    return totals
