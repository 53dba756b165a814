"""Days for the planner through the real router: the answer to ``forecasting.staffing.skills.Floor``."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import count
from multiprocessing import get_context

import numpy as np

from acd.day import Caller, Day, Done, Shift
from domain.config import AgentConfig, FloorConfigured, Membership, QueueConfig
from domain.ids import AgentId, DeviceId, QueueId
from domain.instant import MICROS_PER_SECOND, Instant, after
from forecasting.history import Ints
from forecasting.staffing.skills import Counted, Problem

BEGIN = Instant(1_767_225_600_000_000)
LATE_S = 86_400.0
"""Agents of the last interval stay so long at most, until nobody waits any more."""


class RouterFloor:
    """Plays days with ``acd.day``: Poisson calls, gamma handling, exponential patience, all drawn from the
    seed.

    Nobody is counted twice: each agent of a group is one agent of the floor, with all of the group's queues.
    ``workers`` processes share the days; with 1 they are played here. Use it in a ``with``, which ends them.
    """

    def __init__(self, workers: int = 1) -> None:
        # Not forked: whoever asks may have threads.
        self._pool = ProcessPoolExecutor(workers, get_context("spawn")) if workers > 1 else None

    def __enter__(self) -> "RouterFloor":
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def play(self, problem: Problem, heads: Ints, seeds: Sequence[int]) -> list[Counted]:
        """A day for each seed, with (g, n) agents."""
        one = partial(play, problem, heads)
        return [one(seed) for seed in seeds] if self._pool is None else list(self._pool.map(one, seeds))


def play(problem: Problem, heads: Ints, seed: int) -> Counted:
    """One day."""
    config, shifts = _people(problem, heads)
    return _counted(problem, Day(config, _callers(problem, seed), shifts).run())


def _people(problem: Problem, heads: Ints) -> tuple[FloorConfigured, list[Shift]]:
    """A floor with an agent for every stretch of intervals somebody works through."""
    queues = tuple(
        QueueConfig(
            QueueId(queue.name),
            queue.name,
            target_s=queue.targets.within_s,
            wrap_up_open=True,
            join_empty=(),
            leave_empty=(),
        )
        for queue in problem.queues
    )
    agents: list[AgentConfig] = []
    shifts: list[Shift] = []
    number = count()
    last = heads.shape[1] - 1
    for g, group in enumerate(problem.groups):
        names = tuple(QueueId(name) for name in group.queues)
        members = tuple(Membership(name, penalty=group.penalty) for name in names) if group.penalty else ()
        for head in range(int(heads[g].max(initial=0))):
            for first, final in _stretches((heads[g] > head).tolist()):
                who = AgentId(f"a{next(number)}")
                agents.append(AgentConfig(who, group.name, DeviceId(who), names, memberships=members))
                start_s = first * problem.interval_s - (problem.warm_s + 1 if first == 0 else 0)
                end_s = (final + 1) * problem.interval_s + (LATE_S if final == last else 0)
                shifts.append(Shift(who, after(BEGIN, start_s), after(BEGIN, end_s)))
    return FloorConfigured(queues, tuple(agents)), shifts


def _stretches(works: list[bool]) -> list[tuple[int, int]]:
    """First and last place of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], works, [False]]).astype(int)))
    return [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _callers(problem: Problem, seed: int) -> list[Caller]:
    """The callers of a day, the same for a seed whoever works."""
    callers: list[Caller] = []
    shape = 1 / problem.variation**2
    for q, queue in enumerate(problem.queues):
        draw = np.random.default_rng([seed, q])
        length = float(problem.interval_s)
        spans = [(n * length, length, n) for n in range(problem.intervals)]
        if problem.warm_s:
            spans.insert(0, (-problem.warm_s, problem.warm_s, 0))
        for begins_s, length_s, n in spans:
            calls = draw.poisson(queue.calls[n] * length_s / problem.interval_s)
            at_s = begins_s + np.sort(draw.uniform(0, length_s, calls))
            aht_s = queue.aht_s[n] if calls else 1.0
            talk_s = draw.gamma(shape, aht_s / shape, calls)
            patience_s = (
                np.full(calls, np.inf)
                if queue.patience_s is None
                else draw.exponential(queue.patience_s, calls)
            )
            name = QueueId(queue.name)
            callers += [
                Caller(after(BEGIN, at), name, talk, patience)
                for at, talk, patience in zip(
                    at_s.tolist(), talk_s.tolist(), patience_s.tolist(), strict=True
                )
            ]
    return sorted(callers, key=lambda caller: caller.at)


def _counted(problem: Problem, done: Done) -> Counted:
    places = {QueueId(queue.name): q for q, queue in enumerate(problem.queues)}
    found = {name: np.zeros((len(places), problem.intervals)) for name in Counted.__slots__}
    for stay in done.stays:
        n = (stay.caller.at - BEGIN) // (problem.interval_s * MICROS_PER_SECOND)
        if not 0 <= n < problem.intervals:
            continue
        q = places[stay.caller.queue]
        targets = problem.queues[q].targets
        wait_s = stay.wait_us / MICROS_PER_SECOND
        if stay.outcome == "answered":
            found["answered"][q, n] += 1
            found["answer_s"][q, n] += wait_s
            found["answered_in_target"][q, n] += wait_s <= targets.within_s
        else:  # gave up, or waits still with nobody left to answer
            found["abandoned"][q, n] += 1
            found["abandoned_in_target"][q, n] += stay.outcome == "abandoned" and wait_s <= targets.within_s
            found["short_abandoned"][q, n] += stay.outcome == "abandoned" and wait_s <= targets.short_s
    return Counted(**found)
