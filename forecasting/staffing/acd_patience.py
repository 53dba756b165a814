"""Callers' patience from the platform's own records.

Every visit to a queue is waiting seen: until it was given up, or until something else ended it (an answer, an
overflow, a callback), which only cuts the waiting short.
"""

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from calls.figures import interval_history
from calls.tables import VisitRow
from domain.instant import MICROS_PER_SECOND, Instant
from forecasting.staffing.patience import Patience, Survival, from_counts, survival


def queue_patience(
    session: Session, queue: str, start: Instant, end: Instant, *, confidence: float = 0.95
) -> Patience:
    """Exponential patience in a queue from ``start`` up to ``end``, by its counts per quarter of an hour.

    Raises ValueError when nobody waited.
    """
    found = [one for one in interval_history(session, queue, start, end) if one.wait_us > 0]
    if not found:
        raise ValueError(f"nobody waited in {queue}, so nothing is known of patience")
    return from_counts(
        [one.abandoned for one in found],
        [one.wait_us / MICROS_PER_SECOND for one in found],
        confidence=confidence,
    )


def queue_survival(
    session: Session, queue: str, start: Instant, end: Instant, *, confidence: float = 0.95
) -> Survival:
    """The share still waiting after each time, by single visits that began from ``start`` up to ``end``."""
    rows = session.execute(
        select(VisitRow.left - VisitRow.entered, VisitRow.outcome).where(
            VisitRow.queue == queue, VisitRow.entered >= start, VisitRow.entered < end
        )
    ).all()
    waits = np.array([wait for wait, _ in rows], dtype=np.float64) / MICROS_PER_SECOND
    return survival(waits, [outcome == "abandoned" for _, outcome in rows], confidence=confidence)
