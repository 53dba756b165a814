"""In a queue: words over the music, another queue, a callback instead, back to the flow."""

from typing import Any

import pytest

from calls.machine.waiting import RETURNED
from domain.calls import CallChanged, PriorityChanged
from domain.crm import CallerIdentified
from domain.floor import CallbackKept, Overflow, ReturnToFlow
from domain.flow import (
    DigitHeard,
    EndCall,
    Enqueue,
    PromptEnded,
    QueueReturned,
    Reprioritise,
    Say,
    StopSaying,
)
from domain.ids import AgentId, CallId, PlayId, QueueId
from domain.instant import Instant
from domain.switch import (
    Connect,
    DigitPressed,
    HangUp,
    LegAnswered,
    LegEnded,
    Music,
    PlayEnded,
    Speak,
    StopPlay,
)
from domain.switch import (
    Play as PlayPrompts,
)
from tests.calls.play import ANSWERED, CALLER, NUMBER, OFFERED, RUNG, TALKING, WAITING, C, Play, Q, offer

P = PlayId("p1")
WORDS = (Speak("You are next.", "en"),)
OTHER = QueueId("business")
KEPT = CallbackKept(CallId("c1-back"), C, Q, NUMBER, Instant(2_000_000), Instant(9_000_000))


# ------------------------------------------------------------------ words over the music


@pytest.mark.parametrize("before", [WAITING, OFFERED], ids=["waiting", "offered"])
def test_an_announcement_is_said_over_the_music(before: list[Any]) -> None:
    """It is played; at its end the music comes back and the flow hears that it was said."""
    play = Play().facts(before)
    assert play.fact(Say(C, P, WORDS)) == [PlayPrompts(CALLER, P, WORDS)]
    assert play.fact(PlayEnded(CALLER, PlayId("an older one"))) == []
    assert play.fact(PlayEnded(CALLER, P)) == [Music(CALLER), PromptEnded(C, P)]
    assert play.fact(PlayEnded(CALLER, P)) == []


def test_a_key_reaches_the_flow_and_may_cut_the_words_short() -> None:
    """The music comes back at once; there is nothing to cut short twice."""
    play = Play().facts([*WAITING, Say(C, P, WORDS)])
    assert play.fact(DigitPressed(CALLER, "1")) == [DigitHeard(C, "1")]
    assert play.fact(StopSaying(C)) == [Music(CALLER)]
    assert play.fact(StopSaying(C)) == []


def test_an_announcement_stops_when_an_agent_picks_up() -> None:
    """They hear each other; what was being said is over, and nothing of it is said in the conversation."""
    play = Play().facts([*OFFERED, Say(C, P, WORDS)])
    assert play.fact(LegAnswered(RUNG))[0] == Connect(CALLER, RUNG)
    assert play.fact(PlayEnded(CALLER, P)) == []
    assert not [m for m in play.fact(Say(C, PlayId("p2"), WORDS)) if isinstance(m, PlayPrompts)]


def test_keys_in_a_conversation_are_nobodys() -> None:
    """A stale proposal cannot be answered while talking."""
    assert Play().facts(TALKING).fact(DigitPressed(CALLER, "1")) == []


# ------------------------------------------------------------------ other queues


def test_an_overflow_ends_one_visit_and_begins_another() -> None:
    """The place is kept, the music plays on, and the floor, which decided it, is told nothing."""
    play = Play().facts(WAITING)
    since = play.call.state.queued_since
    (shown,) = play.fact(Overflow(C, Q, OTHER))
    assert isinstance(shown, CallChanged) and (shown.queue, shown.phase) == (OTHER, "waiting")
    assert play.call.state.queued_since == since
    play.facts([offer(), LegAnswered(RUNG), LegEnded(CALLER, "hangup")])
    record = play.record()
    assert [(v.queue, v.outcome) for v in record.visits] == [(Q, "overflowed"), (OTHER, "answered")]
    assert record.visits[0].left == record.visits[1].entered
    assert (record.queue, record.wait_us) == (OTHER, 3_000_000)


def test_words_go_on_over_an_overflow() -> None:
    """The end of an announcement begun in the first queue brings the music back in the second."""
    play = Play().facts([*WAITING, Say(C, P, WORDS), Overflow(C, Q, OTHER)])
    assert play.fact(PlayEnded(CALLER, P)) == [Music(CALLER), PromptEnded(C, P)]


@pytest.mark.parametrize(("reason", "outcome"), RETURNED.items())
def test_what_the_queue_gives_back_its_flow_goes_on_with(reason: Any, outcome: str) -> None:
    """The visit ends as the reason says; the flow hears reason, target and message."""
    play = Play().facts([*WAITING, ReturnToFlow(C, Q, reason, "evening", "We are closed.")])
    assert play.made[0] == StopPlay(CALLER)
    assert play.made[-1] == QueueReturned(C, Q, reason, "evening", "We are closed.")
    assert (play.phase, play.visits()) == ("ivr", [(Q, outcome)])


# ------------------------------------------------------------------ a callback instead


def test_a_kept_callback_ends_the_visit_and_the_call_with_it() -> None:
    """The visit and the call end as ``callback`` once the flow has said so."""
    play = Play().facts([*WAITING, KEPT])
    assert (play.phase, play.visits()) == ("ivr", [(Q, "callback")])
    assert play.fact(Say(C, P, WORDS)) == [PlayPrompts(CALLER, P, WORDS)]
    play.fact(EndCall(C, "callback"))
    assert play.kinds() == ["HangUp", "CallFinished", "CallOver"]
    assert (play.record().outcome, play.record().ended_by) == ("callback", "flow")


@pytest.mark.parametrize("end", [LegEnded(CALLER, "hangup"), LegEnded(CALLER, "lost"), EndCall(C, "failed")])
def test_a_promise_stands_however_the_call_ends(end: Any) -> None:
    """A caller who hangs up before the confirmation was said is called back all the same."""
    play = Play().facts([*WAITING, KEPT, end])
    assert play.record().outcome == "callback"
    assert "CallerGone" not in play.kinds()


def test_a_callback_chosen_while_it_rang_takes_the_telephones_back() -> None:
    """Nobody is left ringing for a caller who has gone home."""
    play = Play().facts([*OFFERED, KEPT])
    assert play.kinds() == ["Cancel"]
    assert play.fact(LegAnswered(RUNG)) == [HangUp(RUNG)]


# ------------------------------------------------------------------ priority


GOLD = Reprioritise(C, 30.0, "gold")


@pytest.mark.parametrize("before", [WAITING, OFFERED], ids=["waiting", "offered"])
def test_a_late_name_changes_the_priority_of_a_waiting_call(before: list[Any]) -> None:
    """The floor is told once, and the visit has the priority it ended with."""
    play = Play().facts([*before, CallerIdentified(C, "one", tier="gold", priority=30.0)])  # type: ignore[arg-type]
    assert play.fact(GOLD) == [PriorityChanged(C, 30.0, "gold")]
    assert play.fact(GOLD) == []
    play.fact(LegEnded(CALLER, "hangup"))
    assert [(v.priority, v.tier) for v in play.record().visits] == [(30.0, "gold")]


def test_the_same_priority_is_no_news() -> None:
    """What the flow asked for in the first place is not said again."""
    play = Play().facts([*ANSWERED, Enqueue(C, Q, 30.0, tier="gold")])
    assert play.fact(GOLD) == []


def test_a_conversation_has_no_priority() -> None:
    """It is remembered for the next queue."""
    play = Play().facts(TALKING)
    assert play.fact(GOLD) == []
    assert play.call.state.request == Enqueue(C, Q, 30.0, tier="gold")


def test_the_queue_is_told_whom_the_flow_asks_for() -> None:
    """Branch, preferred agent, backup and how long they are waited for go along with the number."""
    wish = Enqueue(C, Q, preferred=AgentId("yu"), backup=AgentId("li"), branch="west", prefer_s=15.0)
    queued = Play().facts([*ANSWERED, wish]).made[-1]
    assert (queued.caller, queued.branch) == (NUMBER, "west")
    assert (queued.preferred, queued.backup, queued.prefer_s) == ("yu", "li", 15.0)
