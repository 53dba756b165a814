"""Of demands that clash, those that are needed for it: coarse units first, then finer ones.

A linear programme says at once which clash, where it sees it. Each time some are left out the model is made
anew of the others, and so becomes small quickly.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from typing import Final

from scheduling.problem import Problem
from scheduling.solver.budget import UNLIMITED, Budget
from scheduling.solver.minimal import minimal
from scheduling.solver.model.base import Because
from scheduling.solver.model.questioned import Questioned
from scheduling.solver.options import Options
from scheduling.solver.relaxed_core import relaxed_core

EACH: Final = 2.0
"""Work after which it is taken that some demands can hold together."""
_NARROWING: Final = 8.0
"""Work after which no more demands are left out."""
_SOON: Final = 0.1
_OVERHEAD: Final = 1e-5
"""Work of asking a model, for each of its variables, beside the solver's own."""
_PATIENCE: Final = 1.5
"""A proof that takes so many times as long as that of more demands, and longer than ``_SOON``, is waited for
in the last stage only."""

Units = dict[Hashable, list[Because]]


class Question:
    """Whether demands can hold together, asked of one model again and again."""

    def __init__(self, model: Questioned, budget: Budget, until: float = UNLIMITED) -> None:
        self.model, self.budget, self.until = model, budget, until
        self.proof = EACH
        """Work of the last proof that they cannot."""
        self.unsure = False
        """Whether there was a question without an answer."""

    def clash(self, reasons: Iterable[Because], most: float) -> bool:
        """Whether ``reasons`` cannot hold together; False too if it takes more work than ``most`` to tell."""
        from ortools.sat.python import cp_model

        model, budget = self.model, self.budget
        if budget.over or budget.spent > self.until:
            self.unsure = True
            return False
        holding = set(reasons)
        for because, literal in model.literals.items():
            domain = model.cp.proto.variables[literal.index].domain
            domain[0] = domain[1] = int(because in holding)
        solver = cp_model.CpSolver()
        parameters = solver.parameters
        parameters.num_workers = 1
        parameters.linearization_level = 2
        parameters.add_lp_constraints_lazily = False  # what is short of people is seen by all rows together
        parameters.symmetry_level = parameters.cp_model_probing_level = 0
        parameters.max_presolve_iterations = 1  # models are small, and asked many times
        parameters.max_deterministic_time = min(most, budget.left)
        parameters.max_time_in_seconds = budget.wall_left
        stopper = budget.watch(solver)
        status = solver.solve(model.cp)
        stopper()
        spent = solver.response_proto.deterministic_time
        budget.spend(spent + _OVERHEAD * len(model.cp.proto.variables))
        if status == cp_model.INFEASIBLE:
            self.proof = spent
        self.unsure |= status == cp_model.UNKNOWN
        return bool(status == cp_model.INFEASIBLE)


class Narrowing:
    """Looks for demands that clash, and narrows them down."""

    def __init__(self, problem: Problem, options: Options, budget: Budget) -> None:
        self.problem, self.options, self.budget = problem, options, budget
        self._until = UNLIMITED
        self._place = {person.id: number for number, person in enumerate(problem.people)}

    def conflict(self, model: Questioned, most: float) -> list[Because]:
        """Demands of a model that clash, none of which can be left out (as far as can be told with work of
        ``_NARROWING``); empty if none are found with work of ``most``.
        """
        core = relaxed_core(model, self.budget)
        if core and (asked := self._anew(core)).clash(core, most):
            return self._narrowed(asked, core)
        asked, reasons = Question(model, self.budget), list(model.literals)
        if asked.clash(reasons, most) and model.glance:  # perhaps it is there in a glance only
            asked = self._anew(reasons)
        return self._narrowed(asked, reasons) if asked.clash(reasons, most) else []

    def _anew(self, reasons: Sequence[Because], before: Questioned | None = None) -> Question:
        """A question of a model of these demands, those whom they are about, and, by a model ``before``, the
        days that matter.
        """
        days = None if before is None else before.days_of(reasons)
        people = sorted({self._place[one.person] for one in reasons if one.person})
        model = Questioned(self.problem, self.options, people, kept=reasons, days=days)
        return Question(model, self.budget, self._until)

    def _narrowed(self, asked: Question, reasons: Sequence[Because]) -> list[Because]:
        """Those of ``reasons``, which clash in ``asked``, that are needed."""
        self._until = self.budget.spent + _NARROWING
        single: set[Because] = set()
        before = 0
        for stage in _STAGES:
            if len(reasons) != before:
                fewer = self._anew(reasons, asked.model)
                if fewer.clash(reasons, EACH):  # else what is known of somebody left out matters
                    asked = fewer
            before = len(reasons)
            last = stage is _STAGES[-1]
            units = _units(self.problem, reasons, stage)
            if len(units) == 1 and not last:
                continue
            asked.unsure = False
            needed = self._needed(asked, units, single, EACH if last else max(_SOON, _PATIENCE * asked.proof))
            if not asked.unsure:
                single |= {units[unit][0] for unit in needed if len(units[unit]) == 1}
            reasons = [one for unit in needed for one in units[unit]]
        return list(reasons)

    def _needed(self, asked: Question, units: Units, single: set[Because], most: float) -> list[Hashable]:
        def clashes(some: Sequence[Hashable]) -> bool:
            return asked.clash((one for unit in some for one in units[unit]), most)

        def alike(unit: Hashable, some: Sequence[Hashable]) -> set[Hashable]:
            return _alike(asked, units, unit, some)

        known = {unit for unit, ones in units.items() if len(ones) == 1 and ones[0] in single}
        return minimal(list(units), clashes, needed=known, alike=alike)


# ------------------------------------------------------------------ units

_FIRST: Final = frozenset({"fairness", "reserve", "together", "activity", "contract"})
"""Rather than these another demand is left out."""


def _units(
    problem: Problem, reasons: Sequence[Because], stage: Callable[[Problem, Because], Hashable]
) -> Units:
    """Reasons by unit; units of people who are alike beside one another."""
    units: Units = {}
    for one in sorted(reasons, key=lambda one: one.rule not in _FIRST):
        units.setdefault(stage(problem, one), []).append(one)
    if stage is _person:
        units = dict(
            sorted(units.items(), key=lambda unit: str([replace(one, person="") for one in unit[1]]))
        )
    return units


def _week(problem: Problem, one: Because) -> Hashable:
    return None if one.day is None else one.day - problem.weekday(one.day)


def _family(problem: Problem, one: Because) -> Hashable:
    return replace(one, day=None, person="")


def _person(problem: Problem, one: Because) -> Hashable:
    return one.person or replace(one, day=None)


def _day(problem: Problem, one: Because) -> Hashable:
    return replace(one, person="")


def _rule(problem: Problem, one: Because) -> Hashable:
    return replace(one, day=None)


def _itself(problem: Problem, one: Because) -> Hashable:
    return one


_STAGES: Final = (_week, _family, _person, _day, _rule, _itself)

# ------------------------------------------------------------------ people who could change places


def _alike(asked: Question, units: Units, unit: Hashable, some: Sequence[Hashable]) -> set[Hashable]:
    """Units that are needed among ``some`` if ``unit`` is: the same of people of whom the same is asked."""
    people = {one.person for one in units[unit]}
    if len(people) != 1 or "" in people:
        return set()
    by_person: dict[str, list[Because]] = {}
    for each in some:
        for one in units[each]:
            by_person.setdefault(one.person, []).append(one)
    families = {
        one.rule for ones in by_person.values() for one in ones if one.rule == "activity" or not one.person
    }
    model = asked.model
    known = {one.id: one for one in model.people}
    seen: dict[str, Hashable] = {}

    def sight(id: str) -> Hashable:
        if id not in seen:
            seen[id] = (
                frozenset((replace(one, person=""), model.shapes[one]) for one in by_person[id]),
                model.facts(known[id], families),
            )
        return seen[id]

    mine = {replace(one, person="") for one in units[unit]}
    (id,) = people
    return {
        each
        for each in some
        if (other := units[each][0].person) in known
        and len(by_person[other]) == len(by_person[id])
        and {replace(one, person="") for one in units[each]} == mine
        and sight(other) == sight(id)
    }
