"""Far ends for the engine's tests: real sockets that talk and listen, and a place where facts arrive."""

import asyncio
import functools
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, ClassVar, TypeVar

import numpy as np
from numpy.typing import NDArray

from domain.ids import LegId
from telephony.media.engine import Engine
from telephony.media.g711 import alaw_decode, alaw_encode, ulaw_decode, ulaw_encode
from telephony.media.process import MediaProcess
from telephony.media.protocol import AimRtp, MediaFact, OpenRtp, RtpOpened
from telephony.media.rtp import FRAME, PCMA, RATE, Packet, pack, unpack
from telephony.media.settings import MediaSettings

LIMIT_S = 20
HOST = "127.0.0.1"
F = TypeVar("F")


def on_loop(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """Run an async test on a loop of its own; nothing may be left behind on it."""

    @functools.wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        async def limited() -> None:
            async with asyncio.timeout(LIMIT_S):
                await test(*args, **kwargs)
            # What was cancelled or closed last gets its turn to end.
            for _ in range(3):
                await asyncio.sleep(0)
            left = asyncio.all_tasks() - {asyncio.current_task()}
            assert not left, f"left behind: {left}"

        asyncio.run(limited(), debug=True)

    return run


class Facts(list[MediaFact]):
    """What the engine told, with a way to wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self._news = asyncio.Event()

    def tell(self, fact: MediaFact) -> None:
        self.append(fact)
        self._news.set()

    async def next(self, kind: type[F], leg: str | None = None) -> F:
        """The first fact of this kind (about this leg) that was not taken yet; it is taken."""
        while True:
            for fact in self:
                if isinstance(fact, kind) and (leg is None or getattr(fact, "leg", None) == leg):
                    self.remove(fact)
                    return fact
            self._news.clear()
            await self._news.wait()

    def told(self, kind: type[F]) -> list[F]:
        return [fact for fact in self if isinstance(fact, kind)]


@asynccontextmanager
async def engine(**changes: Any) -> AsyncIterator[tuple[Engine, Facts]]:
    """A running engine; after it every port must be free again."""
    facts = Facts()
    first = random.randrange(20000, 50000, 2)
    settings = replace(MediaSettings(host=HOST, first_port=first, last_port=first + 198), **changes)
    made = Engine(settings, facts.tell)
    ports = made.ports.free
    made.start()
    try:
        yield made, facts
    finally:
        while FarEnd.opened:
            FarEnd.opened.pop().close()
        await made.stop()
        assert made.ports.free == ports
        assert not made.legs


class FarEnd(asyncio.DatagramProtocol):
    """A telephone: one socket, one stream out, and everything that came in. Closed with the engine."""

    opened: ClassVar[list["FarEnd"]] = []

    def __init__(self) -> None:
        self.came: list[Packet] = []
        self.ssrc = random.getrandbits(32)
        self.sequence = random.getrandbits(16)
        self.timestamp = random.getrandbits(32)
        self.to: Any = None
        self._news = asyncio.Event()

    @classmethod
    async def open(cls, host: str = HOST) -> "FarEnd":
        loop = asyncio.get_running_loop()
        _, far = await loop.create_datagram_endpoint(cls, local_addr=(host, 0))
        cls.opened.append(far)
        return far

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self.host, self.port = transport.get_extra_info("sockname")[:2]

    def datagram_received(self, data: bytes, addr: Any) -> None:
        packet = unpack(data)
        assert packet is not None
        self.came.append(packet)
        self._news.set()

    def close(self) -> None:
        self._transport.close()

    def send(self, payload: bytes, payload_type: int = 0, *, marker: bool = False, step: int = FRAME) -> None:
        """The next packet of our stream."""
        self.sequence = (self.sequence + 1) & 0xFFFF
        self.timestamp = (self.timestamp + step) & 0xFFFFFFFF
        self.send_raw(
            pack(Packet(payload_type, marker, self.sequence, self.timestamp, self.ssrc, payload)),
        )

    def send_raw(self, data: bytes) -> None:
        self._transport.sendto(data, self.to)

    async def talk(self, hz: int, frames: int = 1000, payload_type: int = 0) -> None:
        """Say a tone in real time."""
        voice = tone(hz, frames * FRAME)
        data = (alaw_encode if payload_type == PCMA else ulaw_encode)(voice)
        for at in range(0, len(data), FRAME):
            self.send(data[at : at + FRAME], payload_type)
            await asyncio.sleep(0.02)

    async def hears(self, count: int) -> list[Packet]:
        """Wait for so many more packets and give them."""
        start = len(self.came)
        while len(self.came) < start + count:
            self._news.clear()
            await self._news.wait()
        return self.came[start:]

    async def hears_tone(self, hz: int) -> None:
        """Wait until a quarter of a second of this tone was heard without a break."""
        await self.hears_last(lambda packets: abs(loudest(samples(packets)) - hz) < 6)

    async def hears_silence(self) -> None:
        """Wait until a quarter of a second of silence was heard."""
        await self.hears_last(lambda packets: np.abs(samples(packets)).max() <= 8)

    async def hears_last(self, right: Callable[[list[Packet]], bool], count: int = 12) -> None:
        while True:
            await self.hears(1)
            last = [p for p in self.came if p.payload_type in (0, 8)][-count:]
            if len(last) == count and right(last):
                return


@asynccontextmanager
async def talking(*talks: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Let these talk until the end of the block."""
    tasks = [asyncio.ensure_future(talk) for talk in talks]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(result, Exception):
                raise result


def tone(hz: int, count: int) -> NDArray[np.int16]:
    """A pure tone."""
    return (9000 * np.sin(2 * np.pi * hz * np.arange(count) / RATE)).astype(np.int16)


def samples(packets: list[Packet]) -> NDArray[np.int16]:
    """What these packets say."""
    decode = {0: ulaw_decode, 8: alaw_decode}
    return np.concatenate([decode[p.payload_type](p.payload) for p in packets])


def loudest(voice: NDArray[np.int16]) -> float:
    """The loudest frequency (Hz); -1 when it is no clear tone."""
    power = np.abs(np.fft.rfft(voice * np.hanning(len(voice)))) ** 2
    if power.sum() < 1e6:
        return -1
    top = int(power.argmax())
    if power[max(0, top - 3) : top + 4].sum() < 0.9 * power.sum():
        return -1
    return top * RATE / len(voice)


async def call(
    media: Engine | MediaProcess,
    facts: Facts,
    leg: str,
    payload_type: int = 0,
    dtmf: int | None = 101,
    host: str = HOST,
) -> FarEnd:
    """A telephone on an open, aimed leg."""
    far = await FarEnd.open(host)
    media.do(OpenRtp(LegId(leg)))
    opened = await facts.next(RtpOpened, leg)
    far.to = (host, opened.port)
    media.do(AimRtp(LegId(leg), far.host, far.port, payload_type, dtmf))
    return far
