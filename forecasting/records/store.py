"""Series and their histories: files taken in, what the platform counts, and both as one history.

A history is kept as what was taken in, file by file, and put together when it is read: of an interval that
several tell of, the latest import wins, and what the platform counted itself before all of them. Nothing that
was taken in is ever changed, so an import can be undone and done again.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, undefer

from common.problems import Problem
from common.rows import slug
from domain.instant import Instant
from forecasting.bodies import SeriesBody
from forecasting.columns import pack, unpack
from forecasting.history import MEASURES, Floats, History
from forecasting.intervals import to_interval
from forecasting.records.planner_calendars import ensure_calendar
from forecasting.tables import FindingRow, ImportRow, PublishedRow, SeriesRow


@dataclass(frozen=True, slots=True)
class Author:
    """Who does something, and when."""

    user: str
    at: Instant


Counts = Callable[[Session, SeriesRow], History | None]
"""What the platform itself counted of a series: its queue's or business type's history, None if nothing."""


# ------------------------------------------------------------------ series


def all_series(session: Session) -> Sequence[SeriesRow]:
    """Every series, by id."""
    return session.scalars(select(SeriesRow).order_by(SeriesRow.id)).all()


def get_series(session: Session, id: str) -> SeriesRow:
    """One series. Raises a 404 Problem."""
    row = session.get(SeriesRow, id)
    if row is None:
        raise Problem(404, "No such series", f"There is no series {id!r}.")
    return row


def create_series(session: Session, body: SeriesBody, author: Author) -> SeriesRow:
    """A new series. Raises a 409 Problem if its id, or what it counts, has one already."""
    id = body.id or _free_id(session, body.name)
    if session.get(SeriesRow, id) is not None:
        raise Problem(409, "This id is taken", f"There is already a series {id!r}.", at="id")
    if body.key:
        taken = session.scalar(
            select(SeriesRow.id).where(SeriesRow.source == body.source, SeriesRow.key == body.key)
        )
        if taken is not None:
            said = f"{body.source} {body.key} is planned for already, as the series {taken}."
            raise Problem(409, "There is a series of it", said, at="key")
    ensure_calendar(session, body.calendar, author.user, author.at)
    row = SeriesRow(id=id, source=body.source, key=body.key, zone=body.zone, created_at=author.at)
    row.name, row.calendar, row.model = body.name, body.calendar, body.model
    row.interval_s = body.interval_min * 60
    session.add(row)
    session.flush()
    return row


def change_series(session: Session, id: str, body: SeriesBody, author: Author) -> SeriesRow:
    """Give a series another name, calendar or model. Raises a 404 or 409 Problem.

    What its numbers hang on (source, key, zone, interval) stays while there are any.
    """
    row = get_series(session, id)
    if body.id not in ("", id):
        raise Problem(422, "This cannot be saved", "An id never changes.", at="id")
    fixed = {
        "source": (row.source, body.source),
        "key": (row.key, body.key),
        "zone": (row.zone, body.zone),
        "interval_min": (row.interval_s // 60, body.interval_min),
    }
    for field, (before, after) in fixed.items():
        if before != after and _has_numbers(session, row):
            said = f"{id} has a history with {field} {before}; make another series for {after}."
            raise Problem(409, "This stays as it is", said, at=field)
    ensure_calendar(session, body.calendar, author.user, author.at)
    row.source, row.key, row.zone = body.source, body.key, body.zone
    row.interval_s = body.interval_min * 60
    row.name, row.calendar, row.model = body.name, body.calendar, body.model
    session.flush()
    return row


def delete_series(session: Session, id: str) -> None:
    """Delete a series with all that was kept of it. Raises a 404, or a 409 Problem once it was published."""
    row = get_series(session, id)
    published = session.scalar(select(func.count(PublishedRow.id)).where(PublishedRow.series == id))
    if published:
        said = f"{published} forecasts of {id} were published; who did what when is kept with them."
        raise Problem(409, "It was published", said)
    session.delete(row)
    session.flush()


def open_findings(session: Session) -> dict[str, int]:
    """How many findings of each series wait for the planner: those something was done about."""
    number = func.count(FindingRow.id).label("number")
    count = select(FindingRow.series, number).where(
        FindingRow.state == "proposed", FindingRow.action != "leave"
    )
    return {row.series: row.number for row in session.execute(count.group_by(FindingRow.series))}


# ------------------------------------------------------------------ imports


def add_import(session: Session, series: str, history: History, file: str, author: Author) -> ImportRow:
    """Keep what a file brought for a series. Raises a 409 Problem if its intervals do not fit.

    The raw numbers are kept in the file's own interval.
    """
    row = _lock_series(session, series)
    if not len(history):
        raise Problem(422, "Nothing to take in", f"{file} has no interval for {series}.")
    if row.interval_s % history.interval_s:
        said = (
            f"{file} has intervals of {history.interval_s // 60} min, {series} of {row.interval_s // 60}; "
            "they must be the same, or finer. Make another series for it."
        )
        raise Problem(409, "The intervals do not fit", said, at="interval_min")
    before = put_together(imported(session, series), row.interval_s, row.zone)
    coarse = to_interval(history, row.interval_s)
    known = before.starts[~np.isnan(before.calls)]
    kept = ImportRow(
        series=series,
        file=file[-255:],
        at=author.at,
        by=author.user,
        interval_s=history.interval_s,
        first=int(history.starts[0]),
        last=int(history.starts[-1]),
        intervals=len(history),
        replaced=int(np.isin(coarse.starts, known).sum()),
        calls=float(np.nansum(history.calls)),
        measures=sorted(history.measures),
        undone_by="",
        columns=pack({"starts": history.starts, "calls": history.calls, **history.measures}),
    )
    session.add(kept)
    session.flush()
    return kept


def imports(session: Session, series: str) -> Sequence[ImportRow]:
    """A series' imports, the latest first, without their numbers."""
    of_series = select(ImportRow).where(ImportRow.series == series)
    return session.scalars(of_series.order_by(ImportRow.id.desc())).all()


def undo_import(session: Session, id: int, author: Author) -> ImportRow:
    """Let an import not count any more. Raises a 404 or 409 Problem."""
    row = _get_import(session, id)
    if row.undone_at is not None:
        raise Problem(409, "Undone already", f"{row.undone_by} undid the import of {row.file}.")
    row.undone_by, row.undone_at = author.user, author.at
    session.flush()
    return row


def redo_import(session: Session, id: int) -> ImportRow:
    """Let an import that was undone count again, in its old place. Raises a 404 or 409 Problem."""
    row = _get_import(session, id)
    if row.undone_at is None:
        raise Problem(409, "It counts already", f"The import of {row.file} was not undone.")
    row.undone_by, row.undone_at = "", None
    session.flush()
    return row


# ------------------------------------------------------------------ histories


def imported(session: Session, series: str) -> list[History]:
    """What a series' imports brought, the oldest first, each in its own interval."""
    row = get_series(session, series)
    rows = session.scalars(
        select(ImportRow)
        .where(ImportRow.series == series, ImportRow.undone_at.is_(None))
        .order_by(ImportRow.id)
        .options(undefer(ImportRow.columns))
    )
    made = []
    for one in rows:
        columns = unpack(one.columns)
        measures = {name: columns[name] for name in MEASURES if name in columns}
        made.append(History(columns["starts"], columns["calls"], one.interval_s, row.zone, measures))
    return made


def raw_history(session: Session, series: str, counts: Counts) -> History:
    """All that is known of a series' past, as it was; empty if nothing is. Raises a 404 Problem."""
    row = get_series(session, series)
    known = imported(session, series)
    counted = counts(session, row)
    if counted is not None and len(counted):
        known.append(counted)
    return put_together(known, row.interval_s, row.zone, row.id)


def put_together(known: Iterable[History], interval_s: int, zone: str, name: str = "") -> History:
    """Histories as one, of a later one what it knows; all in intervals of ``interval_s``."""
    coarse = [to_interval(one, interval_s) for one in known]
    if not coarse:
        return History(np.zeros(0, dtype=np.int64), np.zeros(0), interval_s, zone, {}, name)
    starts = np.unique(np.concatenate([one.starts for one in coarse]))
    columns: dict[str, Floats] = {"calls": np.full(len(starts), np.nan)}
    for one in coarse:
        place = np.searchsorted(starts, one.starts)
        for measure, values in (("calls", one.calls), *one.measures.items()):
            column = columns.setdefault(measure, np.full(len(starts), np.nan))
            told = ~np.isnan(values)
            column[place[told]] = values[told]
    calls = columns.pop("calls")
    return History(starts, calls, interval_s, zone, columns, name)


def _free_id(session: Session, name: str) -> str:
    stem, number = slug(name) or "series", 1
    while True:
        id = stem if number == 1 else f"{stem}-{number}"
        if session.get(SeriesRow, id) is None:
            return id
        number += 1


def _has_numbers(session: Session, row: SeriesRow) -> bool:
    return session.scalar(select(ImportRow.id).where(ImportRow.series == row.id).limit(1)) is not None


def _lock_series(session: Session, id: str) -> SeriesRow:
    """The series' row, locked until the commit: imports of one series come one after another."""
    get_series(session, id)
    session.execute(update(SeriesRow).where(SeriesRow.id == id).values(name=SeriesRow.name))
    return session.get_one(SeriesRow, id, populate_existing=True)


def _get_import(session: Session, id: int) -> ImportRow:
    row = session.get(ImportRow, id)
    if row is None:
        raise Problem(404, "No such import", f"There is no import {id}.")
    return row
