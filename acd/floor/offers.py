"""Offers: made, accepted, refused, timed out, withdrawn. A call has at most one live offer."""

from typing import Literal

from acd.floor.board import OFFER_DEADLINE, Board
from acd.floor.counters import count_answered
from acd.floor.state import FloorAgent, FloorCall, FloorOffer
from acd.floor.tables import CALL, OFFER, Refused, check
from domain.floor import Offer, Rescind, ReturnToFlow, Why
from domain.ids import AgentId, CallId, DeviceId, OfferId, QueueId
from domain.instant import Instant, after

RescindReason = Literal["timed_out", "caller_gone", "agent_gone", "overflow", "declined"]
ReturnReason = Literal["no_agents", "full", "timeout", "unknown_queue"]


def make(board: Board, call: FloorCall, agent: FloorAgent, why: Why, now: Instant) -> None:
    """Hold a waiting call out to an available agent."""
    state = board.state
    check(CALL, call.state, "offered", "offered")
    if agent.device is None:
        raise AssertionError(f"agent {agent.id} has no device")
    state.offers_made += 1
    deadline = after(now, state.queues[call.queue].config.ring_s)
    offer = FloorOffer(f"o{state.offers_made}", call.id, call.queue, agent.id, "pending", deadline)
    state.offers[offer.id] = offer
    board.stop_waiting(call)
    call.state, call.offer = "offered", offer.id
    agent.offer, agent.call, agent.queue = offer.id, call.id, call.queue
    board.move(agent, "offered", "offered", now, until=deadline)
    board.set_deadline(deadline, OFFER_DEADLINE, offer.id)
    board.say(
        Offer(
            OfferId(offer.id),
            CallId(call.id),
            QueueId(call.queue),
            AgentId(agent.id),
            DeviceId(agent.device),
            deadline,
            why,
        )
    )


def pending(board: Board, key: str, agent: str) -> FloorOffer:
    """The pending offer held out to this agent, or Refused."""
    return _live(board, key, agent, "pending")


def accepted(board: Board, key: str, agent: str) -> FloorOffer:
    """The accepted offer this agent is on, or Refused."""
    return _live(board, key, agent, "accepted")


def _live(board: Board, key: str, agent: str, state: str) -> FloorOffer:
    offer = board.state.offers.get(key)
    if offer is None:
        raise Refused(f"there is no live offer {key}")
    if offer.agent != agent:
        raise Refused(f"offer {key} is with agent {offer.agent}, not {agent}")
    if offer.state != state:
        raise Refused(f"offer {key} is {offer.state}, not {state}")
    return offer


def accept(board: Board, offer: FloorOffer, now: Instant) -> None:
    """The agent took the call: the visit ends, the contact begins."""
    agent, call = board.state.agents[offer.agent], board.state.calls[offer.call]
    check(OFFER, offer.state, "accepted", "accepted")
    check(CALL, call.state, "accepted", "answered")
    offer.state, call.state = "accepted", "answered"
    agent.misses = 0
    agent.handling_since = now
    board.move(agent, "accepted", "on_contact", now)
    if call.queue in board.state.queues:
        count_answered(board.counted(call.queue, now), call, now)


def complete(board: Board, offer: FloorOffer, event: str) -> None:
    """The contact is over: offer and call leave the floor."""
    check(OFFER, offer.state, "contact ended", "completed")
    check(CALL, board.state.calls[offer.call].state, event, "over")
    del board.state.offers[offer.id]
    del board.state.calls[offer.call]


def withdraw(board: Board, agent: FloorAgent, reason: RescindReason) -> None:
    """Take the agent's pending offer back; the call waits on in its place. The agent is not moved."""
    offer = board.state.offers[agent.offer or ""]
    end(board, offer, "withdrawn", "rescinded", reason)
    put_back(board, board.state.calls[offer.call])


def end(board: Board, offer: FloorOffer, event: str, target: str, rescind: RescindReason | None) -> None:
    """A pending offer is over without a contact; ``rescind`` says so to calls unless they said it first."""
    check(OFFER, offer.state, event, target)
    del board.state.offers[offer.id]
    agent = board.state.agents[offer.agent]
    agent.offer = agent.call = agent.queue = None
    if rescind is not None:
        board.say(Rescind(OfferId(offer.id), CallId(offer.call), AgentId(offer.agent), rescind))


def put_back(board: Board, call: FloorCall) -> None:
    """A call that was not taken waits on in its place, or goes back to its flow if its queue is gone."""
    call.offer = None
    if call.queue not in board.queues:
        give_back(board, call, "unknown_queue", "not taken")
        return
    check(CALL, call.state, "not taken", "waiting")
    call.state = "waiting"
    board.start_waiting(call)


def give_back(board: Board, call: FloorCall, reason: ReturnReason, event: str = "returned") -> None:
    """The call leaves the floor; its flow decides what comes next."""
    check(CALL, call.state, event, "returned")
    if call.state == "waiting":
        board.stop_waiting(call)
    del board.state.calls[call.id]
    board.say(ReturnToFlow(CallId(call.id), QueueId(call.queue), reason))
