"""Time as the machines know it: integer microseconds UTC, handed in from outside."""

from typing import NewType

Instant = NewType("Instant", int)
"""Microseconds since 1970-01-01T00:00:00Z."""

MICROS_PER_SECOND = 1_000_000


def after(now: Instant, seconds: float) -> Instant:
    """The instant ``seconds`` after ``now`` (negative: before), rounded to a microsecond."""
    return Instant(now + round(seconds * MICROS_PER_SECOND))


def seconds_between(start: Instant, end: Instant) -> float:
    """``end - start`` in seconds."""
    return (end - start) / MICROS_PER_SECOND


NEVER = Instant(0)
"""The value of an instant that has not been reached."""
