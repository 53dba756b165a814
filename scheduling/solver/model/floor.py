"""Demand and covers, and what takes people off the telephone: breaks and activities."""

from collections.abc import Iterable
from typing import Any

from scheduling.demand import Steps
from scheduling.people import Person
from scheduling.problem import DAY
from scheduling.rules import Activity
from scheduling.solver.layouts import Layout, first_layout
from scheduling.solver.model.base import Base, Because, lasting


class Floor(Base):
    """Variables of breaks exist where it matters when they are: where there is demand, or an activity."""

    def covers(self) -> None:
        for one in self.problem.covers:
            count = sum(self.on(person, one.day, (one.shift,)) for person in self.people)
            self._steps(one.under, one.required - count, max(0, one.required))
            self._steps(one.over, count - one.required, len(self.people))

    def _steps(self, steps: Steps, number: Any, most: int) -> None:
        """The price of ``number`` persons: each step adds what it is dearer than the one before."""
        before = 0
        for step in steps:
            beyond = most - step.first + 1
            if step.cost > before and beyond > 0:
                times = self.cp.new_int_var(0, beyond, "")
                self.cp.add(times >= number - (step.first - 1))
                self.costs.append((step.cost - before) * times)
            before = step.cost

    # ------------------------------------------------------------------ breaks

    def breaks(self) -> None:
        """A begin for each break due of each shift that may be worked, in order and as far apart as asked."""
        self.pauses: dict[tuple[str, int], dict[int, list[dict[int, Any]]]] = {}
        for person in self.people:
            self.check()
            for day in range(self.problem.days):
                self.pauses[person.id, day] = {
                    kind: self._breaks(kind, works)
                    for kind, works in self.x[person.id][day].items()
                    if self.kind(kind).shift.breaks and self._matters(person, day, kind)
                }

    def _matters(self, person: Person, day: int, kind: int) -> bool:
        serves = any(person.skills.get(one.skill, 0) >= one.level for one in self.problem.demands)
        return (serves and not self.kind(kind).shift.reserve) or any(
            one.first_day <= day <= one.last_day and person.id in self.concerned[one.id]
            for one in self.problem.activities
        )

    def _breaks(self, kind: int, works: Any) -> list[dict[int, Any]]:
        shape = self.kind(kind)
        due = shape.shift.breaks_due(shape.length)
        least, most = shape.shift.least_stretch, shape.shift.most_stretch or shape.length
        rows: list[dict[int, Any]] = []
        for one in due:
            row = {
                begin: self.cp.new_bool_var("")
                for begin in one.begins_at(shape.start)
                if shape.start + least <= begin and begin + one.minutes <= shape.end - least
            }
            self.cp.add(sum(row.values()) == works)
            if not rows:
                for begin, there in row.items():
                    if begin - shape.start > most:
                        self.cp.add(there == 0)
            else:
                before = due[len(rows) - 1].minutes
                for begin, there in row.items():
                    fits = [
                        other for early, other in rows[-1].items() if least <= begin - early - before <= most
                    ]
                    self.cp.add(there <= sum(fits))
            rows.append(row)
        if due:
            for begin, there in rows[-1].items():
                if shape.end - begin - due[-1].minutes > most:
                    self.cp.add(there == 0)
        return rows

    # ------------------------------------------------------------------ activities

    def activities(self) -> None:
        """Each activity of each person it concerns, once at most."""
        self.doing: dict[tuple[str, int], list[tuple[Activity, int, Any]]] = {}
        for rule in self.problem.activities:
            if self.questioned and rule.weight is not None:
                continue
            times = {
                person.id: self._times(rule, person) for person in self.people if self._does(rule, person)
            }
            common = self._common(rule, times) if rule.together else None
            for id, mine in times.items():
                self.cp.add(sum(mine.values()) <= 1)
                words = lasting(rule.minutes) + (", all at one time" if rule.together else "")
                because = Because("activity", id, None, rule.name or rule.id, words)
                if common is None:
                    self.breach(1 - sum(mine.values()), 1, rule.weight, because)
                else:
                    with_all = []
                    for time, there in mine.items():
                        both = self.cp.new_bool_var("")
                        self.cp.add(both <= there)
                        self.cp.add(both <= common[time])
                        with_all.append(both)
                    self.breach(1 - sum(with_all), 1, rule.weight, because)
        for (id, day), held in self.doing.items():
            self._apart(id, day, held)

    def _does(self, rule: Activity, person: Person) -> bool:
        return person.id in self.concerned[rule.id]

    def _times(self, rule: Activity, person: Person) -> dict[tuple[int, int], Any]:
        found = {}
        for day in range(max(0, rule.first_day), min(self.problem.days, rule.last_day + 1)):
            for begin in range(rule.earliest, rule.latest + 1, rule.step):
                end = begin + rule.minutes
                inside = [
                    works
                    for kind, works in self.x[person.id][day].items()
                    if self.kind(kind).start <= begin and end <= self.kind(kind).end
                ]
                if inside:
                    there = found[day, begin] = self.cp.new_bool_var("")
                    self.cp.add(there <= sum(inside))
                    self.doing.setdefault((person.id, day), []).append((rule, begin, there))
        return found

    def _common(self, rule: Activity, times: dict[str, dict[tuple[int, int], Any]]) -> dict[Any, Any]:
        common = {time: self.cp.new_bool_var("") for mine in times.values() for time in mine}
        self.cp.add_at_most_one(common.values())
        return common

    def _apart(self, id: str, day: int, mine: list[tuple[Activity, int, Any]]) -> None:
        """No activity while there is a break or another one."""
        for place, (rule, begin, there) in enumerate(mine):
            end = begin + rule.minutes
            for other, start, too in mine[:place]:
                if other.id != rule.id and start < end and begin < start + other.minutes:
                    self.cp.add(there + too <= 1)
            for kind, rows in self.pauses.get((id, day), {}).items():
                for pause, row in zip(self._due(kind), rows, strict=True):
                    meeting = [one for at, one in row.items() if at < end and begin < at + pause]
                    if meeting:
                        self.cp.add(there + sum(meeting) <= 1)

    def _due(self, kind: int) -> list[int]:
        shape = self.kind(kind)
        return [one.minutes for one in shape.shift.breaks_due(shape.length)]

    # ------------------------------------------------------------------ demand

    def demands(self) -> None:
        """People present in each interval serve one demand each; too few and too many cost."""
        demands = self.problem.demands
        if not demands:
            return
        present = self._present()
        for interval in range(self.problem.intervals):
            serving: list[list[Any]] = [[] for _ in demands]
            for group, there in present[interval].items():
                if len(group) == 1:
                    serving[group[0]] += there
                    continue
                parts = [self.cp.new_int_var(0, len(there), "") for _ in group]
                self.cp.add(sum(parts) == sum(there))
                for place, part in zip(group, parts, strict=True):
                    serving[place].append(part)
            for place, demand in enumerate(demands):
                required = demand.required[interval]
                self._steps(demand.under, required - sum(serving[place]), required)
                self._steps(demand.over, sum(serving[place]) - required, len(self.people) + 1)

    def _present(self) -> list[dict[tuple[int, ...], list[Any]]]:
        """For each interval and group of people who can serve the same demands their presence, 0 or 1."""
        problem = self.problem
        present: list[dict[tuple[int, ...], list[Any]]] = [{} for _ in range(problem.intervals)]
        for person in self.people:
            self.check()
            group = tuple(
                place
                for place, one in enumerate(problem.demands)
                if person.skills.get(one.skill, 0) >= one.level
            )
            if group:
                for interval, there in self._presence(person).items():
                    present[interval].setdefault(group, []).append(there)
        return present

    def _presence(self, person: Person) -> dict[int, Any]:
        covering: dict[int, list[Any]] = {}
        off: dict[int, list[Any]] = {}
        for past in person.history.shifts:
            known = next((one for one in self.problem.shifts if one.id == past.shift), None)
            if known is None or not known.reserve:
                begin = past.day * DAY + past.start
                for interval in self._whole(begin, begin + past.length):
                    covering.setdefault(interval, []).append(1)
        for day in range(self.problem.days):
            for kind, works in self.x[person.id][day].items():
                shape = self.kind(kind)
                if shape.shift.reserve:
                    continue
                for interval in self._whole(day * DAY + shape.start, day * DAY + shape.end):
                    covering.setdefault(interval, []).append(works)
                for minutes, row in zip(
                    self._due(kind), self.pauses.get((person.id, day), {}).get(kind, []), strict=False
                ):
                    for begin, there in row.items():
                        for interval in self._met(day * DAY + begin, day * DAY + begin + minutes):
                            off.setdefault(interval, []).append(there)
            for rule, begin, there in self.doing.get((person.id, day), []):
                for interval in self._met(day * DAY + begin, day * DAY + begin + rule.minutes):
                    off.setdefault(interval, []).append(there)
        return {interval: self._on_phone(ones, off.get(interval, [])) for interval, ones in covering.items()}

    def _on_phone(self, covering: list[Any], off: list[Any]) -> Any:
        if not off:
            return sum(covering)
        there = self.cp.new_bool_var("")
        self.cp.add(there <= sum(covering))
        for one in off:
            self.cp.add(there + one <= 1)
        self.cp.add(there >= sum(covering) - sum(off))
        return there

    def _whole(self, begin: int, end: int) -> range:
        """The intervals of the period that lie wholly between two minutes."""
        grain = self.problem.interval_minutes
        return range(max(0, -(-begin // grain)), min(self.problem.intervals, end // grain))

    def _met(self, begin: int, end: int) -> range:
        """The intervals of the period that a stretch of minutes touches."""
        grain = self.problem.interval_minutes
        return range(max(0, begin // grain), min(self.problem.intervals, -(-end // grain)))

    # ------------------------------------------------------------------ read off

    def layout(self, person: str, day: int, kind: int, value: Any) -> Layout:
        """Where the breaks of a chosen shift are; ``value`` reads a variable."""
        shape = self.kind(kind)
        rows: Iterable[dict[int, Any]] | None = self.pauses.get((person, day), {}).get(kind)
        if rows is None:
            return first_layout(shape)
        return tuple(next(begin for begin, there in row.items() if value(there)) for row in rows)

    @property
    def concerned(self) -> dict[str, set[str]]:
        """The people of each activity, by ids."""
        if not hasattr(self, "_concerned_by"):
            self._concerned_by = {
                one.id: {person.id for person in self.problem.concerned(one.who)}
                for one in self.problem.activities
            }
        return self._concerned_by
