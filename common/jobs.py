"""Long work that people ask for: one at a time, in order, with progress, cancelled when asked to.

A job is a row, so that a page can be reloaded and a job looked up days later. Its progress is in memory while
it runs. Whatever was queued or running when the platform stopped is ``interrupted``, and says so. A room has
a table of its jobs (``JobColumns``), says what they are (``Kinds``), and runs them (``Jobs``).
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Generic, Literal, Protocol, TypeVar

from sqlalchemy import JSON, BigInteger, Float, Integer, String, Text, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from common.db import Database
from common.problems import Problem
from common.working import CannotBeDone, NotWanted, Task, Tell, apart
from domain.instant import Instant

log = logging.getLogger(__name__)

MOST = 20
"""Jobs that wait; more are refused."""
OPEN: Final = ("queued", "running")
State = Literal["queued", "running", "done", "failed", "cancelled", "interrupted"]
_STOPPED = "The platform was stopped before this was done. Ask for it again."
_FAULT = "This is a fault of the program; the log says where."

Doer = Callable[[Task, Tell, Callable[[], bool]], Any]


class JobColumns:
    """Long work that was asked for; ``asked`` is its body, ``result`` what it made."""

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(16))
    asked: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(16), index=True)
    progress: Mapped[float] = mapped_column(Float, default=0.0)
    stage: Mapped[str] = mapped_column(String(128), default="")
    trouble: Mapped[str] = mapped_column(Text, default="")
    result: Mapped[int | None] = mapped_column(Integer)
    by: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[int] = mapped_column(BigInteger)
    begun_at: Mapped[int | None] = mapped_column(BigInteger)
    ended_at: Mapped[int | None] = mapped_column(BigInteger)


J = TypeVar("J", bound=JobColumns)
Kept = TypeVar("Kept", bound=JobColumns, contravariant=True)


class Kinds(Protocol[Kept]):
    """What jobs there are: how a task is made of a row, and what becomes of its answer."""

    def task(self, session: Session, row: Kept) -> Task:
        """What is to be done. A Problem or ValueError says why it cannot be."""

    def keep(self, session: Session, row: Kept, answer: Any, at: Instant) -> int:
        """Write down the answer; gives the job's ``result``. A Problem says why it cannot be kept."""


@dataclass(slots=True)
class _Running:
    id: int
    share: float = 0.0
    stage: str = ""
    best: Any = None
    cancelled: threading.Event = field(default_factory=threading.Event)
    enough: threading.Event = field(default_factory=threading.Event)


class Jobs(Generic[J]):
    """The jobs of one table. ``start`` and ``stop`` block, for as long as a process takes to end."""

    def __init__(
        self,
        table: type[J],
        database: Database,
        kinds: Kinds[J],
        clock: Callable[[], Instant],
        do: Doer = apart,
        told: Callable[[], None] = lambda: None,
        name: str = "jobs",
    ) -> None:
        """``do`` does the work; ``told`` is called, from the jobs' thread, whenever one has ended."""
        self._table = table
        self._database = database
        self._kinds = kinds
        self._clock = clock
        self._do = do
        self._told = told
        self._name = name
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
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
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
                update(self._table)
                .where(self._table.state.in_(OPEN))
                .values(state="interrupted", trouble=_STOPPED, ended_at=self._clock())
            )

    # ------------------------------------------------------------ for the API

    def add(self, session: Session, row: J) -> J:
        """Queue a job; ``nudge`` after the commit. Raises a 429 Problem where too many wait.

        The caller sets ``kind``, ``asked``, ``by``, ``asked_at`` and what its table has beside them.
        """
        waiting = session.scalar(select(func.count(self._table.id)).where(self._table.state == "queued")) or 0
        if waiting >= MOST:
            raise Problem(429, "Too many jobs", f"{waiting} jobs wait already; try again when some are done.")
        row.state, row.progress, row.stage, row.trouble = "queued", 0.0, "", ""
        session.add(row)
        session.flush()
        return row

    def nudge(self) -> None:
        """There is a new job."""
        with self._more:
            self._nudged = True
            self._more.notify_all()

    def cancel(self, session: Session, id: int) -> J:
        """Give a job up, soon if it runs. Raises a 404, or a 409 Problem if it is over."""
        row = get_job(session, self._table, id)
        gone = (
            update(self._table)
            .where(self._table.id == id, self._table.state == "queued")
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
        if row.state not in OPEN:
            raise Problem(409, "It is over", f"Job {id} is {row.state}.")
        return row

    def enough(self, session: Session, id: int) -> J:
        """Let a running job end soon with its best answer so far.

        Raises a 404, or a 409 Problem if it is not running or has no answer yet.
        """
        row = get_job(session, self._table, id)
        now = self._now
        if now is None or now.id != id:
            raise Problem(409, "It is not running", f"Job {id} is {row.state}.")
        if now.best is None:
            raise Problem(409, "There is no answer yet", "Wait until there is one, or cancel the job.")
        now.enough.set()
        return row

    def progress(self, row: J) -> tuple[float, str]:
        """How far a job is, and what it is at."""
        now = self._now
        if row.state == "running" and now is not None and now.id == row.id:
            return now.share, now.stage
        return row.progress, row.stage

    def best(self, row: J) -> Any:
        """The best answer a running job has told of, None if there is none."""
        now = self._now
        return now.best if now is not None and now.id == row.id else None

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
                log.exception("the %s cannot be read now; they wait for the next one", self._name)
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
            waiting = select(self._table).where(self._table.state == "queued").order_by(self._table.id)
            row = session.scalars(waiting.limit(1)).first()
            if row is None:
                return None
            begun = update(self._table).where(self._table.id == row.id, self._table.state == "queued")
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
                answer = self._do(task, self._tell, lambda: not self._is_over(now))
                state = "done"
        except CannotBeDone as error:
            trouble = str(error)
        except NotWanted:
            if now.cancelled.is_set():
                state = "cancelled"
            elif now.enough.is_set():
                state, answer = "done", now.best
            else:
                state, trouble = "interrupted", _STOPPED
        except Exception:
            log.exception("job %d of the %s failed", id, self._name)
            trouble = _FAULT
        trouble = self._ended(id, state, answer, trouble)
        if trouble:
            self._ended(id, "failed", None, trouble)
        self._now = None
        self._told()

    def _is_over(self, now: _Running) -> bool:
        return self._stopping or now.cancelled.is_set() or now.enough.is_set()

    def _tell(self, share: float, stage: str, best: Any = None) -> None:
        if self._now is not None:
            self._now.share, self._now.stage = min(max(share, 0.0), 1.0), stage[:128]
            if best is not None:
                self._now.best = best

    def _ended(self, id: int, state: str, answer: Any, trouble: str) -> str:
        """Write down what came of a job; gives why that failed, empty if it did not."""
        try:
            with self._database.transaction() as session:
                row = session.get(self._table, id)
                if row is None:
                    return ""  # what it belonged to was deleted
                row.progress, row.stage = (1.0, "") if state == "done" else self.progress(row)
                if state == "done":
                    row.result = self._kinds.keep(session, row, answer, self._clock())
                row.state, row.trouble, row.ended_at = state, trouble, self._clock()
        except Problem as problem:
            return problem.detail or problem.title
        except Exception:
            log.exception("what came of job %d of the %s cannot be kept", id, self._name)
            return _FAULT
        return ""


def get_job(session: Session, table: type[J], id: int) -> J:
    """One job. Raises a 404 Problem."""
    row = session.get(table, id)
    if row is None:
        raise Problem(404, "No such job", f"There is no job {id}.")
    return row


def ahead_of(session: Session, table: type[J], row: J) -> int:
    """How many jobs come before one that waits."""
    if row.state != "queued":
        return 0
    before = select(func.count(table.id)).where(table.state.in_(OPEN), table.id < row.id)
    return session.scalar(before) or 0
