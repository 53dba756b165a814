"""A call rehearsed without telephones: one session, virtual time, and a world that answers as it is told.

Prompts take about as long as people speak, answers come when the world says, the session's own timers run;
all of it happens in the order of its time, and nothing waits for a clock.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

from calls.answering import answered
from calls.vault import Vault
from domain.calls import CallbackChosen
from domain.codec import dumps, loads
from domain.floor import Announce, CallbackKept, ProposeCallback, ReturnReason
from domain.flow import (
    Answered,
    Ask,
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
    StopSaying,
    TakeMessage,
)
from domain.ids import AgentId, CallId, LegId, PlayId, QueueId
from domain.instant import NEVER, Instant, after
from domain.switch import DigitPressed, SecretPressed, Tone
from ivr.flow import Flow
from ivr.machine import Session
from ivr.rehearsal.coverage import Watch
from ivr.rehearsal.transcript import length_s, spoken, told
from ivr.rehearsal.world import OpenOrClosed, Person, Reply, World
from ivr.walk import Context, FlowSessionState, Standing, Walk, no_flows

MOST_NAMES: Final = 10_000
"""Names of calls that are tried for one that is shared out as the world says."""
LONGEST_S: Final = 240.0
"""No prompt takes longer, so that its end always comes before the machine gives it up."""
KEPT_S: Final = 3600.0

Kind = Literal["node", "says", "flow", "caller", "world"]


class NotNow(Exception):
    """What was to happen cannot happen where the call stands."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the transcript: when, at which node, and what it is about (an intent, a fact, or None)."""

    at: Instant
    node: str
    kind: Kind
    text: str
    what: Any = None


@dataclass(slots=True)
class Said:
    """One thing said to the caller. ``heard`` once a script has taken notice of it."""

    play: PlayId
    language: str
    text: str
    over: bool = False
    heard: bool = False


class Rehearsal:
    """A call that goes on as it is told. ``events`` is its transcript, ``said`` what the caller heard.

    ``restoring`` saves and restores the session before every step. Whatever is asked and not answered by the
    world goes to ``ask`` and, if that knows no answer either, stays in ``unanswered``.
    """

    def __init__(
        self,
        flow: Flow,
        world: World,
        flows: Callable[[str], Flow | None] = no_flows,
        watch: Watch | None = None,
        restoring: bool = False,
        strict: bool = True,
    ) -> None:
        self.world = world
        self.now = world.at
        self.events: list[Event] = []
        self.said: list[Said] = []
        self.marks: list[Mark] = []
        self.asked: list[Ask | LookUpCustomer] = []
        self.unanswered: list[Ask | LookUpCustomer] = []
        self.waiting: Enqueue | None = None
        """What the queue was told, while the call waits in one."""
        self.connected = False
        """Whether an agent has the caller."""
        self.recording: TakeMessage | None = None
        self.handing_over: HandOver | None = None
        self.ending = ""
        """How the call ended; '' while it goes on."""
        self.forgiven = 0
        """So many mistakes of the flow are meant."""
        self.vault = Vault()
        self.concealed = ""
        self._strict = strict
        self._restoring = restoring
        self._watch = watch
        self._flows = flows
        self._at = ""
        self._hidden: dict[str, None] = {}
        self._hours = OpenOrClosed(world)
        self._play_ends = NEVER
        self._enqueued: Enqueue | None = None
        self._coming: list[tuple[Instant, int, Any]] = []
        self._count = 0
        self._given: dict[int, int] = {}
        around = _Now(self)
        self._context = Context(around, dict(world.variables), self._flow, around)
        self.id = _called(flow, world)
        flow = self._seen(flow)
        self.session = Session.start(flow, self.id, world.caller, world.dialled, self.now, self._context)

    def begin(self) -> None:
        """The call is answered; the flow goes to its first node and on from there."""
        self._tell(FlowStarted(self.id))

    # ------------------------------------------------------------ where it stands

    @property
    def state(self) -> Any:
        """Everything the session knows."""
        return self.session.state

    @property
    def node(self) -> str:
        """The node the call stands on."""
        return self.session.state.node

    @property
    def playing(self) -> Said | None:
        """What is being said."""
        return self.said[-1] if self.said and not self.said[-1].over else None

    @property
    def over(self) -> bool:
        """Whether the call has ended."""
        return self.ending != ""

    @property
    def timer(self) -> Instant | None:
        """When the flow's patience ends; None while it speaks or needs none."""
        return None if self.over or self.playing else self.session.wake_at()

    def conceals(self, leg: LegId) -> str | None:
        """For the vault: under which name digits are kept now."""
        return self.concealed or None

    def secrets(self) -> list[tuple[CallId, str]]:
        """For the vault: what the caller typed that nobody may see."""
        return [(self.id, name) for name in self._hidden]

    # ------------------------------------------------------------ time

    def step(self, timers: bool = True, until: Instant | None = None) -> bool:
        """Let the next thing happen that is due by ``until``; False if there is none.

        Without ``timers`` prompts end and answers come, but the flow's patience does not run out.
        """
        if self.over:
            return False
        due: list[tuple[Instant, int]] = []
        if self.playing:
            due.append((self._play_ends, 0))
        if self._coming:
            due.append((self._coming[0][0], 1))
        if timers and (timer := self.timer) is not None:
            due.append((timer, 2))
        if not due:
            return False
        at, what = min(due)
        if until is not None and at > until:
            return False
        self.now = max(self.now, at)
        if what == 0:
            self._prompt_ended()
        elif what == 1:
            self._tell(heapq.heappop(self._coming)[2])
        else:
            self._log("world", "silence", None)
            self._save()
            self._hear(self.session.wake(self.now))
        return True

    def settle(self) -> None:
        """Let prompts end and answers come until the flow waits for somebody."""
        while self.step(timers=False):
            pass

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        until = after(self.now, seconds)
        while self.step(until=until):
            pass
        self.now = max(self.now, until)

    def stay_silent(self) -> None:
        """Let the flow's patience run out. Raises NotNow if it waits for nothing."""
        self.settle()
        self._must_go_on()
        if self.timer is None:
            raise NotNow("the flow does not wait for the caller here")
        self.step()

    def listen(self) -> None:
        """Hear what is being said to its end."""
        said = self.playing
        while said is not None and not said.over and not self.over:
            self.step(timers=False)

    # ------------------------------------------------------------ the caller

    def press(self, keys: str) -> None:
        """Press these keys, one after the other, at once. Raises NotNow if nobody hears them."""
        for key in keys:
            self._must_go_on()
            pressed = self.vault.hide(DigitPressed(LegId(self.id), key), self)
            if isinstance(pressed, SecretPressed):
                self._log("caller", "presses a digit nobody sees")
                self._tell(SecretHeard(self.id, pressed.secret, pressed.count))
            else:
                self._log("caller", f"presses {key}")
                self._tell(DigitHeard(self.id, key))

    def hang_up(self) -> None:
        """The caller goes."""
        self._must_go_on()
        self._log("caller", "hangs up")
        self.ending = "caller"

    def leave_message(self, seconds: float) -> None:
        """Speak for so long after the tone. Raises NotNow if nothing is recorded."""
        if self.recording is None:
            self.settle()
        if self.recording is None:
            raise NotNow("nothing is being recorded")
        lasts = min(seconds, float(self.recording.max_s))
        self.now = after(self.now, lasts)
        self._log("caller", f"speaks for {lasts:g} s" if lasts else "says nothing after the tone")
        recording, self.recording = self.recording.recording, None
        self._tell(MessageTaken(self.id, recording, round(lasts * 1000)))

    # ------------------------------------------------------------ the queue and others

    def give_back(self, reason: ReturnReason, target: str = "", message: str = "") -> None:
        """The queue gives the call back. Raises NotNow outside a queue."""
        queue = self._in_queue()
        self._log("world", f"queue {queue} gives the call back: {reason}")
        self.waiting = None
        self._tell(QueueReturned(self.id, queue, reason, target, message))

    def announce(self, position: int | None, wait_s: float | None, message: str) -> None:
        """The queue lets the caller know where they stand. Raises NotNow outside a queue."""
        self._tell(Announce(self.id, self._in_queue(), position, wait_s, message))

    def propose(self, position: int, wait_s: float | None) -> None:
        """The queue asks whether the caller would rather be called back. Raises NotNow outside a queue."""
        self._tell(ProposeCallback(self.id, self._in_queue(), position, wait_s))

    def connect(self) -> None:
        """An agent takes the caller. Raises NotNow outside a queue."""
        self._in_queue()
        self._log("world", "an agent answers")
        self.connected, self.waiting = True, None
        self._tell(CallerTaken(self.id))

    def agent_leaves(self) -> None:
        """The agent hangs up: the call comes back to its flow, or is over."""
        if not self.connected:
            raise NotNow("no agent speaks with the caller")
        self._log("world", "the agent hangs up")
        self.connected = False
        if self._enqueued is not None and self._enqueued.comes_back:
            self._tell(ContactOver(self.id, AgentId("agent")))
        else:
            self.ending = "answered"

    def reached(self) -> None:
        """The outside number answers, and the call is theirs. Raises NotNow if none is dialled."""
        if self.handing_over is None:
            raise NotNow("the call is not being handed over")
        self._log("world", f"{self.handing_over.number} answers")
        self.ending = "transferred"

    def not_reached(self) -> None:
        """The outside number cannot be had. Raises NotNow if none is dialled."""
        if self.handing_over is None:
            raise NotNow("the call is not being handed over")
        number, self.handing_over = self.handing_over.number, None
        self._log("world", f"{number} is not reached")
        self._tell(HandOverFailed(self.id, number))

    def crash(self) -> None:
        """The platform dies and comes back: the session is what was saved, and the vault is empty."""
        self._must_go_on()
        self._log("world", "the platform crashes and comes back")
        self._save(force=True)
        self.vault.clear()
        for lost in self.vault.lost(self):
            self._tell(lost)

    def change(self, world: World) -> None:
        """From now on the world is this one; the call keeps its caller and its number."""
        self.world, self._hours = world, OpenOrClosed(world)

    def answer(self, question: Ask | LookUpCustomer, reply: Reply | Person) -> None:
        """Answer a question that stands open, after as long as the answer takes."""
        if question in self.unanswered:
            self.unanswered.remove(question)
        if isinstance(reply, Person):
            if reply.match != "silent":
                self._come(reply.after_s, reply.identified(self.id))
        elif reply.outcome != "silent" and isinstance(question, Ask):
            made = Answered(self.id, question.ask, reply.outcome, dict(reply.values), reply.why)
            # As the platform does it: what is lost cannot be asked, and no answer repeats what is hidden.
            self._come(reply.after_s, answered(self.vault.question(question), lambda ask, clear: made))

    # ------------------------------------------------------------ between session and world

    def _tell(self, fact: Any) -> None:
        self._save()
        self._told(fact)
        self._hear(self.session.handle(fact, self.now))

    def _told(self, fact: Any) -> None:
        if text := told(fact):
            self._log("world", text, fact)

    def _hear(self, intents: list[Any]) -> None:
        for intent in intents:
            act = _ACTS.get(type(intent))
            if act is not None:
                act(self, intent)

    def _say(self, intent: Say) -> None:
        if (before := self.playing) is not None:
            before.over = True
        languages = dict.fromkeys(p.language for p in intent.prompts if not isinstance(p, Tone))
        text = " ".join(spoken(p) for p in intent.prompts)
        self.said.append(Said(intent.play, "+".join(languages), text))
        self._play_ends = after(self.now, min(LONGEST_S, sum(length_s(p) for p in intent.prompts)))
        self._log("says", text, intent)

    def _hush(self, intent: StopSaying) -> None:
        if (said := self.playing) is not None:
            said.over = True

    def _prompt_ended(self) -> None:
        said = self.playing
        assert said is not None
        said.over = True
        self._tell(PromptEnded(self.id, said.play))

    def _question(self, intent: Ask | LookUpCustomer) -> None:
        self._log("flow", told(intent), intent)
        self.asked.append(intent)
        self.unanswered.append(intent)
        reply = self._reply(intent)
        if reply is not None:
            self.answer(intent, reply)

    def _reply(self, intent: Ask | LookUpCustomer) -> Reply | Person | None:
        if isinstance(intent, LookUpCustomer):
            return self.world.person(intent.number) or (Person("none") if self._strict else None)
        if intent.kind == "secret":
            return Reply()
        listed = self.world.replies(intent.kind, intent.name)
        clear = self.vault.question(intent).parameters
        fitting = [reply for reply in listed if reply.fits(clear)]
        if fitting:
            # The last of several answers stands for all further questions.
            given = self._given[id(listed)] = self._given.get(id(listed), 0) + 1
            return fitting[min(given, len(fitting)) - 1]
        if not self._strict:
            return None
        if intent.kind in ("message", "complaint"):
            return Reply()
        self._log("world", f"no answer is written for {intent.kind} {intent.name}")
        return Reply("failed", why="no answer is written")

    def _enqueue(self, intent: Enqueue) -> None:
        self._log("flow", told(intent), intent)
        self.waiting = self._enqueued = intent

    def _callback(self, intent: CallbackChosen) -> None:
        self._log("flow", f"keeps the place of {intent.number}", intent)
        queue = self._in_queue()
        back = CallId(f"{self.id}-back")
        kept = CallbackKept(back, self.id, queue, intent.number, self.now, after(self.now, KEPT_S))
        self._come(0, kept)

    def _take_message(self, intent: TakeMessage) -> None:
        self._log("flow", told(intent), intent)
        self.recording = intent

    def _end(self, intent: EndCall) -> None:
        self._log("flow", told(intent), intent)
        self.ending = intent.outcome

    def _path(self, intent: PathTaken) -> None:
        if intent.digits:
            self._log("flow", f"understands {intent.digits}", intent)
            return
        self.waiting = self.recording = self.handing_over = None
        self._at = intent.node
        self._log("node", intent.node, intent)

    def _conceal(self, intent: Conceal) -> None:
        self._log("flow", told(intent), intent)
        self.concealed = intent.secret
        self._hidden[intent.secret] = None
        self.vault.follow([intent])

    def _reveal(self, intent: Reveal) -> None:
        self.concealed = ""

    def _hand_over(self, intent: HandOver) -> None:
        self._log("flow", told(intent), intent)
        self.handing_over = intent

    def _mark(self, intent: Mark) -> None:
        self._log("flow", told(intent), intent)
        self.marks.append(intent)

    def _reprioritise(self, intent: Reprioritise) -> None:
        self._log("flow", told(intent), intent)

    # ------------------------------------------------------------ small things

    def _come(self, after_s: float, fact: Any) -> None:
        self._count += 1
        heapq.heappush(self._coming, (after(self.now, after_s), self._count, fact))

    def _log(self, kind: Kind, text: str, what: Any = None) -> None:
        self.events.append(Event(self.now, self._at, kind, text, what))

    def _must_go_on(self) -> None:
        if self.over:
            raise NotNow(f"the call is over: {self.ending}")

    def _in_queue(self) -> QueueId:
        self._must_go_on()
        if self.waiting is None:
            self.settle()
        if self.waiting is None:
            raise NotNow("the call does not wait in a queue")
        return self.waiting.queue

    def _save(self, force: bool = False) -> None:
        if self._restoring or force:
            saved = loads(dumps(self.session.state))
            flow = self._flow(saved.flow) or self.session.flow
            self.session = Session.restore(flow, saved, self._context)

    def _seen(self, flow: Flow) -> Flow:
        return flow if self._watch is None else self._watch.over(flow)

    def _flow(self, name: str) -> Flow | None:
        flow = self._flows(name)
        return None if flow is None else self._seen(flow)


class _Now:
    """Calendars and queues as the world has them now."""

    def __init__(self, call: Rehearsal) -> None:
        self._call = call

    def is_open(self, calendar: str, now: Instant) -> bool:
        """As the world says; where somebody answers what is not written, it is open."""
        call = self._call
        try:
            return call._hours.is_open(calendar, now)
        except LookupError:
            if call._strict:
                raise
        call._log("world", f"calendar {calendar} is taken to be open")
        return True

    def figures(self, queue: str) -> Standing | None:
        """As the world says; where somebody answers what is not written, one agent is free."""
        call = self._call
        standing = call.world.queues.get(queue)
        if standing is not None or call._strict:
            return standing
        call._log("world", f"queue {queue} is taken to be empty, with one agent free")
        return (0, None, 1, 1)


def _called(flow: Flow, world: World) -> CallId:
    """The name of a call that takes ``world.parts``, which its name decides. Raises NotNow if none does."""
    parts = []
    for name, exit in world.parts.items():
        node = flow.nodes.get(name)
        if node is None or node.TYPE != "split":
            raise NotNow(f"{name} is no node of {flow.name} that shares calls out")
        parts.append((node, exit))
    for number in range(1, MOST_NAMES):
        call = CallId(f"c{number}")
        walk = Walk(flow, FlowSessionState(flow.name, flow.version, call, "", "", NEVER), Context())
        if all(node.enter(walk) == exit for node, exit in parts):
            return call
    ways = " and ".join(f"{name} by {exit}" for name, exit in world.parts.items())
    raise NotNow(f"of {MOST_NAMES} calls none leaves {ways}")


_ACTS: Final[dict[type, Callable[[Rehearsal, Any], None]]] = {
    Say: Rehearsal._say,
    StopSaying: Rehearsal._hush,
    LookUpCustomer: Rehearsal._question,
    Ask: Rehearsal._question,
    Enqueue: Rehearsal._enqueue,
    Reprioritise: Rehearsal._reprioritise,
    CallbackChosen: Rehearsal._callback,
    TakeMessage: Rehearsal._take_message,
    EndCall: Rehearsal._end,
    PathTaken: Rehearsal._path,
    Conceal: Rehearsal._conceal,
    Reveal: Rehearsal._reveal,
    HandOver: Rehearsal._hand_over,
    Mark: Rehearsal._mark,
}
