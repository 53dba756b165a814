"""The screen-pop: the customer, their tier and owners, what they hold and what was said last."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from crm_bridge import contacts, customers, tiers
from crm_bridge.lookup import this_day
from crm_bridge.money import as_text
from crm_bridge.records import Contact, Customer, Product
from crm_bridge.schemes import Tier, tier_of

LAST_CONTACTS = 10
NO_NAMES: Mapping[str, str] = MappingProxyType({})


def read(
    session: Session,
    call: str,
    match: str,
    customer: str | None,
    candidates: tuple[str, ...],
    agents: Mapping[str, str] = NO_NAMES,
) -> dict[str, Any]:
    """The card of a call in at most four statements; ``agents`` are names by agent id.

    A customer who is no longer in the records gives a card that says nobody is known.
    """
    if customer is not None:
        shown = read_customer(session, customer, agents)
        return card(call, match if shown is not None else "none", shown)
    sharing = customers.by_ids(session, candidates) if candidates else []
    schemes = tiers.load(session) if sharing else []
    today = this_day()
    return card(call, match, None, [candidate(one, tier_of(schemes, one, today)) for one in sharing])


def read_customer(session: Session, id: str, agents: Mapping[str, str] = NO_NAMES) -> dict[str, Any] | None:
    """A customer as the card shows them, None if there is no such customer. Four statements."""
    found = customers.get(session, id)
    if found is None:
        return None
    tier = tier_of(tiers.load(session), found[0], this_day())
    return view(found[0], tier, contacts.latest(session, id, LAST_CONTACTS), agents)


# ------------------------------------------------------------------ shapes; amounts as decimal text


def card(
    call: str,
    match: str,
    customer: dict[str, Any] | None,
    candidates: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """A card: either a customer, or candidates, or neither."""
    return {"call": call, "match": match, "customer": customer, "candidates": list(candidates)}


def candidate(customer: Customer, tier: Tier | None) -> dict[str, Any]:
    """One of several who share a number."""
    return {
        "id": customer.id,
        "name": customer.name,
        "tier_name": None if tier is None else tier.name,
        "branch": customer.branch or None,
    }


def view(
    customer: Customer, tier: Tier | None, said: Sequence[Contact], agents: Mapping[str, str] = NO_NAMES
) -> dict[str, Any]:
    """A customer with the given contacts; an agent's present name goes before the one written down."""
    return {
        "id": customer.id,
        "name": customer.name,
        "tier": None if tier is None else tier.id,
        "tier_name": None if tier is None else tier.name,
        "branch": customer.branch or None,
        "language": customer.language,
        "phones": list(customer.phones),
        "owners": [{"role": o.role, "name": agents.get(o.agent or "", o.name)} for o in customer.owners],
        "products": [_product(p) for p in customer.products],
        "notes": customer.notes or None,
        "assets": None if customer.assets is None else as_text(customer.assets),
        "contacts": [contact(c, agents) for c in said],
    }


def contact(said: Contact, agents: Mapping[str, str] = NO_NAMES) -> dict[str, Any]:
    """A contact; ``at`` in ms since the epoch."""
    return {
        "at": said.at // 1000,
        "channel": said.channel,
        "direction": said.direction,
        "purpose": said.purpose,
        "summary": said.summary,
        "agent_name": agents.get(said.agent or "", said.agent_name or said.agent or ""),
        "outcome": said.outcome,
    }


def _product(product: Product) -> dict[str, Any]:
    return {
        "name": product.name,
        "number": product.number,
        "balance": None if product.balance is None else as_text(product.balance),
        "currency": product.currency,
        "opened": None if product.opened is None else product.opened.isoformat(),
    }
