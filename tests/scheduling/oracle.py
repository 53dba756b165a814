"""A second judge, naive on purpose: people are sets of half hours and calendar dates, all there is is tried.

It shares nothing with the first one but the definitions, and says only sums: for each family how much is
broken and what it costs.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from typing import Any

from scheduling.people import Person
from scheduling.problem import Problem
from scheduling.roster import Assignment, Roster
from scheduling.rules import Activity

HALF = 30
Sums = dict[tuple[str, bool], tuple[int, int]]
"""For each family, hard or not: how much is broken, what it costs."""


@dataclass
class Diary:
    """What one person does, by date and by half hour (0: midnight before the first day)."""

    person: Person
    shift: dict[int, str]
    paid: dict[int, int]
    slots: dict[int, set[int]]

    def at_work(self) -> set[int]:
        return set().union(*self.slots.values()) if self.slots else set()

    def string(self, days: int, works: Callable[[str], bool]) -> str:
        """``X`` for each day that counts, ``.`` for others, from the first known day on."""
        known = self.person.history.known_days
        return "".join(
            "X" if day in self.shift and works(self.shift[day]) else "." for day in range(-known, days)
        )


class Oracle:
    def __init__(self, problem: Problem, roster: Roster) -> None:
        self.problem, self.roster = problem, roster
        self.sums: defaultdict[tuple[str, bool], list[int]] = defaultdict(lambda: [0, 0])
        self.shifts = {one.id: one for one in problem.shifts}
        self.diaries = {person.id: self._diary(person) for person in problem.people}

    def _diary(self, person: Person) -> Diary:
        diary = Diary(person, {}, {}, {})
        for past in person.history.shifts:
            begin = past.day * 48 + past.start // HALF
            diary.shift[past.day], diary.paid[past.day] = past.shift, past.worked
            diary.slots[past.day] = set(range(begin, begin + past.length // HALF))
        for one in self.roster.assignments:
            if one.person == person.id:
                begin = one.day * 48 + one.start // HALF
                unpaid = sum(
                    b.minutes
                    for b in self.shifts[one.shift].breaks
                    if not b.paid and b.from_length <= one.length
                )
                diary.shift[one.day], diary.paid[one.day] = one.shift, one.length - unpaid
                diary.slots[one.day] = set(range(begin, begin + one.length // HALF))
        return diary

    # -------------------------------------------------------------- sums

    def broken(self, family: str, weight: int | None, times: int) -> None:
        if times > 0:
            sums = self.sums[family, weight is None]
            sums[0] += times
            sums[1] += times * (weight or 0)

    def said(self) -> Sums:
        for rule in self.problem.rules:
            people = [self.diaries[p.id] for p in self.problem.people if self._concerned(p, rule)]
            for times in getattr(self, rule.rule)(rule, people):
                self.broken(rule.rule, rule.weight, times)
        self._always()
        self._contracts()
        self._activities()
        self._staffing()
        return {key: (amount, cost) for key, (amount, cost) in self.sums.items()}

    def _concerned(self, person: Person, rule: Any) -> bool:
        who = rule.who
        if not (who.people or who.teams or who.contracts or who.branches):
            return True
        return person.id in who.people or person.team in who.teams

    def _named(self, names: tuple[str, ...]) -> Callable[[str], bool]:
        def works(shift: str) -> bool:
            if not names:
                return True
            return shift in self.shifts and any(
                name == shift or name in self.shifts[shift].marks for name in names
            )

        return works

    def _date(self, day: int) -> date:
        return self.problem.start + timedelta(days=day)

    def _days(self) -> range:
        return range(self.problem.days)

    # -------------------------------------------------------------- days

    def rest(self, rule: Any, people: list[Diary]) -> Any:
        for diary in people:
            for day in self._days():
                before = [one for one in diary.slots if one < day]
                if day in diary.slots and before:
                    gap = min(diary.slots[day]) - max(diary.slots[max(before)]) - 1
                    yield gap * HALF < rule.least_minutes

    def succession(self, rule: Any, people: list[Diary]) -> Any:
        for diary in people:
            for day in self._days():
                yield (
                    day in diary.shift
                    and day - 1 in diary.shift
                    and self._named(rule.first)(diary.shift[day - 1])
                    and self._named(rule.then)(diary.shift[day])
                )

    def consecutive_days(self, rule: Any, people: list[Diary]) -> Any:
        for diary in people:
            yield from self._runs(rule, diary.string(self.problem.days, self._named(rule.shifts)), "X", diary)

    def consecutive_days_off(self, rule: Any, people: list[Diary]) -> Any:
        for diary in people:
            yield from self._runs(rule, diary.string(self.problem.days, lambda _: True), ".", diary)

    def _runs(self, rule: Any, text: str, letter: str, diary: Diary) -> Any:
        known = diary.person.history.known_days
        for run in re.finditer(f"[{letter}]+", text):
            begin, end = run.start() - known, run.end() - known
            if rule.most is not None:
                yield len([day for day in range(begin, end) if day - begin >= rule.most and day >= 0])
            inside = run.start() > 0 and run.end() < len(text) and end >= 0
            yield rule.least - (end - begin) if inside else 0

    def weekends(self, rule: Any, people: list[Diary]) -> Any:
        for diary in people:
            by_month: dict[Any, dict[date, list[int]]] = defaultdict(lambda: defaultdict(list))
            for day in diary.shift:
                if rule.per == "period" and day < 0:
                    continue
                when = self._date(day)
                if when.weekday() >= 5:
                    saturday = when - timedelta(days=when.weekday() - 5)
                    month = "all" if rule.per == "period" else (saturday.year, saturday.month)
                    by_month[month][saturday].append(day)
            for worked in by_month.values():
                old = sum(min(days) < 0 for days in worked.values())
                yield (len(worked) - old) - max(0, rule.most - old)

    def shift_count(self, rule: Any, people: list[Diary]) -> Any:
        def span(when: date) -> Any:
            return {"period": 0, "week": when.isocalendar()[:2], "month": (when.year, when.month)}[rule.per]

        for diary in people:
            worked = [day for day, shift in diary.shift.items() if self._named(rule.shifts)(shift)]
            if rule.per == "period":
                worked = [day for day in worked if day >= 0]
            for one in {span(self._date(day)) for day in self._days()}:
                mine = [day for day in worked if span(self._date(day)) == one]
                old = sum(day < 0 for day in mine)
                if rule.most is not None:
                    yield (len(mine) - old) - max(0, rule.most - old)
                whole = rule.per == "period" or not {
                    span(self._date(-1)),
                    span(self._date(self.problem.days)),
                } & {one}
                yield rule.least - len(mine) if whole else 0

    def rest_days(self, rule: Any, people: list[Diary]) -> Any:
        for diary in people:
            known = diary.person.history.known_days
            for day in self._days():
                window = list(range(day - rule.days + 1, day + 1))
                if window[0] >= -known:
                    best = sum(one >= 0 or one not in diary.shift for one in window)
                    yield min(rule.least, best) - sum(one not in diary.shift for one in window)

    def weekly_rest(self, rule: Any, people: list[Diary]) -> Any:
        for diary in people:
            busy, known = diary.at_work(), diary.person.history.known_days
            for monday in range(-self.problem.start.weekday(), self.problem.days, 7):
                moments = range(monday * 48, (monday + 7) * 48)
                need = rule.least_minutes // HALF
                rests = any(all(slot not in busy for slot in range(m, m + need)) for m in moments)
                yield monday >= -known and not rests

    # -------------------------------------------------------------- hours

    def _hours(self, inside: int, before: int, most: int) -> int:
        return math.ceil(Fraction(inside - max(0, most - before), 60))

    def _split(self, diary: Diary, keep: Callable[..., bool]) -> tuple[int, int]:
        inside = sum(paid for day, paid in diary.paid.items() if day >= 0 and keep(day))
        return inside, sum(paid for day, paid in diary.paid.items() if day < 0 and keep(day))

    def hours_in_window(self, rule: Any, people: list[Diary]) -> Any:
        for diary in people:
            for last in self._days():
                yield self._hours(
                    *self._split(diary, lambda day, last=last: last - rule.days < day <= last),
                    rule.most_minutes,
                )

    def average_hours(self, rule: Any, people: list[Diary]) -> Any:
        for diary in people:
            span = list(range(-diary.person.history.known_days, self.problem.days))
            back = max(self.problem.days, rule.over_days)
            span = span[-back:]
            most = math.floor(Fraction(rule.most_minutes_a_week * len(span), 7))
            yield self._hours(*self._split(diary, lambda day, span=span: day in span), most)

    def daily_overtime(self, rule: Any, people: list[Diary]) -> Any:
        for diary in people:
            for day in self._days():
                over = diary.paid.get(day, 0) - rule.normal_minutes - rule.most_minutes
                yield math.ceil(over / 60)

    def monthly_overtime(self, rule: Any, people: list[Diary]) -> Any:
        for diary in people:
            for month in {(self._date(day).year, self._date(day).month) for day in self._days()}:
                extra = {day: max(0, paid - rule.normal_minutes) for day, paid in diary.paid.items()}
                mine = Diary(diary.person, {}, extra, {})
                yield self._hours(
                    *self._split(
                        mine, lambda day, month=month: (self._date(day).year, self._date(day).month) == month
                    ),
                    rule.most_minutes,
                )

    def average_shift(self, rule: Any, people: list[Diary]) -> Any:
        for diary in people:
            mine = [
                diary.paid[day]
                for day in self._days()
                if day in diary.shift and self._named(rule.shifts)(diary.shift[day])
            ]
            yield math.ceil((sum(mine) - rule.most_minutes * len(mine)) / 60)

    def break_due(self, rule: Any, people: list[Diary]) -> Any:
        ids = {diary.person.id for diary in people}
        for one in self.roster.assignments:
            yield (
                one.person in ids
                and one.length > rule.after_minutes
                and (sum(b.minutes for b in one.breaks) < rule.least_minutes)
            )

    # -------------------------------------------------------------- groups

    def together(self, rule: Any, people: list[Diary]) -> Any:
        for team in {diary.person.team for diary in people} - {""}:
            for day in self._days():
                has = {d.shift[day] for d in people if d.person.team == team and day in d.shift}
                yield len(has) - 1

    def reserve(self, rule: Any, people: list[Diary]) -> Any:
        for day in self._days():
            shifts = [d.shift[day] for d in people if day in d.shift]
            have = sum(self.shifts[shift].reserve for shift in shifts)
            yield math.ceil(Fraction(rule.least_percent * len(shifts), 100) - have)
            yield math.ceil(have - Fraction(rule.most_percent * len(shifts), 100))

    def fairness(self, rule: Any, people: list[Diary]) -> Any:
        counts = [self._count(rule.of, d) + d.person.history.counts.get(rule.of, 0) for d in people]
        if counts:
            yield max(counts) - min(counts) - rule.tolerance

    def _count(self, of: str, diary: Diary) -> int:
        mine = [day for day in diary.shift if day >= 0]
        if of == "days":
            return len(mine)
        if of == "hours":
            return math.floor(sum(diary.paid[day] for day in mine) / 60)
        if of == "weekends":
            return len({self._date(day).isocalendar()[:2] for day in mine if self._date(day).weekday() > 4})
        if of == "holidays":
            return len(set(mine) & set(self.problem.holidays))
        if of == "wishes":
            return sum(self._granted(diary, wish) for wish in diary.person.wishes)
        return sum(self._named((of,))(diary.shift[day]) for day in mine)

    def _granted(self, diary: Diary, wish: Any) -> bool:
        has = wish.day in diary.shift and self._named(wish.shifts)(diary.shift[wish.day])
        return has == wish.want

    # -------------------------------------------------------------- always

    def _always(self) -> None:
        for diary in self.diaries.values():
            person = diary.person
            for wish in person.wishes:
                if not self._granted(diary, wish):
                    self.sums["wish", False][0] += 1
                    self.sums["wish", False][1] += wish.weight
            for day in self._days():
                if day not in diary.shift:
                    continue
                self.broken("eligible", None, not self._named(person.shifts)(diary.shift[day]))
                self.broken("leave", None, any(one.day == day for one in person.leave))
                self.broken("fixed", None, any(one.day == day for one in person.fixed))  # all are free days
                for away in person.away:
                    gone = set(range(away.start // HALF, away.end // HALF))
                    self.broken("away", None, bool(gone & diary.slots[day]))
                others = [one for one in diary.slots if one < day]
                self.broken(
                    "overlap", None, bool(others) and bool(diary.slots[max(others)] & diary.slots[day])
                )

    def _contracts(self) -> None:
        def owes(contract: Any, minutes: int, least: int | None) -> None:
            self.broken(
                "contract", contract.weight, 0 if least is None else math.ceil((least - minutes) / 60)
            )

        for diary in self.diaries.values():
            for contract in (one for one in self.problem.contracts if one.id == diary.person.contract):
                credit = {one.day: one.minutes for one in diary.person.leave}
                inside = self._split(diary, lambda day: True)[0]
                owes(contract, inside + sum(credit.values()), contract.period_least)
                if contract.period_most is not None:
                    self.broken("contract", contract.weight, self._hours(inside, 0, contract.period_most))
                for week in {self._date(day).isocalendar()[:2] for day in self._days()}:
                    days = [
                        day
                        for day in range(-9, self.problem.days + 9)
                        if self._date(day).isocalendar()[:2] == week
                    ]
                    inside, before = self._split(diary, lambda day, days=days: day in days)
                    if all(day in self._days() for day in days):
                        owes(contract, inside + sum(credit.get(day, 0) for day in days), contract.week_least)
                    if contract.week_most is not None:
                        self.broken(
                            "contract", contract.weight, self._hours(inside, before, contract.week_most)
                        )
                for day in self._days():
                    if day in diary.shift:
                        owes(contract, diary.paid[day], contract.day_least)
                        if contract.day_most is not None:
                            self.broken(
                                "contract",
                                contract.weight,
                                self._hours(diary.paid[day], 0, contract.day_most),
                            )

    def _activities(self) -> None:
        for rule in self.problem.activities:
            held = [
                (one, block)
                for one in self.roster.assignments
                for block in one.activities
                if block.name == rule.id
            ]
            times = defaultdict(list)
            for one, block in held:
                times[one.person].append(one.day * 1440 + block.start)
                slots = set(range(block.start // HALF, block.end // HALF))
                shift = set(range(one.start // HALF, one.end // HALF))
                off = {slot for b in one.breaks for slot in range(b.start // HALF, b.end // HALF)}
                self.broken("activity", None, not slots <= shift or bool(slots & off))
            self._misses(rule, times)

    def _misses(self, rule: Activity, times: dict[str, list[int]]) -> None:
        once = [mine[0] for mine in times.values() if len(mine) == 1]
        most = max((once.count(time) for time in once), default=0)
        common = min((time for time in once if once.count(time) == most), default=None)
        for person in self.problem.people:
            mine = times.get(person.id, [])
            if len(mine) > 1:
                self.broken("activity", None, 1)
            elif not mine or (rule.together and mine[0] != common):
                self.broken("activity", rule.weight, 1)

    # -------------------------------------------------------------- cover and demand

    def _staffing(self) -> None:
        for cover in self.problem.covers:
            has = sum(one.day == cover.day and one.shift == cover.shift for one in self.roster.assignments)
            self._off(has, cover.required, cover, "cover")
        if not self.problem.demands:
            return
        phones = {person.id: self._phone(person) for person in self.problem.people}
        size = self.problem.interval_minutes // HALF
        for interval in range(self.problem.intervals):
            slots = set(range(interval * size, (interval + 1) * size))
            there = [p for p in self.problem.people if any(slots <= shift for shift in phones[p.id])]
            choices = [
                [place for place, d in enumerate(self.problem.demands) if p.skills.get(d.skill, 0) >= d.level]
                for p in there
            ]
            ways = [Counter(way) for way in product(*(one for one in choices if one))]
            self.sums["demand", False][1] += min(
                sum(
                    staffing_cost(demand, way[place], demand.required[interval])
                    for place, demand in enumerate(self.problem.demands)
                )
                for way in ways
            )

    def _phone(self, person: Person) -> list[set[int]]:
        """Half hours on the telephone, shift by shift."""
        shifts = [
            self.diaries[person.id].slots[past.day]
            for past in person.history.shifts
            if past.shift not in self.shifts or not self.shifts[past.shift].reserve
        ]
        for one in self.roster.assignments:
            if one.person == person.id:
                shifts.append({one.day * 48 + slot for slot in self._on_phone(one)})
        return shifts

    def _on_phone(self, one: Assignment) -> set[int]:
        blocks = one.duties if self.shifts[one.shift].reserve else (one,)
        on = {slot for b in blocks for slot in range(b.start // HALF, b.end // HALF)}
        off = {s for b in (*one.breaks, *one.activities) for s in range(b.start // HALF, b.end // HALF)}
        return on - off

    def _off(self, has: int, required: int, asked: Any, family: str) -> None:
        self.sums[family, False][1] += staffing_cost(asked, has, required)


def staffing_cost(asked: Any, has: int, required: int) -> int:
    """Person by person: the last step that has begun says what one costs."""
    short, steps = (required - has, asked.under) if has < required else (has - required, asked.over)
    return sum([step.cost for step in steps if step.first <= person][-1] for person in range(1, short + 1))


def sums(problem: Problem, roster: Roster) -> Sums:
    """What the second judge says; families that break nothing and cost nothing are left out."""
    return {key: both for key, both in Oracle(problem, roster).said().items() if both != (0, 0)}
