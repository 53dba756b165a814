"""Decisions of the floor to messages for pages: a pure reducer, and a picture for a page that joins.

An audience is an agent's id, or ``BOARD``: everybody who watches the whole floor. An agent is told of
themself, the offers made to them, the calls they have until their wrap-up is over, and, without saying who
calls, of the calls they could pick up now.
"""

from dataclasses import dataclass, field
from typing import Any

from agent_desktop.messages import BOARD, Told, drop, news, put
from agent_desktop.near import Near
from common.service_level import DEFAULT, Counts, service_levels
from domain.calls import CallChanged
from domain.config import FloorConfigured
from domain.floor import (
    AgentChanged,
    CallbackKept,
    CallbackOver,
    Candidate,
    Offer,
    QueueChanged,
    Rescind,
    Why,
)
from domain.instant import Instant

TAKEN = ("dialling", "talking", "held", "consulting", "reconnecting", "survey", "ended")
"""Phases of a call in which it rings at nobody any more."""


def ms(at: Instant | None) -> int | None:
    """Milliseconds since the epoch, None for never."""
    return None if at is None else at // 1000


@dataclass(slots=True)
class Names:
    """Names of things by id, for pages."""

    agents: dict[str, str] = field(default_factory=dict)
    queues: dict[str, str] = field(default_factory=dict)
    tiers: dict[str, str] = field(default_factory=dict)


def occupancy(fact: AgentChanged) -> float | None:
    """The share of the time at work today spent with contacts and wrap-up, None before there is any."""
    if not fact.signed_in_us:
        return None
    return min(1.0, (fact.contact_us + fact.wrap_us + fact.in_progress_us) / fact.signed_in_us)


def candidate(one: Candidate, names: Names) -> dict[str, Any]:
    """An agent who was looked at for a call: why not, or how good."""
    return {
        "agent": one.agent,
        "name": names.agents.get(one.agent, one.agent),
        "filtered": one.filtered,
        "handled_s": round(one.handled_s, 1),
        "idle_s": round(one.idle_s, 1),
        "missed": one.missed,
        "preferred": one.preferred,
        "penalty": one.penalty,
        "home": one.home,
        "score": [round(part, 3) for part in one.score],
    }


def _not_reached(fact: CallChanged) -> bool:
    """Whether what was dialled did not answer: the caller waits again, or nobody ever spoke."""
    return fact.phase == "waiting" or (fact.direction == "out" and fact.phase == "ended")


class Desk:
    """All that pages show, kept up by ``reduce``."""

    def __init__(self) -> None:
        self.names = Names()
        self.targets: dict[str, tuple[float, float]] = {}
        self.serves: dict[str, frozenset[str]] = {}
        """Agent to the queues they are in."""
        self.agents: dict[str, dict[str, Any]] = {}
        self.queues: dict[str, dict[str, Any]] = {}
        self.calls: dict[str, dict[str, Any]] = {}
        self.offers: dict[str, dict[str, Any]] = {}
        self.cards: dict[str, dict[str, Any]] = {}
        self.callbacks: dict[str, dict[str, Any]] = {}
        self.shown: dict[str, set[str]] = {}
        """Agent to the calls their page shows."""
        self.near = Near(self.agents, self.calls)

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
                "near": self.near.of(agent or ""),
                "callbacks": dict(self.callbacks),
            }
        own = self._own(agent)
        return {
            "agents": {k: v for k, v in self.agents.items() if k == agent},
            "queues": {},
            "calls": own,
            "offers": {k: v for k, v in self.offers.items() if v["agent"] == agent},
            "cards": {k: c for k, c in self.cards.items() if k in own},
            "near": self.near.of(agent or ""),
            "callbacks": {},
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
        if isinstance(fact, CallbackKept):
            return self._callback(fact)
        if isinstance(fact, CallbackOver):
            return self._callback_over(fact.callback)
        if isinstance(fact, FloorConfigured):
            self._configured(fact)
        return []

    def _configured(self, fact: FloorConfigured) -> None:
        self.names.agents = {a.id: a.name for a in fact.agents}
        self.names.queues = {q.id: q.name for q in fact.queues}
        self.targets = {q.id: (q.target_s, q.target_share) for q in fact.queues}
        self.serves = {a.id: frozenset(a.queues) for a in fact.agents}
        self.near.configured(fact)

    def recall(self, agent: str, call: CallChanged) -> list[Told]:
        """An agent has this call since before this process began."""
        self.shown.setdefault(agent, set()).add(call.call)
        return self._call(call)

    def is_shown(self, call: str) -> bool:
        """Whether some agent's page shows the call."""
        return any(call in calls for calls in self.shown.values())

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
            "contacts": list(fact.contacts),
            "by": fact.by,
            "offered": fact.offered,
            "answered": fact.answered,
            "missed": fact.missed,
            "rejected": fact.rejected,
            "transferred": fact.transferred,
            "contact_s": round(fact.contact_us / 1e6, 1),
            "wrap_s": round(fact.wrap_us / 1e6, 1),
            "signed_in_s": round(fact.signed_in_us / 1e6, 1),
            "occupancy": occupancy(fact),
            "at": ms(fact.at),
        }
        self.agents[fact.agent] = view
        told = [(audience, put("agents", fact.agent, view)) for audience in (fact.agent, BOARD)]
        has = {*fact.contacts, *(() if fact.call is None else (fact.call,))}
        # With one contact the state says whether it still rings; with several the calls say it.
        over = fact.state != "offered" and len(has) < 2
        for offer, shown in list(self.offers.items()):
            if shown["agent"] == fact.agent and (over or shown["call"] not in has):
                told += self._offer_gone(offer)
        shows = self.shown.get(fact.agent, set())
        for call in sorted(shows - has):
            shows.discard(call)
            told += self._hide(fact.agent, call)
        if not shows:
            self.shown.pop(fact.agent, None)
        return told + self.near.agent(fact.agent)

    def _queue(self, fact: QueueChanged) -> list[Told]:
        target_s, target_share = self.targets.get(fact.queue, (0.0, 0.0))
        counts = Counts(
            fact.answered,
            fact.abandoned,
            fact.answered_in_target,
            fact.abandoned_in_target,
            fact.short_abandoned,
        )
        levels = service_levels(counts)
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
            "short_abandoned": fact.short_abandoned,
            "returned": fact.returned,
            "transferred": fact.transferred,
            "service_level": levels[DEFAULT],
            "service_levels": levels,
            "asa_s": round(fact.wait_us / fact.answered / 1e6, 1) if fact.answered else None,
            "aht_s": round(fact.handled_us / fact.handled / 1e6, 1) if fact.handled else None,
            "callbacks": fact.callbacks,
            "estimate_s": None if fact.estimate_s is None else round(fact.estimate_s, 1),
            "closed": fact.closed,
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
            "direction": fact.direction,
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
        told: list[Told] = []
        if fact.phase in TAKEN:
            for offer in [k for k, v in self.offers.items() if v["call"] == fact.call]:
                told += self._offer_gone(offer)
        before = self.calls.get(fact.call)
        self.near.moved(before, view)
        viewers = [a for a, calls in self.shown.items() if fact.call in calls]
        if before is not None and before["phase"] == "dialling" and _not_reached(fact):
            handed_on = fact.direction == "in"
            said = news("not_reached", call=fact.call, number=fact.caller, handed_on=handed_on)
            # Who dialled is perhaps free again already; who handed on has their wrap-up.
            told += [(a, said) for a in (viewers if handed_on else [before["agent"]]) if a]
        told += [(a, put("calls", fact.call, view)) for a in viewers]
        over = fact.phase == "ended"
        if over:
            told += self._callback_over(fact.call)
        elif fact.direction == "out" and fact.phase == "waiting" and not self._known(fact.call):
            # Kept since before this process began: until when is not said again.
            told.append(
                self._show_callback(fact.call, None, fact.queue or "", fact.caller, fact.started, None)
            )
        if over and not viewers:
            self.calls.pop(fact.call, None)
            self.cards.pop(fact.call, None)
        else:
            self.calls[fact.call] = view
        told.append((BOARD, drop("calls", fact.call) if over else put("calls", fact.call, view)))
        return told + self.near.call(fact.call)

    def _known(self, call: str) -> bool:
        """Whether an outgoing call is a kept callback that is shown, or one an agent dials."""
        return call in self.callbacks or any(offer["call"] == call for offer in self.offers.values())

    def _offer(self, fact: Offer) -> list[Told]:
        view = {
            "id": fact.offer,
            "call": fact.call,
            "queue": fact.queue,
            "queue_name": self.names.queues.get(fact.queue, fact.queue),
            "agent": fact.agent,
            "deadline": ms(fact.deadline),
            "auto_answer": fact.auto_answer,
            "dial": fact.dial,
            "why": self._why(fact.why),
        }
        self.offers[fact.offer] = view
        self.shown.setdefault(fact.agent, set()).add(fact.call)
        told: list[Told] = []
        if fact.call in self.calls:
            told.append((fact.agent, put("calls", fact.call, self.calls[fact.call])))
        if fact.call in self.cards:
            told.append((fact.agent, put("cards", fact.call, self.cards[fact.call])))
        return [
            *told,
            (fact.agent, put("offers", fact.offer, view)),
            (BOARD, put("offers", fact.offer, view)),
            *self.near.offered(view),
        ]

    def _why(self, why: Why) -> dict[str, Any]:
        return {
            "strategy": why.strategy,
            "priority": round(why.priority, 2),
            "waited_s": round(why.waited_s, 1),
            "ahead_of": why.ahead_of,
            "candidates": [candidate(c, self.names) for c in why.candidates],
        }

    def _offer_gone(self, offer: str) -> list[Told]:
        view = self.offers.pop(offer, None)
        if view is None:
            return []
        agent = view["agent"]
        return [(agent, drop("offers", offer)), (BOARD, drop("offers", offer)), *self.near.withdrawn(view)]

    def _hide(self, agent: str, call: str) -> list[Told]:
        view = self.calls.get(call)
        if not self.is_shown(call):
            self.cards.pop(call, None)
            if view is not None and view["phase"] == "ended":
                del self.calls[call]
        return [(agent, drop("cards", call)), (agent, drop("calls", call))]

    def _callback(self, fact: CallbackKept) -> list[Told]:
        return [
            self._show_callback(fact.callback, fact.call, fact.queue, fact.number, fact.since, fact.expires)
        ]

    def _show_callback(
        self, key: str, call: str | None, queue: str, number: str, since: Instant, expires: Instant | None
    ) -> Told:
        view = {
            "id": key,
            "call": call,
            "queue": queue,
            "queue_name": self.names.queues.get(queue, queue),
            "number": number,
            "since": ms(since),
            "expires": ms(expires),
        }
        self.callbacks[key] = view
        return BOARD, put("callbacks", key, view)

    def _callback_over(self, key: str) -> list[Told]:
        if self.callbacks.pop(key, None) is None:
            return []
        return [(BOARD, drop("callbacks", key))]
