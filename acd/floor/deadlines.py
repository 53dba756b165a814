"""When the floor wants to be woken: a heap of what is due when.

A deadline that is moved leaves a stale entry behind, which is passed over: what is due is written in the
state, and an entry holds as long as the state says the same.
"""

from collections.abc import Callable
from heapq import heapify, heappop, heappush

from acd.floor.state import FloorState
from domain.instant import Instant, after

OFFER, WRAP_UP, RECOVER, HOLD, TURN, EXPIRE, WAIT, LOOK, RING, TELL, MIDNIGHT = range(11)
"""What may be due, in the order in which things due at the same instant are dealt with."""

Due = tuple[int, int, str]
"""(at, kind, key)."""


def wait_until(state: FloorState, key: str) -> Instant | None:
    """When a waiting call's wait is over by its queue's rule."""
    call = state.calls.get(key)
    if call is None or call.state != "waiting" or call.callback:
        return None
    queue = state.queues.get(call.queue)
    if queue is None or queue.config.max_wait_s <= 0:
        return None
    return after(call.entered, queue.config.max_wait_s)


def _offer(state: FloorState, key: str) -> Instant | None:
    offer = state.offers.get(key)
    return offer.deadline if offer is not None and offer.state == "pending" else None


def _wrap_up(state: FloorState, key: str) -> Instant | None:
    offer = state.offers.get(key)
    return offer.until if offer is not None and offer.state == "wrapping" else None


def _recover(state: FloorState, key: str) -> Instant | None:
    agent = state.agents.get(key)
    return agent.until if agent is not None and agent.state == "paused" else None


def _midnight(state: FloorState, key: str) -> Instant | None:
    queue = state.queues.get(key)
    return queue.day_end if queue is not None else None


def _hold(state: FloorState, key: str) -> Instant | None:
    call = state.calls.get(key)
    return call.hold_until if call is not None and call.state == "waiting" and call.held_for else None


def _of_call(field: str, *states: str) -> Callable[[FloorState, str], Instant | None]:
    def due(state: FloorState, key: str) -> Instant | None:
        call = state.calls.get(key)
        at: Instant | None = getattr(call, field) if call is not None and call.state in states else None
        return at

    return due


_WHEN: dict[int, Callable[[FloorState, str], Instant | None]] = {
    OFFER: _offer,
    WRAP_UP: _wrap_up,
    RECOVER: _recover,
    HOLD: _hold,
    TURN: _of_call("turn_at", "waiting", "parked"),
    EXPIRE: _of_call("expires", "waiting", "parked"),
    WAIT: wait_until,
    LOOK: _of_call("look_at", "waiting"),
    RING: _of_call("ring_at", "offered"),
    TELL: _of_call("tell_at", "waiting"),
    MIDNIGHT: _midnight,
}
_OF_CALLS = (HOLD, TURN, EXPIRE, WAIT, LOOK, RING, TELL)


class Deadlines:
    """The heap around one state."""

    def __init__(self, state: FloorState) -> None:
        self._state = state
        keys = [(kind, key) for kind in _OF_CALLS for key in state.calls]
        keys += [(kind, key) for kind in (OFFER, WRAP_UP) for key in state.offers]
        keys += [(RECOVER, key) for key in state.agents]
        keys += [(MIDNIGHT, key) for key in state.queues]
        self._heap: list[Due] = [
            (at, kind, key) for kind, key in keys if (at := _WHEN[kind](state, key)) is not None
        ]
        heapify(self._heap)

    def set(self, at: Instant, kind: int, key: str) -> None:
        """Look at ``key`` at ``at``, if the state still says so then."""
        heappush(self._heap, (at, kind, key))

    def set_of_call(self, key: str) -> None:
        """Every deadline a call has now that it waits."""
        for kind in _OF_CALLS:
            at = _WHEN[kind](self._state, key)
            if at is not None:
                heappush(self._heap, (at, kind, key))

    def next(self) -> tuple[Instant, int, str] | None:
        """The earliest that still holds; ties by kind, then by id."""
        heap, state = self._heap, self._state
        while heap:
            at, kind, key = heap[0]
            if _WHEN[kind](state, key) == at:
                return Instant(at), kind, key
            heappop(heap)
        return None

    def drop(self) -> None:
        """Forget the earliest: it is being dealt with."""
        heappop(self._heap)
