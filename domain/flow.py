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


FlowFact = (
    FlowStarted
    | DigitHeard
    | PromptEnded
    | QueueReturned
    | CallerTaken
    | MessageTaken
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
)
