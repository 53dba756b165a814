"""The cheapest legal pattern of each person of a problem."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from scheduling.people import Person
from scheduling.rules import Rule, ShiftCount
from scheduling.solver.options import FORBIDDEN, Floats, Ints, Options
from scheduling.solver.patterns.counters import Counter
from scheduling.solver.patterns.families import Families, is_counted
from scheduling.solver.patterns.layers import MOST_STATES, Layers, TooManyStatesError, classes_of, cost_along

LOOSE_FROM: Final = 7
"""A hard limit of so many days or more seldom binds; it is kept by a toll, not by states."""
HANDY: Final = 30_000
"""With more states of a day limits that may bind are kept by tolls, too."""
_TOLLS: Final = 10
_DEAREST: Final = 1e5
_SAME: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Loose:
    """At most ``most`` days with one of ``kinds`` in the period."""

    kinds: Ints
    most: int

    def broken(self, pattern: Ints) -> bool:
        """Whether a pattern has more such days."""
        return int(np.isin(pattern, self.kinds).sum()) > self.most


@dataclass(slots=True)
class Walk:
    """A pattern (a kind for each day) and what it costs; ``least`` no pattern of the person is below."""

    pattern: Ints
    least: float


Walking = Callable[[Floats], tuple[float, Ints] | None]
"""The least cost under costs by (day, 1 + kinds), and a pattern of it; None if there is none."""


def tolled(walking: Walking, costs: Floats, loose: Sequence[Loose], walk: Walk) -> Walk | None:
    """A walk made to keep loose limits, by a toll on the kinds of each limit that it breaks. Tolls make
    ``least`` higher (the Lagrangean bound). None if no pattern is found.
    """
    raised, pattern, least, paid = costs, walk.pattern, walk.least, 0.0
    value = walk.least
    for limit in loose:
        if limit.broken(pattern):
            found = _toll(walking, raised, limit, pattern, value)
            if found is None:
                return None
            toll, value, pattern = found  # at this toll the pattern costs the value, too
            raised = raised.copy()
            raised[:, limit.kinds] += toll
            paid += toll * limit.most
            least = max(least, value - paid)
    kept_all = kept(walking, raised, loose, pattern)  # a toll may have driven it into the kinds of another
    return None if kept_all is None else Walk(kept_all, least)


def kept(walking: Walking, costs: Floats, loose: Sequence[Loose], pattern: Ints) -> Ints | None:
    """A pattern made to keep loose limits: the kinds of each that it breaks only on the first of the days it
    has them. None if no pattern is found.
    """
    for limit in loose:
        if limit.broken(pattern):
            days = np.nonzero(np.isin(pattern, limit.kinds))[0][: limit.most]
            closed = np.setdiff1d(np.arange(len(costs)), days)
            costs = costs.copy()
            costs[np.ix_(closed, limit.kinds)] = FORBIDDEN
            found = walking(costs)
            if found is None:
                return None
            pattern = found[1]
    return None if any(limit.broken(pattern) for limit in loose) else pattern


def _toll(
    walking: Walking, costs: Floats, limit: Loose, pattern: Ints, cheapest: float
) -> tuple[float, float, Ints] | None:
    """The toll at which keeping a limit and breaking it cost the same, the least cost with it, and the
    pattern there that keeps the limit. ``pattern`` costs least without a toll (``cheapest``). None if no
    pattern keeps it.

    Patterns are lines over the toll, and the least cost is the lowest of them: the next toll is where the
    line of the best that breaks the limit and that of the best that keeps it cross, until none is below.
    """

    def days_of(pattern: Ints) -> int:
        return int(np.isin(pattern, limit.kinds).sum())

    def walked(toll: float) -> tuple[float, Ints] | None:
        raised = costs.copy()
        raised[:, limit.kinds] += toll
        return walking(raised)

    found = walked(_DEAREST)
    if found is None or limit.broken(found[1]):
        return None
    toll, (value, keeps) = _DEAREST, found
    few, many = days_of(keeps), days_of(pattern)
    at_few, at_many = value - toll * few, cheapest
    for _ in range(_TOLLS):
        toll = (at_few - at_many) / (many - few)
        found = walked(toll)
        if found is None:
            return None
        value, there = found
        if value >= at_few + toll * few - _SAME:
            break
        number = days_of(there)
        if number > limit.most:
            many, at_many = number, value - toll * number
        else:
            few, at_few, keeps = number, value - toll * number, there
    return toll, value, keeps


class Rules:
    """The counters of people of the same rules, over classes of kinds; the automaton when asked for."""

    def __init__(
        self, counters: Sequence[Counter], classes: int, days: int, check: Callable[[], None] = lambda: None
    ) -> None:
        self._counters, self._classes, self._days, self._check = counters, classes, days, check
        self._layers: Layers | None = None

    def build(self, most: int = MOST_STATES) -> Layers:
        """The automaton, built if it is not yet. Raises TooManyStatesError, and what ``check`` raises."""
        if self._layers is None:
            self._layers = Layers(self._counters, self._classes, self._days, most=most, check=self._check)
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
        return tolled(self._walk, costs, self.loose, Walk(pattern, least))

    def _walk(self, costs: Floats) -> tuple[float, Ints] | None:
        found = self.rules.build().cheapest(self._by_class(costs))
        return None if found is None else (found[0], self._of_classes(found[1], costs))

    def _by_class(self, costs: Floats) -> Floats:
        """The cheapest kind's cost by (day, class)."""
        by_class: Floats = np.minimum.reduceat(costs[:, self._order], self._starts, axis=1)
        return by_class

    def _of_classes(self, chosen: Ints, costs: Floats) -> Ints:
        """The cheapest kinds of the classes chosen."""
        pattern = np.zeros(len(chosen), np.int64)
        for day, number in enumerate(chosen):
            members = self._members[number]
            pattern[day] = members[0] if len(members) == 1 else members[costs[day, members].argmin()]
        return pattern

    def cost(self, pattern: Ints) -> float:
        """What a pattern costs by itself: wishes and personal rules. Infinite if it is not legal."""
        own = self.own[np.arange(len(pattern)), pattern]
        if own.max() >= FORBIDDEN / 2:
            return np.inf
        if any(limit.broken(pattern) for limit in self.loose):
            return np.inf
        return float(own.sum()) + self.rules.cost(self._class_of[pattern])


def cheapest_of_many(walkers: Sequence[Walker], prices: Sequence[Floats]) -> list[Walk | None]:
    """``Walker.cheapest`` of people who share their ``rules``, each at their own prices: all in one walk."""
    costs = [walker.own + price for walker, price in zip(walkers, prices, strict=True)]
    by_class = np.stack([walker._by_class(cost) for walker, cost in zip(walkers, costs, strict=True)])
    least, chosen = walkers[0].rules.build().cheapest_of_many(by_class)
    found: list[Walk | None] = []
    for place, walker in enumerate(walkers):
        if not np.isfinite(least[place]):
            found.append(None)
            continue
        pattern = walker._of_classes(chosen[place], costs[place])
        if any(limit.broken(pattern) for limit in walker.loose):
            found.append(walker.cheapest(prices[place]))
        else:
            found.append(Walk(pattern, float(least[place])))
    return found


class Walkers:
    """A walker for each person, in the problem's order. Raises TooManyStatesError.

    ``lazy``: automata are built when they are first walked; what a pattern costs is known without.
    ``check`` is called now and then while they are built, and may raise.
    """

    def __init__(
        self, options: Options, *, lazy: bool = False, check: Callable[[], None] = lambda: None
    ) -> None:
        self.options, self._lazy, self._check = options, lazy, check
        self._rules: dict[Hashable, Rules] = {}
        self._too_many: set[Hashable] = set()
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
        for loose_from in self._loose_from(person):
            rules, loose = self._parted(person, options.rules[person.id], allowed, loose_from)
            classes = classes_of(self._counters(person, rules, allowed), range(1 + len(allowed)))
            leads = [allowed[members[0] - 1] for members in classes[1:]]
            built = self._built(self._counters(person, rules, leads), len(classes), loose_from == 1)
            if built is not None:
                named = [[0], *([allowed[one - 1] for one in members] for members in classes[1:])]
                return Walker(built, named, loose, own)
        raise TooManyStatesError

    def _loose_from(self, person: Person) -> Iterator[int]:
        """From which limit on days with a shift are counted loosely; 1 is the last resort."""
        yield LOOSE_FROM
        if not self._lazy:
            limits = {
                rule.most
                for rule in self.options.rules[person.id]
                if isinstance(rule, ShiftCount) and rule.most
            }
            yield from sorted((most for most in limits if 1 < most < LOOSE_FROM), reverse=True)
            yield 1

    def _built(self, counters: list[Counter], classes: int, last: bool) -> Rules | None:
        """The rules of these counters; None if they have more states than is handy (and it is not the last
        resort).
        """
        key = (classes, *(counter.key() for counter in counters))
        if key in self._too_many and not last:
            return None
        if key not in self._rules:
            made = Rules(counters, classes, self.options.problem.days, self._check)
            if not self._lazy:
                try:
                    made.build(MOST_STATES if last else HANDY)
                except TooManyStatesError:
                    if last:
                        raise
                    self._too_many.add(key)
                    return None
            self._rules[key] = made
        return self._rules[key]

    def _counters(self, person: Person, rules: Sequence[Rule], kinds: Sequence[int]) -> list[Counter]:
        options = self.options
        mine = [options.kinds[kind - 1] for kind in kinds]
        return list(Families(options.problem, mine, person).counters(rules, options.contract(person)))

    def _parted(
        self, person: Person, rules: Sequence[Rule], allowed: Sequence[int], loose_from: int
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
                if rule.most >= loose_from:
                    named = [kind for kind in allowed if options.kinds[kind - 1].named(rule.shifts)]
                    loose.append(Loose(np.array(named, np.int64), rule.most))
                    continue
            counted.append(rule)
        return counted, loose
