"""What the tables promise: an index for every call, few statements, nothing lost when people are slow."""

import re

import pytest
from sqlalchemy import text

from calls.history import NoteRow
from common.db import Database
from crm_bridge import card, contacts, customers, lookup, retail, tiers
from crm_bridge.models import SchemeRow, TierRow
from crm_bridge.records import Contact
from crm_bridge.schemes import Scheme, Tier
from domain.calls import WrapUpNoted
from domain.ids import AgentId, CallId, CustomerId, TierId
from domain.instant import Instant
from tests.crm_bridge.bank import HOME, NOW, WANG, counted, customer, li, record, wang, write

MANY = 100_000


def fill_phones(database: Database) -> None:
    """Ten thousand customers with ten numbers each, made by the database itself."""
    rows = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :last)"
    columns = "id, name, branch, currency, notes, version, changed, changed_by"
    with database.transaction() as session:
        session.execute(
            text(
                f"{rows} INSERT INTO customers ({columns}) "
                "SELECT 'm-' || i, 'x', '', 'CNY', '', 1, 0, '' FROM n"
            ),
            {"last": MANY // 10 - 1},
        )
        session.execute(
            text(
                f"{rows} INSERT INTO customer_phones (customer, number, position) "
                "SELECT 'm-' || (i / 10), '+86' || (13900000000 + i), i % 10 FROM n"
            ),
            {"last": MANY - 1},
        )


def test_a_caller_is_found_by_the_index_among_100_000_numbers(database: Database) -> None:
    """The plan of the statement that is sent for a call names the index and scans no table."""
    fill_phones(database)
    write(database, wang())
    explain = "EXPLAIN QUERY PLAN" if database.engine.dialect.name == "sqlite" else "EXPLAIN"
    with database.transaction() as session:
        session.execute(text("ANALYZE"))
        with counted(database) as sent:
            assert lookup.identify(session, CallId("c"), WANG, "CN").customer == "c-1"
        assert lookup.identify(session, CallId("c"), "+8613900054321", "CN").customer == "m-5432"
        statement, parameters = sent[0]
        rows = session.connection().exec_driver_sql(f"{explain} {statement}", parameters)
        plan = "\n".join(str(tuple(row)) for row in rows)
    assert "ix_customer_phones_number" in plan
    assert not re.search(r"(SCAN|Seq Scan on) (customers|customer_phones)\b", plan), plan


def test_a_lookup_is_three_statements(sqlite: Database) -> None:
    """Customers of the number, the schemes, and the last contact of who is named; a stranger costs one."""
    write(sqlite, wang(), li())
    for number, expected in ((WANG, 3), (HOME, 2), ("+8613899999999", 1), ("anonymous", 0)):
        with sqlite.transaction() as session, counted(sqlite) as sent:
            lookup.identify(session, CallId("c"), number, "CN")
        assert len(sent) == expected, sent


def test_a_card_is_four_statements_whatever_it_holds(sqlite: Database) -> None:
    """Customer with owners and numbers, products, schemes, contacts; candidates are two in all."""
    write(sqlite, wang(), li(), *(customer(f"x-{n}", name=str(n)) for n in range(10)))
    with sqlite.transaction() as session:
        for at in range(30):
            contacts.add(session, CustomerId("c-1"), Contact(Instant(NOW + at), "phone", "in"))
    for of, candidates, most in (
        ("c-1", (), 4),
        ("x-1", (), 4),
        (None, tuple(f"x-{n}" for n in range(10)), 2),
    ):
        with sqlite.transaction() as session, counted(sqlite) as sent:
            card.read(session, "call", "one", of, candidates)
        assert len(sent) <= most, sent


def test_seeding_twice_keeps_what_was_edited(database: Database) -> None:
    """The scheme is written once; rows an admin changed stay."""
    with database.transaction() as session:
        row = session.get_one(TierRow, "retail-mass")
        row.name = "普通客户"
        assert retail.seed(session) is False
        assert tiers.names(session)["retail-mass"] == "普通客户"
        assert len(tiers.names(session)) == 5


def test_schemes_come_back_as_they_were_written(database: Database) -> None:
    """Several schemes, conditions and joint owners; what a scheme no longer has is taken away."""
    young = Tier(TierId("y"), "Y", 5, 10, 1.5, ("网点主任", "大堂经理"), {"max_age": 60})
    older = Tier(TierId("o"), "O", 10, None)
    with database.transaction() as session:
        tiers.put(session, Scheme("boc", "中银", "CNY", (young, older)), position=1)
        tiers.put(session, Scheme("boc", "中银", "CNY", (young,)), position=1)
        session.add(SchemeRow(id="empty", name="Empty", currency="USD", position=2))
        session.flush()
        session.expire_all()
        assert tiers.load(session) == [
            retail.scheme(),
            Scheme("boc", "中银", "CNY", (young,)),
            Scheme("empty", "Empty", "USD", ()),
        ]


def test_a_note_reaches_the_contact_before_or_after_the_call_ends(database: Database) -> None:
    """An agent may note while talking or later; the contact has the last word of it."""
    write(database, wang())
    with database.transaction() as session:
        session.add(NoteRow(call="k1", agent="zhao", at=1, code="enquiry", note="early"))
        session.flush()
        contacts.add_call(session, record("k1"))
        contacts.add_call(session, record("k2", started=NOW + 1))
        contacts.add_note(session, WrapUpNoted(CallId("k2"), AgentId("zhao"), "complaint", "late"))
        contacts.add_note(session, WrapUpNoted(CallId("k3"), AgentId("zhao"), "x", "of no contact"))
        said = contacts.latest(session, "c-1", 10)
    assert [(c.purpose, c.summary) for c in said] == [("complaint", "late"), ("enquiry", "early")]


def test_pages_of_contacts_hold_each_once(database: Database) -> None:
    """Several at one instant fall on neither side of a page twice."""
    write(database, wang())
    with database.transaction() as session:
        for at in range(25):
            contacts.add(session, CustomerId("c-1"), Contact(Instant(at // 5), "sms", "out", summary=str(at)))
        seen: list[str] = []
        before = None
        while True:
            said, before = contacts.page(session, "c-1", 4, before)
            seen += [c.summary for c in said]
            if before is None:
                break
    assert seen == [str(at) for at in range(24, -1, -1)]


def test_a_change_on_an_old_version_is_refused(database: Database) -> None:
    """The second of two writers who read the same version hears who was faster, and loses nothing."""
    write(database, wang())
    with database.transaction() as session:
        _, version = customers.get(session, "c-1") or (None, 0)
        customers.put(session, wang(), Instant(NOW + 1), "li", expected=version)
    with database.transaction() as session, pytest.raises(customers.StaleVersion, match="li"):
        customers.put(session, li().__class__(CustomerId("c-1"), "other"), NOW, "wang", expected=version)


def test_a_change_of_parts_alone_is_a_new_version(database: Database) -> None:
    """Somebody who only adds a number has changed the customer."""
    write(database, wang())
    with database.transaction() as session:
        customers.put(session, customer("c-1", WANG), Instant(NOW + 1))
        assert (customers.get(session, "c-1") or (None, 0))[1] == 2
