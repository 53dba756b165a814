"""Files taken in: read whole, each queue's calls to a series, or nothing at all."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from common.faults import Fault, invalid
from common.problems import Problem
from forecasting.bodies import SeriesBody
from forecasting.files import Columns, FileError, read_file
from forecasting.history import History
from forecasting.reading.headings import ColumnError
from forecasting.records import store
from forecasting.records.store import Author
from forecasting.tables import ImportRow, SeriesRow

ZONE = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Sending:
    """A file that is sent: its name, for which series, which queue of it, and how to read it.

    Without a series each queue of the file goes to the series of that name, which is made if there is none.
    """

    file: str
    series: str | None = None
    queue: str | None = None
    zone: str = ""
    columns: str = ""
    dry: bool = False


def take_in(session: Session, path: Path, sent: Sending, author: Author) -> list[ImportRow]:
    """Keep what a file at ``path`` brings. Raises a 4xx Problem with every fault; the caller rolls back."""
    target = None if sent.series is None else store.get_series(session, sent.series)
    histories = _read(path, sent, target)
    if sent.queue is not None:
        if sent.queue not in histories:
            there = ", ".join(repr(name) for name in histories)
            raise invalid([Fault("queue", f"is {sent.queue!r}; the file has {there}")])
        histories = {sent.queue: histories[sent.queue]}
    if target is not None:
        if len(histories) > 1:
            there = ", ".join(histories)
            said = f"is needed: the file has calls of {there}, and {target.id} is one series"
            raise invalid([Fault("queue", said)])
        (history,) = histories.values()
        return [store.add_import(session, target.id, history, sent.file, author)]
    return [
        store.add_import(
            session, _series_for(session, queue, history, sent, author), history, sent.file, author
        )
        for queue, history in histories.items()
    ]


def _read(path: Path, sent: Sending, target: SeriesRow | None) -> dict[str, History]:
    if target is not None and sent.zone not in ("", target.zone):
        raise invalid([Fault("zone", f"is {sent.zone}; {target.id} is kept in {target.zone}")])
    zone = sent.zone or (target.zone if target is not None else ZONE)
    try:
        return read_file(path, zone, Columns.parse(sent.columns)).histories
    except ColumnError as error:
        raise invalid([Fault("columns", str(error))]) from None
    except FileError as error:
        more = f" And {error.more} more." if error.more else ""
        said = "; ".join(str(fault) for fault in error.faults[:3])
        errors = [{"at": _place(f.row, f.column), "message": f.reason} for f in error.faults]
        raise Problem(
            422, "The file cannot be taken in", f"{said}.{more}", errors=errors, more=error.more
        ) from None
    except ValueError as error:
        raise invalid([Fault("zone", str(error))]) from None


def _place(row: int, column: str) -> str:
    return ", ".join([*([f"row {row}"] if row else []), *([column] if column else [])])


def _series_for(session: Session, queue: str, history: History, sent: Sending, author: Author) -> str:
    """The series a queue of a file belongs to."""
    name = queue or Path(sent.file).stem
    named = or_(SeriesRow.id == name, SeriesRow.name == name, SeriesRow.key == name)
    found = session.scalars(select(SeriesRow).where(named).order_by(SeriesRow.id)).all()
    if len(found) > 1:
        these = ", ".join(row.id for row in found)
        raise invalid([Fault("series", f"is needed: {name} may be any of {these}")])
    if found:
        return found[0].id
    body = SeriesBody.model_construct(
        id="",
        name=name[:128],
        source="file",
        key="",
        interval_min=history.interval_s // 60,
        zone=history.zone,
        calendar="default",
        model="auto",
    )
    return store.create_series(session, body, author).id
