"""Everybody's cheapest period at once under values of people in intervals, and what no roster is below.

A roster is a period for each person and numbers of people who serve each demand in each interval. Say that
a person who serves demand d in interval t is worth v[d, t]: whoever is there is paid as much as the best
of their demands is worth (of either sign: everybody there serves one of them), and the demand pays v[d, t]
for each who serves it. No roster's demands pay more than its people are paid, so it costs no less than its
parts with the payments; and the sum of the least costs of all parts, each by itself, is below every
roster, whatever the values are (Lagrangean relaxation, Geoffrion 1974).

What is left out costs nothing less than 0 in any roster: covers, and rules about several people. Of breaks
that meet the same interval see ``DayShape.least``. An activity is left out at its weight, or it is
somewhere in its window: an interval that it fills is lost (nobody is in a break or another activity at the
same minutes), one that it only touches may have been lost already and counts only if that makes it
cheaper. On a reserve shift it changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from scheduling.problem import DAY, Problem
from scheduling.rules import Activity
from scheduling.solver.budget import Budget
from scheduling.solver.floor.plan import Plan, Planner
from scheduling.solver.floor.presence import Presence
from scheduling.solver.floor.slopes import Slopes
from scheduling.solver.options import FORBIDDEN, Floats, Ints, Options
from scheduling.solver.patterns.walkers import Walkers, cheapest_of_many

Group = tuple[int, ...]
"""The demands somebody can serve."""
_ASKING: float = 3e-4
"""Work of one person's answer beside a share of their walk."""
_TOGETHER: float = 0.3


@dataclass(slots=True)
class Answer:
    """``plans`` are the cheapest periods of those asked, without activities; ``doing`` the cheapest intervals
    of each activity of a group (none: left out); ``bound`` is below every roster if everybody was asked.
    """

    bound: float
    plans: dict[int, Plan]
    doing: "dict[Doing, Ints]"


@dataclass(frozen=True, slots=True)
class Doing:
    """An activity of people who can serve the same."""

    group: Group
    activity: Activity


class Oracle:
    """Answers for a problem on the floor. ``doing`` says how many of a group have an activity."""

    def __init__(self, problem: Problem, options: Options, walkers: Walkers, planner: Planner) -> None:
        self.problem, self.options, self.walkers, self.planner = problem, options, walkers, planner
        past = Presence(problem)
        self.group_of: list[Group] = past.group_of
        self.groups = sorted({*past.groups, ()})
        self.past: dict[Group, Ints] = {
            group: past.placed[number].sum(axis=0) for number, group in enumerate(past.groups)
        }
        early = max([0, *(int(one.max(initial=0)) for one in self.past.values())])
        self.demands = [
            Slopes(demand, early + sum(place in group for group in self.group_of))
            for place, demand in enumerate(problem.demands)
        ]
        self.doing: dict[Doing, int] = {}
        self._free = 0.0
        for person, activities in enumerate(planner.activities):
            for one in activities:
                if self.group_of[person]:
                    key = Doing(self.group_of[person], one)
                    self.doing[key] = self.doing.get(key, 0) + 1
        self._alike: dict[tuple[int, Group], list[int]] = {}
        for person, group in enumerate(self.group_of):
            self._alike.setdefault((id(walkers[person].rules), group), []).append(person)
        possible = (options.cost.min(axis=(0, 1)) < FORBIDDEN // 2).nonzero()[0]
        self._kinds: Ints = possible[possible > 0]

    def prices(self, values: Floats) -> dict[Group, Floats]:
        """What being on the telephone costs a group in each interval: what it is worth, below 0."""
        found = {group: -values[list(group)].max(axis=0) for group in self.groups if group}
        found[()] = np.zeros(self.problem.intervals)
        return found

    def ask(self, values: Floats, budget: Budget, people: Iterable[int] | None = None) -> Answer | None:
        """The cheapest period of everybody, or of ``people``, under ``values`` by (demand, interval). None if
        somebody has no legal period, or the budget ends.
        """
        prices = self.prices(values)
        asked = None if people is None else set(people)
        plans: dict[int, Plan] = {}
        bound = float(self.options.base)
        by_kind: dict[Group, Floats] = {}
        sums = {group: np.concatenate([[0.0], np.cumsum(price)]) for group, price in prices.items()}
        shifts = _Shifts(self.planner, sums)
        for (_, group), alike in self._alike.items():
            those = [one for one in alike if asked is None or one in asked]
            if not those:
                continue
            if budget.over:
                return None
            if group not in by_kind:
                by_kind[group] = self.planner.least_prices(prices[group], self._kinds)
            walkers = [self.walkers[one] for one in those]
            budget.spend(sum(one.work * _TOGETHER + _ASKING for one in walkers))
            for person, walk in zip(
                those, cheapest_of_many(walkers, [by_kind[group]] * len(those)), strict=True
            ):
                if walk is None:
                    return None
                bound += walk.least
                plans[person] = shifts.plan(walk.pattern, group, self.walkers[person].cost(walk.pattern))
        bound += sum(float(past @ prices[group]) for group, past in self.past.items())
        bound += sum(one.least(values[place]) for place, one in enumerate(self.demands))
        doing = {}
        for key, many in self.doing.items():
            least, doing[key] = self._least(key, prices[key.group], sums[key.group])
            bound += many * least
        return Answer(bound, plans, doing)

    def _least(self, key: Doing, price: Floats, sums: Floats) -> tuple[float, Ints]:
        """The least that an activity changes, and the intervals it takes for that."""
        one, grain = key.activity, self.problem.interval_minutes
        spared = np.concatenate([[0.0], np.cumsum(np.minimum(0.0, -price))])
        days = np.arange(max(0, one.first_day), min(self.problem.days, one.last_day + 1))
        begins = (days[:, None] * DAY + np.arange(one.earliest, one.latest + 1, one.step)[None, :]).ravel()
        most = self.problem.intervals
        least = float(FORBIDDEN) if one.weight is None else float(one.weight)
        nowhere = np.zeros(0, np.int64)
        if not len(begins):
            return least, nowhere
        from_, to = begins // grain, np.minimum(-(-(begins + one.minutes) // grain), most)
        from_ = np.minimum(from_, most)
        inner = np.clip(-(-begins // grain), from_, to)
        end = np.clip((begins + one.minutes) // grain, inner, to)
        lost = sums[inner] - sums[end] + spared[inner] - spared[from_] + spared[to] - spared[end]
        if any(self.options.kinds[kind - 1].shift.reserve for kind in self._kinds):
            least = min(least, 0.0)  # who is in reserve is not on the telephone
        best = int(lost.argmin())
        if lost[best] >= least:
            return least, nowhere
        return float(lost[best]), np.arange(from_[best], to[best])


class _Shifts:
    """Plans under the prices of groups; what a shift of a day looks like is found once."""

    def __init__(self, planner: Planner, sums: dict[Group, Floats]) -> None:
        self._planner, self._sums = planner, sums
        self._layouts: dict[tuple[Group, int], list[tuple[int, ...]]] = {}
        self._times: dict[tuple[Group, int, int], Ints] = {}

    def plan(self, pattern: Ints, group: Group, own: float) -> Plan:
        plan = Plan(pattern, own=own)
        times = []
        for day in np.nonzero(pattern)[0].tolist():
            kind = int(pattern[day])
            if (group, kind) not in self._layouts:
                self._layouts[group, kind] = self._planner.shapes[kind - 1].layouts(self._sums[group])
            plan.layouts[day] = self._layouts[group, kind][day]
            if (group, kind, day) not in self._times:
                self._times[group, kind, day] = self._planner.times_of(day, kind, plan.layouts[day])
            times.append(self._times[group, kind, day])
        if times:
            plan.times = np.unique(np.concatenate(times))
        return plan
