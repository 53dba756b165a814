"""Where breaks may stand in a shift."""

from bisect import bisect_left

from scheduling.roster import Block
from scheduling.shifts import Break, Shift


def first_without_room(shift: Shift) -> tuple[int, int] | None:
    """A start and length of the shift at which its breaks cannot all be taken, if there is one."""
    for length in shift.lengths:
        due = shift.breaks_due(length)
        for start in shift.starts:
            if not breaks_fit(shift, due, start, length):
                return start, length
    return None


def breaks_fit(shift: Shift, due: tuple[Break, ...], start: int, length: int) -> bool:
    """Whether the breaks ``due`` can be taken in their order, each in its window, as far apart as asked.

    A shift without breaks is not held to ``most_stretch``: there is nothing to take.
    """
    if not due:
        return True
    least, most = shift.least_stretch, shift.most_stretch or length
    ends = [start]
    for one in due:
        ends = [
            begin + one.minutes for begin in one.begins_at(start) if _near(ends, begin - most, begin - least)
        ]
    return _near(ends, start + length - most, start + length - least)


def _near(ends: list[int], first: int, last: int) -> bool:
    """Whether one of ``ends``, which ascend, lies from ``first`` to ``last``."""
    place = bisect_left(ends, first)
    return place < len(ends) and ends[place] <= last


def place_breaks(shift: Shift, start: int, length: int) -> tuple[Block, ...]:
    """The breaks of a shift, as early as they may be; where they do not fit, as early as each may be."""
    due = shift.breaks_due(length)
    found = _placed(shift, due, start, start, start + length)
    if found is not None:
        return found
    return tuple(Block(one.name, start + one.earliest, one.minutes) for one in due)


def _placed(
    shift: Shift, due: tuple[Break, ...], start: int, since: int, end: int
) -> tuple[Block, ...] | None:
    """The first way to take ``due`` between ``since`` and ``end``."""
    most = shift.most_stretch or end - start
    if not due:
        return () if shift.least_stretch <= end - since <= most or since == start else None
    for begin in due[0].begins_at(start):
        if shift.least_stretch <= begin - since <= most:
            rest = _placed(shift, due[1:], start, begin + due[0].minutes, end)
            if rest is not None:
                return (Block(due[0].name, begin, due[0].minutes), *rest)
    return None
