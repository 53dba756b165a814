"""Offers: made, accepted, refused, missed, taken back, wrapped up. Exactly one offer of a call wins."""

from acd.floor.board import FAILED, UNREACHABLE, Board
from acd.floor.counters import count_answered, count_handled, count_returned, keep_handled
from acd.floor.deadlines import OFFER, RECOVER, RING, WRAP_UP
from acd.floor.estimate import served
from acd.floor.holding import still_held
from acd.floor.state import FloorAgent, FloorCall, FloorOffer
from acd.floor.strategies import RINGS_ON
from acd.floor.tables import CALL, Refused, check
from acd.floor.tables import OFFER as OFFERS
from domain.calls import ContactEnded, OfferAccepted, OfferRefused
from domain.config import QueueConfig
from domain.desk import OfferDeclined
from domain.floor import (
    CallbackOver,
    Offer,
    Rescind,
    RescindReason,
    ReturnReason,
    ReturnToFlow,
    Why,
    WrapUpDone,
)
from domain.ids import AgentId, CallId, DeviceId, OfferId, QueueId
from domain.instant import Instant, after

NO_QUEUE = QueueConfig(QueueId(""), "", wrap_up_s=0.0)
"""The rules of calls that count for no queue: an agent dialled somebody."""
TRY_AGAIN_S = 5.0
"""How long an agent rests whose telephone could not be rung by a fault of ours."""


def rules(board: Board, queue: str) -> QueueConfig:
    """The rules of a queue; of none where it is gone or never was."""
    index = board.queues.get(queue)
    return index.config if index is not None else NO_QUEUE


# ------------------------------------------------------------------ made


def make(
    board: Board, call: FloorCall, agent: FloorAgent, why: Why, now: Instant, *, auto_answer: bool = False
) -> FloorOffer:
    """Hold a call out to an agent who has room: a waiting one, or one that rings with others already."""
    state = board.state
    check(CALL, call.state, "offered", "offered") if call.state == "waiting" else None
    if agent.device is None:
        raise AssertionError(f"agent {agent.id} has no device")
    config = rules(board, call.queue)
    state.offers_made += 1
    deadline = after(now, config.ring_s)
    channel = config.channel if call.callback or not call.dial else "voice"
    offer = FloorOffer(f"o{state.offers_made}", call.id, call.queue, agent.id, "pending", deadline, channel)
    state.offers[offer.id] = offer
    if call.state == "waiting":
        board.stop_waiting(call)
        call.state = "offered"
    call.offers.append(offer.id)
    if config.strategy == RINGS_ON:
        call.ring_at = after(now, config.ring_next_s)
        board.deadlines.set(call.ring_at, RING, call.id)
    if call.queue in state.queues:
        state.queues[call.queue].last_agent = agent.id
    if agent.state == "paused" and agent.reason not in (UNREACHABLE, FAILED):
        agent.next_state, agent.next_reason, agent.next_by = "paused", agent.reason, agent.by
    agent.offers.append(offer.id)
    board.counted_agent(agent, now).offered += 1
    work(board, agent, "offered", now)
    board.deadlines.set(deadline, OFFER, offer.id)
    board.say(
        Offer(
            OfferId(offer.id),
            CallId(call.id),
            QueueId(call.queue),
            AgentId(agent.id),
            DeviceId(agent.device),
            deadline,
            why,
            auto_answer,
            call.dial,
        )
    )
    return offer


def pending(board: Board, key: str, agent: str) -> FloorOffer:
    """The pending offer held out to this agent, or Refused."""
    return _live(board, key, agent, "pending")


def on_contact(board: Board, key: str, agent: str) -> FloorOffer:
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


# ------------------------------------------------------------------ what an agent is busy with


def work(board: Board, agent: FloorAgent, event: str, now: Instant) -> None:
    """Bring the agent into the state of what they are busiest with, or to rest."""
    states = {board.state.offers[key].state for key in agent.offers}
    if "accepted" in states:
        board.move(agent, event, "on_contact", now)
    elif "pending" in states:
        board.move(agent, event, "offered", now)
    elif states:
        board.move(agent, event, "wrap_up", now)
    else:
        rest(board, agent, event, now)


def rest(board: Board, agent: FloorAgent, event: str, now: Instant) -> None:
    """Nothing left to do: go where they asked to go, else be missing, or available if they can be rung."""
    wanted, reason, by = agent.next_state, agent.next_reason, agent.next_by
    agent.next_state = agent.next_reason = agent.next_by = ""
    if wanted == "signed_out":
        leave(board, agent, event, now, by)
    elif wanted == "paused":
        board.move(agent, event, "paused", now, reason, by)
    elif agent.misses >= board.state.missed_limit:
        board.move(agent, event, "missed", now)
    elif board.reachable(agent):
        board.move(agent, event, "available", now)
    else:
        board.move(agent, event, "paused", now, UNREACHABLE)


def leave(board: Board, agent: FloorAgent, event: str, now: Instant, by: str = "") -> None:
    """Sign an agent out who is on no contact."""
    if agent.device is not None:
        del board.by_device[agent.device]
    agent.device = None
    agent.misses = 0
    agent.next_state = agent.next_reason = agent.next_by = ""
    board.counted_agent(agent, now)
    board.move(agent, event, "signed_out", now, by=by)


# ------------------------------------------------------------------ taken


def accepted(board: Board, fact: OfferAccepted, now: Instant) -> None:
    """The agent took the call: the visit ends, the contact begins; whoever else it rang with is let go."""
    offer = pending(board, fact.offer, fact.agent)
    agent, call = board.state.agents[offer.agent], board.state.calls[offer.call]
    check(OFFERS, offer.state, "accepted", "accepted")
    check(CALL, call.state, "accepted", "answered")
    for other in [key for key in call.offers if key != offer.id]:
        withdraw(board, board.state.offers[other], "answered_elsewhere", now)
    offer.state, call.state, offer.accepted = "accepted", "answered", now
    call.ring_at = None
    agent.misses = 0
    board.counted_agent(agent, now).answered += 1
    if call.queue in board.state.queues and not call.dial:
        offer.entered = call.entered
        count_answered(board.counted(call.queue, now), call, now)
    if call.queue in board.state.queues and (call.callback or not call.dial):
        served(board, call, now)
    work(board, agent, "accepted", now)


def contact_ended(board: Board, fact: ContactEnded, now: Instant) -> None:
    """The conversation is over; the wrap-up begins."""
    offer = on_contact(board, fact.offer, fact.agent)
    if fact.transferred:
        board.counted_agent(board.state.agents[offer.agent], now).transferred += 1
        if offer.queue in board.state.queues and offer.entered >= board.state.queues[offer.queue].day_start:
            board.counted(offer.queue, now).transferred += 1
    close_call(board, board.state.calls[offer.call], "contact ended")
    end_contact(board, offer, now)


def close_call(board: Board, call: FloorCall, event: str) -> None:
    """The call leaves the floor after its contact."""
    check(CALL, call.state, event, "over")
    del board.state.calls[call.id]
    if call.callback:
        board.say(CallbackOver(CallId(call.id), QueueId(call.queue), "reached"))


def end_contact(board: Board, offer: FloorOffer, now: Instant, *, wrap_up: bool = True) -> None:
    """The agent wraps up for as long as they may, or is done at once."""
    agent = board.state.agents[offer.agent]
    offer.ended = now
    board.counted_agent(agent, now).contact_us += now - offer.accepted
    seconds = _wrap_up_s(board, offer, agent) if wrap_up else 0.0
    if seconds == 0:
        check(OFFERS, offer.state, "contact ended", "completed")
        _complete(board, offer, "contact ended", now)
        return
    check(OFFERS, offer.state, "contact ended", "wrapping")
    offer.state = "wrapping"
    if seconds is not None:
        offer.until = after(now, seconds)
        board.deadlines.set(offer.until, WRAP_UP, offer.id)
    work(board, agent, "contact ended", now)


def _wrap_up_s(board: Board, offer: FloorOffer, agent: FloorAgent) -> float | None:
    """How long; None for until the agent says so."""
    config = rules(board, offer.queue)
    cap = config.wrap_up_cap_s or None
    if config.wrap_up_open:
        return cap
    seconds = config.wrap_up_s if agent.wrap_up_s is None else agent.wrap_up_s
    return seconds if cap is None else min(seconds, cap)


def wrapped_up(board: Board, offer: FloorOffer, event: str, now: Instant) -> None:
    """The work after one contact is over."""
    check(OFFERS, offer.state, "wrap-up ended", "completed")
    _complete(board, offer, event, now)


def _complete(board: Board, offer: FloorOffer, event: str, now: Instant) -> None:
    agent = board.state.agents[offer.agent]
    wrap_us = now - offer.ended
    board.counted_agent(agent, now).wrap_us += wrap_us
    keep_handled(agent, offer, now, board.longest_window_s)
    if offer.queue in board.state.queues:
        count_handled(board.counted(offer.queue, now), offer, now)
    del board.state.offers[offer.id]
    agent.offers.remove(offer.id)
    board.say(
        WrapUpDone(
            OfferId(offer.id), CallId(offer.call), AgentId(agent.id), QueueId(offer.queue), Instant(wrap_us)
        )
    )
    work(board, agent, event, now)


# ------------------------------------------------------------------ not taken


def end(board: Board, offer: FloorOffer, event: str, target: str, rescind: RescindReason | None) -> None:
    """A pending offer is over without a contact; ``rescind`` says so to calls unless they said it first."""
    check(OFFERS, offer.state, event, target)
    del board.state.offers[offer.id]
    board.state.agents[offer.agent].offers.remove(offer.id)
    board.state.calls[offer.call].offers.remove(offer.id)
    if rescind is not None:
        board.say(Rescind(OfferId(offer.id), CallId(offer.call), AgentId(offer.agent), rescind))


def withdraw(board: Board, offer: FloorOffer, reason: RescindReason, now: Instant) -> None:
    """Take a pending offer back from an agent who stays; the call is the asker's business."""
    end(board, offer, "withdrawn", "rescinded", reason)
    work(board, board.state.agents[offer.agent], "withdrawn", now)


def drop_pending(board: Board, agent: FloorAgent, now: Instant) -> None:
    """The agent goes away: take back what is held out to them; their calls wait on. They are not moved."""
    for key in [key for key in agent.offers if board.state.offers[key].state == "pending"]:
        offer = board.state.offers[key]
        end(board, offer, "withdrawn", "rescinded", "agent_gone")
        not_taken(board, board.state.calls[offer.call], now)


def refused(board: Board, fact: OfferRefused, now: Instant) -> None:
    """The agent's device did not take the call."""
    offer = pending(board, fact.offer, fact.agent)
    call, agent = board.state.calls[offer.call], board.state.agents[offer.agent]
    end(board, offer, "refused", "rejected", None)
    if fact.reason == "rejected":
        _said_no(board, call, agent, now)
        return
    # The person never heard it: this is neither a miss in a row nor a no, but others come first now.
    call.missed[agent.id] = call.missed.get(agent.id, 0) + 1
    not_taken(board, call, now)
    if agent.offers:
        work(board, agent, "unreachable", now)
    elif agent.next_state:
        rest(board, agent, "unreachable", now)
    elif fact.reason == "failed":
        board.move(agent, "unreachable", "paused", now, FAILED)
        agent.until = after(now, TRY_AGAIN_S)
        board.deadlines.set(agent.until, RECOVER, agent.id)
    else:
        board.move(agent, "unreachable", "paused", now, UNREACHABLE)


def declined(board: Board, fact: OfferDeclined, now: Instant) -> None:
    """The agent said no in the page."""
    offer = pending(board, fact.offer, fact.agent)
    end(board, offer, "refused", "rejected", "declined")
    _said_no(board, board.state.calls[offer.call], board.state.agents[offer.agent], now)


def _said_no(board: Board, call: FloorCall, agent: FloorAgent, now: Instant) -> None:
    if agent.id not in call.rejected:
        call.rejected.append(agent.id)
    board.counted_agent(agent, now).rejected += 1
    not_taken(board, call, now)
    work(board, agent, "rejected", now)


def timed_out(board: Board, key: str, now: Instant) -> None:
    """Nobody picked up."""
    offer = board.state.offers[key]
    call, agent = board.state.calls[offer.call], board.state.agents[offer.agent]
    end(board, offer, "deadline", "timed_out", "timed_out")
    call.missed[agent.id] = call.missed.get(agent.id, 0) + 1
    agent.misses += 1
    board.counted_agent(agent, now).missed += 1
    not_taken(board, call, now)
    work(board, agent, "timed out", now)


def not_taken(board: Board, call: FloorCall, now: Instant) -> None:
    """One offer came to nothing. If none is left the call waits on in its place, or goes back to its flow if
    its queue is gone; nobody waits for an agent's own call.
    """
    if call.offers:
        return
    call.ring_at = None
    if call.dial and not call.callback:
        check(CALL, call.state, "not taken", "over")
        del board.state.calls[call.id]
        return
    if call.queue not in board.queues:
        if call.callback:
            check(CALL, call.state, "not taken", "over")
            del board.state.calls[call.id]
            board.say(CallbackOver(CallId(call.id), QueueId(call.queue), "unknown_queue"))
            return
        give_back(board, call, "unknown_queue", now, "not taken")
        return
    closed = board.state.queues[call.queue].closed
    if closed is not None and not call.callback:
        give_back(board, call, "closed", now, "not taken", message=closed)
        return
    check(CALL, call.state, "not taken", "waiting")
    call.state = "waiting"
    still_held(board, call, now)
    board.start_waiting(call)


def give_back(
    board: Board,
    call: FloorCall,
    reason: ReturnReason,
    now: Instant,
    event: str = "returned",
    target: str = "",
    message: str = "",
) -> None:
    """The call leaves the floor; its flow decides what comes next."""
    check(CALL, call.state, event, "returned")
    if call.state == "waiting":
        board.stop_waiting(call)
    if call.queue in board.state.queues:
        count_returned(board.counted(call.queue, now), call)
    call.state = "returned"
    del board.state.calls[call.id]
    board.say(ReturnToFlow(CallId(call.id), QueueId(call.queue), reason, target, message))
