"""The best roster so far as patterns, with its counts and costs; and one person at a time made better."""

from collections.abc import Iterable

import numpy as np

from scheduling.roster import Roster
from scheduling.solver.budget import Budget
from scheduling.solver.layouts import assignment, first_layout
from scheduling.solver.load import Covers
from scheduling.solver.options import Ints, Options
from scheduling.solver.patterns.walkers import Walkers
from scheduling.solver.patterns.windows import WindowWalkers

_TIE = 1e-3
"""Noise that decides among equal patterns; all days together stay below the smallest cost, 1."""


class Incumbent:
    """Patterns (people, days) with what they cost. ``objective`` is that of the judge."""

    def __init__(
        self, options: Options, walkers: Walkers | WindowWalkers, covers: Covers, patterns: Ints
    ) -> None:
        self.options, self.walkers, self.covers = options, walkers, covers
        self.patterns = patterns.copy()
        self.own = np.array([walkers[place].cost(pattern) for place, pattern in enumerate(patterns)])
        self.counts = covers.counts(patterns)

    @property
    def objective(self) -> int:
        return self.options.base + round(float(self.own.sum())) + self.covers.cost(self.counts)

    def copy(self) -> "Incumbent":
        return Incumbent(self.options, self.walkers, self.covers, self.patterns)

    def put(self, person: int, pattern: Ints, own: float) -> None:
        """Give a person another pattern that costs ``own`` by itself."""
        self.covers.change(self.counts, self.patterns[person], -1)
        self.covers.change(self.counts, pattern, 1)
        self.patterns[person], self.own[person] = pattern, own

    def counts_without(self, people: Iterable[int]) -> Ints:
        """The counts of all others."""
        counts = self.counts.copy()
        for person in people:
            self.covers.change(counts, self.patterns[person], -1)
        return counts

    def roster(self) -> Roster:
        """The patterns as a roster."""
        return roster_of(self.options, self.patterns)


def roster_of(options: Options, patterns: Ints) -> Roster:
    """Patterns (people, days) as a roster."""
    return Roster(
        tuple(
            assignment(person.id, int(day), kind, first_layout(kind))
            for person, pattern in zip(options.problem.people, patterns, strict=True)
            for day in np.nonzero(pattern)[0]
            for kind in (options.kinds[pattern[day] - 1],)
        )
    )


def descend(
    incumbent: Incumbent, chance: np.random.Generator, budget: Budget, people: Iterable[int] | None = None
) -> None:
    """Give one person after another their cheapest pattern against all others, until none gets better, or the
    budget is over.

    Exact for one person: they add at most one to each shift of a day.
    """
    covers, walkers = incumbent.covers, incumbent.walkers
    those = np.array(sorted(people) if people is not None else range(len(walkers)))
    better = True
    while better:
        better = False
        for person in chance.permutation(those):
            if budget.over:
                return
            person = int(person)
            covers.change(incumbent.counts, incumbent.patterns[person], -1)
            prices = covers.of_kinds(covers.one_more(incumbent.counts))
            covers.change(incumbent.counts, incumbent.patterns[person], 1)
            budget.spend(walkers[person].work)
            walk = walkers[person].cheapest(prices + chance.random(prices.shape) * _TIE)
            if walk is None:
                continue
            days = np.arange(len(walk.pattern))
            own = walkers[person].cost(walk.pattern)
            new = own + prices[days, walk.pattern].sum()
            old = incumbent.own[person] + prices[days, incumbent.patterns[person]].sum()
            if new < old - 0.5:
                incumbent.put(person, walk.pattern, own)
                better = True
