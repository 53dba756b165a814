"""A window of a person's period: the cheapest pattern of some days, against days before and after that stand.

For periods too long for one automaton (``layers.py``). What the rules remember from day to day alone (rest,
runs) is one small automaton that is the same every day; minutes, weekends and the like, which only their sum
over the period limits, are counted beside it, from the window's first day. So the states of a day are a box
(state, minutes, weekends), and the cheapest way through it needs nothing built.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from scheduling.solver.options import FORBIDDEN, Floats, Ints
from scheduling.solver.patterns.counters import Counter
from scheduling.solver.patterns.layers import TooManyStatesError
from scheduling.solver.patterns.walkers import Loose, Walk, kept, tolled

_IMPOSSIBLE: Final = FORBIDDEN / 2
_MOST_STATES: Final = 3000
_SATURDAY: Final = 5
_SUNDAY: Final = 6


class Daily:
    """What rules remember from day to day, over ``classes`` of kinds (0: free), as one automaton.

    ``ahead[class, state]`` is the state after, ``cost[class, state]`` what it costs (infinite: may not be).
    State 0 is that before the period; the last one is that of dead ends.
    """

    def __init__(self, counters: Sequence[Counter], classes: int) -> None:
        """``counters`` do the same on every day. Raises TooManyStatesError."""
        first = tuple(counter.initial for counter in counters)
        known = {first: 0}
        queue = [first]
        rows: list[list[tuple[tuple[int, ...], float]]] = []
        for state in queue:
            row = []
            for kind in range(classes):
                steps = [
                    counter.step(np.array([part]), 0, kind)
                    for counter, part in zip(counters, state, strict=True)
                ]
                after = tuple(int(step[0][0]) for step in steps)
                cost = sum(float(step[1][0]) for step in steps)
                if cost < _IMPOSSIBLE and after not in known:
                    known[after] = len(known)
                    queue.append(after)
                row.append((after, cost))
            rows.append(row)
            if len(known) > _MOST_STATES:
                raise TooManyStatesError
        dead = len(known)
        self.size = dead + 1
        self.ahead: Ints = np.full((classes, self.size), dead)
        self.cost: Floats = np.full((classes, self.size), np.inf)
        for number, row in enumerate(rows):
            for kind, (after, cost) in enumerate(row):
                if cost < _IMPOSSIBLE:
                    self.ahead[kind, number] = known[after]
                    self.cost[kind, number] = cost

    def after(self, state: int, chosen: Sequence[int] | Ints) -> tuple[int, float]:
        """The state after some days of classes, and their cost."""
        total = 0.0
        for kind in chosen:
            total += float(self.cost[kind, state])
            state = int(self.ahead[kind, state])
        return state, total

    def to_go(self, chosen: Ints, state: int) -> Floats:
        """What days of classes cost from each state on, but for what they cost from ``state``; infinite where
        they may not be.
        """
        states = np.arange(self.size)
        costs = np.zeros(self.size)
        base = 0.0
        for kind in chosen:
            costs += self.cost[kind, states]
            base += float(self.cost[kind, state])
            states = self.ahead[kind, states]
            state = int(self.ahead[kind, state])
            if (states[np.isfinite(costs)] == state).all():
                break
        return costs - base

    def way_on(self, by_class: Floats) -> Floats:
        """0 for each state from which days of costs (days, classes) can be worked somehow, else infinite."""
        value = np.zeros(self.size)
        value[-1] = np.inf
        open_ = by_class < _IMPOSSIBLE
        for day in range(len(by_class) - 1, -1, -1):
            ways = np.where(np.isfinite(self.cost) & open_[day][:, None], value[self.ahead], np.inf)
            value = ways.min(axis=0)
        return np.where(np.isfinite(value), 0.0, np.inf)

    def cheapest(self, by_class: Floats) -> float:
        """The least cost of the whole period by daily rules alone, from state 0."""
        value = np.zeros(self.size)
        value[-1] = np.inf
        for day in range(len(by_class) - 1, -1, -1):
            value = (self.cost + by_class[day][:, None] + value[self.ahead]).min(axis=0)
        return float(value[0])


@dataclass(frozen=True, slots=True)
class Personal:
    """What a person may do, whenever: their daily rules, the kinds of each class, and units of working
    minutes by class.
    """

    daily: Daily
    members: tuple[Ints, ...]
    units: Ints
    class_of: Ints

    def by_class(self, costs: Floats) -> Floats:
        """The cheapest kind's cost by (day, class)."""
        return np.stack([costs[:, kinds].min(axis=1) for kinds in self.members], axis=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a window may use up: ``least`` to ``most`` units of minutes, ``weekends``, and days with some
    kinds; ``end`` is what each daily state at the window's end costs from there on.
    """

    least: int
    most: int
    weekends: int | None
    loose: tuple[Loose, ...]
    end: Floats


class WindowWalker:
    """A person's patterns for a window, like ``Walker``. ``own`` are costs by (day, 1 + kinds)."""

    def __init__(
        self, person: Personal, state: int, own: Floats, weekdays: Sequence[int], limits: Limits
    ) -> None:
        self.person, self.state, self.own, self.limits = person, state, own, limits
        self._weekdays = weekdays
        longest = int(person.units.max())
        self._minutes = 1 + max(0, min(limits.most, longest * len(weekdays)))
        ends = sum(day == _SUNDAY for day in weekdays) + (weekdays[-1] == _SATURDAY)
        bound = limits.weekends is not None and limits.weekends < ends
        self._weekends = 1 + max(0, limits.weekends or 0) if bound else 0  # 0: not counted
        self.loose = limits.loose

    @property
    def work(self) -> float:
        """What one walk counts in a ``Budget``."""
        states = self.person.daily.size * self._minutes * max(1, self._weekends)
        return float(len(self._weekdays) * len(self.person.members) * (states * 2e-9 + 1e-5))

    def some(self, prices: Floats) -> Ints | None:
        """A legal pattern that is cheap, in a walk or two; None if none is found."""
        costs = self.own + prices
        found = self._walk(costs)
        if found is None:
            return None
        pattern = kept(self._walk, costs, self.loose, found[1])
        if pattern is None and (walk := self.cheapest(prices)) is not None:
            pattern = walk.pattern
        return pattern

    def cheapest(self, prices: Floats) -> Walk | None:
        """The cheapest legal pattern under own costs and ``prices`` (days, 1 + kinds); None if there is none.

        Where a loose limit binds, the pattern is legal but perhaps not the cheapest; ``least`` holds.
        """
        costs = self.own + prices
        best = self._walk(costs)
        if best is None:
            return None
        return tolled(self._walk, costs, self.loose, Walk(best[1], best[0]))

    def cost(self, pattern: Ints) -> float:
        """What a pattern costs by itself. Infinite if it is not legal."""
        own = self.own[np.arange(len(pattern)), pattern]
        if own.max() >= _IMPOSSIBLE:
            return np.inf
        chosen = self.person.class_of[pattern]
        minutes = int(self.person.units[chosen].sum())
        if not self.limits.least <= minutes <= self.limits.most:
            return np.inf
        if any(limit.broken(pattern) for limit in self.loose):
            return np.inf
        if self._weekends and weekends_of(pattern > 0, self._weekdays) >= self._weekends:
            return np.inf
        state, rules = self.person.daily.after(self.state, chosen)
        return float(own.sum()) + rules + float(self.limits.end[state])

    # ------------------------------------------------------------------ the cheapest way through the box

    def _walk(self, costs: Floats) -> tuple[float, Ints] | None:
        by_class = self.person.by_class(costs)
        by_class[by_class >= _IMPOSSIBLE] = np.inf
        values = self._values(by_class)
        total = float(values[0][0][self.state, 0, 0])
        if not total < _IMPOSSIBLE:
            return None
        return total, self._follow(values, by_class, costs)

    def _values(self, by_class: Floats) -> list[tuple[Floats, Floats]]:
        """For each day the least cost to the end by (state, minutes used, weekends used): without work on the
        Saturday before, and with it.
        """
        daily = self.person.daily
        box = daily.size, self._minutes, max(1, self._weekends)
        end = np.full(box, np.inf)
        end[:, max(0, self.limits.least) : self.limits.most + 1] = self.limits.end[:, None, None]
        values = [(end, end)]
        for day in range(len(by_class) - 1, -1, -1):
            calm, begun = values[-1]
            weekday = self._weekdays[day] if self._weekends else 0
            then = begun if weekday == _SATURDAY else calm
            if weekday in (_SATURDAY, _SUNDAY):
                counted = np.full(box, np.inf)
                counted[:, :, :-1] = then[:, :, 1:]
            else:
                counted = then
            value = self._day(by_class[day], calm, counted)
            # who has worked on Saturday has the weekend counted already
            values.append((value, self._day(by_class[day], calm, calm) if weekday == _SUNDAY else value))
        values.reverse()
        return values

    def _day(self, prices: Floats, free: Floats, worked: Floats) -> Floats:
        daily, units = self.person.daily, self.person.units
        value: Floats = np.take(free, daily.ahead[0], axis=0)
        value += (daily.cost[0] + prices[0])[:, None, None]
        for place in range(1, len(prices)):
            used = int(units[place])
            if prices[place] == np.inf or used >= self._minutes:
                continue
            way = np.take(worked[:, used:], daily.ahead[place], axis=0)
            way += (daily.cost[place] + prices[place])[:, None, None]
            part = value[:, : self._minutes - used]
            np.minimum(part, way, out=part)
        return value

    def _follow(self, values: list[tuple[Floats, Floats]], by_class: Floats, costs: Floats) -> Ints:
        daily, units = self.person.daily, self.person.units
        state, minutes, weekends, begun = self.state, 0, 0, False
        pattern = np.zeros(len(by_class), np.int64)
        for day in range(len(by_class)):
            weekday = self._weekdays[day] if self._weekends else 0
            best, chosen, then = np.inf, 0, (state, minutes, weekends, False)
            for place in range(len(self.person.members)):
                works = place > 0
                saturday = works and weekday == _SATURDAY
                ahead = int(daily.ahead[place, state])
                more = weekends + (saturday or (works and weekday == _SUNDAY and not begun))
                used = minutes + int(units[place])
                if used >= self._minutes or more >= max(1, self._weekends):
                    continue
                value = values[day + 1][saturday][ahead, used, more]
                way = float(by_class[day, place] + daily.cost[place, state] + value)
                if way < best:
                    best, chosen, then = way, place, (ahead, used, more, saturday)
            state, minutes, weekends, begun = then
            kinds = self.person.members[chosen]
            pattern[day] = kinds[costs[day, kinds].argmin()]
        return pattern


def weekends_of(works: npt.NDArray[np.bool_], weekdays: Sequence[int]) -> int:
    """Weekends with work on Saturday or Sunday, of days with these weekdays."""
    found = 0
    for day, weekday in enumerate(weekdays):
        if works[day] and weekday >= _SATURDAY:
            found += weekday == _SATURDAY or not (day and works[day - 1])
    return found


class WindowWalkers:
    """The walkers of a window, in the problem's order, made when asked for; like ``Walkers``."""

    def __init__(self, make: Callable[[int], WindowWalker], people: int) -> None:
        self._make = make
        self._all: list[WindowWalker | None] = [None] * people

    def __getitem__(self, place: int) -> WindowWalker:
        walker = self._all[place]
        if walker is None:
            walker = self._all[place] = self._make(place)
        return walker

    def __len__(self) -> int:
        return len(self._all)
