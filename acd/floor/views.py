"""What pages are told of agents, queues and waiting calls."""

from typing import cast

from acd.floor import estimate
from acd.floor.board import Board
from acd.floor.counters import handled_us
from acd.floor.matching import SHOWN_CANDIDATES, candidates, eligible, scores
from acd.floor.need import BRANCH
from acd.floor.queues import PRIORITY_UNIT, effective
from domain.floor import AgentChanged, AgentState, QueueChanged, Standing
from domain.ids import AgentId, CallId, DeviceId, QueueId
from domain.instant import MICROS_PER_SECOND, Instant

SHOWN_CALLS = 50
"""A queue's picture names at most so many of its waiting calls."""


def agent_view(board: Board, key: str, now: Instant) -> AgentChanged:
    """What pages show of an agent."""
    agent = board.state.agents[key]
    live = [board.state.offers[offer] for offer in agent.offers]
    window = max((i.config.busy_window_s for i in board.indexes(agent)), default=board.longest_window_s)
    deadlines = [offer.deadline if offer.state == "pending" else offer.until for offer in live]
    times = [at for at in (agent.until, *deadlines) if at is not None]
    on_contact = agent.state == "on_contact"
    signed_in_us = agent.signed_in_us
    if agent.signed_in_since is not None:
        signed_in_us += now - agent.signed_in_since
    return AgentChanged(
        AgentId(agent.id),
        cast(AgentState, agent.state),
        agent.since,
        reason=agent.reason,
        call=CallId(live[-1].call) if live else None,
        device=DeviceId(agent.device) if agent.device else None,
        reachable=board.reachable(agent),
        until=None if on_contact else min(times, default=None),
        handled_s=handled_us(agent, live, now, window) / MICROS_PER_SECOND,
        next_state=agent.next_state,
        contacts=tuple(CallId(offer.call) for offer in live),
        by=agent.by,
        offered=agent.offered,
        answered=agent.answered,
        missed=agent.missed,
        rejected=agent.rejected,
        transferred=agent.transferred,
        contact_us=agent.contact_us,
        wrap_us=agent.wrap_us,
        signed_in_us=signed_in_us,
        in_progress_us=sum(now - (offer.ended or offer.accepted) for offer in live if offer.accepted),
        at=now,
    )


def queue_view(board: Board, key: str, now: Instant) -> QueueChanged:
    """What the wallboard shows of a queue."""
    queue, index = board.state.queues[key], board.queues[key]
    return QueueChanged(
        QueueId(key),
        waiting=index.waiting(),
        oldest=Instant(index.arrivals[0][0]) if index.arrivals else None,
        available=len(index.idle),
        staffed=index.staffed,
        offered=queue.offered,
        answered=queue.answered,
        abandoned=queue.abandoned,
        answered_in_target=queue.answered_in_target,
        abandoned_in_target=queue.abandoned_in_target,
        wait_us=queue.wait_us,
        calls=tuple(map(CallId, index.first(now, SHOWN_CALLS))),
        short_abandoned=queue.short_abandoned,
        returned=queue.returned,
        transferred=queue.transferred,
        handled=queue.handled,
        handled_us=queue.handled_us,
        callbacks=index.callbacks,
        estimate_s=estimate.wait_s(board, key, index.waiting() + 1),
        closed=queue.closed,
    )


def standing(board: Board, key: str, now: Instant) -> Standing | None:
    """Where a waiting call stands and why nobody has it yet; None if it does not wait."""
    call = board.state.calls.get(key)
    if call is None or call.state != "waiting":
        return None
    index = board.queues[call.queue]
    place = index.position(call, now)
    _, scored = scores(board, call, eligible(board, call), now)
    held_for = call.held_for if call.held_for and not call.held_for.startswith(BRANCH) else None
    return Standing(
        CallId(call.id),
        QueueId(call.queue),
        place,
        effective(call, index.config, now) / PRIORITY_UNIT,
        (now - call.since) / MICROS_PER_SECOND,
        estimate.wait_s(board, call.queue, place),
        tuple(f"{skill}/{level}" if level > 1 else skill for skill, level in sorted(call.skills.items())),
        call.level,
        AgentId(held_for) if held_for else None,
        tuple(call.steps_done),
        tuple(candidates(board, call, scored, now))[:SHOWN_CANDIDATES],
    )
