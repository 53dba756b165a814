"""Jobs: one after another, with progress; what is cancelled, fails or is interrupted says so."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from common.db import Database
from common.problems import Problem
from domain.instant import Instant
from forecasting.bodies import SeriesBody
from forecasting.jobs import MOST, Jobs, ahead_of, get_job, jobs
from forecasting.records import store
from forecasting.records.store import Author
from forecasting.tables import JobRow
from forecasting.working import Task, Tell, apart, here
from tests.forecasting.tasks import Forever, Square, Wrong
from tests.tables import with_tables

PAUL = Author("paul", Instant(1_000_000))


class Squares:
    """Kinds of jobs that square a number; ``tasks`` by number go before."""

    def __init__(self) -> None:
        self.tasks: dict[int, Task] = {}
        self.kept: list[int] = []

    def task(self, session: Session, row: JobRow) -> Task:
        """The square of what was asked."""
        number = row.asked["number"]
        if number == 13:
            raise Problem(422, "Bad luck", "Thirteen is not squared.")
        return self.tasks.get(number, Square(number))

    def keep(self, session: Session, row: JobRow, answer: Any, at: Instant) -> int:
        """Remember it."""
        if answer == 49:
            raise RuntimeError("nobody can keep 49")
        self.kept.append(answer)
        return int(answer)


class Floor:
    """A database with one series, and jobs on it."""

    def __init__(self, database: Database, do: Callable[..., Any]) -> None:
        self.database = database
        self.kinds = Squares()
        self.jobs = Jobs(database, self.kinds, lambda: Instant(2_000_000), do)
        with database.transaction() as session:
            store.create_series(session, SeriesBody(name="Sales"), PAUL)

    def ask(self, number: int) -> int:
        """A job's id."""
        with self.database.transaction() as session:
            id = self.jobs.ask(session, "square", "sales", {"number": number}, PAUL).id
        self.jobs.nudge()
        return id

    def row(self, id: int) -> JobRow:
        with self.database.transaction() as session:
            return get_job(session, id)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = with_tables(f"sqlite:///{tmp_path / 'jobs.db'}")
    yield database
    database.close()


@pytest.fixture
def floor(database: Database) -> Iterator[Floor]:
    floor = Floor(database, here)
    yield floor
    floor.jobs.stop()


def test_jobs_are_done_in_order_and_their_results_kept(floor: Floor) -> None:
    """What is asked for before the start is interrupted, what comes after is done."""
    lost = floor.ask(2)
    floor.jobs.start()
    ids = [floor.ask(number) for number in (3, 4, 5)]
    floor.jobs.wait()
    assert floor.kinds.kept == [9, 16, 25]
    rows = [floor.row(id) for id in ids]
    assert [(r.state, r.result, r.progress) for r in rows] == [("done", n * n, 1.0) for n in (3, 4, 5)]
    assert rows[0].begun_at == rows[0].ended_at == 2_000_000 and rows[0].asked_at == 1_000_000
    assert (floor.row(lost).state, "stopped" in floor.row(lost).trouble) == ("interrupted", True)
    with floor.database.transaction() as session:
        assert [row.id for row in jobs(session, "sales")] == [*reversed(ids), lost]


def test_what_fails_says_why_and_others_go_on(floor: Floor, caplog: pytest.LogCaptureFixture) -> None:
    """Why it cannot be done is for the one who asked; a fault of ours is in the log."""
    floor.kinds.tasks = {6: Wrong(ValueError("six is too few")), 8: Wrong(RuntimeError("a fault of ours"))}
    floor.jobs.start()
    ids = [floor.ask(number) for number in (6, 13, 8, 7, 9)]
    floor.jobs.wait()
    rows = [floor.row(id) for id in ids]
    assert [r.state for r in rows] == ["failed", "failed", "failed", "failed", "done"]
    assert rows[0].trouble == "Six is too few" and rows[1].trouble == "Thirteen is not squared."
    assert "the log says where" in rows[2].trouble and "a fault of ours" in caplog.text
    assert "nobody can keep 49" in caplog.text and floor.kinds.kept == [81]


def test_progress_is_seen_and_a_job_given_up(database: Database, tmp_path: Path) -> None:
    """In its own process: it is gone soon, and the next one is done; what waits is given up at once."""
    floor = Floor(database, apart)
    floor.kinds.tasks = {1: Forever(str(tmp_path / "pid"))}
    begun = threading.Event()
    tell = floor.jobs._tell

    def told(share: float, stage: str) -> None:
        tell(share, stage)
        begun.set()

    floor.jobs._tell = told  # type: ignore[method-assign]
    floor.jobs.start()
    running, waiting, last = (floor.ask(number) for number in (1, 2, 3))
    assert begun.wait(30)
    with database.transaction() as session:
        row = get_job(session, running)
        assert row.state == "running" and floor.jobs.progress(row) == (0.1, "at it")
        assert [ahead_of(session, get_job(session, id)) for id in (running, waiting, last)] == [0, 1, 2]
        assert floor.jobs.cancel(session, waiting).state == "cancelled"
        floor.jobs.cancel(session, running)
    floor.jobs.wait()
    assert [floor.row(id).state for id in (running, waiting, last)] == ["cancelled", "cancelled", "done"]
    assert (floor.row(running).progress, floor.row(running).stage) == (0.1, "at it")
    with database.transaction() as session, pytest.raises(Problem, match="is cancelled"):
        floor.jobs.cancel(session, running)
    floor.jobs.stop()


def test_stopping_ends_what_runs_and_says_so(database: Database, tmp_path: Path) -> None:
    """Nothing is left over; a new start works."""
    floor = Floor(database, apart)
    floor.kinds.tasks = {1: Forever(str(tmp_path / "pid"))}
    floor.jobs.start()
    ids = [floor.ask(number) for number in (1, 2)]
    floor.jobs.stop()
    assert [floor.row(id).state for id in ids] == ["interrupted", "interrupted"]
    floor.jobs.start()
    again = floor.ask(4)
    floor.jobs.wait()
    floor.jobs.stop()
    assert floor.row(again).result == 16


def test_a_job_can_be_given_up_in_this_process_too(floor: Floor) -> None:
    """Where it tells of its progress."""
    asked = threading.Event()

    class Slow:
        def __call__(self, tell: Tell) -> int:
            asked.set()
            while True:
                tell(0.5, "slowly")

    floor.kinds.tasks = {1: Slow()}
    floor.jobs.start()
    id = floor.ask(1)
    assert asked.wait(30)
    with floor.database.transaction() as session:
        floor.jobs.cancel(session, id)
    floor.jobs.wait()
    assert floor.row(id).state == "cancelled"


def test_too_many_wait(floor: Floor) -> None:
    """More are refused, in words."""
    for number in range(MOST):
        floor.ask(number)
    with pytest.raises(Problem, match="20 jobs wait already") as refused:
        floor.ask(99)
    assert refused.value.status == 429
    with floor.database.transaction() as session, pytest.raises(Problem, match="no job 99"):
        get_job(session, 99)


def test_a_job_of_a_deleted_series_ends_quietly(floor: Floor) -> None:
    """Its row is gone with the series."""
    deleted = threading.Event()

    class Late:
        def __call__(self, tell: Tell) -> int:
            deleted.wait(30)
            return 4

    floor.kinds.tasks = {2: Late()}
    floor.jobs.start()
    floor.ask(2)
    with floor.database.transaction() as session:
        store.delete_series(session, "sales")
    deleted.set()
    floor.jobs.wait()
    with floor.database.transaction() as session:
        assert jobs(session) == []
