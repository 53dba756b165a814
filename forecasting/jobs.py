"""The planner's jobs: ``common.jobs``, each of one series."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from common import jobs as common_jobs
from common.db import Database
from common.jobs import MOST as MOST
from common.jobs import Doer as Doer
from common.jobs import Kinds
from domain.instant import Instant
from forecasting.records.store import Author
from forecasting.tables import JobRow
from forecasting.working import apart


class Jobs(common_jobs.Jobs[JobRow]):
    """The jobs of one platform. ``start`` and ``stop`` block, for as long as a process takes to end."""

    def __init__(
        self,
        database: Database,
        kinds: Kinds[JobRow],
        clock: Callable[[], Instant],
        do: Doer = apart,
        told: Callable[[], None] = lambda: None,
    ) -> None:
        """See ``common.jobs.Jobs``."""
        super().__init__(JobRow, database, kinds, clock, do, told, name="planner's jobs")

    def ask(self, session: Session, kind: str, series: str, asked: dict[str, Any], author: Author) -> JobRow:
        """Queue a job; ``nudge`` after the commit. Raises a 429 Problem where too many wait."""
        row = JobRow(kind=kind, series=series, asked=asked, by=author.user, asked_at=author.at)
        return self.add(session, row)


def get_job(session: Session, id: int) -> JobRow:
    """One job. Raises a 404 Problem."""
    return common_jobs.get_job(session, JobRow, id)


def jobs(session: Session, series: str | None = None, most: int = 100) -> Sequence[JobRow]:
    """Jobs (of one series), the latest first."""
    listed = select(JobRow).order_by(JobRow.id.desc()).limit(most)
    return session.scalars(listed if series is None else listed.where(JobRow.series == series)).all()


def ahead_of(session: Session, row: JobRow) -> int:
    """How many jobs come before one that waits."""
    return common_jobs.ahead_of(session, JobRow, row)
