"""Service level in all its definitions, from the same counts: for the board, the reports and the forecast.

Each definition bears the name of its formula. ``all`` are the answered and the abandoned; whoever left a
queue in another way (overflowed, called back, …) counts in none of them. ``in_target`` is within the queue's
answer target T, ``short`` within its short abandonment.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Counts:
    """Queue visits of some time: how they ended, and how many of them within the target."""

    answered: int
    abandoned: int
    answered_in_target: int
    abandoned_in_target: int
    short_abandoned: int


def in_target_of_all(counts: Counts) -> float | None:
    """Of all, who left in target, one way or the other."""
    return _share(counts.answered_in_target + counts.abandoned_in_target, _all(counts))


def answered_in_target_of_answered(counts: Counts) -> float | None:
    """Of the answered, who was in target: abandoning costs nothing."""
    return _share(counts.answered_in_target, counts.answered)


def answered_in_target_of_all(counts: Counts) -> float | None:
    """Of all, who was answered in target: the strictest."""
    return _share(counts.answered_in_target, _all(counts))


def answered_in_target_of_all_but_abandoned_in_target(counts: Counts) -> float | None:
    """As the strictest, but who gave up in target was not there."""
    return _share(counts.answered_in_target, _all(counts) - counts.abandoned_in_target)


def answered_in_target_or_short_of_all(counts: Counts) -> float | None:
    """As the strictest, but who gave up at once is no loss."""
    return _share(counts.answered_in_target + counts.short_abandoned, _all(counts))


@dataclass(frozen=True, slots=True)
class Definition:
    """One way to say how good the service was: a share from 0 to 1, None when nobody counts."""

    formula: str
    share: Callable[[Counts], float | None]


DEFINITIONS: Final[dict[str, Definition]] = {
    share.__name__: Definition(formula, share)
    for formula, share in (
        ("(ans+ab in T)/(ans+ab)", in_target_of_all),
        ("ans in T/ans", answered_in_target_of_answered),
        ("ans in T/(ans+ab)", answered_in_target_of_all),
        ("ans in T/(ans+ab after T)", answered_in_target_of_all_but_abandoned_in_target),
        ("(ans in T + ab within short)/(ans+ab)", answered_in_target_or_short_of_all),
    )
}
DEFAULT: Final = in_target_of_all.__name__
"""The one that is shown where there is room for one only."""


def service_levels(counts: Counts) -> dict[str, float | None]:
    """Every definition by its name."""
    return {name: definition.share(counts) for name, definition in DEFINITIONS.items()}


def _all(counts: Counts) -> int:
    return counts.answered + counts.abandoned


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
