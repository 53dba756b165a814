"""Flows over HTTP on a real database: looking, drafting, checking, publishing, going back, comparing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from common import auth
from ivr import api
from ivr.book import FlowBook
from ivr.check import Surroundings
from tests.common.web import House, TestClient, make_house  # type: ignore[attr-defined]
from tests.hashes import quick_hashes
from tests.ivr.flows import small_text

FLOWS = "/api/ivr/flows"
SMALL = f"{FLOWS}/small"
BANK = small_text("start: {type: hang_up}", title="A bank").replace("small", "bank")
TEXT = small_text("start: {type: hang_up}", title="Small talk")
WRONG = TEXT.replace("hang_up", "hang_upp")

__all__ = ["quick_hashes"]


@pytest.fixture
def house(tmp_path: Path, quick_hashes: None) -> Iterator[House]:
    house = make_house(f"sqlite:///{tmp_path / 'house.db'}", auth.router, api.router)
    file = tmp_path / "bank.yaml"
    file.write_text(BANK, encoding="utf-8")
    house.app.state.book = FlowBook([file])
    for user, role in (("root", "admin"), ("rita", "admin"), ("sue", "supervisor"), ("ann", "agent")):
        house.add(user, role)  # type: ignore[arg-type]
    yield house
    house.database.close()


@pytest.fixture
def root(house: House) -> TestClient:
    return house.signed_in("root")


def save(browser: TestClient, text: str = TEXT, tag: str = "", code: int = 201, flow: str = "small") -> Any:
    headers = {"If-Match": f'"{tag}"'} if tag else {}
    answer = browser.put(f"{FLOWS}/{flow}/draft", json={"text": text}, headers=headers)
    assert answer.status_code == code, answer.text
    if code < 300:
        assert answer.headers["etag"] == f'"{answer.json()["tag"]}"'
    return answer.json()


def publish(
    browser: TestClient, tag: str, live: int | None = None, code: int = 200, flow: str = "small"
) -> Any:
    answer = browser.post(
        f"{FLOWS}/{flow}/publish", json={"live": live, "note": "go"}, headers={"If-Match": f'"{tag}"'}
    )
    assert answer.status_code == code, answer.text
    return answer.json()


def published(browser: TestClient, text: str = TEXT, flow: str = "small") -> int:
    """A new version, live."""
    live = None
    if (now := browser.get(f"{FLOWS}/{flow}")).status_code == 200:
        live = next((v["version"] for v in now.json()["versions"] if _is_live_row(v)), None)
    version: int = publish(browser, save(browser, text, flow=flow)["tag"], live, flow=flow)["version"]
    return version


def _is_live_row(version: dict[str, Any]) -> bool:
    return version["state"] == "published" and version["source"] == "rows"


def post(browser: TestClient, path: str, code: int = 200, **body: Any) -> Any:
    answer = browser.post(f"{FLOWS}/{path}", json=body)
    assert answer.status_code == code, answer.text
    return answer.json() if answer.content else None


def test_flows_are_listed_with_where_they_come_from(house: House, root: TestClient) -> None:
    """Files, published rows and mere drafts, by name, with the numbers that lead to them."""
    root.put("/api/admin/entry-numbers/95588", json={"name": "Hotline", "flow": "bank"})
    root.put("/api/admin/entry-numbers/800", json={"name": "Hotline", "flow": "bank"})
    published(root)
    draft = save(root, TEXT.replace("small", "shop"), flow="shop")
    bank, shop, small = house.signed_in("sue").get(FLOWS).json()
    assert bank == {
        "name": "bank",
        "version": 1,
        "title": "A bank",
        "languages": ["en", "zh-CN"],
        "numbers": ["800", "95588"],
        "source": "file",
        "draft": None,
    }
    assert (small["version"], small["source"]) == (1, "rows")
    assert (shop["version"], shop["source"], shop["title"]) == (0, "none", "Small talk")
    assert shop["draft"] == {"version": 1, "tag": draft["tag"], "by": "root", "at": draft["changed_at"]}


def test_a_draft_is_kept_right_or_wrong(house: House, root: TestClient) -> None:
    """Its answer says every problem with its line; so does reading it again."""
    made = save(root, WRONG)
    assert (made["version"], made["state"], made["tag"], made["warnings"]) == (1, "draft", "1.1", [])
    (problem,) = made["problems"]
    assert WRONG.splitlines()[problem["line"] - 1] == "  start: {type: hang_upp}"
    assert "unknown type hang_upp" in problem["reason"]
    read = house.signed_in("sue").get(f"{SMALL}/draft")
    assert read.json() == made and read.headers["etag"] == '"1.1"'
    assert save(root, "{", "1.1", 200)["problems"][0]["reason"].startswith("this is not YAML")
    assert save(root, "", "1.2", 200)["problems"][0]["reason"] == "the document is empty"
    assert save(root, TEXT, "1.3", 200)["problems"] == []
    assert house.changed == []  # callers do not get drafts


def test_what_may_not_be_meant_is_a_warning(house: House, root: TestClient) -> None:
    """It is told with a draft, and keeps nobody from publishing it."""
    house.app.state.flow_names = lambda session: Surroundings({"queue": frozenset({"sales"})})
    made = save(root, small_text("start: {type: queue, queue: sails, exits: {default: end}}"))
    assert made["problems"] == []
    assert [w["reason"] for w in made["warnings"]] == [
        "there is no queue everybody",
        "node start: there is no queue sails",
    ]
    assert root.get(f"{SMALL}/draft").json()["warnings"] == made["warnings"]
    assert root.post("/api/ivr/check", json={"text": made["text"]}).json()["warnings"] == made["warnings"]
    publish(root, made["tag"])


def test_a_flow_that_goes_in_circles_is_not_published(root: TestClient) -> None:
    """Though it can be loaded."""
    circle = small_text("""
    start: {type: set, values: {a: 1}, next: again}
    again: {type: branch, cases: [{variable: a, value: x, exit: out}], exits: {out: end, otherwise: start}}
    """)
    refused = publish(root, save(root, circle)["tag"], code=422)
    assert "goes round at once, without end" in refused["detail"]


def test_a_draft_is_of_its_flow(root: TestClient) -> None:
    """Another name in the text is a problem at the line of the name."""
    made = save(root, TEXT.replace("flow: small", "flow: large"))
    assert made["problems"] == [
        {"line": 1, "reason": "the flow is named large here, but it is kept as small"}
    ]


def test_nobody_overwrites_a_draft_they_have_not_seen(house: House, root: TestClient) -> None:
    """409 without a tag, 412 with an old one; both say whose the draft is and which tag it bears now."""
    save(root)
    rita = house.signed_in("rita")
    refused = save(rita, code=409)
    assert "root has a draft of small (version 1)" in refused["detail"]
    save(rita, WRONG, refused["draft"]["tag"], 200)
    late = save(root, TEXT, "1.1", 412)
    assert (late["draft"]["tag"], late["draft"]["by"]) == ("1.2", "rita")
    assert root.delete(f"{SMALL}/draft").status_code == 409
    assert root.delete(f"{SMALL}/draft", headers={"If-Match": '"1.1"'}).status_code == 412
    assert root.delete(f"{SMALL}/draft", headers={"If-Match": 'W/"1.2"'}).status_code == 204
    assert root.get(f"{SMALL}/draft").status_code == 404
    assert save(root, TEXT, "1.2", 412)["title"] == "The draft is gone"


def test_checking_keeps_nothing(root: TestClient) -> None:
    """Whatever the flow is called."""
    answer = root.post("/api/ivr/check", json={"text": WRONG})
    assert [p["line"] for p in answer.json()["problems"]] == [8]
    assert root.post("/api/ivr/check", json={"text": TEXT}).json() == {"problems": [], "warnings": []}
    assert [flow["name"] for flow in root.get(FLOWS).json()] == ["bank"]


def test_only_what_can_be_run_is_published(house: House, root: TestClient) -> None:
    """A text with problems is refused with all of them, and stays a draft."""
    tag = save(root, WRONG)["tag"]
    refused = publish(root, tag, code=422)
    assert refused["detail"].startswith("The text has a problem; the first is in line 8: node start")
    assert [p["line"] for p in refused["problems"]] == [8]
    assert root.get(f"{SMALL}/draft").json()["tag"] == tag
    assert house.changed == []


def test_publishing_is_for_everybody_at_once(house: House, root: TestClient) -> None:
    """The version is live, there is no draft any more, and whoever runs calls is told."""
    made = publish(root, save(root)["tag"])
    assert (made["version"], made["state"], made["published_by"], made["note"]) == (
        1,
        "published",
        "root",
        "go",
    )
    assert house.changed == ["flows"]
    detail = root.get(SMALL).json()
    assert (detail["version"], detail["draft"], len(detail["versions"])) == (1, None, 1)


def test_of_two_who_publish_one_wins(house: House, root: TestClient) -> None:
    """The other is told who was faster, whether they publish the same draft or saw another version live."""
    rita = house.signed_in("rita")
    tag = save(root)["tag"]
    publish(root, tag)
    late = publish(rita, tag, code=409)
    assert "root published version 1" in late["detail"]
    tag = save(rita)["tag"]
    late = publish(rita, tag, None, code=409)
    assert (late["title"], late["live"]) == ("Somebody was faster", 1)
    assert publish(rita, tag, 1)["version"] == 2


def test_going_back_makes_an_older_version_live(house: House, root: TestClient) -> None:
    """Under its number, recorded with who and why."""
    published(root)
    published(root, TEXT.replace("Small", "Big"))
    rita = house.signed_in("rita")
    made = post(rita, "small/rollback", version=1, live=2, note="too big")
    assert (made["version"], made["state"], made["published_by"]) == (1, "published", "rita")
    assert post(rita, "small/rollback", 409, version=2, live=2)["live"] == 1
    assert post(rita, "small/rollback", 404, version=9, live=1)["title"] == "No such version"
    detail = root.get(SMALL).json()
    assert [(v["version"], v["state"]) for v in detail["versions"]] == [(2, "retired"), (1, "published")]
    deeds = house.signed_in("sue").get(f"{SMALL}/history").json()
    assert [(d["by"], d["what"], d["version"], d["before"], d["note"]) for d in deeds] == [
        ("rita", "rolled_back", 1, 2, "too big"),
        ("root", "published", 2, 1, "go"),
        ("root", "drafted", 2, 1, ""),
        ("root", "published", 1, None, "go"),
        ("root", "drafted", 1, None, ""),
    ]
    assert house.changed == ["flows"] * 3


def test_rows_win_over_a_file_until_they_are_withdrawn(house: House, root: TestClient) -> None:
    """A draft of a flow in a file is numbered above it; the file's version can be live again, too."""
    file = root.get(f"{FLOWS}/bank/versions/1").json()
    assert (file["source"], file["state"], file["created_at"]) == ("file", "published", None)
    assert file["file"].endswith("bank.yaml")
    assert published(root, file["text"].replace("A bank", "The bank"), flow="bank") == 2
    shown = root.get(f"{FLOWS}/bank").json()
    assert (shown["source"], shown["version"], shown["title"]) == ("rows", 2, "The bank")
    assert [(v["version"], v["source"], v["state"]) for v in shown["versions"]] == [
        (2, "rows", "published"),
        (1, "file", "retired"),
    ]
    back = post(root, "bank/rollback", version=1, live=2)
    assert (back["version"], back["source"], back["state"]) == (1, "rows", "published")
    assert root.get(f"{FLOWS}/bank/versions/1").json()["text"] == file["text"]
    post(root, "bank/withdraw", 204, live=1)
    shown = root.get(f"{FLOWS}/bank").json()
    assert (shown["source"], shown["version"], shown["title"]) == ("file", 1, "A bank")
    assert post(root, "bank/withdraw", 404, live=None)["title"] == "Nothing to withdraw"
    assert root.get(f"{FLOWS}/bank/history").json()[0]["what"] == "withdrawn"


def test_two_versions_are_compared_by_line_and_by_node(root: TestClient) -> None:
    """A draft is a version too."""
    nodes = "start: {type: set, values: {a: 1}, next: end}"
    published(root, small_text(nodes))
    nodes = "start: {type: say, prompts: {en: Hi, zh-CN: 您好}, next: bye}\nbye: {type: hang_up}"
    save(root, small_text(nodes, title="New"))
    answer = root.get(f"{SMALL}/diff", params={"from": 1, "to": 2}).json()
    assert answer["text"].splitlines()[:2] == ["--- small version 1", "+++ small version 2"]
    assert "+title: New" in answer["text"].splitlines()
    assert {**answer, "text": ""} == {
        "text": "",
        "readable": True,
        "head": ["title"],
        "added": ["bye"],
        "removed": ["end"],
        "changed": [{"node": "start", "what": ["type", "values", "exits.done", "prompts"]}],
    }
    assert root.get(f"{SMALL}/diff", params={"from": 1, "to": 9}).status_code == 404
    assert root.get(f"{SMALL}/diff", params={"from": 1}).status_code == 422


@pytest.mark.parametrize(
    "path", ["none", "none/history", "none/draft", "none/versions/1", "bank/versions/7", "bank/draft"]
)
def test_what_is_not_there_is_not_found(root: TestClient, path: str) -> None:
    """404 with what is missing."""
    answer = root.get(f"{FLOWS}/{path}")
    assert answer.status_code == 404
    assert answer.json()["detail"].startswith("There is no ")


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "x" * 200_001])
def test_a_text_that_cannot_be_kept_is_refused(root: TestClient, text: str) -> None:
    """By field."""
    body = '{"text": ' + ascii_json(text) + "}"
    answer = root.put(f"{SMALL}/draft", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("text ")


def test_escapes_of_what_is_no_character_are_shown_without(root: TestClient) -> None:
    """A text may write them; its title, its problems and its changes are words."""
    text = 'flow: small\nversion: 1\ntitle: "a\\ud800\\0b"\nlanguages: ["\\udfff"]\nnodes: {"\\ud800": {}}\n'
    made = save(root, text)
    assert (made["title"], made["languages"]) == ("a??b", ["?"])
    assert any("'?'" in problem["reason"] or "node ?" in problem["reason"] for problem in made["problems"])
    assert root.get(FLOWS).json()[1]["title"] == "a??b"
    save(root, text.replace("nodes", "more"), made["tag"], 200)
    assert root.get(f"{SMALL}/diff?from=1&to=1").status_code == 200


def ascii_json(text: str) -> str:
    import json

    return json.dumps(text)


@pytest.mark.parametrize("name", ["a b", "9", "x" * 65, "..", "a.b"])
def test_a_flow_has_a_name_that_files_can_use(root: TestClient, name: str) -> None:
    """Letters, digits, _ and -, as in its text."""
    assert root.put(f"{FLOWS}/{name}/draft", json={"text": TEXT}).status_code in (404, 405, 422)


def test_the_schema_is_there_for_editors(root: TestClient) -> None:
    """Or it is said that there is none."""
    answer = root.get("/api/ivr/schema")
    assert answer.status_code in (200, 404)
    if answer.status_code == 200:
        assert answer.json()["$schema"].startswith("https://json-schema.org/")


def test_supervisors_look_admins_write_agents_do_neither(house: House, root: TestClient) -> None:
    """By role."""
    save(root)
    sue, ann = house.signed_in("sue"), house.signed_in("ann")
    reads = ["", "/small", "/small/draft", "/small/versions/1", "/small/history", "/small/diff?from=1&to=1"]
    assert {sue.get(FLOWS + path).status_code for path in reads} == {200}
    assert {ann.get(FLOWS + path).status_code for path in reads} == {403}
    for who in (sue, ann):
        save(who, tag="1.1", code=403)
        publish(who, "1.1", code=403)
        post(who, "small/rollback", 403, version=1, live=None)
        post(who, "small/withdraw", 403, live=None)
        assert who.delete(f"{SMALL}/draft").status_code == 403
        assert who.post("/api/ivr/check", json={"text": TEXT}).status_code == 403
