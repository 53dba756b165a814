"""Who gets which call. Only calls that began to wait (or to wait for more agents) and agents who came to have
room are looked at: between any others a match was possible before, and would have been made.
"""

from collections.abc import Iterable, Iterator
from heapq import heapify, heappop, heappush
from itertools import chain, islice

from acd.floor.board import Board, condition
from acd.floor.need import BRANCH, Need, loosest, need_of, why_not
from acd.floor.offers import make
from acd.floor.queues import PRIORITY_UNIT, Entry, Lane, Rank, effective, rank
from acd.floor.state import FloorAgent, FloorCall
from acd.floor.strategies import BY_LOT, DEFAULT, RINGS_ALL, Look, Score
from acd.floor.tables import Refused
from domain.floor import Candidate, Why
from domain.ids import AgentId
from domain.instant import MICROS_PER_SECOND, Instant

SHOWN_CANDIDATES = 32
"""A decision names at most so many agents: first the eligible ones by score, then those filtered out."""

SHOWN_SCORES = 3
"""A score of more numbers is an order by name: nothing to show."""

Scored = tuple[tuple[int, bool, bool, int], Score, Instant, str]
"""(misses of this call, not preferred, not of its branch, penalty), the strategy's score, idle since, agent:
smallest first."""


def match(board: Board, now: Instant) -> None:
    """Make offers until no call waits beside an agent with room who is eligible for it, first call first."""
    calls = _new_calls(board, now)
    wants = _wants(board, now)
    while calls or wants:
        if wants and (not calls or wants[0][0] < calls[0][0]):
            _, key, agent = heappop(wants)
            call = board.state.calls.get(key)
            if call is None or call.state != "waiting" or not _may(board, board.state.agents[agent], call):
                _want(board, wants, board.state.agents[agent], now)
                continue
        else:
            _, key = heappop(calls)
            call = board.state.calls.get(key)
            if call is None or call.state != "waiting":
                continue
            agent = ""
        # Whoever is not the best for it wants another; who takes several contacts at a time, one more.
        for again in {agent, *offer_to_best(board, call, now)} - {""}:
            _want(board, wants, board.state.agents[again], now)


def _new_calls(board: Board, now: Instant) -> list[tuple[Rank, str]]:
    calls = [
        (rank(call, board.queues[call.queue].config, now), call.id)
        for key in board.new_calls
        if (call := board.state.calls.get(key)) is not None and call.state == "waiting"
    ]
    board.new_calls.clear()
    heapify(calls)
    return calls


def _wants(board: Board, now: Instant) -> list[tuple[Rank, str, str]]:
    wants: list[tuple[Rank, str, str]] = []
    for key in board.new_room:
        _want(board, wants, board.state.agents[key], now)
    board.new_room.clear()
    return wants


def _want(board: Board, wants: list[tuple[Rank, str, str]], agent: FloorAgent, now: Instant) -> None:
    best = best_call(board, agent, now)
    if best is not None:
        heappush(wants, (*best, agent.id))


def _may(board: Board, agent: FloorAgent, call: FloorCall) -> bool:
    """Whether the agent may be offered this waiting call now."""
    return (
        board.room_for(agent, board.queues[call.queue].config.channel)
        and agent.id not in call.rejected
        and board.fits(agent, board.lane_of(call))
    )


def best_call(board: Board, agent: FloorAgent, now: Instant) -> tuple[Rank, str] | None:
    """The waiting call this agent should be offered first, of all they may be."""
    best: tuple[Rank, str] | None = None
    calls = board.state.calls
    for lane in _lanes_for(board, agent):
        if not board.fits(agent, lane):
            continue
        entry: Entry | None = lane.first(now)
        if entry is not None and agent.id in calls[entry[4]].rejected:
            entry = next((e for e in lane.entries(now) if agent.id not in calls[e[4]].rejected), None)
        if entry is not None:
            this = (lane.rank(entry, now), entry[4])
            if best is None or this < best:
                best = this
    return best


def _lanes_for(board: Board, agent: FloorAgent) -> Iterator[Lane]:
    """Lanes that may be for the agent and whose channel they have room for; some may come twice."""
    for index in board.indexes(agent):
        if agent.id in index.idle:
            yield from index.open.values()
            if agent.branch:
                yield from index.home.get(agent.branch, {}).values()
    others = board.held.get(agent.id, [])
    for group in board.groups_with(agent):
        others = [*others, *board.wide.get(group, ())]
    for lane in others:
        if board.room_for(agent, board.queues[lane.queue].config.channel):
            yield lane


def eligible(board: Board, call: FloorCall) -> list[FloorAgent]:
    """Agents with room who may be offered this waiting call now."""
    lane = board.lane_of(call)
    return [
        a for a in _with_room(board, call, lane.need) if board.fits(a, lane) and a.id not in call.rejected
    ]


def _with_room(board: Board, call: FloorCall, need: Need) -> Iterator[FloorAgent]:
    """Agents with room whom the call may be for, each once; whether it is is still to be asked."""
    agents, index = board.state.agents, board.queues[call.queue]
    held_for = need.held_for
    if held_for is not None and not held_for.startswith(BRANCH):
        named = agents.get(held_for)
        if named is not None and board.room_for(named, index.config.channel):
            yield named
        return
    for key in index.idle:
        yield agents[key]
    seen: set[str] = set()
    for group in need.groups:
        for key in board.idle_of.get(group, ()):
            if (
                key not in index.idle
                and key not in seen
                and board.room_for(agents[key], index.config.channel)
            ):
                seen.add(key)
                yield agents[key]


def fitting(board: Board, call: FloorCall) -> Iterator[FloorAgent]:
    """Agents the call is for as it stands, whatever they are doing and whomever it is held for."""
    return (agent for agent in _fitting(board, call, need_of(call)) if agent.id not in call.rejected)


def _fitting(board: Board, call: FloorCall, need: Need) -> Iterator[FloorAgent]:
    agents, members = board.state.agents, board.queues[call.queue].members
    keys = [members, *(board.members_of(group) for group in need.groups)]
    seen: set[str] = set()
    for key in chain.from_iterable(keys):
        agent = agents.get(key)
        if agent is None or key in seen:
            continue
        if need.groups:
            seen.add(key)
        if not why_not(agent, call.queue, need, board.groups, held=False):
            yield agent


# ------------------------------------------------------------------ the decision


def offer_to_best(board: Board, call: FloorCall, now: Instant) -> list[str]:
    """Offer a waiting call to the best of its eligible agents (to all, if all are to ring); to whom."""
    agents = eligible(board, call)
    if not agents:
        return []
    strategy, scored = scores(board, call, agents, now)
    why = why_of(board, call, strategy, scored, now)
    chosen = scored if board.queues[call.queue].config.strategy == RINGS_ALL else scored[:1]
    for *_, key in chosen:
        make(board, call, board.state.agents[key], why, now)
    return [key for *_, key in chosen]


def ring_one_more(board: Board, key: str, now: Instant) -> None:
    """The next best agent rings beside those who ring already."""
    call = board.state.calls[key]
    call.ring_at = None
    if call.queue not in board.queues:
        return
    asked = {board.state.offers[offer].agent for offer in call.offers}
    need = need_of(call)
    agents = [
        agent
        for agent in _with_room(board, call, need)
        if agent.id not in asked and agent.id not in call.rejected
        if not why_not(agent, call.queue, need, board.groups)
    ]
    if agents:
        strategy, scored = scores(board, call, agents, now)
        make(board, call, board.state.agents[scored[0][-1]], why_of(board, call, strategy, scored, now), now)


def scores(
    board: Board, call: FloorCall, agents: Iterable[FloorAgent], now: Instant
) -> tuple[str, list[Scored]]:
    """The strategy's name and every agent's score, best first.

    A strategy of the settings that is missing or fails is replaced, and the name says so: a mistake in it
    must not keep callers waiting.
    """
    queue = board.state.queues[call.queue]
    looks = [
        Look(agent, call, queue, [board.state.offers[key] for key in agent.offers], now) for agent in agents
    ]
    name = queue.config.strategy
    strategy = board.strategies.get(name)
    if strategy is not None:
        try:
            return name, sorted(_scored(look, strategy(look), name) for look in looks)
        except Exception as error:  # noqa: BLE001 - code of the installation's own: whatever it raises
            name = f"{DEFAULT} ({name} failed: {type(error).__name__}: {error})"
    else:
        name = f"{DEFAULT} ({name} is not known)"
    default = board.strategies[DEFAULT]
    return name, sorted(_scored(look, default(look), DEFAULT) for look in looks)


def _scored(look: Look, score: Score, strategy: str) -> Scored:
    agent, call = look.agent, look.call
    away = bool(call.branch) and look.queue.config.home_branch_first and agent.branch != call.branch
    penalty = 0 if strategy == BY_LOT else look.penalty()
    before = (call.missed.get(agent.id, 0), agent.id != call.preferred, away, penalty)
    return (before, tuple(score), agent.idle_since, agent.id)


def why_of(board: Board, call: FloorCall, strategy: str, scored: list[Scored] | None, now: Instant) -> Why:
    """The reasons of an offer: the call's standing, and who was considered (None: it was asked for)."""
    index = board.queues.get(call.queue)
    return Why(
        strategy,
        priority=effective(call, index.config, now) / PRIORITY_UNIT if index is not None else 0.0,
        waited_s=(now - call.since) / MICROS_PER_SECOND,
        ahead_of=max(0, index.waiting() - (call.state == "waiting")) if index is not None else 0,
        candidates=() if scored is None else tuple(candidates(board, call, scored, now)),
    )


def candidates(board: Board, call: FloorCall, scored: list[Scored], now: Instant) -> Iterator[Candidate]:
    """Agents considered, best first, then those filtered out with what did it."""
    state = board.state
    queue = state.queues.get(call.queue)
    known = queue is not None and queue.config.strategy == DEFAULT and queue.config.busy_by == "handled"
    for before, score, idle_since, key in scored[:SHOWN_CANDIDATES]:
        agent = state.agents[key]
        handled: float = score[0] if known else 0
        if queue is not None and not known:
            live = [state.offers[one] for one in agent.offers]
            handled = Look(agent, call, queue, live, now).handled_us()
        yield Candidate(
            AgentId(key),
            "",
            handled / MICROS_PER_SECOND,
            (now - idle_since) / MICROS_PER_SECOND,
            before[0],
            not before[1],
            before[3],
            bool(call.branch) and agent.branch == call.branch,
            score if len(score) <= SHOWN_SCORES else (),
        )
    room = SHOWN_CANDIDATES - len(scored)
    index = board.queues.get(call.queue)
    if room > 0 and index is not None:
        able, need = {key for *_, key in scored}, need_of(call)
        groups = (board.members_of(group) for group in need.groups)
        everybody = dict.fromkeys(chain(index.members, *groups))
        others = (key for key in everybody if key not in able and key in state.agents)
        for key in islice(others, room):
            yield Candidate(AgentId(key), filtered=_filtered(board, call, need, state.agents[key]))


def _filtered(board: Board, call: FloorCall, need: Need, agent: FloorAgent) -> str:
    """Why an agent is not eligible for a call now; empty if they are."""
    if agent.state in ("signed_out", "paused", "missed"):
        return f"state: {agent.state}"
    not_for = why_not(agent, call.queue, need, board.groups)
    if not_for:
        return not_for
    if agent.id in call.rejected:
        return "rejected this call"
    index = board.queues[call.queue]
    if not board.room_for(agent, index.config.channel):
        return "capacity" if agent.state == "available" else f"state: {agent.state}"
    return ""


def worth_waiting(
    board: Board, call: FloorCall, absent: Iterable[str], *, whoever_said_no: bool = False
) -> bool:
    """Whether anybody present, busy or not, may come to be offered this call; or could, but for their no."""
    refused = () if whoever_said_no else call.rejected
    return any(agent.id not in refused for agent in _takers(board, call, frozenset(absent)))


def _takers(board: Board, call: FloorCall, absent: frozenset[str]) -> Iterator[FloorAgent]:
    agents = board.state.agents
    for name in (call.preferred, call.backup) if call.held_for is not None else ():
        if name in agents and condition(agents[name]) not in absent:
            yield agents[name]
    need = loosest(need_of(call), board.queues[call.queue].config)
    yield from (agent for agent in _fitting(board, call, need) if condition(agent) not in absent)


def must_have_room(board: Board, agent: FloorAgent, channel: str) -> None:
    """Raise Refused unless the agent, at work or not, could take a contact of the channel right now."""
    if agent.device is None:
        raise Refused(f"agent {agent.id} is signed out")
    if not board.reachable(agent):
        raise Refused(f"agent {agent.id}'s device {agent.device} cannot be rung")
    if agent.state in ("paused", "missed") and not agent.offers and board.capacity(agent, channel):
        return
    if not board.room_for(agent, channel):
        raise Refused(f"agent {agent.id} is {agent.state} and has no room for a {channel} contact")
