"""The judge against a second one that shares no idea with it, on small problems and any rosters."""

from collections import defaultdict

from hypothesis import given

from scheduling.judge import judge
from scheduling.problem import Problem
from scheduling.roster import Roster
from scheduling.verdict import Verdict
from tests.scheduling.oracle import Sums, sums
from tests.scheduling.small import cases

UNCOUNTED = {"cover", "demand"}
"""Families whose findings are one for an interval, not for a person."""


def told(verdict: Verdict) -> Sums:
    """The judge's findings as sums by family."""
    totals: defaultdict[tuple[str, bool], list[int]] = defaultdict(lambda: [0, 0])
    for one in verdict.findings:
        both = totals[one.rule, one.hard]
        both[0] += 0 if one.rule in UNCOUNTED else one.amount
        both[1] += one.cost
    return {key: (amount, cost) for key, (amount, cost) in totals.items() if (amount, cost) != (0, 0)}


@given(cases())
def test_two_judges_agree(case: tuple[Problem, Roster]) -> None:
    """Every family is broken as often, and costs as much, as when it is counted another way."""
    problem, roster = case
    assert told(judge(problem, roster)) == sums(problem, roster)
