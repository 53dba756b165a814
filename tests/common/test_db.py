"""One request is one transaction, committed before the answer."""

from pathlib import Path

import pytest
from fastapi import APIRouter
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from callfloor.door import Armour
from common import problems
from common.auth.tables import UserRow
from common.db import Database, DbSession
from tests.common.web import make_house

router = APIRouter()


def user(name: str) -> UserRow:
    return UserRow(id=name, name=name, hash="", role="agent", agent=None, language="en", disabled=False)


@router.post("/users/{name}", status_code=201)
def add(name: str, session: DbSession) -> dict[str, str]:
    session.add(user(name))
    return {"added": name}


@router.post("/refused/{name}")
def refuse(name: str, session: DbSession) -> None:
    session.add(user(name))
    session.flush()
    raise problems.Problem(409, "No", "Not today.")


@router.get("/users")
def names(session: DbSession) -> list[str]:
    return sorted(session.scalars(text("SELECT id FROM users")))


def test_what_was_answered_is_there_for_the_next_request(tmp_path: Path) -> None:
    """And what failed is not."""
    house = make_house(tmp_path, router)
    browser = house.browser()
    assert browser.post("/users/ann").status_code == 201
    with house.database.transaction() as other:
        assert other.get(UserRow, "ann") is not None
    assert browser.post("/refused/bob").status_code == 409
    assert browser.get("/users").json() == ["ann"]
    house.database.close()


def test_the_commit_comes_before_the_answer(tmp_path: Path) -> None:
    """At the moment the first byte leaves, another connection sees the row."""
    house = make_house(tmp_path, router)
    seen: list[bool] = []

    def look(row_is_there: bool) -> None:
        seen.append(row_is_there)

    @house.app.middleware("http")
    async def peek(request, call_next):  # type: ignore[no-untyped-def]
        answer = await call_next(request)
        with house.database.transaction() as other:
            look(other.get(UserRow, "ann") is not None)
        return answer

    assert house.browser().post("/users/ann").status_code == 201
    assert seen == [True]
    house.database.close()


def test_a_commit_that_fails_is_an_error_for_the_caller(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A problem, no 201; the log has it; afterwards all is well."""
    house = make_house(tmp_path, router)
    house.app.add_middleware(Armour)

    def full(_session: Session) -> None:
        raise OperationalError("COMMIT", {}, OSError("disk full"))

    event.listen(Session, "before_commit", full)
    try:
        answer = house.browser().post("/users/ann")
    finally:
        event.remove(Session, "before_commit", full)
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert "disk full" in caplog.text
    assert house.browser().get("/users").json() == []
    assert house.browser().post("/users/ann").status_code == 201
    house.database.close()


def test_errors_of_the_database_do_not_tell_what_was_written(tmp_path: Path) -> None:
    """Hashes and tokens are parameters; errors are logged."""
    database = Database(f"sqlite:///{tmp_path / 'x.db'}")
    with pytest.raises(OperationalError) as caught, database.transaction() as session:
        session.execute(text("INSERT INTO nowhere VALUES (:hash)"), {"hash": "very secret"})
    assert "very secret" not in str(caught.value)
    database.close()
