"""All rules of one person as one layered automaton, and the cheapest way through it.

A *pattern* is what a person works over the whole period: one kind a day. The product of the person's counters
is walked forward from the first day, day by day, over all states at once; then merged backward: states that
have the same future are one. What is left is small (hundreds to thousands of states for a month), and the
cheapest pattern under any costs of (day, kind) is exact and takes about a millisecond. Kinds that no counter
tells apart are one class; within a class the cheapest kind of the day is taken.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from scheduling.solver.options import FORBIDDEN, Floats, Ints
from scheduling.solver.patterns.counters import Counter

MOST_STATES = 400_000
"""States of one day beyond which a person's rules are too many to be walked like this."""
_IMPOSSIBLE = FORBIDDEN / 2
_ODD = np.uint64(0x9E3779B97F4A7C15)


class TooManyStatesError(Exception):
    """The rules of a person remember too much."""


def classes_of(counters: Sequence[Counter], kinds: Sequence[int]) -> list[list[int]]:
    """Kinds (0 first) by what the counters see of them; each class in ascending order."""
    labels = [counter.labels() for counter in counters]
    found: dict[tuple[object, ...], list[int]] = {}
    for kind in kinds:
        found.setdefault((kind == 0, *(label[kind] for label in labels)), []).append(kind)
    return list(found.values())


class Layers:
    """The merged automaton of counters over ``classes`` kinds (0: free), in ``days`` layers of states."""

    def __init__(
        self,
        counters: Sequence[Counter],
        classes: int,
        days: int,
        *,
        most: int = MOST_STATES,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        """``check`` is called for each day, and may raise. Raises TooManyStatesError if a day has more than
        ``most`` states.
        """
        self.days, self.classes = days, classes
        self._check = check
        forward, costs, last = _walk(counters, range(classes), days, most, check)
        self._after: list[npt.NDArray[np.int32]] = []
        self._cost: list[Floats | None] = []
        self._merge(forward, costs, last)
        self.size = sum(after.shape[1] for after in self._after)
        self.arcs = self.size * classes

    def _merge(self, forward: list[Ints], costs: list[Floats], last: int) -> None:
        """Backward: states with the same way on become one, and dead ends; after the last day all are one."""
        numbers, dead = np.zeros(last, np.int64), 1
        for after, cost in zip(reversed(forward), reversed(costs), strict=True):
            self._check()
            ahead = np.append(numbers, dead)[after]  # a way that may not be has number -1, the last
            priced = bool(np.any(cost[ahead != dead]))
            signature = ahead.astype(float)
            if priced:
                signature = np.concatenate([signature, np.where(ahead == dead, 0.0, cost)], axis=1)
            first, place = _alike(signature)
            living = (ahead[first] != dead).any(axis=1)
            kept = first[living]
            self._after.append(np.ascontiguousarray(ahead[kept].T.astype(np.int32)))
            self._cost.append(np.ascontiguousarray(cost[kept].T) if priced else None)
            dead = len(kept)
            numbers = np.where(living, np.cumsum(living) - 1, dead)[place]
        self._after.reverse()
        self._cost.reverse()
        self.possible = dead > 0

    def cheapest(self, costs: Floats) -> tuple[float, Ints] | None:
        """The least cost of a pattern and the class of each day; None if there is none.

        ``costs`` has the shape (days, classes); ``FORBIDDEN`` and more is not taken.
        """
        if not self.possible:
            return None
        values: list[Floats] = [np.array([0.0, np.inf])]
        for day in range(self.days - 1, -1, -1):
            values.append(self._value(day, costs[day], values[-1]))
        values.reverse()
        total = float(values[0][0])
        if total >= _IMPOSSIBLE:
            return None
        pattern = np.zeros(self.days, np.int64)
        state = 0
        for day in range(self.days):
            ahead = self._after[day][:, state]
            way = values[day + 1][ahead] + costs[day]
            cost = self._cost[day]
            if cost is not None:
                way = way + cost[:, state]
            chosen = int(way.argmin())
            pattern[day] = chosen
            state = int(ahead[chosen])
        return total, pattern

    def cheapest_of_many(self, costs: Floats) -> tuple[Floats, Ints]:
        """``cheapest`` for many at once: ``costs`` by (person, day, class); the least costs, infinite where
        there is no pattern, and the classes by (person, day).
        """
        many = len(costs)
        patterns = np.zeros((many, self.days), np.int64)
        if not self.possible:
            return np.full(many, np.inf), patterns
        priced = np.where(costs >= _IMPOSSIBLE, np.inf, costs).transpose(1, 2, 0)
        values: list[Floats] = [np.vstack([np.zeros((1, many)), np.full((1, many), np.inf)])]
        for day in range(self.days - 1, -1, -1):
            after, cost = self._after[day], self._cost[day]
            value = np.full((after.shape[1] + 1, many), np.inf)
            for place in range(self.classes):
                way = values[-1].take(after[place], axis=0)
                way += priced[day, place]
                if cost is not None:
                    way += cost[place][:, None]
                np.minimum(value[:-1], way, out=value[:-1])
            values.append(value)
        values.reverse()
        columns = np.arange(many)
        states = np.zeros(many, np.int64)
        for day in range(self.days):
            ahead = self._after[day][:, states]
            way = values[day + 1][ahead, columns] + priced[day]
            cost = self._cost[day]
            if cost is not None:
                way = way + cost[:, states]
            patterns[:, day] = way.argmin(axis=0)
            states = ahead[patterns[:, day], columns].astype(np.int64)
        least = values[0][0]
        return np.where(least >= _IMPOSSIBLE, np.inf, least), patterns

    def _value(self, day: int, by_class: Floats, ahead: Floats) -> Floats:
        """The least cost from each state of a day to the end; the last is that of a dead end."""
        after, cost = self._after[day], self._cost[day]
        value = np.empty(after.shape[1] + 1)
        value[-1] = np.inf
        best = value[:-1]
        best.fill(np.inf)
        for place in range(len(by_class)):
            if by_class[place] >= _IMPOSSIBLE:
                continue
            way = ahead[after[place]]
            way += by_class[place]
            if cost is not None:
                way += cost[place]
            np.minimum(best, way, out=best)
        return value

    def rule_cost(self, pattern: Ints) -> float:
        """What the rules cost of a pattern of classes; infinite if it breaks a hard one."""
        total, state = 0.0, 0
        for day, chosen in enumerate(pattern):
            if state == self._after[day].shape[1]:
                return np.inf
            cost = self._cost[day]
            if cost is not None:
                total += float(cost[chosen, state])
            state = int(self._after[day][chosen, state])
        return total if state == 0 else np.inf


def _alike(rows: Floats) -> tuple[Ints, Ints]:
    """Equal rows: a row of each sort, and the sort of each row.

    Rows are told apart by a sum of their numbers at odd weights, which is quick; and looked at again, since
    different rows may have equal sums.
    """
    mixed = np.zeros(len(rows), np.uint64)
    for column in rows.T:
        mixed = mixed * _ODD + np.ascontiguousarray(column).view(np.uint64)
        mixed ^= mixed >> np.uint64(29)
    _, first, place = np.unique(mixed, return_index=True, return_inverse=True)
    if not np.array_equal(rows[first][place], rows):
        _, first, place = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    return first, place.ravel()


def cost_along(counters: Sequence[Counter], pattern: Ints) -> float:
    """What counters cost along a pattern of classes, without building their automaton."""
    states = [np.array([counter.initial]) for counter in counters]
    total = 0.0
    for day, chosen in enumerate(pattern):
        for place, counter in enumerate(counters):
            states[place], cost = counter.step(states[place], day, int(chosen))
            total += float(cost[0])
    return total if total < _IMPOSSIBLE else np.inf


def _walk(
    counters: Sequence[Counter], leads: Sequence[int], days: int, most: int, check: Callable[[], None]
) -> tuple[list[Ints], list[Floats], int]:
    """Forward over all states of each day.

    Returns for each day (states, classes) the number of the state after it (-1: may not be) and the cost, and
    how many states there are after the last day.
    """
    sizes = [counter.size for counter in counters]
    factors = np.cumprod([1, *sizes]).astype(object)
    if factors[-1] >= 2**62:
        raise TooManyStatesError
    layer: Ints = np.array([sum(c.initial * int(f) for c, f in zip(counters, factors, strict=False))])
    forward: list[Ints] = []
    costs: list[Floats] = []
    for day in range(days):
        check()
        parts = [(layer // int(f)) % size for f, size in zip(factors, sizes, strict=False)]
        keys = np.full((len(layer), len(leads)), -1, np.int64)
        cost = np.zeros((len(layer), len(leads)))
        for place, kind in enumerate(leads):
            key = np.zeros(len(layer), np.int64)
            for counter, part, factor in zip(counters, parts, factors, strict=False):
                after, price = counter.step(part, day, kind)
                key += after * int(factor)
                cost[:, place] += price
            keys[:, place] = np.where(cost[:, place] < _IMPOSSIBLE, key, -1)
        found, inverse = np.unique(keys, return_inverse=True)
        inverse = inverse.reshape(keys.shape)
        if len(found) and found[0] == -1:
            found, inverse = found[1:], inverse - 1
        if len(found) > most:
            raise TooManyStatesError
        forward.append(inverse)
        costs.append(np.where(inverse < 0, 0.0, cost))
        layer = found
    return forward, costs, len(layer)
