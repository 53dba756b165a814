"""Shifts of the level: from one day to the next all is more or less than before, for days or for good.

The logarithm of each day's level (its weekday taken out) is a series; a step is where the medians of the ten
days before and after lie far apart in relation to how far they ever do, and the jump comes from one day to
the next. A step with its way back within ``LONGEST`` days is a shift for a time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from forecasting.cleaning.findings import Suspicion
from forecasting.cleaning.runs import certainty
from forecasting.cleaning.usual import Flags, Usual
from forecasting.history import Floats, Ints

METHOD = "level shifts"
SIDE = 10
"""Days on either side of a shift that it is compared with."""
SIDES = (5, 10)
"""Days on either side of a step that are compared: few where the level wanders, more where it is uneven."""
WIDE = 90
"""Days on either side that say which of two levels is the usual one."""
SHORTEST = 5
LONGEST = 120
LEAST = 0.16
"""The least step, in logarithms: 17 % up, 15 % down."""
ENOUGH = 4.5
_SPREAD = 1.4826


@dataclass(frozen=True, slots=True)
class _Step:
    at: int
    size: float
    far: float


def find(usual: Usual, starts: Ints, interval_s: int) -> Iterator[Suspicion]:
    """Shifts with their way back, and steps after which the level stayed (they end with the data)."""
    level = usual.level
    rows = np.flatnonzero(~usual.explained & np.isfinite(level) & (level > 0.02))
    if len(rows) < 3 * SIDE:
        return
    series = np.log(level[rows])
    for begin, end, far in _shifts(series):
        size = _size(series, begin, end)
        if abs(size) < LEAST:
            continue
        first, last = int(rows[begin]), int(rows[end - 1]) if end < len(rows) else len(usual.days) - 1
        calls = float(np.nansum(usual.values[first : last + 1]))
        yield Suspicion(
            METHOD,
            "level_shift",
            int(starts[first, 0]),
            int(starts[last, -1]) + interval_s,
            certainty(far, ENOUGH),
            calls,
            calls / float(np.exp(size)),
        )


def _shifts(series: Floats) -> list[tuple[int, int, float]]:
    """(begin, end, how far) of each shift: each step with its way back, forth or back in time."""
    free = np.ones(len(series), dtype=bool)
    found: list[tuple[int, int, float]] = []
    lasting: list[_Step] = []
    for step in sorted(_steps(series), key=lambda step: -step.far):
        if not free[step.at]:
            continue
        span = _span(series, step, free)
        if span is None:
            lasting.append(step)
        else:
            # The steps at both ends are used up.
            free[max(span[0] - 2, 0) : span[1] + 3] = False
            found.append((*span, step.far))
    lasting = sorted((step for step in lasting if free[step.at]), key=lambda step: step.at)
    return found + [
        (step.at, len(series), step.far) for step in lasting if _stays(series, step, found, lasting)
    ]


def _stays(
    series: Floats, step: _Step, found: Sequence[tuple[int, int, float]], lasting: Sequence[_Step]
) -> bool:
    """Whether the level is another one for long, with the shifts that went back again left out."""
    plain = np.ones(len(series), dtype=bool)
    for begin, end, _ in found:
        plain[begin:end] = False
    near = [0, *(other.at for other in lasting if other.at < step.at)]
    before = np.flatnonzero(plain[: step.at])
    before = before[before >= max(near[-1], step.at - WIDE)]
    after = np.flatnonzero(plain[step.at : step.at + WIDE]) + step.at
    if len(before) < SHORTEST or len(after) < SHORTEST:
        return False
    rise = float(np.median(series[after]) - np.median(series[before]))
    return bool(rise * np.sign(step.size) >= max(LEAST, 0.5 * abs(step.size)))


def _span(series: Floats, step: _Step, free: Flags) -> tuple[int, int] | None:
    """From where to where a shift lasts one end of which is ``step``; None if it never goes back."""
    size, sign = abs(step.size), float(np.sign(step.size))
    best, span = 0.0, None
    for direction in (1, -1):
        way = sign * direction
        for days in range(SHORTEST, LONGEST + 1):
            other = step.at + direction * days
            if not 2 < other < len(series) - 2 or not free[other]:
                break
            back = -sign * _rise(series, other)
            edge = -sign * (series[other] - series[other - 1])
            if back < 0.55 * size or edge < 0.4 * size:
                continue
            begin, end = sorted((step.at, other))
            inside = float(np.median(series[begin:end]))
            before, after = _sides(series, begin, end)
            if min(way * (inside - before), way * (inside - after)) < max(0.45 * size, LEAST):
                continue
            # Of two shifts up, the days between are no shift down: what lies further about decides.
            beyond = np.concatenate([series[max(begin - WIDE, 0) : begin], series[end : end + WIDE]])
            contrast = way * (inside - float(np.median(beyond))) + min(back, size)
            if contrast > best:
                best, span = contrast, (begin, end)
    return span


def _rise(series: Floats, at: int) -> float:
    return float(np.median(series[at : at + 3]) - np.median(series[max(at - 3, 0) : at]))


def _sides(series: Floats, begin: int, end: int) -> tuple[float, float]:
    """The level before and after a span; that of the other side where there are too few days."""
    before, after = series[max(begin - SIDE, 0) : begin], series[end : end + SIDE]
    sides = [float(np.median(part)) if len(part) >= 3 else np.nan for part in (before, after)]
    known = float(np.nanmean(sides))
    return tuple(known if side != side else side for side in sides)  # type: ignore[return-value]


def _steps(series: Floats) -> list[_Step]:
    """Where the series jumps; of jumps that lie near one another, the greatest."""
    size, far = np.zeros(len(series)), np.zeros(len(series))
    for side in SIDES:
        jumps = _jumps(series, side)
        usual = max(_SPREAD * float(np.median(np.abs(jumps[side:]))), 0.01)
        further = np.abs(jumps) / usual > far
        size[further], far[further] = jumps[further], np.abs(jumps[further]) / usual
    found: list[_Step] = []
    for at in np.argsort(-far).tolist():
        if far[at] < ENOUGH:
            break
        if abs(size[at]) < LEAST or any(abs(at - step.at) < SHORTEST for step in found):
            continue
        place = _sharpest(series, at, float(size[at]))
        if place is not None and all(abs(place - step.at) >= SHORTEST for step in found):
            found.append(_Step(place, float(size[at]), float(far[at])))
    return found


def _jumps(series: Floats, side: int) -> Floats:
    """(n,) the median of ``side`` days from each day on less that of as many before it."""
    n = len(series)
    jumps = np.zeros(n)
    middles = np.median(sliding_window_view(series, side), axis=-1)
    jumps[side : n - side + 1] = middles[side:] - middles[: n - 2 * side + 1]
    # Near the end fewer days are there to tell by.
    for at in range(n - side + 1, n - SHORTEST + 1):
        jumps[at] = float(np.median(series[at:]) - np.median(series[at - side : at]))
    return jumps


def _sharpest(series: Floats, at: int, jump: float) -> int | None:
    """The day near ``at`` on which the jump comes; None if it comes bit by bit."""
    best, place = 0.6 * abs(jump), None
    for day in range(max(at - 3, 2), min(at + 4, len(series) - 1)):
        rise = np.sign(jump) * (np.median(series[day : day + 3]) - np.median(series[max(day - 3, 0) : day]))
        edge = np.sign(jump) * (series[day] - series[day - 1])
        if rise >= 0.6 * abs(jump) and edge > best:
            best, place = float(edge), day
    return place


def _size(series: Floats, begin: int, end: int) -> float:
    """How far the days of a shift lie from those about it, in logarithms."""
    inside = float(np.median(series[begin : min(end, begin + LONGEST)]))
    if end == len(series):
        return inside - float(np.median(series[max(begin - 2 * SIDE, 0) : begin]))
    return inside - sum(_sides(series, begin, end)) / 2
