"""The shift-scheduling benchmark of Curtois & Qu (2014), ``SECTION_HORIZON`` … ``SECTION_COVER``.

Its shifts have no time of day; here they begin at 00:00. The first day is a Monday, 2024-01-01. What it says
of each employee becomes rules, one for all those with the same number; a shift they may have no times is not
among theirs. Days before and after the horizon are free for the longest runs, and anything for the shortest.

Rosters are written as ``{"objective": 607, "assignments": {"A": ["D", "", …one a day]}}``.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final

from scheduling.demand import Cover, flat
from scheduling.formats.errors import FormatError, Wrong, unsound
from scheduling.people import Contract, Leave, Person, Wish
from scheduling.problem import Problem, ProblemError
from scheduling.roster import Assignment, Roster
from scheduling.rules import (
    ConsecutiveDays,
    ConsecutiveDaysOff,
    Rule,
    ShiftCount,
    Succession,
    Weekends,
    Who,
)
from scheduling.shifts import Shift

FIRST_DAY: Final = date(2024, 1, 1)
_SECTIONS: Final = {
    "SECTION_HORIZON": 1,
    "SECTION_SHIFTS": 3,
    "SECTION_STAFF": 8,
    "SECTION_DAYS_OFF": 0,
    "SECTION_SHIFT_ON_REQUESTS": 4,
    "SECTION_SHIFT_OFF_REQUESTS": 4,
    "SECTION_COVER": 5,
}
"""Sections, and how many fields their lines have (0: two or more)."""
_NEEDED: Final = ("SECTION_HORIZON", "SECTION_SHIFTS", "SECTION_STAFF")


def looks_like_it(text: str) -> bool:
    """Whether a text may be of this format."""
    return any(line.strip() in _SECTIONS for line in text.splitlines())


def read(text: str, file: str = "instance") -> Problem:
    """The problem of an instance. Raises FormatError with line and reason of all that is wrong."""
    reading = _Reading(file)
    reading.take(text)
    return reading.problem()


class _Reading:
    """An instance half read: rows by section, and the line each part of the problem comes from."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.rows: dict[str, list[tuple[int, list[str]]]] = {name: [] for name in _SECTIONS}
        self.wrongs: list[Wrong] = []
        self.lines: dict[str, int] = {}

    def take(self, text: str) -> None:
        section, seen = "", set()
        for number, raw in enumerate(text.splitlines(), 1):
            line = raw.strip()
            if not line or line.startswith("#"):
                continue
            if line.startswith("SECTION_"):
                section = line
                if line not in _SECTIONS:
                    self.wrong(number, f"there is no section {line}; they are {', '.join(_SECTIONS)}")
                elif line in seen:
                    self.wrong(number, f"{line} comes a second time")
                seen.add(line)
                continue
            if not section:
                self.wrong(number, "stands before the first section")
            elif section in _SECTIONS:
                self._row(number, section, [field.strip() for field in line.split(",")])
        for name in _NEEDED:
            if name not in seen:
                self.wrong(0, f"{name} is missing")
            elif not self.rows[name] and not self.wrongs:
                self.wrong(0, f"{name} is empty")

    def _row(self, number: int, section: str, fields: list[str]) -> None:
        wanted = _SECTIONS[section]
        if wanted and len(fields) != wanted:
            self.wrong(number, f"has {len(fields)} fields; a line of {section} has {wanted}")
        else:
            self.rows[section].append((number, fields))

    def wrong(self, line: int, reason: str) -> None:
        self.wrongs.append(Wrong(line, reason))

    def whole(self, line: int, text: str) -> int:
        """A whole number that is not negative."""
        if not text.isascii() or not text.isdecimal():
            self.wrong(line, f"{text!r} is no whole number")
            return 0
        return int(text)

    def problem(self) -> Problem:
        days = [self.whole(line, fields[0]) for line, fields in self.rows["SECTION_HORIZON"]]
        if len(days) > 1:
            self.wrong(self.rows["SECTION_HORIZON"][1][0], "the horizon is one number")
        shifts, rules = self._shifts()
        people, contracts = self._people(rules, days[0] if days else 0, {one.id for one in shifts})
        covers = self._covers()
        if self.wrongs:
            raise FormatError(self.file, sorted(self.wrongs, key=lambda one: one.line))
        try:
            return Problem(
                FIRST_DAY,
                days[0],
                shifts,
                people,
                covers=covers,
                contracts=contracts,
                rules=tuple(rules),
            )
        except ProblemError as error:
            raise unsound(self.file, error, self.line_of) from None

    def line_of(self, path: str) -> int:
        """The line a path of the problem comes from: that of the longest part of it that is known."""
        known = [part for part in self.lines if path.startswith(part)]
        return self.lines[max(known, key=len)] if known else 0

    def _shifts(self) -> tuple[tuple[Shift, ...], list[Rule]]:
        shifts: list[Shift] = []
        rules: list[Rule] = []
        for line, (id, length, banned) in self.rows["SECTION_SHIFTS"]:
            self.lines[f"shifts[{len(shifts)}]"] = line
            shifts.append(Shift(id, 0, self.whole(line, length)))
            if banned:
                self.lines[f"rules[{len(rules)}]"] = line
                rules.append(Succession(first=(id,), then=tuple(banned.split("|"))))
        return tuple(shifts), rules

    def _people(
        self, rules: list[Rule], days: int, known: set[str]
    ) -> tuple[tuple[Person, ...], tuple[Contract, ...]]:
        staff: dict[str, str] = {}
        contracts: dict[tuple[int, int], Contract] = {}
        same: dict[tuple[str, tuple[str, ...], int], list[str]] = {}
        first_line: dict[object, int] = {}
        may: dict[str, tuple[str, ...]] = {}
        for line, (id, times, *rest) in self.rows["SECTION_STAFF"]:
            if id in staff:
                self.wrong(line, f"{id!r} is there a second time")
            self.lines[f"people[{len(staff)}]"] = line
            most, least, *counts = (self.whole(line, number) for number in rest)
            if (least, most) not in contracts:
                self.lines[f"contracts[{len(contracts)}]"] = line
            contract = contracts.setdefault(
                (least, most), Contract(f"{least}-{most}", period_least=least, period_most=most)
            )
            staff[id] = contract.id
            limits = dict(self._times(line, times, known))
            never = {shift for shift, most_times in limits.items() if most_times == 0}
            may[id] = tuple(shift for shift in limits if shift not in never) if never else ()
            if never and not may[id]:
                self.wrong(line, f"{id!r} may work no shift at all")
            found: list[tuple[str, tuple[str, ...], int]] = [
                ("times", (shift,), most_times) for shift, most_times in limits.items()
            ]
            found += [(kind, (), count) for kind, count in zip(_RULES, counts, strict=True)]
            for key in found:
                if key[0] != "times" or 0 < key[2] < days:
                    same.setdefault(key, []).append(id)
                    first_line.setdefault(key, line)
        for key, ids in same.items():
            self.lines[f"rules[{len(rules)}]"] = first_line[key]
            who = Who() if len(ids) == len(staff) else Who(people=tuple(ids))
            kind, names, count = key
            if kind == "times":
                rules.append(ShiftCount(who=who, shifts=names, most=count))
            else:
                rules.append(_RULES[kind](who, count))
        leave, wishes = self._leave(staff), self._wishes(staff)
        people = tuple(
            Person(id, contract, shifts=may[id], leave=tuple(leave[id]), wishes=tuple(wishes[id]))
            for id, contract in staff.items()
        )
        return people, tuple(contracts.values())

    def _times(self, line: int, text: str, known: set[str]) -> Iterator[tuple[str, int]]:
        """How often each shift may be worked: ``D=14|N=3``."""
        for part in text.split("|"):
            shift, equals, count = part.partition("=")
            if not equals or shift not in known:
                self.wrong(line, f"{part!r} is not a shift and how often it may be worked, like D=14")
            else:
                yield shift, self.whole(line, count)

    def _leave(self, staff: Mapping[str, str]) -> dict[str, list[Leave]]:
        leave: dict[str, list[Leave]] = {id: [] for id in staff}
        for line, (id, *days) in self.rows["SECTION_DAYS_OFF"]:
            for day in days:
                if self._somebody(line, id, staff):
                    self.lines[f"people[{list(staff).index(id)}].leave[{len(leave[id])}]"] = line
                    leave[id].append(Leave(self.whole(line, day)))
        return leave

    def _wishes(self, staff: Mapping[str, str]) -> dict[str, list[Wish]]:
        wishes: dict[str, list[Wish]] = {id: [] for id in staff}
        for section, want in (("SECTION_SHIFT_ON_REQUESTS", True), ("SECTION_SHIFT_OFF_REQUESTS", False)):
            for line, (id, day, shift, weight) in self.rows[section]:
                if self._somebody(line, id, staff):
                    self.lines[f"people[{list(staff).index(id)}].wishes[{len(wishes[id])}]"] = line
                    wishes[id].append(Wish(self.whole(line, day), want, (shift,), self.whole(line, weight)))
        return wishes

    def _somebody(self, line: int, id: str, staff: Mapping[str, str]) -> bool:
        if id not in staff:
            self.wrong(line, f"there is no employee {id!r}")
        return id in staff

    def _covers(self) -> tuple[Cover, ...]:
        covers: list[Cover] = []
        for line, (day, shift, required, under, over) in self.rows["SECTION_COVER"]:
            self.lines[f"covers[{len(covers)}]"] = line
            numbers = [self.whole(line, text) for text in (day, required, under, over)]
            covers.append(Cover(numbers[0], shift, numbers[1], flat(numbers[2]), flat(numbers[3])))
        return tuple(covers)


_RULES: Final[dict[str, Callable[[Who, int], Rule]]] = {
    "most_in_a_row": lambda who, count: ConsecutiveDays(who=who, most=count),
    "least_in_a_row": lambda who, count: ConsecutiveDays(who=who, least=max(1, count)),
    "least_days_off": lambda who, count: ConsecutiveDaysOff(who=who, least=max(1, count)),
    "weekends": lambda who, count: Weekends(who=who, most=count),
}
"""The last four fields of a line of staff, in their order."""


# ------------------------------------------------------------------ rosters


def write_roster(problem: Problem, roster: Roster, objective: int) -> str:
    """A roster as JSON: for each person the shift of every day, or an empty text."""
    days: dict[str, list[str]] = {one.id: [""] * problem.days for one in problem.people}
    for one in roster.assignments:
        days[one.person][one.day] = one.shift
    return json.dumps({"objective": objective, "assignments": days}, ensure_ascii=False) + "\n"


def roster_of(problem: Problem, assignments: Mapping[str, object], file: str) -> Roster:
    """The roster of the ``assignments`` of such a JSON object. Raises FormatError."""
    wrongs: list[Wrong] = []
    shifts = {one.id: one for one in problem.shifts}
    people = {one.id for one in problem.people}
    made = []
    for person, days in assignments.items():
        if person not in people:
            wrongs.append(Wrong(0, f"assignments: there is no person {person!r}"))
        elif not isinstance(days, list) or len(days) != problem.days:
            wrongs.append(Wrong(0, f"assignments.{person}: must be a list of {problem.days} shifts"))
        else:
            for day, name in enumerate(days):
                if name == "":
                    continue
                if not isinstance(name, str) or name not in shifts:
                    wrongs.append(Wrong(0, f"assignments.{person}[{day}]: there is no shift {name!r}"))
                    continue
                shift = shifts[name]
                made.append(Assignment(person, day, name, shift.start, shift.length))
    if wrongs:
        raise FormatError(file, wrongs)
    return Roster(tuple(made))
