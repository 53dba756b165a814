"""Calls that begin with us: first the agent, then the number; one record however many attempts."""

from typing import Any

import pytest

from calls.machine import DIAL_S, RECONNECT_S, Call
from calls.machine.outgoing import called_back, dialled_out
from domain.calls import CallbackFailed, CallQueued, ContactEnded, Ignored, OfferAccepted, OfferRefused
from domain.desk import HangUpAsked, HoldAsked, TransferAsked
from domain.floor import CallbackKept, CallbackOver, Offer, Rescind, ReturnToFlow
from domain.flow import Enqueue
from domain.ids import CallId, LegId, QueueId
from domain.instant import Instant
from domain.switch import Cancel, Connect, Dial, HangUp, LegAnswered, LegEnded, Ring
from tests.calls.play import ANSWERED, CALLER, FIRST, NEVER_MIND, NUMBER, RUNG, SECOND, WHY, A, C, D, Play, Q

KEPT = CallbackKept(C, None, Q, NUMBER, Instant(500_000), Instant(9_000_000_000))
OFFER = Offer(FIRST, C, Q, A, D, NEVER_MIND, WHY, dial=NUMBER)
NOW = Instant(1_000_000)


def callback() -> Play:
    return Play(called_back(KEPT, None, NOW))


def dial_out(queue: str = "") -> Play:
    offer = Offer(FIRST, C, QueueId(queue), A, D, NEVER_MIND, WHY, auto_answer=True, dial=NUMBER)
    play = Play(dialled_out(offer, NOW))
    play.fact(offer, 0)
    return play


# ------------------------------------------------------------------ callbacks


def test_a_callback_waits_without_anybody_on_the_line() -> None:
    """It is an outgoing call to the number, and has no leg."""
    play = callback()
    view = play.call.view()
    assert (view.phase, view.direction, view.caller, view.queue) == ("waiting", "out", NUMBER, Q)
    assert play.call.state.legs == []
    assert play.fact(LegEnded(CALLER, "lost")) == []


def test_what_was_known_of_the_caller_goes_along() -> None:
    """Customer, tier, the number they rang and what their queue was told."""
    first = Play().facts([*ANSWERED, Enqueue(C, Q, 30.0, ("english",), "gold", A, {"language": "en"})])
    first.call.state.customer_name, first.call.state.tier, first.call.state.match = "Wang", "gold", "one"
    kept = CallbackKept(CallId("c1-back"), C, Q, NUMBER, Instant(7), Instant(9))
    state = called_back(kept, first.call.state, NOW)
    assert (state.dialled, state.customer_name, state.tier, state.match) == ("95588", "Wang", "gold", "one")
    request = Enqueue(CallId("c1-back"), Q, 30.0, ("english",), "gold", A, {"language": "en"})
    assert (state.request, state.queued_since) == (request, 7)


def test_the_agent_first_then_the_customer() -> None:
    """The device rings; picked up, the number is dialled; answered, they talk, and the record tells of it."""
    play = callback()
    assert play.fact(OFFER)[-1] == Ring(RUNG, D, C, NUMBER)
    play.fact(LegAnswered(RUNG))
    assert play.made[:2] == [OfferAccepted(FIRST, A), Dial(CALLER, NUMBER, "")]
    assert play.phase == "dialling"
    assert play.fact(LegAnswered(CALLER), 8)[0] == Connect(CALLER, RUNG)
    play.fact(HoldAsked(A, C), 40)
    play.fact(LegEnded(CALLER, "hangup"), 5)
    assert play.kinds() == ["HangUp", "ContactEnded", "CallFinished", "CallOver"]
    record = play.record()
    assert (record.outcome, record.direction, record.agent, record.queue) == ("answered", "out", A, Q)
    assert (record.talk_us, record.hold_us, record.visits) == (40_000_000, 5_000_000, ())
    assert record.answered > record.started
    assert play.fact(CallbackOver(C, Q, "reached")) == []


@pytest.mark.parametrize(
    ("why", "kinds"),
    [
        (LegEnded(CALLER, "no_answer"), ["HangUp", "CallbackFailed"]),
        (LegEnded(CALLER, "unreachable"), ["HangUp", "CallbackFailed"]),
        (LegEnded(CALLER, "failed"), ["HangUp", "CallbackFailed"]),
        (LegEnded(RUNG, "hangup"), ["Cancel", "CallbackFailed"]),
        (LegEnded(RUNG, "lost"), ["Cancel", "CallbackFailed"]),
        (HangUpAsked(A, C), ["Cancel", "HangUp", "CallbackFailed"]),
        (None, ["Cancel", "HangUp", "CallbackFailed"]),
    ],
)
def test_a_customer_who_is_not_reached_is_tried_again(why: Any, kinds: list[str]) -> None:
    """The agent is let go, the floor hears it, and the next attempt dials as another leg."""
    play = callback().facts([OFFER, LegAnswered(RUNG)])
    play.fact(why) if why is not None else play.wake(DIAL_S)
    assert play.kinds() == kinds
    assert play.made[-1] == CallbackFailed(FIRST, A)
    assert (play.phase, play.call.wake_at(), play.call.state.legs) == ("waiting", None, [])
    assert play.fact(LegAnswered(CALLER)) == [HangUp(CALLER)]
    again = Offer(SECOND, C, Q, A, D, NEVER_MIND, WHY, dial=NUMBER)
    ring = play.fact(again)[-1]
    dialled = play.fact(LegAnswered(ring.leg))[1]
    assert isinstance(dialled, Dial) and dialled.leg not in (CALLER, RUNG, ring.leg)
    assert play.fact(LegAnswered(dialled.leg))[0] == Connect(dialled.leg, ring.leg)
    play.fact(LegEnded(dialled.leg, "hangup"), 30)
    assert (play.record().outcome, play.record().talk_us) == ("answered", 30_000_000)


@pytest.mark.parametrize("reason", ["gave_up", "expired", "cancelled", "unknown_queue"])
def test_a_callback_that_is_over_is_finished_as_not_reached(reason: Any) -> None:
    """Once, with nobody told that the caller has gone."""
    play = callback().facts([OFFER, LegAnswered(RUNG), LegEnded(CALLER, "busy"), CallbackOver(C, Q, reason)])
    assert play.kinds() == ["CallFinished", "CallOver"]
    record = play.record()
    assert (record.outcome, record.ended_by, record.answered) == ("not_reached", "platform", 0)
    assert isinstance(play.fact(OFFER)[0], Ignored)


def test_an_agent_who_does_not_pick_up_loses_the_callback_to_the_next() -> None:
    """It waits on, like any call."""
    play = callback().facts([OFFER, Rescind(FIRST, C, A, "timed_out")])
    assert (play.phase, play.made[0]) == ("waiting", Cancel(RUNG))
    play.facts([Offer(SECOND, C, Q, A, D, NEVER_MIND, WHY, dial=NUMBER), LegEnded(LegId("c1.2"), "rejected")])
    assert (play.phase, play.made[-1]) == ("waiting", OfferRefused(SECOND, A, "rejected"))


def test_a_queue_that_gives_a_callback_back_ends_it() -> None:
    """There is nobody whom a flow could ask."""
    play = callback().facts([ReturnToFlow(C, Q, "unknown_queue")])
    assert play.record().outcome == "not_reached"


def test_a_customer_who_was_reached_is_a_caller_like_any_other() -> None:
    """An agent who is lost and stays away gives them to the queue, at its head."""
    play = callback().facts([OFFER, LegAnswered(RUNG), LegAnswered(CALLER), LegEnded(RUNG, "lost")])
    assert play.phase == "reconnecting"
    queued = play.wake(RECONNECT_S)[-1]
    assert isinstance(queued, CallQueued) and (queued.queue, queued.at_head) == (Q, True)
    assert play.fact(CallbackOver(C, Q, "reached")) == []
    play.fact(LegEnded(CALLER, "hangup"))
    assert [(v.number, v.outcome) for v in play.record().visits] == [(1, "abandoned")]


# ------------------------------------------------------------------ an agent dials


def test_an_agent_dials_a_number() -> None:
    """Their telephone picks up by itself, then the number rings, then they talk."""
    play = dial_out("sales")
    assert play.made[-1] == Ring(RUNG, D, C, NUMBER, auto_answer=True)
    play.facts([LegAnswered(RUNG), LegAnswered(CALLER), LegEnded(RUNG, "hangup")])
    record = play.record()
    assert (record.outcome, record.ended_by, record.direction, record.queue) == (
        "answered",
        "agent",
        "out",
        "sales",
    )
    assert (record.caller, record.talk_us, record.visits) == (NUMBER, 1_000_000, ())


@pytest.mark.parametrize(
    ("why", "by"),
    [
        (LegEnded(CALLER, "no_answer"), "platform"),
        (LegEnded(RUNG, "hangup"), "agent"),
        (HangUpAsked(A, C), "agent"),
        (None, "platform"),
    ],
)
def test_a_number_that_is_not_reached_ends_the_call(why: Any, by: str) -> None:
    """The agent's contact is over; the outcome says that nobody picked up."""
    play = dial_out().facts([LegAnswered(RUNG)])
    play.fact(why) if why is not None else play.wake(DIAL_S)
    assert ContactEnded(FIRST, A) in play.made
    assert (play.record().outcome, play.record().ended_by) == ("not_reached", by)
    assert [m for m in play.made if isinstance(m, Cancel)] == (
        [] if isinstance(why, LegEnded) and why.leg == CALLER else [Cancel(CALLER)]
    )


@pytest.mark.parametrize("no", [LegEnded(RUNG, "unreachable"), Rescind(FIRST, C, A, "timed_out")])
def test_nobody_waits_for_an_agents_own_call(no: Any) -> None:
    """Their telephone did not pick up: the call is over, and no other agent is rung for it."""
    play = dial_out().facts([no])
    assert play.record().outcome == "not_reached"
    assert "CallerGone" not in play.kinds()


def test_a_dialled_customer_without_a_queue_has_nobody_to_wait_for() -> None:
    """The agent was lost and did not come back: there is no queue to return to, and the call ends."""
    play = dial_out().facts([LegAnswered(RUNG), LegAnswered(CALLER), LegEnded(RUNG, "lost")])
    play.wake(RECONNECT_S)
    assert play.kinds() == ["HangUp", "ContactEnded", "CallFinished", "CallOver"]
    assert play.record().outcome == "answered"


def test_a_dialled_customer_may_be_handed_to_a_queue() -> None:
    """Then they wait there as a caller."""
    play = dial_out("sales").facts([LegAnswered(RUNG), LegAnswered(CALLER)])
    play.fact(TransferAsked(A, C, "queue", "loans"))
    assert play.made[-1] == CallQueued(C, QueueId("loans"), NOW, caller=NUMBER)
    assert Call(play.call.state).view().direction == "out"
