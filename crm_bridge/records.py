"""A customer as a value. Amounts are hundredths of the currency's unit, instants microseconds UTC."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.ids import AgentId, CallId, CustomerId
from domain.instant import Instant

E164 = re.compile(r"\+[1-9][0-9]{3,14}")
Direction = Literal["in", "out"]


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody who looks after a customer, in a role; ``agent`` when they also take calls."""

    role: str
    name: str
    agent: AgentId | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """Something a customer holds; ``number`` is masked, ``balance`` in hundredths (None: has none)."""

    name: str
    number: str
    balance: int | None = None
    currency: str = "CNY"
    opened: date | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """One conversation with a customer; ``call`` when it was a call of this platform."""

    at: Instant
    channel: str
    direction: Direction
    purpose: str = ""
    summary: str = ""
    agent: AgentId | None = None
    agent_name: str = ""
    outcome: str = ""
    call: CallId | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer. ``phones`` are E.164, the preferred first; several customers may share one.

    ``assets`` in hundredths of ``currency``; None where they are not known. Raises ValueError for a
    telephone number that is not E.164.
    """

    id: CustomerId
    name: str
    branch: str = ""
    language: str | None = None
    assets: int | None = None
    currency: str = "CNY"
    born: date | None = None
    notes: str = ""
    phones: tuple[str, ...] = ()
    owners: tuple[Owner, ...] = ()
    products: tuple[Product, ...] = ()

    def __post_init__(self) -> None:
        for number in self.phones:
            if not E164.fullmatch(number):
                raise ValueError(f"customer {self.id}: {number!r} is not an E.164 number (+8613800000000)")
        if len(set(self.phones)) != len(self.phones):
            raise ValueError(f"customer {self.id}: a telephone number is named twice")
