"""What people may do over a long period, for windows of it, and the bound of the whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from scheduling.people import Person
from scheduling.problem import Problem, Rule
from scheduling.rules import ConsecutiveDays, ConsecutiveDaysOff, Rest, ShiftCount, Succession, Weekends
from scheduling.solver.budget import Budget
from scheduling.solver.load import Covers
from scheduling.solver.options import FORBIDDEN, Floats, Ints, Options
from scheduling.solver.patterns.counters import Counter
from scheduling.solver.patterns.families import OF_ONE_DAY, Families
from scheduling.solver.patterns.layers import classes_of
from scheduling.solver.patterns.walkers import Loose
from scheduling.solver.patterns.windows import Daily, Limits, Personal, WindowWalker

DAILY: Final = (Rest, Succession, ConsecutiveDays, ConsecutiveDaysOff)
_STEPS: Final = (64.0, 16.0, 4.0, 1.0)


def in_windows(problem: Problem) -> bool:
    """Whether all rules look either at a few days in a row, or at a sum over the period that is limited hard:
    then a window of the period can be planned anew against the rest.
    """
    return (
        not problem.demands
        and not problem.activities
        and all(map(fits, problem.rules))
        and all(
            one.week_least is None
            and one.week_most is None
            and (one.weight is None or (one.period_least is None and one.period_most is None))
            for one in problem.contracts
        )
    )


def fits(rule: Rule) -> bool:
    """Whether a rule can be kept window by window."""
    if isinstance(rule, Weekends):
        return rule.per == "period" and rule.weight is None
    if isinstance(rule, ShiftCount):
        return rule.per == "period" and rule.weight is None and not rule.least
    return isinstance(rule, (*OF_ONE_DAY, *DAILY))


@dataclass(frozen=True, slots=True)
class Share:
    """What a person may have of the whole period: ``least`` to ``most`` units of minutes, weekends, and days
    with some kinds.
    """

    personal: Personal
    least: int
    most: int
    weekends: int | None
    loose: tuple[Loose, ...]


class LongPeriods:
    """The shares of everybody; people of the same rules share their automaton. Raises TooManyStatesError."""

    def __init__(self, options: Options) -> None:
        self.options = options
        problem = options.problem
        self.unit = int(np.gcd.reduce([kind.worked for kind in options.kinds])) or 1
        self.weekdays = [problem.weekday(day) for day in range(problem.days)]
        self._known: dict[object, Daily] = {}
        self.shares = [self._share(place) for place in range(len(problem.people))]

    def _share(self, place: int) -> Share:
        options, problem = self.options, self.options.problem
        person = problem.people[place]
        cost = options.cost[place]
        allowed = [kind for kind in range(1, cost.shape[1]) if cost[:, kind].min() < FORBIDDEN / 2]
        rules = options.rules[person.id]
        daily = [rule for rule in rules if isinstance(rule, DAILY)]
        counters = self._counters(person, daily, allowed)
        worked = [0, *(options.kinds[kind - 1].worked // self.unit for kind in allowed)]
        together = classes_of([*counters, _Same(worked)], range(1 + len(allowed)))
        leads = [allowed[members[0] - 1] for members in together[1:]]
        units = np.array([0, *(options.kinds[kind - 1].worked // self.unit for kind in leads)])
        members = (np.array([0]), *(np.array([allowed[one - 1] for one in some]) for some in together[1:]))
        class_of = np.full(cost.shape[1], -1)
        for number, kinds in enumerate(members):
            class_of[kinds] = number
        personal = Personal(self._daily(person, daily, leads), members, units, class_of)
        contract = options.contract(person)
        credit = sum(leave.minutes for leave in person.leave)
        least = max(0, (contract.period_least or 0) - credit)
        longest = int(units.max()) * problem.days
        most = longest if contract.period_most is None else contract.period_most // self.unit
        weekends = [rule.most for rule in rules if isinstance(rule, Weekends)]
        loose = tuple(
            Loose(
                np.array([kind for kind in allowed if options.kinds[kind - 1].named(rule.shifts)], np.int64),
                rule.most,
            )
            for rule in rules
            if isinstance(rule, ShiftCount) and rule.most is not None and rule.most < problem.days
        )
        return Share(personal, -(-least // self.unit), min(most, longest), min(weekends, default=None), loose)

    def _counters(self, person: Person, rules: Sequence[Rule], kinds: Sequence[int]) -> list[Counter]:
        mine = [self.options.kinds[kind - 1] for kind in kinds]
        return Families(self.options.problem, mine, person).daily(rules)

    def _daily(self, person: Person, rules: Sequence[Rule], leads: Sequence[int]) -> Daily:
        counters = self._counters(person, rules, leads)
        key = (len(leads), *(counter.key() for counter in counters))
        if key not in self._known:
            self._known[key] = Daily(counters, 1 + len(leads))
        return self._known[key]

    def walker(self, place: int, first: int, after: int, state: int, limits: Limits) -> WindowWalker:
        """A person's walker for days ``first`` to before ``after``, from a daily state on."""
        own = self.options.cost[place, first:after].astype(float)
        for limit in limits.loose:
            if limit.most <= 0:
                own[:, limit.kinds] = FORBIDDEN
        return WindowWalker(self.shares[place].personal, state, own, self.weekdays[first:after], limits)

    # ------------------------------------------------------------------ the bound of the whole

    def bound(self, covers: Covers, worth: Floats, budget: Budget) -> float:
        """What no roster costs less than, where a person on a shift of a day is worth so much: everybody's
        cheapest period by daily rules, minutes and weekends paid for at the price that says most (the
        Lagrangean bound). -inf if the budget is over first.
        """
        many = np.arange(covers.price.shape[2])
        total = self.options.base + float((covers.price + worth[:, :, None] * many).min(axis=2).sum())
        prices = covers.of_kinds(worth)
        minute, weekend = 0.0, 0.0
        for place in range(len(self.shares)):
            costs = self.options.cost[place] - prices
            least, minute, weekend = self._least(self.shares[place], costs, minute, weekend, budget)
            total += least
        return total

    def _least(
        self, share: Share, costs: Floats, minute: float, weekend: float, budget: Budget
    ) -> tuple[float, float, float]:
        """The best bound of one person, and its prices of a unit of minutes and of a weekend, by steps up
        hill from those given.
        """
        by_class = share.personal.by_class(costs)
        ends = np.array([day >= 5 for day in self.weekdays])
        units = share.personal.units

        def value(minute: float, weekend: float) -> float:
            if budget.over:
                return -np.inf
            budget.spend(len(costs) * len(units) * share.personal.daily.size * 1e-8)
            raised = by_class + minute * units
            if share.weekends is not None:
                raised[ends, 1:] += weekend / 2
            paid = minute * (share.most if minute >= 0 else share.least) + weekend * (share.weekends or 0)
            return share.personal.daily.cheapest(raised) - paid

        best = value(minute, weekend)
        for step in _STEPS:
            for by in ((step, 0.0), (-step, 0.0), (0.0, step), (0.0, -step)):
                while by[0] or share.weekends is not None:
                    there = minute + by[0], weekend + by[1]
                    if there[1] < 0 or (found := value(*there)) <= best:
                        break
                    best, (minute, weekend) = found, there
        return best, minute, weekend


class _Same:
    """Tells kinds of different minutes apart (a counter without states)."""

    size, initial = 1, 0

    def __init__(self, amounts: Sequence[int]) -> None:
        self._amounts = amounts

    def labels(self) -> Sequence[int]:
        return self._amounts

    def step(self, states: Ints, day: int, kind: int) -> tuple[Ints, Floats]:
        return states, np.zeros(len(states))

    def key(self) -> str:
        return "same"
