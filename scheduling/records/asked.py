"""What agents ask for: judged at once against the published roster. What becomes of it is in ``deciding``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from common.problems import Problem as Refusal
from scheduling.bodies.requests import RosterDayBeside, RosterRequestBody
from scheduling.bodies.rosters import RosterCover
from scheduling.records import versions
from scheduling.records.archive import Author, verdict_of
from scheduling.records.differences import MOST_SHOWN, cover_shown, finding, shown
from scheduling.records.versions import Standing
from scheduling.requests import (
    Answer,
    Bid,
    Give,
    LeaveAsked,
    Request,
    RequestError,
    Swap,
    carried_out,
    look_at,
)
from scheduling.tables import ProblemPersonRow, ProblemRow, RequestRow
from scheduling.weighing import beside, cover, days_of

MOST_OPEN = 50
"""Requests of one person that wait."""
OPEN = ("asked", "agreed")
FOR_TWO = ("swap", "give")
TO_COME = ("leave", "wish")
"""What may be asked for before a roster is there."""


def requests(
    session: Session,
    state: str | None = None,
    group: str | None = None,
    open: bool | None = None,
    most: int = 500,
) -> Sequence[RequestRow]:
    """Requests (still ``open``, or not any more), the latest first."""
    listed = select(RequestRow).order_by(RequestRow.id.desc()).limit(most)
    if open is not None:
        listed = listed.where(RequestRow.state.in_(OPEN) if open else RequestRow.state.not_in(OPEN))
    if state is not None:
        listed = listed.where(RequestRow.state == state)
    if group is not None:
        listed = listed.where(RequestRow.group == group)
    return session.scalars(listed).all()


def requests_of(session: Session, person: str, most: int = 200) -> Sequence[RequestRow]:
    """What somebody asked for, and what they are asked to agree to, the latest first."""
    theirs = or_(RequestRow.person == person, RequestRow.other == person)
    return session.scalars(select(RequestRow).where(theirs).order_by(RequestRow.id.desc()).limit(most)).all()


def to_decide(session: Session) -> int:
    """How many wait for a decision: of swaps and gifts those that are agreed."""
    agreed = or_(RequestRow.state == "agreed", RequestRow.kind.not_in(FOR_TWO))
    return session.scalar(select(func.count(RequestRow.id)).where(RequestRow.state.in_(OPEN), agreed)) or 0


def to_agree(session: Session, person: str) -> int:
    """How many wait for somebody to agree."""
    theirs = (RequestRow.other == person, RequestRow.state == "asked", RequestRow.kind.in_(FOR_TWO))
    return session.scalar(select(func.count(RequestRow.id)).where(*theirs)) or 0


def get_request(session: Session, id: int) -> RequestRow:
    """One request. Raises a 404 Problem."""
    row = session.get(RequestRow, id)
    if row is None:
        raise Refusal(404, "No such request", f"There is no request {id}.")
    return row


# ------------------------------------------------------------------ asking


def ask(session: Session, person: str, body: RosterRequestBody, author: Author) -> RequestRow:
    """Keep what somebody asks for, judged. Raises a 409 or 429 Problem; ``preview`` does the same unkept."""
    refuse_many(session, person)
    row = preview(session, person, body, author)
    keep(session, row)
    return row


def keep(session: Session, row: RequestRow) -> None:
    """Keep a request that was judged. Raises a 429 Problem if too many of the person's wait."""
    refuse_many(session, row.person)
    session.add(row)
    session.flush()


def refuse_many(session: Session, person: str) -> None:
    """Raise a 429 Problem if too many requests of somebody wait."""
    waiting = select(func.count(RequestRow.id)).where(RequestRow.person == person, RequestRow.state.in_(OPEN))
    if (session.scalar(waiting) or 0) >= MOST_OPEN:
        raise Refusal(429, "Too many requests", f"{MOST_OPEN} of yours wait already; withdraw some first.")


def preview(session: Session, person: str, body: RosterRequestBody, author: Author) -> RequestRow:
    """A request with what the judge says of it, not kept. Raises a 409 Problem."""
    fields = body.model_dump(mode="json")
    row = RequestRow(**fields, person=person, minutes=0, state="asked", verdict=None)
    row.asked_at, row.decided_by, row.decision = author.at, "", ""
    at = standing_of(session, row)
    if at is None:
        row.group = _group_to_come(session, row)
        return row
    row.group = at.row.group
    refuse_over(at, row, author)
    if body.kind == "wish":
        said = f"The roster of {row.day} is published; ask for leave, a swap or a shift instead."
        raise Refusal(409, "Too late for a wish", said, at="day")
    row.verdict = verdict_said(at, answer_of(at, row))
    return row


def look_again(session: Session, rows: Sequence[RequestRow]) -> None:
    """Judge those of these requests that wait against the roster as it is now.

    Who was decided about meanwhile is what the decision made of them.
    """
    # Each is judged for a while: what is said of them is written once all are, not while others wait for it.
    judged = [(row, verdict) for row in rows if (verdict := _judged_again(session, row)) is not None]
    for row, verdict in judged:
        waits = (RequestRow.id == row.id, RequestRow.state.in_(OPEN))
        session.execute(
            update(RequestRow)
            .where(*waits)
            .values(verdict=verdict)
            .execution_options(synchronize_session=False)
        )
        session.refresh(row)


def _judged_again(session: Session, row: RequestRow) -> dict[str, Any] | None:
    """What is to be said of a request now, None where that is not asked or known already."""
    at = standing_of(session, row) if row.state in OPEN and row.kind != "wish" else None
    if at is None or (row.verdict is not None and row.verdict["version"] == at.row.id):
        return None
    try:
        return verdict_said(at, answer_of(at, row))
    except Refusal as refusal:
        words = {"rule": "request", "words": refusal.detail, "person": row.person, "day": row.day}
        nothing = {"cost": 0, "hard": True, "amount": 1, "name": "", "minute": None}
        broken = [words | nothing]
        return {"allowed": False, "cost": 0, "broken": broken, "dearer": [], "version": at.row.id}


@dataclass(frozen=True, slots=True)
class Picture:
    """The days around a request, what cover they have, and the names of the roster's shifts by id."""

    beside: Sequence[RosterDayBeside] = ()
    cover: Sequence[RosterCover] = ()
    shifts: Mapping[str, str] = field(default_factory=dict)


def picture(session: Session, row: RequestRow) -> Picture:
    """The days a request that waits is about, as they are and as they would be."""
    at = standing_of(session, row) if row.state in OPEN and row.kind != "wish" else None
    if at is None:
        return Picture()
    try:
        made = carried_out(at.problem, at.roster, _request(at, row))[1]
    except RequestError:
        return Picture()  # the verdict says why it cannot be done
    days = days_of(at.roster, made) or [(date.fromisoformat(row.day) - at.problem.start).days]
    names = {one.id: one.name or one.id for one in at.problem.people}
    away = {(one.id, leave.day) for one in at.problem.people for leave in one.leave}
    around = [
        RosterDayBeside(
            person=one.person,
            name=names[one.person],
            day=at.problem.date_of(one.day),
            before=shown(at.problem, one.before) if one.before else None,
            after=shown(at.problem, one.after) if one.after else None,
            leave=(one.person, one.day) in away,
        )
        for one in beside(at.problem, at.roster, made, row.person, days)
    ]
    there = cover_shown(at.problem, cover(at.problem, at.roster, made, days))
    shifts = {one.id: one.name or one.id for one in at.problem.shifts}
    return Picture(around, there, shifts)


def standing_of(session: Session, row: RequestRow) -> Standing | None:
    """The roster in force on the request's day; None where none is published."""
    day = date.fromisoformat(row.day)
    found = versions.current_of(session, row.person, day, day)
    if not found:
        return None
    for at in found:
        if row.other is None or any(one.id == row.other for one in at.problem.people):
            return at
    raise Refusal(409, "No such colleague", f"{row.other} is not in the roster of that day.", at="other")


def _group_to_come(session: Session, row: RequestRow) -> str:
    """Whose next problem a request for an unpublished day is for: that of the person's latest problem."""
    if row.kind not in TO_COME:
        raise Refusal(409, "Not published yet", f"No roster of {row.day} has you in it.", at="day")
    group = session.scalar(
        select(ProblemRow.group)
        .join(ProblemPersonRow, ProblemPersonRow.problem == ProblemRow.id)
        .where(ProblemPersonRow.person == row.person)
        .order_by(ProblemRow.id.desc())
        .limit(1)
    )
    if group is None:
        raise Refusal(409, "Not in any roster", "No roster was ever planned with you in it.", at="day")
    return group


def refuse_over(at: Standing, row: RequestRow, author: Author) -> None:
    """Raise a 409 Problem if a day of the request has gone by."""
    today = datetime.fromtimestamp(author.at / 1e6, ZoneInfo(at.problem.zone)).date()
    for name in ("day", "other_day"):
        day = getattr(row, name)
        if day is not None and date.fromisoformat(day) < today:
            raise Refusal(409, "That day is over", f"{day} has gone by.", at=name)


def answer_of(at: Standing, row: RequestRow, minutes: int | None = None) -> Answer:
    """What the request would do, leave with other credited ``minutes`` than it has by now.

    Raises a 409 Problem if it cannot be done at all.
    """
    now = verdict_of(at.problem_row.body, at.row.body)
    try:
        return look_at(at.problem, at.roster, _request(at, row, minutes), now)
    except RequestError as error:
        words = str(error)
        raise Refusal(409, "This cannot be done", f"{words[:1].upper()}{words[1:]}.") from None


def _request(at: Standing, row: RequestRow, minutes: int | None = None) -> Request:
    def number(day: str) -> int:
        return (date.fromisoformat(day) - at.problem.start).days

    day, other = number(row.day), row.other or ""
    match row.kind:
        case "swap":
            return Swap(row.person, other, day, number(row.other_day) if row.other_day else None)
        case "give":
            return Give(row.person, other, day)
        case "bid":
            return Bid(row.person, day, row.shift, row.start, row.length)
        case _:
            return LeaveAsked(row.person, day, row.minutes if minutes is None else minutes)


def verdict_said(at: Standing, answer: Answer) -> dict[str, Any]:
    """An answer as a request keeps it."""
    return {
        "allowed": answer.allowed,
        "cost": answer.cost,
        "broken": [finding(at.problem, one).model_dump(mode="json") for one in answer.broken[:MOST_SHOWN]],
        "dearer": [finding(at.problem, one).model_dump(mode="json") for one in answer.dearer[:MOST_SHOWN]],
        "version": at.row.id,
    }
