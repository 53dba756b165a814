"""Since when each agent was at work, paused or gone: kept from the journal, read by adherence.

Of all that is told of an agent only what changes this is kept: some ten rows an agent and day.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import Row, and_, func, select
from sqlalchemy.orm import Session

from calls.tables import PresenceRow
from domain.instant import Instant

Presence = Literal["working", "paused", "missed", "signed_out"]
_OF_STATE: Final[Mapping[str, Presence]] = {
    "signed_out": "signed_out",
    "paused": "paused",
    "missed": "missed",
    "available": "working",
    "offered": "working",
    "on_contact": "working",
    "wrap_up": "working",
}
_AT_ONCE: Final = 500
"""Agents in one IN."""
_Since: TypeAlias = "Row[str, int, str, str]"
"""A row as plain columns: weeks of hundreds of agents are read at once."""


@dataclass(frozen=True, slots=True)
class Present:
    """An agent was so from ``begin`` until ``end``, microseconds UTC."""

    agent: str
    presence: Presence
    reason: str
    begin: Instant
    end: Instant


class Presences:
    """Takes what is decided of agents, in the journal's order; saying it twice changes nothing."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._tails: dict[str, list[PresenceRow]] = {}
        """Each agent's last rows, two at most."""

    def heard(self, at: int, changed: Mapping[str, Any]) -> None:
        """An ``AgentChanged`` as it stands in the journal, decided at this instant."""
        presence = _OF_STATE[changed["state"]]
        reason = str(changed.get("reason", ""))[:128] if presence == "paused" else ""
        agent = str(changed["agent"])[:64]
        if agent not in self._tails:
            self._tails[agent] = self._until(agent, at)
        tail = self._tails[agent]
        here = tail.pop() if tail and tail[-1].since == at else None
        if tail and (tail[-1].presence, tail[-1].reason) == (presence, reason):
            if here is not None:
                self._session.flush()
                self._session.delete(here)  # it came and went in one instant
                self._session.flush()
            return
        row = here or self._session.get(PresenceRow, (agent, at)) or PresenceRow(agent=agent, since=at)
        row.presence, row.reason = presence, reason
        self._session.add(row)
        tail[:] = [*tail[-1:], row]

    def _until(self, agent: str, at: int) -> list[PresenceRow]:
        """The last two rows up to this instant: it may have been heard of before."""
        until = select(PresenceRow).where(PresenceRow.agent == agent, PresenceRow.since <= at)
        last = self._session.scalars(until.order_by(PresenceRow.since.desc()).limit(2))
        return list(reversed(last.all()))


def presence_of(session: Session, agents: Sequence[str], begin: Instant, end: Instant) -> Iterator[Present]:
    """How each of these agents was from ``begin`` until ``end``, as far as it is known, in order of time."""
    columns = (PresenceRow.agent, PresenceRow.since, PresenceRow.presence, PresenceRow.reason)
    for place in range(0, len(agents), _AT_ONCE):
        some = agents[place : place + _AT_ONCE]
        last = (
            select(PresenceRow.agent, func.max(PresenceRow.since).label("since"))
            .where(PresenceRow.agent.in_(some), PresenceRow.since <= begin)
            .group_by(PresenceRow.agent)
            .subquery()
        )
        before = session.execute(
            select(*columns).join(
                last, and_(last.c.agent == PresenceRow.agent, last.c.since == PresenceRow.since)
            )
        )
        rows: dict[str, list[_Since]] = {row.agent: [row] for row in before}
        within = (
            select(*columns)
            .where(PresenceRow.agent.in_(some), PresenceRow.since > begin, PresenceRow.since < end)
            .order_by(PresenceRow.since)
        )
        for row in session.execute(within):
            rows.setdefault(row.agent, []).append(row)
        for agent in some:
            yield from _spans(rows.get(agent, []), begin, end)


def _spans(rows: Iterable[_Since], begin: Instant, end: Instant) -> Iterator[Present]:
    listed = list(rows)
    for place, row in enumerate(listed):
        until = listed[place + 1].since if place + 1 < len(listed) else end
        yield Present(
            row.agent,
            row.presence,
            row.reason,
            Instant(max(row.since, begin)),
            Instant(until),
        )
