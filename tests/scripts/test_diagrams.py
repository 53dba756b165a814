"""docs/machines.md is printed from the tables, and what it draws is what the machines do."""

from collections.abc import Iterator
from copy import deepcopy
from itertools import product
from pathlib import Path
from typing import Any, get_args

from calls.machine import BEEP_PLAY, PATIENCE_S, PHASES, Call, CallLost, CallState, Ringing
from calls.machine.state import Kind
from domain.calls import Phase
from domain.crm import CallerIdentified
from domain.desk import HangUpAsked, HoldAsked, ResumeAsked, TransferAsked
from domain.floor import CallbackKept, CallbackOver, Offer, Overflow, Rescind, ReturnToFlow, Why
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
from domain.ids import AgentId, CallId, DeviceId, LegId, OfferId, PlayId, QueueId, RecordingId
from domain.instant import NEVER, Instant
from domain.switch import (
    DeviceUp,
    DigitPressed,
    LegAnswered,
    LegEnded,
    PlayEnded,
    RecordingEnded,
    SecretPressed,
)
from scripts.diagrams import call_steps, page

ROOT = Path(__file__).parents[2]
C, Q, A, FIRST, D = CallId("c"), QueueId("q"), AgentId("a"), OfferId("o"), DeviceId("d")
CALLER, RUNG, OUTSIDE, OTHER = LegId("c"), LegId("c.1"), LegId("c.2"), LegId("c.9")
KINDS: tuple[Kind, ...] = get_args(Kind)
MESSAGE = RecordingId("m")
BEGAN, NOW = Instant(1_000_000), Instant(5_000_000)

FACTS: tuple[Any, ...] = (
    *(LegAnswered(leg) for leg in (CALLER, RUNG, OUTSIDE, OTHER)),
    *(
        LegEnded(leg, why)
        for leg in (CALLER, RUNG, OUTSIDE, OTHER)
        for why in ("hangup", "busy", "rejected", "lost", "failed")
    ),
    *(DigitPressed(CALLER, key) for key in "1#"),
    SecretPressed(CALLER, "pin", 1),
    *(PlayEnded(CALLER, play) for play in (BEEP_PLAY, PlayId("p"))),
    RecordingEnded(CALLER, MESSAGE, 4000),
    *(DeviceUp(device) for device in (D, DeviceId("e"))),
    CallerIdentified(C, "none"),
    Say(C, PlayId("p"), ()),
    StopSaying(C),
    PathTaken(C, "n"),
    TakeMessage(C, MESSAGE, 60),
    Enqueue(C, Q),
    HandOver(C, "1"),
    Conceal(C, "pin"),
    Reveal(C),
    Mark(C, "purpose", "enquiry"),
    Reprioritise(C, 5.0, "gold"),
    EndCall(C, "closed"),
    Offer(FIRST, C, Q, A, D, NOW, Why("least_busy", 0.0, 0.0, 0)),
    *(Rescind(offer, C, A, "timed_out") for offer in (FIRST, OfferId("p"))),
    ReturnToFlow(C, Q, "timeout"),
    Overflow(C, Q, QueueId("r")),
    CallbackKept(CallId("c-back"), C, Q, "13800000001", BEGAN, NOW),
    *(CallbackOver(C, Q, reason) for reason in ("reached", "gave_up")),
    *(TransferAsked(agent, C, to, "t") for agent in (A, AgentId("b")) for to in ("queue", "agent", "number")),
    *(asked(agent, C) for asked in (HoldAsked, ResumeAsked, HangUpAsked) for agent in (A, AgentId("b"))),
    CallLost(C),
)


def a_call_in(
    phase: Phase, kind: Kind, *, recording: bool, handed_on: bool, by_flow: bool, served: bool
) -> CallState:
    """A call in a phase, with everything it may have there."""
    state = CallState(C, CALLER, "13800000001", "95588", BEGAN, phase, BEGAN, kind=kind)
    reached = phase not in ("waiting", "offered", "dialling")
    state.answered_at = BEGAN if kind == "caller" or reached else NEVER
    if phase == "message":
        state.recording, state.recording_on = MESSAGE, recording
    if phase not in ("ivr", "message"):
        state.request = None if kind == "dial" else Enqueue(C, Q, comes_back=served)
        state.queue = Q if phase in ("waiting", "offered") and kind == "caller" else None
    if phase == "offered":
        state.ringing = [Ringing(FIRST, A, D, RUNG)]
    outside = handed_on or (phase == "dialling" and kind == "caller")
    if phase in ("dialling", "talking") and outside:
        state.outside, state.outside_leg, state.outside_up = "1", OUTSIDE, phase == "talking"
        state.request, state.by_flow = Enqueue(C, Q), by_flow
    elif phase in ("dialling", "talking", "held", "reconnecting"):
        state.agent, state.offer, state.device, state.agent_leg = A, FIRST, D, RUNG
        state.agent_leg_up = phase != "reconnecting"
    state.served = phase == "survey" or (served and phase in ("message", "dialling") and kind == "caller")
    if phase in PATIENCE_S:
        state.deadline = NOW
    return state


def calls_in(phase: Phase) -> Iterator[CallState]:
    """Every sort of call there may be in a phase."""
    yes_and_no = (False, True)
    for kind in KINDS:
        if kind == "caller" or phase not in ("ivr", "message"):
            for recording, handed_on, by_flow, served in product(yes_and_no, repeat=4):
                yield a_call_in(
                    phase, kind, recording=recording, handed_on=handed_on, by_flow=by_flow, served=served
                )


def test_the_page_of_machines_is_what_the_script_prints() -> None:
    """`python scripts/diagrams.py > docs/machines.md` mends it."""
    assert (ROOT / "docs/machines.md").read_text(encoding="utf-8") == page()


def test_the_diagram_of_the_call_shows_what_calls_do() -> None:
    """Every fact is tried in every phase: each step taken is drawn, and each step drawn is taken."""
    taken = set()
    for phase in PHASES:
        for state in calls_in(phase):
            for fact in FACTS:
                call = Call(deepcopy(state))
                call.handle(fact, NOW)
                if call.state.phase != phase:
                    taken.add((phase, call.state.phase, type(fact).__name__))
            call = Call(deepcopy(state))
            call.wake(NOW)
            if call.state.phase != phase:
                taken.add((phase, call.state.phase, f"{PATIENCE_S[phase]:g} s pass"))
    drawn = {(*ends, cause) for ends, causes in call_steps().items() for cause in causes}
    assert taken == drawn


def test_every_fact_of_the_table_is_tried() -> None:
    """So that the test above cannot forget one."""
    assert {fact for facts in PHASES.values() for fact in facts} == {type(fact) for fact in FACTS}
