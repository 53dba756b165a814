"""What each person can be given each day: kinds of shifts, and what a kind costs by itself.

A *kind* is a shift with a start and a length; kind 0 is to be free. What concerns one person and one day
alone (leave, absence, fixed shifts, wishes, limits of a day) is settled here: it forbids a kind or prices it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from scheduling.people import Contract, Person
from scheduling.problem import Problem, Rule
from scheduling.rules import BreakDue, DailyOvertime
from scheduling.shifts import DAY, Shift

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

FREE: Final = 0
FORBIDDEN: Final = 10**9
"""The cost of what may not be; sums of a whole period stay exact in a float."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A shift with its start (minute of the day) and length; ``worked`` are its working minutes."""

    shift: Shift
    start: int
    length: int
    worked: int

    @property
    def end(self) -> int:
        return self.start + self.length

    def named(self, names: Iterable[str]) -> bool:
        """Whether the shift is one of ``names`` (ids or marks); no names are all shifts."""
        wanted = set(names)
        return not wanted or self.shift.id in wanted or not wanted.isdisjoint(self.shift.marks)


def begun_hours(minutes: int) -> int:
    """Hours begun in so many minutes; none if there are none."""
    return -(-max(0, minutes) // 60)


def kinds_of(problem: Problem) -> tuple[Kind, ...]:
    """All kinds but to be free; the kind of index i in costs and patterns is ``kinds[i - 1]``."""
    return tuple(
        Kind(shift, start, length, shift.worked(length))
        for shift in problem.shifts
        for start in shift.starts
        for length in shift.lengths
    )


class Options:
    """Costs of kinds by person and day.

    ``cost`` has the shape (people, days, 1 + kinds), ``FORBIDDEN`` where a kind may not be; ``base`` is what
    all together cost before anything is given (wishes to work that nobody has granted yet).
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.kinds = kinds_of(problem)
        self.contracts = {one.id: one for one in problem.contracts}
        self.rules: dict[str, list[Rule]] = {one.id: [] for one in problem.people}
        for rule in problem.rules:
            for person in problem.concerned(rule.who):
                self.rules[person.id].append(rule)
        self.base = 0
        self.cost: Ints = np.zeros((len(problem.people), problem.days, 1 + len(self.kinds)), np.int64)
        for place, person in enumerate(problem.people):
            self._price(person, self.cost[place])

    def contract(self, person: Person) -> Contract:
        """The person's contract; an empty one if there is none."""
        return self.contracts.get(person.contract, Contract(""))

    def kind_of(self, shift: str, start: int, length: int) -> int:
        """The index of a kind. Raises ValueError if there is none."""
        for place, kind in enumerate(self.kinds, 1):
            if kind.shift.id == shift and kind.start == start and kind.length == length:
                return place
        raise ValueError(f"shift {shift!r} cannot begin at {start} and last {length} minutes")

    # ------------------------------------------------------------------ what each field does to the costs

    def _price(self, person: Person, cost: Ints) -> None:
        self._allowed_shifts(person, cost)
        self._wishes(person, cost)
        self._day_limits(person, cost)
        self._absence(person, cost)
        self._fixed(person, cost)
        np.minimum(cost, FORBIDDEN, out=cost)

    def _allowed_shifts(self, person: Person, cost: Ints) -> None:
        for place, kind in enumerate(self.kinds, 1):
            if not kind.named(person.shifts):
                cost[:, place] = FORBIDDEN

    def _wishes(self, person: Person, cost: Ints) -> None:
        for wish in person.wishes:
            if wish.want:
                self.base += wish.weight
            sign = -1 if wish.want else 1
            for place, kind in enumerate(self.kinds, 1):
                if kind.named(wish.shifts):
                    cost[wish.day, place] += sign * wish.weight

    def _day_limits(self, person: Person, cost: Ints) -> None:
        contract = self.contract(person)
        for place, kind in enumerate(self.kinds, 1):
            short = (contract.day_least or 0) - kind.worked
            beyond = 0 if contract.day_most is None else kind.worked - contract.day_most
            cost[:, place] += _price(begun_hours(short) + begun_hours(beyond), contract.weight)
            for rule in self.rules[person.id]:
                if isinstance(rule, DailyOvertime):
                    over = begun_hours(kind.worked - rule.normal_minutes - rule.most_minutes)
                    cost[:, place] += _price(over, rule.weight)
                elif isinstance(rule, BreakDue):
                    taken = sum(one.minutes for one in kind.shift.breaks_due(kind.length))
                    missing = kind.length > rule.after_minutes and taken < rule.least_minutes
                    cost[:, place] += _price(int(missing), rule.weight)

    def _absence(self, person: Person, cost: Ints) -> None:
        for leave in person.leave:
            cost[leave.day, 1:] = FORBIDDEN
        for away in person.away:
            for day in range(self.problem.days):
                for place, kind in enumerate(self.kinds, 1):
                    begin = day * DAY + kind.start
                    if begin < away.end and away.start < begin + kind.length:
                        cost[day, place] = FORBIDDEN

    def _fixed(self, person: Person, cost: Ints) -> None:
        for fixed in person.fixed:
            for place, kind in enumerate(self.kinds, 1):
                same = kind.shift.id == fixed.shift
                same = same and fixed.start in (None, kind.start) and fixed.length in (None, kind.length)
                if not same:
                    cost[fixed.day, place] = FORBIDDEN
            if fixed.shift:
                cost[fixed.day, FREE] = FORBIDDEN


def _price(times: int, weight: int | None) -> int:
    """What breaking a rule so many times costs; a hard rule forbids it."""
    if not times:
        return 0
    return FORBIDDEN if weight is None else times * weight
