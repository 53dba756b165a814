"""The admin's routes for queues, skills and agents, over HTTP on a real database."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from acd import api
from acd.store import load_config
from common import auth
from tests.common.web import House, TestClient, make_house  # type: ignore[attr-defined]
from tests.hashes import quick_hashes

__all__ = ["quick_hashes"]


@pytest.fixture
def house(tmp_path: Path, quick_hashes: None) -> Iterator[House]:
    house = make_house(f"sqlite:///{tmp_path / 'house.db'}", auth.router, api.router)
    for user, role in (("root", "admin"), ("sue", "supervisor"), ("ann", "agent")):
        house.add(user, role)  # type: ignore[arg-type]
    yield house
    house.database.close()


@pytest.fixture
def root(house: House) -> TestClient:
    return house.signed_in("root")


def put(browser: TestClient, kind: str, id: str, code: int = 201, **fields: Any) -> Any:
    answer = browser.put(f"/api/admin/{kind}/{id}", json={"id": id, **fields})
    assert answer.status_code == code, answer.text
    return answer.json()


def fill(root: TestClient) -> None:
    put(root, "queues", "vip", name="VIP")
    put(root, "queues", "all", name="Everybody")
    put(root, "skills", "english", name="English")
    put(root, "agents", "1001", name="Zoe", queues=["vip", "all"], skills=["english"], branch="East")
    put(root, "agents", "1002", name="Bob", queues=["vip"])


def test_what_is_put_is_shown_and_told_to_the_floor(house: House, root: TestClient) -> None:
    """Lists by id, every field with its default, and one word to the platform for each change."""
    fill(root)
    assert root.get("/api/admin/agents").json() == [
        {
            "id": "1001",
            "name": "Zoe",
            "queues": ["all", "vip"],
            "skills": ["english"],
            "branch": "East",
        },
        {"id": "1002", "name": "Bob", "queues": ["vip"], "skills": [], "branch": ""},
    ]
    assert house.changed == ["queues", "queues", "skills", "agents", "agents"]
    with house.database.transaction() as session:
        assert [a.id for a in load_config(session).agents] == ["1001", "1002"]


def test_the_form_s_row_goes_back_as_it_came(root: TestClient) -> None:
    """The page sends the whole row it was shown; saving it untouched changes nothing."""
    fill(root)
    for kind in ("queues", "skills", "agents"):
        for row in root.get(f"/api/admin/{kind}").json():
            assert put(root, kind, row["id"], 200, **{k: v for k, v in row.items() if k != "id"}) == row


def test_a_queue_that_agents_are_in_is_kept_and_it_is_said_who(root: TestClient) -> None:
    """409 with the agents' ids; and so for a skill somebody has."""
    fill(root)
    answer = root.delete("/api/admin/queues/vip")
    assert answer.status_code == 409
    assert answer.json()["detail"] == "'vip' is used by agents 1001, agents 1002. Change those first."
    assert root.delete("/api/admin/skills/english").json()["used_by"] == ["agents 1001"]
    put(root, "agents", "1001", 200, name="Zoe")
    put(root, "agents", "1002", 200, name="Bob")
    assert root.delete("/api/admin/queues/vip").status_code == 204


def test_an_agent_who_signs_in_is_kept(house: House, root: TestClient) -> None:
    """A user points to the agent they are."""
    fill(root)
    put(root, "users", "ann", 200, name="Ann", role="agent", agent="1001")
    assert root.delete("/api/admin/agents/1001").json()["used_by"] == ["users ann"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"queues": ["vip", "gone"]}, "queues"),
        ({"skills": ["juggling"]}, "skills"),
        ({"shoe_size": 44}, "shoe_size is no field of this kind"),
        ({"name": " "}, "name"),
        ({"name": "a\x00b"}, "name"),
    ],
)
def test_an_agent_that_cannot_be_is_refused_by_field(
    root: TestClient, fields: dict[str, Any], said: str
) -> None:
    """422 with a sentence that begins with the field, and nothing is changed."""
    fill(root)
    problem = put(root, "agents", "1001", 422, **{"name": "Zoe", **fields})
    assert problem["detail"].startswith(said)
    assert root.get("/api/admin/agents/1001").json()["branch"] == "East"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ring_s", 0),
        ("target_share", 0),
        ("target_share", 1.2),
        ("wrap_up_s", -1),
        ("max_wait_s", 1e9),
        ("max_length", 1.5),
        ("age_rate", -1),
        ("busy_window_s", 0),
        ("weight", 1e9),
        ("timezone", "Mars/Olympus"),
        ("when_no_agents", "cry"),
    ],
)
def test_a_rule_the_floor_would_refuse_is_refused_here(root: TestClient, field: str, value: Any) -> None:
    """So that one bad queue never keeps a whole configuration from the floor."""
    assert put(root, "queues", "q", 422, name="Q", **{field: value})["detail"].startswith(field)


def test_an_emptied_number_takes_its_default(root: TestClient) -> None:
    """The form sends null for a field that was cleared."""
    assert put(root, "queues", "q", name="Q", ring_s=None, weight=None)["ring_s"] == 15


def test_supervisors_look_admins_write_agents_do_neither(house: House, root: TestClient) -> None:
    """By role."""
    fill(root)
    sue, ann = house.signed_in("sue"), house.signed_in("ann")
    assert len(sue.get("/api/admin/queues").json()) == 2
    put(sue, "queues", "q", 403, name="Q")
    assert ann.get("/api/admin/queues").status_code == 403
