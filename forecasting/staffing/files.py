"""A forecast read from a file, and a plan written to one."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
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
    the file has none.
    """

    stamps: tuple[str, ...]
    calls: Floats
    aht_s: Floats
    times: Floats
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


def read_forecast(path: Path, column: str = "calls", aht_s: float | None = None) -> Forecast:
    """Read ``timestamp,calls[,lo80,hi80][,aht_s]``, CSV or XLSX, other columns let be.

    ``column`` says which figure is staffed for (calls, or a limit such as hi80), ``aht_s`` is for a file
    without an AHT, and instead of its own. A row without calls may lack its AHT. Raises FileError with every
    fault and its row and column, OSError if the file cannot be read.
    """
    try:
        table = open_sheet(path)
        rows = list(table.rows)
    except SheetError as error:
        raise FileError(path, [Fault(0, "", str(error))]) from None
    places = _places(path, rows, column, aht_s)
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
    return Forecast(
        tuple(stamps), values[:, 0], values[:, 1], seconds, int(gaps.min()) if len(gaps) else None
    )


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


def plan_csv(stamps: Sequence[str], plan: Plan, found: Found) -> str:
    """A plan as CSV, ``timestamp,agents,scheduled,service_level,occupancy,asa_s``, a row a stamp.

    What there is none of is empty: an endless wait, the occupancy of no agents. No agents for no calls are 0
    busy.
    """
    lines = [",".join(HEADINGS)]
    busy = np.where((plan.calls == 0) & (plan.agents == 0), 0.0, found.occupancy)
    for n, stamp in enumerate(stamps):
        row = (
            _quoted(stamp),
            str(int(plan.agents[n])),
            str(int(plan.scheduled[n])),
            _written(found.service_level[n], 4),
            _written(busy[n], 4),
            _written(found.asa_s[n], 2),
        )
        lines.append(",".join(row))
    return "\n".join(lines) + "\n"


def _written(value: float, digits: int) -> str:
    return f"{value:.{digits}f}" if math.isfinite(value) else ""


def _quoted(text: str) -> str:
    return f'"{text}"' if "," in text else text
