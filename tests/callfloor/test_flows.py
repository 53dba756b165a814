"""Published flows on a running platform: for new calls at once, kept by calls under way, in the journal."""

import asyncio
from pathlib import Path

import httpx
import pytest

from callfloor import wiring
from callfloor.replay import replay
from callfloor.server import Platform
from domain.codec import dumps, loads
from ivr.judging import Judgement
from telephony.simulated import SimulatedSwitch
from tests.callfloor.running import FLOW, NUMBER, LoopTime, browser, make_platform, switch_of
from tests.callfloor.test_server import until
from tests.hashes import quick_hashes

__all__ = ["quick_hashes"]
pytestmark = pytest.mark.usefixtures("quick_hashes")
STRAIGHT = "/api/ivr/flows/straight"


async def publish(http: httpx.AsyncClient, text: str, live: int | None) -> int:
    saved = await http.put(f"{STRAIGHT}/draft", json={"text": text})
    assert saved.status_code == 201, saved.text
    answer = await http.post(
        f"{STRAIGHT}/publish", json={"live": live}, headers={"If-Match": saved.headers["etag"]}
    )
    assert answer.status_code == 200, answer.text
    version: int = answer.json()["version"]
    return version


def live_version(platform: Platform) -> int | None:
    """What a call that began now would get."""
    flow = platform.runner.engine.book.flow("straight")  # type: ignore[attr-defined]
    return None if flow is None else flow.version


def versions_of_calls(platform: Platform) -> list[int]:
    return [session.state.version for _, session in sorted(platform.runner.engine.sessions.items())]


async def a_call(platform: Platform) -> None:
    count = len(platform.runner.engine.sessions)
    switch_of(platform).dial("13800000001", NUMBER)
    await until(lambda: len(platform.runner.engine.sessions) == count + 1)


def test_what_is_published_is_for_new_calls_at_once_and_for_them_alone(tmp_path: Path) -> None:
    """Calls under way keep their version, over a publication, a rollback and a restart of the platform; a
    replay of the journal decides the same and ends in the same state.
    """
    platform = make_platform(tmp_path)

    async def main() -> None:
        async with platform.running(), browser(platform, "admin") as http:
            await a_call(platform)
            assert await publish(http, FLOW.replace("Account?", "Number?"), None) == 2
            await until(lambda: live_version(platform) == 2)
            await a_call(platform)
            assert await publish(http, FLOW.replace("Account?", "Your number?"), 2) == 3
            await until(lambda: live_version(platform) == 3)
            await a_call(platform)
            assert versions_of_calls(platform) == [1, 2, 3]
            back = await http.post(f"{STRAIGHT}/rollback", json={"version": 1, "live": 3})
            assert back.status_code == 200
            await until(lambda: live_version(platform) == 1)
            await a_call(platform)
            assert versions_of_calls(platform) == [1, 2, 3, 1]
            door = platform.runner.engine.front_door
            assert door is not None
            assert [(t.version, t.live) for t in door.flows] == [(1, True), (2, False), (3, False)]
            engine = platform.runner.engine
            again = wiring.engine_maker(platform.settings)(loads(dumps(engine.state)))
            assert [(s.flow.version, s.state) for _, s in sorted(again.sessions.items())] == [  # type: ignore[attr-defined]
                (s.state.version, s.state) for _, s in sorted(engine.sessions.items())
            ]
        found = replay(platform.settings.journal_path, wiring.engine_maker(platform.settings), print)
        assert (found.differences, found.hash) == (0, platform.runner.engine.hash())

    asyncio.run(main())


def test_a_restart_begins_with_what_is_published(tmp_path: Path) -> None:
    """Before anything is told anew, and for what is said to callers."""
    platform = make_platform(tmp_path)

    async def main() -> None:
        async with platform.running(), browser(platform, "admin") as http:
            await publish(http, FLOW.replace("Account?", "Number?"), None)
            await until(lambda: live_version(platform) == 2)
        again = Platform(platform.settings, lambda _: SimulatedSwitch(LoopTime()))
        assert [p.text for f in again.book.flows if f.name == "straight" for p in f.fixed_prompts()] == [  # type: ignore[union-attr]
            "Number?"
        ]
        async with again.running():
            assert live_version(again) == 2

    asyncio.run(main())


def test_calls_that_are_over_let_their_version_go(tmp_path: Path) -> None:
    """With the next change of the front door, so that journals do not carry old texts for ever."""
    platform = make_platform(tmp_path)

    async def main() -> None:
        async with platform.running(), browser(platform, "admin") as http:
            await publish(http, FLOW, None)
            await until(lambda: live_version(platform) == 2)
            caller = switch_of(platform).dial("13800000001", NUMBER)
            await until(lambda: versions_of_calls(platform) == [2])
            await publish(http, FLOW, 2)
            await until(lambda: live_version(platform) == 3)
            caller.hang_up()
            await until(lambda: not platform.runner.engine.sessions)
            await publish(http, FLOW, 3)
            await until(lambda: live_version(platform) == 4)
            door = platform.runner.engine.front_door
            assert door is not None
            assert [text.version for text in door.flows] == [4]

    asyncio.run(main())


def test_a_withdrawn_flow_is_that_of_the_folder_again(tmp_path: Path) -> None:
    """Without a restart."""
    platform = make_platform(tmp_path)

    async def main() -> None:
        async with platform.running(), browser(platform, "admin") as http:
            await publish(http, FLOW, None)
            await until(lambda: live_version(platform) == 2)
            assert (await http.post(f"{STRAIGHT}/withdraw", json={"live": 2})).status_code == 204
            await until(lambda: live_version(platform) == 1)

    asyncio.run(main())


def test_a_flow_this_program_cannot_read_is_logged_and_callers_get_the_file(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was published under another program."""
    platform = make_platform(tmp_path)

    async def main() -> None:
        async with platform.running(), browser(platform, "admin") as http:
            monkeypatch.setattr("ivr.flows_api.judge", lambda *_: Judgement())
            await publish(http, FLOW.replace("type: queue", "type: quay"), None)
            await until(lambda: "callers do not get flow straight" in caplog.text)
            assert live_version(platform) == 1
        assert "straight version 2:17: node wait: unknown type quay" in caplog.text

    asyncio.run(main())


def test_a_draft_is_told_what_is_not_there(tmp_path: Path) -> None:
    """Queues of the records, flows of folders and rows."""
    platform = make_platform(tmp_path)

    async def main() -> None:
        async with platform.running(), browser(platform, "admin") as http:
            other = FLOW.replace("straight", "other").replace(" queue: personal", " queue: nobody")
            saved = await http.put("/api/ivr/flows/other/draft", json={"text": other})
            (warning,) = saved.json()["warnings"]
            assert warning["reason"] == "node wait: there is no queue nobody"

    asyncio.run(main())
