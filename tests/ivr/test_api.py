"""The admin's entry numbers, over HTTP on a real database."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from common import auth
from domain.instant import Instant
from ivr import api, drafts
from ivr.book import FlowBook
from ivr.drafts import Author
from tests.common.web import House, TestClient, make_house  # type: ignore[attr-defined]
from tests.hashes import quick_hashes
from tests.ivr.flows import small_flow, small_text

NUMBERS = "/api/admin/entry-numbers"
BANK = small_text("start: {type: hang_up}").replace("small", "bank")
ANN = Author("ann", Instant(1))

__all__ = ["quick_hashes"]


@pytest.fixture
def house(tmp_path: Path, quick_hashes: None) -> Iterator[House]:
    house = make_house(f"sqlite:///{tmp_path / 'house.db'}", auth.router, api.router)
    file = tmp_path / "bank.yaml"
    file.write_text(BANK, encoding="utf-8")
    house.app.state.book = FlowBook([file])
    for user, role in (("root", "admin"), ("sue", "supervisor"), ("ann", "agent")):
        house.add(user, role)  # type: ignore[arg-type]
    yield house
    house.database.close()


@pytest.fixture
def root(house: House) -> TestClient:
    return house.signed_in("root")


def put(browser: TestClient, number: str, code: int = 201, **fields: Any) -> Any:
    answer = browser.put(f"{NUMBERS}/{number}", json={"name": "Hotline", "flow": "bank", **fields})
    assert answer.status_code == code, answer.text
    return answer.json()


def test_a_number_is_one_number_however_it_is_written(house: House, root: TestClient) -> None:
    """In the address and in the body, when it is added, changed, read and deleted."""
    made = put(root, "955 88", id="(955)88", source="press")
    assert made == {"id": "95588", "name": "Hotline", "flow": "bank", "source": "press", "warnings": []}
    assert put(root, "955-88", 200, id="955-88")["source"] == ""
    assert root.get(f"{NUMBERS}/９５５８８").json()["id"] == "95588"
    assert root.post(NUMBERS, json={"id": "955.88", "name": "Again", "flow": "bank"}).status_code == 409
    assert root.delete(f"{NUMBERS}/95588").status_code == 204
    assert root.get(NUMBERS).json() == []
    assert house.changed == ["entry-numbers"] * 3


def test_a_number_with_a_plus_has_an_address(root: TestClient) -> None:
    """As browsers encode it."""
    assert put(root, "%2B86%20800")["id"] == "+86800"
    assert root.get(f"{NUMBERS}/%2B86800").status_code == 200


def test_a_deleted_number_may_come_back(root: TestClient) -> None:
    """It is the same number, not a new thing under an old name."""
    put(root, "95588")
    root.delete(f"{NUMBERS}/95588")
    put(root, "95588")


def test_a_flow_that_is_not_loaded_is_a_warning(house: House, root: TestClient) -> None:
    """The row is kept; its answer and the list say what callers get, until the flow is there."""
    warned = put(root, "800", flow="small")
    assert warned["warnings"] == [
        "There is no flow small; callers of 800 get the default flow until it is there. Known are bank."
    ]
    (row,) = root.get(NUMBERS).json()
    assert row == warned
    assert put(root, "800", 200, **row) == row  # the form sends back the row as it was shown
    house.app.state.book.add(small_flow("start: {type: hang_up}"))
    assert root.get(f"{NUMBERS}/800").json()["warnings"] == []


@pytest.mark.parametrize(
    ("number", "fields", "said"),
    [
        ("sales", {}, "id 'sales' is no number to dial"),
        ("95588", {"id": "800"}, "id is 95588 in the address but 800 in the body"),
        ("95588", {"id": "sales"}, "id 'sales' is no number to dial"),
        ("95588", {"flow": "../bank"}, "flow"),
        ("95588", {"name": ""}, "name"),
        ("95588", {"queue": "x"}, "queue is no field of this kind"),
    ],
)
def test_what_cannot_be_is_refused_by_field(
    root: TestClient, number: str, fields: dict[str, Any], said: str
) -> None:
    """422 with a sentence that begins with the field."""
    assert put(root, number, 422, **fields)["detail"].startswith(said)
    assert root.get(NUMBERS).json() == []


def test_adding_needs_a_number_and_may_be_only_adding(root: TestClient) -> None:
    """POST without an id, and PUT with If-None-Match over a number that is there."""
    assert root.post(NUMBERS, json={"name": "x", "flow": "bank"}).status_code == 422
    put(root, "95588")
    again = root.put(f"{NUMBERS}/95588", json={"name": "x", "flow": "bank"}, headers={"If-None-Match": "*"})
    assert again.status_code == 409
    assert root.get(f"{NUMBERS}/1").status_code == 404
    assert root.delete(f"{NUMBERS}/1").status_code == 404


def test_a_published_flow_is_there(house: House, root: TestClient) -> None:
    """A draft is not; what is withdrawn is not any more."""
    put(root, "800", flow="shop")
    with house.database.transaction() as session:
        text = drafts.written(small_text("start: {type: hang_up}").replace("small", "shop"))
        tag = drafts.save_draft(session, "shop", text, ANN, tag=None, above=0, note="").tag
    assert "Known are bank." in root.get(f"{NUMBERS}/800").json()["warnings"][0]
    with house.database.transaction() as session:
        drafts.publish(session, "shop", ANN, tag=tag, live=None, note="")
    assert root.get(NUMBERS).json()[0]["warnings"] == []
    assert "Known are bank, shop." in put(root, "801", flow="none")["warnings"][0]
    with house.database.transaction() as session:
        drafts.withdraw(session, "shop", ANN, live=1, note="")
    assert len(root.get(f"{NUMBERS}/800").json()["warnings"]) == 1


def test_supervisors_look_admins_write_agents_do_neither(house: House) -> None:
    """By role."""
    sue, ann = house.signed_in("sue"), house.signed_in("ann")
    put(sue, "95588", 403)
    assert sue.get(NUMBERS).status_code == 200
    assert ann.get(NUMBERS).status_code == 403
    assert sue.delete(f"{NUMBERS}/95588").status_code == 403
