"""A draft the sample bank's planner works on: the month after the next, asked for by the half hour.

It is legal and not good: people are missing at the peaks, some wishes are not granted. The solver, a drag and
the list of who could help all have something to do.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from callfloor.sample_rosters import GROUP, PLANNER, ZONE, month_of, roster_of
from domain.instant import MICROS_PER_SECOND, Instant
from scheduling.demand import Demand, Step
from scheduling.people import Leave, Person, Wish
from scheduling.problem import DAY, Problem
from scheduling.records.archive import Author
from scheduling.records.drafts import add_draft
from scheduling.records.problems import add_problem
from scheduling.roster import Roster
from scheduling.rules import Fairness, Weekends
from scheduling.tables import DraftRow, ProblemRow

HALF_HOUR: Final = 30
OPENS: Final = 420
BUSY: Final = (2, 2, 3, 4, 5, 6, 6, 6, 6, 5, 4, 4, 4, 5, 6, 6, 6, 6, 5, 5, 4, 4, 4, 3, 3, 3, 3, 2, 2)
"""People asked for on a weekday, by the half hour from ``OPENS`` on."""
_NAMES: Final = ("试排", "First try")


def fill(session: Session, agents: Mapping[str, str], words: int, now: Instant) -> None:
    """Make the problem of the month after the next with its draft, while there is no draft at all."""
    if len(agents) < 3:
        return  # somebody keeps a bank of their own
    today = datetime.fromtimestamp(now / MICROS_PER_SECOND, ZoneInfo(ZONE)).date()
    month = (today.replace(day=1) + timedelta(days=69)).replace(day=1)
    asked = select(ProblemRow.id).where(ProblemRow.group == GROUP, ProblemRow.start == month.isoformat())
    if session.scalar(asked.limit(1)) is not None or session.scalar(select(DraftRow.id).limit(1)) is not None:
        return
    problem = asked_for(month, agents, words)
    author = Author(PLANNER, now)
    row = add_problem(session, problem, GROUP, f"{month:%Y-%m}", author)
    add_draft(session, row, begun(problem), f"{month:%Y-%m} {_NAMES[words]}", author)


def asked_for(month: date, agents: Mapping[str, str], words: int) -> Problem:
    """The month with shifts that may begin later, people by the half hour, leave, wishes, and fairness."""
    plain = month_of(month, agents, words)
    shifts = tuple(replace(one, latest_start=one.start + 60, start_step=HALF_HOUR) for one in plain.shifts)
    people = tuple(_person(place, one, plain.days) for place, one in enumerate(plain.people))
    under, over = (Step(1, 100), Step(2, 160), Step(3, 240)), (Step(1, 5), Step(3, 10))
    return replace(
        plain,
        shifts=shifts,
        people=people,
        interval_minutes=HALF_HOUR,
        demands=(Demand("calls", "calls", _required(plain), under=under, over=over),),
        covers=(),
        rules=(*plain.rules, Weekends(most=3, weight=60), Fairness(of="late", tolerance=2, weight=40)),
    )


def begun(problem: Problem) -> Roster:
    """Everybody's own week as it always goes on, without their leave; breaks one after another."""
    from scheduling.solver.breaks import place_breaks

    leave = {(one.id, each.day) for one in problem.people for each in one.leave}
    made = roster_of(problem).assignments
    return place_breaks(problem, Roster(tuple(one for one in made if (one.person, one.day) not in leave)))


def _required(problem: Problem) -> tuple[int, ...]:
    required = [0] * (problem.days * DAY // HALF_HOUR)
    for day in range(problem.days):
        weekday = problem.weekday(day)
        first = (day * DAY + OPENS) // HALF_HOUR
        for place, people in enumerate(BUSY):
            more = 1 if weekday == 0 and people > 3 else 0  # Mondays are busy
            required[first + place] = max(1, people - 2) if weekday >= 5 else people + more
    return tuple(required)


def _person(place: int, one: Person, days: int) -> Person:
    leave = tuple(Leave(day, 480) for day in range(8 + place, 11 + place)) if place % 4 == 1 else ()
    wishes = tuple(
        Wish(day, False, weight=20) for day in ((5 * place + 3) % days, (7 * place + 12) % days) if place % 3
    )
    away = {each.day for each in leave}
    return replace(
        one, leave=leave, wishes=tuple(each for each in dict.fromkeys(wishes) if each.day not in away)
    )
