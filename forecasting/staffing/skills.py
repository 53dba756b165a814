"""Several queues and agents who serve more than one of them: what is asked, and of whom.

An agent belongs to one ``Group``, the set of queues they serve, and is counted there and nowhere else. Since
no formula knows what the sharing is worth, a ``Floor`` plays days with so many agents in each group.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from forecasting.erlang import Targets
from forecasting.history import Floats, Ints
from forecasting.staffing.plan import load_of


@dataclass(frozen=True, slots=True, eq=False)
class Queue:
    """A queue's day: ``calls`` expected and mean handling ``aht_s``, (n,) by interval, mean ``patience_s``
    (None: callers wait for ever), and the ``targets`` to keep in every interval.

    Of the targets an occupancy cannot be kept by a queue, nor a virtual service level be counted.
    """

    name: str
    calls: Floats
    aht_s: Floats
    targets: Targets
    patience_s: float | None = None

    def __post_init__(self) -> None:
        if self.targets.occupancy is not None:
            raise ValueError(
                f"queue {self.name}: occupancy is a target for agents, not for a queue among several"
            )
        if self.targets.definition == "virtual":
            raise ValueError(f"queue {self.name}: a virtual service level cannot be counted")
        if self.targets.needs_patience and self.patience_s is None:
            raise ValueError(
                f"queue {self.name}: a target for abandonment or the answered share needs a patience"
            )


@dataclass(frozen=True, slots=True)
class Group:
    """Agents who serve the same queues. ``cost`` of one compares groups, ``penalty`` as in the floor's
    memberships: whoever has the lower one is asked first.
    """

    name: str
    queues: tuple[str, ...]
    cost: float = 1.0
    penalty: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """q queues over n intervals of ``interval_s`` and g groups of agents for them.

    Handling times vary by ``variation``, their standard deviation over their mean (1: exponential). For
    ``warm_s`` before the first interval calls come as in it and do not count, for a day that does not begin
    with nobody waiting. Raises ValueError for queues nobody serves, groups of unknown queues, and lengths
    that differ.
    """

    queues: tuple[Queue, ...]
    groups: tuple[Group, ...]
    interval_s: int
    variation: float = 1.0
    warm_s: float = 0.0

    def __post_init__(self) -> None:
        names = [queue.name for queue in self.queues]
        if not names or len(set(names)) < len(names):
            raise ValueError("there must be queues, each with a name of its own")
        labels = [group.name for group in self.groups]
        if not labels or len(set(labels)) < len(labels):
            raise ValueError("there must be groups of agents, each with a name of its own")
        for group in self.groups:
            strange = [name for name in group.queues if name not in names]
            if strange:
                there = ", ".join(names)
                raise ValueError(f"group {group.name}: there is no queue {strange[0]}; there are {there}")
            if not group.cost > 0:
                raise ValueError(f"group {group.name}: a cost of {group.cost:g} is none")
        for queue in self.queues:
            if not any(queue.name in group.queues for group in self.groups):
                raise ValueError(f"nobody serves the queue {queue.name}")
            if len(queue.calls) != len(self.queues[0].calls) or len(queue.aht_s) != len(queue.calls):
                raise ValueError(
                    f"queue {queue.name} has {len(queue.calls)} intervals, others have another number"
                )
            load_of(queue.calls, self.interval_s, queue.aht_s)
        if not 0 < self.variation < 10 or not 0 <= self.warm_s < np.inf:
            raise ValueError("the variation lies between 0 and 10, the time to warm up is 0 s or more")

    @property
    def intervals(self) -> int:
        """n."""
        return len(self.queues[0].calls)


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """What became of the callers of one day, arrays (q, n) by queue and by the interval in which they came.

    Counts as in ``common.service_level``; ``answer_s`` is the seconds the answered waited, in all.
    """

    answered: Floats
    abandoned: Floats
    answered_in_target: Floats
    abandoned_in_target: Floats
    short_abandoned: Floats
    answer_s: Floats


class Floor(Protocol):
    """Who plays days: the real router behind ``callfloor.staffing_floor``, or anything as true."""

    def play(self, problem: Problem, heads: Ints, seeds: Sequence[int]) -> list[Counted]:
        """A day for each seed, with (g, n) agents. The callers of a seed are the same whatever the agents."""
        ...
