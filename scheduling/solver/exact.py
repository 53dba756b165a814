"""The whole model solved by CP-SAT, for problems small enough for it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduling.problem import Problem
from scheduling.roster import Roster
from scheduling.solver.budget import Budget
from scheduling.solver.options import Options

if TYPE_CHECKING:
    from scheduling.solver.model.whole import Model

Tell = Callable[[Roster, int, float, str], None]


@dataclass(frozen=True, slots=True)
class Exact:
    """What CP-SAT says: a roster if there is one, its objective, the bound; ``infeasible``: none is legal."""

    roster: Roster | None
    objective: int | None
    bound: float | None
    infeasible: bool
    proven: bool


def solve_exactly(
    problem: Problem,
    options: Options,
    budget: Budget,
    seed: int,
    tell: Tell | None = None,
    start: Roster | None = None,
) -> Exact:
    """Solve the whole model with what is left of the budget; ``start`` is a roster to begin with. Raises
    OverError if nothing is left before the model is built.
    """
    from ortools.sat.python import cp_model

    from scheduling.solver.model.whole import Model

    model = Model(problem, options, check=budget.check).build()
    budget.check()
    if start is not None:
        model.hint(start)

    pricing = Pricing(model)

    class Listener(cp_model.CpSolverSolutionCallback):
        def on_solution_callback(self) -> None:
            if tell is not None and not budget.over:
                roster = model.roster(lambda variable: int(self.value(variable)))
                tell(roster, pricing.of(roster), self.best_objective_bound, "model")
            if budget.over:
                self.stop_search()

    solver = cp_model.CpSolver()
    budget.limit(solver)
    solver.parameters.random_seed = seed
    stopper = budget.watch(solver)
    status = solver.solve(model.cp, Listener())
    stopper()
    budget.spend(solver.response_proto.deterministic_time)
    if status == cp_model.INFEASIBLE:
        return Exact(None, None, None, True, True)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Exact(None, None, None, False, False)
    roster = model.roster(solver.value)
    proven = status == cp_model.OPTIMAL
    objective = round(solver.objective_value) if proven else pricing.of(roster)
    return Exact(roster, objective, solver.best_objective_bound, False, proven)


class Pricing:
    """What rosters cost by the model: in solutions found on the way, costs may stand too high."""

    def __init__(self, model: "Model") -> None:
        self._model, self._copy = model, model.cp.clone()

    def of(self, roster: Roster) -> int:
        """The cost of a roster. Raises ValueError if it is not legal."""
        from ortools.sat.python import cp_model

        self._copy.clear_hints()  # type: ignore[no-untyped-call]
        for variable, value in self._model.values(roster):
            self._copy.add_hint(self._copy.get_int_var_from_proto_index(variable.index), value)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.fix_variables_to_their_hinted_value = True
        if solver.solve(self._copy) != cp_model.OPTIMAL:
            raise ValueError("the roster is not legal")
        return round(solver.objective_value)
