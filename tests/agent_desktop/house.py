"""A whole platform on the simulated switch, served on a free port, for the tests of this folder."""

import asyncio
import json
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import uvicorn
from websockets.asyncio.client import ClientConnection, connect

from callfloor import setup
from callfloor.server import Platform
from callfloor.settings import Data, Flows, Settings
from common.auth import create_user
from common.auth.tables import Role
from telephony.simulated import SimulatedSwitch, VirtualPhone
from tests.running import TRUSTING
from tests.tables import with_tables

PASSWORD = "correct horse 7"
PATIENCE_S = 10.0
NUMBER = "95588"
FLOW = """
flow: straight
version: 1
languages: [en]
entry: wait
default_queue: personal
nodes:
  wait:
    type: queue
    queue: personal
    exits: {default: bye}
  bye:
    type: hang_up
"""
ROWS = """
format: 1
queues:
- {id: personal, name: Personal banking, ring_s: 5, wrap_up_s: 60, when_no_agents: wait}
- {id: business, name: Business banking}
skills:
- {id: english, name: English}
agents:
- {id: wang, name: Wang Fang, queues: [personal]}
- {id: li, name: Li Na, queues: [personal]}
- {id: sun, name: Sun Lei, queues: [{queue: personal, level: 2, penalty: 5}], may_pull: true}
entry-numbers:
- {id: "95588", name: Hotline, flow: straight}
"""
USERS: tuple[tuple[str, Role, str | None], ...] = (
    ("wang", "agent", "wang"),
    ("li", "agent", "li"),
    ("sun", "agent", "sun"),
    ("boss", "supervisor", None),
    ("plan", "planner", None),
    ("root", "admin", None),
)


class Page:
    """One user's browser: HTTP with the CSRF token, and what the socket told."""

    def __init__(self, http: httpx.AsyncClient, socket: ClientConnection) -> None:
        self.http = http
        self.told: list[dict[str, Any]] = []
        self._socket = socket

    async def post(self, path: str, **body: Any) -> httpx.Response:
        """POST to ``/api/desk``."""
        return await self.http.post(f"/api/desk/{path}", json=body)

    async def until(self, look: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
        """The first message, told or still to come, of which ``look`` is true."""
        for message in self.told:
            if look(message):
                return message
        async with asyncio.timeout(PATIENCE_S):
            while True:
                message = json.loads(await self._socket.recv())
                self.told.append(message)
                if look(message):
                    return message

    async def put(self, kind: str, **values: Any) -> dict[str, Any]:
        """The first ``put`` of a kind whose value has these values."""
        message = await self.until(
            lambda m: (
                m.get("kind") == kind
                and m["type"] == "put"
                and all(m["value"][k] == v for k, v in values.items())
            )
        )
        return dict(message["value"])

    async def closed(self) -> int | None:
        """The code the server closed the socket with."""
        async with asyncio.timeout(PATIENCE_S):
            await self._socket.wait_closed()
        return self._socket.close_code

    async def close(self) -> None:
        """Close the browser."""
        await self._socket.close()
        await self.http.aclose()


class House:
    """The platform and the browsers looking at it."""

    def __init__(self, platform: Platform, port: int) -> None:
        self.platform = platform
        self.origin = f"http://127.0.0.1:{port}"
        self._pages: list[Page] = []

    @property
    def switch(self) -> SimulatedSwitch:
        """Where callers and telephones are."""
        switch = self.platform.switch
        assert isinstance(switch, SimulatedSwitch)
        return switch

    async def page(self, user: str) -> Page:
        """A browser of ``user``, signed in, its first message read."""
        http = httpx.AsyncClient(base_url=self.origin, headers={"Origin": self.origin}, verify=TRUSTING)
        answer = await http.post("/api/session", json={"user": user, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        http.headers["X-CSRF-Token"] = answer.json()["csrf"]
        page = Page(http, await self.socket(http))
        self._pages.append(page)
        await page.until(lambda m: m["type"] == "snapshot")
        return page

    async def socket(self, http: httpx.AsyncClient) -> ClientConnection:
        """The page's websocket with the cookies of ``http``."""
        cookie = "; ".join(f"{k}={v}" for k, v in http.cookies.items())
        return await connect(
            f"ws{self.origin.removeprefix('http')}/api/desk/socket",
            additional_headers={"Cookie": cookie, "Origin": self.origin},
            max_queue=None,  # a page that nobody reads to the end closes at once all the same
        )

    async def at_work(self, user: str) -> tuple[Page, VirtualPhone]:
        """An agent's page and telephone, ready for calls."""
        page = await self.page(user)
        device = (await page.post("device")).json()["uri"].removeprefix("sip:").split("@")[0]
        phone = self.switch.phone(device)
        phone.register()
        for step in ("sign-in", "ready"):
            answer = await page.post(step)
            assert answer.status_code == 204, answer.text
        await page.put("agents", id=user, state="available")
        return page, phone

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for page in self._pages:
            await page.close()


def _rows(url: str) -> None:
    database = with_tables(url)
    try:
        with database.transaction() as session:
            setup.import_text(session, ROWS, "rows")
            for user, role, agent in USERS:
                create_user(session, user, PASSWORD, role=role, name=user.title(), agent=agent)
    finally:
        database.close()


@asynccontextmanager
async def open_house(folder: Path) -> AsyncIterator[House]:
    """The platform is up and serves."""
    flows = folder / "flows"
    flows.mkdir()
    (flows / "straight.yaml").write_text(FLOW, encoding="utf-8")
    settings = Settings(data=Data(folder=str(folder / "data")), flows=Flows((str(flows),), "straight"))
    settings.folder.mkdir()
    await asyncio.to_thread(_rows, settings.database_url)
    loop = asyncio.get_running_loop()
    platform = Platform(settings, lambda _platform: SimulatedSwitch(loop))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        config = uvicorn.Config(
            platform.app, host="127.0.0.1", port=0, log_config=None, access_log=False, ws="websockets-sansio"
        )
        server = uvicorn.Server(config)
        async with platform.running():
            serving = asyncio.create_task(server.serve())
            while not server.started:
                await asyncio.sleep(0.01)
            port = server.servers[0].sockets[0].getsockname()[1]
            try:
                async with House(platform, port) as house:
                    yield house
            finally:
                server.should_exit = True
                await serving
