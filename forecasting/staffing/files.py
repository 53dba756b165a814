"""A forecast read from a file, and a plan written to one."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from forecasting import cells
from forecasting.cells import CellError
from forecasting.history import Floats
from forecasting.reading import Fault, FileError
from forecasting.sheets import Cell, Row, SheetError, open_sheet
from forecasting.staffing.plan import Plan

TOLD = 20
"""Faults of one file that are told; the others are counted."""


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """Rows of a forecast as they stand in its file: ``stamps`` word for word, and arrays (n,) by column.

    ``interval_s`` is the smallest distance of two rows, None if there is one row only. ``aht_s`` is NaN where
    the file has none. ``times`` are seconds, on whatever clock the stamps are of, and ``minutes`` those of
    the day on that clock.
    """

    stamps: tuple[str, ...]
    calls: Floats
    aht_s: Floats
    times: Floats
    minutes: Floats
    interval_s: int | None

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
    path: Path, column: str = "calls", aht_s: float | None = None, queue: str | None = None
) -> Forecast:
    """Read ``timestamp,calls[,lo80,hi80][,aht_s]``, CSV or XLSX, other columns let be.

    ``column`` says which figure is staffed for (calls, or a limit such as hi80), ``aht_s`` is for a file
    without an AHT, and instead of its own. A row without calls may lack its AHT. Of a file with a column
    ``queue`` the rows of one queue are read; it may be left unsaid if there is only one. Raises FileError
    with every fault and its row and column, OSError if the file cannot be read.
    """
    try:
        table = open_sheet(path)
        rows = list(table.rows)
    except SheetError as error:
        raise FileError(path, [Fault(0, "", str(error))]) from None
    places = _places(path, rows, column, aht_s)
    rows = [rows[0], *_of_queue(path, rows[1:], places.get("queue"), queue)]
    if len(rows) == 1:
        raise FileError(path, [Fault(0, "", "there is no row below the headings")])
    decimal = "," if table.separator == ";" else "."
    faults: list[Fault] = []
    stamps: list[str] = []
    times: list[datetime] = []
    figures: list[tuple[float, float]] = []
    seen: dict[datetime, int] = {}
    for number, row in rows[1:]:
        found = _row(number, row, places, decimal, column, aht_s, faults)
        if found is None:
            continue
        stamp, when, calls, aht = found
        if when in seen:
            faults.append(Fault(number, "timestamp", f"{stamp} is also in row {seen[when]}"))
            continue
        seen[when] = number
        stamps.append(stamp)
        times.append(when)
        figures.append((calls, aht))
    if len({when.tzinfo is None for when in times}) > 1:
        faults.append(Fault(0, "", "some times have an offset from UTC and some have none"))
    if faults:
        raise FileError(path, faults[:TOLD], max(0, len(faults) - TOLD))
    values = np.array(figures, dtype=np.float64)
    seconds = np.array([_seconds(when) for when in times])
    gaps = np.diff(np.sort(seconds))
    minutes = np.array([60.0 * when.hour + when.minute for when in times])
    interval_s = int(gaps.min()) if len(gaps) else None
    return Forecast(tuple(stamps), values[:, 0], values[:, 1], seconds, minutes, interval_s)


def _seconds(when: datetime) -> float:
    return when.timestamp() if when.tzinfo else (when - datetime(1970, 1, 1)).total_seconds()


def _places(path: Path, rows: Sequence[Row], column: str, aht_s: float | None) -> dict[str, int]:
    if not rows:
        raise FileError(path, [Fault(0, "", "the file is empty")])
    names = [str(cell or "").strip().lower() for cell in rows[0][1]]
    places = {name: n for n, name in reversed(list(enumerate(names)))}
    needed = ["timestamp", column] + ([] if aht_s is not None else ["aht_s"])
    missing = [name for name in needed if name not in places]
    if missing:
        hint = "; say the AHT with --aht" if missing == ["aht_s"] else ""
        there = ", ".join(name for name in names if name)
        raise FileError(path, [Fault(rows[0][0], "", f"no column is {missing[0]}; there are {there}{hint}")])
    return places


def _of_queue(path: Path, rows: Sequence[Row], place: int | None, queue: str | None) -> Sequence[Row]:
    """The rows of the queue that is meant."""
    if place is None:
        if queue is not None:
            raise FileError(path, [Fault(0, "", f"there is no column queue, so no queue {queue}")])
        return rows
    names = [str(row[place] or "") if place < len(row) else "" for _, row in rows]
    there = ", ".join(dict.fromkeys(names))
    if queue is None and len(set(names)) > 1:
        raise FileError(path, [Fault(0, "", f"it has several queues ({there}); say which")])
    if queue is not None and queue not in names:
        raise FileError(path, [Fault(0, "", f"there is no queue {queue}; there are {there}")])
    return [row for row, name in zip(rows, names, strict=True) if queue is None or name == queue]


def _row(
    number: int,
    row: Sequence[Cell],
    places: dict[str, int],
    decimal: str,
    column: str,
    aht_s: float | None,
    faults: list[Fault],
) -> tuple[str, datetime, float, float] | None:
    def cell(name: str) -> Cell:
        place = places[name]
        return row[place] if place < len(row) else None

    reading = "timestamp"
    try:
        when, _ = cells.moment(cell("timestamp"))
        reading = column
        calls = cells.number(cell(column), decimal)
        if math.isnan(calls):
            raise CellError("there is no number")
        reading = "aht_s"
        aht = aht_s if aht_s is not None else cells.seconds(cell("aht_s"), decimal)
        if calls > 0 and not aht > 0:
            raise CellError("there are calls but no handling time")
    except CellError as error:
        faults.append(Fault(number, reading, str(error)))
        return None
    stamp = cell("timestamp")
    text = stamp if isinstance(stamp, str) else when.isoformat(sep=" ", timespec="minutes")
    return text, when, calls, aht


def read_waits(path: Path) -> tuple[Floats, NDArray[np.bool_]]:
    """Single calls from a file with ``wait_s`` and ``abandoned`` (1 or 0, yes or no): (n,) each.

    Raises FileError with every fault and its row and column, OSError if the file cannot be read.
    """
    try:
        table = open_sheet(path)
        rows = list(table.rows)
    except SheetError as error:
        raise FileError(path, [Fault(0, "", str(error))]) from None
    names = [str(cell or "").strip().lower() for cell in (rows[0][1] if rows else [])]
    for name in ("wait_s", "abandoned"):
        if name not in names:
            there = ", ".join(one for one in names if one) or "none"
            raise FileError(path, [Fault(1, "", f"no column is {name}; there are {there}")])
    decimal = "," if table.separator == ";" else "."
    waits: list[float] = []
    lost: list[bool] = []
    faults: list[Fault] = []
    for number, row in rows[1:]:
        cell = {name: row[n] if n < len(row) else None for n, name in enumerate(names)}
        reading = "wait_s"
        try:
            waits.append(cells.seconds(cell["wait_s"], decimal))
            if math.isnan(waits[-1]):
                raise CellError("there is no time")
            reading = "abandoned"
            lost.append(_yes(cell["abandoned"]))
        except CellError as error:
            faults.append(Fault(number, reading, str(error)))
    if faults:
        raise FileError(path, faults[:TOLD], max(0, len(faults) - TOLD))
    return np.array(waits), np.array(lost, dtype=bool)


def _yes(cell: Cell) -> bool:
    text = (f"{cell:g}" if isinstance(cell, float) else str(cell or "")).casefold()
    if text in ("1", "yes", "true", "y", "是"):
        return True
    if text in ("0", "no", "false", "n", "否"):
        return False
    raise CellError(f"{text!r} is neither 1 nor 0")


HEADINGS = ("timestamp", "agents", "scheduled", "service_level", "occupancy", "asa_s")


class Found(Protocol):
    """What a plan's file tells of callers: ``Measures``, or ``Followed`` from interval to interval; (n,)
    each."""

    @property
    def service_level(self) -> Floats: ...

    @property
    def occupancy(self) -> Floats: ...

    @property
    def asa_s(self) -> Floats: ...


def plan_csv(
    stamps: Sequence[str], plan: Plan, found: Found, more: Mapping[str, Sequence[int]] = MappingProxyType({})
) -> str:
    """A plan as CSV, ``timestamp,agents,scheduled,service_level,occupancy,asa_s``, a row a stamp.

    ``more`` are further columns by their headings, such as the agents of each site.

    What there is none of is empty: an endless wait, the occupancy of no agents. No agents for no calls are 0
    busy.
    """
    lines = [",".join([*HEADINGS, *map(_quoted, more)])]
    busy = np.where((plan.calls == 0) & (plan.agents == 0), 0.0, found.occupancy)
    for n, stamp in enumerate(stamps):
        row = (
            _quoted(stamp),
            str(int(plan.agents[n])),
            str(int(plan.scheduled[n])),
            _written(found.service_level[n], 4),
            _written(busy[n], 4),
            _written(found.asa_s[n], 2),
            *(str(column[n]) for column in more.values()),
        )
        lines.append(",".join(row))
    return "\n".join(lines) + "\n"


def _written(value: float, digits: int) -> str:
    return f"{value:.{digits}f}" if math.isfinite(value) else ""


def _quoted(text: str) -> str:
    return f'"{text}"' if "," in text else text
