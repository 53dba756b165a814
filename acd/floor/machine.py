"""``Floor``: the machine's face. Each fact goes to the one function that knows it; then calls and agents are
matched; then what changed is said, each agent and queue once."""

from collections.abc import Callable
from math import isfinite
from typing import Any

from acd.floor import agents, offers
from acd.floor.board import MIDNIGHT, OFFER_DEADLINE, WAIT_DEADLINE, WRAP_UP_DEADLINE, Board
from acd.floor.configure import configured
from acd.floor.counters import count_abandoned
from acd.floor.matching import has_taker, match
from acd.floor.state import FloorCall, FloorState
from acd.floor.tables import CALL, Refused, check
from domain.calls import (
    CallerGone,
    CallQueued,
    ContactEnded,
    DeviceReachable,
    Ignored,
    OfferAccepted,
    OfferRefused,
)
from domain.config import FloorConfigured
from domain.desk import (
    AgentPaused,
    AgentReady,
    AgentSignedIn,
    AgentSignedOut,
    OfferDeclined,
    WrapUpEnded,
)
from domain.floor import AgentChanged, FloorIntent, QueueChanged, ReturnToFlow
from domain.instant import Instant

Answer = list[FloorIntent | Ignored]


class Floor:
    """Facts and the time go in, intents come out. An answer begins with what changed (``AgentChanged``,
    ``QueueChanged``, in id order), then come the decisions in the order they were made.

    A fact that means nothing now is answered by one ``Ignored`` and leaves the state untouched. Time that
    runs backwards is taken as the last time known.
    """

    def __init__(self, state: FloorState | None = None) -> None:
        self._board = Board(state if state is not None else FloorState())

    @property
    def state(self) -> FloorState:
        """Everything; the live object, so encode it before the next fact."""
        return self._board.state

    @classmethod
    def restore(cls, state: FloorState) -> "Floor":
        """A floor that goes on where ``state`` was taken."""
        return cls(state)

    def handle(self, fact: Any, now: Instant) -> Answer:
        """What follows from one fact."""
        act = _ACTS.get(type(fact))
        if act is None:
            return [Ignored(type(fact).__name__, "the floor does not hear this")]
        now = max(now, self.state.now)
        try:
            act(self._board, fact, now)
        except Refused as refused:
            return [Ignored(type(fact).__name__, str(refused))]
        return self._settle(now)

    def wake_at(self) -> Instant | None:
        """When the next deadline is: an offer's, a wrap-up's, a maximum wait's, or a queue's midnight."""
        deadline = self._board.next_deadline()
        return None if deadline is None else deadline[0]

    def wake(self, now: Instant) -> Answer:
        """Deal with every deadline that has come, in order of time, then kind, then id."""
        now = max(now, self.state.now)
        woken = False
        while (deadline := self._board.next_deadline()) is not None and deadline[0] <= now:
            self._board.drop_deadline()
            _DEADLINES[deadline[1]](self._board, deadline[2], now)
            woken = True
        return self._settle(now) if woken else []

    def views(self, now: Instant | None = None) -> list[AgentChanged | QueueChanged]:
        """Every agent and queue as if it had just changed, at ``now`` (default: the last time known)."""
        board = self._board
        at = max(now or self.state.now, self.state.now)
        pictures: list[AgentChanged | QueueChanged] = [
            board.agent_view(key, at) for key in sorted(self.state.agents)
        ]
        return pictures + [board.queue_view(key, at) for key in sorted(self.state.queues)]

    def _settle(self, now: Instant) -> Answer:
        board = self._board
        board.state.now = now
        _return_unserved(board)
        match(board, now)
        changed: Answer = []
        for key in sorted(board.touched_agents):
            if key in board.state.agents:
                changed.append(board.agent_view(key, now))
                agent = board.state.agents[key]
                if agent.state == "signed_out" and not agent.configured:
                    del board.state.agents[key]
        changed += [board.queue_view(q, now) for q in sorted(board.touched_queues) if q in board.state.queues]
        # Pictures go first: a decision may lead calls to more facts, and the pictures after those are newer.
        answer = [*changed, *board.said]
        board.said = []
        board.touched_agents.clear()
        board.touched_queues.clear()
        return answer


# ---------------------------------------------------------------- calls


def _queued(board: Board, fact: CallQueued, now: Instant) -> None:
    state = board.state
    if fact.call in state.calls:
        raise Refused(f"call {fact.call} is on the floor already")
    index = board.queues.get(fact.queue)
    if index is None:
        board.say(ReturnToFlow(fact.call, fact.queue, "unknown_queue"))
        return
    if index.config.when_no_agents == "return" and not has_taker(board, fact.queue, fact.skills):
        board.say(ReturnToFlow(fact.call, fact.queue, "no_agents"))
        return
    if not fact.at_head and 0 < index.config.max_length <= index.waiting():
        board.say(ReturnToFlow(fact.call, fact.queue, "full"))
        return
    state.calls_queued += 1
    call = FloorCall(
        id=fact.call,
        queue=fact.queue,
        seq=state.calls_queued,
        since=min(fact.since, now),
        entered=now,
        base=fact.base_priority if isfinite(fact.base_priority) else 0.0,
        skills=tuple(sorted(set(fact.skills))),
        tier=fact.tier,
        preferred=fact.preferred,
        at_head=fact.at_head,
    )
    state.calls[call.id] = call
    board.counted(fact.queue, now).offered += 1
    board.start_waiting(call)


def _caller_gone(board: Board, fact: CallerGone, now: Instant) -> None:
    state = board.state
    call = state.calls.get(fact.call)
    if call is None:
        raise Refused(f"call {fact.call} is not on the floor")
    if call.state == "answered":
        _finish(board, call, "caller gone", now)
        return
    check(CALL, call.state, "caller gone", "abandoned")
    if call.state == "offered":
        offer = state.offers[call.offer or ""]
        agent = state.agents[offer.agent]
        offers.end(board, offer, "withdrawn", "rescinded", "caller_gone")
        _free(board, agent.id, "caller gone", now)
    else:
        board.stop_waiting(call)
    if call.queue in state.queues:
        count_abandoned(board.counted(call.queue, now), call, now)
    del state.calls[call.id]


def _finish(board: Board, call: FloorCall, event: str, now: Instant) -> None:
    offer = board.state.offers[call.offer or ""]
    offers.complete(board, offer, event)
    agents.begin_wrap_up(board, board.state.agents[offer.agent], now)


def _free(board: Board, agent: str, event: str, now: Instant) -> None:
    """An agent whose offer came to nothing rests."""
    agents.rest(board, board.state.agents[agent], event, now)


def _return_unserved(board: Board) -> None:
    """Give back the calls that nobody signed in may take: no skilled agent, or each of them said no."""
    calls = board.state.calls
    doubtful = [calls[key] for key in board.new_calls if key in calls]
    doubtful += [call for call in calls.values() if call.queue in board.left] if board.left else []
    for call in sorted({c.id: c for c in doubtful}.values(), key=lambda c: c.seq):
        if (
            call.state == "waiting"
            and board.queues[call.queue].config.when_no_agents == "return"
            and not has_taker(board, call.queue, call.skills, call.rejected)
        ):
            offers.give_back(board, call, "no_agents")
    board.left.clear()


# ---------------------------------------------------------------- offers


def _accepted(board: Board, fact: OfferAccepted, now: Instant) -> None:
    offers.accept(board, offers.pending(board, fact.offer, fact.agent), now)


def _refused(board: Board, fact: OfferRefused, now: Instant) -> None:
    offer = offers.pending(board, fact.offer, fact.agent)
    call, agent = board.state.calls[offer.call], board.state.agents[offer.agent]
    offers.end(board, offer, "refused", "rejected", None)
    if fact.reason == "rejected":
        call.rejected.append(agent.id)
        offers.put_back(board, call)
        _free(board, agent.id, "rejected", now)
        return
    # The person never heard it: this is neither a miss in a row nor a no, but others come first now.
    call.missed[agent.id] = call.missed.get(agent.id, 0) + 1
    offers.put_back(board, call)
    board.move(agent, "unreachable", "paused", now, agents.UNREACHABLE)


def _declined(board: Board, fact: OfferDeclined, now: Instant) -> None:
    offer = offers.pending(board, fact.offer, fact.agent)
    call = board.state.calls[offer.call]
    offers.end(board, offer, "refused", "rejected", "declined")
    call.rejected.append(fact.agent)
    offers.put_back(board, call)
    _free(board, fact.agent, "rejected", now)


def _contact_ended(board: Board, fact: ContactEnded, now: Instant) -> None:
    offer = offers.accepted(board, fact.offer, fact.agent)
    _finish(board, board.state.calls[offer.call], "contact ended", now)


# ---------------------------------------------------------------- deadlines


def _offer_timed_out(board: Board, key: str, now: Instant) -> None:
    offer = board.state.offers[key]
    call, agent = board.state.calls[offer.call], board.state.agents[offer.agent]
    offers.end(board, offer, "deadline", "timed_out", "timed_out")
    call.missed[agent.id] = call.missed.get(agent.id, 0) + 1
    agent.misses += 1
    offers.put_back(board, call)
    if agent.misses >= board.state.missed_limit:
        board.move(agent, "timed out", "missed", now)
    else:
        _free(board, agent.id, "timed out", now)


def _wrap_up_over(board: Board, key: str, now: Instant) -> None:
    agents.rest(board, board.state.agents[key], "wrap-up ended", now)


def _waited_too_long(board: Board, key: str, _now: Instant) -> None:
    offers.give_back(board, board.state.calls[key], "timeout")


def _new_day(board: Board, key: str, now: Instant) -> None:
    board.counted(key, now)


_DEADLINES: dict[int, Callable[[Board, str, Instant], None]] = {
    OFFER_DEADLINE: _offer_timed_out,
    WRAP_UP_DEADLINE: _wrap_up_over,
    WAIT_DEADLINE: _waited_too_long,
    MIDNIGHT: _new_day,
}

_ACTS: dict[type, Callable[[Board, Any, Instant], None]] = {
    FloorConfigured: configured,
    AgentSignedIn: agents.signed_in,
    AgentSignedOut: agents.signed_out,
    AgentReady: agents.ready,
    AgentPaused: agents.paused,
    WrapUpEnded: agents.wrap_up_ended,
    DeviceReachable: agents.device_reachable,
    CallQueued: _queued,
    CallerGone: _caller_gone,
    OfferAccepted: _accepted,
    OfferRefused: _refused,
    OfferDeclined: _declined,
    ContactEnded: _contact_ended,
}
