"""What a report shows: its lines with names, times in seconds and figures by their names, and as a table."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import Any, Final, Literal, get_args

from pydantic import BaseModel
from sqlalchemy.orm import Session

from agent_desktop.views import Names
from calls import reports
from calls.figures import DAY, ELSEWHERE, NOTHING, Figures, house_zone, zones
from calls.reports import AgentFigures, Span
from common.csv_text import local
from common.phones import normalise
from common.service_level import DEFINITIONS, service_levels
from domain.calls import Outcome
from domain.instant import MICROS_PER_SECOND

Length = Literal["15", "30", "60", "day"]
"""Of an interval: minutes, or a local day."""
OUTCOMES: Final[tuple[str, ...]] = get_args(Outcome)
FORMULAS: Final = {name: definition.formula for name, definition in DEFINITIONS.items()}

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


# ------------------------------------------------------------------ lines


def queue_report(
    session: Session, span: Span, names: Names, only: Sequence[str] = (), interval: Length | None = None
) -> QueueReport:
    """Queues in all, and by interval if one is asked for. Raises TooMuch."""
    totals = reports.queue_totals(session, span, only)
    whole = span.quarters()
    return QueueReport(
        begin=whole.start // 1000,
        end=whole.end // 1000,
        definitions=FORMULAS,
        total=Counted(**_counted(sum(totals.values(), NOTHING))),
        queues=[QueueTotal(**_queue(names, queue), **_counted(f)) for queue, f in totals.items()],
        intervals=[] if interval is None else _intervals(session, span, names, only, interval),
    )


def _intervals(
    session: Session, span: Span, names: Names, only: Sequence[str], interval: Length
) -> list[QueueInterval]:
    known = zones(session)
    minutes = DAY if interval == "day" else int(interval)
    return [
        QueueInterval(
            **_queue(names, queue),
            **_counted(one),
            start=one.start // 1000,
            end=one.end // 1000,
            local=local(one.start // 1000, known.get(queue, ELSEWHERE)),
        )
        for queue, one in reports.queue_intervals(session, span, minutes, only)
    ]


def agent_report(session: Session, span: Span, names: Names) -> AgentReport:
    """Each agent who was offered a call, talked or called out."""
    return AgentReport(
        begin=span.start // 1000,
        end=span.end // 1000,
        agents=[
            AgentLine(agent=agent, agent_name=names.agents.get(agent, agent), **_agent(figures))
            for agent, figures in reports.agents(session, span).items()
        ],
    )


def source_report(session: Session, span: Span, sources: Mapping[str, str]) -> SourceReport:
    """Each number of ours that was dialled; ``sources`` is what it counts for."""
    return SourceReport(
        begin=span.start // 1000,
        end=span.end // 1000,
        definitions=FORMULAS,
        sources=[
            SourceLine(
                dialled=dialled,
                source=sources.get(dialled, ""),
                calls=one.calls,
                outcomes={outcome: one.outcomes.get(outcome, 0) for outcome in OUTCOMES},
                **_counted(one.figures),
            )
            for dialled, one in reports.sources(session, span).items()
        ],
    )


def missed_report(session: Session, span: Span, names: Names, region: str) -> MissedReport:
    """Callers nobody spoke with; numbers are read as in ``region``. Raises TooMuch."""
    return MissedReport(
        begin=span.start // 1000,
        end=span.end // 1000,
        callers=[_missed(one, names) for one in reports.missed(session, span, _same_number(region))],
    )


def _counted(figures: Figures) -> dict[str, Any]:
    """Figures as the fields of ``Counted``."""
    return {
        **{name: getattr(figures, name) for name in _COUNTS},
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


_COUNTS: Final = tuple(name for name, field in Counted.model_fields.items() if field.annotation is int)


def _queue(names: Names, queue: str) -> dict[str, Any]:
    return {"queue": queue, "queue_name": names.queues.get(queue, queue)}


def _agent(figures: AgentFigures) -> dict[str, Any]:
    values: dict[str, Any] = {"aht_s": _rounded(figures.aht_s)}
    for field in fields(AgentFigures):
        name, value = field.name, getattr(figures, field.name)
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


def _same_number(region: str) -> Callable[[str], str]:
    @cache
    def same(number: str) -> str:
        return normalise(number, region) or number

    return same


def _seconds(us: int) -> float:
    return round(us / MICROS_PER_SECOND, 3)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


# ------------------------------------------------------------------ as tables


Table = tuple[Sequence[str], Iterable[Mapping[str, Any]]]
"""The columns, and rows that have them."""
_COUNTED_HEAD: Final = [
    part
    for name in Counted.model_fields
    for part in ([f"service_level_{one}" for one in DEFINITIONS] if name == "service_level" else [name])
]


def queue_table(report: QueueReport, interval: Length | None) -> Table:
    """By interval if one was asked for, else in all."""
    if interval is None:
        return ["queue", "queue_name", *_COUNTED_HEAD], map(_flat, report.queues)
    return ["local", "queue", "queue_name", *_COUNTED_HEAD], map(_flat, report.intervals)


def agent_table(report: AgentReport) -> Table:
    """A row for each agent."""
    return list(AgentLine.model_fields), (line.model_dump() for line in report.agents)


def source_table(report: SourceReport) -> Table:
    """A row for each number; how its calls ended has a column for each way."""
    head = ["dialled", "source", "calls", *(f"calls_{outcome}" for outcome in OUTCOMES), *_COUNTED_HEAD]
    return head, map(_flat, report.sources)


def missed_table(report: MissedReport, session: Session) -> Table:
    """A row for each caller, with times on the wall of their queue."""
    known = zones(session)
    house = house_zone(known)

    def row(line: MissedCaller) -> dict[str, Any]:
        zone = known.get(line.queue or "", house)
        return line.model_dump() | {"at": local(line.at, zone), "first": local(line.first, zone)}

    return list(MissedCaller.model_fields), map(row, report.callers)


def _flat(line: BaseModel) -> dict[str, Any]:
    """A line whose dicts are columns of their own."""
    row = line.model_dump()
    for inner, name in (("service_level", "service_level"), ("outcomes", "calls")):
        row |= {f"{name}_{key}": value for key, value in row.get(inner, {}).items()}
    return row
