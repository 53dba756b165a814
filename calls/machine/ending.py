"""The end of a call: everything is torn down, and one record says how it went."""

from typing import Literal

from calls.machine.shown import enter
from calls.machine.state import CallLost, CallOver, CallState, Made
from calls.machine.visits import end_contact, leave_queue
from domain.calls import CallerGone, CallFinished, CallRecord, Outcome
from domain.instant import Instant
from domain.switch import Cancel, HangUp, LegEnded

By = Literal["caller", "agent", "flow", "platform", "outside"]


def caller_left(s: CallState, fact: LegEnded, now: Instant) -> Made:
    """The caller's leg is gone; any other leg's end means nothing here."""
    if fact.leg != s.caller_leg or s.nobody_there:
        return []
    by: By = "platform" if fact.reason in ("lost", "failed") else "caller"
    return end(s, _served(s), by, now)


def _served(s: CallState) -> Outcome:
    """How a call went whose caller leaves now."""
    if s.agent is not None:
        return "answered"
    if s.outside_up:
        return "transferred"
    if s.served:
        return "answered"
    if (s.phase == "message" and s.recording_on) or (s.recording is not None and s.phase == "ivr"):
        return "voicemail"
    return "abandoned"


def lost(s: CallState, fact: CallLost, now: Instant) -> Made:
    """The platform came back and the caller did not."""
    return end(s, "answered" if s.served else "lost", "platform", now)


def end(s: CallState, outcome: Outcome, by: By, now: Instant, made: Made | None = None) -> Made:
    """After ``made``: no leg stays up, no agent stays busy, the visit and the call end once."""
    made = [] if made is None else made
    agent, waited = s.agent, s.queue is not None
    if s.phase == "message" and not s.recording_on:
        s.recording = None  # gone before the tone: there is no file
    leave_queue(s, "lost" if outcome == "lost" else "abandoned", now)
    made += [Cancel(r.leg) for r in s.ringing]
    s.ringing.clear()
    if s.outside_leg is not None:
        made.append(HangUp(s.outside_leg) if s.outside_up else Cancel(s.outside_leg))
    if agent is not None:
        made += end_contact(s, now)
    if waited:
        made.append(CallerGone(s.id))
    if s.kept is not None:
        outcome = "callback"  # we owe it, however the call itself came to its end
    s.agent = agent  # pages show who had the call
    return [*made, *enter(s, "ended", now), CallFinished(_record(s, outcome, by, now)), CallOver(s.id)]


def _record(s: CallState, outcome: Outcome, by: By, now: Instant) -> CallRecord:
    return CallRecord(
        call=s.id,
        caller=s.caller,
        dialled=s.dialled,
        started=s.started_at,
        answered=s.answered_at,
        ended=now,
        outcome=outcome,
        ended_by=by,
        flow=s.flow,
        path=tuple(s.path),
        digits=s.digits,
        customer=s.customer,
        customer_name=s.customer_name,
        tier=s.tier,
        agent=s.last_agent,
        queue=s.last_queue,
        visits=tuple(s.visits),
        talk_us=s.talk_us,
        hold_us=s.hold_us,
        wait_us=sum(v.left - v.entered for v in s.visits),
        recording=s.recording or "",
        direction="in" if s.kind == "caller" else "out",
        transferred_to=s.outside if s.outside_up else "",
        marks=dict(s.marks),
    )
