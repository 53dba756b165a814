"""A platform on the simulated switch in this process, for the tests of this folder."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from callfloor import setup
from callfloor.server import Platform
from callfloor.settings import Data, Flows, Settings, Sip, Web
from common.auth import create_user
from common.auth.tables import ROLES
from telephony.simulated import SimulatedSwitch
from tests.tables import with_tables

PASSWORD = "correct horse 7"
ELSEWHERE = "192.0.2.7"
"""An address that is not this machine's."""
NUMBER = "95588"
FLOW = """
flow: straight
version: 1
languages: [en]
entry: account
default_queue: personal
nodes:
  account:
    type: collect
    into: account
    min: 4
    max: 4
    timeout_s: 30
    prompts: {en: "Account?"}
    exits: {done: wait, no_input: bye, no_match: bye}
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
agents:
- {id: agent, name: Ada Agent, queues: [personal]}
- {id: supervisor, name: Sue Supervisor}
- {id: planner, name: Pam Planner}
- {id: admin, name: Ann Admin}
entry-numbers:
- {id: "95588", name: Hotline, flow: straight}
"""


class LoopTime:
    """The time of the event loop that runs when it is asked."""

    def call_later(self, delay: float, callback: Callable[..., Any], *args: Any) -> asyncio.TimerHandle:
        """Call back in some seconds."""
        return asyncio.get_running_loop().call_later(delay, callback, *args)


def settings_in(folder: Path) -> Settings:
    """Settings with a folder of their own and free ports."""
    flows = folder / "flows"
    flows.mkdir(exist_ok=True)
    (flows / "straight.yaml").write_text(FLOW, encoding="utf-8")
    return Settings(
        web=Web(port=0),
        sip=Sip(port=0),
        data=Data(str(folder / "data")),
        flows=Flows((str(flows),), "straight"),
    )


def make_platform(folder: Path, web: Web | None = None) -> Platform:
    """Not running yet; its users are named like their roles and are agents of these names."""
    settings = settings_in(folder)
    if web is not None:
        settings = replace(settings, web=web)
    settings.folder.mkdir(exist_ok=True)
    database = with_tables(settings.database_url)
    with database.transaction() as session:
        setup.import_text(session, ROWS, "rows")
        for role in ROLES:
            create_user(session, role, PASSWORD, role=role, name=role.title(), agent=role)
    database.close()
    return Platform(settings, lambda _: SimulatedSwitch(LoopTime()))


def switch_of(platform: Platform) -> SimulatedSwitch:
    """Where callers and telephones are."""
    assert isinstance(platform.switch, SimulatedSwitch)
    return platform.switch


@asynccontextmanager
async def browser(
    platform: Platform, user: str = "", address: str = ELSEWHERE
) -> AsyncIterator[httpx.AsyncClient]:
    """A browser at ``address``, signed in as ``user`` (empty: nobody)."""
    transport = httpx.ASGITransport(platform.app, client=(address, 50_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://callfloor.test") as http:
        if user:
            answer = await http.post("/api/session", json={"user": user, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            http.headers["X-CSRF-Token"] = answer.json()["csrf"]
        yield http
