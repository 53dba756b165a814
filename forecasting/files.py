"""Histories in CSV and Excel files: read whole or not at all, every fault with its row and column."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np

from common.hours import read_zone
from forecasting.history import MEASURES, History
from forecasting.reading import cells
from forecasting.reading.cells import CellError
from forecasting.reading.headings import ColumnError, Columns, find
from forecasting.reading.rows import DAY_S, TOLD, Fault, FileError, Reading, Repeated, cell_at
from forecasting.reading.sheets import Row, SheetError, open_sheet

__all__ = [
    "Columns",
    "Fault",
    "FileError",
    "FileRead",
    "Repeated",
    "read_drivers",
    "read_file",
    "read_history",
    "to_csv",
]

_TITLES = 10
"""Rows above the headings: a title, the day of the report."""

Watch = Callable[[Iterable[Row]], Iterable[Row]]


@dataclass(frozen=True, slots=True, eq=False)
class FileRead:
    """What a file holds: histories by queue ("" when it names none), and how it was understood.

    ``columns`` are headings by role, ``unused`` those nobody knows. ``repeated`` are intervals that come more
    than once, where the reader was asked to let them pass.
    """

    histories: dict[str, History]
    columns: Mapping[str, str]
    unused: tuple[str, ...]
    repeated: tuple[Repeated, ...]


def read_history(
    path: Path, zone: str, columns: Columns | None = None, interval_s: int | None = None
) -> dict[str, History]:
    """Histories by queue of a CSV or XLSX file, see ``read_file``. Raises FileError, OSError, ValueError."""
    return read_file(path, zone, columns, interval_s).histories


def read_file(
    path: Path,
    zone: str,
    columns: Columns | None = None,
    interval_s: int | None = None,
    *,
    sheet: str = "",
    encoding: str = "",
    repeats: bool = False,
    watch: Watch = lambda rows: rows,
) -> FileRead:
    """Read a file of ``timestamp,calls[,aht_s][,queue][,abandoned]…``, one row an interval and queue.

    Times without an offset are those on the wall of ``zone``. Where the clock is turned back, the hour that
    comes twice is told apart by the order of the file or by offsets; one that never comes is a fault. The
    interval is seen from the rows; rows may be missing and in any order. With ``interval_s`` finer intervals
    are put together to that, and rows that do not show their interval are taken to be as long.
    With ``repeats`` an interval that comes twice is no fault but told in the answer. ``watch`` sees the rows
    pass, for a progress bar.

    Raises FileError with all faults at once, OSError if the file cannot be read, ValueError for a zone or an
    interval that is none.
    """
    read_zone(zone)
    if interval_s is not None and (interval_s <= 0 or DAY_S % interval_s):
        raise ValueError(f"an interval of {interval_s} s does not divide a day")
    columns = columns or Columns()
    try:
        table = open_sheet(path, sheet, encoding)
        rows = list(watch(table.rows))
        top, places = _headings(rows, columns)
    except (SheetError, ColumnError) as error:
        raise FileError(path, [Fault(0, "", str(error))]) from None
    names = {role: str(rows[top][1][place]) for role, place in places.items()}
    reading = Reading(path, zone, columns, places, names)
    reading.decimal = columns.decimal or reading.decimal_mark(rows[top + 1 :], table.separator)
    for row in rows[top + 1 :]:
        reading.take(row)
    histories, repeated = reading.histories(interval_s, repeats)
    used = set(places.values())
    unused = tuple(str(cell) for n, cell in enumerate(rows[top][1]) if n not in used and cell is not None)
    return FileRead(histories, names, unused, repeated)


def read_drivers(path: Path, columns: Columns | None = None) -> dict[str, dict[date, float]]:
    """Figures per day by heading, from a file with one column of dates; empty cells are left out.

    Columns without a single number are not taken. Raises FileError, OSError.
    """
    columns = columns or Columns()
    try:
        table = open_sheet(path)
        rows = list(table.rows)
        if not rows:
            raise ColumnError("the file is empty")
        places = find(rows[0][1], Columns({r: h for r, h in columns.headings.items() if r == "timestamp"}))
    except (SheetError, ColumnError) as error:
        raise FileError(path, [Fault(0, "", str(error))]) from None
    names = [str(cell or "") for cell in rows[0][1]]
    if "timestamp" not in places:
        raise FileError(path, [Fault(rows[0][0], "", f"no column is a date; there are {', '.join(names)}")])
    where = places["timestamp"]
    texts = [c for _, r in rows[1:] for n, c in enumerate(r) if n != where and isinstance(c, str)]
    decimal = columns.decimal or cells.decimal_of(texts) or ("." if table.separator == "," else "")
    found: dict[str, dict[date, float]] = {name: {} for n, name in enumerate(names) if n != where and name}
    faults: list[Fault] = []
    seen: dict[date, int] = {}
    for number, row in rows[1:]:
        column = names[where]
        try:
            day = cells.moment(cell_at(row, where), columns.date_order)[0].date()
            if day in seen:
                raise CellError(f"{day} is also in row {seen[day]}")
            seen[day] = number
            for n, column in enumerate(names):
                if n != where and column:
                    value = cells.number(cell_at(row, n), decimal, negative=True)
                    if not math.isnan(value):
                        found[column][day] = value
        except CellError as error:
            faults.append(Fault(number, column, str(error)))
    if faults:
        raise FileError(path, faults[:TOLD], len(faults) - len(faults[:TOLD]))
    return {name: figures for name, figures in found.items() if figures}


# ------------------------------------------------------------------ reading


def _headings(rows: Sequence[Row], columns: Columns) -> tuple[int, dict[str, int]]:
    """Which row has the headings, and the place of each role. Raises ColumnError."""
    if not rows:
        raise ColumnError("the file is empty")
    trouble: list[str] = []
    for n, (number, row) in enumerate(rows[:_TITLES]):
        try:
            places = find(row, columns)
        except ColumnError as error:
            trouble.append(f"row {number}: {error}")
            continue
        missing = [] if "timestamp" in places or {"date", "time"} <= set(places) else ["timestamp"]
        missing += [] if "calls" in places else ["calls"]
        if not missing:
            return n, places
        there = ", ".join(str(cell) for cell in row if cell is not None)
        trouble.append(
            f"row {number}: no column is {' or '.join(missing)}; there are {there}; "
            f"say which with a column map, like {missing[0]}=HEADING"
        )
    raise ColumnError(trouble[0])


# ------------------------------------------------------------------ writing


def to_csv(histories: Mapping[str, History]) -> str:
    """Histories by queue as CSV that ``read_file`` reads back to the same.

    Times are those on the wall of each history's zone; with their offset from UTC (2026-10-25T02:00+02:00)
    if the clock is turned between the first and the last. Unknown figures are empty.
    """
    measures = [m for m in MEASURES if any(m in history.measures for history in histories.values())]
    named = any(histories) or len(histories) > 1
    lines = [",".join(("timestamp", *(["queue"] if named else []), "calls", *measures))]
    for queue, history in histories.items():
        columns = [history.calls, *(history.measures.get(m, np.full(len(history), np.nan)) for m in measures)]
        figures = [[_written(value) for value in column.tolist()] for column in columns]
        label = [_quoted(queue)] if named else []
        for when, *row in zip(_stamps(history), *figures, strict=True):
            lines.append(",".join((when, *label, *row)))
    return "\n".join(lines) + "\n"


def _stamps(history: History) -> list[str]:
    where = read_zone(history.zone)
    times = [datetime.fromtimestamp(at, where) for at in history.starts.tolist()]
    if len({at.utcoffset() for at in times}) > 1:
        return [at.isoformat(timespec="minutes") for at in times]
    return [f"{at:%Y-%m-%d %H:%M}" for at in times]


def _written(value: float) -> str:
    if math.isnan(value):
        return ""
    return str(int(value)) if value == int(value) else repr(value)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ',"\n\r') else text
