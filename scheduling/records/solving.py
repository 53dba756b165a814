"""Rosters by the solver, as long work: in a process of its own, with the best roster so far at any moment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from common.working import Task, Tell
from domain.instant import Instant
from scheduling.bodies.rosters import RosterSolveBody
from scheduling.problem import Problem
from scheduling.records.archive import Author, roster_of
from scheduling.records.drafts import add_draft, fitting, get_draft
from scheduling.records.problems import get_problem, sound
from scheduling.roster import Roster
from scheduling.tables import RosterJobRow

if TYPE_CHECKING:
    from scheduling.solver import Progress, Solution


@dataclass(frozen=True, slots=True)
class Best:
    """The best roster so far with what it costs; ``bound``: no roster costs less."""

    roster: Roster
    objective: int
    bound: int | None


@dataclass(frozen=True, slots=True)
class SolveTask:
    """Find a roster."""

    problem: Problem
    asked: RosterSolveBody
    start: Roster | None

    def __call__(self, tell: Tell) -> Best:
        """The best one found. Raises ValueError if there is none, with what clashes."""
        from scheduling.solver import solve

        asked = self.asked

        def hear(now: "Progress") -> None:
            shares = [
                spent / most for spent, most in ((now.seconds, asked.seconds), (now.work, asked.work)) if most
            ]
            tell(max(shares, default=0.0), now.phase, best_of(now.roster, now.objective, now.bound))

        found = solve(
            self.problem,
            seconds=asked.seconds,
            work=asked.work,
            seed=asked.seed,
            start=self.start,
            progress=hear,
        )
        best = best_of(found.roster, found.objective, found.bound)
        if best is None:
            raise ValueError(_why(found))
        return best


def best_of(roster: Roster | None, objective: int | None, bound: int | None) -> Best | None:
    """A roster with its figures, None while there is none."""
    return None if roster is None or objective is None else Best(roster, objective, bound)


def _why(found: "Solution") -> str:
    if found.status != "infeasible":
        return "No legal roster was found in this time; give it more, or make rules soft"
    clashes = "; ".join(one.words for one in found.conflict)
    return f"No roster is legal: these cannot hold together: {clashes}" if clashes else "No roster is legal"


class SolveKinds:
    """See ``common.jobs.Kinds``. An answer becomes a draft of its own: no draft is written over."""

    def __init__(self, task: Callable[[Problem, RosterSolveBody, Roster | None], Task] = SolveTask) -> None:
        self._task = task

    def task(self, session: Session, row: RosterJobRow) -> Task:
        """What is to be solved. Raises a 404 Problem if it is not there any more."""
        asked = RosterSolveBody.model_validate(row.asked)
        problem, start = sound(get_problem(session, row.problem)), None
        if asked.from_draft is not None:
            draft = get_draft(session, asked.from_draft)
            other = sound(get_problem(session, draft.problem))
            start = fitting(problem, other, roster_of(draft.body))
        return self._task(problem, asked, start)

    def keep(self, session: Session, row: RosterJobRow, answer: Any, at: Instant) -> int:
        """The draft of an answer."""
        best: Best = answer
        row.objective, row.bound = best.objective, best.bound
        name = str(row.asked["name"])
        problem = get_problem(session, row.problem)
        return add_draft(session, problem, best.roster, name, Author(row.by, at)).id


def solve_jobs(session: Session, problem: int | None = None, most: int = 100) -> Sequence[RosterJobRow]:
    """Jobs (of one problem), the latest first."""
    listed = select(RosterJobRow).order_by(RosterJobRow.id.desc()).limit(most)
    return session.scalars(listed if problem is None else listed.where(RosterJobRow.problem == problem)).all()
