"""A long rest in each calendar week, as a counter."""

from collections.abc import Hashable, Sequence
from typing import Final

import numpy as np

from scheduling.problem import DAY
from scheduling.solver.options import Floats, Ints
from scheduling.solver.patterns.counters import price
from scheduling.solver.patterns.layers import TooManyStatesError

_LONGEST: Final = 6 * DAY


class LongRest:
    """In each week a moment after which ``least`` minutes go by without work.

    ``times`` are begin and end of each kind, in minutes of its day (of kind 0: none); ``weekdays`` those of
    the period. A state is when the last work ended (seen from the begin of the day, and no longer ago than
    ``least``), and whether last week and this one have their rest already. Last week may get its rest until
    work begins again; so it is paid for on that day, or after the last one. ``ended`` is when the last work
    before the period ended (None: long ago); ``rested`` says that the first week has its rest, or needs none.
    """

    def __init__(
        self,
        times: Sequence[tuple[int, int]],
        least: int,
        weight: int | None,
        weekdays: Sequence[int],
        ended: int | None,
        rested: bool,
    ) -> None:
        """Raises TooManyStatesError if the rest is longer than six days: older weeks would matter, too."""
        if least > _LONGEST:
            raise TooManyStatesError
        self._times, self.least, self.weight = tuple(times), least, weight
        self._weekdays = tuple(weekdays)
        first = -least if ended is None else max(ended, -least)
        known = {first: 0}
        queue = [first]
        for value in queue:
            for after in (value, *(max(value, end) for _, end in self._times[1:])):
                after = max(after - DAY, -least)
                if after not in known:
                    known[after] = len(known)
                    queue.append(after)
        self._values = np.array(queue)
        self._after = np.array(
            [
                [known[max(max(value, end) - DAY, -least)] for value in queue]
                for end in (-least, *(end for _, end in self._times[1:]))
            ]
        )
        self.size = 4 * len(known)
        self.initial = 2 + rested

    def labels(self) -> Sequence[Hashable]:
        return self._times

    def step(self, states: Ints, day: int, kind: int) -> tuple[Ints, Floats]:
        ended = self._values[states // 4]
        last, this = states // 2 % 2 == 1, states % 2 == 1
        week = -DAY * self._weekdays[day]
        until = (self._times[kind][0] if kind else DAY) - self.least
        last = last | (np.maximum(ended, week - 7 * DAY) <= np.minimum(until, week - 1))
        this = this | (np.maximum(ended, week) <= until)
        cost = np.zeros(len(states))
        if kind:
            cost += ~last * price(self.weight)
            last = np.ones_like(last)
        after = self._after[kind][states // 4]
        if day == len(self._weekdays) - 1:  # nobody works any more
            ended = self._values[after] + DAY
            cost += (~last & (ended >= week)) * price(self.weight)
            cost += (~this & (ended >= week + 7 * DAY)) * price(self.weight)
            return np.full_like(states, self.initial), cost
        if self._weekdays[day] == 6:
            last, this = this, np.zeros_like(this)
        return 4 * after + 2 * last + this, cost

    def key(self) -> Hashable:
        return (
            "long rest",
            self._times,
            self.least,
            self.weight,
            self._weekdays,
            int(self._values[0]),
            self.initial,
        )
