"""What agents do in the page, over real HTTP and sockets, on the simulated switch."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx

from tests.agent_desktop.house import NUMBER, House, open_house


def play(folder: Path, scene: Callable[[House], Awaitable[None]]) -> None:
    """Let a scene happen in a house of its own."""

    async def main() -> None:
        async with open_house(folder) as house:
            await scene(house)

    asyncio.run(main())


def test_a_call_from_ring_to_note(tmp_path: Path) -> None:
    """Offer and screen-pop, answer, hold, hang up, wrap-up, and the record in the agent's own history."""

    async def scene(house: House) -> None:
        page, phone = await house.at_work("wang")
        caller = house.switch.dial("+8613800000001", NUMBER)
        offer = await page.put("offers", agent="wang")
        card = await page.put("cards", call=offer["call"])
        assert (card["match"], card["customer"]) == ("", None)
        assert offer["why"]["candidates"][0]["name"] == "Wang Fang"
        phone.answer()
        await page.put("calls", phase="talking", agent="wang")
        assert (await page.post("hold", call=offer["call"])).status_code == 204
        await page.put("calls", phase="held")
        assert caller.hears == "music"
        assert (await page.post("resume", call=offer["call"])).status_code == 204
        assert (await page.post("hang-up", call=offer["call"])).status_code == 204
        await page.put("agents", state="wrap_up")
        done = await page.post("wrap-up", call=offer["call"], code="enquiry", note="问候", done=True)
        assert done.status_code == 204
        await page.until(lambda m: m["type"] == "drop" and m["kind"] == "calls")
        house.platform.projector.catch_up()
        [record] = (await page.http.get("/api/history/calls")).json()
        assert (record["id"], record["outcome"], record["code"], record["note"]) == (
            offer["call"],
            "answered",
            "enquiry",
            "问候",
        )
        story = (await page.http.get(f"/api/history/calls/{offer['call']}/why")).json()["story"]
        assert {"arrived", "offered", "finished"} <= {line["what"] for line in story}

    play(tmp_path, scene)


def test_a_declined_offer_goes_to_the_next_agent(tmp_path: Path) -> None:
    """The first page loses it, the second one gets it; the caller waits on."""

    async def scene(house: House) -> None:
        wang, _ = await house.at_work("wang")
        caller = house.switch.dial("+8613800000001", NUMBER)
        first = await wang.put("offers", agent="wang")
        li, phone = await house.at_work("li")
        assert (await wang.post("decline", offer=first["id"])).status_code == 204
        second = await li.put("offers", agent="li")
        assert second["call"] == first["call"]
        await wang.until(lambda m: m["type"] == "drop" and m["kind"] == "offers")
        phone.answer()
        await li.put("calls", phase="talking", agent="li")
        assert caller.ended is None

    play(tmp_path, scene)


def test_nobody_touches_another_agents_call(tmp_path: Path) -> None:
    """Hold, hang-up and note of a call that is somebody else's are refused with a reason."""

    async def scene(house: House) -> None:
        wang, phone = await house.at_work("wang")
        house.switch.dial("+8613800000001", NUMBER)
        offer = await wang.put("offers", agent="wang")
        phone.answer()
        await wang.put("calls", phase="talking")
        li = await house.page("li")
        for path in ("hold", "hang-up", "wrap-up", "card"):
            answer = await li.post(path, call=offer["call"], customer="c")
            assert (path, answer.status_code, answer.json()["title"]) == (path, 404, "This call is not yours")
        boss = await house.page("boss")
        assert (await boss.post("ready")).status_code == 403

    play(tmp_path, scene)


def test_a_reloaded_page_sees_its_call_again_and_the_work_goes_on(tmp_path: Path) -> None:
    """The new page's first message has call and card; signing in again changes nothing."""

    async def scene(house: House) -> None:
        page, phone = await house.at_work("wang")
        house.switch.dial("+8613800000001", NUMBER)
        offer = await page.put("offers", agent="wang")
        phone.answer()
        await page.put("calls", phase="talking")
        phone.vanish()
        await page.put("calls", phase="reconnecting")
        again = await house.page("wang")
        [picture] = again.told
        assert picture["calls"][offer["call"]]["phase"] == "reconnecting"
        assert offer["call"] in picture["cards"]
        assert (await again.post("sign-in")).status_code == 204
        phone.register()
        await again.put("calls", phase="talking")
        assert phone.rung[-1].auto_answer

    play(tmp_path, scene)


def test_the_board_is_for_those_who_watch_it(tmp_path: Path) -> None:
    """A supervisor's and a planner's picture has every queue and agent, an agent's only themself."""

    async def scene(house: House) -> None:
        wang = await house.page("wang")
        assert set(wang.told[0]["agents"]) == {"wang"}
        assert wang.told[0]["queues"] == {}
        for user in ("boss", "plan"):
            page = await house.page(user)
            assert set(page.told[0]["queues"]) == {"business", "personal"}
            assert set(page.told[0]["agents"]) == {"wang", "li", "sun"}

    play(tmp_path, scene)


def test_a_socket_without_a_session_is_told_so(tmp_path: Path) -> None:
    """Closed with 4401, by which the page shows its sign-in; open pages are closed when the house closes."""

    async def scene(house: House) -> None:
        async with httpx.AsyncClient(base_url=house.origin) as nobody:
            socket = await house.socket(nobody)
            await socket.wait_closed()
            assert socket.close_code == 4401
        page = await house.page("wang")
        await house.platform.hub.stop()
        assert await page.closed() == 1001

    play(tmp_path, scene)
