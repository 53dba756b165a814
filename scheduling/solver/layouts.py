"""Where the breaks of a kind of shift may be: *layouts*, the begin of each break due, in their order."""

from collections.abc import Iterator

from scheduling.roster import Assignment, Block
from scheduling.solver.options import Kind

Layout = tuple[int, ...]
"""Minutes of the day at which the breaks begin."""


def layouts(kind: Kind) -> Iterator[Layout]:
    """Every layout, the earliest breaks first."""
    due = kind.shift.breaks_due(kind.length)
    least, most = kind.shift.least_stretch, kind.shift.most_stretch or kind.length

    def onward(place: int, since: int) -> Iterator[Layout]:
        if place == len(due):
            if not due or least <= kind.end - since <= most:
                yield ()
            return
        for begin in due[place].begins_at(kind.start):
            if least <= begin - since <= most:
                for rest in onward(place + 1, begin + due[place].minutes):
                    yield (begin, *rest)

    return onward(0, kind.start)


def first_layout(kind: Kind) -> Layout:
    """The earliest layout. A sound problem has one for every kind."""
    return next(layouts(kind))


def assignment(
    person: str, day: int, kind: Kind, layout: Layout, activities: tuple[Block, ...] = ()
) -> Assignment:
    """The assignment of a kind with its breaks."""
    due = kind.shift.breaks_due(kind.length)
    breaks = tuple(Block(one.name, begin, one.minutes) for one, begin in zip(due, layout, strict=True))
    return Assignment(person, day, kind.shift.id, kind.start, kind.length, breaks, activities)
