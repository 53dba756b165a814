"""Rosters by whole patterns: for problems whose rules each concern one person, and whose demand is covers.

First one person at a time (``incumbent``), then column generation for a bound and for patterns that fit
together (``generation``), a dive into a whole roster (``diving``), and from there on groups of people anew,
against all others, for as long as there is time (a large neighbourhood search whose neighbourhoods are solved
by the same means, and passed over where the bound says that nothing can be won).
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from scheduling.solver.budget import Budget
from scheduling.solver.choosing import choose
from scheduling.solver.columns import Column, Master
from scheduling.solver.diving import dive
from scheduling.solver.generation import Generated, generate
from scheduling.solver.incumbent import Incumbent, descend
from scheduling.solver.load import Covers
from scheduling.solver.options import Ints, Options
from scheduling.solver.patterns.walkers import Walkers

_STARTS: Final = 4
_GROUP: Final = 8
_COLUMNS: Final = 400
_ROUNDS: Final = 400
_PATIENCE: Final = 4
"""Groups in which nothing can be won before larger ones are tried."""

Tell = Callable[[Incumbent, float, str], None]


class PatternSearch:
    """One search. ``tell`` hears of every better roster and bound."""

    def __init__(self, options: Options, budget: Budget, seed: int, tell: Tell) -> None:
        """Raises TooManyStatesError if the rules of somebody remember too much."""
        self.options, self.budget, self.tell = options, budget, tell
        self.seed = seed
        self.chance = np.random.default_rng(seed)
        self.walkers = Walkers(options)
        self.covers = Covers(options)
        self.best: Incumbent | None = None
        self.bound = -np.inf
        self._pool: list[dict[bytes, Column]] = [{} for _ in range(len(self.walkers))]

    @property
    def everybody(self) -> range:
        return range(len(self.walkers))

    @property
    def done(self) -> bool:
        """Whether time is over, or the best roster is proven."""
        if self.budget.over:
            return True
        return self.best is not None and self.best.objective <= np.ceil(self.bound - 1e-6)

    def run(self, start: Ints | None = None) -> None:
        """Search until done; ``best`` and ``bound`` say what was found. Somebody without any legal pattern
        leaves ``best`` None.
        """
        if not self._begin(start):
            return
        everything = self._relax()
        if not self.done:
            self._dive(everything)
        size = _GROUP
        passed = 0
        while not self.done:
            won, size, passed = self._regroup(everything, size, passed)

    # ------------------------------------------------------------------ steps

    def _begin(self, start: Ints | None) -> bool:
        """Rosters by one person after another, from nothing."""
        if start is not None:
            given = Incumbent(self.options, self.walkers, self.covers, start)
            if np.isfinite(given.own).all():
                self._offer(given, "start")
        for _ in range(_STARTS):
            made = self._from_nothing()
            if made is None:
                return False
            self.budget.spend(descend(made, self.chance))
            self._offer(made, "one by one")
            self._remember(made)
            if self.done:
                break
        return True

    def _from_nothing(self) -> Incumbent | None:
        counts = np.zeros(self.covers.price.shape[:2], np.int64)
        patterns = np.zeros((len(self.walkers), self.options.problem.days), np.int64)
        for person in self.chance.permutation(len(self.walkers)):
            prices = self.covers.of_kinds(self.covers.one_more(counts))
            self.budget.spend(self.walkers[person].work)
            walk = self.walkers[person].cheapest(prices)
            if walk is None:
                return None
            patterns[person] = walk.pattern
            self.covers.change(counts, walk.pattern, 1)
        return Incumbent(self.options, self.walkers, self.covers, patterns)

    def _relax(self) -> Generated:
        """Column generation over everybody: the bound."""
        master = self._master(self.everybody, np.zeros(self.covers.price.shape[:2], np.int64))
        for some in self._pool:
            for column in some.values():
                master.add(column.person, column.pattern)
        found = generate(master, self.budget, _ROUNDS)
        self._keep(master)
        self._lift(self.options.base + found.bound)
        return found

    def _dive(self, everything: Generated) -> None:
        master = self._small(self.everybody, everything, _COLUMNS * 3)
        chosen = dive(master, self.budget, self.chance)
        self._keep(master)
        if chosen is not None:
            self._try(chosen, "dive")

    def _regroup(self, everything: Generated, size: int, passed: int) -> tuple[bool, int, int]:
        """One group of people anew against all others."""
        assert self.best is not None
        people = self._group(min(size, len(self.walkers)))
        master = self._small(people, everything, _COLUMNS)
        for person in people:
            master.add(person, self.best.patterns[person])
        now = float(self.best.own[people].sum()) + self.covers.cost(self.best.counts)
        found = generate(master, self.budget, 40, everything.centre, until=now - 1 + 1e-6)
        self._keep(master)
        if found.bound > now - 1 + 1e-6:
            passed += 1
            if passed >= _PATIENCE and size < len(self.walkers):
                size, passed = size + 1, 0
            return False, size, passed
        columns = self._nearest(master, found, people)
        hint = {person: self.best.patterns[person] for person in people}
        choice = choose(master, columns, hint, self.budget, 5.0, self.seed)
        if not choice.proven:
            size = max(4, size - 1)
        won = choice.patterns is not None and self._try(choice.patterns, f"groups of {size}")
        return won, size, passed

    def _group(self, size: int) -> list[int]:
        """People to give anew: half of them able to help where a cover costs most, the others by chance."""
        assert self.best is not None
        costs = self.covers.price[self.covers._day, self.covers._shift, self.best.counts].astype(float)
        chosen: list[int] = []
        if costs.sum() > 0 and self.chance.random() < 0.6:
            cell = int(self.chance.choice(costs.size, p=(costs / costs.sum()).ravel()))
            day, shift = divmod(cell, costs.shape[1])
            kinds = np.nonzero(self.covers.shift_of == shift)[0]
            able = [one for one in self.everybody if self.options.cost[one, day, kinds].min() < 1e8]
            chosen += [int(one) for one in self.chance.permutation(able)[: size // 2]]
        others = [one for one in self.everybody if one not in chosen]
        chosen += [int(one) for one in self.chance.permutation(others)[: size - len(chosen)]]
        return sorted(chosen)

    # ------------------------------------------------------------------ masters and columns

    def _master(self, people: range | list[int], others: Ints) -> Master:
        return Master(self.covers, self.walkers, people, others)

    def _small(self, people: range | list[int], everything: Generated, most: int) -> Master:
        """A master of some people with the columns of the pool that are nearest to being worth it."""
        assert self.best is not None
        master = self._master(people, self.best.counts_without(people))
        share = max(4, most // len(people) // 2)
        for person in people:
            columns = list(self._pool[person].values())
            worth = [self._beyond(column, everything) for column in columns]
            for place in np.argsort(worth, kind="stable")[:share]:
                master.add(person, columns[place].pattern)
        return master

    def _beyond(self, column: Column, everything: Generated) -> float:
        days = np.nonzero(column.pattern)[0]
        worth = everything.centre[days, self.covers.shift_of[column.pattern[days]]].sum()
        return column.cost - float(worth)

    def _nearest(self, master: Master, found: Generated, people: list[int]) -> list[Column]:
        """The most promising columns of a master, with those of the best roster."""
        assert self.best is not None
        now = {(person, self.best.patterns[person].tobytes()) for person in people}
        order = sorted(
            master.columns,
            key=lambda one: (
                (one.person, one.pattern.tobytes()) not in now,
                master.reduced(one, found.duals),
            ),
        )
        return order[:_COLUMNS]

    def _keep(self, master: Master) -> None:
        for column in master.columns:
            self._pool[column.person].setdefault(column.pattern.tobytes(), column)

    def _remember(self, made: Incumbent) -> None:
        for person, pattern in enumerate(made.patterns):
            column = Column(person, pattern.copy(), float(made.own[person]))
            self._pool[person].setdefault(pattern.tobytes(), column)

    # ------------------------------------------------------------------ the best

    def _try(self, chosen: dict[int, Ints], phase: str) -> bool:
        """Take over patterns, made better one by one; whether the roster is better for it."""
        assert self.best is not None
        made = self.best.copy()
        for person, pattern in chosen.items():
            made.put(person, pattern, self.walkers[person].cost(pattern))
        if made.objective > self.best.objective and phase != "dive":
            return False
        self.budget.spend(descend(made, self.chance))
        self._remember(made)
        return self._offer(made, phase)

    def _offer(self, made: Incumbent, phase: str) -> bool:
        if self.best is not None and made.objective >= self.best.objective:
            if made.objective == self.best.objective:
                self.best = made
            return False
        self.best = made.copy()
        self.tell(self.best, self.bound, phase)
        return True

    def _lift(self, bound: float) -> None:
        if bound > self.bound and self.best is not None:
            self.bound = bound
            self.tell(self.best, self.bound, "bound")
