"""Forecasts that are kept, overrides with their trail, and what was published.

A forecast's row is the machine's and is never changed. What counts is worked out when it is read: the
machine's numbers with every override in order. A published version keeps the numbers as they were then.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, undefer

from common.problems import Problem
from domain.instant import MICROS_PER_SECOND, Instant
from forecasting.columns import By, groups, pack, unpack
from forecasting.forecast_bodies import ForecastKind, OverrideBody
from forecasting.history import Floats
from forecasting.overrides import BANDS, Numbers, Override, Span, acts_on, stages
from forecasting.records.store import Author, get_series
from forecasting.reviewing import Kept
from forecasting.tables import ForecastRow, OverrideRow, PublishedRow

Of = Literal["machine", "human", "published"]
"""Whose forecasts a report is of."""


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """A machine's forecast as it is handed in to be kept; ``history_to`` (UTC s) is the end of what it knew.

    ``abandonment`` (n,) are shares of calls, NaN where not forecast; ``sums`` are ends of prediction
    intervals of its days, weeks and months, see ``planning.Forecast``.
    """

    kind: ForecastKind
    period: str
    model: str
    chosen: str
    history_to: int
    numbers: Numbers
    abandonment: Floats
    sums: Mapping[str, Floats] = field(default_factory=dict)
    note: str = ""
    backtest: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """A forecast as it stands: ``stages[0]`` is the machine's, then one for each of ``rows``, in order.

    A withdrawn override has its place as well, with what it did until then.
    """

    rows: Sequence[OverrideRow]
    overrides: Sequence[Override]
    stages: Sequence[Numbers]
    abandonment: Floats = field(default_factory=lambda: np.zeros(0))
    sums: Mapping[str, Floats] = field(default_factory=dict)

    @property
    def machine(self) -> Numbers:
        """Without any override."""
        return self.stages[0]

    @property
    def human(self) -> Numbers:
        """With every override."""
        return self.stages[-1]


# ------------------------------------------------------------------ forecasts


def add_forecast(
    session: Session, series: str, made: Made, author: Author, carry: bool = False
) -> ForecastRow:
    """Keep a forecast. With ``carry`` overrides of the latest of its kind that reach into it are copied."""
    numbers = made.numbers
    before = latest(session, series, made.kind) if carry else None
    row = ForecastRow(
        series=get_series(session, series).id,
        kind=made.kind,
        period=made.period,
        at=author.at,
        by=author.user,
        note=made.note,
        model=made.model,
        chosen=made.chosen,
        backtest=made.backtest,
        interval_s=numbers.interval_s,
        zone=numbers.zone,
        first=int(numbers.starts[0]),
        last=int(numbers.starts[-1]),
        history_to=made.history_to,
        machine_calls=float(np.nansum(numbers.calls)),
        human_calls=float(np.nansum(numbers.calls)),
        columns=_archive(numbers, made.abandonment, made.sums),
    )
    session.add(row)
    session.flush()
    if before is not None:
        _carry(session, before, row)
    return row


def get_forecast(session: Session, id: int) -> ForecastRow:
    """A forecast with its numbers. Raises a 404 Problem."""
    row = session.get(ForecastRow, id, options=[undefer(ForecastRow.columns)])
    if row is None:
        raise Problem(404, "No such forecast", f"There is no forecast {id}.")
    return row


def forecasts(session: Session, series: str) -> Sequence[ForecastRow]:
    """A series' forecasts, the latest first, without their numbers."""
    of_series = select(ForecastRow).where(ForecastRow.series == series)
    return session.scalars(of_series.order_by(ForecastRow.id.desc())).all()


def latest(session: Session, series: str, kind: str) -> ForecastRow | None:
    """The latest forecast of a kind."""
    of_kind = select(ForecastRow).where(ForecastRow.series == series, ForecastRow.kind == kind)
    return session.scalars(of_kind.order_by(ForecastRow.id.desc()).limit(1)).first()


def delete_forecast(session: Session, id: int) -> None:
    """Delete a forecast with its overrides. Raises a 404, or a 409 Problem once it was published."""
    row = get_forecast(session, id)
    if session.scalar(select(func.count(PublishedRow.id)).where(PublishedRow.forecast == id)):
        raise Problem(
            409, "It was published", f"Forecast {id} was published; it is kept with what it led to."
        )
    session.delete(row)
    session.flush()


def standing(session: Session, row: ForecastRow) -> Standing:
    """A forecast with its overrides."""
    columns = unpack(row.columns)
    machine = _from(columns, row.interval_s, row.zone)
    rows = overrides(session, row.id)
    made = [as_override(one) for one in rows]
    return Standing(rows, made, stages(machine, made), _float(columns["abandonment"]), _sums(columns))


# ------------------------------------------------------------------ overrides


def overrides(session: Session, forecast: int) -> Sequence[OverrideRow]:
    """Every override of a forecast, in the order in which they were made."""
    of_forecast = select(OverrideRow).where(OverrideRow.forecast == forecast)
    return session.scalars(of_forecast.order_by(OverrideRow.number)).all()


def as_override(row: OverrideRow) -> Override:
    """An override as it is applied."""
    span = Span(
        date.fromisoformat(row.first), date.fromisoformat(row.last), row.from_slot, row.to_slot, row.weekly
    )
    return Override(
        row.how,  # type: ignore[arg-type]
        span,
        row.reason,
        row.by,
        Instant(row.at),
        None if row.withdrawn_at is None else Instant(row.withdrawn_at),
        row.value,
        tuple(row.shape),
        row.measure,  # type: ignore[arg-type]
    )


def read_override(body: OverrideBody, author: Author) -> Override:
    """What somebody sent. Raises a 422 Problem."""
    try:
        span = Span(body.first, body.last, body.from_slot, body.to_slot, body.weekly)
        return Override(
            body.how,
            span,
            body.reason,
            author.user,
            author.at,
            value=0.0 if body.how == "shape" else body.value,
            shape=tuple(body.shape),
            measure=body.measure,
        )
    except ValueError as error:
        raise Problem(422, "This is no override", f"It cannot be: {error}.", at="") from None


def applied(now: Standing, override: Override) -> Numbers:
    """What an override makes of a forecast as it stands. Raises a 422 Problem if it acts on nothing."""
    if not acts_on(override, now.human).any():
        said = "The forecast has no interval there that is still to come."
        raise Problem(422, "It would do nothing", said, at="first")
    try:
        return stages(now.human, [override])[-1]
    except ValueError as error:
        raise Problem(422, "This is no override", f"{str(error).capitalize()}.", at="shape") from None


def add_override(session: Session, forecast: int, body: OverrideBody, author: Author) -> OverrideRow:
    """Keep an override, after those there are. Raises a 404 or 422 Problem."""
    row = _lock(session, forecast)
    now = standing(session, row)
    override = read_override(body, author)
    after = applied(now, override)
    kept = _row_of(override, forecast, len(now.rows) + 1)
    session.add(kept)
    row.human_calls = float(np.nansum(after.calls))
    session.flush()
    return kept


def withdraw(session: Session, id: int, author: Author, reason: str) -> OverrideRow:
    """Take an override back, for what is to come; it stays in the trail. Raises a 404 or 409 Problem."""
    kept = session.get(OverrideRow, id)
    if kept is None:
        raise Problem(404, "No such override", f"There is no override {id}.")
    row = _lock(session, kept.forecast)
    session.refresh(kept)
    if kept.withdrawn_at is not None:
        raise Problem(409, "Withdrawn already", f"{kept.withdrawn_by} withdrew it: {kept.withdrawn_why}.")
    kept.withdrawn_by, kept.withdrawn_at, kept.withdrawn_why = author.user, author.at, reason
    session.flush()
    row.human_calls = float(np.nansum(standing(session, row).human.calls))
    session.flush()
    return kept


def _carry(session: Session, before: ForecastRow, row: ForecastRow) -> None:
    """Copy overrides of the forecast before that still act on something of this one."""
    numbers = _numbers(row)
    kept = [
        one
        for one in overrides(session, before.id)
        if one.withdrawn_at is None and acts_on(as_override(one), numbers).any()
    ]
    for number, one in enumerate(kept, 1):
        copy = _row_of(as_override(one), row.id, number)
        copy.carried_from = one.id
        session.add(copy)
    session.flush()
    row.human_calls = float(np.nansum(standing(session, row).human.calls))
    session.flush()


def _row_of(override: Override, forecast: int, number: int) -> OverrideRow:
    span = override.span
    return OverrideRow(
        forecast=forecast,
        number=number,
        measure=override.measure,
        how=override.how,
        value=override.value,
        shape=list(override.shape),
        first=span.first.isoformat(),
        last=span.last.isoformat(),
        from_slot=span.from_slot,
        to_slot=span.to_slot,
        weekly=span.weekly,
        reason=override.reason,
        by=override.author,
        at=override.at,
        withdrawn_by="",
        withdrawn_why="",
    )


def _lock(session: Session, forecast: int) -> ForecastRow:
    """The forecast, locked until the commit: overrides of one forecast come one after another."""
    locked = update(ForecastRow).where(ForecastRow.id == forecast)
    session.execute(locked.values(human_calls=ForecastRow.human_calls))
    session.expire_all()
    return get_forecast(session, forecast)


# ------------------------------------------------------------------ versions


def publish(session: Session, forecast: int, author: Author, note: str) -> PublishedRow:
    """Keep a forecast as it stands: the next version of its kind and period. Raises a 404 Problem."""
    row = _lock(session, forecast)
    now = standing(session, row)
    newest = session.scalar(
        select(func.max(PublishedRow.number)).where(
            PublishedRow.series == row.series,
            PublishedRow.kind == row.kind,
            PublishedRow.period == row.period,
        )
    )
    kept = PublishedRow(
        series=row.series,
        forecast=forecast,
        number=(newest or 0) + 1,
        kind=row.kind,
        period=row.period,
        calls=float(np.nansum(now.human.calls)),
        overrides=sum(one.withdrawn_at is None for one in now.rows),
        at=author.at,
        by=author.user,
        note=note,
        columns=_archive(now.human, now.abandonment, now.sums, now.machine),
    )
    session.add(kept)
    session.flush()
    return kept


def versions(session: Session, series: str | None = None) -> Sequence[PublishedRow]:
    """What was published (of one series), the latest first, without the numbers."""
    listed = select(PublishedRow).order_by(PublishedRow.id.desc())
    return session.scalars(listed if series is None else listed.where(PublishedRow.series == series)).all()


def get_version(session: Session, id: int) -> PublishedRow:
    """A published version with its numbers. Raises a 404 Problem."""
    row = session.get(PublishedRow, id, options=[undefer(PublishedRow.columns)])
    if row is None:
        raise Problem(404, "No such version", f"There is no published forecast {id}.")
    return row


def published_standing(session: Session, row: PublishedRow) -> Standing:
    """A version's numbers: those of the machine, and what was published."""
    forecast = session.get_one(ForecastRow, row.forecast)
    columns = unpack(row.columns)
    human = _from(columns, forecast.interval_s, forecast.zone)
    machine = Numbers(
        human.starts,
        human.interval_s,
        human.zone,
        _float(columns["machine"]),
        _float(columns["machine_aht_s"]),
    )
    return Standing((), (), (machine, human), _float(columns["abandonment"]), _sums(columns))


# ------------------------------------------------------------------ for reports


def kept(session: Session, series: str, of: Of, begin: int, end: int) -> Iterator[Kept]:
    """A series' forecasts that reach into the span from ``begin`` to ``end`` (UTC s, excluded)."""
    overlapping = (ForecastRow.last >= begin, ForecastRow.first < end)
    if of == "published":
        rows = session.scalars(
            select(PublishedRow)
            .join(ForecastRow, ForecastRow.id == PublishedRow.forecast)
            .where(PublishedRow.series == series, *overlapping)
            .order_by(PublishedRow.id)
            .options(undefer(PublishedRow.columns))
        )
        for version in rows:
            # What was known when it was published, not when it was made: it is never told of the past.
            now = published_standing(session, version)
            yield _kept(now, now.human, -(-version.at // MICROS_PER_SECOND))
        return
    machines = session.scalars(
        select(ForecastRow)
        .where(ForecastRow.series == series, *overlapping)
        .order_by(ForecastRow.id)
        .options(undefer(ForecastRow.columns))
    )
    for row in machines:
        now = standing(session, row)
        yield _kept(now, now.human if of == "human" else now.machine, row.history_to)


def moved_sums(now: Standing, numbers: Numbers, by: By) -> dict[str, Floats]:
    """The machine's own intervals of sums (g,) by band, moved in proportion to what ``numbers`` make of them.

    Nothing where they are not kept; NaN where the machine expected nothing.
    """
    grouped = groups(numbers.starts, numbers.zone, by)
    before, after = grouped.sums(now.machine.calls), grouped.sums(numbers.calls)
    ratio = np.divide(after, before, out=np.full(len(after), np.nan), where=before > 0)
    told = {band: now.sums.get(f"{by}_{band}") for band in BANDS}
    return {band: ends * ratio for band, ends in told.items() if ends is not None}


def _kept(now: Standing, numbers: Numbers, known_to: int) -> Kept:
    days = moved_sums(now, numbers, "day")
    return Kept(numbers.starts, known_to, numbers.calls, numbers.aht_s, numbers.bands, days)


def local_day(at: int, zone: str) -> date:
    """The local date of a time in UTC seconds."""
    return datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(zone)).date()


# ------------------------------------------------------------------ numbers


def _archive(
    numbers: Numbers, abandonment: Floats, sums: Mapping[str, Floats], machine: Numbers | None = None
) -> bytes:
    # Single precision is a millionth of a forecast, and half the size.
    columns = {"calls": numbers.calls, "aht_s": numbers.aht_s, "abandonment": abandonment, **numbers.bands}
    columns |= sums
    if machine is not None:
        columns |= {"machine": machine.calls, "machine_aht_s": machine.aht_s}
    return pack({"starts": numbers.starts, **{name: c.astype(np.float32) for name, c in columns.items()}})


def _numbers(row: ForecastRow) -> Numbers:
    return _from(unpack(row.columns), row.interval_s, row.zone)


def _sums(columns: dict[str, np.ndarray]) -> dict[str, Floats]:
    ends = {f"{by}_{band}" for by in ("day", "week", "month") for band in BANDS}
    return {name: _float(column) for name, column in columns.items() if name in ends}


def _from(columns: dict[str, np.ndarray], interval_s: int, zone: str) -> Numbers:
    bands = {name: _float(columns[name]) for name in BANDS if name in columns}
    calls, aht_s = _float(columns["calls"]), _float(columns["aht_s"])
    return Numbers(columns["starts"], interval_s, zone, calls, aht_s, bands)


def _float(column: np.ndarray) -> Floats:
    return column.astype(np.float64)
