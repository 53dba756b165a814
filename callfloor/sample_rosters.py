"""The sample bank's rosters: this month's and next month's, published, with requests that wait.

Everybody works five days and is off for two, in early, day or late shifts that move on after each time off.
Nothing is searched for: a demo starts at once, and the planner's solver has something to do better. How the
days that are over were kept to is in ``sample_adherence``.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from callfloor import sample_adherence
from common.problems import Problem as Refusal
from domain.instant import MICROS_PER_SECOND, Instant
from scheduling.bodies.requests import RosterRequestBody
from scheduling.bodies.revising import RosterOpeningBody
from scheduling.breaks import place_breaks
from scheduling.problem import Contract, Cover, Person, Problem
from scheduling.records import asked, openings, publishing, versions
from scheduling.records.archive import Author, packed_roster
from scheduling.records.problems import add_problem
from scheduling.roster import Assignment, Roster
from scheduling.rules import ConsecutiveDays, Rest, RestDays
from scheduling.shifts import Break, Shift

GROUP: Final = "bank"
ZONE: Final = "Asia/Shanghai"
PLANNER: Final = "planner"
_ON, _OFF = 5, 2
_DAY_S: Final = 86_400
_WORDS = {
    "E": ("早班", "Early"),
    "D": ("中班", "Day"),
    "L": ("晚班", "Late"),
    "swap": ("孩子开家长会", "Parents' evening"),
    "leave": ("搬家", "Moving house"),
    "open": ("促销活动，需要加人", "A campaign: one more is needed"),
    "note": ("定稿", "Final"),
}


def fill(session: Session, agents: Mapping[str, str], words: int, now: Instant) -> None:
    """Publish what is missing of the two months for ``agents`` (id to name), once and for all."""
    if len(agents) < 3:
        return  # somebody keeps a bank of their own
    today = datetime.fromtimestamp(now / MICROS_PER_SECOND, ZoneInfo(ZONE)).date()
    first = today.replace(day=1)
    months = (first, _after(first))
    new = [one for one in months if versions.in_force(session, GROUP, one.isoformat()) is None]
    for month in new:
        problem = month_of(month, agents, words)
        # This month's was published before it began, the next one's a day ago.
        begins = round(datetime.combine(month, time(), ZoneInfo(ZONE)).timestamp())
        author = Author(
            PLANNER, Instant(min(begins - 7 * _DAY_S, now // MICROS_PER_SECOND - _DAY_S) * MICROS_PER_SECOND)
        )
        row = add_problem(session, problem, GROUP, f"{month:%Y-%m}", author)
        roster = roster_of(problem)
        data = packed_roster(roster)
        note = _WORDS["note"][words]
        publishing.publish(session, row, data, author, how="sample", note=note, despite=True)
        sample_adherence.fill(session, problem, roster, words, now)
    if months[0] in new:
        _ask(session, list(agents), words, today, now)
        _open(session, words, today, Author(PLANNER, now))


def month_of(month: date, agents: Mapping[str, str], words: int) -> Problem:
    """A month's problem: three shifts, two people in each, eleven hours of rest, a day off in seven."""
    days = (_after(month) - month).days
    people = tuple(Person(id, "full", {"calls": 1}, name=name) for id, name in agents.items())
    breaks = (
        Break("first break", 15, 75, 150),
        Break("meal", 30, 180, 300, paid=False),
        Break("second break", 15, 330, 435),
    )
    shifts = tuple(
        Shift(id, start, 510, breaks=breaks, least_stretch=60, name=_WORDS[id][words], marks=(mark,))
        for id, start, mark in (("E", 420, "early"), ("D", 540, "day"), ("L", 780, "late"))
    )
    covers = tuple(Cover(day, shift.id, 2, over=()) for day in range(days) for shift in shifts)
    rules = (Rest(least_minutes=660), ConsecutiveDays(most=6), RestDays(days=7, least=1))
    contracts = (Contract("full", week_most=2640),)
    return Problem(
        month,
        days,
        shifts,
        people,
        covers=covers,
        contracts=contracts,
        rules=rules,
        zone=ZONE,
        name=f"{month:%Y-%m}",
    )


def roster_of(problem: Problem) -> Roster:
    """Everybody's own week: five days on, two off, then the next shift. It goes on from month to month."""
    made = []
    for place, person in enumerate(problem.people):
        for day in range(problem.days):
            week, weekday = divmod(problem.date_of(day).toordinal() + 3 * place % (_ON + _OFF), _ON + _OFF)
            if weekday < _ON:
                shift = problem.shifts[(week + place) % len(problem.shifts)]
                breaks = place_breaks(shift, shift.start, shift.length)
                made.append(Assignment(person.id, day, shift.id, shift.start, shift.length, breaks))
    return Roster(tuple(made))


def _after(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def _ask(session: Session, agents: list[str], words: int, today: date, now: Instant) -> None:
    """Leave somebody would have, and shifts two would give away, on the first days that allow it."""
    for person, other, kind in (
        (agents[0], None, "leave"),
        (agents[1], agents[2], "give"),
        (agents[3 % len(agents)], agents[-1], "give"),
    ):
        for ahead in range(3, 24):
            day = today + timedelta(days=ahead)
            if person == other or not _works(session, person, day):
                continue
            body = RosterRequestBody.model_validate(
                {"kind": kind, "day": day}
                | ({"other": other} if other else {})
                | {"words": _WORDS["leave" if kind == "leave" else "swap"][words]}
            )
            try:
                row = asked.preview(session, person, body, Author(person, now))
            except Refusal:
                continue  # the other works then
            if row.verdict is not None and row.verdict["allowed"]:
                session.add(row)
                session.flush()
                break


def _open(session: Session, words: int, today: date, author: Author) -> None:
    """A late shift the day after tomorrow needs one more."""
    day = today + timedelta(days=2)
    for row in versions.versions(session, GROUP, current=True):
        if row.start <= day.isoformat() <= row.end:
            body = RosterOpeningBody(day=day, shift="L", note=_WORDS["open"][words])
            openings.open_shift(session, row.id, body, author)


def _works(session: Session, person: str, day: date) -> bool:
    return any(
        (one.person, at.problem.date_of(one.day)) == (person, day)
        for at in versions.current_of(session, person, day, day)
        for one in at.roster.assignments
    )
