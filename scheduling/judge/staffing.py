"""How many people there are for each demand, interval by interval."""

from collections import Counter
from collections.abc import Iterator

from scheduling.judge.book import Book, open_book
from scheduling.judge.matching import Group, Matcher
from scheduling.people import Person
from scheduling.problem import DAY, Problem
from scheduling.roster import Assignment, Roster


def staffing(problem: Problem, roster: Roster) -> dict[str, tuple[int, ...]]:
    """For each demand the people serving it, a value for each interval of the period."""
    return staffing_of(open_book(problem, roster)[0])


def staffing_of(book: Book) -> dict[str, tuple[int, ...]]:
    """The same of a book."""
    demands = book.problem.demands
    matcher = Matcher(demands)
    there = present(book)
    served = [
        matcher.served(tuple(one.required[interval] for one in demands), groups)
        for interval, groups in enumerate(there)
    ]
    return {one.name: tuple(counts[place] for counts in served) for place, one in enumerate(demands)}


def present(book: Book) -> list[Counter[Group]]:
    """Who is on the telephone in each interval, as groups of those who can serve the same demands."""
    problem = book.problem
    groups = {person.id: group_of(problem, person) for person in problem.people}
    only = {one.name: (place,) for place, one in enumerate(problem.demands)}
    there: list[Counter[Group]] = [Counter() for _ in range(problem.intervals)]
    seen: dict[str, set[int]] = {person.id: set() for person in problem.people}

    def add(person: str, group: Group, begin: int, end: int) -> None:
        minutes = problem.interval_minutes
        span = range(max(0, -(-begin // minutes)), min(problem.intervals, end // minutes))
        fresh = set(span) - seen[person]  # nobody is there twice, whatever the roster says
        seen[person] |= fresh
        for interval in fresh:
            there[interval][group] = there[interval].get(group, 0) + 1

    for row in book.rows.values():
        for past in row.past:
            known = book.shifts.get(past.shift)
            if groups[row.person.id] and not (known is not None and known.reserve):
                add(row.person.id, groups[row.person.id], past.begin, past.end)
    for one in book.assignments:
        group, midnight = groups[one.person], one.day * DAY
        if not group:
            continue
        if not book.shifts[one.shift].reserve:
            for begin, end in on_telephone(one, one.start, one.end):
                add(one.person, group, midnight + begin, midnight + end)
            continue
        for duty in one.duties:
            serving = only.get(duty.name, group)
            if serving[0] in group:
                for begin, end in on_telephone(one, duty.start, duty.end):
                    add(one.person, serving, midnight + begin, midnight + end)
    return there


def group_of(problem: Problem, person: Person) -> Group:
    """The demands a person can serve."""
    return tuple(
        place for place, one in enumerate(problem.demands) if person.skills.get(one.skill, 0) >= one.level
    )


def on_telephone(one: Assignment, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches from ``begin`` to ``end`` (minutes of the shift's day) without breaks and activities."""
    free, end = max(begin, one.start), min(end, one.end)
    for block in sorted((*one.breaks, *one.activities), key=lambda block: block.start):
        if free < min(block.start, end):
            yield free, min(block.start, end)
        free = max(free, block.end)
    if free < end:
        yield free, end
