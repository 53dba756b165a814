"""Rosters of long periods, or of rules that are too many for one automaton: window by window.

First everybody gets a pattern for one window of two weeks after another, with as much of the minutes and
weekends as is due by then. Then windows of a few weeks are planned as in ``pattern_search``, against all that
stands before and after: one after the other through the period, and then anywhere again.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from scheduling.people import Person
from scheduling.problem import Problem
from scheduling.roster import Roster
from scheduling.solver.budget import Budget
from scheduling.solver.incumbent import roster_of
from scheduling.solver.load import Covers
from scheduling.solver.long_periods import LongPeriods
from scheduling.solver.options import Floats, Ints, Options
from scheduling.solver.pattern_search import PatternSearch
from scheduling.solver.patterns.walkers import Loose
from scheduling.solver.patterns.windows import Limits, WindowWalker, WindowWalkers, weekends_of

_FIRST_WEEKS: Final = 2
_WEEKS: Final = 4
_ONWARD: Final = 14
"""Days after a window that must be possible somehow."""
_THROUGH: Final = 0.5
"""The share of what is left that planning every window once takes."""
_AGAIN: Final = 0.06
"""The share of all that a window takes that is planned again."""
_RELAXING: Final = 60
"""A linear program takes about as much work as so many walks of everybody."""
_BOUND: Final = 0.1

Tell = Callable[[Roster, int, float, str], None]


class LongSearch:
    """One search. ``tell`` hears of every better roster and bound."""

    def __init__(self, options: Options, budget: Budget, seed: int, tell: Tell) -> None:
        """Raises TooManyStatesError if the daily rules of somebody remember too much."""
        self.options, self.budget, self.seed, self.tell = options, budget, seed, tell
        self.chance = np.random.default_rng(seed)
        self.periods, self.covers = LongPeriods(options), Covers(options)
        days, people = options.problem.days, len(options.problem.people)
        self.patterns: Ints = np.zeros((people, days), np.int64)
        self.counts = np.zeros(self.covers.price.shape[:2], np.int64)
        self.states: Ints = np.zeros((people, days + 1), np.int64)
        price = self.covers.price
        self.worth: Floats = (price[:, :, 0] - price[:, :, 1]).clip(0).astype(float)
        self.objective: int | None = None
        self.bound = -np.inf
        self.hopeless: int | None = None
        """Somebody for whom no pattern was found."""
        mondays = [day for day in range(1, days) if self.periods.weekdays[day] == 0]
        self._edges = [0, *mondays, days]

    @property
    def done(self) -> bool:
        """Whether time is over, or the best roster is proven."""
        if self.budget.over:
            return True
        return self.objective is not None and self.objective <= np.ceil(self.bound - 1e-6)

    def run(self, start: Ints | None = None) -> None:
        """Search until done. Raises OverError if the budget is over before there is a roster; returns without
        one if somebody cannot have any.
        """
        if not (start is not None and self._take(start)) and not self._forward():
            return
        weeks = len(self._edges) - 1
        length = min(weeks, _WEEKS)
        if length < weeks:
            self._lift()
        places = [*range(0, weeks - length, length), weeks - length]
        for number, place in enumerate(places):
            if self.done:
                return
            share = 1.0 if len(places) == 1 else 1 / (len(places) / _THROUGH - number)
            self._plan(self._edges[place], self._edges[place + length], share)
        self._lift()
        while not self.done and length < weeks:
            place = int(self.chance.integers(0, weeks - length + 1))
            share = min(1.0, _AGAIN / max(1e-9, 1 - self.budget.used))
            self._plan(self._edges[place], self._edges[place + length], share)

    # ------------------------------------------------------------------ the roster

    def put(self, person: int, first: int, pattern: Ints) -> None:
        """Give a person other days from ``first`` on."""
        after = first + len(pattern)
        days = np.arange(first, after)
        shift_of = self.covers.shift_of
        for by, some in ((-1, self.patterns[person, first:after]), (1, pattern)):
            works = some > 0
            np.add.at(self.counts, (days[works], shift_of[some[works]]), by)
        self.patterns[person, first:after] = pattern
        personal = self.periods.shares[person].personal
        chosen = personal.class_of[self.patterns[person]]
        state = int(self.states[person, first])
        for day in range(first, self.options.problem.days):
            state = int(personal.daily.ahead[chosen[day], state])
            if day >= after and self.states[person, day + 1] == state:
                break
            self.states[person, day + 1] = state

    def _take(self, start: Ints) -> bool:
        """Take over a roster given, if it is legal."""
        for person, pattern in enumerate(start):
            if self.periods.shares[person].personal.class_of[pattern].min() < 0:
                return False
            self.put(person, 0, pattern)
        if self._told("start"):
            return True
        self.patterns[:], self.counts[:], self.states[:] = 0, 0, 0
        return False

    def _told(self, phase: str) -> bool:
        """Tell of the roster there is, if it is better than any before; whether it is legal."""
        days = np.arange(self.options.problem.days)
        own = 0.0
        for person, pattern in enumerate(self.patterns):
            walker = self._walker(person, 0, len(days))
            own += walker.cost(pattern)
        if not np.isfinite(own):
            return False
        objective = self.options.base + round(own) + self.covers.cost(self.counts)
        if self.objective is None or objective < self.objective:
            self.objective = objective
            self.tell(roster_of(self.options, self.patterns), objective, self.bound, phase)
        return True

    def _lift(self) -> None:
        """A better bound, if there is one."""
        part = self.budget.part(_BOUND)
        bound = self.periods.bound(self.covers, self.worth, part)
        self.budget.spend(part.spent)
        if bound > self.bound and self.objective is not None:
            self.bound = bound
            self.tell(roster_of(self.options, self.patterns), self.objective, bound, "bound")

    # ------------------------------------------------------------------ windows

    def _walker(self, person: int, first: int, after: int, *, due: float | None = None) -> WindowWalker:
        """A person's walker for a window against the days before it and those after it; or, with ``due``
        (the share of the period that is over then), with what is due by then and any days after it.
        """
        share = self.periods.shares[person]
        daily = share.personal.daily
        days = self.options.problem.days
        pattern = self.patterns[person]
        outside = np.ones(days, bool)
        outside[first:after] = False
        if due is not None:
            outside[after:] = False
        chosen = share.personal.class_of[pattern]
        used = int(share.personal.units[chosen[outside]].sum())
        weekends = weekends_of((pattern > 0) & outside, self.periods.weekdays)
        least, most = share.least, share.most
        ends: int | None = share.weekends
        part = 1.0
        if due is not None and due < 1:
            slack, part = int(share.personal.units.max()), due
            least, most = int(least * due) - slack, min(most, int(most * due) + slack)
            ends = None if ends is None else int(np.ceil(ends * due))
        loose = tuple(
            Loose(
                limit.kinds,
                int(np.ceil(limit.most * part)) - int(np.isin(pattern[outside], limit.kinds).sum()),
            )
            for limit in share.loose
        )
        state = int(self.states[person, first])
        if due is None and after < days:
            end = daily.to_go(chosen[after:], int(self.states[person, after]))
        elif after < days:
            ahead = self.options.cost[person, after : after + _ONWARD].astype(float)
            end = daily.way_on(share.personal.by_class(ahead))
        else:
            end = daily.way_on(np.zeros((0, len(share.personal.units))))
        limits = Limits(least - used, most - used, None if ends is None else ends - weekends, loose, end)
        return self.periods.walker(person, first, after, state, limits)

    def _forward(self) -> bool:
        """A first roster, window by window; False if somebody cannot have any."""
        edges = self._first_edges()
        for number, after in enumerate(edges[1:], 1):
            due = after / self.options.problem.days
            for person in self.chance.permutation(len(self.patterns)):
                if not self._first_pattern(int(person), edges[:number], after, due):
                    self.hopeless = int(person)
                    return False
        return self._told("windows")

    def _first_edges(self) -> list[int]:
        weeks = len(self._edges) - 1
        if weeks <= _WEEKS + 1:
            return [0, self.options.problem.days]
        edges = self._edges[:-1:_FIRST_WEEKS]
        return [*edges, self.options.problem.days]

    def _first_pattern(self, person: int, edges: list[int], after: int, due: float) -> bool:
        """Cheap days of a person for the last window of these; if there are none, more windows back anew, and
        then with any part of the minutes. False if nothing will do.
        """
        for share in (due, None):
            for first in reversed(edges):
                self.budget.check()
                if first < edges[-1]:
                    self.put(person, first, np.zeros(after - first, np.int64))
                walker = (
                    self._walker(person, first, after, due=share)
                    if share is not None
                    else (self._any(person, first, after))
                )
                prices = self.covers.of_kinds(self.covers.one_more(self.counts))[first:after]
                self.budget.spend(walker.work)
                pattern = walker.some(prices)
                if pattern is not None:
                    self.put(person, first, pattern)
                    return True
        return False

    def _any(self, person: int, first: int, after: int) -> WindowWalker:
        """A walker for a first window with no limit but those of the whole period."""
        walker = self._walker(person, first, after, due=min(0.999999, after / self.options.problem.days))
        if after == self.options.problem.days:
            return self._walker(person, first, after, due=1.0)
        share, used = self.periods.shares[person], 0
        chosen = share.personal.class_of[self.patterns[person, :first]]
        used = int(share.personal.units[chosen].sum())
        limits = replace(walker.limits, least=0, most=share.most - used)
        return self.periods.walker(person, first, after, walker.state, limits)

    def _plan(self, first: int, after: int, share: float) -> None:
        """A window anew: by a linear program for everybody, if there is time for one, and by groups."""
        people = len(self.patterns)
        walkers = WindowWalkers(lambda person: self._walker(person, first, after), people)
        now = self.patterns[:, first:after].copy()
        part = self.budget.part(share)
        seed = int(self.chance.integers(0, 2**31))
        search = PatternSearch(self._of_window(first, after), part, seed, lambda *_: None, walkers)
        relaxing = _RELAXING * sum(walkers[person].work for person in range(people))
        whole = after - first == self.options.problem.days
        search.run(now, 0, None if whole or relaxing < part.left else self.worth[first:after])
        self.budget.spend(part.spent)
        if whole and self.objective is not None and search.bound + self.options.base > self.bound:
            self.bound = search.bound + self.options.base
            self.tell(roster_of(self.options, self.patterns), self.objective, self.bound, "bound")
        if search.worth.any():
            self.worth[first:after] = search.worth
        if search.best is None or np.array_equal(search.best.patterns, now):
            return
        for person, pattern in enumerate(search.best.patterns):
            if not np.array_equal(pattern, now[person]):
                self.put(person, first, pattern)
        self._told("windows")

    def _of_window(self, first: int, after: int) -> Options:
        """What people may be given in a window."""
        problem = self.options.problem
        covers = tuple(
            replace(one, day=one.day - first) for one in problem.covers if first <= one.day < after
        )
        people = tuple(Person(one.id) for one in problem.people)
        window = Options(
            Problem(problem.date_of(first), after - first, problem.shifts, people, covers=covers)
        )
        window.cost = self.options.cost[:, first:after]
        return window
