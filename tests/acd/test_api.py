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
    put(
        root,
        "agents",
        "1001",
        name="Zoe",
        queues=[{"queue": "vip", "level": 2, "penalty": 5}, "all"],
        skills=["english/3"],
        branch="East",
        capacity={"voice": 1, "chat": 3},
        wrap_up_s=45,
        may_pull=True,
    )
    put(root, "agents", "1002", name="Bob", queues=["vip"])
    put(root, "groups", "night", name="Night", agents=["1001"])


def test_what_is_put_is_shown_and_told_to_the_floor(house: House, root: TestClient) -> None:
    """Lists by id, every field with its default, and one word to the platform for each change."""
    fill(root)
    assert root.get("/api/admin/agents").json() == [
        {
            "id": "1001",
            "name": "Zoe",
            "queues": ["all", {"queue": "vip", "level": 2, "penalty": 5}],
            "skills": ["english/3"],
            "branch": "East",
            "capacity": {"chat": 3, "voice": 1},
            "wrap_up_s": 45.0,
            "may_pull": True,
        },
        {
            "id": "1002",
            "name": "Bob",
            "queues": ["vip"],
            "skills": [],
            "branch": "",
            "capacity": {},
            "wrap_up_s": None,
            "may_pull": False,
        },
    ]
    assert root.get("/api/admin/groups").json() == [{"id": "night", "name": "Night", "agents": ["1001"]}]
    assert house.changed == ["queues", "queues", "skills", "agents", "agents", "groups"]
    with house.database.transaction() as session:
        assert [a.id for a in load_config(session).agents] == ["1001", "1002"]


def test_the_form_s_row_goes_back_as_it_came(root: TestClient) -> None:
    """The page sends the whole row it was shown; saving it untouched changes nothing."""
    fill(root)
    recipe = [{"when": ["wait >= 30"], "do": ["relax english to 2", "widen to group night", "to queue all"]}]
    put(root, "queues", "vip", 200, name="VIP", recipe=recipe, callback={"attempts": 5}, join_empty=[])
    for kind in ("queues", "skills", "agents", "groups"):
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


def test_what_a_recipe_names_is_kept_and_it_is_said_by_which_queue(root: TestClient) -> None:
    """A queue, group or skill in a recipe cannot be deleted, and the agents of a group neither."""
    fill(root)
    put(root, "agents", "1001", 200, name="Zoe")
    put(root, "agents", "1002", 200, name="Bob")
    recipe = [
        {"do": ["drop english", "widen to group night"]},
        {"when": ["wait > 60"], "do": ["to queue all"]},
    ]
    put(root, "queues", "vip", 200, name="VIP", recipe=recipe)
    for path in ("queues/all", "groups/night", "skills/english"):
        answer = root.delete(f"/api/admin/{path}")
        assert (answer.status_code, answer.json()["used_by"]) == (409, ["queues vip"])
    assert root.delete("/api/admin/agents/1001").json()["used_by"] == ["groups night"]
    put(root, "queues", "vip", 200, name="VIP")
    for path in ("queues/all", "groups/night", "skills/english", "agents/1001"):
        assert root.delete(f"/api/admin/{path}").status_code == 204


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("to queue gone", "step 2: 'to queue gone': 'gone' is not among the queues"),
        ("widen to group gone", "step 2: 'widen to group gone': 'gone' is not among the groups"),
        ("relax french to 2", "step 2: 'relax french to 2': 'french' is not among the skills"),
        ("drop french", "step 2: 'drop french': 'french' is not among the skills"),
        ("to queue vip", "step 2: 'to queue vip': leads to this very queue"),
        ("fly away", "step 2: 'fly away': is no operation; there are relax … to N, drop …, "),
    ],
)
def test_a_recipe_that_cannot_be_is_told_with_its_step(root: TestClient, step: str, said: str) -> None:
    """What it names must be there; as JSON and as text in the same words."""
    fill(root)
    for recipe in ([{"do": ["raise 5"]}, {"do": [step]}], f"- do: raise 5\n- do: {step}\n"):
        problem = put(root, "queues", "vip", 422, name="VIP", recipe=recipe)
        (error,) = problem["errors"]
        assert error["at"] == "recipe"
        assert error["message"].startswith(said)


def test_a_recipe_may_be_written_as_text(root: TestClient) -> None:
    """It is shown as lists then, each step whole."""
    fill(root)
    text = "- when: wait >= 60 and position > 3\n  do: [raise 5, to voicemail]\n"
    assert put(root, "queues", "vip", 200, name="VIP", recipe=text)["recipe"] == [
        {
            "when": ["wait >= 60", "position > 3"],
            "do": ["raise 5", "to voicemail"],
            "repeat": False,
            "every": 15.0,
        }
    ]


def test_the_cap_is_no_lower_than_where_calls_start(root: TestClient) -> None:
    """Else no call's priority could grow."""
    problem = put(root, "queues", "q", 422, name="Q", base_priority=50, age_cap=20)
    assert problem["detail"].startswith("age_cap is 20, less than the 50 every call here starts from")
    put(root, "queues", "q", 201, name="Q", base_priority=50, age_cap=50)


def test_a_group_is_no_branch(root: TestClient) -> None:
    """The floor writes branches so beside groups."""
    assert put(root, "groups", "branch:East", 422, name="East")["detail"].startswith("id cannot begin with")
    assert put(root, "groups", "g", 422, name="G", agents=["nobody"])["detail"].startswith("agents is 'nob")


def test_an_agent_who_signs_in_is_kept(house: House, root: TestClient) -> None:
    """A user points to the agent they are."""
    fill(root)
    put(root, "users", "ann", 200, name="Ann", role="agent", agent="1001")
    assert "users ann" in root.delete("/api/admin/agents/1001").json()["used_by"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"queues": ["vip", "gone"]}, "queues"),
        ({"skills": ["juggling"]}, "skills"),
        ({"shoe_size": 44}, "shoe_size is no field of this kind"),
        ({"name": " "}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"queues": [{"queue": "gone"}]}, "queues is 'gone', which is not among the queues"),
        ({"queues": [{"queue": "vip", "level": 0}]}, "queues.0.level"),
        ({"queues": [{"queue": "vip", "level": 10}]}, "queues.0.level"),
        ({"queues": [{"queue": "vip", "penalty": -1}]}, "queues.0.penalty"),
        ({"queues": ["vip", {"queue": "vip", "level": 2}]}, "queues name 'vip' twice"),
        ({"skills": ["juggling/2"]}, "skills is 'juggling', which is not among the skills"),
        ({"skills": ["english/0"]}, "skills has 'english/0'; write a skill like english or"),
        ({"skills": ["english/10"]}, "skills"),
        ({"skills": ["english", "english/2"]}, "skills name 'english' twice"),
        ({"capacity": {"voice": -1}}, "capacity.voice"),
        ({"capacity": {"Voice Mail": 1}}, "capacity"),
        ({"wrap_up_s": -1}, "wrap_up_s"),
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
        ("join_empty", ["asleep"]),
        ("strategy", "least busy"),
        ("busy_by", "mood"),
        ("ring_next_s", 0),
        ("seed", -1),
        ("channel", "Voice!"),
        ("callback", {"attempts": 0}),
        ("callback", {"quiet": ["21:00"]}),
        ("callback", {"quiet": ["21", "8"]}),
        ("announce", {"every_s": 3}),
        ("announce", {"loud": True}),
        ("recipe", "hang up"),
    ],
)
def test_a_rule_the_floor_would_refuse_is_refused_here(root: TestClient, field: str, value: Any) -> None:
    """So that one bad queue never keeps a whole configuration from the floor."""
    assert put(root, "queues", "q", 422, name="Q", **{field: value})["detail"].startswith(field)


def test_an_emptied_number_takes_its_default(root: TestClient) -> None:
    """The form sends null for a field that was cleared."""
    assert put(root, "queues", "q", name="Q", ring_s=None, weight=None)["ring_s"] == 15


def test_parts_of_rules_take_their_defaults_too(root: TestClient) -> None:
    """An emptied number in them, quiet hours as one text, or nothing at all."""
    callback = {"attempts": None, "quiet": "22:00-07:00"}
    row = put(root, "queues", "q", name="Q", callback=callback, announce=None, leave_empty=["paused"] * 2)
    assert row["callback"] == {
        "expires_s": 86_400.0,
        "quiet": ["22:00", "07:00"],
        "attempts": 3,
        "retry_s": 1800.0,
    }
    assert row["announce"]["position"] is True
    assert (row["join_empty"], row["leave_empty"]) == (["signed_out"], ["paused"])


def test_the_earlier_word_for_a_queue_without_agents_is_understood(root: TestClient) -> None:
    """Files exported before say ``wait`` or ``return``."""
    assert put(root, "queues", "w", name="W", when_no_agents="wait")["leave_empty"] == []
    assert put(root, "queues", "r", name="R", when_no_agents="return")["join_empty"] == ["signed_out"]


def test_supervisors_look_admins_write_agents_do_neither(house: House, root: TestClient) -> None:
    """By role."""
    fill(root)
    sue, ann = house.signed_in("sue"), house.signed_in("ann")
    assert len(sue.get("/api/admin/queues").json()) == 2
    put(sue, "queues", "q", 403, name="Q")
    assert ann.get("/api/admin/queues").status_code == 403
