"""RFC 3261 section 17 (with RFC 6026): the four transactions, retransmitting and absorbing, time handed in.

==========  ===========  ==========================================  =====================================
kind        state        comes in                                    what happens
==========  ===========  ==========================================  =====================================
IS invite   proceeding   INVITE again                                last provisional again
server      completed    INVITE again / G                            final again; H: give up; ACK: confirmed
            confirmed    anything                                    swallowed until I
            accepted     INVITE again                                swallowed (the UA repeats its 2xx); L
NS other    trying       request again                               swallowed
server      completed    request again                               final again; J: done
IC invite   calling      A: again; B: timed out                      1xx: proceeding
client      proceeding   1xx, 2xx, 3xx-6xx                           to the UA (3xx-6xx acknowledged here)
            completed    3xx-6xx again                               ACK again; D: done
            accepted     2xx again                                   to the UA, which ACKs again; M: done
NC other    trying       E: again; F: timed out                      1xx: proceeding
client      completed    response again                              swallowed; K: done
==========  ===========  ==========================================  =====================================
"""

from dataclasses import dataclass
from typing import Literal

from sipmessage import Request, Response

from domain.instant import Instant, after
from telephony.sip.events import Peer, Send
from telephony.sip.message import ack_to_failure, branch_of, encode, sent_by_of, tag_of
from telephony.sip.timers import Timers

T1_S = 0.5
T2_S = 4.0
T4_S = 5.0
GIVE_UP_S = 64 * T1_S

COOKIE = "z9hG4bK"

Key = tuple[str, ...]
Kind = Literal["IS", "NS", "IC", "NC"]


@dataclass(frozen=True, slots=True)
class Received:
    """A new request (``key`` names its server transaction, empty for the ACK of a 2xx) or a response."""

    key: Key
    message: Request | Response
    peer: Peer


@dataclass(frozen=True, slots=True)
class TimedOut:
    """A client transaction got no final answer, or an INVITE's failure was never acknowledged."""

    key: Key


@dataclass(frozen=True, slots=True)
class Finished:
    """A transaction is over and forgotten."""

    key: Key


Action = Send | Received | TimedOut | Finished


@dataclass(slots=True)
class _Transaction:
    key: Key
    kind: Kind
    peer: Peer
    request: Request | None  # ours; theirs is answered by ``sent`` and need not be kept for 32 s
    state: str
    sent: bytes = b""  # what is sent again
    interval_s: float = T1_S


class Transactions:
    """All transactions of one SIP element."""

    def __init__(self) -> None:
        self._all: dict[Key, _Transaction] = {}
        self._timers: Timers[tuple[Key, str]] = Timers()
        self._unanswered: set[Key] = set()

    def __len__(self) -> int:
        return len(self._all)

    def unanswered(self) -> int:
        """How many requests of ours still wait for a final answer."""
        return len(self._unanswered)

    def knows(self, key: Key) -> bool:
        """Whether a transaction of this name is remembered."""
        return key in self._all

    # ------------------------------------------------------------ from the wire

    def handle(self, message: Request | Response, source: Peer, now: Instant) -> list[Action]:
        """Take one message off the wire."""
        if isinstance(message, Response):
            return self._response(message, source, now)
        key = server_key(message)
        known = self._all.get(key)
        if message.method == "ACK":
            return self._ack(known, message, source, now)
        if known is not None:
            again = known.sent and known.state in ("proceeding", "completed")
            return [Send(known.peer, known.sent)] if again else []
        kind: Kind = "IS" if message.method == "INVITE" else "NS"
        state = "proceeding" if kind == "IS" else "trying"
        self._all[key] = _Transaction(key, kind, source, None, state)
        return [Received(key, message, source)]

    def _ack(self, known: _Transaction | None, ack: Request, source: Peer, now: Instant) -> list[Action]:
        if known is None or known.state == "accepted":
            return [Received((), ack, source)]
        if known.state == "completed":
            known.state = "confirmed"
            self._timers.cancel((known.key, "retransmit"))
            self._timers.cancel((known.key, "timeout"))
            if known.peer.reliable:
                return self._finish(known)
            self._timers.set((known.key, "done"), after(now, T4_S))
        return []

    def _response(self, response: Response, source: Peer, now: Instant) -> list[Action]:
        via = response.headers["Via"]
        key = ("client", branch_of(via), response.cseq.method)
        known = self._all.get(key)
        if known is None or "," in via or len(response.headers.getlist("Via")) > 1:
            return []  # not ours, or misrouted (8.1.3.3)
        if known.kind == "NC":
            return self._other_response(known, response, source, now)
        deliver: list[Action] = [Received(key, response, source)]
        if response.code < 200 and known.state == "proceeding":
            return deliver  # a time limit set by a CANCEL since then stays
        if known.state in ("calling", "proceeding"):
            self._timers.cancel((key, "retransmit"))
            self._timers.cancel((key, "timeout"))
            if response.code < 200:
                known.state = "proceeding"
                return deliver
            if response.code < 300:
                self._unanswered.discard(key)
                known.state = "accepted"
                self._timers.set((key, "done"), after(now, GIVE_UP_S))
                return deliver
            self._unanswered.discard(key)
            known.state = "completed"
            assert known.request is not None
            known.sent = encode(ack_to_failure(known.request, response))
            acked: list[Action] = [Send(known.peer, known.sent), *deliver]
            if known.peer.reliable:
                return acked + self._finish(known)
            self._timers.set((key, "done"), after(now, GIVE_UP_S))
            return acked
        if known.state == "completed" and response.code >= 300:
            return [Send(known.peer, known.sent)]
        if known.state == "accepted" and 200 <= response.code < 300:
            return deliver
        return []

    def _other_response(
        self, known: _Transaction, response: Response, source: Peer, now: Instant
    ) -> list[Action]:
        if known.state == "completed":
            return []
        if response.code < 200:
            known.state = "proceeding"
            return [Received(known.key, response, source)]
        self._unanswered.discard(known.key)
        known.state = "completed"
        self._timers.cancel((known.key, "retransmit"))
        self._timers.cancel((known.key, "timeout"))
        told: list[Action] = [Received(known.key, response, source)]
        if known.peer.reliable:
            return told + self._finish(known)
        self._timers.set((known.key, "done"), after(now, T4_S))
        return told

    # ------------------------------------------------------------ from the user agent

    def request(self, request: Request, peer: Peer, now: Instant) -> tuple[Key, list[Action]]:
        """Send a request of ours (never an ACK); its top Via names a fresh branch."""
        key = ("client", branch_of(request.headers["Via"]), request.method)
        kind: Kind = "IC" if request.method == "INVITE" else "NC"
        state = "calling" if kind == "IC" else "trying"
        transaction = _Transaction(key, kind, peer, request, state, encode(request))
        self._all[key] = transaction
        self._unanswered.add(key)
        self._timers.set((key, "timeout"), after(now, GIVE_UP_S))
        if not peer.reliable:
            self._timers.set((key, "retransmit"), after(now, T1_S))
        return key, [Send(peer, transaction.sent)]

    def expect_end(self, key: Key, now: Instant) -> None:
        """Our CANCEL for this INVITE is out: wait for its final answer no longer than a CANCEL may take."""
        if key in self._unanswered:
            self._timers.set((key, "timeout"), after(now, GIVE_UP_S))

    def respond(self, key: Key, response: Response, now: Instant) -> list[Action]:
        """Answer a request; nothing happens if it was already answered for good or is forgotten."""
        known = self._all.get(key)
        if known is None or known.state not in ("trying", "proceeding"):
            return []
        known.sent = encode(response)
        actions: list[Action] = [Send(known.peer, known.sent)]
        if response.code < 200:
            known.state = "proceeding"
            return actions
        if known.kind == "IS" and response.code < 300:
            known.state = "accepted"
            self._timers.set((key, "done"), after(now, GIVE_UP_S))
            return actions
        known.state = "completed"
        if known.kind == "IS":
            self._timers.set((key, "timeout"), after(now, GIVE_UP_S))
            if not known.peer.reliable:
                self._timers.set((key, "retransmit"), after(now, T1_S))
        elif known.peer.reliable:
            return actions + self._finish(known)
        else:
            self._timers.set((key, "done"), after(now, GIVE_UP_S))
        return actions

    def drop(self, peer: Peer) -> list[Action]:
        """A connection is gone: forget everything that ran over it."""
        gone = [known for known in self._all.values() if known.peer == peer]
        return [action for known in gone for action in self._finish(known)]

    # ------------------------------------------------------------ time

    def wake_at(self) -> Instant | None:
        """When ``wake`` wants to be called."""
        return self._timers.wake_at()

    def wake(self, now: Instant) -> list[Action]:
        """Retransmit, give up and forget whatever is due."""
        actions: list[Action] = []
        while (due := self._timers.pop_due(now)) is not None:
            key, name = due
            known = self._all.get(key)
            if known is None:
                continue
            if name == "retransmit":
                self._retransmit(known, now)
                actions.append(Send(known.peer, known.sent))
            elif name == "timeout":
                actions.append(TimedOut(key))
                actions += self._finish(known)
            else:
                actions += self._finish(known)
        return actions

    def _retransmit(self, known: _Transaction, now: Instant) -> None:
        doubled = known.interval_s * 2
        # Only the INVITE client (timer A) doubles without a ceiling; it is stopped by its time-out.
        known.interval_s = doubled if known.kind == "IC" else min(doubled, T2_S)
        if known.kind == "NC" and known.state == "proceeding":
            known.interval_s = T2_S
        self._timers.set((known.key, "retransmit"), after(now, known.interval_s))

    def _finish(self, known: _Transaction) -> list[Action]:
        self._all.pop(known.key, None)
        self._unanswered.discard(known.key)
        for name in ("retransmit", "timeout", "done"):
            self._timers.cancel((known.key, name))
        return [Finished(known.key)]


def server_key(request: Request, method: str = "") -> Key:
    """The name of a request's server transaction; an ACK has its INVITE's, ``method`` overrides (CANCEL)."""
    method = method or ("INVITE" if request.method == "ACK" else request.method)
    via = request.headers["Via"]
    branch = branch_of(via)
    if branch.startswith(COOKIE):
        return modern_key(branch, via, method)
    # RFC 2543 peers: section 17.2.3's older rule, without the To tag an ACK adds.
    headers = request.headers
    sequence = str(request.cseq.sequence)
    return ("server", headers["Call-ID"], tag_of(headers["From"]), sequence, sent_by_of(via), method)


def modern_key(branch: str, via: str, method: str) -> Key:
    """The name of a server transaction whose branch carries the magic cookie of RFC 3261."""
    return ("server", branch, sent_by_of(via), method)
