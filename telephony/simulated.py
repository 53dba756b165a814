"""The simulated switch: virtual callers and telephones, in virtual time or on the wall clock.

It is the in-memory twin of the real switches and passes the same contract suite; simulated days and
transcript tests run on it. Callers and phones are driven by calling their methods.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from domain.ids import CallId, DeviceId, LegId, PlayId, RecordingId
from domain.instant import Instant, after
from domain.switch import (
    Answer,
    CallArrived,
    Cancel,
    Connect,
    DeviceDown,
    DeviceUp,
    Dial,
    DigitPressed,
    EndReason,
    HangUp,
    Hold,
    LegAnswered,
    LegEnded,
    LegRinging,
    Listen,
    Music,
    PickUp,
    Play,
    PlayEnded,
    Prompt,
    Record,
    RecordingEnded,
    Ring,
    Shield,
    Speak,
    StopPlay,
    StopRecording,
    SwitchCommand,
    SwitchFact,
    SwitchReady,
    Tone,
    Transfer,
)

SPEECH_S_PER_CHARACTER = 0.07


class Timer(Protocol):
    """A timer that can be taken back."""

    def cancel(self) -> None: ...


class Clock(Protocol):
    """What the switch needs of time; an asyncio event loop fits."""

    def call_later(self, delay: float, callback: Callable[..., Any], *args: Any) -> Timer: ...


@dataclass(order=True, slots=True)
class _Alarm:
    at: Instant
    number: int
    callback: Callable[..., Any] = field(compare=False)
    args: tuple[Any, ...] = field(compare=False)
    live: bool = field(default=True, compare=False)

    def cancel(self) -> None:
        self.live = False


class VirtualTime:
    """A clock that moves only when told to; alarms of the same instant ring in the order they were set."""

    def __init__(self, start: Instant) -> None:
        self.now = start
        self._alarms: list[_Alarm] = []
        self._count = 0

    def call_later(self, delay: float, callback: Callable[..., Any], *args: Any) -> Timer:
        """Call back ``delay`` seconds from now."""
        return self.call_at(after(self.now, max(0.0, delay)), callback, *args)

    def call_at(self, at: Instant, callback: Callable[..., Any], *args: Any) -> Timer:
        """Call back at an instant."""
        self._count += 1
        alarm = _Alarm(max(at, self.now), self._count, callback, args)
        heapq.heappush(self._alarms, alarm)
        return alarm

    def run_until(self, end: Instant) -> None:
        """Move on to ``end``, ringing every alarm on the way."""
        while self._alarms and self._alarms[0].at <= end:
            alarm = heapq.heappop(self._alarms)
            if alarm.live:
                self.now = alarm.at
                alarm.callback(*alarm.args)
        self.now = max(self.now, end)

    def run_for(self, seconds: float) -> None:
        """Move on by some seconds."""
        self.run_until(after(self.now, seconds))


@dataclass(slots=True)
class Leg:
    """One party. ``hears`` is what sounds in its ear: ``""``, ``"music"``, a leg, or ``"play:ID"``."""

    id: LegId
    party: "VirtualCaller | VirtualPhone"
    answered: bool = False
    hears: str = ""
    heard: list[Prompt] = field(default_factory=list)
    partner: LegId | None = None
    shielded: bool = False
    play_timer: Timer | None = None
    recording: RecordingId | None = None
    recorded_from: float = 0.0
    record_timer: Timer | None = None


class VirtualCaller:
    """Somebody who rang (or was dialled by) the switch. ``on_change`` is called when their leg changes."""

    def __init__(self, switch: "SimulatedSwitch", number: str) -> None:
        self.number = number
        self.leg: LegId | None = None
        self.call: CallId | None = None
        self.ended: EndReason | None = None
        self.on_change: Callable[[Any, str], None] | None = None
        self.keys = ""
        """Keys heard from whom they were connected with."""
        self._switch = switch

    @property
    def hears(self) -> str:
        """What the caller hears now."""
        leg = self._switch.legs.get(self.leg) if self.leg else None
        return leg.hears if leg else ""

    def press(self, digits: str) -> None:
        """Press keys, one after the other, at this instant."""
        for digit in digits:
            self._switch.pressed(self.leg, digit)

    def hang_up(self) -> None:
        """Put the phone down."""
        if self.leg is not None:
            self._switch.end(self.leg, "hangup")

    def answer(self) -> None:
        """Pick up (for somebody who was dialled)."""
        if self.leg is not None:
            self._switch.answered(self.leg)

    def speak(self, text: str, language: str) -> None:
        """Say something; the partner's leg keeps what it heard."""
        leg = self._switch.legs.get(self.leg) if self.leg else None
        partner = self._switch.legs.get(leg.partner) if leg is not None and leg.partner else None
        if partner is not None:
            partner.heard.append(Speak(text, language))

    def told(self, what: str) -> None:
        """Something happened to the leg: ``answered``, ``connected``, ``ended``, ``heard``, …"""
        if self.on_change is not None:
            self.on_change(self, what)


class VirtualPhone(VirtualCaller):
    """A registered device. With ``answers_after_s`` it picks up by itself."""

    def __init__(self, switch: "SimulatedSwitch", device: DeviceId) -> None:
        super().__init__(switch, device)
        self.device = device
        self.answers_after_s: float | None = None
        self.rung: list[Ring] = []

    def register(self) -> None:
        """Become reachable."""
        self._switch.registered[self.device] = self
        self._switch.tell(DeviceUp(self.device))

    def unregister(self) -> None:
        """Become unreachable."""
        if self._switch.registered.pop(self.device, None) is not None:
            self._switch.tell(DeviceDown(self.device))

    def reject(self) -> None:
        """Press the red button while it rings."""
        if self.leg is not None:
            self._switch.end(self.leg, "rejected")

    def vanish(self) -> None:
        """Lose the connection without a word: a closed or reloading page."""
        if self.leg is not None:
            self._switch.end(self.leg, "lost")
        self.unregister()


class SimulatedSwitch:
    """A ``Switch`` without wires. ``names`` gives the next call name."""

    def __init__(self, clock: Clock, first_call: int = 1, prefix: str = "S") -> None:
        self.clock = clock
        self.legs: dict[LegId, Leg] = {}
        self.registered: dict[DeviceId, VirtualPhone] = {}
        self.outside: dict[str, VirtualCaller] = {}
        self.listening: dict[LegId, tuple[LegId, str]] = {}
        self.commands: list[SwitchCommand] = []
        self.recorded: dict[RecordingId, str] = {}
        """The keys that can be heard in each recording."""
        self._tell: Callable[[SwitchFact], None] | None = None
        self._next = first_call
        self._prefix = prefix

    # ------------------------------------------------------------ the port

    async def start(self, tell: Callable[[SwitchFact], None]) -> None:
        """Begin to tell facts."""
        self.begin(tell)

    def begin(self, tell: Callable[[SwitchFact], None]) -> None:
        """``start`` for callers without an event loop."""
        self._tell = tell
        tell(SwitchReady(tuple(self.legs), tuple(self.registered)))

    async def stop(self) -> None:
        """Hang everybody up."""
        for leg in list(self.legs):
            self.end(leg, "told")
        self._tell = None

    def do(self, command: SwitchCommand) -> None:
        """Carry one command out."""
        self.commands.append(command)
        _ACTS[type(command)](self, command)

    # ------------------------------------------------------------ the world

    def dial(self, caller: str, dialled: str, name: str = "") -> VirtualCaller:
        """Somebody dials one of our numbers."""
        call = CallId(f"{self._prefix}{self._next}")
        self._next += 1
        party = VirtualCaller(self, caller)
        party.call, party.leg = call, LegId(call)
        self.legs[party.leg] = Leg(party.leg, party)
        self.tell(CallArrived(call, party.leg, caller, dialled, name))
        return party

    def phone(self, device: str) -> VirtualPhone:
        """A new telephone, not registered yet."""
        return VirtualPhone(self, DeviceId(device))

    def tell(self, fact: SwitchFact) -> None:
        """Say what happened (nobody hears it before ``start``)."""
        if self._tell is not None:
            self._tell(fact)

    def pressed(self, leg_id: LegId | None, digit: str) -> None:
        """A key of a telephone: told always, heard and recorded unless its leg is shielded."""
        leg = self.legs.get(leg_id) if leg_id else None
        if leg is None:
            return
        partner = self.legs.get(leg.partner) if leg.partner else None
        if not leg.shielded:
            for one in (leg, partner):
                if one is not None and one.recording is not None:
                    self.recorded[one.recording] += digit
            if partner is not None and partner.hears == leg.id:
                partner.party.keys += digit
        self.tell(DigitPressed(leg.id, digit))

    def answered(self, leg_id: LegId | None) -> None:
        """The far end of a leg picked up."""
        leg = self.legs.get(leg_id) if leg_id else None
        if leg is not None and not leg.answered:
            leg.answered = True
            leg.party.told("answered")
            self.tell(LegAnswered(leg.id))

    def end(self, leg_id: LegId, reason: EndReason) -> None:
        """A leg is over; its partner hears silence."""
        leg = self.legs.pop(leg_id, None)
        if leg is None:
            return
        self._quiet(leg)
        self._close_recording(leg)
        self._part(leg)
        for listener in [k for k, (target, _) in self.listening.items() if leg_id in (k, target)]:
            del self.listening[listener]
        leg.party.ended = reason
        leg.party.told("ended")
        self.tell(LegEnded(leg_id, reason))

    # ------------------------------------------------------------ commands

    def _answer(self, command: Answer) -> None:
        self.answered(command.leg)

    def _play(self, command: Play) -> None:
        leg = self._up(command.leg)
        if leg is None:
            return
        self._quiet(leg)
        leg.hears = f"play:{command.play}"
        leg.heard += command.prompts
        length = sum(_length_s(p) for p in command.prompts)
        leg.play_timer = self.clock.call_later(length, self._played, leg.id, command.play)
        leg.party.told("heard")

    def _played(self, leg_id: LegId, play: PlayId) -> None:
        leg = self.legs.get(leg_id)
        if leg is not None and leg.hears == f"play:{play}":
            leg.hears = leg.partner or ""
            leg.play_timer = None
            self.tell(PlayEnded(leg_id, play))

    def _stop_play(self, command: StopPlay) -> None:
        leg = self._up(command.leg)
        if leg is not None and (leg.partner is None or leg.play_timer is not None):
            self._quiet(leg)
            leg.hears = leg.partner or ""

    def _music(self, command: Music) -> None:
        leg = self._up(command.leg)
        if leg is not None:
            self._part(leg)
            self._quiet(leg)
            leg.hears = "music"
            leg.party.told("music")

    def _ring(self, command: Ring) -> None:
        phone = self.registered.get(command.device)
        if phone is None:
            self.clock.call_later(0, self.tell, LegEnded(command.leg, "unreachable"))
            return
        if phone.leg in self.legs:
            self.clock.call_later(0, self.tell, LegEnded(command.leg, "busy"))
            return
        self._give(command.leg, phone, command.call)
        phone.rung.append(command)
        delay = 0.0 if command.auto_answer else phone.answers_after_s
        if delay is not None:
            self.clock.call_later(delay, self.answered, command.leg)
        phone.told("ringing")

    def _give(self, leg: LegId, party: VirtualCaller, call: CallId | None) -> None:
        party.leg, party.call, party.ended = leg, call, None
        self.legs[leg] = Leg(leg, party)
        self.clock.call_later(0, self._ringing, leg)

    def _ringing(self, leg_id: LegId) -> None:
        leg = self.legs.get(leg_id)
        if leg is not None and not leg.answered:
            self.tell(LegRinging(leg_id))

    def _dial(self, command: Dial) -> None:
        party = self.outside.get(command.number)
        if party is None:
            self.clock.call_later(0, self.tell, LegEnded(command.leg, "unreachable"))
            return
        self._give(command.leg, party, None)
        party.told("ringing")

    def _cancel(self, command: Cancel) -> None:
        leg = self.legs.get(command.leg)
        if leg is not None:
            self.end(leg.id, "told" if leg.answered else "cancelled")

    def _connect(self, command: Connect) -> None:
        leg, other = self._up(command.leg), self._up(command.other)
        if leg is None or other is None:
            return
        for one, two in ((leg, other), (other, leg)):
            self._part(one)
            self._quiet(one)
            one.partner, one.hears = two.id, two.id
        for one in (leg, other):
            one.party.told("connected")

    def _hold(self, command: Hold) -> None:
        leg = self._up(command.leg)
        if leg is None:
            return
        self._part(leg)
        leg.hears = "music"
        leg.party.told("music")

    def _transfer(self, command: Transfer) -> None:
        if command.leg in self.legs:
            self.end(command.leg, "told")

    def _pick_up(self, command: PickUp) -> None:
        leg = self.legs.get(command.leg)
        phone = self.registered.get(command.device)
        if leg is None or leg.answered or phone is None:
            self.clock.call_later(0, self.tell, LegEnded(command.new_leg, "unreachable"))
            return
        call = leg.party.call
        self.end(leg.id, "cancelled")
        self._give(command.new_leg, phone, call)
        self.answered(command.new_leg)

    def _listen(self, command: Listen) -> None:
        leg, target = self._up(command.leg), self._up(command.target)
        if leg is not None and target is not None:
            self.listening[leg.id] = (target.id, command.mode)
            leg.hears = f"listen:{target.id}"

    def _shield(self, command: Shield) -> None:
        leg = self._up(command.leg)
        if leg is not None:
            leg.shielded = command.on

    def _hang_up(self, command: HangUp) -> None:
        self.end(command.leg, "told")

    def _record(self, command: Record) -> None:
        leg = self._up(command.leg)
        if leg is None:
            return
        self._close_recording(leg)
        leg.recording = command.recording
        self.recorded[command.recording] = ""
        leg.recorded_from = self._elapsed()
        if command.max_s:
            leg.record_timer = self.clock.call_later(command.max_s, self._stop, command.leg)

    def _stop(self, leg_id: LegId) -> None:
        leg = self.legs.get(leg_id)
        if leg is not None:
            self._close_recording(leg)

    def _stop_recording(self, command: StopRecording) -> None:
        self._stop(command.leg)

    # ------------------------------------------------------------ inside

    def _elapsed(self) -> float:
        now = getattr(self.clock, "now", None)
        return now / 1e6 if now is not None else self.clock.time()  # type: ignore[attr-defined, no-any-return]

    def _up(self, leg_id: LegId) -> Leg | None:
        leg = self.legs.get(leg_id)
        return leg if leg is not None and leg.answered else None

    def _quiet(self, leg: Leg) -> None:
        if leg.play_timer is not None:
            leg.play_timer.cancel()
            leg.play_timer = None
        leg.hears = ""

    def _part(self, leg: Leg) -> None:
        partner = self.legs.get(leg.partner) if leg.partner else None
        leg.partner = None
        if partner is not None and partner.partner == leg.id:
            partner.partner, partner.hears = None, ""
            partner.party.told("parted")

    def _close_recording(self, leg: Leg) -> None:
        if leg.recording is None:
            return
        if leg.record_timer is not None:
            leg.record_timer.cancel()
            leg.record_timer = None
        length_ms = round((self._elapsed() - leg.recorded_from) * 1000)
        recording, leg.recording = leg.recording, None
        self.tell(RecordingEnded(leg.id, recording, length_ms))


def _length_s(prompt: Prompt) -> float:
    if isinstance(prompt, Tone):
        return prompt.ms / 1000
    return max(1, len(prompt.text)) * SPEECH_S_PER_CHARACTER


_ACTS: dict[type, Callable[[SimulatedSwitch, Any], None]] = {
    Answer: SimulatedSwitch._answer,
    Play: SimulatedSwitch._play,
    StopPlay: SimulatedSwitch._stop_play,
    Music: SimulatedSwitch._music,
    Ring: SimulatedSwitch._ring,
    Dial: SimulatedSwitch._dial,
    Cancel: SimulatedSwitch._cancel,
    Connect: SimulatedSwitch._connect,
    Hold: SimulatedSwitch._hold,
    Transfer: SimulatedSwitch._transfer,
    PickUp: SimulatedSwitch._pick_up,
    Listen: SimulatedSwitch._listen,
    Shield: SimulatedSwitch._shield,
    HangUp: SimulatedSwitch._hang_up,
    Record: SimulatedSwitch._record,
    StopRecording: SimulatedSwitch._stop_recording,
}
