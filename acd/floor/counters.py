"""The live counters of the business day, and an agent's handled time.

A visit and its handle time count in the day it entered the queue: one answered after midnight that came
before it is in neither day's figures of the live board (the history has it), so answered + abandoned +
returned <= offered.
"""

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from zoneinfo import ZoneInfo

from acd.floor.state import FloorAgent, FloorCall, FloorOffer, FloorQueue
from domain.instant import MICROS_PER_SECOND, NEVER, Instant


def day_of(now: Instant, timezone: str) -> tuple[Instant, Instant]:
    """Start and end of the local day of ``now``. Raises for a time zone nobody knows."""
    zone = ZoneInfo(timezone)
    today = datetime.fromtimestamp(now // MICROS_PER_SECOND, UTC).astimezone(zone).date()
    return _midnight(today.isoformat(), timezone), _midnight(
        (today + timedelta(days=1)).isoformat(), timezone
    )


@lru_cache(maxsize=1024)
def _midnight(date: str, timezone: str) -> Instant:
    at = datetime.fromisoformat(date).replace(tzinfo=ZoneInfo(timezone))
    return Instant(round(at.timestamp()) * MICROS_PER_SECOND)


def roll_queue(queue: FloorQueue, now: Instant) -> bool:
    """Begin a new day of counters if midnight has passed; True if it had."""
    if now < queue.day_end:
        return False
    queue.day_start, queue.day_end = day_of(now, queue.config.timezone)
    queue.offered = queue.answered = queue.abandoned = queue.short_abandoned = queue.returned = 0
    queue.answered_in_target = queue.abandoned_in_target = queue.wait_us = 0
    queue.transferred = queue.handled = queue.handled_us = 0
    return True


def roll_agent(agent: FloorAgent, now: Instant, timezone: str) -> None:
    """Begin a new day of an agent's counters."""
    agent.day_end = day_of(now, timezone)[1]
    agent.offered = agent.answered = agent.missed = agent.rejected = agent.transferred = 0
    agent.contact_us = agent.wrap_us = agent.signed_in_us = 0
    if agent.signed_in_since is not None:
        agent.signed_in_since = now


def count_answered(queue: FloorQueue, call: FloorCall, now: Instant) -> None:
    """A call of the queue was answered."""
    if call.entered < queue.day_start:
        return
    queue.answered += 1
    queue.wait_us += now - call.entered
    queue.answered_in_target += _within(call, now, queue.config.target_s)


def count_abandoned(queue: FloorQueue, call: FloorCall, now: Instant) -> None:
    """A caller gave up waiting in the queue."""
    if call.entered < queue.day_start:
        return
    queue.abandoned += 1
    queue.abandoned_in_target += _within(call, now, queue.config.target_s)
    queue.short_abandoned += _within(call, now, queue.config.short_s)


def count_returned(queue: FloorQueue, call: FloorCall) -> None:
    """A visit ended neither answered nor abandoned."""
    if call.entered >= queue.day_start:
        queue.returned += 1


def count_handled(queue: FloorQueue, offer: FloorOffer, now: Instant) -> None:
    """A contact of the queue and its wrap-up are over."""
    if offer.entered == NEVER or offer.entered < queue.day_start:
        return
    queue.handled += 1
    queue.handled_us += now - offer.accepted


def _within(call: FloorCall, now: Instant, seconds: float) -> bool:
    return now - call.entered <= round(seconds * MICROS_PER_SECOND)


# ------------------------------------------------------------------ rolling windows


_ended = itemgetter(2)
_SUM = 3
"""Of a span of ``FloorAgent.handled``: the sum of all lengths up to this one."""


def _length(span: list[int]) -> int:
    return span[2] - span[0]


def handled_us(agent: FloorAgent, live: list[FloorOffer], now: Instant, window_s: float) -> int:
    """Contacts and their wrap-up within the last ``window_s`` seconds, clipped to them, in microseconds.

    ``live`` are the agent's live offers: contacts in progress are included.
    """
    start = now - round(window_s * MICROS_PER_SECOND)
    total = 0
    for offer in live:
        if offer.accepted:
            total += now - (offer.accepted if offer.accepted > start else start)
    spans = agent.handled
    first = bisect_right(spans, start, key=_ended)
    if first == len(spans):
        return total
    # All that ended in the window, less what of them lies before it; by their ends, and none is longer.
    total += spans[-1][_SUM] - (spans[first - 1][_SUM] if first else spans[0][_SUM] - _length(spans[0]))
    edge = start + agent.handled_longest
    for accepted, _, ended, _ in islice(spans, first, None):
        if ended >= edge:
            break
        if accepted < start:
            total -= start - accepted
    return total


def talked_us(agent: FloorAgent, live: list[FloorOffer], now: Instant, window_s: float) -> int:
    """The same without wrap-up."""
    start = now - round(window_s * MICROS_PER_SECOND)
    total = 0
    for offer in live:
        if offer.accepted:
            total += max(0, (offer.ended or now) - max(start, offer.accepted))
    for accepted, talked, ended, _ in reversed(agent.handled):
        if ended <= start:
            break
        total += max(0, talked - max(start, accepted))
    return total


def contacts_in(agent: FloorAgent, live: list[FloorOffer], now: Instant, window_s: float) -> int:
    """How many contacts reach into the window."""
    start = now - round(window_s * MICROS_PER_SECOND)
    total = sum(1 for offer in live if offer.accepted)
    return total + len(agent.handled) - bisect_right(agent.handled, start, key=_ended)


def staffed_us(agent: FloorAgent, now: Instant, window_s: float) -> int:
    """How long the agent was at work (signed in, neither paused nor missing) within the window."""
    start = now - round(window_s * MICROS_PER_SECOND)
    total = 0 if agent.staffed_since is None else now - max(start, agent.staffed_since)
    for began, ended in reversed(agent.staffed):
        if ended <= start:
            break
        total += ended - max(start, began)
    return total


def keep_handled(agent: FloorAgent, offer: FloorOffer, now: Instant, longest_window_s: float) -> None:
    """A contact and its wrap-up are over: keep their span, forget what no window reaches."""
    # By the end, so that clipping may stop at the first that ended too long ago.
    before = agent.handled[-1][_SUM] if agent.handled else 0
    length = now - offer.accepted
    agent.handled_longest = max(length, agent.handled_longest if agent.handled else 0)
    agent.handled.append([offer.accepted, offer.ended, now, before + length])
    start = now - round(longest_window_s * MICROS_PER_SECOND)
    del agent.handled[: bisect_right(agent.handled, start, key=_ended)]
    del agent.staffed[: bisect_right(agent.staffed, start, key=itemgetter(1))]
