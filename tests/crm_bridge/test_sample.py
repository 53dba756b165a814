"""The sample bank."""

from collections import Counter

import pytest
from sqlalchemy import select

from common import phones
from common.db import Base, Database
from crm_bridge import card, customers, lookup, sample, tiers
from crm_bridge.models import ContactRow, CustomerRow, OwnerRow, PhoneRow, ProductRow
from crm_bridge.sample import Sample
from domain.ids import CallId
from tests.crm_bridge.bank import NOW

AGENTS = (("a1", "陈静"), ("a2", "刘洋"))


def filled(database: Database, **more: object) -> Sample:
    with database.transaction() as session:
        return sample.fill(session, **{"seed": 7, "customers": 120, "agents": AGENTS, "now": NOW, **more})  # type: ignore[arg-type]


def everything(database: Database) -> list[tuple[object, ...]]:
    with database.transaction() as session:
        tables = [m.__table__ for m in (CustomerRow, PhoneRow, OwnerRow, ProductRow, ContactRow)]
        return [tuple(row) for t in tables for row in session.execute(select(t).order_by(*t.primary_key))]


@pytest.mark.parametrize(("language", "region"), [("zh-CN", "CN"), ("en", "US")])
def test_every_class_has_customers_and_every_number_calls(
    sqlite: Database, language: str, region: str
) -> None:
    """Somebody in each tier and somebody below all; each number is valid and is one customer's own."""
    made = filled(sqlite, language=language)
    assert made.customers == len(made.numbers) == 120
    found: Counter[str | None] = Counter()
    with sqlite.transaction() as session:
        for number in made.numbers:
            assert phones.normalise(number, region) == number
            answer = lookup.identify(session, CallId("c"), number, region)
            assert answer.match == ("many" if number == made.shared else "one")
            found[answer.tier] += 1
        for number in made.strangers:
            assert phones.normalise(number, region) == number
            assert lookup.identify(session, CallId("c"), number, region).match == "none"
        assert set(found) == {None, *tiers.names(session)}
        shared = lookup.identify(session, CallId("c"), made.shared, region)
    assert len(shared.candidates) == 2


def test_a_bank_is_its_seed(sqlite: Database) -> None:
    """The same seed and time make the same bank, again and again; another seed another bank."""
    first = filled(sqlite)
    rows = everything(sqlite)
    Base.metadata.drop_all(sqlite.engine)
    Base.metadata.create_all(sqlite.engine)
    assert (filled(sqlite), everything(sqlite)) == (first, rows)
    Base.metadata.drop_all(sqlite.engine)
    Base.metadata.create_all(sqlite.engine)
    assert filled(sqlite, seed=8).numbers != first.numbers


def test_products_fit_the_assets_and_owners_the_tier(sqlite: Database) -> None:
    """Balances add up to 85 to 100 per cent of the assets; owners have the tier's roles, some take calls."""
    made = filled(sqlite)
    agents = set()
    with sqlite.transaction() as session:
        schemes = tiers.load(session)
        for number in range(1, made.customers + 1):
            one, _ = customers.get(session, f"c-{number:05d}") or (None, 0)
            assert one is not None and one.assets is not None
            held = sum(p.balance or 0 for p in one.products)
            assert 0.84 * one.assets - 100 <= held <= one.assets
            tier = schemes[0].tier_of(one, lookup.this_day())
            assert [o.role for o in one.owners] == list(tier.owner_roles if tier else ())
            agents |= {o.agent for o in one.owners}
        shown = card.read_customer(session, "c-00006")
    assert agents == {None, "a1", "a2"}
    assert shown is not None and shown["tier"] == "retail-private"


def test_filling_a_bank_again_changes_nothing(sqlite: Database) -> None:
    """The demo may be started twice in one folder; what people changed meanwhile stays."""
    first = filled(sqlite)
    with sqlite.transaction() as session:
        session.get_one(CustomerRow, "c-00001").name = "改名"
    rows = everything(sqlite)
    assert filled(sqlite) == first
    assert everything(sqlite) == rows
