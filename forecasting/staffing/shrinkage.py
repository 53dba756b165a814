"""Shrinkage: of the people who are paid, the share that is not there to take calls, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from forecasting.erlang.gamma import floats
from forecasting.history import Floats, Ints

SLACK = 1e-9
"""A share of the people that is nobody, when 21 agents and 30 % away come to 30.000000000000004 people."""


@dataclass(frozen=True, slots=True, eq=False)
class Reason:
    """Why people are not there: ``share`` of them, one number or one per interval (0 to below 1).

    ``of`` says whom it is a share of: of all who are ``paid`` (leave, illness: they are not in the house), or
    of those who are ``present`` (breaks, meetings, coaching).
    """

    name: str
    share: ArrayLike
    of: Literal["paid", "present"] = "paid"


def shrinkage(reasons: Iterable[Reason]) -> Floats:
    """What the reasons come to, per interval (broadcast; shape ``()`` if each is one number).

    Reasons of one kind add up, since nobody is on leave and ill at once. Of those they leave, the reasons of
    the present take theirs: 1 - (1 - paid)(1 - present). Raises ValueError for a share that is none, and for
    reasons that leave nobody.
    """
    away = {"paid": np.zeros(()), "present": np.zeros(())}
    for reason in reasons:
        share = floats(f"shrinkage {reason.name!r}", reason.share, 0)
        if reason.of not in away:
            raise ValueError(
                f"shrinkage {reason.name!r} is of {reason.of!r}; it must be of paid or of present"
            )
        away[reason.of] = away[reason.of] + share
    for of, share in away.items():
        if (share >= 1).any():
            raise ValueError(f"the shrinkage of those {of} comes to {float(share.max()):g} and leaves nobody")
    total: Floats = 1 - (1 - away["paid"]) * (1 - away["present"])
    return total


def scheduled(agents: ArrayLike, shrinkage: ArrayLike) -> Ints:
    """People to schedule so that ``agents`` remain, per interval: agents / (1 - shrinkage), rounded up.

    Raises ValueError for agents below 0 and for a shrinkage outside [0, 1).
    """
    needed, share = floats("agents", agents, 0), floats("shrinkage", shrinkage, 0)
    if (share >= 1).any():
        raise ValueError(f"a shrinkage of {float(share.max()):g} leaves nobody; it must be below 1")
    return np.ceil(needed / (1 - share) * (1 - SLACK)).astype(np.int64)
