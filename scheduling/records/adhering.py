"""Adherence from what the platform kept: how agents were, beside the roster that was in force at the time.

Both are records that never change, so the figures of a day stay what they are when the roster is changed or
published again afterwards. Only absences that are entered afterwards change them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from calls.presence import Present, presence_of
from common.problems import Problem as Refusal
from domain.instant import Instant
from scheduling.adherence import (
    DAY_S,
    Absent,
    Actual,
    Adherence,
    Doing,
    Published,
    Stretch,
    by_interval,
    exceptions,
    excused,
    stretches,
)
from scheduling.bodies.adherence import AdherenceLine, AdherenceShown, AdherenceStretch, PersonAdherence
from scheduling.problem import Problem
from scheduling.records import absences, versions
from scheduling.records.mine import Days
from scheduling.records.problems import get_problem, sound
from scheduling.tables import VersionRow

MOST_LINES: Final = 50_000
MOST_EXCEPTIONS: Final = 500
ACTIVITIES: Final = ("training", "meeting", "coaching", "培训", "会议", "辅导")
"""Words in the reason of a pause that make it an activity; every other pause is a break."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Instants as seconds of a problem's local time since 00:00 of its first day, and back."""

    problem: Problem

    def seconds(self, at_us: int) -> int:
        """An instant as local seconds; the hour a clock is set back by is told twice."""
        zone = ZoneInfo(self.problem.zone)
        local = datetime.fromtimestamp(at_us / 1e6, zone).replace(tzinfo=None)
        return int((local - self._midnight) // timedelta(seconds=1))

    def instant(self, seconds: int) -> Instant:
        """Local seconds as an instant."""
        local = self._midnight + timedelta(seconds=seconds)
        at = local.replace(tzinfo=ZoneInfo(self.problem.zone)).astimezone(UTC)
        return Instant(round(at.timestamp()) * 1_000_000)

    @property
    def _midnight(self) -> datetime:
        return datetime.combine(self.problem.start, datetime.min.time())


def doing_of(present: Present) -> Doing:
    """What an agent does who is so: pauses by the words of their reason."""
    if present.presence == "paused":
        reason = present.reason.casefold()
        return "activity" if any(word in reason for word in ACTIVITIES) else "break"
    return "phone" if present.presence == "working" else "off"


@dataclass(frozen=True, slots=True)
class _Period:
    """A group's period as it was published from number to number, and the seconds that are looked at."""

    row: VersionRow
    problem: Problem
    clock: Clock
    published: list[Published]
    first_s: int
    until_s: int

    @property
    def empty(self) -> bool:
        return self.first_s >= self.until_s


def adherence_of(
    session: Session, row: VersionRow, days: Days, by: Literal["interval", "day"], now: Instant
) -> AdherenceShown:
    """Adherence of a group's period on these days until now. Raises a 422 Problem for too many lines."""
    period = _period(session, row, days, now)
    problem, clock = period.problem, period.clock
    names = _names(session, period)
    interval_s = DAY_S if by == "day" else problem.interval_minutes * 60
    if len(names) * max(0, period.until_s - period.first_s) // interval_s > MOST_LINES:
        raise Refusal(422, "Too much for one answer", "Ask for fewer days, or by day.", at="to")
    found = _stretches(session, period, sorted(names))
    lines = by_interval(found, interval_s)
    return AdherenceShown(
        group=row.group,
        start=problem.start,
        zone=problem.zone,
        interval_minutes=problem.interval_minutes,
        names=names,
        by=by,
        lines=[_line(one, clock) for one in lines],
        totals=_totals(lines if by == "day" else by_interval(found, DAY_S), clock, period.first_s),
        exceptions=[_shown(one, clock) for one in exceptions(found)[:MOST_EXCEPTIONS]],
    )


def person_adherence(
    session: Session, row: VersionRow, person: str, days: Days, now: Instant
) -> PersonAdherence:
    """How one person kept to it. Raises a 404 Problem for somebody who never was in it."""
    period = _period(session, row, days, now)
    names = _names(session, period)
    if person not in names:
        raise Refusal(404, "Nobody of this roster", f"{person} is not in the rosters of {row.group}.")
    found = _stretches(session, period, [person])
    return PersonAdherence(
        group=row.group,
        start=period.problem.start,
        zone=period.problem.zone,
        person=person,
        name=names[person],
        days=[_line(one, period.clock) for one in by_interval(found, DAY_S)],
        stretches=[_shown(one, period.clock) for one in found],
    )


def my_adherence(session: Session, person: str, days: Days, now: Instant) -> list[PersonAdherence]:
    """How somebody kept to the rosters they are or were in, by start and group."""
    current = versions.periods_of(session, person, days.first, days.last)
    return [person_adherence(session, row, person, days, now) for row in current]


def _period(session: Session, row: VersionRow, days: Days, now: Instant) -> _Period:
    every = versions.numbers(session, row.group, row.start)
    problem = sound(get_problem(session, every[-1].problem))
    clock = Clock(problem)
    first_s = max(0, (days.first - problem.start).days) * DAY_S
    end_s = min(problem.days, (days.last - problem.start).days + 1) * DAY_S
    until_s = min(end_s, max(0, clock.seconds(now)))
    published: list[Published] = []
    if first_s < until_s:
        since = [clock.seconds(one.at) for one in every]
        begun = [place for place, at in enumerate(since) if at <= first_s]
        base = begun[-1] if begun else 0
        held = [place for place in range(base, len(every)) if place == base or since[place] < until_s]
        rosters = versions.rosters_of(session, [every[place] for place in held], problem.start)
        published = [Published(since[place], roster) for place, roster in zip(held, rosters, strict=True)]
    return _Period(row, problem, clock, published, first_s, until_s)


def _names(session: Session, period: _Period) -> dict[str, str]:
    """Everybody who was in one of its versions, by the name they have in the latest."""
    people = versions.people_of(session, period.row.group, period.row.start)
    named = {one.id: one.name or one.id for one in period.problem.people}
    return {person: named.get(person, person) for person in people}


def _stretches(session: Session, period: _Period, people: Sequence[str]) -> list[Stretch]:
    if period.empty:
        return []
    clock, until_s = period.clock, period.until_s
    begin, end = clock.instant(period.first_s), clock.instant(until_s)
    deeds = _actual(presence_of(session, people, begin, end), clock)
    away = [
        Absent(one.person, clock.seconds(one.begin), clock.seconds(one.end))
        for one in absences.in_force(session, begin, end)
    ]
    found = _from(period.first_s, stretches(period.published, deeds, until_s, people))
    return list(excused(found, away))


def _actual(deeds: Iterable[Present], clock: Clock) -> Iterator[Actual]:
    for one in deeds:
        doing = doing_of(one)
        if doing != "off":
            yield Actual(one.agent, doing, clock.seconds(one.begin), clock.seconds(one.end))


def _from(first_s: int, found: Iterable[Stretch]) -> Iterator[Stretch]:
    """Stretches cut at ``first_s``: earlier deeds were not asked for."""
    for one in found:
        if one.end_s > first_s:
            yield Stretch(one.person, max(one.begin_s, first_s), one.end_s, one.planned, one.actual)


def _totals(days: Sequence[Adherence], clock: Clock, first_s: int) -> list[AdherenceLine]:
    """Sums of each person over all days asked for."""
    sums: dict[str, list[int]] = {}
    for one in days:
        total = sums.setdefault(one.person, [0, 0, 0, 0, 0])
        figures = (one.scheduled_s, one.adhering_s, one.worked_s, one.to_work_s, one.excused_s)
        for place, seconds in enumerate(figures):
            total[place] += seconds
    return [_line(Adherence(person, first_s, *total), clock) for person, total in sorted(sums.items())]


def _line(one: Adherence, clock: Clock) -> AdherenceLine:
    return AdherenceLine(
        person=one.person,
        begin=clock.instant(one.begin_s) // 1000,
        scheduled_s=one.scheduled_s,
        adhering_s=one.adhering_s,
        worked_s=one.worked_s,
        to_work_s=one.to_work_s,
        excused_s=one.excused_s,
        adherence=_share(one.adherence),
        conformance=_share(one.conformance),
    )


def _shown(one: Stretch, clock: Clock) -> AdherenceStretch:
    return AdherenceStretch(
        person=one.person,
        begin=clock.instant(one.begin_s) // 1000,
        end=clock.instant(one.end_s) // 1000,
        planned=one.planned,
        actual=one.actual,
        excused=one.excused,
    )


def _share(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
