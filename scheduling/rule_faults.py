"""What is wrong with a single rule."""

from collections.abc import Iterator
from typing import Final

from scheduling.problem import Problem, Rule
from scheduling.rules import (
    COUNTED,
    ConsecutiveDays,
    ConsecutiveDaysOff,
    Fairness,
    Reserve,
    RestDays,
    ShiftCount,
    Succession,
)

_LEAST: Final = {
    "least_minutes": 0,
    "most_minutes": 0,
    "most_minutes_a_week": 0,
    "normal_minutes": 0,
    "after_minutes": 0,
    "over_days": 0,
    "days": 1,
    "least": 0,
    "most": 0,
    "tolerance": 0,
    "least_percent": 0,
    "weight": 0,
}
"""The least value of the numbers a rule may have."""


def rule_faults(rule: Rule, problem: Problem) -> Iterator[tuple[str, str]]:
    """Pairs of a path below the rule and the reason."""
    for field, least in _LEAST.items():
        value = getattr(rule, field, None)
        if value is not None and value < least:
            yield field, f"is {value}; it is at least {least}"
    if isinstance(rule, ConsecutiveDays | ConsecutiveDaysOff | ShiftCount) and rule.least > (
        rule.least if rule.most is None else rule.most
    ):
        yield "most", f"at most {rule.most} and at least {rule.least} contradict each other"
    if isinstance(rule, ConsecutiveDays | ConsecutiveDaysOff) and rule.least < 1:
        yield "least", f"is {rule.least}; a run has at least 1 day"
    if isinstance(rule, RestDays) and rule.least > rule.days:
        yield "least", f"{rule.least} free days of {rule.days} days cannot be"
    if isinstance(rule, Reserve):
        if not rule.least_percent <= rule.most_percent <= 100:
            yield "most_percent", f"{rule.least_percent} to {rule.most_percent} % is no range within 100 %"
        if all(not one.reserve for one in problem.shifts):
            yield "", "asks for people on reserve shifts, but no shift is one"
    if isinstance(rule, Succession):
        for field, names in (("first", rule.first), ("then", rule.then)):
            if not names:
                yield field, "names no shift"
            yield from _unknown(field, names, problem)
    if isinstance(rule, Fairness) and rule.of not in COUNTED:
        yield from _unknown("of", (rule.of,), problem)
    yield from _unknown("shifts", getattr(rule, "shifts", ()), problem)


def _unknown(field: str, names: tuple[str, ...], problem: Problem) -> Iterator[tuple[str, str]]:
    known = {one.id for one in problem.shifts}.union(*(one.marks for one in problem.shifts))
    for name in names:
        if name not in known:
            more = f", and none of {', '.join(COUNTED)}" if field == "of" else ""
            yield field, f"{name!r} is no shift and no mark of one{more}"
