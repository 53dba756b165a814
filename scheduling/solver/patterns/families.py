"""The counters of a person: one function for each rule family that concerns one person alone.

What the families mean is said in ``scheduling/rules.py``. Of limits that look back into the history, the
period has what the past has left.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

import numpy as np

from scheduling.people import Contract, Person
from scheduling.problem import DAY, Problem
from scheduling.rules import (
    AverageHours,
    AverageShift,
    BreakDue,
    ConsecutiveDays,
    ConsecutiveDaysOff,
    DailyOvertime,
    HoursInWindow,
    MonthlyOvertime,
    Rest,
    RestDays,
    Rule,
    ShiftCount,
    Succession,
    Weekends,
    WeeklyRest,
)
from scheduling.solver.options import FORBIDDEN, Floats, Ints, Kind, begun_hours
from scheduling.solver.patterns.counters import Counter, Memory, Run, Totals, Window, price
from scheduling.solver.patterns.counters import Weekends as WeekendCounter
from scheduling.solver.patterns.long_rest import LongRest

OF_ONE_DAY: Final = (DailyOvertime, BreakDue)
"""Families that ``Options`` has settled already."""
COUNTED: Final = (
    Rest,
    Succession,
    ConsecutiveDays,
    ConsecutiveDaysOff,
    Weekends,
    ShiftCount,
    HoursInWindow,
    AverageHours,
    RestDays,
    MonthlyOvertime,
    AverageShift,
    WeeklyRest,
)
"""Families there are counters for."""


def is_counted(rule: Rule) -> bool:
    """Whether patterns keep this rule exactly."""
    return isinstance(rule, (*OF_ONE_DAY, *COUNTED))


class Families:
    """Makes the counters of one person; ``kinds`` are those of the problem, without being free."""

    def __init__(self, problem: Problem, kinds: Sequence[Kind], person: Person) -> None:
        self.problem, self.kinds, self.person = problem, kinds, person
        self.past = sorted(person.history.shifts, key=lambda one: one.day)
        self.known = person.history.known_days
        self._named: dict[tuple[str, ...], frozenset[str]] = {}

    def counters(self, rules: Iterable[Rule], contract: Contract) -> Iterator[Counter]:
        """The counters of all rules that are counted, and of the contract."""
        rules = list(rules)
        yield self._memory([one for one in rules if isinstance(one, Rest | Succession)])
        for rule in rules:
            if isinstance(rule, ConsecutiveDays):
                yield self._consecutive_days(rule)
            elif isinstance(rule, ConsecutiveDaysOff):
                yield self._consecutive_days_off(rule)
            elif isinstance(rule, Weekends):
                yield self._weekends(rule)
            elif isinstance(rule, ShiftCount):
                yield from self._shift_count(rule)
            elif isinstance(rule, HoursInWindow):
                yield self._hours_in_window(rule)
            elif isinstance(rule, AverageHours):
                yield self._average_hours(rule)
            elif isinstance(rule, RestDays):
                yield self._rest_days(rule)
            elif isinstance(rule, MonthlyOvertime):
                yield from self._monthly_overtime(rule)
            elif isinstance(rule, AverageShift):
                yield self._average_shift(rule)
            elif isinstance(rule, WeeklyRest):
                yield self._weekly_rest(rule)
        yield from self._contract_period(contract)
        yield from self._contract_weeks(contract)

    def daily(self, rules: Iterable[Rule]) -> list[Counter]:
        """The counters of rules that look at a few days in a row, and do the same on every day."""
        return list(self.counters(rules, Contract("")))

    # ------------------------------------------------------------------ between shifts

    def _memory(self, rules: Sequence[Rest | Succession]) -> Counter:
        after: list[Memory.Rows] = [()]
        after += [self._rows(kind.shift.id, kind.end, rules) for kind in self.kinds]
        past: Memory.Rows = ()
        if self.past:
            last = self.past[-1]
            rows = self._rows(last.shift, last.start + last.length, rules)
            past = rows[-last.day - 1 :]
        return Memory(after, past)

    def _rows(self, shift: str, end: int, rules: Sequence[Rest | Succession]) -> Memory.Rows:
        """Costs of each kind 1, 2, … days after this shift, as long as there are any."""
        longest = max([0, *(one.least_minutes for one in rules if isinstance(one, Rest))])
        rules = [one for one in rules if isinstance(one, Rest) or self._is(shift, one.first)]
        rows = []
        for days in range(1, (end + longest) // DAY + 2):
            row = [0.0]
            for kind in self.kinds:
                begin = days * DAY + kind.start
                cost = float(FORBIDDEN) if begin < end else 0.0
                for rule in rules:
                    if isinstance(rule, Rest):
                        broken = begin - end < rule.least_minutes
                    else:
                        broken = days == 1 and self._is(kind.shift.id, rule.then)
                    cost += price(rule.weight) * broken
                row.append(min(cost, float(FORBIDDEN)))
            rows.append(tuple(row))
        while rows and not any(rows[-1]):
            rows.pop()
        return tuple(rows)

    def _is(self, shift: str, names: tuple[str, ...]) -> bool:
        """Whether a shift, perhaps one of the past we do not know, is named; no names are all we know."""
        if names not in self._named:
            self._named[names] = self.problem.shifts_named(names)
        return shift in self._named[names]

    def _weekly_rest(self, rule: WeeklyRest) -> Counter:
        times = [(0, 0), *((kind.start, kind.end) for kind in self.kinds)]
        weekdays = [self.problem.weekday(day) for day in range(self.problem.days)]
        worked = [(one.day * DAY + one.start, one.day * DAY + one.start + one.length) for one in self.past]
        monday = -weekdays[0]
        rested = monday < -self.known or any(
            begin + rule.least_minutes <= 0
            and not any(start < begin + rule.least_minutes and begin < end for start, end in worked)
            for begin in (monday * DAY, *(end for _, end in worked))
            if begin >= monday * DAY
        )
        ended = max((end for _, end in worked), default=None)
        return LongRest(times, rule.least_minutes, rule.weight, weekdays, ended, rested)

    # ------------------------------------------------------------------ days in a row

    def _consecutive_days(self, rule: ConsecutiveDays) -> Counter:
        inside = [False, *(kind.named(rule.shifts) for kind in self.kinds)]
        days = {one.day for one in self.past if not rule.shifts or self._is(one.shift, rule.shifts)}
        return Run(inside, rule.least, rule.most, rule.weight, self._behind(days))

    def _consecutive_days_off(self, rule: ConsecutiveDaysOff) -> Counter:
        worked = {one.day for one in self.past}
        behind = [not day for day in self._behind(worked)]
        return Run([True] + [False] * len(self.kinds), rule.least, rule.most, rule.weight, behind)

    def _behind(self, days: set[int]) -> list[bool]:
        """For each known day before the period whether it is one of ``days``."""
        return [day in days for day in range(-self.known, 0)]

    def _rest_days(self, rule: RestDays) -> Counter:
        worked = {one.day for one in self.past}
        if rule.least == 1 and rule.days > 1:  # no window is worked through: at most days - 1 in a row
            inside = [False] + [True] * len(self.kinds)
            return Run(inside, 1, rule.days - 1, rule.weight, self._behind(worked))

        def cost(day: int, totals: Ints) -> Floats:
            first = day - rule.days + 1
            if first < -self.known:
                return np.zeros(len(totals))
            free_before = sum(one not in worked for one in range(first, min(0, day + 1)))
            inside = min(rule.days, day + 1)
            missing = min(rule.least - free_before, inside) - (inside - totals)
            return np.asarray(np.maximum(0, missing) * price(rule.weight), float)

        name = ("rest_days", rule.days, rule.least, rule.weight, self.known, tuple(sorted(worked)))
        return Window([0] + [1] * len(self.kinds), rule.days, cost, name)

    # ------------------------------------------------------------------ spans of days

    def _weekends(self, rule: Weekends) -> Counter:
        problem = self.problem
        weekdays = [problem.weekday(day) for day in range(problem.days)]
        saturdays = [day for day in range(-1, problem.days) if problem.weekday(day) == 5]
        spans: set[int] = set()
        count = flag = 0
        if rule.per == "month":
            worked = {one.day for one in self.past}
            previous = None
            for day in saturdays:
                month = (problem.date_of(day).year, problem.date_of(day).month)
                if previous is not None and month != previous:
                    spans.add(day)
                previous = month
            if saturdays:
                count, flag = self._weekends_before(saturdays[0], worked)
        return WeekendCounter(
            weekdays, rule.most, rule.weight, frozenset(spans), count, flag, 1 + len(self.kinds)
        )

    def _weekends_before(self, saturday: int, worked: set[int]) -> tuple[int, int]:
        """Weekends worked before the period in the month of its first Saturday, and the flag of that one."""
        date_of = self.problem.date_of
        month = (date_of(saturday).year, date_of(saturday).month)
        earlier = [
            day
            for day in range(saturday - 35, saturday, 7)
            if (date_of(day).year, date_of(day).month) == month and not worked.isdisjoint((day, day + 1))
        ]
        begun = saturday == -1 and -1 in worked
        return len(earlier) + begun, 2 * begun

    def _shift_count(self, rule: ShiftCount) -> Iterator[Counter]:
        amounts = [0, *(int(kind.named(rule.shifts)) for kind in self.kinds)]
        spans = []
        for span in self._spans(rule.per):
            before = sum(
                one.day in span and (not rule.shifts or self._is(one.shift, rule.shifts)) for one in self.past
            )
            owed = rule.least if span.start >= 0 and span.stop <= self.problem.days else 0
            most = None if rule.most is None else max(0, rule.most - before * (rule.per != "period"))
            spans.append(self._limits(span, owed, most, rule.weight, int))
        yield self._totals(amounts, spans, rule.most if rule.weight is None else None)

    def _spans(self, per: str) -> list[range]:
        """Periods, calendar weeks or months that meet the period; the ranges may reach out of it."""
        if per == "period":
            return [range(self.problem.days)]
        found: list[range] = []
        begin = -40
        for day in range(-39, self.problem.days + 41):
            date = self.problem.date_of(day)
            if date.day == 1 if per == "month" else date.weekday() == 0:
                found.append(range(begin, day))
                begin = day
        return [span for span in found if span.stop > 0 and span.start < self.problem.days]

    def _limits(
        self, span: range, least: int, most: int | None, weight: int | None, times: Callable[[int], int]
    ) -> Totals.Span:
        """A span with a price below ``least`` and beyond ``most``; ``times`` makes times of an amount."""

        def cost(total: int) -> float:
            beyond = 0 if most is None else max(0, total - most)
            count = times(max(0, least - total)) + times(beyond)
            return count * price(weight) if count else 0.0

        return max(0, span.start), min(self.problem.days, span.stop), cost

    def _totals(self, amounts: Sequence[int], spans: Sequence[Totals.Span], most: int | None) -> Totals:
        return Totals(amounts, spans, most)

    # ------------------------------------------------------------------ minutes

    def _minutes(self) -> list[int]:
        return [0, *(kind.worked for kind in self.kinds)]

    def _hours_in_window(self, rule: HoursInWindow) -> Counter:
        def cost(day: int, totals: Ints) -> Floats:
            before = sum(one.worked for one in self.past if one.day >= day - rule.days + 1)
            beyond = np.maximum(0, totals - max(0, rule.most_minutes - before))
            return np.asarray(-(-beyond // 60) * price(rule.weight), float)

        past = tuple((one.day, one.worked) for one in self.past)
        name = ("hours", rule.days, rule.most_minutes, rule.weight, past)
        return Window(self._minutes(), rule.days, cost, name)

    def _average_hours(self, rule: AverageHours) -> Counter:
        days = max(self.problem.days, min(rule.over_days, self.problem.days + self.known))
        before = sum(one.worked for one in self.past if one.day >= self.problem.days - days)
        most = max(0, rule.most_minutes_a_week * days // 7 - before)
        span = self._limits(range(self.problem.days), 0, most, rule.weight, begun_hours)
        return self._totals(self._minutes(), [span], most if rule.weight is None else None)

    def _monthly_overtime(self, rule: MonthlyOvertime) -> Iterator[Counter]:
        def over(minutes: int) -> int:
            return max(0, minutes - rule.normal_minutes)

        spans = []
        for month in self._spans("month"):
            before = sum(over(one.worked) for one in self.past if one.day in month)
            most = max(0, rule.most_minutes - before)
            spans.append(self._limits(month, 0, most, rule.weight, begun_hours))
        amounts = [over(minutes) for minutes in self._minutes()]
        if any(amounts):
            yield self._totals(amounts, spans, rule.most_minutes if rule.weight is None else None)

    def _average_shift(self, rule: AverageShift) -> Counter:
        amounts = [0, *((kind.worked - rule.most_minutes) * kind.named(rule.shifts) for kind in self.kinds)]
        span = self._limits(range(self.problem.days), -FORBIDDEN, 0, rule.weight, begun_hours)
        return Totals(amounts, [span])

    def _contract_period(self, contract: Contract) -> Iterator[Counter]:
        if contract.period_least is None and contract.period_most is None:
            return
        credit = sum(leave.minutes for leave in self.person.leave)
        least = max(0, (contract.period_least or 0) - credit)
        span = self._limits(
            range(self.problem.days), least, contract.period_most, contract.weight, begun_hours
        )
        yield self._totals(self._minutes(), [span], contract.period_most if contract.weight is None else None)

    def _contract_weeks(self, contract: Contract) -> Iterator[Counter]:
        if contract.week_least is None and contract.week_most is None:
            return
        spans = []
        for week in self._spans("week"):
            owed = 0
            if week.start >= 0 and week.stop <= self.problem.days:
                credit = sum(leave.minutes for leave in self.person.leave if leave.day in week)
                owed = max(0, (contract.week_least or 0) - credit)
            before = sum(one.worked for one in self.past if one.day in week)
            most = None if contract.week_most is None else max(0, contract.week_most - before)
            spans.append(self._limits(week, owed, most, contract.weight, begun_hours))
        yield self._totals(self._minutes(), spans, contract.week_most if contract.weight is None else None)
