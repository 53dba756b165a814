"""The database's tables brought up to this version of the program, one Alembic migration after another.

Developers draft the next migration with ``python -m callfloor.migrate "what changes"``: it compares the
tables after all migrations with the models and writes a file to look over.
"""

import importlib
import logging
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, MetaData, create_engine, event, inspect, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from common.db import Base

log = logging.getLogger(__name__)
FOLDER = Path(__file__).parent / "migrations"
TABLES = (
    "acd.store",
    "calls.history",
    "common.auth.tables",
    "common.calendars",
    "crm_bridge.bank_models",
    "crm_bridge.models",
    "forecasting.tables",
    "ivr.drafts",
    "ivr.store",
    "scheduling.tables",
)
"""The modules that define tables."""

LOCK = 0x43414C4C464C4F
"""PostgreSQL's advisory lock of whoever migrates."""


class MigrationError(Exception):
    """The database cannot be brought up to date; the text says why and what to do."""


def upgrade(database_url: str) -> None:
    """Bring the database up to date, all or nothing; says nothing where there is nothing to do.

    Several processes may do this at once. Raises MigrationError.
    """
    with _transaction(database_url) as connection:
        _lock(connection)
        _upgrade(connection)


def is_current(database_url: str) -> bool:
    """Whether ``upgrade`` would have nothing to do. Raises MigrationError."""
    with _transaction(database_url) as connection:
        return _revision(connection) == ScriptDirectory.from_config(_config()).get_current_head()


def models() -> MetaData:
    """Every table of the program."""
    for module in TABLES:
        importlib.import_module(module)
    return Base.metadata


def differences(connection: Connection) -> list[Any]:
    """What the models have otherwise than the database, as Alembic lists it; empty when they agree."""
    options = {"compare_type": True, "target_metadata": models()}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), models()))


def _upgrade(connection: Connection) -> None:
    config = _config(connection)
    scripts = ScriptDirectory.from_config(config)
    known = {script.revision for script in scripts.walk_revisions()}
    newest = scripts.get_current_head()
    here = _revision(connection)
    if here == newest:
        return
    if here is not None and here not in known:
        raise MigrationError(
            f"{_shown(connection.engine)} was made or upgraded by a newer version of Callfloor (its tables "
            f"are at {here}, this version knows up to {newest}). Install that version, or go back to the "
            "copy of the database made before the upgrade."
        )
    if here is None:
        _need_empty(connection)
    command.upgrade(config, "head")
    if connection.dialect.name == "sqlite":
        _check_references(connection)
    log.info("the database is now at %s (before: %s)", newest, here or "empty")


def _need_empty(connection: Connection) -> None:
    there = sorted(set(inspect(connection).get_table_names()) & set(models().tables))
    if there:
        raise MigrationError(
            f"{_shown(connection.engine)} has tables of other origin (such as {there[0]}) and does not say "
            "which version they are of; give Callfloor a database of its own."
        )


def _check_references(connection: Connection) -> None:
    # SQLite does not look at foreign keys while tables are rebuilt, so it is asked before the commit.
    broken = connection.execute(text("PRAGMA foreign_key_check")).first()
    if broken is not None:
        raise MigrationError(
            f"{_shown(connection.engine)}: a row of {broken[0]} points to a row of {broken[2]} that is not "
            "there, so nothing was changed; restore the row or delete the one that points to it."
        )


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


@contextmanager
def _transaction(database_url: str) -> Iterator[Connection]:
    """A transaction that holds changes of tables too, and waits its turn on SQLite. Raises MigrationError."""
    try:
        engine = create_engine(database_url, poolclass=NullPool)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise MigrationError(f"the database URL cannot be used: {error}") from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connected)
        event.listen(engine, "begin", _sqlite_begun)
    try:
        with engine.begin() as connection:
            yield connection
    except (SQLAlchemyError, CommandError) as error:
        # SQLAlchemy's own text goes on with the statement and its values.
        cause = getattr(error, "orig", None) or error
        raise MigrationError(f"{_shown(engine)}: {str(cause).strip().splitlines()[0]}") from error
    finally:
        engine.dispose()


def _sqlite_connected(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # no transactions of the driver's own
    connection.execute("PRAGMA busy_timeout=60000")


def _sqlite_begun(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _shown(engine: Engine) -> str:
    return f"the database {engine.url.render_as_string(hide_password=True)}"


def _draft(message: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/draft.db"
        upgrade(url)
        with _transaction(url) as connection:
            if not differences(connection):
                sys.exit("the models are what the migrations make; there is nothing to draft")
            config = _config(connection)
            number = len(list(ScriptDirectory.from_config(config).walk_revisions())) + 1
            command.revision(config, message, autogenerate=True, rev_id=f"{number:04d}")


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit('usage: python -m callfloor.migrate "what changes"')
    _draft(sys.argv[1])
