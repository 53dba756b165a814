"""What must be remembered of a person's days to say what the next one costs: a counter for each rule family.

A counter has a small number of states, numbered from 0. ``step`` takes states through a day on which one kind
is worked (kind 0: free) and says what that costs; ``close`` says what is due after the last day. A person's
rules together are the product of their counters (``layers.py``), so one cheapest path is an exact answer to
all of them.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import Protocol

import numpy as np

from scheduling.solver.options import FORBIDDEN, Floats, Ints


class Counter(Protocol):
    """States of one rule (or of several that count the same)."""

    size: int
    initial: int

    def labels(self) -> Sequence[Hashable]:
        """For each kind what this counter sees of it: kinds of equal labels are one to it."""
        ...

    def step(self, states: Ints, day: int, kind: int) -> tuple[Ints, Floats]:
        """The states after the day, and its cost; ``FORBIDDEN`` or more where it may not be."""
        ...

    def key(self) -> Hashable:
        """Counters of equal keys do the same."""
        ...


def price(weight: int | None) -> float:
    """What a rule costs each time; a hard one forbids."""
    return float(FORBIDDEN) if weight is None else float(weight)


def _none(states: Ints) -> Floats:
    return np.zeros(len(states))


class Memory:
    """What the last shift forbids or prices in the days after it: rest and forbidden successions.

    ``after[k]`` are rows of costs by kind for 1, 2, … days after kind k (for kind 0 none). A state is what is
    left of such rows; ``past`` are those of the last shift before the period, as of day 0.
    """

    Rows = tuple[tuple[float, ...], ...]

    def __init__(self, after: Sequence[Rows], past: Rows) -> None:
        self.after, self.past = after, past
        known: dict[Memory.Rows, int] = {}
        for rows in ((), past, *after):
            for first in range(len(rows) + 1):
                known.setdefault(rows[first:], len(known))
        self.size, self.initial = len(known), known[past]
        self._of = np.array([known[rows] for rows in after])
        self._next = np.array([known[rows[1:]] for rows in known])
        none = (0.0,) * len(after)
        self._cost = np.array([rows[0] if rows else none for rows in known])

    def labels(self) -> Sequence[Hashable]:
        columns = self._cost.T
        return [(self.after[kind], columns[kind].tobytes()) for kind in range(len(self.after))]

    def step(self, states: Ints, day: int, kind: int) -> tuple[Ints, Floats]:
        if kind == 0:
            return self._next[states], _none(states)
        return np.full_like(states, self._of[kind]), self._cost[states, kind]

    def key(self) -> Hashable:
        return "memory", tuple(self.after), self.past


class Run:
    """Days in a row of some kinds (``inside``), at least ``least`` and at most ``most`` of them.

    States: 0 outside; 1 … cap days so far; cap + n the same in a run from the unknown past, which is never
    too short; 2 · cap + 1 the first known day is still to come.
    """

    def __init__(
        self, inside: Sequence[bool], least: int, most: int | None, weight: int | None, past: Sequence[bool]
    ) -> None:
        self.inside, self.least, self.most, self.weight = tuple(inside), least, most, weight
        self._cap = max(least, most or 0, 1)
        self.size = 2 * self._cap + 2
        state = np.array([2 * self._cap + 1])
        for within in past:
            state, _ = self._move(state, within)
        self.initial = int(state[0])

    def labels(self) -> Sequence[Hashable]:
        return self.inside

    def step(self, states: Ints, day: int, kind: int) -> tuple[Ints, Floats]:
        return self._move(states, self.inside[kind])

    def _move(self, states: Ints, within: bool) -> tuple[Ints, Floats]:
        cap = self._cap
        fresh = states == 2 * cap + 1
        old = (states > cap) & ~fresh
        length = np.where(fresh, 0, np.where(old, states - cap, states))
        if not within:
            missing = np.where(old | fresh | (length == 0), 0, np.maximum(0, self.least - length))
            return np.zeros_like(states), missing * price(self.weight)
        beyond = np.zeros(len(states)) if self.most is None else (length >= self.most).astype(float)
        longer = np.minimum(length + 1, cap)
        unfinished = (old | fresh) & (longer < self.least)
        return longer + cap * unfinished, beyond * price(self.weight)

    def key(self) -> Hashable:
        return "run", self.inside, self.least, self.most, self.weight, self.initial


class Totals:
    """A sum over spans of days, with what it costs at the end of each.

    ``amounts`` are per kind; ``spans`` are (first day, day after, price of a total), inside the period and
    one after the other. A total beyond ``most`` is never let be, if there is a ``most`` and no amount is
    negative.
    """

    Span = tuple[int, int, Callable[[int], float]]

    def __init__(self, amounts: Sequence[int], spans: Sequence[Span], most: int | None = None) -> None:
        unit = int(np.gcd.reduce([abs(one) for one in amounts])) or 1
        self.amounts = tuple(one // unit for one in amounts)
        longest = max(after - first for first, after, _ in spans)
        self._low = longest * min(0, *self.amounts)
        high = longest * max(0, *self.amounts)
        self._hard = most is not None and self._low == 0
        if most is not None and self._hard:
            high = min(high, most // unit)
        self.size = high - self._low + 1
        self.initial = -self._low
        totals = [(self._low + place) * unit for place in range(self.size)]
        self._ends = {after - 1: np.array([cost(total) for total in totals]) for _, after, cost in spans}
        self._inside = frozenset(day for first, after, _ in spans for day in range(first, after))

    def labels(self) -> Sequence[Hashable]:
        return self.amounts

    def step(self, states: Ints, day: int, kind: int) -> tuple[Ints, Floats]:
        if day not in self._inside:
            return states, _none(states)
        after = states + self.amounts[kind]
        cost: Floats = np.where(self._hard & (after >= self.size), float(FORBIDDEN), 0.0)
        after = np.clip(after, 0, self.size - 1)
        if day in self._ends:
            cost += self._ends[day][after]
            after = np.full_like(states, self.initial)
        return after, cost

    def key(self) -> Hashable:
        ends = tuple((day, cost.tobytes()) for day, cost in sorted(self._ends.items()))
        return "totals", self.amounts, self._hard, self.size, self.initial, tuple(sorted(self._inside)), ends


class Weekends:
    """Weekends with a shift on Saturday or Sunday, at most ``most`` in each span.

    ``first_of_span`` are the Saturdays (days) with which the count begins anew. States: 3 · count + flag; the
    flag says that the Saturday was worked (1), or was so before the period began (2).
    """

    def __init__(
        self,
        weekdays: Sequence[int],
        most: int,
        weight: int | None,
        first_of_span: frozenset[int],
        count: int,
        flag: int,
        kinds: int,
    ) -> None:
        self._weekdays, self.most, self.weight = tuple(weekdays), most, weight
        self._spans, self._kinds = first_of_span, kinds
        self._cap = max(most, count) + (weight is not None)
        self.size = 3 * (self._cap + 1)
        self.initial = 3 * min(count, self._cap) + flag

    def labels(self) -> Sequence[Hashable]:
        return [kind > 0 for kind in range(self._kinds)]

    def step(self, states: Ints, day: int, kind: int) -> tuple[Ints, Floats]:
        weekday = self._weekdays[day]
        if weekday < 5:
            return states, _none(states)
        count, flag = states // 3, states % 3
        if weekday == 5:
            if day in self._spans:
                count = np.zeros_like(count)
            new = np.full(len(states), kind > 0)
            again = np.zeros(len(states), bool)
        else:
            new = (flag == 0) & (kind > 0)
            again = (flag == 2) & (kind > 0) & (count > self.most)
        broken = (new & (count >= self.most)) | again
        cost = np.where(broken, price(self.weight), 0.0)
        count = np.minimum(count + new, self._cap)
        return 3 * count + (1 if weekday == 5 and kind else 0), cost

    def key(self) -> Hashable:
        return "weekends", self._weekdays, self.most, self.weight, self._spans, self.initial, self._cap


class Window:
    """The last days, each with an amount, priced together every day.

    ``amounts`` are per kind and not negative, ``days`` the length of the window; ``cost(day, totals)`` is the
    price on a day of what the days of the window that lie in the period have together. ``name`` tells apart
    windows of different costs.
    """

    def __init__(
        self,
        amounts: Sequence[int],
        days: int,
        cost: Callable[[int, Ints], Floats],
        name: Hashable,
    ) -> None:
        self.amounts, self._cost, self._name = tuple(amounts), cost, name
        self._values = sorted({0, *self.amounts})
        self._place = {value: place for place, value in enumerate(self._values)}
        self._radix, self._digits = len(self._values), days - 1
        self.size = self._radix**self._digits
        self.initial = 0
        self._table = np.array(self._values)

    def labels(self) -> Sequence[Hashable]:
        return self.amounts

    def step(self, states: Ints, day: int, kind: int) -> tuple[Ints, Floats]:
        total = np.full_like(states, self.amounts[kind])
        rest = states
        for _ in range(self._digits):
            total = total + self._table[rest % self._radix]
            rest = rest // self._radix
        keep = self._radix ** max(0, self._digits - 1)
        after = (states % keep) * self._radix + self._place[self.amounts[kind]]
        return (after if self._digits else np.zeros_like(states)), self._cost(day, total)

    def key(self) -> Hashable:
        return "window", self.amounts, self._digits, self._name
