"""How many people are asked for, when, and what it costs to have fewer or more."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Step:
    """From the ``first``-th person on (1, 2, …), each one costs ``cost``."""

    first: int
    cost: int


Steps = tuple[Step, ...]
"""What persons missing, or too many, cost: the first step begins at 1, costs never fall, so that the tenth
missing person may cost more than the first and never less. No step: it costs nothing."""


def steps_cost(steps: Steps, count: int) -> int:
    """What ``count`` persons cost together; nothing if there are none."""
    total = 0
    for place, step in enumerate(steps):
        after = steps[place + 1].first if place + 1 < len(steps) else count + 1
        total += step.cost * max(0, min(after, count + 1) - step.first)
    return total


UNDER: Final[Steps] = (Step(1, 100),)
OVER: Final[Steps] = (Step(1, 1),)
"""What one person missing and one too many cost where nothing else is said."""


def flat(cost: int) -> Steps:
    """Every person costs the same."""
    return (Step(1, cost),) if cost else ()


@dataclass(frozen=True, slots=True)
class Demand:
    """People asked for at one kind of work, interval by interval.

    ``required`` has a value for each interval of the period, from 00:00 of the first day; ``skill`` at
    ``level`` or better is what one must have to count. Costs are per person and interval.

    Somebody counts in an interval if they are on the telephone from its first minute to its last: in a shift
    (one of the day before the period too), in no break and no activity, on no reserve shift unless on duty.
    All who are there are given to demands they have the skill for, each to exactly one, at the least cost.
    """

    name: str
    skill: str
    required: tuple[int, ...]
    level: int = 1
    under: Steps = UNDER
    over: Steps = OVER


@dataclass(frozen=True, slots=True)
class Cover:
    """People asked for on a shift of a day, whatever its hours; costs are per person."""

    day: int
    shift: str
    required: int
    under: Steps = UNDER
    over: Steps = OVER
