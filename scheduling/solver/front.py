"""``solve``: which way a problem is solved, and what is told on the way."""

from collections.abc import Callable
from contextlib import suppress
from typing import Final

import numpy as np

from scheduling.problem import Problem
from scheduling.roster import Roster
from scheduling.rules import Fairness, Reserve, Together
from scheduling.solver.budget import Budget, OverError
from scheduling.solver.exact import solve_exactly
from scheduling.solver.floor.search import FloorSearch, is_floor
from scheduling.solver.incumbent import Incumbent
from scheduling.solver.long_periods import in_windows
from scheduling.solver.long_search import LongSearch
from scheduling.solver.options import Ints, Options
from scheduling.solver.pattern_search import PatternSearch
from scheduling.solver.patterns.families import is_counted
from scheduling.solver.patterns.layers import TooManyStatesError
from scheduling.solver.patterns.walkers import Walkers
from scheduling.solver.progress import Clash, Progress, Solution

_SMALL: Final = 6_000
"""Models of so many variables CP-SAT solves well by itself."""
_LONG: Final = 16 * 7
"""Periods of more days are not one automaton for each person."""
_LARGE: Final = 300_000
"""Models beyond this are not built where there is a roster already."""
_SUSPECTS: Final = 20
"""So many people are looked at alone before the search, in which everybody is."""
_SOON: Final = 0.3
"""The share of the budget in which it is looked whether what is asked of several people clashes."""
_IMPATIENT: Final = 0.6
"""The share of the budget after which it is looked for a reason why there is no legal roster yet."""
_EXPLAINING: Final = 10.0


def solve(
    problem: Problem,
    *,
    seconds: float | None = 60.0,
    work: float | None = None,
    seed: int = 1,
    workers: int = 8,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    start: Roster | None = None,
) -> Solution:
    """The best roster found for a problem.

    ``seconds`` of wall time or ``work`` (deterministic, about a second of CP-SAT on one core) end the search;
    the same ``work`` and ``seed`` give the same roster again, ``seconds`` does not promise it. ``progress``
    hears of every better roster and bound, perhaps from another thread than that which calls; ``stop`` is
    asked now and then and ends the search with the best roster so far. ``start`` is a roster to begin with.
    With neither limit the search ends when the best roster is proven.
    """
    return _Solving(problem, Budget(seconds, work, stop, workers), seed, progress).run(start)


class _Solving:
    def __init__(
        self, problem: Problem, budget: Budget, seed: int, progress: Callable[[Progress], None] | None
    ) -> None:
        self.problem, self.budget, self.seed, self.progress = problem, budget, seed, progress
        self.options = Options(problem)
        self.roster: Roster | None = None
        self.objective: int | None = None
        self.bound: float = -np.inf
        self.hopeless: int | None = None
        self._walkers: Walkers | None = None

    def run(self, start: Roster | None) -> Solution:
        size = model_size(self.problem, self.options)
        floor = size > _SMALL and is_floor(self.problem)
        if (
            size > _SMALL
            and not by_patterns(self.problem)
            and (conflict := self._of_several() or self._of_one_person(_SUSPECTS))
        ):
            return self._infeasible(conflict)
        with suppress(TooManyStatesError, OverError):  # then the model keeps every rule
            if by_patterns(self.problem):
                self._by_patterns(start)
            elif floor:
                self._on_the_floor(start)
        if self.roster is None and not self.budget.over:
            looks: list[Callable[[], tuple[Clash, ...]]] = [self._of_one_person]
            if size > _SMALL:  # a search that failed has looked at each of them
                looks.insert(1 if floor else 0, self._of_all)
            if conflict := next(filter(None, (look() for look in looks)), ()):
                return self._infeasible(conflict)
        if self._is_open and (size <= _LARGE or (self.roster is None and not self.budget.over)):
            with suppress(OverError):
                return self._by_model(self.roster or start)
        if self.roster is None:
            return self._solution("unknown")
        return self._solution("optimal" if self._is_proven else "feasible")

    @property
    def _is_proven(self) -> bool:
        return self.objective is not None and self.objective <= np.ceil(self.bound - 1e-6)

    @property
    def _is_open(self) -> bool:
        """Whether there is something left to find, and time for it; or nothing was found at all."""
        return self.objective is None or not (self._is_proven or self.budget.over)

    def _by_patterns(self, start: Roster | None) -> None:
        def tell(best: Incumbent, bound: float, phase: str) -> None:
            self._hear(best.roster(), best.objective, bound, phase)

        given = patterns_of(self.options, start) if start is not None else None
        windows = in_windows(self.problem)
        if not windows or self.problem.days <= _LONG:
            try:
                PatternSearch(self.options, self.budget, self.seed, tell).run(given)
                return
            except TooManyStatesError:
                if not windows:
                    raise
        search = LongSearch(self.options, self.budget, self.seed, self._hear)
        search.run(given)
        self.hopeless = search.hopeless

    def _on_the_floor(self, start: Roster | None) -> None:
        budget = self.budget
        if _is_bound(self.problem):  # it may be that there is no legal roster, and time is left to see why
            budget = budget.until(lambda part: self.roster is None and part.used > _IMPATIENT)
        try:
            search = FloorSearch(
                self.problem, self.options, budget, self.seed, self._hear, walkers=self._walkers
            )
            search.run(start)
        finally:
            if budget is not self.budget:
                self.budget.spend(budget.spent)

    def _by_model(self, start: Roster | None) -> Solution:
        found = solve_exactly(self.problem, self.options, self.budget, self.seed, self._hear, start)
        if found.infeasible:
            from scheduling.solver.explain import explain

            return self._infeasible(explain(self.problem, self.options, self._last))
        if found.roster is not None and found.objective is not None:
            self._hear(found.roster, found.objective, found.bound or -np.inf, "model")
        if self.roster is None:
            return self._solution("unknown")
        return self._solution("optimal" if self._is_proven else "feasible")

    def _of_one_person(self, most: int | None = None) -> tuple[Clash, ...]:
        """What clashes in that which is asked of one person alone, if it is quickly seen: of everybody, or of
        ``most`` of whom something special is asked.
        """
        from scheduling.solver.explain import explain_alone, suspects

        if self.hopeless is None and self.problem.days <= _LONG:
            with suppress(TooManyStatesError, OverError):
                if self._walkers is None:
                    self._walkers = Walkers(self.options, lazy=True, check=self.budget.check)
                none = np.zeros(self.options.cost.shape[1:])
                for place in suspects(self.problem, most):
                    if self._walkers[place].cheapest(none) is None:
                        self.hopeless = place
                        break
        if self.hopeless is None:
            return ()
        return explain_alone(self.problem, self.options, self._last, self.hopeless)

    def _of_several(self) -> tuple[Clash, ...]:
        """What clashes in that which is asked of several people, if it is quickly seen."""
        from scheduling.solver.explain import explain_soon

        part = self.budget.part(_SOON)
        found = explain_soon(self.problem, self.options, part)
        self.budget.spend(part.spent)
        return found

    def _of_all(self) -> tuple[Clash, ...]:
        """What clashes in all that is asked of several people, if that is seen in time."""
        from scheduling.solver.explain import explain_between

        return explain_between(self.problem, self.options, self.budget)

    @property
    def _last(self) -> Budget:
        """What is left, but long enough to explain what is known not to be."""
        return self.budget if self.budget.left > _EXPLAINING else self.budget.longer(_EXPLAINING)

    def _infeasible(self, conflict: tuple[Clash, ...]) -> Solution:
        budget = self.budget
        return Solution("infeasible", None, None, None, budget.seconds, budget.spent, conflict)

    def _hear(self, roster: Roster, objective: int, bound: float, phase: str) -> None:
        self.bound = max(self.bound, bound)
        if self.objective is None or objective < self.objective:
            self.roster, self.objective = roster, objective
        if self.progress is not None:
            self.progress(
                Progress(
                    self.budget.seconds,
                    self.budget.spent,
                    self.objective,
                    self._whole_bound,
                    self.roster,
                    phase,
                )
            )

    @property
    def _whole_bound(self) -> int | None:
        """The bound as a whole number; costs are never below nothing."""
        return None if self.bound == -np.inf else max(0, int(np.ceil(self.bound - 1e-6)))

    def _solution(self, status: str) -> Solution:
        budget = self.budget
        return Solution(
            status,  # type: ignore[arg-type]
            self.roster,
            self.objective,
            self._whole_bound,
            budget.seconds,
            budget.spent,
        )


def model_size(problem: Problem, options: Options) -> int:
    """About how many variables the whole model has."""
    per_day = 0
    for kind in options.kinds:
        due = kind.shift.breaks_due(kind.length) if problem.demands or problem.activities else ()
        per_day += 1 + sum(len(one.begins_at(kind.start)) for one in due)
    return len(problem.people) * problem.days * per_day + problem.intervals * len(problem.demands)


def _is_bound(problem: Problem) -> bool:
    """Whether something hard is asked of several people, or of their time within a shift."""
    between = (one for one in problem.rules if isinstance(one, Fairness | Reserve | Together))
    return any(one.weight is None for one in (*between, *problem.activities))


def by_patterns(problem: Problem) -> bool:
    """Whether every rule concerns one person and is counted, and nothing but covers asks for people."""
    return not problem.demands and not problem.activities and all(map(is_counted, problem.rules))


def patterns_of(options: Options, roster: Roster) -> Ints | None:
    """A roster as patterns; None if it has shifts that are not there."""
    place = {person.id: number for number, person in enumerate(options.problem.people)}
    patterns = np.zeros((len(place), options.problem.days), np.int64)
    try:
        for one in roster.assignments:
            patterns[place[one.person], one.day] = options.kind_of(one.shift, one.start, one.length)
    except (KeyError, IndexError, ValueError):
        return None
    return patterns
