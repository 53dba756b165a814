"""What ``callfloor history`` prints and writes: tables of findings and of a history's days."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

import numpy as np

from callfloor.history_sources import HistoryError

if TYPE_CHECKING:
    from forecasting.cleaning import Decision, Finding
    from forecasting.files import FileRead
    from forecasting.history import Floats, History, Ints

Line = dict[str, Any]
_DONE = {"accept": "accepted", "undo": "undone", "change": "changed"}
_WORDS: tuple[Literal["accept", "undo", "change"], ...] = ("accept", "undo", "change")


# ------------------------------------------------------------------ files


def summary(read: "FileRead", histories: "Mapping[str, History]") -> Iterator[str]:
    """How a file was understood, and what it holds."""
    from forecasting.reading.rows import told_interval

    yield "columns: " + ", ".join(f"{role} = {heading}" for role, heading in read.columns.items())
    if read.unused:
        yield "not used: " + ", ".join(read.unused)
    for name, history in histories.items():
        first, last = (_local(history, at) for at in history.starts[[0, -1]].tolist())
        known = np.nansum(history.calls)
        yield (
            f"{name or 'calls'}: {len(history)} intervals of {told_interval(history.interval_s)}, "
            f"{first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} ({history.zone}), {known:.0f} calls"
        )


def _local(history: "History", at: int) -> datetime:
    return datetime.fromtimestamp(at, ZoneInfo(history.zone))


# ------------------------------------------------------------------ findings


def findings(
    found: "Sequence[Finding]", decisions: "Sequence[Decision]", zone: str, sure: float
) -> Iterator[str]:
    """All findings with how sure each method is, side by side; below them what the calendar explains."""
    from forecasting.cleaning import METHODS
    from forecasting.cleaning.findings import EXPLAINED

    strange = [one for one in found if one.kind not in EXPLAINED]
    said = {decision.finding: decision for decision in decisions}
    used = [method for method in METHODS if any(method in one.methods for one in strange)]
    head = ["finding", "from", "to", "sure", *used, "calls", "usual", "done"]
    rows = [
        [
            one.id,
            _when(one.start, zone),
            _when(one.end, zone),
            _share(one.sure),
            *(_share(one.methods[m]) if m in one.methods else "" for m in used),
            _number(one.calls),
            _number(one.expected),
            _done(one, said.get(one.id), sure),
        ]
        for one in strange
    ]
    yield from _aligned([head, *rows], words=(0, 1, 2, len(head) - 1))
    for queue in dict.fromkeys(one.queue for one in found):
        count = sum(one.queue == queue for one in strange)
        yield f"{queue or 'calls'}: {count} finding{'s' * (count != 1)}"
    explained = [one for one in found if one.kind in EXPLAINED]
    if explained:
        yield ""
        yield "explained by the calendar, and left:"
        yield from _aligned(
            [
                [_when(one.start, zone), one.queue, one.note, f"{_times(one)} of the usual"]
                for one in explained
            ],
            words=(0, 1, 2, 3),
        )


def as_plain(found: "Sequence[Finding]", decisions: "Sequence[Decision]", zone: str) -> dict[str, Any]:
    """Findings as JSON has them, with what was decided on each."""
    said = {decision.finding: decision for decision in decisions}
    listed = []
    for one in found:
        decision = said.get(one.id)
        as_decided = decision.on(one) if decision is not None and decision.what == "change" else one
        listed.append({**as_decided.as_dict(zone), "decision": decision.what if decision else ""})
    return {"zone": zone, "findings": listed}


def decisions_in(file: Path, found: "Sequence[Finding]") -> "list[Decision]":
    """Decisions that a planner wrote into a file of findings: ``accept``, ``undo``, or ``change``.

    A change takes ``action`` with ``values`` or ``factor`` from the file. Decisions on what is not found any
    more are passed over. Raises HistoryError with what cannot be read, OSError.
    """
    from forecasting.cleaning import Decision, Finding

    try:
        listed = json.loads(file.read_text(encoding="utf-8"))["findings"]
    except (ValueError, KeyError, TypeError) as error:
        raise HistoryError(
            f"{file}: these are no findings as clean --findings writes them: {error}"
        ) from None
    there = {one.id for one in found}
    made = []
    for number, plain in enumerate(listed, 1):
        try:
            what = plain.get("decision") or ""
            if what and what not in _WORDS:
                raise ValueError(f"decision is {what!r}; it may be {', '.join(_WORDS)}")
            one = Finding.from_dict(plain)
        except (ValueError, AttributeError) as error:
            raise HistoryError(f"{file}: finding {number}: {error}") from None
        if what and one.id in there:
            made.append(Decision(one.id, what, one.action, one.values, one.factor))
    return made


def _done(finding: "Finding", decision: "Decision | None", sure: float) -> str:
    word = "" if decision is None else f" ({_DONE[decision.what]})"
    if decision is not None:
        finding = decision.on(finding)
    elif finding.sure < sure:
        return "left (not sure enough)"
    if finding.action == "replace":
        total = sum(value for _, value in finding.values)
        return f"replaced by {total:.0f}{word}"
    if finding.action == "adjust":
        return f"times {finding.factor:.2f}{word}"
    return f"left{word}" + (f": {finding.note}" if finding.note and decision is None else "")


def _times(finding: "Finding") -> str:
    if not finding.expected > 0:
        return "?"
    return f"{100 * finding.calls / finding.expected:.0f} %"


def _when(at: int, zone: str) -> str:
    return f"{datetime.fromtimestamp(at, ZoneInfo(zone)):%Y-%m-%d %H:%M}"


# ------------------------------------------------------------------ a history


def lines_of(history: "History", by: str, last: int) -> list[Line]:
    """The last lines of a history by interval, day, week or month; None where nothing is known."""
    from forecasting.days import local
    from forecasting.intervals import to_interval

    shown = history if by == "interval" else to_interval(history, 86_400)
    days, minutes = local(shown.starts, shown.zone)
    if by == "month":
        keys = days.astype("datetime64[M]").astype("datetime64[D]")
    elif by == "week":
        keys = days - (days.astype(np.int64) + 3) % 7
    else:
        keys = days
    every, back = np.unique(keys, return_inverse=True)
    if by == "interval":
        every, back = np.arange(len(shown)), np.arange(len(shown))
    calls = _sums(shown.calls, back, len(every))
    lines: list[Line] = []
    summed = {
        name: _sums(v, back, len(every)) for name, v in shown.measures.items() if not name.endswith("_s")
    }
    means = {
        name: _means(v, shown.measures.get("answered", shown.calls), back, len(every))
        for name, v in shown.measures.items()
        if name.endswith("_s")
    }
    for n in range(max(0, len(every) - last), len(every)):
        if by == "interval":
            start = f"{days[n]} {minutes[n] // 60:02d}:{minutes[n] % 60:02d}"
        else:
            start = str(every[n])
        line: Line = {"from": start, "calls": _plain(calls[n])}
        line |= {name: _plain(values[n]) for name, values in (summed | means).items()}
        lines.append(line)
    return lines


def table(name: str, lines: Sequence[Line]) -> Iterator[str]:
    """Lines of a history as text."""
    if name:
        yield name
    if not lines:
        yield "no interval"
        return
    head = list(lines[0])
    rows = [[_cell(line[column]) for column in head] for line in lines]
    yield from _aligned([head, *rows], words=(0,))


def _sums(values: "Floats", back: "Ints", count: int) -> "Floats":
    """The sum of what is known, NaN where nothing is."""
    known = ~np.isnan(values)
    total = np.bincount(back, np.where(known, values, 0.0), minlength=count)
    return np.where(np.bincount(back, known, minlength=count) > 0, total, np.nan)


def _means(values: "Floats", weights: "Floats", back: "Ints", count: int) -> "Floats":
    known = ~np.isnan(values) & (weights > 0)
    total = np.bincount(back, np.where(known, values * weights, 0.0), minlength=count)
    weight = np.bincount(back, np.where(known, weights, 0.0), minlength=count)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(weight > 0, total / weight, np.nan))


# ------------------------------------------------------------------ text


def _plain(value: float) -> float | None:
    return None if math.isnan(value) else round(float(value), 1)


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    return value if isinstance(value, str) else _number(value)


def _number(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.0f}" if value == round(value) else f"{value:.1f}"


def _share(value: float) -> str:
    return f"{value:.2f}"


def _aligned(rows: Sequence[Sequence[str]], words: Sequence[int]) -> Iterator[str]:
    """Rows with their columns under one another, ``words`` to the left and numbers to the right."""
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    for row in rows:
        cells = (
            cell.ljust(width) if n in words else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(cells).rstrip()
