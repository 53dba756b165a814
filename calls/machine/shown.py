"""What pages see of a call; every phase is entered here."""

from calls.machine.state import PATIENCE_S, CallState, Made
from domain.calls import CallChanged, Phase
from domain.instant import NEVER, Instant, after


def enter(s: CallState, phase: Phase, now: Instant) -> Made:
    """Be in a phase from now on."""
    s.phase, s.phase_at = phase, now
    s.deadline = after(now, PATIENCE_S[phase]) if phase in PATIENCE_S else NEVER
    return [view(s)]


def back_in_flow(s: CallState, now: Instant) -> Made:
    """Be in the flow again, in the part of it that comes after the agent if there was one."""
    return enter(s, "survey", now) if s.served else enter(s, "ivr", now)


def view(s: CallState) -> CallChanged:
    """The call as pages show it."""
    return CallChanged(
        s.id,
        s.phase,
        s.phase_at,
        s.caller,
        s.dialled,
        s.started_at,
        queue=s.queue or s.last_queue,
        agent=s.agent or (s.ringing[0].agent if s.ringing else None),
        customer=s.customer,
        customer_name=s.customer_name,
        tier=s.tier,
        match=s.match,
        candidates=s.candidates,
        digits=s.digits,
        direction="in" if s.kind == "caller" else "out",
    )
