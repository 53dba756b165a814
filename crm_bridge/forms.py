"""What the customers' API takes and gives."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field


class Found(BaseModel):
    """A customer in a list."""

    id: str
    name: str
    tier: str | None
    tier_name: str | None
    branch: str | None
    phones: list[str]


class Page(BaseModel):
    """Some customers by id; ``next`` is the ``after`` of the next page."""

    customers: list[Found]
    next: str | None


class OwnerBody(BaseModel):
    """Somebody who looks after a customer; ``agent`` when they also take calls."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    role: str = Field(min_length=1, max_length=64)
    name: str = Field(min_length=1, max_length=128)
    agent: str | None = Field(default=None, min_length=1, max_length=64)


class CustomerBody(BaseModel):
    """A customer as people enter it. ``assets`` in currency units, at most two decimals."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    name: str = Field(min_length=1, max_length=128)
    branch: str = Field(default="", max_length=128)
    language: str | None = Field(default=None, pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")
    born: date | None = None
    notes: str = Field(default="", max_length=10_000)
    phones: list[str] = Field(default=[], max_length=10)
    owners: list[OwnerBody] = Field(default=[], max_length=10)
    assets: str | None = Field(default=None, max_length=24)
    currency: str = Field(default="CNY", pattern=r"^[A-Z]{3}$")


class CustomerChange(CustomerBody):
    """What an existing customer becomes; ``version`` is the one the writer has read."""

    version: int = Field(ge=1)


class OwnerShown(BaseModel):
    """An owner; ``agent`` when they also take calls."""

    role: str
    name: str
    agent: str | None


class ProductShown(BaseModel):
    """Something a customer holds; ``balance`` is decimal text, ``opened`` a date."""

    name: str
    number: str
    balance: str | None
    currency: str
    opened: str | None


class ContactShown(BaseModel):
    """A conversation; ``at`` in ms since the epoch, ``call`` when it was a call of this platform."""

    at: int
    channel: str
    direction: str
    purpose: str
    summary: str
    agent_name: str
    outcome: str
    call: str | None


class CustomerShown(BaseModel):
    """A customer with their last contacts: the card, and what editing needs."""

    id: str
    name: str
    tier: str | None
    tier_name: str | None
    branch: str | None
    language: str | None
    phones: list[str]
    owners: list[OwnerShown]
    products: list[ProductShown]
    notes: str | None
    assets: str | None
    currency: str
    born: date | None
    contacts: list[ContactShown]
    version: int


class ContactsPage(BaseModel):
    """Contacts, newest first; ``next`` is the ``before`` of the next page."""

    contacts: list[ContactShown]
    next: str | None
