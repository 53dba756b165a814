"""The shell on real sockets of loopback: what the machines cannot show by themselves."""

import asyncio
import itertools
import logging
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest

from domain.instant import Instant
from telephony.sip.events import Answered, Arrived, Ended, Registered, Told, Unregistered
from telephony.sip.loglimit import QUIET_S, LimitedLog
from telephony.sip.message import parse, tag_of
from telephony.sip.transport import SipTransport
from telephony.sip.websocket import MOST_WAITING
from tests.telephony.sip.wire import ANSWER, OFFER, PASSWORDS, answer_to, request, sign_in

PATIENCE_S = 10.0
"""Only ever used up by a test that fails."""


class House:
    """A started transport, what it told, and the telephone of a test beside it."""

    def __init__(self, host: str = "127.0.0.1", **settings: Any) -> None:
        names = itertools.count(1)
        self.told: list[Told] = []
        self.heard: Callable[[Told], None] = lambda event: None
        self._news = asyncio.Event()
        self.sip = SipTransport(
            host=host,
            port=0,
            password_of=PASSWORDS.get,
            is_entry_number=lambda dialled: dialled == "95588",
            name_session=lambda: f"s{next(names)}",
            on_event=self._tell,
            **settings,
        )

    def _tell(self, event: Told) -> None:
        self.told.append(event)
        self._news.set()
        self.heard(event)

    async def until(self, kind: type[Told], count: int = 1) -> None:
        """Wait until so many events of a kind were told."""
        async with asyncio.timeout(PATIENCE_S):
            while sum(isinstance(event, kind) for event in self.told) < count:
                self._news.clear()
                await self._news.wait()


class Phone:
    """A telephone: one UDP socket."""

    def __init__(self, house: House, host: str = "127.0.0.1") -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        self.socket.bind((host, 0))
        self.host, self.port = host, self.socket.getsockname()[1]
        self.house = house

    def send(self, data: bytes) -> None:
        """One datagram out."""
        self.socket.sendto(data, (self.host, self.house.sip.port))

    async def hear(self, first: bytes = b"SIP/2.0") -> bytes:
        """The next datagram that begins like this; others are passed over."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                data = await asyncio.get_running_loop().sock_recv(self.socket, 65_535)
                if data.startswith(first):
                    return data

    def bye(self, answer: bytes) -> None:
        """Hang up the call that was answered so."""
        tag = tag_of(parse(answer).headers["To"])
        self.send(request("BYE", branch="z9hG4bK-bye", to_tag=tag, number=2))

    async def talk(self, call_id: str = "call-1", name: str = "s1") -> str:
        """Call, be accepted, acknowledge; gives the far end's tag."""
        self.send(request(body=OFFER, call_id=call_id, branch=f"z9hG4bK-{call_id}"))
        await self.hear(b"SIP/2.0 180")
        await self.house.until(Arrived)
        self.house.sip.accept(name, ANSWER)
        tag = tag_of(parse(await self.hear(b"SIP/2.0 200")).headers["To"])
        self.send(request("ACK", call_id=call_id, branch=f"z9hG4bK-{call_id}a", to_tag=tag))
        return tag


@asynccontextmanager
async def house(host: str = "127.0.0.1", **settings: Any) -> AsyncIterator[tuple[House, Phone]]:
    """A transport and a telephone, both closed afterwards."""
    place = House(host, **settings)
    await place.sip.start()
    phone = Phone(place, "::1" if host == "::1" else "127.0.0.1")
    try:
        yield place, phone
    finally:
        phone.socket.close()
        await place.sip.stop()


def run(test: Coroutine[Any, Any, None]) -> None:
    """Run one test; a task or socket left behind would be a warning, and so an error."""
    asyncio.run(test)


def test_a_call_over_udp() -> None:
    """Rings, is answered, hangs up; the advertised port is the one really bound."""

    async def go() -> None:
        async with house() as (place, phone):
            tag = await phone.talk()
            phone.send(request("BYE", branch="z9hG4bK-bye", to_tag=tag, number=2))
            ok = parse(await phone.hear(b"SIP/2.0 200"))
            assert ok.headers["CSeq"] == "2 BYE"
            await place.until(Ended)
            assert place.told[1:] == [Ended("s1", "hangup")]

    run(go())


def test_a_200_is_repeated_by_the_clock() -> None:
    """The alarm rings without anything coming in."""

    async def go() -> None:
        async with house() as (place, phone):
            phone.send(request(body=OFFER))
            await place.until(Arrived)
            place.sip.accept("s1", ANSWER)
            first = await phone.hear(b"SIP/2.0 200")
            assert await phone.hear(b"SIP/2.0 200") == first
            phone.bye(first)

    run(go())


def test_events_never_come_from_inside_a_command() -> None:
    """A command that ends a session at once tells so in a later turn of the loop, in order."""

    async def go() -> None:
        async with house() as (place, _):
            place.sip.invite("out", "desk-wang", "1", OFFER)
            assert place.told == []
            await place.until(Ended)
            assert place.told == [Ended("out", "unreachable")]

    run(go())


def test_commands_from_inside_an_event_are_welcome() -> None:
    """The switch may answer in the very callback that tells it of the call; an error there is not ours."""

    async def go() -> None:
        async with house() as (place, phone):
            troubles: list[dict[str, Any]] = []
            asyncio.get_running_loop().set_exception_handler(lambda _, context: troubles.append(context))

            def answer(event: Told) -> None:
                if isinstance(event, Arrived):
                    place.sip.accept(event.session, ANSWER)
                    raise RuntimeError("the switch stumbles")

            place.heard = answer
            phone.send(request(body=OFFER))
            phone.bye(await phone.hear(b"SIP/2.0 200"))
            await place.until(Ended)
            assert [str(trouble["exception"]) for trouble in troubles] == ["the switch stumbles"]

    run(go())


def test_stopping_hangs_up_and_releases_the_port() -> None:
    """Every session gets its BYE, the answer is waited for, and the port can be bound again."""

    async def go() -> None:
        place = House()
        await place.sip.start()
        phone = Phone(place)
        await phone.talk()
        stopping = asyncio.create_task(place.sip.stop())
        bye = await phone.hear(b"BYE")
        assert not stopping.done()
        phone.send(answer_to(bye, 200))
        await stopping
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as again:
            again.bind(("127.0.0.1", place.sip.port))
        phone.socket.close()
        await place.sip.stop()

    run(go())


def test_a_port_in_use_and_an_address_to_advertise() -> None:
    """A taken port is an OSError at start; listening everywhere needs an address to name."""

    async def go() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
            taken.bind(("127.0.0.1", 0))
            place = House()
            place.sip._port = taken.getsockname()[1]
            with pytest.raises(OSError, match="in use"):
                await place.sip.start()
        for everywhere in ("0.0.0.0", "::"):
            with pytest.raises(ValueError, match="which address"):
                House(everywhere)
            with pytest.raises(ValueError, match="which address"):
                House("127.0.0.1", advertised=everywhere)

    run(go())


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "::1"])
def test_listening_everywhere_or_on_ipv6(host: str) -> None:
    """The advertised address stands in Contact; an IPv4 telephone is IPv4 also to an IPv6 socket."""
    if ":" in host and not _has_ipv6():
        pytest.skip("no IPv6 on this machine")

    async def go() -> None:
        advertised = "" if host == "::1" else "192.0.2.7"
        async with house(host, advertised=advertised) as (place, phone):
            phone.send(request(body=OFFER))
            ringing = parse(await phone.hear(b"SIP/2.0 180"))
            await place.until(Arrived)
            shown = "[::1]" if host == "::1" else advertised
            assert ringing.headers["Contact"] == f"<sip:callfloor@{shown}:{place.sip.port}>"
            (arrived,) = place.told
            assert isinstance(arrived, Arrived)
            assert arrived.peer.host == phone.host
            place.sip.hang_up("s1")
            await phone.hear(b"SIP/2.0 480")

    run(go())


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


class Page:
    """The browser's end of a web socket."""

    def __init__(self, place: House) -> None:
        self.frames: asyncio.Queue[str] = asyncio.Queue()
        self.reads = asyncio.Event()
        self.reads.set()
        self.was_closed = asyncio.Event()
        self.breaks = False
        self.link = place.sip.add_websocket("127.0.0.1", 50_000, self._send_text, self._close)

    async def _send_text(self, text: str) -> None:
        await self.reads.wait()
        if self.breaks:
            raise ConnectionResetError("gone")
        self.frames.put_nowait(text)

    async def _close(self) -> None:
        self.was_closed.set()

    async def hear(self) -> bytes:
        """The next frame."""
        async with asyncio.timeout(PATIENCE_S):
            return (await self.frames.get()).encode()

    async def register(self, user: str = "desk-wang") -> None:
        """Sign in, the first frame as text, the second as bytes."""
        self.link.feed(sign_in(user, transport="WS").decode())
        nonce = (await self.hear()).split(b'nonce="')[1].split(b'"')[0].decode()
        self.link.feed(sign_in(user, nonce, transport="WS"))
        assert (await self.hear()).startswith(b"SIP/2.0 200")


def test_a_page_registers_is_rung_and_answers() -> None:
    """Text and binary frames come in, text goes out; requests for the device go over its connection."""

    async def go() -> None:
        async with house() as (place, _):
            page = Page(place)
            await page.register()
            await place.until(Registered)
            place.sip.invite("out", "desk-wang", "138", OFFER, [("X-Call", "c1")])
            invite = await page.hear()
            page.link.feed(answer_to(invite, 200, body=ANSWER).decode())
            assert (await page.hear()).startswith(b"ACK ")
            await place.until(Answered)
            place.sip.hang_up("out")
            page.link.feed(answer_to(await page.hear(), 200))

    run(go())


@pytest.mark.parametrize("how", ["closed", "too slow", "broken"])
def test_a_page_that_goes_away(how: str) -> None:
    """Closed, not reading, or broken: its device is gone and its session lost, each told once."""

    async def go() -> None:
        async with house() as (place, _):
            page = Page(place)
            await page.register()
            place.sip.invite("out", "desk-wang", "138", OFFER)
            await page.hear()
            if how == "closed":
                page.link.closed()
            elif how == "broken":
                page.breaks = True
                page.link.feed(request("OPTIONS", via="SIP/2.0/WS x.invalid;branch=z9hG4bK-o"))
            else:
                page.reads.clear()
                for number in range(MOST_WAITING + 2):
                    via = f"SIP/2.0/WS x.invalid;branch=z9hG4bK-o{number}"
                    page.link.feed(request("OPTIONS", via=via))
                await page.was_closed.wait()
            await place.until(Unregistered)
            page.link.closed()
            page.link.feed(request("OPTIONS"))
            assert place.told == [
                Registered("desk-wang"), Ended("out", "lost"), Unregistered("desk-wang")
            ]  # fmt: skip
            assert set(place.sip.ua.census().values()) == {0}

    run(go())


def test_stopping_closes_the_web_sockets() -> None:
    """From our side, once; their owner may say closed afterwards as ever."""

    async def go() -> None:
        async with house() as (place, _):
            page = Page(place)
            await place.sip.stop()
            assert page.was_closed.is_set()
            page.link.closed()

    run(go())


def test_a_thousand_calls_at_once_do_not_hurt_the_one_we_have() -> None:
    """Some arrive, the others are refused or unheard; the call that was up hangs up as ever."""

    async def go() -> None:
        async with house(most_new_per_s=50, most_sessions=60) as (place, phone):
            tag = await phone.talk()
            flood = Phone(place)
            for number in range(1000):
                flood.send(request(body=OFFER, call_id=f"f{number}", branch=f"z9hG4bK-f{number}"))
            phone.send(request("BYE", branch="z9hG4bK-bye", to_tag=tag, number=2))
            while b"BYE" not in await phone.hear(b"SIP/2.0 200"):
                pass
            await place.until(Ended)
            arrived = sum(isinstance(event, Arrived) for event in place.told)
            assert 1 < arrived <= 61
            assert await flood.hear(b"SIP/2.0 503")
            flood.socket.close()

    run(go())


def test_malformed_datagrams_make_one_log_line(caplog: pytest.LogCaptureFixture) -> None:
    """However many come, and without a word of what they said."""

    async def go() -> None:
        async with house() as (_, phone):
            for _ in range(200):
                phone.send(b"INVITE password=hunter2 and nothing else\r\n\r\n")
            phone.send(b"\x00" * 64)
            phone.send(request("OPTIONS"))
            await phone.hear(b"SIP/2.0 200")

    with caplog.at_level(logging.WARNING):
        run(go())
    assert len(caplog.records) == 1
    assert "hunter2" not in caplog.text
    assert "unreadable SIP: neither request nor response (from 127.0.0.1)" in caplog.text


def test_lines_left_out_are_counted(caplog: pytest.LogCaptureFixture) -> None:
    """The first at once, then one per kind in ten seconds, which says how many it stands for."""
    log = LimitedLog(logging.getLogger("telephony.sip"))
    for number in range(5):
        log.warn("a", f"n{number}", Instant(number))
    log.warn("b", "other", Instant(6))
    log.warn("a", "later", Instant(round(QUIET_S * 1e6)))
    lines = [record.getMessage() for record in caplog.records]
    assert lines == ["a: n0", "b: other", "a: later (4 more like it since the last line)"]
