"""Routes of backtests and forecasts; what makes them is asked for in ``jobs``."""

from fastapi import APIRouter, Response

from common.faults import NamedFaults
from common.request_rows import Rows
from forecasting.bodies import BacktestShown
from forecasting.columns import By
from forecasting.forecast_bodies import ForecastColumns, ForecastShown
from forecasting.records import backtest_store, forecast_store, store
from forecasting.routes.parts import Format, Number, Planned, Planner, Reader, Series, as_csv
from forecasting.routes.shown import forecast_columns, forecast_csv, forecast_shown

router = APIRouter(route_class=NamedFaults)
AS_CSV = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}


@router.get("/series/{series}/backtests")
def list_backtests(series: Series, _: Reader, rows: Rows) -> list[BacktestShown]:
    """A series' backtests, the latest first."""
    store.get_series(rows, series)
    return [backtest_store.shown(row) for row in backtest_store.backtests(rows, series)]


@router.get("/backtests/{number}")
def read_backtest(number: Number, _: Reader, rows: Rows) -> BacktestShown:
    """One backtest: the table and the choice."""
    return backtest_store.shown(backtest_store.get_backtest(rows, number))


@router.get("/series/{series}/forecasts")
def list_forecasts(series: Series, _: Reader, rows: Rows) -> list[ForecastShown]:
    """A series' forecasts, the latest first."""
    row = store.get_series(rows, series)
    return [forecast_shown(rows, one, row) for one in forecast_store.forecasts(rows, series)]


@router.get("/forecasts/{number}", response_model=ForecastColumns, responses=AS_CSV)  # type: ignore[arg-type]
def read_forecast(
    number: Number,
    _: Reader,
    rows: Rows,
    planning: Planned,
    by: By = "interval",
    format: Format = "json",
) -> ForecastColumns | Response:
    """A forecast with its numbers: what counts, the machine's, intervals, and what came so far."""
    row = forecast_store.get_forecast(rows, number)
    series = store.get_series(rows, row.series)
    actual = store.raw_history(rows, row.series, planning.counts)
    shown = forecast_columns(
        forecast_shown(rows, row, series), forecast_store.standing(rows, row), actual, by
    )
    return as_csv(f"forecast-{series.id}-{number}", forecast_csv(shown)) if format == "csv" else shown


@router.delete("/forecasts/{number}", status_code=204)
def delete_forecast(number: Number, _: Planner, rows: Rows) -> None:
    """Delete a forecast that was not published."""
    forecast_store.delete_forecast(rows, number)
