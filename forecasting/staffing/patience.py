"""How long callers wait before they give up, from waits that were mostly cut short by an answer.

Who was answered would have waited at least so long: their patience is censored, not small. Taking the mean
wait of those who gave up instead finds patience several times too short.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from forecasting.erlang import erlang
from forecasting.erlang.gamma import floats
from forecasting.history import Floats
from forecasting.staffing.plan import load_of


@dataclass(frozen=True, slots=True)
class Patience:
    """Mean patience in seconds with its confidence interval, and what it rests on.

    ``abandoned`` callers gave up in ``waited_s`` seconds that all callers waited together. Without anybody
    who gave up patience is infinite, and only its lower limit says something.
    """

    mean_s: float
    low_s: float
    high_s: float
    confidence: float
    abandoned: float
    waited_s: float


def from_waits(
    wait_s: ArrayLike, abandoned: ArrayLike, *, confidence: float = 0.95, from_s: float = 0.0
) -> Patience:
    """Exponential patience from single calls: each one's wait (n,), and whether it ended by giving up (n,).

    The maximum-likelihood rate is abandonments per second waited, answered calls' seconds included. The
    interval is exact for a given time waited (Garwood's, by the chi-squared distribution). ``from_s`` looks
    only at the waiting after so long, so that who hangs up at once by mistake does not count as impatient.
    Raises ValueError for waits that are negative or no number, arrays that do not fit, and when nobody
    waited.
    """
    waits, lost = _calls(wait_s, abandoned)
    beyond = np.maximum(waits - from_s, 0.0)
    events = float((lost & (waits >= from_s) & (waits > 0)).sum())
    return _interval(events, float(beyond.sum()), 1.0, confidence)


def from_counts(abandoned: ArrayLike, waited_s: ArrayLike, *, confidence: float = 0.95) -> Patience:
    """Exponential patience from intervals: who gave up (n,), and the seconds all callers waited in each (n,).

    The interval of confidence is widened by how much more the counts vary than chance makes them (the Pearson
    dispersion of the intervals, if above 1). Raises ValueError for what is negative or no number, and when
    nobody waited.
    """
    lost, waited = np.broadcast_arrays(floats("abandoned", abandoned, 0), floats("waited_s", waited_s, 0))
    if (lost[waited == 0] > 0).any():
        raise ValueError("somebody gave up in an interval in which nobody waited")
    there = waited > 0
    total, time = float(lost.sum()), float(waited.sum())
    spread = 1.0
    if there.sum() > 1 and total > 0:
        expected = total / time * waited[there]
        spread = max(1.0, float(((lost[there] - expected) ** 2 / expected).sum() / (there.sum() - 1)))
    return _interval(total, time, spread, confidence)


def from_staffing(
    calls: ArrayLike, abandoned: ArrayLike, interval_s: float, aht_s: ArrayLike, agents: ArrayLike
) -> float:
    """Mean patience in seconds at which Erlang A expects as many abandonments as there were, where nobody
    wrote down how long callers waited but the agents of each interval are known; (n,) each.

    It holds as far as the intervals were each in a steady state. Infinite if nobody gave up. Raises
    ValueError for what is negative or no number, and if more gave up than callers without any patience would.
    """
    offered, aht, load = load_of(calls, interval_s, aht_s)
    there = floats("agents", agents, 0)
    lost = float(np.broadcast_to(floats("abandoned", abandoned, 0), offered.shape).sum())
    if lost == 0:
        return float("inf")

    def expected(patience_s: float) -> float:
        return float((offered * erlang(there, load, aht, patience_s).abandonment).sum())

    low, high = -3.0, 8.0  # powers of ten of a second
    if expected(10**low) < lost:
        raise ValueError(
            f"{lost:g} calls were abandoned, but with so many agents only {expected(10**low):.1f} had to wait"
        )
    if expected(10**high) > lost:
        raise ValueError(
            f"{lost:g} calls were abandoned, but so few agents lose {expected(10**high):.1f} of any patience"
        )
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if expected(10**middle) < lost else (middle, high)
    return float(10 ** ((low + high) / 2))


@dataclass(frozen=True, slots=True, eq=False)
class Survival:
    """Of callers who are not answered, the share still waiting after each time, without assuming any law.

    ``at_s`` (k,) are the times at which somebody gave up, ``waiting`` (k,) the share that waits longer,
    ``low`` and ``high`` (k,) its confidence limits, ``at_risk`` (k,) how many waited so long, ``hazard`` (k,)
    the rate of giving up per second since the time before.
    """

    at_s: Floats
    waiting: Floats
    low: Floats
    high: Floats
    at_risk: Floats
    hazard: Floats

    @property
    def median_s(self) -> float:
        """The time half of them would wait; infinite if it was never seen."""
        below = np.flatnonzero(self.waiting <= 0.5)
        return float(self.at_s[below[0]]) if len(below) else float("inf")


def survival(wait_s: ArrayLike, abandoned: ArrayLike, *, confidence: float = 0.95) -> Survival:
    """The curve of Kaplan and Meier from single calls, with Greenwood's variance on the log-log scale.

    Answered calls count as waiting until their answer, and drop out after those who gave up at the same time.
    Raises ValueError as ``from_waits`` does.
    """
    waits, lost = _calls(wait_s, abandoned)
    waits, lost = waits[waits > 0], lost[waits > 0]
    order = np.argsort(waits, kind="stable")
    waits, lost = waits[order], lost[order]
    times = np.unique(waits[lost])
    risk = (len(waits) - np.searchsorted(waits, times, side="left")).astype(np.float64)
    gone = np.searchsorted(waits[lost], times, side="right") - np.searchsorted(
        waits[lost], times, side="left"
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        waiting = np.cumprod(1 - gone / risk, dtype=np.float64)
        variance = np.cumsum(gone / (risk * (risk - gone))) / np.log(waiting) ** 2
        half = special.ndtri((1 + confidence) / 2) * np.sqrt(variance)
        limits = waiting ** np.exp(half), waiting ** np.exp(-half)
    unsure = ~np.isfinite(variance)
    low, high = (np.where(unsure, waiting, limit) for limit in limits)
    since = np.diff(times, prepend=0.0)
    return Survival(times, waiting, low, high, risk, gone / risk / since)


def _calls(
    wait_s: ArrayLike, abandoned: ArrayLike
) -> "tuple[Floats, np.ndarray[tuple[int, ...], np.dtype[np.bool_]]]":
    waits = np.atleast_1d(floats("wait_s", wait_s, 0))
    lost = np.atleast_1d(np.asarray(abandoned)).astype(bool)
    if waits.shape != lost.shape or waits.ndim != 1:
        raise ValueError(f"there are {waits.size} waits but {lost.size} endings")
    return waits, lost


def _interval(events: float, time_s: float, spread: float, confidence: float) -> Patience:
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence of {confidence:g} is none; it lies between 0 and 1")
    if time_s <= 0:
        raise ValueError("nobody waited, so nothing is known of patience")
    tail = (1 - confidence) / 2
    # Garwood's limits of a Poisson mean; a spread of f is as if only a part 1/f of them had been seen.
    seen, part = events / spread, time_s / spread
    most = special.gammaincinv(seen + 1, 1 - tail)
    least = special.gammaincinv(seen, tail) if seen > 0 else 0.0
    return Patience(
        time_s / events if events else float("inf"),
        float(part / most),
        float(part / least) if least > 0 else float("inf"),
        confidence,
        events,
        time_s,
    )
