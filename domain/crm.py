"""What the customer records answer."""

from dataclasses import dataclass
from typing import Literal

from domain.codec import register
from domain.ids import AgentId, CallId, CustomerId, TierId


@register
@dataclass(frozen=True, slots=True)
class CallerIdentified:
    """The answer to ``LookUpCustomer``: nobody, one customer, or several who share the number."""

    call: CallId
    match: Literal["none", "one", "many", "failed"]
    customer: CustomerId | None = None
    name: str = ""
    tier: TierId | None = None
    priority: float = 0.0
    owner: AgentId | None = None
    language: str | None = None
    candidates: tuple[CustomerId, ...] = ()
    last_agent: AgentId | None = None
    """Who spoke with the customer last."""
    branch: str = ""
    """The branch that looks after the customer."""


CrmFact = CallerIdentified
