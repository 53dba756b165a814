"""A period goes on where the one before ended."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings

from scheduling.carrying import carry_over
from scheduling.generate import call_center
from scheduling.judge import judge
from scheduling.people import Person
from scheduling.problem import Problem
from scheduling.roster import Roster
from scheduling.rules import ConsecutiveDays, Fairness, Rest
from tests.scheduling.small import cases

RULES = (Rest(least_minutes=960, weight=3), ConsecutiveDays(most=2, weight=5))


@settings(max_examples=40)
@given(cases())
def test_two_halves_cost_what_the_whole_costs(case: tuple[Problem, Roster]) -> None:
    """Rules over days in a row cost the same in one period, and in two where the second knows the first."""
    problem, roster = case
    whole = Problem(
        problem.start,
        problem.days,
        problem.shifts,
        tuple(Person(one.id) for one in problem.people),
        rules=(*RULES, Fairness(of="days", weight=13)),
    )
    if whole.days == 1:
        return
    half = whole.days // 2
    first = replace(whole, days=half, rules=RULES)
    early = Roster(tuple(one for one in roster.assignments if one.day < half))
    second = replace(
        whole,
        start=whole.start + timedelta(days=half),
        days=whole.days - half,
        people=carry_over(replace(first, rules=whole.rules), early),
    )
    late = Roster(tuple(replace(one, day=one.day - half) for one in roster.assignments if one.day >= half))

    def cost(of: Problem, what: Roster) -> int:
        kept = ("rest", "consecutive_days", "fairness")
        return sum(one.cost for one in judge(of, what).findings if one.rule in kept)

    assert cost(whole, roster) == cost(first, early) + cost(second, late)


def test_what_is_over_is_gone() -> None:
    """Leave, wishes and fixed days are of one period; skills and contract are of the person."""
    problem = call_center(5, 7, 3)
    for before, after in zip(problem.people, carry_over(problem, Roster()), strict=True):
        assert (after.leave, after.wishes, after.fixed, after.away) == ((), (), (), ())
        assert (after.skills, after.contract, after.team) == (before.skills, before.contract, before.team)
        assert after.history.known_days == 14
        assert {one.day for one in after.history.shifts} == {one.day - 7 for one in before.history.shifts}
