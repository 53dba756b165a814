"""The embedded switch with its real media process, and far ends on real sockets that obey the test."""

import asyncio
import functools
import itertools
import os
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

from sipmessage import Response

from domain.ids import CallId, DeviceId, LegId
from domain.switch import Answer, CallArrived, HangUp, LegAnswered, LegEnded, Ring
from telephony.embedded.switch import EmbeddedSettings, EmbeddedSwitch
from telephony.media.settings import MediaSettings
from telephony.sip import sdp
from telephony.sip.message import parse, tag_of
from telephony.sip.transport import SipTransport
from telephony.speech.library import Prompts
from telephony.speech.voice import ToneVoice, Voice
from tests.contracts.switches import Table, WallTime, check, played_on
from tests.telephony.media.far_end import FarEnd
from tests.telephony.sip.wire import PASSWORDS, answer_to, request, sign_in

PATIENCE_S = 10.0
"""Only ever used up by a test that fails."""
DEVICE = DeviceId("desk-wang")


class House(Table):
    """A table (see ``tests.contracts.switches``) with an embedded switch that telephones reach by SIP."""

    switch: EmbeddedSwitch
    host = "127.0.0.1"
    folder: Path
    _arrivals = 0

    def sockets(self) -> int:
        """How many files and sockets the media process holds."""
        return len(os.listdir(f"/proc/{self.switch.media.pid}/fd"))

    async def leg(self) -> LegId:
        """The leg of the call that arrived last, as soon as one has that was not asked for yet."""
        seen = self._arrivals
        arrived = await self.time.until(lambda: self.told(CallArrived)[seen:], "the arrival of a call")
        self._arrivals += 1
        return arrived[0].leg

    async def arrival(self, number: str = "13800138000") -> tuple[Any, LegId]:
        """Somebody simulated rings; they and their leg."""
        caller, leg = await super().arrival(number)
        self._arrivals += 1
        return caller, leg

    async def ends(self, leg: LegId, *reasons: str) -> None:
        """The leg ends for one of these reasons."""
        (ended,) = await self.time.until(lambda: self.told(LegEnded, leg), f"the end of {leg}")
        assert ended.reason in reasons, self.of_leg(leg)

    async def answered(self, phone: "Phone", **changes: Any) -> LegId:
        """A caller dials, is answered and acknowledges."""
        phone.call(**changes)
        leg = await self.leg()
        self.do(Answer(leg))
        await phone.acknowledge()
        await self.hears(LegAnswered(leg))
        return leg

    async def rung(self, phone: "Phone", *, auto_answer: bool = False) -> LegId:
        """A registered telephone is rung; its INVITE came in."""
        leg = self.new_leg()
        self.do(Ring(leg, phone.device, CallId("call-1"), "13800138000", auto_answer))
        await phone.hear(b"INVITE")
        return leg

    async def picked_up(self, phone: "Phone") -> LegId:
        """A registered telephone is rung and answers."""
        leg = await self.rung(phone)
        phone.answer()
        await phone.hear(b"ACK")
        await self.hears(LegAnswered(leg))
        return leg


@asynccontextmanager
async def house(
    folder: Path, voice: Voice | None = None, host: str = "127.0.0.1", **media: Any
) -> AsyncIterator[House]:
    """A started switch; stopped afterwards, with all that always holds checked."""
    names = (CallId(f"call-{number}") for number in itertools.count(1))
    prompts = Prompts(folder / "cache", None, voice or ToneVoice())
    switch = EmbeddedSwitch(
        EmbeddedSettings(MediaSettings(host=host, **media), host, folder / "recordings"),
        prompts,
        lambda on_event: SipTransport(
            host=host,
            port=0,
            password_of=PASSWORDS.get,
            is_entry_number=lambda number: number == "95588",
            name_session=lambda: next(names),
            on_event=on_event,
        ),
        lambda: next(names),
    )
    table = House(switch, WallTime())
    table.host, table.folder = host, folder
    async with played_on(table):
        try:
            yield table
        finally:
            Phone.unplug_all()


class Phone:
    """A telephone of plain SIP and RTP. It says what the test makes it say and nothing by itself."""

    opened: list["Phone"] = []  # noqa: RUF012 - closed with the house
    numbers = itertools.count(1)

    def __init__(self, house: House, rtp: FarEnd) -> None:
        self._house, self.rtp = house, rtp
        self.device = DEVICE
        self.name = f"phone-{next(Phone.numbers)}"
        self._socket = socket.socket(
            socket.AF_INET6 if ":" in house.host else socket.AF_INET, socket.SOCK_DGRAM
        )
        self._socket.setblocking(False)
        self._socket.bind((house.host, 0))
        self._branches = itertools.count(1)
        self._invited = b""
        self._tag = ""
        self._sequence = 1
        Phone.opened.append(self)

    @classmethod
    async def open(cls, house: House) -> "Phone":
        """A telephone on two sockets of its own."""
        return cls(house, await FarEnd.open(house.host))

    @staticmethod
    def unplug_all() -> None:
        """Take every telephone from the wall."""
        while Phone.opened:
            phone = Phone.opened.pop()
            phone._socket.close()
            phone.rtp.close()
            FarEnd.opened.remove(phone.rtp)

    # ------------------------------------------------------------ the wire

    def send(self, data: bytes) -> None:
        """One datagram to the switch."""
        self._socket.sendto(data, (self._house.host, self._house.switch.sip.port))

    async def hear(self, *first: bytes) -> bytes:
        """The next datagram that begins with one of these; others are passed over."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                data = await asyncio.get_running_loop().sock_recv(self._socket, 65_535)
                if data.startswith(first):
                    if data.startswith(b"INVITE"):
                        self._invited = data
                        self._aim(data)
                    return data

    def waiting(self) -> list[bytes]:
        """What came in and was not heard yet."""
        came = []
        while True:
            try:
                came.append(self._socket.recv(65_535))
            except BlockingIOError:
                return came

    async def ok(self, method: str) -> Response:
        """The 200 to this method."""
        while True:
            response = parse(await self.hear(b"SIP/2.0 200"))
            if response.headers["CSeq"].endswith(method):
                assert isinstance(response, Response)
                return response

    def _aim(self, described: bytes) -> None:
        theirs = sdp.parse(parse(described).body.decode())
        self.rtp.to = (theirs.host, theirs.port)

    # ------------------------------------------------------------ as a caller

    def description(self, payloads: str = "0 8 101", direction: str = "sendrecv") -> str:
        """Our SDP."""
        made = sdp.offer(self._house.host, self.rtp.port)
        return made.replace("0 8 101", payloads).replace("a=sendrecv", f"a={direction}")

    def call(self, body: str | None = None) -> None:
        """Dial 95588."""
        self.send(self._request("INVITE", body=self.description() if body is None else body))

    def cancel(self) -> None:
        """Take it back."""
        self.send(self._request("CANCEL", branch="invite", number=1))

    async def acknowledge(self, body: str = "") -> Response:
        """Wait for the answer and say ACK; gives the 200."""
        answered = await self.ok("INVITE")
        self._tag = tag_of(answered.headers["To"])
        self._aim(bytes(answered))
        self.send(self._request("ACK", body=body, number=answered.cseq.sequence))
        return answered

    def reinvite(self, body: str) -> None:
        """Describe ourselves anew, or leave it to them with an empty body."""
        self._sequence += 1
        self.send(self._request("INVITE", body=body, branch=f"re{self._sequence}"))

    def info(self, digit: str) -> None:
        """Press a key by INFO."""
        self._sequence += 1
        body = f"Signal={digit}\r\nDuration=160\r\n"
        self.send(self._request("INFO", body=body, content_type="application/dtmf-relay"))

    async def press(self, digit: int) -> None:
        """Press a key by RFC 4733."""
        for number in range(5):
            payload = bytes([digit, 0x8A if number > 2 else 0x0A]) + (160 * (number + 1)).to_bytes(2, "big")
            self.rtp.send(payload, 101, marker=number == 0, step=160 if number == 0 else 0)
            await asyncio.sleep(0.005)

    def hang_up(self) -> None:
        """Say BYE."""
        self._sequence += 1
        self.send(self._request("BYE"))

    def _request(
        self,
        method: str,
        *,
        body: str = "",
        branch: str = "",
        number: int | None = None,
        content_type: str = "application/sdp",
    ) -> bytes:
        if method == "INVITE" and self._sequence == 1:
            branch = "invite"
        branch = branch or f"other{next(self._branches)}"
        if self._invited and method != "ACK":
            # Within a call the switch began, its From is our To.
            ours = parse(self._invited)
            sender, to = f"{ours.headers['To']};tag=there", ours.headers["From"]
            return request(
                method,
                branch=f"z9hG4bK-{self.name}-{branch}",
                call_id=ours.headers["Call-ID"],
                number=number or self._sequence,
                sender=sender,
                to=to,
                body=body,
                content_type=content_type,
            )
        return request(
            method,
            branch=f"z9hG4bK-{self.name}-{branch}",
            call_id=self.name,
            number=number or self._sequence,
            sender=f"<sip:13800138000@10.0.0.7>;tag={self.name}",
            to_tag=self._tag if method != "CANCEL" else "",
            body=body,
            content_type=content_type,
        )

    # ------------------------------------------------------------ as a device

    async def register(self, device: str = DEVICE) -> None:
        """Sign in as a device."""
        self.device = DeviceId(device)
        self.send(_sign_in(device, "UDP", self.name))
        self.send(_sign_in(device, "UDP", self.name, await self.hear(b"SIP/2.0 401")))
        await self.hear(b"SIP/2.0 200")

    def respond(self, code: int, body: str = "", to: bytes = b"") -> None:
        """Answer their INVITE (or another request of theirs) with this code."""
        self.send(answer_to(to or self._invited, code, body=body))

    def answer(self, body: str | None = None) -> None:
        """Pick up."""
        self.respond(200, self.description("0 101") if body is None else body)


class Page:
    """A browser's SIP on a web socket that the test holds: what it is sent is kept."""

    numbers = itertools.count(1)

    def __init__(self, house: House) -> None:
        number = next(Page.numbers)
        self.name = f"page-{number}"
        self._came: asyncio.Queue[bytes] = asyncio.Queue()
        self.device = DEVICE
        self.invited = b""
        self._calls = 0
        self._call: dict[str, str] = {}
        self._link = house.switch.sip.add_websocket("127.0.0.1", number, self._take, self._closed)

    async def _take(self, text: str) -> None:
        self._came.put_nowait(text.encode())

    async def _closed(self) -> None:
        return None

    async def hear(self, first: bytes) -> bytes:
        """The next frame that begins so; others are passed over."""
        async with asyncio.timeout(PATIENCE_S):
            while not (data := await self._came.get()).startswith(first):
                pass
        if first == b"INVITE":
            self.invited = data
        return data

    async def register(self) -> None:
        """Sign in."""
        self.send(_sign_in(self.device, "WS", self.name))
        self.send(_sign_in(self.device, "WS", self.name, await self.hear(b"SIP/2.0 401")))
        await self.hear(b"SIP/2.0 200")

    def send(self, data: bytes) -> None:
        """One frame to the switch."""
        self._link.feed(data)

    def respond(self, code: int, body: str = "") -> None:
        """Answer the INVITE."""
        self.send(answer_to(self.invited, code, body=body))

    def dial(self, offer: str) -> None:
        """Dial 95588."""
        self._calls += 1
        word = f"{self.name}-{self._calls}"
        self._call = {"call_id": word, "branch": f"z9hG4bK-{word}"}
        self.send(request(body=offer, **self._call))  # type: ignore[arg-type]

    def cancel(self) -> None:
        """Take it back."""
        self.send(request("CANCEL", **self._call))  # type: ignore[arg-type]

    def close(self) -> None:
        """The web socket is gone."""
        self._link.closed()


def _sign_in(device: str, transport: str, name: str, challenged: bytes = b"") -> bytes:
    """A REGISTER of the telephone or page of this name, with credentials once it was challenged."""
    nonce = ""
    if challenged:
        nonce = parse(challenged).headers["WWW-Authenticate"].split('nonce="')[1].split('"')[0]
    made = sign_in(device, nonce, transport=transport)
    return made.replace(f"reg-{device}".encode(), name.encode()).replace(b"4bK-reg", f"4bK-{name}".encode())


class HeldVoice(ToneVoice):
    """A voice that speaks only once it is let."""

    def __init__(self) -> None:
        self.let = threading.Event()

    def speak(self, text: str, language: str) -> Any:
        assert self.let.wait(PATIENCE_S)
        return super().speak(text, language)


Test = Callable[[House], Awaitable[None]]


class Shared:
    """One house for many tests, each of which leaves it as it was."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._runner = asyncio.Runner()
        self._open: tuple[AbstractAsyncContextManager[House], House] | None = None

    def play(self, test: Test) -> None:
        """Play one test in it."""
        self._runner.run(self._play(test))

    def close(self) -> None:
        """Stop it; what always holds is checked over everything that was told."""
        try:
            if self._open is not None:
                self._runner.run(self._open[0].__aexit__(None, None, None))
        finally:
            self._runner.close()

    async def _play(self, test: Test) -> None:
        if self._open is None:
            context = house(self._folder)
            self._open = context, await context.__aenter__()
        whole = self._open[1]
        place = House(whole.switch, WallTime(), facts=whole.facts[:1], numbers=whole.numbers)
        place.folder = self._folder
        whole.listener = place.hear
        try:
            async with asyncio.timeout(4 * PATIENCE_S):
                await test(place)
            check(place.facts, place.commands)
        finally:
            whole.commands += place.commands
            for leg in list(whole.switch.legs):
                whole.switch.do(HangUp(leg))
            await place.settles()
            Phone.unplug_all()
            whole.listener = None


def fresh(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """Run a test that opens a house of its own; no task may be left behind."""

    @functools.wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        async def limited() -> None:
            async with asyncio.timeout(4 * PATIENCE_S):
                await test(*args, **kwargs)
            for _ in range(3):
                await asyncio.sleep(0)
            left = asyncio.all_tasks() - {asyncio.current_task()}
            assert not left, f"left behind: {left}"

        asyncio.run(limited())

    return run


def story(test: Test) -> Callable[[Shared], None]:
    """Run a test in the shared house."""

    def run(shared: Shared) -> None:
        shared.play(test)

    run.__name__, run.__doc__ = test.__name__, test.__doc__
    return run
