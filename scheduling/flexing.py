"""The reserve (机动班) is given to the telephones late: where most people are missing by now.

Given a roster and what is asked for as it is known now, people on reserve shifts get *duties*: stretches of
at least so long in which they take calls. One after another, whoever helps most; a stretch is given only
where it saves more than it costs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from scheduling.judge.book import Book, open_book
from scheduling.judge.matching import Group, Matcher, cost_of
from scheduling.judge.staffing import group_of, on_telephone, present
from scheduling.problem import DAY, Problem
from scheduling.roster import Block, Roster


@dataclass(frozen=True, slots=True)
class _Free:
    """A stretch of intervals in which somebody in reserve could take calls."""

    place: int
    group: Group
    intervals: range


def give_duties(
    problem: Problem,
    roster: Roster,
    least_minutes: int = 60,
    from_day: int = 0,
    last_day: int | None = None,
    from_minute: int = 0,
) -> Roster:
    """The roster with duties for those in reserve on the days from ``from_day`` to ``last_day`` (None: the
    period's last), in place of those they had there; what begins before minute ``from_minute`` of the first
    of them stays.

    The demand is the problem's: give a problem with the demand as it is known now, and a roster without those
    who are ill.
    """
    reserves = {one.id for one in problem.shifts if one.reserve}
    days = range(from_day, problem.days if last_day is None else last_day + 1)
    since = from_day * DAY + from_minute
    bare = Roster(
        tuple(
            replace(one, duties=tuple(each for each in one.duties if one.day * DAY + each.start < since))
            if one.shift in reserves and one.day in days
            else one
            for one in roster.assignments
        )
    )
    book = open_book(problem, bare)[0]
    free = list(_free(problem, book, reserves, days, since))
    there, matcher = present(book), Matcher(problem.demands)
    given: dict[int, list[Block]] = {}
    while free:
        found = [(_best(problem, one, there, matcher, least_minutes), one) for one in free]
        (saved, stretch), one = max(
            found, key=lambda each: (each[0][0], -each[1].place, -each[1].intervals[0])
        )
        if saved <= 0:
            break
        for interval in stretch:
            there[interval][one.group] += 1
        day = book.assignments[one.place].day
        begin = stretch[0] * problem.interval_minutes - day * DAY
        given.setdefault(one.place, []).append(Block("", begin, len(stretch) * problem.interval_minutes))
        free.remove(one)
        for rest in (range(one.intervals[0], stretch[0]), range(stretch[-1] + 1, one.intervals[-1] + 1)):
            if rest:
                free.append(replace(one, intervals=rest))
    known = {id(one) for one in book.assignments}
    others = [one for one in bare.assignments if id(one) not in known]
    return Roster(
        tuple(
            replace(one, duties=tuple(sorted((*one.duties, *given[place]), key=lambda block: block.start)))
            if place in given
            else one
            for place, one in enumerate(book.assignments)
        )
        + tuple(others)
    )


def _free(problem: Problem, book: Book, reserves: set[str], days: range, since: int) -> Sequence[_Free]:
    found = []
    minutes = problem.interval_minutes
    for place, one in enumerate(book.assignments):
        group = group_of(problem, book.rows[one.person].person)
        if one.shift not in reserves or one.day not in days or not group:
            continue
        # Duties that stay are no time to be given away once more.
        idle = replace(one, activities=(*one.activities, *one.duties))
        for begin, end in on_telephone(idle, max(one.start, since - one.day * DAY), one.end):
            first, last = -(-(one.day * DAY + begin) // minutes), (one.day * DAY + end) // minutes
            if intervals := range(first, min(last, problem.intervals)):
                found.append(_Free(place, group, intervals))
    return found


def _best(
    problem: Problem, one: _Free, there: Sequence[dict[Group, int]], matcher: Matcher, least_minutes: int
) -> tuple[int, range]:
    """The stretch that saves most, and how much: a best sum of neighbours, long enough."""
    least = -(-least_minutes // problem.interval_minutes)
    sums = [0]
    for interval in one.intervals:
        sums.append(sums[-1] + _saved(problem, interval, one.group, there[interval], matcher))
    best, where, lowest = 0, range(0), 0
    for end in range(least, len(sums)):
        if sums[end - least] < sums[lowest]:
            lowest = end - least
        if sums[end] - sums[lowest] > best:
            best = sums[end] - sums[lowest]
            where = range(one.intervals[lowest], one.intervals[end - 1] + 1)
    return best, where


def _saved(problem: Problem, interval: int, group: Group, there: dict[Group, int], matcher: Matcher) -> int:
    """What one more of ``group`` saves in an interval."""
    required = tuple(one.required[interval] for one in problem.demands)

    def cost(groups: dict[Group, int]) -> int:
        served = matcher.served(required, groups)
        return sum(
            cost_of(demand, has, asked)
            for demand, has, asked in zip(problem.demands, served, required, strict=True)
        )

    return cost(there) - cost({**there, group: there.get(group, 0) + 1})
