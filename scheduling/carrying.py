"""What a period leaves to the next one: its last days, what fairness has counted, its problem."""

from dataclasses import replace
from datetime import timedelta

from scheduling.judge.book import open_book
from scheduling.judge.groups import count_of
from scheduling.people import History, Past, Person
from scheduling.problem import DAY, Problem
from scheduling.roster import Roster
from scheduling.rules import Fairness

KNOWN_DAYS = 35
"""Days that are handed on: what rules over weeks and calendar months look at."""


def carry_over(problem: Problem, roster: Roster, known_days: int = KNOWN_DAYS) -> tuple[Person, ...]:
    """The people of a problem as the period after it should have them.

    Their history is the last ``known_days`` days of the roster (with those known before it, if it is
    shorter), and the counts of everything a rule of fairness is of, added to what they had. Leave, absences,
    wishes and what was fixed were this period's, and are gone.
    """
    book, _ = open_book(problem, roster)
    counted = {rule.of for rule in problem.rules if isinstance(rule, Fairness)}
    people = []
    for person in problem.people:
        row = book.rows[person.id]
        counts = dict(person.history.counts)
        for of in sorted(counted):
            counts[of] = counts.get(of, 0) + count_of(of, row, book)
        known = min(known_days, problem.days + person.history.known_days)
        shifts = []
        for one in row.all:
            day = one.day - problem.days
            if day >= -known:
                start = one.begin - one.day * DAY
                shifts.append(Past(day, one.shift, start, one.end - one.begin, one.minutes))
        history = History(known, tuple(shifts), counts)
        people.append(replace(person, history=history, away=(), leave=(), fixed=(), wishes=()))
    return tuple(people)


def next_problem(problem: Problem, roster: Roster, days: int | None = None, demand: bool = True) -> Problem:
    """The problem of the ``days`` days (None: as many) after a period, for the people as they are then.

    With ``demand`` each day asks for what the latest day of its weekday did, public holidays apart if there
    are others; in a period without that weekday, for what its days did in turn. Shifts, contracts and rules
    stay; activities and holidays were of days, and are gone. Raises ProblemError.
    """
    days = problem.days if days is None else days
    like = [_like(problem, problem.days + day) for day in range(days)]
    a_day = DAY // problem.interval_minutes
    covers = {day: [one for one in problem.covers if one.day == day] for day in {*like}}
    return replace(
        problem,
        start=problem.start + timedelta(days=problem.days),
        days=days,
        people=carry_over(problem, roster),
        demands=tuple(
            replace(
                one,
                required=tuple(
                    count for day in like for count in one.required[day * a_day : (day + 1) * a_day]
                ),
            )
            for one in problem.demands
        )
        if demand
        else (),
        covers=tuple(
            replace(one, day=day) for day, old in enumerate(like) for one in (covers[old] if demand else ())
        ),
        activities=(),
        holidays=(),
    )


def _like(problem: Problem, day: int) -> int:
    """The day of the period whose demand a day after it has."""
    same = range(day % 7, problem.days, 7)
    if not same:
        return day % problem.days
    return max((old for old in same if old not in problem.holidays), default=same[-1])
