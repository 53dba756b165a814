"""All that is known of a live call."""

from dataclasses import dataclass, field
from typing import Any, Final, Literal

from domain.calls import Ignored, Phase, QueueVisit
from domain.codec import register
from domain.flow import Enqueue
from domain.ids import AgentId, CallId, CustomerId, DeviceId, LegId, OfferId, PlayId, QueueId, RecordingId
from domain.instant import NEVER, Instant
from domain.switch import HangUp, Tone

RECONNECT_S: Final = 20.0
"""How long a caller hears music while the agent's lost leg may come back."""
DIAL_S: Final = 60.0
"""How long a number we dial may ring."""
TO_AGENT_S: Final = 60.0
"""How long a caller who is handed to an agent waits for that agent before others may take them."""
MOST_MARKS: Final = 32
MARK_KEY: Final = 64
MARK_VALUE: Final = 256
"""How much a flow may remember of a call; keys and values in characters."""
PATIENCE_S: Final[dict[Phase, float]] = {"reconnecting": RECONNECT_S, "dialling": DIAL_S}
"""How long phases may last."""
BEEP = Tone(hz=1000, ms=300)
BEEP_PLAY = PlayId("beep")

Made = list[Any]
"""Intents for outside, facts for floor and flow: the engine sorts them by type."""

Kind = Literal["caller", "callback", "dial"]
"""Who began the call: a caller, our promise to call somebody back, an agent who dialled."""


@register
@dataclass(frozen=True, slots=True)
class Ringing:
    """A pending offer: whose telephone rings, as which leg, and what is dialled once they pick up."""

    offer: OfferId
    agent: AgentId
    device: DeviceId
    leg: LegId
    dial: str = ""


@register
@dataclass(slots=True)
class CallState:
    """One live call. ``*_at`` are instants, 0 where not reached; ``*_us`` sums in microseconds.

    ``caller`` is the other party's number whoever began the call, ``dialled`` the number of ours. An
    outgoing call has nobody on ``caller_leg`` before ``answered_at``.
    """

    id: CallId
    caller_leg: LegId
    caller: str
    dialled: str
    started_at: Instant
    phase: Phase = "ivr"
    phase_at: Instant = NEVER
    answered_at: Instant = NEVER
    deadline: Instant = NEVER
    """When the phase is over by itself."""
    kind: Kind = "caller"
    legs_made: int = 0
    flow: str = ""
    path: list[str] = field(default_factory=list)
    digits: str = ""
    # the customer
    match: str = ""
    customer: CustomerId | None = None
    customer_name: str = ""
    tier: str = ""
    candidates: tuple[CustomerId, ...] = ()
    # the queue visit under way (queue is None between visits) and those that ended
    queue: QueueId | None = None
    request: Enqueue | None = None
    visit_at: Instant = NEVER
    queued_since: Instant = NEVER
    visits: list[QueueVisit] = field(default_factory=list)
    last_queue: QueueId | None = None
    saying: PlayId | None = None
    """What is being said over the music, if anything."""
    kept: CallId | None = None
    """The callback this caller chose instead of waiting."""
    # telephones that ring with it
    ringing: list[Ringing] = field(default_factory=list)
    # the agent who has it
    agent: AgentId | None = None
    last_agent: AgentId | None = None
    offer: OfferId | None = None
    device: DeviceId | None = None
    agent_leg: LegId | None = None
    agent_leg_up: bool = False
    talk_at: Instant = NEVER
    hold_at: Instant = NEVER
    talk_us: int = 0
    hold_us: int = 0
    talk_before_us: int = 0
    hold_before_us: int = 0
    """Of the contacts before this one."""
    # the outside number the caller is handed to
    outside: str = ""
    outside_leg: LegId | None = None
    outside_up: bool = False
    by_flow: bool = False
    """Whether their flow hands them there, and not an agent."""
    # the flow after the last agent
    served: bool = False
    """An agent is done with the caller, who is in the flow again and waits for nobody."""
    marks: dict[str, str] = field(default_factory=dict)
    # digits nobody may see
    secret: str = ""
    """The name under which the vault keeps what the caller types now; empty: keys are heard."""
    secrets: list[str] = field(default_factory=list)
    """Every such name so far."""
    # voicemail
    recording: RecordingId | None = None
    message_max_s: int = 0
    recording_on: bool = False

    @property
    def nobody_there(self) -> bool:
        """Whether the other party is still to be reached."""
        return self.kind != "caller" and not self.answered_at

    @property
    def legs(self) -> list[LegId]:
        """Every leg the call has now, the caller's first."""
        others = (self.agent_leg, self.outside_leg, *(r.leg for r in self.ringing))
        on_line = not self.nobody_there or self.phase == "dialling"
        return [*([self.caller_leg] if on_line else []), *(leg for leg in others if leg is not None)]

    def new_leg(self) -> LegId:
        """A name for one more leg."""
        self.legs_made += 1
        return LegId(f"{self.id}.{self.legs_made}")

    def rings_as(self, leg: LegId) -> Ringing | None:
        """The pending offer that rings as ``leg``."""
        return next((r for r in self.ringing if r.leg == leg), None)


@register
@dataclass(frozen=True, slots=True)
class CallOver:
    """Told to the engine: forget this call after what was said before."""

    call: CallId


@register
@dataclass(frozen=True, slots=True)
class CallLost:
    """Told by the engine: the switch no longer knows the caller's leg, as after a crash."""

    call: CallId


def stray(s: CallState, leg: LegId) -> Made:
    """A device picked up just as we took the ringing back: nobody is there for it."""
    return [] if leg in (s.caller_leg, s.agent_leg, s.outside_leg) else [HangUp(leg)]


def ignored(s: CallState, fact: Any, why: str) -> Made:
    """The fact changes nothing; ``why`` goes on from the call's name."""
    return [Ignored(type(fact).__name__, f"call {s.id} {why}")]


def nothing(s: CallState, fact: Any, now: Instant) -> Made:
    """Heard, and of no consequence."""
    return []
