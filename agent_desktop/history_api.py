"""Finished calls: search, one call with its visits, its story, its recording."""

import json
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import FileResponse
from pydantic import BaseModel
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from agent_desktop.hub import Hub
from agent_desktop.views import Names, ms
from calls.history import CallRow, NoteRow, VisitRow
from calls.story import story
from common.auth import Signed, require
from common.db import DbSession
from common.problems import Problem
from domain.instant import Instant

WHEN = "ms since the epoch"
LATEST_MS = 253_402_300_800_000
"""The year 10000: what a database can hold as microseconds."""

router = APIRouter(prefix="/api/history", tags=["history"])
Everyone = Annotated[Signed, Depends(require("agent", "supervisor", "planner", "admin"))]
Watching = Annotated[Signed, Depends(require("supervisor", "admin"))]


class Visit(BaseModel):
    """One stay in one queue. Times in ms."""

    number: int
    queue: str
    queue_name: str
    entered: int
    left: int
    outcome: str
    agent: str | None
    agent_name: str


class CallSummary(BaseModel):
    """A finished call. Times in ms (None: not reached), durations in seconds."""

    id: str
    caller: str
    dialled: str
    started: int
    answered: int | None
    ended: int
    outcome: str
    ended_by: str
    path: list[str]
    digits: str
    queue: str | None
    queue_name: str
    agent: str | None
    agent_name: str
    customer: str | None
    customer_name: str
    tier: str
    tier_name: str
    wait_s: float
    talk_s: float
    hold_s: float
    code: str
    note: str
    recording: str


class CallDetail(CallSummary):
    """A finished call with its queue visits."""

    visits: list[Visit]


class StoryLine(BaseModel):
    """One line of a call's story."""

    at: int
    what: str
    detail: str


class Story(BaseModel):
    """What happened to a call, in order."""

    story: list[StoryLine]


@router.get("/calls")
def calls(
    request: Request,
    signed: Everyone,
    session: DbSession,
    since: Annotated[int | None, Query(alias="from", ge=0, le=LATEST_MS, description=WHEN)] = None,
    until: Annotated[int | None, Query(alias="to", ge=0, le=LATEST_MS, description=WHEN)] = None,
    q: Annotated[str, Query(max_length=64, description="number, name, call id")] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> list[CallSummary]:
    """Finished calls, newest first. Agents see their own; supervisors, planners and admins all."""
    query = select(CallRow).order_by(CallRow.started.desc()).limit(limit)
    if signed.role == "agent":
        # A user who is no agent yet has no calls: NULL would find those nobody took.
        query = query.where(CallRow.agent == (signed.agent or ""))
    if since is not None:
        query = query.where(CallRow.started >= since * 1000)
    if until is not None:
        query = query.where(CallRow.started < until * 1000)
    if q:
        like = "%" + q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        columns = (CallRow.caller, CallRow.customer_name, CallRow.id, CallRow.agent)
        query = query.where(or_(*(c.like(like, escape="\\") for c in columns)))
    rows = list(session.scalars(query))
    notes = _notes(session, [r.id for r in rows])
    names = _names(request)
    return [CallSummary(**_summary(row, notes, names)) for row in rows]


@router.get("/calls/{call}")
def one_call(call: str, request: Request, signed: Everyone, session: DbSession) -> CallDetail:
    """One finished call."""
    row = _row(session, signed, call)
    names = _names(request)
    summary = _summary(row, _notes(session, [call]), names)
    return CallDetail(**summary, visits=[_visit(v, names) for v in row.visits])


@router.get("/calls/{call}/why")
def why(call: str, request: Request, signed: Everyone, session: DbSession) -> Story:
    """The story of a call, live or finished: each offer with the reasons."""
    if signed.role == "agent":
        _row(session, signed, call)
    lines = story(request.app.state.journal_path, call)
    if not lines:
        raise Problem(404, "No such call", f"The journal holds nothing of call {call}.")
    return Story(story=[StoryLine(at=line.at // 1000, what=line.what, detail=line.detail) for line in lines])


@router.get("/recordings/{recording}")
def recording(recording: str, request: Request, _signed: Watching) -> FileResponse:
    """A recording as audio/wav."""
    folder: Path = request.app.state.recordings
    path = folder / f"{Path(recording).name}.wav"
    if not path.is_file():
        raise Problem(404, "No such recording", f"There is no recording {recording}.")
    return FileResponse(path, media_type="audio/wav")


def _row(session: Session, signed: Signed, call: str) -> CallRow:
    row = session.get(CallRow, call)
    if row is None or (signed.role == "agent" and (signed.agent is None or row.agent != signed.agent)):
        raise Problem(404, "No such call", f"There is no finished call {call} you may see.")
    return row


def _notes(session: Session, calls: list[str]) -> dict[str, NoteRow]:
    rows = session.scalars(select(NoteRow).where(NoteRow.call.in_(calls)).order_by(NoteRow.at))
    return {row.call: row for row in rows}


def _names(request: Request) -> Names:
    hub: Hub = request.app.state.hub
    return hub.desk.names


def _summary(row: CallRow, notes: dict[str, NoteRow], names: Names) -> dict[str, Any]:
    note = notes.get(row.id)
    return {
        "id": row.id,
        "caller": row.caller,
        "dialled": row.dialled,
        "started": row.started // 1000,
        "answered": ms(Instant(row.answered)) or None,
        "ended": row.ended // 1000,
        "outcome": row.outcome,
        "ended_by": row.ended_by,
        "path": json.loads(row.path),
        "digits": row.digits,
        "queue": row.queue,
        "queue_name": names.queues.get(row.queue or "", row.queue or ""),
        "agent": row.agent,
        "agent_name": names.agents.get(row.agent or "", row.agent or ""),
        "customer": row.customer,
        "customer_name": row.customer_name,
        "tier": row.tier,
        "tier_name": names.tiers.get(row.tier, row.tier),
        "wait_s": row.wait_us / 1e6,
        "talk_s": row.talk_us / 1e6,
        "hold_s": row.hold_us / 1e6,
        "code": note.code if note else "",
        "note": note.note if note else "",
        "recording": row.recording,
    }


def _visit(row: VisitRow, names: Names) -> Visit:
    return Visit(
        number=row.number,
        queue=row.queue,
        queue_name=names.queues.get(row.queue, row.queue),
        entered=row.entered // 1000,
        left=row.left // 1000,
        outcome=row.outcome,
        agent=row.agent,
        agent_name=names.agents.get(row.agent or "", row.agent or ""),
    )
