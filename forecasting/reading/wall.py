"""From the clock on the wall to UTC: the hour that comes twice, and the one that never comes."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from forecasting.history import Ints


@dataclass(frozen=True, slots=True, eq=False)
class Resolved:
    """Times on a wall, (n,) each, as UTC seconds.

    ``first`` and ``second`` differ where the time comes twice. ``skipped_s`` are the seconds from the time to
    the next one that comes, 0 where it comes; ``first`` is then that next one.
    """

    first: Ints
    second: Ints
    skipped_s: Ints

    @property
    def twice(self) -> NDArray[np.bool_]:
        """(n,) whether the time comes twice."""
        return np.asarray(self.first != self.second)


def resolve(walls: Ints, zone: str) -> Resolved:
    """UTC of times on the wall of ``zone``: seconds (n,) since 1970 of a clock that shows them."""
    where = ZoneInfo(zone)
    days, back = np.unique(walls // 86_400, return_inverse=True)
    # The clock is turned on few days: on all others its offset is one for all times.
    ahead = np.array([_steady(int(day), where) for day in days], dtype=np.float64)[back]
    turned = np.isnan(ahead)
    first = walls - np.where(turned, 0, ahead).astype(np.int64)
    second, skipped = first.copy(), np.zeros_like(first)
    for n in np.flatnonzero(turned):
        first[n], second[n], skipped[n] = _one(int(walls[n]), where)
    return Resolved(first, second, skipped)


def _steady(day: int, where: ZoneInfo) -> float:
    """Seconds ahead of UTC all through a local day and a little around it, NaN if that changes."""
    midnight = datetime.fromtimestamp(day * 86_400, UTC).replace(tzinfo=None)
    seen = {_offset_s(midnight + timedelta(hours=hours), where) for hours in (-3, 6, 12, 18, 27)}
    return float(seen.pop()) if len(seen) == 1 else np.nan


def _one(wall: int, where: ZoneInfo) -> tuple[int, int, int]:
    shown = datetime.fromtimestamp(wall, UTC).replace(tzinfo=None)
    early, late = _offset_s(shown, where), _offset_s(shown.replace(fold=1), where)
    if early >= late:  # as ever, or the time comes twice
        return wall - early, wall - late, 0
    # It never comes: the clock jumps over it, at the first instant from which on the later offset holds. The
    # two candidates lie before and after that.
    low, high = wall - late, wall - early
    while high - low > 1:
        middle = (low + high) // 2
        if _ahead_s(middle, where) == late:
            high = middle
        else:
            low = middle
    return high, high, high + late - wall


def _offset_s(shown: datetime, where: ZoneInfo) -> int:
    shift = shown.replace(tzinfo=where).utcoffset()
    return int(shift.total_seconds()) if shift is not None else 0


def _ahead_s(at: int, where: ZoneInfo) -> int:
    shift = datetime.fromtimestamp(at, where).utcoffset()
    return int(shift.total_seconds()) if shift is not None else 0
