"""A conflict in the planner's words: a sentence for each demand, one for all of whom the same is asked."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from scheduling.problem import Problem
from scheduling.solver.model.base import Because
from scheduling.solver.progress import Clash

_WORDS: Final = {
    "fairness": "{amount}",
    "reserve": "{amount} of those at work are in reserve",
    "together": "team {amount} works one shift a day",
    "activity": "takes part in {name} ({amount})",
    "contract": "works {amount} by contract",
    "rest": "rests at least {amount} between shifts",
    "succession": "has no {amount}",
    "consecutive_days": "works {amount} in a row",
    "consecutive_days_off": "is free {amount} in a row",
    "weekends": "works on weekends, {amount}",
    "shift_count": "has {amount}",
    "hours_in_window": "works at most {amount}",
    "average_hours": "works at most {amount} on average",
    "rest_days": "has free days, at least {amount}",
    "weekly_rest": "rests {amount} without a break in each week",
    "daily_overtime": "works at most {amount} a day",
    "monthly_overtime": "has at most {amount} of overtime a month",
    "average_shift": "works at most {amount} a shift on average",
    "break_due": "has breaks of {amount} in a long shift",
    "overlap": "cannot begin a shift before the one before has ended",
    "eligible": "may have only these shifts: {amount}",
    "fixed": "is fixed to {amount}",
    "leave": "is on approved leave",
    "away": "is away",
}
"""Families in the order they are told in."""
_ORDER: Final = {family: place for place, family in enumerate(_WORDS)}
_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_FEW_PEOPLE: Final = 5
_FEW_STRETCHES: Final = 6


def told(problem: Problem, core: Sequence[Because]) -> tuple[Clash, ...]:
    """Reasons that clash as demands with their sentences, rules of several people first."""
    days: dict[Because, set[int]] = {}
    for one in core:
        days.setdefault(replace(one, day=None), set()).update(() if one.day is None else (one.day,))
    alike: dict[tuple[Because, tuple[int, ...]], list[str]] = {}
    for one, when in days.items():
        alike.setdefault((replace(one, person=""), tuple(sorted(when))), []).append(one.person)
    clashes = [_clash(problem, one, when, people) for (one, when), people in alike.items()]
    return tuple(sorted(clashes, key=lambda one: _ORDER[one.rule]))


def _clash(problem: Problem, one: Because, days: tuple[int, ...], people: list[str]) -> Clash:
    ids = tuple(sorted(id for id in people if id))
    words = _who(ids) + _WORDS[one.rule].format(amount=one.amount, name=one.name)
    if one.name and "{name}" not in _WORDS[one.rule]:
        words += f" ({one.name})"
    words += _when(problem, one, days)
    return Clash(one.rule, words, ids[0] if len(ids) == 1 else "", days, one.name, ids)


def _who(ids: Sequence[str]) -> str:
    """Whom a sentence is about, with its verb in the singular."""
    if len(ids) < 2:
        return f"{ids[0]} " if ids else ""
    if len(ids) <= _FEW_PEOPLE:
        return f"each of {', '.join(ids[:-1])} and {ids[-1]} "
    return f"each of {len(ids)} people ({', '.join(ids[: _FEW_PEOPLE - 1])} …) "


def _when(problem: Problem, one: Because, days: Sequence[int]) -> str:
    if not days:
        return ""
    if one.rule == "monthly_overtime" or one.amount.endswith("of the month"):
        months = sorted({f"{problem.date_of(day):%Y-%m}" for day in days})
        return f", in {', '.join(months)}"
    if one.rule == "weekly_rest" or one.amount.endswith(("a week", "of the week")):
        mondays = [f"{problem.date_of(day - problem.weekday(day))}" for day in days]
        return f", in the week{'s' * (len(days) > 1)} from {', '.join(mondays)}"
    stretches = [
        [day for _, day in run]
        for _, run in groupby(enumerate(days), key=lambda placed: placed[1] - placed[0])
    ]
    told = [
        _on(problem, run[0]) if len(run) == 1 else f"{_on(problem, run[0])} to {_on(problem, run[-1])}"
        for run in stretches[:_FEW_STRETCHES]
    ]
    return f", {', '.join(told)}" + (" …" if len(stretches) > _FEW_STRETCHES else "")


def _on(problem: Problem, day: int) -> str:
    return f"{_WEEKDAYS[problem.weekday(day)]} {problem.date_of(day)}"
