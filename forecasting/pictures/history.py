"""Pictures of a history: calls over time with what was cleaned, and the usual week as a heat map."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from forecasting.cleaning.applying import touched
from forecasting.cleaning.findings import Finding
from forecasting.days import grid_of
from forecasting.history import Floats, History
from forecasting.intervals import to_interval

KINDS = (".svg", ".png")
RAW, CLEAN, MARK = "#9a9a9a", "#31507a", "#b3261e"
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
FEW_DAYS = 21
"""Histories up to so many days are drawn by interval, longer ones by day."""
_DAY_S = 86_400


def history_picture(
    history: History, path: Path, *, cleaned: History | None = None, findings: Sequence[Finding] = ()
) -> None:
    """Draw ``history`` to an .svg or .png: above over time, below as the mean week.

    With ``cleaned`` the raw calls are drawn grey behind, and what the ``findings`` replaced or adjusted is
    marked. Raises ValueError for another kind of file, OSError if it cannot be written.
    """
    if path.suffix.lower() not in KINDS:
        raise ValueError(
            f"{path}: a picture is drawn as {' or '.join(KINDS)}, not {path.suffix or 'nothing'}"
        )
    import matplotlib as mpl  # slow to import
    from matplotlib.figure import Figure

    shown = cleaned if cleaned is not None else history
    by_day = _length_days(history) > FEW_DAYS
    with mpl.rc_context({"svg.hashsalt": "callfloor", "svg.fonttype": "none", "font.size": 10}):
        figure = Figure(figsize=(11, 7), layout="constrained")
        over_time, week = figure.subplots(2, 1, height_ratios=(3, 2))
        _over_time(over_time, history, cleaned, findings, by_day)
        image = _week(week, shown)
        if image is not None:
            figure.colorbar(image, ax=week, label=f"calls per {shown.interval_s // 60} min", pad=0.01)
        if history.name.isascii() and history.name:  # fonts without Chinese would draw boxes
            over_time.set_title(history.name, loc="left")
        kind = path.suffix.lower()[1:]
        figure.savefig(path, format=kind, dpi=150, metadata={"Date": None} if kind == "svg" else None)


def usual_week(history: History) -> tuple[Floats, list[str]]:
    """(7, s) the mean calls by weekday and slot, NaN where there are none, and the slots' times of day."""
    grid = grid_of(history)
    weekday = (grid.days.astype(np.int64) + 3) % 7
    means = np.full((7, len(grid.slots)), np.nan)
    for one in range(7):
        known = ~np.isnan(grid.values[weekday == one])
        total = np.nansum(grid.values[weekday == one], axis=0)
        count = known.sum(axis=0)
        means[one] = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return means, [f"{slot // 60:02d}:{slot % 60:02d}" for slot in grid.slots.tolist()]


def _length_days(history: History) -> float:
    return (history.starts[-1] - history.starts[0]) / _DAY_S if len(history) else 0.0


def _over_time(
    axes: Any, history: History, cleaned: History | None, findings: Sequence[Finding], by_day: bool
) -> None:
    raw = to_interval(history, _DAY_S) if by_day else history
    axes.plot(_dates(raw), raw.calls, color=RAW if cleaned is not None else CLEAN, linewidth=1, label="calls")
    if cleaned is not None:
        clean = to_interval(cleaned, _DAY_S) if by_day else cleaned
        axes.plot(_dates(clean), clean.calls, color=CLEAN, linewidth=1, label="cleaned")
        marked = touched(cleaned, findings)
        if marked.any():
            days = np.unique(np.searchsorted(clean.starts, cleaned.starts[marked], side="right") - 1)
            axes.plot(
                _dates(clean)[days],
                clean.calls[days],
                linestyle="none",
                marker="o",
                markersize=4,
                color=MARK,
                label="replaced or adjusted",
            )
        axes.legend(frameon=False, loc="upper left", ncols=3)
    axes.set_ylim(bottom=0)
    axes.set_ylabel("calls per day" if by_day else f"calls per {history.interval_s // 60} min")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25)


def _week(axes: Any, history: History) -> Any:
    means, slots = usual_week(history)
    axes.set_yticks(range(7), WEEKDAYS)
    if not len(slots) or np.isnan(means).all():
        return None
    image = axes.imshow(means, aspect="auto", cmap="YlGnBu", interpolation="nearest", vmin=0)
    step = max(1, len(slots) // 12)
    axes.set_xticks(range(0, len(slots), step), slots[::step])
    return image


def _dates(history: History) -> Any:
    """(n,) the local time of each interval, as matplotlib draws it."""
    where = ZoneInfo(history.zone)
    return np.array(
        [datetime.fromtimestamp(at, where).replace(tzinfo=None) for at in history.starts.tolist()],
        dtype="datetime64[s]",
    )
