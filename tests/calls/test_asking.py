"""Questions of flows, through the live runner: answered in threads of their own, and journaled."""

import asyncio
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest

from acd.floor import Floor
from calls.engine import Engine
from calls.journal import read_entries
from calls.runner import ASKS
from domain.calls import CallFinished, Ignored
from domain.codec import dumps, loads
from domain.flow import Answered, Ask
from domain.ids import CallId, LegId
from domain.instant import Instant
from domain.switch import CallArrived, DigitPressed, LegAnswered, SecretPressed, SwitchReady
from tests.calls.live import Live, live
from tests.calls.test_runner import replayed_hash, talks
from tests.calls.wishes import CARD, WISHES, Book, answer

TYPED = "867530"


def journaled(path: Path, kind: type) -> list[Any]:
    """The facts of a kind in the journal."""
    return [entry.fact for entry in read_entries(path) if isinstance(entry.fact, kind)]


async def rings(floor: Live, keys: str = "") -> Any:
    """Somebody who may wish anything, and their first wishes."""
    caller = floor.switch.dial("+8613800000001", WISHES)
    await floor.until(lambda: caller.hears.startswith("play:"), "the first words")
    caller.press(keys)
    return caller


async def hears_answer(floor: Live, count: int = 1) -> None:
    """So many questions were answered."""
    await floor.safe()
    await floor.until(lambda: len(journaled(floor.path, Answered)) >= count, "an answer")


def test_a_question_is_answered_in_a_thread_and_journaled(tmp_path: Path) -> None:
    """The loop goes on meanwhile; the answer is a fact like any other, and replays."""
    threads: list[str] = []

    def slow(ask: Ask, parameters: dict[str, str]) -> Answered:
        threads.append(threading.current_thread().name)
        return Answered(ask.call, ask.ask, "ok", {"balance": 12.5})

    async def run() -> str:
        async with live(tmp_path, answer=slow) as floor:
            caller = await rings(floor, f"3{TYPED}")
            await hears_answer(floor)
            caller.press("5")
            await hears_answer(floor, 2)
            caller.hang_up()
            await floor.until(lambda: floor.of(CallFinished))
            (finished,) = floor.of(CallFinished)
            assert finished.record.marks == {"answer": "ok"}
        return floor.runner.engine.hash()

    assert asyncio.run(run()) == replayed_hash(tmp_path / "journal.db")
    balance = journaled(tmp_path / "journal.db", Answered)[-1]
    assert (balance.outcome, balance.values) == ("ok", {"balance": 12.5})
    assert [name.partition("_")[0] for name in threads] == ["answer"]


def test_digits_are_hidden_before_anybody_sees_them(tmp_path: Path) -> None:
    """However busy the disk is: from the moment the flow decides so, not from when it was written."""

    async def run() -> None:
        async with live(tmp_path, answer=answer) as floor:
            caller = await rings(floor)
            caller.press(f"3{TYPED}5")  # in one breath, before any commit
            await hears_answer(floor, 2)

    asyncio.run(run())
    path = tmp_path / "journal.db"
    assert [fact.digit for fact in journaled(path, DigitPressed)] == ["3", "5"]
    assert [fact.count for fact in journaled(path, SecretPressed)] == [*range(1, 7)]
    assert journaled(path, Answered)[-1].values == {"balance": 12.5, CARD: "***"}
    assert all(TYPED.encode() not in file.read_bytes() for file in tmp_path.iterdir())


def test_slow_answers_hold_no_look_up_up(tmp_path: Path) -> None:
    """Though every thread for answers is taken, callers are known by their number and served."""
    go_on = threading.Event()

    def stuck(ask: Ask, parameters: dict[str, str]) -> Answered:
        go_on.wait(20)
        return Answered(ask.call, ask.ask, "ok")

    async def run() -> None:
        async with live(tmp_path, answer=stuck) as floor:
            floor.staff("li", answers_after_s=0)
            try:
                for _ in range(ASKS + 4):
                    await rings(floor, f"3{TYPED}5")
                caller = await talks(floor)
                assert floor.phase(caller.call) == "talking"
            finally:
                go_on.set()
            await hears_answer(floor, 2 * (ASKS + 4))

    asyncio.run(run())


def test_an_answer_that_does_not_come_is_a_failure(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """After its time the flow is told so; what still comes is passed over."""
    go_on = threading.Event()

    def stuck(ask: Ask, parameters: dict[str, str]) -> Answered:
        go_on.wait(20)
        return Answered(ask.call, ask.ask, "ok")

    async def run() -> None:
        async with live(tmp_path, answer=stuck, answer_s=0.05) as floor:
            caller = await rings(floor, "5")
            caller.press(f"3{TYPED}5")
            await hears_answer(floor, 3)
            go_on.set()
            await asyncio.sleep(0.05)
            assert [a.outcome for a in journaled(floor.path, Answered)].count("failed") == 2
            assert len(journaled(floor.path, Answered)) == 3

    asyncio.run(run())
    assert "no answer after 0.05 s" in [a.why for a in journaled(tmp_path / "journal.db", Answered)]
    assert "has no answer" in caplog.text and TYPED not in caplog.text


def test_an_answer_after_the_call_is_passed_over(tmp_path: Path) -> None:
    """It is journaled with the reason, and of no consequence."""
    go_on = threading.Event()

    def slow(ask: Ask, parameters: dict[str, str]) -> Answered:
        go_on.wait(20)
        return Answered(ask.call, ask.ask, "ok")

    async def run() -> None:
        async with live(tmp_path, answer=slow) as floor:
            caller = await rings(floor, f"3{TYPED}")
            await hears_answer(floor)
            caller.press("5")
            await floor.safe()
            caller.hang_up()
            await floor.until(lambda: floor.of(CallFinished))
            assert not floor.runner._vault._kept
            go_on.set()
            await hears_answer(floor, 2)
            await floor.safe()
            assert floor.of(Ignored)[-1].why == "there is no live call S1"

    asyncio.run(run())


def test_without_anybody_who_answers_every_question_fails(tmp_path: Path) -> None:
    """With a reason, and the flow goes on."""

    async def run() -> None:
        async with live(tmp_path) as floor:
            caller = await rings(floor, f"3{TYPED}")
            await hears_answer(floor)
            caller.press("5")
            await hears_answer(floor, 2)

    asyncio.run(run())
    length, balance = journaled(tmp_path / "journal.db", Answered)
    assert length.outcome == "ok"  # what the vault has it knows by itself
    assert (balance.outcome, balance.why) == ("failed", "nobody here answers a question of the kind record")


def test_the_platform_stops_while_somebody_still_thinks(tmp_path: Path) -> None:
    """Nobody waits for the answer; the vault is empty."""
    go_on, asked = threading.Event(), threading.Event()

    def stuck(ask: Ask, parameters: dict[str, str]) -> Answered:
        asked.set()
        go_on.wait(20)
        return Answered(ask.call, ask.ask, "ok")

    async def run() -> None:
        try:
            async with live(tmp_path, answer=stuck) as floor:
                caller = await rings(floor, f"3{TYPED}")
                await hears_answer(floor)
                caller.press("5")
                await floor.until(asked.is_set)
            assert not floor.runner._vault._kept
            assert {r.record.outcome for r in floor.of(CallFinished)} <= {"abandoned", "lost"}
        finally:
            go_on.set()

    asyncio.run(run())


def test_other_callers_are_not_concerned(tmp_path: Path) -> None:
    """Digits of the one are heard while those of the other are hidden."""

    async def run() -> None:
        async with live(tmp_path, answer=answer) as floor:
            floor.staff("li", answers_after_s=0)
            secretive = await rings(floor, "3867")
            await talks(floor)
            secretive.press("530")
            await hears_answer(floor)

    asyncio.run(run())
    digits = [(fact.leg, fact.digit) for fact in journaled(tmp_path / "journal.db", DigitPressed)]
    assert digits == [("S1", "3"), ("S2", "1")]


def test_after_a_crash_callers_who_are_still_there_are_asked_again(tmp_path: Path) -> None:
    """``SecretLost`` is journaled right after the switch has said who is alive; then it is as before."""
    before, after = tmp_path / "before", tmp_path / "after"
    for folder in (before, after):
        folder.mkdir()

    async def run() -> str:
        async with live(before, answer=answer) as dead:
            caller = await rings(dead, "3867")
            await dead.safe()
            for file in before.iterdir():  # as a crash would leave them
                shutil.copy(file, after)
            floor = Live(after, prefix="T", answer=answer)
            floor.switch.legs = dict(dead.switch.legs)
            caller._switch = floor.switch
            await floor.runner.start()
            caller.press(TYPED)
            await hears_answer(floor)
            caller.hang_up()
            await floor.until(lambda: floor.of(CallFinished))
            await floor.runner.stop()
        return floor.runner.engine.hash()

    assert asyncio.run(run()) == replayed_hash(after / "journal.db")
    entries = [type(entry.fact).__name__ for entry in read_entries(after / "journal.db")]
    assert entries[entries.index("SwitchReady", 1) :][:2] == ["SwitchReady", "SecretLost"]
    assert [fact.count for fact in journaled(after / "journal.db", SecretPressed)] == [1, 2, 3, *range(1, 7)]
    assert [fact.outcome for fact in journaled(after / "journal.db", Answered)] == ["ok"]


def test_what_was_not_answered_is_asked_again_after_a_restart() -> None:
    """Under the same name, so that it is done once; not when it was answered or the call is lost."""
    engine = Engine(Floor(), Book())
    call, leg, now = CallId("k1"), LegId("k1"), Instant(1_790_125_200_000_000)
    engine.handle(CallArrived(call, leg, "+8613800000001", WISHES), now)
    engine.handle(LegAnswered(leg), now)
    (ask,) = [m for m in engine.handle(DigitPressed(leg, "5"), now) if isinstance(m, Ask)]
    again = Engine.restore(loads(dumps(engine.state)), Floor.restore(engine.floor.state), Book())
    ready = SwitchReady((leg,), ())
    assert [m for m in again.handle(ready, now) if isinstance(m, Ask)] == [ask]
    again.handle(Answered(call, ask.ask, "ok"), now)
    assert not [m for m in again.handle(ready, now) if isinstance(m, Ask)]
    assert not [m for m in engine.handle(SwitchReady((), ()), now) if isinstance(m, Ask)]
