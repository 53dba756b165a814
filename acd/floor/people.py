"""What people do: sign in and out, be ready, pause, end their wrap-up; and what their device does."""

from acd.floor.board import FAILED, UNREACHABLE, Board
from acd.floor.offers import drop_pending, leave, rest, work, wrapped_up
from acd.floor.state import FloorAgent, FloorOffer
from acd.floor.tables import AGENT, Refused, hears
from domain.calls import DeviceReachable
from domain.desk import AgentPaused, AgentReady, AgentSignedIn, AgentSignedOut, WrapUpEnded
from domain.instant import Instant


def known(board: Board, key: str) -> FloorAgent:
    """The agent, or Refused."""
    agent = board.state.agents.get(key)
    if agent is None:
        raise Refused(f"there is no agent {key}")
    return agent


def _live(board: Board, agent: FloorAgent) -> list[FloorOffer]:
    return [board.state.offers[key] for key in agent.offers]


def busy(board: Board, agent: FloorAgent) -> bool:
    """Whether the agent is on a contact or wraps one up: what they ask for comes afterwards."""
    return any(offer.state != "pending" for offer in _live(board, agent))


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
    board.counted_agent(agent, now)
    if agent.state == "signed_out":
        board.move(agent, "signs in", "paused", now)
        return
    drop_pending(board, agent, now)
    if agent.state == "offered":
        agent.misses = 0
        work(board, agent, "signs in", now)
    elif agent.state == "available" and not board.reachable(agent):
        board.move(agent, "signs in", "paused", now, UNREACHABLE)
    elif agent.state == "paused" and agent.reason == UNREACHABLE and board.reachable(agent):
        board.move(agent, "device up", "available", now)
    else:
        board.refresh(agent)


def signed_out(board: Board, fact: AgentSignedOut, now: Instant) -> None:
    """End the session: at once, or after the contacts and their wrap-up."""
    agent = known(board, fact.agent)
    hears(AGENT, agent.state, "signs out", f"agent {agent.id}")
    drop_pending(board, agent, now)
    if any(offer.state == "accepted" for offer in _live(board, agent)):
        _ask_next(board, agent, "signed_out", "", fact.by)
        return
    agent.next_state, agent.next_by = "signed_out", fact.by
    _end_wrap_ups(board, agent, "signs out", now)
    if agent.state != "signed_out":
        leave(board, agent, "signs out", now, fact.by)


def let_go(board: Board, agent: FloorAgent, now: Instant) -> None:
    """The configuration no longer names them: they leave, after the contact under way."""
    if agent.state == "signed_out":
        return
    drop_pending(board, agent, now)
    if busy(board, agent):
        _ask_next(board, agent, "signed_out", "", "")
        work(board, agent, "signs out", now)
    else:
        leave(board, agent, "signs out", now)


def ready(board: Board, fact: AgentReady, now: Instant) -> None:
    """Become available; in wrap-up that ends it, on a contact it takes back what was asked for afterwards."""
    agent = known(board, fact.agent)
    hears(AGENT, agent.state, "ready", f"agent {agent.id}")
    if not agent.configured:
        raise Refused(f"agent {agent.id} is leaving")
    if agent.state in ("on_contact", "offered"):
        if not agent.next_state:
            raise Refused(f"agent {agent.id} has asked for nothing to take back")
        _ask_next(board, agent, "", "", "")
        return
    if agent.state == "paused" and agent.reason == UNREACHABLE and not board.reachable(agent):
        raise Refused(f"agent {agent.id} waits for device {agent.device} already")
    agent.misses = 0
    agent.next_state = agent.next_reason = agent.next_by = ""
    if agent.offers:
        _end_wrap_ups(board, agent, "ready", now)
    else:
        rest(board, agent, "ready", now)


def paused(board: Board, fact: AgentPaused, now: Instant) -> None:
    """Take no offers: at once, or after the contacts and their wrap-up."""
    agent = known(board, fact.agent)
    hears(AGENT, agent.state, "pauses", f"agent {agent.id}")
    if fact.reason in (UNREACHABLE, FAILED):
        raise Refused(f"{fact.reason} is the floor's own reason; a pause for it would end by itself")
    if busy(board, agent):
        if not agent.configured:
            raise Refused(f"agent {agent.id} is leaving")
        agent.next_state = "paused"  # before offers are taken back, so that none comes again
        drop_pending(board, agent, now)
        _ask_next(board, agent, "paused", fact.reason, fact.by)
        work(board, agent, "pauses", now)
        return
    drop_pending(board, agent, now)
    agent.misses = 0
    agent.next_state = agent.next_reason = agent.next_by = ""
    board.move(agent, "pauses", "paused", now, fact.reason, fact.by)


def wrap_up_ended(board: Board, fact: WrapUpEnded, now: Instant) -> None:
    """The agent finished the work after their contacts."""
    agent = known(board, fact.agent)
    hears(AGENT, agent.state, "wrap-up ended", f"agent {agent.id}")
    if not any(offer.state == "wrapping" for offer in _live(board, agent)):
        raise Refused(f"agent {agent.id} wraps nothing up")
    _end_wrap_ups(board, agent, "wrap-up ended", now)


def _end_wrap_ups(board: Board, agent: FloorAgent, event: str, now: Instant) -> None:
    for offer in _live(board, agent):
        if offer.state == "wrapping":
            wrapped_up(board, offer, event, now)


def wrap_up_over(board: Board, key: str, now: Instant) -> None:
    """The time for a wrap-up is up."""
    wrapped_up(board, board.state.offers[key], "wrap-up ended", now)


def recovered(board: Board, key: str, now: Instant) -> None:
    """A fault of ours may have passed: the agent is tried again."""
    agent = board.state.agents[key]
    if board.reachable(agent):
        board.move(agent, "recovers", "available", now)
    else:
        board.move(agent, "recovers", "paused", now, UNREACHABLE)


def device_reachable(board: Board, fact: DeviceReachable, now: Instant) -> None:
    """A device came or went: its agent becomes available or not; a contact under way is kept."""
    devices = board.state.devices
    agent = board.state.agents.get(board.by_device.get(fact.device, ""))
    waits = agent is not None and agent.state == "paused" and agent.reason in (UNREACHABLE, FAILED)
    if devices.get(fact.device, False) == fact.reachable and not (fact.reachable and waits):
        raise Refused(f"device {fact.device} was known to be {'up' if fact.reachable else 'down'}")
    if fact.reachable:
        devices[fact.device] = True
    else:
        del devices[fact.device]
    if agent is None:
        return
    if fact.reachable and waits:
        board.move(agent, "device up", "available", now)
        return
    if not fact.reachable:
        drop_pending(board, agent, now)
        if agent.state in ("available", "offered") and not agent.offers:
            if agent.next_state:
                rest(board, agent, "device down", now)
            else:
                board.move(agent, "device down", "paused", now, UNREACHABLE)
            return
        if agent.state == "offered":
            work(board, agent, "withdrawn", now)
            return
    board.refresh(agent)


def _ask_next(board: Board, agent: FloorAgent, state: str, reason: str, by: str) -> None:
    agent.next_state, agent.next_reason, agent.next_by = state, reason, by
    board.refresh(agent)
