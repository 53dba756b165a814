"""What agents ask for: judged at once against the published roster, decided by somebody else, then applied.

A swap or gift must be agreed to by the other before it can be approved. Leave and wishes for days that are
not published yet become part of the problems that are taken in for them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from common.problems import Problem as Refusal
from scheduling.bodies.requests import RosterDayBeside, RosterDecisionBody, RosterRequestBody
from scheduling.bodies.rosters import RosterCover
from scheduling.records import places, versions
from scheduling.records.archive import Author, packed, packed_roster, verdict_of
from scheduling.records.differences import MOST_SHOWN, cover_shown, finding, shown
from scheduling.records.problems import add_problem
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
    at = _where(session, row)
    if at is None:
        row.group = _group_to_come(session, row)
        return row
    row.group = at.row.group
    _not_over(at, row, author)
    if body.kind == "wish":
        said = f"The roster of {row.day} is published; ask for leave, a swap or a shift instead."
        raise Refusal(409, "Too late for a wish", said, at="day")
    row.verdict = _verdict(at, _answer(at, row))
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
    at = _where(session, row) if row.state in OPEN and row.kind != "wish" else None
    if at is None or (row.verdict is not None and row.verdict["version"] == at.row.id):
        return None
    try:
        return _verdict(at, _answer(at, row))
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
    at = _where(session, row) if row.state in OPEN and row.kind != "wish" else None
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


def _where(session: Session, row: RequestRow) -> Standing | None:
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


def _not_over(at: Standing, row: RequestRow, author: Author) -> None:
    today = datetime.fromtimestamp(author.at / 1e6, ZoneInfo(at.problem.zone)).date()
    for name in ("day", "other_day"):
        day = getattr(row, name)
        if day is not None and date.fromisoformat(day) < today:
            raise Refusal(409, "That day is over", f"{day} has gone by.", at=name)


def _answer(at: Standing, row: RequestRow, minutes: int | None = None) -> Answer:
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


def _verdict(at: Standing, answer: Answer) -> dict[str, Any]:
    return {
        "allowed": answer.allowed,
        "cost": answer.cost,
        "broken": [finding(at.problem, one).model_dump(mode="json") for one in answer.broken[:MOST_SHOWN]],
        "dearer": [finding(at.problem, one).model_dump(mode="json") for one in answer.dearer[:MOST_SHOWN]],
        "version": at.row.id,
    }


# ------------------------------------------------------------------ what becomes of them


def agree(session: Session, id: int, person: str, author: Author) -> RequestRow:
    """The other agrees. Raises a 404 or 409 Problem."""
    row = _others(session, id, person)
    row.state, row.agreed_at = "agreed", author.at
    session.flush()
    return row


def decline(session: Session, id: int, person: str, author: Author) -> RequestRow:
    """The other does not agree, or not any more. Raises a 404 or 409 Problem."""
    row = _others(session, id, person, also="agreed")
    return _decided(session, row, "refused", author, "")


def withdraw(session: Session, id: int, person: str, author: Author) -> RequestRow:
    """Whoever asked does not want it any more. Raises a 404 or 409 Problem."""
    row = _locked(session, id)
    if row.person != person:
        raise Refusal(404, "No such request", f"You have no request {id}.")
    _still_open(row)
    return _decided(session, row, "withdrawn", author, "")


def refuse(session: Session, id: int, body: RosterDecisionBody, author: Author) -> RequestRow:
    """It shall not be. Raises a 404 or 409 Problem."""
    row = _locked(session, id)
    _still_open(row)
    return _decided(session, row, "refused", author, body.note)


def approve(
    session: Session, id: int, body: RosterDecisionBody, author: Author, agent: str | None
) -> RequestRow:
    """It shall be: the published roster gets a new version with it.

    ``agent`` is who decides, as an agent: nobody decides their own request. Raises a 404 Problem, or a 409
    one if it waits for the other, breaks hard rules now (unless ``despite``), or cannot be done any more.
    """
    row = get_request(session, id)
    _may_be_approved(row, agent)
    rosters, step = _rosters(session, row), _judged_step(session, row, body, author)
    # Locked until the commit, in the order a closing locks in. Judging takes a while, so it is done by now,
    # unless another roster was published meanwhile.
    if row.opening is not None:
        places.locked(session, row.opening)
    row = _locked(session, id)
    _may_be_approved(row, agent)
    if _rosters(session, row) != rosters:
        step = _judged_step(session, row, body, author)
    if row.kind == "leave":
        row.minutes = body.minutes
    if step is not None:
        if row.opening is not None:
            places.take(session, row.opening)
        _apply(session, step, row, author)
    _decided(session, row, "approved", author, body.note)
    if row.opening is not None:
        places.close_if_full(session, row.opening, author)
    return row


def _may_be_approved(row: RequestRow, agent: str | None) -> None:
    _still_open(row)
    if agent is not None and agent in (row.person, row.other):
        raise Refusal(409, "Your own request", "Somebody else decides about it.")
    if row.kind in FOR_TWO and row.state != "agreed":
        raise Refusal(409, "Not agreed yet", f"{row.other} has not agreed to it.")


def _rosters(session: Session, row: RequestRow) -> list[int]:
    """The versions in force on the request's day that have the person in them."""
    day = date.fromisoformat(row.day)
    return [one.id for one in versions.rows_of(session, row.person, day, day)]


@dataclass(frozen=True, slots=True)
class _Step:
    """What a request makes of the roster in force: the problem and roster after it, packed."""

    at: Standing
    answer: Answer
    problem: bytes
    roster: bytes


def _judged_step(session: Session, row: RequestRow, body: RosterDecisionBody, author: Author) -> _Step | None:
    """What approving does to the published roster, None where none is. Raises a 409 Problem if it may not."""
    at = _where(session, row) if row.kind != "wish" else None
    if at is None:
        if row.kind in TO_COME:
            return None
        said = f"{row.person} is in no roster of {row.day} any more; refuse it."
        raise Refusal(409, "Not in the roster any more", said)
    _not_over(at, row, author)
    answer = _answer(at, row, body.minutes)
    if not answer.allowed and not body.despite:
        said = answer.broken[0].words
        raise Refusal(409, "It breaks a hard rule", f"{said}. Say despite to approve it nevertheless.")
    same = answer.problem is at.problem
    step = _Step(
        at, answer, at.problem_row.body if same else packed(answer.problem), packed_roster(answer.roster)
    )
    verdict_of(step.problem, step.roster)  # remembered: publishing it asks for it again
    return step


def _apply(session: Session, step: _Step, row: RequestRow, author: Author) -> None:
    at, problem = step.at, step.at.problem_row
    row.verdict = _verdict(at, step.answer)
    if step.problem != problem.body:
        problem = add_problem(
            session, step.answer.problem, problem.group, problem.name, author, problem.note, problem.id
        )
    note = f"{row.kind} {row.person} {row.day}"
    # What it was before may break rules already: that is nothing this request does.
    made = versions.publish(
        session, problem, step.roster, author, how="request", note=note, despite=True, after=at.row.id
    )
    row.applied = made.id


def _decided(session: Session, row: RequestRow, state: str, author: Author, note: str) -> RequestRow:
    row.state, row.decided_at, row.decided_by, row.decision = state, author.at, author.user, note
    session.flush()
    return row


def _others(session: Session, id: int, person: str, also: str = "") -> RequestRow:
    row = _locked(session, id)
    if row.other != person or row.kind not in FOR_TWO:
        raise Refusal(404, "No such request", f"You are not asked to agree to a request {id}.")
    if row.state not in ("asked", also):
        raise Refusal(409, "It is decided", f"The request is {row.state}.")
    return row


def _still_open(row: RequestRow) -> None:
    if row.state not in OPEN:
        raise Refusal(409, "It is decided", f"The request is {row.state}.")


def _locked(session: Session, id: int) -> RequestRow:
    """The request, locked until the commit: of two decisions the second sees the first."""
    session.execute(update(RequestRow).where(RequestRow.id == id).values(words=RequestRow.words))
    row = session.get(RequestRow, id, populate_existing=True)
    if row is None:
        raise Refusal(404, "No such request", f"There is no request {id}.")
    return row
