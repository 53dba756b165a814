"""The cheapest legal pattern of each person of a problem."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from scheduling.people import Person
from scheduling.rules import Rule, ShiftCount
from scheduling.solver.options import FORBIDDEN, Floats, Ints, Options
from scheduling.solver.patterns.counters import Counter
from scheduling.solver.patterns.families import Families, is_counted
from scheduling.solver.patterns.layers import Layers, classes_of, cost_along

LOOSE_FROM: Final = 7
"""A hard limit of so many days or more seldom binds; it is kept by a toll, not by states."""
_TOLLS: Final = 10
_DEAREST: Final = 4096.0


@dataclass(frozen=True, slots=True)
class Loose:
    """At most ``most`` days with one of ``kinds`` in the period."""

    kinds: Ints
    most: int


@dataclass(slots=True)
class Walk:
    """A pattern (a kind for each day) and what it costs; ``least`` no pattern of the person is below."""

    pattern: Ints
    least: float


class Rules:
    """The counters of people of the same rules, over classes of kinds; the automaton when asked for."""

    def __init__(self, counters: Sequence[Counter], classes: int, days: int) -> None:
        self._counters, self._classes, self._days = counters, classes, days
        self._layers: Layers | None = None

    def build(self) -> Layers:
        """The automaton, built if it is not yet. Raises TooManyStatesError."""
        if self._layers is None:
            self._layers = Layers(self._counters, self._classes, self._days)
        return self._layers

    def cost(self, pattern: Ints) -> float:
        """What the rules cost of a pattern of classes; infinite if it breaks a hard one."""
        if self._layers is None:
            return cost_along(self._counters, pattern)
        return self._layers.rule_cost(pattern)


class Walker:
    """One person's patterns. ``rules`` may be shared with people of the same rules."""

    def __init__(
        self, rules: Rules, classes: Sequence[Sequence[int]], loose: Sequence[Loose], fixed: Floats
    ) -> None:
        self.rules, self.loose, self.own = rules, tuple(loose), fixed
        self._members = [np.array(members) for members in classes]
        self._order = np.concatenate(self._members)
        self._starts = np.cumsum([0, *(len(members) for members in self._members[:-1])])
        self._class_of = np.full(fixed.shape[1], -1)
        for number, members in enumerate(self._members):
            self._class_of[members] = number

    @property
    def work(self) -> float:
        """What one walk counts in a ``Budget``."""
        return float(self.rules.build().arcs * 2e-9 + 2e-4)

    def cheapest(self, prices: Floats) -> Walk | None:
        """The cheapest legal pattern under own costs and ``prices`` (days, 1 + kinds); None if there is none.

        Where a loose limit binds, the pattern is legal but perhaps not the cheapest; ``least`` holds.
        """
        costs = self.own + prices
        best = self._walk(costs)
        if best is None:
            return None
        least, pattern = best
        for limit in self.loose:
            if np.isin(pattern, limit.kinds).sum() > limit.most:
                tolled = self._tolled(costs, limit)
                if tolled is None:
                    return None
                pattern = tolled
        return Walk(pattern, least)

    def _tolled(self, costs: Floats, limit: Loose) -> Ints | None:
        """The pattern of the lowest toll on the limit's kinds that keeps all loose limits."""
        low, high, best = 0.0, _DEAREST, None
        for _ in range(_TOLLS):
            toll = (low + high) / 2 if best is not None or low else high / 8
            raised = costs.copy()
            raised[:, limit.kinds] += toll
            found = self._walk(raised)
            if found is None:
                return None
            if all(np.isin(found[1], one.kinds).sum() <= one.most for one in self.loose):
                best, high = found[1], toll
            else:
                low = toll
        return best

    def _walk(self, costs: Floats) -> tuple[float, Ints] | None:
        by_class = np.minimum.reduceat(costs[:, self._order], self._starts, axis=1)
        found = self.rules.build().cheapest(by_class)
        if found is None:
            return None
        total, chosen = found
        pattern = np.zeros(len(chosen), np.int64)
        for day, number in enumerate(chosen):
            members = self._members[number]
            pattern[day] = members[0] if len(members) == 1 else members[costs[day, members].argmin()]
        return total, pattern

    def cost(self, pattern: Ints) -> float:
        """What a pattern costs by itself: wishes and personal rules. Infinite if it is not legal."""
        own = self.own[np.arange(len(pattern)), pattern]
        if own.max() >= FORBIDDEN / 2:
            return np.inf
        if any(np.isin(pattern, limit.kinds).sum() > limit.most for limit in self.loose):
            return np.inf
        return float(own.sum()) + self.rules.cost(self._class_of[pattern])


class Walkers:
    """A walker for each person, in the problem's order. Raises TooManyStatesError.

    ``lazy``: automata are built when they are first walked; what a pattern costs is known without.
    """

    def __init__(self, options: Options, *, lazy: bool = False) -> None:
        self.options, self._lazy = options, lazy
        self._rules: dict[Hashable, Rules] = {}
        self._all = [self._make(place) for place in range(len(options.problem.people))]

    def __getitem__(self, place: int) -> Walker:
        return self._all[place]

    def __len__(self) -> int:
        return len(self._all)

    def _make(self, place: int) -> Walker:
        options = self.options
        person = options.problem.people[place]
        own = options.cost[place].astype(float)
        allowed = [kind for kind in range(1, own.shape[1]) if own[:, kind].min() < FORBIDDEN / 2]
        rules, loose = self._parted(person, options.rules[person.id], allowed)
        classes = classes_of(self._counters(person, rules, allowed), range(1 + len(allowed)))
        leads = [allowed[members[0] - 1] for members in classes[1:]]
        counters = self._counters(person, rules, leads)
        key = (len(classes), *(counter.key() for counter in counters))
        if key not in self._rules:
            self._rules[key] = Rules(counters, len(classes), options.problem.days)
            if not self._lazy:
                self._rules[key].build()
        named = [[0], *([allowed[one - 1] for one in members] for members in classes[1:])]
        return Walker(self._rules[key], named, loose, own)

    def _counters(self, person: Person, rules: Sequence[Rule], kinds: Sequence[int]) -> list[Counter]:
        options = self.options
        mine = [options.kinds[kind - 1] for kind in kinds]
        return list(Families(options.problem, mine, person).counters(rules, options.contract(person)))

    def _parted(
        self, person: Person, rules: Sequence[Rule], allowed: Sequence[int]
    ) -> tuple[list[Rule], list[Loose]]:
        """Rules to count, and limits to keep loosely; limits that cannot bind are neither."""
        options = self.options
        contract = options.contract(person)
        days = options.problem.days
        if contract.period_most is not None and contract.weight is None and allowed:
            shortest = min(options.kinds[kind - 1].worked for kind in allowed)
            days = min(days, contract.period_most // shortest)
        counted: list[Rule] = []
        loose = []
        for rule in rules:
            if not is_counted(rule):
                continue
            if (
                isinstance(rule, ShiftCount)
                and rule.per == "period"
                and rule.weight is None
                and not rule.least
            ):
                if rule.most is None or rule.most >= days:
                    continue
                if rule.most >= LOOSE_FROM:
                    named = [kind for kind in allowed if options.kinds[kind - 1].named(rule.shifts)]
                    loose.append(Loose(np.array(named, np.int64), rule.most))
                    continue
            counted.append(rule)
        return counted, loose
