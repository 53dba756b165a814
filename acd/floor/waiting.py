"""Calls that wait: they come, are held for somebody, change their priority, leave."""

from math import isfinite

from acd.floor import offers
from acd.floor.board import Board
from acd.floor.counters import count_abandoned
from acd.floor.estimate import begun
from acd.floor.holding import hold
from acd.floor.matching import worth_waiting
from acd.floor.need import loosest, need_of, read_skills
from acd.floor.state import FloorCall, FloorQueue
from acd.floor.tables import CALL, Refused, check
from acd.floor.telling import first_telling
from domain.calls import CallerGone, CallQueued, PriorityChanged
from domain.desk import CallPrioritised, QueueClosed, QueueOpened
from domain.floor import ReturnReason, ReturnToFlow
from domain.instant import NEVER, Instant, after

PLACES_KEPT = 10_000
"""A queue remembers the places of at most so many callers who hung up."""


# ------------------------------------------------------------------ a call comes


def queued(board: Board, fact: CallQueued, now: Instant) -> None:
    """A call begins to wait, or is told at once that its queue cannot serve it."""
    state = board.state
    if fact.call in state.calls:
        raise Refused(f"call {fact.call} is on the floor already")
    queue = state.queues.get(fact.queue)
    if queue is None:
        board.say(ReturnToFlow(fact.call, fact.queue, "unknown_queue"))
        return
    config = queue.config
    state.calls_queued += 1
    call = FloorCall(
        id=fact.call,
        queue=fact.queue,
        seq=state.calls_queued,
        since=_place(queue, fact, now),
        entered=now,
        base=fact.base_priority if isfinite(fact.base_priority) else 0.0,
        skills=read_skills(fact.skills),
        tier=fact.tier,
        at_head=fact.at_head,
        caller=fact.caller,
        branch=fact.branch or config.branch,
        preferred=fact.preferred,
        backup=fact.backup,
        prefer_s=config.prefer_s if fact.prefer_s is None else fact.prefer_s,
    )
    hold(board, call, now)
    reason, message = turned_away(board, call)
    if reason is not None:
        # It was no visit of the live counters: nobody waited. The history counts it as refused.
        board.say(ReturnToFlow(fact.call, fact.queue, reason, message=message))
        return
    board.counted(fact.queue, now).offered += 1
    enter(board, call, now)


def _place(queue: FloorQueue, fact: CallQueued, now: Instant) -> Instant:
    """Since when the call counts as waiting: its own word, or the place its caller left a moment ago."""
    since = min(fact.since, now)
    left = queue.places.pop(fact.caller, None) if fact.caller else None
    if left is not None and now <= after(Instant(left[1]), queue.config.resume_s):
        since = min(since, Instant(left[0]))
    return since


def turned_away(board: Board, call: FloorCall) -> tuple[ReturnReason | None, str]:
    """Why a call may not join its queue now, and what it is told; (None, "") if it may."""
    queue, index = board.state.queues[call.queue], board.queues[call.queue]
    if queue.closed is not None:
        return "closed", queue.closed
    need = loosest(need_of(call), queue.config)
    if any(skill not in board.skills for skill, _ in need.skills):
        return "unknown_skill", ""
    absent = queue.config.join_empty
    if absent and not worth_waiting(board, call, absent):
        return "no_agents", ""
    if not call.at_head and 0 < queue.config.max_length <= index.waiting():
        return "full", ""
    return None, ""


def enter(board: Board, call: FloorCall, now: Instant) -> None:
    """The call waits from now on; its recipe is looked at in this step still."""
    state = board.state
    if not board.queues[call.queue].waiting():
        begun(state.queues[call.queue])
    state.calls[call.id] = call
    first_telling(call, board.queues[call.queue].config, now)
    board.start_waiting(call)
    board.entered.append(call.id)


# ------------------------------------------------------------------ priority


def prioritised(board: Board, fact: PriorityChanged | CallPrioritised, now: Instant) -> None:
    """What the call's priority starts from is another; it takes effect at once."""
    call = board.state.calls.get(fact.call)
    if call is None or call.state not in ("waiting", "offered", "parked"):
        raise Refused(f"call {fact.call} is not waiting")
    if not isfinite(fact.base_priority):
        raise Refused(f"{fact.base_priority} is no priority")
    waits = call.state == "waiting"
    if waits:
        board.stop_waiting(call)
    call.base = fact.base_priority
    if isinstance(fact, PriorityChanged) and fact.tier is not None:
        call.tier = fact.tier
    if waits:
        board.start_waiting(call)


# ------------------------------------------------------------------ a call goes


def caller_gone(board: Board, fact: CallerGone, now: Instant) -> None:
    """The caller left, in whatever state the call was."""
    state = board.state
    call = state.calls.get(fact.call)
    if call is None:
        raise Refused(f"call {fact.call} is not on the floor")
    if call.state == "answered":
        offer = state.offers[call.offers[0]]
        offers.close_call(board, call, "contact ended")
        offers.end_contact(board, offer, now)
        return
    if call.callback:
        raise Refused(f"callback {call.id} is not on a line")
    check(CALL, call.state, "caller gone", "abandoned")
    for key in list(call.offers):
        offers.withdraw(board, state.offers[key], "caller_gone", now)
    if call.state == "waiting":
        board.stop_waiting(call)
    if call.queue in state.queues and not call.dial:
        queue = board.counted(call.queue, now)
        count_abandoned(queue, call, now)
        _remember_place(queue, call, now)
    del state.calls[call.id]


def _remember_place(queue: FloorQueue, call: FloorCall, now: Instant) -> None:
    if queue.config.resume_s <= 0 or not call.caller:
        return
    queue.places[call.caller] = [call.since, now]
    queue.gone.append((now, call.caller))
    # Forget those nobody can come back to, and the oldest of too many.
    old = 0
    for left, caller in queue.gone:
        if now <= after(left, queue.config.resume_s) and len(queue.gone) - old <= PLACES_KEPT:
            break
        if queue.places.get(caller, [0, NEVER])[1] == left:
            del queue.places[caller]
        old += 1
    del queue.gone[:old]


def waited_too_long(board: Board, key: str, now: Instant) -> None:
    """The queue's maximum wait is over."""
    offers.give_back(board, board.state.calls[key], "timeout", now)


def return_unserved(board: Board, now: Instant) -> None:
    """Give back the calls nobody is there to take: no skills among the present, or each of them said no."""
    calls = board.state.calls
    doubtful = board.new_calls & calls.keys()
    for name in board.left:
        index = board.queues.get(name)
        if index is None:
            continue
        doubtful |= index.picky
        for lane in list(index.lanes.values()):
            first = next(iter(lane.in_order(now)), None)
            if first is not None and not _worth(board, calls[first], whoever_said_no=True):
                doubtful.update(lane.in_order(now))
    board.left.clear()
    for call in sorted((calls[key] for key in doubtful), key=lambda c: c.seq):
        if call.state == "waiting" and not call.callback and not _worth(board, call):
            offers.give_back(board, call, "no_agents", now)


def _worth(board: Board, call: FloorCall, *, whoever_said_no: bool = False) -> bool:
    absent = board.queues[call.queue].config.leave_empty
    return not absent or worth_waiting(board, call, absent, whoever_said_no=whoever_said_no)


# ------------------------------------------------------------------ a queue closes


def closed(board: Board, fact: QueueClosed, now: Instant) -> None:
    """In an emergency: nobody waits here any longer and nobody joins; who talks or is rung for goes on."""
    queue = board.state.queues.get(fact.queue)
    if queue is None:
        raise Refused(f"there is no queue {fact.queue}")
    queue.closed = fact.message
    board.touched_queues.add(fact.queue)
    lanes = list(board.queues[fact.queue].lanes.values())
    waiting = [board.state.calls[key] for lane in lanes for key in lane.in_order(now)]
    for call in sorted(waiting, key=lambda c: c.seq):
        if not call.callback:
            offers.give_back(board, call, "closed", now, message=fact.message)


def opened(board: Board, fact: QueueOpened, now: Instant) -> None:
    """A closed queue takes calls again."""
    queue = board.state.queues.get(fact.queue)
    if queue is None:
        raise Refused(f"there is no queue {fact.queue}")
    if queue.closed is None:
        raise Refused(f"queue {fact.queue} is open")
    queue.closed = None
    board.touched_queues.add(fact.queue)
