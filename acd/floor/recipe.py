"""A queue's recipe at work on a waiting call.

A step is looked at when the call enters, when its wait is reached, and every ``every_s`` seconds from then
on; never on every fact. It is done once, or each time its conditions hold if it says ``repeat``. Operations
that end the stay end the look as well.
"""

from math import floor

from acd.floor import estimate, offers, waiting
from acd.floor.board import Board
from acd.floor.counters import count_returned
from acd.floor.deadlines import LOOK
from acd.floor.figures import holds
from acd.floor.need import Need, applied, need_of
from acd.floor.state import FloorCall
from domain.config import Operation, QueueConfig, Step
from domain.floor import Announce, Overflow, ProposeCallback
from domain.ids import CallId, QueueId
from domain.instant import MICROS_PER_SECOND, Instant, after

ON_THE_LINE = frozenset({"announce", "offer_callback", "to_queue", "to_voicemail", "to_flow", "hang_up"})
"""Operations that mean nothing for a kept callback: nobody is on the line."""

# ------------------------------------------------------------------ when


def own_wait_s(step: Step) -> float:
    """The wait from which a step can hold: its highest ``wait >=``."""
    return max(
        (
            float(c.value)
            for c in step.when
            if c.figure == "wait" and c.op in (">", ">=") and not isinstance(c.value, tuple)
        ),
        default=0.0,
    )


def next_look(call: FloorCall, step: Step, now: Instant) -> Instant | None:
    """When a step is to be looked at next, after ``now``."""
    first = after(call.entered, own_wait_s(step))
    if now < first:
        return first
    if step.every_s <= 0:
        return None
    turns = floor((now - first) / (step.every_s * MICROS_PER_SECOND)) + 1
    return after(first, turns * step.every_s)


def _set_next(board: Board, call: FloorCall, now: Instant) -> None:
    recipe = board.queues[call.queue].config.recipe
    times = [next_look(call, step, now) for n, step in enumerate(recipe) if n not in call.steps_done]
    call.look_at = min((at for at in times if at is not None), default=None)
    if call.look_at is not None:
        board.deadlines.set(call.look_at, LOOK, call.id)


def keep_steps(call: FloorCall, before: QueueConfig, config: QueueConfig) -> None:
    """The recipe changed while the call waits: what was done stays done, the rest is looked at soon."""
    done = [before.recipe[n] for n in call.steps_done if n < len(before.recipe)]
    call.steps_done = [n for n, step in enumerate(config.recipe) if step in done]
    # As if never looked at: a new step whose wait is over is not to wait for another turn.
    call.looked_at = Instant(call.entered - 1)


# ------------------------------------------------------------------ a look


def entered(board: Board, now: Instant) -> None:
    """Look for the first time at the recipe for calls that entered a queue in this step."""
    while board.entered:
        key = board.entered.pop(0)
        call = board.state.calls.get(key)
        if call is not None and call.state == "waiting":
            _look(board, call, None, now)


def look(board: Board, key: str, now: Instant) -> None:
    """The time has come to look at some step for a waiting call."""
    call = board.state.calls[key]
    _look(board, call, call.looked_at, now)


def _look(board: Board, call: FloorCall, last: Instant | None, now: Instant) -> None:
    queue = call.queue
    for n, step in enumerate(board.queues[queue].config.recipe):
        if n in call.steps_done:
            continue
        due = now if last is None else next_look(call, step, last)
        if due is None or due > now or not all(holds(board, call, c, now) for c in step.when):
            continue
        done = _perform(board, call, step, now)
        if call.state != "waiting" or call.queue != queue:
            return  # its stay in this queue is over
        if done and not step.repeat:
            call.steps_done.append(n)
    call.looked_at = now
    _set_next(board, call, now)


def _perform(board: Board, call: FloorCall, step: Step, now: Instant) -> bool:
    """Do a step's operations in order; False if none could be done, so that it is tried again."""
    done = False
    for operation in step.do:
        if call.callback and operation.act in ON_THE_LINE:
            continue
        queue = call.queue
        done = _do(board, call, operation, now) or done
        if call.state != "waiting" or call.queue != queue:
            return True
    return done


def _do(board: Board, call: FloorCall, operation: Operation, now: Instant) -> bool:
    act = operation.act
    if act == "raise":
        board.stop_waiting(call)
        call.raised += operation.amount
        board.start_waiting(call)
        return True
    if act == "announce":
        board.say(Announce(CallId(call.id), QueueId(call.queue), message=operation.name))
        return True
    if act == "offer_callback":
        return _propose(board, call, now)
    if act == "to_queue":
        return overflow(board, call, operation.name, now)
    if act == "to_voicemail":
        offers.give_back(board, call, "voicemail", now)
        return True
    if act == "to_flow":
        offers.give_back(board, call, "flow", now, target=operation.name)
        return True
    if act == "hang_up":
        offers.give_back(board, call, "hang_up", now)
        return True
    return _ask_more(board, call, applied(need_of(call), operation))


def _ask_more(board: Board, call: FloorCall, need: Need) -> bool:
    if need != need_of(call):
        board.stop_waiting(call)
        call.skills, call.level, call.max_penalty = dict(need.skills), need.level, need.max_penalty
        call.groups = need.groups
        board.start_waiting(call)
    return True


def _propose(board: Board, call: FloorCall, now: Instant) -> bool:
    if call.proposed:
        return True
    call.proposed = True
    place = board.queues[call.queue].position(call, now)
    wait_s = estimate.wait_s(board, call.queue, place)
    board.say(ProposeCallback(CallId(call.id), QueueId(call.queue), place, wait_s))
    return True


def overflow(board: Board, call: FloorCall, target: str, now: Instant) -> bool:
    """Let the call wait on, in its place, in another queue where it may join and has not been."""
    source = call.queue
    if target not in board.queues or target == source or target in call.trail:
        return False
    board.stop_waiting(call)
    call.queue = target
    reason, _ = waiting.turned_away(board, call)
    if reason is not None:
        call.queue = source
        board.start_waiting(call)
        return False
    count_returned(board.counted(source, now), call)
    board.say(Overflow(CallId(call.id), QueueId(source), QueueId(target)))
    call.trail.append(source)
    call.entered, call.level, call.max_penalty, call.groups = now, 1, None, ()
    call.steps_done, call.look_at, call.told_position = [], None, 0
    # Whoever it was held for had their time.
    call.held_for, call.hold_until = None, now
    board.counted(target, now).offered += 1
    waiting.enter(board, call, now)
    return True
