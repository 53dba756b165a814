"""Outages: runs of intervals with nothing or next to nothing where callers are usual.

Each interval speaks for "a collapse to ``COLLAPSE`` of the usual" against "as usual" with the logarithm of
the two Poisson likelihoods, divided by how much livelier than chance the slot is; runs with the greatest sums
are outages. So a quiet night says little by being silent, a morning much.
"""

from collections.abc import Iterator

import numpy as np

from forecasting.cleaning.findings import Suspicion
from forecasting.cleaning.runs import best_runs, certainty
from forecasting.cleaning.usual import Usual
from forecasting.history import Ints

METHOD = "outages"
COLLAPSE = 0.1
ENOUGH = 14.0
"""The sum from which a run is an outage: a million times more likely than chance."""
MOST_LEFT = 0.35
"""The share of usual calls that may come in an outage."""


def find(usual: Usual, starts: Ints, interval_s: int) -> Iterator[Suspicion]:
    """Runs of silence, also across midnight; a gap in the data ends one."""
    values, at = usual.values.ravel(), starts.ravel()
    expected = usual.expected.ravel()
    spread = usual.spread.ravel()
    said = (values * np.log(COLLAPSE) + (1 - COLLAPSE) * expected) / spread**2
    # Where the data have a gap, an outage does not go on.
    apart = np.flatnonzero(np.diff(at) != interval_s) + 1
    for begin, end in zip([0, *apart.tolist()], [*apart.tolist(), len(at)], strict=True):
        for run in best_runs(said[begin:end], ENOUGH):
            first, last = begin + run.start, begin + run.stop
            while last - first > 1 and expected[last - 1] < 2:
                last -= 1
            while last - first > 1 and expected[first] < 2:
                first += 1
            calls, meant = float(np.nansum(values[first:last])), float(np.nansum(expected[first:last]))
            strength = float(np.nansum(said[first:last]))
            if strength >= ENOUGH and calls <= MOST_LEFT * meant:
                yield Suspicion(
                    METHOD,
                    "outage",
                    int(at[first]),
                    int(at[last - 1]) + interval_s,
                    certainty(strength, ENOUGH),
                    calls,
                    meant,
                )
