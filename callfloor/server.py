"""The platform as one running thing: floor, switch, records, pages."""

import asyncio
import contextlib
import errno
import gc
import logging
import os
import signal
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any

import uvicorn
from sqlalchemy.exc import SQLAlchemyError

from agent_desktop.credentials import Credentials
from agent_desktop.hub import Hub
from agent_desktop.views import Desk
from callfloor import certificate as certificate_of
from callfloor import flow_names, metrics, outside, wiring
from callfloor.planners import make_planning
from callfloor.rostering import make_rostering
from callfloor.settings import Settings
from callfloor.web import make_app
from calls.history import Projector
from calls.runner import Runner, wall_clock
from common.db import Database
from crm_bridge.database import DatabaseCrm
from crm_bridge.port import Crm
from domain.calls import CallChanged, Ignored
from domain.config import FloorConfigured, FrontDoorConfigured
from domain.floor import AgentChanged
from ivr.book import FlowBook, read_published, with_versions_in_use
from ivr.load import FlowError
from telephony.port import Switch

log = logging.getLogger(__name__)
RETRY_S = 5.0
MOST_FRAME = 256 * 1024
"""Bytes of one message on a socket; a browser's SIP request with its SDP has some ten thousand."""
WEB_PORT, SIP_PORT = "the setting web.port", "the setting sip.port"
_ADDRESS = (errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES)


class StartError(Exception):
    """The platform cannot start; the text says why and what to do, in one line."""


class Platform:
    """Everything of one process. Use as ``async with platform.running():``."""

    def __init__(self, settings: Settings, make_switch: Callable[["Platform"], Switch]) -> None:
        self.settings = settings
        self.folder = settings.folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self.recordings = self.folder / "recordings"
        self.recordings.mkdir(exist_ok=True)
        self.database = Database(settings.database_url)
        self.crm: Crm = DatabaseCrm(self.database, settings.region, lambda: self.hub.desk.names.agents)
        self.credentials = Credentials(wall_clock)
        self.entry_numbers: frozenset[str] = frozenset()
        self._floor_told: FloorConfigured | None = None
        self.book = self._make_book()
        self.switch = make_switch(self)
        self.runner = Runner(
            settings.journal_path,
            wiring.engine_maker(settings),
            self.switch,
            wiring.look_up(self.crm),
            wiring.code_version(self.book),
            answer=outside.make_asker(settings, self.database),
        )
        self.hub = Hub(Desk(), wiring.card_reader(self.crm))
        self.projector = Projector(settings.journal_path, self.database, wiring.keep_contact)
        self.tally = metrics.Tally()
        self.planning = make_planning(self.database)
        self.rostering = make_rostering(self.database)
        self.app = make_app()
        self._fill_app()

    def _make_book(self) -> FlowBook:
        """The flows callers get, as far as they can be read now: for pages, and for prompts made early."""
        book = wiring.make_book(self.settings)
        # A database that is away is told when the configuration is read.
        with contextlib.suppress(SQLAlchemyError), self.database.transaction() as session:
            book.configure(wiring.front_door(session, self.settings))
        return book

    def _fill_app(self) -> None:
        state = self.app.state
        state.settings = self.settings
        state.database = self.database
        state.runner = self.runner
        state.hub = self.hub
        state.credentials = self.credentials
        state.book = self.book
        state.flow_names = lambda session: flow_names.of(session, self.book)
        state.switch = self.switch
        state.journal_path = self.settings.journal_path
        state.recordings = self.recordings
        state.planning = self.planning
        state.rostering = self.rostering
        state.rows_changed = self.rows_changed
        state.agent_names = lambda: self.hub.desk.names.agents
        state.metrics = metrics.registry(
            metrics.Figures(self.runner, self.hub, self.projector, self.switch, self.tally, wall_clock)
        )

    # ------------------------------------------------------------ configuration

    def rows_changed(self, kind: str) -> None:
        """A row was edited (called from a worker thread): let floor and pages know."""
        self._loop.call_soon_threadsafe(self._row_changed, kind)

    def _row_changed(self, kind: str) -> None:
        if kind == "users":
            self.hub.doubt()
        self._changed.set()

    async def _keep_configured(self) -> None:
        """One reading after another, so that the floor never hears an older state last."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                await self.configure()
            except Exception:
                log.exception("the configuration cannot be read now; it will be tried again in %g s", RETRY_S)
                self._changed.set()
                await asyncio.sleep(RETRY_S)

    async def configure(self) -> None:
        """Read the configuration's rows and tell the floor what is new."""
        floor, door, tiers = await asyncio.to_thread(self._read_configuration)
        self.hub.desk.names.tiers = tiers
        self.entry_numbers = frozenset(e.number for e in door.entries)
        self.hub.desk.reduce(floor)
        if floor != self._floor_told:
            self._floor_told = floor
            for refusal in self.runner.ask(floor):
                if isinstance(refusal, Ignored):
                    log.error("the floor keeps its old configuration: %s", refusal.why)
        self._tell_front_door(door)
        for view in self.runner.engine.views():
            self.hub.tell(self.hub.desk.reduce(view))

    def _tell_front_door(self, door: FrontDoorConfigured) -> None:
        engine = self.runner.engine
        states = (session.state for session in engine.sessions.values())
        door = with_versions_in_use(door, engine.front_door, states)
        if door == engine.front_door:
            return
        for text in door.flows:
            if isinstance(trouble := read_published(text), FlowError):
                log.error("callers do not get flow %s, which cannot be read: %s", text.name, trouble)
        self.runner.tell(door)
        self.book.configure(door)

    def _read_configuration(self) -> tuple[FloorConfigured, FrontDoorConfigured, dict[str, str]]:
        with self.database.transaction() as session:
            return (
                wiring.floor_config(session, self.settings),
                wiring.front_door(session, self.settings),
                wiring.tier_names(session),
            )

    # ------------------------------------------------------------ life

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The floor is up, without pages. Raises StartError or what recovery raises; nothing is left then."""
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()
        self.runner.listen(self.hub.on_intent)
        self.runner.listen(self.tally.on_intent)
        self.runner.listen(self.credentials.on_intent)
        self.runner.listen(lambda intent, at: self.projector.nudge(intent))
        # Taken down in the reverse of this order, each step whatever became of the others.
        async with contextlib.AsyncExitStack() as stack:
            stack.callback(self.database.close)
            await self._start_floor()
            stack.push_async_callback(self._catch_up_history)
            stack.push_async_callback(self.runner.stop)
            stack.push_async_callback(self.hub.stop)
            await self.configure()
            await self._recall_calls()
            await asyncio.to_thread(self.planning.jobs.start)
            stack.push_async_callback(asyncio.to_thread, self.planning.jobs.stop)
            await asyncio.to_thread(self.rostering.start)
            stack.push_async_callback(asyncio.to_thread, self.rostering.stop)
            await stack.enter_async_context(_beside(self._keep_configured(), self.projector.run()))
            yield

    async def _start_floor(self) -> None:
        try:
            await self.runner.start()
        except BaseException as error:
            # The switch may have got half way up: a media process without anybody to talk to.
            await self.switch.stop()
            if isinstance(error, OSError) and error.errno in _ADDRESS:
                sip = self.settings.sip
                raise StartError(port_trouble("SIP", sip.host, sip.port, error, SIP_PORT)) from error
            raise

    async def _recall_calls(self) -> None:
        """Let pages show again which calls each agent is on, or still writes about after they ended."""
        await self._catch_up_history()
        agents = [v for v in self.runner.engine.views() if isinstance(v, AgentChanged)]
        for agent in agents:
            for contact in agent.contacts:
                live = self.runner.engine.calls.get(contact)
                call = live.view() if live else await asyncio.to_thread(self._ended_call, contact)
                if call is not None:
                    self.hub.recall(agent.agent, call)

    def _ended_call(self, call: str) -> CallChanged | None:
        with self.database.transaction() as session:
            return wiring.ended_call(session, call)

    async def _catch_up_history(self) -> None:
        try:
            await asyncio.to_thread(self.projector.catch_up)
        except Exception:
            log.exception("the history is not up to date; what is missing is in the journal and comes later")

    async def serve(
        self, ready: Callable[[], None] | None = None, leaving: Callable[[], None] | None = None
    ) -> None:
        """The floor and the pages, until told to stop by a signal or by a failure.

        ``ready`` is called once pages are served, ``leaving`` before anything is taken down. A second
        signal ends the process at once. Raises StartError and what ``running`` raises.
        """
        config = self._uvicorn_config()
        with _stopped_by_signals() as stop, self._listening() as listener:
            try:
                async with self.running():
                    _leave_old_things_alone()
                    await self._serve(_Server(config, ready), listener, stop, leaving)
            except asyncio.CancelledError:
                if not stop.is_set():
                    raise
                log.info("stopped while starting")

    async def _serve(
        self,
        server: "_Server",
        listener: socket.socket,
        stop: "_Stop",
        leaving: Callable[[], None] | None,
    ) -> None:
        serving = asyncio.create_task(server.serve([listener]))
        waits = [asyncio.create_task(event.wait()) for event in (stop.begun(), self.runner.stopped)]
        try:
            await asyncio.wait({serving, *waits}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if leaving is not None:
                leaving()
            # Calls first, while telephones in pages can still be told that they are over.
            await self.runner.stop()
            await self.hub.stop()
            server.should_exit = True
            for wait in waits:
                wait.cancel()
            await serving

    @contextlib.contextmanager
    def _listening(self) -> Iterator[socket.socket]:
        """The web port, bound. Raises StartError."""
        web = self.settings.web
        try:
            listener = bind(socket.SOCK_STREAM, web.host, web.port)
        except OSError as error:
            raise StartError(port_trouble("web", web.host, web.port, error, WEB_PORT)) from error
        with listener:
            self.web_port: int = listener.getsockname()[1]
            yield listener

    def _uvicorn_config(self) -> uvicorn.Config:
        certificate, key = certificate_files(self.settings)
        config = uvicorn.Config(
            self.app,
            ssl_certfile=certificate,
            ssl_keyfile=key,
            ssl_version=ssl.PROTOCOL_TLS_SERVER,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            ws="websockets-sansio",
            ws_max_size=MOST_FRAME,
            timeout_graceful_shutdown=5,
        )
        config.load()  # imports: not while calls are up
        return config


def _leave_old_things_alone() -> None:
    """Take what is there now out of the garbage collector's rounds: through all of it, each took 150 ms."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 1000)  # full rounds are long and find nothing


class _Server(uvicorn.Server):
    """A server that says when it listens, and leaves signals to us."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None] | None) -> None:
        super().__init__(config)
        self._ready = ready

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Nothing: a signal ends the platform, not only its pages."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started and self._ready is not None:
            self._ready()


class _Stop:
    """The wish to stop: before ``begun`` it cancels the task that starts, after that it sets the event."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._task: asyncio.Task[object] | None = asyncio.current_task()

    def begun(self) -> asyncio.Event:
        """The start is over; what is set when it is time to stop."""
        self._task = None
        return self._event

    def is_set(self) -> bool:
        """Whether a signal came."""
        return self._event.is_set()

    def signalled(self, number: int) -> None:
        """A signal came."""
        if self._event.is_set():
            log.warning("forced to end at once")
            os._exit(128 + number)
        log.info("stopping; once more ends at once")
        self._event.set()
        if self._task is not None:
            self._task.cancel()


@contextlib.contextmanager
def _stopped_by_signals() -> Iterator[_Stop]:
    """SIGINT and SIGTERM ask to stop (where signals are heard at all: in the main thread)."""
    stop, loop = _Stop(), asyncio.get_running_loop()
    heard = []
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(ValueError, RuntimeError):
            loop.add_signal_handler(number, stop.signalled, number)
            heard.append(number)
    try:
        yield stop
    finally:
        for number in heard:
            loop.remove_signal_handler(number)


@contextlib.asynccontextmanager
async def _beside(*works: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """These go on beside and are cancelled at the end."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def bind(kind: socket.SocketKind, host: str, port: int) -> socket.socket:
    """A socket bound to an address; a name is looked up. Raises OSError."""
    family, _, protocol, _, address = socket.getaddrinfo(host, port, type=kind, flags=socket.AI_PASSIVE)[0]
    one = socket.socket(family, kind, protocol)
    try:
        if kind == socket.SOCK_STREAM:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(host != "::"))
        one.bind(address)
        one.setblocking(False)
    except OSError:
        one.close()
        raise
    return one


def port_trouble(name: str, host: str, port: int, error: OSError, option: str) -> str:
    """Why a port cannot be had, and what to do."""
    advice = f"stop the program that has it or choose another with {option}"
    if error.errno == errno.EADDRNOTAVAIL:
        advice = f"no interface of this machine has this address; mend {name.lower()}.host"
    return f"the {name} port {port} on {host} cannot be used ({error.strerror}); {advice}"


def certificate_files(settings: Settings) -> tuple[str | None, str | None]:
    """(certificate, key) pages are served with, None without; a self-signed one is made where it is wanted.

    Raises StartError when they cannot be used.
    """
    web = settings.web
    certificate, key = web.certificate or None, web.key or None
    try:
        if web.self_signed and certificate is None:
            # People on a LAN type the address that telephones are told, where pages listen everywhere.
            hosts = [host for host in (web.host, settings.sip.advertised) if host]
            certificate, key = (str(p) for p in certificate_of.make(settings.folder, *hosts))
        if certificate is not None:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password=_no_password)
    except (OSError, ValueError) as error:
        raise StartError(
            f"the certificate {certificate} with the key {key} cannot be used: {error}"
        ) from error
    return certificate, key


def _no_password() -> str:
    raise ValueError("the key is locked with a password; give one that is not")
