"""Queue visits and contacts: each begins once, ends once, and has its own times."""

from dataclasses import replace

from calls.machine.shown import enter
from calls.machine.state import CallState, Made, Ringing
from domain.calls import CallQueued, ContactEnded, QueueVisit, VisitOutcome
from domain.ids import QueueId
from domain.instant import NEVER, Instant
from domain.switch import Cancel, HangUp, Music

# ------------------------------------------------------------------ in a queue


def begin_wait(s: CallState, now: Instant, *, at_head: bool = False) -> Made:
    """Wait as ``request`` says, with music; the place won earlier is kept."""
    r = s.request
    if r is None:
        raise AssertionError(f"call {s.id} has no queue to wait in")
    begin_visit(s, r.queue, now)
    queued = CallQueued(
        s.id,
        r.queue,
        s.queued_since,
        r.base_priority,
        r.skills,
        r.tier or s.tier,
        r.preferred,
        at_head,
        r.attributes,
        s.caller,
        r.branch,
        r.backup,
        r.prefer_s,
    )
    return [Music(s.caller_leg), *enter(s, "waiting", now), queued]


def begin_visit(s: CallState, queue: QueueId, now: Instant) -> None:
    """The call stands in ``queue`` from now on."""
    s.queue = s.last_queue = queue
    s.visit_at = now
    s.saying = None


def leave_queue(s: CallState, outcome: VisitOutcome, now: Instant) -> None:
    """The visit under way, if any, is over; an answered one is of the agent who has the call now."""
    if s.queue is None:
        return
    r, answered = s.request, outcome == "answered"
    visit = QueueVisit(
        s.id,
        len(s.visits) + 1,
        s.queue,
        s.visit_at,
        now,
        outcome,
        (r.tier if r else "") or s.tier,
        s.agent if answered else None,
        r.base_priority if r else 0.0,
        s.offer if answered else None,
    )
    s.visits.append(visit)
    s.queue = s.saying = None


# ------------------------------------------------------------------ with an agent


def begin_contact(s: CallState, taken: Ringing, now: Instant) -> None:
    """The agent whose telephone was picked up has the call."""
    s.ringing.remove(taken)
    s.agent, s.offer, s.device = taken.agent, taken.offer, taken.device
    s.agent_leg, s.agent_leg_up = taken.leg, True
    s.last_agent = taken.agent
    s.served = False
    s.talk_at = s.hold_at = NEVER
    s.talk_before_us, s.hold_before_us = s.talk_us, s.hold_us


def settle(s: CallState, now: Instant) -> None:
    """Count the seconds of talk or hold up to now."""
    if s.agent is None:
        return
    if s.phase == "talking":
        s.talk_us += now - s.talk_at
    elif s.phase == "held":
        s.hold_us += now - s.hold_at
    elif s.phase == "reconnecting":
        s.hold_us += now - s.phase_at


def let_agent_go(s: CallState) -> Made:
    """Take the agent's leg down and forget the agent."""
    made: Made = []
    if s.agent_leg is not None:
        made.append(HangUp(s.agent_leg) if s.agent_leg_up else Cancel(s.agent_leg))
    s.agent = s.offer = s.device = s.agent_leg = None
    s.agent_leg_up = False
    return made


def end_contact(s: CallState, now: Instant, *, transferred: bool = False) -> Made:
    """The agent is let go; the visit that led to them gets the time they spent, and no other's."""
    if s.offer is None or s.agent is None:
        raise AssertionError(f"call {s.id} is with nobody")
    settle(s, now)
    if s.visits and s.visits[-1].offer == s.offer:
        talk_us, hold_us = s.talk_us - s.talk_before_us, s.hold_us - s.hold_before_us
        s.visits[-1] = replace(s.visits[-1], talk_us=talk_us, hold_us=hold_us)
    ended = ContactEnded(s.offer, s.agent, transferred)
    return [*let_agent_go(s), ended]
