"""Users as rows: what is kept, what is refused, and never without an admin."""

import threading
from typing import Any

import pytest

from common.auth import USERS, create_user
from common.auth.tables import UserRow
from common.rows import KINDS
from tests.common.web import PASSWORD, House

LI = {"name": "Li Wei", "role": "agent", "agent": None, "language": "en", "disabled": False}


def test_a_password_goes_in_and_never_comes_out(house: House) -> None:
    """No answer and no export has it or its hash; an empty one keeps the one there is."""
    root = house.signed_in("root")
    created = root.post("/api/admin/users", json={**LI, "id": "li", "password": PASSWORD})
    assert created.status_code == 201 and created.json() == {"id": "li", **LI}
    with house.database.transaction() as session:
        kept = session.get_one(UserRow, "li").hash
        assert kept.startswith("$argon2id$") and USERS.export_rows(session)[0] == {"id": "li", **LI}
    assert root.put("/api/admin/users/li", json={**LI, "password": ""}).json() == {"id": "li", **LI}
    with house.database.transaction() as session:
        assert session.get_one(UserRow, "li").hash == kept
    assert PASSWORD not in root.get("/api/admin/users").text + root.get("/api/admin/users/li").text
    assert house.changed == ["users", "users"]


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ({"password": ""}, "password is missing; a new user needs one."),
        ({"password": "short"}, "password has 5 characters and needs at least 10."),
        ({"password": "aaaaaaaaaaaa"}, "password repeats too few different characters."),
        ({"id": "longusername", "password": "LongUserName"}, "password is the sign-in name."),
        ({"id": "Li"}, "id is a sign-in name and written in small letters: li."),
        ({"role": "boss"}, "role is not right: input should be 'agent', 'supervisor', 'planner' or 'admin'."),
        ({"name": "  "}, "name is not right: string should have at least 1 character."),
        ({"shoe": 43}, "shoe is no field of this kind."),
    ],
)
def test_what_is_refused(house: House, change: dict[str, Any], detail: str) -> None:
    """The field and the reason are said, and nothing is kept."""
    root = house.signed_in("root")
    answer = root.post("/api/admin/users", json={"id": "li", **LI, "password": PASSWORD, **change})
    assert (answer.status_code, answer.json()["detail"]) == (422, detail)
    assert [row["id"] for row in root.get("/api/admin/users").json()] == ["root"]
    assert house.changed == []


def test_spaces_of_a_password_are_part_of_it(house: House) -> None:
    """They are not cut off on the way."""
    root = house.signed_in("root")
    assert (
        root.post("/api/admin/users", json={"id": "li", **LI, "password": f" {PASSWORD} "}).status_code == 201
    )
    assert house.signed_in("li", f" {PASSWORD} ").get("/api/session").status_code == 200


def test_an_agent_is_one_person(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two users cannot be the same agent; no agent is written as null or nothing."""
    monkeypatch.delitem(KINDS, "agents", raising=False)  # whether agents exist is another room's affair
    root = house.signed_in("root")
    for user, agent, status in (("a", "x1", 201), ("b", "x1", 422), ("c", "", 201), ("d", None, 201)):
        body = {**LI, "id": user, "agent": agent, "password": PASSWORD}
        assert root.post("/api/admin/users", json=body).status_code == status
    assert root.get("/api/admin/users/c").json()["agent"] is None
    assert house.signed_in("a").get("/api/session").json()["agent"] == "x1"


def test_there_is_always_an_admin(house: House) -> None:
    """The last admin who can sign in is not demoted, disabled or deleted; one of two is."""
    root = house.signed_in("root")
    me = {"name": "Root", "role": "admin"}
    assert root.put("/api/admin/users/root", json={**me, "role": "agent"}).json()["errors"][0]["at"] == "role"
    answer = root.put("/api/admin/users/root", json={**me, "disabled": True})
    assert answer.json()["detail"] == "disabled cannot be changed so: root is the last admin who can sign in."
    assert root.delete("/api/admin/users/root").status_code == 409
    house.add("boss", "admin")
    assert root.put("/api/admin/users/boss", json={"name": "Boss", "role": "agent"}).status_code == 200
    house.add("chief", "admin")
    assert root.delete("/api/admin/users/root").status_code == 204


def test_two_admins_cannot_remove_each_other_at_once(house: House) -> None:
    """Side by side, one of them is refused."""
    remove_each_other(house)


@pytest.mark.peer
def test_nor_on_postgresql(postgres_house: House) -> None:
    """Where two writers really do write side by side, too."""
    remove_each_other(postgres_house)


def remove_each_other(house: House) -> None:
    house.add("boss", "admin")
    browsers = {"boss": house.signed_in("root"), "root": house.signed_in("boss")}
    together, codes = threading.Barrier(2), []

    def remove(whom: str) -> None:
        together.wait()
        codes.append(browsers[whom].put(f"/api/admin/users/{whom}", json={"name": "X"}).status_code)

    threads = [threading.Thread(target=remove, args=(whom,)) for whom in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with house.database.transaction() as session:
        assert [row.role for row in USERS.all(session)].count("admin") == 1
    assert sorted(codes)[0] == 200 and sorted(codes)[1] in (403, 422)


@pytest.mark.peer
def test_a_life_on_postgresql(postgres_house: House) -> None:
    """Sign-in, a new password that ends sessions, deletion and strange characters."""
    root = postgres_house.signed_in("root")
    body = {**LI, "password": PASSWORD}
    assert root.put("/api/admin/users/li", json=body).status_code == 201
    li = postgres_house.signed_in("li")
    change = {"language": "zh-CN", "old_password": PASSWORD, "password": "another horse 8"}
    assert li.put("/api/session", json=change).status_code == 200
    assert root.put("/api/admin/users/li", json=body).status_code == 200
    assert li.get("/api/session").status_code == 401
    assert root.put("/api/admin/users/li", json={**LI, "name": "L\0"}).json()["errors"][0]["at"] == "name"
    assert root.get("/api/admin/users/l%00").status_code == 422
    assert root.delete("/api/admin/users/li").status_code == 204


def test_create_user_says_what_is_wrong(house: House) -> None:
    """In a sentence, as ValueError."""
    with house.database.transaction() as session:
        assert create_user(session, "Wang", PASSWORD, role="agent", name="Wang Fang", agent=None).id == "wang"
    for user, password, role, words in (
        ("root", PASSWORD, "agent", "There is already a 'root' among the users."),
        ("x", "short", "agent", "password has 5 characters"),
        ("x", PASSWORD, "boss", "role is not right"),
        ("a b", PASSWORD, "agent", "id cannot be an id"),
        ("", PASSWORD, "agent", "id is missing"),
    ):
        with pytest.raises(ValueError, match=f"^{words}"), house.database.transaction() as session:
            create_user(session, user, password, role=role, name="X", agent=None)  # type: ignore[arg-type]


def test_users_of_a_file(house: House) -> None:
    """A file has no passwords: its new users cannot sign in until an admin gives them one."""
    rows = [{"id": "li", **LI}, {"id": "root", "name": "Root", "role": "agent"}]
    with house.database.transaction() as session:
        problems = USERS.import_rows(session, rows, "bank.yaml")
        assert problems == [
            "bank.yaml: users[2] root: role cannot be changed so: root is the last admin who can sign in."
        ]
        assert session.get_one(UserRow, "li").hash == ""
