"""The agent is done and the caller goes on in the flow: whatever follows, an agent has served them."""

from typing import Any

import pytest

from calls.machine import BEEP_PLAY, RECONNECT_S, CallLost
from domain.calls import CallQueued, ContactEnded, Ignored
from domain.desk import HangUpAsked, HoldAsked, TransferAsked
from domain.flow import (
    ContactOver,
    DigitHeard,
    EndCall,
    Enqueue,
    HandOver,
    HandOverFailed,
    Mark,
    MessageTaken,
    PromptEnded,
    Say,
    TakeMessage,
)
from domain.ids import LegId, PlayId, RecordingId
from domain.switch import (
    Cancel,
    DeviceUp,
    DigitPressed,
    HangUp,
    LegAnswered,
    LegEnded,
    PlayEnded,
    RecordingEnded,
    StopPlay,
)
from domain.switch import (
    Play as Played,
)
from tests.calls.play import (
    ANSWERED,
    CALLER,
    FIRST,
    RUNG,
    RUNG2,
    SECOND,
    TALKING,
    A,
    B,
    C,
    D,
    E,
    Play,
    Q,
    offer,
)

ASKED = Enqueue(C, Q, comes_back=True)
TALKS = [*ANSWERED, ASKED, *TALKING[2:]]
SURVEY = [*TALKS, LegEnded(RUNG, "hangup")]
OUTSIDE = "+861082345678"


@pytest.mark.parametrize("by_page", [True, False], ids=["in the page", "by telephone"])
def test_the_agent_hangs_up_and_the_caller_stays(by_page: bool) -> None:
    """The agent wraps up, the caller's leg stays up, and the flow is told who they spoke with."""
    play = Play().facts(TALKS)
    made = play.fact(HangUpAsked(A, C) if by_page else LegEnded(RUNG, "hangup"), 30)
    gone = [HangUp(RUNG)] if by_page else []
    assert [m for m in made if m != play.call.view()] == [
        *gone,
        ContactEnded(FIRST, A),
        StopPlay(CALLER),
        ContactOver(C, A),
    ]
    assert (play.phase, play.call.state.agent, play.call.wake_at()) == ("survey", None, None)


def test_the_flow_asks_and_remembers() -> None:
    """It says, hears keys and marks as before; its last word ends the call as answered, with the marks."""
    play = Play().facts(SURVEY)
    assert play.fact(Say(C, PlayId("p"), ())) == [Played(CALLER, PlayId("p"), ())]
    assert play.fact(PlayEnded(CALLER, PlayId("p"))) == [PromptEnded(C, PlayId("p"))]
    assert play.fact(DigitPressed(CALLER, "5")) == [DigitHeard(C, "5")]
    assert play.fact(Mark(C, "survey", "5")) == []
    play.fact(EndCall(C, "self_served"), 5)
    assert play.kinds() == ["HangUp", "CallFinished", "CallOver"]
    record = play.record()
    assert (record.outcome, record.ended_by, record.agent) == ("answered", "flow", A)
    assert (record.marks, record.talk_us) == ({"survey": "5"}, 1_000_000)
    assert [v.outcome for v in record.visits] == ["answered"]


def test_a_caller_who_does_not_wait_for_the_survey() -> None:
    """They were answered all the same, and it was they who ended the call."""
    play = Play().facts([*SURVEY, LegEnded(CALLER, "hangup")])
    assert play.kinds() == ["CallFinished", "CallOver"]
    assert (play.record().outcome, play.record().ended_by) == ("answered", "caller")


def test_a_platform_that_dies_in_the_survey_loses_nobody() -> None:
    """What the caller wanted was done before."""
    play = Play().facts([*SURVEY, CallLost(C)])
    assert (play.record().outcome, play.record().ended_by) == ("answered", "platform")


@pytest.mark.parametrize(
    ("before", "last"),
    [
        ([*ANSWERED, Enqueue(C, Q), *TALKING[2:]], LegEnded(RUNG, "hangup")),
        (TALKS, LegEnded(CALLER, "hangup")),
    ],
    ids=["nobody asked for the caller back", "the caller hangs up"],
)
def test_no_survey(before: list[Any], last: Any) -> None:
    """The call is over with the conversation."""
    play = Play().facts([*before, last])
    assert play.phase == "ended"
    assert play.record().outcome == "answered"


def test_from_hold_and_while_the_page_is_away() -> None:
    """The music stops, and the times are those of the conversation."""
    play = Play().facts([*TALKS, HoldAsked(A, C)])
    made = play.fact(HangUpAsked(A, C), 10)
    assert StopPlay(CALLER) in made and play.phase == "survey"
    assert (play.call.state.talk_us, play.call.state.hold_us) == (1_000_000, 10_000_000)
    play = Play().facts([*TALKS, LegEnded(RUNG, "lost"), DeviceUp(D)])
    made = play.fact(HangUpAsked(A, C))
    assert made[:3] == [Cancel(LegId("c1.2")), ContactEnded(FIRST, A), StopPlay(CALLER)]
    assert play.phase == "survey"


def test_a_lost_agent_is_no_end() -> None:
    """Whose page does not come back has not said good-bye: the caller is served by the next."""
    play = Play().facts([*TALKS, LegEnded(RUNG, "lost")])
    made = play.wake(RECONNECT_S)
    assert isinstance(made[-1], CallQueued) and play.phase == "waiting"


def test_only_the_last_agent_is_asked_about() -> None:
    """Handed on, the caller waits; only when the second agent is done do they come back."""
    play = Play().facts([*TALKS, TransferAsked(A, C, "queue", "loans"), offer(SECOND, B, E)])
    play.fact(LegAnswered(RUNG2))
    made = play.fact(LegEnded(RUNG2, "hangup"))
    assert made[-1] == ContactOver(C, B)
    assert play.phase == "survey"


def test_a_comment_after_the_survey_is_no_voicemail() -> None:
    """A message taken in it leads back to it, and the call was answered."""
    message = TakeMessage(C, RecordingId("m"), 60)
    play = Play().facts([*SURVEY, message, PlayEnded(CALLER, BEEP_PLAY)])
    made = play.fact(RecordingEnded(CALLER, RecordingId("m"), 4_000))
    assert made[-1] == MessageTaken(C, RecordingId("m"), 4_000)
    assert play.phase == "survey"
    play.facts([message, PlayEnded(CALLER, BEEP_PLAY), Say(C, PlayId("p"), ())])
    assert play.phase == "survey"
    play.facts([message, PlayEnded(CALLER, BEEP_PLAY), LegEnded(CALLER, "hangup")])
    assert (play.record().outcome, play.record().recording) == ("answered", "m")


@pytest.mark.parametrize("end", [EndCall(C, "failed"), EndCall(C, "voicemail")], ids=lambda e: e.outcome)
def test_the_flow_ends_while_a_comment_is_recorded(end: EndCall) -> None:
    """Nobody said that the recording ended: the call was answered none the less."""
    message = TakeMessage(C, RecordingId("m"), 60)
    play = Play().facts([*SURVEY, message, PlayEnded(CALLER, BEEP_PLAY), end])
    assert (play.record().outcome, play.record().ended_by) == ("answered", "flow")


def test_a_caller_who_wants_somebody_again_waits_again() -> None:
    """A second visit; given up, the call is given up; answered, the survey comes once more."""
    play = Play().facts([*SURVEY, ASKED])
    assert play.phase == "waiting"
    play.facts([offer(SECOND, B, E), LegAnswered(RUNG2), LegEnded(RUNG2, "hangup")])
    assert (play.phase, play.made[-1]) == ("survey", ContactOver(C, B))
    play = Play().facts([*SURVEY, ASKED, LegEnded(CALLER, "hangup")])
    assert [v.outcome for v in play.record().visits] == ["answered", "abandoned"]
    assert play.record().outcome == "abandoned"


def test_a_number_not_reached_leads_back_to_the_survey() -> None:
    """And not to the part of the flow that is before the agent."""
    play = Play().facts([*SURVEY, HandOver(C, OUTSIDE)])
    assert play.phase == "dialling"
    play.fact(LegEnded(RUNG2, "busy"))
    assert (play.phase, play.made[-1]) == ("survey", HandOverFailed(C, OUTSIDE))


# ------------------------------------------------------------------ marks


def test_marks_have_limits() -> None:
    """32 of them, of 64 and 256 characters; one that is there can be changed; the rest is told why not."""
    play = Play().facts([*ANSWERED, *(Mark(C, f"tag {n}", "x") for n in range(32))])
    (ignored,) = play.fact(Mark(C, "one more", "x"))
    assert isinstance(ignored, Ignored) and "32 marks" in ignored.why
    assert play.fact(Mark(C, "tag 3", "y" * 1000)) == []
    assert play.call.state.marks["tag 3"] == "y" * 256
    play = Play().facts([*ANSWERED, Mark(C, "k" * 1000, "x")])
    assert play.call.state.marks == {"k" * 64: "x"}


@pytest.mark.parametrize("key", ["", "$", "$t"])
def test_a_mark_has_a_name(key: str) -> None:
    """Not one of those the journal has for itself."""
    (ignored,) = Play().facts(ANSWERED).fact(Mark(C, key, "x"))
    assert isinstance(ignored, Ignored)
