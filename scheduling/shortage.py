"""Who is short and why: for each person who could help out, what they would work, and what forbids it.

Everybody is looked at by themselves: the judge's rules about single people are asked what they would object
to that they do not object to now. What it costs others (fairness, the reserve, people too many) is left out;
the verdict on the change itself tells it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

from scheduling.breaks import place_breaks
from scheduling.judge import judge
from scheduling.judge.staffing import on_telephone
from scheduling.people import Person
from scheduling.problem import DAY, Problem
from scheduling.roster import Assignment, Roster
from scheduling.rules import EVERYBODY, Fairness, Reserve, Rule, Together
from scheduling.shifts import Shift
from scheduling.verdict import Finding, Verdict

State = Literal["there", "away", "works", "free"]
MOST_TRIED: Final = 8
"""Ways of working tried for a person; those that help longest come first."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Too few people from ``begin`` until ``end`` (minutes from 00:00 of the first day) at a demand, or on a
    shift of a day, whose hours they then are.
    """

    begin: int
    end: int
    demand: str = ""
    shift: str = ""

    @property
    def day(self) -> int:
        return self.begin // DAY


@dataclass(frozen=True, slots=True)
class Helper:
    """A person and a gap. ``there``: on the telephone (or shift) already. ``away``: at work, in a break or at
    something else. ``works``: has other hours that day, ``would`` replaces them. ``free``: has none. That day
    is the one ``would`` begins on: a gap after midnight is filled by a night of the day before, too.

    ``would`` is what they could work, the best of the ways there are (None: there is none); ``minutes`` of it
    lie in the gap; ``broken`` is what forbids it, ``cost`` what it adds to the person's own costs.
    """

    person: str
    state: State
    has: Assignment | None
    would: Assignment | None = None
    minutes: int = 0
    broken: tuple[Finding, ...] = ()
    cost: int = 0

    @property
    def could(self) -> bool:
        return self.would is not None and not self.broken


def helpers(problem: Problem, roster: Roster, gap: Gap) -> list[Helper]:
    """Everybody with the skill: those who could help first, the cheapest first.

    Raises KeyError for a demand or shift that is not there.
    """
    demand = None if gap.shift else {one.name: one for one in problem.demands}[gap.demand]
    if gap.shift:
        problem.shift(gap.shift)
    mine = roster.by_person()
    found = [
        _helper(problem, person, tuple(mine.get(person.id, ())), gap)
        for person in problem.people
        if demand is None or person.skills.get(demand.skill, 0) >= demand.level
    ]
    return sorted(
        found,
        key=lambda one: (
            not one.could,
            one.would is None,
            len(one.broken),
            one.state != "free",
            -one.minutes,
            one.cost,
            one.person,
        ),
    )


def alone(problem: Problem, person: Person) -> Problem:
    """The problem of one person: without demand, and without rules about several."""
    rules: list[Rule] = []
    for rule in problem.rules:
        if isinstance(rule, Together | Reserve | Fairness) or person not in problem.concerned(rule.who):
            continue
        rules.append(replace(rule, who=EVERYBODY))
    return replace(problem, people=(person,), demands=(), covers=(), activities=(), rules=tuple(rules))


def _helper(problem: Problem, person: Person, mine: tuple[Assignment, ...], gap: Gap) -> Helper:
    works = {one.day: one for one in mine}
    has = works.get(gap.day)
    state = _state(problem, mine, has, gap)
    if state in ("there", "away"):
        return Helper(person.id, state, has)
    own = alone(problem, person)
    bare = {day: replace(one, activities=()) for day, one in works.items()}
    now = judge(own, Roster(tuple(bare.values())))
    tried: list[Helper] = []
    for minutes, would in _ways(problem, person, gap):
        then = judge(own, Roster(tuple((bare | {would.day: would}).values())))
        broken, cost = _new(now, then), then.cost - now.cost
        instead = works.get(would.day)
        how: State = state if would.day == gap.day else "free" if instead is None else "works"
        tried.append(Helper(person.id, how, instead, would, minutes, broken, cost))
    if not tried:
        return Helper(person.id, state, has)
    return min(tried, key=lambda one: (len(one.broken), -one.minutes, one.cost))


def _state(problem: Problem, mine: tuple[Assignment, ...], has: Assignment | None, gap: Gap) -> State:
    if gap.shift:
        if has is None:
            return "free"
        return "there" if has.shift == gap.shift else "works"
    reserves = {one.id for one in problem.shifts if one.reserve}
    for one in mine:
        begin, end = gap.begin - one.day * DAY, gap.end - one.day * DAY
        phone = sum(till - since for since, till in on_telephone(one, begin, end))
        if one.shift not in reserves and phone * 2 >= end - begin:
            return "there"
        if one.start <= begin and end <= one.end:
            return "away"
    return "free" if has is None else "works"


def _ways(problem: Problem, person: Person, gap: Gap) -> Iterator[tuple[int, Assignment]]:
    """What the person could work of the gap: those that fill most of it first.

    Shifts are of the gap's day, or reach into the gap over midnight from the day before.
    """
    may = problem.shifts_named(person.shifts)
    ways: list[tuple[int, int, int, Shift, int, int]] = []
    days = [gap.day] if gap.shift or gap.day == 0 else [gap.day, gap.day - 1]
    for shift in problem.shifts:
        if shift.reserve or (gap.shift and shift.id != gap.shift):
            continue
        # May they not work it at all, that is the reason; it is tried where nothing else is asked for.
        if shift.id not in may and not gap.shift:
            continue
        for day in days:
            begin, end = gap.begin - day * DAY, gap.end - day * DAY
            filled, shorter, start = max(
                (_filled(start, length, begin, end), -length, start)
                for start in shift.starts
                for length in shift.lengths
            )
            if filled > 0 or gap.shift:
                ways.append((filled, shorter, day, shift, start, -shorter))
    ways.sort(key=lambda one: (-one[0], -one[1], -one[2]))
    for minutes, _, day, shift, start, length in ways[:MOST_TRIED]:
        breaks = place_breaks(shift, start, length)
        yield minutes, Assignment(person.id, day, shift.id, start, length, breaks)


def _filled(start: int, length: int, begin: int, end: int) -> int:
    return max(0, min(start + length, end) - max(start, begin))


def _new(now: Verdict, then: Verdict) -> tuple[Finding, ...]:
    """Hard findings that were not there, or are more."""
    was = _amounts(now)
    return tuple(one for one in then.violations if _amounts(then)[_key(one)] > was[_key(one)])


def _amounts(verdict: Verdict) -> "Counter[tuple[object, ...]]":
    amounts: Counter[tuple[object, ...]] = Counter()
    for one in verdict.violations:
        amounts[_key(one)] += abs(one.amount)
    return amounts


def _key(one: Finding) -> tuple[object, ...]:
    return one.rule, one.name, one.person, one.day
