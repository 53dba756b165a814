"""The browser's leg by aiortc: its ICE, DTLS and SRTP, and none of its codecs, jitter buffers and tasks.

Encoded packets go in and out as they are. Every private part of aiortc and aioice we hold on to is in this
file, and ``tests/telephony/media/test_webrtc.py`` names each of them; hence the exact pin.

* ``aioice.ice.get_host_addresses`` would leave out loopback and name every address of the machine.
* ``aioice.ice.CONSENT_*`` notice a lost browser only after half a minute.
* ``aiortc.codecs.CODECS`` does not know telephone-event.
* ``sender.send`` and ``receiver.receive`` start encoder, decoder thread and RTCP; ours start nothing.
* ``peer.__connect`` runs in tasks nobody holds, and one that ends after ``close`` checks consent for ever.
* ``dtls._handle_rtp_data`` is where decrypted RTP comes out, ``dtls._tx_srtp`` is what encrypts it, and
  ``ice._connection._nominated`` is where it goes to.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import aioice.ice
import aiortc.codecs
from aiortc import RTCConfiguration, RTCPeerConnection, RTCRtpSender, RTCSessionDescription
from aiortc.rtcrtpparameters import RTCRtpCodecParameters

from domain.ids import LegId
from telephony.media.legs import OUR_DTMF, Traffic, WireLeg
from telephony.media.protocol import MediaFact, MediaLost, MediaUp

log = logging.getLogger(__name__)

CONSENT_INTERVAL_S = 1
CONSENT_FAILURES = 4
"""With half a second of waiting for each answer, a browser that is gone is noticed after about 6 s."""
_AUDIO = ("audio/PCMU", "audio/telephone-event")
_RTP_COMPONENT = 1


def prepare(ice_hosts: tuple[str, ...]) -> None:
    """Make aiortc, for this process, offer these addresses and no other, and know telephone-event."""

    def hosts(use_ipv4: bool, use_ipv6: bool) -> list[str]:
        return [host for host in ice_hosts if (use_ipv6 if ":" in host else use_ipv4)]

    aioice.ice.get_host_addresses = hosts
    aioice.ice.CONSENT_INTERVAL = CONSENT_INTERVAL_S
    aioice.ice.CONSENT_FAILURES = CONSENT_FAILURES
    codecs = aiortc.codecs.CODECS["audio"]
    if not any(codec.mimeType == "audio/telephone-event" for codec in codecs):
        codecs.append(
            RTCRtpCodecParameters(
                mimeType="audio/telephone-event",
                clockRate=8000,
                channels=1,
                payloadType=OUR_DTMF,
                parameters={"0-15": None},
            )
        )


def connecting(peer: Any) -> set[asyncio.Task[None]]:
    """The tasks in which ``peer`` connects from now on, to be cancelled before it is closed."""
    tasks: set[asyncio.Task[None]] = set()
    connect = peer._RTCPeerConnection__connect

    async def held() -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await connect()
        finally:
            tasks.discard(task)

    peer._RTCPeerConnection__connect = held
    return tasks


async def close(peer: RTCPeerConnection, tasks: set[asyncio.Task[None]]) -> None:
    """Close a peer and leave nothing behind; ``tasks`` are those ``connecting`` gave."""
    for task in list(tasks):
        task.cancel()
    await peer.close()
    await asyncio.gather(*tasks, return_exceptions=True)


class BrowserLeg(WireLeg):
    """A browser: described by SDP both ways, encrypted, watched by ICE consent."""

    def __init__(
        self,
        leg: LegId,
        tell: Callable[[MediaFact], None],
        traffic: Traffic,
        clock: Callable[[], int],
        connect_s: float,
    ) -> None:
        super().__init__(leg, tell, traffic)
        self._clock = clock
        self._connect_s = connect_s
        self._deadline: asyncio.TimerHandle | None = None
        self._lost = False
        # One step at a time: a peer closed while it gathers addresses would keep their sockets.
        self._step = asyncio.Lock()
        self._srtp: Any = None
        self._peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._connecting = connecting(self._peer)
        self._transceiver = self._peer.addTransceiver("audio", direction="sendrecv")
        self._transceiver.setCodecPreferences(
            [c for c in RTCRtpSender.getCapabilities("audio").codecs if c.mimeType in _AUDIO]
        )
        sender: Any = self._transceiver.sender
        receiver: Any = self._transceiver.receiver
        self._dtls: Any = receiver.transport
        self._ice: Any = self._dtls.transport
        self.out.ssrc = sender._ssrc
        sender.send = self._started
        receiver.receive = self._started
        self._dtls._handle_rtp_data = self._decrypted
        self._dtls.on("statechange", self._changed)
        self._ice.on("statechange", self._changed)

    async def offer(self) -> str:
        """Our description, before the browser's."""
        async with self._step:
            await self._peer.setLocalDescription(await self._peer.createOffer())
            return self._described()

    async def accept(self, sdp: str) -> None:
        """The browser's answer to ``offer``. Raises ValueError for one we cannot use."""
        async with self._step:
            await self._remote(sdp, "answer")

    async def answer(self, sdp: str) -> str:
        """Our description for a browser's offer. Raises ValueError for one we cannot use."""
        async with self._step:
            await self._remote(sdp, "offer")
            await self._peer.setLocalDescription(await self._peer.createAnswer())
            return self._described()

    async def close(self) -> None:
        """End the connection; nothing is told."""
        self._lost = True
        self.ready = False
        async with self._step:
            if self._deadline is not None:
                self._deadline.cancel()
            await close(self._peer, self._connecting)

    def send_packet(self, data: bytes) -> None:
        """Encrypt one RTP packet and send it to the nominated address."""
        pair = self._ice._connection._nominated.get(_RTP_COMPONENT)
        if pair is None or self._dtls.state != "connected":
            return
        pair.protocol.transport.sendto(self._srtp.protect(data), pair.remote_addr)
        self.traffic.went += 1

    async def _remote(self, sdp: str, kind: str) -> None:
        try:
            await self._peer.setRemoteDescription(RTCSessionDescription(_useful(sdp), kind))
        except ValueError:
            raise
        except Exception as error:
            # aiortc answers a broken description with whatever its parser stumbled over.
            raise ValueError(f"unusable {kind}: {type(error).__name__}: {error}") from error
        self._deadline = asyncio.get_running_loop().call_later(self._connect_s, self._too_late)

    def _described(self) -> str:
        sdp: str = self._peer.localDescription.sdp
        return sdp

    async def _started(self, parameters: Any) -> None:
        """The connection stands and these codecs were agreed on (called for sending and for receiving)."""
        self.dtmf = next((c.payloadType for c in parameters.codecs if c.mimeType == _AUDIO[1]), None)
        self._srtp = self._dtls._tx_srtp
        if self._deadline is not None:
            self._deadline.cancel()
        if not self.ready and not self._lost:
            self.ready = True
            self.heard_at = self._clock()
            if not self.up:
                self.up = True
                self.tell(MediaUp(self.id))

    async def _decrypted(self, data: bytes, arrival_time_ms: int) -> None:
        if self.ready:
            self.arrived(data, self._clock())

    def _changed(self) -> None:
        if self._dtls.state in ("closed", "failed") or self._ice.state in ("closed", "failed"):
            self._gone()

    def _too_late(self) -> None:
        log.info("leg %s: the browser did not connect in %g s", self.id, self._connect_s)
        self._gone()

    def _gone(self) -> None:
        self.ready = False
        if not self._lost:
            self._lost = True
            self.tell(MediaLost(self.id))


def _useful(sdp: str) -> str:
    """A browser's description without the lines that would only cost time.

    Names of mDNS would be looked up by multicast, while the browser reaches us anyhow and is then known by
    its address; for the same reason more addresses are always expected. Raises ValueError when there is
    anything besides one line of audio.
    """
    lines = sdp.replace("\r\n", "\n").split("\n")
    media = [line for line in lines if line.startswith("m=")]
    if len(media) != 1 or not media[0].startswith("m=audio "):
        raise ValueError(f"a browser must describe one line of audio, not {media or 'none'}")
    kept = [
        line
        for line in lines
        if not (line.startswith("a=candidate:") and ".local " in line) and line != "a=end-of-candidates"
    ]
    return "\r\n".join(kept)
