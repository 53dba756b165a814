"""Routes of long work: asking for it, watching it, giving it up."""

from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Query
from sqlalchemy.orm import Session

from common.faults import NamedFaults
from common.request_rows import Rows
from common.rows import RowId
from forecasting.bodies import BacktestBody, JobKind, JobShown
from forecasting.forecast_bodies import ForecastBody
from forecasting.jobs import ahead_of, get_job, jobs
from forecasting.records import store
from forecasting.routes.parts import (
    Number,
    Planned,
    Planner,
    Planning,
    Reader,
    Series,
    author_of,
    ms,
    ms_or_none,
)
from forecasting.tables import JobRow

router = APIRouter(route_class=NamedFaults)


@router.post("/series/{series}/clean", status_code=202)
def clean(series: Series, who: Planner, rows: Rows, planning: Planned, after: BackgroundTasks) -> JobShown:
    """Look for what is strange in a history; decisions that were made stay."""
    return _ask(rows, planning, after, "clean", series, {}, who)


@router.post("/series/{series}/backtests", status_code=202)
def backtest(
    series: Series, body: BacktestBody, who: Planner, rows: Rows, planning: Planned, after: BackgroundTasks
) -> JobShown:
    """See how good each model would have been on this history."""
    return _ask(rows, planning, after, "backtest", series, body.model_dump(mode="json"), who)


@router.post("/series/{series}/forecasts", status_code=202)
def forecast(
    series: Series, body: ForecastBody, who: Planner, rows: Rows, planning: Planned, after: BackgroundTasks
) -> JobShown:
    """Make a forecast."""
    return _ask(rows, planning, after, "forecast", series, body.model_dump(mode="json"), who)


@router.get("/jobs")
def list_jobs(
    _: Reader, rows: Rows, planning: Planned, series: Annotated[RowId | None, Query()] = None
) -> list[JobShown]:
    """The latest hundred jobs."""
    names = {row.id: row.name for row in store.all_series(rows)}
    return [_shown(rows, planning, row, names[row.series]) for row in jobs(rows, series)]


@router.get("/jobs/{number}")
def read_job(number: Number, _: Reader, rows: Rows, planning: Planned) -> JobShown:
    """How far a job is, and what came of it."""
    row = get_job(rows, number)
    return _shown(rows, planning, row, store.get_series(rows, row.series).name)


@router.post("/jobs/{number}/cancel")
def cancel(number: Number, _: Planner, rows: Rows, planning: Planned) -> JobShown:
    """Give a job up; one that runs ends within a second."""
    row = planning.jobs.cancel(rows, number)
    return _shown(rows, planning, row, store.get_series(rows, row.series).name)


def _ask(
    session: Session,
    planning: Planning,
    after: BackgroundTasks,
    kind: JobKind,
    series: str,
    asked: dict[str, Any],
    who: Planner,
) -> JobShown:
    name = store.get_series(session, series).name
    row = planning.jobs.ask(session, kind, series, asked, author_of(who, planning))
    after.add_task(planning.jobs.nudge)  # after the commit, which is before the answer
    return _shown(session, planning, row, name)


def _shown(session: Session, planning: Planning, row: JobRow, name: str) -> JobShown:
    share, stage = planning.jobs.progress(row)
    return JobShown(
        id=row.id,
        kind=row.kind,  # type: ignore[arg-type]
        series=row.series,
        series_name=name,
        state=row.state,  # type: ignore[arg-type]
        progress=round(share, 4),
        stage=stage,
        trouble=row.trouble,
        result=row.result,
        by=row.by,
        asked_at=ms(row.asked_at),
        begun_at=ms_or_none(row.begun_at),
        ended_at=ms_or_none(row.ended_at),
        ahead=ahead_of(session, row),
    )
