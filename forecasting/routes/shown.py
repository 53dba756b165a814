"""Forecasts, overrides and versions as the planner's pages get them."""

import csv
import io
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forecasting import accuracy
from forecasting.columns import By, Groups, groups
from forecasting.deadlines import due
from forecasting.forecast_bodies import (
    ComparisonShown,
    DayCompared,
    ForecastColumns,
    ForecastShown,
    OverrideShown,
    PublishedShown,
    SideFigures,
)
from forecasting.history import Floats, History
from forecasting.overrides import Numbers, acts_on, closer, is_past
from forecasting.records.forecast_store import Standing, local_day, moved_sums
from forecasting.routes.parts import column, ms, ms_or_none, number, starts_ms
from forecasting.tables import ForecastRow, OverrideRow, PublishedRow, SeriesRow


def forecast_shown(session: Session, row: ForecastRow, series: SeriesRow) -> ForecastShown:
    """A forecast in a list."""
    counted = select(func.count(OverrideRow.id)).where(
        OverrideRow.forecast == row.id, OverrideRow.withdrawn_at.is_(None)
    )
    published = select(func.max(PublishedRow.id)).where(PublishedRow.forecast == row.id)
    return ForecastShown(
        id=row.id,
        series=row.series,
        series_name=series.name,
        kind=row.kind,  # type: ignore[arg-type]
        period=row.period,
        at=ms(row.at),
        by=row.by,
        note=row.note,
        model=row.model,
        chosen=row.chosen,
        backtest=row.backtest,
        interval_min=row.interval_s // 60,
        zone=row.zone,
        first=local_day(row.first, row.zone),
        last=local_day(row.last, row.zone),
        history_to=row.history_to * 1000,
        machine_calls=round(row.machine_calls, 4),
        human_calls=round(row.human_calls, 4),
        overrides=session.scalar(counted) or 0,
        published=session.scalar(published),
    )


def forecast_columns(shown: ForecastShown, now: Standing, actual: History, by: By) -> ForecastColumns:
    """A forecast with its numbers, beside what came of ``actual`` (the series' history)."""
    human, machine = now.human, now.machine
    grouped = groups(human.starts, human.zone, by)
    came, came_aht = beside(human, actual)
    bands = {name: _band(now, grouped, by, name) for name in human.bands}
    none: list[float | None] = [None] * len(grouped.starts)
    return ForecastColumns(
        **shown.model_dump(),
        by_what=by,
        starts=starts_ms(grouped.starts),
        calls=column(grouped.sums(human.calls)),
        machine=column(grouped.sums(machine.calls)),
        lo80=bands.get("lo80", none),
        hi80=bands.get("hi80", none),
        lo95=bands.get("lo95", none),
        hi95=bands.get("hi95", none),
        aht_s=column(grouped.means(human.aht_s, human.calls)),
        machine_aht_s=column(grouped.means(machine.aht_s, machine.calls)),
        abandonment=column(grouped.means(now.abandonment, human.calls)),
        actual=column(grouped.sums(came)),
        actual_aht_s=column(grouped.means(came_aht, came)),
    )


def _band(now: Standing, grouped: Groups, by: By, name: str) -> list[float | None]:
    human = now.human
    if by == "interval":
        return column(human.bands[name])
    spread = grouped.spread(human.calls, human.bands[name])
    own = moved_sums(now, human, by).get(name)
    return column(spread if own is None else np.where(np.isnan(own), spread, own))


def forecast_csv(shown: ForecastColumns) -> str:
    """``timestamp,calls,lo80,hi80,aht_s`` and what else there is; times on the wall with their offset."""
    names = ("calls", "machine", "lo80", "hi80", "lo95", "hi95", "aht_s", "abandonment", "actual")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("timestamp", *names))
    zone = ZoneInfo(shown.zone)
    columns = [getattr(shown, name) for name in names]
    for at, *values in zip(shown.starts, *columns, strict=True):
        stamp = datetime.fromtimestamp(at // 1000, zone).isoformat(" ", "minutes")
        writer.writerow((stamp, *("" if value is None else f"{value:g}" for value in values)))
    return out.getvalue()


def beside(numbers: Numbers, actual: History) -> tuple[Floats, Floats]:
    """What came in the intervals of a forecast, calls and AHT; NaN where it is not known (yet)."""
    calls, aht_s = np.full((2, len(numbers.starts)), np.nan)
    if len(actual):
        place = np.searchsorted(actual.starts, numbers.starts).clip(max=len(actual) - 1)
        there = actual.starts[place] == numbers.starts
        calls[there] = actual.calls[place[there]]
        if "aht_s" in actual.measures:
            aht_s[there] = actual.measures["aht_s"][place[there]]
    return calls, aht_s


# ------------------------------------------------------------------ overrides


def overrides_shown(now: Standing, actual: History) -> list[OverrideShown]:
    """Every override of a forecast, with what it does and, once it is past, who was closer."""
    came, came_aht = beside(now.machine, actual)
    return [override_shown(now, n, came, came_aht) for n in range(len(now.rows))]


def override_shown(now: Standing, n: int, came: Floats, came_aht: Floats) -> OverrideShown:
    """The n-th override."""
    row, override = now.rows[n], now.overrides[n]
    before, after = now.stages[n], now.stages[n + 1]
    on = acts_on(override, before)
    calls = row.measure == "calls"
    actual = came if calls else came_aht
    told = (before.calls, after.calls) if calls else (before.aht_s, after.aht_s)
    past = is_past(on, actual)
    sums = [_total(part, before, on, calls) for part in (*told, actual)]
    return OverrideShown(
        id=row.id,
        forecast=row.forecast,
        number=row.number,
        measure=row.measure,  # type: ignore[arg-type]
        how=row.how,  # type: ignore[arg-type]
        value=row.value,
        shape=row.shape,
        first=date.fromisoformat(row.first),
        last=date.fromisoformat(row.last),
        from_slot=row.from_slot,
        to_slot=row.to_slot,
        weekly=row.weekly,
        reason=row.reason,
        by=row.by,
        at=ms(row.at),
        week=override.week,
        carried_from=row.carried_from,
        withdrawn_by=row.withdrawn_by,
        withdrawn_at=ms_or_none(row.withdrawn_at),
        withdrawn_why=row.withdrawn_why,
        before=sums[0],
        after=sums[1],
        actual=sums[2] if past else None,
        closer=closer(told[0][on], told[1][on], actual[on]) if past else None,
    )


def total_of(numbers: Numbers, on: np.ndarray, measure: str) -> float | None:
    """Calls, or the mean AHT, of the intervals ``on``."""
    calls = measure == "calls"
    return _total(numbers.calls if calls else numbers.aht_s, numbers, on, calls)


def _total(values: Floats, numbers: Numbers, on: np.ndarray, calls: bool) -> float | None:
    part = values[on]
    known = ~np.isnan(part)
    if not known.any():
        return None
    if calls:
        return number(float(part[known].sum()))
    weights = np.nan_to_num(numbers.calls[on][known])
    return number(float(np.average(part[known], weights=weights if weights.sum() > 0 else None)))


def comparison(forecast: int, now: Standing, actual: History) -> ComparisonShown:
    """Machine against human, over what has come so far."""
    came, _ = beside(now.machine, actual)
    known = ~np.isnan(came)
    by_day = groups(now.machine.starts, now.machine.zone, "day")
    sides = [np.where(known, side.calls, np.nan) for side in (now.machine, now.human)]
    machine, human, arrived = (by_day.sums(part) for part in (*sides, came))
    return ComparisonShown(
        forecast=forecast,
        intervals=int(known.sum()),
        actual=round(float(came[known].sum()), 4),
        machine=_side(came, sides[0], arrived, machine),
        human=_side(came, sides[1], arrived, human),
        closer=closer(sides[0], sides[1], came),
        days=[
            DayCompared(
                day=local_day(int(by_day.starts[n]), now.machine.zone),
                machine=round(float(machine[n]), 4),
                human=round(float(human[n]), 4),
                actual=round(float(arrived[n]), 4),
                closer=closer(machine[[n]], human[[n]], arrived[[n]]) or "equal",
            )
            for n in np.flatnonzero(~np.isnan(arrived))
        ],
        overrides=overrides_shown(now, actual),
    )


def _side(came: Floats, said: Floats, arrived: Floats, days: Floats) -> SideFigures:
    return SideFigures(
        calls=round(float(np.nansum(said)), 4),
        wape=number(accuracy.wape(came, said)),
        bias=number(accuracy.bias(came, said)),
        daily_wape=number(accuracy.wape(arrived, days)),
    )


# ------------------------------------------------------------------ versions


def version_shown(session: Session, row: PublishedRow, series: SeriesRow) -> PublishedShown:
    """What was published, and whether it was in time."""
    forecast = session.get_one(ForecastRow, row.forecast)
    wanted = due(row.kind, row.period)
    late = 0 if wanted is None else max((local_day(row.at // 1_000_000, series.zone) - wanted).days, 0)
    return PublishedShown(
        id=row.id,
        series=row.series,
        series_name=series.name,
        forecast=row.forecast,
        number=row.number,
        kind=row.kind,  # type: ignore[arg-type]
        period=row.period,
        first=local_day(forecast.first, forecast.zone),
        last=local_day(forecast.last, forecast.zone),
        calls=round(row.calls, 4),
        at=ms(row.at),
        by=row.by,
        note=row.note,
        due=wanted,
        late_days=late,
    )
