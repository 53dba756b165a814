"""Routes of series, imports, history, findings."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from common.db import Database
from common.faults import Fault, NamedFaults, invalid
from common.problems import Problem
from common.request_rows import Rows
from common.rows import RowId
from forecasting.bodies import (
    DecisionBody,
    DecisionShown,
    FindingShown,
    FindingState,
    HeatShown,
    HistoryShown,
    ImportAnswer,
    ImportShown,
    SeriesBody,
    SeriesShown,
    SourceShown,
)
from forecasting.columns import By, groups
from forecasting.days import grid_of, local
from forecasting.history import Floats, History
from forecasting.records import finding_store, store
from forecasting.records.importing import Sending, take_in
from forecasting.records.planner_calendars import day_calendar
from forecasting.routes.parts import (
    Asked,
    Number,
    Planned,
    Planner,
    Reader,
    Series,
    author_of,
    column,
    ms,
    ms_or_none,
    not_too_many,
    number,
    planning_of,
    starts_ms,
    within,
)
from forecasting.routes.reports import alarm_now
from forecasting.tables import FindingRow, ImportRow, SeriesRow

router = APIRouter(route_class=NamedFaults)
LATELY = 28
"""Days of history that are shown unless others are asked for."""
COUNTS = ("abandoned", "answered", "ivr")
SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx")


# ------------------------------------------------------------------ series


@router.get("/sources")
def list_sources(_: Reader, rows: Rows, planning: Planned) -> list[SourceShown]:
    """What the platform counts, and which series are made of it."""
    made = {(row.source, row.key): row.id for row in store.all_series(rows)}
    return [
        one.model_copy(update={"series": made.get((one.source, one.key))}) for one in planning.sources(rows)
    ]


@router.get("/series")
def list_series(_: Reader, rows: Rows, planning: Planned) -> list[SeriesShown]:
    """Every series, by id."""
    waiting = store.open_findings(rows)
    return [
        _series(rows, row, store.raw_history(rows, row.id, planning.counts), waiting.get(row.id, 0))
        for row in store.all_series(rows)
    ]


@router.post("/series", status_code=201)
def create_series(body: SeriesBody, who: Planner, rows: Rows, planning: Planned) -> SeriesShown:
    """Plan for something new."""
    row = store.create_series(rows, body, author_of(who, planning))
    return _series(rows, row, store.raw_history(rows, row.id, planning.counts), 0)


@router.get("/series/{series}")
def read_series(series: Series, _: Reader, rows: Rows, planning: Planned) -> SeriesShown:
    """One series."""
    row = store.get_series(rows, series)
    waiting = store.open_findings(rows).get(series, 0)
    return _series(rows, row, store.raw_history(rows, series, planning.counts), waiting)


@router.put("/series/{series}")
def change_series(
    series: Series, body: SeriesBody, who: Planner, rows: Rows, planning: Planned
) -> SeriesShown:
    """Another name, calendar or model."""
    store.change_series(rows, series, body, author_of(who, planning))
    return read_series(series, who, rows, planning)


@router.delete("/series/{series}", status_code=204)
def delete_series(series: Series, _: Planner, rows: Rows) -> None:
    """Delete a series with all that was kept of it, unless something was published."""
    store.delete_series(rows, series)


def _series(session: Session, row: SeriesRow, history: History, waiting: int) -> SeriesShown:
    totals = grid_of(history).totals if len(history) else np.zeros(0)
    days, _ = local(history.starts[[0, -1]] if len(history) else history.starts, history.zone)
    return SeriesShown(
        id=row.id,
        name=row.name,
        source=row.source,  # type: ignore[arg-type]
        key=row.key,
        interval_min=row.interval_s // 60,
        zone=row.zone,
        calendar=row.calendar,
        model=row.model,
        first=days[0].item() if len(days) else None,
        last=days[-1].item() if len(days) else None,
        days=int((~np.isnan(totals)).sum()),
        intervals=int((~np.isnan(history.calls)).sum()),
        calls_per_day=number(float(np.nanmean(totals))) if (~np.isnan(totals)).any() else None,
        measures=sorted(history.measures),
        open_findings=waiting,
        alarm=alarm_now(session, row, history).sounding,
    )


# ------------------------------------------------------------------ imports


@router.post("/imports", status_code=201)
async def import_file(
    request: Request,
    response: Response,
    who: Planner,
    file: Annotated[str, Query(min_length=1, max_length=255, description="the file's name")],
    series: Annotated[RowId | None, Query(description="for this series")] = None,
    queue: Annotated[str | None, Query(max_length=128, description="only this queue of the file")] = None,
    zone: Annotated[str, Query(max_length=64)] = "",
    columns: Annotated[str, Query(max_length=2000, description="timestamp=Zeit,calls=Anrufe")] = "",
    dry: Annotated[bool, Query(description="only say what it would bring")] = False,
) -> ImportAnswer:
    """Take in a CSV or XLSX file, sent as it is: all of it or nothing."""
    suffix = Path(file).suffix.lower()
    if suffix not in SUFFIXES:
        said = f"{file!r} is no file of calls; send one that ends in {', '.join(SUFFIXES)}."
        raise Problem(422, "The file cannot be taken in", said, at="file")
    sent = Sending(file, series, queue, zone, columns, dry)
    data = await request.body()
    answer = await run_in_threadpool(_import, request, who, sent, data, suffix)
    response.status_code = 200 if dry else 201
    return answer


def _import(request: Request, who: Planner, sent: Sending, data: bytes, suffix: str) -> ImportAnswer:
    planning = planning_of(request)
    database: Database = request.app.state.database
    with tempfile.NamedTemporaryFile(suffix=suffix) as kept:
        kept.write(data)
        kept.flush()
        with database.transaction() as session:
            made = take_in(session, Path(kept.name), sent, author_of(who, planning))
            shown = [_imported(row, store.get_series(session, row.series)) for row in made]
            if sent.dry:
                session.rollback()
                shown = [one.model_copy(update={"id": 0}) for one in shown]
    return ImportAnswer(dry=sent.dry, imports=shown)


@router.get("/series/{series}/imports")
def list_imports(series: Series, _: Reader, rows: Rows) -> list[ImportShown]:
    """What was taken in, the latest first."""
    kept = store.get_series(rows, series)
    return [_imported(row, kept) for row in store.imports(rows, series)]


@router.delete("/imports/{number}")
def undo_import(number: Number, who: Planner, rows: Rows, planning: Planned) -> ImportShown:
    """Let an import not count any more; what it brought is kept."""
    row = store.undo_import(rows, number, author_of(who, planning))
    return _imported(row, store.get_series(rows, row.series))


@router.post("/imports/{number}/redo")
def redo_import(number: Number, _: Planner, rows: Rows) -> ImportShown:
    """Let an import that was undone count again."""
    row = store.redo_import(rows, number)
    return _imported(row, store.get_series(rows, row.series))


def _imported(row: ImportRow, series: SeriesRow) -> ImportShown:
    days, _ = local(np.array([row.first, row.last]), series.zone)
    return ImportShown(
        id=row.id,
        series=row.series,
        series_name=series.name,
        file=row.file,
        at=ms(row.at),
        by=row.by,
        first=days[0].item(),
        last=days[1].item(),
        interval_min=row.interval_s // 60,
        intervals=row.intervals,
        replaced=row.replaced,
        calls=row.calls,
        measures=row.measures,
        undone=row.undone_at is not None,
        undone_by=row.undone_by,
        undone_at=ms_or_none(row.undone_at),
    )


# ------------------------------------------------------------------ history


@router.get("/series/{series}/history")
def read_history(
    series: Series, _: Reader, rows: Rows, planning: Planned, asked: Asked, by: By = "interval"
) -> HistoryShown:
    """A span of history, raw and cleaned; the last four weeks unless others are asked for."""
    row = store.get_series(rows, series)
    whole = store.raw_history(rows, series, planning.counts)
    found = finding_store.findings(rows, series)
    clean = within(finding_store.cleaned(whole, found), asked, LATELY)
    raw = within(whole, asked, LATELY)
    not_too_many(len(clean), by)
    # Cleaning may put in intervals that were missing.
    place = np.searchsorted(clean.starts, raw.starts)
    calls = np.full(len(clean), np.nan)
    calls[place] = raw.calls
    grouped = groups(clean.starts, row.zone, by)
    measures: dict[str, Floats] = {}
    for name, values in raw.measures.items():
        wide = np.full(len(clean), np.nan)
        wide[place] = values
        measures[name] = grouped.sums(wide) if name in COUNTS else grouped.means(wide, calls)
    begin, end = (clean.starts[0], clean.starts[-1]) if len(clean) else (0, -1)
    return HistoryShown(
        series=series,
        zone=row.zone,
        by=by,
        interval_min=row.interval_s // 60,
        starts=starts_ms(grouped.starts),
        calls=column(grouped.sums(calls)),
        cleaned=column(grouped.sums(clean.calls)),
        measures={name: column(values) for name, values in measures.items()},
        findings=_findings([one for one in found if one.end > begin and one.begin <= end], whole),
    )


@router.get("/series/{series}/heat")
def read_heat(
    series: Series,
    _: Reader,
    rows: Rows,
    planning: Planned,
    asked: Asked,
    what: Annotated[str, Query(pattern="^(calls|abandoned|answered|ivr|aht_s|talk_s|acw_s)$")] = "calls",
) -> HeatShown:
    """The usual week: the mean of ordinary days by weekday and time of day, of calls as they were cleaned."""
    row = store.get_series(rows, series)
    whole = store.raw_history(rows, series, planning.counts)
    history = within(finding_store.cleaned(whole, finding_store.findings(rows, series)), asked)
    if what != "calls" and what not in history.measures:
        raise invalid([Fault("what", f"is {what}, which this history does not tell")])
    if not len(history):
        return HeatShown(series=series, what=what, slots=[], values=[[] for _ in range(7)], days=[0] * 7)
    grid = grid_of(history, what)
    table = day_calendar(rows, row).table(grid.days)
    weights = np.where(np.isnan(grid.values), 0.0, 1.0)
    if what.endswith("_s"):
        weights = np.where(np.isnan(grid.values), 0.0, np.nan_to_num(grid_of(history).values))
    values, days = [], []
    for weekday in range(7):
        on = (table.weekday == weekday) & (table.kind == "ordinary")
        weight = weights[on].sum(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = np.nansum(grid.values[on] * weights[on], axis=0) / weight
        values.append(column(mean))
        days.append(int(on.sum()))
    return HeatShown(series=series, what=what, slots=grid.slots.tolist(), values=values, days=days)


# ------------------------------------------------------------------ findings


@router.get("/series/{series}/findings")
def list_findings(
    series: Series,
    _: Reader,
    rows: Rows,
    planning: Planned,
    state: FindingState | None = None,
) -> list[FindingShown]:
    """What cleaning found, the latest in time first."""
    raw = store.raw_history(rows, series, planning.counts)
    return _findings(finding_store.findings(rows, series, state), raw)


@router.put("/findings/{number}")
def decide(number: Number, body: DecisionBody, who: Planner, rows: Rows, planning: Planned) -> FindingShown:
    """Accept, change or undo what was done about a finding; the raw data stay."""
    row = finding_store.decide(rows, number, body, author_of(who, planning))
    return _findings([row], store.raw_history(rows, row.series, planning.counts))[0]


@router.get("/findings/{number}/trail")
def read_trail(number: Number, _: Reader, rows: Rows) -> list[DecisionShown]:
    """Who decided what on a finding, the first decision first."""
    return [
        DecisionShown(at=ms(one.at), by=one.by, state=one.state, factor=one.factor, note=one.note)  # type: ignore[arg-type]
        for one in finding_store.trail(rows, number)
    ]


def _findings(found: Sequence[FindingRow], raw: History) -> list[FindingShown]:
    return [
        FindingShown(
            id=row.id,
            series=row.series,
            kind=row.kind,
            methods=row.methods,
            begin=row.begin * 1000,
            end=row.end * 1000,
            sure=row.sure,
            calls=number(row.calls),
            expected=number(row.expected),
            cleaned=_now(row, raw),
            action=row.action,  # type: ignore[arg-type]
            proposed_factor=row.factor,
            said=row.said,
            state=row.state,  # type: ignore[arg-type]
            factor=row.own_factor,
            note=row.note,
            decided_by=row.decided_by,
            decided_at=ms_or_none(row.decided_at),
        )
        for row in found
    ]


def _now(row: FindingRow, raw: History) -> float | None:
    """What counts in the span of a finding, as far as this finding is concerned."""
    begin, end = np.searchsorted(raw.starts, [row.begin, row.end])
    part = slice(int(begin), int(end))
    span = History(raw.starts[part], raw.calls[part], raw.interval_s, raw.zone, {}, raw.name)
    clean = finding_store.cleaned(span, [row])
    known = ~np.isnan(clean.calls)
    return number(float(clean.calls[known].sum())) if known.any() else None
