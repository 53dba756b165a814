"""Telephones ring for the call; the first that is picked up wins, whatever the others do."""

from typing import Final, Literal

from calls.machine.ending import caller_left, end
from calls.machine.outgoing import dial
from calls.machine.shown import enter
from calls.machine.state import CallState, Made, Ringing, stray
from calls.machine.visits import begin_contact, leave_queue
from domain.calls import OfferAccepted, OfferRefused
from domain.floor import Offer, Rescind
from domain.flow import CallerTaken
from domain.instant import Instant
from domain.switch import Cancel, Connect, EndReason, LegAnswered, LegEnded, Ring

BY_PERSON: Final[tuple[EndReason, ...]] = ("busy", "rejected", "hangup")


def offered(s: CallState, fact: Offer, now: Instant) -> Made:
    """One more telephone rings."""
    leg = s.new_leg()
    s.ringing.append(Ringing(fact.offer, fact.agent, fact.device, leg, fact.dial))
    made = [] if s.phase == "offered" else enter(s, "offered", now)
    return [*made, Ring(leg, fact.device, s.id, s.caller, fact.auto_answer)]


def leg_answered(s: CallState, fact: LegAnswered, now: Instant) -> Made:
    """An agent picked up: both hear each other, or the number to be called is dialled."""
    taken = s.rings_as(fact.leg)
    if taken is None:
        return stray(s, fact.leg)
    begin_contact(s, taken, now)
    accepted = OfferAccepted(taken.offer, taken.agent)
    if s.nobody_there:
        return [accepted, *dial(s, taken.dial or s.caller, now)]
    leave_queue(s, "answered", now)
    s.talk_at = now
    return [Connect(s.caller_leg, fact.leg), accepted, *enter(s, "talking", now), CallerTaken(s.id)]


def leg_ended(s: CallState, fact: LegEnded, now: Instant) -> Made:
    """The caller left, or one telephone did not take the call."""
    if fact.leg == s.caller_leg:
        return caller_left(s, fact, now)
    gone = s.rings_as(fact.leg)
    if gone is None:
        return []
    s.ringing.remove(gone)
    refused = OfferRefused(gone.offer, gone.agent, _refusal(fact.reason))
    if s.kind == "dial" and s.nobody_there:
        return [refused, *_not_taken(s, now)]
    return [*_not_taken(s, now), refused]


def _refusal(reason: EndReason) -> Literal["rejected", "unreachable", "failed"]:
    if reason in BY_PERSON:
        return "rejected"
    return "failed" if reason == "failed" else "unreachable"


def rescinded(s: CallState, fact: Rescind, now: Instant) -> Made:
    """The floor took an offer back."""
    cancel = let_ring_no_more(s, fact, now)
    return [*cancel, *_not_taken(s, now)] if cancel else []


def let_ring_no_more(s: CallState, fact: Rescind, now: Instant) -> Made:
    """One telephone rings no more; somebody else has the call, or still may."""
    gone = next((r for r in s.ringing if r.offer == fact.offer), None)
    if gone is None:
        return []
    s.ringing.remove(gone)
    return [Cancel(gone.leg)]


def _not_taken(s: CallState, now: Instant) -> Made:
    """One offer came to nothing: others ring on, or the call waits on; an agent's own number does not."""
    if s.ringing:
        return []
    if s.kind == "dial" and s.nobody_there:
        return end(s, "not_reached", "agent", now)
    return enter(s, "waiting", now)
