"""The browser's leg, with aiortc's own peers standing in for browsers; and each private hook by its name."""

import asyncio
import inspect
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from fractions import Fraction
from importlib.metadata import version
from typing import Any

import aioice.ice
import aiortc.codecs
import av
import numpy as np
import pytest
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
)
from numpy.typing import NDArray

from domain.ids import LegId, PlayId
from telephony.media.engine import Engine
from telephony.media.protocol import (
    AcceptBrowser,
    AnswerBrowser,
    Beep,
    BrowserDescribed,
    CloseLeg,
    Join,
    KeyPressed,
    MediaFailed,
    MediaLost,
    MediaUp,
    OfferBrowser,
    PlaySound,
    SoundEnded,
)
from telephony.media.rtp import FRAME, PCMA, Packet, pack
from telephony.media.webrtc import close, connecting, prepare
from tests.telephony.media.far_end import Facts, call, engine, loudest, on_loop, talking, tone

A, B = LegId("a"), LegId("b")


class Voice(MediaStreamTrack):
    """A microphone that hears a tone."""

    kind = "audio"

    def __init__(self, hz: int) -> None:
        super().__init__()
        self._voice = tone(hz, 8000)
        self._frames = 0
        self._begun = asyncio.get_running_loop().time()

    async def recv(self) -> av.AudioFrame:
        await asyncio.sleep(self._begun + self._frames * 0.02 - asyncio.get_running_loop().time())
        at = self._frames * FRAME
        frame = av.AudioFrame.from_ndarray(self._voice[at % 8000 :][:FRAME].reshape(1, -1), layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 8000, at, Fraction(1, 8000)
        self._frames += 1
        return frame


class Browser:
    """A peer with a microphone, a loudspeaker and keys."""

    def __init__(self, hz: int) -> None:
        self.peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._connecting = connecting(self.peer)
        self._voice = Voice(hz)
        self._heard: asyncio.Queue[NDArray[np.int16]] = asyncio.Queue()
        self._listening: asyncio.Task[None] | None = None
        self.peer.on("track", self._track)

    async def answer(self, sdp: str) -> str:
        await self.peer.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
        self.peer.addTrack(self._voice)
        await self.peer.setLocalDescription(await self.peer.createAnswer())
        return str(self.peer.localDescription.sdp)

    async def offer(self) -> str:
        self.peer.addTrack(self._voice)
        codecs = RTCRtpSender.getCapabilities("audio").codecs
        self.peer.getTransceivers()[0].setCodecPreferences([c for c in codecs if c.mimeType != "audio/G722"])
        await self.peer.setLocalDescription(await self.peer.createOffer())
        return str(self.peer.localDescription.sdp)

    async def accept(self, sdp: str) -> None:
        await self.peer.setRemoteDescription(RTCSessionDescription(sdp, "answer"))

    async def hears_tone(self, hz: int) -> None:
        heard: list[NDArray[np.int16]] = []
        while len(heard) < 12 or abs(loudest(np.concatenate(heard[-12:])) - hz) > 6:
            heard.append(await self._heard.get())

    async def press(self, digit: int) -> None:
        """A key, as browsers send it."""
        sender = self.peer.getSenders()[0]
        for number in range(4):
            payload = bytes([digit, 0x8A if number else 0x0A]) + (400).to_bytes(2, "big")
            packet = Packet(
                101, number == 0, 60000 + digit * 10 + number, digit * 8000, sender._ssrc, payload
            )
            await sender.transport._send_rtp(pack(packet))

    def vanish(self) -> None:
        """Be gone without a word, like a machine that lost its network."""
        for transceiver in self.peer.getTransceivers():
            for protocol in transceiver.receiver.transport.transport._connection._protocols:
                protocol.transport.sendto = lambda *_: None

    async def close(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
        self._voice.stop()
        await close(self.peer, self._connecting)

    def _track(self, track: MediaStreamTrack) -> None:
        self._listening = asyncio.ensure_future(self._listen(track))

    async def _listen(self, track: MediaStreamTrack) -> None:
        while True:
            frame: Any = await track.recv()
            self._heard.put_nowait(frame.to_ndarray().reshape(-1))


@asynccontextmanager
async def browser(media: Engine, facts: Facts, leg: str, hz: int) -> AsyncIterator[Browser]:
    """A browser that took our offer and is connected."""
    media.do(OfferBrowser(LegId(leg)))
    described = await facts.next(BrowserDescribed, leg)
    far = Browser(hz)
    try:
        media.do(AcceptBrowser(LegId(leg), await far.answer(described.sdp)))
        await facts.next(MediaUp, leg)
        yield far
    finally:
        await far.close()


@on_loop
async def test_a_telephone_and_a_browser_talk() -> None:
    """440 Hz from a PCMA telephone and 700 Hz from the browser arrive at the other end; keys are told."""
    async with engine() as (media, facts), browser(media, facts, "b", 700) as page:
        phone = await call(media, facts, "a", PCMA)
        media.do(Join(A, B))
        async with talking(phone.talk(440, 1000, PCMA)):
            await asyncio.gather(phone.hears_tone(700), page.hears_tone(440))
        await page.press(7)
        await page.press(11)
        assert [(await facts.next(KeyPressed, "b")).digit for _ in range(2)] == ["7", "#"]
        media.do(PlaySound(B, PlayId("p"), (Beep(1000, 500),)))
        await page.hears_tone(1000)
        await facts.next(SoundEnded, "b")
        media.do(CloseLeg(B))
        await phone.hears_silence()
        assert not facts.told(MediaLost)
        for one, two in zip(phone.came, phone.came[1:], strict=False):
            assert 0 < (two.sequence - one.sequence) & 0xFFFF < 0x8000
        assert len({p.ssrc for p in phone.came}) == 1


@on_loop
async def test_two_browsers_talk_after_one_offered() -> None:
    """A browser's own offer is answered, with PCMU and keys only; packets pass between two browsers."""
    async with engine() as (media, facts), browser(media, facts, "b", 700) as page:
        other = Browser(440)
        media.do(AnswerBrowser(A, await other.offer()))
        sdp = (await facts.next(BrowserDescribed, "a")).sdp
        assert "opus" not in sdp and "PCMU/8000" in sdp and "telephone-event/8000" in sdp
        assert {line.split()[4] for line in sdp.splitlines() if "a=candidate" in line} == {"127.0.0.1"}
        await other.accept(sdp)
        await facts.next(MediaUp, "a")
        media.do(Join(A, B))
        await asyncio.gather(page.hears_tone(440), other.hears_tone(700))
        await other.close()
        await facts.next(MediaLost, "a")
        assert not facts.told(MediaLost)


@on_loop
async def test_a_browser_that_vanishes_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without consent (RFC 7675) the leg is lost, told once; the engine's own closing is not told."""
    monkeypatch.setattr("telephony.media.webrtc.CONSENT_INTERVAL_S", 0.2)
    monkeypatch.setattr("telephony.media.webrtc.CONSENT_FAILURES", 2)
    async with engine() as (media, facts), browser(media, facts, "a", 440) as page:
        page.vanish()
        await facts.next(MediaLost, "a")
        media.do(CloseLeg(A))
        assert not facts.told(MediaLost)


@on_loop
async def test_a_browser_that_never_connects_is_lost() -> None:
    """After the time for connecting the leg is lost; names of mDNS are not even looked up."""
    async with engine(browser_connect_s=0.3) as (media, facts):
        media.do(OfferBrowser(A))
        described = await facts.next(BrowserDescribed, "a")
        page = Browser(440)
        sdp = (await page.answer(described.sdp)).replace(" 127.0.0.1 ", " 0b1c7b8e-1111-2222-3333-abc.local ")
        await page.close()
        media.do(AcceptBrowser(A, sdp))
        await facts.next(MediaLost, "a")


@pytest.mark.parametrize(
    "words", ["", "v=0", "hello", "v=0\r\nm=audio 9 RTP/AVP 0\r\n", "m=video 9 X 96\r\n"]
)
@on_loop
async def test_a_description_that_makes_no_sense_fails_the_leg(words: str) -> None:
    """Whatever a browser describes, the answer is ``MediaFailed`` with a reason, and the leg is closed."""
    async with engine() as (media, facts):
        media.do(AnswerBrowser(A, words))
        assert (await facts.next(MediaFailed, "a")).why
        assert not media.legs


@on_loop
async def test_closing_at_every_step(caplog: pytest.LogCaptureFixture) -> None:
    """A leg may end while it is described, while it connects and when it is up: no word, no task is left."""
    async with engine() as (media, facts):
        with caplog.at_level(logging.WARNING):
            media.do(OfferBrowser(A))
            media.do(CloseLeg(A))
            for wait in (0.0, 0.02, 0.1, 0.4):
                media.do(OfferBrowser(A))
                described = await facts.next(BrowserDescribed, "a")
                page = Browser(440)
                media.do(AcceptBrowser(A, await page.answer(described.sdp)))
                await asyncio.sleep(wait)
                media.do(CloseLeg(A))
                await page.close()
        assert not facts.told(MediaLost) and not facts.told(MediaFailed)
    assert [r.message for r in caplog.records if "asyncio" not in r.name or "took" not in r.message] == []


@on_loop
async def test_the_hooks_are_where_we_think() -> None:
    """Every private part of aiortc and aioice that ``webrtc`` holds on to exists and is called as we expect.

    When this fails after an update, read ``telephony/media/webrtc.py`` from its top.
    """
    assert version("aiortc") == "1.16.0"
    assert list(inspect.signature(aioice.ice.get_host_addresses).parameters) == ["use_ipv4", "use_ipv6"]
    assert "CONSENT_INTERVAL *" in inspect.getsource(aioice.ice.Connection.query_consent)
    assert ">= CONSENT_FAILURES" in inspect.getsource(aioice.ice.Connection.query_consent)
    assert "get_host_addresses(" in inspect.getsource(aioice.ice.Connection.gather_candidates)
    assert isinstance(aiortc.codecs.CODECS["audio"], list)
    prepare(("127.0.0.1", "::1"))
    assert aioice.ice.get_host_addresses(True, False) == ["127.0.0.1"]
    peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    transceiver = peer.addTransceiver("audio")
    dtls: Any = transceiver.receiver.transport
    assert isinstance(transceiver.sender._ssrc, int)
    assert list(inspect.signature(transceiver.sender.send).parameters) == ["parameters"]
    assert list(inspect.signature(transceiver.receiver.receive).parameters) == ["parameters"]
    assert "__started" in inspect.getsource(type(transceiver.sender).stop)
    assert "__started" in inspect.getsource(type(transceiver.receiver).stop)
    assert list(inspect.signature(dtls._handle_rtp_data).parameters) == ["data", "arrival_time_ms"]
    assert "self._handle_rtp_data(data, arrival_time_ms=" in inspect.getsource(dtls._recv_next)
    assert "self._tx_srtp.protect(data)" in inspect.getsource(dtls._send_rtp)
    assert dtls._tx_srtp is None
    assert dtls.transport._connection._nominated == {}
    assert "active_pair.protocol.send_data(data, active_pair.remote_addr)" in inspect.getsource(
        aioice.ice.Connection.sendto
    )
    assert "self.transport.sendto(data, addr)" in inspect.getsource(aioice.ice.StunProtocol.send_data)
    assert inspect.iscoroutinefunction(peer._RTCPeerConnection__connect)
    assert "ensure_future(self.__connect())" in inspect.getsource(peer.setRemoteDescription)
    assert dtls.state == "new" and dtls.transport.state == "new"
    await peer.close()
    prepare(("127.0.0.1",))
    assert sum(c.mimeType == "audio/telephone-event" for c in aiortc.codecs.CODECS["audio"]) == 1
