"""What is to be published by when: next month by the 25th, next year before December."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

State = Literal["open", "due_soon", "missed", "published", "late"]
SOON_DAYS = 7
BACK = 2
"""So many months that have begun are looked back at."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A forecast of ``period`` (``2026-12``, ``2027``), to be published on ``due`` at the latest."""

    kind: Literal["month", "year"]
    period: str
    due: date

    def state(self, published: date | None, today: date) -> State:
        """How things stand ``today``; ``published`` is the day on which it first was, None if it was not."""
        if published is not None:
            return "late" if published > self.due else "published"
        if today > self.due:
            return "missed"
        return "due_soon" if (self.due - today).days <= SOON_DAYS else "open"


def due(kind: str, period: str) -> date | None:
    """The last day on which the forecast of a month (``2026-12``) or year (``2027``) is in time."""
    if kind == "month":
        return _before(date.fromisoformat(f"{period}-01")).replace(day=25)
    if kind == "year":
        return date(int(period) - 1, 11, 30)
    return None


def deadlines(today: date, since: date) -> list[Deadline]:
    """Those of the next month and year, and of what has begun lately if it was due on ``since`` or later."""
    return [one for one in _around(today) if one.due >= since or days_of(one.kind, one.period)[0] > today]


def next_period(kind: str, today: date) -> str:
    """The month or year after the one ``today`` is in."""
    return f"{_month_after(today):%Y-%m}" if kind == "month" else str(today.year + 1)


def days_of(kind: str, period: str) -> tuple[date, date]:
    """The first and the last day of a month or year. Raises ValueError for what is none."""
    if kind == "year":
        return date(int(period), 1, 1), date(int(period), 12, 31)
    first = date.fromisoformat(f"{period}-01")
    return first, _month_after(first) - timedelta(days=1)


def _around(today: date) -> Iterator[Deadline]:
    month = today.replace(day=1)
    for _ in range(BACK - 1):
        month = _before(month).replace(day=1)
    while month <= _month_after(today):
        period = f"{month:%Y-%m}"
        yield Deadline("month", period, _before(month).replace(day=25))
        month = _month_after(month)
    for year in (today.year, today.year + 1):
        yield Deadline("year", str(year), date(year - 1, 11, 30))


def _before(first: date) -> date:
    return first - timedelta(days=1)


def _month_after(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
