"""What a period leaves to the next one: its last days, and what fairness has counted."""

from dataclasses import replace

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
