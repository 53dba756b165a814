"""The tables say what the journal says, however often and in whatever order they are written."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
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
from calls.tables import CursorRow, IntervalRow, OfferRow, PresenceRow, TargetRow, WrapUpRow
from common.db import Base, Database
from domain.calls import CallFinished, VisitOutcome
from domain.config import FloorConfigured, QueueConfig
from domain.desk import CallNoted, OfferDeclined, TransferAsked, WrapUpEnded
from domain.floor import Offer, WrapUpDone
from domain.ids import AgentId, CallId
from domain.instant import Instant
from tests.calls import records
from tests.calls.floor import SALES, START, Scene, configuration
from tests.calls.live import live
from tests.calls.test_runner import talks
from tests.tables import with_tables

TABLES = (CallRow, VisitRow, NoteRow, WrapUpRow, OfferRow, IntervalRow, TargetRow, PresenceRow)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database of each kind we run on."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'records.db'}"
    else:
        url = request.getfixturevalue("postgres_tables")
    database = with_tables(url)
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


def test_what_the_flow_remembered_is_written(database: Database, tmp_path: Path) -> None:
    """Whatever it is: as texts by name."""
    marks = {"purpose": "咨询", "survey": "5", "odd\0": "a\0b\ud800"}
    records.write(
        database, [records.ended(records.record("c1", marks=marks)), records.ended(records.record("c2"))]
    )
    with database.transaction() as session:
        rows = {row.id: json.loads(row.marks) for row in session.scalars(select(CallRow))}
    assert rows == {"c1": marks, "c2": {}}


def test_intervals_count_the_visits(database: Database, tmp_path: Path) -> None:
    """Offered is the sum of how visits end; waits, handle time and targets; as the live floor counts them."""
    scene = busy_scene()
    scene.run(60)
    Projector(scene.journal(tmp_path / "j.db"), database).catch_up()
    (interval,) = rows(database, IntervalRow)
    visits = [v for r in scene.records() for v in r.visits]
    waits = [v.left - v.entered for v in visits]
    answered = [v.left - v.entered for v in visits if v.outcome == "answered"]
    wrap_ups = [done.wrap_us for done in scene.floor.made(WrapUpDone)]
    assert len(wrap_ups) == 2
    assert interval == {
        "table": "queue_intervals",
        "queue": "sales",
        "start": START - START % INTERVAL_US,
        "offered": 3,
        "answered": 2,
        "abandoned": 1,
        **dict.fromkeys(("overflowed", "callback", "voicemail", "refused", "lost"), 0),
        "short_abandoned": 0,
        "answered_in_target": 1,
        "abandoned_in_target": 1,
        "transferred": 0,
        "answer_us": sum(answered),
        "wait_us": sum(waits),
        "longest_us": max(waits),
        "talk_us": sum(r.talk_us for r in scene.records()),
        "hold_us": 0,
        "wrap_us": sum(wrap_ups),
    }
    queue = scene.floor.engine.floor.state.queues[SALES]
    for name in ("offered", "answered", "abandoned", "short_abandoned", "transferred"):
        assert interval[name] == getattr(queue, name), name
    for name in ("answered_in_target", "abandoned_in_target"):
        assert interval[name] == getattr(queue, name), name
    assert (queue.handled, queue.handled_us) == (2, interval["talk_us"] + interval["wrap_us"])


def outcomes(database: Database) -> dict[str, str]:
    """Agent to what became of the offer made to them."""
    return {o["agent"]: o["outcome"] for o in rows(database, OfferRow)}


def test_no_offer_is_mixed_up_with_another(database: Database, tmp_path: Path) -> None:
    """Declined in the page or at the telephone, missed, unreachable, accepted: as the floor counts them."""
    scene = Scene(("li", "wu", "xu", "yu", "zhu"))
    caller = scene.queued()
    became: dict[str, str] = {}
    became[declines := scene.rung()] = "rejected"
    scene.tell(OfferDeclined(AgentId(declines), scene.floor.made(Offer)[-1].offer))
    scene.run(0.1)
    became[busy := scene.rung()] = "rejected"
    scene.phones[busy].reject()
    scene.run(0.1)
    became[scene.rung()] = "missed"
    scene.run(15.1)
    became[away := scene.rung()] = "unreachable"
    scene.floor.switch.end(scene.phones[away].leg, "unreachable")  # type: ignore[arg-type]
    scene.run(0.1)
    became[takes := scene.rung()] = "accepted"
    scene.phones[takes].answer()
    scene.run(5)
    journal = scene.journal(tmp_path / "j.db")
    projector = Projector(journal, database)
    projector.catch_up()
    assert outcomes(database) == became | {takes: ""}
    caller.hang_up()
    scene.run(1)
    scene.journal(tmp_path / "j.db", keep=True)
    projector.catch_up()
    assert outcomes(database) == became
    assert {o["counted"] for o in rows(database, OfferRow)} == {scene.records()[0].visits[0].entered}
    for agent, outcome in became.items():
        live = scene.floor.engine.floor.state.agents[agent]
        counted = [int(outcome == one) for one in ("accepted", "missed", "rejected")]
        assert [1, *counted] == [live.offered, live.answered, live.missed, live.rejected], agent


def test_a_wrap_up_belongs_to_the_visit_of_its_offer(database: Database, tmp_path: Path) -> None:
    """Two agents, one after the other, one call: each visit has its own talk, hold and wrap-up."""
    scene = Scene(("li", "wu"), answers_after_s=2)
    caller = scene.queued()
    scene.run(12)
    first = scene.rung()
    scene.tell(TransferAsked(AgentId(first), caller.call or CallId(""), "queue", SALES))
    scene.run(20)
    scene.tell(WrapUpEnded(AgentId(first)))
    assert scene.rung() != first
    caller.hang_up()
    scene.run(7)
    scene.tell(WrapUpEnded(AgentId(scene.records()[0].agent or "")))
    Projector(scene.journal(tmp_path / "j.db"), database).catch_up()
    one, two = rows(database, VisitRow)
    (record,) = scene.records()
    assert [v["agent"] for v in (one, two)] == [first, record.agent]
    assert [v["talk_us"] for v in (one, two)] == [v.talk_us for v in record.visits]
    assert one["talk_us"] + two["talk_us"] == record.talk_us
    assert [v["wrap_us"] for v in (one, two)] == [d.wrap_us for d in scene.floor.made(WrapUpDone)]
    assert 0 < two["wrap_us"] < one["wrap_us"]
    assert [v["transferred"] for v in (one, two)] == [True, False]
    live = scene.floor.engine.floor.state
    assert (live.queues[SALES].transferred, live.agents[first].transferred) == (1, 1)
    (interval,) = rows(database, IntervalRow)
    assert (interval["offered"], interval["answered"], interval["transferred"]) == (2, 2, 1)


def test_a_wrap_up_may_come_before_its_call(database: Database) -> None:
    """Or after it, or again: the visit has it once."""
    visit = records.visit("k1")
    call, done = records.ended(records.record("k1", visit)), records.wrapped_up(visit, 30)
    for steps in ([done, call], [call], [done], [call, done, done]):
        records.write(database, [records.configured(), *steps])
        (row,) = rows(database, VisitRow)
        (interval,) = rows(database, IntervalRow)
        assert row["wrap_us"] == interval["wrap_us"] == 30_000_000
        assert (interval["answered"], interval["talk_us"], interval["hold_us"]) == (1, 60_000_000, 5_000_000)


def test_everything_of_a_visit_counts_where_it_began(database: Database) -> None:
    """A call that ends a day later, its wrap-up over still later, is in one interval."""
    visit = records.visit("k1", enters=899, waits=3600, talk_us=90_000_000_000)
    steps = [
        records.configured(),
        records.ended(records.record("k1", visit)),
        records.wrapped_up(visit, 7200),
    ]
    records.write(database, steps)
    (interval,) = rows(database, IntervalRow)
    assert interval["start"] == records.START
    assert (interval["talk_us"], interval["wrap_us"]) == (90_000_000_000, 7_200_000_000)


def test_a_call_of_an_earlier_version_keeps_its_times(database: Database) -> None:
    """Its visits had none of their own: the last answered one has them. Who waited too long overflowed."""
    bare = {"talk_us": 0, "hold_us": 0, "offer": None}
    visits = (
        records.visit("k1", 1, outcome="timeout"),
        records.visit("k1", 2, enters=10, **bare),
        records.visit("k1", 3, enters=30, outcome="abandoned"),
    )
    call = records.record("k1", *visits, talk_us=7, hold_us=3)
    records.write(database, [records.configured(), records.ended(call)])
    found = [(v["outcome"], v["talk_us"], v["hold_us"]) for v in rows(database, VisitRow)]
    assert found == [("overflowed", 0, 0), ("answered", 7, 3), ("abandoned", 0, 0)]


def test_what_a_queue_is_measured_by_is_kept_once(database: Database) -> None:
    """However often the floor is told the same; a visit has what held when it ended."""
    sales = QueueConfig(SALES, "Sales", target_s=20, short_s=5)
    strict = QueueConfig(SALES, "Sales", target_s=8, short_s=2)
    gave_up = records.record("k1", records.visit("k1", enters=100, waits=9, outcome="abandoned"))
    records.write(
        database,
        [
            *(records.configured(sales, when=when) for when in (-60, -50, -40)),
            records.configured(strict, when=105),
            records.configured(strict, when=106),
            records.configured(sales, when=200),
            records.ended(gave_up),
        ],
    )
    kept = [(r["target_us"], r["short_us"], r["timezone"]) for r in rows(database, TargetRow)]
    loose = (20_000_000, 5_000_000, "Asia/Shanghai")
    assert kept == [loose, (8_000_000, 2_000_000, "Asia/Shanghai"), loose]
    (interval,) = rows(database, IntervalRow)
    assert (interval["abandoned_in_target"], interval["short_abandoned"]) == (0, 0)


# ------------------------------------------------------------------ in any order


OUTCOMES = get_args(VisitOutcome)


@st.composite
def some_calls(draw: st.DrawFn) -> list[records.Step]:
    """The ends of some calls with any visits, and the wrap-ups of those that were answered."""
    steps = []
    for n in range(draw(st.integers(1, 5))):
        call, visits, moment = f"k{n}", [], draw(st.integers(0, 2000))
        for number in range(1, draw(st.integers(0, 3)) + 1):
            values: dict[str, Any] = {"outcome": draw(st.sampled_from(OUTCOMES))}
            values["queue"] = draw(st.sampled_from([records.SALES, records.CARDS]))
            waits = draw(st.integers(0, 40))
            visits.append(records.visit(call, number, enters=moment, waits=waits, **values))
            moment += waits + draw(st.integers(0, 1000))
        steps.append(records.ended(records.record(call, *visits)))
        for visit in visits:
            if visit.offer is not None and draw(st.booleans()):
                steps.append(records.wrapped_up(visit, draw(st.integers(0, 300))))
    return steps


HISTORY_TABLES = [table.__table__ for table in (*TABLES, CursorRow)]


@pytest.fixture(scope="module")
def one_history() -> Iterator[Database]:
    """Whoever begins anew empties its tables: statements are put together once, not in each example."""
    database = Database("sqlite://")
    Base.metadata.create_all(database.engine, HISTORY_TABLES)  # type: ignore[arg-type]
    yield database
    database.close()


def emptied(database: Database) -> None:
    """Nothing is in any table."""
    with database.engine.begin() as connection:
        for table in HISTORY_TABLES:
            connection.execute(table.delete())  # type: ignore[attr-defined]


@given(steps=some_calls(), data=st.data())
def test_order_and_repeats_change_nothing(
    one_history: Database, steps: list[records.Step], data: st.DataObject
) -> None:
    """Calls and wrap-ups in any order, again and in any pieces: the same tables, and the sums come out."""
    shuffled = data.draw(st.permutations(steps + data.draw(st.lists(st.sampled_from(steps), max_size=5))))
    pieces = data.draw(st.integers(1, 3))
    tables = []
    for given_steps, size in ((steps, len(steps)), (shuffled, pieces)):
        emptied(one_history)
        records.write(one_history, [records.configured()])
        for start in range(0, len(given_steps), size):
            records.write(one_history, given_steps[start : start + size])
        tables.append(rows(one_history))
        intervals = rows(one_history, IntervalRow)
        visits = len(rows(one_history, VisitRow))
    assert tables[0] == tables[1]
    assert sum(i["offered"] for i in intervals) == visits
    for interval in intervals:
        assert interval["offered"] == sum(interval[outcome] for outcome in OUTCOMES)
        assert interval["offered"] > 0
        assert interval["answered_in_target"] <= interval["answered"]
        assert max(interval["short_abandoned"], interval["abandoned_in_target"]) <= interval["abandoned"]


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
