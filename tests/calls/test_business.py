"""Calls by business type: each counts once, where it began, with a queue or without."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from calls.business import BusinessType, business_quarters, business_types
from common.db import Database
from domain.instant import Instant
from tests.calls import records
from tests.calls.records import CARDS, quarter
from tests.tables import with_tables

FOREVER = Instant(0), quarter(10_000)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.peer)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty one of either kind."""
    sqlite = f"sqlite:///{tmp_path / 'records.db'}"
    made = with_tables(sqlite if request.param == "sqlite" else request.getfixturevalue("postgres_tables"))
    yield made
    made.close()


def write(database: Database, *made: Any) -> None:
    """Keep finished calls."""
    records.write(database, [records.configured(), *(records.ended(one) for one in made)])


def test_calls_with_and_without_a_queue(database: Database) -> None:
    """Two queues in one call are one call; what the flow served alone is no offered call."""
    loans = {"purpose": "enquiry", "product": "loans"}
    first = records.visit("k1", outcome="overflowed", talk_us=0, hold_us=0)
    second = records.visit("k1", 2, enters=20, queue=CARDS, talk_us=70_000_000, hold_us=0)
    write(
        database,
        records.record("k1", first, second, marks=loans),
        records.record("k2", records.visit("k2", enters=30, outcome="abandoned"), marks=loans),
        records.record("k3", marks=loans),
        records.record("k4", records.visit("k4", enters=900), marks={"product": "loans"}),
        records.record("k5", records.visit("k5"), marks={"product": "Loans"}),
        records.record("k6", records.visit("k6"), marks=loans, direction="out"),
        records.record("k7", outcome="closed", marks=loans),
    )
    with database.transaction() as session:
        found = business_quarters(session, BusinessType("product", "loans"), *FOREVER)
        (enquiry,) = business_quarters(session, BusinessType.parse("enquiry"), *FOREVER)
    assert [at for at, _ in found] == [quarter(0), quarter(1)]
    figures = found[0][1].figures
    assert (figures.offered, figures.answered, figures.abandoned, found[0][1].ivr) == (2, 1, 1, 1)
    assert figures.talk_us == 70_000_000
    assert found[1][1].figures.offered == 1
    assert enquiry[1] == found[0][1]


def test_numbers_dialled_and_words_of_any_language(database: Database) -> None:
    """A number is a business type too; marks may be Chinese, or have quotes and per cent signs."""
    odd = '个人 100% "VIP"'
    write(
        database,
        records.record("k1", records.visit("k1"), marks={"kind": odd}, dialled="95588"),
        records.record("k2", marks={"kind": "个人 100x"}, dialled="95599"),
    )
    with database.transaction() as session:
        (found,) = business_quarters(session, BusinessType("kind", odd), *FOREVER)
        (dialled,) = business_quarters(session, BusinessType.parse("dialled=95599"), *FOREVER)
        none = business_quarters(session, BusinessType("kind", "个人"), *FOREVER)
        outside = business_quarters(session, BusinessType("kind", odd), quarter(1), quarter(2))
        types = business_types(session)
    assert (found[1].figures.offered, found[1].ivr) == (1, 0)
    assert (dialled[1].figures.offered, dialled[1].ivr) == (0, 1)
    assert not none
    assert not outside
    assert {str(one) for one in types} == {
        f"kind={odd}",
        "kind=个人 100x",
        "dialled=95588",
        "dialled=95599",
    }


def test_the_most_frequent_types_first(database: Database) -> None:
    """And no more than wanted."""
    write(database, *(records.record(f"k{n}", marks={"purpose": "ab"[n > 1]}) for n in range(5)))
    with database.transaction() as session:
        types = business_types(session, 2)
    assert {str(one) for one in types} == {"dialled=95588", "b"}


@pytest.mark.parametrize("text", ["complaint", "product=loans", "dialled=95588", "purpose=a=b"])
def test_a_type_as_text(text: str) -> None:
    """There and back."""
    assert str(BusinessType.parse(text)) == text
