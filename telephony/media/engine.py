"""The legs of one process: commands go in, facts come out."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from typing import Any

from domain.ids import LegId, RecordingId
from telephony.media import webrtc
from telephony.media.clock import Clock
from telephony.media.legs import Leg, LocalLeg, RtpLeg, Traffic, WireLeg
from telephony.media.protocol import (
    AcceptBrowser,
    AimRtp,
    AnswerBrowser,
    Beep,
    BrowserDescribed,
    Clip,
    CloseLeg,
    EndRecording,
    Join,
    MediaCommand,
    MediaFact,
    MediaFailed,
    MediaFigures,
    MediaQuiet,
    OfferBrowser,
    OpenLocal,
    OpenRtp,
    Piece,
    PlayMusic,
    PlaySound,
    RecordingClosed,
    RtpOpened,
    ShieldKeys,
    StartRecording,
    StopSound,
    Utter,
)
from telephony.media.recorder import Recording, Writer
from telephony.media.rtp import RATE
from telephony.media.settings import MediaSettings
from telephony.media.sockets import NoPort, Poll, Ports
from telephony.media.sounds import Clips, Music, MusicEar, Sequel, beep, waiting_tone
from telephony.media.webrtc import BrowserLeg

log = logging.getLogger(__name__)

FIGURES_S = 5.0
SWEEP_S = 1.0


class Engine:
    """All legs of one process. ``tell`` is called on the event loop, also from within ``do``.

    Everything but the constructor must be called on the running loop.
    """

    def __init__(self, settings: MediaSettings, tell: Callable[[MediaFact], None]) -> None:
        self.settings = settings
        self.tell = tell
        self.legs: dict[LegId, Leg] = {}
        self.ports = Ports(settings.host, settings.first_port, settings.last_port)
        self._poll = Poll()
        self._clips = Clips()
        self._music = Music(waiting_tone() if settings.music is None else Clips.load(settings.music))
        self._traffic = Traffic()
        self._tasks: set[asyncio.Task[None]] = set()
        self._acts: dict[type, Callable[[Any], None]] = {
            OpenRtp: self._open_rtp,
            AimRtp: self._aim_rtp,
            OfferBrowser: self._offer_browser,
            AnswerBrowser: self._answer_browser,
            AcceptBrowser: self._accept_browser,
            OpenLocal: self._open_local,
            PlaySound: self._play_sound,
            StopSound: self._stop_sound,
            PlayMusic: self._play_music,
            Join: self._join,
            Utter: self._utter,
            StartRecording: self._start_recording,
            EndRecording: self._end_recording,
            ShieldKeys: self._shield_keys,
            CloseLeg: self._close_leg,
        }

    def start(self) -> None:
        """Make ready; ``webrtc.prepare`` is done here, for the whole process."""
        webrtc.prepare(self.settings.ice_hosts)
        self._loop = asyncio.get_running_loop()
        self._clock = Clock(self._poll.read, self._tick, self._broken)
        self._writer = Writer(self._recorded)
        self._sweeping = self._loop.call_later(SWEEP_S, self._sweep)
        self._figures = self._loop.call_later(FIGURES_S, self._tell_figures)

    async def stop(self) -> None:
        """Close every leg, complete every recording, release every socket."""
        self._sweeping.cancel()
        self._figures.cancel()
        for leg in list(self.legs.values()):
            self._forget(leg)
        self._clock.stop()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._loop.run_in_executor(None, self._writer.stop)
        # What the writer told from its thread is on its way through the loop.
        await asyncio.sleep(0)
        self._poll.close()

    def do(self, command: MediaCommand) -> None:
        """Carry out one command; a command for a leg that is not open is passed over."""
        act = self._acts[type(command)]
        try:
            act(command)
        except Exception as error:
            # One leg is broken, and all others go on.
            log.exception("leg %s: %s failed", command.leg, type(command).__name__)
            self._fail(command.leg, f"{type(command).__name__}: {error}")

    # ------------------------------------------------------------ the clock

    def _tick(self, leg: Leg, now: int) -> None:
        leg.tick(now)
        if leg.recording is not None and leg.recording.advance(now):
            self._close_recording(leg, now)

    def _broken(self, leg: Leg, error: Exception) -> None:
        self._fail(leg.id, f"{type(error).__name__}: {error}")

    def _sweep(self) -> None:
        """Now and then: who brings no RTP?"""
        self._sweeping = self._loop.call_later(SWEEP_S, self._sweep)
        limit = self.settings.quiet_after_s * RATE
        if not limit:
            return
        now = self._clock.now()
        for leg in self.legs.values():
            if isinstance(leg, RtpLeg) and leg.ready and now - max(leg.heard_at, leg.told_at) > limit:
                leg.told_at = now
                self.tell(MediaQuiet(leg.id))

    def _tell_figures(self) -> None:
        self._figures = self._loop.call_later(FIGURES_S, self._tell_figures)
        self.tell(
            MediaFigures(
                legs=len(self.legs),
                packets_in=self._traffic.came,
                packets_out=self._traffic.went,
                late_ms=round(self._clock.worst_late_s * 1000, 1),
                cpu_s=round(time.process_time(), 2),
            )
        )
        self._clock.worst_late_s = 0.0

    # ------------------------------------------------------------ opening and closing

    def _fresh(self, leg_id: LegId) -> LegId:
        if leg_id in self.legs:
            raise ValueError("the leg is open already")
        return leg_id

    def _add(self, leg: Leg) -> None:
        self.legs[leg.id] = leg
        self._clock.add(leg)

    def _forget(self, leg: Leg) -> None:
        if self.legs.pop(leg.id, None) is None:
            return
        self._part(leg)
        self._close_recording(leg, self._clock.now())
        self._clock.remove(leg)
        if isinstance(leg, RtpLeg):
            leg.ready = False
            self._poll.remove(leg.sock)
            self.ports.give_back(leg.sock)
        elif isinstance(leg, BrowserLeg):
            self._spawn(leg.close())

    def _fail(self, leg_id: LegId, why: str) -> None:
        leg = self.legs.get(leg_id)
        if leg is not None:
            self._forget(leg)
        self.tell(MediaFailed(leg_id, why))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("%s failed", task.get_coro(), exc_info=error)

    def _open_rtp(self, command: OpenRtp) -> None:
        self._fresh(command.leg)
        try:
            sock = self.ports.take()
        except (NoPort, OSError) as error:
            self.tell(MediaFailed(command.leg, str(error)))
            return
        relatch = int(self.settings.relatch_after_s * RATE)
        leg = RtpLeg(command.leg, self.tell, self._traffic, sock, relatch)
        self._poll.add(sock, leg.read)
        self._add(leg)
        self.tell(RtpOpened(command.leg, sock.getsockname()[1]))

    def _aim_rtp(self, command: AimRtp) -> None:
        leg = self.legs.get(command.leg)
        if isinstance(leg, RtpLeg):
            try:
                target = self.ports.reach(command.host, command.port)
            except ValueError as error:
                self._fail(command.leg, str(error))
                return
            leg.aim(target, command.payload_type, command.dtmf, self._clock.now())

    def _open_local(self, command: OpenLocal) -> None:
        self._add(LocalLeg(self._fresh(command.leg), self.tell))

    def _browser(self, leg_id: LegId) -> BrowserLeg:
        limit_s = self.settings.browser_connect_s
        leg = BrowserLeg(self._fresh(leg_id), self.tell, self._traffic, self._clock.now, limit_s)
        self._add(leg)
        return leg

    def _offer_browser(self, command: OfferBrowser) -> None:
        leg = self._browser(command.leg)
        self._spawn(self._describe(leg, leg.offer()))

    def _answer_browser(self, command: AnswerBrowser) -> None:
        leg = self._browser(command.leg)
        self._spawn(self._describe(leg, leg.answer(command.sdp)))

    def _accept_browser(self, command: AcceptBrowser) -> None:
        leg = self.legs.get(command.leg)
        if isinstance(leg, BrowserLeg):
            self._spawn(self._describe(leg, leg.accept(command.sdp)))

    async def _describe(self, leg: BrowserLeg, work: Coroutine[Any, Any, str | None]) -> None:
        """Do a step of describing; one that was overtaken by the leg's end says nothing."""
        try:
            sdp = await work
        except Exception as error:  # noqa: BLE001 - told to the switch; the other legs go on
            if self.legs.get(leg.id) is leg:
                log.warning("leg %s: %s", leg.id, error)
                self._fail(leg.id, str(error))
            return
        if sdp is not None and self.legs.get(leg.id) is leg:
            self.tell(BrowserDescribed(leg.id, sdp))

    def _close_leg(self, command: CloseLeg) -> None:
        leg = self.legs.get(command.leg)
        if leg is not None:
            self._forget(leg)

    # ------------------------------------------------------------ hearing

    def _play_sound(self, command: PlaySound) -> None:
        leg = self.legs.get(command.leg)
        if leg is None:
            return
        sound = Sequel()
        for piece in command.pieces:
            self._append(sound, piece)
        leg.hear(sound, command.play)

    def _append(self, sound: Sequel, piece: Piece) -> None:
        """Append a piece; a file not at hand is read by a thread while the sound waits."""
        if isinstance(piece, Beep):
            sound.add(beep(piece.hz, piece.ms))
            return
        clip = self._clips.cached(piece.path)
        place = sound.add(clip)
        if clip is None:
            self._spawn(self._load(sound, place, piece))

    async def _load(self, sound: Sequel, place: int, piece: Clip) -> None:
        try:
            clip = await self._loop.run_in_executor(None, Clips.load, piece.path)
        except OSError as error:
            log.error("sound %s cannot be read and is left out: %s", piece.path, error)
            clip = b""
        else:
            self._clips.keep(piece.path, clip)
        sound.put(place, clip)

    def _stop_sound(self, command: StopSound) -> None:
        leg = self.legs.get(command.leg)
        if leg is not None:
            leg.hear(None)

    def _play_music(self, command: PlayMusic) -> None:
        leg = self.legs.get(command.leg)
        if leg is not None:
            self._part(leg)
            if not isinstance(leg.ear, MusicEar):
                leg.hear(self._music.listen())

    def _join(self, command: Join) -> None:
        leg, other = self.legs.get(command.leg), self.legs.get(command.other)
        if leg is None or other is None or leg is other:
            return
        self._part(leg)
        self._part(other)
        leg.partner, other.partner = other, leg
        leg.hear(None)
        other.hear(None)

    @staticmethod
    def _part(leg: Leg) -> None:
        other, leg.partner = leg.partner, None
        if other is not None:
            other.partner = None
            for one in (leg, other):
                if isinstance(one, WireLeg):
                    one.out.change()

    def _utter(self, command: Utter) -> None:
        leg = self.legs.get(command.leg)
        if isinstance(leg, LocalLeg):
            self._append(leg.mouth, command.piece)

    def _shield_keys(self, command: ShieldKeys) -> None:
        leg = self.legs.get(command.leg)
        if leg is not None:
            leg.shield(self._clock.now(), on=command.on)

    # ------------------------------------------------------------ recording

    def _start_recording(self, command: StartRecording) -> None:
        leg = self.legs.get(command.leg)
        if leg is None:
            return
        now = self._clock.now()
        self._close_recording(leg, now)
        leg.recording = Recording(leg.id, command.recording, command.path, command.max_s, now, self._writer)

    def _end_recording(self, command: EndRecording) -> None:
        leg = self.legs.get(command.leg)
        if leg is not None:
            self._close_recording(leg, self._clock.now())

    @staticmethod
    def _close_recording(leg: Leg, now: int) -> None:
        recording, leg.recording = leg.recording, None
        if recording is not None:
            recording.close(now)

    def _recorded(self, leg: LegId, recording: RecordingId, duration_ms: int) -> None:
        """From the writer's thread."""
        self._loop.call_soon_threadsafe(self.tell, RecordingClosed(leg, recording, duration_ms))
