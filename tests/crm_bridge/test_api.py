"""The customers' API and tiers as configuration rows, over HTTP with real sessions."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from common.auth import UserRow, sessions
from common.db import Database
from common.rows import KINDS
from crm_bridge import api, contacts, retail, tiers
from crm_bridge.models import CustomerRow
from crm_bridge.records import Contact
from domain.ids import CustomerId
from domain.instant import Instant
from tests.common.web import House, TestClient, make_house  # type: ignore[attr-defined]
from tests.crm_bridge.bank import HOME, NOW, WAN, WANG, li, wang, write

SignIn = Callable[[str], TestClient]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A bank with the retail scheme and two customers who share a number."""
    house = make_house(tmp_path, api.router)
    house.app.state.settings = SimpleNamespace(region="CN")
    house.app.state.agent_names = lambda: {"zhao": "赵敏 (8001)"}
    with house.database.transaction() as session:
        retail.seed(session)
    write(house.database, wang(), li())
    yield house
    house.database.close()


@pytest.fixture
def bank(house: House) -> Database:
    return house.database


@pytest.fixture
def sign_in(house: House) -> SignIn:
    """A browser of somebody with this role (empty: of nobody)."""

    def make(role: str) -> TestClient:
        client = house.browser()
        if not role:
            return client
        with house.database.transaction() as session:
            session.merge(
                UserRow(id=role, name=role, hash="", role=role, agent=None, language="zh-CN", disabled=False)
            )
            session.flush()
            token, row = sessions.begin(session, role, sessions.wall_clock())
            client.headers["X-CSRF-Token"] = row.csrf
        client.cookies.set("callfloor", token)
        return client

    return make


def form(**more: Any) -> dict[str, Any]:
    return {"name": "周杰", "phones": ["138 0000 0009"], **more}


def seen(client: TestClient, id: str = "c-1") -> dict[str, Any]:
    """What a page sends back to change a customer it has read."""
    shown = client.get(f"/api/customers/{id}").json()
    fields = ("name", "language", "phones", "assets", "currency", "born", "owners", "version")
    return {f: shown[f] for f in fields} | {"branch": shown["branch"] or "", "notes": shown["notes"] or ""}


ROUTES = (
    ("GET", "/api/customers"),
    ("GET", "/api/customers/c-1"),
    ("GET", "/api/customers/c-1/contacts"),
    ("POST", "/api/customers"),
    ("PUT", "/api/customers/c-1"),
)


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_customers_are_for_those_who_serve_them(sign_in: SignIn, method: str, path: str) -> None:
    """Nobody signed in: 401; a planner: 403; writing without the page's token: 403. All as problem+json."""
    bare = sign_in("agent")
    del bare.headers["X-CSRF-Token"]
    answers = [(sign_in(""), 401), (sign_in("planner"), 403)] + ([(bare, 403)] if method != "GET" else [])
    for client, status in answers:
        answer = client.request(method, path, json=form(version=1) if method != "GET" else None)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_every_route_is_listed_above() -> None:
    """A new route cannot be forgotten by the test of roles."""
    there = {(m, r.path) for r in api.routes.routes for m in r.methods}  # type: ignore[attr-defined]
    assert there == {(m, p.replace("c-1", "{id}")) for m, p in ROUTES}


def test_search_by_pages(sign_in: SignIn) -> None:
    """By number as it is written; ``next`` leads to the rest and ends."""
    client = sign_in("agent")
    found = client.get("/api/customers", params={"q": "138-0000-0001"}).json()
    expected = {
        "id": "c-1",
        "name": "王伟",
        "tier": "retail-wealth",
        "tier_name": "财富客户",
        "branch": "城东支行",
        "phones": [WANG, HOME],
    }
    assert found == {"customers": [expected], "next": None}
    first = client.get("/api/customers", params={"limit": 1}).json()
    assert (first["customers"][0]["id"], first["next"]) == ("c-1", "c-1")
    second = client.get("/api/customers", params={"limit": 1, "after": first["next"]}).json()
    assert (second["customers"][0]["id"], second["next"]) == ("c-2", None)


def test_an_agent_enters_a_customer(sign_in: SignIn) -> None:
    """Numbers become E.164; the answer is the customer, who is there when it arrives."""
    client = sign_in("agent")
    owner = {"role": "客户经理", "name": "赵敏", "agent": "zhao"}
    made = client.post("/api/customers", json=form(owners=[owner], born="1990-02-01", language="zh-CN"))
    assert made.status_code == 201, made.text
    shown = client.get(made.headers["location"]).json()
    assert shown == made.json()
    assert shown["phones"] == ["+8613800000009"]
    assert shown["owners"] == [{"role": "客户经理", "name": "赵敏 (8001)", "agent": "zhao"}]
    assert (shown["tier"], shown["assets"], shown["born"], shown["version"]) == (None, None, "1990-02-01", 1)


def test_an_agent_changes_a_customer(sign_in: SignIn, bank: Database) -> None:
    """What is sent is there, products stay, and the row knows who did it."""
    client = sign_in("agent")
    body = seen(client) | {"notes": "请在晚上联系", "phones": [HOME, "13800000001"]}
    answer = client.put("/api/customers/c-1", json=body)
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    assert (shown["notes"], shown["phones"], shown["version"]) == ("请在晚上联系", [HOME, WANG], 2)
    assert (len(shown["products"]), shown["assets"], shown["tier"]) == (2, "600000.00", "retail-wealth")
    with bank.transaction() as session:
        assert session.get_one(CustomerRow, "c-1").changed_by == "agent"


def test_only_supervisors_and_admins_say_what_somebody_owns(sign_in: SignIn) -> None:
    """Assets decide who is served first: 403 for an agent, whose form without them leaves them alone."""
    agent, supervisor = sign_in("agent"), sign_in("supervisor")
    body = seen(agent) | {"assets": "99000000"}
    answer = agent.put("/api/customers/c-1", json=body)
    assert (answer.status_code, answer.json()["title"]) == (403, "Assets are not yours to change")
    assert agent.put("/api/customers/c-1", json=seen(agent) | {"currency": "USD"}).status_code == 403
    assert agent.post("/api/customers", json=form(assets="1")).status_code == 403
    assert supervisor.put("/api/customers/c-1", json=body).json()["tier"] == "retail-private"
    without = {k: v for k, v in seen(agent).items() if k != "assets"}
    assert agent.put("/api/customers/c-1", json=without).json()["assets"] == "99000000.00"


@pytest.mark.parametrize(
    ("wrong", "at", "said"),
    [
        ({"phones": ["12"]}, "phones.0", "'12' is no telephone number in CN; write it with its country code"),
        ({"phones": [WANG, "13800000001"]}, "phones.1", "'13800000001' is the same as number 1"),
        ({"assets": "1.005"}, "assets", "at most two decimals"),
        ({"born": "2999-01-01"}, "born", "in the future"),
        ({"name": "  "}, "name", "at least 1 character"),
        ({"language": "Chinese"}, "language", "pattern"),
        ({"colour": "red"}, "colour", "is no field"),
        ({"owners": [{"role": "", "name": "x"}]}, "owners.0.role", "at least 1 character"),
    ],
)
def test_what_is_wrong_is_said_by_field(sign_in: SignIn, wrong: dict[str, Any], at: str, said: str) -> None:
    """422 with the field and a sentence; nothing is written."""
    client = sign_in("admin")
    answer = client.post("/api/customers", json=form(**wrong))
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    (error,) = answer.json()["errors"]
    assert error["at"] == at and said in error["message"], error
    assert len(client.get("/api/customers").json()["customers"]) == 2


def test_the_slower_of_two_editors_is_told(sign_in: SignIn) -> None:
    """409 naming who was faster; the faster one's change stays."""
    agent, supervisor = sign_in("agent"), sign_in("supervisor")
    body = seen(agent)
    assert supervisor.put("/api/customers/c-1", json=body | {"notes": "first"}).status_code == 200
    answer = agent.put("/api/customers/c-1", json=body | {"notes": "second"})
    assert answer.status_code == 409
    assert "by supervisor" in answer.json()["detail"]
    assert seen(agent)["notes"] == "first"


def test_an_unknown_customer_is_404(sign_in: SignIn) -> None:
    """Read, change, contacts."""
    client = sign_in("agent")
    body = seen(client)
    answers = [
        client.get("/api/customers/gone"),
        client.get("/api/customers/gone/contacts"),
        client.put("/api/customers/gone", json=body),
    ]
    assert [a.status_code for a in answers] == [404, 404, 404]
    assert answers[0].json()["detail"] == "There is no customer gone."


def test_contacts_page_by_page(sign_in: SignIn, bank: Database) -> None:
    """Newest first, each once, with the call where it was one; a made-up cursor is 422."""
    with bank.transaction() as session:
        for at in range(5):
            said = Contact(Instant(NOW + at // 2), "phone", "in", summary=str(at))
            contacts.add(session, CustomerId("c-1"), said)
    client = sign_in("agent")
    summaries: list[str] = []
    before = ""
    while before is not None:
        page = client.get("/api/customers/c-1/contacts", params={"limit": 2, "before": before}).json()
        summaries += [c["summary"] for c in page["contacts"]]
        before = page["next"]
    assert summaries == ["4", "3", "2", "1", "0"]
    assert client.get("/api/customers/c-1/contacts", params={"before": "x"}).status_code == 422


# ------------------------------------------------------------------ tiers


def tier(**more: Any) -> dict[str, Any]:
    return {"name": "超高净值", "scheme": "boc", "low": 1000, "high": None, "priority": 5, **more}


def test_tiers_are_shown_in_currency_units(sign_in: SignIn) -> None:
    """5 万 is 50000, not fen; an open upper end is null."""
    rows = {r["id"]: r for r in sign_in("admin").get("/api/admin/tiers").json()}
    assert (rows["retail-mass"]["low"], rows["retail-mass"]["high"]) == (1000, 50_000)
    assert rows["retail-private"] == {
        "id": "retail-private",
        "name": "私人银行客户",
        "scheme": "retail",
        "currency": "CNY",
        "low": 3_000_000,
        "high": None,
        "priority": 80.0,
        "owner_roles": ["网点经理", "客户经理主管"],
        "conditions": {},
    }


def test_a_new_scheme_begins_with_its_first_tier(sign_in: SignIn, house: House) -> None:
    """A tier may name a scheme that is not there yet; the floor hears of the change; later tiers join it."""
    client = sign_in("admin")
    first = client.put(
        "/api/admin/tiers/boc-1", json=tier(high=2000, currency="USD", conditions={"max_age": 60})
    )
    assert first.status_code == 201, first.text
    second = client.put("/api/admin/tiers/boc-2", json=tier(low=2000.01))
    assert (second.status_code, second.json()["currency"], second.json()["low"]) == (201, "USD", 2000.01)
    assert house.changed == ["tiers", "tiers"]
    with house.database.transaction() as session:
        scheme = tiers.known(tiers.load(session), "boc")
    assert scheme is not None and [t.low for t in scheme.tiers] == [100_000, 200_001]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (tier(scheme="retail", low=40_000, high=60_000), ("new", "retail-mass")),
        (tier(low=5, high=5), ("new", "is empty")),
        (tier(low=-1), ("low must not be below 0",)),
        (tier(low=0.001), ("low", "two decimals")),
        (tier(conditions={"shoe_size": 43}), ("shoe_size", "max_age")),
        (tier(scheme="retail", low=0, high=10, currency="USD"), ("currency", "retail", "CNY")),
    ],
)
def test_a_tier_that_contradicts_is_refused(
    sign_in: SignIn, body: dict[str, Any], said: tuple[str, ...]
) -> None:
    """422; an overlap names both tiers."""
    answer = sign_in("admin").put("/api/admin/tiers/new", json=body)
    assert answer.status_code == 422, answer.text
    assert all(word in answer.json()["detail"] for word in said), answer.json()


def test_a_tier_can_be_narrowed_and_deleted(sign_in: SignIn) -> None:
    """What the page read, it can send back changed; customers of a deleted tier have none."""
    client = sign_in("admin")
    row = client.get("/api/admin/tiers/retail-wealth").json()
    assert client.put("/api/admin/tiers/retail-wealth", json=row | {"high": 1_000_000}).status_code == 200
    assert client.delete("/api/admin/tiers/retail-wealth").status_code == 204
    assert client.get("/api/customers/c-1").json()["tier"] is None


def test_exported_tiers_can_be_imported(sign_in: SignIn, bank: Database) -> None:
    """The file of one bank makes the same schemes in another."""
    kind = KINDS["tiers"]
    with bank.transaction() as session:
        rows = kind.export_rows(session)
        tiers.put(session, retail.scheme().__class__("retail", "个人客户分层", "CNY", ()))
        assert tiers.names(session) == {}
        assert kind.import_rows(session, rows, "bank.yaml") == []
        session.expire_all()
        assert tiers.load(session) == [retail.scheme()]
        assert tiers.load(session)[0].tiers[0].low == WAN // 10
