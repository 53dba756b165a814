"""Rosters by whole patterns: for problems whose rules each concern one person, and whose demand is covers.

First one person at a time (``incumbent``), then column generation for a bound and for patterns that fit
together (``generation``), a dive into a whole roster (``diving``), and from there on groups of people anew,
against all others, for as long as there is time: a large neighbourhood search whose neighbourhoods are solved
by the same means, and passed over where the bound says that nothing can be won.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from scheduling.solver.budget import Budget
from scheduling.solver.choosing import choose
from scheduling.solver.columns import Column, Master
from scheduling.solver.diving import dive
from scheduling.solver.generation import Generated, generate
from scheduling.solver.incumbent import Incumbent, descend
from scheduling.solver.linear import LinearProgramError
from scheduling.solver.load import Covers
from scheduling.solver.options import FORBIDDEN, Floats, Ints, Options
from scheduling.solver.patterns.layers import TooManyStatesError
from scheduling.solver.patterns.walkers import Walkers
from scheduling.solver.patterns.windows import WindowWalkers
from scheduling.solver.pool import Pool

_STARTS: Final = 4
_BUILDING: Final = 0.25
"""The share of the budget that making everybody's automata may take."""
_WORK_PER_LAYER: Final = 1e-3
_RELAXING: Final = 0.4
"""The share of the budget that column generation over everybody may take."""
_ROUNDS: Final = 400
_COLUMNS_EACH: Final = 12
_LATE: Final = 0.75
"""The share of the budget after which a dive into a whole roster is cut short."""
_FAR: Final = 0.01
_DIVES: Final = 0.3
"""How often many people are given anew at once, while a better roster may be far."""
_GROUP: Final = 8
_GROUP_ROUNDS: Final = 40
_GROUP_COLUMNS: Final = 400
_CHOOSING: Final = 5.0
_PATIENCE: Final = 3
"""So many groups in a row in which nothing can be won, and larger ones are tried."""

Tell = Callable[[Incumbent, float, str], None]


class PatternSearch:
    """One search. ``tell`` hears of every better roster and bound."""

    def __init__(
        self,
        options: Options,
        budget: Budget,
        seed: int,
        tell: Tell,
        walkers: Walkers | WindowWalkers | None = None,
    ) -> None:
        """Raises TooManyStatesError if the rules of somebody remember too much, or too long would go by until
        all are built; OverError if the budget is over before.
        """
        self.options, self.budget, self.tell, self.seed = options, budget, tell, seed
        self.chance = np.random.default_rng(seed)
        self.walkers = walkers or Walkers(options, check=self._check)
        self.covers = Covers(options)
        self.pool = Pool(self.covers, self.walkers)
        self.best: Incumbent | None = None
        self.bound = -np.inf
        self.worth: Floats = np.zeros(self.covers.price.shape[:2])
        self._size, self._passed = min(_GROUP, len(self.walkers)), 0

    def _check(self) -> None:
        self.budget.check()
        self.budget.spend(_WORK_PER_LAYER)
        if self.budget.used > _BUILDING:
            raise TooManyStatesError

    @property
    def everybody(self) -> range:
        return range(len(self.walkers))

    @property
    def done(self) -> bool:
        """Whether time is over, or the best roster is proven."""
        if self.budget.over:
            return True
        return self.best is not None and self.best.objective <= np.ceil(self.bound - 1e-6)

    def run(self, start: Ints | None = None, starts: int = _STARTS, worth: Floats | None = None) -> None:
        """Search until done, or until everybody at once was tried in vain; ``best`` and ``bound`` say what
        was found, ``worth`` what one person more on a shift of a day is worth. Somebody without any legal
        pattern leaves ``best`` None. ``starts`` rosters are made from nothing. With a ``worth`` that is known
        more or less there is no linear program for everybody.
        """
        if not self._one_by_one(start, starts) or self.done:
            return
        if worth is None:
            worth = self.worth = self._relax()
            if not self.done:
                self._dive(worth, self.everybody)
        in_vain = 0
        while not self.done and in_vain < _PATIENCE:
            everybody = self._size == len(self.walkers)
            in_vain = 0 if self._regroup(worth) or not everybody else in_vain + 1
            if self._is_far and np.isfinite(self.bound) and self.chance.random() < _DIVES:
                self._dive(worth, self._many())

    # ------------------------------------------------------------------ steps

    def _one_by_one(self, start: Ints | None, starts: int) -> bool:
        """Rosters by one person after another, from nothing; False if somebody cannot have any."""
        if start is not None:
            given = Incumbent(self.options, self.walkers, self.covers, start)
            if np.isfinite(given.own).all():
                self._offer(given, "start")
        for _ in range(starts):
            made = self._from_nothing()
            if made is None:
                return self.best is not None
            self._offer(made, "one by one")
            descend(made, self.chance, self.budget)
            self._offer(made, "one by one")
            if self.done:
                break
        return self.best is not None

    def _from_nothing(self) -> Incumbent | None:
        """Somebody after somebody; None if one cannot have any pattern, or the budget is over."""
        counts = np.zeros(self.covers.price.shape[:2], np.int64)
        patterns = np.zeros((len(self.walkers), self.options.problem.days), np.int64)
        for person in self.chance.permutation(len(self.walkers)):
            if self.budget.over:
                return None
            prices = self.covers.of_kinds(self.covers.one_more(counts))
            self.budget.spend(self.walkers[person].work)
            walk = self.walkers[person].cheapest(prices)
            if walk is None:
                return None
            patterns[person] = walk.pattern
            self.covers.change(counts, walk.pattern, 1)
        return Incumbent(self.options, self.walkers, self.covers, patterns)

    def _relax(self) -> Floats:
        """Column generation over everybody: the bound, and what a person on a shift of a day is worth."""
        master = self.pool.master(self.everybody, np.zeros(self.covers.price.shape[:2], np.int64))
        try:
            found = generate(master, self.budget, _ROUNDS, share=_RELAXING)
        except LinearProgramError:
            return np.zeros(self.covers.price.shape[:2])
        self.pool.keep(master.columns)
        self._lift(self.options.base + found.bound)
        return found.centre

    @property
    def _is_far(self) -> bool:
        """Whether so much may still be won that larger steps are worth their time."""
        return self.best is not None and self.best.objective - self.bound > _FAR * self.best.objective

    def _many(self) -> list[int]:
        """More than half of all people, by chance."""
        share = self.chance.uniform(0.5, 0.9)
        order = self.chance.permutation(len(self.walkers))
        return sorted(int(one) for one in order[: max(2, int(share * len(self.walkers)))])

    def _dive(self, worth: Floats, people: Sequence[int]) -> None:
        """Whole patterns for these people out of a linear program, against all others."""
        assert self.best is not None
        others = self.best.counts_without(people)
        master = self.pool.master(people, others, worth, _COLUMNS_EACH * len(people))
        try:
            late = _LATE if len(people) == len(self.walkers) else 1.0
            chosen = dive(master, self.budget, self.chance, late)
        except LinearProgramError:
            return
        self.pool.keep(master.columns)
        if chosen is not None:
            self._offer(self._with(chosen), "dive")

    def _regroup(self, worth: Floats) -> bool:
        """One group of people anew against all others; whether something was won."""
        assert self.best is not None
        people = self._group()
        master = self.pool.master(people, self.best.counts_without(people), worth, _GROUP_COLUMNS // 2)
        for person in people:
            master.add(person, self.best.patterns[person])
        now = float(self.best.own[people].sum()) + self.covers.cost(self.best.counts)
        try:
            found = generate(master, self.budget, _GROUP_ROUNDS, centre=worth, until=now - 1 + 1e-6)
        except LinearProgramError:
            return False
        self.pool.keep(master.columns)
        least = max(found.bound, found.duals.value if found.converged else -np.inf)
        if least > now - 1 + 1e-6:
            self._passed += 1
            if self._passed >= _PATIENCE:
                self._size = min(len(self.walkers), self._size + 1 + self._size // 8)
                self._passed = 0
            return False
        columns = self._nearest(master, found, people)
        hint = {person: self.best.patterns[person] for person in people}
        choice = choose(master, columns, hint, self.budget, _CHOOSING, self.seed)
        if not choice.proven:
            self._size = max(2, self._size - 1)
        if choice.patterns is None:
            return False
        made = self._with(choice.patterns)
        return made.objective <= self.best.objective and self._offer(made, f"groups of {len(people)}")

    def _group(self) -> list[int]:
        """People to give anew: half of them able to help where a cover costs most, the others by chance."""
        assert self.best is not None
        size = min(self._size, len(self.walkers))
        costs = self.covers.costs(self.best.counts)
        chosen: list[int] = []
        if costs.sum() > 0 and self.chance.random() < 0.6:
            cell = int(self.chance.choice(costs.size, p=(costs / costs.sum()).ravel()))
            day, shift = divmod(cell, costs.shape[1])
            kinds = np.nonzero(self.covers.shift_of == shift)[0]
            able = np.nonzero(self.options.cost[:, day, kinds].min(axis=1) < FORBIDDEN // 2)[0]
            chosen += [int(one) for one in self.chance.permutation(able)[: size // 2]]
        others = [one for one in self.everybody if one not in chosen]
        chosen += [int(one) for one in self.chance.permutation(others)[: size - len(chosen)]]
        return sorted(chosen)

    def _nearest(self, master: Master, found: Generated, people: list[int]) -> list[Column]:
        """The most promising columns of a master, and those of the best roster."""
        assert self.best is not None
        now = {(person, self.best.patterns[person].tobytes()) for person in people}

        def place(column: Column) -> tuple[bool, float]:
            has = (column.person, column.pattern.tobytes()) in now
            return not has, master.reduced(column, found.duals)

        return sorted(master.columns, key=place)[:_GROUP_COLUMNS]

    # ------------------------------------------------------------------ the best

    def _with(self, chosen: Mapping[int, Ints]) -> Incumbent:
        """The best roster with some patterns changed, and made better one by one."""
        assert self.best is not None
        made = self.best.copy()
        for person, pattern in chosen.items():
            made.put(person, pattern, self.walkers[person].cost(pattern))
        descend(made, self.chance, self.budget)
        return made

    def _offer(self, made: Incumbent, phase: str) -> bool:
        """Take over a roster that is no worse; whether it is better."""
        self.pool.keep_all_of(made)
        before = None if self.best is None else self.best.objective
        if before is None or made.objective <= before:
            self.best = made.copy()
        if before is not None and made.objective >= before:
            return False
        self.tell(made, self.bound, phase)
        return True

    def _lift(self, bound: float) -> None:
        if bound > self.bound and self.best is not None:
            self.bound = bound
            self.tell(self.best, self.bound, "bound")
