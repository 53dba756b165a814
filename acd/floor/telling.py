"""What waiting callers are told of their place: at first, periodically, or only when it improved."""

from acd.floor import estimate
from acd.floor.board import Board
from acd.floor.deadlines import TELL
from acd.floor.state import FloorCall
from domain.config import QueueConfig
from domain.floor import Announce
from domain.ids import CallId, QueueId
from domain.instant import Instant, after


def first_telling(call: FloorCall, queue: QueueConfig, now: Instant) -> None:
    """When a call that enters a queue, or whose queue has other rules now, is told for the first time."""
    rules = queue.announce
    first_s = rules.first_s or rules.every_s
    call.tell_at = after(now, first_s) if first_s > 0 and not call.callback else None


def tell(board: Board, key: str, now: Instant) -> None:
    """It is time to tell a waiting caller, if there is anything new."""
    call = board.state.calls[key]
    rules = board.queues[call.queue].config.announce
    place = board.queues[call.queue].position(call, now)
    if not (rules.only_improved and 0 < call.told_position <= place):
        call.told_position = place
        wait_s = estimate.wait_s(board, call.queue, place) if rules.wait else None
        if rules.position or wait_s is not None:
            told = place if rules.position else None
            board.say(Announce(CallId(call.id), QueueId(call.queue), told, wait_s))
    call.tell_at = after(now, rules.every_s) if rules.every_s > 0 else None
    if call.tell_at is not None:
        board.deadlines.set(call.tell_at, TELL, call.id)
