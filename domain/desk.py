"""What people at their desks do."""

from dataclasses import dataclass

from domain.codec import register
from domain.ids import AgentId, CallId, DeviceId, OfferId


@register
@dataclass(frozen=True, slots=True)
class AgentSignedIn:
    """An agent began a session on a device; they start paused until they say they are ready."""

    agent: AgentId
    device: DeviceId


@register
@dataclass(frozen=True, slots=True)
class AgentSignedOut:
    """An agent ended their session (at once, or after the contact they are on)."""

    agent: AgentId


@register
@dataclass(frozen=True, slots=True)
class AgentReady:
    """An agent asks to be available."""

    agent: AgentId


@register
@dataclass(frozen=True, slots=True)
class AgentPaused:
    """An agent takes no offers, for a reason of the reason list."""

    agent: AgentId
    reason: str


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
)
