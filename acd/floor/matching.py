"""Who gets which call. Only calls that began to wait and agents who became available are looked at:
between any others a match was possible before, and would have been made."""

from collections.abc import Collection

from acd.floor.board import Board
from acd.floor.counters import handled_us
from acd.floor.offers import make
from acd.floor.queues import PRIORITY_UNIT, Rank, effective, rank
from acd.floor.state import FloorAgent, FloorCall
from domain.floor import Candidate, Why
from domain.ids import AgentId
from domain.instant import MICROS_PER_SECOND, Instant

STRATEGY = "least_busy"
SHOWN_CANDIDATES = 32
"""A decision names at most so many agents: first the eligible ones by score, then those filtered out."""

Score = tuple[int, bool, int, int, str]


def match(board: Board, now: Instant) -> None:
    """Make offers until no call waits beside an idle agent who is eligible for it, first call first."""
    state = board.state
    calls = sorted(
        (rank(call, board.queues[call.queue].config, now), call.id)
        for key in board.new_calls
        if (call := state.calls.get(key)) is not None and call.state == "waiting"
    )
    board.new_calls.clear()
    wants: dict[str, tuple[Rank, str] | None] = {}
    for agent in board.new_idle:
        if state.agents[agent].state == "available":
            wants[agent] = best_call(board, state.agents[agent], now)
    board.new_idle.clear()
    at = 0
    while True:
        while at < len(calls) and not eligible(board, state.calls[calls[at][1]]):
            at += 1
        found = [w for w in wants.values() if w is not None]
        if at < len(calls):
            found.append(calls[at])
        if not found:
            return
        call = state.calls[min(found)[1]]
        agent = offer_to_best(board, call, now)
        wants.pop(agent, None)
        for key, want in wants.items():
            if want is not None and want[1] == call.id:
                wants[key] = best_call(board, state.agents[key], now)
        calls = [c for c in calls[at:] if c[1] != call.id]
        at = 0


def best_call(board: Board, agent: FloorAgent, now: Instant) -> tuple[Rank, str] | None:
    """The waiting call this agent should be offered first, of all their queues."""
    best: tuple[Rank, str] | None = None
    skills = board.skills[agent.id]
    for index in board.indexes(agent):
        for asked, lane in index.lanes.items():
            if not skills.issuperset(asked):
                continue
            for key in lane.in_order(now):
                call = board.state.calls[key]
                if agent.id not in call.rejected:
                    this = (rank(call, index.config, now), key)
                    best = this if best is None else min(best, this)
                    break
    return best


def eligible(board: Board, call: FloorCall) -> list[str]:
    """Idle agents who may be offered this call now."""
    asked = call.skills
    return [
        agent
        for agent in board.queues[call.queue].idle
        if board.skills[agent].issuperset(asked) and agent not in call.rejected
    ]


def has_taker(board: Board, queue: str, skills: Collection[str], rejected: Collection[str] = ()) -> bool:
    """Whether anybody signed in, busy or not, may be offered such a call."""
    agents, index = board.state.agents, board.queues[queue]
    return index.staffed > 0 and any(
        agents[key].state != "signed_out" and board.skills[key].issuperset(skills) and key not in rejected
        for key in index.members
    )


def score(board: Board, call: FloorCall, agent: FloorAgent, now: Instant) -> Score:
    """Smallest first: fewest misses of this call, preferred, fewest handled seconds, longest idle, id."""
    window = board.queues[call.queue].config.busy_window_s
    return (
        call.missed.get(agent.id, 0),
        agent.id != call.preferred,
        handled_us(agent, now, window),
        agent.since,
        agent.id,
    )


def offer_to_best(board: Board, call: FloorCall, now: Instant) -> str:
    """Offer the call to the best of its eligible agents; who that was."""
    index = board.queues[call.queue]
    agents = board.state.agents
    scores = sorted(score(board, call, agents[key], now) for key in eligible(board, call))
    seen = [
        Candidate(
            AgentId(key),
            handled_s=handled / MICROS_PER_SECOND,
            idle_s=(now - since) / MICROS_PER_SECOND,
            missed=missed,
            preferred=not stranger,
        )
        for missed, stranger, handled, since, key in scores[:SHOWN_CANDIDATES]
    ]
    if len(seen) < SHOWN_CANDIDATES:
        able = {s[-1] for s in scores}
        others = sorted(index.members - able)[: SHOWN_CANDIDATES - len(seen)]
        seen += [Candidate(AgentId(key), filtered=_filtered(board, call, agents[key])) for key in others]
    why = Why(
        STRATEGY,
        priority=effective(call, index.config, now) / PRIORITY_UNIT,
        waited_s=(now - call.since) / MICROS_PER_SECOND,
        ahead_of=index.waiting() - 1,
        candidates=tuple(seen),
    )
    chosen = agents[scores[0][-1]]
    make(board, call, chosen, why, now)
    return chosen.id


def _filtered(board: Board, call: FloorCall, agent: FloorAgent) -> str:
    if agent.state != "available":
        return f"state: {agent.state}"
    if not board.skills[agent.id].issuperset(call.skills):
        return "skill: " + ", ".join(sorted(set(call.skills) - board.skills[agent.id]))
    return "rejected this call"
