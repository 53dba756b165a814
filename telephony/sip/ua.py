"""The user agent: takes calls, makes calls and keeps devices registered, on transactions and dialogs.

What a session goes through::

    arrived --accept--> accepted --ACK--> up --BYE either way--> over
       |  CANCEL: 487 to the INVITE          calling --2xx, we ACK--> up
       +--reject--> over                     calling --3xx-6xx, time-out, cancel--> over

``Ended`` is told as soon as it is certain; what the protocol still has to say (a BYE to repeat, a CANCEL
that crosses a 200) goes on behind it.
"""

from sipmessage import Request

from domain.instant import Instant, after
from telephony.sip.core import Settings
from telephony.sip.events import Event, Noted, Peer, Send
from telephony.sip.incoming import Incoming
from telephony.sip.message import (
    MAX_BODY_BYTES,
    MAX_MESSAGE_BYTES,
    Malformed,
    encode,
    parse,
    response_to,
    tag_of,
)
from telephony.sip.outgoing import Outgoing
from telephony.sip.overload import Glance, stateless_tag
from telephony.sip.transaction import T2_S, server_key

MOST_TRANSACTIONS = 20_000
"""Remembered at once; beyond it strangers' requests outside calls get silence."""
SHORTEST_MESSAGE = 20
"""Bytes; less is a keep-alive."""


class UserAgent(Incoming, Outgoing):
    """The SIP machine: ``handle`` what comes in, command sessions by name, ``wake`` it when it asks."""

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
            "probes": len(self._probes),
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

    # ------------------------------------------------------------ either way

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
                events += self._nobody_there(session, now)
            elif what == "probe":
                events += self._nobody_there(session, now)
            elif what == "ring" and session.state == "calling":
                events += self._end(session, "no_answer", now)
                session.cancel_wanted = True
                events += self._send_cancel(session, now) if session.provisional else []
        return events


__all__ = ["Settings", "UserAgent"]
