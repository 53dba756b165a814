"""What is wrong with a problem, all of it, each with its place.

Shapes first (ranges, names that are nobody's); only a problem whose shapes are right is looked through for
demands nobody can meet and rules that contradict one another (``contradictions.py``).
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from scheduling.breaks import first_without_room
from scheduling.contradictions import contradictions
from scheduling.demand import Steps
from scheduling.people import Person
from scheduling.problem import DAY, Activity, Break, Fault, Problem, Shift, Who
from scheduling.rule_faults import rule_faults
from scheduling.rules import COUNTED

LONGEST_PERIOD: Final = 366
MOST_FORMS: Final = 2_000
"""Starts by lengths of a flexible shift."""
_Item = TypeVar("_Item")


def faults(problem: Problem) -> list[Fault]:
    """Everything wrong with a problem; empty if it is sound."""
    found = list(_shapes(problem))
    return found or list(contradictions(problem))


def _shapes(problem: Problem) -> Iterator[Fault]:
    if not 1 <= problem.days <= LONGEST_PERIOD:
        yield Fault("days", f"a period has 1 to {LONGEST_PERIOD} days, not {problem.days}")
        return
    if not 1900 <= problem.start.year <= 2200:
        yield Fault("start", f"{problem.start} is no day for a roster; years are 1900 to 2200")
        return
    minutes = problem.interval_minutes
    if minutes < 1 or DAY % minutes:
        yield Fault("interval_minutes", f"{minutes} minutes do not divide a day")
        return
    try:
        ZoneInfo(problem.zone)
    except (OSError, ValueError, KeyError):
        yield Fault("zone", f"{problem.zone!r} is no time zone; write a name like Asia/Shanghai")
    if not problem.people:
        yield Fault("people", "there is nobody")
    if not problem.shifts:
        yield Fault("shifts", "there is no shift")
    yield from _days("holidays", problem.holidays, problem)
    yield from _twice("shifts", "id", [one.id for one in problem.shifts])
    yield from _twice("people", "id", [one.id for one in problem.people])
    yield from _twice("contracts", "id", [one.id for one in problem.contracts])
    yield from _twice("demands", "name", [one.name for one in problem.demands])
    yield from _twice("activities", "id", [one.id for one in problem.activities])
    yield from _each("shifts", problem.shifts, lambda one: _shift(one, problem))
    yield from _contracts(problem)
    yield from _each("people", problem.people, lambda one: _person(one, problem))
    yield from _demands(problem)
    yield from _covers(problem)
    for place, rule in enumerate(problem.rules):
        path = f"rules[{place}]"
        yield from who_faults(f"{path}.who", rule.who, problem)
        yield from _inside(path, rule_faults(rule, problem))
    yield from _each("activities", problem.activities, lambda one: _activity(one, problem))


# ------------------------------------------------------------------ helpers

Said = tuple[str, str]
"""A path below something, and the reason."""


def _inside(path: str, said: Iterable[Said]) -> Iterator[Fault]:
    for below, reason in said:
        joint = "" if not below or below.startswith("[") else "."
        yield Fault(f"{path}{joint}{below}", reason)


def _each(path: str, items: tuple[_Item, ...], look: Callable[[_Item], Iterable[Said]]) -> Iterator[Fault]:
    for place, item in enumerate(items):
        yield from _inside(f"{path}[{place}]", look(item))


def _twice(path: str, field: str, ids: list[str]) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for place, id in enumerate(ids):
        if not id:
            yield Fault(f"{path}[{place}].{field}", "is empty")
        elif not id.isprintable() or id != id.strip():
            yield Fault(f"{path}[{place}].{field}", f"{id!r} has signs that cannot be seen")
        elif id in seen:
            yield Fault(f"{path}[{place}].{field}", f"{id!r} is also {path}[{seen[id]}]")
        seen.setdefault(id, place)


def _days(path: str, days: Iterable[int], problem: Problem) -> Iterator[Fault]:
    for place, day in enumerate(days):
        if not 0 <= day < problem.days:
            yield Fault(f"{path}[{place}]", _no_day(day, problem))


def _no_day(day: int, problem: Problem) -> str:
    return f"day {day} is not in the period, whose days are 0 to {problem.days - 1}"


def _seen(one: Person | Shift | Break, names: Iterable[str]) -> Iterator[Said]:
    for field in names:
        if not str(getattr(one, field)).isprintable():
            yield field, f"{getattr(one, field)!r} has signs that cannot be seen"


def _names(field: str, names: tuple[str, ...], problem: Problem) -> Iterator[Said]:
    known = {one.id for one in problem.shifts}.union(*(one.marks for one in problem.shifts))
    for name in names:
        if name not in known:
            yield field, f"{name!r} is no shift and no mark of one"


def who_faults(path: str, who: Who, problem: Problem) -> Iterator[Fault]:
    """Names in ``who`` that are nobody's."""
    known = {
        "people": ({one.id for one in problem.people}, "there is no person {}"),
        "teams": ({one.team for one in problem.people} - {""}, "nobody is in a team {}"),
        "contracts": ({one.id for one in problem.contracts}, "there is no contract {}"),
        "branches": ({one.branch for one in problem.people} - {""}, "nobody is of a branch {}"),
    }
    for field, (ids, words) in known.items():
        for name in getattr(who, field):
            if name not in ids:
                yield Fault(f"{path}.{field}", words.format(repr(name)))


def _steps(field: str, steps: Steps) -> Iterator[Said]:
    first, cost = 0, 0
    for place, step in enumerate(steps):
        path = f"{field}[{place}]"
        if place == 0 and step.first != 1:
            yield path, f"the first step begins with person 1, not {step.first}"
        elif step.first <= first:
            yield path, f"begins with person {step.first}, which is not after {first}"
        if step.cost < cost:
            yield path, f"costs {step.cost} a person, less than {cost} before it; costs may only rise"
        first, cost = step.first, step.cost


# ------------------------------------------------------------------ shifts


def _shift(shift: Shift, problem: Problem) -> Iterator[Said]:
    name = repr(shift.id)
    yield from _seen(shift, ("name",))
    if not 0 <= shift.start < DAY:
        yield "start", f"{name} begins at minute {shift.start}; a day has the minutes 0 to {DAY - 1}"
    longest = shift.length if shift.longest is None else shift.longest
    latest = shift.start if shift.latest_start is None else shift.latest_start
    if shift.length < 1:
        yield "length", f"{name} lasts {shift.length} minutes"
    if max(longest, shift.length) > DAY:
        field = "length" if shift.length > DAY else "longest"
        yield field, f"{name} lasts {max(longest, shift.length)} minutes, longer than a day ({DAY})"
    if longest < shift.length:
        yield "longest", f"{name} lasts {shift.length} minutes at least and {longest} at most"
    if not shift.start <= latest < DAY:
        yield "latest_start", f"{name} begins at {shift.start} at the earliest and {latest} at the latest"
    for field in ("start_step", "length_step"):
        if getattr(shift, field) < 1:
            yield field, f"is {getattr(shift, field)}; it is at least 1 minute"
    ids = {one.id for one in problem.shifts}
    for name_ in (shift.id, *shift.marks):
        if name_ in COUNTED:
            yield "marks", f"{name_!r} is a word of fairness; call it otherwise"
    for mark in shift.marks:
        if mark in ids:
            yield "marks", f"{mark!r} is the id of a shift, it cannot be a mark too"
    said = list(_breaks(shift))
    yield from said
    sound = not said and 1 <= shift.length <= longest <= DAY and shift.start <= latest < DAY
    if not sound or shift.start_step < 1 or shift.length_step < 1:
        return
    if (forms := len(shift.starts) * len(shift.lengths)) > MOST_FORMS:
        yield "start_step", f"{name} has {forms} starts and lengths; at most {MOST_FORMS} are taken"
    elif (none := first_without_room(shift)) is not None:
        yield (
            "breaks",
            f"{name} has no room for its breaks when it begins at {none[0]} and lasts {none[1]} minutes",
        )


def _breaks(shift: Shift) -> Iterator[Said]:
    names = [one.name for one in shift.breaks]
    for place, one in enumerate(shift.breaks):
        path = f"breaks[{place}]"
        yield from ((f"{path}.{field}", why) for field, why in _seen(one, ("name",)))
        if not one.name or names.index(one.name) != place:
            yield f"{path}.name", "is empty" if not one.name else f"{one.name!r} is another break's too"
        if one.minutes < 1:
            yield f"{path}.minutes", f"{one.name!r} lasts {one.minutes} minutes"
        if one.step < 1:
            yield f"{path}.step", f"is {one.step}; it is at least 1 minute"
        if not 0 <= one.earliest <= one.latest <= DAY:
            yield (
                f"{path}.earliest",
                f"{one.name!r} begins {one.earliest} to {one.latest} minutes after the shift",
            )
    if shift.least_stretch < 0 or shift.most_stretch < 0:
        yield "least_stretch", "minutes between breaks are not negative"
    elif shift.most_stretch and shift.most_stretch < shift.least_stretch:
        yield (
            "most_stretch",
            f"at most {shift.most_stretch} minutes between breaks, and at least {shift.least_stretch}",
        )
    for length in shift.lengths if shift.length_step > 0 and (shift.longest or 0) <= DAY else ():
        if shift.worked(length) < 1:
            yield "breaks", f"nothing of {length} minutes is left to be worked"
            return


# ------------------------------------------------------------------ people


def _contracts(problem: Problem) -> Iterator[Fault]:
    for place, one in enumerate(problem.contracts):
        path = f"contracts[{place}]"
        for span in ("period", "week", "day"):
            least, most = getattr(one, f"{span}_least"), getattr(one, f"{span}_most")
            if (least or 0) < 0 or (most or 0) < 0:
                yield Fault(f"{path}.{span}_least", "minutes are not negative")
            if least is not None and most is not None and least > most:
                yield Fault(
                    f"{path}.{span}_least",
                    f"{one.id!r} owes {least} minutes a {span} and allows at most {most}",
                )
        if one.weight is not None and one.weight < 0:
            yield Fault(f"{path}.weight", f"{one.weight} is negative")


def _person(person: Person, problem: Problem) -> Iterator[Said]:
    who = repr(person.id)
    yield from _seen(person, ("name", "team", "branch"))
    if person.contract and all(one.id != person.contract for one in problem.contracts):
        yield "contract", f"{who} has the contract {person.contract!r}, which is not there"
    for skill, level in person.skills.items():
        if level < 1:
            yield f"skills.{skill}", f"{who} has level {level}; levels are 1 and up"
    yield from _names("shifts", person.shifts, problem)
    for place, away in enumerate(person.away):
        if away.start >= away.end:
            yield f"away[{place}]", f"{who} is away from {away.start} to {away.end}, which is no time"
    for place, leave in enumerate(person.leave):
        if not 0 <= leave.day < problem.days:
            yield f"leave[{place}].day", _no_day(leave.day, problem)
        if leave.minutes < 0:
            yield f"leave[{place}].minutes", f"{leave.minutes} is negative"
    yield from _fixed(person, problem)
    for place, wish in enumerate(person.wishes):
        path = f"wishes[{place}]"
        if not 0 <= wish.day < problem.days:
            yield f"{path}.day", _no_day(wish.day, problem)
        if wish.weight < 0:
            yield f"{path}.weight", f"{wish.weight} is negative"
        yield from _names(f"{path}.shifts", wish.shifts, problem)
    yield from _history(person)


def _fixed(person: Person, problem: Problem) -> Iterator[Said]:
    shifts = {one.id: one for one in problem.shifts}
    may = problem.shifts_named(person.shifts)
    on_leave = {one.day for one in person.leave}
    seen: dict[int, int] = {}
    for place, fixed in enumerate(person.fixed):
        path = f"fixed[{place}]"
        if not 0 <= fixed.day < problem.days:
            yield f"{path}.day", _no_day(fixed.day, problem)
        if fixed.day in seen:
            yield f"{path}.day", f"day {fixed.day} is fixed already by fixed[{seen[fixed.day]}]"
        seen.setdefault(fixed.day, place)
        if not fixed.shift:
            if fixed.start is not None or fixed.length is not None:
                yield path, "a free day has no start and no length"
            continue
        shift = shifts.get(fixed.shift)
        if shift is None:
            yield f"{path}.shift", f"there is no shift {fixed.shift!r}"
            continue
        if fixed.shift not in may:
            yield f"{path}.shift", f"{person.id!r} may not have {fixed.shift!r}; it is not among their shifts"
        if fixed.day in on_leave:
            yield f"{path}.day", f"{person.id!r} is on approved leave on day {fixed.day}"
        if fixed.start is not None and fixed.start not in shift.starts:
            yield f"{path}.start", f"{fixed.shift!r} does not begin at {fixed.start}"
        if fixed.length is not None and fixed.length not in shift.lengths:
            yield f"{path}.length", f"{fixed.shift!r} does not last {fixed.length} minutes"


def _history(person: Person) -> Iterator[Said]:
    known = person.history.known_days
    if not 0 <= known <= LONGEST_PERIOD:
        yield "history.known_days", f"is {known}; it is 0 to {LONGEST_PERIOD}"
    days = set()
    for place, past in enumerate(person.history.shifts):
        path = f"history.shifts[{place}]"
        if not -known <= past.day <= -1:
            yield f"{path}.day", f"day {past.day} is not among the {known} days known before the period"
        if past.day in days:
            yield f"{path}.day", f"day {past.day} has two shifts"
        days.add(past.day)
        if not (0 <= past.start < DAY and 1 <= past.length <= DAY and 0 <= past.worked <= past.length):
            yield path, f"begins at {past.start}, lasts {past.length}, {past.worked} worked: that is no shift"


# ------------------------------------------------------------------ demand


def _demands(problem: Problem) -> Iterator[Fault]:
    for place, one in enumerate(problem.demands):
        path = f"demands[{place}]"
        yield from _inside(path, [*_steps("under", one.under), *_steps("over", one.over)])
        if len(one.required) != problem.intervals:
            yield Fault(
                f"{path}.required",
                f"{one.name!r} has {len(one.required)} values; the period has {problem.intervals} intervals",
            )
        for interval, count in enumerate(one.required):
            if count < 0:
                yield Fault(f"{path}.required[{interval}]", f"{count} people are asked for")
                break
        if one.level < 1:
            yield Fault(f"{path}.level", f"is {one.level}; levels are 1 and up")
        best = max((person.skills.get(one.skill, 0) for person in problem.people), default=0)
        if best < one.level and any(one.required):
            has = f"the best has level {best}" if best else "nobody has it at all"
            wanted = f"{one.skill!r}" + (f" at level {one.level}" if best else "")
            yield Fault(f"{path}.skill", f"{one.name!r} asks for {wanted}, which nobody has ({has})")


def _covers(problem: Problem) -> Iterator[Fault]:
    shifts = {one.id for one in problem.shifts}
    seen: dict[tuple[int, str], int] = {}
    for place, one in enumerate(problem.covers):
        path = f"covers[{place}]"
        if not 0 <= one.day < problem.days:
            yield Fault(f"{path}.day", _no_day(one.day, problem))
        if one.shift not in shifts:
            yield Fault(f"{path}.shift", f"there is no shift {one.shift!r}")
        if one.required < 0:
            yield Fault(f"{path}.required", f"{one.required} people are asked for")
        if (key := (one.day, one.shift)) in seen:
            yield Fault(path, f"day {one.day} and {one.shift!r} are asked for by covers[{seen[key]}] already")
        seen.setdefault((one.day, one.shift), place)
        yield from _inside(path, [*_steps("under", one.under), *_steps("over", one.over)])


def _activity(one: Activity, problem: Problem) -> Iterator[Said]:
    for fault in who_faults("who", one.who, problem):
        yield fault.path, fault.reason
    if one.minutes < 1:
        yield "minutes", f"{one.id!r} lasts {one.minutes} minutes"
    if not 0 <= one.first_day <= one.last_day < problem.days:
        yield (
            "first_day",
            f"{one.id!r} is on days {one.first_day} to {one.last_day}; there are 0 to {problem.days - 1}",
        )
    if not 0 <= one.earliest <= one.latest <= 2 * DAY:
        yield "earliest", f"{one.id!r} begins from {one.earliest} to {one.latest}, which is no time"
    if one.step < 1:
        yield "step", f"is {one.step}; it is at least 1 minute"
    if one.weight is not None and one.weight < 0:
        yield "weight", f"{one.weight} is negative"
