"""A day anew: the ill are replaced, little else changes, and all stays legal."""

from dataclasses import replace
from functools import cache

import pytest

from scheduling.generate import call_center
from scheduling.judge import judge
from scheduling.problem import Problem
from scheduling.roster import Assignment, Roster
from scheduling.rules import Activity
from scheduling.solver import solve
from scheduling.solver.replan import ReplanError, replan

DAY_ = 3


@cache
def made() -> tuple[Problem, Roster]:
    """A week of a small call center."""
    problem = call_center(12, 7, seed=3)
    roster = solve(problem, seconds=None, work=0.5, workers=1).roster
    assert roster is not None
    return problem, roster


def shapes(roster: Roster) -> dict[tuple[str, int], tuple[str, int, int]]:
    return {(one.person, one.day): (one.shift, one.start, one.length) for one in roster.assignments}


def on_day(roster: Roster) -> list[Assignment]:
    return [one for one in roster.assignments if one.day == DAY_]


def test_the_ill_are_made_up_for() -> None:
    """Cheaper than to do nothing, legal, and nobody's shift is another than those who are named."""
    problem, roster = made()

    def without(one: Assignment) -> int:
        return judge(problem, Roster(tuple(each for each in roster.assignments if each is not one))).cost

    ill = {one.person for one in sorted(on_day(roster), key=without)[-2:]}  # those who are missed most
    left = Roster(tuple(one for one in roster.assignments if one.day != DAY_ or one.person not in ill))
    answer = replan(problem, roster, DAY_, ill=ill, worth=10, most_changes=2, seconds=None)
    verdict = judge(problem, answer.roster)
    assert verdict.legal
    assert verdict.cost == judge(problem, left).cost + answer.cost and answer.cost < 0
    assert len(answer.changed) + len(answer.moved_breaks) <= 2
    before, after = shapes(left), shapes(answer.roster)
    differ = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    assert differ == {(person, DAY_) for person in answer.changed}
    assert len(set(answer.roster.assignments) - set(roster.assignments)) <= 2


def test_what_has_begun_goes_on() -> None:
    """In the evening nobody's morning shift is changed, nor a break that is over."""
    problem, roster = made()
    noon = 12 * 60
    answer = replan(problem, roster, DAY_, from_minute=noon, worth=1, most_changes=5, seconds=None)
    begun = {one.person: one for one in on_day(roster) if one.start < noon}
    for one in on_day(answer.roster):
        if one.person in begun:
            assert shapes(Roster((one,))) == shapes(Roster((begun[one.person],)))
            for now, then in zip(one.breaks, begun[one.person].breaks, strict=True):
                assert now == then or min(now.start, then.start) >= noon


def test_refuses_what_it_cannot_keep() -> None:
    """Days that are not there, rosters that are not legal, rules it does not know."""
    problem, roster = made()
    with pytest.raises(ReplanError, match="day 7 is not in the period"):
        replan(problem, roster, 7)
    with pytest.raises(ReplanError, match=r"a0.. are none of the problem's, or their breaks are"):
        replan(problem, Roster(tuple(replace(one, breaks=()) for one in roster.assignments)), DAY_)
    meeting = Activity("meeting", 30, 0, 6, 600, 900, together=True, weight=5)
    with pytest.raises(ReplanError, match="not kept by this search"):
        replan(replace(problem, activities=(meeting,)), roster, DAY_)
