"""What the planner's API takes and shows: series, history, findings, calendars, jobs.

Instants (``starts``, ``at``) are milliseconds UTC, ``day`` and the like are local dates of the series
(``2026-12-01``), ``slots`` are minutes after local midnight. Columns belong together: the n-th of each is of
the n-th of ``starts``; null is unknown. ``forecast_bodies`` and ``staffing_bodies`` go on.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from common.hours import WEEKDAYS, parse_span, read_zone
from common.rows import RowId

Name = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[^\x00]*$")]
Note = Annotated[str, StringConstraints(max_length=512, pattern=r"^[^\x00]*$")]
Column = list[float | None]
Whole = Literal["interval", "hour", "day", "week", "month"]
"""What the numbers of a picture are summed to."""
IntervalMinutes = Literal[5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 480, 720, 1440]
Source = Literal["queue", "business", "file"]
"""Whose calls: those of a queue or of a business type as the platform counts them, or files only."""


class Sent(BaseModel):
    """A body; a field it does not know is refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


# ------------------------------------------------------------------ series


class SeriesBody(Sent):
    """A series to plan for. ``key`` is the queue's id or the business type; a file's series has none.

    ``calendar`` is one of the planner's calendars; ``model`` is what forecasts are made with, ``auto`` for
    the best in a backtest. An empty ``id`` is made from the name.
    """

    id: RowId | Literal[""] = ""
    name: Name
    source: Source = "file"
    key: Annotated[str, StringConstraints(max_length=64)] = ""
    interval_min: IntervalMinutes = 30
    zone: str = Field(default="Asia/Shanghai", max_length=64)
    calendar: RowId = "default"
    model: str = Field(default="auto", pattern=r"^[a-z][a-z0-9_-]{0,63}$")

    @field_validator("zone")
    @classmethod
    def _is_zone(cls, name: str) -> str:
        read_zone(name)
        return name

    @model_validator(mode="after")
    def _has_key(self) -> "SeriesBody":
        if (self.source == "file") == bool(self.key):
            said = "a series of files has no key" if self.key else f"say which {self.source} (key)"
            raise ValueError(said)
        if self.source != "file" and self.interval_min % 15:
            raise ValueError("the platform counts by quarters of an hour: interval_min is a multiple of 15")
        return self


class SeriesShown(BaseModel):
    """A series and what is known of it; ``first`` and ``last`` are the days the history reaches from and to.

    ``open_findings`` wait for the planner. ``alarm`` says that forecasts are off in one direction for long.
    """

    id: str
    name: str
    source: Source
    key: str
    interval_min: int
    zone: str
    calendar: str
    model: str
    first: date | None
    last: date | None
    days: int
    intervals: int
    calls_per_day: float | None
    measures: list[str]
    open_findings: int
    alarm: bool


class SourceShown(BaseModel):
    """Something the platform counts; ``series`` is the series made of it, null if there is none yet."""

    source: Literal["queue", "business"]
    key: str
    name: str
    series: str | None


class Mistake(BaseModel):
    """What is wrong in a file: the row as spreadsheets count it (1 is the heading), null for all of it."""

    row: int | None
    column: str
    message: str


class ImportShown(BaseModel):
    """A file taken in, for one series. What it brought stays as it was; ``undone`` imports do not count.

    ``intervals`` are those of the file, ``replaced`` those that were known before it.
    """

    id: int
    series: str
    series_name: str
    file: str
    at: int
    by: str
    first: date
    last: date
    interval_min: int
    intervals: int
    replaced: int
    calls: float
    measures: list[str]
    undone: bool
    undone_by: str
    undone_at: int | None


class ImportAnswer(BaseModel):
    """What a file brought, a line for each queue in it; with ``dry`` nothing was kept and ids are 0."""

    dry: bool
    imports: list[ImportShown]


# ------------------------------------------------------------------ history


class HistoryShown(BaseModel):
    """A span of history. ``calls`` is raw, ``cleaned`` what the models learn from; both null where unknown.

    ``measures`` are further columns: ``abandoned``, ``answered``, ``ivr`` (sums), ``aht_s``, ``talk_s``,
    ``acw_s`` (means by calls). ``findings`` are those of the span.
    """

    series: str
    zone: str
    by: Whole
    interval_min: int
    starts: list[int]
    calls: Column
    cleaned: Column
    measures: dict[str, Column]
    findings: list["FindingShown"]


class HeatShown(BaseModel):
    """The usual week: ``values[weekday][slot]``, Monday first, the mean of the days of the span."""

    series: str
    what: str
    slots: list[int]
    weekdays: list[str] = list(WEEKDAYS)
    values: list[Column]
    days: list[int]
    """How many days of each weekday."""


# ------------------------------------------------------------------ findings

FindingState = Literal["proposed", "accepted", "changed", "undone"]


class FindingShown(BaseModel):
    """Something that should not teach the future: what, when, how sure (0 to 1), and what is done about it.

    ``begin`` and ``end`` (excluded) are ms UTC. ``kind`` is one of ``cleaning``'s, ``methods`` says how sure
    each method is by itself. ``calls`` came where ``expected`` were; ``cleaned`` is what counts now.
    ``action`` is what is proposed: ``replace`` the intervals, ``adjust`` them by ``proposed_factor``, or
    ``leave`` them, as of holidays and events, which are modelled apart. ``proposed`` findings are in force
    until somebody decides; ``undone`` ones are not. ``factor`` is the planner's own.
    """

    id: int
    series: str
    kind: str
    methods: dict[str, float]
    begin: int
    end: int
    sure: float
    calls: float | None
    expected: float | None
    cleaned: float | None
    action: Literal["replace", "adjust", "leave"]
    proposed_factor: float
    said: str
    state: FindingState
    factor: float | None
    note: str
    decided_by: str
    decided_at: int | None


class DecisionBody(Sent):
    """What the planner says of a finding.

    ``accepted``: it stays in force. ``undone``: the raw data count. ``changed``: of the raw calls of the span
    ``factor`` times as many count (0.5: half), or none is known with ``factor`` null.
    """

    state: FindingState
    factor: float | None = Field(default=None, ge=0, le=100)
    note: Note = ""

    @model_validator(mode="after")
    def _only_changed(self) -> "DecisionBody":
        if self.factor is not None and self.state != "changed":
            raise ValueError("factor belongs to the state changed")
        return self


class DecisionShown(BaseModel):
    """An entry of a finding's trail."""

    at: int
    by: str
    state: FindingState
    factor: float | None
    note: str


# ------------------------------------------------------------------ calendars


class DayRow(Sent):
    """A line of the planner's table; it goes before what the country's calendar says.

    ``make_up`` is a day worked for a bridge day, ``open`` says only that the house is open, during ``hours``.
    """

    day: date
    kind: Literal["ordinary", "holiday", "make_up", "closed", "open"]
    name: Annotated[str, StringConstraints(max_length=128)] = ""
    hours: list[str] = Field(default=[], max_length=10)

    @field_validator("hours")
    @classmethod
    def _are_spans(cls, spans: list[str]) -> list[str]:
        for span in spans:
            parse_span(span)
        return spans


class EventRow(Sent):
    """A campaign or another event, both days included; ``effect_percent`` is what its planner expects.

    Without one the effect is learnt from earlier events of that name, for a ``size`` of 1. No ``series``: it
    concerns all.
    """

    name: Name
    first: date
    last: date
    size: float = Field(default=1.0, ge=0, le=1e6, allow_inf_nan=False)
    effect_percent: float | None = Field(default=None, ge=-100, le=10_000)
    series: list[str] = Field(default=[], max_length=500)

    @model_validator(mode="after")
    def _ends(self) -> "EventRow":
        if self.last < self.first:
            raise ValueError("last is before first")
        return self


class DriverRow(Sent):
    """A known driver of calls by day, such as letters sent; days that are not named are 0."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[^\x00,]*$")]
    values: dict[date, Annotated[float, Field(allow_inf_nan=False, ge=-1e12, le=1e12)]] = Field(
        default={}, max_length=4000
    )


class PlannerCalendarBody(Sent):
    """A planner's calendar. ``country`` such as CN or DE, empty for none.

    ``hours`` are weekday to spans (``"09:00-17:30"``), closed on the country's holidays unless a line of the
    table says otherwise, on make-up days those of Monday; no hours at all: always open.
    """

    name: Name
    country: Annotated[str, StringConstraints(max_length=16)] = "CN"
    hours: dict[str, list[str]] = {}
    days: list[DayRow] = Field(default=[], max_length=2000)
    events: list[EventRow] = Field(default=[], max_length=500)
    drivers: list[DriverRow] = Field(default=[], max_length=50)

    @field_validator("country")
    @classmethod
    def _is_country(cls, code: str) -> str:
        from common.days_off import is_known

        code = code.upper()
        if code and not is_known(code):
            raise ValueError(f"{code!r} is no country we have holidays of; write it like CN or US-CA")
        return code

    @field_validator("hours")
    @classmethod
    def _are_hours(cls, hours: dict[str, list[str]]) -> dict[str, list[str]]:
        for day, spans in hours.items():
            if day not in WEEKDAYS:
                raise ValueError(f"has {day!r}, which is no weekday; they are {', '.join(WEEKDAYS)}")
            for span in spans:
                parse_span(span)
        return hours

    @field_validator("days")
    @classmethod
    def _once(cls, days: list[DayRow]) -> list[DayRow]:
        seen: set[date] = set()
        for row in days:
            if row.day in seen:
                raise ValueError(f"names {row.day} twice")
            seen.add(row.day)
        return sorted(days, key=lambda row: row.day)


class CalendarShown(PlannerCalendarBody):
    """A calendar; its ``tag`` is sent as ``If-Match`` when it is changed."""

    id: str
    tag: str
    changed_by: str
    changed_at: int
    used_by: list[str]


class CalendarDay(BaseModel):
    """What a day is, its holiday's name, whether the planner's table says so, and which events are on."""

    day: date
    weekday: int
    """0 for Monday."""
    kind: Literal["ordinary", "holiday", "make_up", "closed"]
    name: str
    in_table: bool
    events: list[str]


# ------------------------------------------------------------------ jobs

JobKind = Literal["clean", "backtest", "forecast"]
JobState = Literal["queued", "running", "done", "failed", "cancelled", "interrupted"]


class JobShown(BaseModel):
    """Long work. ``progress`` is 0 to 1, ``stage`` what it is at; ``trouble`` is why it failed, for a reader.

    ``result`` once done: the id of the forecast or backtest, or the number of findings. A job that was under
    way when the platform stopped is ``interrupted``.
    """

    id: int
    kind: JobKind
    series: str
    series_name: str
    state: JobState
    progress: float
    stage: str
    trouble: str
    result: int | None
    by: str
    asked_at: int
    begun_at: int | None
    ended_at: int | None
    ahead: int
    """How many jobs wait before it."""


class BacktestBody(Sent):
    """Which backtest: horizons in days that occur in the data, how many origins, days between them."""

    horizons: list[Annotated[int, Field(ge=1, le=92)]] = Field(default=[1, 5, 20], min_length=1, max_length=6)
    origins: int = Field(default=20, ge=2, le=200)
    step: int = Field(default=1, ge=1, le=31)


class BacktestLine(BaseModel):
    """How good a model was; keys are horizons, errors in percent (WAPE, coverage) or times naive (MASE)."""

    interval_wape: dict[str, float | None]
    daily_wape: dict[str, float | None]
    mase: dict[str, float | None]
    coverage80: dict[str, float | None]
    daily_coverage80: dict[str, float | None]
    seconds_per_fit: float | None


class BacktestShown(BaseModel):
    """A backtest: every model, the automatic choice, and what that chooses for the next forecast.

    ``weights`` by model sum to 1; ``chosen`` joins their names, the heaviest first.
    """

    id: int
    series: str
    at: int
    by: str
    horizons: list[int]
    origins: int
    first: date
    last: date
    models: dict[str, BacktestLine]
    auto: BacktestLine | None
    weights: dict[str, float]
    chosen: str
    notes: list[str]


def without_nan(values: Any) -> list[float | None]:
    """An array as a column: rounded to 4 digits after the point, null where unknown."""
    return [None if v != v else round(v, 4) for v in values.tolist()]
