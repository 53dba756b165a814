"""What the floor refuses reaches the page; the telephone's password ends with the work."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from agent_desktop.credentials import Credentials
from domain.desk import AgentReady
from domain.ids import AgentId
from telephony.simulated import VirtualCaller
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
        assert "wraps nothing up" in await refused(page, "wrap-up", call=call, note="so far", done=True)
        assert house.platform.runner.engine.calls[call].state.phase == "talking"

    play(tmp_path, scene)


def outside(house: House, number: str) -> VirtualCaller:
    """Somebody who can be dialled."""
    party = house.switch.outside[number] = VirtualCaller(house.switch, number)
    return party


def test_a_call_that_rings_at_a_colleague_can_be_picked_up(tmp_path: Path) -> None:
    """It is shown as near without its caller, picked up by itself, and the colleague's telephone stops."""

    async def scene(house: House) -> None:
        wang, _ = await house.at_work("wang")
        house.switch.dial("+8613800000001", NUMBER)
        call = (await wang.put("offers", agent="wang"))["call"]
        li, _ = await house.at_work("li")
        near = await li.put("near", id=call)
        assert (near["rings_at"], near["queue_name"]) == (["Wang Fang"], "Personal banking")
        assert (await li.post("pick-up", call=call)).status_code == 204
        offer = await li.put("offers", agent="li")
        assert offer["auto_answer"] is True
        await li.put("calls", phase="talking", agent="li")
        await wang.until(lambda m: m["type"] == "drop" and m["kind"] == "offers")
        await li.until(lambda m: m["type"] == "drop" and m["kind"] == "near")
        assert "neither waits nor rings" in await refused(wang, "pick-up", call=call)

    play(tmp_path, scene)


def test_waiting_calls_are_for_who_may_take_them_out_of_turn(tmp_path: Path) -> None:
    """Nobody else is shown them, or gets them by asking."""

    async def scene(house: House) -> None:
        sun, _ = await house.at_work("sun")
        assert (await sun.post("pause", reason="meeting")).status_code == 204
        li, _ = await house.at_work("li")
        assert (await li.post("pause", reason="meeting")).status_code == 204
        caller = house.switch.dial("+8613800000001", NUMBER)
        call = (await sun.put("near", rings_at=[]))["id"]
        assert "out of turn" in await refused(li, "pick-up", call=call)
        assert all(m.get("kind") != "near" for m in li.told)
        assert (await sun.post("pick-up", call=call)).status_code == 204
        await sun.put("calls", phase="talking", agent="sun")
        assert caller.ended is None

    play(tmp_path, scene)


def test_an_agent_dials_out(tmp_path: Path) -> None:
    """Their telephone picks up by itself, then the number, written as people write it, is dialled."""

    async def scene(house: House) -> None:
        customer = outside(house, "+8613900000009")
        wang, _ = await house.at_work("wang")
        answer = await wang.post("dial", number="139 0000 0009", queue="personal")
        assert answer.status_code == 200, answer.text
        call = answer.json()["call"]
        assert "." not in call
        view = await wang.put("calls", phase="dialling")
        assert (view["id"], view["direction"], view["caller"]) == (call, "out", "+8613900000009")
        customer.answer()
        await wang.put("calls", phase="talking")
        assert "no room" in await refused(wang, "dial", number="95588")
        assert (await wang.post("hang-up", call=call)).status_code == 204
        await wang.put("agents", state="wrap_up", call=call)

    play(tmp_path, scene)


def test_dialling_from_the_wrap_up_ends_it(tmp_path: Path) -> None:
    """And no waiting call comes first; a number that does not answer leaves the agent ready."""

    async def scene(house: House) -> None:
        wang, phone = await house.at_work("wang")
        first = house.switch.dial("+8613800000001", NUMBER)
        await wang.put("offers", agent="wang")
        phone.answer()
        await wang.put("calls", phase="talking")
        house.switch.dial("+8613800000002", NUMBER)
        first.hang_up()
        await wang.put("agents", state="wrap_up")
        wang.told.clear()
        call = (await wang.post("dial", number="+8613900000009")).json()["call"]
        assert (await wang.put("calls", phase="dialling"))["id"] == call
        # Nobody is there: they are told so, and the next caller in line is offered.
        told = await wang.until(lambda m: m["type"] == "news")
        assert (told["news"], told["number"], told["handed_on"]) == ("not_reached", "+8613900000009", False)
        offer = await wang.put("offers", agent="wang", dial="")
        assert offer["call"] != call

    play(tmp_path, scene)


def test_what_is_no_number_is_not_dialled(tmp_path: Path) -> None:
    """422 with the number in words; a short number is one."""

    async def scene(house: House) -> None:
        wang, _ = await house.at_work("wang")
        for number in ("hello", "12", "+", "sip:boss@example.com", "1234567890123456789"):
            answer = await wang.post("dial", number=number)
            assert (answer.status_code, answer.json()["at"]) == (422, "number"), number
        assert (await wang.post("dial", number="955 88")).status_code == 200
        assert (await wang.put("offers", agent="wang"))["dial"] == "95588"

    play(tmp_path, scene)


def test_a_caller_is_handed_to_a_colleague_and_to_a_queue(tmp_path: Path) -> None:
    """The agent is free at once, the caller is rung for at the other's; who has no call hands nothing on."""

    async def scene(house: House) -> None:
        wang, phone = await house.at_work("wang")
        caller = house.switch.dial("+8613800000001", NUMBER)
        call = (await wang.put("offers", agent="wang"))["call"]
        phone.answer()
        await wang.put("calls", phase="talking")
        li, other = await house.at_work("li")
        answer = await li.post("transfer", call=call, to="agent", target="li")
        assert answer.status_code == 404
        assert (await wang.post("transfer", call=call, to="agent", target="li")).status_code == 204
        assert (await li.put("offers", agent="li"))["call"] == call
        other.answer()
        await li.put("calls", phase="talking", agent="li")
        await wang.put("agents", state="wrap_up")
        for to, target, status in (("queue", "nowhere", 404), ("agent", "nobody", 404), ("who", "li", 422)):
            answer = await li.post("transfer", call=call, to=to, target=target)
            assert answer.status_code == status, answer.text
        boss = await house.page("boss")
        shut = await boss.http.post("/api/floor/queues/business/close", json={"message": "Closed."})
        assert shut.status_code == 204
        await boss.put("queues", id="business", closed="Closed.")
        assert "is closed" in await refused(li, "transfer", call=call, to="queue", target="business")
        assert caller.ended is None
        assert (await li.post("transfer", call=call, to="queue", target="personal")).status_code == 204
        await boss.put("agents", id="li", state="wrap_up")
        assert caller.ended is None

    play(tmp_path, scene)


def test_a_caller_is_handed_to_a_number(tmp_path: Path) -> None:
    """Who is not reached there comes back to the head of the queue; who is talks on without us."""

    async def scene(house: House) -> None:
        friend = outside(house, "+8613900000009")
        wang, phone = await house.at_work("wang")
        caller = house.switch.dial("+8613800000001", NUMBER)
        call = (await wang.put("offers", agent="wang"))["call"]
        phone.answer()
        await wang.put("calls", phase="talking")
        answer = await wang.post("transfer", call=call, to="number", target="nobody")
        assert answer.status_code == 422
        answer = await wang.post("transfer", call=call, to="number", target="139-0000-0009")
        assert answer.status_code == 204
        await wang.put("calls", phase="dialling")
        friend.answer()
        while caller.hears != friend.leg:
            await asyncio.sleep(0.01)

    play(tmp_path, scene)


def test_the_targets_are_queues_and_colleagues_at_work(tmp_path: Path) -> None:
    """With what a caller would meet there, and nothing of any customer."""

    async def scene(house: House) -> None:
        wang, _ = await house.at_work("wang")
        await house.at_work("li")
        targets = (await wang.http.get("/api/desk/targets")).json()
        assert [(q["id"], q["waiting"], q["available"], q["closed"]) for q in targets["queues"]] == [
            ("business", 0, 0, False),
            ("personal", 0, 2, False),
        ]
        assert [(a["id"], a["state"]) for a in targets["agents"]] == [("li", "available")]
        assert targets["mine"] == ["personal"]

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
