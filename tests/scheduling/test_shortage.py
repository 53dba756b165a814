"""Who could help out where people are short, and what forbids the others to."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings

from scheduling.judge import judge
from scheduling.people import Leave, Person
from scheduling.problem import DAY, Demand, Problem, Shift
from scheduling.roster import Assignment, Block, Roster
from scheduling.rules import Fairness, Rest, Who
from scheduling.shifts import Break
from scheduling.shortage import Gap, alone, helpers
from tests.scheduling.small import cases

EARLY = Shift("E", 420, 480, breaks=(Break("meal", 60, 180, 300),))
LATE = Shift("L", 840, 480)
LONG = Shift("F", 480, 240, latest_start=960, longest=480, start_step=30, length_step=60)


def bank(*people: Person) -> Problem:
    """Three days of calls from eight to ten in the evening, and eleven hours of rest."""
    required = tuple(1 if 8 <= hour < 22 else 0 for _ in range(3) for hour in range(24))
    return Problem(
        date(2026, 11, 2),
        3,
        (EARLY, LATE),
        people,
        60,
        (Demand("calls", "calls", required),),
        rules=(Rest(least_minutes=660), Fairness(of="E")),
    )


def asked(*ids: str) -> tuple[Person, ...]:
    return tuple(Person(id, skills={"calls": 1}) for id in ids)


def test_each_is_told_why_not() -> None:
    """Rest, leave and shifts somebody may not have are the judge's own words; who is free comes first."""
    ann, bob, cem, dan = asked("ann", "bob", "cem", "dan")
    people = (ann, bob, replace(cem, leave=(Leave(1),)), replace(dan, shifts=("L",)), Person("eve"))
    roster = Roster((Assignment("bob", 0, "L", 840, 480),))
    found = helpers(bank(*people), roster, Gap(DAY + 480, DAY + 600, demand="calls"))
    assert [(one.person, one.state, one.could) for one in found] == [
        ("ann", "free", True),
        ("bob", "free", False),
        ("cem", "free", False),
        ("dan", "free", False),
    ]  # eve does not have the skill
    best, rests, on_leave, may_not = found
    assert (
        best.would == Assignment("ann", 1, "E", 420, 480, (Block("meal", 600, 60),)) and best.minutes == 120
    )
    assert rests.broken[0].words == "bob rests 9 h before E on Tue 2026-11-03; at least 11 h"
    assert [one.rule for one in on_leave.broken] == ["leave"]
    assert may_not.would is None and not may_not.broken


def test_who_is_there_is_told_from_who_has_a_break() -> None:
    """And from who works at another time of the day, whose shift it would replace."""
    problem = bank(*asked("ann", "bob", "cem"))
    meal = (Block("meal", 600, 60),)
    roster = Roster(
        (
            Assignment("ann", 0, "E", 420, 480, (Block("meal", 720, 60),)),
            Assignment("bob", 0, "E", 420, 480, meal),
            Assignment("cem", 0, "L", 840, 480),
        )
    )
    states = {one.person: one for one in helpers(problem, roster, Gap(600, 660, demand="calls"))}
    assert {id: one.state for id, one in states.items()} == {"ann": "there", "bob": "away", "cem": "works"}
    assert states["cem"].could and states["cem"].would is not None and states["cem"].would.shift == "E"
    assert states["ann"].would is None


def test_a_flexible_shift_takes_the_hours_that_help_longest() -> None:
    """The shortest of those."""
    problem = replace(bank(*asked("ann")), shifts=(LONG,), rules=())
    (one,) = helpers(problem, Roster(), Gap(1080, 1320, demand="calls"))
    assert one.would is not None and (one.would.start, one.would.length, one.minutes) == (960, 360, 240)


def test_a_gap_after_midnight_is_filled_from_the_day_before() -> None:
    """By a night that begins then, which replaces the hours of that day; nothing is before the first day."""
    night = Shift("N", 1320, 480)
    problem = replace(bank(*asked("ann", "bob", "cem", "dan")), shifts=(EARLY, night))
    early = Assignment("bob", 0, "E", 420, 480)
    roster = Roster((early, Assignment("cem", 1, "E", 420, 480), Assignment("dan", 0, "N", 1320, 480)))
    found = {one.person: one for one in helpers(problem, roster, Gap(DAY + 60, DAY + 240, demand="calls"))}
    for id in ("ann", "bob", "cem"):
        assert found[id].would == Assignment(id, 0, "N", 1320, 480) and found[id].minutes == 180
    assert (found["ann"].state, found["ann"].has, found["ann"].could) == ("free", None, True)
    assert (found["bob"].state, found["bob"].has, found["bob"].could) == ("works", early, True)
    assert (found["cem"].state, found["cem"].has) == ("free", None)
    assert [one.rule for one in found["cem"].broken] == ["rest"]  # until seven in the morning
    assert found["dan"].state == "there"
    (first, *_) = helpers(problem, Roster(), Gap(60, 240, demand="calls"))
    assert first.would is None


def test_a_shift_that_nobody_has() -> None:
    """Asked for by its name, it is the only way."""
    problem = bank(*asked("ann", "bob"))
    roster = Roster((Assignment("ann", 0, "L", 840, 480), Assignment("bob", 0, "E", 420, 480)))
    found = {one.person: one for one in helpers(problem, roster, Gap(DAY + 420, DAY + 900, shift="E"))}
    assert [one.rule for one in found["ann"].broken] == ["rest"]
    assert found["bob"].could


@pytest.mark.parametrize("gap", [Gap(0, 60, demand="loans"), Gap(0, 60, shift="X")])
def test_what_is_not_there_is_said(gap: Gap) -> None:
    """As a KeyError."""
    with pytest.raises(KeyError):
        helpers(bank(*asked("ann")), Roster(), gap)


def test_rules_of_others_do_not_matter() -> None:
    """The problem of one person is sound, and has the rules that are about them alone."""
    problem = replace(
        bank(*asked("ann", "bob")),
        rules=(Rest(least_minutes=660, who=Who(people=("bob",))), Fairness(of="E")),
    )
    assert alone(problem, problem.people[0]).rules == ()
    assert alone(problem, problem.people[1]).rules == (Rest(least_minutes=660),)


@settings(max_examples=25)
@given(cases())
def test_nobody_is_promised_who_may_not(case: tuple[Problem, Roster]) -> None:
    """Whoever could work it breaks no rule of a single person that the judge does not object to already."""
    problem, roster = case
    shift = problem.shifts[0]
    gap = Gap(shift.start, shift.start + shift.length, shift=shift.id)
    before = {(one.rule, one.person, one.day) for one in judge(problem, roster).violations}
    several = {"together", "reserve", "fairness", "activity"}
    for one in helpers(problem, roster, gap):
        if one.could and one.would is not None:
            rest = tuple(each for each in roster.assignments if (each.person, each.day) != (one.person, 0))
            after = judge(problem, Roster((*rest, one.would))).violations
            new = [
                each
                for each in after
                if each.rule not in several and (each.rule, each.person, each.day) not in before
            ]
            assert not new, new
