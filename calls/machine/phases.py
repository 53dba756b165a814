"""The one table of a call: which facts mean something in which phase, and what time does.

A fact that is not in the table of the current phase changes nothing.
"""

from collections.abc import Callable
from typing import Any

from calls.machine import (
    concealing,
    contact,
    dialling,
    ending,
    in_flow,
    offers,
    outgoing,
    transfer,
    waiting,
)
from calls.machine.state import CallLost, CallState, Made, nothing
from domain.calls import Phase
from domain.crm import CallerIdentified
from domain.desk import HangUpAsked, HoldAsked, ResumeAsked, TransferAsked
from domain.floor import CallbackKept, CallbackOver, Offer, Overflow, Rescind, ReturnToFlow
from domain.flow import (
    Conceal,
    EndCall,
    Enqueue,
    HandOver,
    Mark,
    PathTaken,
    Reprioritise,
    Reveal,
    Say,
    StopSaying,
    TakeMessage,
)
from domain.instant import Instant
from domain.switch import (
    DeviceUp,
    DigitPressed,
    LegAnswered,
    LegEnded,
    PlayEnded,
    RecordingEnded,
    SecretPressed,
)

Act = Callable[[CallState, Any, Instant], Made]
TimeUp = Callable[[CallState, Instant], Made]

_ALWAYS: dict[type, Act] = {
    CallerIdentified: in_flow.identified,
    PathTaken: in_flow.path,
    Mark: in_flow.mark,
    Reveal: concealing.reveal,
    Reprioritise: waiting.reprioritise,
    CallbackOver: nothing,
    DeviceUp: nothing,
    CallLost: ending.lost,
}
_IN_FLOW: dict[type, Act] = {
    **_ALWAYS,
    LegEnded: ending.caller_left,
    Say: in_flow.say,
    StopSaying: in_flow.stop_saying,
    DigitPressed: in_flow.digit,
    SecretPressed: concealing.pressed,
    Conceal: concealing.conceal,
    PlayEnded: in_flow.play_ended,
    RecordingEnded: nothing,
    TakeMessage: in_flow.take_message,
    Enqueue: in_flow.enqueue,
    HandOver: transfer.hand_over,
    EndCall: in_flow.end_by_flow,
}
_IN_QUEUE: dict[type, Act] = {
    **_ALWAYS,
    Say: waiting.say,
    StopSaying: waiting.stop_saying,
    PlayEnded: waiting.play_ended,
    DigitPressed: waiting.digit,
    RecordingEnded: nothing,
    Offer: offers.offered,
    CallbackKept: waiting.callback_kept,
    CallbackOver: outgoing.callback_over,
}
_CONNECTED: dict[type, Act] = {
    **_ALWAYS,
    PlayEnded: nothing,
    DigitPressed: nothing,
    RecordingEnded: nothing,
    Rescind: offers.let_ring_no_more,
}


PHASES: dict[Phase, dict[type, Act]] = {
    "ivr": {**_IN_FLOW, LegAnswered: in_flow.answered},
    "message": {
        **_ALWAYS,
        PlayEnded: in_flow.beep_ended,
        DigitPressed: in_flow.message_digit,
        RecordingEnded: in_flow.recording_ended,
        LegEnded: ending.caller_left,
        Say: in_flow.say_after_message,
        Enqueue: in_flow.enqueue_after_message,
        TakeMessage: in_flow.take_another_message,
        EndCall: in_flow.end_by_flow,
    },
    "waiting": {
        **_IN_QUEUE,
        LegEnded: ending.caller_left,
        Overflow: waiting.overflow,
        ReturnToFlow: waiting.returned,
        Rescind: nothing,
    },
    "offered": {
        **_IN_QUEUE,
        LegAnswered: offers.leg_answered,
        LegEnded: offers.leg_ended,
        Rescind: offers.rescinded,
    },
    "dialling": {
        **_CONNECTED,
        LegAnswered: dialling.answered,
        LegEnded: dialling.leg_ended,
        HangUpAsked: dialling.hang_up,
    },
    "talking": {
        **_CONNECTED,
        LegEnded: contact.leg_ended,
        HoldAsked: contact.hold,
        HangUpAsked: contact.hang_up,
        TransferAsked: transfer.asked,
    },
    "held": {
        **_CONNECTED,
        LegEnded: contact.leg_ended,
        ResumeAsked: contact.resume,
        HangUpAsked: contact.hang_up,
        TransferAsked: transfer.asked,
    },
    "reconnecting": {
        **_CONNECTED,
        DeviceUp: contact.device_up,
        LegAnswered: contact.is_back,
        LegEnded: contact.is_not_back,
        HangUpAsked: contact.hang_up,
    },
    "consulting": {},
    "survey": {**_IN_FLOW, Rescind: nothing},
    "ended": {Rescind: nothing, CallbackOver: nothing},
}
"""Phase and fact to what is done. ``consulting`` is the phase of a later feature."""

TIME_UP: dict[Phase, TimeUp] = {"reconnecting": contact.stays_away, "dialling": dialling.rang_too_long}
"""What is done when a phase has lasted as long as it may (``state.PATIENCE_S``)."""
