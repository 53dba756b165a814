"""Every figure of one choice of agents."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecasting.erlang.delay import ErlangC
from forecasting.erlang.patience import ErlangA
from forecasting.erlang.service_levels import DEFAULT, Definition
from forecasting.history import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Measures:
    """What callers and agents of each interval will find; arrays of one shape.

    ``asa_s`` is the mean wait of the answered (NaN where nobody is), ``mean_wait_s`` and ``p90_wait_s`` are
    of all callers, ``queue_length`` is the mean number who wait. ``occupancy`` is NaN without agents. Where
    ``overloaded`` (Erlang C only) waits and queue are infinite and the service level is 0.
    """

    service_level: Floats
    probability_of_wait: Floats
    asa_s: Floats
    occupancy: Floats
    abandonment: Floats
    mean_wait_s: Floats
    p90_wait_s: Floats
    queue_length: Floats
    overloaded: NDArray[np.bool_]


def erlang(
    agents: ArrayLike, load: ArrayLike, aht_s: ArrayLike, patience_s: ArrayLike | None = None
) -> ErlangA | ErlangC:
    """Erlang A for callers of this mean patience, Erlang C for callers of endless patience (None or
    infinite).

    Raises ValueError for patience that is endless for some intervals and not for others.
    """
    if patience_s is None:
        return ErlangC(agents, load, aht_s)
    endless = np.isposinf(np.asarray(patience_s, dtype=np.float64))
    if endless.all():
        return ErlangC(agents, load, aht_s)
    if endless.any():
        raise ValueError("patience_s is infinite for some intervals and not for others; ask for them apart")
    return ErlangA(agents, load, aht_s, patience_s)


def measures(
    agents: ArrayLike,
    load: ArrayLike,
    aht_s: ArrayLike,
    patience_s: ArrayLike | None = None,
    *,
    within_s: ArrayLike = 20.0,
    definition: Definition = DEFAULT,
    short_s: float = 5.0,
) -> Measures:
    """The figures of ``agents`` for a ``load`` in erlangs, handled in ``aht_s`` (broadcast to one shape).

    ``within_s``, ``definition`` and ``short_s`` say what service level is meant. Raises ValueError as the
    formulas do.
    """
    queue = erlang(agents, load, aht_s, patience_s)
    return Measures(
        queue.service_level(within_s, definition, short_s),
        queue.probability_of_wait,
        queue.asa_s,
        queue.occupancy,
        queue.abandonment,
        queue.mean_wait_s,
        queue.wait_percentile_s(0.9),
        queue.queue_length,
        queue.overloaded,
    )
