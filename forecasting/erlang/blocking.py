"""Erlang B: so many lines, and who finds none free is lost."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecasting.erlang.gamma import floats, odds_free
from forecasting.erlang.search import least_whole
from forecasting.history import Floats, Ints


def blocking(lines: ArrayLike, load: ArrayLike) -> Floats:
    """The share of calls that find all ``lines`` busy, for a ``load`` in erlangs.

    Any distribution of holding times, calls at random (Erlang 1917). Fractions of lines by Jagerman's
    continuation, 1/B = a times the integral of exp(-a t) (1 + t)**n over t > 0. Without a load nothing is
    blocked, unless there is no line: then all would be. Raises ValueError for what is negative or no number.
    """
    n, a = np.broadcast_arrays(floats("lines", lines, 0), floats("load", load, 0))
    result: Floats = 1 / (1 + odds_free(n, a))
    return result


def lines_for(load: ArrayLike, share: ArrayLike) -> Ints:
    """The least number of lines at which at most ``share`` of the calls of ``load`` erlangs is blocked.

    Raises ValueError for a share that is not above 0, or a load below it.
    """
    a, most = np.broadcast_arrays(floats("load", load, 0), floats("blocking", share, 0, above=True))
    flat, limit = a.ravel(), most.ravel()

    def kept(which: Ints, n: Ints) -> NDArray[np.bool_]:
        held: NDArray[np.bool_] = 1 / (1 + odds_free(n.astype(np.float64), flat[which])) <= limit[which]
        return held

    return least_whole(kept, np.ceil(flat).astype(np.int64)).reshape(a.shape)


def load_for(lines: ArrayLike, share: ArrayLike) -> Floats:
    """The load in erlangs of which ``lines`` block just ``share``, 0 < share < 1, by bisection to 1e-12.

    Raises ValueError for a share outside, or for less than no lines.
    """
    n, wanted = np.broadcast_arrays(floats("lines", lines, 0), floats("blocking", share, 0, above=True))
    if (wanted >= 1).any():
        raise ValueError("blocking: a share must be below 1")
    low = np.zeros(n.shape)
    high = (n + 1) / (1 - wanted)  # the load carried, a(1 - B), is at most n
    for _ in range(200):
        middle = (low + high) / 2
        over = 1 / (1 + odds_free(n, middle)) > wanted
        low, high = np.where(over, low, middle), np.where(over, middle, high)
        if (high - low <= 1e-15 * high).all():
            break
    found: Floats = (low + high) / 2
    return found
