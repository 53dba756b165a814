"""What an IVR flow hears about its call, and what it asks for. No legs here: a flow knows one call."""

from dataclasses import dataclass, field
from typing import Literal

from domain.calls import CallbackChosen
from domain.codec import register
from domain.floor import Announce, CallbackKept, ProposeCallback, ReturnReason
from domain.ids import AgentId, CallId, PlayId, QueueId, RecordingId
from domain.switch import Prompt

# ------------------------------------------------------------------ heard


@register
@dataclass(frozen=True, slots=True)
class FlowStarted:
    """The call was answered; the flow begins at its entry node."""

    call: CallId


@register
@dataclass(frozen=True, slots=True)
class DigitHeard:
    """The caller pressed a key."""

    call: CallId
    digit: str


@register
@dataclass(frozen=True, slots=True)
class PromptEnded:
    """What the flow last asked to say was said to its end."""

    call: CallId
    play: PlayId


@register
@dataclass(frozen=True, slots=True)
class QueueReturned:
    """The queue gave the call back to its flow, unanswered."""

    call: CallId
    queue: QueueId
    reason: ReturnReason
    target: str = ""
    """For ``flow``: which one."""
    message: str = ""
    """For ``closed``: what the caller is told before anything else."""


@register
@dataclass(frozen=True, slots=True)
class CallerTaken:
    """An agent has the caller now: what the flow still wanted to say in the queue is out of date."""

    call: CallId


@register
@dataclass(frozen=True, slots=True)
class MessageTaken:
    """The voicemail the flow asked for is recorded."""

    call: CallId
    recording: RecordingId
    duration_ms: int


@register
@dataclass(frozen=True, slots=True)
class Answered:
    """What came of an ``Ask``: ``ok`` with values, ``none`` (asked rightly, nothing there), or ``failed``.

    ``values`` are what the flow may use; ``why`` is for the story, never for the caller.
    """

    call: CallId
    ask: str
    outcome: Literal["ok", "none", "failed"]
    values: dict[str, str | int | float | bool] = field(default_factory=dict)
    why: str = ""


@register
@dataclass(frozen=True, slots=True)
class SecretHeard:
    """The caller pressed a digit nobody may see: it is in the vault, ``count`` are there now."""

    call: CallId
    secret: str
    count: int


@register
@dataclass(frozen=True, slots=True)
class SecretLost:
    """The vault no longer has what was typed, as after a crash: ask again."""

    call: CallId
    secret: str


@register
@dataclass(frozen=True, slots=True)
class ContactOver:
    """The agent hung up and the caller is still there, as ``Enqueue.comes_back`` asked."""

    call: CallId
    agent: AgentId


@register
@dataclass(frozen=True, slots=True)
class HandOverFailed:
    """The outside number of a ``HandOver`` was not reached."""

    call: CallId
    number: str


FlowFact = (
    FlowStarted
    | DigitHeard
    | PromptEnded
    | QueueReturned
    | CallerTaken
    | MessageTaken
    | Answered
    | SecretHeard
    | SecretLost
    | ContactOver
    | HandOverFailed
    | Announce
    | ProposeCallback
    | CallbackKept
)
"""``domain.crm.CallerIdentified`` reaches a flow too."""

# ------------------------------------------------------------------ asked


@register
@dataclass(frozen=True, slots=True)
class Say:
    """Say this to the caller (replacing what is being said)."""

    call: CallId
    play: PlayId
    prompts: tuple[Prompt, ...]


@register
@dataclass(frozen=True, slots=True)
class StopSaying:
    """The caller barged in: be quiet."""

    call: CallId


@register
@dataclass(frozen=True, slots=True)
class LookUpCustomer:
    """Who is this? Answered by ``CallerIdentified`` (match ``failed`` when the records are down)."""

    call: CallId
    number: str


@register
@dataclass(frozen=True, slots=True)
class Enqueue:
    """Let the call wait in a queue. The flow speaks of the wait until the queue gives the call back.

    ``prefer_s`` None: as the queue says.
    """

    call: CallId
    queue: QueueId
    base_priority: float = 0.0
    skills: tuple[str, ...] = ()
    tier: str = ""
    preferred: AgentId | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    branch: str = ""
    backup: AgentId | None = None
    prefer_s: float | None = None
    comes_back: bool = False
    """When the agent hangs up, the caller goes on in the flow (a survey)."""


@register
@dataclass(frozen=True, slots=True)
class Reprioritise:
    """The customer of a call that waits turned out to be another than the queue was told."""

    call: CallId
    base_priority: float
    tier: str


@register
@dataclass(frozen=True, slots=True)
class TakeMessage:
    """Beep and record the caller's message, at most ``max_s`` seconds, or until ``#``."""

    call: CallId
    recording: RecordingId
    max_s: int


@register
@dataclass(frozen=True, slots=True)
class EndCall:
    """Hang up on the caller; the outcome names how the flow served them."""

    call: CallId
    outcome: Literal["self_served", "voicemail", "callback", "closed", "failed"]


@register
@dataclass(frozen=True, slots=True)
class PathTaken:
    """The flow entered a node or the caller's input was understood; kept as the call's digits path."""

    call: CallId
    node: str
    digits: str = ""


@register
@dataclass(frozen=True, slots=True)
class Ask:
    """A question to outside, answered by ``Answered`` with the same ``ask``.

    ``kind`` says whom: ``record`` (a named query of the records), ``http``, ``transaction`` (``name`` is done
    at most once for its parameter ``key``), ``message`` (an SMS or e-mail), ``complaint``, ``secret`` (is
    what the vault has of the form ``name``?). A parameter ``$secret:NAME`` stands for what the vault has.
    """

    call: CallId
    ask: str
    kind: Literal["record", "http", "transaction", "message", "complaint", "secret"]
    name: str
    parameters: dict[str, str] = field(default_factory=dict)


@register
@dataclass(frozen=True, slots=True)
class Conceal:
    """From now on digits of the caller go to the vault as ``secret`` (emptied first) and nowhere else.

    The vault takes ``most`` of them (0: as many as it can); those after that go nowhere at all.
    """

    call: CallId
    secret: str
    most: int = 0


@register
@dataclass(frozen=True, slots=True)
class Reveal:
    """Digits are heard again; what the vault has stays there until the call is over."""

    call: CallId


@register
@dataclass(frozen=True, slots=True)
class HandOver:
    """Connect the caller with an outside number; the flow goes on if it is not reached."""

    call: CallId
    number: str


@register
@dataclass(frozen=True, slots=True)
class Mark:
    """Remember something of the call in its record: ``purpose``, ``consent``, ``survey``, a tag."""

    call: CallId
    key: str
    value: str


FlowIntent = (
    Say
    | StopSaying
    | LookUpCustomer
    | Enqueue
    | Reprioritise
    | CallbackChosen
    | TakeMessage
    | EndCall
    | PathTaken
    | Ask
    | Conceal
    | Reveal
    | HandOver
    | Mark
)
