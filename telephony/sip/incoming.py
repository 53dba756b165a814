"""The half of the user agent that answers: requests of others, and our decisions about them."""

from sipmessage import Request

from domain.instant import Instant, after
from telephony.sip.address import Address, read_address
from telephony.sip.bodies import DIGIT_TYPES, SDP, digit_in, offer_in, type_of
from telephony.sip.core import Core
from telephony.sip.dialog import dialog_of_incoming
from telephony.sip.events import Arrived, Digit, Event, LateAnswer, Noted, Peer, Reoffered, Send
from telephony.sip.message import KNOWN_ELSEWHERE, METHODS, tag_of
from telephony.sip.overload import RETRY_AFTER_S
from telephony.sip.session import Session, origin_of
from telephony.sip.transaction import GIVE_UP_S, T1_S, Key, server_key

_IN_DIALOG_WAIT = ("Retry-After", "2")


class Incoming(Core):
    """Calls that arrive, and what comes in within any call."""

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
        return [*ringing, Arrived(session.name, caller.shown, caller.name, dialled, sdp, peer)]

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

    # ------------------------------------------------------------ commands

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
