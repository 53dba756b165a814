"""A planner's word against the machine's: overrides, applied in order, and who was closer in the end.

The machine's numbers are stage 0 and never change; each override makes one more stage of the one before it.
So every override can be judged by itself: the stage before it against the stage after it, where it acts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from domain.instant import MICROS_PER_SECOND, Instant
from forecasting.days import Dates, local
from forecasting.history import Floats, Ints

Mask = NDArray[np.bool_]
Measure = Literal["calls", "aht_s"]
How = Literal["amount", "percent", "shape"]
Winner = Literal["machine", "human", "equal"]
BANDS = {"lo80": -1.2816, "hi80": 1.2816, "lo95": -1.96, "hi95": 1.96}
"""The ends of prediction intervals, and how many standard deviations from the middle they are."""
NOTHING = 1e-9
"""So few calls are none: nothing can be in proportion to them."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days (both included) and minutes after local midnight (``to_slot`` excluded) an override acts on.

    ``weekly``: on the same weekdays of every later week as well. Raises ValueError for a span that is none.
    """

    first: date
    last: date
    from_slot: int = 0
    to_slot: int = 1440
    weekly: bool = False

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"it ends on {self.last}, before it begins on {self.first}")
        if not 0 <= self.from_slot < self.to_slot <= 1440:
            raise ValueError(f"{self.from_slot} to {self.to_slot} are no minutes of a day")


@dataclass(frozen=True, slots=True)
class Override:
    """What somebody makes of the forecast before them, on a span, and why.

    ``amount``: so many calls more on each day (seconds more in each interval, of ``aht_s``), spread over the
    span as the forecast is, evenly where that is 0; nothing falls below 0. ``percent``: so much more.
    ``shape``: each day's total within the span stays and is spread by these weights, one for each slot of the
    span.

    Nobody overrides the past: it acts on intervals that begin from ``at``, when it was made, to ``until``,
    when it was withdrawn. Raises ValueError for what is none of these.
    """

    how: How
    span: Span
    reason: str
    author: str
    at: Instant
    until: Instant | None = None
    value: float = 0.0
    shape: tuple[float, ...] = ()
    measure: Measure = "calls"

    def __post_init__(self) -> None:
        if self.how == "shape":
            if self.measure != "calls":
                raise ValueError("only calls have a shape")
            if not self.shape or min(self.shape) < 0 or not sum(self.shape) > 0:
                raise ValueError("a shape needs weights of 0 or more, not all of them 0")
        elif self.shape:
            raise ValueError(f"{self.how} has no weights")
        if not np.isfinite(self.value) or (self.how == "percent" and self.value < -100):
            raise ValueError(f"{self.value:g} cannot be; a percentage is at least -100")
        if not self.reason.strip():
            raise ValueError("it gives no reason")

    @property
    def week(self) -> str:
        """The ISO week it was made in: ``2026-W48``."""
        made = date(1970, 1, 1) + timedelta(days=self.at // (86_400 * MICROS_PER_SECOND))
        year, week, _ = made.isocalendar()
        return f"{year}-W{week:02d}"


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """A forecast as arrays (n,): calls and AHT by interval, and the ends of intervals named in ``BANDS``."""

    starts: Ints
    interval_s: int
    zone: str
    calls: Floats
    aht_s: Floats
    bands: Mapping[str, Floats] = field(default_factory=dict)


def acts_on(override: Override, numbers: Numbers) -> Mask:
    """(n,) which intervals an override acts on."""
    return _acts_on(override, numbers.starts, *local(numbers.starts, numbers.zone))


def stages(numbers: Numbers, overrides: Sequence[Override]) -> list[Numbers]:
    """The machine's numbers, and those after each override: one more than there are overrides.

    Raises ValueError if a shape has not one weight for each slot of its span.
    """
    days, minutes = local(numbers.starts, numbers.zone)
    made = [numbers]
    for override in overrides:
        made.append(_applied(made[-1], override, days, minutes))
    return made


def closer(before: Floats, after: Floats, actual: Floats) -> Winner | None:
    """Whose absolute errors sum to less where ``actual`` is known; None where it nowhere is.

    ``before`` is the machine's word, ``after`` the human's.
    """
    known = ~np.isnan(actual) & ~np.isnan(before) & ~np.isnan(after)
    if not known.any():
        return None
    machine = float(np.abs(actual - before)[known].sum())
    human = float(np.abs(actual - after)[known].sum())
    if np.isclose(machine, human, rtol=1e-9, atol=1e-9):
        return "equal"
    return "machine" if machine < human else "human"


def is_past(mask: Mask, actual: Floats) -> bool:
    """Whether all that ``mask`` covers has been: something is known of its last interval or later."""
    covered, known = np.flatnonzero(mask), np.flatnonzero(~np.isnan(actual))
    return bool(len(covered) and len(known) and known[-1] >= covered[-1])


def _acts_on(override: Override, starts: Ints, days: Dates, minutes: Ints) -> Mask:
    span = override.span
    begin, length = np.datetime64(span.first), (span.last - span.first).days
    since = (days - begin).astype(np.int64)
    if span.weekly:
        on = (since >= 0) & (since % 7 <= length)
    else:
        on = (since >= 0) & (since <= length)
    on &= (minutes >= span.from_slot) & (minutes < span.to_slot) & (starts * MICROS_PER_SECOND >= override.at)
    return on if override.until is None else on & (starts * MICROS_PER_SECOND < override.until)


def _applied(before: Numbers, override: Override, days: Dates, minutes: Ints) -> Numbers:
    mask = _acts_on(override, before.starts, days, minutes)
    if override.measure == "aht_s":
        aht_s = before.aht_s.copy()
        if override.how == "percent":
            aht_s[mask] *= 1 + override.value / 100
        else:
            aht_s[mask] = np.maximum(aht_s[mask] + override.value, 0.0)
        return replace(before, aht_s=aht_s)
    calls = before.calls.copy()
    if override.how == "percent":
        calls[mask] *= 1 + override.value / 100
    else:
        for day in np.unique(days[mask]):
            of_day = mask & (days == day)
            if override.how == "amount":
                calls[of_day] = _with_total(before.calls[of_day], override.value)
            else:
                calls[of_day] = _spread(before.calls[of_day], minutes[of_day], override, before.interval_s)
    return replace(before, calls=calls, bands=_moved(before, calls))


def _with_total(calls: Floats, more: float) -> Floats:
    """The calls of a day with so many more, in the same proportions."""
    total = float(np.nansum(calls))
    wanted = max(total + more, 0.0)
    if total > NOTHING:
        return calls * (wanted / total)
    return np.full(len(calls), wanted / len(calls))


def _spread(calls: Floats, minutes: Ints, override: Override, interval_s: int) -> Floats:
    """The total of a day's calls, by the weights of the slots that occur."""
    span = override.span
    slots = -(-(span.to_slot - span.from_slot) * 60 // interval_s)
    if len(override.shape) != slots:
        raise ValueError(
            f"the shape has {len(override.shape)} weights; from minute {span.from_slot} to {span.to_slot} "
            f"there are {slots} slots of {interval_s // 60} minutes"
        )
    weights = np.asarray(override.shape)[(minutes - span.from_slot) * 60 // interval_s]
    if not weights.sum() > 0:
        return calls
    return np.asarray(np.nansum(calls) * weights / weights.sum(), dtype=np.float64)


def _moved(before: Numbers, calls: Floats) -> dict[str, Floats]:
    """Intervals go with their middle in proportion; where it was 0, as if calls came by chance (Poisson)."""
    moved = {}
    some = before.calls > NOTHING
    ratio = np.divide(calls, before.calls, out=np.ones(len(calls)), where=some)
    for name, band in before.bands.items():
        by_chance = np.maximum(calls + BANDS[name] * np.sqrt(np.maximum(calls, 0)), 0)
        scaled = np.where(some, band * ratio, by_chance)
        moved[name] = np.where(calls == before.calls, band, scaled)
    return moved
