"""One person's own: their days of the published rosters, their colleagues, their calendar."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduling.bodies import MyRoster, MyShift, RosterColleague
from scheduling.formats.calendars import calendar
from scheduling.problem import Person, Problem
from scheduling.records import versions
from scheduling.records.differences import blocks
from scheduling.records.versions import Standing
from scheduling.roster import Assignment


@dataclass(frozen=True, slots=True)
class Days:
    """Local days, both included."""

    first: date
    last: date


def my_roster(session: Session, person: str, days: Days) -> MyRoster:
    """The published days of a person."""
    shifts: list[MyShift] = []
    leave: set[date] = set()
    published: list[tuple[date, date]] = []
    name = ""
    for at in versions.current_of(session, person, days.first, days.last):
        me = _me(at, person)
        name = me.name or name
        first, last = date.fromisoformat(at.row.start), date.fromisoformat(at.row.end)
        published.append((max(first, days.first), min(last, days.last)))
        leave.update(
            day for one in me.leave if days.first <= (day := at.problem.date_of(one.day)) <= days.last
        )
        for one in at.roster.by_person().get(person, []):
            if days.first <= at.problem.date_of(one.day) <= days.last:
                shifts.append(_shown(at, one))
    shifts.sort(key=lambda one: one.begin)
    return MyRoster(person=person, name=name, shifts=shifts, leave=sorted(leave), published=published)


def colleagues(session: Session, person: str, today: date, ahead: int = 92) -> list[RosterColleague]:
    """Those who are in a published roster of these days with somebody, by name."""
    found: dict[str, str] = {}
    for at in versions.current_of(session, person, today, today + timedelta(days=ahead)):
        found.update({one.id: one.name for one in at.problem.people if one.id != person})
    return [
        RosterColleague(person=id, name=name)
        for id, name in sorted(found.items(), key=lambda pair: (pair[1], pair[0]))
    ]


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
