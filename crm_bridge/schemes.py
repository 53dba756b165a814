"""Tier schemes: which class a customer belongs to by their assets.

A scheme is named, has a currency and bands ``[low, high)`` that do not overlap: the lower edge belongs to
a band, the upper to the next one. What falls into no band, or fails a band's conditions, has no tier.
Several schemes may hold at once; the tier that counts for a call is then the one of highest priority.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from crm_bridge.money import as_text
from crm_bridge.records import Customer
from domain.ids import TierId


class SchemeError(ValueError):
    """A tier scheme contradicts itself; the text names the tiers and says what to change."""


@dataclass(frozen=True, slots=True)
class Tier:
    """A band ``[low, high)`` of assets in hundredths (``high`` None: no upper end).

    ``owner_roles`` look after its customers together. ``conditions`` narrow it further, see ``CONDITIONS``.
    """

    id: TierId
    name: str
    low: int
    high: int | None = None
    priority: float = 0.0
    owner_roles: tuple[str, ...] = ()
    conditions: dict[str, Any] = field(default_factory=dict)

    @property
    def band(self) -> str:
        """The band for people: ``[50000.00, 200000.00)``."""
        return f"[{as_text(self.low)}, {'no upper end' if self.high is None else as_text(self.high)})"

    def holds(self, assets: int) -> bool:
        """Whether the band holds this amount."""
        return self.low <= assets and (self.high is None or assets < self.high)


@dataclass(frozen=True, slots=True)
class Scheme:
    """A named scheme; its tiers are kept in the order of their bands. Raises SchemeError."""

    id: str
    name: str
    currency: str
    tiers: tuple[Tier, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "tiers", tuple(sorted(self.tiers, key=lambda t: t.low)))
        for tier in self.tiers:
            _check(tier)
        for lower, upper in pairwise(self.tiers):
            if lower.high is None or upper.low < lower.high:
                raise SchemeError(
                    f"in scheme {self.id} the bands of {lower.id} {lower.band} and {upper.id} {upper.band} "
                    f"overlap; end {lower.id} at {as_text(upper.low)} or begin {upper.id} later"
                )

    def tier_of(self, customer: Customer, today: date) -> Tier | None:
        """The customer's tier in this scheme, if any."""
        if customer.assets is None or customer.currency != self.currency:
            return None
        for tier in self.tiers:
            if tier.holds(customer.assets):
                return tier if _meets(tier, customer, today) else None
        return None


def tier_of(schemes: Iterable[Scheme], customer: Customer, today: date) -> Tier | None:
    """The customer's tier of highest priority over all schemes; of equals, the earlier scheme's."""
    best: Tier | None = None
    for scheme in schemes:
        tier = scheme.tier_of(customer, today)
        if tier is not None and (best is None or tier.priority > best.priority):
            best = tier
    return best


def age(born: date, today: date) -> int:
    """Completed years of life."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


# ------------------------------------------------------------------ conditions


def _at_most(customer: Customer, today: date, value: int) -> bool:
    return customer.born is not None and age(customer.born, today) <= value


def _at_least(customer: Customer, today: date, value: int) -> bool:
    return customer.born is not None and age(customer.born, today) >= value


CONDITIONS: dict[str, Callable[[Customer, date, int], bool]] = {"max_age": _at_most, "min_age": _at_least}
"""What may narrow a tier; the value is a whole number. An unknown age meets no condition on age."""


def _meets(tier: Tier, customer: Customer, today: date) -> bool:
    return all(CONDITIONS[name](customer, today, value) for name, value in tier.conditions.items())


def _check(tier: Tier) -> None:
    if tier.high is not None and tier.high <= tier.low:
        raise SchemeError(f"tier {tier.id}: the band {tier.band} is empty; its end must lie above its start")
    for name, value in tier.conditions.items():
        if name not in CONDITIONS:
            raise SchemeError(
                f"tier {tier.id}: unknown condition {name!r}; known are {', '.join(CONDITIONS)}"
            )
        if not isinstance(value, int) or isinstance(value, bool):
            raise SchemeError(f"tier {tier.id}: {name} must be a whole number, not {value!r}")
