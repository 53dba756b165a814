"""The planner's kinds of jobs: cleaning, backtests, forecasts. From rows to tasks, from answers to rows.

Tasks run in another process: only there are the models (and SciPy) loaded.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from common.problems import Problem
from domain.instant import MICROS_PER_SECOND, Instant
from forecasting.bodies import BacktestBody, BacktestLine, BacktestShown
from forecasting.calendar import DayCalendar
from forecasting.cleaning import Finding
from forecasting.deadlines import next_period
from forecasting.forecast_bodies import ForecastBody
from forecasting.history import Floats, History
from forecasting.overrides import Numbers
from forecasting.records import backtest_store, finding_store, forecast_store, store
from forecasting.records.forecast_store import Made, local_day
from forecasting.records.planner_calendars import day_calendar
from forecasting.records.store import Author, Counts
from forecasting.tables import JobRow, SeriesRow
from forecasting.working import Task, Tell

if TYPE_CHECKING:
    from forecasting.planning import Compared
    from forecasting.trials.backtest import Line


@dataclass(frozen=True, slots=True)
class CleanTask:
    """Look for what is strange."""

    history: History
    calendar: DayCalendar

    def __call__(self, tell: Tell) -> tuple[Finding, ...]:
        """The findings."""
        from forecasting.planning import clean_history

        return clean_history(self.history, self.calendar, tell)


@dataclass(frozen=True, slots=True)
class BacktestTask:
    """Compare models."""

    series: str
    history: History
    calendar: DayCalendar
    asked: BacktestBody

    def __call__(self, tell: Tell) -> BacktestShown:
        """The table and the choice."""
        from forecasting.planning import compare_models

        asked = self.asked
        made = compare_models(self.history, self.calendar, asked.horizons, asked.origins, asked.step, tell)
        return _backtest(self.series, made)


@dataclass(frozen=True, slots=True, eq=False)
class ForecastMade:
    """A forecast as it comes back, see ``planning.Forecast``."""

    numbers: Numbers
    abandonment: Floats
    sums: Mapping[str, Floats]
    known_to: int
    chosen: str


@dataclass(frozen=True, slots=True)
class ForecastTask:
    """Make a forecast."""

    history: History
    calendar: DayCalendar
    horizon: str
    model: str

    def __call__(self, tell: Tell) -> ForecastMade:
        """The forecast."""
        from forecasting.planning import forecast_history

        made = forecast_history(self.history, self.calendar, self.horizon, self.model, tell)
        return ForecastMade(made.numbers, made.abandonment, made.sums, made.known_to, made.choice.name)


class PlannerKinds:
    """See ``jobs.Kinds``. Histories are cleaned as decided before anything learns from them."""

    def __init__(self, counts: Counts, clock: Callable[[], Instant]) -> None:
        self._counts = counts
        self._clock = clock

    def task(self, session: Session, row: JobRow) -> Task:
        """What is to be done. Raises a Problem or ValueError if it cannot be."""
        series = store.get_series(session, row.series)
        raw = store.raw_history(session, row.series, self._counts)
        if not len(raw):
            raise Problem(422, "Nothing is known", f"{series.name} has no history yet; take in a file first.")
        calendar = day_calendar(session, series)
        if row.kind == "clean":
            return CleanTask(_plain(raw), calendar)
        history = _plain(finding_store.cleaned(raw, finding_store.findings(session, row.series)))
        if row.kind == "backtest":
            return BacktestTask(row.series, history, calendar, BacktestBody.model_validate(row.asked))
        asked = ForecastBody.model_validate(row.asked)
        return ForecastTask(history, calendar, self._horizon(asked, series), asked.model or series.model)

    def keep(self, session: Session, row: JobRow, answer: Any, at: Instant) -> int:
        """Write down what was found or made."""
        author = Author(row.by, at)
        if row.kind == "clean":
            return finding_store.keep_findings(session, row.series, answer, at)
        if row.kind == "backtest":
            return backtest_store.add_backtest(session, answer, author).id
        series = store.get_series(session, row.series)
        asked = ForecastBody.model_validate(row.asked)
        forecast: ForecastMade = answer
        tests = backtest_store.backtests(session, row.series, most=1)
        made = Made(
            kind=asked.kind,
            period=self._period(asked, series),
            model=asked.model or series.model,
            chosen=forecast.chosen,
            history_to=forecast.known_to,
            numbers=forecast.numbers,
            abandonment=forecast.abandonment,
            sums=forecast.sums,
            note=asked.note,
            backtest=tests[0].id if tests else None,
        )
        return forecast_store.add_forecast(session, row.series, made, author, asked.carry).id

    def _period(self, asked: ForecastBody, series: SeriesRow) -> str:
        if asked.kind not in ("month", "year"):
            return ""
        today = local_day(self._clock() // MICROS_PER_SECOND, series.zone)
        return asked.period or next_period(asked.kind, today)

    def _horizon(self, asked: ForecastBody, series: SeriesRow) -> str:
        if asked.kind == "intraday":
            return "today"
        return self._period(asked, series) or f"{asked.days}d"


def _plain(history: History) -> History:
    """The history as it can be sent to another process."""
    return replace(history, measures=dict(history.measures))


def _backtest(series: str, made: "Compared") -> BacktestShown:
    found = made.backtest
    lines = {name: _line(one) for name, one in found.lines.items()}
    notes = [] if found.choice.origins else ["The history is too short to compare models on it."]
    return BacktestShown(
        id=0,
        series=series,
        at=0,
        by="",
        horizons=list(made.horizons),
        origins=len(found.origins),
        first=made.first,
        last=made.last,
        models=lines,
        auto=_line(found.auto),
        weights=dict(found.choice.weights),
        chosen=found.choice.name,
        notes=notes,
    )


def _line(one: "Line") -> BacktestLine:
    def by_text(figures: Any) -> dict[str, float | None]:
        return {str(days): None if value != value else round(value, 4) for days, value in figures.items()}

    return BacktestLine(
        interval_wape=by_text(one.interval_wape),
        daily_wape=by_text(one.daily_wape),
        mase=by_text(one.mase),
        coverage80=by_text(one.coverage80),
        daily_coverage80=by_text(one.daily_coverage80),
        seconds_per_fit=None if one.seconds_per_fit != one.seconds_per_fit else round(one.seconds_per_fit, 5),
    )
