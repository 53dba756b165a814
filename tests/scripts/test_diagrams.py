"""docs/machines.md is printed from the tables, and what it draws is what the machines do."""

from copy import deepcopy
from pathlib import Path
from typing import Any

from calls.machine import BEEP_PLAY, PHASES, Call, CallLost, CallState
from domain.calls import Phase
from domain.crm import CallerIdentified
from domain.desk import HangUpAsked, HoldAsked, ResumeAsked
from domain.floor import Offer, Rescind, ReturnToFlow, Why
from domain.flow import EndCall, Enqueue, PathTaken, Say, StopSaying, TakeMessage
from domain.ids import AgentId, CallId, DeviceId, LegId, OfferId, PlayId, QueueId, RecordingId
from domain.instant import Instant
from domain.switch import DeviceUp, DigitPressed, LegAnswered, LegEnded, PlayEnded, RecordingEnded
from scripts.diagrams import call_steps, page

ROOT = Path(__file__).parents[2]
C, Q, A, FIRST, D = CallId("c"), QueueId("q"), AgentId("a"), OfferId("o"), DeviceId("d")
CALLER, RUNG, OTHER = LegId("c"), LegId("c.1"), LegId("c.9")
MESSAGE = RecordingId("m")
BEGAN, NOW = Instant(1_000_000), Instant(5_000_000)

FACTS: tuple[Any, ...] = (
    *(LegAnswered(leg) for leg in (CALLER, RUNG, OTHER)),
    *(LegEnded(leg, why) for leg in (CALLER, RUNG, OTHER) for why in ("hangup", "busy", "rejected", "lost")),
    *(DigitPressed(CALLER, key) for key in "1#"),
    *(PlayEnded(CALLER, play) for play in (BEEP_PLAY, PlayId("p"))),
    RecordingEnded(CALLER, MESSAGE, 4000),
    *(DeviceUp(device) for device in (D, DeviceId("e"))),
    CallerIdentified(C, "none"),
    Say(C, PlayId("p"), ()),
    StopSaying(C),
    PathTaken(C, "n"),
    TakeMessage(C, MESSAGE, 60),
    Enqueue(C, Q),
    EndCall(C, "closed"),
    Offer(FIRST, C, Q, A, D, NOW, Why("least_busy", 0.0, 0.0, 0)),
    *(Rescind(offer, C, A, "timed_out") for offer in (FIRST, OfferId("p"))),
    ReturnToFlow(C, Q, "timeout"),
    *(asked(agent, C) for asked in (HoldAsked, ResumeAsked, HangUpAsked) for agent in (A, AgentId("b"))),
    CallLost(C),
)


def a_call_in(phase: Phase, *, recording: bool) -> CallState:
    """A call in a phase, with everything it may have there."""
    state = CallState(C, CALLER, "13800000001", "95588", BEGAN, phase, BEGAN, BEGAN)
    if phase == "message":
        state.recording, state.recording_on = MESSAGE, recording
    if phase not in ("ivr", "message"):
        state.request = Enqueue(C, Q)
        state.queue = Q if phase in ("waiting", "offered") else None
    if phase in ("offered", "talking", "held", "reconnecting"):
        state.agent, state.offer, state.device, state.agent_leg = A, FIRST, D, RUNG
        state.agent_leg_up = phase in ("talking", "held")
    if phase == "reconnecting":
        state.reconnect_by = NOW
    return state


def test_the_page_of_machines_is_what_the_script_prints() -> None:
    """`python scripts/diagrams.py > docs/machines.md` mends it."""
    assert (ROOT / "docs/machines.md").read_text(encoding="utf-8") == page()


def test_the_diagram_of_the_call_shows_what_calls_do() -> None:
    """Every fact is tried in every phase: each step taken is drawn, and each step drawn is taken."""
    taken = set()
    for phase in PHASES:
        for recording in (False, True):
            state = a_call_in(phase, recording=recording)
            for fact in FACTS:
                call = Call(deepcopy(state))
                call.handle(fact, NOW)
                if call.state.phase != phase:
                    taken.add((phase, call.state.phase, type(fact).__name__))
            call = Call(deepcopy(state))
            call.wake(NOW)
            if call.state.phase != phase:
                taken.add((phase, call.state.phase, "20 s pass"))
    drawn = {(*ends, cause) for ends, causes in call_steps().items() for cause in causes}
    assert taken == drawn


def test_every_fact_of_the_table_is_tried() -> None:
    """So that the test above cannot forget one."""
    assert {fact for facts in PHASES.values() for fact in facts} == {type(fact) for fact in FACTS}
