"""A new configuration for a floor at work: nobody who waits or talks is dropped, nobody is signed out
who is still named."""

from math import isfinite

from acd.floor import agents, offers
from acd.floor.board import Board
from acd.floor.counters import day_of
from acd.floor.state import FloorAgent, FloorQueue
from acd.floor.tables import Refused
from domain.config import FloorConfigured, QueueConfig
from domain.instant import Instant


def configured(board: Board, fact: FloorConfigured, now: Instant) -> None:
    """Take the configuration over, or refuse it whole.

    Calls waiting in a queue that is gone return to their flow; agents who are gone leave as if they had
    signed out (after their contact); everything else goes on under the new rules.
    """
    _validate(fact, now)
    state = board.state
    state.missed_limit = fact.missed_limit
    for config in fact.queues:
        _take_queue(board, config, now)
    gone = sorted(set(state.queues) - {q.id for q in fact.queues})
    for call in sorted(state.calls.values(), key=lambda c: c.seq):
        if call.queue in gone and call.state == "waiting":
            offers.give_back(board, call, "unknown_queue")
    for key in gone:
        del state.queues[key]
    named = {a.id for a in fact.agents}
    for key in sorted(set(state.agents) - named):
        state.agents[key].configured = False
        state.agents[key].queues = state.agents[key].skills = ()
    for wanted in fact.agents:
        agent = state.agents.setdefault(wanted.id, FloorAgent(wanted.id))
        agent.name, agent.configured = wanted.name, True
        agent.queues = tuple(sorted(set(wanted.queues)))
        agent.skills = tuple(sorted(set(wanted.skills)))
    board.rebuild()
    for key in sorted(set(state.agents) - named):
        _let_go(board, state.agents[key], now)
    board.touched_agents |= set(state.agents)
    board.touched_queues |= set(state.queues)
    board.left |= set(state.queues)
    board.new_idle |= {a.id for a in state.agents.values() if a.state == "available"}


def _let_go(board: Board, agent: FloorAgent, now: Instant) -> None:
    if agent.state in ("on_contact", "wrap_up"):
        agent.next_state, agent.next_reason = "signed_out", ""
    elif agent.state != "signed_out":
        agents.leave(board, agent, "signs out", now)


def _take_queue(board: Board, config: QueueConfig, now: Instant) -> None:
    queue = board.state.queues.get(config.id)
    if queue is None:
        queue = board.state.queues[config.id] = FloorQueue(config)
    elif queue.config.timezone == config.timezone:
        queue.config = config
        return
    queue.config = config
    queue.day_start, queue.day_end = day_of(now, config.timezone)


def _validate(fact: FloorConfigured, now: Instant) -> None:
    if fact.missed_limit < 1:
        raise Refused(f"missed_limit is {fact.missed_limit}: it must be at least 1")
    if len({q.id for q in fact.queues}) < len(fact.queues):
        raise Refused("two queues have the same id")
    if len({a.id for a in fact.agents}) < len(fact.agents):
        raise Refused("two agents have the same id")
    for queue in fact.queues:
        numbers = {
            "target_s": (queue.target_s, 0.0),
            "ring_s": (queue.ring_s, 1.0),
            "wrap_up_s": (queue.wrap_up_s, 0.0),
            "max_wait_s": (queue.max_wait_s, 0.0),
            "max_length": (queue.max_length, 0.0),
            "age_rate": (queue.age_rate, 0.0),
            "busy_window_s": (queue.busy_window_s, 1.0),
        }
        for name, (value, least) in numbers.items():
            if not isfinite(value) or value < least:
                raise Refused(f"queue {queue.id}: {name} is {value}, it must be at least {least:g}")
        if not isfinite(queue.age_cap):
            raise Refused(f"queue {queue.id}: age_cap is {queue.age_cap}")
        try:
            day_of(now, queue.timezone)
        except (KeyError, ValueError, OSError) as error:
            raise Refused(f"queue {queue.id}: there is no time zone {queue.timezone!r}") from error
