"""What can be worked: shifts with their breaks, and activities away from the telephone.

Minutes of a day are counted from 00:00 of the day a shift begins on, and go on past 1440: a night shift
belongs to the day it begins on.
"""

from dataclasses import dataclass

DAY = 1440
"""Minutes of a day."""


@dataclass(frozen=True, slots=True)
class Break:
    """A pause inside a shift. It begins ``earliest`` to ``latest`` minutes after the shift does, in steps of
    ``step``; with ``clock_from`` and ``clock_to`` also between these minutes of the day (both included).

    It is due if the shift is at least ``from_length`` long. An unpaid break is no working time; a long unpaid
    one makes a split shift.
    """

    name: str
    minutes: int
    earliest: int
    latest: int
    step: int = 15
    paid: bool = True
    from_length: int = 0
    clock_from: int | None = None
    clock_to: int | None = None

    def begins_at(self, shift_start: int) -> range:
        """The minutes of the day at which it may begin in a shift that begins at ``shift_start``."""
        first, last = shift_start + self.earliest, shift_start + self.latest
        if self.clock_from is not None and first < self.clock_from:
            first += -(-(self.clock_from - first) // self.step) * self.step
        if self.clock_to is not None:
            last = min(last, self.clock_to)
        return range(first, last + 1, self.step)


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift, fixed (``start`` and ``length``) or flexible (up to ``latest_start`` and ``longest``, in
    steps).

    ``length`` is from begin to end, breaks included. ``marks`` are words that rules, wishes and fairness may
    name: night, early, late, part-time, peak … ``breaks`` are taken in this order; if there are any, between
    begin, breaks and end lie ``least_stretch`` to ``most_stretch`` minutes (0: no limit). Who has a
    ``reserve`` shift (a float) counts for no demand but in the duties they are given later.
    """

    id: str
    start: int
    length: int
    latest_start: int | None = None
    longest: int | None = None
    start_step: int = 15
    length_step: int = 15
    marks: tuple[str, ...] = ()
    breaks: tuple[Break, ...] = ()
    least_stretch: int = 0
    most_stretch: int = 0
    reserve: bool = False
    name: str = ""

    @property
    def starts(self) -> range:
        """Minutes of the day at which it may begin."""
        last = self.start if self.latest_start is None else self.latest_start
        return range(self.start, last + 1, self.start_step)

    @property
    def lengths(self) -> range:
        """Minutes it may last."""
        last = self.length if self.longest is None else self.longest
        return range(self.length, last + 1, self.length_step)

    def breaks_due(self, length: int) -> tuple[Break, ...]:
        """The breaks of a shift this long."""
        return tuple(one for one in self.breaks if length >= one.from_length)

    def worked(self, length: int) -> int:
        """Working minutes of a shift this long: without its unpaid breaks."""
        return length - sum(one.minutes for one in self.breaks_due(length) if not one.paid)
