"""What kind of day each day is: holidays, make-up workdays, closures, events, drivers and opening hours.

Public holidays come from the country (``common.days_off``), beyond its last published year from the general
rules. The planner's table goes before both: it is where next year's bridge days are entered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from common.days_off import holiday_name, kind_of, tell_of
from common.hours import DAY_MIN, WEEKDAYS, Calendars, parse_span
from domain.config import CalendarConfig
from forecasting.days import Dates
from forecasting.history import Floats, Ints

Words = NDArray[np.str_]
Kind = Literal["ordinary", "holiday", "make_up", "closed"]
Entry = Literal["ordinary", "holiday", "make_up", "closed", "open"]
FAR = 30
"""Days to and since a holiday are counted up to this; it also stands for any distance beyond."""


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A line of the planner's table: what ``day`` is, whatever the country's holidays say.

    ``open`` says nothing of the kind of day but that the house is open, during ``hours`` (``09:00-17:00``;
    none: as on a Monday). ``name`` is the holiday's: give it that of earlier years ("Spring Festival") and
    they are looked at for it. Raises ValueError for an unknown kind or a span that is none.
    """

    day: date
    kind: Entry
    name: str = ""
    hours: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in get_args(Entry):
            raise ValueError(f"{self.kind!r} is no kind of day; they are {', '.join(get_args(Entry))}")
        for span in self.hours:
            parse_span(span)


@dataclass(frozen=True, slots=True)
class Event:
    """A campaign, a mailing, a strike: something that moves calls from ``first`` up to and with ``last``.

    Events of one ``name`` are one kind of thing, of ``size`` each; what it does is learned from those in the
    past. With an ``effect`` (1.2: a fifth more calls) the planner's word counts and nothing is learned of it.
    Raises ValueError for one that ends before it begins, has no name, or a size or effect that cannot be.
    """

    name: str
    first: date
    last: date
    size: float = 1.0
    effect: float | None = None

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError("an event has no name")
        if self.last < self.first:
            raise ValueError(f"event {self.name}: it ends on {self.last}, before it begins on {self.first}")
        if not np.isfinite(self.size):
            raise ValueError(f"event {self.name}: size {self.size} is no number")
        if self.effect is not None and not (np.isfinite(self.effect) and self.effect >= 0):
            raise ValueError(f"event {self.name}: effect {self.effect} is no multiplier; 1.2 is a fifth more")


@dataclass(frozen=True, slots=True, eq=False)
class DayTable:
    """What is known of ``days`` (d,), however far ahead they are.

    ``weekday`` is 0 for Monday, also on a make-up Saturday. ``kind`` is one of ``Kind``; ``holiday`` the name
    of the public holiday or "". ``nth`` counts the days of that holiday in a row (1 on its first day, 0 when
    there is none). ``days_to`` and ``days_since`` count to the next and since the last day that is a holiday
    or closed, 0 on such a day, at most ``FAR``; ``next_holiday`` and ``last_holiday`` name it when it is
    nearer than that. ``day_of_month`` begins at 1; ``to_month_end`` is 0 on the last day.

    ``events`` by name are the sizes of events whose effect is to be learned, 0 where there is none.
    ``effect`` is the product of the effects the planner gave, NaN on days without any. ``drivers`` by name
    are NaN where unknown.
    """

    days: Dates
    weekday: Ints
    kind: Words
    holiday: Words
    nth: Ints
    days_to: Ints
    days_since: Ints
    next_holiday: Words
    last_holiday: Words
    day_of_month: Ints
    to_month_end: Ints
    events: Mapping[str, Floats]
    effect: Floats
    drivers: Mapping[str, Floats]

    def __len__(self) -> int:
        return len(self.days)


@dataclass(frozen=True, eq=False)
class DayCalendar:
    """A country's days off, the planner's table, events, known drivers, and opening hours.

    ``country`` is "" for none, "CN", "US", "DE-BY" …. ``drivers`` are figures per day by name: bookings made,
    letters sent. ``hours`` are the opening hours; without them the house is open at any time of the days
    that are not closed. Raises ValueError if two lines of the table are about one day.
    """

    country: str = ""
    special: tuple[SpecialDay, ...] = ()
    events: tuple[Event, ...] = ()
    drivers: Mapping[str, Mapping[date, float]] = field(default_factory=lambda: MappingProxyType({}))
    hours: CalendarConfig | None = None

    def __post_init__(self) -> None:
        days = sorted(line.day for line in self.special)
        for one, other in pairwise(days):
            if one == other:
                raise ValueError(f"two lines are about {one}")

    def table(self, days: Dates) -> DayTable:
        """Everything about ``days`` (d,), in any order. Raises LookupError for a country nobody knows."""
        days = days.astype("datetime64[D]")
        plain = [day.item() for day in days]
        for year in sorted({day.year for day in plain}) if self.country else ():
            tell_of(self.country, year)
        ahead, behind = self._nearest(days)
        month_ends = (days.astype("datetime64[M]") + 1).astype("datetime64[D]")
        return DayTable(
            days=days,
            weekday=(days.astype(np.int64) + 3) % 7,  # 1970-01-01 was a Thursday
            kind=_words(self._kind(day) for day in plain),
            holiday=_words(self._holiday(day) for day in plain),
            nth=_ints(self._nth(day) for day in plain),
            days_to=ahead[0],
            days_since=behind[0],
            next_holiday=ahead[1],
            last_holiday=behind[1],
            day_of_month=_ints(day.day for day in plain),
            to_month_end=(month_ends - days).astype(np.int64) - 1,
            events=self._sizes(days),
            effect=self._effects(days),
            drivers={
                name: np.array([known.get(day, np.nan) for day in plain], dtype=np.float64)
                for name, known in self.drivers.items()
            },
        )

    def is_open(self, days: Dates, slots: Ints, interval_s: int) -> NDArray[np.bool_]:
        """(d, s) whether any of a slot is within opening hours.

        ``days`` (d,) are local dates, ``slots`` (s,) minutes after midnight, each ``interval_s`` long. Raises
        LookupError for hours that cannot be read.
        """
        begin = slots[None, :]
        end = begin + interval_s / 60
        found = np.zeros((len(days), len(slots)), dtype=bool)
        for row, day in enumerate(days.astype("datetime64[D]").tolist()):
            before = day - timedelta(days=1)
            spans = [*self._spans(day), *((a - DAY_MIN, b - DAY_MIN) for a, b in self._spans(before))]
            for opens, closes in spans:
                found[row] |= ((begin < closes) & (end > opens))[0]
        return found

    # -------------------------------------------------------------- days

    @cached_property
    def _lines(self) -> dict[date, SpecialDay]:
        return {line.day: line for line in self.special}

    @cached_property
    def _seen(self) -> dict[date, tuple[Kind, str]]:
        return {}

    def _kind(self, day: date) -> Kind:
        return self._day(day)[0]

    def _holiday(self, day: date) -> str:
        return self._day(day)[1]

    def _day(self, day: date) -> tuple[Kind, str]:
        found = self._seen.get(day)
        if found is None:
            found = self._seen[day] = self._look_up(day)
        return found

    def _look_up(self, day: date) -> tuple[Kind, str]:
        """The kind of a day, and the name of its holiday."""
        line = self._lines.get(day)
        kind: Kind = kind_of(self.country, day) if self.country else "ordinary"
        if line is not None and line.kind != "open":
            kind = line.kind
        elif line is None and self.hours is not None and day.isoformat() in self.hours.closed:
            kind = "closed"
        if kind != "holiday":
            return kind, ""
        by_country = holiday_name(self.country, day) if self.country else ""
        return kind, (line.name if line is not None else "") or by_country or "holiday"

    def _nth(self, day: date) -> int:
        name = self._holiday(day)
        count = 0
        while name and count < FAR and self._holiday(day - timedelta(days=count)) == name:
            count += 1
        return count

    def _nearest(self, days: Dates) -> tuple[tuple[Ints, Words], tuple[Ints, Words]]:
        """How far the next and the last day off are from ``days`` (d,), and their names."""
        if not len(days):
            return (_ints(()), _words(())), (_ints(()), _words(()))
        reach = np.unique(days[:, None] + np.arange(-FAR, FAR + 1)[None, :])
        off = [day for day in reach.tolist() if self._kind(day) in ("holiday", "closed")]
        # One day off beyond all others at either end, so that each day has a neighbour.
        wide = [reach[0] - FAR, *np.array(off, dtype="datetime64[D]"), reach[-1] + FAR]
        at = np.array(wide, dtype="datetime64[D]").astype(np.int64)
        names = _words(["", *(self._holiday(day) for day in off), ""])
        here = days.astype(np.int64)
        ahead = np.searchsorted(at, here, side="left")
        behind = np.searchsorted(at, here, side="right") - 1
        to, since = at[ahead] - here, here - at[behind]
        return (
            (np.minimum(to, FAR), np.where(to < FAR, names[ahead], "")),
            (np.minimum(since, FAR), np.where(since < FAR, names[behind], "")),
        )

    # -------------------------------------------------------------- events

    def _sizes(self, days: Dates) -> dict[str, Floats]:
        sizes = {event.name: np.zeros(len(days)) for event in self.events if event.effect is None}
        for event in self.events:
            if event.effect is None:
                sizes[event.name][_during(event, days)] += event.size
        return sizes

    def _effects(self, days: Dates) -> Floats:
        product = np.full(len(days), np.nan)
        for event in self.events:
            if event.effect is not None:
                on = _during(event, days)
                product[on] = np.where(np.isnan(product[on]), 1.0, product[on]) * event.effect
        return product

    # -------------------------------------------------------------- hours

    def _spans(self, day: date) -> tuple[tuple[int, int], ...]:
        if self._calendars is not None and self.hours is not None:
            return self._calendars.spans(self.hours.id, day)
        line = self._lines.get(day)
        if line is not None and line.kind == "open" and line.hours:
            return tuple(parse_span(span) for span in line.hours)
        return () if self._kind(day) == "closed" else ((0, DAY_MIN),)

    @cached_property
    def _calendars(self) -> Calendars | None:
        """The opening hours with the planner's table written into them."""
        if self.hours is None:
            return None
        lines = self._lines
        closed = [text for text in self.hours.closed if text not in {day.isoformat() for day in lines}]
        opened = [text for text in self.hours.open if text.split()[0] not in {d.isoformat() for d in lines}]
        for day, line in lines.items():
            week = self.hours.hours.get(WEEKDAYS[day.weekday()], ())
            if line.kind == "closed" or (line.kind == "holiday" and self.hours.country):
                closed.append(day.isoformat())
            elif line.kind in ("open", "make_up"):
                opened.append(" ".join((day.isoformat(), *line.hours)))
            elif week:
                opened.append(" ".join((day.isoformat(), *week)))
            else:
                closed.append(day.isoformat())
        return Calendars([replace(self.hours, closed=tuple(closed), open=tuple(opened))])


def _during(event: Event, days: Dates) -> NDArray[np.bool_]:
    return np.asarray((days >= np.datetime64(event.first)) & (days <= np.datetime64(event.last)))


def _words(words: Iterable[str]) -> Words:
    return np.array(list(words), dtype=np.str_)


def _ints(numbers: Iterable[int]) -> Ints:
    return np.array(list(numbers), dtype=np.int64)
