"""Calls out of turn: picked up (抢接), given to somebody by a supervisor, dialled by an agent."""

from acd.floor import offers
from acd.floor.board import Board
from acd.floor.matching import must_have_room, why_of
from acd.floor.offers import rules
from acd.floor.people import known
from acd.floor.state import FloorAgent, FloorCall
from acd.floor.tables import Refused
from domain.desk import CallAssigned, DialAsked, PickUpAsked
from domain.instant import Instant


def picked_up(board: Board, fact: PickUpAsked, now: Instant) -> None:
    """An agent takes a call that rings at a colleague's, or a waiting one if they may."""
    agent = known(board, fact.agent)
    call = _call(board, fact.call)
    if call.queue not in agent.memberships and not agent.may_pull:
        raise Refused(f"agent {agent.id} is no member of queue {call.queue}")
    if call.state == "waiting" and not agent.may_pull:
        raise Refused(f"agent {agent.id} may not take waiting calls out of turn")
    _hand_over(board, call, agent, "picked up", now, auto_answer=True)


def assigned(board: Board, fact: CallAssigned, now: Instant) -> None:
    """A supervisor gives a call to an agent: it rings there, and nowhere else."""
    agent = known(board, fact.agent)
    _hand_over(board, _call(board, fact.call), agent, f"assigned by {fact.by}", now, auto_answer=False)


def _call(board: Board, key: str) -> FloorCall:
    call = board.state.calls.get(key)
    if call is None or call.state not in ("waiting", "offered") or (call.dial and not call.callback):
        raise Refused(f"call {key} neither waits nor rings")
    return call


def _hand_over(
    board: Board, call: FloorCall, agent: FloorAgent, how: str, now: Instant, *, auto_answer: bool
) -> None:
    state = board.state
    if any(state.offers[key].agent == agent.id for key in call.offers):
        raise Refused(f"call {call.id} rings at agent {agent.id} already")
    must_have_room(board, agent, rules(board, call.queue).channel)
    for key in list(call.offers):
        offers.withdraw(board, state.offers[key], "picked_up", now)
    why = why_of(board, call, how, None, now)
    offers.make(board, call, agent, why, now, auto_answer=auto_answer)


def dialled(board: Board, fact: DialAsked, now: Instant) -> None:
    """An agent calls somebody: their telephone picks up by itself, then the number is dialled."""
    agent = known(board, fact.agent)
    if fact.call in board.state.calls:
        raise Refused(f"call {fact.call} is on the floor already")
    if not fact.number:
        raise Refused("there is no number to dial")
    if fact.queue is not None and fact.queue not in board.queues:
        raise Refused(f"there is no queue {fact.queue}")
    must_have_room(board, agent, "voice")
    board.state.calls_queued += 1
    call = FloorCall(
        id=fact.call,
        queue=fact.queue or "",
        seq=board.state.calls_queued,
        since=now,
        entered=now,
        base=0.0,
        skills={},
        tier="",
        at_head=False,
        caller=fact.number,
        state="offered",
        dial=fact.number,
    )
    board.state.calls[call.id] = call
    offers.make(board, call, agent, why_of(board, call, "dialled", None, now), now, auto_answer=True)
