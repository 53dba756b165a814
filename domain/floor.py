"""What the floor decides."""

from dataclasses import dataclass, field
from typing import Literal

from domain.codec import register
from domain.ids import AgentId, CallId, DeviceId, OfferId, QueueId
from domain.instant import Instant

AgentState = Literal["signed_out", "paused", "available", "offered", "on_contact", "wrap_up", "missed"]


@register
@dataclass(frozen=True, slots=True)
class Candidate:
    """One agent looked at for a call: either ``filtered`` says why not, or the scores say how good.

    ``missed`` is how often they did not pick up this very call, ``preferred`` that the flow asked for them.
    """

    agent: AgentId
    filtered: str = ""
    handled_s: float = 0.0
    idle_s: float = 0.0
    missed: int = 0
    preferred: bool = False


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


@register
@dataclass(frozen=True, slots=True)
class Rescind:
    """Take a pending offer back: the deadline passed, the caller left, or the agent went away."""

    offer: OfferId
    call: CallId
    agent: AgentId
    reason: Literal["timed_out", "caller_gone", "agent_gone", "overflow", "declined"]


@register
@dataclass(frozen=True, slots=True)
class ReturnToFlow:
    """The queue cannot serve the call: its flow decides what comes next."""

    call: CallId
    queue: QueueId
    reason: Literal["no_agents", "full", "timeout", "unknown_queue"]


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


FloorIntent = Offer | Rescind | ReturnToFlow | AgentChanged | QueueChanged
