"""Who works what on which day, as variables; what must hold, and what is paid for."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ortools.sat.python import cp_model

from scheduling.people import Person
from scheduling.problem import DAY, Problem
from scheduling.solver.options import FORBIDDEN, Kind, Options


@dataclass(frozen=True, slots=True)
class Because:
    """Why something must hold: a rule (or a field of a person), of whom, and on which day."""

    rule: str
    person: str = ""
    day: int | None = None
    name: str = ""
    amount: str = ""


def lasting(minutes: int) -> str:
    """Minutes in words: ``7 h 30``, ``45 min``."""
    hours, rest = divmod(minutes, 60)
    if not rest and hours:
        return f"{hours} h"
    return f"{hours} h {rest:02}" if hours else f"{rest} min"


class Base:
    """A model with its variables.

    With ``questioned`` (see ``questioned.py``) every hard constraint holds only under a literal of its
    reason, and there is nothing that only costs. ``check`` is called for each person while it is built, and
    may raise.
    """

    def __init__(
        self,
        problem: Problem,
        options: Options,
        *,
        people: Iterable[int] | None = None,
        questioned: bool = False,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        self.problem, self.options, self.check = problem, options, check
        self.cp = cp_model.CpModel()
        self.questioned = questioned
        self.literals: dict[Because, Any] = {}
        self.costs: list[Any] = []
        self._on: dict[tuple[str, int, tuple[int, ...]], Any] = {}
        self.places = list(people) if people is not None else list(range(len(problem.people)))
        self.people = [problem.people[place] for place in self.places]
        self.x: dict[str, list[dict[int, Any]]] = {}
        for place, person in zip(self.places, self.people, strict=True):
            check()
            self._assignments(place, person)

    def _assignments(self, place: int, person: Person) -> None:
        cost = self.options.cost[place]
        days: list[dict[int, Any]] = []
        for day in range(self.problem.days):
            chosen = {
                kind: self.cp.new_bool_var("")
                for kind in range(1, cost.shape[1])
                if cost[day, kind] < FORBIDDEN // 2
            }
            days.append(chosen)
            if not chosen and cost[day, 0] >= FORBIDDEN // 2:
                self.cp.add_bool_or([])
            elif cost[day, 0] >= FORBIDDEN // 2:
                self.cp.add_exactly_one(chosen.values())
            else:
                self.cp.add_at_most_one(chosen.values())
            self.costs += [int(cost[day, kind]) * one for kind, one in chosen.items() if cost[day, kind]]
        self.x[person.id] = days

    # ------------------------------------------------------------------ what holds, what costs

    def must(self, expression: Any, because: Because) -> None:
        """A constraint that holds in every legal roster."""
        constraint = self.cp.add(expression)
        if self.questioned:
            constraint.only_enforce_if(self.literal(because))

    def literal(self, because: Because) -> Any:
        """The literal under which a reason holds (``questioned``)."""
        if because not in self.literals:
            self.literals[because] = self.cp.new_bool_var("")
        return self.literals[because]

    def breach(self, excess: Any, most: int, weight: int | None, because: Because, per: int = 1) -> None:
        """What is broken ``excess`` / ``per`` times (rounded up, if positive; at most ``most``): never, or at
        the weight each time.
        """
        if most <= 0:
            return
        if weight is None:
            self.must(excess <= 0, because)
        elif weight and not self.questioned:
            times = self.cp.new_int_var(0, most, "")
            self.cp.add(per * times >= excess)
            self.costs.append(weight * times)

    # ------------------------------------------------------------------ sums over variables

    def kind(self, place: int) -> Kind:
        return self.options.kinds[place - 1]

    def sum_of(self, person: Person, day: int, value: Callable[[Kind], int]) -> Any:
        """The value of what a person works on a day of the period."""
        terms = []
        for place, one in self.x[person.id][day].items():
            if number := value(self.kind(place)):
                terms.append(number * one)
        return sum(terms)

    def on(self, person: Person, day: int, names: tuple[str, ...] = ()) -> Any:
        """1 if the person works a shift so named (all, if none) that day, which may lie in the known past."""
        if day < 0:
            return int(
                any(one.day == day and self.is_named(one.shift, names) for one in person.history.shifts)
            )
        chosen = self.x[person.id][day]
        mine = [kind for kind in chosen if self.kind(kind).named(names)]
        if len(mine) < 2:
            return chosen[mine[0]] if mine else 0
        key = person.id, day, tuple(mine)
        if key not in self._on:
            # A variable, never a sum: sums that are used again may be changed by what uses them
            # (seen in ortools 9.15, where a sum was subtracted twice)
            self._on[key] = self.cp.new_bool_var("")
            self.cp.add(sum(chosen[kind] for kind in mine) == self._on[key])
        return self._on[key]

    def is_named(self, shift: str, names: tuple[str, ...]) -> bool:
        """Whether a shift, perhaps one of the past we do not know, is named; no names are all shifts."""
        return not names or shift in self.problem.shifts_named(names)

    def minutes(self, person: Person, days: Iterable[int]) -> Any:
        """Working minutes on days of the period; others are passed over."""
        inside = [day for day in days if 0 <= day < self.problem.days]
        return sum(self.sum_of(person, day, lambda kind: kind.worked) for day in inside)

    def minutes_before(self, person: Person, days: range) -> int:
        """Minutes worked on days of the past."""
        return sum(one.worked for one in person.history.shifts if one.day in days)

    def first_known(self, person: Person) -> int:
        return -person.history.known_days

    def spans(self, per: str) -> list[range]:
        """The period, calendar weeks or months that meet it; ranges of days that may reach out of it."""
        days = self.problem.days
        if per == "period":
            return [range(days)]
        begins = [
            day
            for day in range(-32, days + 32)
            if (self.problem.date_of(day).day == 1 if per == "month" else self.problem.weekday(day) == 0)
        ]
        spans = [range(begin, after) for begin, after in pairwise(begins)]
        return [span for span in spans if span.stop > 0 and span.start < days]

    @property
    def hours_at_most(self) -> int:
        """More hours than anybody can work in the period."""
        return self.problem.days * DAY // 60 + 1
