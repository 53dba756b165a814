"""Patterns worth remembering: all columns that were ever made, by person."""

from collections.abc import Iterable, Sequence

import numpy as np

from scheduling.solver.columns import Column, Master
from scheduling.solver.incumbent import Incumbent
from scheduling.solver.load import Covers
from scheduling.solver.options import Floats, Ints
from scheduling.solver.patterns.walkers import Walkers
from scheduling.solver.patterns.windows import WindowWalkers


class Pool:
    """Columns by person, each pattern once."""

    def __init__(self, covers: Covers, walkers: Walkers | WindowWalkers) -> None:
        self.covers, self.walkers = covers, walkers
        self._columns: list[dict[bytes, Column]] = [{} for _ in range(len(walkers))]

    def keep(self, columns: Iterable[Column]) -> None:
        """Remember columns."""
        for column in columns:
            self._columns[column.person].setdefault(column.pattern.tobytes(), column)

    def keep_all_of(self, made: Incumbent) -> None:
        """Remember every pattern of a roster."""
        self.keep(
            Column(person, pattern.copy(), float(made.own[person]))
            for person, pattern in enumerate(made.patterns)
        )

    def master(
        self, people: Sequence[int], others: Ints, worth: Floats | None = None, most: int = 0
    ) -> Master:
        """A master of some people with the columns that cost least beyond their ``worth``, about ``most`` of
        them together; without ``worth`` with all.
        """
        master = Master(self.covers, self.walkers, people, others)
        share = max(4, most // len(people))
        for person in people:
            columns = list(self._columns[person].values())
            if worth is not None and len(columns) > share:
                beyond = [self._beyond(column, worth) for column in columns]
                columns = [columns[place] for place in np.argsort(beyond, kind="stable")[:share]]
            for column in columns:
                master.add(person, column.pattern)
        return master

    def _beyond(self, column: Column, worth: Floats) -> float:
        days = np.nonzero(column.pattern)[0]
        return column.cost - float(worth[days, self.covers.shift_of[column.pattern[days]]].sum())
