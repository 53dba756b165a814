"""A scripted caller: presses keys, waits, and what the flow says and asks is written down as a transcript."""

from typing import Any

from domain import codec
from domain.calls import CallbackChosen
from domain.crm import CallerIdentified
from domain.floor import Announce, CallbackKept, ProposeCallback
from domain.flow import (
    Answered,
    Ask,
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
from domain.ids import AgentId, CallId, PlayId, QueueId, RecordingId
from domain.instant import Instant, after
from domain.switch import Sound, Speak
from ivr.flow import Flow
from ivr.machine import Session
from ivr.walk import Context, FixedHours, FixedQueues, Standing

CALL = CallId("c1")
ANY_QUEUE = QueueId("any")
START = Instant(1_760_000_000_000_000)


class Caller:
    """``restoring`` saves and restores the session before every step: nothing may come out differently."""

    def __init__(
        self,
        flow: Flow,
        calendars: dict[str, bool] | None = None,
        number: str = "+8613800000001",
        restoring: bool = True,
        others: tuple[Flow, ...] = (),
        queues: dict[str, Standing] | None = None,
        **variables: Any,
    ) -> None:
        self.flow = flow
        self.flows = {one.name: one for one in (flow, *others)}
        self.context = Context(
            FixedHours(calendars or {}), variables, self.flows.get, FixedQueues(queues or {})
        )
        self.now = START
        self.session = Session.start(flow, CALL, number, "95588", self.now, self.context)
        self.restoring = restoring
        self.vaulted: tuple[Conceal, str] | None = None
        self.intents: list[Any] = []
        """Everything the flow asked for so far."""
        self.hears(FlowStarted(CALL))

    # ------------------------------------------------------------ what happens

    def hears(self, fact: Any) -> "list[str]":
        self._save()
        return self._wrote(self.session.handle(fact, self.now))

    def waits(self, seconds: float) -> "list[str]":
        """Let time pass, waking the session whenever it asks for it."""
        until, lines = after(self.now, seconds), list[str]()
        while (due := self.session.wake_at()) is not None and due <= until:
            self.now = max(self.now, due)
            self._save()
            lines += self._wrote(self.session.wake(self.now))
        self.now = until
        return lines

    def listens(self) -> "list[str]":
        """Hear the prompt to its end."""
        return self.hears(PromptEnded(CALL, PlayId(self.session.state.play)))

    def presses(self, digits: str) -> "list[str]":
        return [line for digit in digits for line in self.hears(DigitHeard(CALL, digit))]

    def types_unseen(self, digits: str) -> "list[str]":
        """Digits that go to a vault; like the real one it begins anew with every ``Conceal``, and has room
        for so many.
        """
        lines: list[str] = []
        for digit in digits:
            conceal = self.last(Conceal)
            if self.vaulted is None or self.vaulted[0] is not conceal:
                self.vaulted = (conceal, "")
            typed = (self.vaulted[1] + digit)[: conceal.most or 128]
            self.vaulted = (conceal, typed)
            lines += self.hears(SecretHeard(CALL, conceal.secret, len(typed)))
        return lines

    def is_answered(self, outcome: str = "ok", why: str = "", **values: Any) -> "list[str]":
        """Outside answers what was asked last."""
        return self.hears(Answered(CALL, self.last(Ask).ask, outcome, values, why))  # type: ignore[arg-type]

    def loses(self, secret: str) -> "list[str]":
        """The platform crashed and came back."""
        return self.hears(SecretLost(CALL, secret))

    def is_left_by_the_agent(self, agent: str = "a1") -> "list[str]":
        return self.hears(ContactOver(CALL, AgentId(agent)))

    def does_not_reach(self, number: str) -> "list[str]":
        return self.hears(HandOverFailed(CALL, number))

    def is_known_as(self, match: str = "one", **facts: Any) -> "list[str]":
        return self.hears(CallerIdentified(CALL, match, **facts))  # type: ignore[arg-type]

    def comes_back(self, queue: str, reason: str, target: str = "", message: str = "") -> "list[str]":
        return self.hears(QueueReturned(CALL, QueueId(queue), reason, target, message))  # type: ignore[arg-type]

    def is_told(
        self, position: int | None = None, wait_s: float | None = None, message: str = ""
    ) -> "list[str]":
        return self.hears(Announce(CALL, ANY_QUEUE, position, wait_s, message))

    def is_asked(self, position: int = 3, wait_s: float | None = None) -> "list[str]":
        return self.hears(ProposeCallback(CALL, ANY_QUEUE, position, wait_s))

    def is_promised(self) -> "list[str]":
        kept = CallId(f"{CALL}-back")
        return self.hears(CallbackKept(kept, CALL, ANY_QUEUE, "1", self.now, self.now))

    def leaves_message(self, duration_ms: int = 4000) -> "list[str]":
        recording = RecordingId(self.session.state.recording)
        return self.hears(MessageTaken(CALL, recording, duration_ms))

    # ------------------------------------------------------------ what is written down

    @property
    def path(self) -> "list[str]":
        """Nodes entered, and ``node=digits`` where keys were understood."""
        steps = [i for i in self.intents if isinstance(i, PathTaken)]
        return [f"{i.node}={i.digits}" if i.digits else i.node for i in steps]

    def last(self, kind: type) -> Any:
        return next(i for i in reversed(self.intents) if isinstance(i, kind))

    def last_prompts(self) -> "list[str]":
        """The texts of what was said last."""
        return [p.text for p in self.last(Say).prompts]

    def _save(self) -> None:
        if self.restoring:
            saved = codec.loads(codec.dumps(self.session.state))
            self.session = Session.restore(self.flows[saved.flow], saved, self.context)

    def _wrote(self, intents: "list[Any]") -> "list[str]":
        self.intents += intents
        return [line for i in intents if (line := _line(i))]


def _line(intent: Any) -> str:
    match intent:
        case Say():
            parts = [p.text if isinstance(p, Speak) else _other(p) for p in intent.prompts]
            return "says: " + " ".join(parts)
        case StopSaying():
            return "hushes"
        case LookUpCustomer():
            return f"looks up {intent.number}"
        case Enqueue():
            return f"queues {intent.queue} at {intent.base_priority:g}"
        case TakeMessage():
            return f"records {intent.max_s} s"
        case Reprioritise():
            return f"is worth {intent.base_priority:g} as {intent.tier or 'nobody'}"
        case CallbackChosen():
            return f"is called back under {intent.number}"
        case Ask():
            told = " ".join(f"{key}={value}" for key, value in intent.parameters.items())
            return f"asks {intent.kind} {intent.name}" + (f": {told}" if told else "")
        case Conceal():
            return f"conceals {intent.secret}"
        case Reveal():
            return "reveals"
        case HandOver():
            return f"hands over to {intent.number}"
        case Mark():
            return f"marks {intent.key}={intent.value}"
        case EndCall():
            return f"hangs up: {intent.outcome}"
    return ""


def _other(prompt: Any) -> str:
    return f"<{prompt.name}>" if isinstance(prompt, Sound) else f"<{prompt.hz} Hz {prompt.ms} ms>"
