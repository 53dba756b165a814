"""Rules that add up minutes of work, and the contract."""

from collections.abc import Iterable, Iterator

from scheduling.judge.book import Book, Row, Worked, broken, hours, lasting
from scheduling.people import Contract
from scheduling.problem import Rule
from scheduling.rules import (
    AverageHours,
    AverageShift,
    BreakDue,
    DailyOvertime,
    HoursInWindow,
    MonthlyOvertime,
)
from scheduling.verdict import Finding


def _minutes(days: Iterable[Worked]) -> int:
    return sum(one.minutes for one in days)


def _beyond(inside: int, before: int, most: int) -> int:
    """Minutes of the period beyond what the past has left of a limit."""
    return max(0, inside - max(0, most - before))


def _too_much(
    rule: Rule, row: Row, minutes: int, most: int, beyond: int, where: str, day: int | None
) -> Iterator[Finding]:
    if beyond > 0:
        words = f"{row.person.id} works {lasting(minutes)} {where}; at most {lasting(most)}"
        yield broken(rule, rule.rule, words, row.person.id, day, hours(beyond))


def hours_in_window(rule: HoursInWindow, book: Book) -> Iterator[Finding]:
    for row in book.rows_of(rule.who):
        for last in range(book.problem.days):
            first = last - rule.days + 1
            inside = _minutes(one for one in row.days if first <= one.day <= last)
            before = _minutes(one for one in row.past if first <= one.day)
            beyond = _beyond(inside, before, rule.most_minutes)
            where = f"in the {rule.days} days up to {book.on(last)}"
            yield from _too_much(rule, row, inside + before, rule.most_minutes, beyond, where, last)


def average_hours(rule: AverageHours, book: Book) -> Iterator[Finding]:
    for row in book.rows_of(rule.who):
        known = book.problem.days + row.person.history.known_days
        days = max(book.problem.days, min(rule.over_days, known))
        inside = _minutes(row.days)
        before = _minutes(one for one in row.past if one.day >= book.problem.days - days)
        most = rule.most_minutes_a_week * days // 7
        beyond = _beyond(inside, before, most)
        where = f"in {days} days ({lasting(rule.most_minutes_a_week)} a week on average)"
        yield from _too_much(rule, row, inside + before, most, beyond, where, None)


def daily_overtime(rule: DailyOvertime, book: Book) -> Iterator[Finding]:
    most = rule.normal_minutes + rule.most_minutes
    for row in book.rows_of(rule.who):
        for one in row.days:
            where = f"on {book.on(one.day)}"
            yield from _too_much(rule, row, one.minutes, most, one.minutes - most, where, one.day)


def monthly_overtime(rule: MonthlyOvertime, book: Book) -> Iterator[Finding]:
    for row in book.rows_of(rule.who):
        for month in book.months():

            def overtime(days: list[Worked], month: range = month) -> int:
                return sum(max(0, one.minutes - rule.normal_minutes) for one in days if one.day in month)

            inside, before = overtime(row.days), overtime(row.past)
            if beyond := _beyond(inside, before, rule.most_minutes):
                day = min(month.stop, book.problem.days) - 1
                words = (
                    f"{row.person.id} works {lasting(inside + before)} of overtime in the month of "
                    f"{book.on(day)}; at most {lasting(rule.most_minutes)}"
                )
                yield broken(rule, rule.rule, words, row.person.id, day, hours(beyond))


def average_shift(rule: AverageShift, book: Book) -> Iterator[Finding]:
    names = book.problem.shifts_named(rule.shifts)
    for row in book.rows_of(rule.who):
        mine = [one for one in row.days if one.shift in names]
        beyond = _minutes(mine) - rule.most_minutes * len(mine)
        if beyond > 0:
            shifts = f"{len(mine)} {' or '.join(rule.shifts)} shifts".replace("  ", " ")
            words = (
                f"{row.person.id} works {lasting(_minutes(mine))} in {shifts}; "
                f"at most {lasting(rule.most_minutes)} in one on average"
            )
            yield broken(rule, rule.rule, words, row.person.id, None, hours(beyond))


def break_due(rule: BreakDue, book: Book) -> Iterator[Finding]:
    concerned = {person.id for person in book.problem.concerned(rule.who)}
    for one in book.assignments:
        has = sum(block.minutes for block in one.breaks)
        if one.person in concerned and one.length > rule.after_minutes and has < rule.least_minutes:
            words = (
                f"{one.person} has {lasting(has)} of breaks in {lasting(one.length)} on {book.on(one.day)}; "
                f"at least {lasting(rule.least_minutes)}"
            )
            yield broken(rule, rule.rule, words, one.person, one.day)


# ------------------------------------------------------------------ contracts


def contracts(book: Book) -> Iterator[Finding]:
    """Minutes owed and allowed per period, week and day."""
    by_id = {one.id: one for one in book.problem.contracts}
    for row in book.rows.values():
        if (contract := by_id.get(row.person.contract)) is not None:
            yield from _period(contract, row)
            yield from _weeks(contract, row, book)
            for one in row.days:
                yield from _owes(
                    contract, row, one.minutes, contract.day_least, f"on {book.on(one.day)}", one.day
                )
                beyond = one.minutes - (one.minutes if contract.day_most is None else contract.day_most)
                yield from _exceeds(
                    contract, row, one.minutes, contract.day_most, beyond, f"on {book.on(one.day)}", one.day
                )


def _period(contract: Contract, row: Row) -> Iterator[Finding]:
    worked = _minutes(row.days)
    credit = sum(leave.minutes for leave in row.person.leave)
    yield from _owes(contract, row, worked + credit, contract.period_least, "in the period", None)
    if contract.period_most is not None:
        beyond = worked - contract.period_most
        yield from _exceeds(contract, row, worked, contract.period_most, beyond, "in the period", None)


def _weeks(contract: Contract, row: Row, book: Book) -> Iterator[Finding]:
    credit = {leave.day: leave.minutes for leave in row.person.leave}
    for week in book.weeks():
        inside = _minutes(one for one in row.days if one.day in week)
        before = _minutes(one for one in row.past if one.day in week)
        day = max(0, week.start)
        where = f"in the week of {book.on(day)}"
        if week.start >= 0 and week.stop <= book.problem.days:
            with_leave = inside + sum(credit.get(one, 0) for one in week)
            yield from _owes(contract, row, with_leave, contract.week_least, where, day)
        if contract.week_most is not None:
            beyond = _beyond(inside, before, contract.week_most)
            yield from _exceeds(contract, row, inside + before, contract.week_most, beyond, where, day)


def _owes(
    contract: Contract, row: Row, minutes: int, least: int | None, where: str, day: int | None
) -> Iterator[Finding]:
    if least is not None and minutes < least:
        words = f"{row.person.id} works {lasting(minutes)} {where}; {contract.id} owes {lasting(least)}"
        yield _of_contract(contract, words, row.person.id, day, hours(least - minutes))


def _exceeds(
    contract: Contract, row: Row, minutes: int, most: int | None, beyond: int, where: str, day: int | None
) -> Iterator[Finding]:
    if most is not None and beyond > 0:
        words = f"{row.person.id} works {lasting(minutes)} {where}; {contract.id} allows {lasting(most)}"
        yield _of_contract(contract, words, row.person.id, day, hours(beyond))


def _of_contract(contract: Contract, words: str, person: str, day: int | None, times: int) -> Finding:
    hard = contract.weight is None
    cost = 0 if contract.weight is None else contract.weight * times
    return Finding("contract", words, person, day, cost, hard, times, contract.id)
