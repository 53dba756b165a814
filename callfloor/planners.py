"""The planner's part of the platform, wired: what was counted, what can be planned for, long work."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from acd.store import QueueRow
from calls.business import business_types
from common.auth.sessions import wall_clock
from common.db import Database
from domain.instant import MICROS_PER_SECOND, Instant
from forecasting.acd_history import counted
from forecasting.bodies import SourceShown
from forecasting.history import History
from forecasting.job_kinds import PlannerKinds
from forecasting.jobs import Jobs
from forecasting.routes.parts import Planning
from forecasting.tables import SeriesRow

BUSINESS_TYPES = 50
"""So many business types are offered, the most frequent ones."""


def make_planning(database: Database, clock: Callable[[], Instant] = wall_clock) -> Planning:
    """What the planner's routes need; its jobs are to be started."""

    def counts(session: Session, series: SeriesRow) -> History | None:
        history = counted(session, series)
        return None if history is None else until(history, series.interval_s, clock())

    return Planning(Jobs(database, PlannerKinds(counts, clock), clock), counts, sources, clock)


def until(history: History, interval_s: int, now: Instant) -> History:
    """The intervals (of ``interval_s``) that are over: half of one would look like a quiet one."""
    current = now // MICROS_PER_SECOND // interval_s * interval_s
    over = history.starts < current
    if over.all():
        return history
    end = int(np.argmin(over))
    measures = {name: values[:end] for name, values in history.measures.items()}
    return replace(history, starts=history.starts[:end], calls=history.calls[:end], measures=measures)


def sources(session: Session) -> list[SourceShown]:
    """The queues, by id, and the business types there are calls of."""
    queues = session.execute(select(QueueRow.id, QueueRow.name).order_by(QueueRow.id))
    listed = [SourceShown(source="queue", key=id, name=name, series=None) for id, name in queues]
    types = [str(one) for one in business_types(session, BUSINESS_TYPES)]
    return listed + [SourceShown(source="business", key=key, name=key, series=None) for key in types]
