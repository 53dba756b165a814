"""A house for each test that asks for one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from common import auth, calendars
from common.auth import passwords
from tests.common.web import House, make_house


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Real argon2 with small parameters: hundreds of hashes must not take minutes."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    passwords._decoy.cache_clear()
    yield
    passwords._decoy.cache_clear()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Sign-in, users and calendars over an empty database file; its first user ``root`` is an admin."""
    house = make_house(f"sqlite:///{tmp_path / 'house.db'}", auth.router, calendars.router)
    house.add("root", "admin")
    yield house
    house.database.close()


@pytest.fixture
def postgres_house(postgres_tables: str) -> Iterator[House]:
    """The same over PostgreSQL."""
    house = make_house(postgres_tables, auth.router, calendars.router)
    house.add("root", "admin")
    yield house
    house.database.close()
