"""Calls that begin with us: somebody is called back, or an agent dials. First the agent, then the number."""

from dataclasses import replace

from calls.machine.ending import By, end
from calls.machine.shown import enter
from calls.machine.state import CallState, Made, stray
from calls.machine.visits import let_agent_go
from domain.calls import CallbackFailed
from domain.floor import CallbackKept, CallbackOver, Offer
from domain.flow import Enqueue
from domain.ids import LegId
from domain.instant import Instant
from domain.switch import Cancel, Connect, Dial, LegAnswered, LegEnded


def called_back(kept: CallbackKept, origin: CallState | None, now: Instant) -> CallState:
    """The call that a kept place becomes; what was known of the caller who chose it goes along."""
    s = CallState(kept.callback, LegId(kept.callback), kept.number, "", now, "waiting", now, kind="callback")
    s.queued_since, s.last_queue = kept.since, kept.queue
    s.request = Enqueue(s.id, kept.queue)
    if origin is not None:
        s.dialled = origin.dialled
        s.match, s.customer, s.customer_name = origin.match, origin.customer, origin.customer_name
        s.tier, s.candidates = origin.tier, origin.candidates
        if origin.request is not None:
            # Nothing but the queue is left of the flow the caller came through.
            s.request = replace(origin.request, call=s.id, queue=kept.queue, comes_back=False)
    return s


def dialled_out(offer: Offer, now: Instant) -> CallState:
    """The call of an agent who asked to dial."""
    s = CallState(offer.call, LegId(offer.call), offer.dial, "", now, "waiting", now, kind="dial")
    s.queued_since = now
    if offer.queue:
        s.last_queue = offer.queue
        s.request = Enqueue(s.id, offer.queue)
    return s


# ------------------------------------------------------------------ dialling


def dial(s: CallState, number: str, now: Instant) -> Made:
    """The agent is there: ring the other party."""
    return [Dial(s.caller_leg, number, s.dialled), *enter(s, "dialling", now)]


def answered(s: CallState, fact: LegAnswered, now: Instant) -> Made:
    """The other party picked up."""
    if fact.leg != s.caller_leg or s.agent_leg is None:
        return stray(s, fact.leg)
    s.answered_at = s.talk_at = now
    return [Connect(s.caller_leg, s.agent_leg), *enter(s, "talking", now)]


def leg_ended(s: CallState, fact: LegEnded, now: Instant) -> Made:
    """The other party was not reached, or the agent hung up before."""
    if fact.leg == s.caller_leg:
        return _not_reached(s, "platform", now)
    if fact.leg != s.agent_leg:
        return []
    s.agent_leg = None
    return [Cancel(s.caller_leg), *_not_reached(s, "agent", now)]


def gave_up(s: CallState, now: Instant) -> Made:
    """The agent waits no longer."""
    return [Cancel(s.caller_leg), *_not_reached(s, "agent", now)]


def rang_too_long(s: CallState, now: Instant) -> Made:
    """Nobody picks up."""
    return [Cancel(s.caller_leg), *_not_reached(s, "platform", now)]


def _not_reached(s: CallState, by: By, now: Instant) -> Made:
    if s.kind == "dial":
        return end(s, "not_reached", by, now)
    if s.offer is None or s.agent is None:
        raise AssertionError(f"callback {s.id} is with nobody")
    failed = CallbackFailed(s.offer, s.agent)
    s.caller_leg = s.new_leg()  # the next attempt is another leg; of this one nothing more is heard
    return [*let_agent_go(s), *enter(s, "waiting", now), failed]


def callback_over(s: CallState, fact: CallbackOver, now: Instant) -> Made:
    """The floor keeps the callback no longer; if the customer was reached the call goes on."""
    if fact.reason == "reached" or not s.nobody_there:
        return []
    return end(s, "not_reached", "platform", now)
