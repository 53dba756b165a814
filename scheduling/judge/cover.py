"""What too few and too many people cost."""

from collections import Counter
from collections.abc import Iterator

from scheduling.demand import steps_cost
from scheduling.judge.book import Book, clock
from scheduling.judge.matching import cost_of
from scheduling.judge.staffing import staffing_of
from scheduling.problem import DAY
from scheduling.verdict import Finding


def covers(book: Book) -> Iterator[Finding]:
    """Shifts of a day with too few or too many people."""
    have = Counter((one.day, one.shift) for one in book.assignments)
    for one in book.problem.covers:
        has = have[one.day, one.shift]
        if has != one.required:
            cost = steps_cost(one.under, one.required - has) + steps_cost(one.over, has - one.required)
            words = f"{one.shift} on {book.on(one.day)}: {has} of {one.required}"
            yield Finding("cover", words, "", one.day, cost, amount=has - one.required, name=one.shift)


def demands(book: Book) -> Iterator[Finding]:
    """Intervals with too few or too many people."""
    if not book.problem.demands:
        return
    served = staffing_of(book)
    for one in book.problem.demands:
        for interval, (has, required) in enumerate(zip(served[one.name], one.required, strict=True)):
            if has != required:
                day, minute = divmod(interval * book.problem.interval_minutes, DAY)
                words = f"{one.name} on {book.on(day)} {clock(minute)}: {has} of {required}"
                yield Finding(
                    "demand",
                    words,
                    "",
                    day,
                    cost_of(one, has, required),
                    amount=has - required,
                    name=one.name,
                    minute=minute,
                )
