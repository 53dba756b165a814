"""What the floor decides."""

from dataclasses import dataclass, field
from typing import Literal

from domain.codec import register
from domain.ids import AgentId, CallId, DeviceId, OfferId, QueueId
from domain.instant import NEVER, Instant

RescindReason = Literal[
    "timed_out",
    "caller_gone",
    "agent_gone",
    "overflow",
    "declined",
    "answered_elsewhere",
    "picked_up",
    "closed",
]
ReturnReason = Literal[
    "no_agents",
    "full",
    "timeout",
    "unknown_queue",
    "unknown_skill",
    "closed",
    "voicemail",
    "flow",
    "hang_up",
]
AgentState = Literal["signed_out", "paused", "available", "offered", "on_contact", "wrap_up", "missed"]


@register
@dataclass(frozen=True, slots=True)
class Candidate:
    """One agent looked at for a call: either ``filtered`` says why not, or the scores say how good.

    ``missed`` is how often they did not pick up this very call, ``preferred`` that the flow asked for them,
    ``home`` that they are of the call's branch, ``score`` what the strategy gave (smallest first).
    """

    agent: AgentId
    filtered: str = ""
    handled_s: float = 0.0
    idle_s: float = 0.0
    missed: int = 0
    preferred: bool = False
    penalty: int = 0
    home: bool = False
    score: tuple[float, ...] = ()


@register
@dataclass(frozen=True, slots=True)
class Why:
    """The reasons of one decision: the call's standing and every agent considered."""

    strategy: str
    priority: float
    waited_s: float
    ahead_of: int
    candidates: tuple[Candidate, ...] = ()


@register
@dataclass(frozen=True, slots=True)
class Offer:
    """Hold this call out to this agent until the deadline."""

    offer: OfferId
    call: CallId
    queue: QueueId
    agent: AgentId
    device: DeviceId
    deadline: Instant
    why: Why
    auto_answer: bool = False
    """The agent asked for this call: their telephone picks up by itself."""
    dial: str = ""
    """Nobody is on the line yet: dial this number once the agent has picked up."""


@register
@dataclass(frozen=True, slots=True)
class Rescind:
    """Take a pending offer back: the deadline passed, the caller left, or the agent went away."""

    offer: OfferId
    call: CallId
    agent: AgentId
    reason: RescindReason


@register
@dataclass(frozen=True, slots=True)
class ReturnToFlow:
    """The queue cannot serve the call: its flow decides what comes next."""

    call: CallId
    queue: QueueId
    reason: ReturnReason
    target: str = ""
    """For ``flow``: which one."""
    message: str = ""
    """For ``closed``: what callers are told before anything else."""


@register
@dataclass(frozen=True, slots=True)
class Overflow:
    """The call's stay in one queue is over; it waits on, in its place, in another."""

    call: CallId
    queue: QueueId
    target: QueueId


@register
@dataclass(frozen=True, slots=True)
class Announce:
    """Tell a waiting caller where they stand; ``wait_s`` None: do not speak of the wait."""

    call: CallId
    queue: QueueId
    position: int | None = None
    wait_s: float | None = None
    message: str = ""


@register
@dataclass(frozen=True, slots=True)
class ProposeCallback:
    """Ask a waiting caller whether they would rather be called back, their place kept."""

    call: CallId
    queue: QueueId
    position: int
    wait_s: float | None = None


@register
@dataclass(frozen=True, slots=True)
class CallbackKept:
    """The caller's place is kept as ``callback``; they may hang up. Their visit ends as such.

    ``call`` is None when nobody is on the line: somebody of ours asked for it.
    """

    callback: CallId
    call: CallId | None
    queue: QueueId
    number: str
    since: Instant
    expires: Instant


@register
@dataclass(frozen=True, slots=True)
class CallbackOver:
    """A callback is no longer kept: the customer was reached, or not and never will be."""

    callback: CallId
    queue: QueueId
    reason: Literal["reached", "expired", "gave_up", "cancelled", "unknown_queue"]


@register
@dataclass(frozen=True, slots=True)
class WrapUpDone:
    """An agent's work after a contact is over; ``wrap_us`` microseconds."""

    offer: OfferId
    call: CallId
    agent: AgentId
    queue: QueueId
    wrap_us: int


@register
@dataclass(frozen=True, slots=True)
class Standing:
    """Where a waiting call stands now, and why nobody has it yet."""

    call: CallId
    queue: QueueId
    position: int
    priority: float
    waited_s: float
    estimate_s: float | None
    skills: tuple[str, ...]
    level: int
    held_for: AgentId | None
    steps_done: tuple[int, ...]
    candidates: tuple[Candidate, ...]


@register
@dataclass(frozen=True, slots=True)
class AgentChanged:
    """An agent entered a state: what pages show of them."""

    agent: AgentId
    state: AgentState
    since: Instant
    reason: str = ""
    call: CallId | None = None
    device: DeviceId | None = None
    reachable: bool = False
    until: Instant | None = None
    handled_s: float = 0.0
    next_state: str = ""
    contacts: tuple[CallId, ...] = ()
    """Every call they are offered, have or wrap up, oldest first; ``call`` is the last of them."""
    by: str = ""
    """The supervisor who brought them into the state."""
    offered: int = 0
    answered: int = 0
    missed: int = 0
    rejected: int = 0
    transferred: int = 0
    contact_us: int = 0
    wrap_us: int = 0
    """Counters and times are of the business day; ``contact_us`` and ``wrap_us`` of what is over."""
    signed_in_us: int = 0
    in_progress_us: int = 0
    """What contacts and wrap-ups under way have taken so far."""
    at: Instant = NEVER
    """When this picture was taken: times go on from here."""


@register
@dataclass(frozen=True, slots=True)
class QueueChanged:
    """A queue's live figures: what the wallboard shows. Counters are of the business day."""

    queue: QueueId
    waiting: int
    oldest: Instant | None
    available: int
    staffed: int
    offered: int = 0
    answered: int = 0
    abandoned: int = 0
    answered_in_target: int = 0
    abandoned_in_target: int = 0
    wait_us: int = 0
    calls: tuple[CallId, ...] = field(default_factory=tuple)
    short_abandoned: int = 0
    returned: int = 0
    """Visits that ended neither answered nor abandoned."""
    transferred: int = 0
    handled: int = 0
    handled_us: int = 0
    """Contacts that are over with their wrap-up, and their time."""
    callbacks: int = 0
    """Of those waiting, who will be called back."""
    estimate_s: float | None = None
    """Estimated wait of the next caller to come."""
    closed: str | None = None
    """What callers are told while the queue is closed in an emergency; None: it is open."""


FloorIntent = (
    Offer
    | Rescind
    | ReturnToFlow
    | Overflow
    | Announce
    | ProposeCallback
    | CallbackKept
    | CallbackOver
    | WrapUpDone
    | AgentChanged
    | QueueChanged
)
