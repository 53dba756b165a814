"""A new configuration for a floor at work: nobody who waits or talks is dropped, nobody is signed out
who is still named."""

from acd.floor import callbacks, offers
from acd.floor.board import AWAY, Board
from acd.floor.counters import day_of
from acd.floor.need import read_skills
from acd.floor.people import let_go
from acd.floor.recipe import keep_steps
from acd.floor.state import FloorAgent, FloorQueue
from acd.floor.telling import first_telling
from acd.floor.validate import validate
from domain.config import AgentConfig, FloorConfigured, QueueConfig
from domain.instant import Instant


def configured(board: Board, fact: FloorConfigured, now: Instant) -> None:
    """Take the configuration over, or refuse it whole.

    Calls waiting in a queue that is gone return to their flow; agents who are gone leave as if they had
    signed out (after their contact); everything else goes on under the new rules.
    """
    validate(fact, now)
    state = board.state
    state.missed_limit = fact.missed_limit
    for config in fact.queues:
        _take_queue(board, config, now)
    _close_gone(board, set(state.queues) - {q.id for q in fact.queues}, now)
    state.groups = {g.id: tuple(sorted(set(g.agents))) for g in sorted(fact.groups, key=lambda g: g.id)}
    named = {a.id for a in fact.agents}
    for key in sorted(set(state.agents) - named):
        agent = state.agents[key]
        agent.configured = False
        agent.memberships, agent.skills, agent.branch = {}, {}, ""
    for wanted in fact.agents:
        _take_agent(state.agents.setdefault(wanted.id, FloorAgent(wanted.id)), wanted)
    board.rebuild()
    for key in sorted(set(state.agents) - named):
        let_go(board, state.agents[key], now)
    board.touched_agents |= set(state.agents)
    board.touched_queues |= set(state.queues)
    board.left |= set(state.queues)
    board.gone |= {a.id for a in state.agents.values() if a.state in AWAY} | set(board.held)
    # Whoever waits may be for other agents now, and the other way round.
    board.new_calls |= {c.id for c in state.calls.values() if c.state == "waiting"}


def _take_agent(agent: FloorAgent, wanted: AgentConfig) -> None:
    special = {m.queue: (m.level, m.penalty) for m in wanted.memberships}
    agent.name, agent.configured = wanted.name, True
    agent.memberships = {q: special.get(q, (1, 0)) for q in sorted({*wanted.queues, *special})}
    agent.skills = read_skills(wanted.skills)
    agent.branch, agent.may_pull, agent.wrap_up_s = wanted.branch, wanted.may_pull, wanted.wrap_up_s
    agent.capacity = dict(sorted(wanted.capacity.items()))


def _close_gone(board: Board, gone: set[str], now: Instant) -> None:
    state = board.state
    for call in sorted(state.calls.values(), key=lambda c: c.seq):
        if call.queue not in gone or call.state not in ("waiting", "parked"):
            continue
        if call.callback:
            callbacks.over(board, call, "unknown_queue")
        else:
            offers.give_back(board, call, "unknown_queue", now)
    for key in sorted(gone):
        del state.queues[key]


def _take_queue(board: Board, config: QueueConfig, now: Instant) -> None:
    queue = board.state.queues.get(config.id)
    if queue is None:
        queue = board.state.queues[config.id] = FloorQueue(config)
        queue.day_start, queue.day_end = day_of(now, config.timezone)
        return
    before, queue.config = queue.config, config
    if before.timezone != config.timezone:
        queue.day_start, queue.day_end = day_of(now, config.timezone)
    if before.recipe == config.recipe and before.announce == config.announce:
        return
    for call in board.state.calls.values():
        if call.queue != config.id or call.state == "answered" or (call.dial and not call.callback):
            continue
        if before.recipe != config.recipe:
            keep_steps(call, before, config)
            call.look_at = now if config.recipe else None
        if before.announce != config.announce:
            first_telling(call, config, now)
