"""Reports of a span of time: queues, agents, numbers dialled, and the callers nobody spoke with."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from agent_desktop.history_api import LATEST_MS, WHEN, names_of
from agent_desktop.report_lines import (
    AgentReport,
    Length,
    MissedReport,
    QueueReport,
    SourceReport,
    agent_report,
    agent_table,
    missed_report,
    missed_table,
    queue_report,
    queue_table,
    source_report,
    source_table,
)
from calls.reports import Span, TooMuch
from common.auth import Signed, require
from common.csv_text import AS_CSV, WantsCsv, csv_response
from common.db import DbSession
from common.problems import Problem
from domain.config import FrontDoorConfigured
from domain.instant import Instant

router = APIRouter(prefix="/api/reports", tags=["reports"])
Planning = Annotated[Signed, Depends(require("supervisor", "planner", "admin"))]


def span(
    since: Annotated[int, Query(alias="from", ge=0, le=LATEST_MS, description=WHEN)],
    until: Annotated[int, Query(alias="to", ge=0, le=LATEST_MS, description=f"{WHEN}, excluded")],
) -> Span:
    """The span a report is of. Raises a 422 Problem when it ends before it begins."""
    if until <= since:
        raise Problem(422, "No span of time", "A report goes from a time to a later one.", at="to")
    return Span(Instant(since * 1000), Instant(until * 1000))


Spanned = Annotated[Span, Depends(span)]
Queues = Annotated[list[str], Query(alias="queue", max_length=500, description="only these queues")]


@router.get("/queues", response_model=QueueReport, responses=AS_CSV)
def queues(
    request: Request,
    _signed: Planning,
    session: DbSession,
    span: Spanned,
    as_csv: WantsCsv,
    only: Queues = [],  # noqa: B006 - FastAPI makes a list for every request
    interval: Annotated[Length | None, Query(description="minutes, or local days")] = None,
) -> QueueReport | Response:
    """Each queue, in all and by interval. As CSV: by interval if one is asked for, else in all."""
    with _not_too_much():
        report = queue_report(session, span, names_of(request), only, interval)
    return csv_response("queues", *queue_table(report, interval)) if as_csv else report


@router.get("/agents", response_model=AgentReport, responses=AS_CSV)
def agents(
    request: Request, _signed: Planning, session: DbSession, span: Spanned, as_csv: WantsCsv
) -> AgentReport | Response:
    """Each agent who was offered a call, talked or called out."""
    report = agent_report(session, span, names_of(request))
    return csv_response("agents", *agent_table(report)) if as_csv else report


@router.get("/sources", response_model=SourceReport, responses=AS_CSV)
def sources(
    request: Request, _signed: Planning, session: DbSession, span: Spanned, as_csv: WantsCsv
) -> SourceReport | Response:
    """Each number of ours that was dialled, with the source it counts for."""
    door: FrontDoorConfigured | None = request.app.state.runner.engine.front_door
    known = {} if door is None else {entry.number: entry.source for entry in door.entries}
    report = source_report(session, span, known)
    return csv_response("sources", *source_table(report)) if as_csv else report


@router.get("/missed", response_model=MissedReport, responses=AS_CSV)
def missed(
    request: Request, _signed: Planning, session: DbSession, span: Spanned, as_csv: WantsCsv
) -> MissedReport | Response:
    """Callers nobody spoke with, during the span or since; one line each."""
    with _not_too_much():
        report = missed_report(session, span, names_of(request), request.app.state.settings.region)
    return csv_response("missed", *missed_table(report, session)) if as_csv else report


@contextmanager
def _not_too_much() -> Iterator[None]:
    try:
        yield
    except TooMuch as much:
        detail = f"These are {much}; choose a shorter span or fewer queues."
        raise Problem(422, "Too much for one report", detail, at="to") from None
