"""What supervisors do with the live floor, and that agents and planners do not."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx

from tests.agent_desktop.house import NUMBER, House, Page, open_house


def play(folder: Path, scene: Callable[[House], Awaitable[None]]) -> None:
    """Let a scene happen in a house of its own."""

    async def main() -> None:
        async with open_house(folder) as house:
            await scene(house)

    asyncio.run(main())


async def post(page: Page, path: str, **body: object) -> httpx.Response:
    """POST to ``/api/floor``."""
    return await page.http.post(f"/api/floor/{path}", json=body)


async def done(page: Page, path: str, **body: object) -> None:
    """POST something the floor takes."""
    answer = await post(page, path, **body)
    assert answer.status_code == 204, answer.text


async def refused(page: Page, path: str, **body: object) -> str:
    """POST something the floor refuses, and why it does."""
    answer = await post(page, path, **body)
    assert answer.status_code == 409, answer.text
    return str(answer.json()["detail"])


async def waiting(house: House, boss: Page, number: str = "+8613800000001") -> str:
    """A call that waits because nobody is ready."""
    house.switch.dial(number, NUMBER)
    return str((await boss.put("calls", caller=number, phase="waiting"))["id"])


def test_a_supervisor_pauses_readies_and_signs_out_anybody(tmp_path: Path) -> None:
    """The agent's own page and the board say by whom."""

    async def scene(house: House) -> None:
        boss = await house.page("boss")
        wang, _ = await house.at_work("wang")
        await done(boss, "agents/wang/pause", reason="meeting")
        view = await wang.put("agents", state="paused", reason="meeting")
        assert view["by"] == "boss"
        await done(boss, "agents/wang/ready")
        await boss.put("agents", id="wang", state="available", by="")
        await done(boss, "agents/wang/sign-out")
        await boss.put("agents", id="wang", state="signed_out")
        assert "signed_out" in await refused(boss, "agents/wang/ready")
        assert "nobody" in await refused(boss, "agents/nobody/ready")

    play(tmp_path, scene)


def test_a_waiting_call_is_given_to_somebody_out_of_turn(tmp_path: Path) -> None:
    """It rings there, although they are paused; who is not at work cannot be given any."""

    async def scene(house: House) -> None:
        boss = await house.page("boss")
        li, _ = await house.at_work("li")
        await done(boss, "agents/li/pause", reason="meeting")
        await waiting(house, boss)
        later = await waiting(house, boss, "+8613800000002")
        assert "signed out" in await refused(boss, f"calls/{later}/assign", agent="wang")
        await done(boss, f"calls/{later}/assign", agent="li")
        offer = await li.put("offers", call=later)
        assert (offer["auto_answer"], offer["why"]["strategy"]) == (False, "assigned by boss")

    play(tmp_path, scene)


def test_a_waiting_call_says_why_nobody_has_it(tmp_path: Path) -> None:
    """Its place and, for each agent of the queue, what rules them out."""

    async def scene(house: House) -> None:
        boss = await house.page("boss")
        await house.at_work("li")
        await done(boss, "agents/li/pause", reason="meeting")
        await house.at_work("sun")
        await waiting(house, boss)
        call = await waiting(house, boss, "+8613800000002")
        told = (await boss.http.get(f"/api/floor/calls/{call}/standing")).json()
        assert (told["position"], told["queue_name"], told["skills"]) == (2, "Personal banking", [])
        assert {one["name"]: one["filtered"] for one in told["candidates"]} == {
            "Li Na": "state: paused",
            "Sun Lei": "level: 2, now asked up to 1",
            "Wang Fang": "state: signed_out",
        }

    play(tmp_path, scene)


def test_priority_moves_a_waiting_call_ahead(tmp_path: Path) -> None:
    """At once; a call that does not wait has no standing and no priority to set."""

    async def scene(house: House) -> None:
        boss = await house.page("boss")
        await waiting(house, boss)
        second = await waiting(house, boss, "+8613800000002")
        behind = (await boss.http.get(f"/api/floor/calls/{second}/standing")).json()
        assert behind["position"] == 2
        await done(boss, f"calls/{second}/priority", base_priority=100)
        ahead = (await boss.http.get(f"/api/floor/calls/{second}/standing")).json()
        assert ahead["position"] == 1
        assert ahead["priority"] >= 100
        assert (await boss.http.get("/api/floor/calls/none/standing")).status_code == 404
        assert "not waiting" in await refused(boss, "calls/none/priority", base_priority=1)
        for wrong in ("NaN", 1e9, None):
            answer = await post(boss, f"calls/{second}/priority", base_priority=wrong)
            assert answer.status_code == 422

    play(tmp_path, scene)


def test_closing_a_queue_sends_who_waits_back_to_the_flow(tmp_path: Path) -> None:
    """Who comes later is not let in; once it is open again, they are."""

    async def scene(house: House) -> None:
        boss = await house.page("boss")
        house.switch.dial("+8613800000001", NUMBER)
        await boss.put("calls", phase="waiting")
        await done(boss, "queues/personal/close", message="Our lines are down.")
        await boss.put("queues", id="personal", closed="Our lines are down.", waiting=0)
        await boss.until(lambda m: m["type"] == "drop" and m["kind"] == "calls")
        late = house.switch.dial("+8613800000002", NUMBER)
        while late.ended is None:
            await asyncio.sleep(0.01)
        await done(boss, "queues/personal/open")
        assert "is open" in await refused(boss, "queues/personal/open")
        assert "no queue" in await refused(boss, "queues/nowhere/close", message="")
        house.switch.dial("+8613800000003", NUMBER)
        await boss.put("calls", caller="+8613800000003", phase="waiting")

    play(tmp_path, scene)


def test_a_missed_caller_is_called_back_with_one_request(tmp_path: Path) -> None:
    """The callback waits in its queue, is not asked for twice, and can be forgotten."""

    async def scene(house: House) -> None:
        boss = await house.page("boss")
        answer = await post(
            boss, "callbacks", number="138 0000 0001", queue="personal", since=1_790_125_200_000
        )
        assert answer.status_code == 201, answer.text
        kept = answer.json()["callback"]
        view = await boss.put("callbacks", id=kept)
        assert (view["number"], view["queue_name"]) == ("+8613800000001", "Personal banking")
        again = await refused(boss, "callbacks", number="+8613800000001", queue="personal")
        assert "already" in again
        assert "no queue" in await refused(boss, "callbacks", number="+8613800000002", queue="nowhere")
        assert (await post(boss, "callbacks", number="no", queue="personal")).status_code == 422
        assert (await boss.http.delete(f"/api/floor/callbacks/{kept}")).status_code == 204
        await boss.until(lambda m: m["type"] == "drop" and m["kind"] == "callbacks" and m["id"] == kept)
        assert (await boss.http.delete(f"/api/floor/callbacks/{kept}")).status_code == 409

    play(tmp_path, scene)


def test_re_skilling_lasts_and_leaves_everything_else(tmp_path: Path) -> None:
    """The agent's row is written; level and penalty in a queue that stays are kept; nobody is signed out."""

    async def scene(house: House) -> None:
        boss, root = await house.page("boss"), await house.page("root")
        await house.at_work("sun")
        before = (await root.http.get("/api/admin/agents/sun")).json()
        await done(boss, "agents/sun/skills", queues=["business", "personal"], skills=["english/3"])
        after = (await root.http.get("/api/admin/agents/sun")).json()
        assert after["queues"] == ["business", {"queue": "personal", "level": 2, "penalty": 5}]
        assert after["skills"] == ["english/3"]
        assert {k: v for k, v in after.items() if k not in ("queues", "skills")} == {
            k: v for k, v in before.items() if k not in ("queues", "skills")
        }
        await boss.put("queues", id="business", staffed=1)
        await done(boss, "agents/sun/skills", skills=[])
        assert (await root.http.get("/api/admin/agents/sun")).json()["queues"] == after["queues"]
        assert house.platform.hub.desk.agents["sun"]["state"] == "available"
        assert (await post(boss, "agents/sun/skills", skills=["flying"])).status_code == 422
        assert (await post(boss, "agents/sun/skills", queues=["nowhere"])).status_code == 422
        assert (await post(boss, "agents/nobody/skills", skills=[])).status_code == 404

    play(tmp_path, scene)


def test_agents_and_planners_may_do_none_of_it(tmp_path: Path) -> None:
    """403 before anything is looked at, the body included."""

    async def scene(house: House) -> None:
        for user in ("wang", "plan"):
            page = await house.page(user)
            for path in ("agents/wang/pause", "calls/x/assign", "queues/personal/close", "callbacks"):
                assert (await post(page, path)).status_code == 403
            assert (await page.http.get("/api/floor/calls/x/standing")).status_code == 403
            assert (await page.http.delete("/api/floor/callbacks/x")).status_code == 403

    play(tmp_path, scene)
