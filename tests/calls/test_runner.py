"""The live runner over a real journal: nothing goes out that is not safe, nothing is lost that was."""

import asyncio
import logging
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from callfloor.replay import replay
from calls.journal import JournalError, read_entries, read_snapshot
from calls.runner import concerned, wall_clock
from domain.calls import CallFinished
from domain.codec import loads
from domain.crm import CallerIdentified
from domain.desk import AgentReady, CallbackAsked, DialAsked, WrapUpEnded
from domain.floor import CallbackKept, CallbackOver, Rescind
from domain.flow import LookUpCustomer
from domain.ids import AgentId, CallId, DeviceId, LegId
from domain.instant import Instant, after
from domain.switch import Answer, DeviceUp, Dial, DigitPressed, LegEnded, Ring
from telephony.port import UnsupportedFeature
from telephony.simulated import SimulatedSwitch
from tests.calls.floor import NUMBER, SALES, make_engine
from tests.calls.live import Live, live

NOW = Instant(1_000_000)


@contextmanager
def busy_disk(path: Path) -> Iterator[None]:
    """Another connection holds the journal's write lock: commits wait."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")


def replayed_hash(path: Path) -> str:
    """The state a replay of the whole journal leads to, which must decide as was decided."""
    said: list[str] = []
    audit = replay(path, make_engine, said.append)
    assert audit.differences == 0, "\n".join(said)
    return audit.hash


# ------------------------------------------------------------------ the journal first


async def talks(floor: Live) -> Any:
    """A caller who presses 1 and an agent who picks up."""
    caller = floor.switch.dial("+8613800000001", NUMBER)
    await floor.until(lambda: caller.hears.startswith("play:"), "the menu")
    caller.press("1")
    await floor.until(lambda: floor.phase(caller.call) == "talking", "a conversation")
    return caller


def test_a_call_lives_through_the_runner(tmp_path: Path) -> None:
    """Facts, look-ups, timers and commands work together; the journal replays to the same state."""

    async def run() -> str:
        async with live(tmp_path) as floor:
            floor.staff("li", answers_after_s=0)
            caller = await talks(floor)
            caller.hang_up()
            await floor.until(lambda: floor.of(CallFinished), "the end")
            (finished,) = floor.of(CallFinished)
            assert (finished.record.outcome, finished.record.customer) == ("answered", "k1")
            times = [at for _, at in floor.said]
            assert times == sorted(times)
        return floor.runner.engine.hash()

    assert asyncio.run(run()) == replayed_hash(tmp_path / "journal.db")


def test_intents_wait_for_the_commit(tmp_path: Path) -> None:
    """While the disk is busy the engine runs ahead, but nothing goes out; then all goes out in order."""

    async def run() -> None:
        async with live(tmp_path) as floor:
            floor.staff("li")
            await floor.safe()
            before = len(floor.switch.commands)
            with busy_disk(floor.path):
                callers = [floor.switch.dial("+86", NUMBER) for _ in range(3)]
                await asyncio.sleep(0.05)
                assert floor.phase(callers[0].call) == "ivr"
                assert floor.switch.commands[before:] == []
            await floor.until(lambda: len(floor.switch.commands) >= before + 3)
            answers = [c for c in floor.switch.commands[before:] if isinstance(c, Answer)]
            assert [a.leg for a in answers] == [c.leg for c in callers]

    asyncio.run(run())


def test_what_gathers_is_committed_together(tmp_path: Path) -> None:
    """250 facts behind a busy disk take 4 commits: the one under way and three groups of up to 100."""

    async def run() -> None:
        commits: list[int] = []
        async with live(tmp_path) as floor:
            await floor.safe()
            report = floor.runner.journal._committed
            floor.runner.journal._committed = lambda seq: (commits.append(seq), report(seq))[1]
            first = floor.runner.journal.last_seq
            with busy_disk(floor.path):
                floor.runner.tell(DeviceUp(DeviceId("d")))
                await asyncio.sleep(0.05)  # the writer is at it
                for _ in range(249):
                    floor.runner.tell(DeviceUp(DeviceId("d")))
            await floor.safe()
            assert [seq - first for seq in commits] == [1, 101, 201, 250]

    asyncio.run(run())


# ------------------------------------------------------------------ failing disks, failing code


def test_a_full_disk_stops_the_floor(tmp_path: Path) -> None:
    """``failure`` says why, ``stopped`` is set, and what was not journaled never goes out."""

    async def run() -> None:
        floor = Live(tmp_path)
        await floor.runner.start()
        floor.staff("li")
        await floor.safe()
        before = len(floor.said)
        size = (tmp_path / "journal.db-wal").stat().st_size
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))  # the WAL cannot grow
        try:
            floor.switch.dial("+86", NUMBER)
            await asyncio.wait_for(floor.runner.stopped.wait(), 10)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert isinstance(floor.runner.failure, JournalError)
        assert str(floor.path) in str(floor.runner.failure)
        entries = floor.runner.journal.last_seq
        floor.runner.tell(DeviceUp(DeviceId("later")))
        assert floor.runner.journal.last_seq == entries
        await floor.runner.stop()
        assert floor.said[before:] == []
        assert not [c for c in floor.switch.commands if isinstance(c, Answer)]

    asyncio.run(run())
    replayed_hash(tmp_path / "journal.db")


def test_a_journal_that_cannot_be_opened_is_said_by_name(tmp_path: Path) -> None:
    """Something else stands in its place: nothing starts, nothing is left running."""
    (tmp_path / "journal.db").mkdir()
    threads = threading.active_count()

    async def run() -> None:
        floor = Live(tmp_path)
        with pytest.raises(JournalError, match=r"journal\.db cannot be opened"):
            await floor.runner.start()
        await floor.runner.stop()

    asyncio.run(run())
    assert threading.active_count() == threads


def test_a_switch_that_does_not_start_leaves_nothing_running(tmp_path: Path) -> None:
    """Its error comes out of ``start``, and the journal is closed."""

    class Broken(SimulatedSwitch):
        async def start(self, tell: Any) -> None:
            raise OSError("port in use")

    async def run() -> None:
        floor = Live(tmp_path)
        floor.runner._switch = Broken(asyncio.get_running_loop())
        with pytest.raises(OSError, match="port in use"):
            await floor.runner.start()
        assert not floor.runner.journal._thread.is_alive()

    asyncio.run(run())


def test_a_start_taken_back_at_once_leaves_nothing_running(tmp_path: Path) -> None:
    """The journal that a thread was just opening is closed again."""

    async def run() -> None:
        floor = Live(tmp_path)
        starting = asyncio.create_task(floor.runner.start())
        await asyncio.sleep(0)
        starting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await starting

    asyncio.run(run())
    assert "journal" not in {thread.name for thread in threading.enumerate()}


def test_an_engine_that_raises_stops_the_floor(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Half a step must not be built upon: the fact is not journaled, and a restart is as before it."""

    async def run() -> str:
        floor = Live(tmp_path)
        await floor.runner.start()
        floor.staff("li")
        before = floor.runner.engine.hash()
        handle = floor.runner.engine.handle

        def broken(fact: Any, now: Instant) -> list[Any]:
            if isinstance(fact, DigitPressed):
                raise AssertionError("a mistake of ours")
            return handle(fact, now)

        floor.runner.engine.handle = broken  # type: ignore[method-assign]
        floor.runner.tell(DigitPressed(LegId("x"), "1"))
        assert isinstance(floor.runner.failure, AssertionError)
        assert floor.runner.stopped.is_set()
        await floor.runner.stop()
        return before

    assert asyncio.run(run()) == replayed_hash(tmp_path / "journal.db")
    assert "DigitPressed" in caplog.text


def test_a_listener_that_raises_does_not_stop_the_floor(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged; other listeners and the switch are served."""

    async def run() -> None:
        floor = Live(tmp_path)
        floor.runner._listeners.insert(0, lambda intent, at: 1 / 0)  # type: ignore[arg-type]
        await floor.runner.start()
        floor.staff("li", answers_after_s=0)
        await talks(floor)
        assert floor.runner.failure is None
        await floor.runner.stop()

    asyncio.run(run())
    assert "a listener failed at" in caplog.text


def test_a_command_that_fails_keeps_nothing_back(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It is logged; the offer runs out by its deadline and the floor goes on."""

    class Deaf(SimulatedSwitch):
        def do(self, command: Any) -> None:
            if isinstance(command, Ring):
                raise ValueError("bug")
            super().do(command)

    async def run() -> None:
        floor = Live(tmp_path)
        floor.switch = floor.runner._switch = Deaf(asyncio.get_running_loop())
        await floor.runner.start()
        floor.staff("li", ring_s=1)
        caller = floor.switch.dial("+86", NUMBER)
        await floor.until(lambda: caller.hears.startswith("play:"))
        caller.press("1")
        await floor.until(lambda: [r.reason for r in floor.of(Rescind)] == ["timed_out"])
        assert floor.runner.failure is None
        await floor.runner.stop()

    asyncio.run(run())
    assert "the switch failed at Ring" in caplog.text


def test_a_number_the_switch_cannot_dial_is_not_reached(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It cannot dial at all, and says so: the call is over at once, and nobody waits for a deadline."""

    class Indoors(SimulatedSwitch):
        def do(self, command: Any) -> None:
            if isinstance(command, Dial):
                raise UnsupportedFeature("simulated", "dial")
            super().do(command)

    async def run() -> None:
        floor = Live(tmp_path)
        floor.switch = floor.runner._switch = Indoors(asyncio.get_running_loop())
        await floor.runner.start()
        floor.staff("li")
        await floor.until(lambda: floor.runner.engine.floor.state.agents["li"].state == "available")
        floor.runner.tell(DialAsked(AgentId("li"), CallId("D1"), "+8613800000001"))
        await floor.until(lambda: [r.record.outcome for r in floor.of(CallFinished)] == ["not_reached"])
        await floor.runner.stop()

    asyncio.run(run())
    assert "the simulated switch cannot dial" in caplog.text


def test_a_step_concerns_every_call_it_names() -> None:
    """A kept callback is told in the story of the caller who chose it, and in its own."""
    kept = CallbackKept(CallId("S1-back"), CallId("S1"), SALES, "1", NOW, NOW)
    asked = CallbackAsked(CallId("B1"), SALES, "1", NOW, "boss")
    assert concerned([kept]) == ("S1-back", "S1")
    assert concerned([asked, CallbackKept(CallId("B1"), None, SALES, "1", NOW, NOW)]) == ("B1",)
    assert concerned([CallbackOver(CallId("B1"), SALES, "expired")]) == ("B1",)
    assert concerned([LegEnded(LegId("S1-back.3"), "busy")]) == ("S1-back",)


# ------------------------------------------------------------------ look-ups


def test_look_ups_do_not_hold_the_floor_up(tmp_path: Path) -> None:
    """They run in threads of their own; meanwhile facts are taken, and the answer is a fact like others."""
    go = threading.Event()
    asked: list[str] = []

    def slow(question: LookUpCustomer) -> CallerIdentified:
        asked.append(threading.current_thread().name)
        assert go.wait(10)
        return CallerIdentified(question.call, "none")

    async def run() -> None:
        async with live(tmp_path, look_up=slow) as floor:
            floor.staff("li")
            floor.switch.dial("+86", NUMBER)
            await floor.until(lambda: asked)
            floor.runner.tell(DeviceUp(DeviceId("d")))
            await floor.safe()
            assert floor.runner.engine.calls[CallId("S1")].state.match == ""
            go.set()
            await floor.until(lambda: floor.runner.engine.calls[CallId("S1")].state.match == "none")
            assert asked[0].startswith("look-up")

    asyncio.run(run())


def test_records_that_are_down_answer_failed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The flow goes on by its ``failed`` exit at once, and the log says so without the caller's number."""

    def down(question: LookUpCustomer) -> CallerIdentified:
        raise ConnectionError("the CRM is away")

    async def run() -> None:
        async with live(tmp_path, look_up=down) as floor:
            floor.staff("li")
            floor.switch.dial("+8613800000001", NUMBER)
            await floor.until(lambda: floor.runner.engine.calls[CallId("S1")].state.match == "failed")

    asyncio.run(run())
    assert "the records did not answer for call S1" in caplog.text
    assert "13800000001" not in caplog.text


# ------------------------------------------------------------------ time


def test_deadlines_come_although_the_clock_was_set_back(tmp_path: Path) -> None:
    """An hour back in the middle of a call: times never run backwards, and the ringing still times out."""
    offset = 0

    def clock() -> Instant:
        return after(wall_clock(), offset)

    async def run() -> None:
        nonlocal offset
        async with live(tmp_path, clock=clock) as floor:
            floor.staff("li", ring_s=1)
            caller = floor.switch.dial("+86", NUMBER)
            await floor.until(lambda: caller.hears.startswith("play:"))
            offset = -3_600
            caller.press("1")
            await floor.until(lambda: [r.reason for r in floor.of(Rescind)] == ["timed_out"])
            times = [at for _, at in floor.said]
            assert times == sorted(times)

    asyncio.run(run())
    at = [e.at for e in read_entries(tmp_path / "journal.db")]
    assert at == sorted(at)


def test_a_clock_behind_the_journal_is_said_at_the_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Time goes on from the journal's."""

    async def run(clock: Any) -> Instant:
        async with live(tmp_path, clock=clock) as floor:
            floor.runner.tell(DeviceUp(DeviceId("d")))
            await floor.safe()
        return floor.runner.engine.now

    before = asyncio.run(run(wall_clock))
    caplog.set_level(logging.WARNING)
    assert asyncio.run(run(lambda: after(wall_clock(), -100))) >= before
    assert "s behind the journal" in caplog.text


def test_every_wake_that_changed_something_is_journaled(tmp_path: Path) -> None:
    """Timers that ran out replay as they happened, also where nothing was said about them."""

    async def run() -> str:
        async with live(tmp_path) as floor:
            floor.staff("li", ring_s=1, wrap_up_s=0.05)
            caller = floor.switch.dial("+86", NUMBER)
            await floor.until(lambda: caller.hears.startswith("play:"))
            caller.press("1")
            await floor.until(lambda: floor.phase(caller.call) == "waiting" and floor.of(Rescind))
            floor.phones["li"].answers_after_s = 0
            floor.runner.tell(AgentReady(AgentId("li")))
            await floor.until(lambda: floor.phase(caller.call) == "talking")
            caller.hang_up()
            state = floor.runner.engine.floor.state.agents["li"]
            await floor.until(lambda: state.state == "available", "the end of wrap-up")
        return floor.runner.engine.hash()

    assert asyncio.run(run()) == replayed_hash(tmp_path / "journal.db")


# ------------------------------------------------------------------ recovery


def test_the_floor_is_recovered_from_snapshot_and_tail(tmp_path: Path) -> None:
    """Snapshots are taken on the way without a stop; a restart goes on from the last one and the tail."""

    async def first() -> str:
        floor = Live(tmp_path, snapshot_every=10)
        await floor.runner.start()
        floor.staff("li", "wu", answers_after_s=0)
        for _ in range(4):
            await talks(floor) if len(floor.runner.engine.calls) < 2 else floor.switch.dial("+86", NUMBER)
        await floor.until(lambda: not floor.runner._tasks, "written snapshots")
        await floor.safe()
        floor.runner.journal.close()  # no last snapshot: as if killed
        return floor.runner.engine.hash()

    before = asyncio.run(first())
    snapshot = read_snapshot(tmp_path / "journal.db")
    assert snapshot is not None and snapshot.seq >= 10
    tail = list(read_entries(tmp_path / "journal.db", snapshot.seq))
    assert tail
    assert replayed_hash(tmp_path / "journal.db") == before

    async def second() -> None:
        async with live(tmp_path, prefix="T") as floor:
            lost = [f.record for f in await floor.until(lambda: floor.of(CallFinished))]
            await floor.safe()
            assert {r.call for r in lost} <= {"S1", "S2", "S3", "S4"}
            assert {r.outcome for r in lost} == {"lost"}
            assert not floor.runner.engine.calls
            agents = floor.runner.engine.floor.state.agents
            assert {key: agent.device for key, agent in agents.items()} == {"li": "desk-li", "wu": "desk-wu"}

    asyncio.run(second())
    replayed_hash(tmp_path / "journal.db")


def test_a_journal_of_another_version_is_said_and_what_to_do(tmp_path: Path) -> None:
    """A snapshot whose classes are not ours any more: no start, and nothing is left running."""

    async def run() -> None:
        async with live(tmp_path) as floor:
            floor.staff("li")
        with closing(sqlite3.connect(floor.path)) as db, db:
            db.execute("UPDATE snapshots SET state = replace(state, '\"front_door\"', '\"back_door\"')")
        again = Live(tmp_path)
        with pytest.raises(JournalError, match=r"another version of Callfloor .*; run that version, or move"):
            await again.runner.start()
        assert not any(t.name == "journal" for t in threading.enumerate())

    asyncio.run(run())


def test_a_snapshot_is_of_its_moment(tmp_path: Path) -> None:
    """However much happens while its text is written, it is the state after its entry."""

    async def run() -> None:
        async with live(tmp_path, snapshot_every=7) as floor:
            floor.staff("li")
            for _ in range(50):
                floor.switch.dial("+86", NUMBER)
            await floor.until(lambda: not floor.runner._tasks)
            await floor.safe()

    asyncio.run(run())
    path = tmp_path / "journal.db"
    with closing(sqlite3.connect(path)) as db:
        kept = dict(db.execute("SELECT seq, state FROM snapshots"))
    assert len(kept) > 5
    engine = make_engine()
    for entry in read_entries(path):
        engine.wake(entry.at) if entry.fact is None else engine.handle(entry.fact, entry.at)
        if entry.seq in kept:
            assert make_engine(loads(kept[entry.seq])).hash() == engine.hash()


def test_a_start_under_new_code_begins_with_a_snapshot(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It bears the new version, stands before the first new entry, and differences of the tail are said."""

    async def old() -> int:
        floor = Live(tmp_path, code="v1")
        await floor.runner.start()
        floor.runner.tell(DeviceUp(DeviceId("d")))
        await floor.safe()
        floor.runner.journal.close()  # killed
        return floor.runner.journal.last_seq

    last = asyncio.run(old())
    path = tmp_path / "journal.db"
    with closing(sqlite3.connect(path)) as db, db:  # old code decided otherwise
        db.execute("UPDATE entries SET decisions = '[\"x\"]' WHERE seq = ?", (last,))

    async def new() -> None:
        async with live(tmp_path, code="v2", prefix="T") as floor:
            await floor.safe()
            snapshot = await floor.until(lambda: read_snapshot(path))
            assert (snapshot.code, snapshot.seq) == ("v2", last)

    asyncio.run(new())
    assert "1 of these entries were decided otherwise under code v1" in caplog.text


VICTIM = """
import asyncio, sys
from pathlib import Path
from tests.calls.live import Live
from tests.calls.test_runner import talks

async def run():
    floor = Live(Path(sys.argv[1]), snapshot_every=15)
    await floor.runner.start()
    floor.staff("li", "wu", answers_after_s=0)
    await talks(floor)
    await talks(floor)
    for n in range(3):
        floor.switch.dial("+86", "95588")
    await floor.safe()
    print(floor.runner.engine.hash(), flush=True)
    await asyncio.sleep(60)

asyncio.run(run())
"""


def test_killed_with_calls_up_and_recovered(tmp_path: Path) -> None:
    """``kill -9``, then a start: the journal replays to the dead process's floor and its calls are closed."""
    root = str(Path(__file__).parents[2])
    victim = subprocess.Popen(
        [sys.executable, "-c", VICTIM, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": root, "PYTHONHASHSEED": "7"},
    )
    assert victim.stdout is not None
    try:
        before = victim.stdout.readline().strip()
        victim.send_signal(signal.SIGKILL)
        assert victim.wait(10) == -signal.SIGKILL
    finally:
        victim.kill()
        victim.wait()
        victim.stdout.close()
    assert replayed_hash(tmp_path / "journal.db") == before

    async def run() -> str:
        async with live(tmp_path, prefix="T") as floor:
            await floor.until(lambda: len(floor.of(CallFinished)) == 5)
            records = [m.record for m in floor.of(CallFinished)]
            assert {r.outcome for r in records} == {"lost"}
            assert sorted(r.talk_us > 0 for r in records) == [False, False, False, True, True]
            floor.phones["li"] = floor.switch.phone("desk-li")
            floor.phones["li"].answers_after_s = 0
            floor.phones["li"].register()
            floor.runner.tell(WrapUpEnded(AgentId("li")))
            await talks(floor)  # and it takes calls again
        return floor.runner.engine.hash()

    assert asyncio.run(run()) == replayed_hash(tmp_path / "journal.db")


def test_stop_ends_calls_and_hears_nothing_more(tmp_path: Path) -> None:
    """Calls end through the switch and are finished; the last snapshot needs no tail."""

    async def run() -> str:
        async with live(tmp_path) as floor:
            floor.staff("li", answers_after_s=0)
            await talks(floor)
        assert not floor.switch.legs
        entries = floor.runner.journal.last_seq
        floor.runner.tell(DeviceUp(DeviceId("late")))
        assert floor.runner.journal.last_seq == entries
        await floor.runner.stop()
        return floor.runner.engine.hash()

    before = asyncio.run(run())
    snapshot = read_snapshot(tmp_path / "journal.db")
    assert snapshot is not None
    assert list(read_entries(tmp_path / "journal.db", snapshot.seq)) == []
    assert make_engine(snapshot.state).hash() == before


def test_the_journal_says_which_calls_an_entry_concerns(tmp_path: Path) -> None:
    """Also those named by legs only, and those in the decisions."""

    async def run() -> None:
        async with live(tmp_path) as floor:
            floor.staff("li", answers_after_s=0)
            first = await talks(floor)
            second = floor.switch.dial("+86", NUMBER)
            await floor.until(lambda: second.hears.startswith("play:"))
            second.press("1")
            await floor.until(lambda: floor.phase(second.call) == "waiting")
            first.hang_up()
            await floor.safe()

    asyncio.run(run())
    with closing(sqlite3.connect(tmp_path / "journal.db")) as db:
        calls = {c for (text,) in db.execute("SELECT calls FROM entries") for c in text.split(",") if c}
    assert calls == {"S1", "S2"}
