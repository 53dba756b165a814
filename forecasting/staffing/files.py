"""Calls with their waits read from a file, and a plan written to one."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from forecasting.history import Floats
from forecasting.reading import cells
from forecasting.reading.cells import CellError
from forecasting.reading.rows import Fault, FileError
from forecasting.reading.sheets import Cell, SheetError, open_sheet
from forecasting.staffing.forecast_file import TOLD
from forecasting.staffing.plan import Plan


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
