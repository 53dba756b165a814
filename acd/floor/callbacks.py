"""Virtual queue: a caller hangs up and is called back when their turn comes; the place is kept.

A kept callback is a call of the floor without anybody on the line. It waits in its queue like any other, but
for quiet hours and between attempts it is parked. It ends when the customer was reached, when nobody can be
reached any more (attempts, expiry), or when somebody of ours cancels it.
"""

from datetime import timedelta
from math import isfinite
from typing import Literal

from acd.floor import offers
from acd.floor.board import Board
from acd.floor.counters import count_returned
from acd.floor.deadlines import EXPIRE, TURN
from acd.floor.figures import in_span, local, minutes_of
from acd.floor.holding import hold
from acd.floor.state import FloorCall
from acd.floor.tables import CALL, Refused, check
from domain.calls import CallbackChosen, CallbackFailed
from domain.config import CallbackRules, QueueConfig
from domain.desk import CallbackAsked, CallbackCancelled
from domain.floor import CallbackKept, CallbackOver
from domain.ids import CallId, QueueId
from domain.instant import MICROS_PER_SECOND, Instant, after

Reason = Literal["reached", "expired", "gave_up", "cancelled", "unknown_queue"]

# ------------------------------------------------------------------ kept


def chosen(board: Board, fact: CallbackChosen, now: Instant) -> None:
    """A waiting caller would rather be called back: their visit ends, their place is kept."""
    state = board.state
    call = state.calls.get(fact.call)
    if call is None or call.dial or call.state not in ("waiting", "offered"):
        raise Refused(f"call {fact.call} does not wait in a queue")
    if not fact.number:
        raise Refused("a callback needs a number")
    key = f"{call.id}-back"
    if key in state.calls:
        raise Refused(f"call {call.id} has a callback already")
    if call.queue not in board.queues:
        raise Refused(f"the queue of call {call.id} is gone")
    for offer in list(call.offers):
        offers.withdraw(board, state.offers[offer], "caller_gone", now)
    if call.state == "offered":
        check(CALL, call.state, "not taken", "waiting")
        call.state = "waiting"
    else:
        board.stop_waiting(call)
    check(CALL, call.state, "place kept", "kept")
    del state.calls[call.id]
    count_returned(board.counted(call.queue, now), call)
    rules = board.queues[call.queue].config.callback
    kept = FloorCall(
        id=key,
        queue=call.queue,
        seq=call.seq,
        since=call.since,
        entered=call.entered,
        base=call.base,
        skills=call.skills,
        tier=call.tier,
        at_head=call.at_head,
        caller=fact.number,
        branch=call.branch,
        missed=call.missed,
        rejected=call.rejected,
        raised=call.raised,
        level=call.level,
        max_penalty=call.max_penalty,
        groups=call.groups,
        preferred=call.preferred,
        steps_done=call.steps_done,
        looked_at=call.looked_at,
        look_at=call.look_at,
        trail=call.trail,
        dial=fact.number,
        callback=True,
        expires=after(now, rules.expires_s),
    )
    _keep(board, kept, CallId(call.id), now)


def asked(board: Board, fact: CallbackAsked, now: Instant) -> None:
    """Somebody of ours wants a customer called back."""
    state = board.state
    if fact.callback in state.calls:
        raise Refused(f"call {fact.callback} is on the floor already")
    if fact.queue not in state.queues:
        raise Refused(f"there is no queue {fact.queue}")
    if not fact.number or not isfinite(fact.base_priority):
        raise Refused("a callback needs a number and a priority")
    if any(c.callback and c.dial == fact.number for c in state.calls.values()):
        raise Refused(f"{fact.number} will be called back already")
    config = state.queues[fact.queue].config
    state.calls_queued += 1
    call = FloorCall(
        id=fact.callback,
        queue=fact.queue,
        seq=state.calls_queued,
        since=min(fact.since, now),
        entered=now,
        base=fact.base_priority,
        skills={},
        tier=fact.tier,
        at_head=False,
        caller=fact.number,
        branch=config.branch,
        dial=fact.number,
        callback=True,
        expires=after(now, config.callback.expires_s),
    )
    _keep(board, call, None, now)


def _keep(board: Board, call: FloorCall, from_call: CallId | None, now: Instant) -> None:
    board.state.calls[call.id] = call
    if call.expires is None:
        raise AssertionError(f"callback {call.id} never expires")
    board.say(
        CallbackKept(CallId(call.id), from_call, QueueId(call.queue), call.dial, call.since, call.expires)
    )
    board.deadlines.set(call.expires, EXPIRE, call.id)
    if _park_while_quiet(board, call, now):
        call.state = "parked"
        board.touched_queues.add(call.queue)
        return
    hold(board, call, now)
    board.start_waiting(call)
    board.entered.append(call.id)


def cancelled(board: Board, fact: CallbackCancelled, now: Instant) -> None:
    """A kept callback is no longer wanted."""
    call = board.state.calls.get(fact.callback)
    if call is None or not call.callback:
        raise Refused(f"there is no callback {fact.callback}")
    if call.state not in ("waiting", "parked"):
        raise Refused(f"callback {call.id} is with an agent")
    over(board, call, "cancelled")


# ------------------------------------------------------------------ its time


def turn(board: Board, key: str, now: Instant) -> None:
    """Quiet hours begin or are over, or the time for another attempt has come."""
    call = board.state.calls[key]
    if call.queue not in board.queues:
        over(board, call, "unknown_queue")
        return
    waits = call.state == "waiting"
    if waits:
        board.stop_waiting(call)
    if _park_while_quiet(board, call, now):
        if waits:
            check(CALL, call.state, "not now", "parked")
            call.state = "parked"
        return
    if not waits:
        check(CALL, call.state, "its time has come", "waiting")
        call.state = "waiting"
        call.missed.clear()
    board.start_waiting(call)


def expired(board: Board, key: str, now: Instant) -> None:
    """A callback is good for so long only."""
    over(board, board.state.calls[key], "expired")


def failed(board: Board, fact: CallbackFailed, now: Instant) -> None:
    """The customer was not reached: the agent is free at once; it is tried again later, or given up."""
    offer = offers.on_contact(board, fact.offer, fact.agent)
    call = board.state.calls[offer.call]
    if not call.callback:
        raise Refused(f"call {call.id} is no callback")
    call.offers.clear()
    offers.end_contact(board, offer, now, wrap_up=False)
    index = board.queues.get(call.queue)
    if index is None:
        over(board, call, "unknown_queue", "not reached")
        return
    rules = index.config.callback
    call.attempts += 1
    again = after(now, rules.retry_s)
    if call.attempts >= rules.attempts or (call.expires is not None and again >= call.expires):
        over(board, call, "gave_up", "not reached")
        return
    check(CALL, call.state, "not reached", "parked")
    call.state, call.turn_at = "parked", again
    board.deadlines.set(again, TURN, call.id)


def over(board: Board, call: FloorCall, reason: Reason, event: str = "callback over") -> None:
    """The callback leaves the floor."""
    check(CALL, call.state, event, "over")
    if call.state == "waiting":
        board.stop_waiting(call)
    call.state = "over"
    del board.state.calls[call.id]
    board.touched_queues.add(call.queue)
    board.say(CallbackOver(CallId(call.id), QueueId(call.queue), reason))


# ------------------------------------------------------------------ quiet hours


def quiet(rules: CallbackRules, timezone: str, now: Instant) -> bool:
    """Whether nobody is to be rung now."""
    clock = local(now, timezone)
    return in_span(clock.hour * 60 + clock.minute, *rules.quiet)


def next_change(rules: CallbackRules, timezone: str, now: Instant) -> Instant | None:
    """When quiet hours next begin or end, by the local clock; None if there are none."""
    start, end = rules.quiet
    if minutes_of(start) % 1440 == minutes_of(end) % 1440:
        return None
    clock = local(now, timezone)
    best: Instant | None = None
    for text in rules.quiet:
        minute = minutes_of(text) % 1440
        for days in (0, 1, 2):
            day = (clock + timedelta(days=days)).replace(
                hour=minute // 60, minute=minute % 60, second=0, microsecond=0
            )
            at = Instant(round(day.timestamp()) * MICROS_PER_SECOND)
            if at > now and (best is None or at < best):
                best = at
    return best


def _park_while_quiet(board: Board, call: FloorCall, now: Instant) -> bool:
    """Set the callback's next change; whether it is to be parked until then."""
    config: QueueConfig = board.queues[call.queue].config
    call.turn_at = next_change(config.callback, config.timezone, now)
    if call.turn_at is not None:
        board.deadlines.set(call.turn_at, TURN, call.id)
    return call.turn_at is not None and quiet(config.callback, config.timezone, now)
