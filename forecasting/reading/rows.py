"""Rows of a table as they become histories, and what is wrong with them."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from forecasting.days import local
from forecasting.history import MEASURES, History, Ints
from forecasting.intervals import to_interval
from forecasting.reading import cells
from forecasting.reading.cells import CellError
from forecasting.reading.headings import Columns
from forecasting.reading.sheets import Cell, Row
from forecasting.reading.wall import resolve

DAY_S = 86_400
TOLD = 50
"""Faults of one file that are told; the others are counted."""
FIGURES = ("calls", *MEASURES)
_USUAL = 0.34
"""The share of neighbouring rows from which on their distance may be the interval."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row of a file; ``column`` is its heading, "" if it is no single one."""

    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"row {self.row}{f', column {self.column}' if self.column else ''}: {self.reason}"


class FileError(ValueError):
    """A file is no history: ``faults``, up to ``TOLD``, and how many ``more`` there are."""

    def __init__(self, path: Path, faults: Sequence[Fault], more: int = 0) -> None:
        lines = [f"{path}: {fault}" if fault.row else f"{path}: {fault.reason}" for fault in faults]
        if more:
            lines.append(f"{path}: and {more} more")
        super().__init__("\n".join(lines))
        self.faults, self.more = tuple(faults), more


@dataclass(frozen=True, slots=True)
class Repeated:
    """An interval of a queue that a file has more than once; the first row was taken.

    ``rows`` are their numbers and ``calls`` what each says, in the order of the file.
    """

    queue: str
    start: int
    rows: tuple[int, ...]
    calls: tuple[float, ...]


@dataclass(slots=True)
class Reading:
    """The rows of one file as they are read, and their faults."""

    path: Path
    zone: str
    columns: Columns
    places: Mapping[str, int]
    names: Mapping[str, str]
    decimal: str = "."
    rows: list[int] = field(default_factory=list)
    queues: list[str] = field(default_factory=list)
    times: list[int] = field(default_factory=list)
    """UTC seconds where ``fixed``, else seconds of the clock on the wall."""
    fixed: list[bool] = field(default_factory=list)
    timed: bool = False
    figures: dict[str, list[float]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    _known: dict[Cell, tuple[int, bool]] = field(default_factory=dict)
    _readers: list[tuple[str, int, Callable[[Cell, str], float]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for role in FIGURES:
            if role in self.places:
                read = cells.seconds if role.endswith("_s") else cells.number
                self._readers.append((role, self.places[role], read))

    @property
    def _apart(self) -> bool:
        """Whether a time is put together of several cells."""
        return "time" in self.places or "offset" in self.places

    def decimal_mark(self, rows: Iterable[Row], separator: str) -> str:
        wanted = [place for role, place in self.places.items() if role in FIGURES]
        texts = (cell for _, row in rows for n in wanted if isinstance(cell := cell_at(row, n), str))
        return cells.decimal_of(texts) or ("." if separator == "," else "")

    def take(self, row: Row) -> None:
        """Keep a row, or its faults."""
        number, values = row
        before = len(self.faults)
        when = self._when(number, values)
        found: dict[str, float] = {}
        for role, place, read in self._readers:
            try:
                found[role] = read(values[place] if place < len(values) else None, self.decimal)
            except CellError as error:
                self._fault(number, role, str(error))
        if when is None or len(self.faults) > before:
            return
        self.rows.append(number)
        self.times.append(when[0])
        self.fixed.append(when[1])
        queue = cell_at(values, self.places["queue"]) if "queue" in self.places else None
        self.queues.append(f"{queue:g}" if isinstance(queue, float) else str(queue or ""))
        for role, value in found.items():
            self.figures.setdefault(role, []).append(value)

    def _when(self, number: int, values: Sequence[Cell]) -> tuple[int, bool] | None:
        """The time of a row in seconds, and whether that is UTC."""
        role = "timestamp" if "timestamp" in self.places else "date"
        try:
            cell = cell_at(values, self.places[role])
            if not self._apart and cell in self._known:
                return self._known[cell]
            shown, timed = cells.moment(cell, self.columns.date_order)
            self.timed |= timed
            if role == "date":
                role = "time"
                shown, self.timed = cells.clock(cell_at(values, self.places["time"]), shown.date()), True
            if "offset" in self.places:
                role = "offset"
                ahead = cells.offset(cell_at(values, self.places["offset"]))
                shown = shown if ahead is None else shown.replace(tzinfo=ahead)
        except CellError as error:
            self._fault(number, role, str(error))
            return None
        fixed = shown.tzinfo is not None
        found = int((shown if fixed else shown.replace(tzinfo=UTC)).timestamp()), fixed
        self._known[cell] = found
        return found

    def _fault(self, row: int, role: str, reason: str) -> None:
        self.faults.append(Fault(row, self.names.get(role, ""), reason))

    # -------------------------------------------------------------- histories

    def histories(
        self, interval_s: int | None, repeats: bool
    ) -> tuple[dict[str, History], tuple[Repeated, ...]]:
        if not self.rows:
            self._stop(*([] if self.faults else [Fault(0, "", "there is no row below the headings")]))
        times, fixed = np.array(self.times, dtype=np.int64), np.array(self.fixed, dtype=bool)
        walls = times.copy()
        if fixed.any():
            days, minutes = local(times[fixed], self.zone)
            walls[fixed] = days.astype(np.int64) * DAY_S + minutes * 60 + times[fixed] % 60
        wanted = interval_s
        seen = self._interval(walls, interval_s)
        if not self.timed and wanted is not None and wanted < DAY_S:
            self._stop(Fault(0, "", f"the rows are whole days, not {told_interval(wanted)} each"))
        interval_s = seen if wanted is None or wanted % seen == 0 else wanted
        for n in np.flatnonzero(walls % interval_s).tolist():
            at = datetime.fromtimestamp(int(walls[n]), UTC)
            self._time_fault(n, f"{at:%H:%M:%S} begins no interval of {told_interval(interval_s)}")
        starts = np.where(fixed, times, self._utc(walls, fixed, interval_s))
        found, repeated = self._by_queue(starts, interval_s)
        if not repeats:
            told = {fault.row for fault in self.faults}
            for one in repeated:
                if told & set(one.rows):
                    continue  # it is told already that one of them is no interval
                n = self.rows.index(one.rows[1])
                of = f" of queue {one.queue}" if one.queue else ""
                self._time_fault(n, f"this interval{of} is also in row {one.rows[0]}")
        if self.faults:
            self._stop()
        if wanted is not None:
            found = {queue: to_interval(history, wanted) for queue, history in found.items()}
        return found, repeated

    def _utc(self, walls: Ints, fixed: NDArray[np.bool_], interval_s: int) -> Ints:
        resolved = resolve(walls, self.zone)
        for n in np.flatnonzero(~fixed & (resolved.skipped_s >= interval_s)).tolist():
            at = datetime.fromtimestamp(int(walls[n]), UTC)
            self._time_fault(
                n, f"{at:%Y-%m-%d %H:%M} never comes in {self.zone}: the clock is turned forward there"
            )
        starts = resolved.first.copy()
        twice = ~fixed & (resolved.second - resolved.first >= interval_s)
        if twice.any():
            seen: set[tuple[str, int]] = set()
            forth = range(len(walls)) if _ascending(walls) else range(len(walls) - 1, -1, -1)
            for n in forth:
                if twice[n]:
                    key = (self.queues[n], int(walls[n]))
                    if key in seen:
                        starts[n] = resolved.second[n]
                    seen.add(key)
        return starts

    def _by_queue(self, starts: Ints, interval_s: int) -> tuple[dict[str, History], tuple[Repeated, ...]]:
        names = np.array(self.queues, dtype=object)
        columns = {role: np.array(values, dtype=np.float64) for role, values in self.figures.items()}
        histories: dict[str, History] = {}
        repeated: list[Repeated] = []
        for queue in dict.fromkeys(self.queues):
            here = np.flatnonzero(names == queue)
            here = here[np.argsort(starts[here], kind="stable")]
            first = np.ones(len(here), dtype=bool)
            first[1:] = np.diff(starts[here]) > 0
            for start in np.unique(starts[here[~first]]).tolist():
                same = [int(n) for n in here[starts[here] == start]]
                rows = tuple(self.rows[n] for n in same)
                repeated.append(Repeated(queue, start, rows, tuple(columns["calls"][same].tolist())))
            kept = here[first]
            values = {role: column[kept] for role, column in columns.items()}
            measures = {r: v for r, v in values.items() if r != "calls" and not np.isnan(v).all()}
            histories[queue] = History(starts[kept], values["calls"], interval_s, self.zone, measures, queue)
        return histories, tuple(repeated)

    def _interval(self, walls: Ints, told: int | None) -> int:
        """The distance of neighbouring rows that fits most of them.

        Where there is none, it is what was ``told``; if nothing was, it stops.
        """
        if not self.timed:
            return DAY_S
        gaps: Counter[int] = Counter()
        names = np.array(self.queues, dtype=object)
        for queue in set(self.queues):
            there = np.unique(walls[names == queue])
            gaps.update(np.diff(there).tolist())
        if not gaps and told is not None:
            return told
        if not gaps:
            self._stop(Fault(0, "", "one time alone shows no interval; say how long it is"))
        many = gaps.total() * _USUAL
        usual = [gap for gap, count in gaps.items() if count >= many] or [gaps.most_common(1)[0][0]]
        choices = [gap for gap in usual if gap <= DAY_S and DAY_S % gap == 0]
        if not choices and told is not None:
            return told
        if not choices:
            apart = told_interval(usual[0])
            self._stop(
                Fault(
                    0,
                    "",
                    f"most rows are {apart} apart, which does not divide a day; say how long the "
                    "intervals are",
                )
            )
        return max(choices, key=lambda gap: (np.count_nonzero(walls % gap == 0), gap))

    def _time_fault(self, n: int, reason: str) -> None:
        self._fault(self.rows[n], "timestamp" if "timestamp" in self.names else "time", reason)

    def _stop(self, *more: Fault) -> NoReturn:
        faults = sorted((*more, *self.faults), key=lambda fault: fault.row)
        raise FileError(self.path, faults[:TOLD], len(faults) - len(faults[:TOLD]))


def cell_at(row: Sequence[Cell], place: int) -> Cell:
    return row[place] if place < len(row) else None


def _ascending(walls: Ints) -> bool:
    steps = np.diff(walls)
    return bool(np.count_nonzero(steps >= 0) >= np.count_nonzero(steps < 0))


def told_interval(seconds: int) -> str:
    """An interval in words: 30 minutes, 1 day."""
    for size, word in ((DAY_S, "day"), (3600, "hour"), (60, "minute")):
        if seconds % size == 0:
            return f"{seconds // size} {word}{'s' * (seconds != size)}"
    return f"{seconds} s"
