"""Reports of a span of time: queues, agents, numbers dialled, and the callers nobody spoke with."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Annotated, Any, Final, Literal, get_args

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel

from agent_desktop.csv_text import AS_CSV, WantsCsv, csv_response, local
from agent_desktop.history_api import LATEST_MS, WHEN, names_of
from agent_desktop.views import Names
from calls import reports
from calls.figures import DAY, ELSEWHERE, NOTHING, Figures, house_zone, zones
from calls.reports import AgentFigures, Span, TooMuch
from common.auth import Signed, require
from common.db import DbSession
from common.phones import normalise
from common.problems import Problem
from common.service_level import DEFINITIONS, service_levels
from domain.calls import Outcome
from domain.config import FrontDoorConfigured
from domain.instant import MICROS_PER_SECOND, Instant

router = APIRouter(prefix="/api/reports", tags=["reports"])
Planning = Annotated[Signed, Depends(require("supervisor", "planner", "admin"))]
Length = Literal["15", "30", "60", "day"]
OUTCOMES: Final[tuple[str, ...]] = get_args(Outcome)


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

# ------------------------------------------------------------------ shapes


class Counted(BaseModel):
    """Queue visits by how they ended, and times in seconds.

    ``offered`` is the sum of the seven ways a visit ends. ``service_level`` has every definition by its name,
    as a share from 0 to 1; a figure nobody counts in is None. ``wait_s`` is the average of all visits,
    ``talk_s``, ``hold_s`` and ``wrap_s`` are sums, ``aht_s`` is (talk + hold + wrap-up) / answered.
    """

    offered: int
    answered: int
    abandoned: int
    overflowed: int
    callback: int
    voicemail: int
    refused: int
    lost: int
    short_abandoned: int
    answered_in_target: int
    abandoned_in_target: int
    transferred: int
    service_level: dict[str, float | None]
    abandonment: float | None
    asa_s: float | None
    wait_s: float | None
    longest_s: float
    talk_s: float
    hold_s: float
    wrap_s: float
    aht_s: float | None


class QueueTotal(Counted):
    """A queue in the whole span."""

    queue: str
    queue_name: str


class QueueInterval(QueueTotal):
    """A queue from ``start`` up to ``end`` (ms); ``local`` is the start on the wall of the queue."""

    start: int
    end: int
    local: str


class QueueReport(BaseModel):
    """Queues from ``begin`` up to ``end`` (ms), widened to whole quarters of an hour."""

    begin: int
    end: int
    definitions: dict[str, str]
    """Of service level: name to formula."""
    total: Counted
    queues: list[QueueTotal]
    intervals: list[QueueInterval]
    """In order of time; empty unless an interval was asked for."""


class AgentLine(BaseModel):
    """What an agent did. ``answered`` and the times beside it are of calls that waited in a queue.

    Outgoing calls, which are callbacks and what the agent dialled, stand apart; ``reached`` are those that
    were picked up. Of the offers (callbacks among them), ``missed`` nobody picked up, ``rejected`` they said
    no to, ``unreachable`` could not ring, and ``withdrawn`` were taken back.
    """

    agent: str
    agent_name: str
    offered: int
    accepted: int
    missed: int
    rejected: int
    unreachable: int
    withdrawn: int
    answered: int
    transferred: int
    talk_s: float
    hold_s: float
    wrap_s: float
    aht_s: float | None
    outgoing: int
    reached: int
    outgoing_talk_s: float
    outgoing_hold_s: float
    outgoing_wrap_s: float


class AgentReport(BaseModel):
    """Agents from ``begin`` up to ``end`` (ms)."""

    begin: int
    end: int
    agents: list[AgentLine]


class SourceLine(Counted):
    """Calls that dialled one of our numbers, by how they ended, and the figures of their queue visits."""

    dialled: str
    source: str
    calls: int
    outcomes: dict[str, int]


class SourceReport(BaseModel):
    """Numbers dialled from ``begin`` up to ``end`` (ms)."""

    begin: int
    end: int
    definitions: dict[str, str]
    sources: list[SourceLine]


class MissedCaller(BaseModel):
    """A caller who spoke with nobody, and has not since: their last call.

    ``at`` is when it began and ``first`` when they first tried (ms), ``tries`` how often. ``callable`` is
    False for who withheld their number: each of their calls stands for itself. ``recordings`` are the
    messages they left.
    """

    call: str
    caller: str
    callable: bool
    customer: str | None
    customer_name: str
    tier: str
    tier_name: str
    queue: str | None
    queue_name: str
    at: int
    first: int
    tries: int
    waited_s: float
    outcome: str
    recordings: list[str]


class MissedReport(BaseModel):
    """Missed callers of calls from ``begin`` up to ``end`` (ms), the last one first."""

    begin: int
    end: int
    callers: list[MissedCaller]


# ------------------------------------------------------------------ routes


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
    names = names_of(request)
    totals = reports.queue_totals(session, span, only)
    whole = span.quarters()
    report = QueueReport(
        begin=whole.start // 1000,
        end=whole.end // 1000,
        definitions=_formulas(),
        total=Counted(**counted(sum(totals.values(), NOTHING))),
        queues=[QueueTotal(**_queue(names, queue), **counted(f)) for queue, f in totals.items()],
        intervals=[] if interval is None else _intervals(session, span, interval, only, names),
    )
    if not as_csv:
        return report
    rows: list[QueueInterval] | list[QueueTotal] = report.queues if interval is None else report.intervals
    head = ["queue", "queue_name"] if interval is None else ["local", "queue", "queue_name"]
    return csv_response("queues", [*head, *COUNTED_HEAD], map(_flat, rows))


def _intervals(
    session: DbSession, span: Span, interval: Length, only: list[str], names: Names
) -> list[QueueInterval]:
    known = zones(session)
    minutes = DAY if interval == "day" else int(interval)
    try:
        found = reports.queue_intervals(session, span, minutes, only)
    except TooMuch as much:
        raise Problem(
            422,
            "Too much for one report",
            f"These are {much}; choose a shorter span or fewer queues.",
            at="to",
        ) from None
    return [
        QueueInterval(
            **_queue(names, queue),
            **counted(one),
            start=one.start // 1000,
            end=one.end // 1000,
            local=local(one.start // 1000, known.get(queue, ELSEWHERE)),
        )
        for queue, one in found
    ]


@router.get("/agents", response_model=AgentReport, responses=AS_CSV)
def agents(
    request: Request, _signed: Planning, session: DbSession, span: Spanned, as_csv: WantsCsv
) -> AgentReport | Response:
    """Each agent who was offered a call, talked or called out."""
    names = names_of(request)
    lines = [
        AgentLine(agent=agent, agent_name=names.agents.get(agent, agent), **_agent(figures))
        for agent, figures in reports.agents(session, span).items()
    ]
    if as_csv:
        return csv_response("agents", list(AgentLine.model_fields), (line.model_dump() for line in lines))
    return AgentReport(begin=span.start // 1000, end=span.end // 1000, agents=lines)


@router.get("/sources", response_model=SourceReport, responses=AS_CSV)
def sources(
    request: Request, _signed: Planning, session: DbSession, span: Spanned, as_csv: WantsCsv
) -> SourceReport | Response:
    """Each number of ours that was dialled, with the source it counts for."""
    named = _sources(request)
    lines = [
        SourceLine(
            dialled=dialled,
            source=named.get(dialled, ""),
            calls=one.calls,
            outcomes={outcome: one.outcomes.get(outcome, 0) for outcome in OUTCOMES},
            **counted(one.figures),
        )
        for dialled, one in reports.sources(session, span).items()
    ]
    if as_csv:
        calls = [f"calls_{outcome}" for outcome in OUTCOMES]
        head = ["dialled", "source", "calls", *calls, *COUNTED_HEAD]
        return csv_response("sources", head, map(_flat, lines))
    return SourceReport(
        begin=span.start // 1000, end=span.end // 1000, definitions=_formulas(), sources=lines
    )


@router.get("/missed", response_model=MissedReport, responses=AS_CSV)
def missed(
    request: Request, _signed: Planning, session: DbSession, span: Spanned, as_csv: WantsCsv
) -> MissedReport | Response:
    """Callers nobody spoke with, during the span or since; one line each."""
    names = names_of(request)
    with _not_too_much():
        lines = [_missed(one, names) for one in reports.missed(session, span, _same_number(request))]
    if not as_csv:
        return MissedReport(begin=span.start // 1000, end=span.end // 1000, callers=lines)
    known = zones(session)
    house = house_zone(known)
    rows = (
        line.model_dump()
        | {name: local(getattr(line, name), known.get(line.queue or "", house)) for name in ("at", "first")}
        for line in lines
    )
    return csv_response("missed", list(MissedCaller.model_fields), rows)


@contextmanager
def _not_too_much() -> Iterator[None]:
    try:
        yield
    except TooMuch as much:
        raise Problem(
            422,
            "Too much for one report",
            f"These are {much}; choose a shorter span or fewer queues.",
            at="to",
        ) from None


# ------------------------------------------------------------------ as shown


def counted(figures: Figures) -> dict[str, Any]:
    """Figures as the fields of ``Counted``."""
    counts = {name: getattr(figures, name) for name in Counted.model_fields if name in COUNTS}
    return {
        **counts,
        "service_level": {name: _rounded(share) for name, share in service_levels(figures.counts).items()},
        "abandonment": _rounded(figures.abandonment),
        "asa_s": _rounded(figures.asa_s),
        "wait_s": _rounded(_seconds(figures.wait_us) / figures.offered if figures.offered else None),
        "longest_s": _seconds(figures.longest_us),
        "talk_s": _seconds(figures.talk_us),
        "hold_s": _seconds(figures.hold_us),
        "wrap_s": _seconds(figures.wrap_us),
        "aht_s": _rounded(figures.aht_s),
    }


COUNTS: Final = tuple(name for name, field in Counted.model_fields.items() if field.annotation is int)
COUNTED_HEAD: Final = [
    part
    for name in Counted.model_fields
    for part in ([f"service_level_{one}" for one in DEFINITIONS] if name == "service_level" else [name])
]
"""The columns of ``Counted`` in a table."""


def _flat(line: BaseModel) -> dict[str, Any]:
    """A line whose dicts are columns of their own."""
    row = line.model_dump()
    for inner, name in (("service_level", "service_level"), ("outcomes", "calls")):
        row |= {f"{name}_{key}": value for key, value in row.get(inner, {}).items()}
    return row


def _queue(names: Names, queue: str) -> dict[str, Any]:
    return {"queue": queue, "queue_name": names.queues.get(queue, queue)}


def _agent(figures: AgentFigures) -> dict[str, Any]:
    values: dict[str, Any] = {"aht_s": _rounded(figures.aht_s)}
    for name in AgentFigures.__dataclass_fields__:
        value = getattr(figures, name)
        values |= {f"{name[:-3]}_s": _seconds(value)} if name.endswith("_us") else {name: value}
    return values


def _missed(one: reports.Missed, names: Names) -> MissedCaller:
    call = one.call
    return MissedCaller(
        call=call.id,
        caller=call.caller,
        callable=one.callable,
        customer=call.customer,
        customer_name=call.customer_name,
        tier=call.tier,
        tier_name=names.tiers.get(call.tier, call.tier),
        queue=call.queue,
        queue_name=names.queues.get(call.queue or "", call.queue or ""),
        at=call.started // 1000,
        first=one.first // 1000,
        tries=one.tries,
        waited_s=_seconds(call.wait_us),
        outcome=call.outcome,
        recordings=list(one.recordings),
    )


def _formulas() -> dict[str, str]:
    return {name: definition.formula for name, definition in DEFINITIONS.items()}


def _sources(request: Request) -> dict[str, str]:
    door: FrontDoorConfigured | None = request.app.state.runner.engine.front_door
    return {} if door is None else {entry.number: entry.source for entry in door.entries}


def _same_number(request: Request) -> Callable[[str], str]:
    region: str = request.app.state.settings.region

    @cache
    def same(number: str) -> str:
        return normalise(number, region) or number

    return same


def _seconds(us: int) -> float:
    return round(us / MICROS_PER_SECOND, 3)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
