"""The platform's own counts as histories: of a queue, or of a business type.

``calls`` are those offered to agents. Calls the flow served alone never come to a queue, so only the history
of a business type tells them (``ivr``); they are not among its ``calls``. Intervals in which nothing happened
are zeros, as nobody knows whether the platform ran.
"""

from collections.abc import Iterable, Sequence
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy.orm import Session

from calls.business import BusinessType, business_quarters
from calls.figures import ELSEWHERE, MINUTE_US, Interval, gather, house_zone, interval_history, zones
from domain.instant import MICROS_PER_SECOND, Instant
from forecasting.history import History
from forecasting.intervals import to_interval
from forecasting.tables import SeriesRow

BEGIN: Final = Instant(0)
END: Final = Instant(253_402_300_000_000_000)
"""Before and after any call."""


def queue_history(
    session: Session, queue: str, interval_s: int = 1800, start: Instant = BEGIN, end: Instant = END
) -> History:
    """What a queue was offered, answered and lost, in its own time zone; empty if it never had a visit.

    ``interval_s`` is a multiple of a quarter of an hour that divides a day. Raises ValueError for another.
    """
    zone = zones(session).get(queue, ELSEWHERE)
    found = interval_history(session, queue, start, end)
    return to_interval(_history(found, [], zone, queue), interval_s)


def business_history(
    session: Session, of: str, interval_s: int = 1800, start: Instant = BEGIN, end: Instant = END
) -> History:
    """The calls of a business type (``complaint``, ``product=loans``, ``dialled=95588``).

    In the time zone of most queues; empty if there never was one. Raises ValueError as ``queue_history``.
    """
    zone = house_zone(zones(session))
    counted = business_quarters(session, BusinessType.parse(of), start, end)
    if not counted:
        return to_interval(_history([], [], zone, of), interval_s)
    offered = gather(((at, one.figures) for at, one in counted), 15, zone)
    served = {at: one.ivr for at, one in counted}
    return to_interval(_history(offered, [served.get(i.start, 0) for i in offered], zone, of), interval_s)


def counted(session: Session, series: SeriesRow) -> History | None:
    """What the platform counted of a series' queue or business type, None for one of files alone."""
    if series.source == "queue":
        return queue_history(session, series.key, 900)
    return business_history(session, series.key, 900) if series.source == "business" else None


def _history(found: Sequence[Interval], ivr: Iterable[int], zone: ZoneInfo, name: str) -> History:
    answered = np.array([one.answered for one in found], dtype=np.float64)
    talk = np.array([one.talk_us + one.hold_us for one in found], dtype=np.float64)
    wrap = np.array([one.wrap_us for one in found], dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        talk_s = np.where(answered > 0, talk / answered / MICROS_PER_SECOND, np.nan)
        acw_s = np.where(answered > 0, wrap / answered / MICROS_PER_SECOND, np.nan)
    measures = {
        "abandoned": np.array([one.abandoned for one in found], dtype=np.float64),
        "answered": answered,
        "aht_s": talk_s + acw_s,
        "talk_s": talk_s,
        "acw_s": acw_s,
    }
    served = np.array(list(ivr), dtype=np.float64)
    if len(served):
        measures["ivr"] = served
    starts = np.array([one.start // MICROS_PER_SECOND for one in found], dtype=np.int64)
    calls = np.array([one.offered for one in found], dtype=np.float64)
    return History(starts, calls, 15 * MINUTE_US // MICROS_PER_SECOND, zone.key, measures, name)
