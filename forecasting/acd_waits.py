"""How long callers of a queue waited, and how it ended: what patience is estimated from."""

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from calls.tables import VisitRow
from domain.instant import MICROS_PER_SECOND, Instant
from forecasting.history import Floats

MOST = 200_000
"""The latest so many visits; more tell nothing new."""


def waits(session: Session, queue: str, since: Instant) -> tuple[Floats, NDArray[np.bool_]]:
    """Seconds waited (n,) by the visits of a queue that began ``since`` then, and whether the caller gave up.

    Every other end (answered, overflowed, called back, …) only cut the wait short.
    """
    visits = (
        select(VisitRow.entered, VisitRow.left, VisitRow.outcome)
        .where(VisitRow.queue == queue, VisitRow.entered >= since)
        .order_by(VisitRow.entered.desc())
        .limit(MOST)
    )
    rows = session.execute(visits).all()
    times = np.array([(left - entered) / MICROS_PER_SECOND for entered, left, _ in rows], dtype=np.float64)
    gave_up = np.array([outcome == "abandoned" for _, _, outcome in rows], dtype=np.bool_)
    return np.maximum(times, 0.0), gave_up
