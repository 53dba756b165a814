"""What a service level is, as expected shares: the five definitions of counts, and the virtual one.

Boards and reports count (``common.service_level``); here the same definitions are taken of what the formulas
expect. ``virtual`` is what a caller of endless patience would find.
"""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from forecasting.erlang.gamma import divided
from forecasting.history import Floats

Definition = Literal[
    "answered_in_target_of_all",
    "in_target_of_all",
    "answered_in_target_of_answered",
    "answered_in_target_of_all_but_abandoned_in_target",
    "answered_in_target_or_short_of_all",
    "virtual",
]
DEFINITIONS: tuple[Definition, ...] = get_args(Definition)
DEFAULT: Definition = "answered_in_target_of_all"
"""Plans are made by the strictest: who gives up in time was not served."""


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """Of all who call: answered, answered within the target, abandoned within it, abandoned within the short
    time; and who would be answered within the target if they waited for it."""

    answered: Floats
    answered_in_target: Floats
    abandoned_in_target: Floats
    short_abandoned: Floats
    virtual: Floats


def service_level(shares: Shares, definition: Definition) -> Floats:
    """The share ``definition`` names. Where nobody counts it is 0 (nobody was served well).

    Raises ValueError for a definition there is not.
    """
    if definition == "answered_in_target_of_all":
        share = shares.answered_in_target
    elif definition == "in_target_of_all":
        share = shares.answered_in_target + shares.abandoned_in_target
    elif definition == "answered_in_target_of_answered":
        share = divided(shares.answered_in_target, shares.answered, 0.0)
    elif definition == "answered_in_target_of_all_but_abandoned_in_target":
        share = divided(shares.answered_in_target, 1 - shares.abandoned_in_target, 0.0)
    elif definition == "answered_in_target_or_short_of_all":
        share = shares.answered_in_target + shares.short_abandoned
    elif definition == "virtual":
        share = shares.virtual
    else:
        raise ValueError(f"{definition!r} is no service level; they are {', '.join(DEFINITIONS)}")
    return np.clip(share, 0.0, 1.0)
