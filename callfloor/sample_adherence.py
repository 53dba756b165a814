"""What the sample bank's agents did this month until the demo began, beside their roster.

Nobody did it: a little late, a break too long, home early, somebody ill. Without it the pages of adherence
would be empty until tomorrow.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from calls.tables import PresenceRow
from domain.instant import MICROS_PER_SECOND, Instant
from scheduling.bodies.adherence import AbsenceBody
from scheduling.problem import Problem
from scheduling.records import absences
from scheduling.records.archive import Author
from scheduling.roster import Assignment, Roster

SUPERVISOR: Final = "supervisor"
_ILL = ("发烧，已交病假条", "Fever, has a doctor's note")


def fill(session: Session, problem: Problem, roster: Roster, words: int, now: Instant) -> None:
    """Keep how everybody was at work until now, unless something is known already."""
    people = [one.id for one in problem.people]
    begin = _instant(problem, 0, 0)
    before = select(PresenceRow.agent).where(PresenceRow.agent.in_(people), PresenceRow.since >= begin)
    if session.scalars(before.limit(1)).first() is not None:
        return
    today = datetime.fromtimestamp(now / MICROS_PER_SECOND, ZoneInfo(problem.zone)).date()
    over = [one for one in roster.assignments if problem.date_of(one.day) <= today]
    ill = _ill(over, problem, today)
    for one in over:
        if ill is not None and (one.person, one.day) == (ill.person, ill.day):
            continue
        told = [
            (_instant(problem, one.day, minute), presence, reason)
            for minute, presence, reason in deeds(one, Random(f"{one.person} {problem.date_of(one.day)}"))
        ]
        known = [deed for deed in told if deed[0] < now - MICROS_PER_SECOND]
        if known and known[-1][1] != "signed_out":
            # What is from here on is the floor's own to tell.
            known.append((Instant(now - MICROS_PER_SECOND), "signed_out", ""))
        for since, presence, reason in known:
            session.add(PresenceRow(agent=one.person, since=since, presence=presence, reason=reason))
    if ill is not None:
        body = AbsenceBody(
            person=ill.person,
            begin=_instant(problem, ill.day, 0) // 1000,
            end=_instant(problem, ill.day + 1, 0) // 1000,
            words=_ILL[words],
        )
        absences.enter(session, body, Author(SUPERVISOR, _instant(problem, ill.day, ill.start + 90)))
    session.flush()


def deeds(one: Assignment, chance: Random) -> Iterator[tuple[float, str, str]]:
    """Since which minute of the day somebody was what, and why: the shift as a person works it."""
    late = chance.choice((0, 0, 0.5, 1, 2, 3)) + (chance.uniform(8, 25) if chance.random() < 0.04 else 0)
    yield one.start + late, "working", ""
    for block in one.breaks:
        # A call that lasts into the break moves it; who comes back late is late for the next one too.
        begin = block.start + chance.choice((0, 0, 0.5, 1, 3, 6)) * chance.random()
        lasts = block.minutes + chance.choice((-1, 0, 0.5, 1, 2)) + (8 if chance.random() < 0.06 else 0)
        yield begin, "paused", "break"
        yield begin + lasts, "working", ""
    yield one.end + chance.choice((-1, 0, 0, 1, 2, 4)) * chance.random(), "signed_out", ""


def _ill(over: list[Assignment], problem: Problem, today: date) -> Assignment | None:
    """Who was ill on which day: somebody on the last day but one."""
    wanted = today - timedelta(days=2)
    found = [one for one in over if problem.date_of(one.day) == wanted]
    return found[len(found) // 2] if found else None


def _instant(problem: Problem, day: int, minute: float) -> Instant:
    midnight = datetime.combine(problem.date_of(0) + timedelta(days=day), datetime.min.time())
    local = (midnight + timedelta(minutes=minute)).replace(tzinfo=ZoneInfo(problem.zone))
    return Instant(round(local.astimezone(UTC).timestamp() * MICROS_PER_SECOND))
