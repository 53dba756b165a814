"""Quick passwords: real argon2, small parameters."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from common.auth import passwords


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    passwords._decoy.cache_clear()
    yield
    passwords._decoy.cache_clear()
