"""Finished calls: search, one call with its visits, its story, its recording."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel
from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.orm import Session

from agent_desktop.hub import Hub
from agent_desktop.views import Names, ms
from calls.figures import house_zone, zones
from calls.story import story
from calls.tables import CallRow, NoteRow, VisitRow, WrapUpRow
from common.auth import Signed, require
from common.csv_text import AS_CSV, WantsCsv, csv_response, local
from common.db import DbSession
from common.problems import Problem
from domain.calls import Outcome
from domain.instant import MICROS_PER_SECOND, Instant

WHEN = "ms since the epoch"
LATEST_MS = 253_402_300_800_000
"""The year 10000: what a database can hold as microseconds."""
MOST_CSV = 20_000
"""Calls in one file."""
AT_ONCE = 500
"""Calls whose notes are read together."""
SEVERAL = Query(max_length=100, description="may be given several times")

router = APIRouter(prefix="/api/history", tags=["history"])
Everyone = Annotated[Signed, Depends(require("agent", "supervisor", "planner", "admin"))]
Watching = Annotated[Signed, Depends(require("supervisor", "admin"))]


class Visit(BaseModel):
    """One stay in one queue, and the conversation it led to. Times in ms, durations in seconds."""

    number: int
    queue: str
    queue_name: str
    entered: int
    left: int
    outcome: str
    priority: float
    agent: str | None
    agent_name: str
    talk_s: float
    hold_s: float
    wrap_s: float
    transferred: bool


class CallSummary(BaseModel):
    """A finished call. Times in ms (None: not reached), durations in seconds.

    ``caller`` is the other party, also of a call we began; ``agent`` is who had it last; ``marks`` is what
    the flow remembered of the call, by its names.
    """

    id: str
    direction: str
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
    wrap_s: float
    transferred_to: str
    marks: dict[str, str]
    code: str
    note: str
    recording: str


class CallDetail(CallSummary):
    """A finished call with its queue visits."""

    visits: list[Visit]


class StoryLine(BaseModel):
    """One line of a call's story: in English, and as a kind with its particulars for a page to word."""

    at: int
    what: str
    detail: str
    kind: str = ""
    params: dict[str, Any] = {}


class Story(BaseModel):
    """What happened to a call, in order."""

    story: list[StoryLine]


@dataclass(frozen=True, slots=True)
class Search:
    """What calls are looked for by; of a field with several values any will do."""

    since: Annotated[int | None, Query(alias="from", ge=0, le=LATEST_MS, description=WHEN)] = None
    until: Annotated[int | None, Query(alias="to", ge=0, le=LATEST_MS, description=f"{WHEN}, excluded")] = (
        None
    )
    q: Annotated[str, Query(max_length=64, description="number, name, call id")] = ""
    queue: Annotated[tuple[str, ...], SEVERAL] = ()
    agent: Annotated[tuple[str, ...], SEVERAL] = ()
    outcome: Annotated[tuple[Outcome, ...], SEVERAL] = ()
    tier: Annotated[tuple[str, ...], SEVERAL] = ()
    dialled: Annotated[tuple[str, ...], SEVERAL] = ()
    direction: Literal["in", "out"] | None = None
    min_wait_s: Annotated[float, Query(ge=0, le=86_400, description="waited at least, in all queues")] = 0.0

    def wheres(self) -> Iterator[ColumnElement[bool]]:
        """As conditions on ``CallRow``."""
        if self.since is not None:
            yield CallRow.started >= self.since * 1000
        if self.until is not None:
            yield CallRow.started < self.until * 1000
        if self.q:
            like = "%" + self.q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
            columns = (CallRow.caller, CallRow.customer_name, CallRow.id, CallRow.agent)
            yield or_(*(c.like(like, escape="\\") for c in columns))
        if self.queue:
            yield or_(CallRow.queue.in_(self.queue), _visited(VisitRow.queue.in_(self.queue)))
        if self.agent:
            yield _of_agents(self.agent)
        for column, wanted in (
            (CallRow.outcome, self.outcome),
            (CallRow.tier, self.tier),
            (CallRow.dialled, self.dialled),
        ):
            if wanted:
                yield column.in_(wanted)
        if self.direction is not None:
            yield CallRow.direction == self.direction
        if self.min_wait_s:
            yield CallRow.wait_us >= round(self.min_wait_s * MICROS_PER_SECOND)


def _visited(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return CallRow.id.in_(select(VisitRow.call).where(condition))


def _of_agents(agents: Sequence[str]) -> ColumnElement[bool]:
    """Calls one of these agents had, whoever had it last."""
    return or_(CallRow.agent.in_(agents), _visited(VisitRow.agent.in_(agents)))


@router.get("/calls", response_model=list[CallSummary], responses=AS_CSV)
def calls(
    request: Request,
    signed: Everyone,
    session: DbSession,
    search: Annotated[Search, Depends()],
    as_csv: WantsCsv,
    before: Annotated[str, Query(max_length=64, description="go on after this call's id")] = "",
    limit: Annotated[int, Query(ge=1, le=500, description="of JSON; CSV has all")] = 100,
) -> list[CallSummary] | Response:
    """Finished calls, newest first. Agents see those they had; supervisors, planners and admins all.

    The next page is asked for with ``before``, the id of the last call of this one.
    """
    query = select(CallRow).where(*search.wheres())
    if signed.role == "agent":
        # A user who is no agent yet has no calls: NULL would find those nobody took.
        query = query.where(_of_agents([signed.agent or ""]))
    if before:
        last = _row(session, signed, before)
        query = query.where(tuple_(CallRow.started, CallRow.id) < (last.started, last.id))
    query = query.order_by(CallRow.started.desc(), CallRow.id.desc())
    rows = list(session.scalars(query.limit(MOST_CSV + 1 if as_csv else limit)))
    names = names_of(request)
    found = [CallSummary(**one) for one in _summaries(session, rows, names)]
    if not as_csv:
        return found
    if len(rows) > MOST_CSV:
        raise Problem(
            422, "Too many calls", f"These are more than {MOST_CSV}; choose a shorter span.", at="to"
        )
    known = zones(session)
    house = house_zone(known)

    def line(call: CallSummary) -> dict[str, Any]:
        zone = known.get(call.queue or "", house)
        times = {name: local(getattr(call, name), zone) for name in ("started", "answered", "ended")}
        return call.model_dump() | times | {"marks": [f"{key}={mark}" for key, mark in call.marks.items()]}

    return csv_response("calls", list(CallSummary.model_fields), map(line, found))


@router.get("/calls/{call}")
def one_call(call: str, request: Request, signed: Everyone, session: DbSession) -> CallDetail:
    """One finished call."""
    row = _row(session, signed, call)
    names = names_of(request)
    (summary,) = _summaries(session, [row], names)
    return CallDetail(**summary, visits=[_visit(v, names) for v in row.visits])


@router.get("/calls/{call}/why")
def why(call: str, request: Request, signed: Everyone, session: DbSession) -> Story:
    """The story of a call, live or finished: each offer with the reasons."""
    if signed.role == "agent":
        _row(session, signed, call)
    lines = story(request.app.state.journal_path, call)
    if not lines:
        raise Problem(404, "No such call", f"The journal holds nothing of call {call}.")
    return Story(
        story=[
            StoryLine(
                at=line.at // 1000,
                what=line.what,
                detail=line.detail,
                kind=getattr(line, "kind", ""),
                params=getattr(line, "params", {}),
            )
            for line in lines
        ]
    )


@router.get("/recordings/{recording}")
def recording(recording: str, request: Request, _signed: Watching) -> FileResponse:
    """A recording as audio/wav."""
    folder: Path = request.app.state.recordings
    path = folder / f"{Path(recording).name}.wav"
    if not path.is_file():
        raise Problem(404, "No such recording", f"There is no recording {recording}.")
    return FileResponse(path, media_type="audio/wav")


def _row(session: Session, signed: Signed, call: str) -> CallRow:
    query = select(CallRow).where(CallRow.id == call)
    if signed.role == "agent":
        query = query.where(_of_agents([signed.agent or ""]))
    row = session.scalar(query)
    if row is None:
        raise Problem(404, "No such call", f"There is no finished call {call} you may see.")
    return row


def _notes(session: Session, calls: list[str]) -> dict[str, NoteRow]:
    rows = session.scalars(select(NoteRow).where(NoteRow.call.in_(calls)).order_by(NoteRow.at))
    return {row.call: row for row in rows}


def _wrap_ups(session: Session, calls: list[str]) -> dict[str, int]:
    rows = session.execute(
        select(WrapUpRow.call, func.sum(WrapUpRow.wrap_us))
        .where(WrapUpRow.call.in_(calls))
        .group_by(WrapUpRow.call)
    )
    return {call: int(wrap_us) for call, wrap_us in rows}


def names_of(request: Request) -> Names:
    """Present names by id."""
    hub: Hub = request.app.state.hub
    return hub.desk.names


def _summaries(session: Session, rows: Sequence[CallRow], names: Names) -> Iterator[dict[str, Any]]:
    """The fields of ``CallSummary`` for each call."""
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        ids = [row.id for row in some]
        notes, wrap_ups = _notes(session, ids), _wrap_ups(session, ids)
        for row in some:
            yield _summary(row, notes.get(row.id), wrap_ups.get(row.id, 0), names)


def _summary(row: CallRow, note: NoteRow | None, wrap_us: int, names: Names) -> dict[str, Any]:
    return {
        "id": row.id,
        "direction": row.direction,
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
        "wrap_s": wrap_us / 1e6,
        "transferred_to": row.transferred_to,
        "marks": json.loads(row.marks),
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
        priority=row.priority,
        agent=row.agent,
        agent_name=names.agents.get(row.agent or "", row.agent or ""),
        talk_s=row.talk_us / 1e6,
        hold_s=row.hold_us / 1e6,
        wrap_s=row.wrap_us / 1e6,
        transferred=row.transferred,
    )
