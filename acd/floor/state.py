"""Everything the floor knows, as plain registered dataclasses: the snapshot is their JSON."""

from dataclasses import dataclass, field

from domain.codec import register
from domain.config import QueueConfig
from domain.instant import NEVER, Instant


@register
@dataclass(slots=True)
class FloorAgent:
    """An agent's configuration and session."""

    id: str
    name: str = ""
    queues: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    state: str = "signed_out"
    since: Instant = NEVER
    reason: str = ""
    device: str | None = None
    offer: str | None = None
    """The offer held out to them, or the one they are on."""
    call: str | None = None
    """The call of that offer, kept through wrap-up."""
    queue: str | None = None
    """The queue that call came from, kept through wrap-up."""
    until: Instant | None = None
    """Deadline of the state (offered, wrap_up)."""
    misses: int = 0
    """Offers missed in a row."""
    next_state: str = ""
    """Asked for while busy: ``paused`` or ``signed_out``."""
    next_reason: str = ""
    handling_since: Instant | None = None
    """When the contact in progress (or in wrap-up) was accepted."""
    handled: list[list[int]] = field(default_factory=list)
    """[start, end] of contacts with their wrap-up, oldest first, as far back as any busy window."""
    configured: bool = True
    """False once the configuration no longer names them; they go when they are signed out."""


@register
@dataclass(slots=True)
class FloorOffer:
    """A live offer: pending until the deadline, or accepted until the contact ends."""

    id: str
    call: str
    queue: str
    agent: str
    state: str
    deadline: Instant


@register
@dataclass(slots=True)
class FloorCall:
    """A call on the floor: waiting, offered or answered."""

    id: str
    queue: str
    seq: int
    """Order of arrival on this floor: the last tie-break."""
    since: Instant
    """The place in the queue, which may have been won earlier."""
    entered: Instant
    """When this visit began; service level and maximum wait count from here."""
    base: float
    skills: tuple[str, ...]
    tier: str
    preferred: str | None
    at_head: bool
    state: str = "waiting"
    offer: str | None = None
    rejected: list[str] = field(default_factory=list)
    """Agents who said no to this call: never asked again."""
    missed: dict[str, int] = field(default_factory=dict)
    """Agents who did not pick it up, and how often: asked again after everybody else."""


@register
@dataclass(slots=True)
class FloorQueue:
    """A queue's rules and the counters of its business day [day_start, day_end)."""

    config: QueueConfig
    day_start: Instant = NEVER
    day_end: Instant = NEVER
    offered: int = 0
    answered: int = 0
    abandoned: int = 0
    answered_in_target: int = 0
    abandoned_in_target: int = 0
    wait_us: int = 0


@register
@dataclass(slots=True)
class FloorState:
    """The whole floor."""

    agents: dict[str, FloorAgent] = field(default_factory=dict)
    queues: dict[str, FloorQueue] = field(default_factory=dict)
    calls: dict[str, FloorCall] = field(default_factory=dict)
    offers: dict[str, FloorOffer] = field(default_factory=dict)
    devices: dict[str, bool] = field(default_factory=dict)
    """Devices that can be rung now (others are absent)."""
    missed_limit: int = 2
    offers_made: int = 0
    calls_queued: int = 0
    now: Instant = NEVER
