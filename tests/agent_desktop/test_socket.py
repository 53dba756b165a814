"""An open page ends with the session it was opened with."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from agent_desktop import socket as desk_socket
from common.auth import USERS, UserRow
from common.auth.sessions import end_all
from common.auth.users import UserBody
from tests.agent_desktop.house import House, open_house


def play(folder: Path, scene: Callable[[House], Awaitable[None]]) -> None:
    """Let a scene happen in a house of its own."""

    async def main() -> None:
        async with open_house(folder) as house:
            await scene(house)

    asyncio.run(main())


def change_user(house: House, user: str, **values: Any) -> None:
    """As the admin's page does."""
    with house.platform.database.transaction() as session:
        row = session.get_one(UserRow, user)
        USERS.update(session, row, UserBody.model_validate({**USERS.show(row), **values}))
    house.platform.rows_changed("users")


@pytest.mark.parametrize("values", [{"disabled": True}, {"role": "planner"}, {"agent": None}])
def test_a_change_of_rights_closes_the_page_at_once(tmp_path: Path, values: dict[str, Any]) -> None:
    """Disabled, another role, no agent any more: 4401; others stay open."""

    async def scene(house: House) -> None:
        wang, li = await house.page("wang"), await house.page("li")
        change_user(house, "wang", **values)
        assert await wang.closed() == 4401
        house.platform.hub.tell([("li", {"type": "put", "kind": "x", "id": "1", "value": {}})])
        await li.put("x")
        assert house.platform.hub.pages == 1

    play(tmp_path, scene)


def test_a_change_that_takes_no_rights_closes_nothing(tmp_path: Path) -> None:
    """A new name."""

    async def scene(house: House) -> None:
        wang = await house.page("wang")
        change_user(house, "wang", name="Wang Fang")
        house.platform.hub.tell([("wang", {"type": "put", "kind": "x", "id": "1", "value": {}})])
        await wang.put("x")

    play(tmp_path, scene)


def test_a_session_that_ended_closes_a_busy_page_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is looked at by the clock, not when there is nothing to tell; a database that is away is no end."""
    monkeypatch.setattr(desk_socket, "LOOK_S", 0.05)
    looks = 0
    real = desk_socket.authenticate_websocket

    def sometimes_away(socket: Any) -> Any:
        nonlocal looks
        looks += 1
        if looks == 2:
            raise OperationalError("select", {}, sqlite3.OperationalError("away"))
        return real(socket)

    monkeypatch.setattr(desk_socket, "authenticate_websocket", sometimes_away)

    async def scene(house: House) -> None:
        boss = await house.page("boss")
        while looks < 4:
            house.platform.hub.tell([("*", {"type": "put", "kind": "x", "id": "1", "value": {}})])
            await boss.put("x")
            boss.told.clear()
        with house.platform.database.transaction() as session:
            end_all(session, "boss")
        closed: list[int | None] = []
        busy = asyncio.create_task(_keep_telling(house))
        try:
            with pytest.raises(ConnectionClosed):
                await boss.until(lambda message: False)
            closed.append(await boss.closed())
        finally:
            busy.cancel()
        assert closed == [4401]

    play(tmp_path, scene)


async def _keep_telling(house: House) -> None:
    while True:
        house.platform.hub.tell([("*", {"type": "put", "kind": "x", "id": "1", "value": {}})])
        await asyncio.sleep(0.001)


def test_what_the_page_sends_is_passed_over(tmp_path: Path) -> None:
    """Texts, bytes; a flood of a message is refused by the server."""

    async def scene(house: House) -> None:
        wang = await house.page("wang")
        await wang._socket.send("hello")
        await wang._socket.send(b"\x00\xff")
        house.platform.hub.tell([("wang", {"type": "put", "kind": "x", "id": "1", "value": {}})])
        await wang.put("x")
        assert house.platform.hub.pages == 1
        await wang._socket.close()
        while house.platform.hub.pages:
            await asyncio.sleep(0.005)

    play(tmp_path, scene)


def test_another_sites_page_gets_no_picture(tmp_path: Path) -> None:
    """The cookie alone is not enough."""

    async def scene(house: House) -> None:
        wang = await house.page("wang")
        cookie = "; ".join(f"{k}={v}" for k, v in wang.http.cookies.items())
        other = await connect(
            f"ws{house.origin.removeprefix('http')}/api/desk/socket",
            additional_headers={"Cookie": cookie, "Origin": "http://evil.example"},
        )
        await other.wait_closed()
        assert other.close_code == 4401

    play(tmp_path, scene)
