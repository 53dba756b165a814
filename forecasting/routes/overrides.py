"""Routes of overrides, what became of them, publishing, deadlines, accuracy and alarms."""

from typing import Any

import numpy as np
from fastapi import APIRouter, Response

from common.faults import NamedFaults
from common.request_rows import Rows
from forecasting.columns import By
from forecasting.deadlines import Deadline, deadlines
from forecasting.forecast_bodies import (
    AccuracyByDay,
    AccuracyByHorizon,
    AccuracyBySlot,
    AccuracyFigures,
    AccuracyShown,
    AlarmShown,
    ComparisonShown,
    DeadlineShown,
    ForecastColumns,
    OverrideBody,
    OverrideShown,
    PreviewShown,
    PublishBody,
    PublishedShown,
    WithdrawBody,
)
from forecasting.overrides import acts_on
from forecasting.records import forecast_store, store
from forecasting.records.forecast_store import Of, local_day
from forecasting.reviewing import Figures
from forecasting.routes.parts import (
    Asked,
    Format,
    Number,
    Planned,
    Planner,
    Reader,
    Series,
    as_csv,
    author_of,
    column,
    ms,
    starts_ms,
)
from forecasting.routes.parts import (
    number as figure,
)
from forecasting.routes.reports import alarm_now, alarm_shown, report
from forecasting.routes.shown import (
    beside,
    comparison,
    forecast_columns,
    forecast_csv,
    forecast_shown,
    override_shown,
    overrides_shown,
    total_of,
    version_shown,
)
from forecasting.tables import PublishedRow, SeriesRow

router = APIRouter(route_class=NamedFaults)
AS_CSV = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}

# ------------------------------------------------------------------ overrides


@router.get("/forecasts/{number}/overrides")
def list_overrides(number: Number, _: Reader, rows: Rows, planning: Planned) -> list[OverrideShown]:
    """Every override of a forecast, withdrawn ones too, in the order in which they apply."""
    row = forecast_store.get_forecast(rows, number)
    actual = store.raw_history(rows, row.series, planning.counts)
    return overrides_shown(forecast_store.standing(rows, row), actual)


@router.post("/forecasts/{number}/overrides", status_code=201)
def add_override(
    number: Number, body: OverrideBody, who: Planner, rows: Rows, planning: Planned
) -> OverrideShown:
    """Override a forecast, for what is still to come; the machine's numbers are kept."""
    forecast_store.add_override(rows, number, body, author_of(who, planning))
    row = forecast_store.get_forecast(rows, number)
    now = forecast_store.standing(rows, row)
    came = beside(now.machine, store.raw_history(rows, row.series, planning.counts))
    return override_shown(now, len(now.rows) - 1, *came)


@router.post("/forecasts/{number}/overrides/preview")
def preview(number: Number, body: OverrideBody, who: Planner, rows: Rows, planning: Planned) -> PreviewShown:
    """What an override would do; nothing is kept."""
    row = forecast_store.get_forecast(rows, number)
    now = forecast_store.standing(rows, row)
    override = forecast_store.read_override(body, author_of(who, planning))
    after = forecast_store.applied(now, override)
    on = acts_on(override, after)
    return PreviewShown(
        before=total_of(now.human, on, body.measure),
        after=total_of(after, on, body.measure),
        starts=starts_ms(after.starts),
        calls=column(after.calls),
        aht_s=column(after.aht_s),
    )


@router.post("/overrides/{number}/withdraw")
def withdraw(
    number: Number, body: WithdrawBody, who: Planner, rows: Rows, planning: Planned
) -> OverrideShown:
    """Take an override back, for what is still to come; it stays in the trail."""
    kept = forecast_store.withdraw(rows, number, author_of(who, planning), body.reason)
    row = forecast_store.get_forecast(rows, kept.forecast)
    actual = store.raw_history(rows, row.series, planning.counts)
    shown = overrides_shown(forecast_store.standing(rows, row), actual)
    return next(one for one in shown if one.id == number)


@router.get("/forecasts/{number}/comparison")
def compare(number: Number, _: Reader, rows: Rows, planning: Planned) -> ComparisonShown:
    """Machine against human over what has come so far: in all, by day, by override."""
    row = forecast_store.get_forecast(rows, number)
    actual = store.raw_history(rows, row.series, planning.counts)
    return comparison(number, forecast_store.standing(rows, row), actual)


# ------------------------------------------------------------------ publishing


@router.post("/forecasts/{number}/publish", status_code=201)
def publish(number: Number, body: PublishBody, who: Planner, rows: Rows, planning: Planned) -> PublishedShown:
    """Publish a forecast as it stands now."""
    kept = forecast_store.publish(rows, number, author_of(who, planning), body.note)
    return version_shown(rows, kept, store.get_series(rows, kept.series))


@router.get("/series/{series}/versions")
def list_versions(series: Series, _: Reader, rows: Rows) -> list[PublishedShown]:
    """What was published of a series, the latest first."""
    row = store.get_series(rows, series)
    return [version_shown(rows, one, row) for one in forecast_store.versions(rows, series)]


@router.get("/versions/{number}", response_model=ForecastColumns, responses=AS_CSV)  # type: ignore[arg-type]
def read_version(
    number: Number, _: Reader, rows: Rows, planning: Planned, by: By = "interval", format: Format = "json"
) -> ForecastColumns | Response:
    """A published forecast, with its numbers as they were then."""
    kept = forecast_store.get_version(rows, number)
    series = store.get_series(rows, kept.series)
    row = forecast_store.get_forecast(rows, kept.forecast)
    now = forecast_store.published_standing(rows, kept)
    told = forecast_shown(rows, row, series).model_copy(
        update={"human_calls": kept.calls, "overrides": kept.overrides, "published": kept.id}
    )
    shown = forecast_columns(told, now, store.raw_history(rows, series.id, planning.counts), by)
    name = f"{series.id}-{kept.period or kept.kind}-v{kept.number}"
    return as_csv(name, forecast_csv(shown)) if format == "csv" else shown


@router.get("/deadlines")
def list_deadlines(_: Reader, rows: Rows, planning: Planned) -> list[DeadlineShown]:
    """What is to be published by when, of every series; a missed deadline is said."""
    published: dict[tuple[str, str, str], PublishedRow] = {}
    for version in reversed(forecast_store.versions(rows)):
        published.setdefault((version.series, version.kind, version.period), version)
    now = planning.clock() // 1_000_000
    shown = []
    for series in store.all_series(rows):
        since = local_day(series.created_at // 1_000_000, series.zone)
        for one in deadlines(local_day(now, series.zone), since):
            first = published.get((series.id, one.kind, one.period))
            shown.append(_deadline(series, one, first, now))
    return sorted(shown, key=lambda one: (one.due, one.series, one.period))


def _deadline(series: SeriesRow, one: Deadline, first: PublishedRow | None, now: int) -> DeadlineShown:
    today = local_day(now, series.zone)
    day = None if first is None else local_day(first.at // 1_000_000, series.zone)
    state = one.state(day, today)
    left = (one.due - today).days
    said = {
        "open": f"due in {left} days",
        "due_soon": "due today" if left == 0 else f"due in {left} day{'s' if left > 1 else ''}",
        "missed": f"missed {-left} day{'s' if left < -1 else ''} ago",
        "published": f"published on {day}",
        "late": f"published on {day}, {(day - one.due).days if day else 0} days late",
    }[state]
    return DeadlineShown(
        series=series.id,
        series_name=series.name,
        kind=one.kind,
        period=one.period,
        due=one.due,
        state=state,
        days_left=left,
        version=None if first is None else first.id,
        published_at=None if first is None else ms(first.at),
        published_by="" if first is None else first.by,
        said=f"{one.period} by {one.due:%d %B %Y}: {said}",
    )


# ------------------------------------------------------------------ accuracy


@router.get("/series/{series}/accuracy")
def read_accuracy(
    series: Series, _: Reader, rows: Rows, planning: Planned, asked: Asked, of: Of = "human"
) -> AccuracyShown:
    """How good forecasts were on these days (the last 90 of the history unless others are asked for)."""
    row = store.get_series(rows, series)
    history = store.raw_history(rows, series, planning.counts)
    made = report(rows, row, history, of, asked)
    days = sorted(made.by_day)
    place = {day: n for n, day in enumerate(made.days.tolist())}
    at = np.array([place[day] for day in days], dtype=np.int64)
    return AccuracyShown(
        series=series,
        of=of,
        first=days[0] if days else None,
        last=days[-1] if days else None,
        interval=AccuracyFigures(**_figures(made.interval)),
        daily=AccuracyFigures(**_figures(made.daily)),
        monthly=AccuracyFigures(**_figures(made.monthly)),
        aht=None if made.aht is None else AccuracyFigures(**_figures(made.aht)),
        by_horizon=[
            AccuracyByHorizon(from_day=first, to_day=last, **_figures(one))
            for (first, last), one in made.by_horizon.items()
        ],
        by_slot=[AccuracyBySlot(slot=slot, **_figures(one)) for slot, one in made.by_slot.items()],
        by_day=[
            AccuracyByDay(day=day, forecast=round(said, 4), **_figures(one))
            for day, (said, one) in sorted(made.by_day.items())
        ],
        too_high=column(made.alarm.too_high[at]),
        too_low=column(made.alarm.too_low[at]),
        alarm=alarm_shown(row, made.alarm),
    )


@router.get("/alarms")
def list_alarms(_: Reader, rows: Rows, planning: Planned) -> list[AlarmShown]:
    """Whether bias persists, for every series."""
    return [
        alarm_shown(row, alarm_now(rows, row, store.raw_history(rows, row.id, planning.counts)))
        for row in store.all_series(rows)
    ]


def _figures(made: Figures) -> dict[str, Any]:
    return {
        "count": made.count,
        "calls": round(made.calls, 4),
        "wape": figure(made.wape),
        "mase": figure(made.mase),
        "bias": figure(made.bias),
        "pinball": figure(made.pinball),
        "coverage80": figure(made.coverage80),
        "coverage95": figure(made.coverage95),
    }
