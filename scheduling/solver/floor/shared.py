"""Rules about several people at once: what they cost now, and about what one more shift would change.

``ILLEGAL`` is the price of each time a hard one is broken: more than all else, so that a search that
begins with illegal rosters finds its way out.
"""

from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np

from scheduling.problem import Problem
from scheduling.rules import Fairness, Reserve, Together
from scheduling.solver.options import Floats, Ints, Options

ILLEGAL: Final = 1e7
_URGENT: Final = 3000.0
"""What breaking a hard rule is taken for in prices: more than a shift is worth, less than what may not be."""


class SharedRule(Protocol):
    """A rule over the patterns of several people."""

    def put(self, person: int, pattern: Ints) -> None:
        """A person has this pattern from now on."""
        ...

    def take(self, person: int) -> None:
        """A person has none from now on."""
        ...

    def cost(self) -> float:
        """What it costs now; ``ILLEGAL`` for each time a hard one is broken."""
        ...

    def prices(self, person: int, found: Floats) -> None:
        """Add to prices by (day, kind) about what a person who has none now would change."""
        ...


def shared_rules(problem: Problem, options: Options) -> list[SharedRule]:
    """One for each rule about several people."""
    found: list[SharedRule] = []
    for rule in problem.rules:
        if isinstance(rule, Fairness):
            found.append(Fair(problem, options, rule))
        elif isinstance(rule, Together):
            found.append(InTeams(problem, options, rule))
        elif isinstance(rule, Reserve):
            found.append(InReserve(problem, options, rule))
    return found


def concerned(problem: Problem, rule: Fairness | Together | Reserve) -> list[int]:
    """The places of those a rule is about."""
    place = {person.id: number for number, person in enumerate(problem.people)}
    return [place[person.id] for person in problem.concerned(rule.who)]


def _weight(weight: int | None) -> tuple[float, float]:
    """What breaking a rule costs, and what it is taken for in prices."""
    return (ILLEGAL, _URGENT) if weight is None else (float(weight), float(weight))


class Fair:
    """One rule of fairness. ``counts`` are what those concerned have, with what history carries over."""

    def __init__(self, problem: Problem, options: Options, rule: Fairness) -> None:
        self.problem, self.options, self.rule = problem, options, rule
        self.people = concerned(problem, rule)
        self.row = {person: row for row, person in enumerate(self.people)}
        self._weight, self._urgent = _weight(rule.weight)
        self._before = np.array(
            [problem.people[person].history.counts.get(rule.of, 0) for person in self.people], np.int64
        )
        self._weekend = np.array([day - problem.weekday(day) for day in range(problem.days)])
        self._on_weekend = np.array([problem.weekday(day) >= 5 for day in range(problem.days)])
        self._holidays = np.array([day in problem.holidays for day in range(problem.days)])
        self._named = np.array([False, *(kind.named((rule.of,)) for kind in options.kinds)])
        self._worked = np.array([0, *(kind.worked for kind in options.kinds)])
        self.counts = self._before.copy()

    def put(self, person: int, pattern: Ints) -> None:
        if person in self.row:
            self.counts[self.row[person]] = self.count(person, pattern)

    def take(self, person: int) -> None:
        """Their count stays until they are put again: nobody is taken out for good."""

    def count(self, person: int, pattern: Ints) -> int:
        """What a pattern has of it, with the history."""
        of, works = self.rule.of, pattern > 0
        if of == "days":
            has = int(works.sum())
        elif of == "hours":
            has = int(self._worked[pattern].sum()) // 60
        elif of == "weekends":
            has = len(set(self._weekend[works & self._on_weekend].tolist()))
        elif of == "holidays":
            has = int((works & self._holidays).sum())
        elif of == "wishes":
            has = self._wishes(person, pattern)
        else:
            has = int(self._named[pattern].sum())
        return has + int(self._before[self.row[person]])

    def _wishes(self, person: int, pattern: Ints) -> int:
        granted = 0
        for wish in self.problem.people[person].wishes:
            kind = int(pattern[wish.day])
            works = kind > 0 and self.options.kinds[kind - 1].named(wish.shifts)
            granted += works is wish.want
        return granted

    def cost(self) -> float:
        if len(self.counts) < 2:
            return 0.0
        beyond = int(self.counts.max() - self.counts.min()) - self.rule.tolerance
        return max(0, beyond) * self._weight

    def prices(self, person: int, found: Floats) -> None:
        if person not in self.row or len(self.counts) < 2:
            return
        now = int(self.counts[self.row[person]])
        others = np.delete(self.counts, self.row[person])
        high, low = int(others.max()), int(others.min())
        slope = self._urgent * ((now >= high) - (now <= low))
        if not slope or max(high, now) - min(low, now) < self.rule.tolerance:
            return
        of = self.rule.of
        if of == "weekends":
            found[self._on_weekend, 1:] += slope / 2
        elif of == "holidays":
            found[self._holidays, 1:] += slope
        elif of == "hours":
            found += slope * self._worked[None, :] / 60
        elif of == "days":
            found[:, 1:] += slope
        elif of != "wishes":
            found[:, self._named] += slope


class InTeams:
    """Members of a team have the same shift on a day: how many have which, by (team, day, shift)."""

    def __init__(self, problem: Problem, options: Options, rule: Together) -> None:
        self._weight, self._urgent = _weight(rule.weight)
        place = {shift.id: number for number, shift in enumerate(problem.shifts)}
        self._shift = np.array([-1, *(place[kind.shift.id] for kind in options.kinds)])
        members = [one for one in concerned(problem, rule) if problem.people[one].team]
        teams = sorted({problem.people[one].team for one in members})
        self._team = {one: teams.index(problem.people[one].team) for one in members}
        self._has = np.zeros((len(teams), problem.days, len(problem.shifts)), np.int64)
        self._patterns: dict[int, Ints] = {}

    def put(self, person: int, pattern: Ints) -> None:
        if person in self._team:
            self._patterns[person] = pattern
            self._change(person, pattern, 1)

    def take(self, person: int) -> None:
        if person in self._patterns:
            self._change(person, self._patterns.pop(person), -1)

    def _change(self, person: int, pattern: Ints, by: int) -> None:
        days = np.nonzero(pattern)[0]
        self._has[self._team[person], days, self._shift[pattern[days]]] += by

    def cost(self) -> float:
        kinds = (self._has > 0).sum(axis=2)
        return float(np.maximum(0, kinds - 1).sum()) * self._weight

    def prices(self, person: int, found: Floats) -> None:
        if person not in self._team:
            return
        has = self._has[self._team[person]] > 0
        new = has.any(axis=1)[:, None] & ~has
        found[:, 1:] += self._urgent * new[:, self._shift[1:]]


class InReserve:
    """Of those at work on a day some per cent are in reserve: how many are, and how many there are."""

    def __init__(self, problem: Problem, options: Options, rule: Reserve) -> None:
        self.rule = rule
        self._weight, self._urgent = _weight(rule.weight)
        self._people = set(concerned(problem, rule))
        self._reserve = np.array([False, *(kind.shift.reserve for kind in options.kinds)])
        self._have = np.zeros(problem.days, np.int64)
        self._at_work = np.zeros(problem.days, np.int64)
        self._patterns: dict[int, Ints] = {}

    def put(self, person: int, pattern: Ints) -> None:
        if person in self._people:
            self._patterns[person] = pattern
            self._have += self._reserve[pattern]
            self._at_work += pattern > 0

    def take(self, person: int) -> None:
        if person in self._patterns:
            pattern = self._patterns.pop(person)
            self._have -= self._reserve[pattern]
            self._at_work -= pattern > 0

    def cost(self) -> float:
        return float(self._times(self._have, self._at_work).sum()) * self._weight

    def _times(self, have: Ints, at_work: Ints) -> Ints:
        missing = -((100 * have - self.rule.least_percent * at_work) // 100)
        beyond = -((self.rule.most_percent * at_work - 100 * have) // 100)
        times: Ints = np.maximum(0, np.maximum(missing, beyond))
        return times

    def prices(self, person: int, found: Floats) -> None:
        if person not in self._people:
            return
        now = self._times(self._have, self._at_work)
        floats = self._times(self._have + 1, self._at_work + 1) - now
        others = self._times(self._have, self._at_work + 1) - now
        found[:, self._reserve] += self._urgent * floats[:, None]
        found[:, 1:][:, ~self._reserve[1:]] += self._urgent * others[:, None]


def total(rules: Sequence[SharedRule]) -> float:
    """What all together cost."""
    return sum(rule.cost() for rule in rules)
