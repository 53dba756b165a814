"""Tier schemes as rows."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_bridge.models import SchemeRow, TierRow
from crm_bridge.schemes import Scheme, Tier
from domain.ids import TierId


def names(session: Session) -> dict[str, str]:
    """Tier names by tier id, for pages."""
    return dict(session.execute(select(TierRow.id, TierRow.name)).all())


def load(session: Session) -> list[Scheme]:
    """All schemes in their order, in one statement. Raises SchemeError if rows contradict one another."""
    found = session.execute(
        select(SchemeRow, TierRow)
        .outerjoin(TierRow, TierRow.scheme == SchemeRow.id)
        .order_by(SchemeRow.position, SchemeRow.id, TierRow.low)
    )
    tiers: dict[str, tuple[SchemeRow, list[Tier]]] = {}
    for scheme, tier in found:
        _, members = tiers.setdefault(scheme.id, (scheme, []))
        if tier is not None:
            members.append(value_of(tier))
    return [Scheme(row.id, row.name, row.currency, tuple(members)) for row, members in tiers.values()]


def value_of(row: TierRow) -> Tier:
    """The tier of a row."""
    return Tier(
        TierId(row.id),
        row.name,
        row.low,
        row.high,
        row.priority,
        tuple(row.owner_roles),
        dict(row.conditions),
    )


def put(session: Session, scheme: Scheme, position: int = 0) -> None:
    """Write a scheme and its tiers; tiers it no longer has are taken away."""
    session.merge(SchemeRow(id=scheme.id, name=scheme.name, currency=scheme.currency, position=position))
    session.flush()
    for row in session.scalars(select(TierRow).where(TierRow.scheme == scheme.id)):
        if row.id not in {t.id for t in scheme.tiers}:
            session.delete(row)
    for tier in scheme.tiers:
        session.merge(row_of(scheme.id, tier))
    session.flush()


def row_of(scheme: str, tier: Tier) -> TierRow:
    """The row of a tier."""
    return TierRow(
        id=tier.id,
        scheme=scheme,
        name=tier.name,
        low=tier.low,
        high=tier.high,
        priority=tier.priority,
        owner_roles=list(tier.owner_roles),
        conditions=dict(tier.conditions),
    )


def known(schemes: Sequence[Scheme], scheme: str) -> Scheme | None:
    """The scheme of this id, if there is one."""
    return next((s for s in schemes if s.id == scheme), None)
