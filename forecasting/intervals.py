"""A history in longer intervals: calls summed, handling times weighed by the calls they are of."""

import numpy as np

from forecasting.days import local
from forecasting.history import Floats, History, Ints
from forecasting.reading.wall import resolve

DAY_S = 86_400


def to_interval(history: History, interval_s: int) -> History:
    """``history`` in intervals of ``interval_s`` as the clock on the wall of its zone shows them.

    Counts are summed; mean seconds are weighed by the calls answered, or by the calls where those are not
    known. An interval with an unknown count in it is unknown; one without a row counts as nothing. The hour
    that comes twice is two intervals, a day of 25 hours is one. Raises ValueError if ``interval_s`` is no
    multiple of the history's interval, or does not divide a day.
    """
    if interval_s == history.interval_s:
        return history
    if interval_s <= 0 or interval_s % history.interval_s or DAY_S % interval_s:
        raise ValueError(
            f"intervals of {history.interval_s} s cannot be put together to {interval_s} s; "
            "that must be a multiple of them and divide a day"
        )
    starts, back = np.unique(_begins(history, interval_s), return_inverse=True)

    def total(values: Floats) -> Floats:
        sums = np.zeros(len(starts))
        np.add.at(sums, back, values)
        return sums

    calls = total(history.calls)
    weights = history.measures.get("answered", history.calls)
    measures: dict[str, Floats] = {}
    for name, values in history.measures.items():
        if name.endswith("_s"):
            known = ~np.isnan(values) & (weights > 0)
            weighed = total(np.where(known, values * weights, 0.0))
            weight = total(np.where(known, weights, 0.0))
            with np.errstate(invalid="ignore"):
                measures[name] = np.where(weight > 0, weighed / weight, np.nan)
        else:
            measures[name] = total(values)
    return History(starts, calls, interval_s, history.zone, measures, history.name)


def _begins(history: History, interval_s: int) -> Ints:
    """(n,) UTC seconds at which the longer interval of each interval begins."""
    days, minutes = local(history.starts, history.zone)
    seconds = minutes * 60 + history.starts % 60
    walls = days.astype(np.int64) * DAY_S + seconds - seconds % interval_s
    resolved = resolve(walls, history.zone)
    # Of a beginning that comes twice, the later one before the interval; what is longer than the hour that
    # comes twice has both of them in it.
    late = (resolved.second <= history.starts) & (resolved.second - resolved.first >= interval_s)
    return np.where(late, resolved.second, resolved.first)
