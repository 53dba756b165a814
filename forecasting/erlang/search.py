"""The least whole number at which something begins to hold, for many cases at once."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from forecasting.history import Ints

Kept = Callable[[Ints, Ints], NDArray[np.bool_]]
"""Of cases (their indices, (k,)) and numbers (k,): whether each holds."""


def least_whole(kept: Kept, guess: Ints, most: int = 10**8) -> Ints:
    """For each of n cases the least whole number, 0 or more, from which on ``kept`` holds; (n,).

    ``guess`` (n,) is where the search begins: steps away from it double until they have the answer between
    two numbers, which is then halved. ``kept`` must stay true once it is. Raises ValueError if it does not
    hold at ``most``.
    """
    below = np.full(guess.shape, -1, dtype=np.int64)  # known not to hold
    above = np.full(guess.shape, -1, dtype=np.int64)  # known to hold; -1: nothing known yet
    step = np.ones(guess.shape, dtype=np.int64)
    trial = np.clip(guess, 0, most)
    open_ = np.arange(len(guess))
    while len(open_):
        holds = kept(open_, trial[open_])
        yes, no = open_[holds], open_[~holds]
        above[yes] = trial[yes]
        below[no] = trial[no]
        unknown = above < 0
        if (unknown & (below >= most)).any():
            raise ValueError(f"not kept by {most} either; the target cannot be reached")
        first = (below < 0) & ~unknown
        trial = np.where(unknown, below + step, np.where(first, above - step, (below + above) // 2))
        step *= 2
        trial = np.clip(trial, 0, most)
        open_ = open_[(above[open_] < 0) | (above[open_] - below[open_] > 1)]
    return above
