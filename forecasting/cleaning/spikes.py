"""Spikes: a few intervals that stand out of their own day, whatever is usual for the weekday.

A run stands out if it is far above the usual as a whole, and far above the intervals just before and after
it, each in relation to what is usual for them. A day that is busy all through has no spike.
"""

from collections.abc import Iterator

import numpy as np

from forecasting.cleaning.findings import Suspicion
from forecasting.cleaning.runs import certainty, joined
from forecasting.cleaning.usual import Usual
from forecasting.history import Ints

METHOD = "spikes"
ENOUGH = 5.0
"""Robust standard deviations of a run's mean from which it stands out, if it is ``MANY`` times as high."""
MANY = 2.0
"""How many times what its neighbours had, in relation to the usual, a run must have."""
FAR, TIMES = 6.5, 1.5
"""The same for a run that is further from the usual."""
BESIDE = 6
"""Intervals before and after a run that it is compared with."""
LONGEST_S = 6 * 3600
_LIVELY = 2.0


def find(usual: Usual, starts: Ints, interval_s: int) -> Iterator[Suspicion]:
    """Short runs far above their neighbours."""
    if usual.by_day:
        return
    for row in range(len(usual.days)):
        distance = np.nan_to_num(usual.distance[row])
        for run in joined(distance >= _LIVELY):
            far = float(distance[run].sum() / np.sqrt(run.stop - run.start))
            if far < ENOUGH or (run.stop - run.start) * interval_s > LONGEST_S:
                continue
            calls = float(usual.values[row, run].sum())
            meant = float(usual.expected[row, run].sum())
            if (calls + 1) / (meant + 1) >= (TIMES if far >= FAR else MANY) * _beside(usual, row, run):
                yield Suspicion(
                    METHOD,
                    "spike",
                    int(starts[row, run.start]),
                    int(starts[row, run.stop - 1]) + interval_s,
                    certainty(far, ENOUGH),
                    calls,
                    meant,
                )


def _beside(usual: Usual, row: int, run: slice) -> float:
    """What came in relation to the usual just before and after a run."""
    near = [*range(max(run.start - BESIDE, 0), run.start), *range(run.stop, run.stop + BESIDE)]
    near = [place for place in near if place < usual.values.shape[1]]
    came, meant = usual.values[row, near], usual.expected[row, near]
    known = np.isfinite(came)
    return (float(came[known].sum()) + 1) / (float(meant[known].sum()) + 1)
