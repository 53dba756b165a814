"""A requirement as CSV, ``timestamp,agents,scheduled,…``: how many people, interval by interval."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from scheduling.formats.csv_rows import lines
from scheduling.formats.errors import FormatError, Wrong
from scheduling.problem import DAY

MOST: Final = 100_000
"""People in an interval."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """People asked for from 00:00 of ``start`` on, a value for each interval of ``days`` days."""

    start: date
    days: int
    interval_minutes: int
    required: tuple[int, ...]

    @property
    def years(self) -> range:
        """The years it has days of."""
        return range(self.start.year, (self.start + timedelta(days=self.days - 1)).year + 1)


def read_requirement(text: str, file: str, column: str = "agents", zone: str | None = None) -> Requirement:
    """The requirement of one kind of work. Raises FormatError with all that is wrong.

    Times are local time as they stand; those with an offset from UTC are put into ``zone`` if one is given.
    Where a turned clock gives an interval twice, the higher number counts; intervals that are not there need
    nobody.
    """
    wrongs: list[Wrong] = []
    found: dict[datetime, int] = {}
    headings: Mapping[str, tuple[str, ...]] = {"timestamp": ("ts", "时间"), column: ()}
    for line in lines(text, file, headings, ("timestamp", column), strict=False):
        try:
            when = datetime.fromisoformat(line.get("timestamp"))
        except ValueError:
            wrongs.append(Wrong(line.number, f"timestamp: {line.get('timestamp')!r} is no time"))
            continue
        number = line.get(column)
        if not number.isascii() or not number.isdecimal() or int(number[:9]) > MOST or len(number) > 9:
            wrongs.append(Wrong(line.number, f"{column}: {number!r} is no number of people"))
            continue
        if when.tzinfo is not None:
            when = (when if zone is None else when.astimezone(ZoneInfo(zone))).replace(tzinfo=None)
        found[when] = max(int(number), found.get(when, 0))
    if not found and not wrongs:
        wrongs.append(Wrong(0, "there is no interval in it"))
    if wrongs:
        raise FormatError(file, wrongs)
    return _grid(found, file)


def _grid(found: dict[datetime, int], file: str) -> Requirement:
    times = sorted(found)
    gaps = {int((after - before).total_seconds() / 60) for before, after in pairwise(times)}
    minutes = min(gaps, default=15)
    first, last = times[0].date(), times[-1].date()
    midnight = datetime(first.year, first.month, first.day)
    if minutes < 1 or DAY % minutes or any((one - midnight) % timedelta(minutes=minutes) for one in times):
        raise FormatError(
            file, [Wrong(0, f"its times lie on no grid; the smallest gap is {minutes} minutes")]
        )
    days = (last - first).days + 1
    required = [0] * (days * DAY // minutes)
    for when, people in found.items():
        required[int((when - midnight).total_seconds()) // 60 // minutes] = people
    return Requirement(first, days, minutes, tuple(required))
