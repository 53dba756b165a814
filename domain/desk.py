"""What people at their desks do."""

from dataclasses import dataclass
from typing import Literal

from domain.codec import register
from domain.ids import AgentId, CallId, DeviceId, OfferId, QueueId
from domain.instant import Instant


@register
@dataclass(frozen=True, slots=True)
class AgentSignedIn:
    """An agent began a session on a device; they start paused until they say they are ready."""

    agent: AgentId
    device: DeviceId


@register
@dataclass(frozen=True, slots=True)
class AgentSignedOut:
    """An agent ended their session (at once, or after the contact they are on).

    Here and below ``by`` is the supervisor who did it for them, empty if they did it themself.
    """

    agent: AgentId
    by: str = ""


@register
@dataclass(frozen=True, slots=True)
class AgentReady:
    """An agent asks to be available."""

    agent: AgentId
    by: str = ""


@register
@dataclass(frozen=True, slots=True)
class AgentPaused:
    """An agent takes no offers, for a reason of the reason list."""

    agent: AgentId
    reason: str
    by: str = ""


@register
@dataclass(frozen=True, slots=True)
class OfferDeclined:
    """An agent said no to an offer in the page (a device's busy or reject counts the same)."""

    agent: AgentId
    offer: OfferId


@register
@dataclass(frozen=True, slots=True)
class WrapUpEnded:
    """An agent finished the work after a call."""

    agent: AgentId


@register
@dataclass(frozen=True, slots=True)
class CallNoted:
    """An agent wrote the wrap-up code and note of a call."""

    agent: AgentId
    call: CallId
    code: str
    note: str


@register
@dataclass(frozen=True, slots=True)
class HoldAsked:
    """An agent put their caller on hold."""

    agent: AgentId
    call: CallId


@register
@dataclass(frozen=True, slots=True)
class ResumeAsked:
    """An agent took their caller back from hold."""

    agent: AgentId
    call: CallId


@register
@dataclass(frozen=True, slots=True)
class HangUpAsked:
    """An agent ended the conversation in the page."""

    agent: AgentId
    call: CallId


@register
@dataclass(frozen=True, slots=True)
class PickUpAsked:
    """An agent takes another's ringing call, or a waiting one if they may (抢接)."""

    agent: AgentId
    call: CallId


@register
@dataclass(frozen=True, slots=True)
class DialAsked:
    """An agent dials a number; ``queue`` names the work it counts for, if any."""

    agent: AgentId
    call: CallId
    number: str
    queue: QueueId | None = None


@register
@dataclass(frozen=True, slots=True)
class TransferAsked:
    """An agent hands their caller on: to a queue, to an agent (through the queue, their place kept), or to an
    outside number.
    """

    agent: AgentId
    call: CallId
    to: Literal["queue", "agent", "number"]
    target: str


# ------------------------------------------------------------------ supervisors


@register
@dataclass(frozen=True, slots=True)
class CallAssigned:
    """A supervisor gives a waiting call to an agent, out of turn."""

    call: CallId
    agent: AgentId
    by: str


@register
@dataclass(frozen=True, slots=True)
class CallPrioritised:
    """A supervisor set what a waiting call's priority starts from."""

    call: CallId
    base_priority: float
    by: str


@register
@dataclass(frozen=True, slots=True)
class QueueClosed:
    """A queue is closed in an emergency: waiting callers hear ``message`` and go back to their flow."""

    queue: QueueId
    message: str
    by: str


@register
@dataclass(frozen=True, slots=True)
class QueueOpened:
    """A closed queue takes calls again."""

    queue: QueueId
    by: str


@register
@dataclass(frozen=True, slots=True)
class CallbackAsked:
    """Somebody of ours wants a customer called back, as from a list of missed calls."""

    callback: CallId
    queue: QueueId
    number: str
    since: Instant
    by: str
    base_priority: float = 0.0
    tier: str = ""


@register
@dataclass(frozen=True, slots=True)
class CallbackCancelled:
    """A kept callback is no longer wanted."""

    callback: CallId
    by: str


DeskFact = (
    AgentSignedIn
    | AgentSignedOut
    | AgentReady
    | AgentPaused
    | OfferDeclined
    | WrapUpEnded
    | CallNoted
    | HoldAsked
    | ResumeAsked
    | HangUpAsked
    | PickUpAsked
    | DialAsked
    | TransferAsked
    | CallAssigned
    | CallPrioritised
    | QueueClosed
    | QueueOpened
    | CallbackAsked
    | CallbackCancelled
)
