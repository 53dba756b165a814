"""What the sample bank's planner finds: a year of calls in each queue, findings, forecasts that were made and
overridden week by week, a month that was published.

All of it is worked out in another process, so that a demo starts as fast without it; from a seed and the day.
"""

import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from sqlalchemy.orm import Session

from common.auth.sessions import wall_clock
from common.db import Database
from domain.instant import MICROS_PER_SECOND, Instant
from forecasting.bodies import EventRow, PlannerCalendarBody, SeriesBody
from forecasting.calendar import DayCalendar
from forecasting.cleaning import Finding
from forecasting.days import starts_of
from forecasting.forecast_bodies import OverrideBody
from forecasting.history import History
from forecasting.records import finding_store, forecast_store, store
from forecasting.records.forecast_store import Made, local_day
from forecasting.records.planner_calendars import DEFAULT, as_days, save_calendar
from forecasting.records.store import Author
from forecasting.tables import SeriesRow
from forecasting.working import NotWanted, Tell, apart

log = logging.getLogger(__name__)
ZONE = "Asia/Shanghai"
DAYS = 365
INTERVAL_S = 1800
WEEKS = 4
"""So many weekly forecasts were made before."""
MODEL = "regression"
"""Quick, and good on these calls; a planner's own forecasts compare all models."""
PLANNER = "planner"
_FILE = "history.csv"
_WORDS = {
    "calendar": ("排班日历", "Planning calendar"),
    "campaign": ("信用卡营销", "Cards campaign"),
    "letters": ("账单寄送", "Statements go out"),
    "rush": ("上周一来电偏多", "Last Monday was busier"),
    "month": ("月度预测定稿", "The month, final"),
}


@dataclass(frozen=True, slots=True)
class Bank:
    """The work of the other process: histories that end before ``today``, findings, past forecasts."""

    seed: int
    today: date
    until: int
    """UTC seconds at which the history ends: the last half-hour that is over."""
    calendar: PlannerCalendarBody
    queues: tuple[str, ...]
    weeks: int

    def __call__(self, tell: Tell) -> "Planned":
        """Everything, by queue."""
        return Planned({name: _planned(self, history) for name, history in _histories(self).items()})


@dataclass(frozen=True, slots=True, eq=False)
class QueuePlanned:
    """One queue's past: ``forecasts`` are (day made on, forecast)."""

    history: History
    findings: tuple[Finding, ...]
    forecasts: tuple[tuple[date, Made], ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """All queues' pasts."""

    queues: dict[str, QueuePlanned]


class PlannersPast:
    """Writes what is missing, beside the demo: nothing, if any series is there."""

    def __init__(self, database: Database, seed: int, language: str, queues: dict[str, str]) -> None:
        """``queues`` are names by id."""
        self._database = database
        self._seed = seed
        self._words = 1 if language.startswith("en") else 0
        self._queues = queues
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="planners-past", daemon=True)

    def start(self) -> None:
        """Begin, in a thread and a process."""
        self._thread.start()

    def stop(self) -> None:
        """Give it up, or wait for what is being written."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        try:
            fill(self._database, self._seed, self._words, self._queues, wall_clock(), self._stopping)
        except NotWanted:
            log.info("the planner's past was not finished")
        except Exception:
            log.exception("the planner of the sample bank has no past")


def fill(
    database: Database,
    seed: int,
    words: int,
    queues: dict[str, str],
    now: Instant,
    stopping: threading.Event,
    weeks: int = WEEKS,
) -> None:
    """Write the past of ``queues`` (names by id), if no series is there; ``weeks`` of it were forecast.

    Raises NotWanted.
    """
    with database.transaction() as session:
        if store.all_series(session):
            return
    today = local_day(now // MICROS_PER_SECOND, ZONE)
    until = now // MICROS_PER_SECOND // INTERVAL_S * INTERVAL_S
    calendar = _calendar(today, words)
    planned: Planned = apart(
        Bank(seed, today, until, calendar, tuple(queues), weeks),
        lambda _, __: None,
        lambda: not stopping.is_set(),
    )
    with database.transaction() as session:
        _write(session, planned, calendar, queues, words, now)


def histories_before(today: date, seed: int) -> tuple[dict[str, History], DayCalendar]:
    """The sample bank's calls of a year until ``today``, by queue, and its calendar, without a platform."""
    calendar = _calendar(today, 1)
    queues = ("personal", "complaints", "business")
    return _histories(Bank(seed, today, _start(today), calendar, queues, 0)), as_days(calendar, ZONE)


# ------------------------------------------------------------------ in the other process


def _histories(bank: Bank) -> dict[str, History]:
    from forecasting.sample import Sample, SampleQueue, generate

    noon = ((10.25, 1.6, 1.0), (15.0, 2.0, 0.8), (20.0, 1.5, 0.35))
    queues = (
        SampleQueue("personal", 3600.0, peaks=noon, night=0.08),
        SampleQueue("complaints", 420.0, weekdays=(1.15, 1.05, 1.0, 1.0, 1.0, 0.8, 0.75), aht_s=380.0),
        SampleQueue(
            "business",
            900.0,
            weekdays=(1.2, 1.05, 1.0, 0.98, 0.95, 0.15, 0.1),
            peaks=((10.0, 1.4, 1.0), (14.75, 1.6, 0.95)),
            aht_s=330.0,
            ivr=0.15,
        ),
    )
    first = bank.today - timedelta(days=DAYS)
    sample = Sample(
        first, DAYS + 1, ZONE, INTERVAL_S, queues, calendar=as_days(bank.calendar, ZONE), campaign=1.2
    )
    made = generate(sample, np.random.default_rng(bank.seed))
    return {name: _before(history, bank.until) for name, history in made.items() if name in bank.queues}


def _planned(bank: Bank, history: History) -> QueuePlanned:
    from forecasting.cleaning import apply
    from forecasting.planning import clean_history

    history = _with_trouble(history, bank.today)
    calendar = as_days(bank.calendar, ZONE)
    findings = clean_history(history, calendar)
    clean = apply(history, findings)
    made = []
    for on, horizon, kind in _dates(bank.today, bank.weeks):
        made.append((on, _made(_before(clean, _start(on)), bank, horizon, kind)))
    return QueuePlanned(history, findings, tuple(made))


def _made(before: History, bank: Bank, horizon: str, kind: str) -> Made:
    from forecasting.planning import forecast_history

    one = forecast_history(before, as_days(bank.calendar, ZONE), horizon, MODEL)
    return Made(
        kind=kind,  # type: ignore[arg-type]
        period=horizon if kind == "month" else "",
        model=MODEL,
        chosen=one.choice.name,
        history_to=one.known_to,
        numbers=one.numbers,
        abandonment=one.abandonment,
        sums=one.sums,
    )


def _before(history: History, at: int) -> History:
    end = int(np.searchsorted(history.starts, at))
    measures = {name: values[:end] for name, values in history.measures.items()}
    return replace(history, starts=history.starts[:end], calls=history.calls[:end], measures=measures)


def _with_trouble(history: History, today: date) -> History:
    """A line that was dead for three hours, and a morning on which everybody rang."""
    calls = history.calls.copy()
    dead = _start(today - timedelta(days=23)) + 10 * 3600
    rush = _start(today - timedelta(days=51)) + 9 * 3600
    calls[(history.starts >= dead) & (history.starts < dead + 3 * 3600)] = 0.0
    busy = (history.starts >= rush) & (history.starts < rush + 5400)
    calls[busy] = np.round(calls[busy] * 2.6)
    return replace(history, calls=calls)


def _dates(today: date, weeks: int) -> Iterator[tuple[date, str, str]]:
    """(day, horizon, kind) of the forecasts that were made, the oldest first."""
    monday = today - timedelta(days=today.weekday())
    made = [(monday - timedelta(weeks=week), "28d", "weeks") for week in range(weeks, -1, -1)]
    of_month = today.replace(day=1) - timedelta(days=10)
    yield from sorted([*made, (of_month, f"{today:%Y-%m}", "month")])


# ------------------------------------------------------------------ into the records


def _write(
    session: Session,
    planned: Planned,
    calendar: PlannerCalendarBody,
    names: dict[str, str],
    words: int,
    at: Instant,
) -> None:
    save_calendar(session, DEFAULT, calendar, PLANNER, at, tag=None)
    for queue, one in planned.queues.items():
        body = SeriesBody(id=queue, name=names[queue], source="queue", key=queue, interval_min=30, zone=ZONE)
        row = store.create_series(session, body, Author(PLANNER, _at(one.forecasts[0][0], 9)))
        store.add_import(session, queue, one.history, _FILE, Author(PLANNER, _at(one.forecasts[0][0], 9)))
        finding_store.keep_findings(session, queue, one.findings, at)
        for n, (day, made) in enumerate(one.forecasts):
            _forecast(session, row, day, made, n, words)


def _forecast(session: Session, series: SeriesRow, day: date, made: Made, n: int, words: int) -> None:
    morning, later = Author(PLANNER, _at(day, 9)), Author(PLANNER, _at(day, 10))
    kept = forecast_store.add_forecast(session, series.id, made, morning)
    if made.kind == "month":
        note = _WORDS["month"][words]
        forecast_store.publish(session, kept.id, Author(PLANNER, _at(day + timedelta(days=2), 15)), note)
        return
    reason, change, first, last = (
        (_WORDS["letters"][words], 6.0, 1, 3) if n % 2 else (_WORDS["rush"][words], 4.0, 7, 7)
    )
    body = OverrideBody(
        how="percent",
        value=change,
        first=day + timedelta(days=first),
        last=day + timedelta(days=last),
        from_slot=540,
        to_slot=1080,
        reason=reason,
    )
    forecast_store.add_override(session, kept.id, body, later)


def _calendar(today: date, words: int) -> PlannerCalendarBody:
    """The bank's: China's holidays, and a campaign every ten weeks, the next one in a fortnight."""
    campaign = _WORDS["campaign"][words]
    days = [today + timedelta(days=14 - 70 * n) for n in range(6)]
    events = [EventRow(name=campaign, first=day, last=day + timedelta(days=3)) for day in sorted(days)]
    return PlannerCalendarBody(name=_WORDS["calendar"][words], country="CN", events=events)


def _start(day: date) -> int:
    return int(starts_of(np.array([day], dtype="datetime64[D]"), np.zeros(1, dtype=np.int64), ZONE)[0, 0])


def _at(day: date, hour: int) -> Instant:
    return Instant((_start(day) + hour * 3600) * MICROS_PER_SECOND)
