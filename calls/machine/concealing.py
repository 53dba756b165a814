"""Digits nobody may see: they go to the vault, and the switch keeps their keys from everybody else."""

from calls.machine.state import CallState, Made, ignored
from domain.flow import Conceal, Reveal, SecretHeard
from domain.instant import Instant
from domain.switch import SecretPressed, Shield


def conceal(s: CallState, fact: Conceal, now: Instant) -> Made:
    """From now on; the name is remembered, since after a crash what was typed under it is lost."""
    if not fact.secret:
        return ignored(s, fact, "is to keep digits under no name")
    s.secret = fact.secret
    if fact.secret not in s.secrets:
        s.secrets.append(fact.secret)
    return [Shield(s.caller_leg, True)]


def reveal(s: CallState, fact: Reveal, now: Instant) -> Made:
    """Keys are heard again."""
    return lay_open(s)


def lay_open(s: CallState) -> Made:
    """The caller leaves the flow, or is asked something else: their keys are heard again."""
    if not s.secret:
        return []
    s.secret = ""
    return [Shield(s.caller_leg, False)]


def pressed(s: CallState, fact: SecretPressed, now: Instant) -> Made:
    """The flow learns how many there are."""
    if fact.leg != s.caller_leg or fact.secret != s.secret:
        return []
    return [SecretHeard(s.id, fact.secret, fact.count)]
