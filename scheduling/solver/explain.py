"""Why a problem has no legal roster: a minimal conflict, in the planner's words.

Every hard demand holds under a literal of its reason. If all of them together cannot be, CP-SAT names some
that cannot; from these, one after another is left out as long as the rest still cannot be (a deletion
filter), first whole rules, then their days. What is left clashes, and any one of it left out is enough.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from scheduling.people import Contract, Person
from scheduling.problem import DAY, Problem
from scheduling.rules import BreakDue, DailyOvertime
from scheduling.solver.budget import Budget
from scheduling.solver.model.base import Because
from scheduling.solver.model.whole import Model
from scheduling.solver.options import Options, begun_hours
from scheduling.solver.progress import Clash

_EACH_S: Final = 10.0
_DAYS_S: Final = 10.0
"""So much work is spent on leaving out days; rules are always left out as far as can be."""


def explain_alone(problem: Problem, options: Options, budget: Budget, place: int) -> tuple[Clash, ...]:
    """A minimal conflict of what is asked of one person; empty if there is none."""
    return _told(problem, _Conflict(problem, options, [place], budget).core())


def explain(problem: Problem, options: Options, budget: Budget) -> tuple[Clash, ...]:
    """A minimal conflict of a problem without legal rosters; empty if none is found in time."""
    for place in range(len(problem.people)):
        if budget.asked:
            return ()
        if core := _Conflict(problem, options, [place], budget).core():
            return _told(problem, core)
    return _told(problem, _Conflict(problem, options, range(len(problem.people)), budget).core())


class _Conflict:
    """The hard demands of some people, each under its literal."""

    def __init__(self, problem: Problem, options: Options, places: Iterable[int], budget: Budget) -> None:
        self.budget, self.spent = budget, 0.0
        self.model = Model(problem, options, people=places, questioned=True)
        if len(self.model.places) == 1:
            self.model.build_personal()
            self.model.breaks()
            self.model.activities()
        else:
            self.model.build()
        for person in self.model.people:
            for because, forbidden in _own(self.model, person):
                self.model.must(forbidden == 0, because)

    def core(self) -> list[Because]:
        """Reasons that cannot hold together, no rule of which can be left out, and days only where it takes
        long to tell (or when told to stop); empty if all can.
        """
        all_reasons = list(self.model.literals)
        core = self._clash(all_reasons)
        if core is None:
            return []
        for rule in dict.fromkeys(replace(one, day=None) for one in core):
            if self.budget.asked:
                return core
            rest = [one for one in core if replace(one, day=None) != rule]
            if (less := self._clash(rest)) is not None:
                core = less
        self.spent = 0.0
        for one in list(core):
            if self.budget.asked or self.spent > _DAYS_S:
                return core
            if one in core and (less := self._clash([each for each in core if each != one])) is not None:
                core = less
        return core

    def _clash(self, reasons: Sequence[Because]) -> list[Because] | None:
        """Those of ``reasons`` that cannot hold together; None if they can (or it takes too long to tell)."""
        from ortools.sat.python import cp_model

        model = self.model
        model.cp.clear_assumptions()
        model.cp.add_assumptions([model.literals[one] for one in reasons])
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.max_deterministic_time = _EACH_S
        status = solver.solve(model.cp)
        self.spent += solver.response_proto.deterministic_time
        if status != cp_model.INFEASIBLE:
            return None
        named = set(solver.sufficient_assumptions_for_infeasibility())
        return [one for one in reasons if model.literals[one].index in named]


def _own(model: Model, person: Person) -> Iterator[tuple[Because, Any]]:
    """What a person may not have by themselves, each with the variables it forbids."""
    days = model.x[person.id]
    contract = model.options.contracts.get(person.contract, Contract(""))
    for day, chosen in enumerate(days):
        for because, kinds in (
            (
                Because("eligible", person.id, None, "", ", ".join(person.shifts)),
                [kind for kind in chosen if not model.kind(kind).named(person.shifts)],
            ),
            *((Because("leave", person.id, day), list(chosen)) for leave in person.leave if leave.day == day),
            *(
                (
                    Because("away", person.id, day, away.reason),
                    [
                        kind
                        for kind in chosen
                        if day * DAY + model.kind(kind).start < away.end
                        and away.start < day * DAY + model.kind(kind).end
                    ],
                )
                for away in person.away
            ),
            *_of_a_day(model, person, contract, chosen),
        ):
            if kinds:
                yield because, sum(chosen[kind] for kind in kinds)
        for fixed in person.fixed:
            if fixed.day == day:
                same = [
                    kind
                    for kind in chosen
                    if model.kind(kind).shift.id == fixed.shift
                    and fixed.start in (None, model.kind(kind).start)
                    and fixed.length in (None, model.kind(kind).length)
                ]
                others = sum(one for kind, one in chosen.items() if kind not in same)
                because = Because("fixed", person.id, day, "", fixed.shift or "free")
                if not fixed.shift:
                    yield because, others
                else:
                    yield because, 1 - sum(chosen[kind] for kind in same)


def _of_a_day(
    model: Model, person: Person, contract: Contract, chosen: dict[int, Any]
) -> Iterator[tuple[Because, list[int]]]:
    """Hard limits of one shift."""
    if contract.weight is None and (contract.day_least is not None or contract.day_most is not None):
        least, most = contract.day_least or 0, contract.day_most
        yield (
            Because("contract", person.id, None, contract.id, "minutes of a day"),
            [
                kind
                for kind in chosen
                if model.kind(kind).worked < least or (most is not None and model.kind(kind).worked > most)
            ],
        )
    for rule in model.options.rules[person.id]:
        if isinstance(rule, DailyOvertime) and rule.weight is None:
            most = rule.normal_minutes + rule.most_minutes
            yield (
                Because(rule.rule, person.id, None, rule.name, f"{most} min"),
                [kind for kind in chosen if begun_hours(model.kind(kind).worked - most)],
            )
        elif isinstance(rule, BreakDue) and rule.weight is None:
            lacking = [
                kind
                for kind in chosen
                if model.kind(kind).length > rule.after_minutes
                and sum(one.minutes for one in model.kind(kind).shift.breaks_due(model.kind(kind).length))
                < rule.least_minutes
            ]
            yield Because(rule.rule, person.id, None, rule.name, f"{rule.least_minutes} min"), lacking


# ------------------------------------------------------------------ words

_WORDS: Final = {
    "eligible": "works only {amount}",
    "leave": "is on approved leave",
    "away": "is away",
    "fixed": "is fixed to {amount}",
    "overlap": "cannot begin a shift before the one before has ended",
    "contract": "has a contract: {amount}",
    "rest": "rests at least {amount} between shifts",
    "succession": "has no {amount}",
    "consecutive_days": "works {amount} days in a row",
    "consecutive_days_off": "is free {amount} days in a row",
    "weekends": "works weekends, {amount}",
    "shift_count": "has {amount}",
    "hours_in_window": "works at most {amount}",
    "average_hours": "works at most {amount} on average",
    "rest_days": "has free days, {amount}",
    "weekly_rest": "rests {amount} in each week",
    "daily_overtime": "works at most {amount} a day",
    "monthly_overtime": "has at most {amount} of overtime a month",
    "average_shift": "works at most {amount} a shift on average",
    "break_due": "has breaks of {amount} in a shift",
    "activity": "takes part ({amount})",
    "together": "team {amount} works one shift",
    "reserve": "{amount} of those at work are in reserve",
    "fairness": "{amount} is shared fairly",
}


def _told(problem: Problem, core: Sequence[Because]) -> tuple[Clash, ...]:
    days: dict[Because, list[int]] = {}
    for one in core:
        days.setdefault(replace(one, day=None), []).extend([] if one.day is None else [one.day])
    return tuple(
        Clash(one.rule, _sentence(problem, one, sorted(when)), one.person, tuple(sorted(when)), one.name)
        for one, when in days.items()
    )


def _sentence(problem: Problem, because: Because, days: list[int]) -> str:
    words = _WORDS[because.rule].format(amount=because.amount)
    if because.person:
        words = f"{because.person} {words}"
    if because.name:
        words += f" ({because.name})"
    if days:
        when = ", ".join(str(problem.date_of(day)) for day in days[:5])
        words += f", {when}" + (" …" if len(days) > 5 else "")
    return words
