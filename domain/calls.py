"""What happened to a call, as ``calls`` tells the floor, the pages and the history."""

from dataclasses import dataclass, field
from typing import Literal

from domain.codec import register
from domain.ids import AgentId, CallId, CustomerId, DeviceId, OfferId, QueueId
from domain.instant import Instant

Phase = Literal[
    "ivr",
    "waiting",
    "offered",
    "dialling",
    "talking",
    "held",
    "consulting",
    "reconnecting",
    "message",
    "survey",
    "ended",
]
Outcome = Literal[
    "answered",
    "abandoned",
    "self_served",
    "voicemail",
    "callback",
    "transferred",
    "closed",
    "not_reached",
    "failed",
    "lost",
]
"""How a call ended, once: with a person, given up, served by the flow, a message left, a place kept for a
callback, handed to an outside number, turned away, nobody picked up whom we dialled, our fault, lost."""
VisitOutcome = Literal["answered", "abandoned", "overflowed", "callback", "voicemail", "refused", "lost"]

# ------------------------------------------------------------------ told to the floor


@register
@dataclass(frozen=True, slots=True)
class CallQueued:
    """A call waits in a queue. ``since`` keeps a place won earlier; ``at_head`` puts it first.

    ``skills`` are ``english`` or ``english/3`` (at least level 3); ``prefer_s`` None: as the queue says.
    """

    call: CallId
    queue: QueueId
    since: Instant
    base_priority: float = 0.0
    skills: tuple[str, ...] = ()
    tier: str = ""
    preferred: AgentId | None = None
    at_head: bool = False
    attributes: dict[str, str] = field(default_factory=dict)
    caller: str = ""
    branch: str = ""
    backup: AgentId | None = None
    prefer_s: float | None = None


@register
@dataclass(frozen=True, slots=True)
class PriorityChanged:
    """What tier and flow give a waiting call is another value now; it takes effect at once."""

    call: CallId
    base_priority: float
    tier: str | None = None


@register
@dataclass(frozen=True, slots=True)
class CallbackChosen:
    """A waiting caller would rather be called back under ``number``."""

    call: CallId
    number: str


@register
@dataclass(frozen=True, slots=True)
class CallbackFailed:
    """The customer of an accepted callback was not reached; the agent's contact is over."""

    offer: OfferId
    agent: AgentId


@register
@dataclass(frozen=True, slots=True)
class CallerGone:
    """The caller hung up, or the call ended in some other way, in whatever phase it was."""

    call: CallId


@register
@dataclass(frozen=True, slots=True)
class OfferAccepted:
    """The agent's device answered."""

    offer: OfferId
    agent: AgentId


@register
@dataclass(frozen=True, slots=True)
class OfferRefused:
    """The agent's device did not take the call: ``rejected`` by the person, or it could not be rung."""

    offer: OfferId
    agent: AgentId
    reason: Literal["rejected", "unreachable", "failed"]


@register
@dataclass(frozen=True, slots=True)
class ContactEnded:
    """The conversation of an accepted offer is over; the agent's wrap-up begins."""

    offer: OfferId
    agent: AgentId
    transferred: bool = False


@register
@dataclass(frozen=True, slots=True)
class DeviceReachable:
    """A device can (or can no longer) be rung."""

    device: DeviceId
    reachable: bool


FloorFact = (
    CallQueued
    | CallerGone
    | PriorityChanged
    | CallbackChosen
    | CallbackFailed
    | OfferAccepted
    | OfferRefused
    | ContactEnded
    | DeviceReachable
)
"""The floor hears these, ``domain.desk`` facts about agents, and ``domain.config.FloorConfigured``."""

# ------------------------------------------------------------------ history


@register
@dataclass(frozen=True, slots=True)
class QueueVisit:
    """One stay of a call in one queue, complete."""

    call: CallId
    number: int
    queue: QueueId
    entered: Instant
    left: Instant
    outcome: VisitOutcome
    tier: str = ""
    agent: AgentId | None = None
    priority: float = 0.0
    offer: OfferId | None = None
    """The offer that was accepted."""
    talk_us: int = 0
    hold_us: int = 0
    """Of the conversation this visit led to."""


@register
@dataclass(frozen=True, slots=True)
class CallRecord:
    """A finished call with its exact times (0 where a step was never reached)."""

    call: CallId
    caller: str
    dialled: str
    started: Instant
    answered: Instant
    ended: Instant
    outcome: Outcome
    ended_by: Literal["caller", "agent", "flow", "platform", "outside"]
    flow: str = ""
    path: tuple[str, ...] = ()
    digits: str = ""
    customer: CustomerId | None = None
    customer_name: str = ""
    tier: str = ""
    agent: AgentId | None = None
    queue: QueueId | None = None
    visits: tuple[QueueVisit, ...] = ()
    talk_us: int = 0
    hold_us: int = 0
    wait_us: int = 0
    recording: str = ""
    direction: Literal["in", "out"] = "in"
    transferred_to: str = ""
    """The outside number the caller was handed to."""
    marks: dict[str, str] = field(default_factory=dict)
    """What the flow remembered of the call: ``purpose``, ``consent``, ``survey``, tags."""


@register
@dataclass(frozen=True, slots=True)
class CallChanged:
    """A live call entered a phase: what pages show of it."""

    call: CallId
    phase: Phase
    at: Instant
    caller: str
    dialled: str
    started: Instant
    queue: QueueId | None = None
    agent: AgentId | None = None
    customer: CustomerId | None = None
    customer_name: str = ""
    tier: str = ""
    match: str = ""
    candidates: tuple[CustomerId, ...] = ()
    digits: str = ""
    direction: Literal["in", "out"] = "in"


@register
@dataclass(frozen=True, slots=True)
class CallFinished:
    """A call is over and will not change, but for its agent's note."""

    record: CallRecord


@register
@dataclass(frozen=True, slots=True)
class WrapUpNoted:
    """An agent's wrap-up code and note for a call."""

    call: CallId
    agent: AgentId
    code: str
    note: str


@register
@dataclass(frozen=True, slots=True)
class Ignored:
    """A fact that could not be acted on, and why; nothing changed."""

    fact: str
    why: str
