"""Decisions of the floor to messages for pages: a pure reducer, and a picture for a page that joins.

An audience is an agent's id, or ``BOARD``: everybody who watches the whole floor. An agent is told of
themself, the offers made to them, and the calls they have until their wrap-up is over.
"""

from dataclasses import dataclass, field
from typing import Any

from domain.calls import CallChanged
from domain.config import FloorConfigured
from domain.floor import AgentChanged, Offer, QueueChanged, Rescind
from domain.instant import Instant

BOARD = "*"
Message = dict[str, Any]
Told = tuple[str, Message]
WITH_A_CALL = ("offered", "on_contact", "wrap_up")


def put(kind: str, key: str, value: dict[str, Any]) -> Message:
    """A thing is new or has changed."""
    return {"type": "put", "kind": kind, "id": key, "value": value}


def drop(kind: str, key: str) -> Message:
    """A thing is no longer shown."""
    return {"type": "drop", "kind": kind, "id": key}


def ms(at: Instant | None) -> int | None:
    """Milliseconds since the epoch, None for never."""
    return None if at is None else at // 1000


@dataclass(slots=True)
class Names:
    """Names of things by id, for pages."""

    agents: dict[str, str] = field(default_factory=dict)
    queues: dict[str, str] = field(default_factory=dict)
    tiers: dict[str, str] = field(default_factory=dict)


class Desk:
    """All that pages show, kept up by ``reduce``."""

    def __init__(self) -> None:
        self.names = Names()
        self.targets: dict[str, tuple[float, float]] = {}
        self.agents: dict[str, dict[str, Any]] = {}
        self.queues: dict[str, dict[str, Any]] = {}
        self.calls: dict[str, dict[str, Any]] = {}
        self.offers: dict[str, dict[str, Any]] = {}
        self.cards: dict[str, dict[str, Any]] = {}
        self.shown: dict[str, set[str]] = {}
        """Agent to the calls their page shows."""

    # ------------------------------------------------------------ a page joins

    def snapshot(self, agent: str | None, *, board: bool) -> dict[str, dict[str, Any]]:
        """What a page shows first: everything for the board, one's own for an agent."""
        if board:
            return {
                "agents": dict(self.agents),
                "queues": dict(self.queues),
                "calls": {k: v for k, v in self.calls.items() if v["phase"] != "ended"} | self._own(agent),
                "offers": dict(self.offers),
                "cards": {k: c for k, c in self.cards.items() if k in self.shown.get(agent or "", ())},
            }
        own = self._own(agent)
        return {
            "agents": {k: v for k, v in self.agents.items() if k == agent},
            "queues": {},
            "calls": own,
            "offers": {k: v for k, v in self.offers.items() if v["agent"] == agent},
            "cards": {k: c for k, c in self.cards.items() if k in own},
        }

    def _own(self, agent: str | None) -> dict[str, Any]:
        return {k: self.calls[k] for k in self.shown.get(agent or "", ()) if k in self.calls}

    # ------------------------------------------------------------ facts

    def reduce(self, fact: Any) -> list[Told]:
        """Who is told what because of one decision of the floor."""
        if isinstance(fact, AgentChanged):
            return self._agent(fact)
        if isinstance(fact, QueueChanged):
            return self._queue(fact)
        if isinstance(fact, CallChanged):
            return self._call(fact)
        if isinstance(fact, Offer):
            return self._offer(fact)
        if isinstance(fact, Rescind):
            return self._offer_gone(fact.offer)
        if isinstance(fact, FloorConfigured):
            self.names.agents = {a.id: a.name for a in fact.agents}
            self.names.queues = {q.id: q.name for q in fact.queues}
            self.targets = {q.id: (q.target_s, q.target_share) for q in fact.queues}
        return []

    def recall(self, agent: str, call: CallChanged) -> list[Told]:
        """An agent has this call since before this process began."""
        self.shown.setdefault(agent, set()).add(call.call)
        return self._call(call)

    def card(self, call: str, card: dict[str, Any]) -> list[Told]:
        """The customer's card of a call was read."""
        viewers = [a for a, calls in self.shown.items() if call in calls]
        if call not in self.calls or not viewers:
            return []
        self.cards[call] = card
        return [(a, put("cards", call, card)) for a in viewers]

    def _agent(self, fact: AgentChanged) -> list[Told]:
        view = {
            "id": fact.agent,
            "name": self.names.agents.get(fact.agent, fact.agent),
            "state": fact.state,
            "since": ms(fact.since),
            "reason": fact.reason,
            "call": fact.call,
            "device": fact.device,
            "reachable": fact.reachable,
            "until": ms(fact.until),
            "handled_s": round(fact.handled_s, 1),
            "next_state": fact.next_state,
        }
        self.agents[fact.agent] = view
        told = [(audience, put("agents", fact.agent, view)) for audience in (fact.agent, BOARD)]
        if fact.state != "offered":
            for offer in [k for k, v in self.offers.items() if v["agent"] == fact.agent]:
                told += self._offer_gone(offer)
        if fact.state not in WITH_A_CALL:
            for call in sorted(self.shown.pop(fact.agent, ())):
                told += self._hide(fact.agent, call)
        return told

    def _queue(self, fact: QueueChanged) -> list[Told]:
        target_s, target_share = self.targets.get(fact.queue, (0.0, 0.0))
        finished = fact.answered + fact.abandoned
        in_target = fact.answered_in_target + fact.abandoned_in_target
        view = {
            "id": fact.queue,
            "name": self.names.queues.get(fact.queue, fact.queue),
            "waiting": fact.waiting,
            "oldest": ms(fact.oldest),
            "available": fact.available,
            "staffed": fact.staffed,
            "offered": fact.offered,
            "answered": fact.answered,
            "abandoned": fact.abandoned,
            "service_level": in_target / finished if finished else None,
            "asa_s": round(fact.wait_us / fact.answered / 1e6, 1) if fact.answered else None,
            "target_s": target_s,
            "target_share": target_share,
            "calls": list(fact.calls),
        }
        self.queues[fact.queue] = view
        return [(BOARD, put("queues", fact.queue, view))]

    def _call(self, fact: CallChanged) -> list[Told]:
        view = {
            "id": fact.call,
            "phase": fact.phase,
            "at": ms(fact.at),
            "caller": fact.caller,
            "dialled": fact.dialled,
            "started": ms(fact.started),
            "queue": fact.queue,
            "queue_name": self.names.queues.get(fact.queue or "", fact.queue or ""),
            "agent": fact.agent,
            "agent_name": self.names.agents.get(fact.agent or "", fact.agent or ""),
            "customer": fact.customer,
            "customer_name": fact.customer_name,
            "tier": fact.tier,
            "tier_name": self.names.tiers.get(fact.tier, fact.tier),
            "match": fact.match,
            "digits": fact.digits,
            "candidates": list(fact.candidates),
        }
        viewers = [a for a, calls in self.shown.items() if fact.call in calls]
        told = [(a, put("calls", fact.call, view)) for a in viewers]
        if fact.phase == "ended":
            if viewers:
                self.calls[fact.call] = view
            else:
                self.calls.pop(fact.call, None)
                self.cards.pop(fact.call, None)
            return [*told, (BOARD, drop("calls", fact.call))]
        self.calls[fact.call] = view
        return [*told, (BOARD, put("calls", fact.call, view))]

    def _offer(self, fact: Offer) -> list[Told]:
        why = {
            "strategy": fact.why.strategy,
            "priority": round(fact.why.priority, 2),
            "waited_s": round(fact.why.waited_s, 1),
            "ahead_of": fact.why.ahead_of,
            "candidates": [
                {
                    "agent": c.agent,
                    "name": self.names.agents.get(c.agent, c.agent),
                    "filtered": c.filtered,
                    "handled_s": round(c.handled_s, 1),
                    "idle_s": round(c.idle_s, 1),
                    "missed": c.missed,
                    "preferred": c.preferred,
                }
                for c in fact.why.candidates
            ],
        }
        view = {
            "id": fact.offer,
            "call": fact.call,
            "queue": fact.queue,
            "queue_name": self.names.queues.get(fact.queue, fact.queue),
            "agent": fact.agent,
            "deadline": ms(fact.deadline),
            "why": why,
        }
        self.offers[fact.offer] = view
        self.shown.setdefault(fact.agent, set()).add(fact.call)
        told: list[Told] = []
        if fact.call in self.calls:
            told.append((fact.agent, put("calls", fact.call, self.calls[fact.call])))
        return [
            *told,
            (fact.agent, put("offers", fact.offer, view)),
            (BOARD, put("offers", fact.offer, view)),
        ]

    def _offer_gone(self, offer: str) -> list[Told]:
        view = self.offers.pop(offer, None)
        if view is None:
            return []
        agent = view["agent"]
        return [(agent, drop("offers", offer)), (BOARD, drop("offers", offer))]

    def _hide(self, agent: str, call: str) -> list[Told]:
        view = self.calls.get(call)
        viewed = any(call in calls for calls in self.shown.values())
        if not viewed:
            self.cards.pop(call, None)
            if view is not None and view["phase"] == "ended":
                del self.calls[call]
        return [(agent, drop("cards", call)), (agent, drop("calls", call))]
