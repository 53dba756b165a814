"""The call machine, as transcripts: one fact in, what follows out."""

from typing import Any

import pytest

from calls.machine import BEEP_PLAY, PHASES, RECONNECT_S, CallLost, CallOver
from domain.calls import (
    CallerGone,
    CallQueued,
    ContactEnded,
    Ignored,
    OfferAccepted,
    OfferRefused,
)
from domain.desk import HangUpAsked, HoldAsked, ResumeAsked
from domain.floor import Offer, Rescind, ReturnToFlow
from domain.flow import (
    CallerTaken,
    DigitHeard,
    EndCall,
    Enqueue,
    FlowStarted,
    MessageTaken,
    PathTaken,
    QueueReturned,
    Say,
    TakeMessage,
)
from domain.ids import AgentId, DeviceId, LegId, OfferId, PlayId, RecordingId
from domain.instant import Instant, after
from domain.switch import (
    Answer,
    Cancel,
    Connect,
    DeviceUp,
    DigitPressed,
    HangUp,
    Hold,
    LegAnswered,
    LegEnded,
    Music,
    PlayEnded,
    Record,
    RecordingEnded,
    Ring,
    StopRecording,
)
from tests.calls.play import ANSWERED, CALLER, FIRST, OFFERED, RUNG, TALKING, WAITING, WHY, A, C, D, Play, Q


def test_an_arrived_call_is_answered_and_its_flow_starts() -> None:
    """The caller is picked up; the flow starts when the leg is up, once."""
    play = Play()
    assert play.made[0] == Answer(CALLER)
    assert FlowStarted(C) in play.fact(LegAnswered(CALLER))
    assert play.fact(LegAnswered(CALLER)) == []


def test_waiting_is_music_and_a_queued_call() -> None:
    """Enqueue plays music and tells the floor, with the instant the wait began."""
    play = Play().facts(WAITING)
    assert play.made[0] == Music(CALLER)
    assert play.made[-1] == CallQueued(C, Q, play.now, caller="+8613800000001")


def test_an_offer_rings_the_device_and_an_answer_connects() -> None:
    """The device rings as a new leg that carries the call's id; answered, both hear each other."""
    play = Play().facts(OFFERED)
    assert play.made[-1] == Ring(RUNG, D, C, "+8613800000001")
    made = play.fact(LegAnswered(RUNG))
    assert made[:2] == [Connect(CALLER, RUNG), OfferAccepted(FIRST, A)]
    assert made[-1] == CallerTaken(C)
    assert play.call.state.phase == "talking"


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("busy", "rejected"),
        ("rejected", "rejected"),
        ("hangup", "rejected"),
        ("unreachable", "unreachable"),
        ("lost", "unreachable"),
        ("no_answer", "unreachable"),
        ("failed", "failed"),
    ],
)
def test_a_device_that_refuses_returns_the_call_to_waiting(reason: Any, told: str) -> None:
    """The floor hears whether a person said no, the device could not be rung, or the fault is ours."""
    play = Play().facts([*OFFERED, LegEnded(RUNG, reason)])
    assert play.made[-1] == OfferRefused(FIRST, A, told)  # type: ignore[arg-type]
    assert play.call.state.phase == "waiting"


def test_a_rescinded_offer_stops_ringing_and_a_late_answer_is_hung_up() -> None:
    """The device that picks up just as its ringing is taken back is not left with nobody."""
    play = Play().facts([*OFFERED, Rescind(FIRST, C, A, "timed_out")])
    assert play.made[0] == Cancel(RUNG)
    assert play.fact(LegAnswered(RUNG))[-1:] in ([HangUp(RUNG)], [])
    play.fact(Offer(OfferId("o2"), C, Q, AgentId("li"), DeviceId("desk-li"), Instant(0), WHY))
    assert play.fact(LegAnswered(RUNG)) == [HangUp(RUNG)]


def test_the_agent_hangs_up() -> None:
    """The page's hang-up ends both legs; the record names the agent, times and outcome."""
    play = Play().facts(TALKING)
    play.fact(HangUpAsked(A, C), 60)
    assert play.kinds() == ["HangUp", "HangUp", "ContactEnded", "CallFinished", "CallOver"]
    record = play.record()
    assert (record.outcome, record.ended_by, record.agent) == ("answered", "agent", A)
    assert record.talk_us == 60_000_000
    assert record.wait_us == 2_000_000
    assert [v.outcome for v in record.visits] == ["answered"]


def test_the_device_hangs_up() -> None:
    """A BYE from the agent's device is the agent's hang-up; it is not sent a second one."""
    play = Play().facts([*TALKING, LegEnded(RUNG, "hangup")])
    assert play.kinds() == ["HangUp", "ContactEnded", "CallFinished", "CallOver"]
    assert play.made[0] == HangUp(CALLER)


@pytest.mark.parametrize(
    ("before", "kinds", "outcome"),
    [
        ([], ["CallFinished", "CallOver"], "abandoned"),
        (ANSWERED, ["CallFinished", "CallOver"], "abandoned"),
        (WAITING, ["CallerGone", "CallFinished", "CallOver"], "abandoned"),
        (OFFERED, ["Cancel", "CallerGone", "CallFinished", "CallOver"], "abandoned"),
        (TALKING, ["HangUp", "ContactEnded", "CallFinished", "CallOver"], "answered"),
        ([*TALKING, HoldAsked(A, C)], ["HangUp", "ContactEnded", "CallFinished", "CallOver"], "answered"),
        ([*TALKING, LegEnded(RUNG, "lost")], ["ContactEnded", "CallFinished", "CallOver"], "answered"),
        (
            [*TALKING, LegEnded(RUNG, "lost"), DeviceUp(D)],
            ["Cancel", "ContactEnded", "CallFinished", "CallOver"],
            "answered",
        ),
    ],
)
def test_a_caller_who_hangs_up_at_any_step_leaves_nothing_behind(
    before: list[Any], kinds: list[str], outcome: str
) -> None:
    """No leg stays up, no agent stays busy, the visit and the call end once."""
    play = Play().facts(before)
    play.fact(LegEnded(CALLER, "hangup"))
    assert play.kinds() == kinds
    record = play.record()
    assert (record.outcome, record.ended_by) == (outcome, "caller")
    assert all(v.left >= v.entered for v in record.visits)
    assert isinstance(play.fact(LegEnded(CALLER, "hangup"))[0], Ignored)


def test_hold_and_resume_are_counted_apart() -> None:
    """Hold parts the legs, resume connects them; talk and hold seconds are kept apart."""
    play = Play().facts(TALKING)
    assert play.fact(HoldAsked(A, C), 10)[0] == Hold(CALLER)
    assert play.fact(ResumeAsked(A, C), 5)[0] == Connect(CALLER, RUNG)
    play.fact(LegEnded(CALLER, "hangup"), 20)
    assert (play.record().talk_us, play.record().hold_us) == (30_000_000, 5_000_000)


def test_nobody_holds_a_call_that_is_not_theirs() -> None:
    """A hold from another agent is ignored with the reason."""
    play = Play().facts(TALKING)
    (ignored,) = play.fact(HoldAsked(AgentId("li"), C))
    assert isinstance(ignored, Ignored)
    assert "li" in ignored.why
    assert play.call.state.phase == "talking"


def test_a_lost_agent_leg_comes_back() -> None:
    """The caller hears music; the device registers again, is rung to answer by itself, and they talk."""
    play = Play().facts(TALKING)
    made = play.fact(LegEnded(RUNG, "lost"))
    assert made[0] == Music(CALLER)
    assert play.call.wake_at() == after(play.now, RECONNECT_S)
    assert play.fact(DeviceUp(DeviceId("desk-li"))) == []
    assert play.fact(DeviceUp(D)) == [Ring(LegId("c1.2"), D, C, "+8613800000001", auto_answer=True)]
    assert play.fact(LegAnswered(LegId("c1.2")))[0] == Connect(CALLER, LegId("c1.2"))
    assert play.call.wake_at() is None
    play.fact(LegEnded(CALLER, "hangup"))
    record = play.record()
    assert record.agent == A
    assert record.hold_us == 3_000_000


def test_a_lost_agent_leg_that_stays_away_returns_the_call_to_the_head_of_its_queue() -> None:
    """After 20 s the contact ends for the agent and the call waits again, first, in a second visit."""
    play = Play().facts([*TALKING, LegEnded(RUNG, "lost")])
    assert play.wake(RECONNECT_S - 1) == []
    made = play.wake(1)
    assert ContactEnded(FIRST, A) in made
    queued = made[-1]
    assert isinstance(queued, CallQueued)
    assert queued.at_head
    assert play.call.wake_at() is None
    play.fact(LegEnded(CALLER, "hangup"))
    assert [v.outcome for v in play.record().visits] == ["answered", "abandoned"]


def test_a_queue_that_gives_the_call_back_lets_the_flow_go_on() -> None:
    """Nobody there: the visit ends as refused and the flow hears why."""
    play = Play().facts([*WAITING, ReturnToFlow(C, Q, "no_agents")])
    assert play.made[-1] == QueueReturned(C, Q, "no_agents")
    assert play.call.state.phase == "ivr"
    assert DigitHeard(C, "1") in play.fact(DigitPressed(CALLER, "1"))


def test_a_message_is_taken_after_the_beep_until_hash() -> None:
    """Beep, record, stop at #, and the flow hears how long it was."""
    recording = RecordingId("c1-m1")
    play = Play().facts([*ANSWERED, TakeMessage(C, recording, 60)])
    assert play.fact(PlayEnded(CALLER, PlayId("old"))) == []
    assert play.fact(PlayEnded(CALLER, BEEP_PLAY)) == [Record(CALLER, recording, 60)]
    assert play.fact(DigitPressed(CALLER, "#")) == [StopRecording(CALLER)]
    assert play.fact(RecordingEnded(CALLER, recording, 4_000))[-1] == MessageTaken(C, recording, 4_000)
    play.fact(EndCall(C, "voicemail"))
    assert (play.record().outcome, play.record().recording) == ("voicemail", recording)


def test_a_caller_who_hangs_up_while_speaking_has_left_a_message() -> None:
    """Hanging up is how most people end a message."""
    play = Play().facts([*ANSWERED, TakeMessage(C, RecordingId("m"), 60), PlayEnded(CALLER, BEEP_PLAY)])
    play.fact(LegEnded(CALLER, "hangup"))
    assert play.record().outcome == "voicemail"


@pytest.mark.parametrize(
    "nothing",
    [
        [LegEnded(CALLER, "hangup")],
        [PlayEnded(CALLER, BEEP_PLAY), RecordingEnded(CALLER, RecordingId("m"), 0)],
    ],
    ids=["gone before the tone", "nothing was said"],
)
def test_no_message_is_no_recording(nothing: list[Any]) -> None:
    """The record names a recording only where there is one, and is no voicemail without."""
    play = Play().facts([*ANSWERED, TakeMessage(C, RecordingId("m"), 60), *nothing])
    if play.call.state.phase != "ended":
        play.fact(LegEnded(CALLER, "hangup"))
    assert (play.record().outcome, play.record().recording) == ("abandoned", "")


@pytest.mark.parametrize(
    ("wish", "phase"),
    [
        (Say(C, PlayId("p"), ()), "ivr"),
        (Enqueue(C, Q), "waiting"),
        (TakeMessage(C, RecordingId("m2"), 60), "message"),
        (EndCall(C, "failed"), "ended"),
    ],
    ids=lambda one: type(one).__name__,
)
def test_a_flow_that_gives_a_recording_up_goes_on(wish: Any, phase: str) -> None:
    """Nobody said that it ended: it is stopped and the caller is served, not left in silence."""
    play = Play().facts([*ANSWERED, TakeMessage(C, RecordingId("m"), 60), PlayEnded(CALLER, BEEP_PLAY)])
    made = play.fact(wish)
    assert not any(isinstance(m, Ignored) for m in made)
    assert play.call.state.phase == phase
    assert (StopRecording(CALLER) in made) == (phase != "ended")
    assert (HangUp(CALLER) in made) == (phase == "ended")
    if phase == "ivr":
        assert DigitHeard(C, "1") in play.fact(DigitPressed(CALLER, "1"))
        assert not any(
            isinstance(m, MessageTaken) for m in play.fact(RecordingEnded(CALLER, RecordingId("m"), 9))
        )


def test_the_path_and_digits_are_kept() -> None:
    """The record tells through which nodes the caller went, each once a visit, and what they pressed."""
    steps = [PathTaken(C, "menu"), PathTaken(C, "menu", "0"), PathTaken(C, "agent")]
    play = Play().facts([*ANSWERED, *steps, EndCall(C, "closed")])
    assert (play.record().path, play.record().digits) == (("menu", "agent"), "0")


def test_calls_that_died_with_the_platform_are_closed_as_such() -> None:
    """After a crash the switch does not know the leg: outcome ``lost``, by the platform."""
    play = Play().facts(WAITING)
    play.fact(CallLost(C))
    assert (play.record().outcome, play.record().ended_by) == ("lost", "platform")
    assert [v.outcome for v in play.record().visits] == ["lost"]
    assert CallerGone(C) in play.made
    assert play.made[-1] == CallOver(C)


def test_every_phase_has_a_row() -> None:
    """The table knows every phase, and an unknown fact is ignored in each."""
    for phase in PHASES:
        play = Play()
        play.call.state.phase = phase
        (ignored,) = play.fact(object())
        assert isinstance(ignored, Ignored)
