"""A database with the tables and the retail scheme, as SQLite and as PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from common.db import Database
from crm_bridge import retail
from tests.tables import with_tables


@contextmanager
def seeded(url: str) -> Iterator[Database]:
    """A new database with the retail scheme."""
    database = with_tables(url)
    with database.transaction() as session:
        retail.seed(session)
    yield database
    database.close()


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    """SQLite in a file."""
    with seeded(f"sqlite:///{tmp_path / 'bank.db'}") as database:
        yield database


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.peer)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """SQLite and PostgreSQL in turn."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'bank.db'}"
    else:
        url = request.getfixturevalue("postgres_tables")
    with seeded(url) as made:
        yield made
