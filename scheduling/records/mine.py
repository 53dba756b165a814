"""One person's own: their days of the published rosters, their colleagues, their calendar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from domain.instant import Instant
from scheduling.bodies.mine import MyChange, MyRoster, MyShift, RosterColleague
from scheduling.bodies.requests import MyWas
from scheduling.formats.calendars import calendar
from scheduling.problem import Person, Problem
from scheduling.records import versions
from scheduling.records.differences import blocks
from scheduling.records.versions import Standing
from scheduling.roster import Assignment
from scheduling.tables import RequestRow


@dataclass(frozen=True, slots=True)
class Days:
    """Local days, both included."""

    first: date
    last: date


LATELY: Final = timedelta(days=14)
"""For so long what was published anew is told as changed."""


def my_roster(session: Session, person: str, days: Days, now: Instant) -> MyRoster:
    """The published days of a person, and which of them were published anew of late."""
    shifts: list[MyShift] = []
    leave: set[date] = set()
    published: list[tuple[date, date]] = []
    changed: list[MyChange] = []
    name = zone = ""
    for at in versions.current_of(session, person, days.first, days.last):
        me = _me(at, person)
        name, zone = me.name or name, at.problem.zone
        first, last = date.fromisoformat(at.row.start), date.fromisoformat(at.row.end)
        published.append((max(first, days.first), min(last, days.last)))
        leave.update(
            day for one in me.leave if days.first <= (day := at.problem.date_of(one.day)) <= days.last
        )
        for one in at.roster.by_person().get(person, []):
            if days.first <= at.problem.date_of(one.day) <= days.last:
                shifts.append(_shown(at, one))
        changed += _changed(session, at, person, days, now)
    shifts.sort(key=lambda one: one.begin)
    return MyRoster(
        person=person,
        name=name,
        zone=zone,
        shifts=shifts,
        leave=sorted(leave),
        published=published,
        changed=sorted(changed, key=lambda one: one.day),
    )


def _changed(session: Session, at: Standing, person: str, days: Days, now: Instant) -> list[MyChange]:
    """A person's days that later numbers of a period changed of late, and still are otherwise."""
    since = now - LATELY // timedelta(microseconds=1)
    works = {one.day: one for one in at.roster.by_person().get(person, [])}
    found: dict[date, MyChange] = {}
    for row, changes in versions.changes_since(session, at.row, since):
        for change in changes:
            day = date.fromisoformat(change["day"])
            if change["person"] != person or not days.first <= day <= days.last:
                continue
            before = found[day].before if day in found else _was(at.problem, change["before"])
            found[day] = MyChange(day=day, at=row.at // 1000, how=row.how, before=before)  # type: ignore[arg-type]
    return [
        one for one in found.values() if not _same(works.get((one.day - at.problem.start).days), one.before)
    ]


def _was(problem: Problem, kept: Mapping[str, Any] | None) -> MyWas | None:
    if kept is None:
        return None
    names = {one.id: one.name for one in problem.shifts}
    shift = kept["shift"]
    return MyWas(shift=shift, name=names.get(shift) or shift, start=kept["start"], length=kept["length"])


def _same(one: Assignment | None, was: MyWas | None) -> bool:
    if one is None or was is None:
        return one is None and was is None
    return (one.shift, one.start, one.length) == (was.shift, was.start, was.length)


def colleagues(
    session: Session, person: str, today: date, day: date | None = None, ahead: int = 92
) -> list[RosterColleague]:
    """Those who are in a published roster of these days with somebody, by name.

    With a ``day``: those who are in its roster, and what they work then. Why somebody is free is not told.
    """
    first, last = (today, today + timedelta(days=ahead)) if day is None else (day, day)
    found: dict[str, RosterColleague] = {}
    for at in versions.current_of(session, person, first, last):
        found.update({one.id: RosterColleague(person=one.id, name=one.name) for one in at.problem.people})
        if day is None:
            continue
        number = (day - at.problem.start).days
        works = {one.person: one for one in at.roster.assignments if one.day == number}
        for one in at.problem.people:
            shift = None
            if (has := works.get(one.id)) is not None:
                shift = _short(at.problem, has)
            found[one.id] = RosterColleague(
                person=one.id, name=one.name, works=shift is not None, shift=shift
            )
    found.pop(person, None)
    return sorted(found.values(), key=lambda one: (one.name, one.person))


def my_calendar(session: Session, person: str, days: Days) -> bytes:
    """A person's published rosters that reach into these days, as one calendar."""
    from icalendar import Calendar

    whole: Calendar | None = None
    for at in versions.current_of(session, person, days.first, days.last):
        stamp = datetime.fromtimestamp(at.row.at / 1e6, UTC)
        made = Calendar.from_ical(calendar(at.problem, at.roster, _me(at, person), stamp))
        if whole is None:
            whole = made
        else:
            for event in made.walk("VEVENT"):
                whole.add_component(event)
    if whole is None:
        whole = Calendar()
        whole.add("prodid", "-//Callfloor//Roster//EN")
        whole.add("version", "2.0")
    written: bytes = whole.to_ical()
    return written


def exchanged(session: Session, row: RequestRow) -> tuple[MyWas | None, MyWas | None]:
    """What the two of a swap or gift have on their days, by the rosters in force."""
    other = row.other or ""
    return (
        _on(session, row.person, date.fromisoformat(row.day)),
        _on(session, other, date.fromisoformat(row.other_day or row.day)),
    )


def _on(session: Session, person: str, day: date) -> MyWas | None:
    for at in versions.current_of(session, person, day, day):
        number = (day - at.problem.start).days
        for one in at.roster.by_person().get(person, []):
            if one.day == number:
                return _short(at.problem, one)
    return None


def _short(problem: Problem, one: Assignment) -> MyWas:
    name = problem.shift(one.shift).name or one.shift
    return MyWas(shift=one.shift, name=name, start=one.start, length=one.length)


def _me(at: Standing, person: str) -> Person:
    return next(one for one in at.problem.people if one.id == person)


def _shown(at: Standing, one: Assignment) -> MyShift:
    shift = at.problem.shift(one.shift)
    return MyShift(
        day=at.problem.date_of(one.day),
        group=at.row.group,
        version=at.row.id,
        shift=one.shift,
        name=shift.name or shift.id,
        begin=ms_of(at.problem, one.day, one.start),
        end=ms_of(at.problem, one.day, one.end),
        start=one.start,
        length=one.length,
        worked=shift.worked(one.length),
        breaks=blocks(one.breaks),
        activities=blocks(one.activities),
        duties=blocks(one.duties),
    )


def ms_of(problem: Problem, day: int, minute: int) -> int:
    """A minute of a day of a problem, as ms UTC."""
    midnight = datetime.combine(problem.date_of(day), datetime.min.time())
    local = (midnight + timedelta(minutes=minute)).replace(tzinfo=ZoneInfo(problem.zone))
    return round(local.timestamp() * 1000)
