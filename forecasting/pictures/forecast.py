"""A forecast with its intervals against what came."""

from pathlib import Path

import numpy as np

from forecasting.days import grid_of
from forecasting.history import Floats, History
from forecasting.outlook import Outlook

MOST_POINTS = 1500
"""With more slots ahead days are drawn."""


def draw(path: Path, history: History, outlook: Outlook) -> None:
    """Write the picture to ``path`` (.svg or .png): as much of the past as there is forecast, and that."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    by_day = outlook.calls.size > MOST_POINTS or outlook.calls.shape[1] == 1
    figure = Figure(figsize=(11, 4), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    past_at, past = _past(history, outlook, by_day)
    at, calls, low, high = _ahead(outlook, by_day)
    axes.plot(past_at, past, color="#44546a", linewidth=1, label="calls")
    axes.fill_between(at, low, high, color="#e07b39", alpha=0.3, linewidth=0, label="80 % of the time")
    axes.plot(at, calls, color="#c45a11", linewidth=1.2, label="forecast")
    axes.set_ylim(bottom=0)
    axes.set_ylabel("calls a day" if by_day else f"calls per {outlook.interval_s // 60} min")
    axes.margins(x=0.01)
    axes.grid(alpha=0.3)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.legend(loc="upper left", frameon=False, ncols=3)
    figure.savefig(path, metadata={"Date": None} if path.suffix.lower() == ".svg" else None, dpi=120)


def _past(history: History, outlook: Outlook, by_day: bool) -> tuple[np.ndarray, Floats]:
    """When and how many calls came: about as long as what is forecast, at least two weeks."""
    grid = grid_of(history)
    length = max(int((outlook.days[-1] - outlook.days[0]).astype(int)) + 1, 14)
    recent = grid.days > grid.days[-1] - length
    days, values = grid.days[recent], grid.values[recent]
    if by_day:
        known = ~np.isnan(values).all(axis=1)
        return _times(days, np.zeros(1, dtype=np.int64))[known, 0], np.nansum(values[known], axis=1)
    return _with_gaps(_times(days, grid.slots), values)


def _ahead(outlook: Outlook, by_day: bool) -> tuple[np.ndarray, Floats, Floats, Floats]:
    if by_day:
        groups = np.where(outlook.is_open, np.arange(len(outlook.days))[:, None], -1)
        calls, low, high = outlook.sums(groups)
        return _times(outlook.days[: len(calls)], np.zeros(1, dtype=np.int64))[:, 0], calls, low, high
    times = _times(outlook.days, outlook.slots)
    low, high = outlook.bounds(0.8)
    hidden = ~outlook.is_open
    masked = [np.where(hidden, np.nan, one) for one in (outlook.calls, low, high)]
    at, calls = _with_gaps(times, masked[0])
    return at, calls, _with_gaps(times, masked[1])[1], _with_gaps(times, masked[2])[1]


def _times(days: np.ndarray, slots: np.ndarray) -> np.ndarray:
    """(d, s) on the wall."""
    minutes = slots.astype("timedelta64[m]")
    return np.asarray(days.astype("datetime64[m]")[:, None] + minutes[None, :])


def _with_gaps(times: np.ndarray, values: Floats) -> tuple[np.ndarray, Floats]:
    """In a row, an unknown value after each day whose night is closed, so that no line is drawn over it."""
    span = times[:, -1] - times[:, 0]
    if len(times) and (span < np.timedelta64(23, "h")).all():
        times = np.hstack([times, times[:, -1:] + np.timedelta64(1, "m")])
        values = np.hstack([values, np.full((len(values), 1), np.nan)])
    return times.ravel(), values.ravel()
