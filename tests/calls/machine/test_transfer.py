"""A caller is handed on: to a queue, to an agent, to an outside number. Nobody is dropped."""

from typing import Any

import pytest

from calls.machine import DIAL_S, TO_AGENT_S
from calls.machine.outgoing import dialled_out
from domain.calls import CallQueued, ContactEnded, Ignored
from domain.desk import HangUpAsked, HoldAsked, TransferAsked
from domain.floor import Offer, ReturnToFlow
from domain.flow import EndCall, Enqueue, HandOver, HandOverFailed, QueueReturned
from domain.ids import CallId, LegId, QueueId
from domain.instant import Instant
from domain.switch import Cancel, Connect, Dial, HangUp, LegAnswered, LegEnded, Music, StopPlay
from tests.calls.play import (
    ANSWERED,
    CALLER,
    FIRST,
    NEVER_MIND,
    NUMBER,
    RUNG,
    RUNG2,
    SECOND,
    TALKING,
    WHY,
    A,
    B,
    C,
    D,
    E,
    Play,
    Q,
    offer,
)

LOANS = QueueId("loans")
TO_QUEUE = TransferAsked(A, C, "queue", LOANS)
TO_AGENT = TransferAsked(A, C, "agent", B)
TO_NUMBER = TransferAsked(A, C, "number", "+861082345678")
OUTSIDE = RUNG2


def test_to_a_queue() -> None:
    """The agent is let go; the caller waits in the other queue, in the place of their first wait."""
    play = Play().facts(TALKING)
    since = play.call.state.queued_since
    play.fact(TO_QUEUE, 60)
    assert play.kinds() == ["HangUp", "ContactEnded", "Music", "CallQueued"]
    assert play.made[:2] == [HangUp(RUNG), ContactEnded(FIRST, A, transferred=True)]
    queued = play.made[-1]
    assert (queued.queue, queued.since, queued.at_head) == (LOANS, since, False)
    assert play.phase == "waiting"


def test_what_the_queue_was_told_of_the_customer_goes_along() -> None:
    """Priority, tier, skills, branch and attributes stay; who was asked for in the first queue does not."""
    wish = Enqueue(C, Q, 30.0, ("english",), "gold", B, {"customer": "k1"}, "west", A, 20.0)
    play = Play().facts([*ANSWERED, wish, *TALKING[2:], TO_QUEUE])
    queued = play.made[-1]
    assert (queued.base_priority, queued.skills, queued.tier) == (30.0, ("english",), "gold")
    assert (queued.attributes, queued.branch) == ({"customer": "k1"}, "west")
    assert (queued.preferred, queued.backup, queued.prefer_s) == (None, None, None)


def test_each_agent_has_their_own_time() -> None:
    """Two answered visits, each with the talk and hold of its own conversation; the record has the sums."""
    play = Play().facts(TALKING)
    play.fact(HoldAsked(A, C), 10)
    play.fact(TO_QUEUE, 5)
    play.fact(offer(SECOND, B, E), 3)
    play.fact(LegAnswered(RUNG2), 2)
    play.fact(HangUpAsked(B, C), 30)
    record = play.record()
    assert [(v.queue, v.outcome, v.agent, v.offer) for v in record.visits] == [
        (Q, "answered", A, FIRST),
        (LOANS, "answered", B, SECOND),
    ]
    assert [(v.talk_us, v.hold_us) for v in record.visits] == [(10_000_000, 5_000_000), (30_000_000, 0)]
    assert (record.talk_us, record.hold_us) == (40_000_000, 5_000_000)
    assert (record.outcome, record.agent, record.queue) == ("answered", B, LOANS)
    assert record.wait_us == 7_000_000


def test_to_an_agent_through_the_queue_they_came_from() -> None:
    """They are asked first for a while; the place is kept."""
    play = Play().facts(TALKING)
    since = play.call.state.queued_since
    play.fact(TO_AGENT)
    queued = play.made[-1]
    assert isinstance(queued, CallQueued)
    assert (queued.queue, queued.since) == (Q, since)
    assert (queued.preferred, queued.prefer_s) == (B, TO_AGENT_S)
    assert play.made[1] == ContactEnded(FIRST, A, transferred=True)


def test_to_a_number_that_answers() -> None:
    """Music while it rings, then they talk; the call ends as handed on, with the number it was handed to."""
    play = Play().facts(TALKING)
    play.fact(TO_NUMBER, 20)
    assert play.kinds() == ["HangUp", "ContactEnded", "Music", "Dial"]
    assert play.made[2:4] == [Music(CALLER), Dial(OUTSIDE, "+861082345678", "95588")]
    assert play.phase == "dialling"
    assert play.fact(LegAnswered(OUTSIDE))[0] == Connect(CALLER, OUTSIDE)
    assert (play.phase, play.call.state.agent, play.call.wake_at()) == ("talking", None, None)
    play.fact(LegEnded(CALLER, "hangup"), 100)
    assert play.kinds() == ["HangUp", "CallFinished", "CallOver"]
    record = play.record()
    assert (record.outcome, record.transferred_to) == ("transferred", "+861082345678")
    assert (record.ended_by, record.agent) == ("caller", A)
    assert record.talk_us == record.visits[0].talk_us == 20_000_000


def test_the_outside_party_hangs_up() -> None:
    """The caller's leg is taken down; the record says whose end it was."""
    play = Play().facts([*TALKING, TO_NUMBER, LegAnswered(OUTSIDE), LegEnded(OUTSIDE, "hangup")])
    assert play.kinds() == ["HangUp", "CallFinished", "CallOver"]
    assert play.made[0] == HangUp(CALLER)
    assert (play.record().outcome, play.record().ended_by) == ("transferred", "outside")


@pytest.mark.parametrize("reason", ["busy", "rejected", "no_answer", "unreachable", "failed", "lost"])
def test_a_number_that_does_not_answer_gives_the_caller_back(reason: Any) -> None:
    """Not dropped: they stand at the head of the queue they came from."""
    play = Play().facts([*TALKING, TO_NUMBER, LegEnded(OUTSIDE, reason)])
    assert play.kinds() == ["Music", "CallQueued"]
    assert (play.made[-1].queue, play.made[-1].at_head) == (Q, True)
    assert play.fact(LegAnswered(OUTSIDE)) == [HangUp(OUTSIDE)]
    play.fact(LegEnded(CALLER, "hangup"))
    assert (play.record().outcome, play.record().transferred_to) == ("abandoned", "")


def test_a_number_that_rings_too_long_gives_the_caller_back() -> None:
    """After a minute nobody waits for it any more."""
    play = Play().facts([*TALKING, TO_NUMBER])
    assert play.wake(DIAL_S - 1) == []
    assert play.wake(1)[0] == Cancel(OUTSIDE)
    assert (play.phase, play.kinds()[-1]) == ("waiting", "CallQueued")


def test_a_caller_who_hangs_up_while_the_number_rings() -> None:
    """The ringing is taken back; nobody spoke with them since, so they gave up."""
    play = Play().facts([*TALKING, TO_NUMBER, LegEnded(CALLER, "hangup")])
    assert play.kinds() == ["Cancel", "CallFinished", "CallOver"]
    assert play.record().outcome == "abandoned"


def test_a_queue_nobody_knows_is_the_flows_business() -> None:
    """The floor gives the call back, and the flow goes on."""
    play = Play().facts([*TALKING, TO_QUEUE, ReturnToFlow(C, LOANS, "unknown_queue")])
    assert play.made[-1] == QueueReturned(C, LOANS, "unknown_queue")
    assert play.visits() == [(Q, "answered"), (LOANS, "refused")]


@pytest.mark.parametrize(
    ("before", "asked"),
    [
        (TALKING, TransferAsked(B, C, "queue", LOANS)),
        (TALKING, TransferAsked(A, C, "queue", "")),
        (TALKING, TransferAsked(A, C, "agent", A)),
        ([*TALKING, LegEnded(RUNG, "lost")], TO_QUEUE),
        ([*TALKING, TO_NUMBER], TO_QUEUE),
        ([*TALKING, TO_NUMBER, LegAnswered(OUTSIDE)], TO_QUEUE),
        ([*TALKING, TO_NUMBER], HangUpAsked(A, C)),
        ([*TALKING, TO_NUMBER, LegAnswered(OUTSIDE)], HangUpAsked(A, C)),
    ],
)
def test_nobody_hands_on_what_they_do_not_have(before: list[Any], asked: Any) -> None:
    """Another's call, no target, to themself, one that was handed on already: nothing changes."""
    play = Play().facts(before)
    phase = play.phase
    (ignored,) = play.fact(asked)
    assert isinstance(ignored, Ignored) and ignored.fact == type(asked).__name__
    assert play.phase == phase


def test_a_call_an_agent_dialled_can_be_handed_to_a_queue_only() -> None:
    """It counts for no queue, so there is none to come back to if nobody takes it."""
    dialled = Offer(FIRST, C, QueueId(""), A, D, NEVER_MIND, WHY, True, NUMBER)
    play = Play(dialled_out(dialled, Instant(1_000_000)))
    play.facts([dialled, LegAnswered(LegId("c1.1")), LegAnswered(CALLER)])
    assert play.phase == "talking"
    for refused in (TO_AGENT, TO_NUMBER):
        (ignored,) = play.fact(refused)
        assert isinstance(ignored, Ignored) and "no queue to come back to" in ignored.why
    play.fact(TO_QUEUE)
    assert (play.phase, play.made[-1].queue) == ("waiting", LOANS)
    assert play.call.state.id == CallId("c1")


# ------------------------------------------------------------------ by the flow

BY_FLOW = HandOver(C, "+861082345678")
DIALLED = RUNG


def test_a_flow_hands_its_caller_to_a_number() -> None:
    """Music while it rings, then they talk; nobody of ours had the call."""
    play = Play().facts(ANSWERED)
    made = play.fact(BY_FLOW)
    assert made[:2] == [Music(CALLER), Dial(DIALLED, "+861082345678", "95588")]
    assert play.phase == "dialling"
    assert play.fact(LegAnswered(DIALLED))[0] == Connect(CALLER, DIALLED)
    assert (play.phase, play.call.wake_at()) == ("talking", None)
    play.fact(LegEnded(DIALLED, "hangup"), 60)
    assert play.kinds() == ["HangUp", "CallFinished", "CallOver"]
    record = play.record()
    assert (record.outcome, record.transferred_to) == ("transferred", "+861082345678")
    assert (record.ended_by, record.agent, record.visits) == ("outside", None, ())


@pytest.mark.parametrize("reason", ["busy", "rejected", "no_answer", "unreachable", "failed", "lost"])
def test_a_flow_goes_on_when_its_number_does_not_answer(reason: Any) -> None:
    """The music stops and the flow is told."""
    play = Play().facts([*ANSWERED, BY_FLOW, LegEnded(DIALLED, reason)])
    assert play.kinds() == ["StopPlay", "HandOverFailed"]
    assert (play.made[0], play.made[-1]) == (StopPlay(CALLER), HandOverFailed(C, "+861082345678"))
    assert play.phase == "ivr"
    play.fact(EndCall(C, "closed"))
    assert (play.record().outcome, play.record().transferred_to) == ("closed", "")


def test_a_number_of_a_flow_that_rings_too_long() -> None:
    """After a minute the flow goes on; a pick-up just then is hung up."""
    play = Play().facts([*ANSWERED, BY_FLOW])
    made = play.wake(DIAL_S)
    assert (made[0], made[-1]) == (Cancel(DIALLED), HandOverFailed(C, "+861082345678"))
    assert play.fact(LegAnswered(DIALLED)) == [HangUp(DIALLED)]


def test_a_flow_that_hands_over_to_nobody_goes_on_at_once() -> None:
    """No number is dialled."""
    assert Play().facts(ANSWERED).fact(HandOver(C, "")) == [HandOverFailed(C, "")]


def test_after_an_agent_handed_a_caller_on_they_come_back_to_the_queue() -> None:
    """Whatever their flow handed over before."""
    play = Play().facts([*ANSWERED, BY_FLOW, LegEnded(DIALLED, "busy"), *WAITS_AND_TALKS])
    play.facts([TO_NUMBER, LegEnded(LegId("c1.3"), "busy")])
    assert play.phase == "waiting"


WAITS_AND_TALKS = [Enqueue(C, Q), offer(), LegAnswered(RUNG2)]


def test_a_caller_who_hangs_up_while_the_flows_number_rings() -> None:
    """The ringing is taken back; they gave up."""
    play = Play().facts([*ANSWERED, BY_FLOW, LegEnded(CALLER, "hangup")])
    assert play.kinds() == ["Cancel", "CallFinished", "CallOver"]
    assert play.record().outcome == "abandoned"
