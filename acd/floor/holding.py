"""Calls kept for somebody: their preferred agent, then the backup, then the agents of their own branch.

Nobody waits for somebody who is away, who said no, or longer than the queue or the flow allows.
"""

from acd.floor.board import AWAY, Board
from acd.floor.need import BRANCH
from acd.floor.state import FloorAgent, FloorCall
from domain.instant import Instant, after


def hold(board: Board, call: FloorCall, now: Instant) -> None:
    """Keep a call that does not stand in its queue for the next who may have it alone, or for nobody."""
    stages = _stages(board, call)
    names = [name for name, _ in stages]
    if call.held_for in names:
        stages = stages[names.index(call.held_for) + 1 :]
    elif call.hold_until is not None:
        stages = []  # held before, and over
    call.held_for = None
    for name, seconds in stages:
        if seconds > 0 and _there(board, call, name):
            call.held_for, call.hold_until = name, after(now, seconds)
            return
    if call.hold_until is not None:
        call.hold_until = min(call.hold_until, now)


def _stages(board: Board, call: FloorCall) -> list[tuple[str, float]]:
    stages = [(name, call.prefer_s) for name in (call.preferred, call.backup) if name]
    config = board.queues[call.queue].config
    if config.home_branch_first and call.branch and not call.callback:
        stages.append((BRANCH + call.branch, config.home_branch_s))
    return stages


def _there(board: Board, call: FloorCall, name: str) -> bool:
    agents = board.state.agents
    if name.startswith(BRANCH):
        branch = name[len(BRANCH) :]
        members = (agents[key] for key in board.queues[call.queue].members)
        return any(a.branch == branch and a.state not in AWAY and a.id not in call.rejected for a in members)
    return name in agents and agents[name].state not in AWAY and name not in call.rejected


def still_held(board: Board, call: FloorCall, now: Instant) -> None:
    """A call comes back to its queue: hold it on only if that still makes sense."""
    while call.held_for is not None and (
        (call.hold_until is not None and call.hold_until <= now) or not _there(board, call, call.held_for)
    ):
        hold(board, call, now)


def hold_over(board: Board, key: str, now: Instant) -> None:
    """Whoever a waiting call is held for did not take it, or cannot: the next may."""
    call = board.state.calls[key]
    board.stop_waiting(call)
    hold(board, call, now)
    board.start_waiting(call)


def release_held(board: Board, now: Instant) -> None:
    """Calls held for somebody who went away in this step are held no longer."""
    for name in sorted(board.gone):
        agent = board.state.agents.get(name)
        if agent is not None and agent.state not in AWAY:
            continue
        lanes = list(board.held.get(name, ()))
        if agent is not None and agent.branch:
            lanes += [
                lane
                for index in board.indexes(agent)
                for lane in index.home.get(agent.branch, {}).values()
                if not _branch_there(board, agent, index.members)
            ]
        for lane in lanes:
            for key in list(lane.in_order(now)):
                hold_over(board, key, now)
    board.gone.clear()


def _branch_there(board: Board, gone: FloorAgent, members: list[str]) -> bool:
    agents = board.state.agents
    return any(agents[key].branch == gone.branch and agents[key].state not in AWAY for key in members)
