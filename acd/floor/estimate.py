"""How long a caller at a position will wait.

What a waiting call costs is measured as agent time: while others wait, the time from one call going to an
agent to the next, times the agents at work then. Smoothed, and divided by the agents at work now, it is the
time one place takes. It holds all that the plain ``position x AHT / agents`` leaves out: agents who serve
other queues too, and callers ahead who give up. Before there is such a measure the day's AHT stands in.

What it is worth is measured on simulated days: see docs/queues.md and tests/simulation/test_estimate.py.
"""

from acd.floor.board import Board
from acd.floor.state import FloorCall, FloorQueue
from domain.instant import MICROS_PER_SECOND, NEVER, Instant

SMOOTHING = 16
"""A new measure moves the estimate by one part in so many."""


def served(board: Board, call: FloorCall, now: Instant) -> None:
    """A waiting call went to an agent: measure what it cost."""
    queue, index = board.state.queues[call.queue], board.queues[call.queue]
    if queue.served_at != NEVER and index.present:
        cost = (now - queue.served_at) * index.present
        queue.work_us += (cost - queue.work_us) // SMOOTHING if queue.work_us else cost
    queue.served_at = now if index.waiting() else NEVER


def begun(queue: FloorQueue) -> None:
    """A call comes to a queue in which nobody waited: the time since the last one measures no pace."""
    queue.served_at = NEVER


def wait_s(board: Board, key: str, position: int) -> float | None:
    """Estimated wait in seconds at a position of a queue (1: next); None if there is nothing to go by.

    0 when somebody is free for a newcomer.
    """
    queue, index = board.state.queues[key], board.queues[key]
    if index.idle and position <= 1 and not index.waiting():
        return 0.0
    work_us = queue.work_us or (queue.handled_us // queue.handled if queue.handled else 0)
    if not work_us or not index.present:
        return None
    return position * work_us / index.present / MICROS_PER_SECOND
