"""Who may pass the door of routes and sockets."""

from typing import Annotated

import pytest
from fastapi import Depends, WebSocket
from starlette.concurrency import run_in_threadpool

from common.auth import Signed, authenticate_websocket, require
from common.auth.tables import ROLES
from tests.common.web import House


@pytest.fixture
def door(house: House) -> House:
    """The house with a route per role and a socket that says who came."""

    def add(role: str) -> None:
        @house.app.post(f"/only/{role}")
        def only(signed: Annotated[Signed, Depends(require(role))]) -> str:  # type: ignore[arg-type]
            return signed.user

    for role in ROLES:
        add(role)

    @house.app.websocket("/socket")
    async def socket(socket: WebSocket) -> None:
        signed = await run_in_threadpool(authenticate_websocket, socket)
        await socket.accept()
        await socket.send_text(signed.user if signed else "")
        await socket.close()

    return house


@pytest.mark.parametrize("role", ROLES)
def test_each_role_opens_its_own_doors(door: House, role: str) -> None:
    """And no other; roles do not include one another."""
    door.add("li", role)  # type: ignore[arg-type]
    browser = door.signed_in("li")
    assert {r: browser.post(f"/only/{r}").status_code for r in ROLES} == {
        r: 200 if r == role else 403 for r in ROLES
    }
    assert door.browser().post(f"/only/{role}").status_code == 401


def test_a_role_that_does_not_exist_is_said_at_once() -> None:
    """A typing error in a route is found when it is made."""
    with pytest.raises(ValueError, match="no such role: boss"):
        require("boss")  # type: ignore[arg-type]


def test_secrets_are_not_in_the_repr() -> None:
    """What lands in a log by accident has no token in it."""
    assert "secret" not in repr(Signed("li", "Li", "agent", None, "secret", "en", "secret"))


@pytest.mark.parametrize(
    ("origin", "who"),
    [
        (None, "root"),
        ("http://callfloor.test", "root"),
        ("http://CALLFLOOR.test:80", "root"),
        ("http://callfloor.test:81", ""),
        ("http://evil.test", ""),
        ("http://callfloor.test.evil.test", ""),
        ("null", ""),
        ("http://[", ""),
    ],
)
def test_sockets_are_for_our_own_page(door: House, origin: str | None, who: str) -> None:
    """Browsers send the cookie with any page's socket, so the page's origin decides."""
    browser = door.signed_in("root")
    headers = {} if origin is None else {"Origin": origin}
    with browser.websocket_connect("ws://callfloor.test/socket", headers=headers) as socket:
        assert socket.receive_text() == who


def test_a_socket_without_a_session_is_nobodys(door: House) -> None:
    """None, as after signing out."""
    browser = door.signed_in("root")
    browser.delete("/api/session")
    with browser.websocket_connect("ws://callfloor.test/socket") as socket:
        assert socket.receive_text() == ""
