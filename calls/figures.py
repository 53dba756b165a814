"""What is counted of queue visits, and intervals of it in a queue's time zone.

The tables hold quarters of an hour, UTC. Half hours, hours and days are gathered from them as the clock on
the wall of the queue says: where it is turned back, the hour that comes twice is two intervals and the day of
25 hours is one; where it is turned forward, the hour that never comes is none.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, ColumnExpressionArgument, RowMapping, case, func, select
from sqlalchemy.orm import Session

from calls.tables import IntervalRow, TargetRow, VisitRow
from common.service_level import Counts
from domain.instant import MICROS_PER_SECOND, Instant

MINUTE_US = 60 * MICROS_PER_SECOND
INTERVAL_US = 15 * MINUTE_US
"""The intervals of the tables. Every time zone of today is whole quarters of an hour from UTC."""
DAY: Final = 24 * 60
"""Minutes of an interval that is a local day, of whatever length."""
LENGTHS: Final = (15, 30, 60, DAY)
ELSEWHERE: Final = ZoneInfo("UTC")
"""The time zone of a queue that was never configured."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of queue visits, and sums of their times in microseconds. ``+`` puts two together.

    ``offered`` is the sum of the seven ways a visit ends; ``short_abandoned`` and ``*_in_target`` are some of
    them. ``answer_us`` is the waiting of answered, ``wait_us`` of all visits, ``longest_us`` the longest one.
    """

    offered: int = 0
    answered: int = 0
    abandoned: int = 0
    overflowed: int = 0
    callback: int = 0
    voicemail: int = 0
    refused: int = 0
    lost: int = 0
    short_abandoned: int = 0
    answered_in_target: int = 0
    abandoned_in_target: int = 0
    transferred: int = 0
    answer_us: int = 0
    wait_us: int = 0
    longest_us: int = 0
    talk_us: int = 0
    hold_us: int = 0
    wrap_us: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            *(
                max(self.longest_us, other.longest_us)
                if name == "longest_us"
                else getattr(self, name) + getattr(other, name)
                for name in NAMES
            )
        )

    @property
    def counts(self) -> Counts:
        """What service level is made of."""
        return Counts(
            self.answered,
            self.abandoned,
            self.answered_in_target,
            self.abandoned_in_target,
            self.short_abandoned,
        )

    @property
    def talk_s(self) -> float:
        """Seconds spoken, without hold."""
        return self.talk_us / MICROS_PER_SECOND

    @property
    def hold_s(self) -> float:
        """Seconds on hold."""
        return self.hold_us / MICROS_PER_SECOND

    @property
    def acw_s(self) -> float:
        """Seconds of wrap-up."""
        return self.wrap_us / MICROS_PER_SECOND

    @property
    def asa_s(self) -> float | None:
        """Average speed of answer in seconds, None when nobody was answered."""
        return self.answer_us / self.answered / MICROS_PER_SECOND if self.answered else None

    @property
    def aht_s(self) -> float | None:
        """Average handle time in seconds: (talk + hold + wrap-up) / answered, None when nobody was."""
        handled = self.talk_us + self.hold_us + self.wrap_us
        return handled / self.answered / MICROS_PER_SECOND if self.answered else None

    @property
    def abandonment(self) -> float | None:
        """The share of abandoned in answered and abandoned, None when there is neither."""
        ended = self.answered + self.abandoned
        return self.abandoned / ended if ended else None


NAMES: Final = tuple(field.name for field in fields(Figures))
NOTHING: Final = Figures()


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval(Figures):
    """The figures of a queue from ``start`` up to ``end``, by when visits entered the queue."""

    start: Instant
    end: Instant


# ------------------------------------------------------------------ counting


def number(condition: ColumnExpressionArgument[bool]) -> ColumnElement[int]:
    """How many rows of a group fulfil a condition."""
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def visit_sums() -> list[ColumnElement[Any]]:
    """What ``figures_of`` reads, as columns of a query over queue visits."""
    wait = VisitRow.left - VisitRow.entered
    answered, abandoned = VisitRow.outcome == "answered", VisitRow.outcome == "abandoned"

    def total(what: ColumnExpressionArgument[Any]) -> ColumnElement[Any]:
        return func.coalesce(func.sum(what), 0)

    made: dict[str, ColumnElement[Any]] = {
        "offered": func.count(VisitRow.call),
        "answered": number(answered),
        "abandoned": number(abandoned),
        "overflowed": number(VisitRow.outcome == "overflowed"),
        "callback": number(VisitRow.outcome == "callback"),
        "voicemail": number(VisitRow.outcome == "voicemail"),
        "refused": number(VisitRow.outcome == "refused"),
        "lost": number(VisitRow.outcome == "lost"),
        "short_abandoned": number(abandoned & (wait <= VisitRow.short_us)),
        "answered_in_target": number(answered & (wait <= VisitRow.target_us)),
        "abandoned_in_target": number(abandoned & (wait <= VisitRow.target_us)),
        "transferred": number(VisitRow.transferred),
        "answer_us": total(case((answered, wait), else_=0)),
        "wait_us": total(wait),
        "longest_us": func.coalesce(func.max(wait), 0),
        "talk_us": total(VisitRow.talk_us),
        "hold_us": total(VisitRow.hold_us),
        "wrap_us": total(VisitRow.wrap_us),
    }
    return [made[name].label(name) for name in NAMES]


def interval_sums() -> list[ColumnElement[Any]]:
    """What ``figures_of`` reads, as columns of a query over intervals."""
    columns = {name: getattr(IntervalRow, name) for name in NAMES}
    return [
        func.coalesce((func.max if name == "longest_us" else func.sum)(column), 0).label(name)
        for name, column in columns.items()
    ]


def figures_of(row: RowMapping) -> Figures:
    """The figures in a row of such a query."""
    # PostgreSQL gives sums of bigints as decimals.
    return Figures(*(int(row[name]) for name in NAMES))


# ------------------------------------------------------------------ intervals


def starts_at(quarter: int, minutes: int, zone: ZoneInfo) -> Instant:
    """When the interval begins that a quarter of an hour belongs to, on the wall of ``zone``."""
    at = datetime.fromtimestamp(quarter // MICROS_PER_SECOND, zone)
    if minutes == DAY:
        return midnight(at.year, at.month, at.day, zone)
    into_it = (at.hour * 60 + at.minute) % minutes
    start = quarter - into_it * MINUTE_US
    # The clock was turned within it: it begins anew there.
    while _offset(start, zone) != at.utcoffset():
        start += INTERVAL_US
    return Instant(start)


@lru_cache(maxsize=4096)
def midnight(year: int, month: int, day: int, zone: ZoneInfo) -> Instant:
    """When a local day begins, also where midnight comes twice (the first) or never (what follows it)."""
    return Instant(round(datetime(year, month, day, tzinfo=zone).timestamp()) * MICROS_PER_SECOND)


def _offset(at: int, zone: ZoneInfo) -> timedelta | None:
    return datetime.fromtimestamp(at // MICROS_PER_SECOND, UTC).astimezone(zone).utcoffset()


def gather(quarters: Iterable[tuple[int, Figures]], minutes: int, zone: ZoneInfo) -> list[Interval]:
    """Quarters of an hour (start, figures) as intervals of ``minutes``, in order.

    Intervals between the first and the last where nothing happened are there, as zeros. Raises ValueError
    for a length that is none of ``LENGTHS``.
    """
    if minutes not in LENGTHS:
        raise ValueError(f"an interval has {', '.join(map(str, LENGTHS))} minutes, not {minutes}")
    counted: dict[int, Figures] = {}
    for start, figures in quarters:
        counted[start] = counted[start] + figures if start in counted else figures
    if not counted:
        return []
    return list(_intervals(counted, minutes, zone))


def _intervals(counted: Mapping[int, Figures], minutes: int, zone: ZoneInfo) -> Iterator[Interval]:
    last = max(counted)
    start = starts_at(min(counted), minutes, zone)
    quarter, total = int(start), NOTHING
    while True:
        figures = counted.get(quarter)
        if figures is not None:
            total = total + figures
        quarter += INTERVAL_US
        following = starts_at(quarter, minutes, zone)
        if following == start:
            continue
        yield Interval(**{name: getattr(total, name) for name in NAMES}, start=start, end=following)
        if quarter > last:
            return
        start, total = following, NOTHING


def zones(session: Session) -> dict[str, ZoneInfo]:
    """The time zone each queue has, or had last."""
    rows = session.execute(select(TargetRow.queue, TargetRow.timezone).order_by(TargetRow.since))
    return {queue: ZoneInfo(name) for queue, name in rows}


def house_zone(known: Mapping[str, ZoneInfo]) -> ZoneInfo:
    """The time zone of most queues: for what belongs to none."""
    counted = Counter(zone.key for zone in known.values())
    return ZoneInfo(max(sorted(counted), key=counted.__getitem__, default=ELSEWHERE.key))


def interval_history(
    session: Session, queue: str, start: Instant, end: Instant, minutes: int = 15
) -> list[Interval]:
    """A queue's past from ``start`` up to ``end`` in intervals of 15, 30, 60 minutes or local days (``DAY``).

    Whole quarters of an hour are counted: those that begin from ``start`` on and before ``end``. Intervals
    without a visit between the first and the last are there, as zeros. Raises ValueError for another length.
    """
    zone = zones(session).get(queue, ELSEWHERE)
    rows = session.execute(
        select(IntervalRow.start, *(getattr(IntervalRow, name) for name in NAMES)).where(
            IntervalRow.queue == queue, IntervalRow.start >= start, IntervalRow.start < end
        )
    )
    return gather(((row[0], Figures(*row[1:])) for row in rows), minutes, zone)
