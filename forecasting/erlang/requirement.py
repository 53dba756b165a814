"""The least number of agents that keeps every target."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecasting.erlang.gamma import floats
from forecasting.erlang.measures import erlang
from forecasting.erlang.search import least_whole
from forecasting.erlang.service_levels import DEFAULT, DEFINITIONS, Definition
from forecasting.history import Floats, Ints

SLACK = 1e-12
"""A figure this near its target is on it: 12 agents of 12.000000000000001."""


@dataclass(frozen=True, slots=True)
class Targets:
    """What is to be kept; None is no target, and all that are given hold together.

    ``service_level``: at least this share within ``within_s``, by ``definition`` (``short_s`` is for the one
    that forgives who hangs up at once). ``answered``: at least this share answered. ``asa_s``: the answered
    wait no longer on average. ``abandonment``: at most this share gives up. ``occupancy``: agents are busy at
    most this share of their time. Raises ValueError for targets nothing or no number of agents could keep.
    """

    service_level: float | None = None
    within_s: float = 20.0
    definition: Definition = DEFAULT
    short_s: float = 5.0
    answered: float | None = None
    asa_s: float | None = None
    abandonment: float | None = None
    occupancy: float | None = None

    def __post_init__(self) -> None:
        given = (self.service_level, self.answered, self.asa_s, self.abandonment, self.occupancy)
        if all(one is None for one in given):
            raise ValueError(
                "there is no target: service level, answered share, ASA, abandonment or occupancy"
            )
        for name, share in (("a service level", self.service_level), ("an answered share", self.answered)):
            if share is not None and not 0 < share < 1:
                raise ValueError(f"{name} of {share:g} is no target; it lies above 0 and below 1")
        if self.abandonment is not None and not 0 < self.abandonment < 1:
            raise ValueError(f"an abandonment of {self.abandonment:g} is no target; it lies between 0 and 1")
        if self.asa_s is not None and not 0 < self.asa_s < np.inf:
            raise ValueError(f"an ASA of {self.asa_s:g} s is no target; it is more than 0 s")
        if self.occupancy is not None and not 0 < self.occupancy <= 1:
            raise ValueError(f"an occupancy of {self.occupancy:g} is no target; it lies above 0, at most 1")
        if not 0 <= self.within_s < np.inf or not 0 <= self.short_s < np.inf:
            raise ValueError("the time of a service level is 0 s or more")
        if self.definition == "answered_in_target_or_short_of_all" and self.short_s > self.within_s:
            said = f"of {self.short_s:g} s is longer than the {self.within_s:g} s of the service level"
            raise ValueError(f"a short abandon {said}")  # more agents could then make it worse
        if self.definition not in DEFINITIONS:
            raise ValueError(f"{self.definition!r} is no service level; they are {', '.join(DEFINITIONS)}")

    @property
    def needs_patience(self) -> bool:
        """Whether there is a target Erlang C knows nothing of."""
        return self.answered is not None or self.abandonment is not None


def agents_for(
    load: ArrayLike, aht_s: ArrayLike, targets: Targets, patience_s: ArrayLike | None = None
) -> Ints:
    """The least whole number of agents that keeps ``targets``, for each load in erlangs; broadcast shape.

    Erlang A with ``patience_s``, Erlang C without. No calls need nobody. Raises ValueError for input that is
    negative or no number, and for a target that needs patience without one.
    """
    if patience_s is None and targets.needs_patience:
        raise ValueError("a target for abandonment or the answered share needs the callers' patience")
    a, aht, patience = np.broadcast_arrays(
        floats("load", load, 0),
        floats("aht_s", aht_s, 0, above=True),
        np.asarray(np.inf if patience_s is None else patience_s, dtype=np.float64),
    )
    loads, handling, waits = a.ravel(), aht.ravel(), patience.ravel()
    endless = patience_s is None

    def kept(which: Ints, agents: Ints) -> NDArray[np.bool_]:
        queue = (agents, loads[which], handling[which], None if endless else waits[which])
        return _kept(queue, targets)

    erlang(np.zeros(1), loads[:1], handling[:1], None if endless else waits[:1])  # complains of patience now
    return least_whole(kept, _guess(loads, handling, targets, endless)).reshape(a.shape)


def _kept(case: tuple[Ints, Floats, Floats, Floats | None], targets: Targets) -> NDArray[np.bool_]:
    queue = erlang(*case)
    calls = queue.load > 0
    held = np.ones(calls.shape, dtype=bool)
    if targets.service_level is not None:
        level = queue.service_level(targets.within_s, targets.definition, targets.short_s)
        held &= level >= targets.service_level - SLACK
    most_lost = min(
        1.0 if targets.abandonment is None else targets.abandonment,
        1.0 if targets.answered is None else 1 - targets.answered,
    )
    if most_lost < 1:
        held &= queue.abandonment <= most_lost + SLACK
    if targets.occupancy is not None:
        held &= queue.load * (1 - queue.abandonment) <= queue.agents * (targets.occupancy + SLACK)
    if targets.asa_s is not None:
        held &= queue.asa_s <= targets.asa_s * (1 + SLACK)
    return held | ~calls


def _guess(load: Floats, aht_s: Floats, targets: Targets, endless: bool) -> Ints:
    """Where to look first: the load and a share of its square root."""
    spare = 1.0 if endless else 0.0
    guess = load + spare * np.sqrt(load)
    if targets.occupancy is not None:
        guess = np.maximum(guess, load / targets.occupancy * (1.0 if endless else 0.9))
    return np.ceil(guess).astype(np.int64)
