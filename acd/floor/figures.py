"""What a recipe may look at: each figure of ``domain.config.Figure`` for one waiting call."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from acd.floor import estimate
from acd.floor.board import Board
from acd.floor.matching import fitting
from acd.floor.state import FloorCall
from domain.config import Condition
from domain.instant import MICROS_PER_SECOND, Instant


def holds(board: Board, call: FloorCall, condition: Condition, now: Instant) -> bool:
    """Whether one condition is true of a waiting call; what is not known is not true."""
    value = condition.value
    if condition.figure == "tier":
        return isinstance(value, tuple) and (call.tier in value) == (condition.op == "in")
    if condition.figure == "time":
        return isinstance(value, tuple) and _within(board, call, value, now) == (condition.op == "in")
    figure = FIGURES[condition.figure](board, call, now)
    if figure is None or isinstance(value, tuple):
        return False
    return {
        "<": figure < value,
        "<=": figure <= value,
        ">": figure > value,
        ">=": figure >= value,
    }.get(condition.op, False)


def waited_s(board: Board, call: FloorCall, now: Instant) -> float:
    """Seconds of this stay in this queue."""
    return (now - call.entered) / MICROS_PER_SECOND


def position(board: Board, call: FloorCall, now: Instant) -> float:
    """The place in the queue, 1 for the next to be served."""
    return board.queues[call.queue].position(call, now)


def length(board: Board, call: FloorCall, now: Instant) -> float:
    """How many wait, this call among them."""
    return board.queues[call.queue].waiting()


def estimated_s(board: Board, call: FloorCall, now: Instant) -> float | None:
    """Estimated wait from now on, in seconds."""
    return estimate.wait_s(board, call.queue, board.queues[call.queue].position(call, now))


def service_level(board: Board, call: FloorCall, now: Instant) -> float | None:
    """Percent of the day's answered and abandoned that took no longer than the target."""
    queue = board.counted(call.queue, now)
    finished = queue.answered + queue.abandoned
    return 100 * (queue.answered_in_target + queue.abandoned_in_target) / finished if finished else None


def eligible(board: Board, call: FloorCall, now: Instant) -> float:
    """Agents signed in whom the call is for as it stands now."""
    return sum(agent.state != "signed_out" for agent in fitting(board, call))


def available(board: Board, call: FloorCall, now: Instant) -> float:
    """Those of them who could be offered it now."""
    channel = board.queues[call.queue].config.channel
    return sum(board.room_for(agent, channel) for agent in fitting(board, call))


FIGURES: Final[dict[str, Callable[[Board, FloorCall, Instant], float | None]]] = {
    "wait": waited_s,
    "position": position,
    "length": length,
    "estimate": estimated_s,
    "service_level": service_level,
    "eligible": eligible,
    "available": available,
}
"""The figures that are numbers; ``tier`` and ``time`` are words."""


# ------------------------------------------------------------------ times of day


def minutes_of(clock: str) -> int:
    """``HH:MM`` as minutes of the day; 24:00 is its end. Raises ValueError for anything else."""
    hours, colon, minutes = clock.partition(":")
    if not (colon and hours.isdecimal() and minutes.isdecimal()):
        raise ValueError(f"{clock!r} is no time of day (HH:MM)")
    found = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or found > 1440:
        raise ValueError(f"{clock!r} is no time of day (HH:MM)")
    return found


def in_span(minute: int, start: str, end: str) -> bool:
    """Whether a minute of the day lies in [start, end), which may go over midnight."""
    first, last = minutes_of(start), minutes_of(end)
    if first <= last:
        return first <= minute < last
    return minute >= first or minute < last


def local(now: Instant, timezone: str) -> datetime:
    """The local time of a queue, microseconds dropped."""
    return datetime.fromtimestamp(now // MICROS_PER_SECOND, UTC).astimezone(ZoneInfo(timezone))


def _within(board: Board, call: FloorCall, spans: tuple[str, ...], now: Instant) -> bool:
    clock = local(now, board.queues[call.queue].config.timezone)
    minute = clock.hour * 60 + clock.minute
    return any(in_span(minute, *span.split("-", 1)) for span in spans)
