"""The conversation: hold, hang-up, and an agent's lost leg that may come back."""

from calls.machine.ending import caller_left, end
from calls.machine.shown import enter
from calls.machine.state import CallState, Made, ignored, stray
from calls.machine.survey import over
from calls.machine.visits import begin_wait, end_contact, settle
from domain.desk import HangUpAsked, HoldAsked, ResumeAsked, TransferAsked
from domain.instant import Instant
from domain.switch import Cancel, Connect, DeviceUp, HangUp, Hold, LegAnswered, LegEnded, Music, Ring


def not_yours(s: CallState, fact: HoldAsked | ResumeAsked | HangUpAsked | TransferAsked) -> Made:
    """Somebody else has the call."""
    return ignored(s, fact, f"is not with agent {fact.agent}")


def hold(s: CallState, fact: HoldAsked, now: Instant) -> Made:
    """The caller hears music, the agent silence."""
    if fact.agent != s.agent:
        return not_yours(s, fact)
    settle(s, now)
    s.hold_at = now
    return [Hold(s.caller_leg), *enter(s, "held", now)]


def resume(s: CallState, fact: ResumeAsked, now: Instant) -> Made:
    """They talk on."""
    if fact.agent != s.agent or s.agent_leg is None:
        return not_yours(s, fact)
    settle(s, now)
    s.talk_at = now
    return [Connect(s.caller_leg, s.agent_leg), *enter(s, "talking", now)]


def hang_up(s: CallState, fact: HangUpAsked, now: Instant) -> Made:
    """The agent ended it in the page."""
    if fact.agent != s.agent:
        return not_yours(s, fact)
    return over(s, now)


def leg_ended(s: CallState, fact: LegEnded, now: Instant) -> Made:
    """Who hangs up ends the call; an agent who was lost may come back."""
    if fact.leg == s.caller_leg:
        return caller_left(s, fact, now)
    if fact.leg == s.outside_leg:
        s.outside_leg = None
        return end(s, "transferred", "outside", now, [HangUp(s.caller_leg)])
    if fact.leg != s.agent_leg:
        return []
    if fact.reason == "hangup":
        s.agent_leg = None
        return over(s, now)
    settle(s, now)
    s.agent_leg, s.agent_leg_up = None, False
    return [Music(s.caller_leg), *enter(s, "reconnecting", now)]


# ------------------------------------------------------------------ a lost agent comes back


def device_up(s: CallState, fact: DeviceUp, now: Instant) -> Made:
    """Ring the device that is back; it picks up by itself."""
    if fact.device != s.device:
        return []
    # A page that reloads twice registers twice: the newest registration is the one to ring.
    old: Made = [Cancel(s.agent_leg)] if s.agent_leg else []
    s.agent_leg, s.agent_leg_up = s.new_leg(), False
    return [*old, Ring(s.agent_leg, fact.device, s.id, s.caller, auto_answer=True)]


def is_back(s: CallState, fact: LegAnswered, now: Instant) -> Made:
    """They talk on."""
    if fact.leg != s.agent_leg:
        return stray(s, fact.leg)
    settle(s, now)
    s.agent_leg_up = True
    s.talk_at = now
    return [Connect(s.caller_leg, fact.leg), *enter(s, "talking", now)]


def is_not_back(s: CallState, fact: LegEnded, now: Instant) -> Made:
    """The caller left, or the device that was rung again did not take the call."""
    if fact.leg == s.caller_leg:
        return caller_left(s, fact, now)
    if fact.leg != s.agent_leg:
        return []
    s.agent_leg = None
    return stays_away(s, now) if fact.reason in ("rejected", "busy") else []


def stays_away(s: CallState, now: Instant) -> Made:
    """The call returns to the head of its queue; a call without one has nobody to wait for."""
    if s.request is None:
        return end(s, "answered", "platform", now, [HangUp(s.caller_leg)])
    made = end_contact(s, now)
    return [*made, *begin_wait(s, now, at_head=True)]
