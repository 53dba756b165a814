"""Repetitions: an interval that a file has twice, and a day whose figures are those of an earlier day."""

from collections.abc import Iterator, Sequence

import numpy as np

from forecasting.cleaning.findings import Suspicion
from forecasting.cleaning.usual import Usual
from forecasting.files import Repeated
from forecasting.history import Ints

METHOD = "repeats"
BACK = 35
"""Days back that a day is compared with."""
LEAST_SLOTS = 12
"""Slots with calls that a copied day must have: fewer may be alike by chance."""


def days(usual: Usual, starts: Ints, interval_s: int) -> Iterator[Suspicion]:
    """Days that are a copy: every slot as on one of the days before, none of which says little."""
    values = np.nan_to_num(usual.values, nan=-1.0)
    for row in range(1, len(usual.days)):
        if np.count_nonzero(values[row] > 0) < LEAST_SLOTS or np.ptp(values[row]) < 5:
            continue
        before = slice(max(row - BACK, 0), row)
        if (values[before] == values[row]).all(axis=1).any():
            calls = float(np.nansum(usual.values[row]))
            yield Suspicion(
                METHOD,
                "duplicate",
                int(starts[row, 0]),
                int(starts[row, -1]) + interval_s,
                0.99,
                calls,
                float(np.nansum(usual.expected[row])),
            )


def rows(repeated: Sequence[Repeated], interval_s: int) -> Iterator[tuple[Suspicion, Repeated]]:
    """Intervals a file has more than once."""
    for one in repeated:
        yield (
            Suspicion(
                METHOD, "duplicate", one.start, one.start + interval_s, 1.0, one.calls[0], one.calls[0]
            ),
            one,
        )
