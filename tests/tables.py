"""Databases with every table: migrated once in a test run, then copied."""

import tempfile
from functools import cache
from pathlib import Path

from callfloor import migrate
from common.db import Database

_SQLITE = "sqlite:///"


@cache
def _migrated() -> bytes:
    """The file of an empty database."""
    with tempfile.TemporaryDirectory(prefix="callfloor-tables-") as folder:
        file = Path(folder) / "empty.db"
        migrate.upgrade(f"{_SQLITE}{file}")
        return file.read_bytes()


def make_tables(url: str) -> None:
    """Make the SQLite file that ``url`` names, as ``migrate.upgrade`` would."""
    assert url.startswith(_SQLITE), url
    file = Path(url.removeprefix(_SQLITE))
    assert not file.exists(), file
    file.write_bytes(_migrated())


def with_tables(url: str) -> Database:
    """A new database with every table: a SQLite file, or what the fixture ``postgres_tables`` gives."""
    if url.startswith(_SQLITE):
        make_tables(url)
    return Database(url)
