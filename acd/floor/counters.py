"""The live counters of a queue's business day, and an agent's handled time.

A visit counts in the day it entered the queue: one answered after midnight that came before it is in
neither day's answered figure of the live board (the history has it), so answered + abandoned <= offered.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from acd.floor.state import FloorAgent, FloorCall, FloorQueue
from domain.instant import MICROS_PER_SECOND, Instant


def day_of(now: Instant, timezone: str) -> tuple[Instant, Instant]:
    """Start and end of the local day of ``now``. Raises for a time zone nobody knows."""
    zone = ZoneInfo(timezone)
    today = datetime.fromtimestamp(now // MICROS_PER_SECOND, UTC).astimezone(zone).date()
    return _midnight(today.isoformat(), zone), _midnight((today + timedelta(days=1)).isoformat(), zone)


def _midnight(date: str, zone: ZoneInfo) -> Instant:
    at = datetime.fromisoformat(date).replace(tzinfo=zone)
    return Instant(round(at.timestamp()) * MICROS_PER_SECOND)


def roll(queue: FloorQueue, now: Instant) -> bool:
    """Begin a new day of counters if midnight has passed; True if it had."""
    if now < queue.day_end:
        return False
    queue.day_start, queue.day_end = day_of(now, queue.config.timezone)
    queue.offered = queue.answered = queue.abandoned = 0
    queue.answered_in_target = queue.abandoned_in_target = queue.wait_us = 0
    return True


def count_answered(queue: FloorQueue, call: FloorCall, now: Instant) -> None:
    """A call of the queue was answered."""
    if call.entered < queue.day_start:
        return
    queue.answered += 1
    queue.wait_us += now - call.entered
    queue.answered_in_target += _in_target(queue, call, now)


def count_abandoned(queue: FloorQueue, call: FloorCall, now: Instant) -> None:
    """A caller gave up waiting in the queue."""
    if call.entered < queue.day_start:
        return
    queue.abandoned += 1
    queue.abandoned_in_target += _in_target(queue, call, now)


def _in_target(queue: FloorQueue, call: FloorCall, now: Instant) -> bool:
    return now - call.entered <= round(queue.config.target_s * MICROS_PER_SECOND)


def handled_us(agent: FloorAgent, now: Instant, window_s: float) -> int:
    """Talk and wrap-up within the last ``window_s`` seconds, clipped to them, in microseconds.

    The contact in progress is included.
    """
    start = now - round(window_s * MICROS_PER_SECOND)
    total = 0
    if agent.handling_since is not None:
        total = now - max(start, agent.handling_since)
    for began, ended in reversed(agent.handled):
        if ended <= start:
            break
        total += ended - max(start, began)
    return total


def close_handled(agent: FloorAgent, now: Instant, longest_window_s: float) -> None:
    """The contact in progress and its wrap-up are over: keep their span, forget what no window reaches."""
    if agent.handling_since is None:
        return
    agent.handled.append([agent.handling_since, now])
    agent.handling_since = None
    start = now - round(longest_window_s * MICROS_PER_SECOND)
    old = 0
    while old < len(agent.handled) and agent.handled[old][1] <= start:
        old += 1
    del agent.handled[:old]
