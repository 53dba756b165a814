"""What reports say of a span of time: queues and their intervals, agents, numbers dialled, missed callers.

A visit counts where it entered its queue, with all its handle time, wrap-up included; so do the offers made
in it. A call counts where it began. Spans are from an instant up to another, in microseconds.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Final

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from calls import offers
from calls.figures import (
    ELSEWHERE,
    INTERVAL_US,
    MINUTE_US,
    NAMES,
    NOTHING,
    Figures,
    Interval,
    figures_of,
    gather,
    interval_sums,
    number,
    visit_sums,
    zones,
)
from calls.tables import CallRow, IntervalRow, OfferRow, VisitRow, WrapUpRow
from domain.instant import MICROS_PER_SECOND, Instant

MOST_QUARTERS = 200_000
"""Quarters of an hour, over all queues, that one report gathers."""
MOST_INTERVALS = 20_000
"""Lines of one report."""
MOST_MISSED = 20_000
"""Calls of missed callers that one report looks at."""
MISSED: Final = ("abandoned", "voicemail", "closed", "failed", "lost")
"""How a call ends whose caller spoke with nobody, though they may have wanted to."""
SPOKEN: Final = ("answered", "transferred", "callback")
"""How a call ends whose caller spoke with somebody, or was promised to be called."""
_CALLABLE = re.compile(r"\+?[0-9]{3,31}")
_AT_ONCE = 500
"""Values in one IN."""


class TooMuch(ValueError):
    """The report would be too long; the text says how long."""


@dataclass(frozen=True, slots=True)
class Span:
    """From ``start`` up to ``end``."""

    start: Instant
    end: Instant

    def quarters(self) -> "Span":
        """The whole quarters of an hour that hold it: what intervals are counted by."""
        start, end = self.start - self.start % INTERVAL_US, self.end + -self.end % INTERVAL_US
        return Span(Instant(start), Instant(end))


# ------------------------------------------------------------------ queues


def queue_totals(session: Session, span: Span, queues: Sequence[str] = ()) -> dict[str, Figures]:
    """The figures of each queue that had a visit, of ``queues`` only if some are named."""
    rows = session.execute(
        select(IntervalRow.queue, *interval_sums())
        .where(*_of_queues(span, queues))
        .group_by(IntervalRow.queue)
        .order_by(IntervalRow.queue)
    )
    return {row.queue: figures_of(row._mapping) for row in rows}


def queue_intervals(
    session: Session, span: Span, minutes: int, queues: Sequence[str] = ()
) -> list[tuple[str, Interval]]:
    """(queue, interval) in order of time, each queue in its own time zone; see ``figures.gather``.

    Raises TooMuch, and ValueError for a length no interval has.
    """
    where = _of_queues(span, queues)
    quarters = session.scalar(select(func.count()).select_from(IntervalRow).where(*where)) or 0
    if quarters > MOST_QUARTERS:
        raise TooMuch(f"{quarters} quarters of an hour")
    of: defaultdict[str, list[tuple[int, Figures]]] = defaultdict(list)
    columns = [getattr(IntervalRow, name) for name in NAMES]
    for row in session.execute(select(IntervalRow.queue, IntervalRow.start, *columns).where(*where)):
        of[row[0]].append((row[1], Figures(*row[2:])))
    length_us = minutes * MINUTE_US
    lines = sum(
        (max(rows, key=itemgetter(0))[0] - min(rows, key=itemgetter(0))[0]) // length_us + 1
        for rows in of.values()
    )
    if lines > MOST_INTERVALS:
        raise TooMuch(f"{lines} intervals")
    known = zones(session)
    found = [(q, one) for q, rows in of.items() for one in gather(rows, minutes, known.get(q, ELSEWHERE))]
    return sorted(found, key=lambda pair: (pair[1].start, pair[0]))


def _of_queues(span: Span, queues: Sequence[str]) -> list[ColumnElement[bool]]:
    whole = span.quarters()
    among = [IntervalRow.queue.in_(queues)] if queues else []
    return [IntervalRow.start >= whole.start, IntervalRow.start < whole.end, *among]


# ------------------------------------------------------------------ agents


@dataclass(frozen=True, slots=True)
class AgentFigures:
    """What an agent did: offers by what became of them, contacts of queues, and outgoing calls.

    Times in microseconds. ``answered`` and the times without ``outgoing`` are of queue visits; outgoing are
    attempts at callbacks, which were ``accepted`` like any offer, and what the agent dialled; ``reached`` are
    those that were picked up.
    """

    offered: int = 0
    accepted: int = 0
    missed: int = 0
    rejected: int = 0
    unreachable: int = 0
    withdrawn: int = 0
    answered: int = 0
    transferred: int = 0
    talk_us: int = 0
    hold_us: int = 0
    wrap_us: int = 0
    outgoing: int = 0
    reached: int = 0
    outgoing_talk_us: int = 0
    outgoing_hold_us: int = 0
    outgoing_wrap_us: int = 0

    @property
    def aht_s(self) -> float | None:
        """Average handle time in seconds: (talk + hold + wrap-up) / answered, None when nobody was."""
        handled = self.talk_us + self.hold_us + self.wrap_us
        return handled / self.answered / MICROS_PER_SECOND if self.answered else None


def agents(session: Session, span: Span) -> dict[str, AgentFigures]:
    """The figures of each agent who was offered something, talked or called out."""
    found: defaultdict[str, AgentFigures] = defaultdict(AgentFigures)
    for part in (_contacts, _offers, _outgoing):
        for agent, figures in part(session, span):
            found[agent] = replace(found[agent], **figures)
    return dict(sorted(found.items()))


_Part = Iterable[tuple[str, Mapping[str, int]]]


def _contacts(session: Session, span: Span) -> _Part:
    answered = and_(VisitRow.outcome == "answered", VisitRow.agent.is_not(None))
    rows = session.execute(
        select(VisitRow.agent, *visit_sums())
        .where(_within(VisitRow.entered, span), answered)
        .group_by(VisitRow.agent)
    )
    for row in rows:
        sums = figures_of(row._mapping)
        wanted = ("answered", "transferred", "talk_us", "hold_us", "wrap_us")
        yield row.agent, {name: getattr(sums, name) for name in wanted}


def _offers(session: Session, span: Span) -> _Part:
    outcomes = (offers.ACCEPTED, offers.MISSED, offers.REJECTED, offers.UNREACHABLE, offers.WITHDRAWN)
    rows = session.execute(
        select(
            OfferRow.agent,
            func.count(OfferRow.offer).label("offered"),
            *(number(OfferRow.outcome == outcome).label(outcome) for outcome in outcomes),
        )
        .where(_within(OfferRow.counted, span))
        .group_by(OfferRow.agent)
    )
    for row in rows:
        yield row.agent, {name: int(row._mapping[name]) for name in ("offered", *outcomes)}


def _outgoing(session: Session, span: Span) -> _Part:
    """Contacts of calls that began with us, as far as no queue led to them: each attempt and the one that was
    reached, which has what was talked.
    """
    outgoing = and_(_within(CallRow.started, span), CallRow.direction == "out")
    visited = {
        row.call: row
        for row in session.execute(
            select(
                VisitRow.call,
                func.sum(VisitRow.talk_us).label("talk"),
                func.sum(VisitRow.hold_us).label("hold"),
            )
            .join(CallRow, CallRow.id == VisitRow.call)
            .where(outgoing, VisitRow.outcome == "answered")
            .group_by(VisitRow.call)
        )
    }
    attempts: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for call, agent, wrap_us in session.execute(
        select(WrapUpRow.call, WrapUpRow.agent, WrapUpRow.wrap_us)
        .join(CallRow, CallRow.id == WrapUpRow.call)
        .outerjoin(VisitRow, and_(VisitRow.call == WrapUpRow.call, VisitRow.offer == WrapUpRow.offer))
        .where(outgoing, VisitRow.call.is_(None))
        .order_by(WrapUpRow.at, WrapUpRow.offer)
    ):
        attempts[call].append((agent, wrap_us))
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in session.execute(
        select(CallRow.id, CallRow.agent, CallRow.answered, CallRow.talk_us, CallRow.hold_us).where(outgoing)
    ):
        # Whose wrap-up is still to come is known by the call, unless somebody else had it afterwards.
        last = [(one.agent, 0)] if one.agent and one.id not in visited else []
        contacts = attempts.get(one.id) or last
        for agent, wrap_us in contacts:
            found[agent].update(outgoing=1, outgoing_wrap_us=wrap_us)
        if contacts and one.answered:
            later = visited.get(one.id)
            found[contacts[-1][0]].update(
                reached=1,
                outgoing_talk_us=one.talk_us - (int(later.talk) if later else 0),
                outgoing_hold_us=one.hold_us - (int(later.hold) if later else 0),
            )
    yield from found.items()


# ------------------------------------------------------------------ sources


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """Calls that dialled one number of ours, by how they ended, and the figures of their queue visits."""

    calls: int
    outcomes: dict[str, int]
    figures: Figures


def sources(session: Session, span: Span) -> dict[str, SourceFigures]:
    """By number dialled, of callers only."""
    outcomes: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for dialled, outcome, calls in session.execute(
        select(CallRow.dialled, CallRow.outcome, func.count())
        .where(_within(CallRow.started, span), CallRow.direction == "in")
        .group_by(CallRow.dialled, CallRow.outcome)
    ):
        outcomes[dialled][outcome] = calls
    rows = session.execute(
        select(CallRow.dialled, *visit_sums())
        .join(VisitRow, VisitRow.call == CallRow.id)
        .where(_within(VisitRow.entered, span), CallRow.direction == "in")
        .group_by(CallRow.dialled)
    )
    figures = {row.dialled: figures_of(row._mapping) for row in rows}
    return {
        dialled: SourceFigures(
            sum(outcomes[dialled].values()),
            dict(sorted(outcomes[dialled].items())),
            figures.get(dialled, NOTHING),
        )
        for dialled in sorted({*outcomes, *figures})
    }


# ------------------------------------------------------------------ missed callers


@dataclass(frozen=True, slots=True)
class Missed:
    """A caller who spoke with nobody and has not since: their last call, and how often they tried.

    ``callable`` is False for who withheld their number: each of their calls stands for itself.
    """

    call: CallRow
    tries: int
    first: Instant
    recordings: tuple[str, ...]
    callable: bool


def missed(session: Session, span: Span, same: Callable[[str], str] = str) -> list[Missed]:
    """One for each caller whom nobody spoke with since, the last one first.

    ``same`` gives one and the same text for all the ways a number may be written. Whether somebody spoke with
    them is looked for up to now, not up to the end of the span. Raises TooMuch.
    """
    calls = session.scalars(
        select(CallRow)
        .where(_within(CallRow.started, span), CallRow.outcome.in_(MISSED), CallRow.direction == "in")
        .order_by(CallRow.started, CallRow.id)
        .limit(MOST_MISSED + 1)
    ).all()
    if len(calls) > MOST_MISSED:
        raise TooMuch(f"more than {MOST_MISSED} calls")
    of: defaultdict[str, list[CallRow]] = defaultdict(list)
    for call in calls:
        who = same(call.caller)
        of[who if _CALLABLE.fullmatch(who) else f"call {call.id}"].append(call)
    spoken = _last_spoken(session, span.start, {call.caller for rows in of.values() for call in rows}, same)
    found = []
    for who, rows in of.items():
        since = [call for call in rows if call.started > spoken.get(who, -1)]
        if since:
            found.append(
                Missed(
                    call=since[-1],
                    tries=len(since),
                    first=Instant(since[0].started),
                    recordings=tuple(call.recording for call in since if call.recording),
                    callable=_CALLABLE.fullmatch(who) is not None,
                )
            )
    return sorted(found, key=lambda one: (-one.call.started, one.call.id))


def _last_spoken(
    session: Session, since: Instant, callers: Iterable[str], same: Callable[[str], str]
) -> dict[str, int]:
    """When each of these callers last began a call in which they were spoken with."""
    callers = set(callers)
    written = sorted(callers.union(*(_ways(same(caller)) for caller in callers)))
    found: dict[str, int] = {}
    for start in range(0, len(written), _AT_ONCE):
        rows = session.execute(
            select(CallRow.caller, func.max(CallRow.started))
            .where(
                CallRow.caller.in_(written[start : start + _AT_ONCE]),
                CallRow.started >= since,
                CallRow.outcome.in_(SPOKEN),
            )
            .group_by(CallRow.caller)
        )
        for caller, started in rows:
            who = same(caller)
            found[who] = max(found.get(who, 0), started)
    return found


def _ways(who: str) -> set[str]:
    """How else a number may have been written; not all of these are the same number."""
    digits = who.lstrip("+")
    # Without the country's one to three digits, perhaps after the 0 that is dialled at home.
    at_home = [zero + digits[n:] for n in range(1, 4) if len(digits) > n + 3 for zero in ("", "0")]
    return {digits, f"+{digits}", f"00{digits}", *at_home}


def _within(column: InstrumentedAttribute[int], span: Span) -> ColumnElement[bool]:
    return and_(column >= span.start, column < span.end)
