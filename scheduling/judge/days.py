"""Rules that look at which days are worked, and at the time between shifts."""

from collections.abc import Iterator
from itertools import pairwise

from scheduling.judge.book import Book, Row, broken, lasting
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
from scheduling.verdict import Finding


def rest(rule: Rest, book: Book) -> Iterator[Finding]:
    for row in book.rows_of(rule.who):
        for before, after in pairwise(row.all):
            has = after.begin - before.end
            if after.day >= 0 and has < rule.least_minutes:
                rested = f"rests {lasting(max(0, has))} before {after.shift} on {book.on(after.day)}"
                words = f"{row.person.id} {rested}; at least {lasting(rule.least_minutes)}"
                yield broken(rule, rule.rule, words, row.person.id, after.day)


def succession(rule: Succession, book: Book) -> Iterator[Finding]:
    first, then = book.problem.shifts_named(rule.first), book.problem.shifts_named(rule.then)
    for row in book.rows_of(rule.who):
        for before, after in pairwise(row.all):
            follows = after.day >= 0 and after.day == before.day + 1
            if follows and before.shift in first and after.shift in then:
                words = f"{row.person.id} has {after.shift} after {before.shift} on {book.on(after.day)}"
                yield broken(rule, rule.rule, words, row.person.id, after.day)


def consecutive_days(rule: ConsecutiveDays, book: Book) -> Iterator[Finding]:
    names = book.names(rule.shifts)
    for row in book.rows_of(rule.who):
        yield from _runs(rule, row, row.worked_on(names), " or ".join(rule.shifts) or "working", book)


def consecutive_days_off(rule: ConsecutiveDaysOff, book: Book) -> Iterator[Finding]:
    for row in book.rows_of(rule.who):
        known = range(-row.person.history.known_days, book.problem.days)
        yield from _runs(rule, row, set(known) - row.worked_on(), "free", book)


def _runs(
    rule: ConsecutiveDays | ConsecutiveDaysOff, row: Row, days: set[int], kind: str, book: Book
) -> Iterator[Finding]:
    """Runs of ``days`` that are too long or too short."""
    person, first, last = row.person.id, -row.person.history.known_days, book.problem.days - 1
    for begin in sorted(day for day in days if day - 1 not in days):
        end = begin
        while end + 1 in days:
            end += 1
        length = end - begin + 1
        since = f"{length} {kind} day{'s' * (length > 1)} in a row from {book.on(begin)}"
        if rule.most is not None:
            for day in range(max(0, begin + rule.most), end + 1):
                yield broken(rule, rule.rule, f"{person} has {since}; at most {rule.most}", person, day)
        if length < rule.least and first < begin and -1 <= end < last:
            words = f"{person} has only {since}; at least {rule.least}"
            yield broken(rule, rule.rule, words, person, max(0, end), rule.least - length)


def weekends(rule: Weekends, book: Book) -> Iterator[Finding]:
    in_period = rule.per == "period"
    # A period that begins on a Sunday begins inside a weekend.
    spans = [range(-1, book.problem.days)] if in_period else book.months(since=-1)
    for row in book.rows_of(rule.who):
        worked = {one.day for one in (row.days if in_period else row.all)}
        for span in spans:
            saturdays = [day for day in span if book.problem.weekday(day) == 5]
            mine = [day for day in saturdays if not worked.isdisjoint((day, day + 1))]
            used = [day for day in mine if any(one in worked for one in (day, day + 1) if one < 0)]
            new = [day for day in mine if day not in used]
            words = f"{row.person.id} works on {len(mine)} weekends of the {rule.per}; at most {rule.most}"
            for day in new[max(0, rule.most - len(used)) :]:
                yield broken(rule, rule.rule, words, row.person.id, max(0, day))


def shift_count(rule: ShiftCount, book: Book) -> Iterator[Finding]:
    problem = book.problem
    names = book.names(rule.shifts)
    which = " or ".join(rule.shifts) or "any shift"
    spans = {"period": [range(problem.days)], "week": book.weeks(), "month": book.months()}[rule.per]
    for row in book.rows_of(rule.who):
        days = row.worked_on(names)
        for span in spans:
            found = sorted(day for day in days if day in span)
            words = f"{row.person.id} has {which} on {len(found)} days of the {rule.per}"
            for day in [] if rule.most is None else found[rule.most :]:
                if day >= 0:
                    yield broken(rule, rule.rule, f"{words}; at most {rule.most}", row.person.id, day)
            if span.start >= 0 and span.stop <= problem.days and len(found) < rule.least:
                since = None if rule.per == "period" else span.start
                missing = rule.least - len(found)
                yield broken(
                    rule, rule.rule, f"{words}; at least {rule.least}", row.person.id, since, missing
                )


def rest_days(rule: RestDays, book: Book) -> Iterator[Finding]:
    for row in book.rows_of(rule.who):
        worked = row.worked_on()
        first = -row.person.history.known_days
        for last in range(max(0, first + rule.days - 1), book.problem.days):
            window = range(last - rule.days + 1, last + 1)
            free_before = sum(day not in worked for day in window if day < 0)
            inside = [day for day in window if day >= 0]
            free = sum(day not in worked for day in inside)
            missing = min(rule.least - free_before, len(inside)) - free
            if missing > 0:
                which = f"free days of the {rule.days} up to {book.on(last)}"
                words = f"{row.person.id} has {free_before + free} {which}; at least {rule.least}"
                yield broken(rule, rule.rule, words, row.person.id, last, missing)


def weekly_rest(rule: WeeklyRest, book: Book) -> Iterator[Finding]:
    for row in book.rows_of(rule.who):
        for week in book.weeks():
            if week.start < -row.person.history.known_days:
                continue
            begin, end = week.start * DAY, week.stop * DAY
            moments = [begin, *(one.end for one in row.all if begin <= one.end < end)]
            if not any(_free(row, moment, moment + rule.least_minutes) for moment in moments):
                day = max(0, week.start)
                words = (
                    f"{row.person.id} never rests {lasting(rule.least_minutes)} in the week of {book.on(day)}"
                )
                yield broken(rule, rule.rule, words, row.person.id, day)


def _free(row: Row, begin: int, end: int) -> bool:
    return all(one.end <= begin or end <= one.begin for one in row.all)
