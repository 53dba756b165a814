"""Business hours: weekly spans, special dates, holidays. Pure: the same answer for the same instant.

A span belongs to the day it begins on, so ``22:00-06:00`` on a Friday reaches into Saturday even if that
is closed. Spans are compared with the clock on the wall: where it is turned back, the hour that comes
twice is in a span both times; where it is turned forward, the hour that never comes opens nothing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from common.days_off import day_of
from domain.config import CalendarConfig
from domain.instant import MICROS_PER_SECOND, Instant

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MIN = 24 * 60

Span = tuple[int, int]
"""Minutes after midnight of the day it begins on, the end excluded and after the begin; up to 48 h."""

_SPAN = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)", re.ASCII)
_REMEMBERED = 1_000


def parse_span(text: str) -> Span:
    """``09:00-17:30``, ``22:00-06:00`` or ``00:00-24:00`` as minutes. Raises ValueError with the reason."""
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no span; write it like 09:00-17:30")
    from_h, from_m, to_h, to_m = (int(part) for part in found.groups())
    begin, end = from_h * 60 + from_m, to_h * 60 + to_m
    if from_m > 59 or to_m > 59 or begin >= DAY_MIN or end > DAY_MIN:
        raise ValueError(f"{text!r} is outside the day; a span begins 00:00 to 23:59 and ends by 24:00")
    if begin == end:
        raise ValueError(f"{text!r} ends when it begins; a whole day is 00:00-24:00")
    return begin, end if end > begin else end + DAY_MIN


def parse_date(text: str) -> date:
    """``2026-10-01``. Raises ValueError with the reason."""
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text.strip(), re.ASCII):
            return date.fromisoformat(text.strip())
    except ValueError:
        pass  # the 31st of a shorter month: said below
    raise ValueError(f"{text!r} is no date; write it like 2026-10-01")


def parse_open(text: str) -> tuple[date, tuple[Span, ...]]:
    """An open date, perhaps with spans of its own: ``2026-10-01 10:00-12:00 14:00-16:00``."""
    day, *spans = text.replace(",", " ").split() or [""]
    return parse_date(day), tuple(parse_span(span) for span in spans)


@dataclass(frozen=True, slots=True)
class _Calendar:
    zone: ZoneInfo
    week: tuple[tuple[Span, ...], ...]
    country: str
    closed: frozenset[date]
    open: dict[date, tuple[Span, ...]]

    def spans(self, day: date) -> tuple[Span, ...]:
        """What begins on ``day``. A closed date goes before an open one, both before the country's days."""
        if day in self.closed:
            return ()
        if day in self.open:
            return self.open[day] or self.week[0]
        kind = day_of(self.country, day) if self.country else "ordinary"
        if kind == "holiday":
            return ()
        return self.week[0] if kind == "make_up" else self.week[day.weekday()]


class Calendars:
    """The configured calendars; answers the ``hours`` nodes of flows."""

    def __init__(self, configs: Iterable[CalendarConfig] = ()) -> None:
        self._calendars: dict[str, _Calendar] = {}
        self._broken: dict[str, str] = {}
        self._days: dict[tuple[str, date], tuple[Span, ...]] = {}
        for config in configs:
            try:
                self._calendars[config.id] = _read(config)
            except ValueError as error:
                self._broken[config.id] = str(error)

    def is_open(self, calendar: str, now: Instant) -> bool:
        """Whether ``calendar`` is open. Raises LookupError for one that is not there or cannot be read."""
        found = self._calendar(calendar)
        local = datetime.fromtimestamp(now // MICROS_PER_SECOND, found.zone)
        minute = local.hour * 60 + local.minute
        today = local.date()
        return _within(self._spans(calendar, found, today), minute) or _within(
            self._spans(calendar, found, today - timedelta(days=1)), minute + DAY_MIN
        )

    def spans(self, calendar: str, day: date) -> tuple[Span, ...]:
        """When ``calendar`` is open on a local day: what begins on it. Raises LookupError as ``is_open``."""
        return self._spans(calendar, self._calendar(calendar), day)

    def _calendar(self, id: str) -> _Calendar:
        found = self._calendars.get(id)
        if found is None:
            reason = self._broken.get(id, "there is no such calendar")
            raise LookupError(f"calendar {id}: {reason}")
        return found

    def _spans(self, id: str, calendar: _Calendar, day: date) -> tuple[Span, ...]:
        key = (id, day)
        spans = self._days.get(key)
        if spans is None:
            if len(self._days) >= _REMEMBERED:
                self._days.clear()
            spans = self._days[key] = calendar.spans(day)
        return spans


def read_zone(name: str) -> ZoneInfo:
    """A time zone by its IANA name. Raises ValueError with the reason."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # OSError: a folder of zones, such as Asia
        raise ValueError(f"{name!r} is no time zone; write it like Asia/Shanghai") from None


def _read(config: CalendarConfig) -> _Calendar:
    unknown = set(config.hours) - set(WEEKDAYS)
    if unknown:
        raise ValueError(f"{sorted(unknown)[0]!r} is no weekday; they are {', '.join(WEEKDAYS)}")
    return _Calendar(
        read_zone(config.timezone),
        tuple(tuple(parse_span(span) for span in config.hours.get(day, ())) for day in WEEKDAYS),
        config.country,
        frozenset(parse_date(text) for text in config.closed),
        dict(parse_open(text) for text in config.open),
    )


def _within(spans: tuple[Span, ...], minute: int) -> bool:
    return any(begin <= minute < end for begin, end in spans)
