"""Who is calling: nobody we know, one customer, or several who share the number."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from common import phones
from crm_bridge import contacts, customers, tiers
from crm_bridge.records import Customer
from crm_bridge.schemes import Scheme, tier_of
from domain.crm import CallerIdentified
from domain.ids import AgentId, CallId

MOST_CANDIDATES = 20
"""Of those who share a number (a switchboard), this many are offered to the agent."""


def identify(
    session: Session, call: CallId, number: str, region: str, today: date | None = None
) -> CallerIdentified:
    """The answer for ``number`` as the network or the caller gave it. Three statements, by the index.

    ``region`` is the country (``CN``) of numbers without a country code; ``today`` counts for ages.
    """
    found = phones.normalise(number, region)
    if found is None:
        return CallerIdentified(call, "none")
    sharing = customers.by_number(session, found, MOST_CANDIDATES)
    schemes = tiers.load(session) if sharing else []
    found_one = answer(call, sharing, schemes, today or this_day())
    if found_one.customer is None:
        return found_one
    return replace(found_one, last_agent=contacts.last_agent(session, found_one.customer))


def answer(
    call: CallId, sharing: Sequence[Customer], schemes: Iterable[Scheme], today: date
) -> CallerIdentified:
    """The answer when these customers have the number.

    Where several share it, nobody is named, but what is true whoever of them calls already holds: the
    highest of their priorities (a shared telephone makes no top customer wait) and a common language.
    """
    schemes = list(schemes)
    classes = [tier_of(schemes, one, today) for one in sharing]
    priority = max((tier.priority for tier in classes if tier is not None), default=0.0)
    if not sharing:
        return CallerIdentified(call, "none")
    if len(sharing) > 1:
        languages = {one.language for one in sharing}
        return CallerIdentified(
            call,
            "many",
            priority=priority,
            language=languages.pop() if len(languages) == 1 else None,
            candidates=tuple(one.id for one in sharing),
        )
    (one,), (tier,) = sharing, classes
    return CallerIdentified(
        call,
        "one",
        customer=one.id,
        name=one.name,
        tier=None if tier is None else tier.id,
        priority=priority,
        owner=owner_of(one),
        language=one.language,
        branch=one.branch,
    )


def owner_of(customer: Customer) -> AgentId | None:
    """The first of the customer's owners who takes calls."""
    return next((owner.agent for owner in customer.owners if owner.agent is not None), None)


def this_day() -> date:
    """Today, UTC."""
    return datetime.now(UTC).date()
