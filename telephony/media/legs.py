"""One party's ear and mouth.

A leg *hears* by the clock: its ``ear`` if it has one (a prompt, music), else its partner if that one has no
wire, else silence. What a partner with a wire says is passed on as it arrives, without being decoded.
Time is ``now``, samples on the engine's clock.
"""

import logging
import random
import socket
from collections.abc import Callable
from typing import Any, Protocol

from domain.ids import LegId, PlayId
from telephony.media.g711 import ALAW_TO_ULAW, ULAW_TO_ALAW
from telephony.media.protocol import KeyPressed, MediaFact, MediaUp, SoundEnded
from telephony.media.recorder import Recording
from telephony.media.rtp import PCMA, PCMU, SEGMENT, Keys, Outgoing, Packet, unpack
from telephony.media.sockets import Address
from telephony.media.sounds import SILENCE, Sequel

log = logging.getLogger(__name__)

OUR_DTMF = 101
"""The payload type of keys in our own offers: an answer may name another, and still we get this one."""
QUIET_AFTER = 1600
"""A partner that says nothing for so long (samples) is replaced by silence, so NATs and timers live."""
KEY_HELD = 4000
"""So long (samples) after its shield was taken away a leg may still hold down the last key of a secret."""


class Ear(Protocol):
    """A source of frames heard by the clock."""

    def next(self) -> bytes | None:
        """The next 20 ms of µ-law, or None at the end."""


class Traffic:
    """Packets of all legs since the start."""

    __slots__ = ("came", "went")

    def __init__(self) -> None:
        self.came = self.went = 0


class Leg:
    """What all legs are: somebody who hears, may be joined and may be recorded."""

    def __init__(self, leg: LegId, tell: Callable[[MediaFact], None]) -> None:
        self.id = leg
        self.tell = tell
        self.slot = 0
        self.ear: Ear | None = None
        self.play: PlayId | None = None
        self.partner: Leg | None = None
        self.recording: Recording | None = None
        self.shielded = False
        """Whether nobody else may hear its keys."""
        self._unheard_until = 0
        """Until when what it says is not recorded, once it is not shielded any more."""

    def shield(self, now: int, *, on: bool) -> None:
        """Keep the leg's keys from everybody, or no longer."""
        if self.shielded and not on:
            self._unheard_until = now + KEY_HELD
        self.shielded = on

    def hear(self, ear: Ear | None, play: PlayId | None = None) -> None:
        """Hear this from now on; None gives the ear back to the partner or to silence."""
        self.ear, self.play = ear, play

    def tick(self, now: int) -> None:
        """20 ms went by."""
        raise NotImplementedError

    def said(self, payload: bytes, timestamp: int, now: int) -> None:
        """Write what this leg said (µ-law) to its own recording and its partner's, unless it is shielded."""
        if self.shielded or now < self._unheard_until:
            return
        if self.recording is not None:
            self.recording.write(0, payload, timestamp, now)
        partner = self.partner
        if partner is not None and partner.recording is not None:
            partner.recording.write(1, payload, timestamp, now)

    def _listen(self) -> bytes | None:
        """The next frame of the ear; None when there is none (any more)."""
        if self.ear is None:
            return None
        frame = self.ear.next()
        if frame is None:
            play = self.play
            self.hear(None)
            if play is not None:
                self.tell(SoundEnded(self.id, play))
        return frame


class LocalLeg(Leg):
    """Somebody without a wire: speaks by utterances, and what is heard is only waited out."""

    def __init__(self, leg: LegId, tell: Callable[[MediaFact], None]) -> None:
        super().__init__(leg, tell)
        self.mouth = Sequel()
        self.current: bytes | None = None
        """What is being said in these 20 ms."""

    def tick(self, now: int) -> None:
        """Say the next 20 ms."""
        self._listen()
        self.current = frame = self.mouth.next()
        if frame is not None:
            self.said(frame, now & 0xFFFFFFFF, now)


class WireLeg(Leg):
    """A leg whose sound travels as RTP packets; how they are sent is left to the kinds of it."""

    def __init__(self, leg: LegId, tell: Callable[[MediaFact], None], traffic: Traffic) -> None:
        super().__init__(leg, tell)
        self.traffic = traffic
        self.out = Outgoing(random.getrandbits(32), random.getrandbits(16), random.getrandbits(32))
        self.keys = Keys()
        self._hidden: int | None = None
        """The timestamp of the last event that went no further."""
        self.payload_type = PCMU
        self.dtmf: int | None = None
        self.ready = False
        """Whether what is heard can be sent; until then an ear waits."""
        self.up = False
        self.heard_at = 0
        """When the last packet came."""

    def send_packet(self, data: bytes) -> None:
        """Put one RTP packet on the wire."""
        raise NotImplementedError

    def hear(self, ear: Ear | None, play: PlayId | None = None) -> None:
        """As any leg; what comes next begins with the marker."""
        super().hear(ear, play)
        self.out.change()

    def tick(self, now: int) -> None:
        """Send the 20 ms that are heard by the clock, if any are."""
        if not self.ready:
            return
        frame = self._listen()
        feed: object = self.ear
        if frame is None:
            partner = self.partner
            if isinstance(partner, LocalLeg):
                frame, feed = partner.current or SILENCE, partner
            elif partner is not None and self.out.passes_on and now - self.out.sent_at < QUIET_AFTER:
                return
            else:
                frame = feed = SILENCE
        if self.payload_type == PCMA:
            frame = frame.translate(ULAW_TO_ALAW)
        self.send_packet(self.out.clocked(feed, self.payload_type, now) + frame)

    def arrived(self, data: bytes, now: int) -> bool:
        """A datagram came from the known far end; False when it is not RTP we can use."""
        packet = unpack(data)
        if packet is None:
            return False
        kind = packet.payload_type
        if kind in (PCMU, PCMA):
            self._voice(packet, kind, now)
        elif self.dtmf is not None and (kind == self.dtmf or kind == OUR_DTMF):
            self._key(packet, now)
        else:
            return False
        self.traffic.came += 1
        self.heard_at = now
        if not self.up:
            self.up = True
            self.tell(MediaUp(self.id))
        return True

    def _voice(self, packet: Packet, kind: int, now: int) -> None:
        partner = self.partner
        payload = packet.payload
        if self.recording is not None or (partner is not None and partner.recording is not None):
            ulaw = payload.translate(ALAW_TO_ULAW) if kind == PCMA else payload
            self.said(ulaw, packet.timestamp, now)
        if isinstance(partner, WireLeg) and partner.ear is None and partner.ready:
            wanted = partner.payload_type
            header = partner.out.passed_on(packet, wanted, now)
            if header is not None:
                if wanted != kind:
                    payload = payload.translate(ALAW_TO_ULAW if kind == PCMA else ULAW_TO_ALAW)
                partner.send_packet(header + payload)

    def _key(self, packet: Packet, now: int) -> None:
        digit = self.keys.take(packet)
        if digit is not None:
            self.tell(KeyPressed(self.id, digit))
        hidden = self._hides(packet)
        partner = self.partner
        if isinstance(partner, WireLeg) and partner.ear is None and partner.ready:
            if hidden or partner.dtmf is None:
                partner.out.left_out(packet)
                return
            header = partner.out.passed_on(packet, partner.dtmf, now)
            if header is not None:
                partner.send_packet(header + packet.payload)

    def _hides(self, packet: Packet) -> bool:
        """Whether an event is of a shielded leg, or goes on that began when it was shielded."""
        if not self.shielded:
            if self._hidden is None or (packet.timestamp - self._hidden) & 0xFFFFFFFF not in (0, SEGMENT):
                return False
            if packet.timestamp != self._hidden and packet.marker:
                return False
        self._hidden = packet.timestamp
        return True


class RtpLeg(WireLeg):
    """A leg of plain RTP with its own socket.

    Its packets are sent where they come from (symmetric RTP), which need not be where the session
    description said. The first source counts; the described one always does; another one only after the
    known one was silent for ``relatch_after`` samples. So nobody can take a stream away from its owner.
    """

    def __init__(
        self,
        leg: LegId,
        tell: Callable[[MediaFact], None],
        traffic: Traffic,
        sock: socket.socket,
        relatch_after: int,
    ) -> None:
        super().__init__(leg, tell, traffic)
        self.sock = sock
        self.told_at = 0
        """When it was last told that no packet comes; before, when we began to wait for one."""
        self._receive: Any = sock.recvfrom
        self._send = sock.sendto
        self._relatch_after = relatch_after
        self._described: Address | None = None
        self._target: Address | None = None
        self._source: Address | None = None
        self._unsent = False

    def aim(self, target: Address | None, payload_type: int, dtmf: int | None, now: int) -> None:
        """The far end is described (anew); a source already known stays if the description is the same."""
        if target != self._described:
            self._source = None
            self._target = self._described = target
        self.payload_type, self.dtmf = payload_type, dtmf
        if not self.ready:
            self.told_at = now
        self.ready = True

    def read(self, now: int) -> None:
        """Take one packet off the socket."""
        try:
            data, source = self._receive(2048)
        except OSError as error:
            # Only an error the far end caused (ICMP) or a packet that vanished (bad checksum).
            log.debug("leg %s: nothing read: %s", self.id, error)
            return
        if source == self._source:
            self.arrived(data, now)
        elif self.ready and self._may_speak(source, now) and self.arrived(data, now):
            self._source = self._target = source

    def send_packet(self, data: bytes) -> None:
        """Send to where the far end is; a packet the machine refuses is lost like any other."""
        if self._target is None:
            return
        try:
            self._send(data, self._target)
        except OSError as error:
            if not self._unsent:
                self._unsent = True
                log.warning("leg %s: cannot send RTP to %s: %s", self.id, self._target[0], error)
            return
        self.traffic.went += 1

    def _may_speak(self, source: Address, now: int) -> bool:
        if self._source is None or source == self._described:
            return True
        return now - self.heard_at > self._relatch_after
