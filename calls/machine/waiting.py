"""The caller is in a queue: music, words over it, another queue, a callback instead, back to the flow."""

from dataclasses import replace

from calls.machine.ending import end
from calls.machine.shown import enter, view
from calls.machine.state import CallState, Made
from calls.machine.visits import begin_visit, leave_queue
from domain.calls import PriorityChanged, VisitOutcome
from domain.floor import CallbackKept, Overflow, ReturnReason, ReturnToFlow
from domain.flow import DigitHeard, PromptEnded, QueueReturned, Reprioritise, Say, StopSaying
from domain.instant import Instant
from domain.switch import Cancel, DigitPressed, Music, Play, PlayEnded, StopPlay

RETURNED: dict[ReturnReason, VisitOutcome] = {
    "no_agents": "refused",
    "full": "refused",
    "unknown_queue": "refused",
    "unknown_skill": "refused",
    "closed": "refused",
    "timeout": "overflowed",
    "flow": "overflowed",
    "hang_up": "overflowed",
    "voicemail": "voicemail",
}
"""How a visit ended that the queue gave back to the flow."""

# ------------------------------------------------------------------ words over the music


def say(s: CallState, fact: Say, now: Instant) -> Made:
    """An announcement instead of the music, for as long as it takes."""
    s.saying = fact.play
    return [Play(s.caller_leg, fact.play, fact.prompts)]


def stop_saying(s: CallState, fact: StopSaying, now: Instant) -> Made:
    """The caller answered before it was said to the end."""
    if s.saying is None:
        return []
    s.saying = None
    return [Music(s.caller_leg)]


def play_ended(s: CallState, fact: PlayEnded, now: Instant) -> Made:
    """The music comes back, unless the flow has more to say."""
    if fact.play != s.saying:
        return []
    s.saying = None
    return [Music(s.caller_leg), PromptEnded(s.id, fact.play)]


def digit(s: CallState, fact: DigitPressed, now: Instant) -> Made:
    """A key may answer a proposal: the flow knows."""
    return [DigitHeard(s.id, fact.digit)] if fact.leg == s.caller_leg else []


# ------------------------------------------------------------------ what the floor decides


def overflow(s: CallState, fact: Overflow, now: Instant) -> Made:
    """One visit ends, another begins; the floor kept the place, the caller hears no difference."""
    if s.request is None or s.queue is None:
        return []
    saying = s.saying
    leave_queue(s, "overflowed", now)
    s.request = replace(s.request, queue=fact.target)
    begin_visit(s, fact.target, now)
    s.saying = saying
    return [view(s)]


def returned(s: CallState, fact: ReturnToFlow, now: Instant) -> Made:
    """The queue gives the call back: its flow decides what comes next."""
    if s.nobody_there:
        return end(s, "not_reached", "platform", now)
    leave_queue(s, RETURNED[fact.reason], now)
    back = QueueReturned(s.id, fact.queue, fact.reason, fact.target, fact.message)
    return [StopPlay(s.caller_leg), *enter(s, "ivr", now), back]


def callback_kept(s: CallState, fact: CallbackKept, now: Instant) -> Made:
    """The caller's place is kept without them: they are told, and may hang up."""
    leave_queue(s, "callback", now)
    s.kept = fact.callback
    made: Made = [Cancel(r.leg) for r in s.ringing]
    s.ringing.clear()
    return [*made, *enter(s, "ivr", now)]


def reprioritise(s: CallState, fact: Reprioritise, now: Instant) -> Made:
    """The customer turned out to be another than the queue was told."""
    r = s.request
    if r is None or s.kind != "caller" or (r.base_priority, r.tier) == (fact.base_priority, fact.tier):
        return []
    s.request = replace(r, base_priority=fact.base_priority, tier=fact.tier)
    return [] if s.queue is None else [PriorityChanged(s.id, fact.base_priority, fact.tier)]
