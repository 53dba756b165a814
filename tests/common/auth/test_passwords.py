"""How passwords are kept outside of tests."""

import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY

from common.auth import passwords


def test_hashes_are_as_costly_as_the_rfc_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """argon2id with the parameters of RFC 9106 for ordinary machines, salted."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher())
    hashed = passwords.hash_password("correct horse 7")
    assert extract_parameters(hashed) == RFC_9106_LOW_MEMORY and RFC_9106_LOW_MEMORY.type is Type.ID
    assert passwords.hash_password("correct horse 7") != hashed
    assert not passwords.needs_new_hash(hashed)


def test_only_the_right_password_fits() -> None:
    """No hash, a broken hash and another password do not."""
    hashed = passwords.hash_password("correct horse 7")
    assert passwords.verify(hashed, "correct horse 7")
    assert not passwords.verify(hashed, "correct horse 8")
    assert not passwords.verify("", "correct horse 7") and not passwords.verify("", "")
    assert not passwords.verify("broken", "correct horse 7")


def test_weaker_hashes_are_made_anew() -> None:
    """A hash with smaller parameters than today's is noticed."""
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("x")
    assert passwords.needs_new_hash(weak)
