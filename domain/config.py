"""The floor's configuration as it travels: rows of the database, as one frozen fact."""

from dataclasses import dataclass, field
from typing import Literal

from domain.codec import register
from domain.ids import AgentId, DeviceId, QueueId

Figure = Literal[
    "wait", "position", "length", "estimate", "service_level", "eligible", "available", "time", "tier"
]
"""What a recipe may look at: seconds waited, place in the queue, calls waiting, estimated wait in seconds,
service level of the day in percent, agents signed in who may take the call, those of them who are available,
the time of day in the queue's time zone, the customer's tier."""
Act = Literal[
    "relax",
    "drop",
    "widen_level",
    "widen_group",
    "widen_branch",
    "penalty",
    "raise",
    "announce",
    "offer_callback",
    "to_queue",
    "to_voicemail",
    "to_flow",
    "hang_up",
]
"""What a recipe may do with a waiting call; the last four end its stay in the queue."""


@register
@dataclass(frozen=True, slots=True)
class Condition:
    """``wait >= 30``, ``tier in gold,silver``, ``time in 18:00-08:00``: all of a step's must hold."""

    figure: Figure
    op: Literal["<", "<=", ">", ">=", "in", "not in"]
    value: float | tuple[str, ...]


@register
@dataclass(frozen=True, slots=True)
class Operation:
    """One thing a step does. ``name`` is a skill, group, branch, message, queue or flow; ``amount`` a level,
    a penalty or points of priority.
    """

    act: Act
    name: str = ""
    amount: float = 0.0


@register
@dataclass(frozen=True, slots=True)
class Step:
    """One step of a recipe. It is looked at on entry, when its wait is reached and every ``every_s`` seconds
    (0: no more), and done once, or each time (``repeat``).
    """

    when: tuple[Condition, ...]
    do: tuple[Operation, ...]
    repeat: bool = False
    every_s: float = 15.0


@register
@dataclass(frozen=True, slots=True)
class Announcements:
    """What waiting callers are told: first after ``first_s``, then every ``every_s`` (0: never)."""

    first_s: float = 0.0
    every_s: float = 0.0
    position: bool = True
    wait: bool = False
    only_improved: bool = False
    """Only when the position is better than the last one told."""


@register
@dataclass(frozen=True, slots=True)
class CallbackRules:
    """How long a callback is good for, when nobody is rung, and how often it is tried."""

    expires_s: float = 86_400.0
    quiet: tuple[str, str] = ("21:00", "08:00")
    """From and to, local time of the queue; equal means never quiet."""
    attempts: int = 3
    retry_s: float = 1800.0


BusyBy = Literal["handled", "talk", "occupancy", "calls"]


@register
@dataclass(frozen=True, slots=True)
class QueueConfig:
    """A queue's rules. Times in seconds.

    Effective priority = min(``age_cap``, base + ``age_rate`` x wait), base being the queue's
    ``base_priority`` and what tier and flow give.
    """

    id: QueueId
    name: str
    target_s: float = 20.0
    target_share: float = 0.8
    short_s: float = 5.0
    """Who hangs up within so long is a short abandon."""
    ring_s: float = 15.0
    wrap_up_s: float = 30.0
    wrap_up_open: bool = False
    """Wrap-up lasts until the agent says so, at the longest ``wrap_up_cap_s``."""
    wrap_up_cap_s: float = 0.0
    """No wrap-up is longer, whatever agent or queue say (0: no cap)."""
    max_wait_s: float = 0.0
    max_length: int = 0
    join_empty: tuple[str, ...] = ("signed_out",)
    """Agents in one of these conditions count as absent for a call that comes; if all are absent it is not
    let in. Empty: it always is. Conditions: the agent's states, and ``unreachable``."""
    leave_empty: tuple[str, ...] = ("signed_out",)
    """The same for calls that wait already: they go back to their flow."""
    base_priority: float = 0.0
    age_rate: float = 0.05
    age_cap: float = 200.0
    weight: int = 0
    strategy: str = "least_busy"
    busy_by: BusyBy = "handled"
    busy_window_s: float = 3600.0
    ring_next_s: float = 5.0
    """``ring_progressively``: seconds until one more agent rings."""
    seed: int = 0
    """``weighted_random``: another seed, another order."""
    channel: str = "voice"
    branch: str = ""
    """The branch of calls that bring none."""
    home_branch_s: float = 0.0
    """How long a call is held for agents of its own branch; after that they still go first."""
    home_branch_first: bool = False
    """Agents centralised and in branches: the call's own branch first. Else all are one."""
    prefer_s: float = 0.0
    """How long a call is held for its preferred agent, and as long again for the backup."""
    resume_s: float = 0.0
    """A caller who hung up and rings again within so long has their old place (0: no)."""
    callback: CallbackRules = CallbackRules()
    announce: Announcements = Announcements()
    recipe: tuple[Step, ...] = ()
    timezone: str = "Asia/Shanghai"


@register
@dataclass(frozen=True, slots=True)
class Membership:
    """An agent in a queue: ``level`` is the ring from which they are asked, lower ``penalty`` goes first."""

    queue: QueueId
    level: int = 1
    penalty: int = 0


@register
@dataclass(frozen=True, slots=True)
class GroupConfig:
    """A named set of agents a recipe may widen to."""

    id: str
    name: str
    agents: tuple[AgentId, ...] = ()


@register
@dataclass(frozen=True, slots=True)
class AgentConfig:
    """An agent: who, on which device, in which queues, with which skills (``english`` or ``english/3``)."""

    id: AgentId
    name: str
    device: DeviceId
    queues: tuple[QueueId, ...] = ()
    skills: tuple[str, ...] = ()
    memberships: tuple[Membership, ...] = ()
    """Those of ``queues`` where level or penalty are not 1 and 0."""
    branch: str = ""
    capacity: dict[str, int] = field(default_factory=dict)
    """Contacts at a time by channel; one call on ``voice`` and nothing else if it says nothing."""
    wrap_up_s: float | None = None
    """Instead of the queue's."""
    may_pull: bool = False
    """May take waiting calls out of turn."""


@register
@dataclass(frozen=True, slots=True)
class FloorConfigured:
    """The whole configuration of the floor; calls and sessions under way go on."""

    queues: tuple[QueueConfig, ...]
    agents: tuple[AgentConfig, ...]
    missed_limit: int = 2
    """Offers missed in a row until the agent counts as missing."""
    groups: tuple[GroupConfig, ...] = ()


@register
@dataclass(frozen=True, slots=True)
class EntryNumber:
    """A number callers dial, the flow that answers it and the source (advertisement) it counts for."""

    number: str
    flow: str
    source: str = ""


@register
@dataclass(frozen=True, slots=True)
class CalendarConfig:
    """Business hours: per weekday (``mon`` … ``sun``) spans ``HH:MM-HH:MM``; dates as ``YYYY-MM-DD``."""

    id: str
    timezone: str = "Asia/Shanghai"
    hours: dict[str, tuple[str, ...]] = field(default_factory=dict)
    country: str = ""
    closed: tuple[str, ...] = ()
    open: tuple[str, ...] = ()


@register
@dataclass(frozen=True, slots=True)
class FlowText:
    """A version of a flow, word for word as it was published. New calls take the version that is ``live``;
    another one is here while calls that began with it go on.
    """

    name: str
    version: int
    text: str
    live: bool = True


@register
@dataclass(frozen=True, slots=True)
class FrontDoorConfigured:
    """Which flow answers which number, the calendars flows ask, and the published flows; calls under way keep
    their flow.
    """

    entries: tuple[EntryNumber, ...]
    calendars: tuple[CalendarConfig, ...] = ()
    default_flow: str = ""
    flows: tuple[FlowText, ...] = ()
