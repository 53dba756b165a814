"""The user agent: takes calls, makes calls and keeps devices registered, on transactions and dialogs.

What a session goes through::

    arrived --accept--> accepted --ACK--> up --BYE either way--> over
       |  CANCEL: 487 to the INVITE          calling --2xx, we ACK--> up
       +--reject--> over                     calling --3xx-6xx, time-out, cancel--> over

``Ended`` is told as soon as it is certain; what the protocol still has to say (a BYE to repeat, a CANCEL
that crosses a 200) goes on behind it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from sipmessage import URI, CSeq, Request, Response

from domain.instant import Instant, after
from domain.switch import EndReason
from telephony.sip import sdp as sdp_rules
from telephony.sip.dialog import contact_of, dialog_of_incoming, dialog_of_outgoing
from telephony.sip.digest import Digest
from telephony.sip.events import (
    Answered,
    Arrived,
    Digit,
    Ended,
    Event,
    LateAnswer,
    Peer,
    Reoffered,
    Ringing,
    Send,
)
from telephony.sip.message import (
    ALLOW,
    KNOWN_ELSEWHERE,
    MAX_BODY_BYTES,
    MAX_MESSAGE_BYTES,
    METHODS,
    Malformed,
    cancel_of,
    encode,
    parse,
    response_to,
    tag_of,
)
from telephony.sip.registrar import Registrar
from telephony.sip.session import Session, reason_of
from telephony.sip.timers import Timers
from telephony.sip.transaction import (
    GIVE_UP_S,
    T1_S,
    T2_S,
    Action,
    Finished,
    Key,
    Received,
    TimedOut,
    Transactions,
    server_key,
)

RING_LIMIT_S = 180.0
SDP = "application/sdp"
_SIGNAL = re.compile(r"^\s*Signal\s*=\s*([0-9A-Da-d*#])\s*$", re.M)
_PLAIN_DIGIT = re.compile(r"^\s*([0-9A-Da-d*#])\s*$")


@dataclass(frozen=True, slots=True)
class Settings:
    """Who we are on the wire, and how much we take on."""

    host: str
    port: int
    product: str = "Callfloor"
    most_sessions: int = 2000
    most_new_per_s: int = 250


class UserAgent:
    """The SIP machine: ``handle`` what comes in, command sessions by name, ``wake`` it when it asks."""

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
        self._arrivals: dict[tuple[str, str], Key] = {}
        self._timers: Timers[tuple[str, str]] = Timers()

    def sessions(self) -> tuple[str, ...]:
        """Sessions that are not over."""
        return tuple(name for name, session in self._sessions.items() if session.state != "over")

    def unanswered(self) -> int:
        """Requests of ours that still wait for a final answer, and sessions that wait to be hung up."""
        return self._transactions.unanswered()

    # ------------------------------------------------------------ from the wire

    def handle(self, data: bytes, source: Peer, now: Instant) -> list[Event]:
        """Take one datagram or frame; whatever cannot be read is answered 400 or with silence."""
        if len(data) < 20 or len(data) > 4 * MAX_MESSAGE_BYTES:
            return []  # keep-alives are a few bytes; nothing honest is that large
        try:
            message = parse(data)
        except Malformed as error:
            if error.request is None or error.request.method == "ACK":
                return []
            return [Send(source, encode(response_to(error.request, 400, source, self._token())))]
        too_large = len(data) > MAX_MESSAGE_BYTES or len(message.body) > MAX_BODY_BYTES
        if too_large and isinstance(message, Request) and message.method != "ACK":
            return [Send(source, encode(response_to(message, 413, source, self._token())))]
        return self._follow(self._transactions.handle(message, source, now), now)

    def peer_lost(self, peer: Peer, now: Instant) -> list[Event]:
        """A connection closed: its sessions are lost and its devices are gone."""
        events: list[Event] = []
        for session in [s for s in self._sessions.values() if s.peer == peer]:
            events += self._end(session, "lost")
            self._forget(session)
        events += self.registrar.peer_lost(peer)
        return events + self._follow(self._transactions.drop(peer), now)

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
                events += self._timed_out(action.key)
            elif isinstance(action, Finished):
                self._finished(action.key)
        return events

    # ------------------------------------------------------------ requests

    def _request(self, request: Request, peer: Peer, key: Key, now: Instant) -> list[Event]:
        method = request.method
        if method == "ACK":
            return self._on_ack(request, now)
        if method == "CANCEL":
            return self._on_cancel(request, peer, key, now)
        if method not in METHODS:
            code = 405 if method in KNOWN_ELSEWHERE else 501
            return self._respond(request, peer, key, code, now, allow=True)
        if request.require:
            return self._respond(
                request, peer, key, 420, now, extra=[("Unsupported", ", ".join(request.require))]
            )
        to_tag = tag_of(request.headers["To"])
        if to_tag:
            session = self._dialogs.get((request.call_id, to_tag))
            if session is None or session.dialog is None or session.state == "over":
                return self._respond(request, peer, key, 481, now)
            if not session.dialog.accept_sequence(request.cseq.sequence):
                return self._respond(request, peer, key, 500, now)
            return self._in_dialog(session, request, peer, key, now)
        if method == "INVITE":
            return self._on_invite(request, peer, key, now)
        if method == "REGISTER":
            response, happened = self.registrar.handle(request, peer, self._token(), now)
            return [*self._follow(self._transactions.respond(key, response, now), now), *happened]
        if method == "OPTIONS":
            return self._respond(request, peer, key, 200, now, allow=True, extra=[("Accept", SDP)])
        return self._respond(request, peer, key, 481, now)

    def _on_invite(self, request: Request, peer: Peer, key: Key, now: Instant) -> list[Event]:
        origin = (request.call_id, tag_of(request.headers["From"]))
        if origin in self._arrivals:
            return self._respond(request, peer, key, 482, now)
        if request.uri.scheme not in ("sip", "sips", "tel"):
            return self._respond(request, peer, key, 416, now)
        dialled = request.uri.user or ""
        if not self._is_entry_number(dialled):
            return self._respond(request, peer, key, 404, now)
        if len(self._sessions) >= self._settings.most_sessions:
            return self._respond(request, peer, key, 503, now, extra=[("Retry-After", "5")])
        code, sdp = self._offer_in(request, webrtc=peer.transport == "WS")
        if code:
            return self._respond(request, peer, key, code, now, extra=[("Accept", SDP)])
        tag = self._token()
        session = Session(self._name_session(), peer, "arrived", request, key)
        session.dialog = dialog_of_incoming(request, tag)
        session.offered_late = not sdp
        self._arrivals[origin] = key
        self._invites[key] = session
        self._sessions[session.name] = session
        self._dialogs[session.index] = session
        ringing = self._respond(request, peer, key, 180, now, tag=tag, contact=True)
        caller = request.from_address
        number = caller.uri.user or "anonymous"
        return [*ringing, Arrived(session.name, number, caller.name, dialled, sdp, peer)]

    def _offer_in(self, request: Request, webrtc: bool) -> tuple[int, str]:
        """The SDP of an INVITE and 0, or the code it must be refused with."""
        if not request.body:
            return (488, "") if webrtc else (0, "")
        kind = (request.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
        if kind != SDP or request.headers.get("Content-Encoding"):
            return 415, ""
        try:
            text = request.body.decode()
            remote = sdp_rules.parse(text)
            if remote.webrtc and not webrtc:
                return 488, ""
            if not remote.webrtc:
                sdp_rules.choose(remote)
        except sdp_rules.NothingInCommon:
            return 488, ""
        except ValueError:
            return 400, ""
        return 0, text

    def _in_dialog(
        self, session: Session, request: Request, peer: Peer, key: Key, now: Instant
    ) -> list[Event]:
        assert session.dialog is not None
        if request.method == "BYE":
            events = self._respond(request, peer, key, 200, now)
            if session.state == "arrived":
                # Legal though odd: the caller ends an early dialog; its INVITE still needs an answer.
                events += self._respond(session.invite, session.peer, session.invite_key, 487, now)
            events += self._end(session, "hangup")
            self._forget(session)
            return events
        if request.method == "INFO":
            return self._on_info(session, request, peer, key, now)
        if request.method == "INVITE":
            return self._on_reinvite(session, request, peer, key, now)
        if request.method == "OPTIONS":
            return self._respond(request, peer, key, 200, now, allow=True)
        return self._respond(request, peer, key, 405, now, allow=True)

    def _on_info(self, session: Session, request: Request, peer: Peer, key: Key, now: Instant) -> list[Event]:
        kind = (request.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
        if request.body and kind not in ("application/dtmf-relay", "application/dtmf"):
            return self._respond(request, peer, key, 415, now)
        pattern = _SIGNAL if kind == "application/dtmf-relay" else _PLAIN_DIGIT
        found = pattern.search(request.body.decode("utf-8", "replace"))
        events = self._respond(request, peer, key, 200, now)
        return [*events, Digit(session.name, found.group(1).upper())] if found else events

    def _on_reinvite(
        self, session: Session, request: Request, peer: Peer, key: Key, now: Instant
    ) -> list[Event]:
        assert session.dialog is not None
        if session.state != "up" or session.reinvite is not None:
            return self._respond(request, peer, key, 491, now)
        code, sdp = self._offer_in(request, webrtc=peer.transport == "WS")
        if code:
            return self._respond(request, peer, key, code, now)
        session.dialog.retarget(request)
        session.peer = peer
        session.reinvite, session.reinvite_key = request, key
        session.offered_late = not sdp
        return [Reoffered(session.name, sdp)]

    def _on_ack(self, request: Request, now: Instant) -> list[Event]:
        session = self._dialogs.get((request.call_id, tag_of(request.headers["To"])))
        if session is None or (session.outgoing and not session.final):
            return []
        if self._timers_running(session):
            self._timers.cancel(("repeat", session.name))
            self._timers.cancel(("no_ack", session.name))
            session.interval_s = 0.0
            if session.bye_wanted:
                return self._send_bye(session, now)
            session.state = "up" if session.state == "accepted" else session.state
            if session.offered_late and request.body and session.state == "up":
                session.offered_late = False
                return [LateAnswer(session.name, request.body.decode("utf-8", "replace"))]
        return []

    def _timers_running(self, session: Session) -> bool:
        return session.interval_s > 0

    def _on_cancel(self, request: Request, peer: Peer, key: Key, now: Instant) -> list[Event]:
        invite_key = server_key(request, "INVITE")
        session = self._invites.get(invite_key)
        if session is None:
            return self._respond(request, peer, key, 481, now)
        events = self._respond(request, peer, key, 200, now)
        if session.state == "arrived":
            events += self._respond(session.invite, session.peer, invite_key, 487, now)
            events += self._end(session, "cancelled")
            self._forget(session)
        return events

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

    # ------------------------------------------------------------ responses

    def _response(self, response: Response, key: Key, now: Instant) -> list[Event]:
        session = self._invites.get(key)
        if session is None or response.cseq.method != "INVITE":
            return []  # nothing hangs on the answers to our BYE and CANCEL
        if response.code < 200:
            return self._on_provisional(session, response, now)
        if response.code < 300:
            return self._on_success(session, response, now)
        events = self._end(session, reason_of(response.code))
        self._forget(session)
        return events

    def _on_provisional(self, session: Session, response: Response, now: Instant) -> list[Event]:
        first, session.provisional = not session.provisional, True
        if session.cancel_wanted:
            return self._send_cancel(session, now) if first else []
        if response.code in (180, 183) and not session.rings and session.state == "calling":
            session.rings = True
            return [Ringing(session.name)]
        return []

    def _on_success(self, session: Session, response: Response, now: Instant) -> list[Event]:
        if session.dialog is not None and tag_of(response.headers["To"]) == session.dialog.remote_tag:
            return [Send(session.peer, session.final)]  # our ACK was lost
        dialog = dialog_of_outgoing(session.invite, response)
        ack = dialog.request("ACK", session.invite.cseq.sequence)
        self._add_via(ack, session.peer)
        sent = Send(session.peer, encode(ack))
        if session.dialog is not None or session.state != "calling":
            # A second phone picked up too, or we had already given up: take it and end it properly.
            if session.dialog is None:
                session.dialog, session.final = dialog, sent.data
            bye = dialog.request("BYE")
            self._add_via(bye, session.peer)
            _, actions = self._transactions.request(bye, session.peer, now)
            return [sent, *self._follow(actions, now)]
        session.dialog, session.final = dialog, sent.data
        session.state = "up"
        self._timers.cancel(("ring", session.name))
        self._dialogs[session.index] = session
        return [sent, Answered(session.name, response.body.decode("utf-8", "replace"))]

    def _timed_out(self, key: Key) -> list[Event]:
        session = self._invites.get(key)
        if session is None:
            return []
        events = self._end(session, "unreachable" if session.outgoing else "failed")
        self._forget(session)
        return events

    def _finished(self, key: Key) -> None:
        session = self._invites.pop(key, None)
        if session is None:
            return
        if not session.outgoing:
            self._arrivals.pop((session.invite.call_id, tag_of(session.invite.headers["From"])), None)
        if session.state == "over" and not session.bye_wanted:
            self._forget(session)

    # ------------------------------------------------------------ commands

    def invite(
        self, name: str, user: str, caller: str, sdp: str, headers: list[tuple[str, str]], now: Instant
    ) -> list[Event]:
        """Ring the registered device ``user`` as the new session ``name``."""
        binding = self.registrar.find(user)
        if binding is None:
            return [Ended(name, "unreachable")]
        request = Request("INVITE", binding.uri, body=sdp.encode())
        self._add_via(request, binding.peer)
        us = f"{self._settings.host}:{self._settings.port}"
        number = re.sub(r"[^0-9A-Za-z+*#_.-]", "", caller) or "anonymous"
        shown = re.sub(r'[\x00-\x1f"\\]', "", caller)
        request.headers.add("From", f'"{shown}" <{URI("sip", us, number)}>;tag={self._token()}')
        request.headers.add("To", f"<{URI('sip', us, user)}>")
        request.headers.add("Call-ID", self._token())
        request.headers.add("CSeq", str(CSeq(sequence=1, method="INVITE")))
        request.headers.add("Max-Forwards", "70")
        request.headers.add("Contact", self._contact(binding.peer))
        request.headers.add("Allow", ALLOW)
        request.headers.add("User-Agent", self._settings.product)
        request.headers.add("Content-Type", SDP)
        for header, value in headers:
            request.headers.add(header, re.sub(r"[\r\n]", " ", value))
        key, actions = self._transactions.request(request, binding.peer, now)
        session = Session(name, binding.peer, "calling", request, key, outgoing=True)
        self._sessions[name] = session
        self._invites[key] = session
        self._timers.set(("ring", name), after(now, RING_LIMIT_S))
        return self._follow(actions, now)

    def accept(self, name: str, sdp: str, now: Instant) -> list[Event]:
        """Answer an arrived session; without an offer in its INVITE, ``sdp`` is ours."""
        session = self._sessions.get(name)
        if session is None or session.state != "arrived":
            return []
        session.state = "accepted"
        return self._send_ok(session, session.invite, session.invite_key, sdp, now)

    def accept_reoffer(self, name: str, sdp: str, now: Instant) -> list[Event]:
        """Agree to a re-INVITE."""
        session = self._sessions.get(name)
        if session is None or session.reinvite is None:
            return []
        request, session.reinvite = session.reinvite, None
        return self._send_ok(session, request, session.reinvite_key, sdp, now)

    def reject_reoffer(self, name: str, now: Instant) -> list[Event]:
        """Refuse a re-INVITE: the session stays as it was (RFC 3261 14.2)."""
        session = self._sessions.get(name)
        if session is None or session.reinvite is None:
            return []
        request, session.reinvite = session.reinvite, None
        return self._respond(request, session.peer, session.reinvite_key, 488, now)

    def _send_ok(self, session: Session, request: Request, key: Key, sdp: str, now: Instant) -> list[Event]:
        events = self._respond(request, session.peer, key, 200, now, sdp=sdp, contact=True)
        session.final = next((e.data for e in events if isinstance(e, Send)), b"")
        session.interval_s = T1_S
        self._timers.set(("repeat", session.name), after(now, T1_S))
        self._timers.set(("no_ack", session.name), after(now, GIVE_UP_S))
        return events

    def hang_up(self, name: str, now: Instant, reject_code: int = 480) -> list[Event]:
        """End a session in whatever way its state asks for: refuse, take back, or BYE."""
        session = self._sessions.get(name)
        if session is None or session.state == "over":
            return []
        state = session.state
        ended = self._end(session, "cancelled" if state == "calling" else "told")
        if state == "arrived":
            events = self._respond(session.invite, session.peer, session.invite_key, reject_code, now)
            self._forget(session)
        elif state == "calling":
            session.cancel_wanted = True
            # A CANCEL must not overtake its INVITE: it waits for the first sign of life.
            events = self._send_cancel(session, now) if session.provisional else []
        elif state == "accepted":
            session.bye_wanted = True
            events = []
        else:
            events = self._send_bye(session, now)
        return [*events, *ended]

    def _send_cancel(self, session: Session, now: Instant) -> list[Event]:
        _, actions = self._transactions.request(cancel_of(session.invite), session.peer, now)
        return self._follow(actions, now)

    def _send_bye(self, session: Session, now: Instant) -> list[Event]:
        assert session.dialog is not None
        bye = session.dialog.request("BYE")
        self._add_via(bye, session.peer)
        _, actions = self._transactions.request(bye, session.peer, now)
        session.bye_wanted = False
        self._forget(session)
        return self._follow(actions, now)

    # ------------------------------------------------------------ time

    def wake_at(self) -> Instant | None:
        """When ``wake`` wants to be called."""
        times = [self._transactions.wake_at(), self._timers.wake_at(), self.registrar.wake_at()]
        return min((at for at in times if at is not None), default=None)

    def wake(self, now: Instant) -> list[Event]:
        """Do what is due."""
        events = self._follow(self._transactions.wake(now), now)
        events += self.registrar.wake(now)
        while (due := self._timers.pop_due(now)) is not None:
            what, name = due
            session = self._sessions.get(name)
            if session is None:
                continue
            if what == "repeat" and session.interval_s > 0:
                session.interval_s = min(session.interval_s * 2, T2_S)
                self._timers.set(due, after(now, session.interval_s))
                events.append(Send(session.peer, session.final))
            elif what == "no_ack":
                session.interval_s = 0.0
                events += self._end(session, "failed")
                events += self._send_bye(session, now)
            elif what == "ring" and session.state == "calling":
                events += self._end(session, "no_answer")
                session.cancel_wanted = True
                events += self._send_cancel(session, now) if session.provisional else []
        return events

    # ------------------------------------------------------------ the rest

    def _end(self, session: Session, reason: EndReason) -> list[Event]:
        if session.state == "over":
            return []
        session.state = "over"
        self._timers.cancel(("ring", session.name))
        return [Ended(session.name, reason)]

    def _forget(self, session: Session) -> None:
        """Drop a session; its INVITE transaction may outlive it to absorb retransmissions."""
        self._sessions.pop(session.name, None)
        if session.dialog is not None:
            self._dialogs.pop(session.index, None)
        for what in ("repeat", "no_ack", "ring"):
            self._timers.cancel((what, session.name))

    def _contact(self, peer: Peer) -> str:
        tail = ";transport=ws" if peer.transport == "WS" else ""
        return f"<sip:callfloor@{self._settings.host}:{self._settings.port}{tail}>"

    def _add_via(self, request: Request, peer: Peer) -> None:
        us = f"{self._settings.host}:{self._settings.port}"
        request.headers.add("Via", f"SIP/2.0/{peer.transport} {us};branch=z9hG4bK{self._token()};rport")


__all__ = ["Settings", "UserAgent", "contact_of"]
