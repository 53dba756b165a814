"""A forecast as rows: slots, or weeks and months of them, as CSV."""

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np

from forecasting.days import times_of
from forecasting.handling import PerCall
from forecasting.history import Floats, Ints
from forecasting.horizons import Interval
from forecasting.outlook import Outlook

HEADINGS = ("timestamp", "calls", "lo80", "hi80", "aht_s")
MORE = ("aht_lo80", "aht_hi80", "abandonment", "abandonment_lo80", "abandonment_hi80")


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Rows of a forecast, (n,) each: ``walls`` are when they begin on the wall, in seconds since 1970.

    ``starts`` the same in UTC. ``figures`` by heading, NaN where not forecast.
    """

    walls: Ints
    starts: Ints
    zone: str
    figures: dict[str, Floats]
    whole_days: bool


def table_of(outlook: Outlook, interval: Interval) -> Table:
    """The forecast in the pieces wanted, with intervals that hold for those."""
    if interval.piece == "slot":
        index, starts = times_of(outlook.days, outlook.slots, outlook.zone, outlook.is_open)
        calls, low, high = (one.ravel()[index] for one in (outlook.calls, *outlook.bounds(0.8)))
        walls = _walls(outlook).ravel()[index]
        groups = np.arange(outlook.calls.size).reshape(outlook.calls.shape)
    else:
        unit = outlook.days.astype("datetime64[M]" if interval.piece == "month" else "datetime64[D]")
        if interval.piece == "week":  # from Monday
            unit = unit - (unit.astype(np.int64) + 3) % 7
        kinds, group = np.unique(unit, return_inverse=True)
        groups = np.where(outlook.is_open, group[:, None], -1)
        calls, low, high = outlook.sums(groups)
        walls = kinds.astype("datetime64[s]").astype(np.int64)
        starts, index = walls, np.arange(len(walls))
    figures = {"calls": calls, "lo80": low, "hi80": high}
    for name, measure in (("aht_s", outlook.aht_s), ("abandonment", outlook.abandonment)):
        found = _measure(name, measure, outlook.calls, groups, int(groups.max(initial=-1)) + 1)
        figures |= {one: values[index] for one, values in found.items()}
    return Table(walls, starts, outlook.zone, figures, interval.seconds == 86_400)


def to_csv(table: Table, *, more: bool = False) -> str:
    """``timestamp,calls,lo80,hi80,aht_s``, and with ``more`` the intervals of AHT and the share abandoned.

    Times are those on the wall; with their offset from UTC if the clock is turned between the first and the
    last. Days, weeks and months are written as the day they begin on. What is not forecast is empty.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    headings = HEADINGS + (MORE if more else ())
    writer.writerow(headings)
    columns = [table.figures[name] for name in headings[1:]]
    digits = [4 if name.startswith("abandonment") else 2 for name in headings[1:]]
    for stamp, *values in zip(_stamps(table), *columns, strict=True):
        cells = ("" if np.isnan(v) else f"{v:.{d}f}" for v, d in zip(values, digits, strict=True))
        writer.writerow((stamp, *cells))
    return out.getvalue()


def _measure(
    name: str, measure: PerCall | None, calls: Floats, groups: Ints, count: int
) -> dict[str, Floats]:
    """A mean over calls and its interval, of each group."""
    bare = name.removesuffix("_s")
    names = (name, f"{bare}_lo80", f"{bare}_hi80")
    if measure is None:
        return {one: np.full(count, np.nan) for one in names}
    inside = groups >= 0
    weight = np.bincount(groups[inside], calls[inside], count).astype(np.float64)
    plain = np.bincount(groups[inside], minlength=count)
    weighed = np.bincount(groups[inside], (calls * measure.mean)[inside], count)
    unweighed = np.bincount(groups[inside], measure.mean[inside], count)
    mean = np.where(weight > 0, weighed / np.where(weight > 0, weight, 1.0), unweighed / np.maximum(plain, 1))
    low, high = PerCall(mean, measure.day, measure.call).bounds(weight, 0.8)
    if name == "abandonment":
        high = np.minimum(high, 1.0)
    return dict(zip(names, (mean, low, high), strict=True))


def _walls(outlook: Outlook) -> Ints:
    days = outlook.days.astype("datetime64[D]").astype(np.int64) * 86_400
    return np.asarray(days[:, None] + outlook.slots[None, :] * 60)


def _stamps(table: Table) -> list[str]:
    if table.whole_days:
        return [f"{datetime.fromtimestamp(wall, UTC):%Y-%m-%d}" for wall in table.walls.tolist()]
    where = ZoneInfo(table.zone)
    times = [datetime.fromtimestamp(at, where) for at in table.starts.tolist()]
    if len({at.utcoffset() for at in times}) > 1:
        return [at.isoformat(sep=" ", timespec="minutes") for at in times]
    return [f"{at:%Y-%m-%d %H:%M}" for at in times]
