"""Passwords: argon2id hashes, and what a password must be."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH = 10
MAX_LENGTH = 1024

_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """The argon2id hash to keep. Takes tens of milliseconds and 64 MiB."""
    return _hasher.hash(password)


def verify(hashed: str, password: str) -> bool:
    """Whether ``password`` is the one. An empty hash (no such user, no password yet) costs the same time."""
    decoy = _decoy()  # made before either path is taken, so that the first unknown user does not cost more
    try:
        _hasher.verify(hashed or decoy, password)
    except (VerificationError, InvalidHashError):
        return False
    return hashed != ""


def needs_new_hash(hashed: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(hashed)


def trouble_with(password: str, user: str) -> str | None:
    """Why ``password`` is refused, as the rest of a sentence about it; None if it is good."""
    if len(password) < MIN_LENGTH:
        return f"has {len(password)} characters and needs at least {MIN_LENGTH}"
    if len(password) > MAX_LENGTH:
        return f"has more than {MAX_LENGTH} characters"
    if len(set(password)) < 4:
        return "repeats too few different characters"
    if user and password.casefold().replace(user.casefold(), "") == "":
        return "is the sign-in name"
    return None


@cache
def _decoy() -> str:
    return _hasher.hash(secrets.token_urlsafe())
