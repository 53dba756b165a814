"""``Floor``: the machine's face. Each fact goes to the one function that knows it; then recipes of calls that
entered are looked at, calls and agents are matched, and what changed is said, each agent and queue once."""

from collections.abc import Callable
from typing import Any

from acd.floor import callbacks, estimate, offers, people, picking, waiting
from acd.floor.board import Board
from acd.floor.configure import configured
from acd.floor.deadlines import (
    EXPIRE,
    HOLD,
    LOOK,
    MIDNIGHT,
    OFFER,
    RECOVER,
    RING,
    TELL,
    TURN,
    WAIT,
    WRAP_UP,
)
from acd.floor.holding import hold_over, release_held
from acd.floor.matching import match, ring_one_more
from acd.floor.recipe import entered, look
from acd.floor.state import FloorState
from acd.floor.strategies import Strategy
from acd.floor.tables import Refused
from acd.floor.telling import tell
from acd.floor.views import agent_view, queue_view, standing
from domain.calls import (
    CallbackChosen,
    CallbackFailed,
    CallerGone,
    CallQueued,
    ContactEnded,
    DeviceReachable,
    Ignored,
    OfferAccepted,
    OfferRefused,
    PriorityChanged,
)
from domain.config import FloorConfigured
from domain.desk import (
    AgentPaused,
    AgentReady,
    AgentSignedIn,
    AgentSignedOut,
    CallAssigned,
    CallbackAsked,
    CallbackCancelled,
    CallPrioritised,
    DialAsked,
    OfferDeclined,
    PickUpAsked,
    QueueClosed,
    QueueOpened,
    WrapUpEnded,
)
from domain.floor import AgentChanged, FloorIntent, QueueChanged, Standing
from domain.instant import Instant

Answer = list[FloorIntent | Ignored]


class Floor:
    """Facts and the time go in, intents come out. An answer begins with what changed (``AgentChanged``,
    ``QueueChanged``, in id order), then come the decisions in the order they were made.

    A fact that means nothing now, or comes with a time before the last one, is answered by one ``Ignored``
    and leaves the state untouched. Facts of the same instant are taken in the order they come; deadlines due
    at it first, if they are woken first, in order of time, then kind, then id.
    """

    def __init__(
        self, state: FloorState | None = None, strategies: dict[str, Strategy] | None = None
    ) -> None:
        self._board = Board(state if state is not None else FloorState(), strategies)

    @property
    def state(self) -> FloorState:
        """Everything; the live object, so encode it before the next fact."""
        return self._board.state

    @classmethod
    def restore(cls, state: FloorState, strategies: dict[str, Strategy] | None = None) -> "Floor":
        """A floor that goes on where ``state`` was taken."""
        return cls(state, strategies)

    def handle(self, fact: Any, now: Instant) -> Answer:
        """What follows from one fact."""
        act = _ACTS.get(type(fact))
        if act is None:
            return [Ignored(type(fact).__name__, "the floor does not hear this")]
        if now < self.state.now:
            return [Ignored(type(fact).__name__, f"time runs backwards: {now} comes before {self.state.now}")]
        try:
            act(self._board, fact, now)
        except Refused as refused:
            return [Ignored(type(fact).__name__, str(refused))]
        return self._settle(now)

    def wake_at(self) -> Instant | None:
        """When the next deadline is, of any kind in ``deadlines``."""
        due = self._board.deadlines.next()
        return None if due is None else due[0]

    def wake(self, now: Instant) -> Answer:
        """Deal with every deadline that has come, in order of time, then kind, then id."""
        now = max(now, self.state.now)
        deadlines, woken = self._board.deadlines, False
        while (due := deadlines.next()) is not None and due[0] <= now:
            deadlines.drop()
            _DUE[due[1]](self._board, due[2], now)
            woken = True
        return self._settle(now) if woken else []

    def views(self, now: Instant | None = None) -> list[AgentChanged | QueueChanged]:
        """Every agent and queue as if it had just changed, at ``now`` (default: the last time known)."""
        board = self._board
        at = max(now or self.state.now, self.state.now)
        pictures: list[AgentChanged | QueueChanged] = [
            agent_view(board, key, at) for key in sorted(self.state.agents)
        ]
        return pictures + [queue_view(board, key, at) for key in sorted(self.state.queues)]

    def standing(self, call: str, now: Instant | None = None) -> Standing | None:
        """Where a waiting call stands and why nobody has it yet; None if it does not wait."""
        return standing(self._board, call, max(now or self.state.now, self.state.now))

    def estimate_s(self, queue: str) -> float | None:
        """Estimated wait in seconds of the next caller to come to a queue; None if there is nothing to go by.

        Raises KeyError for a queue that is not there.
        """
        board = self._board
        return estimate.wait_s(board, queue, board.queues[queue].waiting() + 1)

    def figures(self, queue: str) -> tuple[int, float | None, int, int] | None:
        """(waiting, estimated wait in seconds, available, staffed) of a queue; None if it is not there."""
        index = self._board.queues.get(queue)
        if index is None:
            return None
        return index.waiting(), self.estimate_s(queue), len(index.idle), index.staffed

    def _settle(self, now: Instant) -> Answer:
        board = self._board
        board.state.now = now
        # Each of these may bring up work for the ones before it: to overflow, to give back, to hold on.
        while board.gone or board.entered or board.left or board.new_calls or board.new_room:
            release_held(board, now)
            entered(board, now)
            waiting.return_unserved(board, now)
            match(board, now)
        return [*self._changed(now), *self._said()]

    def _changed(self, now: Instant) -> list[AgentChanged | QueueChanged]:
        # Pictures go first: a decision may lead calls to more facts, and the pictures after those are newer.
        board, changed = self._board, list[AgentChanged | QueueChanged]()
        for key in sorted(board.touched_agents):
            agent = board.state.agents.get(key)
            if agent is not None:
                changed.append(agent_view(board, key, now))
                if agent.state == "signed_out" and not agent.configured:
                    del board.state.agents[key]
        for key, before in board.counted_queues.items():
            index = board.queues.get(key)
            if index is not None and (len(index.idle), index.staffed) != before:
                board.touched_queues.add(key)
        for key in sorted(board.touched_queues):
            if key in board.queues:
                changed.append(queue_view(board, key, now))
        board.touched_agents.clear()
        board.touched_queues.clear()
        board.counted_queues.clear()
        return changed

    def _said(self) -> list[Any]:
        said, self._board.said = self._board.said, []
        return said


def _new_day(board: Board, key: str, now: Instant) -> None:
    board.counted(key, now)


_DUE: dict[int, Callable[[Board, str, Instant], None]] = {
    OFFER: offers.timed_out,
    WRAP_UP: people.wrap_up_over,
    RECOVER: people.recovered,
    HOLD: hold_over,
    TURN: callbacks.turn,
    EXPIRE: callbacks.expired,
    WAIT: waiting.waited_too_long,
    LOOK: look,
    RING: ring_one_more,
    TELL: tell,
    MIDNIGHT: _new_day,
}

_ACTS: dict[type, Callable[[Board, Any, Instant], None]] = {
    FloorConfigured: configured,
    AgentSignedIn: people.signed_in,
    AgentSignedOut: people.signed_out,
    AgentReady: people.ready,
    AgentPaused: people.paused,
    WrapUpEnded: people.wrap_up_ended,
    DeviceReachable: people.device_reachable,
    CallQueued: waiting.queued,
    CallerGone: waiting.caller_gone,
    PriorityChanged: waiting.prioritised,
    CallPrioritised: waiting.prioritised,
    QueueClosed: waiting.closed,
    QueueOpened: waiting.opened,
    OfferAccepted: offers.accepted,
    OfferRefused: offers.refused,
    OfferDeclined: offers.declined,
    ContactEnded: offers.contact_ended,
    PickUpAsked: picking.picked_up,
    CallAssigned: picking.assigned,
    DialAsked: picking.dialled,
    CallbackChosen: callbacks.chosen,
    CallbackAsked: callbacks.asked,
    CallbackCancelled: callbacks.cancelled,
    CallbackFailed: callbacks.failed,
}
