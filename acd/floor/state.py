"""Everything the floor knows, as plain registered dataclasses: the snapshot is their JSON."""

from dataclasses import dataclass, field

from domain.codec import register
from domain.config import QueueConfig
from domain.instant import NEVER, Instant


@register
@dataclass(slots=True)
class FloorAgent:
    """An agent's configuration, session and work. Counters are of the business day."""

    id: str
    name: str = ""
    memberships: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Queue to (level, penalty)."""
    skills: dict[str, int] = field(default_factory=dict)
    """Skill to level."""
    branch: str = ""
    capacity: dict[str, int] = field(default_factory=dict)
    wrap_up_s: float | None = None
    may_pull: bool = False
    configured: bool = True
    """False once the configuration no longer names them; they go when they are signed out."""

    state: str = "signed_out"
    since: Instant = NEVER
    reason: str = ""
    by: str = ""
    device: str | None = None
    until: Instant | None = None
    """Deadline of a pause that ends by itself."""
    offers: list[str] = field(default_factory=list)
    """Live offers: held out to them, on contact, in wrap-up; oldest first."""
    idle_since: Instant = NEVER
    """When they last had nothing to do."""
    misses: int = 0
    """Offers missed in a row."""
    next_state: str = ""
    """Asked for while busy: ``paused`` or ``signed_out``."""
    next_reason: str = ""
    next_by: str = ""

    handled: list[list[int]] = field(default_factory=list)
    """[accepted, contact ended, wrap-up ended, lengths so far], by end, as far back as any busy window."""
    handled_longest: int = 0
    """None of them is longer."""
    staffed_since: Instant | None = None
    """Since when they are signed in and neither paused nor missing."""
    staffed: list[list[int]] = field(default_factory=list)
    """[from, to] of earlier such times, as far back as any busy window."""

    day_end: Instant = NEVER
    offered: int = 0
    answered: int = 0
    missed: int = 0
    rejected: int = 0
    transferred: int = 0
    contact_us: int = 0
    wrap_us: int = 0
    signed_in_us: int = 0
    signed_in_since: Instant | None = None


@register
@dataclass(slots=True)
class FloorOffer:
    """A live offer: pending until the deadline, accepted until the contact ends, wrapping until ``until``."""

    id: str
    call: str
    queue: str
    agent: str
    state: str
    deadline: Instant
    channel: str = "voice"
    accepted: Instant = NEVER
    ended: Instant = NEVER
    until: Instant | None = None
    entered: Instant = NEVER
    """When its queue visit began: handle time counts in that day. NEVER: it was no visit."""


@register
@dataclass(slots=True)
class FloorCall:
    """A call on the floor: waiting, offered or answered; or a kept callback."""

    id: str
    queue: str
    seq: int
    """Order of arrival on this floor: the last tie-break."""
    since: Instant
    """The place in the queue, which may have been won earlier."""
    entered: Instant
    """When this visit began; service level, recipe and maximum wait count from here."""
    base: float
    """Priority by tier and flow."""
    skills: dict[str, int]
    """Asked for now, skill to least level; recipe steps relax them."""
    tier: str
    at_head: bool
    caller: str = ""
    branch: str = ""
    state: str = "waiting"
    offers: list[str] = field(default_factory=list)
    """Pending offers, or the accepted one."""
    rejected: list[str] = field(default_factory=list)
    """Agents who said no to this call: never asked again."""
    missed: dict[str, int] = field(default_factory=dict)
    """Agents who did not pick it up, and how often: asked again after everybody else."""

    raised: float = 0.0
    """Priority given by recipe steps."""
    level: int = 1
    """Members up to this level are asked."""
    max_penalty: int | None = None
    groups: tuple[str, ...] = ()
    """Groups (and ``branch:NAME``) asked besides the members."""

    preferred: str | None = None
    backup: str | None = None
    prefer_s: float = 0.0
    held_for: str | None = None
    """The agent, or ``branch:NAME``, the call is kept for."""
    hold_until: Instant | None = None

    steps_done: list[int] = field(default_factory=list)
    looked_at: Instant = NEVER
    look_at: Instant | None = None
    """When the recipe was, and is to be, looked at."""
    ring_at: Instant | None = None
    """When one more agent is to ring."""
    tell_at: Instant | None = None
    told_position: int = 0
    """The position last announced, 0 for none."""
    proposed: bool = False
    """They were asked whether they would rather be called back."""
    trail: list[str] = field(default_factory=list)
    """Queues it overflowed from: it does not go back there."""

    dial: str = ""
    """Nobody is on the line: the number to dial."""
    callback: bool = False
    attempts: int = 0
    turn_at: Instant | None = None
    """A callback's next change: when it may be rung, or may no longer be."""
    expires: Instant | None = None


@register
@dataclass(slots=True)
class FloorQueue:
    """A queue's rules, the counters of its business day [day_start, day_end), and what it remembers."""

    config: QueueConfig
    day_start: Instant = NEVER
    day_end: Instant = NEVER
    offered: int = 0
    answered: int = 0
    abandoned: int = 0
    short_abandoned: int = 0
    returned: int = 0
    answered_in_target: int = 0
    abandoned_in_target: int = 0
    wait_us: int = 0
    transferred: int = 0
    handled: int = 0
    handled_us: int = 0

    closed: str | None = None
    last_agent: str = ""
    """Who was offered a call last: round robin goes on after them."""
    served_at: Instant = NEVER
    """When the last call went to an agent, if others have waited ever since."""
    work_us: int = 0
    """Agent time a waiting call costs, smoothed: the estimate's measure. 0: not known."""
    places: dict[str, list[int]] = field(default_factory=dict)
    """Number of a caller who hung up waiting to [since, left]: who rings again soon has their place."""
    gone: list[tuple[Instant, str]] = field(default_factory=list)
    """(left, number) of those callers, in that order."""


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
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    missed_limit: int = 2
    offers_made: int = 0
    calls_queued: int = 0
    now: Instant = NEVER
