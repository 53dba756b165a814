"""The calendar as columns of a regression."""

import numpy as np

from forecasting.history import Floats, Ints
from forecasting.models.features import DayFeatures
from forecasting.models.ridge import Columns, columns


def calendar_columns(features: DayFeatures, past: int) -> Columns:
    """Weekday, edges and part of the month, days off around, holidays, season, drivers.

    Of n days, of which the first ``past`` have been.
    """
    made = columns(0.1, features.weekdays)
    made += columns(1.0, *(_step(features.from_start, k) for k in range(4)))
    made += columns(1.0, *(_step(features.to_end, k) for k in range(3)))
    month = 2 * np.pi * features.of_month / 30.4
    made += columns(1.0, *(wave(k * month) for k in (1, 2) for wave in (np.sin, np.cos)))
    made += columns(1.0, *(_step(np.minimum(features.off_before, 3), k) for k in (1, 2, 3)))
    made += columns(1.0, *(_step(np.minimum(features.off_after, 3), k) for k in (1, 2, 3)))
    made += columns(1.0, *(_step(features.since_gap, k) for k in range(3)), _step(features.to_gap, 0))
    made += columns(1.0, features.holiday.astype(float), features.make_up.astype(float))
    if features.at[past - 1] - features.at[0] > 400:
        year = 2 * np.pi * features.of_year
        made += columns(1.0, *(wave(k * year) for k in (1, 2, 3) for wave in (np.sin, np.cos)))
    return made + columns(1.0, features.drivers)


def _step(count: Ints, k: int) -> Floats:
    return np.asarray(count == k, dtype=np.float64)
