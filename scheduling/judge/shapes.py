"""Each assignment by itself: is it such a shift, with such breaks and activities, may the person have it?"""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from scheduling.judge.book import Book, Row, broken, clock, lasting
from scheduling.people import Wish
from scheduling.problem import DAY
from scheduling.roster import Assignment, Block
from scheduling.rules import Activity
from scheduling.verdict import Finding


def shapes(book: Book) -> Iterator[Finding]:
    """Hours, breaks, activities and duties that are not those of the shift."""
    activities = {one.id: one for one in book.problem.activities}
    concerned = {
        one.id: {person.id for person in book.problem.concerned(one.who)} for one in book.problem.activities
    }
    for one in book.assignments:
        for family, words in (
            *_hours(one, book),
            *_breaks(one, book),
            *_off_phone(one, activities, concerned),
            *_duties(one, book),
        ):
            yield Finding(
                family, f"{one.person}, {book.on(one.day)}: {words}", one.person, one.day, hard=True
            )


def _hours(one: Assignment, book: Book) -> Iterator[tuple[str, str]]:
    shift = book.shifts[one.shift]
    if one.start not in shift.starts:
        yield "assignment", f"{one.shift} does not begin at {clock(one.start)}"
    if one.length not in shift.lengths:
        yield "assignment", f"{one.shift} does not last {lasting(one.length)}"


def _breaks(one: Assignment, book: Book) -> Iterator[tuple[str, str]]:
    shift = book.shifts[one.shift]
    due = shift.breaks_due(one.length)
    names, wanted = [block.name for block in one.breaks], [rule.name for rule in due]
    if names != wanted:
        has = ", ".join(names) or "none"
        yield "breaks", f"breaks are {has}; {one.shift} has {', '.join(wanted) or 'none'}, in this order"
        return
    for block, rule in zip(one.breaks, due, strict=True):
        if block.minutes != rule.minutes:
            yield "breaks", f"{rule.name} lasts {lasting(rule.minutes)}, not {lasting(block.minutes)}"
        if block.start not in rule.begins_at(one.start):
            yield "breaks", f"{rule.name} may not begin at {clock(block.start)}"
    if not due:
        return
    edges = [one.start, *(edge for block in one.breaks for edge in (block.start, block.end)), one.end]
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        if end < begin:
            yield "breaks", "breaks overlap, or reach out of the shift"
        elif end - begin < shift.least_stretch:
            yield (
                "breaks",
                f"only {lasting(end - begin)} between breaks; at least {lasting(shift.least_stretch)}",
            )
        elif shift.most_stretch and end - begin > shift.most_stretch:
            yield "breaks", f"{lasting(end - begin)} without a break; at most {lasting(shift.most_stretch)}"


def _off_phone(
    one: Assignment, activities: dict[str, Activity], concerned: dict[str, set[str]]
) -> Iterator[tuple[str, str]]:
    for block in one.activities:
        rule = activities.get(block.name)
        if rule is None:
            yield "activity", f"there is no activity {block.name!r}"
        elif one.person not in concerned[rule.id]:
            yield "activity", f"{rule.id} is not for {one.person}"
        elif not rule.first_day <= one.day <= rule.last_day:
            yield "activity", f"{rule.id} is not on this day"
        elif block.minutes != rule.minutes:
            yield "activity", f"{rule.id} lasts {lasting(rule.minutes)}, not {lasting(block.minutes)}"
        elif block.start not in range(rule.earliest, rule.latest + 1, rule.step):
            yield "activity", f"{rule.id} may not begin at {clock(block.start)}"
    blocks = sorted((*one.breaks, *one.activities), key=lambda block: block.start)
    if one.activities and (outside(one, blocks) or overlapping(blocks)):
        yield "activity", "activities overlap one another or a break, or reach out of the shift"


def _duties(one: Assignment, book: Book) -> Iterator[tuple[str, str]]:
    if not one.duties:
        return
    if not book.shifts[one.shift].reserve:
        yield "duty", f"{one.shift} is no reserve shift; it has no duties"
    skills = book.rows[one.person].person.skills
    demands = {demand.name: demand for demand in book.problem.demands}
    for block in one.duties:
        demand = demands.get(block.name)
        if block.name and demand is None:
            yield "duty", f"there is no demand {block.name!r}"
        elif demand is not None and skills.get(demand.skill, 0) < demand.level:
            yield "duty", f"{one.person} has no {demand.skill} at level {demand.level} for {demand.name}"
    blocks = sorted(one.duties, key=lambda block: block.start)
    if outside(one, blocks) or overlapping(blocks):
        yield "duty", "duties overlap one another, or reach out of the shift"


def outside(one: Assignment, blocks: list[Block]) -> bool:
    return any(block.minutes < 1 or block.start < one.start or block.end > one.end for block in blocks)


def overlapping(blocks: list[Block]) -> bool:
    return any(before.end > after.start for before, after in pairwise(blocks))


# ------------------------------------------------------------------ persons


def absences(book: Book) -> Iterator[Finding]:
    """Shifts somebody may not have, or not then: theirs, leave, away, fixed, two at a time."""
    for row in book.rows.values():
        for rule, day, words in (*_may(row, book), *_fixed(row, book), *_twice(row, book)):
            yield Finding(rule, f"{row.person.id}, {book.on(day)}: {words}", row.person.id, day, hard=True)


def _may(row: Row, book: Book) -> Iterator[tuple[str, int, str]]:
    person = row.person
    may = book.problem.shifts_named(person.shifts)
    on_leave = {one.day for one in person.leave}
    for one in row.days:
        if one.shift not in may:
            yield "eligible", one.day, f"may not work {one.shift}"
        if one.day in on_leave:
            yield "leave", one.day, f"works {one.shift} on approved leave"
        for away in person.away:
            if one.begin < away.end and away.start < one.end:
                yield (
                    "away",
                    one.day,
                    f"works {one.shift} while away" + f" ({away.reason})" * bool(away.reason),
                )


def _fixed(row: Row, book: Book) -> Iterator[tuple[str, int, str]]:
    mine = {one.day: one for one in row.days}
    for fixed in row.person.fixed:
        one = mine.get(fixed.day)
        has = one.shift if one is not None else ""
        start = None if one is None else one.begin - one.day * DAY
        if has != fixed.shift:
            yield "fixed", fixed.day, f"is fixed to {fixed.shift or 'be free'}, but {_has(has)}"
        elif fixed.start is not None and start != fixed.start:
            yield "fixed", fixed.day, f"{fixed.shift} is fixed to begin at {clock(fixed.start)}"
        elif fixed.length is not None and one is not None and one.end - one.begin != fixed.length:
            yield "fixed", fixed.day, f"{fixed.shift} is fixed to last {lasting(fixed.length)}"


def _has(shift: str) -> str:
    return f"works {shift}" if shift else "is free"


def _twice(row: Row, book: Book) -> Iterator[tuple[str, int, str]]:
    for before, after in pairwise(row.all):
        if after.day >= 0 and after.begin < before.end:
            yield "overlap", after.day, f"{after.shift} begins before {before.shift} of the day before ends"


# ------------------------------------------------------------------ activities and wishes


def activities(book: Book) -> Iterator[Finding]:
    """Who misses an activity, or does it more than once."""
    for rule in book.problem.activities:
        times: dict[str, list[int]] = {}
        for one in book.assignments:
            for block in one.activities:
                if block.name == rule.id:
                    times.setdefault(one.person, []).append(one.day * DAY + block.start)
        common = _common(times) if rule.together else None
        for person in book.problem.concerned(rule.who):
            mine = times.get(person.id, [])
            if len(mine) > 1:
                words = f"{person.id} does {rule.id} {len(mine)} times"
                yield Finding("activity", words, person.id, hard=True, name=rule.name or rule.id)
            elif not mine:
                yield broken(rule, "activity", f"{person.id} misses {rule.id}", person.id)
            elif common is not None and mine[0] != common:
                day, minute = divmod(common, DAY)
                words = f"{person.id} misses {rule.id} of the others, {book.on(day)} {clock(minute)}"
                yield broken(rule, "activity", words, person.id)


def _common(times: dict[str, list[int]]) -> int | None:
    """When most of them do it; of equals the earliest."""
    counted = Counter(mine[0] for mine in times.values() if len(mine) == 1)
    return min(counted, key=lambda time: (-counted[time], time), default=None)


def granted_wishes(row: Row, book: Book) -> Iterator[tuple[Wish, bool]]:
    """A person's wishes, and whether each one is granted."""
    mine = {one.day: one.shift for one in row.days}
    for wish in row.person.wishes:
        works = mine.get(wish.day)
        yield wish, (works is not None and works in book.problem.shifts_named(wish.shifts)) is wish.want


def wishes(book: Book) -> Iterator[Finding]:
    """Wishes that are not granted."""
    for row in book.rows.values():
        for wish, granted in granted_wishes(row, book):
            if not granted:
                which = " or ".join(wish.shifts)
                asked = f"to work {which}".strip() if wish.want else f"not to work {which}".strip()
                words = f"{row.person.id} asked {asked} on {book.on(wish.day)}"
                yield Finding("wish", words, row.person.id, wish.day, wish.weight)
