"""A person's period on the floor: the pattern with its breaks and activities, and when they take calls."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from scheduling.problem import DAY, Problem
from scheduling.roster import Assignment, Block
from scheduling.rules import Activity
from scheduling.solver.floor.day_shapes import DayShape
from scheduling.solver.floor.shared import ILLEGAL
from scheduling.solver.layouts import Layout, assignment, layouts
from scheduling.solver.options import Floats, Ints, Options
from scheduling.solver.patterns.walkers import Walker


@dataclass(slots=True)
class Plan:
    """``own`` is what it costs by itself: wishes, rules, activities missed. ``times`` are the intervals on
    the telephone, ascending.
    """

    pattern: Ints
    layouts: dict[int, Layout] = field(default_factory=dict)
    activities: dict[int, list[Block]] = field(default_factory=dict)
    own: float = 0.0
    times: Ints = field(default_factory=lambda: np.zeros(0, np.int64))


class Planner:
    """Fills patterns with breaks and activities where they cost least."""

    def __init__(self, problem: Problem, options: Options) -> None:
        self.problem, self.options = problem, options
        self.shapes = [DayShape(problem, kind) for kind in options.kinds]
        self._known_layouts: dict[int, set[Layout]] = {}
        self._reserve = np.array([False, *(kind.shift.reserve for kind in options.kinds)])
        place = {person.id: number for number, person in enumerate(problem.people)}
        self.activities: list[list[Activity]] = [[] for _ in problem.people]
        for rule in problem.activities:
            for person in problem.concerned(rule.who):
                self.activities[place[person.id]].append(rule)

    def is_reserve(self, kind: int) -> bool:
        """Whether those on a kind are in reserve, not on the telephone."""
        return bool(self._reserve[kind])

    def kind_prices(self, interval_prices: Floats, allowed: Ints) -> Floats:
        """What being on each kind on each day costs under prices of intervals, breaks at their best."""
        found = np.zeros((self.problem.days, 1 + len(self.options.kinds)))
        sums = np.concatenate([[0.0], np.cumsum(interval_prices)])
        for kind in allowed:
            if not self._reserve[kind]:
                found[:, kind] = self.shapes[kind - 1].worth(sums)
        return found

    def least_prices(self, interval_prices: Floats, allowed: Ints) -> Floats:
        """As ``kind_prices``, but never more than being on a kind costs, whatever its breaks are."""
        found = np.zeros((self.problem.days, 1 + len(self.options.kinds)))
        sums = np.concatenate([[0.0], np.cumsum(interval_prices)])
        spared = np.concatenate([[0.0], np.cumsum(np.minimum(0.0, -interval_prices))])
        for kind in allowed:
            if not self._reserve[kind]:
                found[:, kind] = self.shapes[kind - 1].least(sums, spared)
        return found

    def times_of(self, day: int, kind: int, layout: Layout) -> Ints:
        """The intervals on the telephone of one shift without activities."""
        if self._reserve[kind]:
            return np.zeros(0, np.int64)
        shape, grain = self.shapes[kind - 1], self.problem.interval_minutes
        first = int(shape.first[day])
        there = np.ones(max(0, int(shape.last[day]) - first), bool)
        due = shape.kind.shift.breaks_due(shape.kind.length)
        for at, one in zip(layout, due, strict=True):
            begin = day * DAY + at
            there[max(0, begin // grain - first) : max(0, -(-(begin + one.minutes) // grain) - first)] = False
        return np.nonzero(there)[0] + first

    def finish(self, person: int, plan: Plan, interval_prices: Floats) -> Plan:
        """Put a person's activities into a plan that has none, where they cost least under the prices."""
        sums = np.concatenate([[0.0], np.cumsum(interval_prices)])
        plan = Plan(plan.pattern, dict(plan.layouts), own=plan.own)
        for rule in self.activities[person]:
            if not self._place(plan, rule, sums):
                plan.own += ILLEGAL if rule.weight is None else rule.weight
        plan.times = self.times(plan)
        return plan

    def fill(self, person: int, pattern: Ints, interval_prices: Floats, pattern_cost: float) -> Plan:
        """The plan of a pattern with breaks and activities where they cost least under the prices."""
        plan = Plan(pattern, own=pattern_cost)
        sums = np.concatenate([[0.0], np.cumsum(interval_prices)])
        chosen: dict[int, list[Layout]] = {}
        for day in np.nonzero(pattern)[0]:
            kind = int(pattern[day])
            if kind not in chosen:
                chosen[kind] = self.shapes[kind - 1].layouts(sums)
            plan.layouts[int(day)] = chosen[kind][day]
        return self.finish(person, plan, interval_prices)

    def given(self, person: int, assignments: Sequence[Assignment], walker: Walker) -> Plan | None:
        """A person's part of a roster as a plan; None if it is not legal by itself."""
        plan = Plan(np.zeros(self.problem.days, np.int64))
        try:
            for one in assignments:
                kind = self.options.kind_of(one.shift, one.start, one.length)
                plan.pattern[one.day] = kind
                layout = tuple(block.start for block in one.breaks)
                if layout not in self._layouts(kind):
                    return None
                plan.layouts[one.day] = layout
                if one.activities:
                    plan.activities[one.day] = list(one.activities)
        except ValueError:
            return None
        plan.own = walker.cost(plan.pattern)
        done = [block.name for blocks in plan.activities.values() for block in blocks]
        for rule in self.activities[person]:
            if rule.id not in done:
                plan.own += ILLEGAL if rule.weight is None else rule.weight
        plan.times = self.times(plan)
        return plan if np.isfinite(plan.own) else None

    def _layouts(self, kind: int) -> set[Layout]:
        if kind not in self._known_layouts:
            self._known_layouts[kind] = set(layouts(self.options.kinds[kind - 1]))
        return self._known_layouts[kind]

    def _place(self, plan: Plan, rule: Activity, sums: Floats) -> bool:
        """Put an activity where being off the telephone costs least; whether there is room."""
        grain = self.problem.interval_minutes
        best: tuple[float, int, int] | None = None
        for day in range(max(0, rule.first_day), min(self.problem.days, rule.last_day + 1)):
            if not plan.pattern[day]:
                continue
            kind = self.options.kinds[plan.pattern[day] - 1]
            for begin in range(rule.earliest, rule.latest + 1, rule.step):
                end = begin + rule.minutes
                if begin < kind.start or end > kind.end or self._meets(plan, day, begin, end):
                    continue
                from_, to = (day * DAY + begin) // grain, -(-(day * DAY + end) // grain)
                lost = -float(sums[min(to, len(sums) - 1)] - sums[min(from_, len(sums) - 1)])
                if best is None or (lost, day, begin) < best:
                    best = lost, day, begin
        if best is None or (rule.weight is not None and best[0] > rule.weight):
            return False
        plan.activities.setdefault(best[1], []).append(Block(rule.id, best[2], rule.minutes))
        return True

    def _meets(self, plan: Plan, day: int, begin: int, end: int) -> bool:
        kind = self.options.kinds[plan.pattern[day] - 1]
        due = kind.shift.breaks_due(kind.length)
        pauses = [(at, at + one.minutes) for at, one in zip(plan.layouts[day], due, strict=True)]
        pauses += [(one.start, one.end) for one in plan.activities.get(day, [])]
        return any(start < end and begin < stop for start, stop in pauses)

    def times(self, plan: Plan) -> Ints:
        """The intervals of a plan on the telephone."""
        there = np.zeros(self.problem.intervals, bool)
        grain = self.problem.interval_minutes
        off: list[tuple[int, int]] = []
        for day, layout in plan.layouts.items():
            number = int(plan.pattern[day])
            if self._reserve[number]:
                continue
            shape = self.shapes[number - 1]
            there[shape.first[day] : shape.last[day]] = True
            due = shape.kind.shift.breaks_due(shape.kind.length)
            off += [(day * DAY + at, one.minutes) for at, one in zip(layout, due, strict=True)]
            off += [(day * DAY + one.start, one.minutes) for one in plan.activities.get(day, [])]
        for begin, minutes in off:
            there[begin // grain : -(-(begin + minutes) // grain)] = False
        return np.nonzero(there)[0]

    def assignments(self, person: int, plan: Plan) -> list[Assignment]:
        """A plan as assignments."""
        id = self.problem.people[person].id
        return [
            assignment(
                id,
                day,
                self.options.kinds[plan.pattern[day] - 1],
                layout,
                tuple(sorted(plan.activities.get(day, []), key=lambda block: block.start)),
            )
            for day, layout in sorted(plan.layouts.items())
        ]
