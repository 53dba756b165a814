"""The platform as one running thing: floor, switch, records, pages."""

import asyncio
import contextlib
import logging
import socket
import ssl
from collections.abc import AsyncIterator, Callable

import uvicorn
from prometheus_client import CollectorRegistry, Gauge

from agent_desktop.credentials import Credentials
from agent_desktop.hub import Hub
from agent_desktop.views import Desk
from callfloor import certificate as certificate_of
from callfloor import wiring
from callfloor.settings import Settings
from callfloor.web import make_app
from calls.history import Projector
from calls.runner import Runner
from common.db import Database
from domain.config import FloorConfigured, FrontDoorConfigured
from telephony.port import Switch

log = logging.getLogger(__name__)


class Platform:
    """Everything of one process. Use as ``async with platform.running():``."""

    def __init__(self, settings: Settings, make_switch: Callable[["Platform"], Switch]) -> None:
        self.settings = settings
        self.folder = settings.folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self.recordings = self.folder / "recordings"
        self.recordings.mkdir(exist_ok=True)
        self.database = Database(settings.database_url)
        self.credentials = Credentials()
        self.entry_numbers: frozenset[str] = frozenset()
        self._floor_told: FloorConfigured | None = None
        self.book = wiring.make_book(settings)
        self.switch = make_switch(self)
        self.runner = Runner(
            settings.journal_path,
            wiring.engine_maker(settings),
            self.switch,
            wiring.look_up(self.database, settings.region),
            wiring.code_version(self.book),
        )
        self.hub = Hub(Desk(), wiring.card_reader(self.database))
        self.projector = Projector(settings.journal_path, self.database, wiring.keep_contact)
        self.app = make_app()
        self._fill_app()

    def _fill_app(self) -> None:
        state = self.app.state
        state.settings = self.settings
        state.database = self.database
        state.runner = self.runner
        state.hub = self.hub
        state.credentials = self.credentials
        state.book = self.book
        state.switch = self.switch
        state.journal_path = self.settings.journal_path
        state.recordings = self.recordings
        state.rows_changed = self.rows_changed
        state.metrics = self._metrics()

    def _metrics(self) -> CollectorRegistry:
        registry = CollectorRegistry()

        def gauge(name: str, words: str, read: Callable[[], float]) -> None:
            Gauge(name, words, registry=registry).set_function(read)

        gauge("callfloor_calls", "Calls that are up", lambda: len(self.runner.engine.calls))
        gauge("callfloor_agents", "Agents signed in", lambda: len(self.runner.engine.agents))
        gauge("callfloor_pages", "Open pages", lambda: self.hub.pages)
        gauge("callfloor_facts", "Facts taken since the start", lambda: self.runner.facts)
        gauge("callfloor_journal_entries", "Last journal entry", lambda: self.runner.journal.last_seq)
        return registry

    # ------------------------------------------------------------ configuration

    def rows_changed(self, kind: str) -> None:
        """A row was edited (called from a worker thread): let the floor know."""
        self._loop.call_soon_threadsafe(lambda: self._keep(asyncio.ensure_future(self.configure())))

    def _keep(self, task: "asyncio.Task[None]") -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def configure(self) -> None:
        """Read the configuration's rows and tell the floor what is new."""
        floor, door, tiers = await asyncio.to_thread(self._read_configuration)
        self.hub.desk.names.tiers = tiers
        self.entry_numbers = frozenset(e.number for e in door.entries)
        self.hub.desk.reduce(floor)
        if floor != self._floor_told:
            self._floor_told = floor
            self.runner.tell(floor)
        if door != self.runner.engine.front_door:
            self.runner.tell(door)
        for view in self.runner.engine.views():
            self.hub.tell(self.hub.desk.reduce(view))

    def _read_configuration(self) -> tuple[FloorConfigured, FrontDoorConfigured, dict[str, str]]:
        with self.database.transaction() as session:
            return (
                wiring.floor_config(session),
                wiring.front_door(session, self.settings),
                wiring.tier_names(session),
            )

    # ------------------------------------------------------------ life

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The floor is up, without pages."""
        self._loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self.runner.listen(self.hub.on_intent)
        self.runner.listen(lambda intent, at: self.projector.nudge(intent))
        await self.runner.start()
        await self.configure()
        projecting = asyncio.create_task(self.projector.run())
        try:
            yield
        finally:
            await self.hub.stop()
            await self.runner.stop()
            projecting.cancel()
            await asyncio.gather(projecting, *self._tasks, return_exceptions=True)
            await asyncio.to_thread(self.projector.catch_up)
            self.database.close()

    async def serve(
        self, ready: Callable[[], None] | None = None, leaving: Callable[[], None] | None = None
    ) -> None:
        """The floor and the pages, until told to stop by a signal or by a failure.

        ``ready`` is called once pages are served, ``leaving`` before anything is taken down.
        """
        async with self.running():
            server = _Server(self._uvicorn_config(), ready)
            serving = asyncio.create_task(server.serve())
            failed = asyncio.create_task(self.runner.stopped.wait())
            await asyncio.wait({serving, failed}, return_when=asyncio.FIRST_COMPLETED)
            if leaving is not None:
                leaving()
            server.should_exit = True
            await self.hub.stop()
            await serving
            failed.cancel()

    def _uvicorn_config(self) -> uvicorn.Config:
        web = self.settings.web
        certificate, key = web.certificate or None, web.key or None
        if web.self_signed and certificate is None:
            certificate, key = (str(p) for p in certificate_of.make(self.folder, web.host))
        return uvicorn.Config(
            self.app,
            host=web.host,
            port=web.port,
            ssl_certfile=certificate,
            ssl_keyfile=key,
            ssl_version=ssl.PROTOCOL_TLS_SERVER,
            log_config=None,
            access_log=False,
            ws="websockets-sansio",
            timeout_graceful_shutdown=5,
        )


class _Server(uvicorn.Server):
    """A server that says when it listens."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None] | None) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and self._ready is not None:
            self._ready()
