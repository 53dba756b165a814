"""Rosters as iCalendar (RFC 5545), a calendar for each person."""

import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from scheduling.problem import Person, Problem
from scheduling.roster import Assignment, Block, Roster


def calendar(problem: Problem, roster: Roster, person: Person, stamp: datetime) -> bytes:
    """The shifts of a person as a calendar; breaks and activities stand in the words of each event.

    ``stamp`` (aware) is when the roster was made. Events keep their identity when the roster is made again,
    so that a program that knows the calendar changes them.
    """
    from icalendar import Calendar, Event

    made = Calendar()
    made.add("prodid", "-//Callfloor//Roster//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", person.name or person.id)
    shifts = {one.id: one for one in problem.shifts}
    for one in roster.by_person().get(person.id, []):
        event = Event()
        event.add("uid", _uid(problem, one))
        event.add("dtstamp", stamp.astimezone(UTC))
        event.add("dtstart", _when(problem, one.day, one.start))
        event.add("dtend", _when(problem, one.day, one.end))
        event.add("summary", (shifts[one.shift].name or one.shift) if one.shift in shifts else one.shift)
        if words := _words(one):
            event.add("description", words)
        made.add_component(event)
    written: bytes = made.to_ical()
    return written


def file_name(person: Person) -> str:
    """A name for a person's file that every file system takes."""
    kept = re.sub(r"[^\w.-]", "_", person.id)
    if kept == person.id and not kept.startswith("."):
        return f"{kept}.ics"
    return f"{kept.lstrip('.')}-{sha256(person.id.encode()).hexdigest()[:8]}.ics"


def _when(problem: Problem, day: int, minute: int) -> datetime:
    """A minute of the period as a time, in UTC: what is told needs no table of time zones."""
    midnight = datetime.combine(problem.date_of(day), datetime.min.time())
    local = midnight + timedelta(minutes=minute)
    return local.replace(tzinfo=ZoneInfo(problem.zone)).astimezone(UTC)


def _uid(problem: Problem, one: Assignment) -> str:
    return sha256(f"{problem.date_of(one.day)}/{one.person}".encode()).hexdigest()[:32] + "@callfloor"


def _words(one: Assignment) -> str:
    blocks: list[Block] = sorted((*one.breaks, *one.activities, *one.duties), key=lambda block: block.start)
    return "\n".join(f"{_clock(block.start)}–{_clock(block.end)} {block.name}".rstrip() for block in blocks)


def _clock(minute: int) -> str:
    return f"{minute // 60 % 24:02}:{minute % 60:02}"
