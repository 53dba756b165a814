"""The database: SQLite in WAL mode by default, PostgreSQL by URL; one transaction a request or task.

Sessions are synchronous. Routes that use one are plain ``def`` functions, which FastAPI runs in its
thread pool, so no database call is made on the event loop.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Engine, MetaData, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker


class Base(DeclarativeBase):
    """The one declarative base; names of constraints are fixed so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Database:
    """An engine and its sessions. ``url`` is an SQLAlchemy URL (``sqlite:///file``, ``postgresql+psycopg://``)."""

    def __init__(self, url: str) -> None:
        self.url = url
        # Parameters are kept out of errors, which are logged: among them are hashes and tokens.
        self.engine: Engine = create_engine(
            url, pool_pre_ping=not url.startswith("sqlite"), hide_parameters=True
        )
        if make_url(url).get_backend_name() == "sqlite":
            event.listen(self.engine, "connect", _prepare_sqlite)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One session, committed on the way out and rolled back on an error."""
        with self._sessions.begin() as session:
            yield session

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def _prepare_sqlite(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.close()


def db_session(request: Request) -> Iterator[Session]:
    """The request's transaction, on the app's ``state.database``."""
    database: Database = request.app.state.database
    with database.transaction() as session:
        yield session


DbSession = Annotated[Session, Depends(db_session, scope="function")]
"""What routes ask for: committed when the route is done and *before* the answer is sent.

So a commit that fails is an error for the caller, and what was answered is there for the next request.
"""
