"""The tables say what the journal says, however often and in whatever order they are written."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from calls.history import (
    INTERVAL_US,
    CallRow,
    NoteRow,
    Projector,
    VisitRow,
    _fit,
)
from calls.tables import CursorRow, IntervalRow, TargetRow
from common.db import Base, Database
from domain.calls import CallFinished
from domain.config import FloorConfigured, QueueConfig
from domain.desk import CallNoted, WrapUpEnded
from domain.ids import AgentId, CallId
from domain.instant import Instant
from tests.calls.floor import SALES, START, Scene, configuration
from tests.calls.live import live
from tests.calls.test_runner import talks

TABLES = (CallRow, VisitRow, NoteRow, IntervalRow, TargetRow)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database of each kind we run on."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'records.db'}"
    else:
        url = request.getfixturevalue("postgres_url")
    database = Database(url)
    Base.metadata.create_all(database.engine, [t.__table__ for t in (*TABLES, CursorRow)])  # type: ignore[misc]
    yield database
    database.close()


def rows(database: Database, *tables: Any) -> list[dict[str, Any]]:
    """Every row, in order."""
    with database.transaction() as session:
        return [
            {
                "table": table.__tablename__,
                **{a.key: getattr(row, a.key) for a in table.__mapper__.column_attrs},
            }
            for table in tables or TABLES
            for row in session.scalars(select(table).order_by(*table.__mapper__.primary_key))
        ]


def busy_scene() -> Scene:
    """Two answered callers with notes (one before the end, one after), one who gave up, one message."""
    scene = Scene(("li",), answers_after_s=2)
    first, second, third = scene.queued(), scene.queued(), scene.queued()
    scene.run(10)
    third.hang_up()
    scene.tell(CallNoted(AgentId("li"), first.call or CallId(""), "enquiry", "写得太早"))
    scene.run(20)
    first.hang_up()
    scene.run(1)
    scene.tell(WrapUpEnded(AgentId("li")))
    scene.run(70)
    second.hang_up()
    scene.run(1)
    scene.tell(CallNoted(AgentId("li"), second.call or CallId(""), "complaint", "later"))
    fourth = scene.dial()
    fourth.press("2")
    scene.run(60)
    return scene


def test_a_finished_call_is_written_with_its_visits_and_note(database: Database, tmp_path: Path) -> None:
    """Exact times, outcome, path, customer, agent, queue; the note, come before or after the end."""
    scene = busy_scene()
    Projector(scene.journal(tmp_path / "j.db"), database).catch_up()
    with database.transaction() as session:
        calls = {row.id: row for row in session.scalars(select(CallRow))}
        assert {k: c.outcome for k, c in calls.items()} == {
            "S1": "answered",
            "S2": "answered",
            "S3": "abandoned",
            "S4": "voicemail",
        }
        record = next(r for r in scene.records() if r.call == "S2")
        row = calls["S2"]
        for name in (
            "started",
            "answered",
            "ended",
            "talk_us",
            "hold_us",
            "wait_us",
            "digits",
            "agent",
            "queue",
        ):
            assert getattr(row, name) == getattr(record, name)
        assert (row.customer, row.customer_name, row.tier) == ("k1", "Wang Fang", "gold")
        assert row.path == '["who", "main", "wait"]'
        (visit,) = row.visits
        assert (visit.queue, visit.outcome, visit.left - visit.entered) == (SALES, "answered", record.wait_us)
        notes = {n.call: (n.code, n.note) for n in session.scalars(select(NoteRow))}
        assert notes == {"S1": ("enquiry", "写得太早"), "S2": ("complaint", "later")}


def test_intervals_count_the_visits(database: Database, tmp_path: Path) -> None:
    """Offered = answered + abandoned + returned; waits, talk and the answer target of the queue."""
    scene = busy_scene()
    Projector(scene.journal(tmp_path / "j.db"), database).catch_up()
    (interval,) = rows(database, IntervalRow)
    visits = [v for r in scene.records() for v in r.visits]
    waits = [v.left - v.entered for v in visits]
    answered = [v.left - v.entered for v in visits if v.outcome == "answered"]
    assert interval == {
        "table": "queue_intervals",
        "queue": "sales",
        "start": START - START % INTERVAL_US,
        "offered": 3,
        "answered": 2,
        "abandoned": 1,
        "returned": 0,
        "answered_in_target": 1,
        "abandoned_in_target": 1,
        "answer_us": sum(answered),
        "wait_us": sum(waits),
        "longest_us": max(waits),
        "talk_us": sum(r.talk_us for r in scene.records()),
        "hold_us": 0,
    }
    queue = scene.floor.engine.floor.state.queues[SALES]
    for name in ("offered", "answered", "abandoned", "answered_in_target", "abandoned_in_target"):
        assert interval[name] == getattr(queue, name), name


def test_a_visit_counts_where_it_began_and_by_the_target_of_its_time(
    database: Database, tmp_path: Path
) -> None:
    """Across a quarter of an hour, and across a change of the target."""
    scene = Scene(("li",), answers_after_s=3)
    scene.queued()
    scene.run(5)
    scene.floor.switch.end(scene.queued().leg or "", "hangup")  # type: ignore[arg-type]
    floor, _ = configuration(("li",))
    scene.run(900)
    scene.tell(FloorConfigured((QueueConfig(SALES, "Sales", target_s=2),), floor.agents))
    scene.tell(FloorConfigured((QueueConfig(SALES, "Sales", target_s=9, ring_s=0),), floor.agents))  # refused
    for call in list(scene.floor.switch.legs.values()):
        call.party.hang_up()
    scene.run(60)
    caller = scene.queued()
    scene.run(10)
    caller.hang_up()
    scene.run(1)
    Projector(scene.journal(tmp_path / "j.db"), database).catch_up()
    intervals = rows(database, IntervalRow)
    assert [(i["offered"], i["answered"]) for i in intervals] == [(2, 1), (1, 1)]
    assert [t["target_us"] for t in rows(database, TargetRow)] == [20_000_000, 2_000_000]
    assert intervals[1]["answered_in_target"] == 0
    starts = [i["start"] for i in intervals]
    assert starts[1] - starts[0] == INTERVAL_US


def test_saying_it_twice_changes_nothing(database: Database, tmp_path: Path) -> None:
    """Projecting from the start again writes the same rows; a cursor stands at the last entry of interest."""
    scene = busy_scene()
    journal = scene.journal(tmp_path / "j.db")
    projector = Projector(journal, database)
    cursor = projector.catch_up()
    before = rows(database)
    assert projector.catch_up() == cursor
    with database.transaction() as session:
        session.delete(session.get_one(CursorRow, "history"))
    assert projector.catch_up() == cursor
    assert rows(database) == before


def test_it_goes_on_where_it_stopped(database: Database, tmp_path: Path) -> None:
    """In whatever pieces the journal grew, the tables end up the same."""
    scene, whole = busy_scene(), busy_scene()
    path = tmp_path / "j.db"
    steps, scene.floor.steps = scene.floor.steps, []
    told: list[Any] = []
    projector = Projector(path, database, lambda session, item: told.append(item))
    for n in range(0, len(steps), 7):
        scene.floor.steps = steps[: n + 7]
        scene.journal(path, keep=True)
        projector.catch_up()
    pieces = rows(database)
    assert len([t for t in told if isinstance(t, CallFinished)]) == 4
    Projector(whole.journal(tmp_path / "whole.db"), database).rebuild()
    assert rows(database) == pieces


def test_a_rebuild_gives_what_was_there(database: Database, tmp_path: Path) -> None:
    """The tables are emptied of what the journal holds and written again; older rows stay."""
    scene = busy_scene()
    projector = Projector(scene.journal(tmp_path / "j.db"), database)
    projector.catch_up()
    with database.transaction() as session:
        old = session.get_one(CallRow, "S1")
        values = {c.key: getattr(old, c.key) for c in CallRow.__mapper__.columns}
        session.add(CallRow(**{**values, "id": "older", "started": START - 10**9}))
    before = rows(database)
    with database.transaction() as session:
        session.get_one(CallRow, "S2").outcome = "spoilt"
        session.get_one(IntervalRow, ("sales", START - START % INTERVAL_US)).offered = 99
    projector.rebuild()
    assert rows(database) == before


def test_another_journal_is_read_from_its_beginning(database: Database, tmp_path: Path) -> None:
    """The file was lost: the new one's numbers are below the cursor, and its calls are not missed."""
    scene = busy_scene()
    path = tmp_path / "j.db"
    Projector(scene.journal(path), database).catch_up()
    other = Scene(("li",), answers_after_s=1)
    other.floor.switch._next = 50
    caller = other.queued()
    other.run(3)
    caller.hang_up()
    other.run(1)
    assert len(other.floor.steps) < len(scene.floor.steps)
    for file in tmp_path.glob("j.db*"):
        file.unlink()
    Projector(other.journal(path), database).catch_up()
    assert "S50" in {r["id"] for r in rows(database, CallRow)}


def test_the_rest_of_the_transaction_is_undone_with_it(database: Database, tmp_path: Path) -> None:
    """If what hangs on it cannot be written, neither is the history; the next try writes both."""
    journal = busy_scene().journal(tmp_path / "j.db")

    def fails(session: Session, item: Any) -> None:
        raise ValueError("the contact cannot be written")

    with pytest.raises(ValueError, match="contact"):
        Projector(journal, database, fails).catch_up()
    assert rows(database) == []
    Projector(journal, database).catch_up()
    assert len(rows(database, CallRow)) == 4


@pytest.mark.parametrize(
    ("sent", "kept"), [("a\0b", "ab"), ("x" * 100, "x" * 64), ("\ud800", "?"), ("张\n伟", "张\n伟")]
)
def test_what_was_sent_fits_every_database(sent: str, kept: str) -> None:
    """NUL and broken characters, which PostgreSQL refuses, and too many of them."""
    assert _fit(sent, 64) == kept


def test_a_caller_with_a_broken_name_is_written_too(database: Database, tmp_path: Path) -> None:
    """Whatever a telephone sends as its number, the history goes on."""
    scene = Scene(("li",))
    caller = scene.floor.switch.dial("\0\ud800" + "9" * 300, "95588")
    scene.run(0.1)
    caller.hang_up()
    scene.run(1)
    Projector(scene.journal(tmp_path / "j.db"), database).catch_up()
    (row,) = rows(database, CallRow)
    assert row["caller"] == "?" + "9" * 63


def test_a_database_that_was_away_is_tried_again(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Calls that end meanwhile are in the history once it is back, without another nudge."""

    async def run() -> None:
        async with live(tmp_path) as floor:
            projector = Projector(floor.path, database, retry_s=0.02)
            floor.runner.listen(lambda intent, at: projector.nudge(intent))
            with database.engine.begin() as connection:
                connection.exec_driver_sql("ALTER TABLE calls RENAME TO away")
            task = asyncio.create_task(projector.run())
            floor.staff("li", answers_after_s=0)
            caller = await talks(floor)
            caller.hang_up()
            await floor.until(lambda: "it will be tried again" in caplog.text)
            with database.engine.begin() as connection:
                connection.exec_driver_sql("ALTER TABLE away RENAME TO calls")
            await floor.until(lambda: rows(database, CallRow), "the call in the history")
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    asyncio.run(run())
    assert Instant(rows(database, CallRow)[0]["ended"]) > 0
