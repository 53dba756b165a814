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
from telephony.sip.address import Address, read_address
from telephony.sip.bodies import DIGIT_TYPES, SDP, digit_in, offer_in, type_of
from telephony.sip.dialog import dialog_of_incoming, dialog_of_outgoing
from telephony.sip.digest import Digest
from telephony.sip.events import (
    Answered,
    Arrived,
    Digit,
    Ended,
    Event,
    LateAnswer,
    Noted,
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
from telephony.sip.overload import RETRY_AFTER_S, Gate, Glance, stateless_tag
from telephony.sip.registrar import Registrar
from telephony.sip.session import Session, origin_of, reason_of
from telephony.sip.timers import Timers
from telephony.sip.transaction import (
    COOKIE,
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
MOST_TRANSACTIONS = 20_000
"""Remembered at once; beyond it strangers' requests outside calls get silence."""
SHORTEST_MESSAGE = 20
"""Bytes; less is a keep-alive."""
_IN_DIALOG_WAIT = ("Retry-After", "2")


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
        self._arrivals: set[tuple[str, str, int]] = set()
        self._byes: dict[Key, Session] = {}
        self._timers: Timers[tuple[str, str]] = Timers()
        self._gate = Gate(settings.most_new_per_s)
        self._refusals = Gate(settings.most_new_per_s * 4)

    def sessions(self) -> tuple[str, ...]:
        """Sessions that are not over."""
        return tuple(name for name, session in self._sessions.items() if session.state != "over")

    def unanswered(self) -> int:
        """Requests of ours that still wait for a final answer, and sessions that wait to be hung up."""
        parting = sum(1 for session in self._sessions.values() if session.bye_wanted)
        return self._transactions.unanswered() + parting

    def census(self) -> dict[str, int]:
        """How much is remembered, by kind; all zero when every call and every timer has run out."""
        return {
            "sessions": len(self._sessions),
            "dialogs": len(self._dialogs),
            "invites": len(self._invites),
            "arrivals": len(self._arrivals),
            "byes": len(self._byes),
            "transactions": len(self._transactions),
            "timers": len(self._timers),
        }

    # ------------------------------------------------------------ from the wire

    def handle(self, data: bytes, source: Peer, now: Instant) -> list[Event]:
        """Take one datagram or frame; whatever cannot be read is answered 400 or with silence."""
        if len(data) < SHORTEST_MESSAGE:
            return []
        if len(data) > 4 * MAX_MESSAGE_BYTES:
            return [Noted("unreadable SIP", "larger than any message", source)]
        if data.startswith(b"INVITE ") and not self._gate.is_open(now):
            refused = self._refuse_early(data, source, now)
            if refused is not None:
                return refused
        try:
            message = parse(data)
        except Malformed as error:
            noted = Noted("unreadable SIP", str(error), source)
            if error.request is None or error.request.method == "ACK":
                return [noted]
            return [noted, self._answer_once(error.request, error.code, source)]
        if isinstance(message, Request) and message.method != "ACK":
            if len(data) > MAX_MESSAGE_BYTES or len(message.body) > MAX_BODY_BYTES:
                return [self._answer_once(message, 413, source)]
            if len(self._transactions) > MOST_TRANSACTIONS and self._is_strange(message):
                return [Noted("SIP overload", "too many requests outside calls", source)]
        return self._follow(self._transactions.handle(message, source, now), now)

    def _refuse_early(self, data: bytes, source: Peer, now: Instant) -> list[Event] | None:
        """The answer to a new call beyond what we take on; None if it is no new call."""
        glance = Glance(data)
        key = glance.key
        if key is None or glance.in_dialog or self._transactions.knows(key):
            return None
        events: list[Event] = [Noted("SIP overload", "more new calls than can be served", source)]
        if self._refusals.take(now):
            events.append(Send(source, glance.refusal(source)))
        return events

    def _is_strange(self, request: Request) -> bool:
        """Whether a request has to do with no call of ours; new calls have a limit of their own."""
        if request.method in ("INVITE", "CANCEL"):
            return request.method == "CANCEL" and not self._transactions.knows(server_key(request, "INVITE"))
        return (request.call_id, tag_of(request.headers["To"])) not in self._dialogs

    def _answer_once(self, request: Request, code: int, source: Peer) -> Send:
        """An answer that remembers nothing."""
        tag = stateless_tag(request.headers["Via"], request.call_id)
        return Send(source, encode(response_to(request, code, source, tag)))

    def peer_lost(self, peer: Peer, now: Instant) -> list[Event]:
        """A connection closed: its sessions are lost and its devices are gone."""
        events: list[Event] = []
        for session in [s for s in self._sessions.values() if s.peer == peer]:
            events += self._end(session, "lost", now)
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
                events += self._timed_out(action.key, now)
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
            return self._within(request, to_tag, peer, key, now)
        if method == "INVITE":
            return self._on_invite(request, peer, key, now)
        if method == "REGISTER":
            response, happened = self.registrar.handle(request, peer, self._token(), now)
            return [*self._follow(self._transactions.respond(key, response, now), now), *happened]
        if method == "OPTIONS":
            return self._respond(request, peer, key, 200, now, allow=True, extra=[("Accept", SDP)])
        return self._respond(request, peer, key, 481, now)

    def _on_invite(self, request: Request, peer: Peer, key: Key, now: Instant) -> list[Event]:
        taken = self._gate.take(now)
        if origin_of(request) in self._arrivals:
            return self._respond(request, peer, key, 482, now)
        try:
            caller = read_address(request.headers["From"])
            dialog = dialog_of_incoming(request, self._token())
        except ValueError:
            return self._respond(request, peer, key, 400, now)
        dialled = Address(request.uri).user
        if not self._is_entry_number(dialled):
            return self._respond(request, peer, key, 404, now)
        if not taken or len(self._sessions) >= self._settings.most_sessions:
            events = self._respond(request, peer, key, 503, now, extra=[("Retry-After", str(RETRY_AFTER_S))])
            return [*events, Noted("SIP overload", "more calls than can be served", peer)]
        code, sdp = offer_in(request, webrtc=peer.transport == "WS")
        if code:
            return self._respond(request, peer, key, code, now, extra=[("Accept", SDP)])
        session = Session(self._name_session(), peer, "arrived", request, key, dialog)
        session.offered_late = not sdp
        self._arrivals.add(session.origin)
        self._invites[key] = session
        self._sessions[session.name] = session
        self._dialogs[session.index] = session
        ringing = self._respond(request, peer, key, 180, now, contact=True)
        number = caller.user or "anonymous"
        return [*ringing, Arrived(session.name, number, caller.name, dialled, sdp, peer)]

    def _within(self, request: Request, to_tag: str, peer: Peer, key: Key, now: Instant) -> list[Event]:
        session = self._dialogs.get((request.call_id, to_tag))
        if session is None or session.dialog is None:
            return self._respond(request, peer, key, 481, now)
        if tag_of(request.headers["From"]) != session.dialog.remote_tag:
            return self._respond(request, peer, key, 481, now)
        if session.state == "over":
            if request.method != "BYE":
                return self._respond(request, peer, key, 481, now)
            # Their BYE crosses ours, or comes while ours waits for an ACK that got lost.
            self._forget(session)
            return self._respond(request, peer, key, 200, now)
        if not session.dialog.accept_sequence(request.cseq.sequence):
            return self._respond(request, peer, key, 500, now)
        if request.method == "BYE":
            events = self._respond(request, peer, key, 200, now)
            if session.state == "arrived":
                # Legal though odd: the caller ends an early dialog; its INVITE still needs an answer.
                events += self._respond(session.invite, session.peer, session.invite_key, 487, now)
            events += self._end(session, "hangup", now)
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
        if request.body and type_of(request) not in DIGIT_TYPES:
            accept = ", ".join(DIGIT_TYPES)
            return self._respond(request, peer, key, 415, now, extra=[("Accept", accept)])
        digit = digit_in(request)
        events = self._respond(request, peer, key, 200, now)
        return [*events, Digit(session.name, digit)] if digit else events

    def _on_reinvite(
        self, session: Session, request: Request, peer: Peer, key: Key, now: Instant
    ) -> list[Event]:
        assert session.dialog is not None
        if session.state == "arrived" or session.reinvite is not None:
            return self._respond(request, peer, key, 500, now, extra=[_IN_DIALOG_WAIT])  # 14.2
        if session.interval_s > 0:
            return self._respond(request, peer, key, 491, now)  # our 2xx and its ACK are still on the way
        code, sdp = offer_in(request, webrtc=peer.transport == "WS")
        if code:
            return self._respond(request, peer, key, code, now)
        session.dialog.retarget(request)
        session.peer = peer
        session.reinvite, session.reinvite_key = request, key
        session.offered_late = not sdp
        trying = self._respond(request, peer, key, 100, now)
        return [*trying, Reoffered(session.name, sdp)]

    def _on_ack(self, request: Request, now: Instant) -> list[Event]:
        session = self._dialogs.get((request.call_id, tag_of(request.headers["To"])))
        if session is None or session.interval_s == 0 or request.cseq.sequence != session.final_sequence:
            return []
        self._timers.cancel(("repeat", session.name))
        self._timers.cancel(("no_ack", session.name))
        session.interval_s = 0.0
        if session.bye_wanted:
            return self._send_bye(session, now)
        late, session.offered_late = session.offered_late, False
        first = session.state == "accepted"
        session.state = "up"
        if not late:
            return []
        if request.body:
            return [LateAnswer(session.name, request.body.decode("utf-8", "replace"))]
        if first:
            # They never said where to send sound: there is no call to be had.
            return [*self._end(session, "failed", now), *self._send_bye(session, now)]
        return []

    def _on_cancel(self, request: Request, peer: Peer, key: Key, now: Instant) -> list[Event]:
        invite_key = server_key(request, "INVITE")
        if not self._transactions.knows(invite_key):
            return self._respond(request, peer, key, 481, now)
        session = self._invites.get(invite_key)
        if session is None:
            return [
                *self._respond(request, peer, key, 200, now),
                *self._cancel_reinvite(request, invite_key, now),
            ]
        tag = session.dialog.local_tag if session.dialog else ""
        events = self._respond(request, peer, key, 200, now, tag=tag)
        if session.state == "arrived":
            events += self._respond(session.invite, session.peer, invite_key, 487, now)
            events += self._end(session, "cancelled", now)
            self._forget(session)
        return events

    def _cancel_reinvite(self, request: Request, invite_key: Key, now: Instant) -> list[Event]:
        session = self._dialogs.get((request.call_id, tag_of(request.headers["To"])))
        if session is None or session.reinvite is None or session.reinvite_key != invite_key:
            return []
        return self._drop_reinvite(session, now)

    def _drop_reinvite(self, session: Session, now: Instant) -> list[Event]:
        if session.reinvite is None:
            return []
        request, session.reinvite = session.reinvite, None
        return self._respond(request, session.peer, session.reinvite_key, 487, now)

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
        events = self._end(session, reason_of(response.code), now)
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
        tag = tag_of(response.headers["To"])
        if tag in session.acks:
            return [Send(session.peer, session.acks[tag])]  # our ACK was lost
        dialog = dialog_of_outgoing(session.invite, response)
        ack = dialog.request("ACK", session.invite.cseq.sequence)
        self._add_via(ack, session.peer)
        sent = Send(session.peer, encode(ack))
        session.acks[tag] = sent.data
        if session.state != "calling":
            # A second telephone picked up too, or we had already given up: take it and end it properly.
            bye = dialog.request("BYE")
            self._add_via(bye, session.peer)
            _, actions = self._transactions.request(bye, session.peer, now)
            return [sent, *self._follow(actions, now)]
        session.dialog = dialog
        session.state = "up"
        self._timers.cancel(("ring", session.name))
        self._dialogs[session.index] = session
        return [sent, Answered(session.name, response.body.decode("utf-8", "replace"))]

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

    # ------------------------------------------------------------ commands

    def invite(
        self, name: str, user: str, caller: str, sdp: str, headers: list[tuple[str, str]], now: Instant
    ) -> list[Event]:
        """Ring the registered device ``user`` as the new session ``name`` (never used before)."""
        binding = self.registrar.find(user)
        if binding is None:
            return [Ended(name, "unreachable")]
        request = Request("INVITE", binding.uri, body=sdp.encode())
        self._add_via(request, binding.peer)
        us = self._settings.address
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
        session.final_sequence = request.cseq.sequence
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
        ended = self._end(session, "cancelled" if state == "calling" else "told", now)
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
                events += self._end(session, "lost", now)
                events += self._send_bye(session, now)
            elif what == "ring" and session.state == "calling":
                events += self._end(session, "no_answer", now)
                session.cancel_wanted = True
                events += self._send_cancel(session, now) if session.provisional else []
        return events

    # ------------------------------------------------------------ the rest

    def _end(self, session: Session, reason: EndReason, now: Instant) -> list[Event]:
        """Tell the ending, once; a re-INVITE of theirs that still waits is refused (RFC 3261 15.1.2)."""
        if session.state == "over":
            return []
        session.state = "over"
        self._timers.cancel(("ring", session.name))
        return [*self._drop_reinvite(session, now), Ended(session.name, reason)]

    def _forget(self, session: Session) -> None:
        """Drop a session; its INVITE transaction may outlive it to absorb retransmissions."""
        self._sessions.pop(session.name, None)
        if session.dialog is not None:
            self._dialogs.pop(session.index, None)
        for what in ("repeat", "no_ack", "ring"):
            self._timers.cancel((what, session.name))

    def _contact(self, peer: Peer) -> str:
        tail = ";transport=ws" if peer.transport == "WS" else ""
        return f"<sip:callfloor@{self._settings.address}{tail}>"

    def _add_via(self, request: Request, peer: Peer) -> None:
        branch = f"{COOKIE}{self._token()}"
        request.headers.add("Via", f"SIP/2.0/{peer.transport} {self._settings.address};branch={branch};rport")
