"""A number rings: the one a caller is handed to, or that of the customer an agent waits for."""

from calls.machine import contact, outgoing, transfer
from calls.machine.state import CallState, Made
from domain.desk import HangUpAsked
from domain.instant import Instant
from domain.switch import LegAnswered, LegEnded


def answered(s: CallState, fact: LegAnswered, now: Instant) -> Made:
    """Somebody picked up."""
    return outgoing.answered(s, fact, now) if s.outside_leg is None else transfer.answered(s, fact, now)


def leg_ended(s: CallState, fact: LegEnded, now: Instant) -> Made:
    """The number was not reached, or who waits for it left."""
    return outgoing.leg_ended(s, fact, now) if s.outside_leg is None else transfer.leg_ended(s, fact, now)


def hang_up(s: CallState, fact: HangUpAsked, now: Instant) -> Made:
    """The agent gives up; one who handed their caller on has nothing to give up."""
    return contact.not_yours(s, fact) if fact.agent != s.agent else outgoing.gave_up(s, now)


def rang_too_long(s: CallState, now: Instant) -> Made:
    """Nobody picks up."""
    return outgoing.rang_too_long(s, now) if s.outside_leg is None else transfer.rang_too_long(s, now)
