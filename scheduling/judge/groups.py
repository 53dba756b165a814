"""Rules about several people at once: teams, the reserve, fairness."""

from collections.abc import Iterator

from scheduling.judge.book import Book, Row, broken
from scheduling.judge.shapes import granted_wishes
from scheduling.rules import Fairness, Reserve, Together
from scheduling.verdict import Finding


def together(rule: Together, book: Book) -> Iterator[Finding]:
    teams: dict[str, list[Row]] = {}
    for row in book.rows_of(rule.who):
        if row.person.team:
            teams.setdefault(row.person.team, []).append(row)
    for team, rows in teams.items():
        shifts: dict[int, set[str]] = {}
        for row in rows:
            for one in row.days:
                shifts.setdefault(one.day, set()).add(one.shift)
        for day, names in sorted(shifts.items()):
            if len(names) > 1:
                words = f"team {team} works {' and '.join(sorted(names))} on {book.on(day)}"
                yield broken(rule, rule.rule, words, "", day, len(names) - 1)


def reserve(rule: Reserve, book: Book) -> Iterator[Finding]:
    rows = book.rows_of(rule.who)
    reserves = {one.id for one in book.problem.shifts if one.reserve}
    for day in range(book.problem.days):
        at_work = [one.shift for row in rows for one in row.days if one.day == day]
        have = sum(shift in reserves for shift in at_work)
        missing = -((100 * have - rule.least_percent * len(at_work)) // 100)
        beyond = -((rule.most_percent * len(at_work) - 100 * have) // 100)
        if max(missing, beyond) > 0:
            words = (
                f"{have} of {len(at_work)} at work are in reserve on {book.on(day)}; "
                f"{rule.least_percent} to {rule.most_percent} %"
            )
            yield broken(rule, rule.rule, words, "", day, max(missing, beyond))


def fairness(rule: Fairness, book: Book) -> Iterator[Finding]:
    counts = {
        row.person.id: count_of(rule.of, row, book) + row.person.history.counts.get(rule.of, 0)
        for row in book.rows_of(rule.who)
    }
    if not counts:
        return
    most, least = max(counts, key=lambda id: counts[id]), min(counts, key=lambda id: counts[id])
    beyond = counts[most] - counts[least] - rule.tolerance
    if beyond > 0:
        words = f"{rule.of}: {most} has {counts[most]}, {least} has {counts[least]}"
        words += f"; at most {rule.tolerance} apart" if rule.tolerance else ""
        yield broken(rule, rule.rule, words, "", None, beyond)


def count_of(of: str, row: Row, book: Book) -> int:
    """How much of what fairness is of a person has in the period."""
    if of == "days":
        return len(row.days)
    if of == "hours":
        return sum(one.minutes for one in row.days) // 60
    if of == "weekends":
        weekdays = ((one.day, book.problem.weekday(one.day)) for one in row.days)
        return len({day - weekday for day, weekday in weekdays if weekday >= 5})
    if of == "holidays":
        holidays = set(book.problem.holidays)
        return sum(one.day in holidays for one in row.days)
    if of == "wishes":
        return sum(granted for _, granted in granted_wishes(row, book))
    names = book.problem.shifts_named((of,))
    return sum(one.shift in names for one in row.days)
