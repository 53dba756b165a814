"""What people do: sign in and out, be ready, pause, end their wrap-up; and what their device does."""

from acd.floor.board import WRAP_UP_DEADLINE, Board
from acd.floor.counters import close_handled
from acd.floor.offers import withdraw
from acd.floor.state import FloorAgent
from acd.floor.tables import AGENT, Refused, hears
from domain.calls import DeviceReachable
from domain.desk import AgentPaused, AgentReady, AgentSignedIn, AgentSignedOut, WrapUpEnded
from domain.instant import Instant, after

UNREACHABLE = "unreachable"
"""Pause reason of an agent who is ready but whose device is not: ends by itself when the device is back."""


def known(board: Board, key: str) -> FloorAgent:
    """The agent, or Refused."""
    agent = board.state.agents.get(key)
    if agent is None:
        raise Refused(f"there is no agent {key}")
    return agent


def signed_in(board: Board, fact: AgentSignedIn, now: Instant) -> None:
    """Begin a session (paused), or move it to another device, whatever the agent is doing."""
    agent = known(board, fact.agent)
    hears(AGENT, agent.state, "signs in", f"agent {agent.id}")
    if not agent.configured:
        raise Refused(f"agent {agent.id} is no longer configured")
    if agent.device == fact.device:
        raise Refused(f"agent {agent.id} is already signed in on {fact.device}")
    other = board.by_device.get(fact.device)
    if other is not None:
        raise Refused(f"device {fact.device} is in use by agent {other}")
    if agent.device is not None:
        del board.by_device[agent.device]
    board.by_device[fact.device] = agent.id
    agent.device = fact.device
    board.touched_agents.add(agent.id)
    if agent.state == "signed_out":
        board.move(agent, "signs in", "paused", now)
    elif agent.state == "offered":
        withdraw(board, agent, "agent_gone")
        rest(board, agent, "signs in", now)
    elif agent.state == "available" and not board.reachable(agent):
        board.move(agent, "signs in", "paused", now, UNREACHABLE)
    elif agent.state == "paused" and agent.reason == UNREACHABLE and board.reachable(agent):
        board.move(agent, "device up", "available", now)


def signed_out(board: Board, fact: AgentSignedOut, now: Instant) -> None:
    """End the session: at once, or after the contact and its wrap-up."""
    agent = known(board, fact.agent)
    hears(AGENT, agent.state, "signs out", f"agent {agent.id}")
    if agent.state == "on_contact":
        _ask_next(board, agent, "signed_out", "")
        return
    leave(board, agent, "signs out", now)


def leave(board: Board, agent: FloorAgent, event: str, now: Instant) -> None:
    """Sign an agent out who is on no contact."""
    if agent.state == "offered":
        withdraw(board, agent, "agent_gone")
    _forget_contact(board, agent, now)
    if agent.device is not None:
        del board.by_device[agent.device]
    agent.device = None
    agent.misses = 0
    board.move(agent, event, "signed_out", now)


def ready(board: Board, fact: AgentReady, now: Instant) -> None:
    """Become available; in wrap-up that ends it, on a contact it takes back what was asked for afterwards."""
    agent = known(board, fact.agent)
    hears(AGENT, agent.state, "ready", f"agent {agent.id}")
    if not agent.configured:
        raise Refused(f"agent {agent.id} is leaving")
    if agent.state == "on_contact":
        if not agent.next_state:
            raise Refused(f"agent {agent.id} has asked for nothing to take back")
        _ask_next(board, agent, "", "")
        return
    if agent.state == "paused" and agent.reason == UNREACHABLE and not board.reachable(agent):
        raise Refused(f"agent {agent.id} waits for device {agent.device} already")
    agent.misses = 0
    agent.next_state = agent.next_reason = ""
    rest(board, agent, "ready", now)


def paused(board: Board, fact: AgentPaused, now: Instant) -> None:
    """Take no offers: at once, or after the contact and its wrap-up."""
    agent = known(board, fact.agent)
    hears(AGENT, agent.state, "pauses", f"agent {agent.id}")
    if fact.reason == UNREACHABLE:
        raise Refused(f"{UNREACHABLE} is the floor's own reason; a pause for it would end by itself")
    if agent.state in ("on_contact", "wrap_up"):
        if not agent.configured:
            raise Refused(f"agent {agent.id} is leaving")
        _ask_next(board, agent, "paused", fact.reason)
        return
    if agent.state == "offered":
        withdraw(board, agent, "agent_gone")
    agent.misses = 0
    board.move(agent, "pauses", "paused", now, fact.reason)


def wrap_up_ended(board: Board, fact: WrapUpEnded, now: Instant) -> None:
    """The agent finished the work after a call."""
    agent = known(board, fact.agent)
    hears(AGENT, agent.state, "wrap-up ended", f"agent {agent.id}")
    rest(board, agent, "wrap-up ended", now)


def begin_wrap_up(board: Board, agent: FloorAgent, now: Instant) -> None:
    """The contact is over: wrap up for as long as its queue says, or rest at once."""
    queue = board.state.queues.get(agent.queue or "")
    wrap_up_s = queue.config.wrap_up_s if queue is not None else 0.0
    if wrap_up_s <= 0:
        rest(board, agent, "contact ended", now)
        return
    until = after(now, wrap_up_s)
    board.move(agent, "contact ended", "wrap_up", now, until=until)
    board.set_deadline(until, WRAP_UP_DEADLINE, agent.id)


def rest(board: Board, agent: FloorAgent, event: str, now: Instant) -> None:
    """Done with what they did: go where they asked to go, else be available, if the device can be rung."""
    wanted, reason = agent.next_state, agent.next_reason
    if wanted == "signed_out":
        leave(board, agent, event, now)
        return
    _forget_contact(board, agent, now)
    if wanted == "paused":
        board.move(agent, event, "paused", now, reason)
    elif board.reachable(agent):
        board.move(agent, event, "available", now)
    else:
        board.move(agent, event, "paused", now, UNREACHABLE)


def device_reachable(board: Board, fact: DeviceReachable, now: Instant) -> None:
    """A device came or went: its agent becomes available or not; a contact under way is kept."""
    devices = board.state.devices
    agent = board.state.agents.get(board.by_device.get(fact.device, ""))
    waits = agent is not None and agent.state == "paused" and agent.reason == UNREACHABLE
    if devices.get(fact.device, False) == fact.reachable and not (fact.reachable and waits):
        raise Refused(f"device {fact.device} was known to be {'up' if fact.reachable else 'down'}")
    if fact.reachable:
        devices[fact.device] = True
    else:
        del devices[fact.device]
    if agent is None:
        return
    board.touched_agents.add(agent.id)
    if fact.reachable and waits:
        board.move(agent, "device up", "available", now)
    elif not fact.reachable and agent.state in ("available", "offered"):
        if agent.state == "offered":
            withdraw(board, agent, "agent_gone")
        board.move(agent, "device down", "paused", now, UNREACHABLE)


def _ask_next(board: Board, agent: FloorAgent, state: str, reason: str) -> None:
    agent.next_state, agent.next_reason = state, reason
    board.touched_agents.add(agent.id)


def _forget_contact(board: Board, agent: FloorAgent, now: Instant) -> None:
    close_handled(agent, now, board.longest_window_s)
    agent.offer = agent.call = agent.queue = None
    agent.next_state = agent.next_reason = ""
