"""The agent is done and the caller is still there: they go on in their flow, which may ask how it was."""

from calls.machine.ending import end
from calls.machine.shown import enter
from calls.machine.state import CallState, Made
from calls.machine.visits import end_contact
from domain.flow import ContactOver
from domain.instant import Instant
from domain.switch import HangUp, StopPlay


def over(s: CallState, now: Instant) -> Made:
    """The agent ended the conversation: so is the call over, unless its flow wants the caller back."""
    if s.agent is None or s.request is None or not s.request.comes_back:
        return end(s, "answered", "agent", now, [HangUp(s.caller_leg)])
    told = ContactOver(s.id, s.agent)
    let_go = end_contact(s, now)
    s.served = True
    # Who was on hold hears music no more.
    return [*let_go, StopPlay(s.caller_leg), *enter(s, "survey", now), told]
