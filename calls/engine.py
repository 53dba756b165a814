"""The whole live floor as one machine: calls, their flow sessions and the floor, until all is quiet.

A fact from outside goes to the part it concerns; what that part answers goes to the parts *it*
concerns, in order, until nothing is left. What remains are intents for outside: switch commands,
look-ups, and what changed. The engine never reads a clock; flows and floor come in as Protocols.

A leg bears the name of its call: the caller's leg is named ``CALL`` and the other legs of it ``CALL.1``,
``CALL.2``, …, so the name of a call holds no dot.
"""

import heapq
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Protocol

from calls.machine import Call, CallLost, CallOver, CallState
from calls.machine.outgoing import called_back, dialled_out
from domain.calls import (
    CallbackChosen,
    CallbackFailed,
    CallerGone,
    CallQueued,
    ContactEnded,
    DeviceReachable,
    Ignored,
    OfferAccepted,
    OfferRefused,
    PriorityChanged,
    WrapUpNoted,
)
from domain.codec import register, state_hash
from domain.config import FloorConfigured, FrontDoorConfigured
from domain.crm import CallerIdentified
from domain.desk import (
    AgentPaused,
    AgentReady,
    AgentSignedIn,
    AgentSignedOut,
    CallAssigned,
    CallbackAsked,
    CallbackCancelled,
    CallNoted,
    CallPrioritised,
    DialAsked,
    HangUpAsked,
    HoldAsked,
    OfferDeclined,
    PickUpAsked,
    QueueClosed,
    QueueOpened,
    ResumeAsked,
    TransferAsked,
    WrapUpEnded,
)
from domain.floor import (
    Announce,
    CallbackKept,
    CallbackOver,
    Offer,
    Overflow,
    ProposeCallback,
    Rescind,
    ReturnToFlow,
)
from domain.flow import (
    Answered,
    CallerTaken,
    Conceal,
    ContactOver,
    DigitHeard,
    EndCall,
    Enqueue,
    FlowStarted,
    HandOver,
    HandOverFailed,
    LookUpCustomer,
    Mark,
    MessageTaken,
    PathTaken,
    PromptEnded,
    QueueReturned,
    Reprioritise,
    Reveal,
    Say,
    SecretHeard,
    SecretLost,
    StopSaying,
    TakeMessage,
)
from domain.ids import CallId, DeviceId, LegId
from domain.instant import NEVER, Instant
from domain.switch import (
    CallArrived,
    DeviceDown,
    DeviceUp,
    DigitPressed,
    HangUp,
    LegAnswered,
    LegEnded,
    LegRinging,
    PlayEnded,
    RecordingEnded,
    SecretPressed,
    Shield,
    SwitchReady,
)


class FloorMachine(Protocol):
    """The ACD as the engine knows it."""

    @property
    def state(self) -> Any:
        """A registered dataclass that holds everything."""

    def handle(self, fact: Any, now: Instant) -> list[Any]: ...
    def wake_at(self) -> Instant | None: ...
    def wake(self, now: Instant) -> list[Any]: ...
    def views(self, now: Instant) -> list[Any]:
        """Every agent and queue as ``AgentChanged`` and ``QueueChanged``."""

    def figures(self, queue: str) -> tuple[int, float | None, int, int] | None:
        """(waiting, estimated wait in seconds, available, staffed) of a queue; None if it is not there."""


class FlowSession(Protocol):
    """One call's walk through a flow."""

    @property
    def state(self) -> Any:
        """A registered dataclass that holds everything."""

    @property
    def unanswered(self) -> Any | None:
        """The ``Ask`` it waits for the answer of, if any."""

    def handle(self, fact: Any, now: Instant) -> list[Any]: ...
    def wake_at(self) -> Instant | None: ...
    def wake(self, now: Instant) -> list[Any]: ...


class FlowBook(Protocol):
    """Which flow answers which number."""

    queues: Any
    """Who is asked how queues stand (``FloorMachine.figures``); the engine puts its floor here."""

    def configure(self, front_door: FrontDoorConfigured) -> None:
        """Take over entry numbers and calendars for calls that begin from now on."""

    def open(self, call: CallId, caller: str, dialled: str, now: Instant) -> tuple[str, FlowSession]:
        """The flow's name and a session at its start (``FlowStarted`` sets it going)."""

    def stand_in(self, call: CallId, caller: str, dialled: str, language: str, now: Instant) -> FlowSession:
        """A session for a call that came through no flow, standing where a queue may give it back."""

    def restore(self, state: Any) -> FlowSession:
        """A session as it was."""


@register
@dataclass(slots=True)
class EngineState:
    """Everything the live floor knows, as one value."""

    floor: Any
    calls: dict[str, CallState] = field(default_factory=dict)
    sessions: dict[str, Any] = field(default_factory=dict)
    devices: dict[str, bool] = field(default_factory=dict)
    front_door: FrontDoorConfigured | None = None
    now: Instant = NEVER


_TO_FLOOR = (
    CallQueued,
    CallerGone,
    OfferAccepted,
    OfferRefused,
    ContactEnded,
    DeviceReachable,
    AgentSignedIn,
    AgentSignedOut,
    AgentReady,
    AgentPaused,
    OfferDeclined,
    WrapUpEnded,
    PickUpAsked,
    CallAssigned,
    CallPrioritised,
    PriorityChanged,
    QueueClosed,
    QueueOpened,
    CallbackChosen,
    CallbackFailed,
    CallbackCancelled,
    FloorConfigured,
)
_TOLD_TOO = (PriorityChanged, CallbackFailed)
_TO_FLOW = (FlowStarted, DigitHeard, SecretHeard, PromptEnded, QueueReturned, MessageTaken, CallerTaken)
_GIVES_BACK = (ContactOver, HandOverFailed)
_BROUGHT_TO_FLOW = (Answered, SecretLost)
"""Facts from outside that only the flow hears."""
_TO_CALL = (
    Say,
    StopSaying,
    Enqueue,
    Reprioritise,
    TakeMessage,
    EndCall,
    PathTaken,
    Mark,
    Conceal,
    Reveal,
    HandOver,
    HoldAsked,
    ResumeAsked,
    HangUpAsked,
    TransferAsked,
    CallLost,
)
_WISHED = (Mark, Conceal, Reveal, HandOver)
"""What the flow wants of its call that readers of its story, and the vault, are told too."""
_DECIDED = (Offer, Overflow, ReturnToFlow, Announce, ProposeCallback, CallbackKept, CallbackOver, Rescind)
_CALL, _FLOW = 0, 1
_FROM_LEG = (LegAnswered, LegEnded, DigitPressed, SecretPressed, PlayEnded, RecordingEnded)


class Engine:
    """``handle`` and ``wake`` answer with the intents for outside, in order."""

    def __init__(self, floor: FloorMachine, book: FlowBook) -> None:
        self.floor = floor
        self.book = book
        book.queues = floor
        self.calls: dict[CallId, Call] = {}
        self.sessions: dict[CallId, FlowSession] = {}
        self.devices: dict[str, bool] = {}
        self.front_door: FrontDoorConfigured | None = None
        self.now = NEVER
        self._alarms = _Alarms()
        self._touched: set[CallId] = set()

    # ------------------------------------------------------------ state

    @property
    def state(self) -> EngineState:
        """The whole state; encode it before the next fact, it is not a copy."""
        return EngineState(
            floor=self.floor.state,
            calls={k: c.state for k, c in sorted(self.calls.items())},
            sessions={k: s.state for k, s in sorted(self.sessions.items())},
            devices=dict(sorted(self.devices.items())),
            front_door=self.front_door,
            now=self.now,
        )

    def hash(self) -> str:
        """The hash of the whole state: equal after an equal history, in any process."""
        return state_hash(self.state)

    @classmethod
    def restore(cls, state: EngineState, floor: FloorMachine, book: FlowBook) -> "Engine":
        """An engine that goes on where ``state`` was taken. ``floor`` is already restored."""
        engine = cls(floor, book)
        engine.now = state.now
        engine.devices = dict(state.devices)
        engine.front_door = state.front_door
        if state.front_door is not None:
            book.configure(state.front_door)
        for key, call_state in state.calls.items():
            engine.calls[CallId(key)] = Call(call_state)
        for key, session in state.sessions.items():
            engine.sessions[CallId(key)] = book.restore(session)
        engine._touched.update(engine.calls)
        engine._set_alarms()
        return engine

    def views(self) -> list[Any]:
        """Everything pages show, as if all of it had just changed."""
        calls: list[Any] = [c.view() for c in self.calls.values()]
        return [*self.floor.views(self.now), *calls]

    # ------------------------------------------------------------ secrets

    def conceals(self, leg: LegId) -> str | None:
        """The name under which digits of this leg are kept from everybody now; None: they are heard."""
        call = self._owner(leg)
        if call is None or leg != call.state.caller_leg:
            return None
        return call.state.secret or None

    def secrets(self) -> list[tuple[CallId, str]]:
        """What live calls have typed, or are typing, that nobody may see: call and name."""
        return [(key, name) for key in sorted(self.calls) for name in self.calls[key].state.secrets]

    # ------------------------------------------------------------ time

    def wake_at(self) -> Instant | None:
        """When the earliest of all parts wants to be woken."""
        times = (self.floor.wake_at(), self._alarms.next())
        return min((t for t in times if t is not None), default=None)

    def wake(self, now: Instant) -> list[Any]:
        """Wake every part whose time has come: the floor, then calls, then flows, each in id order."""
        now = self._tick(now)
        out = self._run(deque(self.floor.wake(now)), now)
        due = self._alarms.take_due(now)
        self._touched.update(call for _, call in due)
        for part, call in due:
            machine = self.calls.get(call) if part == _CALL else self.sessions.get(call)
            if machine is not None:
                out += self._run(deque(machine.wake(now)), now)
        self._set_alarms()
        return out

    def _set_alarms(self) -> None:
        """Ask the parts that were touched when they want to be woken; the others did not change."""
        for call in self._touched:
            for part, machine in ((_CALL, self.calls.get(call)), (_FLOW, self.sessions.get(call))):
                self._alarms.set((part, call), None if machine is None else machine.wake_at())
        self._touched.clear()

    def _tick(self, now: Instant) -> Instant:
        self.now = max(self.now, now)
        return self.now

    # ------------------------------------------------------------ facts

    def handle(self, fact: Any, now: Instant) -> list[Any]:
        """What follows from one outside fact."""
        now = self._tick(now)
        out = self._run(deque([fact]), now)
        self._set_alarms()
        return out

    def _run(self, todo: deque[Any], now: Instant) -> list[Any]:
        out: list[Any] = []
        while todo:
            item = todo.popleft()
            answers, outside = self._step(item, now)
            out += outside
            # What a fact leads to is settled before what came after it.
            todo.extendleft(reversed(answers))
        return out

    def _step(self, item: Any, now: Instant) -> tuple[list[Any], list[Any]]:
        """(more to settle, said to outside)."""
        if isinstance(item, _TO_FLOOR):
            # What only the floor hears of a call is told to whoever reads its story, too.
            return self.floor.handle(item, now), [item] if isinstance(item, _TOLD_TOO) else []
        if isinstance(item, _TO_FLOW):
            self._touched.add(item.call)
            session = self.sessions.get(item.call)
            return (session.handle(item, now) if session else []), []
        if isinstance(item, _GIVES_BACK):
            return self._back_to_flow(item, now), []
        if isinstance(item, _BROUGHT_TO_FLOW):
            return self._bring_to_flow(item, now), []
        if isinstance(item, CallerIdentified):
            self._touched.add(item.call)
            session = self.sessions.get(item.call)
            made = self._to_call(item.call, item, now)
            return made + (session.handle(item, now) if session else []), []
        if isinstance(item, _DECIDED):
            return self._decided(item, now), [item]
        if isinstance(item, _TO_CALL):
            made = self._to_call(item.call, item, now)
            told = isinstance(item, _WISHED) and not any(isinstance(m, Ignored) for m in made)
            return made, [item] if told else []
        if isinstance(item, _FROM_LEG):
            return self._from_leg(item, now), []
        if isinstance(item, CallOver):
            self._forget(item.call)
            return [], []
        return self._from_outside(item, now)

    def _decided(self, item: Any, now: Instant) -> list[Any]:
        """What the floor decided, carried out by the calls it concerns."""
        if isinstance(item, Announce | ProposeCallback):
            return self._tell_waiting(item, now)
        if isinstance(item, CallbackKept):
            return self._keep_callback(item, now)
        if isinstance(item, Rescind | CallbackOver):
            key = item.call if isinstance(item, Rescind) else item.callback
            return self._to_call(key, item, now) if key in self.calls else []
        if isinstance(item, Offer) and item.dial and item.call not in self.calls:
            return self._begin(dialled_out(item, now), now) + self._to_call(item.call, item, now)
        return self._to_call(item.call, item, now)

    def _back_to_flow(self, item: ContactOver | HandOverFailed, now: Instant) -> list[Any]:
        """The flow has its caller again; one that has nothing to say would leave them in silence."""
        self._touched.add(item.call)
        session = self.sessions.get(item.call)
        made = session.handle(item, now) if session else []
        return made or [EndCall(item.call, "failed")]

    def _bring_to_flow(self, item: Answered | SecretLost, now: Instant) -> list[Any]:
        session = self.sessions.get(item.call)
        if session is None:
            return [Ignored(type(item).__name__, f"there is no live call {item.call}")]
        self._touched.add(item.call)
        return session.handle(item, now)

    def _tell_waiting(self, item: Announce | ProposeCallback, now: Instant) -> list[Any]:
        call, session = self.calls.get(item.call), self.sessions.get(item.call)
        if call is None or session is None or call.state.queue is None:
            return []  # taken or gone meanwhile
        self._touched.add(item.call)
        return session.handle(item, now)

    def _keep_callback(self, item: CallbackKept, now: Instant) -> list[Any]:
        origin = self.calls.get(item.call) if item.call is not None else None
        made: list[Any] = []
        if item.callback not in self.calls:
            made += self._begin(called_back(item, None if origin is None else origin.state, now), now)
        if origin is not None:
            session = self.sessions.get(origin.state.id)
            made += self._to_call(origin.state.id, item, now)
            made += session.handle(item, now) if session else []
        return made

    def _begin(self, state: CallState, now: Instant) -> list[Any]:
        """A call that begins with us; who its customer is is looked up unless it is known."""
        call = self.calls[state.id] = Call(state)
        language = "" if state.request is None else state.request.attributes.get("language", "")
        session = self.book.stand_in(state.id, state.caller, state.dialled, language, now)
        self.sessions[state.id] = session
        self._touched.add(state.id)
        unknown = state.match in ("", "failed")
        return [call.view(), *([LookUpCustomer(state.id, state.caller)] if unknown else [])]

    def _is_taken(self, call: CallId) -> str:
        """Why a call that begins with us cannot have this name; empty if it can."""
        if call in self.calls:
            return f"call {call} is already up"
        return "" if call and "." not in call else f"{call!r} is no name for a call"

    def _from_outside(self, item: Any, now: Instant) -> tuple[list[Any], list[Any]]:
        if isinstance(item, CallArrived):
            return self._arrived(item, now), []
        if isinstance(item, DialAsked | CallbackAsked):
            why = self._is_taken(item.call if isinstance(item, DialAsked) else item.callback)
            return [Ignored(type(item).__name__, why)] if why else self.floor.handle(item, now), []
        if isinstance(item, DeviceUp):
            self.devices[item.device] = True
            made: list[Any] = [DeviceReachable(item.device, True)]
            for key in sorted(self.calls):
                if self.calls[key].state.phase == "reconnecting":
                    self._touched.add(key)
                    made += self.calls[key].handle(item, now)
            return made, []
        if isinstance(item, DeviceDown):
            self.devices[item.device] = False
            return [DeviceReachable(item.device, False)], []
        if isinstance(item, SwitchReady):
            return self._reconcile(item), []
        if isinstance(item, FrontDoorConfigured):
            self.front_door = item
            self.book.configure(item)
            return [], []
        if isinstance(item, CallNoted):
            return [], [WrapUpNoted(item.call, item.agent, item.code, item.note)]
        if isinstance(item, LegRinging):
            return [], []
        # Everything else is for outside: commands, look-ups, and what changed.
        return [], [item]

    def _to_call(self, call: CallId, item: Any, now: Instant) -> list[Any]:
        self._touched.add(call)
        machine = self.calls.get(call)
        if machine is None:
            return [Ignored(type(item).__name__, f"there is no live call {call}")]
        return machine.handle(item, now)

    def _from_leg(
        self,
        fact: LegAnswered | LegEnded | DigitPressed | SecretPressed | PlayEnded | RecordingEnded,
        now: Instant,
    ) -> list[Any]:
        machine = self._owner(fact.leg)
        if machine is None:
            if isinstance(fact, LegAnswered):
                return [HangUp(fact.leg)]  # picked up after its call was over, or as we took the ringing back
            return [Ignored(type(fact).__name__, f"leg {fact.leg} belongs to no live call")]
        state = machine.state
        self._touched.add(state.id)
        talked = state.phase in ("talking", "held")
        made = machine.handle(fact, now)
        if talked and state.phase == "reconnecting" and self._device_is_back(state.device):
            made += machine.handle(DeviceUp(DeviceId(state.device or "")), now)
        return made

    def _owner(self, leg: LegId) -> Call | None:
        """The call that has this leg now."""
        call = self.calls.get(CallId(leg.partition(".")[0]))
        return call if call is not None and leg in call.state.legs else None

    def _device_is_back(self, device: DeviceId | None) -> bool:
        # A reloaded page may have registered before its old connection was noticed as lost.
        return device is not None and self.devices.get(device, False)

    def _arrived(self, fact: CallArrived, now: Instant) -> list[Any]:
        if fact.call in self.calls:
            return [Ignored("CallArrived", f"call {fact.call} is already up")]
        if fact.leg != LegId(fact.call) or "." in fact.call:
            return [
                HangUp(fact.leg),
                Ignored("CallArrived", f"leg {fact.leg} is not named after its call {fact.call}"),
            ]
        flow, session = self.book.open(fact.call, fact.caller, fact.dialled, now)
        call = Call.arrive(fact.call, fact.leg, fact.caller, fact.dialled, flow, now)
        self.calls[fact.call] = call
        self.sessions[fact.call] = session
        self._touched.add(fact.call)
        return call.begin()

    def _forget(self, call: CallId) -> None:
        self._touched.add(call)
        del self.calls[call]
        self.sessions.pop(call, None)

    def _reconcile(self, fact: SwitchReady) -> list[Any]:
        """After a restart: believe the switch about devices, close what it no longer knows.

        Devices that are gone come first, so that nothing is offered to them; calls that are lost come
        before devices that are back, so that no dead call is offered either.
        """
        alive = set(fact.legs)
        known: set[LegId] = set()
        lost_calls: list[Any] = []
        lost_legs: list[Any] = []
        shields: list[Any] = []
        questions: list[Any] = []
        for key in sorted(self.calls):
            state = self.calls[key].state
            known.update(state.legs)
            gone_legs = [leg for leg in state.legs if leg not in alive]
            if state.caller_leg in gone_legs and not state.nobody_there:
                lost_calls.append(CallLost(key))
            else:
                lost_legs += [LegEnded(leg, "lost") for leg in gone_legs]
                shields += [Shield(state.caller_leg, True)] if state.secret else []
                session = self.sessions.get(key)
                # Whoever was to answer it may have died with the process: asked again, and answered once.
                asked = session.unanswered if session is not None else None
                questions += [asked] if asked is not None else []
        gone = sorted({d for d, up in self.devices.items() if up} - set(fact.devices))
        return [
            *(DeviceDown(DeviceId(device)) for device in gone),
            *lost_calls,
            *(DeviceUp(device) for device in fact.devices),
            *lost_legs,
            *shields,
            *questions,
            *(HangUp(leg) for leg in fact.legs if leg not in known),
        ]


class _Alarms:
    """When each call and flow wants to be woken; moving one leaves a stale entry that is passed over."""

    def __init__(self) -> None:
        self._at: dict[tuple[int, CallId], Instant] = {}
        self._heap: list[tuple[Instant, tuple[int, CallId]]] = []

    def set(self, key: tuple[int, CallId], at: Instant | None) -> None:
        """Wake ``key`` at ``at`` (None: no more)."""
        if self._at.get(key) == at:
            return
        if at is None:
            del self._at[key]
        else:
            self._at[key] = at
            heapq.heappush(self._heap, (at, key))

    def next(self) -> Instant | None:
        """The earliest time anybody wants to be woken."""
        while self._heap and self._at.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def take_due(self, now: Instant) -> list[tuple[int, CallId]]:
        """Everybody whose time has come, calls before flows, each in id order."""
        due: set[tuple[int, CallId]] = set()
        while (at := self.next()) is not None and at <= now:
            _, key = heapq.heappop(self._heap)
            del self._at[key]
            due.add(key)
        return sorted(due)
