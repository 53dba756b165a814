"""An alarm when forecasts are off in one direction for long.

The rule is Page's two-sided cumulative sum (E. S. Page, *Continuous inspection schemes*, Biometrika 1954), on
each day's relative error (what came over what was forecast, less 1)::

    too_low  = max(0, too_low  + z - 0.5)        z = error / its standard deviation, at most 3 either way
    too_high = max(0, too_high - z - 0.5)        the alarm sounds above 6

A day counts at most 3, so that no single day nor two in a row sound it, whatever happened on them. The sums
stop at 9: six days without bias, and it is still again. The standard deviation is the long-run one, of errors
that hang together from day to day, and is taken from differences, which a lasting bias does not move:
``var(e[t] - e[t-2]) / var(e[t] - e[t-1]) - 1`` is the correlation of neighbours where errors are AR(1).

Within 90 days in which nothing is wrong the alarm sounds with a probability of 5 % where errors are
independent, 12 % where neighbours correlate by 0.3. A bias of 1.5 standard deviations is found after 7 days,
one of 1 after 13 (medians); ``tests/forecasting/test_alarm.py`` holds the rule to it.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from forecasting.days import Dates
from forecasting.history import Floats

ALLOWANCE, LIMIT, MOST, CAP = 0.5, 6.0, 3.0, 9.0
"""What a sum loses each day, above what it is an alarm, what one day adds at most, where sums stop."""
FEWEST = 14
"""Days without which nothing can be said of what is usual."""
RULE = (
    "Two-sided CUSUM of the days' relative errors in standard deviations: allowance 0.5, limit 6. False "
    "alarms: 5 to 12 in a hundred spans of 90 days; a lasting bias of 1.5 standard deviations is found in "
    "about 7 days."
)
Direction = Literal["too_high", "too_low", ""]


@dataclass(frozen=True, slots=True, eq=False)
class Alarm:
    """Whether bias persists; ``too_high`` and ``too_low`` (d,) are the sums behind it, NaN on unknown days.

    ``direction`` is that of the forecast, empty while all is well. ``since`` is where the run began that led
    to the alarm, ``raised`` when it first sounded; ``mean_error_percent`` how far off the forecast was since.
    """

    direction: Direction
    since: np.datetime64 | None
    raised: np.datetime64 | None
    mean_error_percent: float
    signal: float
    days: int
    too_high: Floats
    too_low: Floats

    @property
    def sounding(self) -> bool:
        """Whether somebody should look."""
        return bool(self.direction)


def alarm_of(days: Dates, actual: Floats, forecast: Floats) -> Alarm:
    """The alarm after the last of ``days`` (d,), of what came and what was forecast on each; NaN is unknown.

    Days without any forecast calls tell nothing. Fewer than ``FEWEST`` days are no reason for an alarm.
    """
    nothing = np.full(len(days), np.nan)
    known = ~np.isnan(actual) & ~np.isnan(forecast) & (forecast > 0)
    count = int(known.sum())
    if count < FEWEST:
        return Alarm("", None, None, np.nan, 0.0, count, nothing, nothing.copy())
    errors = actual[known] / forecast[known] - 1
    scale = long_run_deviation(errors)
    if not scale > 0:
        # The same error every day: all is well or nothing is.
        scale = max(float(np.abs(errors).max()), 1e-9) / MOST
    z = np.clip(errors / scale, -MOST, MOST)
    low, high = _sums(z), _sums(-z)
    direction: Direction = "too_low" if low[-1] > LIMIT else "too_high" if high[-1] > LIMIT else ""
    too_low, too_high = nothing.copy(), nothing.copy()
    too_low[known], too_high[known] = low, high
    signal = float(max(low[-1], high[-1]))
    if not direction:
        return Alarm("", None, None, np.nan, signal, count, too_high, too_low)
    run = low if direction == "too_low" else high
    since = int(np.flatnonzero(np.concatenate([[0.0], run[:-1]]) == 0)[-1])
    raised = since + int(np.argmax(run[since:] > LIMIT))
    off = 100 * (forecast[known][since:].sum() / max(actual[known][since:].sum(), 1e-9) - 1)
    dates = days[known]
    return Alarm(direction, dates[since], dates[raised], float(off), signal, count, too_high, too_low)


def long_run_deviation(errors: Floats) -> float:
    """The standard deviation of ``errors`` (d,) times what their hanging together adds to a sum of them.

    Of differences, each cut at three robust deviations of its kind, so that neither a lasting bias nor a
    freak day makes much of a difference. Needs at least 3 errors.
    """
    near, far = np.diff(errors), errors[2:] - errors[:-2]
    most = 9 * (1.4826 * float(np.median(np.abs(near)))) ** 2
    if not most > 0:
        return 0.0
    near_variance = float(np.minimum(near**2, most).mean())
    correlation = float(np.clip(np.minimum(far**2, most).mean() / near_variance - 1, 0.0, 0.6))
    variance = near_variance / (2 * (1 - correlation))
    return float(np.sqrt(variance * (1 + correlation) / (1 - correlation)))


def _sums(z: Floats) -> Floats:
    sums, total = np.empty(len(z)), 0.0
    for n, one in enumerate(z.tolist()):
        total = min(max(total + one - ALLOWANCE, 0.0), CAP)
        sums[n] = total
    return sums
