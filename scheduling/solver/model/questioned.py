"""What is asked of some people, each demand under a literal of its reason, and nothing that only costs.

Soft rules, wishes and demand make no roster illegal, so none of them is here; breaks are, where an activity
that nobody may miss must find its place between them. Kinds of shifts that nothing in the model tells apart
are one.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from functools import cached_property
from typing import Any, Final

from scheduling.people import Contract, Fixed, Person
from scheduling.problem import DAY, Problem
from scheduling.rules import (
    COUNTED,
    BreakDue,
    DailyOvertime,
    Fairness,
    Reserve,
    Rule,
    Together,
)
from scheduling.solver.model.base import Because, lasting
from scheduling.solver.model.whole import GROUPS, PERSONAL, Model
from scheduling.solver.options import Kind, Options, begun_hours

TIMED: Final = frozenset({"overlap", "rest", "weekly_rest", "activity"})
"""Families that look at the clock."""
DAYS: Final = frozenset(
    {
        "succession",
        "consecutive_days",
        "consecutive_days_off",
        "weekends",
        "rest_days",
        "hours_in_window",
        "average_hours",
        "monthly_overtime",
        "average_shift",
    }
)
"""Families that look at many days of a person."""
_WORKED: Final = frozenset(
    {"contract", "hours_in_window", "average_hours", "monthly_overtime", "average_shift", "daily_overtime"}
)

Shape = tuple[frozenset[tuple[Hashable, int]], tuple[int, ...]]
"""A linear constraint: its terms, by (day, kinds) where they are what somebody works; and its domain."""


class Questioned(Model):
    """The hard demands on people at ``people`` under literals; only the reasons ``kept``, if given.

    ``groups``: with the rules about several people. ``without`` some families less is forbidden, and the
    model is smaller. With ``days`` everybody is free on all others: for reasons ``kept`` that look at no
    others (see ``days_of``), else for a glance at some days, where what is of no day or of another is left
    out, and more may be forbidden than is asked.
    ``check`` is called now and then while it is built, and may raise.
    """

    def __init__(
        self,
        problem: Problem,
        options: Options,
        people: Iterable[int],
        *,
        groups: bool = True,
        without: Collection[str] = (),
        kept: Collection[Because] | None = None,
        days: Collection[int] | None = None,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        self._kept = None if kept is None else frozenset(kept)
        self._families = None if kept is None else {one.rule for one in kept}
        self._without = frozenset(without)
        self._days = range(problem.days) if days is None else frozenset(days)
        self.glance = days is not None and kept is None
        self._daily: set[Because] = set()
        self._shared = [
            rule
            for rule in problem.rules
            if groups and isinstance(rule, Fairness | Reserve | Together) and self._wants(rule)
        ]
        super().__init__(problem, options, people=people, questioned=True, check=check)
        for person in self.people:
            check()
            self._alone(person)
        for rule in self._shared:
            check()
            GROUPS[type(rule)](self, rule)
        if self._asks("activity") and any(one.weight is None for one in problem.activities):
            self.breaks()
            self.activities()

    def must(self, expression: Any, because: Because) -> None:
        if self.glance and because.day not in self._days:
            return
        self._hold(expression, because)

    def _hold(self, expression: Any, because: Because) -> None:
        if expression is not True and (self._kept is None or because in self._kept):
            super().must(expression, because)

    def _asks(self, family: str) -> bool:
        if family in self._without:
            return False
        return self._families is None or family in self._families

    def _wants(self, rule: Rule) -> bool:
        return rule.weight is None and self._asks(rule.rule)

    def _alone(self, person: Person) -> None:
        """What concerns one person alone."""
        if self._asks("overlap"):
            self.overlap(person)
        for rule in self.options.rules[person.id]:
            if self._wants(rule) and (family := PERSONAL.get(type(rule))) is not None:
                family(self, rule, person)
        contract = self.options.contract(person)
        if contract.weight is None and self._asks("contract"):
            self.contract(contract, person)
        for day, chosen in enumerate(self.x[person.id]):
            for because, kinds in self._forbidden(person, contract, day, list(chosen)):
                if kinds:
                    self._daily.add(because)
                    self._hold(sum(chosen[kind] for kind in kinds) == 0, because)
            if day in self._days:
                self._decided(person, day)

    def days_of(self, reasons: Iterable[Because]) -> set[int] | None:
        """The days on which it matters what is worked, if nothing but ``reasons`` is asked; None: all."""
        days: set[int] = set()
        for one in reasons:
            if one.rule in ("fairness", "activity"):
                return None
            if one.day is not None:
                days.add(one.day)
            if one not in self._daily:  # where it only forbids, being free is right
                for name in (name for terms, _ in self.shapes[one] for name, _ in terms):
                    if isinstance(name, tuple):
                        days.add(name[0])
                    elif one.person:  # another variable, of which the days are not known
                        return None
        return days

    # ------------------------------------------------------------------ who is like whom

    def facts(self, person: Person, families: Collection[str]) -> Hashable:
        """What rules of these ``families`` about several people know of a person, beside what they work."""
        return (
            tuple(person in self._concerned(rule) for rule in self._shared),
            person.team if "together" in families else "",
            (person.wishes, sorted(person.history.counts.items())) if "fairness" in families else (),
            person.id if "activity" in families else "",
            tuple(tuple(chosen) for chosen in self.x[person.id]),
        )

    @cached_property
    def shapes(self) -> dict[Because, tuple[Shape, ...]]:
        """What each reason demands, whoever it is about."""
        names: dict[int, Hashable] = {}
        for days in self.x.values():
            for day, chosen in enumerate(days):
                names |= {works.index: (day, kind) for kind, works in chosen.items()}
        for (_, day, kinds), works in self._on.items():
            names[works.index] = day, kinds
        because = {literal.index: one for one, literal in self.literals.items()}
        found: dict[Because, tuple[Shape, ...]] = dict.fromkeys(self.literals, ())
        for constraint in self.cp.proto.constraints:
            if len(constraint.enforcement_literal):
                linear = constraint.linear
                terms = frozenset(
                    (names.get(one, one), factor)
                    for one, factor in zip(linear.vars, linear.coeffs, strict=True)
                )
                found[because[constraint.enforcement_literal[0]]] += ((terms, tuple(linear.domain)),)
        return found

    # ------------------------------------------------------------------ kinds

    def _assignments(self, place: int, person: Person) -> None:
        """A variable for each sort of kinds: the first of it stands for all."""
        seen = [self._sight(person, kind) for kind in self.options.kinds]
        self.x[person.id] = []
        for day in range(self.problem.days):
            sorts: dict[Hashable, int] = {}
            if day not in self._days:
                self.x[person.id].append({})
                continue
            for number, kind in enumerate(self.options.kinds, 1):
                sorts.setdefault((seen[number - 1], self._sight_of_day(person, day, kind)), number)
            chosen = {kind: self.cp.new_bool_var("") for kind in sorts.values()}
            self.cp.add_at_most_one(chosen.values())
            self.x[person.id].append(chosen)

    def _sight(self, person: Person, kind: Kind) -> Hashable:
        """All that is seen of a kind on any day."""
        found: list[Hashable] = [kind.named(person.shifts)]
        rules = [rule for rule in self.options.rules[person.id] if self._wants(rule)]
        for rule in rules:
            for names in ("shifts", "first", "then"):
                if hasattr(rule, names):
                    found.append(kind.named(getattr(rule, names)))
            if isinstance(rule, Fairness):
                if rule.of == "hours":
                    found.append(kind.worked)
                elif rule.of == "wishes":
                    found += [kind.named(wish.shifts) for wish in person.wishes]
                elif rule.of not in COUNTED:
                    found.append(kind.named((rule.of,)))
            elif isinstance(rule, Together | BreakDue):
                found += [kind.shift.id, kind.length]
            elif isinstance(rule, Reserve):
                found.append(kind.shift.reserve)
        if any(self._asks(family) for family in _WORKED):
            found.append(kind.worked)
        if any(self._asks(family) for family in TIMED):
            found += [kind.start, kind.end]
        if self._asks("activity") and any(one.weight is None for one in self.problem.activities):
            found.append(kind.shift.id)
        return tuple(found)

    def _sight_of_day(self, person: Person, day: int, kind: Kind) -> Hashable:
        return (
            *(_meets(day, kind, away.start, away.end) for away in person.away),
            *(_is_fixed(kind, one.shift, one.start, one.length) for one in person.fixed if one.day == day),
        )

    def _matters(self, person: Person, day: int, kind: int) -> bool:
        return any(
            one.weight is None
            and one.first_day <= day <= one.last_day
            and person.id in self.concerned[one.id]
            for one in self.problem.activities
        )

    # ------------------------------------------------------------------ what a person may not have

    def _forbidden(
        self, person: Person, contract: Contract, day: int, kinds: list[int]
    ) -> Iterator[tuple[Because, list[int]]]:
        """What a person may not have by themselves on a day, with its kinds."""
        named = Because("eligible", person.id, None, "", ", ".join(person.shifts))
        yield named, [kind for kind in kinds if not self.kind(kind).named(person.shifts)]
        for leave in person.leave:
            if leave.day == day:
                yield Because("leave", person.id, day), kinds
        for away in person.away:
            met = [kind for kind in kinds if _meets(day, self.kind(kind), away.start, away.end)]
            yield Because("away", person.id, day, away.reason), met
        if contract.weight is None:
            for which, limit, sign in (("least", contract.day_least, -1), ("most", contract.day_most, 1)):
                if limit is not None:
                    words = f"at {which} {lasting(limit)} a day"
                    beyond = [kind for kind in kinds if sign * (self.kind(kind).worked - limit) > 0]
                    yield Because("contract", person.id, None, contract.id, words), beyond
        for rule in self.options.rules[person.id]:
            if rule.weight is not None:
                continue
            if isinstance(rule, DailyOvertime):
                most = rule.normal_minutes + rule.most_minutes
                over = [kind for kind in kinds if begun_hours(self.kind(kind).worked - most)]
                yield Because(rule.rule, person.id, None, rule.name, lasting(most)), over
            elif isinstance(rule, BreakDue):
                lacking = [kind for kind in kinds if _lacks(self.kind(kind), rule)]
                yield Because(rule.rule, person.id, None, rule.name, lasting(rule.least_minutes)), lacking

    def _decided(self, person: Person, day: int) -> None:
        chosen = self.x[person.id][day]
        for one in person.fixed:
            if one.day == day:
                because = Because("fixed", person.id, day, "", _fixed_words(one))
                if one.shift:
                    same = [
                        works
                        for kind, works in chosen.items()
                        if _is_fixed(self.kind(kind), one.shift, one.start, one.length)
                    ]
                    self.must(sum(same) == 1, because)
                else:
                    self.must(sum(chosen.values()) == 0, because)


def _meets(day: int, kind: Kind, start: int, end: int) -> bool:
    """Whether a kind on a day meets a stretch of minutes of the period."""
    return day * DAY + kind.start < end and start < day * DAY + kind.end


def _is_fixed(kind: Kind, shift: str, start: int | None, length: int | None) -> bool:
    return kind.shift.id == shift and start in (None, kind.start) and length in (None, kind.length)


def _fixed_words(fixed: Fixed) -> str:
    at = "" if fixed.start is None else f" from {fixed.start // 60:02}:{fixed.start % 60:02}"
    return f"{fixed.shift}{at}" if fixed.shift else "be free"


def _lacks(kind: Kind, rule: BreakDue) -> bool:
    """Whether a kind has less of breaks than are due."""
    taken = sum(one.minutes for one in kind.shift.breaks_due(kind.length))
    return kind.length > rule.after_minutes and taken < rule.least_minutes
