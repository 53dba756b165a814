"""Tiers as configuration rows: ``/api/admin/tiers``. Amounts are in currency units there, not hundredths.

A tier that names a new scheme begins that scheme. Amounts may have two decimals; ``high`` may be empty.
"""

from collections.abc import Iterable
from typing import Any

from pydantic import Field, field_validator
from sqlalchemy import func, select

from common.faults import Fault
from common.rows import Change, Kind, RowBody
from common.rows_api import admin_router
from crm_bridge import tiers
from crm_bridge.models import SchemeRow, TierRow
from crm_bridge.money import as_number, hundredths
from crm_bridge.schemes import Scheme, SchemeError, Tier
from domain.ids import TierId

CURRENCY = "CNY"
"""Of a new scheme that does not say its own."""


class TierBody(RowBody):
    """A tier: the band ``[low, high)`` in currency units, and what follows from it."""

    name: str = Field(min_length=1, max_length=128)
    scheme: str = Field(default="retail", pattern=r"^[\w.-]{1,64}$")
    currency: str = Field(default="", pattern=r"^([A-Z]{3})?$")
    low: int | float = Field(default=0, allow_inf_nan=False)
    high: int | float | None = Field(default=None, allow_inf_nan=False)
    priority: float = Field(default=0.0, ge=-10_000, le=10_000, allow_inf_nan=False)
    owner_roles: list[str] = Field(default_factory=list, max_length=10)
    conditions: dict[str, int] = Field(default_factory=dict)

    @field_validator("low", "high")
    @classmethod
    def _amount(cls, amount: int | float | None) -> int | float | None:
        if amount is not None:
            hundredths(amount)
            if amount < 0:
                raise ValueError("must not be below 0")
        return amount

    @field_validator("priority", mode="before")
    @classmethod
    def _priority(cls, priority: Any) -> Any:
        return 0.0 if priority is None else priority  # an emptied field of the form

    @field_validator("owner_roles")
    @classmethod
    def _roles(cls, roles: list[str]) -> list[str]:
        for role in roles:
            if not 1 <= len(role) <= 64:
                raise ValueError("must be names of 1 to 64 characters")
        return roles


def _tier(change: Change[TierRow, TierBody]) -> Tier:
    body = change.body
    return Tier(
        TierId(change.id),
        body.name,
        hundredths(body.low),
        None if body.high is None else hundredths(body.high),
        body.priority,
        tuple(body.owner_roles),
        dict(body.conditions),
    )


def _check(change: Change[TierRow, TierBody]) -> Iterable[Fault]:
    body = change.body
    scheme = tiers.known(tiers.load(change.session), body.scheme)
    others = tuple(t for t in scheme.tiers if t.id != change.id) if scheme else ()
    if scheme and others and body.currency not in ("", scheme.currency):
        yield Fault("currency", f"of scheme {scheme.id} is {scheme.currency}; a scheme has one currency")
    try:
        Scheme(body.scheme, body.scheme, CURRENCY, (*others, _tier(change)))
    except SchemeError as error:
        yield Fault("", str(error))


def _fill(change: Change[TierRow, TierBody], row: TierRow) -> None:
    session, body = change.session, change.body
    scheme = session.get(SchemeRow, body.scheme)
    if scheme is None:
        last = session.scalar(select(func.max(SchemeRow.position)))
        scheme = SchemeRow(
            id=body.scheme, name=body.scheme, currency=CURRENCY, position=0 if last is None else last + 1
        )
        session.add(scheme)
    if body.currency:
        scheme.currency = body.currency
    session.flush()
    tier = tiers.row_of(body.scheme, _tier(change))
    for column in ("scheme", "name", "low", "high", "priority", "owner_roles", "conditions"):
        setattr(row, column, getattr(tier, column))
    row.of = scheme


def _show(row: TierRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "scheme": row.scheme,
        "currency": row.of.currency,
        "low": as_number(row.low),
        "high": None if row.high is None else as_number(row.high),
        "priority": row.priority,
        "owner_roles": list(row.owner_roles),
        "conditions": dict(row.conditions),
    }


TIERS = Kind("tiers", TierRow, TierBody, check=_check, fill=_fill, show=_show)
router = admin_router(TIERS)
