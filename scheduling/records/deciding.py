"""What becomes of requests: agreed to, declined, withdrawn, refused, approved and applied.

A swap or gift must be agreed to by the other before it can be approved. Leave and wishes for days that are
not published yet become part of the problems that are taken in for them.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import update
from sqlalchemy.orm import Session

from common.problems import Problem as Refusal
from scheduling.bodies.requests import RosterDecisionBody
from scheduling.records import places, publishing, versions
from scheduling.records.archive import Author, packed, packed_roster, verdict_of
from scheduling.records.asked import (
    FOR_TWO,
    OPEN,
    TO_COME,
    answer_of,
    get_request,
    refuse_over,
    standing_of,
    verdict_said,
)
from scheduling.records.problems import add_problem
from scheduling.records.versions import Standing
from scheduling.requests import Answer
from scheduling.tables import RequestRow


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
    at = standing_of(session, row) if row.kind != "wish" else None
    if at is None:
        if row.kind in TO_COME:
            return None
        said = f"{row.person} is in no roster of {row.day} any more; refuse it."
        raise Refusal(409, "Not in the roster any more", said)
    refuse_over(at, row, author)
    answer = answer_of(at, row, body.minutes)
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
    row.verdict = verdict_said(at, step.answer)
    if step.problem != problem.body:
        problem = add_problem(
            session, step.answer.problem, problem.group, problem.name, author, problem.note, problem.id
        )
    note = f"{row.kind} {row.person} {row.day}"
    # What it was before may break rules already: that is nothing this request does.
    made = publishing.publish(
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
