"""What the planner's API takes and shows: forecasts, overrides, versions, versions, accuracy.

Units as in ``bodies``: instants are ms UTC, days are local dates, columns belong together.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints, model_validator

from forecasting.bodies import Column, Name, Note, Sent, Whole

ForecastKind = Literal["intraday", "weeks", "month", "year"]
Winner = Literal["machine", "human", "equal"]

# ------------------------------------------------------------------ forecasts


class ForecastBody(Sent):
    """A forecast to make (a job).

    ``intraday``: the rest of today from this morning's actuals; ``weeks``: the next ``days`` days by
    interval; ``month``: ``period`` (``2026-12``) by day and hour; ``year``: ``period`` (``2027``) by month.
    Without ``period`` the next one. ``carry``: overrides of the latest forecast of this kind that reach into
    this one are taken over.
    """

    kind: ForecastKind = "weeks"
    days: int = Field(default=28, ge=1, le=400)
    period: Annotated[str, StringConstraints(pattern=r"^(\d{4}(-(0[1-9]|1[0-2]))?)?$")] = ""
    model: str = Field(
        default="", pattern=r"^([a-z][a-z0-9_-]{0,63})?$", description="empty: the series' own"
    )
    carry: bool = True
    note: Note = ""

    @model_validator(mode="after")
    def _period_fits(self) -> "ForecastBody":
        length = {"month": 7, "year": 4}.get(self.kind, 0)
        if self.period and len(self.period) != length:
            like = {"month": "write it like 2026-12", "year": "write it like 2027"}
            raise ValueError(f"period: {like.get(self.kind, 'only months and years have one')}")
        return self


class ForecastShown(BaseModel):
    """A forecast that was made and is kept. ``history_to`` is the end of what it knew.

    Totals are calls over the whole span, without and with overrides. ``published`` is its latest version.
    """

    id: int
    series: str
    series_name: str
    kind: ForecastKind
    period: str
    at: int
    by: str
    note: str
    model: str
    chosen: str
    """The model that made it, where ``model`` was ``auto``."""
    backtest: int | None
    interval_min: int
    zone: str
    first: date
    last: date
    history_to: int
    machine_calls: float
    human_calls: float
    overrides: int
    published: int | None


class ForecastColumns(ForecastShown):
    """A forecast with its numbers; ``calls`` is what counts (with overrides), ``machine`` without.

    ``lo80`` … are of ``calls``. ``actual`` is what came so far. Of measures only those that were forecast.
    """

    by_what: Whole
    starts: list[int]
    calls: Column
    machine: Column
    lo80: Column
    hi80: Column
    lo95: Column
    hi95: Column
    aht_s: Column
    machine_aht_s: Column
    abandonment: Column
    actual: Column
    actual_aht_s: Column


# ------------------------------------------------------------------ overrides


Weight = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]


class OverrideBody(Sent):
    """A planner's word against the machine's, on ``days`` (both included) and from slot to slot.

    ``amount``: so many calls (or seconds of AHT) more on each day, spread like the forecast; ``percent``: so
    much more; ``shape``: the total of these slots stays and is spread by ``shape``, a weight for each slot
    from ``from_slot`` on. ``weekly``: on the same weekdays of every later week as well. ``from_slot`` and
    ``to_slot`` (excluded) are minutes after local midnight.
    """

    measure: Literal["calls", "aht_s"] = "calls"
    how: Literal["amount", "percent", "shape"]
    value: float = Field(default=0.0, ge=-1e7, le=1e7, allow_inf_nan=False)
    shape: list[Weight] = Field(default=[], max_length=288)
    first: date
    last: date
    from_slot: int = Field(default=0, ge=0, le=1439)
    to_slot: int = Field(default=1440, ge=1, le=1440)
    weekly: bool = False
    reason: Name

    @model_validator(mode="after")
    def _fits(self) -> "OverrideBody":
        if self.last < self.first:
            raise ValueError("last is before first")
        if self.to_slot <= self.from_slot:
            raise ValueError("to_slot is not after from_slot")
        if (self.how == "shape") != bool(self.shape):
            raise ValueError("a shape needs its weights (shape), and nothing else has them")
        if self.how == "shape" and (self.measure != "calls" or not any(self.shape)):
            raise ValueError("a shape is of calls, and not all of its weights are 0")
        if self.how == "percent" and self.value < -100:
            raise ValueError("value: less than -100 % of the calls cannot come")
        return self


class OverrideShown(BaseModel):
    """An override with what it does: calls (or mean AHT) of its span before and after it.

    ``actual`` and ``closer`` are known once the whole span is past: whether the forecast before this override
    or after it was closer there, by absolute errors summed over intervals. A withdrawn one does nothing.
    """

    id: int
    forecast: int
    number: int
    measure: Literal["calls", "aht_s"]
    how: Literal["amount", "percent", "shape"]
    value: float
    shape: list[float]
    first: date
    last: date
    from_slot: int
    to_slot: int
    weekly: bool
    reason: str
    by: str
    at: int
    week: str
    """The ISO week it was made in: ``2026-W48``."""
    carried_from: int | None
    withdrawn_by: str
    withdrawn_at: int | None
    withdrawn_why: str
    before: float | None
    after: float | None
    actual: float | None
    closer: Winner | None


class WithdrawBody(Sent):
    """Why an override is taken back."""

    reason: Name


class PreviewShown(BaseModel):
    """What an override would do, without keeping it."""

    before: float | None
    after: float | None
    starts: list[int]
    calls: Column
    aht_s: Column


class SideFigures(BaseModel):
    """How far off one side was: WAPE and bias in percent, over intervals and over days."""

    calls: float
    wape: float | None
    bias: float | None
    daily_wape: float | None


class DayCompared(BaseModel):
    """One day: what the machine said, what the human made of it, what came."""

    day: date
    machine: float
    human: float
    actual: float
    closer: Winner


class ComparisonShown(BaseModel):
    """Machine against human over what has come so far; ``closer`` by interval WAPE, null without actuals."""

    forecast: int
    intervals: int
    actual: float
    machine: SideFigures
    human: SideFigures
    closer: Winner | None
    days: list[DayCompared]
    overrides: list[OverrideShown]


# ------------------------------------------------------------------ versions and deadlines


class PublishBody(Sent):
    """A word to those who read it."""

    note: Note = ""


class PublishedShown(BaseModel):
    """A published forecast: its numbers as they were then, whatever is overridden later.

    ``due`` is the last day it was in time (of months and years), ``late_days`` how long after.
    """

    id: int
    series: str
    series_name: str
    forecast: int
    number: int
    kind: ForecastKind
    period: str
    first: date
    last: date
    calls: float
    at: int
    by: str
    note: str
    due: date | None
    late_days: int


class DeadlineShown(BaseModel):
    """What is to be published by when: next month by the 25th, next year by the last day of November.

    ``missed``: the day is over and nothing is published. ``late``: published, but after it.
    """

    series: str
    series_name: str
    kind: Literal["month", "year"]
    period: str
    due: date
    state: Literal["open", "due_soon", "missed", "published", "late"]
    days_left: int
    version: int | None
    published_at: int | None
    published_by: str
    said: str


# ------------------------------------------------------------------ accuracy


class AccuracyFigures(BaseModel):
    """Errors of a forecast: WAPE, bias, coverage in percent; MASE in times the naive; pinball in calls.

    ``calls`` that came in the ``count`` intervals (or days, months) looked at.
    """

    count: int
    calls: float
    wape: float | None
    mase: float | None
    bias: float | None
    pinball: float | None
    coverage80: float | None
    coverage95: float | None


class AccuracyByHorizon(AccuracyFigures):
    """By how many days ahead: from ``from_day`` to ``to_day``."""

    from_day: int
    to_day: int


class AccuracyBySlot(AccuracyFigures):
    """By time of day."""

    slot: int


class AccuracyByDay(AccuracyFigures):
    """By day."""

    day: date
    forecast: float


class AlarmShown(BaseModel):
    """Whether bias persists. ``signal`` is the cumulative sum of the days' errors, in standard deviations.

    The alarm sounds where it passes ``limit``; ``rule`` says it in words. ``since`` is where the run began.
    """

    series: str
    series_name: str
    sounding: bool
    direction: Literal["too_high", "too_low", ""]
    since: date | None
    raised: date | None
    mean_error_percent: float | None
    signal: float
    limit: float
    days: int
    rule: str


class AccuracyShown(BaseModel):
    """An accuracy report: of each interval the forecast that counted (``of``), against what came.

    ``signal`` are the two cumulative sums behind the alarm, by day of ``by_day``.
    """

    series: str
    of: Literal["machine", "human", "published"]
    first: date | None
    last: date | None
    interval: AccuracyFigures
    daily: AccuracyFigures
    monthly: AccuracyFigures
    aht: AccuracyFigures | None
    by_horizon: list[AccuracyByHorizon]
    by_slot: list[AccuracyBySlot]
    by_day: list[AccuracyByDay]
    too_high: Column
    too_low: Column
    alarm: AlarmShown
