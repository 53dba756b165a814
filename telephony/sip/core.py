"""What the incoming and the outgoing half of the user agent share: the books, answers and endings."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

from sipmessage import Request, Response

from domain.instant import Instant
from domain.switch import EndReason
from telephony.sip.bodies import SDP
from telephony.sip.digest import Digest
from telephony.sip.events import Ended, Event, Peer, Send
from telephony.sip.message import ALLOW, cancel_of, response_to
from telephony.sip.overload import Gate
from telephony.sip.registrar import Registrar
from telephony.sip.session import Session
from telephony.sip.timers import Timers
from telephony.sip.transaction import COOKIE, Action, Finished, Key, Received, TimedOut, Transactions


@dataclass(frozen=True, slots=True)
class Settings:
    """Who we are on the wire (the address others reach us by), and how much we take on."""

    host: str
    port: int
    product: str = "Callfloor"
    most_sessions: int = 2000
    most_new_per_s: float = 200.0
    """New calls; refused early beyond it."""

    @property
    def address(self) -> str:
        """Host and port as they stand in a URI or Via."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class Core(ABC):
    """Sessions and their books; subclasses say what requests and responses mean."""

    def __init__(
        self,
        settings: Settings,
        digest: Digest,
        is_entry_number: Callable[[str], bool],
        name_session: Callable[[], str],
        token: Callable[[], str],
    ) -> None:
        """``name_session`` names arriving calls; ``token`` gives unguessable words for tags and branches."""
        self.registrar = Registrar(digest)
        self._settings = settings
        self._is_entry_number = is_entry_number
        self._name_session = name_session
        self._token = token
        self._transactions = Transactions()
        self._sessions: dict[str, Session] = {}
        self._dialogs: dict[tuple[str, str], Session] = {}
        self._invites: dict[Key, Session] = {}
        self._arrivals: set[tuple[str, str, int]] = set()
        self._byes: dict[Key, Session] = {}
        self._probes: dict[Key, Session] = {}
        self._timers: Timers[tuple[str, str]] = Timers()
        self._gate = Gate(settings.most_new_per_s)
        self._refusals = Gate(settings.most_new_per_s * 4)

    @abstractmethod
    def _request(self, request: Request, peer: Peer, key: Key, now: Instant) -> list[Event]:
        """A new request came in."""

    @abstractmethod
    def _response(self, response: Response, key: Key, now: Instant) -> list[Event]:
        """A response to a request of ours came in."""

    def _follow(self, actions: list[Action], now: Instant) -> list[Event]:
        events: list[Event] = []
        for action in actions:
            if isinstance(action, Send):
                events.append(action)
            elif isinstance(action, Received):
                if isinstance(action.message, Request):
                    events += self._request(action.message, action.peer, action.key, now)
                else:
                    events += self._response(action.message, action.key, now)
            elif isinstance(action, TimedOut):
                events += self._timed_out(action.key, now)
            elif isinstance(action, Finished):
                self._finished(action.key)
        return events

    def _timed_out(self, key: Key, now: Instant) -> list[Event]:
        session = self._invites.get(key)
        if session is None:
            return []
        events = self._end(session, "unreachable" if session.outgoing else "failed", now)
        self._forget(session)
        return events

    def _finished(self, key: Key) -> None:
        parted = self._byes.pop(key, None)
        if parted is not None:
            self._dialogs.pop(parted.index, None)
        session = self._invites.pop(key, None)
        if session is None:
            return
        self._arrivals.discard(session.origin)
        if session.state == "over" and session.name in self._sessions and not session.bye_wanted:
            self._forget(session)

    def _respond(
        self,
        request: Request,
        peer: Peer,
        key: Key,
        code: int,
        now: Instant,
        *,
        tag: str = "",
        sdp: str = "",
        contact: bool = False,
        allow: bool = False,
        extra: list[tuple[str, str]] | None = None,
    ) -> list[Event]:
        if not tag:
            session = self._invites.get(key)
            tag = session.dialog.local_tag if session and session.dialog else self._token()
        response = response_to(request, code, peer, tag, sdp.encode())
        if contact:
            response.headers.add("Contact", self._contact(peer))
        if allow or sdp:
            response.headers.add("Allow", ALLOW)
        if sdp:
            response.headers.add("Content-Type", SDP)
        for name, value in extra or []:
            response.headers.add(name, value)
        response.headers.add("Server", self._settings.product)
        return self._follow(self._transactions.respond(key, response, now), now)

    # ------------------------------------------------------------ endings

    def _end(self, session: Session, reason: EndReason, now: Instant) -> list[Event]:
        """Tell the ending, once; a re-INVITE of theirs that still waits is refused (RFC 3261 15.1.2)."""
        if session.state == "over":
            return []
        session.state = "over"
        self._timers.cancel(("ring", session.name))
        return [*self._drop_reinvite(session, now), Ended(session.name, reason)]

    def _drop_reinvite(self, session: Session, now: Instant) -> list[Event]:
        if session.reinvite is None:
            return []
        request, session.reinvite = session.reinvite, None
        return self._respond(request, session.peer, session.reinvite_key, 487, now)

    def _forget(self, session: Session) -> None:
        """Drop a session; its INVITE transaction may outlive it to absorb retransmissions."""
        self._sessions.pop(session.name, None)
        if session.dialog is not None:
            self._dialogs.pop(session.index, None)
        self._probes.pop(session.probe, None)
        for what in ("repeat", "no_ack", "ring", "probe"):
            self._timers.cancel((what, session.name))

    def _send_cancel(self, session: Session, now: Instant) -> list[Event]:
        _, actions = self._transactions.request(cancel_of(session.invite), session.peer, now)
        self._transactions.expect_end(session.invite_key, now)
        return self._follow(actions, now)

    def _send_bye(self, session: Session, now: Instant) -> list[Event]:
        assert session.dialog is not None
        bye = session.dialog.request("BYE")
        self._add_via(bye, session.peer)
        key, actions = self._transactions.request(bye, session.peer, now)
        session.bye_wanted = False
        self._forget(session)
        # Until it is answered a BYE of theirs may cross it, and deserves a 200.
        self._byes[key] = session
        self._dialogs[session.index] = session
        return self._follow(actions, now)

    # ------------------------------------------------------------ how we call ourselves

    def _contact(self, peer: Peer) -> str:
        tail = ";transport=ws" if peer.transport == "WS" else ""
        return f"<sip:callfloor@{self._settings.address}{tail}>"

    def _add_via(self, request: Request, peer: Peer) -> None:
        branch = f"{COOKIE}{self._token()}"
        request.headers.add("Via", f"SIP/2.0/{peer.transport} {self._settings.address};branch={branch};rport")
