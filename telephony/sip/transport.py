"""The shell around the SIP machines: the only file here that owns sockets, timers and a clock.

Everything runs on one event loop; commands are plain calls on it. What happens is told to ``on_event``,
each event in a turn of the loop of its own: never from inside a command, and in the order it happened.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Iterable

from domain.instant import Instant, seconds_between
from telephony.sip.digest import Digest
from telephony.sip.events import Event, Noted, Peer, Send, Told
from telephony.sip.loglimit import LimitedLog
from telephony.sip.ua import Settings, UserAgent
from telephony.sip.udp import UdpSocket
from telephony.sip.websocket import WebSocketLink

_log = logging.getLogger(__name__)

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104
PARTING_S = 2.0
"""How long ``stop`` waits for the far ends to confirm that their calls are over."""


def steady_clock() -> Instant:
    """Microseconds that no change of the wall clock moves: SIP only ever measures how long ago."""
    return Instant(time.monotonic_ns() // 1000)


class SipTransport:
    """Calls over UDP and over web sockets handed in by the web server."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        advertised: str = "",
        password_of: Callable[[str], str | None],
        is_entry_number: Callable[[str], bool],
        name_session: Callable[[], str],
        on_event: Callable[[Told], None],
        realm: str = "callfloor",
        most_sessions: int = 2000,
        most_new_per_s: float = 200.0,
        clock: Callable[[], Instant] = steady_clock,
    ) -> None:
        """Listen on ``host`` and UDP ``port`` (0: any free one) once started.

        ``advertised`` is the address others reach us by (for Via and Contact); it must be given when
        ``host`` is 0.0.0.0 or ::, else ValueError. ``password_of`` gives a device's SIP password or None,
        ``is_entry_number`` says which dialled numbers take anonymous calls, ``name_session`` names them.
        """
        if (advertised or host) in EVERYWHERE:
            raise ValueError(f"SIP listens on {host}: say which address telephones reach us by")
        self._host, self._port = host, port
        self._advertised = advertised or host
        self._limits = most_sessions, most_new_per_s
        self._digest = Digest(realm, secrets.token_bytes(32), password_of)
        self._is_entry_number, self._name_session = is_entry_number, name_session
        self._on_event, self._clock = on_event, clock
        self._links: dict[Peer, WebSocketLink] = {}
        self._connections = 0
        self._now = clock()
        self._log = LimitedLog(_log)
        self._alarm: asyncio.TimerHandle | None = None
        self._alarm_at: Instant | None = None
        self._quiet: asyncio.Event | None = None
        self._udp: UdpSocket | None = None
        self._ua = self._user_agent(port)

    def _user_agent(self, port: int) -> UserAgent:
        most_sessions, most_new_per_s = self._limits
        settings = Settings(
            self._advertised, port, most_sessions=most_sessions, most_new_per_s=most_new_per_s
        )
        return UserAgent(settings, self._digest, self._is_entry_number, self._name_session, _token)

    # ------------------------------------------------------------ life

    @property
    def port(self) -> int:
        """The UDP port; after ``start`` the real one, also when 0 was asked for."""
        return self._udp.port if self._udp else self._port

    @property
    def ua(self) -> UserAgent:
        """The machine inside, to look at."""
        return self._ua

    def users(self) -> tuple[str, ...]:
        """Devices that are registered now."""
        return self._ua.registrar.users()

    def sessions(self) -> tuple[str, ...]:
        """Sessions that are not over."""
        return self._ua.sessions()

    @property
    def connections(self) -> int:
        """Web sockets that are open."""
        return len(self._links)

    async def start(self) -> None:
        """Bind and begin; raises OSError when the address is not ours or the port is taken."""
        self._loop = asyncio.get_running_loop()
        self._udp = UdpSocket(self._host, self._port, self._received, self._network_failed)
        self._ua = self._user_agent(self._udp.port)

    async def stop(self) -> None:
        """Hang up every session, give the far ends a moment to confirm, close every socket."""
        if self._udp is None:
            return
        self._quiet = asyncio.Event()
        for name in self._ua.sessions():
            self.hang_up(name)
        self._settle()
        try:
            await asyncio.wait_for(self._quiet.wait(), PARTING_S)
        except TimeoutError:
            _log.info("SIP stops with unconfirmed hang-ups")
        links = list(self._links.values())
        for link in links:
            link.close()
        for link in links:
            await link.finished()
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        self._udp.close()
        self._udp = None

    def add_websocket(
        self,
        host: str,
        port: int,
        send_text: Callable[[str], Awaitable[object]],
        close: Callable[[], Awaitable[object]],
    ) -> WebSocketLink:
        """Take over SIP on a web socket accepted with the subprotocol ``sip``.

        The owner then calls the link's ``feed(text or bytes)`` for each frame and ``closed()`` at the end;
        ``send_text`` and ``close`` are the web socket's own and are awaited by a task of the link.
        """
        self._connections += 1
        peer = Peer("WS", host, port, self._connections)
        link = WebSocketLink(peer, send_text, close, self._received, self._connection_lost)
        self._links[peer] = link
        return link

    # ------------------------------------------------------------ commands

    def invite(
        self, name: str, user: str, caller: str, sdp: str, headers: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Ring the registered device ``user`` as the new session ``name`` (``Ended`` if there is none)."""
        self._carry_out(self._ua.invite(name, user, caller, sdp, list(headers), self._tick()))

    def accept(self, name: str, sdp: str) -> None:
        """Answer an arrived session; without an offer in its INVITE, ``sdp`` is ours."""
        self._carry_out(self._ua.accept(name, sdp, self._tick()))

    def accept_reoffer(self, name: str, sdp: str) -> None:
        """Agree to a re-INVITE."""
        self._carry_out(self._ua.accept_reoffer(name, sdp, self._tick()))

    def reject_reoffer(self, name: str) -> None:
        """Refuse a re-INVITE; the session goes on as it was."""
        self._carry_out(self._ua.reject_reoffer(name, self._tick()))

    def probe(self, name: str) -> None:
        """Ask the far end of a session for a sign of life; without one it ends as ``lost``."""
        self._carry_out(self._ua.probe(name, self._tick()))

    def hang_up(self, name: str, reject_code: int = 480) -> None:
        """End a session in whatever way its state asks for; nothing happens if it is over."""
        self._carry_out(self._ua.hang_up(name, self._tick(), reject_code))

    # ------------------------------------------------------------ in and out

    def _received(self, batch: list[tuple[bytes, Peer]]) -> None:
        now = self._tick()
        for data, source in batch:
            self._emit(self._ua.handle(data, source, now))
        self._settle()

    def _connection_lost(self, peer: Peer, why: str) -> None:
        if self._links.pop(peer, None) is None:
            return
        now = self._tick()
        if why == "too slow":
            self._log.warn("SIP web socket cut off", f"{peer.host} does not read what is sent", now)
        self._carry_out(self._ua.peer_lost(peer, now))

    def _network_failed(self, what: str) -> None:
        self._log.warn("SIP over UDP", what, self._tick())

    def _carry_out(self, events: list[Event]) -> None:
        self._emit(events)
        self._settle()

    def _emit(self, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, Noted):
                self._log.warn(event.kind, f"{event.detail} (from {event.peer.host})", self._now)
            elif not isinstance(event, Send):
                self._loop.call_soon(self._on_event, event)
            elif event.peer.transport == "WS":
                link = self._links.get(event.peer)
                if link is not None:
                    link.send(event.data)
            elif self._udp is not None:
                self._udp.send(event.data, event.peer)

    # ------------------------------------------------------------ time

    def _tick(self) -> Instant:
        self._now = max(self._now, self._clock())
        return self._now

    def _settle(self) -> None:
        """See that we are woken in time; an alarm that turns out too early just sets the next."""
        if self._quiet is not None and not self._ua.unanswered():
            self._quiet.set()
        at = self._ua.wake_at()
        if at is None or (self._alarm_at is not None and self._alarm_at <= at):
            return
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm_at = at
        self._alarm = self._loop.call_later(max(0.0, seconds_between(self._now, at)), self._wake)

    def _wake(self) -> None:
        self._alarm = self._alarm_at = None
        self._carry_out(self._ua.wake(self._tick()))


def _token() -> str:
    return secrets.token_hex(8)
