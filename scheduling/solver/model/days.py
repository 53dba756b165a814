"""Rules that look at which days are worked, and at the time between shifts."""

from typing import Any

from scheduling.people import Person
from scheduling.problem import DAY
from scheduling.rules import (
    ConsecutiveDays,
    ConsecutiveDaysOff,
    Rest,
    RestDays,
    ShiftCount,
    Succession,
    Weekends,
    WeeklyRest,
)
from scheduling.solver.model.base import Base, Because, lasting
from scheduling.solver.options import Kind


class Days(Base):
    """A method for each family; what a family means is said in ``scheduling/rules.py``."""

    def overlap(self, person: Person) -> None:
        """No shift begins before the one before it ends."""
        self._between(person, 0, None, Because("overlap", person.id))

    def rest(self, rule: Rest, person: Person) -> None:
        because = Because(rule.rule, person.id, None, rule.name, lasting(rule.least_minutes))
        self._between(person, rule.least_minutes, rule.weight, because)

    def _between(self, person: Person, least: int, weight: int | None, because: Because) -> None:
        """At least so many minutes between one shift and the next, however many days lie between."""
        days = self.problem.days
        ends = {day * DAY + kind.end: None for day in range(1) for kind in self.options.kinds}
        farthest = max(ends, default=0) + least
        past = max(person.history.shifts, key=lambda one: one.day, default=None)
        if past is not None:
            end = past.day * DAY + past.start + past.length
            for day in range(min(days, max(0, (end + least) // DAY + 1))):
                between = sum(self.on(person, one) for one in range(day))
                late = self._beginning_before(person, day, end + least)
                self._pair(1, late, between, weight, because, day)
        for day in range(days):
            groups: dict[tuple[int, ...], list[int]] = {}
            for kind in self.x[person.id][day]:
                groups.setdefault(self._reach(kind, least, farthest), []).append(kind)
            for counts, kinds in groups.items():
                first = sum(self.x[person.id][day][kind] for kind in kinds)
                until = self.kind(kinds[0]).end + least
                for after in range(1, len(counts) + 1):
                    if counts[after - 1] and day + after < days:
                        between = sum(self.on(person, day + one) for one in range(1, after))
                        late = self._beginning_before(person, day + after, day * DAY + until)
                        self._pair(first, late, between, weight, because, day + after)

    def _reach(self, kind: int, least: int, farthest: int) -> tuple[int, ...]:
        """How many kinds are too near 1, 2, … days after; kinds of equal answers forbid the same."""
        end = self.kind(kind).end + least
        return tuple(
            sum(after * DAY + other.start < end for other in self.options.kinds)
            for after in range(1, farthest // DAY + 1)
        )

    def _beginning_before(self, person: Person, day: int, minute: int) -> Any:
        return self.sum_of(person, day, lambda kind: int(day * DAY + kind.start < minute))

    def _pair(
        self, first: Any, then: Any, between: Any, weight: int | None, because: Because, day: int
    ) -> None:
        if isinstance(then, int):
            return
        on_day = Because(because.rule, because.person, day, because.name, because.amount)
        self.breach(first + then - 1 - between, 1, weight, on_day)

    def succession(self, rule: Succession, person: Person) -> None:
        for day in range(self.problem.days):
            before, after = self.on(person, day - 1, rule.first), self.on(person, day, rule.then)
            if day == 0 and not self._known_shift(person, rule.first):
                continue
            if isinstance(after, int):
                continue
            because = Because(rule.rule, person.id, day, rule.name, self._which(rule.first, rule.then))
            self.breach(before + after - 1, 1, rule.weight, because)

    def _known_shift(self, person: Person, names: tuple[str, ...]) -> bool:
        """Whether a shift of the problem so named was worked on the day before the period."""
        named = self.problem.shifts_named(names)
        return any(one.day == -1 and one.shift in named for one in person.history.shifts)

    def _which(self, first: tuple[str, ...], then: tuple[str, ...]) -> str:
        return f"{' or '.join(then) or 'any shift'} after {' or '.join(first) or 'any shift'}"

    # ------------------------------------------------------------------ days in a row

    def consecutive_days(self, rule: ConsecutiveDays, person: Person) -> None:
        inside = {
            day: self.on(person, day, rule.shifts)
            for day in range(self.first_known(person), self.problem.days)
        }
        self._runs(rule, person, inside)

    def consecutive_days_off(self, rule: ConsecutiveDaysOff, person: Person) -> None:
        inside = {day: 1 - self.on(person, day) for day in range(self.first_known(person), self.problem.days)}
        self._runs(rule, person, inside)

    def _runs(
        self, rule: ConsecutiveDays | ConsecutiveDaysOff, person: Person, inside: dict[int, Any]
    ) -> None:
        first, last = min(inside), self.problem.days - 1
        for day in range(self.problem.days):
            if rule.most is not None and day - rule.most >= first:
                window = sum(inside[one] for one in range(day - rule.most, day + 1))
                because = Because(
                    rule.rule, person.id, day, rule.name, self._run(rule, f"at most {rule.most}")
                )
                self.breach(window - rule.most, 1, rule.weight, because)
        for end in range(-1, last):
            for length in range(1, rule.least):
                begin = end - length + 1
                if begin <= first:
                    continue
                run = sum(inside[one] for one in range(begin, end + 1))
                alone = run - (length - 1) - inside[begin - 1] - inside[end + 1]
                least_of = self._run(rule, f"at least {rule.least}")
                because = Because(rule.rule, person.id, max(0, end), rule.name, least_of)
                missing = rule.least - length
                weight = None if rule.weight is None else rule.weight * missing
                self.breach(alone, 1, weight, because)

    def _run(self, rule: ConsecutiveDays | ConsecutiveDaysOff, limit: str) -> str:
        which = f" of {' or '.join(rule.shifts)}" if isinstance(rule, ConsecutiveDays) and rule.shifts else ""
        return f"{limit} days{which}"

    def rest_days(self, rule: RestDays, person: Person) -> None:
        first = self.first_known(person)
        for last in range(max(0, first + rule.days - 1), self.problem.days):
            window = range(last - rule.days + 1, last + 1)
            free_before = sum(1 - self.on(person, day) for day in window if day < 0)
            inside = [day for day in window if day >= 0]
            owed = min(rule.least - free_before, len(inside))
            free = len(inside) - sum(self.on(person, day) for day in inside)
            because = Because(rule.rule, person.id, last, rule.name, f"{rule.least} in any {rule.days} days")
            self.breach(owed - free, owed, rule.weight, because)

    # ------------------------------------------------------------------ spans of days

    def weekends(self, rule: Weekends, person: Person) -> None:
        problem = self.problem
        saturdays = [day for day in range(-36, problem.days) if problem.weekday(day) == 5]
        past = {one.day for one in person.history.shifts} if rule.per == "month" else set()
        spans = [range(-1, problem.days)] if rule.per == "period" else self.spans("month")
        for span in spans:
            mine = [day for day in saturdays if day in span]
            before = sum(day < -1 and not past.isdisjoint((day, day + 1)) for day in mine)
            because = Because(rule.rule, person.id, None, rule.name, f"at most {rule.most} in the {rule.per}")
            if -1 in mine and -1 in past:
                if before >= rule.most:
                    self.breach(self.on(person, 0), 1, rule.weight, because)
                before += 1
                mine.remove(-1)
            worked = [self._weekend(person, day) for day in mine if day >= -1]
            self.breach(sum(worked) - max(0, rule.most - before), len(worked), rule.weight, because)

    def _weekend(self, person: Person, saturday: int) -> Any:
        """1 if a day of the period on this weekend is worked (0 or 1 if none is)."""
        works = self.cp.new_bool_var("")
        for day in (saturday, saturday + 1):
            if 0 <= day < self.problem.days:
                self.cp.add(works >= self.on(person, day))
        return works

    def shift_count(self, rule: ShiftCount, person: Person) -> None:
        for span in self.spans(rule.per):
            days = [day for day in span if 0 <= day < self.problem.days]
            count = sum(self.on(person, day, rule.shifts) for day in days)
            before = 0
            if rule.per != "period":
                before = sum(
                    one.day in span and self.is_named(one.shift, rule.shifts) for one in person.history.shifts
                )
            which = " or ".join(rule.shifts) or "any shift"
            since = None if rule.per == "period" else max(0, span.start)
            if rule.most is not None:
                because = Because(
                    rule.rule,
                    person.id,
                    since,
                    rule.name,
                    f"{which} on at most {rule.most} days of the {rule.per}",
                )
                self.breach(count - max(0, rule.most - before), len(days), rule.weight, because)
            if rule.least and span.start >= 0 and span.stop <= self.problem.days:
                because = Because(
                    rule.rule,
                    person.id,
                    since,
                    rule.name,
                    f"{which} on at least {rule.least} days of the {rule.per}",
                )
                self.breach(rule.least - count, rule.least, rule.weight, because)

    def weekly_rest(self, rule: WeeklyRest, person: Person) -> None:
        for week in self.spans("week"):
            if week.start < self.first_known(person):
                continue
            rests = [self._rest_from(person, week.start * DAY, rule.least_minutes, 1)]
            for past in person.history.shifts:
                end = past.day * DAY + past.start + past.length
                if week.start * DAY <= end < week.stop * DAY:
                    rests.append(self._rest_from(person, end, rule.least_minutes, 1))
            for day in range(max(0, week.start - 2), min(week.stop, self.problem.days)):
                ends: dict[int, list[Any]] = {}
                for kind, one in self.x[person.id][day].items():
                    ends.setdefault(day * DAY + self.kind(kind).end, []).append(one)
                for end, ones in ends.items():
                    if week.start * DAY <= end < week.stop * DAY:
                        rests.append(self._rest_from(person, end, rule.least_minutes, sum(ones)))
            because = Because(
                rule.rule, person.id, max(0, week.start), rule.name, lasting(rule.least_minutes)
            )
            self.breach(1 - sum(rests), 1, rule.weight, because)

    def _rest_from(self, person: Person, begin: int, minutes: int, if_: Any) -> Any:
        """A variable that may be 1 only if nothing is worked so long from ``begin`` on, and ``if_`` is 1."""
        rests = self.cp.new_bool_var("")
        self.cp.add(rests <= if_)
        end = begin + minutes
        if any(
            one.day * DAY + one.start < end and one.day * DAY + one.start + one.length > begin
            for one in person.history.shifts
        ):
            self.cp.add(rests == 0)
        for day in range(max(0, begin // DAY - 2), min(self.problem.days, end // DAY + 1)):

            def meets(kind: Kind, day: int = day) -> int:
                return int(day * DAY + kind.start < end and day * DAY + kind.end > begin)

            meeting = self.sum_of(person, day, meets)
            if not isinstance(meeting, int):
                self.cp.add(rests + meeting <= 1)
        return rests
