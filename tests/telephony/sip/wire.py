"""A user agent at one end of a wire held by the test, in virtual time."""

import hashlib
import itertools
from collections.abc import Iterable
from typing import TypeVar

from sipmessage import Request, Response

from domain.instant import Instant, after
from telephony.sip import sdp
from telephony.sip.digest import Digest, response_for
from telephony.sip.events import Arrived, Event, Noted, Peer, Send, Told
from telephony.sip.message import parse, tag_of
from telephony.sip.ua import Settings, UserAgent

CALLER = Peer("UDP", "10.0.0.7", 5070)
DEVICE = Peer("UDP", "10.0.0.9", 5062)
PAGE = Peer("WS", "10.0.0.8", 40_000, 1)
OFFER = sdp.offer("10.0.0.7", 40_000)
ANSWER = sdp.offer("10.0.0.1", 20_000)
REALM = "callfloor"
PASSWORDS = {"desk-wang": "correct horse", "desk-li": "battery staple", "desk-sipp": "s3cret"}

T = TypeVar("T")


def request(
    method: str = "INVITE",
    *,
    uri: str = "sip:95588@10.0.0.1",
    body: str | bytes = "",
    branch: str = "z9hG4bK-1",
    via: str | None = None,
    call_id: str = "call-1",
    number: int = 1,
    cseq_method: str | None = None,
    sender: str = "<sip:13800000001@10.0.0.7>;tag=theirs",
    to: str = "<sip:95588@10.0.0.1>",
    to_tag: str = "",
    contact: str | None = "<sip:13800000001@10.0.0.7:5070>",
    extra: Iterable[str] = (),
    content_type: str = "application/sdp",
    content_length: int | None = None,
) -> bytes:
    """A request as a telephone would write it."""
    data = body.encode() if isinstance(body, str) else body
    lines = [
        f"{method} {uri} SIP/2.0",
        f"Via: {via or f'SIP/2.0/UDP 10.0.0.7:5070;branch={branch};rport'}",
        "Max-Forwards: 70",
        f"From: {sender}",
        f"To: {to}{f';tag={to_tag}' if to_tag else ''}",
        f"Call-ID: {call_id}",
        f"CSeq: {number} {cseq_method or method}",
    ]
    lines += [f"Contact: {contact}"] if contact is not None else []
    lines += list(extra)
    lines += [f"Content-Type: {content_type}"] if data else []
    lines.append(f"Content-Length: {len(data) if content_length is None else content_length}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + data


def answer_to(
    data: bytes,
    code: int,
    phrase: str = "x",
    *,
    tag: str = "there",
    body: str = "",
    extra: Iterable[str] = (),
) -> bytes:
    """A response to a request the user agent sent, as the far end would write it."""
    asked = parse(data)
    to = asked.headers["To"]
    lines = [f"SIP/2.0 {code} {phrase}"]
    lines += [f"Via: {via}" for via in asked.headers.getlist("Via")]
    lines += [
        f"From: {asked.headers['From']}",
        f"To: {to}" if tag_of(to) or not tag else f"To: {to};tag={tag}",
    ]
    lines += [
        f"Call-ID: {asked.call_id}",
        f"CSeq: {asked.headers['CSeq']}",
        "Contact: <sip:wang@10.0.0.9:5062>",
    ]
    lines += [*extra, *(["Content-Type: application/sdp"] if body else []), f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def sign_in(user: str, nonce: str = "", *, transport: str = "UDP") -> bytes:
    """A REGISTER, with credentials when a nonce is given."""
    uri = "sip:127.0.0.1"
    extra = []
    if nonce:
        response = response_for(user, REALM, PASSWORDS[user], "REGISTER", uri, nonce, "00000001", "abc")
        extra.append(
            f'Authorization: Digest username="{user}", realm="{REALM}", nonce="{nonce}", uri="{uri}", '
            f'response="{response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="abc"'
        )
    return request(
        "REGISTER",
        uri=uri,
        via=f"SIP/2.0/{transport} x.invalid;branch=z9hG4bK-reg{nonce}",
        sender=f"<sip:{user}@127.0.0.1>;tag=reg",
        to=f"<sip:{user}@127.0.0.1>",
        call_id=f"reg-{user}",
        number=2 if nonce else 1,
        contact=f"<sip:{user}@x.invalid;transport=ws>",
        extra=extra,
    )


class Wire:
    """Hands datagrams to a user agent, keeps what it sends and what it tells."""

    def __init__(
        self, *, most_sessions: int = 100, most_new_per_s: float = 1000.0, host: str = "10.0.0.1"
    ) -> None:
        self.now = Instant(1_000_000_000)
        self.asked_for: list[str] = []
        tokens, names = itertools.count(1), itertools.count(1)
        self.digest = Digest(REALM, b"secret", self._password_of)
        self.ua = UserAgent(
            Settings(host, 5060, most_sessions=most_sessions, most_new_per_s=most_new_per_s),
            self.digest,
            lambda dialled: dialled in ("95588", "95599"),
            lambda: f"s{next(names)}",
            # Hashed: real tokens have no order, and nothing may come to rely on one.
            lambda: hashlib.sha256(f"{host}{next(tokens)}".encode()).hexdigest()[:16],
        )
        self.sent: list[Request | Response] = []
        self.raw: list[Send] = []
        self.told: list[Told] = []
        self.noted: list[Noted] = []

    def _password_of(self, user: str) -> str | None:
        self.asked_for.append(user)
        return PASSWORDS.get(user)

    def take(self, events: list[Event]) -> "Wire":
        """Sort what the user agent returned; ``sent`` and ``told`` are of the last step only."""
        self.raw = [event for event in events if isinstance(event, Send)]
        self.sent = [parse(event.data) for event in self.raw]
        self.noted = [event for event in events if isinstance(event, Noted)]
        self.told = [event for event in events if not isinstance(event, Send | Noted)]
        return self

    def hear(self, data: bytes, source: Peer = CALLER) -> "Wire":
        """One datagram or frame comes in."""
        return self.take(self.ua.handle(data, source, self.now))

    def wait(self, seconds: float) -> "Wire":
        """Let time pass, waking whenever asked; ``sent`` and ``told`` are of the whole wait."""
        end, events = after(self.now, seconds), list[Event]()
        while (at := self.ua.wake_at()) is not None and at <= end:
            self.now = max(self.now, at)
            events += self.ua.wake(self.now)
        self.now = end
        return self.take(events)

    @property
    def codes(self) -> list[int]:
        """Status codes of the responses just sent."""
        return [message.code for message in self.sent if isinstance(message, Response)]

    @property
    def methods(self) -> list[str]:
        """Methods of the requests just sent."""
        return [message.method for message in self.sent if isinstance(message, Request)]

    @property
    def one(self) -> Request | Response:
        """The only message just sent."""
        (message,) = self.sent
        return message

    def only(self, kind: type[T]) -> T:
        """The only event of this kind just told."""
        (event,) = [event for event in self.told if isinstance(event, kind)]
        return event

    # ------------------------------------------------------------ longer steps

    def arrive(self, body: str = OFFER, *, source: Peer = CALLER, **changes: object) -> str:
        """An INVITE arrives and rings; gives our tag."""
        self.hear(request(body=body, **changes), source)  # type: ignore[arg-type]
        assert self.codes == [180], self.sent
        assert isinstance(self.told[-1], Arrived)
        return tag_of(self.one.headers["To"])

    def talk(self, **changes: object) -> str:
        """A call arrives, is accepted and acknowledged; gives our tag. The session is ``s1``."""
        tag = self.arrive(**changes)  # type: ignore[arg-type]
        self.accept(self.only(Arrived).session)
        self.hear(request("ACK", branch="z9hG4bK-ack", to_tag=tag))
        return tag

    def accept(self, session: str = "s1", sdp_text: str = ANSWER) -> "Wire":
        """The switch answers."""
        return self.take(self.ua.accept(session, sdp_text, self.now))

    def hang_up(self, session: str = "s1", code: int = 480) -> "Wire":
        """The switch hangs up."""
        return self.take(self.ua.hang_up(session, self.now, code))

    def register(
        self,
        user: str = "desk-wang",
        *,
        password: str | None = None,
        source: Peer = DEVICE,
        nonce: str | None = None,
        count: int = 1,
        number: int = 2,
        call_id: str | None = None,
        contact: str | None = "<sip:wang@10.0.0.9:5062>",
        extra: Iterable[str] = (),
        qop: bool = True,
        branch: str = "",
    ) -> "Wire":
        """A REGISTER with credentials; without ``nonce`` a challenge is fetched first."""
        nonce = self.challenge(user, source) if nonce is None else nonce
        password = PASSWORDS.get(user, "") if password is None else password
        uri = "sip:10.0.0.1"
        nc, cnonce = (f"{count:08x}", "abc") if qop else ("", "")
        response = response_for(user, REALM, password, "REGISTER", uri, nonce, nc, cnonce)
        tail = f', qop=auth, nc={nc}, cnonce="{cnonce}"' if qop else ""
        credentials = (
            f'Authorization: Digest username="{user}", realm="{REALM}", nonce="{nonce}", uri="{uri}", '
            f'response="{response}", algorithm=MD5{tail}'
        )
        return self.hear(
            self._register(user, source, number, call_id, contact, [credentials, *extra], branch), source
        )

    def challenge(self, user: str = "desk-wang", source: Peer = DEVICE) -> str:
        """A REGISTER without credentials; gives the nonce of the challenge."""
        self.hear(self._register(user, source, 1, None, "<sip:x@10.0.0.9>", [], ""), source)
        assert self.codes == [401]
        return self.nonce()

    def nonce(self) -> str:
        """The nonce of the challenge just sent."""
        return self.one.headers["WWW-Authenticate"].split('nonce="')[1].split('"')[0]

    def _register(
        self,
        user: str,
        source: Peer,
        number: int,
        call_id: str | None,
        contact: str | None,
        extra: list[str],
        branch: str,
    ) -> bytes:
        self._branches = getattr(self, "_branches", 0) + 1
        where = "10.0.0.9:5062" if source.transport == "UDP" else "abc.invalid"
        return request(
            "REGISTER",
            uri="sip:10.0.0.1",
            via=f"SIP/2.0/{source.transport} {where};branch={branch or f'z9hG4bK-r{self._branches}'}",
            sender=f"<sip:{user}@10.0.0.1>;tag=reg",
            to=f"<sip:{user}@10.0.0.1>",
            call_id=call_id or f"reg-{user}-{source.host}-{self._branches}",
            number=number,
            contact=contact,
            extra=extra,
        )

    def ring(self, session: str = "out", user: str = "desk-wang") -> bytes:
        """The switch rings a registered device; gives the INVITE."""
        self.take(self.ua.invite(session, user, "13800000001", OFFER, [("X-Call", "c1")], self.now))
        assert self.methods == ["INVITE"]
        return self.raw[0].data

    def assert_nothing_left(self) -> None:
        """Every call, transaction and timer runs out by itself."""
        self.wait(400)
        assert self.ua.census() == dict.fromkeys(self.ua.census(), 0)
