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
    Prompt,
    Record,
    RecordingEnded,
    Ring,
    Shield,
    StopPlay,
    StopRecording,
    SwitchCommand,
    SwitchFact,
    SwitchReady,
)
from telephony.embedded.hearing import Hearing
from telephony.embedded.legs import Kind, Leg, State, Way, kind_of
from telephony.embedded.local import LocalParty, LocalPhone
from telephony.embedded.offers import Offers
from telephony.embedded.people import LocalPeople
from telephony.media.process import MediaDied, MediaProcess
from telephony.media.protocol import (
    AnswerBrowser,
    BrowserDescribed,
    CloseLeg,
    KeyPressed,
    MediaFailed,
    MediaFigures,
    MediaLost,
    MediaQuiet,
    OfferBrowser,
    OpenLocal,
    OpenRtp,
    RecordingClosed,
    RtpOpened,
    ShieldKeys,
    SoundEnded,
)
from telephony.media.settings import MediaSettings
from telephony.port import UnsupportedFeature
from telephony.sip.events import (
    Answered,
    Arrived,
    Digit,
    Ended,
    LateAnswer,
    Peer,
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
WARMING_S = 5.0
"""How often the log says how far the making of prompts is."""


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
        self._sound = False
        self._unopened: list[Leg] = []
        """Legs that wait for the media process to come back."""
        self._stopping = False
        self._people = LocalPeople(self)
        self._hearing = hearing = Hearing(self, settings.recordings)
        self._offers = Offers(self, settings.media_host)
        self._tell: Callable[[SwitchFact], None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop
        # What this switch can do. Dialling out, transfer, picking up and listening it says it cannot.
        self._acts: dict[type, Callable[[Any], None]] = {
            Answer: self._answer,
            Ring: self._ring,
            Cancel: self._hang_up,
            HangUp: self._hang_up,
            Play: hearing.play,
            StopPlay: hearing.stop_play,
            Music: hearing.music,
            Hold: hearing.music,
            Shield: self._shield,
            Connect: hearing.connect,
            Record: hearing.record,
            StopRecording: hearing.stop_recording,
        }

    # ------------------------------------------------------------ the port

    async def start(self, tell: Callable[[SwitchFact], None]) -> None:
        """Bring sound and signalling up; raises OSError when an address cannot be used."""
        self._loop = asyncio.get_running_loop()
        await asyncio.to_thread(self._hearing.salvage)
        await self.media.start(self._on_media)
        self._sound = True
        self._tell = tell
        tell(SwitchReady((), ()))
        await self.sip.start()
        self.spawn(self._warm())

    async def _warm(self) -> None:
        said_at = self._loop.time()

        def progress(done: int, of: int) -> None:
            nonlocal said_at
            if done == of or self._loop.time() - said_at >= WARMING_S:
                said_at = self._loop.time()
                log.info("prompts: %d of %d are made", done, of)

        await self.prompts.warm(self._settings.warm, progress)
        # Making speech has loaded a library or two, which stay; the garbage collector need not walk them.
        gc.freeze()

    def do(self, command: SwitchCommand) -> None:
        """Carry one command out. Raises UnsupportedFeature."""
        act = self._acts.get(type(command))
        if act is None:
            raise UnsupportedFeature("embedded", type(command).__name__)
        act(command)

    async def stop(self) -> None:
        """Hang up every leg and end sound and signalling."""
        self._stopping = True
        for leg in list(self.legs.values()):
            self.drop(leg, "told")
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.sip.stop()
        await self.media.stop()
        await self.prompts.close()
        self._tell = None

    def later(self, fact: SwitchFact) -> None:
        """Tell a fact after what is being done now. All go this way, so none overtakes another."""
        # A function that holds the fact, since a loop that is debugged writes down what it calls with what.
        self._loop.call_soon(lambda: self._say(fact))

    def _say(self, fact: SwitchFact) -> None:
        if self._tell is not None:
            self._tell(fact)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Let something go on beside, until the switch stops."""
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("%s failed", task.get_coro(), exc_info=error)

    # ------------------------------------------------------------ callers

    def _answer(self, command: Answer) -> None:
        leg = self.legs.get(command.leg)
        if leg is not None and leg.state == "arrived":
            leg.state = "answering"
            self.open_sound(leg)

    def open_sound(self, leg: Leg) -> None:
        """Have the media process open the leg; while there is none, this waits until it is back."""
        if not self._sound:
            self._unopened.append(leg)
        elif leg.kind == "local":
            self.media.do(OpenLocal(leg.id))
            self.up(leg)
        elif leg.kind == "rtp":
            self.media.do(OpenRtp(leg.id))
        elif leg.state == "answering":
            self.media.do(AnswerBrowser(leg.id, leg.offer))
        else:
            self.media.do(OfferBrowser(leg.id))

    def up(self, leg: Leg) -> None:
        """The leg is answered; facts of its sound come after."""
        leg.state = "up"
        self.later(LegAnswered(leg.id))
        if leg.party is not None:
            leg.party.told("answered")

    # ------------------------------------------------------------ devices

    def _ring(self, command: Ring) -> None:
        if self._people.ring(command):
            return
        binding = self.sip.ua.registrar.find(command.device)
        if binding is None:
            self.later(LegEnded(command.leg, "unreachable"))
            return
        leg = self.open(command.leg, kind_of(binding.peer), "preparing")
        leg.device, leg.call, leg.caller = command.device, command.call, command.caller
        leg.headers = [("X-Call", command.call)]
        if command.auto_answer:
            # The page knows the first; desk telephones know the others.
            leg.headers += [
                ("X-Auto-Answer", "1"),
                ("Alert-Info", "<http://localhost>;info=alert-autoanswer"),
            ]
        self.open_sound(leg)

    def open(self, leg_id: LegId, kind: Kind, state: State) -> Leg:
        """Begin to remember a leg."""
        leg = self.legs[leg_id] = Leg(leg_id, kind, state)
        return leg

    # ------------------------------------------------------------ endings

    def _hang_up(self, command: HangUp | Cancel) -> None:
        leg = self.legs.get(command.leg)
        if leg is not None:
            cancelled = isinstance(command, Cancel) and leg.state != "up"
            self.drop(leg, "cancelled" if cancelled else "told")

    def drop(self, leg: Leg, reason: EndReason, reject_code: int = 480) -> None:
        """End a leg from our side."""
        if self.forget(leg, reason) and leg.kind != "local":
            self.sip.hang_up(leg.id, reject_code)

    def forget(self, leg: Leg, reason: EndReason) -> bool:
        """Close the sound of a leg and tell its ending; False if it was over already."""
        if self.legs.get(leg.id) is not leg:
            return False
        del self.legs[leg.id]
        self._hearing.part(leg)
        self.media.do(CloseLeg(leg.id))
        self.later(LegEnded(leg.id, reason))
        if reason == "lost" and leg.peer is not None:
            self._tell_if_back(leg.device or DeviceId(""), leg.peer)
        if leg.party is not None:
            leg.party.ended = reason
            leg.party.told("ended")
        return True

    def _tell_if_back(self, device: DeviceId, was: Peer) -> None:
        """A page may be loaded again before its old connection is known to be dead: then it is up already."""
        binding = self.sip.ua.registrar.find(device)
        if binding is not None and binding.peer != was:
            self.later(DeviceUp(device))

    def alive(self, leg_id: LegId) -> Leg | None:
        """The leg, if it is answered and not over."""
        leg = self.legs.get(leg_id)
        return leg if leg is not None and leg.state == "up" else None

    # ------------------------------------------------------------ what SIP tells

    def _on_sip(self, event: Told) -> None:
        if isinstance(event, Registered):
            self.later(DeviceUp(DeviceId(event.user)))
        elif isinstance(event, Unregistered):
            self.later(DeviceDown(DeviceId(event.user)))
        elif isinstance(event, Arrived):
            self._arrived(event)
        elif isinstance(event, Ringing):
            if event.session in self.legs:
                self.later(LegRinging(LegId(event.session)))
        elif isinstance(event, Answered):
            self._offers.answered(event)
        elif isinstance(event, Ended):
            ended = self.legs.get(LegId(event.session))
            if ended is not None:
                self.forget(ended, event.reason)
        else:
            self._in_call(event)

    def _arrived(self, event: Arrived) -> None:
        if self._stopping:
            self.sip.hang_up(event.session, 503)
            return
        leg = self.open(LegId(event.session), kind_of(event.peer), "arrived")
        leg.offer, leg.call = event.sdp, CallId(event.session)
        self.later(CallArrived(leg.call, leg.id, event.caller, event.dialled, event.display_name))

    def _in_call(self, event: LateAnswer | Reoffered | Digit) -> None:
        leg = self.legs.get(LegId(event.session))
        if leg is None:
            return
        if isinstance(event, Digit):
            self._key(leg.id, event.digit, "info")
        elif isinstance(event, LateAnswer):
            self._offers.answered_late(leg, event)
        else:
            self._offers.reoffered(leg, event)

    def _key(self, leg_id: LegId, digit: str, way: Way) -> None:
        """A key was pressed. Some telephones tell each in both ways: the first they use is the one heard."""
        leg = self.alive(leg_id)
        if leg is None:
            return
        leg.keys_by = leg.keys_by or way
        if leg.keys_by == way:
            self.later(DigitPressed(leg.id, digit))

    def _shield(self, command: Shield) -> None:
        leg = self.alive(command.leg)
        if leg is not None:
            leg.shielded = command.on
            self.media.do(ShieldKeys(leg.id, command.on))

    # ------------------------------------------------------------ what the media process tells

    def _on_media(self, fact: Any) -> None:
        if isinstance(fact, KeyPressed):
            self._key(fact.leg, fact.digit, "rtp")
        elif isinstance(fact, SoundEnded):
            self._hearing.ended(fact)
        elif isinstance(fact, RecordingClosed):
            self.later(RecordingEnded(fact.leg, fact.recording, fact.duration_ms))
        elif isinstance(fact, RtpOpened):
            self._offers.rtp_opened(fact)
        elif isinstance(fact, BrowserDescribed):
            self._offers.described(fact)
        elif isinstance(fact, MediaQuiet):
            # Held, muted or gone? The far end can say.
            self.sip.probe(fact.leg)
        elif isinstance(fact, MediaLost):
            self._loop.call_later(BYE_COMES_S, self._sound_lost, self.legs.get(fact.leg))
        elif isinstance(fact, MediaFailed):
            log.warning("leg %s has no sound: %s", fact.leg, fact.why)
            failed = self.legs.get(fact.leg)
            if failed is not None:
                self.drop(failed, "failed", reject_code=503)
        elif isinstance(fact, MediaFigures):
            self.figures = fact

    def _sound_lost(self, leg: Leg | None) -> None:
        if leg is not None and self.legs.get(leg.id) is leg:
            self.drop(leg, "lost")

    def _on_media_gone(self, why: str) -> None:
        """Every leg that had sound lost it and is ended; the process is started anew for those to come."""
        self._sound = False
        with_sound = [leg for leg in self.legs.values() if leg.has_sound]
        log.error("%s; %d legs are lost, and it is started anew", why, len(with_sound))
        for leg in with_sound:
            self.drop(leg, "lost", reject_code=503)
        if not self._stopping:
            self.spawn(self._revive_media())

    async def _revive_media(self) -> None:
        while True:
            try:
                await asyncio.to_thread(self._hearing.salvage)
                await self.media.start(self._on_media)
                break
            except (MediaDied, OSError) as error:
                log.error("%s; tried again in %g s", error, REVIVE_S)
                for leg in self._take_unopened():
                    self.drop(leg, "failed", reject_code=503)
                await asyncio.sleep(REVIVE_S)
        self._sound = True
        for leg in self._take_unopened():
            self.open_sound(leg)

    def _take_unopened(self) -> list[Leg]:
        waiting, self._unopened = self._unopened, []
        return [leg for leg in waiting if self.legs.get(leg.id) is leg]

    # ------------------------------------------------------------ simulated people

    def dial(self, caller: str, dialled: str, name: str = "") -> LocalParty:
        """A simulated person dials one of our numbers."""
        return self._people.dial(self._name_call(), caller, dialled, name)

    def phone(self, device: str) -> LocalPhone:
        """A simulated telephone, not registered yet."""
        return self._people.phone(device)
