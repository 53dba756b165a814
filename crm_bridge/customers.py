"""Customers as rows: write, read, search. Each function is a fixed number of statements."""

from collections.abc import Collection
from typing import Any, Literal

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from crm_bridge.models import CustomerRow, OwnerRow, PhoneRow, ProductRow
from crm_bridge.records import Customer, Owner, Product
from domain.ids import AgentId, CustomerId
from domain.instant import Instant

_WHOLE: tuple[ORMOption, ...] = (
    joinedload(CustomerRow.phones),
    joinedload(CustomerRow.owners),
    selectinload(CustomerRow.products),  # apart: rows of a join would multiply
)
FEWEST_DIGITS = 3
"""Shorter words are not looked for in telephone numbers."""


def put(
    session: Session, customer: Customer, changed: Instant, by: str = "", expected: int | None = None
) -> CustomerRow:
    """Write a customer with all parts, new or not.

    ``expected`` is the version the writer has seen. Raises StaleVersion if the row has moved on.
    """
    row = _row(session, customer.id)
    if row is None:
        row = CustomerRow(id=customer.id, phones=[], owners=[], products=[])
        session.add(row)
    elif expected is not None and row.version != expected:
        raise StaleVersion(row.changed_by)
    row.name, row.branch, row.language = customer.name, customer.branch, customer.language
    row.assets, row.currency = customer.assets, customer.currency
    row.born, row.notes = customer.born, customer.notes
    row.changed, row.changed_by = changed, by
    row.phones = [
        PhoneRow(customer=customer.id, number=number, position=at)
        for at, number in enumerate(customer.phones)
    ]
    row.owners = [
        OwnerRow(customer=customer.id, position=at, role=o.role, name=o.name, agent=o.agent)
        for at, o in enumerate(customer.owners)
    ]
    row.products = [_product_row(customer.id, at, p) for at, p in enumerate(customer.products)]
    session.flush()
    return row


class StaleVersion(Exception):
    """Somebody else changed the customer meanwhile; ``args[0]`` is who."""


def get(session: Session, id: str) -> tuple[Customer, int] | None:
    """A customer with all parts and the version of the row. Two statements."""
    row = _row(session, id)
    return None if row is None else (_value(row, "phones", "owners", "products"), row.version)


def brief(session: Session, where: ColumnElement[bool], limit: int) -> list[Customer]:
    """Customers by id, without telephone numbers and products. One statement."""
    query = select(CustomerRow).where(where).options(joinedload(CustomerRow.owners))
    rows = session.scalars(query.order_by(CustomerRow.id).limit(limit))
    return [_value(row, "owners") for row in rows.unique()]


def by_ids(session: Session, ids: Collection[str]) -> list[Customer]:
    """These customers in this order, as ``brief``; unknown ids are left out."""
    found = {c.id: c for c in brief(session, CustomerRow.id.in_(ids), len(ids))}
    return [found[CustomerId(id)] for id in ids if id in found]


def by_number(session: Session, number: str, limit: int) -> list[Customer]:
    """Customers who have this E.164 number, by id, as ``brief``. One statement, by the index."""
    return brief(session, has_number(number), limit)


def has_number(number: str) -> ColumnElement[bool]:
    """A customer has this E.164 number."""
    return CustomerRow.id.in_(select(PhoneRow.customer).where(PhoneRow.number == number))


def search(session: Session, words: str, limit: int, after: str = "") -> list[Customer]:
    """Customers whose id is ``words`` or whose name or number holds them, by id, beginning after an id."""
    words = words.strip()
    where = CustomerRow.id > after
    if words:
        either = [CustomerRow.id == words, CustomerRow.name.icontains(words, autoescape=True)]
        digits = digits_of(words)
        if digits:
            held = PhoneRow.number.contains(digits, autoescape=True)
            either.append(CustomerRow.id.in_(select(PhoneRow.customer).where(held)))
        where = where & or_(*either)
    query = select(CustomerRow).where(where).options(selectinload(CustomerRow.phones))
    rows = session.scalars(query.order_by(CustomerRow.id).limit(limit))
    return [_value(row, "phones") for row in rows]


def digits_of(words: str) -> str:
    """The digits to look for in numbers: without a trunk 0 and the marks people write; empty if no number."""
    bare = "".join(c for c in words if c not in " -()./")
    bare = bare.removeprefix("+").lstrip("0")
    return bare if bare.isascii() and bare.isdigit() and len(bare) >= FEWEST_DIGITS else ""


def _row(session: Session, id: str) -> CustomerRow | None:
    query = select(CustomerRow).where(CustomerRow.id == id).options(*_WHOLE)
    rows = session.scalars(query.execution_options(populate_existing=True))
    return rows.unique().one_or_none()


def _value(row: CustomerRow, *loaded: Literal["phones", "owners", "products"]) -> Customer:
    parts: dict[str, Any] = {}
    if "phones" in loaded:
        parts["phones"] = tuple(p.number for p in row.phones)
    if "owners" in loaded:
        parts["owners"] = tuple(Owner(o.role, o.name, _agent(o.agent)) for o in row.owners)
    if "products" in loaded:
        parts["products"] = tuple(
            Product(p.name, p.number, p.balance, p.currency, p.opened) for p in row.products
        )
    return Customer(
        CustomerId(row.id),
        row.name,
        row.branch,
        row.language,
        row.assets,
        row.currency,
        row.born,
        row.notes,
        **parts,
    )


def _agent(id: str | None) -> AgentId | None:
    return None if id is None else AgentId(id)


def _product_row(customer: CustomerId, at: int, product: Product) -> ProductRow:
    return ProductRow(
        customer=customer,
        position=at,
        name=product.name,
        number=product.number,
        balance=product.balance,
        currency=product.currency,
        opened=product.opened,
    )
