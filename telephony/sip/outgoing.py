"""The half of the user agent that asks: devices we ring, far ends we want a sign of life from."""

import re

from sipmessage import URI, CSeq, Request, Response

from domain.instant import Instant, after
from telephony.sip.bodies import SDP
from telephony.sip.core import Core
from telephony.sip.dialog import dialog_of_outgoing
from telephony.sip.events import Answered, Ended, Event, Ringing, Send
from telephony.sip.message import ALLOW, encode, tag_of
from telephony.sip.session import Session, reason_of
from telephony.sip.transaction import Key

RING_LIMIT_S = 180.0
PROBE_S = 10.0
"""How long a far end that is asked for a sign of life may take; UDP has it asked five times by then."""


class Outgoing(Core):
    """Calls we make."""

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

    def probe(self, name: str, now: Instant) -> list[Event]:
        """Ask the far end whether it still has the session: OPTIONS within it (RFC 3261 11.1).

        A session nobody answers for within ``PROBE_S``, or that is unknown there, is over as ``lost``.
        """
        session = self._sessions.get(name)
        if session is None or session.dialog is None or session.state != "up" or session.probe:
            return []
        options = session.dialog.request("OPTIONS")
        self._add_via(options, session.peer)
        session.probe, actions = self._transactions.request(options, session.peer, now)
        self._probes[session.probe] = session
        self._timers.set(("probe", name), after(now, PROBE_S))
        return self._follow(actions, now)

    def _probed(self, response: Response, key: Key, now: Instant) -> list[Event]:
        session = self._probes.get(key)
        if session is None or response.code < 200:
            return []
        if response.code in (408, 481):
            return self._nobody_there(session, now)
        # Whatever else it thinks of our question, it is there.
        del self._probes[key]
        session.probe = ()
        self._timers.cancel(("probe", session.name))
        return []

    def _nobody_there(self, session: Session, now: Instant) -> list[Event]:
        """The far end no longer has the session (RFC 3261 12.2.1.2: say BYE all the same)."""
        return [*self._end(session, "lost", now), *self._send_bye(session, now)]

    def _response(self, response: Response, key: Key, now: Instant) -> list[Event]:
        if response.cseq.method == "OPTIONS":
            return self._probed(response, key, now)
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
