"""The floor's configuration as it travels: rows of the database, as one frozen fact."""

from dataclasses import dataclass, field
from typing import Literal

from domain.codec import register
from domain.ids import AgentId, DeviceId, QueueId


@register
@dataclass(frozen=True, slots=True)
class QueueConfig:
    """A queue's rules. Times in seconds; ageing adds ``age_rate`` priority per second up to ``age_cap``."""

    id: QueueId
    name: str
    target_s: float = 20.0
    target_share: float = 0.8
    ring_s: float = 15.0
    wrap_up_s: float = 30.0
    max_wait_s: float = 0.0
    max_length: int = 0
    when_no_agents: Literal["wait", "return"] = "return"
    age_rate: float = 0.05
    age_cap: float = 200.0
    weight: int = 0
    busy_window_s: float = 3600.0
    timezone: str = "Asia/Shanghai"


@register
@dataclass(frozen=True, slots=True)
class AgentConfig:
    """An agent: who, on which device, in which queues, with which skills (name to level)."""

    id: AgentId
    name: str
    device: DeviceId
    queues: tuple[QueueId, ...] = ()
    skills: tuple[str, ...] = ()


@register
@dataclass(frozen=True, slots=True)
class FloorConfigured:
    """The whole configuration of the floor; calls and sessions under way go on."""

    queues: tuple[QueueConfig, ...]
    agents: tuple[AgentConfig, ...]
    missed_limit: int = 2


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
class FrontDoorConfigured:
    """Which flow answers which number, and the calendars flows ask; calls under way keep their flow."""

    entries: tuple[EntryNumber, ...]
    calendars: tuple[CalendarConfig, ...] = ()
    default_flow: str = ""
