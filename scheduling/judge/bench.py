"""Which function judges which rule, and the verdict."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from scheduling.judge import cover, days, groups, hours, shapes
from scheduling.judge.book import Book, open_book
from scheduling.problem import Problem, Rule
from scheduling.roster import Roster
from scheduling.rules import (
    AverageHours,
    AverageShift,
    BreakDue,
    ConsecutiveDays,
    ConsecutiveDaysOff,
    DailyOvertime,
    Fairness,
    HoursInWindow,
    MonthlyOvertime,
    Reserve,
    Rest,
    RestDays,
    ShiftCount,
    Succession,
    Together,
    Weekends,
    WeeklyRest,
)
from scheduling.verdict import Finding, Verdict

RULES: Final[dict[type[Rule], Callable[[Any, Book], Iterator[Finding]]]] = {
    Rest: days.rest,
    Succession: days.succession,
    ConsecutiveDays: days.consecutive_days,
    ConsecutiveDaysOff: days.consecutive_days_off,
    Weekends: days.weekends,
    ShiftCount: days.shift_count,
    RestDays: days.rest_days,
    WeeklyRest: days.weekly_rest,
    HoursInWindow: hours.hours_in_window,
    AverageHours: hours.average_hours,
    DailyOvertime: hours.daily_overtime,
    MonthlyOvertime: hours.monthly_overtime,
    AverageShift: hours.average_shift,
    BreakDue: hours.break_due,
    Together: groups.together,
    Reserve: groups.reserve,
    Fairness: groups.fairness,
}
"""A function for each family: from a rule and the book to what breaks it."""

ALWAYS: Final[tuple[Callable[[Book], Iterator[Finding]], ...]] = (
    shapes.shapes,
    shapes.absences,
    shapes.activities,
    hours.contracts,
    shapes.wishes,
    cover.covers,
    cover.demands,
)
"""What is judged whatever the rules are."""


def judge(problem: Problem, roster: Roster) -> Verdict:
    """Every hard violation and every soft cost of a roster; it may be any roster at all."""
    book, found = open_book(problem, roster)
    for look in ALWAYS:
        found += look(book)
    for rule in problem.rules:
        found += RULES[type(rule)](rule, book)
    found.sort(key=lambda one: (not one.hard, one.rule, one.person, -1 if one.day is None else one.day))
    return Verdict(tuple(found))
