"""What the floor refuses reaches the page; the telephone's password ends with the work."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from agent_desktop.credentials import Credentials
from domain.desk import AgentReady
from domain.ids import AgentId
from tests.agent_desktop.house import NUMBER, House, Page, open_house


def play(folder: Path, scene: Callable[[House], Awaitable[None]]) -> None:
    """Let a scene happen in a house of its own."""

    async def main() -> None:
        async with open_house(folder) as house:
            await scene(house)

    asyncio.run(main())


async def refused(page: Page, path: str, **body: object) -> str:
    """Why a request was refused."""
    answer = await page.post(path, **body)
    assert answer.status_code == 409, (path, answer.status_code, answer.text)
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["detail"])


async def committed(house: House) -> None:
    """Until every decision is safe and told."""
    while house.platform.runner.uncommitted:
        await asyncio.sleep(0.005)


def test_what_the_floor_refuses_is_a_409_with_its_reason(tmp_path: Path) -> None:
    """Nobody believes they are ready when they are not."""

    async def scene(house: House) -> None:
        page = await house.page("wang")
        assert "signed_out" in await refused(page, "ready")
        assert "signed_out" in await refused(page, "pause", reason="lunch")
        assert "signed_out" in await refused(page, "sign-out")
        assert "no live offer" in await refused(page, "decline", offer="o9")
        assert (await page.post("sign-in")).status_code == 204
        assert (await page.post("ready")).status_code == 204
        await committed(house)

    play(tmp_path, scene)


def test_what_a_call_cannot_do_now_is_a_409_too(tmp_path: Path) -> None:
    """Resumed without being held, wrapped up while it goes on: the note is kept, the talk goes on."""

    async def scene(house: House) -> None:
        page, phone = await house.at_work("wang")
        house.switch.dial("+8613800000001", NUMBER)
        call = (await page.put("offers", agent="wang"))["call"]
        phone.answer()
        await page.put("calls", phase="talking")
        assert "phase talking" in await refused(page, "resume", call=call)
        assert "on_contact" in await refused(page, "wrap-up", call=call, note="so far", done=True)
        assert house.platform.runner.engine.calls[call].state.phase == "talking"

    play(tmp_path, scene)


def test_signing_in_twice_is_as_good_as_once(tmp_path: Path) -> None:
    """A second click, a reload, and a reload of somebody who leaves after their contact."""

    async def scene(house: House) -> None:
        page, phone = await house.at_work("wang")
        assert (await page.post("sign-in")).status_code == 204
        house.switch.dial("+8613800000001", NUMBER)
        await page.put("offers", agent="wang")
        phone.answer()
        await page.put("calls", phase="talking")
        assert (await page.post("sign-out")).status_code == 204
        await page.put("agents", next_state="signed_out")
        assert (await page.post("sign-in")).status_code == 204
        assert (await page.post("ready")).status_code == 204
        await page.put("agents", state="on_contact", next_state="")

    play(tmp_path, scene)


def test_an_agent_who_is_no_longer_configured_is_told_so_each_time(tmp_path: Path) -> None:
    """Not only the first time."""

    async def scene(house: House) -> None:
        page = await house.page("wang")
        config = house.platform._read_configuration()[0]
        others = tuple(agent for agent in config.agents if agent.id != "wang")
        house.platform.runner.tell(type(config)(agents=others, queues=config.queues))
        for _ in range(2):
            assert "wang" in await refused(page, "sign-in")

    play(tmp_path, scene)


def test_the_telephones_password_ends_when_the_floor_has_signed_the_agent_out(tmp_path: Path) -> None:
    """At once when idle; during a contact only after it, so that a reload finds its way back."""

    async def scene(house: House) -> None:
        credentials = house.platform.credentials
        page, phone = await house.at_work("wang")
        device = Credentials.device_of("wang")
        house.switch.dial("+8613800000001", NUMBER)
        call = (await page.put("offers", agent="wang"))["call"]
        phone.answer()
        await page.put("calls", phase="talking")
        assert (await page.post("sign-out")).status_code == 204
        await committed(house)
        assert credentials.password_of(device) is not None
        assert (await page.post("hang-up", call=call)).status_code == 204
        await page.put("agents", state="wrap_up")
        assert (await page.post("wrap-up", call=call, done=True)).status_code == 204
        await page.put("agents", state="signed_out")
        await committed(house)
        assert credentials.password_of(device) is None
        given = (await page.post("device")).json()["password"]
        assert credentials.password_of(device) == given

    play(tmp_path, scene)


def test_a_floor_that_stopped_or_stops_says_so(tmp_path: Path) -> None:
    """503, and nothing is pretended to be done."""

    async def scene(house: House) -> None:
        page = await house.page("wang")
        await house.platform.runner.stop()
        answer = await page.post("ready")
        assert (answer.status_code, answer.json()["title"]) == (503, "The platform stops")
        assert house.platform.runner.ask(AgentReady(AgentId("wang"))) == []

    play(tmp_path, scene)


def test_a_body_that_is_not_right_is_a_422(tmp_path: Path) -> None:
    """As problem+json, with the field's name."""

    async def scene(house: House) -> None:
        page = await house.page("wang")
        for body in ({}, {"reason": ""}, {"reason": "x" * 65}, {"reason": 7}):
            answer = await page.post("pause", **body)
            assert answer.status_code == 422
            assert "reason" in answer.json()["errors"][0]["at"]

    play(tmp_path, scene)
