"""The caller is in their flow: it says, hears keys, learns who they are, takes a message."""

from calls.machine.concealing import lay_open
from calls.machine.ending import end
from calls.machine.shown import back_in_flow, enter, view
from calls.machine.state import (
    BEEP,
    BEEP_PLAY,
    MARK_KEY,
    MARK_VALUE,
    MOST_MARKS,
    CallState,
    Made,
    ignored,
    stray,
)
from calls.machine.visits import begin_wait
from domain.crm import CallerIdentified
from domain.flow import (
    DigitHeard,
    EndCall,
    Enqueue,
    FlowStarted,
    Mark,
    MessageTaken,
    PathTaken,
    PromptEnded,
    Say,
    StopSaying,
    TakeMessage,
)
from domain.instant import Instant
from domain.switch import (
    DigitPressed,
    HangUp,
    LegAnswered,
    Play,
    PlayEnded,
    Record,
    RecordingEnded,
    StopPlay,
    StopRecording,
)


def answered(s: CallState, fact: LegAnswered, now: Instant) -> Made:
    """The caller was picked up: their flow starts, once."""
    if fact.leg == s.caller_leg and not s.answered_at:
        s.answered_at = now
        return [view(s), FlowStarted(s.id)]  # a picture goes before what may lead to newer ones
    return stray(s, fact.leg)


def say(s: CallState, fact: Say, now: Instant) -> Made:
    """Words instead of what the caller heard before."""
    return [Play(s.caller_leg, fact.play, fact.prompts)]


def stop_saying(s: CallState, fact: StopSaying, now: Instant) -> Made:
    """The caller barged in."""
    return [StopPlay(s.caller_leg)]


def digit(s: CallState, fact: DigitPressed, now: Instant) -> Made:
    """A key of the caller is their flow's."""
    return [DigitHeard(s.id, fact.digit)] if fact.leg == s.caller_leg else []


def play_ended(s: CallState, fact: PlayEnded, now: Instant) -> Made:
    """Said to the end."""
    return [PromptEnded(s.id, fact.play)]


def path(s: CallState, fact: PathTaken, now: Instant) -> Made:
    """Through which nodes the caller went, and which keys were understood."""
    if fact.digits:  # understood at a node that was entered before
        s.digits += fact.digits
    else:
        s.path.append(fact.node)
    return []


def mark(s: CallState, fact: Mark, now: Instant) -> Made:
    """Remembered in the call's record, within limits."""
    key = fact.key[:MARK_KEY]
    if not key or key.startswith("$"):  # the codec's own names
        return ignored(s, fact, f"has no mark of the name {key!r}")
    if key not in s.marks and len(s.marks) >= MOST_MARKS:
        return ignored(s, fact, f"has {MOST_MARKS} marks already")
    s.marks[key] = fact.value[:MARK_VALUE]
    return []


def identified(s: CallState, fact: CallerIdentified, now: Instant) -> Made:
    """Who the other party is."""
    s.match, s.customer, s.customer_name = fact.match, fact.customer, fact.name
    s.tier, s.candidates = fact.tier or "", fact.candidates
    return [view(s)]


def enqueue(s: CallState, fact: Enqueue, now: Instant) -> Made:
    """The flow lets the call wait."""
    s.request = fact
    s.queued_since = now
    s.served = False
    return [*lay_open(s), *begin_wait(s, now)]


def end_by_flow(s: CallState, fact: EndCall, now: Instant) -> Made:
    """The flow's last word; what an agent has served stays served."""
    return end(s, "answered" if s.served else fact.outcome, "flow", now, [HangUp(s.caller_leg)])


# ------------------------------------------------------------------ a message


def take_message(s: CallState, fact: TakeMessage, now: Instant) -> Made:
    """Beep, then record."""
    s.recording, s.message_max_s, s.recording_on = fact.recording, fact.max_s, False
    return [*lay_open(s), Play(s.caller_leg, BEEP_PLAY, (BEEP,)), *enter(s, "message", now)]


def beep_ended(s: CallState, fact: PlayEnded, now: Instant) -> Made:
    """After the tone."""
    if fact.play != BEEP_PLAY or s.recording is None or s.recording_on:
        return []
    s.recording_on = True
    return [Record(s.caller_leg, s.recording, s.message_max_s)]


def message_digit(s: CallState, fact: DigitPressed, now: Instant) -> Made:
    """``#`` ends the message."""
    if fact.leg == s.caller_leg and fact.digit == "#" and s.recording_on:
        return [StopRecording(s.caller_leg)]
    return []


def recording_ended(s: CallState, fact: RecordingEnded, now: Instant) -> Made:
    """The file is complete: the flow goes on."""
    if fact.recording != s.recording:
        return []
    s.recording_on = False
    if fact.duration_ms <= 0:
        s.recording = None  # no message, whatever comes next
    return [*back_in_flow(s, now), MessageTaken(s.id, fact.recording, fact.duration_ms)]


def _give_up_message(s: CallState) -> Made:
    # The flow goes on although nobody said that the recording ended.
    stop: Made = [StopRecording(s.caller_leg)] if s.recording_on else []
    s.recording, s.recording_on = None, False
    return stop


def say_after_message(s: CallState, fact: Say, now: Instant) -> Made:
    """The flow gives the recording up and speaks."""
    return [*_give_up_message(s), *back_in_flow(s, now), *say(s, fact, now)]


def enqueue_after_message(s: CallState, fact: Enqueue, now: Instant) -> Made:
    """The flow gives the recording up and lets the call wait."""
    return [*_give_up_message(s), *enqueue(s, fact, now)]


def take_another_message(s: CallState, fact: TakeMessage, now: Instant) -> Made:
    """The flow gives the recording up for another."""
    return [*_give_up_message(s), *take_message(s, fact, now)]
