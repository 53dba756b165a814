"""The draft the sample bank's planner works on is legal, and leaves something to do."""

from datetime import date

import pytest

from callfloor.sample_drafts import asked_for, begun
from scheduling.judge import judge, staffing

AGENTS = {str(1001 + n): f"Agent {n}" for n in range(13)}


@pytest.mark.parametrize("month", [date(2027, 1, 1), date(2027, 2, 1), date(2027, 6, 1)])
def test_it_is_legal_and_people_are_missing(month: date) -> None:
    """In a few places, not everywhere; and some wishes are not granted."""
    problem = asked_for(month, AGENTS, words=1)
    roster = begun(problem)
    verdict = judge(problem, roster)
    assert verdict.legal, verdict.violations[:3]
    assert {"demand", "wish", "fairness"} <= set(verdict.costs_by_rule())
    (demand,) = problem.demands
    served = staffing(problem, roster)["calls"]
    missing = sum(max(0, asked - there) for asked, there in zip(demand.required, served, strict=True))
    assert 0.01 < missing / sum(demand.required) < 0.2
