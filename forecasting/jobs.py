"""Long work that planners ask for: one at a time, in order, with progress, cancelled when asked to.

A job is a row, so that a page can be reloaded and a job looked up days later. Its progress is in memory while
it runs. Whatever was queued or running when the platform stopped is ``interrupted``, and says so.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from common.db import Database
from common.problems import Problem
from domain.instant import Instant
from forecasting.store import Author
from forecasting.tables import JobRow
from forecasting.working import CannotBeDone, NotWanted, Task, Tell, apart

log = logging.getLogger(__name__)

MOST = 20
"""Jobs that wait; more are refused."""
_OPEN = ("queued", "running")
_STOPPED = "The platform was stopped before this was done. Ask for it again."
_FAULT = "This is a fault of the program; the log says where."

Doer = Callable[[Task, Tell, Callable[[], bool]], Any]


class Kinds(Protocol):
    """What jobs there are: how a task is made of a row, and what becomes of its answer."""

    def task(self, session: Session, row: JobRow) -> Task:
        """What is to be done. A Problem or ValueError says why it cannot be."""

    def keep(self, session: Session, row: JobRow, answer: Any, at: Instant) -> int:
        """Write down the answer; gives the job's ``result``."""


@dataclass(slots=True)
class _Running:
    id: int
    share: float = 0.0
    stage: str = ""
    cancelled: threading.Event = field(default_factory=threading.Event)


class Jobs:
    """The jobs of one platform. ``start`` and ``stop`` block, for as long as a process takes to end."""

    def __init__(
        self,
        database: Database,
        kinds: Kinds,
        clock: Callable[[], Instant],
        do: Doer = apart,
        told: Callable[[], None] = lambda: None,
    ) -> None:
        """``do`` does the work; ``told`` is called, from the jobs' thread, whenever one has ended."""
        self._database = database
        self._kinds = kinds
        self._clock = clock
        self._do = do
        self._told = told
        self._more = threading.Condition()
        self._nudged = self._idle = False
        self._stopping = False
        self._now: _Running | None = None
        self._thread: threading.Thread | None = None

    # ------------------------------------------------------------ life

    def start(self) -> None:
        """Begin to work; what an earlier run left open is interrupted."""
        self._interrupt()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="planner-jobs", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop, and end what is running; it is interrupted, and so is what waits."""
        with self._more:
            self._stopping = True
            self._more.notify_all()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
            self._interrupt()

    def wait(self) -> None:
        """Until all that was asked for is over, or the jobs are stopped."""
        with self._more:
            self._more.wait_for(lambda: self._stopping or (self._idle and not self._nudged))

    def _interrupt(self) -> None:
        with self._database.transaction() as session:
            session.execute(
                update(JobRow)
                .where(JobRow.state.in_(_OPEN))
                .values(state="interrupted", trouble=_STOPPED, ended_at=self._clock())
            )

    # ------------------------------------------------------------ for the API

    def ask(self, session: Session, kind: str, series: str, asked: dict[str, Any], author: Author) -> JobRow:
        """Queue a job; ``nudge`` after the commit. Raises a 429 Problem where too many wait."""
        waiting = session.scalar(select(func.count(JobRow.id)).where(JobRow.state == "queued")) or 0
        if waiting >= MOST:
            raise Problem(429, "Too many jobs", f"{waiting} jobs wait already; try again when some are done.")
        row = JobRow(
            kind=kind, series=series, asked=asked, state="queued", progress=0.0, stage="", trouble=""
        )
        row.by, row.asked_at = author.user, author.at
        session.add(row)
        session.flush()
        return row

    def nudge(self) -> None:
        """There is a new job."""
        with self._more:
            self._nudged = True
            self._more.notify_all()

    def cancel(self, session: Session, id: int) -> JobRow:
        """Give a job up, soon if it runs. Raises a 404, or a 409 Problem if it is over."""
        row = get_job(session, id)
        gone = (
            update(JobRow)
            .where(JobRow.id == id, JobRow.state == "queued")
            .values(state="cancelled", ended_at=self._clock())
        )
        if session.execute(gone).rowcount:  # type: ignore[attr-defined]
            session.refresh(row)
            return row
        now = self._now
        if now is not None and now.id == id:
            now.cancelled.set()
            return row
        session.refresh(row)
        if row.state not in _OPEN:
            raise Problem(409, "It is over", f"Job {id} is {row.state}.")
        return row

    def progress(self, row: JobRow) -> tuple[float, str]:
        """How far a job is, and what it is at."""
        now = self._now
        if row.state == "running" and now is not None and now.id == row.id:
            return now.share, now.stage
        return row.progress, row.stage

    # ------------------------------------------------------------ the thread

    def _run(self) -> None:
        while True:
            with self._more:
                if self._stopping:
                    return
                self._nudged = self._idle = False
            try:
                row = self._next()
            except Exception:
                log.exception("the planner's jobs cannot be read now; they wait for the next one")
                row = None
            if row is not None:
                self._work(*row)
                continue
            with self._more:
                self._idle = True
                self._more.notify_all()
                self._more.wait_for(lambda: self._nudged or self._stopping)

    def _next(self) -> tuple[int, Task | None, str] | None:
        """Begin the job that waited longest: its number and task, or what is wrong with it."""
        with self._database.transaction() as session:
            waiting = select(JobRow).where(JobRow.state == "queued").order_by(JobRow.id).limit(1)
            row = session.scalars(waiting).first()
            if row is None:
                return None
            begun = update(JobRow).where(JobRow.id == row.id, JobRow.state == "queued")
            if not session.execute(begun.values(state="running", begun_at=self._clock())).rowcount:  # type: ignore[attr-defined]
                return row.id, None, ""  # it was cancelled at this moment
            self._now = _Running(row.id)
            try:
                return row.id, self._kinds.task(session, row), ""
            except Problem as problem:
                return row.id, None, problem.detail
            except (ValueError, LookupError) as error:
                return row.id, None, str(error)

    def _work(self, id: int, task: Task | None, trouble: str) -> None:
        now = self._now
        if now is None or now.id != id:
            return
        state, answer = "failed", None
        try:
            if task is not None:
                answer = self._do(task, self._tell, lambda: not (now.cancelled.is_set() or self._stopping))
                state = "done"
        except CannotBeDone as error:
            trouble = str(error)
        except NotWanted:
            state, trouble = ("cancelled", "") if now.cancelled.is_set() else ("interrupted", _STOPPED)
        except Exception:
            log.exception("job %d failed", id)
            trouble = _FAULT
        if not self._ended(id, state, answer, trouble):
            self._ended(id, "failed", None, _FAULT)
        self._now = None
        self._told()

    def _tell(self, share: float, stage: str) -> None:
        if self._now is not None:
            self._now.share, self._now.stage = min(max(share, 0.0), 1.0), stage[:128]

    def _ended(self, id: int, state: str, answer: Any, trouble: str) -> bool:
        """Write down what came of a job; False if that failed: a row that stays is interrupted at a start."""
        try:
            with self._database.transaction() as session:
                row = session.get(JobRow, id)
                if row is None:
                    return True  # its series was deleted
                row.progress, row.stage = (1.0, "") if state == "done" else self.progress(row)
                if state == "done":
                    row.result = self._kinds.keep(session, row, answer, self._clock())
                row.state, row.trouble, row.ended_at = state, trouble, self._clock()
        except Exception:
            log.exception("what came of job %d cannot be kept", id)
            return False
        return True


def get_job(session: Session, id: int) -> JobRow:
    """One job. Raises a 404 Problem."""
    row = session.get(JobRow, id)
    if row is None:
        raise Problem(404, "No such job", f"There is no job {id}.")
    return row


def jobs(session: Session, series: str | None = None, most: int = 100) -> Sequence[JobRow]:
    """Jobs (of one series), the latest first."""
    listed = select(JobRow).order_by(JobRow.id.desc()).limit(most)
    return session.scalars(listed if series is None else listed.where(JobRow.series == series)).all()


def ahead_of(session: Session, row: JobRow) -> int:
    """How many jobs come before one that waits."""
    if row.state != "queued":
        return 0
    before = select(func.count(JobRow.id)).where(JobRow.state.in_(_OPEN), JobRow.id < row.id)
    return session.scalar(before) or 0
