"""What a shift with its breaks costs on each day under prices of intervals, and where breaks go best."""

import numpy as np

from scheduling.problem import DAY, Problem
from scheduling.solver.layouts import Layout
from scheduling.solver.options import Floats, Ints, Kind


class DayShape:
    """One kind of shift over all days of a period."""

    def __init__(self, problem: Problem, kind: Kind) -> None:
        self.kind = kind
        grain = problem.interval_minutes
        midnights = np.arange(problem.days) * DAY
        most = problem.intervals
        self.first = np.minimum(-(-(midnights + kind.start) // grain), most)
        self.last = np.maximum(self.first, np.minimum((midnights + kind.end) // grain, most))
        due = kind.shift.breaks_due(kind.length)
        least, longest = kind.shift.least_stretch, kind.shift.most_stretch or kind.length
        self.begins: list[Ints] = []
        self._met: list[tuple[Ints, Ints]] = []
        self._whole: list[tuple[Ints, Ints]] = []
        self._fits: list[Floats] = []
        for place, one in enumerate(due):
            begins = np.array(one.begins_at(kind.start), np.int64)
            ends = begins + one.minutes
            self.begins.append(begins)
            at = midnights[:, None] + begins[None, :]
            from_, to = at // grain, -(-(at + one.minutes) // grain)
            bounds = self.first[:, None], self.last[:, None]
            self._met.append((np.clip(from_, *bounds), np.clip(to, *bounds)))
            inner = np.clip(-(-at // grain), *bounds)
            self._whole.append((inner, np.maximum(inner, np.clip((at + one.minutes) // grain, *bounds))))
            before = np.array([kind.start]) if place == 0 else self.begins[-2] + due[place - 1].minutes
            gap = begins[None, :] - before[:, None]
            fits = (gap >= least) & (gap <= longest)
            if place == len(due) - 1:
                fits &= ((kind.end - ends >= least) & (kind.end - ends <= longest))[None, :]
            self._fits.append(np.where(fits, 0.0, np.inf))
        self._touching = any(self._touch(place) for place in range(1, len(due)))

    def _touch(self, place: int) -> bool:
        """Whether a break and the one before it can meet the same interval."""
        ends, begins = self._met[place - 1][1], self._met[place][0]
        return bool(((ends[:, :, None] > begins[:, None, :]) & np.isfinite(self._fits[place])[None]).any())

    def worth(self, sums: Floats) -> Floats:
        """The price of the shift on each day with its breaks where they cost least; ``sums`` are the sums of
        the prices of all intervals before the first, second, … one.
        """
        price: Floats = sums[self.last] - sums[self.first]
        if self.begins:
            price = price + self._best(sums)[-1].min(axis=1)
        return price

    def least(self, sums: Floats, spared: Floats) -> Floats:
        """What the shift costs at least on each day, whatever its breaks are.

        As ``worth``, which counts an interval twice that two breaks meet. Each meets only a part of it, so
        where that can be, such parts count only where they make it cheaper: ``spared`` are the sums of what
        intervals spare that cost something, as numbers below 0.
        """
        if not self._touching:
            return self.worth(sums)
        price: Floats = sums[self.last] - sums[self.first] + self._best(sums, spared)[-1].min(axis=1)
        return price

    def _best(self, sums: Floats, spared: Floats | None = None) -> list[Floats]:
        """For each break, by (day, begin), the least price of it and those before it."""
        best: list[Floats] = []
        for (from_, to), (inner, end), fits in zip(self._met, self._whole, self._fits, strict=True):
            if spared is None:
                off = sums[from_] - sums[to]
            else:
                ends = np.minimum(inner, to), np.maximum(np.minimum(inner, to), np.minimum(end, to))
                off = sums[ends[0]] - sums[ends[1]]
                off += spared[ends[0]] - spared[from_] + spared[to] - spared[ends[1]]
            if best:
                off = off + (best[-1][:, :, None] + fits[None]).min(axis=1)
            else:
                off = off + fits[0][None]
            best.append(off)
        return best

    def layout(self, sums: Floats, day: int) -> Layout:
        """Where the breaks cost least on a day."""
        return self.layouts(sums)[day]

    def layouts(self, sums: Floats) -> list[Layout]:
        """The best layout of each day."""
        if not self.begins:
            return [()] * len(self.first)
        best = self._best(sums)
        at = best[-1].argmin(axis=1)
        chosen = [self.begins[-1][at]]
        for place in range(len(best) - 2, -1, -1):
            at = (best[place] + self._fits[place + 1].T[at]).argmin(axis=1)
            chosen.append(self.begins[place][at])
        return [tuple(int(row[day]) for row in reversed(chosen)) for day in range(len(self.first))]
