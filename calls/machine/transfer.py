"""The caller is handed on, by an agent or by their flow. The agent is let go at once; the caller never is."""

from dataclasses import replace

from calls.machine.concealing import lay_open
from calls.machine.contact import not_yours
from calls.machine.ending import caller_left
from calls.machine.shown import back_in_flow, enter
from calls.machine.state import TO_AGENT_S, CallState, Made, ignored, stray
from calls.machine.visits import begin_wait, end_contact
from domain.desk import TransferAsked
from domain.flow import Enqueue, HandOver, HandOverFailed
from domain.ids import AgentId, QueueId
from domain.instant import Instant
from domain.switch import Cancel, Connect, Dial, LegAnswered, LegEnded, Music, StopPlay


def asked(s: CallState, fact: TransferAsked, now: Instant) -> Made:
    """To a queue or an agent the place won earlier is kept; a number is dialled while music plays."""
    if s.agent is None or fact.agent != s.agent:
        return not_yours(s, fact)
    if not fact.target:
        return ignored(s, fact, "is handed to nobody")
    if fact.to == "queue":
        was = s.request or Enqueue(s.id, QueueId(fact.target), tier=s.tier)
        return _wait(s, replace(was, queue=QueueId(fact.target)), now)
    if s.request is None:
        return ignored(s, fact, "has no queue to come back to")
    if fact.to == "number":
        return [*end_contact(s, now, transferred=True), *_dial(s, fact.target, now)]
    if fact.target == s.agent:
        return ignored(s, fact, f"is with agent {s.agent} already")
    return _wait(s, s.request, now, AgentId(fact.target))


def _wait(s: CallState, request: Enqueue, now: Instant, agent: AgentId | None = None) -> Made:
    prefer_s = None if agent is None else TO_AGENT_S
    s.request = replace(request, preferred=agent, backup=None, prefer_s=prefer_s)
    made = end_contact(s, now, transferred=True)
    return [*made, *begin_wait(s, now)]


# ------------------------------------------------------------------ to a number


def hand_over(s: CallState, fact: HandOver, now: Instant) -> Made:
    """The flow hands the caller on."""
    if not fact.number:
        return [HandOverFailed(s.id, "")]
    return [*lay_open(s), *_dial(s, fact.number, now, by_flow=True)]


def _dial(s: CallState, number: str, now: Instant, *, by_flow: bool = False) -> Made:
    s.outside, s.outside_leg, s.outside_up, s.by_flow = number, s.new_leg(), False, by_flow
    dialled = Dial(s.outside_leg, number, s.dialled)
    return [Music(s.caller_leg), dialled, *enter(s, "dialling", now)]


def answered(s: CallState, fact: LegAnswered, now: Instant) -> Made:
    """The number picked up: they talk."""
    if fact.leg != s.outside_leg:
        return stray(s, fact.leg)
    s.outside_up = True
    return [Connect(s.caller_leg, fact.leg), *enter(s, "talking", now)]


def leg_ended(s: CallState, fact: LegEnded, now: Instant) -> Made:
    """The caller left, or the number did not pick up: back to where they came from."""
    if fact.leg == s.caller_leg:
        return caller_left(s, fact, now)
    return _not_reached(s, now) if fact.leg == s.outside_leg else []


def rang_too_long(s: CallState, now: Instant) -> Made:
    """Nobody picks up."""
    cancel: Made = [] if s.outside_leg is None else [Cancel(s.outside_leg)]
    return [*cancel, *_not_reached(s, now)]


def _not_reached(s: CallState, now: Instant) -> Made:
    """An agent's caller goes to the head of the queue they came from, the flow's goes on in it."""
    number, s.outside, s.outside_leg = s.outside, "", None
    if not s.by_flow:
        return begin_wait(s, now, at_head=True)
    return [StopPlay(s.caller_leg), *back_in_flow(s, now), HandOverFailed(s.id, number)]
