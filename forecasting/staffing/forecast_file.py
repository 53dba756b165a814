"""A forecast read from a file, as it stands there or not at all."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from forecasting.history import Floats
from forecasting.reading import cells
from forecasting.reading.cells import CellError
from forecasting.reading.rows import Fault, FileError
from forecasting.reading.sheets import Cell, Row, SheetError, open_sheet

NO_AHT = "there are calls but no handling time"
TOLD = 20
"""Faults of one file that are told; the others are counted."""


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """Rows of a forecast: ``stamps`` word for word, and arrays (n,).

    ``aht_s`` is NaN where the file has none. ``times`` are seconds, on whatever clock the stamps are of, and
    ``minutes`` those of the day on that clock; ``interval_s`` is the smallest distance of two rows, None if
    there is one row only. ``low80`` and ``high80`` are None unless they were asked for.
    """

    stamps: tuple[str, ...]
    calls: Floats
    aht_s: Floats
    times: Floats
    minutes: Floats
    interval_s: int | None
    low80: Floats | None = None
    high80: Floats | None = None

    def fresh(self, interval_s: float) -> NDArray[np.bool_]:
        """(n,) whether a row does not begin where the one before it ends, as after a night.

        Raises ValueError if the rows are not in the order of time.
        """
        gaps = np.diff(self.times, prepend=-np.inf)
        if (gaps <= 0).any():
            late = self.stamps[int(np.flatnonzero(gaps <= 0)[0])]
            raise ValueError(
                f"{late} is not after the row before it; to follow a queue rows must be in order"
            )
        return gaps > interval_s + 1


def read_forecast(
    path: Path,
    column: str = "calls",
    aht_s: float | None = None,
    queue: str | None = None,
    *,
    limits: bool = False,
) -> Forecast:
    """Read ``timestamp,calls[,lo80,hi80][,aht_s]``, CSV or XLSX, other columns let be.

    ``column`` says which figure is staffed for (calls, or a limit such as hi80), ``aht_s`` is for a file
    without an AHT, and instead of its own. A row without calls may lack its AHT. Of a file with a column
    ``queue`` the rows of one queue are read; it may be left unsaid if there is only one. With ``limits`` lo80
    and hi80 are read as well. Raises FileError with every fault and its row and column, OSError if the file
    cannot be read.
    """
    try:
        table = open_sheet(path)
        rows = list(table.rows)
    except SheetError as error:
        raise FileError(path, [Fault(0, "", str(error))]) from None
    numbers = [column, *(["lo80", "hi80"] if limits else [])]
    places = _places(path, rows, ["timestamp", *numbers, *([] if aht_s is not None else ["aht_s"])])
    rows = _of_queue(path, rows[1:], places.get("queue"), queue)
    if not rows:
        raise FileError(path, [Fault(0, "", "there is no row below the headings")])
    reading = _Reading(places, "," if table.separator == ";" else ".", numbers, aht_s)
    for row in rows:
        reading.take(row)
    return reading.forecast(path)


def _places(path: Path, rows: Sequence[Row], needed: Sequence[str]) -> dict[str, int]:
    """The place of each column by its heading; the needed ones are there."""
    if not rows:
        raise FileError(path, [Fault(0, "", "the file is empty")])
    names = [str(cell or "").strip().lower() for cell in rows[0][1]]
    missing = [name for name in needed if name not in names]
    if missing:
        hint = "; say the AHT with --aht" if missing == ["aht_s"] else ""
        there = ", ".join(name for name in names if name)
        raise FileError(path, [Fault(rows[0][0], "", f"no column is {missing[0]}; there are {there}{hint}")])
    return {name: names.index(name) for name in names}


def _of_queue(path: Path, rows: Sequence[Row], place: int | None, queue: str | None) -> list[Row]:
    """The rows of the queue that is meant."""
    if place is None:
        if queue is not None:
            raise FileError(path, [Fault(0, "", f"there is no column queue, so no queue {queue}")])
        return list(rows)
    names = [str(row[place] or "") if place < len(row) else "" for _, row in rows]
    there = ", ".join(dict.fromkeys(names))
    if queue is None and len(set(names)) > 1:
        raise FileError(path, [Fault(0, "", f"it has several queues ({there}); say which")])
    if queue is not None and queue not in names:
        raise FileError(path, [Fault(0, "", f"there is no queue {queue}; there are {there}")])
    return [row for row, name in zip(rows, names, strict=True) if queue is None or name == queue]


@dataclass(slots=True)
class _Reading:
    """Rows as they are read, and their faults. ``numbers`` are the headings of figures, calls first."""

    places: dict[str, int]
    decimal: str
    numbers: list[str]
    aht_s: float | None
    stamps: list[str] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)
    figures: list[list[float]] = field(default_factory=list)
    seen: dict[datetime, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def take(self, row: Row) -> None:
        """Read a row, or note what is wrong with it."""
        number, found = row
        column = "timestamp"

        def cell(name: str) -> Cell:
            place = self.places[name]
            return found[place] if place < len(found) else None

        try:
            when, _ = cells.moment(cell(column))
            stamp = cell(column)
            text = stamp if isinstance(stamp, str) else when.isoformat(sep=" ", timespec="minutes")
            if when in self.seen:
                raise CellError(f"{text} is also in row {self.seen[when]}")
            self.seen[when] = number
            figures = []
            for column in self.numbers:
                figures.append(cells.number(cell(column), self.decimal))
                if math.isnan(figures[-1]):
                    raise CellError("there is no number")
            column = "aht_s"
            aht = self.aht_s if self.aht_s is not None else cells.seconds(cell(column), self.decimal)
            if figures[0] > 0 and not aht > 0:
                raise CellError(NO_AHT)
        except CellError as error:
            self.faults.append(Fault(number, column, str(error)))
            return
        self.stamps.append(text)
        self.times.append(when)
        self.figures.append([*figures, aht])

    def forecast(self, path: Path) -> Forecast:
        """All of them. Raises FileError if anything was wrong."""
        if len({when.tzinfo is None for when in self.times}) > 1:
            self.faults.append(Fault(0, "", "some times have an offset from UTC and some have none"))
        if self.faults and not self.stamps and all(fault.reason == NO_AHT for fault in self.faults):
            raise FileError(
                path, [Fault(0, "", "no row has a handling time (aht_s); say the AHT with --aht")]
            )
        if self.faults:
            raise FileError(path, self.faults[:TOLD], max(0, len(self.faults) - TOLD))
        calls, *limits, aht_s = np.array(self.figures, dtype=np.float64).T
        seconds = np.array([_seconds(when) for when in self.times])
        minutes = np.array([60.0 * when.hour + when.minute for when in self.times])
        gaps = np.diff(np.sort(seconds))
        interval_s = int(gaps.min()) if len(gaps) else None
        low, high = limits or (None, None)
        return Forecast(tuple(self.stamps), calls, aht_s, seconds, minutes, interval_s, low, high)


def _seconds(when: datetime) -> float:
    return when.timestamp() if when.tzinfo else (when - datetime(1970, 1, 1)).total_seconds()
