"""Agents of several skills, found by playing days: add where targets fail, take away and move where they
hold.

Every trial plays the same seeds, so two choices of agents differ by the agents and not by luck; what is found
is then judged on other days, which the search has not seen.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import special

from forecasting.erlang import Targets
from forecasting.history import Floats, Ints
from forecasting.staffing.bounds import start
from forecasting.staffing.skills import Counted, Floor, Problem

Progress = Callable[[str, int, float], None]
"""What is going on (``adding``, ``taking away``, ``judging``), the round, and what all agents cost."""


JUDGEMENTS = 5
"""So often agents are added to what failed on days not seen before."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to look: at most ``days`` played a trial, one-sided ``confidence`` that each target holds in
    each interval, ``judges`` days played at the end, at most ``rounds`` trials; ``seed`` draws all of it."""

    days: int = 20
    confidence: float = 0.9
    judges: int = 40
    rounds: int = 200
    seed: int = 1

    def __post_init__(self) -> None:
        if self.days < 4 or self.judges < 4 or self.rounds < 1:
            raise ValueError("at least four days are played, and one round")
        if not 0.5 <= self.confidence < 1:
            raise ValueError(f"a confidence of {self.confidence:g} is none; it lies between 0.5 and 1")


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """How a choice of agents did, arrays (q, n): the service level (NaN without such a target or without
    callers), its lower confidence limit, and whether every target of the queue holds."""

    level: Floats
    low: Floats
    holds: NDArray[np.bool_]
    fails: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """(g, n) agents, as judged on days the search did not see; ``trials`` it took, and (g, n) where it
    began."""

    heads: Ints
    judged: Judged
    trials: int
    began: Ints

    @property
    def holds(self) -> bool:
        """Whether every target holds in every interval, with the confidence asked for."""
        return bool(self.judged.holds.all())


def search(
    problem: Problem, floor: Floor, effort: Effort | None = None, progress: Progress = lambda *_: None
) -> Found:
    """The least agents it can find, by cost, that keep every queue's targets in every interval.

    Begins with what formulas say is needed at least. While targets fail, each failing interval gets an agent
    of the group that helps most for its cost. Then, interval by interval, agents are taken away and costly
    ones replaced by cheaper ones as long as all targets hold. What remains is judged on other days; where it
    fails there, agents are added. Deterministic for a seed. Raises ValueError if targets cannot be kept
    within ``rounds``.
    """
    effort = effort or Effort()
    return _Search(problem, floor, effort, progress).run()


def judge(problem: Problem, played: list[Counted], confidence: float) -> Judged:
    """What days say of the targets: ratios of their sums, with limits by how the days differ.

    The limit is one-sided, Student's with days - 1 degrees of freedom, and no tighter than single callers
    drawn independently would make it. An interval without callers holds.
    """
    shape = played[0].answered.shape
    level, low = np.full(shape, np.nan), np.full(shape, np.nan)
    holds, fails = np.ones(shape, dtype=bool), np.zeros(shape, dtype=bool)
    for q, queue in enumerate(problem.queues):
        for part, whole, goal, sign, is_level in _ratios(queue.targets, played, q):
            share, half = _limit(part, whole, confidence, share=sign > 0)
            some = whole.sum(0) > 0
            holds[q] &= ~some | (sign * (share - goal) - half >= -1e-12)
            fails[q] |= some & (sign * (share - goal) + half < 0)
            if is_level:
                level[q], low[q] = np.where(some, share, np.nan), np.where(some, share - half, np.nan)
    return Judged(level, low, holds, fails)


def _ratios(targets: Targets, played: list[Counted], q: int) -> list[tuple[Floats, Floats, float, int, bool]]:
    """Targets as (part, whole, goal, 1 if at least or -1 if at most, is it the service level), (days, n)
    each."""
    answered, abandoned, in_time, gone, short, wait_s = (
        np.stack([getattr(day, name)[q] for day in played]) for name in Counted.__slots__
    )
    all_ = answered + abandoned
    found: list[tuple[Floats, Floats, float, int, bool]] = []
    if targets.service_level is not None:
        part, whole = {
            "answered_in_target_of_all": (in_time, all_),
            "in_target_of_all": (in_time + gone, all_),
            "answered_in_target_of_answered": (in_time, answered),
            "answered_in_target_of_all_but_abandoned_in_target": (in_time, all_ - gone),
            "answered_in_target_or_short_of_all": (in_time + short, all_),
        }[targets.definition]
        found.append((part, whole, targets.service_level, 1, True))
    if targets.answered is not None:
        found.append((answered, all_, targets.answered, 1, False))
    if targets.abandonment is not None:
        found.append((answered, all_, 1 - targets.abandonment, 1, False))
    if targets.asa_s is not None:
        found.append((wait_s, answered, targets.asa_s, -1, False))
    return found


def _limit(part: Floats, whole: Floats, confidence: float, *, share: bool) -> tuple[Floats, Floats]:
    """(n,) the ratio of sums over days, and half its one-sided interval."""
    days, total = len(part), whole.sum(0)
    safe = np.where(total > 0, total, 1.0)
    ratio = part.sum(0) / safe
    error = ((part - ratio * whole) ** 2).sum(0) / (days - 1) * days / safe**2
    if share:
        near = (part.sum(0) + 1) / (total + 2)
        error = np.maximum(error, near * (1 - near) / safe)
    half: Floats = special.stdtrit(days - 1, confidence) * np.sqrt(error)
    return ratio, half


@dataclass(slots=True)
class _Search:
    problem: Problem
    floor: Floor
    effort: Effort
    progress: Progress
    trials: int = 0
    tried: dict[int, set[tuple[int, int]]] = field(default_factory=dict)
    """By interval, the moves that failed: from a group, to a group or away (-1)."""

    def run(self) -> Found:
        began = start(self.problem)
        heads = self._add(began.copy())
        heads = self._trim(heads)
        for attempt in range(JUDGEMENTS):
            judged = self._play("judging", heads, self._judges(attempt))
            if judged.holds.all() or attempt == JUDGEMENTS - 1:
                break
            for n in np.flatnonzero(~judged.holds.all(0)).tolist():
                heads[self._most_helpful(judged, n), n] += 1
        return Found(heads, judged, self.trials, began)

    def _judges(self, attempt: int) -> list[int]:
        first = self.effort.seed * 1_000_003 + 500_000 + attempt * self.effort.judges
        return list(range(first, first + self.effort.judges))

    def _play(
        self, what: str, heads: Ints, seeds: list[int] | None = None, matter: set[int] | None = None
    ) -> Judged:
        """How the agents do, on ``seeds`` or on the trial's; ``matter`` are intervals that must be clear."""
        self.trials += 1
        if self.trials > self.effort.rounds + 10:
            raise ValueError(f"the targets are not kept after {self.trials - 1} trials")
        cost = np.array([group.cost for group in self.problem.groups])
        self.progress(what, self.trials, float((cost[:, None] * heads).sum()))
        if seeds is not None:
            return judge(self.problem, self.floor.play(self.problem, heads, seeds), self.effort.confidence)
        # A few days often tell; the others are played where they leave a doubt.
        first, days = self.effort.seed * 1_000_003, self.effort.days
        played: list[Counted] = []
        while True:
            more = max(4, days // 4) if not played else min(len(played), days - len(played))
            seeds = list(range(first + len(played), first + len(played) + more))
            played += self.floor.play(self.problem, heads, seeds)
            judged = judge(self.problem, played, self.effort.confidence)
            clear = np.atleast_1d((judged.holds | judged.fails).all(0))
            if len(played) >= days or all(clear[n] for n in matter or range(len(clear))):
                return judged

    # -------------------------------------------------------------- adding

    def _add(self, heads: Ints) -> Ints:
        while True:
            judged = self._play("adding", heads)
            failing = np.flatnonzero(~judged.holds.all(0)).tolist()
            if not failing:
                return heads
            for n in failing:
                missing = self._missing(judged, n)
                more = max(1, round(0.3 * float(missing.max()) * int(heads[:, n].sum())))
                heads[self._most_helpful(judged, n), n] += more

    def _missing(self, judged: Judged, n: int) -> Floats:
        """(q,) how far each queue is from its targets in an interval: of its service level, else a tenth."""
        goals = np.array([queue.targets.service_level or np.nan for queue in self.problem.queues])
        missing = np.nan_to_num(goals - judged.low[:, n], nan=0.1)
        return np.where(judged.holds[:, n], 0.0, np.maximum(missing, 1e-3))

    def _most_helpful(self, judged: Judged, n: int) -> int:
        """The group of which one more helps the failing queues most for its cost."""
        missing = self._missing(judged, n)
        names = [queue.name for queue in self.problem.queues]
        gain = [
            sum(missing[names.index(queue)] for queue in group.queues)
            / group.cost
            / len(group.queues) ** 0.25
            for group in self.problem.groups
        ]
        return int(np.argmax(gain))

    # -------------------------------------------------------------- taking away

    def _trim(self, heads: Ints) -> Ints:
        """Every other interval at a time, since what is changed in one is felt in the next."""
        odd = quiet = 0
        while quiet < 2 and self.trials < self.effort.rounds:
            moves = self._moves(heads, odd)
            odd, quiet = 1 - odd, 0 if moves else quiet + 1
            if not moves:
                continue
            trial = heads.copy()
            for n, move in moves.items():
                _do(trial, n, move)
            felt = {at for n in moves for at in (n, n + 1) if at < self.problem.intervals}
            holds = np.asarray(self._play("taking away", trial, matter=felt).holds.all(0))
            for n, move in moves.items():
                if holds[n : n + 2].all():
                    _do(heads, n, move)
                else:
                    self.tried.setdefault(n, set()).add(move)
        return heads

    def _moves(self, heads: Ints, odd: int) -> dict[int, tuple[int, int]]:
        """The next move in every second interval that has one left."""
        found = ((n, self._move(heads, n)) for n in range(odd, self.problem.intervals, 2))
        return {n: move for n, move in found if move is not None}

    def _move(self, heads: Ints, n: int) -> tuple[int, int] | None:
        """The move in an interval that would save most and has not failed yet."""
        groups = self.problem.groups
        moves: list[tuple[float, tuple[int, int]]] = []
        for a, group in enumerate(groups):
            if heads[a, n] > 0:
                moves.append((group.cost, (a, -1)))
                moves += [
                    (group.cost - to.cost, (a, b)) for b, to in enumerate(groups) if to.cost < group.cost
                ]
        failed = self.tried.get(n, set())
        left = [(save, move) for save, move in moves if move not in failed]
        return max(left, key=lambda one: (one[0], -one[1][0], -one[1][1]))[1] if left else None


def _do(heads: Ints, n: int, move: tuple[int, int]) -> None:
    heads[move[0], n] -= 1
    if move[1] >= 0:
        heads[move[1], n] += 1
