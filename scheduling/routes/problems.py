"""Routes of problems, and of the solver's work on them."""

from collections.abc import Set
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Query
from sqlalchemy.orm import Session

from common.faults import NamedFaults
from common.jobs import ahead_of, get_job
from common.request_rows import Rows
from scheduling.bodies.rosters import (
    RosterJobShown,
    RosterProblemBody,
    RosterProblemShown,
    RosterProblemWhole,
    RosterSolveBody,
)
from scheduling.formats.shape import plain
from scheduling.records import problems as store
from scheduling.records.drafts import get_draft
from scheduling.records.solving import Best, solve_jobs
from scheduling.routes.parts import (
    Number,
    OfGroup,
    Planner,
    Reader,
    Rostered,
    Rostering,
    author_of,
    ms,
    ms_or_none,
)
from scheduling.tables import ProblemRow, RosterJobRow

router = APIRouter(route_class=NamedFaults)


@router.get("/problems")
def list_problems(
    _: Reader, rows: Rows, rostering: Rostered, group: OfGroup = None
) -> list[RosterProblemShown]:
    """The latest two hundred problems."""
    agents = rostering.agents(rows)
    return [problem_shown(rows, row, agents.keys()) for row in store.problems(rows, group)]


@router.post("/problems", status_code=201)
def create_problem(
    body: RosterProblemBody, who: Planner, rows: Rows, rostering: Rostered
) -> RosterProblemShown:
    """Take a problem in."""
    row = store.create_problem(rows, body, author_of(who, rostering))
    return problem_shown(rows, row, rostering.agents(rows).keys())


@router.get("/problems/{number}")
def read_problem(number: Number, _: Reader, rows: Rows, rostering: Rostered) -> RosterProblemWhole:
    """A problem with all that is in it."""
    row = store.get_problem(rows, number)
    shown = problem_shown(rows, row, rostering.agents(rows).keys())
    return RosterProblemWhole(**shown.model_dump(), problem=plain(store.sound(row)))


@router.delete("/problems/{number}", status_code=204)
def delete_problem(number: Number, _: Planner, rows: Rows) -> None:
    """Delete a problem nothing is of."""
    store.delete_problem(rows, number)


# ------------------------------------------------------------------ long work


@router.post("/problems/{number}/solve", status_code=202)
def solve(
    number: Number,
    body: RosterSolveBody,
    who: Planner,
    rows: Rows,
    rostering: Rostered,
    after: BackgroundTasks,
) -> RosterJobShown:
    """Let the solver make a draft."""
    store.get_problem(rows, number)
    if body.from_draft is not None:
        get_draft(rows, body.from_draft)
    author = author_of(who, rostering)
    job = RosterJobRow(kind="solve", problem=number, asked=body.model_dump(mode="json"))
    job.by, job.asked_at = author.user, author.at
    rostering.jobs.add(rows, job)
    after.add_task(rostering.jobs.nudge)  # after the commit, which is before the answer
    return _job(rows, rostering, job)


@router.get("/jobs")
def list_jobs(
    _: Reader,
    rows: Rows,
    rostering: Rostered,
    problem: Annotated[int | None, Query(ge=1, le=2_147_483_647)] = None,
) -> list[RosterJobShown]:
    """The latest hundred jobs."""
    return [_job(rows, rostering, row) for row in solve_jobs(rows, problem)]


@router.get("/jobs/{number}")
def read_job(number: Number, _: Reader, rows: Rows, rostering: Rostered) -> RosterJobShown:
    """How far a job is, and what came of it."""
    return _job(rows, rostering, get_job(rows, RosterJobRow, number))


@router.post("/jobs/{number}/stop")
def stop(number: Number, _: Planner, rows: Rows, rostering: Rostered) -> RosterJobShown:
    """End a job within a second, with the best roster so far."""
    return _job(rows, rostering, rostering.jobs.enough(rows, number))


@router.post("/jobs/{number}/cancel")
def cancel(number: Number, _: Planner, rows: Rows, rostering: Rostered) -> RosterJobShown:
    """Give a job up."""
    return _job(rows, rostering, rostering.jobs.cancel(rows, number))


def _job(session: Session, rostering: Rostering, row: RosterJobRow) -> RosterJobShown:
    share, stage = rostering.jobs.progress(row)
    best: Best | None = rostering.jobs.best(row)
    return RosterJobShown(
        id=row.id,
        problem=row.problem,
        state=row.state,  # type: ignore[arg-type]
        progress=round(share, 4),
        stage=stage,
        objective=row.objective if best is None else best.objective,
        bound=row.bound if best is None else best.bound,
        trouble=row.trouble,
        result=row.result,
        by=row.by,
        asked_at=ms(row.asked_at),
        begun_at=ms_or_none(row.begun_at),
        ended_at=ms_or_none(row.ended_at),
        ahead=ahead_of(session, RosterJobRow, row),
    )


def problem_shown(session: Session, row: ProblemRow, agents: Set[str]) -> RosterProblemShown:
    """A problem; ``agents`` are the platform's."""
    return RosterProblemShown(
        id=row.id,
        group=row.group,
        name=row.name,
        start=row.start,  # type: ignore[arg-type]
        days=row.days,
        zone=row.zone,
        people=row.people,
        unlinked=[one for one in store.people_of(session, row.id) if one not in agents],
        derived_from=row.derived_from,
        at=ms(row.at),
        by=row.by,
        note=row.note,
    )
