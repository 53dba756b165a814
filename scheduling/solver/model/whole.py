"""The whole model of a problem, and the roster read off its solution."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from scheduling.people import Contract, Person
from scheduling.roster import Block, Roster
from scheduling.rules import (
    AverageHours,
    AverageShift,
    ConsecutiveDays,
    ConsecutiveDaysOff,
    Fairness,
    HoursInWindow,
    MonthlyOvertime,
    Reserve,
    Rest,
    RestDays,
    ShiftCount,
    Succession,
    Together,
    Weekends,
    WeeklyRest,
)
from scheduling.solver.layouts import assignment
from scheduling.solver.model.days import Days
from scheduling.solver.model.floor import Floor
from scheduling.solver.model.groups import Groups
from scheduling.solver.model.hours import Hours


class Model(Days, Hours, Groups, Floor):
    """Build with ``build``; then solve ``cp``, and read the ``roster`` off."""

    def build(self) -> "Model":
        """Every family, and what is paid for."""
        self.build_personal()
        for rule in self.problem.rules:
            if (family := GROUPS.get(type(rule))) is not None:
                family(self, rule)
        self.breaks()
        self.activities()
        self.covers()
        self.demands()
        self.cp.minimize(sum(self.costs) + self.options.base)
        return self

    def build_personal(self) -> None:
        """The families that concern each person alone."""
        for person in self.people:
            self.check()
            self.overlap(person)
            for rule in self.options.rules[person.id]:
                if (family := PERSONAL.get(type(rule))) is not None:
                    family(self, rule, person)
            self.contract(self.options.contracts.get(person.contract, Contract("")), person)

    def roster(self, value: Callable[[Any], int]) -> Roster:
        """The roster of a solution; ``value`` reads a variable."""
        made = []
        for person in self.people:
            for day, chosen in enumerate(self.x[person.id]):
                for kind, works in chosen.items():
                    if value(works):
                        blocks = tuple(
                            Block(rule.id, begin, rule.minutes)
                            for rule, begin, there in self.doing.get((person.id, day), [])
                            if value(there)
                        )
                        layout = self.layout(person.id, day, kind, value)
                        made.append(assignment(person.id, day, self.kind(kind), layout, blocks))
        return Roster(tuple(made))

    def hint(self, roster: Roster) -> None:
        """Tell the solver a roster to begin with; what is not of this model is passed over."""
        for variable, value in self.values(roster):
            self.cp.add_hint(variable, value)

    def values(self, roster: Roster) -> Iterator[tuple[Any, int]]:
        """The variables of shifts, breaks and activities with their values in a roster."""
        given = {(one.person, one.day): one for one in roster.assignments}
        for person in self.people:
            for day, chosen in enumerate(self.x[person.id]):
                one = given.get((person.id, day))
                for kind, works in chosen.items():
                    shape = self.kind(kind)
                    form = shape.shift.id, shape.start, shape.length
                    same = one is not None and (one.shift, one.start, one.length) == form
                    yield works, int(same)
                    begins = [block.start for block in one.breaks] if one is not None and same else []
                    for place, row in enumerate(self.pauses.get((person.id, day), {}).get(kind, [])):
                        for begin, there in row.items():
                            yield there, int(begins[place : place + 1] == [begin])
                held = {(block.name, block.start) for block in one.activities} if one is not None else set()
                for rule, begin, there in self.doing.get((person.id, day), []):
                    yield there, int((rule.id, begin) in held)


PersonalFamily = Callable[[Model, Any, Person], None]
PERSONAL: Final[dict[type, PersonalFamily]] = {
    Rest: Model.rest,
    Succession: Model.succession,
    ConsecutiveDays: Model.consecutive_days,
    ConsecutiveDaysOff: Model.consecutive_days_off,
    Weekends: Model.weekends,
    ShiftCount: Model.shift_count,
    RestDays: Model.rest_days,
    WeeklyRest: Model.weekly_rest,
    HoursInWindow: Model.hours_in_window,
    AverageHours: Model.average_hours,
    MonthlyOvertime: Model.monthly_overtime,
    AverageShift: Model.average_shift,
}
"""Families of one person. Those of one day alone (``daily_overtime``, ``break_due``) price the variables."""
GROUPS: Final[dict[type, Callable[[Model, Any], None]]] = {
    Together: Model.together,
    Reserve: Model.reserve,
    Fairness: Model.fairness,
}
"""Families of several people."""
