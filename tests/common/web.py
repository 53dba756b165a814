"""An application over a real database file, for the tests of this folder."""

import warnings
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import APIRouter, FastAPI

from common import problems
from common.auth import create_user
from common.auth.tables import Role
from common.db import Database
from tests.tables import with_tables

with warnings.catch_warnings():
    # Starlette asks for httpx2, which may not be there; httpx does.
    warnings.filterwarnings("ignore", message="Using `httpx` with `starlette.testclient`")
    from fastapi.testclient import TestClient

PASSWORD = "correct horse 7"


@dataclass
class House:
    """The application, its database, and what it was told about changed rows."""

    app: FastAPI
    database: Database
    changed: list[str] = field(default_factory=list)

    def browser(self, *, https: bool = False, address: str = "127.0.0.1") -> TestClient:
        """A browser of its own, without cookies."""
        scheme = "https" if https else "http"
        return TestClient(self.app, base_url=f"{scheme}://callfloor.test", client=(address, 50000))

    def add(self, user: str, role: Role = "agent", password: str = PASSWORD) -> None:
        """A user who can sign in."""
        with self.database.transaction() as session:
            create_user(session, user, password, role=role, name=user.title())

    def signed_in(self, user: str, password: str = PASSWORD, **kinds: bool) -> TestClient:
        """A browser of ``user`` that sends the CSRF token."""
        browser = self.browser(**kinds)  # type: ignore[arg-type]
        answer = browser.post("/api/session", json={"user": user, "password": password})
        assert answer.status_code == 200, answer.text
        browser.headers["X-CSRF-Token"] = answer.json()["csrf"]
        return browser


def make_house(where: str | Path, *routers: APIRouter) -> House:
    """A house with these routers and every table of the base, at a database URL or as a file in a folder."""
    database = with_tables(where if isinstance(where, str) else f"sqlite:///{where / 'house.db'}")
    app = FastAPI()
    problems.install(app)
    for router in routers:
        app.include_router(router)
    house = House(app, database)
    app.state.database = database
    app.state.rows_changed = house.changed.append
    return house
