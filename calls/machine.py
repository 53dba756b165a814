"""One call: its legs, its phase, its times. A pure machine that answers with intents.

``PHASES`` is the whole table: which facts mean something in which phase. A fact that is not in the
table of the current phase changes nothing. Only this machine speaks of legs; flow and floor speak of calls.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from domain.calls import (
    CallChanged,
    CallerGone,
    CallFinished,
    CallQueued,
    CallRecord,
    ContactEnded,
    Ignored,
    OfferAccepted,
    OfferRefused,
    Outcome,
    Phase,
    QueueVisit,
    VisitOutcome,
)
from domain.codec import register
from domain.crm import CallerIdentified
from domain.desk import HangUpAsked, HoldAsked, ResumeAsked
from domain.floor import Offer, Rescind, ReturnToFlow
from domain.flow import (
    DigitHeard,
    EndCall,
    Enqueue,
    FlowStarted,
    MessageTaken,
    PathTaken,
    PromptEnded,
    QueueReturned,
    Say,
    StopSaying,
    TakeMessage,
)
from domain.ids import AgentId, CallId, CustomerId, DeviceId, LegId, OfferId, PlayId, QueueId, RecordingId
from domain.instant import NEVER, Instant, after
from domain.switch import (
    Answer,
    Cancel,
    Connect,
    DeviceUp,
    DigitPressed,
    HangUp,
    Hold,
    LegAnswered,
    LegEnded,
    Music,
    Play,
    PlayEnded,
    Record,
    RecordingEnded,
    Ring,
    StopPlay,
    StopRecording,
    Tone,
)

RECONNECT_S = 20.0
"""How long a caller hears music while the agent's lost leg may come back."""
BEEP = Tone(hz=1000, ms=300)
BEEP_PLAY = PlayId("beep")


@register
@dataclass(slots=True)
class CallState:
    """All that is known of a live call. ``*_at`` are instants, 0 where not reached; ``*_us`` sums."""

    id: CallId
    caller_leg: LegId
    caller: str
    dialled: str
    started_at: Instant
    phase: Phase = "ivr"
    phase_at: Instant = NEVER
    answered_at: Instant = NEVER
    legs_made: int = 0
    flow: str = ""
    path: list[str] = field(default_factory=list)
    digits: str = ""
    # the customer
    match: str = ""
    customer: CustomerId | None = None
    customer_name: str = ""
    tier: str = ""
    candidates: tuple[CustomerId, ...] = ()
    # the queue visit under way (queue is None between visits) and those that ended
    queue: QueueId | None = None
    request: Enqueue | None = None
    visit_at: Instant = NEVER
    queued_since: Instant = NEVER
    visits: list[QueueVisit] = field(default_factory=list)
    last_queue: QueueId | None = None
    # the agent
    agent: AgentId | None = None
    last_agent: AgentId | None = None
    offer: OfferId | None = None
    device: DeviceId | None = None
    agent_leg: LegId | None = None
    agent_leg_up: bool = False
    reconnect_by: Instant = NEVER
    talk_at: Instant = NEVER
    hold_at: Instant = NEVER
    talk_us: int = 0
    hold_us: int = 0
    # voicemail
    recording: RecordingId | None = None
    message_max_s: int = 0
    recording_on: bool = False


Made = list[Any]
"""Intents for outside, facts for floor and flow: the engine sorts them by type."""


@register
@dataclass(frozen=True, slots=True)
class CallOver:
    """Told to the engine: forget this call after what was said before."""

    call: CallId


@register
@dataclass(frozen=True, slots=True)
class CallLost:
    """Told by the engine: the switch no longer knows the caller's leg, as after a crash."""

    call: CallId


class Call:
    """The machine around one ``CallState``."""

    def __init__(self, state: CallState) -> None:
        self.state = state

    # ------------------------------------------------------------ the table

    def handle(self, fact: Any, now: Instant) -> Made:
        """What follows from one fact. Unknown combinations are ``Ignored`` and change nothing."""
        act = PHASES[self.state.phase].get(type(fact))
        if act is None:
            if isinstance(fact, LegAnswered):
                return self._stray_leg(fact)
            return [Ignored(type(fact).__name__, f"call {self.state.id} is in phase {self.state.phase}")]
        return act(self, fact, now)

    def wake_at(self) -> Instant | None:
        """When this call next wants to be woken, if ever."""
        return self.state.reconnect_by or None

    def wake(self, now: Instant) -> Made:
        """The agent's leg did not come back in time: the call returns to the head of its queue."""
        s = self.state
        if not s.reconnect_by or now < s.reconnect_by:
            return []
        return self._give_up_on_agent(now)

    # ------------------------------------------------------------ beginning

    @staticmethod
    def arrive(call: CallId, leg: LegId, caller: str, dialled: str, flow: str, now: Instant) -> "Call":
        """A new call; the caller's leg is not answered yet."""
        return Call(CallState(call, leg, caller, dialled, now, phase_at=now, flow=flow))

    def begin(self, now: Instant) -> Made:
        """Pick the caller up."""
        return [Answer(self.state.caller_leg), self._changed(now)]

    def _leg_answered(self, fact: LegAnswered, now: Instant) -> Made:
        s = self.state
        if fact.leg == s.caller_leg and not s.answered_at:
            s.answered_at = now
            return [FlowStarted(s.id), self._changed(now)]
        return self._stray_leg(fact)

    def _stray_leg(self, fact: LegAnswered) -> Made:
        # A device picked up just as we took the ringing back: nobody is there for it.
        s = self.state
        if fact.leg in (s.caller_leg, s.agent_leg):
            return []
        return [HangUp(fact.leg)]

    # ------------------------------------------------------------ the flow's wishes

    def _say(self, fact: Say, now: Instant) -> Made:
        return [Play(self.state.caller_leg, fact.play, fact.prompts)]

    def _stop_saying(self, fact: StopSaying, now: Instant) -> Made:
        return [StopPlay(self.state.caller_leg)]

    def _digit(self, fact: DigitPressed, now: Instant) -> Made:
        if fact.leg != self.state.caller_leg:
            return []
        return [DigitHeard(self.state.id, fact.digit)]

    def _play_ended(self, fact: PlayEnded, now: Instant) -> Made:
        return [PromptEnded(self.state.id, fact.play)]

    def _path(self, fact: PathTaken, now: Instant) -> Made:
        s = self.state
        if fact.digits:  # understood at a node that was entered before
            s.digits += fact.digits
        else:
            s.path.append(fact.node)
        return []

    def _identified(self, fact: CallerIdentified, now: Instant) -> Made:
        s = self.state
        s.match, s.customer, s.customer_name = fact.match, fact.customer, fact.name
        s.tier, s.candidates = fact.tier or "", fact.candidates
        return [self._changed(now)]

    def _take_message(self, fact: TakeMessage, now: Instant) -> Made:
        s = self.state
        s.recording, s.message_max_s, s.recording_on = fact.recording, fact.max_s, False
        return [Play(s.caller_leg, BEEP_PLAY, (BEEP,)), *self._enter("message", now)]

    def _beep_ended(self, fact: PlayEnded, now: Instant) -> Made:
        s = self.state
        if fact.play != BEEP_PLAY or s.recording is None or s.recording_on:
            return []
        s.recording_on = True
        return [Record(s.caller_leg, s.recording, s.message_max_s)]

    def _message_digit(self, fact: DigitPressed, now: Instant) -> Made:
        s = self.state
        if fact.leg == s.caller_leg and fact.digit == "#" and s.recording_on:
            return [StopRecording(s.caller_leg)]
        return []

    def _recording_ended(self, fact: RecordingEnded, now: Instant) -> Made:
        s = self.state
        if fact.recording != s.recording:
            return []
        s.recording_on = False
        if fact.duration_ms <= 0:
            s.recording = None  # no message, whatever comes next
        return [*self._enter("ivr", now), MessageTaken(s.id, fact.recording, fact.duration_ms)]

    def _give_up_message(self) -> Made:
        """The flow goes on although nobody said that the recording ended."""
        s = self.state
        stop: Made = [StopRecording(s.caller_leg)] if s.recording_on else []
        s.recording, s.recording_on = None, False
        return stop

    def _say_after_message(self, fact: Say, now: Instant) -> Made:
        return [*self._give_up_message(), *self._enter("ivr", now), *self._say(fact, now)]

    def _enqueue_after_message(self, fact: Enqueue, now: Instant) -> Made:
        return [*self._give_up_message(), *self._enqueue(fact, now)]

    def _take_another_message(self, fact: TakeMessage, now: Instant) -> Made:
        return [*self._give_up_message(), *self._take_message(fact, now)]

    def _end_by_flow(self, fact: EndCall, now: Instant) -> Made:
        return self._end(fact.outcome, "flow", now, [HangUp(self.state.caller_leg)])

    # ------------------------------------------------------------ waiting

    def _enqueue(self, fact: Enqueue, now: Instant) -> Made:
        s = self.state
        s.request = fact
        s.queued_since = now
        return self._wait(now, at_head=False)

    def _wait(self, now: Instant, *, at_head: bool) -> Made:
        s = self.state
        if s.request is None:
            raise AssertionError(f"call {s.id} has no queue to wait in")
        r = s.request
        s.queue = s.last_queue = r.queue
        s.visit_at = now
        queued = CallQueued(
            s.id,
            r.queue,
            s.queued_since,
            r.base_priority,
            r.skills,
            r.tier or s.tier,
            r.preferred,
            at_head,
            r.attributes,
        )
        return [Music(s.caller_leg), *self._enter("waiting", now), queued]

    def _leave_queue(self, outcome: VisitOutcome, now: Instant) -> None:
        s = self.state
        if s.queue is None:
            return
        tier = s.request.tier if s.request else ""
        base = s.request.base_priority if s.request else 0.0
        agent = s.agent if outcome == "answered" else None
        number = len(s.visits) + 1
        s.visits.append(
            QueueVisit(s.id, number, s.queue, s.visit_at, now, outcome, tier or s.tier, agent, base)
        )
        s.queue = None

    def _returned(self, fact: ReturnToFlow, now: Instant) -> Made:
        self._leave_queue("timeout" if fact.reason == "timeout" else "refused", now)
        back = QueueReturned(self.state.id, fact.queue, fact.reason)
        return [StopPlay(self.state.caller_leg), *self._enter("ivr", now), back]

    # ------------------------------------------------------------ the offer

    def _offer(self, fact: Offer, now: Instant) -> Made:
        s = self.state
        s.agent, s.offer, s.device = fact.agent, fact.offer, fact.device
        return [*self._enter("offered", now), *self._ring(now, auto_answer=False)]

    def _ring(self, now: Instant, *, auto_answer: bool) -> Made:
        s = self.state
        if s.device is None:
            raise AssertionError(f"call {s.id} has no device to ring")
        s.legs_made += 1
        s.agent_leg = LegId(f"{s.id}.{s.legs_made}")
        s.agent_leg_up = False
        return [Ring(s.agent_leg, s.device, s.id, s.caller, auto_answer)]

    def _rescind(self, fact: Rescind, now: Instant) -> Made:
        s = self.state
        if fact.offer != s.offer:
            return []
        made: Made = [Cancel(s.agent_leg)] if s.agent_leg else []
        self._forget_agent()
        return [*made, *self._enter("waiting", now)]

    def _offered_leg_answered(self, fact: LegAnswered, now: Instant) -> Made:
        s = self.state
        if fact.leg != s.agent_leg:
            return self._stray_leg(fact)
        if s.offer is None or s.agent is None:
            raise AssertionError(f"call {s.id} is offered to nobody")
        s.agent_leg_up = True
        s.last_agent = s.agent
        s.talk_at = now
        self._leave_queue("answered", now)
        accepted = OfferAccepted(s.offer, s.agent)
        return [Connect(s.caller_leg, fact.leg), accepted, *self._enter("talking", now)]

    def _offered_leg_ended(self, fact: LegEnded, now: Instant) -> Made:
        s = self.state
        if fact.leg == s.caller_leg:
            return self._caller_left(fact, now)
        if fact.leg != s.agent_leg or s.offer is None or s.agent is None:
            return []
        by_person = fact.reason in ("busy", "rejected", "hangup")
        refused = OfferRefused(s.offer, s.agent, "rejected" if by_person else "unreachable")
        self._forget_agent()
        return [*self._enter("waiting", now), refused]

    def _forget_agent(self) -> None:
        s = self.state
        s.agent = s.offer = s.device = s.agent_leg = None
        s.agent_leg_up = False
        s.reconnect_by = NEVER

    # ------------------------------------------------------------ the conversation

    def _hold(self, fact: HoldAsked, now: Instant) -> Made:
        s = self.state
        if fact.agent != s.agent:
            return self._not_yours(fact)
        s.talk_us += now - s.talk_at
        s.hold_at = now
        return [Hold(s.caller_leg), *self._enter("held", now)]

    def _resume(self, fact: ResumeAsked, now: Instant) -> Made:
        s = self.state
        if fact.agent != s.agent or s.agent_leg is None:
            return self._not_yours(fact)
        s.hold_us += now - s.hold_at
        s.talk_at = now
        return [Connect(s.caller_leg, s.agent_leg), *self._enter("talking", now)]

    def _hang_up(self, fact: HangUpAsked, now: Instant) -> Made:
        s = self.state
        if fact.agent != s.agent:
            return self._not_yours(fact)
        return self._agent_ends(now)

    def _not_yours(self, fact: HoldAsked | ResumeAsked | HangUpAsked) -> Made:
        return [Ignored(type(fact).__name__, f"call {self.state.id} is not with agent {fact.agent}")]

    def _talking_leg_ended(self, fact: LegEnded, now: Instant) -> Made:
        s = self.state
        if fact.leg == s.caller_leg:
            return self._caller_left(fact, now)
        if fact.leg != s.agent_leg:
            return []
        if fact.reason == "hangup":
            s.agent_leg = None
            return self._agent_ends(now)
        self._settle(now)
        s.agent_leg, s.agent_leg_up = None, False
        s.reconnect_by = after(now, RECONNECT_S)
        return [Music(s.caller_leg), *self._enter("reconnecting", now)]

    def _agent_ends(self, now: Instant) -> Made:
        return self._end("answered", "agent", now, [HangUp(self.state.caller_leg)])

    def _settle(self, now: Instant) -> None:
        s = self.state
        if s.phase == "talking":
            s.talk_us += now - s.talk_at
        elif s.phase in ("held", "reconnecting"):
            s.hold_us += now - (s.hold_at if s.phase == "held" else s.phase_at)

    # ------------------------------------------------------------ a lost agent comes back

    def _device_up(self, fact: DeviceUp, now: Instant) -> Made:
        s = self.state
        if fact.device != s.device:
            return []
        # A page that reloads twice registers twice: the newest registration is the one to ring.
        old: Made = [Cancel(s.agent_leg)] if s.agent_leg else []
        return [*old, *self._ring(now, auto_answer=True)]

    def _reconnect_answered(self, fact: LegAnswered, now: Instant) -> Made:
        s = self.state
        if fact.leg != s.agent_leg:
            return self._stray_leg(fact)
        self._settle(now)
        s.agent_leg_up = True
        s.reconnect_by = NEVER
        s.talk_at = now
        return [Connect(s.caller_leg, fact.leg), *self._enter("talking", now)]

    def _reconnect_ended(self, fact: LegEnded, now: Instant) -> Made:
        s = self.state
        if fact.leg == s.caller_leg:
            return self._caller_left(fact, now)
        if fact.leg != s.agent_leg:
            return []
        s.agent_leg = None
        if fact.reason in ("rejected", "busy"):
            return self._give_up_on_agent(now)
        return []

    def _give_up_on_agent(self, now: Instant) -> Made:
        s = self.state
        if s.offer is None or s.agent is None:
            raise AssertionError(f"call {s.id} reconnects to nobody")
        self._settle(now)
        ended = ContactEnded(s.offer, s.agent)
        made: Made = [Cancel(s.agent_leg)] if s.agent_leg else []
        self._forget_agent()
        return [*made, ended, *self._wait(now, at_head=True)]

    # ------------------------------------------------------------ the end

    def _caller_left(self, fact: LegEnded, now: Instant) -> Made:
        s = self.state
        if fact.leg != s.caller_leg:
            return []
        outcome: Outcome
        by: Literal["caller", "platform"] = "platform" if fact.reason in ("lost", "failed") else "caller"
        if s.phase in ("talking", "held", "reconnecting"):
            outcome = "answered"
        elif (s.phase == "message" and s.recording_on) or (s.recording is not None and s.phase == "ivr"):
            outcome = "voicemail"
        else:
            outcome = "abandoned"
        return self._end(outcome, by, now, [])

    def _lost(self, fact: CallLost, now: Instant) -> Made:
        return self._end("lost", "platform", now, [])

    def _end(
        self,
        outcome: Outcome,
        by: Literal["caller", "agent", "flow", "platform"],
        now: Instant,
        made: Made,
    ) -> Made:
        s = self.state
        in_contact = s.phase in ("talking", "held", "reconnecting")
        if s.phase == "message" and not s.recording_on:
            s.recording = None  # gone before the tone: there is no file
        self._settle(now)
        if s.queue is not None:
            self._leave_queue("lost" if outcome == "lost" else "abandoned", now)
        if s.agent_leg is not None:
            made.append(HangUp(s.agent_leg) if s.agent_leg_up else Cancel(s.agent_leg))
        if in_contact and s.offer is not None and s.agent is not None:
            made.append(ContactEnded(s.offer, s.agent))
        elif s.phase in ("waiting", "offered"):
            made.append(CallerGone(s.id))
        s.phase, s.phase_at = "ended", now
        record = CallRecord(
            call=s.id,
            caller=s.caller,
            dialled=s.dialled,
            started=s.started_at,
            answered=s.answered_at,
            ended=now,
            outcome=outcome,
            ended_by=by,
            flow=s.flow,
            path=tuple(s.path),
            digits=s.digits,
            customer=s.customer,
            customer_name=s.customer_name,
            tier=s.tier,
            agent=s.last_agent,
            queue=s.last_queue,
            visits=tuple(s.visits),
            talk_us=s.talk_us,
            hold_us=s.hold_us,
            wait_us=sum(v.left - v.entered for v in s.visits),
            recording=s.recording or "",
        )
        return [*made, self._changed(now), CallFinished(record), CallOver(s.id)]

    # ------------------------------------------------------------ what pages see

    def _enter(self, phase: Phase, now: Instant) -> Made:
        self.state.phase, self.state.phase_at = phase, now
        return [self._changed(now)]

    def _changed(self, now: Instant) -> CallChanged:
        return replace(self.view(), at=self.state.phase_at)

    def view(self) -> CallChanged:
        """The call as pages show it."""
        s = self.state
        return CallChanged(
            s.id,
            s.phase,
            s.phase_at,
            s.caller,
            s.dialled,
            s.started_at,
            queue=s.queue or s.last_queue,
            agent=s.agent,
            customer=s.customer,
            customer_name=s.customer_name,
            tier=s.tier,
            match=s.match,
            candidates=s.candidates,
            digits=s.digits,
        )


Act = Callable[[Call, Any, Instant], Made]


def _nothing(call: Call, fact: Any, now: Instant) -> Made:
    return []


_ALWAYS: dict[type, Act] = {
    CallerIdentified: Call._identified,
    PathTaken: Call._path,
    DeviceUp: _nothing,
    CallLost: Call._lost,
}
_WAITING: dict[type, Act] = {
    **_ALWAYS,
    PlayEnded: _nothing,
    DigitPressed: _nothing,
    RecordingEnded: _nothing,
    LegEnded: Call._caller_left,
}

PHASES: dict[Phase, dict[type, Act]] = {
    "ivr": {
        **_ALWAYS,
        LegAnswered: Call._leg_answered,
        LegEnded: Call._caller_left,
        Say: Call._say,
        StopSaying: Call._stop_saying,
        DigitPressed: Call._digit,
        PlayEnded: Call._play_ended,
        RecordingEnded: _nothing,
        TakeMessage: Call._take_message,
        Enqueue: Call._enqueue,
        EndCall: Call._end_by_flow,
    },
    "message": {
        **_ALWAYS,
        PlayEnded: Call._beep_ended,
        DigitPressed: Call._message_digit,
        RecordingEnded: Call._recording_ended,
        LegEnded: Call._caller_left,
        Say: Call._say_after_message,
        Enqueue: Call._enqueue_after_message,
        TakeMessage: Call._take_another_message,
        EndCall: Call._end_by_flow,
    },
    "waiting": {**_WAITING, Offer: Call._offer, ReturnToFlow: Call._returned, Rescind: _nothing},
    "offered": {
        **_WAITING,
        LegAnswered: Call._offered_leg_answered,
        LegEnded: Call._offered_leg_ended,
        Rescind: Call._rescind,
    },
    "talking": {
        **_WAITING,
        LegEnded: Call._talking_leg_ended,
        HoldAsked: Call._hold,
        HangUpAsked: Call._hang_up,
    },
    "held": {
        **_WAITING,
        LegEnded: Call._talking_leg_ended,
        ResumeAsked: Call._resume,
        HangUpAsked: Call._hang_up,
    },
    "reconnecting": {
        **_WAITING,
        DeviceUp: Call._device_up,
        LegAnswered: Call._reconnect_answered,
        LegEnded: Call._reconnect_ended,
        HangUpAsked: Call._hang_up,
    },
    "consulting": {},
    "survey": {},
    "ended": {Rescind: _nothing},
}
"""Phase and fact to what is done. ``consulting`` and ``survey`` are the phases of later features."""
