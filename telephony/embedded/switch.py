"""The embedded switch: SIP for signalling, the media process for sound, legs that tie the two together.

A leg has the name of its SIP session. Commands for legs that are gone are passed over: their ending was
told, or is on its way. Every leg is told as ended once, whichever side lets go first.
"""

import asyncio
import gc
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.ids import CallId, DeviceId, LegId
from domain.switch import (
    Answer,
    CallArrived,
    Cancel,
    Connect,
    DeviceDown,
    DeviceUp,
    DigitPressed,
    EndReason,
    HangUp,
    Hold,
    LegAnswered,
    LegEnded,
    LegRinging,
    Music,
    Play,
    PlayEnded,
    Prompt,
    Record,
    RecordingEnded,
    Ring,
    StopPlay,
    StopRecording,
    SwitchCommand,
    SwitchFact,
    SwitchReady,
)
from telephony.embedded.legs import Kind, Leg, State
from telephony.embedded.local import LocalParty, LocalPhone
from telephony.embedded.people import LocalPeople
from telephony.media.process import MediaDied, MediaProcess
from telephony.media.protocol import (
    AcceptBrowser,
    AimRtp,
    AnswerBrowser,
    BrowserDescribed,
    CloseLeg,
    EndRecording,
    Join,
    KeyPressed,
    MediaFailed,
    MediaFigures,
    MediaLost,
    OfferBrowser,
    OpenLocal,
    OpenRtp,
    PlayMusic,
    PlaySound,
    RecordingClosed,
    RtpOpened,
    SoundEnded,
    StartRecording,
    StopSound,
)
from telephony.media.settings import MediaSettings
from telephony.port import UnsupportedFeature
from telephony.sip import sdp
from telephony.sip.events import (
    Answered,
    Arrived,
    Digit,
    Ended,
    LateAnswer,
    Registered,
    Reoffered,
    Ringing,
    Told,
    Unregistered,
)
from telephony.sip.transport import SipTransport
from telephony.speech.library import Prompts

log = logging.getLogger(__name__)
REVIVE_S = 5.0
BYE_COMES_S = 1.0
"""A browser that hangs up closes its sound and says BYE, and the two come by different ways: for so long a
leg that lost its sound may still end as it should."""


@dataclass(frozen=True, slots=True)
class EmbeddedSettings:
    """``media`` says where sound is heard; ``media_host`` is the address told to the far end.

    ``warm`` are prompts worth making before anybody rings.
    """

    media: MediaSettings
    media_host: str
    recordings: Path
    warm: tuple[Prompt, ...] = ()


class EmbeddedSwitch:
    """A ``Switch``. ``make_sip(on_event)`` makes the SIP transport, not started yet."""

    def __init__(
        self,
        settings: EmbeddedSettings,
        prompts: Prompts,
        make_sip: Callable[[Callable[[Told], None]], SipTransport],
        name_call: Callable[[], CallId],
    ) -> None:
        self._settings = settings
        self.prompts = prompts
        self._name_call = name_call
        self.sip = make_sip(self._on_sip)
        self.media = MediaProcess(settings.media, self._on_media_gone)
        self.figures = MediaFigures(0, 0, 0, 0.0, 0.0)
        self.legs: dict[LegId, Leg] = {}
        self._people = LocalPeople(self)
        self._tell: Callable[[SwitchFact], None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop

    # ------------------------------------------------------------ the port

    async def start(self, tell: Callable[[SwitchFact], None]) -> None:
        """Bring sound and signalling up; raises OSError when an address cannot be used."""
        self._loop = asyncio.get_running_loop()
        await self.media.start(self._on_media)
        self._tell = tell
        tell(SwitchReady((), ()))
        await self.sip.start()
        self.spawn(self._warm())

    async def _warm(self) -> None:
        await self.prompts.warm(self._settings.warm)
        # Making speech has loaded a library or two, which stay; the garbage collector need not walk them.
        gc.freeze()

    def do(self, command: SwitchCommand) -> None:
        """Carry one command out. Raises UnsupportedFeature."""
        act = _ACTS.get(type(command))
        if act is None:
            raise UnsupportedFeature("embedded", type(command).__name__)
        act(self, command)

    async def stop(self) -> None:
        """Hang up every leg and end sound and signalling."""
        for leg in list(self.legs.values()):
            self._drop(leg, "told")
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.sip.stop()
        await self.media.stop()
        await self.prompts.close()
        self._tell = None

    def say(self, fact: SwitchFact) -> None:
        """Tell a fact now."""
        if self._tell is not None:
            self._tell(fact)

    def later(self, fact: SwitchFact) -> None:
        """Tell after what is being done now: a command's effect is a fact of its own."""
        self._loop.call_soon(self.say, fact)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Let something go on beside, until the switch stops."""
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # ------------------------------------------------------------ callers

    def _answer(self, command: Answer) -> None:
        leg = self.legs.get(command.leg)
        if leg is None or leg.state != "arrived":
            return
        leg.state = "answering"
        if leg.kind == "browser":
            self.media.do(AnswerBrowser(leg.id, leg.offer))
        elif leg.kind == "rtp":
            self.media.do(OpenRtp(leg.id))
        else:
            self.media.do(OpenLocal(leg.id))
            self.up(leg)

    def _rtp_opened(self, fact: RtpOpened) -> None:
        leg = self.legs.get(fact.leg)
        if leg is None:
            self.media.do(CloseLeg(fact.leg))
            return
        leg.port = fact.port
        if leg.state == "preparing":
            self._invite(leg, sdp.offer(self._settings.media_host, leg.port))
            return
        if not leg.offer:
            # No offer in the INVITE: ours goes out in the 200, and their answer comes with the ACK.
            self.sip.accept(leg.id, sdp.offer(self._settings.media_host, leg.port))
            self.up(leg)
            return
        try:
            ours, chosen = sdp.answer(sdp.parse(leg.offer), self._settings.media_host, leg.port)
        except sdp.SdpError as error:
            log.info("leg %s: %s", leg.id, error)
            self._drop(leg, "failed", reject_code=488)
            return
        self._aim(leg, chosen)
        self.sip.accept(leg.id, ours)
        self.up(leg)

    def _aim(self, leg: Leg, chosen: sdp.Chosen, *, expect: bool = True) -> None:
        self.media.do(AimRtp(leg.id, chosen.host, chosen.port, chosen.payload_type, chosen.dtmf, expect))

    def _described(self, fact: BrowserDescribed) -> None:
        leg = self.legs.get(fact.leg)
        if leg is None:
            self.media.do(CloseLeg(fact.leg))
        elif leg.state == "preparing":
            self._invite(leg, fact.sdp)
        elif leg.state == "answering":
            self.sip.accept(leg.id, fact.sdp)
            self.up(leg)

    def up(self, leg: Leg) -> None:
        """The leg is answered; facts of its sound come after."""
        if leg.id not in self.legs:
            return
        leg.state = "up"
        if leg.party is not None:
            leg.party.told("answered")
        self.later(LegAnswered(leg.id))

    # ------------------------------------------------------------ devices

    def _ring(self, command: Ring) -> None:
        if self._people.ring(command):
            return
        binding = self.sip.ua.registrar.find(command.device)
        if binding is None:
            self.later(LegEnded(command.leg, "unreachable"))
            return
        kind: Kind = "browser" if binding.peer.transport == "WS" else "rtp"
        leg = self.open(command.leg, kind, "preparing")
        leg.device, leg.call, leg.caller = command.device, command.call, command.caller
        leg.headers = [("X-Call", command.call)]
        if command.auto_answer:
            # The page knows the first; desk telephones know the others.
            leg.headers += [
                ("X-Auto-Answer", "1"),
                ("Alert-Info", "<http://localhost>;info=alert-autoanswer"),
            ]
        self.media.do(OfferBrowser(leg.id) if kind == "browser" else OpenRtp(leg.id))

    def open(self, leg_id: LegId, kind: Kind, state: State) -> Leg:
        """Begin to remember a leg."""
        leg = self.legs[leg_id] = Leg(leg_id, kind, state)
        return leg

    def _invite(self, leg: Leg, offer: str) -> None:
        leg.state = "ringing"
        self.sip.invite(leg.id, leg.device or "", leg.caller, offer, leg.headers)

    def _answered(self, event: Answered) -> None:
        leg = self.legs.get(LegId(event.session))
        if leg is None or leg.state != "ringing":
            return
        if leg.kind == "browser":
            self.media.do(AcceptBrowser(leg.id, event.sdp))
        else:
            try:
                self._aim(leg, sdp.read_answer(event.sdp))
            except sdp.SdpError as error:
                log.warning("device %s answered with a description we cannot use: %s", leg.device, error)
                self._drop(leg, "failed")
                return
        self.up(leg)

    # ------------------------------------------------------------ sound

    def _play(self, command: Play) -> None:
        leg = self.alive(command.leg)
        if leg is None:
            return
        leg.wish += 1
        self._unpair(leg)
        pieces = self.prompts.known(command.prompts)
        if pieces is not None:
            self.media.do(PlaySound(leg.id, command.play, pieces))
        else:
            self.media.do(StopSound(leg.id))
            self.spawn(self._play_when_made(leg, command, leg.wish))
        if leg.party is not None:
            leg.party.told("heard")

    async def _play_when_made(self, leg: Leg, command: Play, wish: int) -> None:
        pieces = await self.prompts.find(command.prompts)
        if self.legs.get(leg.id) is leg and leg.wish == wish:
            self.media.do(PlaySound(leg.id, command.play, pieces))

    def _stop_play(self, command: StopPlay) -> None:
        leg = self.alive(command.leg)
        if leg is not None and leg.partner is None:
            leg.wish += 1
            self.media.do(StopSound(leg.id))

    def _music(self, command: Music | Hold) -> None:
        leg = self.alive(command.leg)
        if leg is None:
            return
        leg.wish += 1
        self._unpair(leg)
        self.media.do(PlayMusic(leg.id))
        if leg.party is not None:
            leg.party.told("music")

    def _connect(self, command: Connect) -> None:
        leg, other = self.alive(command.leg), self.alive(command.other)
        if leg is None or other is None:
            return
        for one, two in ((leg, other), (other, leg)):
            one.wish += 1
            if one.partner != two.id:
                self._unpair(one)
        leg.partner, other.partner = other.id, leg.id
        self.media.do(Join(leg.id, other.id))
        for one in (leg, other):
            if one.party is not None:
                one.party.told("connected")

    def _unpair(self, leg: Leg) -> None:
        partner = self.legs.get(leg.partner) if leg.partner else None
        leg.partner = None
        if partner is not None and partner.partner == leg.id:
            partner.partner = None
            if partner.party is not None:
                partner.party.told("parted")

    def _record(self, command: Record) -> None:
        leg = self.alive(command.leg)
        if leg is not None:
            path = self._settings.recordings / f"{command.recording}.wav"
            self.media.do(StartRecording(leg.id, command.recording, str(path), command.max_s))

    def _stop_recording(self, command: StopRecording) -> None:
        self.media.do(EndRecording(command.leg))

    # ------------------------------------------------------------ endings

    def _hang_up(self, command: HangUp | Cancel) -> None:
        leg = self.legs.get(command.leg)
        if leg is not None:
            cancelled = isinstance(command, Cancel) and leg.state != "up"
            self._drop(leg, "cancelled" if cancelled else "told")

    def _drop(self, leg: Leg, reason: EndReason, reject_code: int = 480) -> None:
        """End a leg from our side."""
        if self.forget(leg, reason) and leg.kind != "local":
            self.sip.hang_up(leg.id, reject_code)

    def forget(self, leg: Leg, reason: EndReason) -> bool:
        """Close the sound of a leg and tell its ending; False if it was over already."""
        if self.legs.pop(leg.id, None) is None:
            return False
        self._unpair(leg)
        self.media.do(CloseLeg(leg.id))
        if leg.party is not None:
            leg.party.ended = reason
            leg.party.told("ended")
        self.later(LegEnded(leg.id, reason))
        return True

    def alive(self, leg_id: LegId) -> Leg | None:
        """The leg, if it is answered and not over."""
        leg = self.legs.get(leg_id)
        return leg if leg is not None and leg.state == "up" else None

    # ------------------------------------------------------------ what SIP tells

    def _on_sip(self, event: Told) -> None:
        if isinstance(event, Registered):
            self.say(DeviceUp(DeviceId(event.user)))
        elif isinstance(event, Unregistered):
            self.say(DeviceDown(DeviceId(event.user)))
        elif isinstance(event, Arrived):
            kind: Kind = "browser" if event.peer.transport == "WS" else "rtp"
            leg = self.open(LegId(event.session), kind, "arrived")
            leg.offer, leg.call = event.sdp, CallId(event.session)
            self.say(CallArrived(leg.call, leg.id, event.caller, event.dialled, event.display_name))
        elif isinstance(event, Ringing):
            self.say(LegRinging(LegId(event.session)))
        elif isinstance(event, Answered):
            self._answered(event)
        elif isinstance(event, Ended):
            leg_or_none = self.legs.get(LegId(event.session))
            if leg_or_none is not None:
                self.forget(leg_or_none, event.reason)
        else:
            self._in_call(event)

    def _in_call(self, event: LateAnswer | Reoffered | Digit) -> None:
        leg = self.legs.get(LegId(event.session))
        if leg is None:
            return
        if isinstance(event, Digit):
            self.say(DigitPressed(leg.id, event.digit))
        elif isinstance(event, LateAnswer):
            try:
                self._aim(leg, sdp.read_answer(event.sdp))
            except sdp.SdpError as error:
                log.info("leg %s: %s", leg.id, error)
                self._drop(leg, "failed")
        else:
            self._reoffered(leg, event)

    def _reoffered(self, leg: Leg, event: Reoffered) -> None:
        if leg.kind != "rtp":
            self.sip.reject_reoffer(leg.id)
            return
        leg.sdp_version += 1
        host = self._settings.media_host
        if not event.sdp:
            self.sip.accept_reoffer(leg.id, sdp.offer(host, leg.port, leg.sdp_version))
            return
        try:
            theirs = sdp.parse(event.sdp)
            ours, chosen = sdp.answer(theirs, host, leg.port, leg.sdp_version)
        except sdp.SdpError:
            self.sip.reject_reoffer(leg.id)
            return
        self._aim(leg, chosen, expect=theirs.direction in ("sendrecv", "sendonly"))
        self.sip.accept_reoffer(leg.id, ours)

    # ------------------------------------------------------------ what the media process tells

    def _on_media(self, fact: Any) -> None:
        if isinstance(fact, KeyPressed):
            if fact.leg in self.legs:
                self.say(DigitPressed(fact.leg, fact.digit))
        elif isinstance(fact, SoundEnded):
            if fact.leg in self.legs:
                self.say(PlayEnded(fact.leg, fact.play))
        elif isinstance(fact, RecordingClosed):
            self.say(RecordingEnded(fact.leg, fact.recording, fact.duration_ms))
        elif isinstance(fact, RtpOpened):
            self._rtp_opened(fact)
        elif isinstance(fact, BrowserDescribed):
            self._described(fact)
        elif isinstance(fact, MediaLost):
            self._loop.call_later(BYE_COMES_S, self._sound_lost, self.legs.get(fact.leg))
        elif isinstance(fact, MediaFailed):
            log.warning("leg %s has no sound: %s", fact.leg, fact.why)
            failed = self.legs.get(fact.leg)
            if failed is not None:
                self._drop(failed, "failed", reject_code=503)
        elif isinstance(fact, MediaFigures):
            self.figures = fact

    def _sound_lost(self, leg: Leg | None) -> None:
        if leg is not None and self.legs.get(leg.id) is leg:
            self._drop(leg, "lost")

    def _on_media_gone(self, why: str) -> None:
        """Every leg lost its sound and is ended; the process is started anew for those to come."""
        log.error("%s; %d legs are lost, and it is started anew", why, len(self.legs))
        for leg in list(self.legs.values()):
            self._drop(leg, "lost", reject_code=503)
        self.spawn(self._revive_media())

    async def _revive_media(self) -> None:
        while True:
            try:
                await self.media.start(self._on_media)
                return
            except (MediaDied, OSError) as error:
                log.error("%s; tried again in %g s", error, REVIVE_S)
                await asyncio.sleep(REVIVE_S)

    # ------------------------------------------------------------ simulated people

    def dial(self, caller: str, dialled: str, name: str = "") -> LocalParty:
        """A simulated person dials one of our numbers."""
        return self._people.dial(self._name_call(), caller, dialled, name)

    def phone(self, device: str) -> LocalPhone:
        """A simulated telephone, not registered yet."""
        return self._people.phone(device)


_ACTS: dict[type, Callable[[EmbeddedSwitch, Any], None]] = {
    Answer: EmbeddedSwitch._answer,
    Play: EmbeddedSwitch._play,
    StopPlay: EmbeddedSwitch._stop_play,
    Music: EmbeddedSwitch._music,
    Ring: EmbeddedSwitch._ring,
    Cancel: EmbeddedSwitch._hang_up,
    Connect: EmbeddedSwitch._connect,
    Hold: EmbeddedSwitch._music,
    HangUp: EmbeddedSwitch._hang_up,
    Record: EmbeddedSwitch._record,
    StopRecording: EmbeddedSwitch._stop_recording,
}
"""What this switch can do. Dialling out, transfer, picking up and listening it says it cannot."""
