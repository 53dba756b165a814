"""Routes from a forecast to people: requirements, single cases, the cost curve.

The formulas are loaded with the first question: SciPy takes a while, and a platform starts without it.
"""

import csv
import io
from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import numpy as np
from fastapi import APIRouter, Query, Response

from common.faults import NamedFaults
from common.problems import Problem
from common.request_rows import Rows
from domain.instant import MICROS_PER_SECOND, Instant
from forecasting.acd_waits import waits
from forecasting.columns import unpack
from forecasting.history import History, Ints
from forecasting.intervals import to_interval
from forecasting.records import forecast_store, requirement_store, store
from forecasting.records.forecast_store import Standing
from forecasting.routes.parts import (
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
from forecasting.routes.parts import number as figure
from forecasting.staffing_bodies import (
    CaseBody,
    CaseShown,
    CurveBody,
    CurveShown,
    PatienceShown,
    RequirementBody,
    RequirementColumns,
    RequirementShown,
    TargetBody,
)
from forecasting.tables import ForecastRow, RequirementRow

if TYPE_CHECKING:
    from forecasting.erlang import Targets
    from forecasting.staffing import Plan

router = APIRouter(route_class=NamedFaults)
AS_CSV = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}
MOST_AGENTS = 500
"""Steps of one curve."""


# ------------------------------------------------------------------ requirements


@router.post("/forecasts/{number}/requirements", status_code=201)
def add_requirement(
    number: Number, body: RequirementBody, who: Planner, rows: Rows, planning: Planned
) -> RequirementColumns:
    """Work out how many people a forecast needs, interval by interval, and keep it."""
    row = forecast_store.get_forecast(rows, number)
    if body.version is None:
        now = forecast_store.standing(rows, row)
    else:
        version = forecast_store.get_version(rows, body.version)
        if version.forecast != number:
            said = f"Version {body.version} was published from forecast {version.forecast}."
            raise Problem(422, "Another forecast's version", said, at="version")
        now = forecast_store.published_standing(rows, version)
    made, starts, away = _plan(now, body)
    asked = body.model_dump(mode="json")
    kept = requirement_store.add_requirement(
        rows, number, body.version, starts, made, asked, away, author_of(who, planning)
    )
    return _columns(kept, row)


@router.get("/forecasts/{number}/requirements")
def list_requirements(number: Number, _: Reader, rows: Rows) -> list[RequirementShown]:
    """A forecast's requirements, the latest first."""
    row = forecast_store.get_forecast(rows, number)
    return [_shown(one, row) for one in requirement_store.requirements(rows, number)]


@router.get("/requirements/{number}", response_model=RequirementColumns, responses=AS_CSV)  # type: ignore[arg-type]
def read_requirement(
    number: Number, _: Reader, rows: Rows, format: Format = "json"
) -> RequirementColumns | Response:
    """A requirement with its numbers."""
    kept = requirement_store.get_requirement(rows, number)
    row = forecast_store.get_forecast(rows, kept.forecast)
    shown = _columns(kept, row)
    return as_csv(f"staff-{row.series}-{number}", _csv(shown, row.zone)) if format == "csv" else shown


@router.delete("/requirements/{number}", status_code=204)
def delete_requirement(number: Number, _: Planner, rows: Rows) -> None:
    """Delete a requirement."""
    requirement_store.delete_requirement(rows, number)


def _plan(now: Standing, body: RequirementBody) -> tuple["Plan", Ints, float]:
    """The plan, the starts of its intervals and the shrinkage. Raises a 422 Problem."""
    from forecasting.staffing import Reason, Staffing, plan, shrinkage

    human = now.human
    aht_s = human.aht_s if body.aht_s is None else np.full(len(human.starts), body.aht_s)
    history = History(human.starts, human.calls, human.interval_s, human.zone, {"aht_s": aht_s})
    try:
        if body.interval_min is not None:
            history = to_interval(history, body.interval_min * 60)
        aht = history.measures["aht_s"]
        lacking = np.isnan(aht) & (history.calls > 0)
        if lacking.all() and lacking.any():
            raise ValueError("the forecast has no AHT; say one (aht_s)")
        # Of single intervals without an AHT, such as at night, that of all calls is taken.
        usual = np.average(aht[~np.isnan(aht)], weights=history.calls[~np.isnan(aht)] + 1e-9)
        away = float(shrinkage(Reason(one.reason, one.share, one.of) for one in body.shrinkage))
        rules = Staffing(
            _targets(body.target), body.patience_s, away, minimum=body.minimum, open_minimum=body.open_minimum
        )
        made = plan(history.calls, history.interval_s, np.where(np.isnan(aht), usual, aht), rules)
    except ValueError as error:
        raise _refused(error) from None
    return made, history.starts, away


def _targets(body: TargetBody) -> "Targets":
    from forecasting.erlang import Targets

    return Targets(
        service_level=body.service_level,
        within_s=body.within_s,
        definition=body.definition,
        answered=body.answered,
        asa_s=body.asa_s,
        abandonment=body.abandonment,
        occupancy=body.occupancy,
    )


def _refused(error: ValueError) -> Problem:
    text = str(error)
    return Problem(422, "This cannot be worked out", f"{text[:1].upper()}{text[1:]}.")


def _shown(row: RequirementRow, forecast: ForecastRow) -> RequirementShown:
    return RequirementShown(
        id=row.id,
        forecast=row.forecast,
        version=row.version,
        series=forecast.series,
        at=ms(row.at),
        by=row.by,
        note=str(row.asked.get("note", "")),
        asked=RequirementBody.model_validate(row.asked),
        interval_min=row.interval_s // 60,
        **row.sums,
    )


def _columns(row: RequirementRow, forecast: ForecastRow) -> RequirementColumns:
    told = unpack(row.columns)
    names = ("calls", "aht_s", "service_level", "asa_s", "occupancy", "abandonment")
    figures = {name: column(told[name].astype(np.float64)) for name in names}
    return RequirementColumns.model_validate(
        {
            **_shown(row, forecast).model_dump(),
            "starts": starts_ms(told["starts"]),
            "agents": told["agents"].tolist(),
            "scheduled": told["scheduled"].tolist(),
            **figures,
        }
    )


def _csv(shown: RequirementColumns, zone: str) -> str:
    """``timestamp,agents,scheduled,service_level,occupancy,asa_s``, and what it was worked out from."""
    names = ("agents", "scheduled", "service_level", "occupancy", "asa_s", "abandonment", "calls", "aht_s")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("timestamp", *names))
    where = ZoneInfo(zone)
    for at, *values in zip(shown.starts, *(getattr(shown, name) for name in names), strict=True):
        stamp = datetime.fromtimestamp(at // 1000, where).isoformat(" ", "minutes")
        writer.writerow((stamp, *("" if value is None else f"{value:g}" for value in values)))
    return out.getvalue()


# ------------------------------------------------------------------ patience


@router.get("/series/{series}/patience")
def read_patience(
    series: Series,
    _: Reader,
    rows: Rows,
    planning: Planned,
    days: Annotated[int, Query(ge=1, le=400)] = 90,
    from_s: Annotated[float, Query(ge=0, le=600, description="look only at waiting after so long")] = 0.0,
) -> PatienceShown:
    """How patient a queue's callers are, from their waits as the platform saw them."""
    from forecasting.staffing.patience import from_waits

    row = store.get_series(rows, series)
    if row.source != "queue":
        said = f"Only the visits of a queue tell of patience; {series} is of {row.source}."
        raise Problem(422, "No waits are known", said)
    since = Instant(planning.clock() - days * 86_400 * MICROS_PER_SECOND)
    times, gave_up = waits(rows, row.key, since)
    if not times.sum() > 0:
        said = f"Nobody waited in {row.name} in the last {days} days, as far as the platform saw."
        raise Problem(422, "No waits are known", said)
    try:
        found = from_waits(times, gave_up, from_s=from_s)
    except ValueError as error:
        raise _refused(error) from None
    return PatienceShown(
        mean_s=figure(found.mean_s),
        low_s=figure(found.low_s),
        high_s=figure(found.high_s),
        abandoned=int(found.abandoned),
        waited_s=round(found.waited_s, 3),
        visits=len(times),
        days=days,
    )


# ------------------------------------------------------------------ by hand


@router.post("/staffing/case")
def case(body: CaseBody, _signed: Reader) -> CaseShown:
    """One interval: what follows from so many agents, or the least number that keeps a target."""
    from forecasting.erlang import agents_for, measures
    from forecasting.staffing import scheduled
    from forecasting.staffing.plan import load_of

    try:
        _, aht, load = load_of(body.calls, body.per_min * 60, body.aht_s)
        if body.target is not None:
            agents = float(agents_for(load, aht, _targets(body.target), body.patience_s))
        else:
            agents = body.agents or 0.0
        meant = body.target or TargetBody(service_level=0.8, within_s=body.within_s)
        told = measures(
            agents, load, aht, body.patience_s, within_s=meant.within_s, definition=meant.definition
        )
        people = int(scheduled(agents, body.shrinkage))
    except ValueError as error:
        raise _refused(error) from None
    return CaseShown(
        agents=agents,
        scheduled=people,
        service_level=figure(float(told.service_level)),
        probability_of_wait=figure(float(told.probability_of_wait)),
        asa_s=figure(float(told.asa_s)),
        mean_wait_s=figure(float(told.mean_wait_s)),
        p90_wait_s=figure(float(told.p90_wait_s)),
        occupancy=figure(float(told.occupancy)),
        abandonment=figure(float(told.abandonment)),
        queue_length=figure(float(told.queue_length)),
    )


@router.post("/staffing/curve")
def curve(body: CurveBody, _signed: Reader) -> CurveShown:
    """What one more person buys: figures by number of agents."""
    from forecasting.staffing.curve import cost_curve

    wanted = None
    if body.from_agents is not None or body.to_agents is not None:
        if body.from_agents is None or body.to_agents is None or body.to_agents < body.from_agents:
            raise Problem(422, "No such curve", "Say from how many agents to how many.", at="to_agents")
        if body.to_agents - body.from_agents >= MOST_AGENTS:
            raise Problem(422, "Too long a curve", f"At most {MOST_AGENTS} steps.", at="to_agents")
        wanted = np.arange(body.from_agents, body.to_agents + 1)
    try:
        interval_s = body.per_min * 60
        made = cost_curve(
            body.calls, interval_s, body.aht_s, body.patience_s, within_s=body.within_s, agents=wanted
        )
    except ValueError as error:
        raise _refused(error) from None
    told = made.measures
    return CurveShown(
        erlangs=round(body.calls * body.aht_s / interval_s, 4),
        agents=made.agents.tolist(),
        service_level=column(told.service_level),
        abandonment=column(told.abandonment),
        asa_s=column(told.asa_s),
        occupancy=column(told.occupancy),
    )
