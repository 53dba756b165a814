"""Adherence from what the platform kept: how agents were, beside the roster that was in force at the time.

Both are records that never change, so the figures of a day stay what they are when the roster is changed or
published again afterwards.
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
    Actual,
    Adherence,
    Doing,
    Published,
    Stretch,
    by_interval,
    exceptions,
    stretches,
)
from scheduling.bodies import AdherenceLine, AdherenceShown, AdherenceStretch
from scheduling.problem import Problem
from scheduling.records import versions
from scheduling.records.mine import Days
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


def adherence_of(
    session: Session, row: VersionRow, days: Days, by: Literal["interval", "day"], now: Instant
) -> AdherenceShown:
    """Adherence of a group's period on these days until now. Raises a 422 Problem for too many lines."""
    every = versions.all_of(session, row.group, row.start)
    last = every[-1]
    problem, clock = last.problem, Clock(last.problem)
    people = sorted({person.id for one in every for person in one.problem.people})
    names = {person.id: person.name or person.id for one in every for person in one.problem.people}
    first_s = max(0, (days.first - problem.start).days) * DAY_S
    end_s = min(problem.days, (days.last - problem.start).days + 1) * DAY_S
    until_s = min(end_s, max(0, clock.seconds(now)))
    interval_s = DAY_S if by == "day" else problem.interval_minutes * 60
    if len(people) * max(0, until_s - first_s) // interval_s > MOST_LINES:
        raise Refusal(422, "Too much for one answer", "Ask for fewer days, or by day.", at="to")
    found: list[Stretch] = []
    if first_s < until_s:
        published = [Published(clock.seconds(one.row.at), one.roster) for one in every]
        deeds = presence_of(session, people, clock.instant(first_s), clock.instant(until_s))
        found = list(_from(first_s, stretches(published, _actual(deeds, clock), until_s, people)))
    return AdherenceShown(
        group=row.group,
        start=problem.start,
        names=names,
        by=by,
        lines=[_line(one, clock) for one in by_interval(found, interval_s)],
        totals=_totals(by_interval(found, DAY_S), clock, first_s),
        exceptions=[
            AdherenceStretch(
                person=one.person,
                begin=clock.instant(one.begin_s) // 1000,
                end=clock.instant(one.end_s) // 1000,
                planned=one.planned,
                actual=one.actual,
            )
            for one in exceptions(found)[:MOST_EXCEPTIONS]
        ],
    )


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
        total = sums.setdefault(one.person, [0, 0, 0, 0])
        figures = (one.scheduled_s, one.adhering_s, one.worked_s, one.to_work_s)
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
        adherence=_share(one.adherence),
        conformance=_share(one.conformance),
    )


def _share(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
