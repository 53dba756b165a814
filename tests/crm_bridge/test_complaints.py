"""Complaints: one contract for whoever keeps them, and who may read them over HTTP."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta, timezone
from pathlib import Path
from typing import Any, Protocol

import pytest
from sqlalchemy import select

from common.asks import CannotAnswer
from common.auth import UserRow, sessions
from common.db import Database
from crm_bridge import api, complaints_api, contacts
from crm_bridge.bank_models import ComplaintDayRow
from crm_bridge.complaints import Complaint, day_of
from crm_bridge.complaints_database import DatabaseComplaints
from crm_bridge.complaints_memory import MemoryComplaints
from domain.ids import CallId
from domain.instant import Instant
from ivr.asks import Complaints
from tests.common.web import House, TestClient, make_house  # type: ignore[attr-defined]
from tests.crm_bridge.bank import NOW, WANG, wang, write
from tests.crm_bridge.books import Clock
from tests.crm_bridge.conftest import seeded

CALL = CallId("call-1")
DAY = "20251009"
"""Of ``NOW``, in UTC and in China."""


class Desk(Complaints, Protocol):
    """What is kept can be looked at."""

    def all(self) -> list[Complaint]:
        """Every complaint, oldest first."""


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.peer)])
def desk(request: pytest.FixtureRequest, clock: Clock) -> Desk:
    if request.param == "memory":
        return MemoryComplaints(clock)
    kept = request.getfixturevalue("sqlite" if request.param == "sqlite" else "on_postgres")
    return DatabaseComplaints(kept, clock, UTC)


@pytest.fixture
def on_postgres(postgres_tables: str) -> Iterator[Database]:
    with seeded(postgres_tables) as database:
        yield database


def test_a_complaint_is_written_down(desk: Desk, clock: Clock) -> None:
    """With a number that can be read out, everything that was said, and that it is new."""
    told = desk.take(
        "call-1:q1",
        CALL,
        {
            "category": "service",
            "text": "排队太久。\nNobody \x07came.",
            "recording": "call-1-m1",
            "customer": "c-1",
            "caller": WANG,
            "purpose": "complaint",
            "language": "zh-CN",
            "read_back": "true",
        },
    )
    assert told == {"number": f"C{DAY}-0001"}
    assert desk.all() == [
        Complaint(
            f"C{DAY}-0001",
            NOW,
            "service",
            CALL,
            "c-1",
            WANG,
            WANG,
            "phone",
            "complaint",
            "排队太久。\nNobody came.",
            "call-1-m1",
            "zh-CN",
            True,
            "new",
        )
    ]


def test_a_complaint_of_somebody_unknown_is_taken_too(desk: Desk) -> None:
    """Nothing but the category is needed; the number to call back goes before the one they rang from."""
    desk.take("a", CALL, {"category": "other", "customer": "", "caller": WANG, "contact": "8001"})
    desk.take("b", CALL, {"category": "product"})
    first, second = desk.all()
    assert (first.customer, first.contact, first.read_back) == (None, "8001", False)
    assert (second.caller, second.contact, second.text, second.purpose) == ("", "", "", "complaint")


def test_the_same_key_is_the_same_complaint(desk: Desk, clock: Clock) -> None:
    """A flow that asks again after a crash writes nothing twice, also on the next day."""
    for _ in range(3):
        assert desk.take("a", CALL, {"category": "work"}) == {"number": f"C{DAY}-0001"}
        clock.goes_on(86_400)
    assert len(desk.all()) == 1


def test_each_day_begins_with_one(desk: Desk, clock: Clock) -> None:
    """Four figures and more where they are needed."""
    numbers = []
    for key in "abc":
        numbers.append(desk.take(key, CALL, {"category": "work"})["number"])
        clock.goes_on(43_200)
    assert numbers == [f"C{DAY}-0001", f"C{DAY}-0002", "C20251010-0001"]


def test_numbers_are_unique_however_many_ring_at_once(desk: Desk) -> None:
    """And one key taken by several threads is one complaint."""
    at_once = threading.Barrier(8)

    def go(number: int) -> Any:
        at_once.wait(10)
        return desk.take(f"k{number // 2}", CallId(f"call-{number // 2}"), {"category": "work"})["number"]

    with ThreadPoolExecutor(8) as threads:
        given = list(threads.map(go, range(8)))
    assert given[::2] == given[1::2]
    assert len(set(given)) == 4
    assert sorted(one.number for one in desk.all()) == sorted(set(given))


@pytest.mark.parametrize(
    ("key", "parameters", "said"),
    [
        ("k", {}, "complaint needs the parameter category"),
        ("k", {"category": "noise"}, "must be one of service, work, product, other"),
        ("k", {"category": "work", "text": "x" * 4_001}, "longer than 4000"),
        ("k", {"category": "work", "colour": "red"}, "complaint has no parameter colour"),
        ("k", {"category": "work", "contact": "1" * 65}, "contact is longer than 64"),
        ("", {"category": "work"}, "needs a key"),
        ("k" * 161, {"category": "work"}, "needs a key"),
    ],
)
def test_what_is_no_complaint_is_told(desk: Desk, key: str, parameters: dict[str, str], said: str) -> None:
    """And nothing is written."""
    with pytest.raises(CannotAnswer, match=said):
        desk.take(key, CALL, parameters)
    assert desk.all() == []


def test_the_day_is_that_of_the_place() -> None:
    """Early in the morning in China it is not yesterday."""
    at = Instant(1_795_456_800_000_000)  # 2026-11-23 18:00 UTC
    assert day_of(at, UTC) == "20261123"
    assert day_of(at, timezone(timedelta(hours=8))) == "20261124"
    assert day_of(at, None) in ("20261123", "20261124")


def test_the_customers_history_tells_of_it(database: Database, clock: Clock) -> None:
    """A line with number and words, beside the line of the call; nobody unknown gets one."""
    write(database, wang())
    desk = DatabaseComplaints(database, clock, UTC)
    for _ in range(2):
        desk.take("a", CALL, {"category": "service", "customer": "c-1", "text": "x" * 600})
    desk.take("b", CALL, {"category": "service", "customer": "gone"})
    with database.transaction() as session:
        (line,) = contacts.latest(session, "c-1", 10)
        days = session.execute(select(ComplaintDayRow.day, ComplaintDayRow.last)).all()
    assert (line.channel, line.direction, line.purpose, line.outcome, line.call) == (
        "phone",
        "in",
        "complaint",
        "new",
        None,
    )
    assert line.summary == f"C{DAY}-0001 " + "x" * 485
    assert [tuple(day) for day in days] == [(DAY, 2)]


# ------------------------------------------------------------------ over HTTP

SignIn = Callable[[str], TestClient]
ROUTES = ("/api/complaints", f"/api/complaints/C{DAY}-0001")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = make_house(tmp_path, api.router)
    desk = DatabaseComplaints(house.database, clock := Clock(), UTC)
    for number, category in enumerate(("service", "work", "service"), 1):
        desk.take(f"k{number}", CallId(f"call-{number}"), {"category": category, "customer": f"c-{number}"})
        clock.goes_on(0 if number == 1 else 60)
    yield house
    house.database.close()


@pytest.fixture
def sign_in(house: House) -> SignIn:
    def make(role: str) -> TestClient:
        client = house.browser()
        if role:
            with house.database.transaction() as session:
                fields = {"name": role, "hash": "", "agent": None, "language": "en", "disabled": False}
                session.merge(UserRow(id=role, role=role, **fields))
                session.flush()
                token, _ = sessions.begin(session, role, sessions.wall_clock())
            client.cookies.set("callfloor", token)
        return client

    return make


@pytest.mark.parametrize("path", ROUTES)
def test_complaints_are_for_supervisors(sign_in: SignIn, path: str) -> None:
    """Agents and planners: 403; nobody: 401."""
    found = {
        role: sign_in(role).get(path).status_code for role in ("", "agent", "planner", "supervisor", "admin")
    }
    assert found == {"": 401, "agent": 403, "planner": 403, "supervisor": 200, "admin": 200}


def test_every_route_is_tested_above() -> None:
    """A new route cannot be forgotten."""
    there = {r.path for r in complaints_api.router.routes}  # type: ignore[attr-defined]
    assert there == {"/api/complaints", "/api/complaints/{id}"}


def test_complaints_by_pages(sign_in: SignIn) -> None:
    """Newest first, of one instant by number; ``next`` leads to the rest."""
    client = sign_in("supervisor")
    first = client.get("/api/complaints", params={"limit": 2}).json()
    second = client.get("/api/complaints", params={"limit": 2, "before": first["next"]}).json()
    numbers = [one["number"][-1] for page in (first, second) for one in page["complaints"]]
    assert numbers == ["3", "2", "1"]
    assert second["next"] is None


def test_complaints_are_found_by_what_they_are(sign_in: SignIn) -> None:
    """Category, customer, call, status; what is none of these is refused."""
    client = sign_in("supervisor")

    def found(**params: str) -> str:
        shown = client.get("/api/complaints", params=params).json()["complaints"]
        return "".join(one["number"][-1] for one in shown)

    assert (found(category="service"), found(category="work"), found(status="new")) == ("31", "2", "321")
    assert (found(customer="c-2"), found(call="call-3"), found(customer="c-2", category="service")) == (
        "2",
        "3",
        "",
    )
    for params in ({"category": "noise"}, {"status": "closed"}, {"before": "1"}, {"limit": "0"}):
        assert client.get("/api/complaints", params=params).status_code == 422, params


def test_one_complaint(sign_in: SignIn) -> None:
    """All of it; 404 for a number nobody was given."""
    client = sign_in("supervisor")
    assert client.get(ROUTES[1]).json() == {
        "number": f"C{DAY}-0001",
        "taken": NOW // 1000,
        "status": "new",
        "category": "service",
        "channel": "phone",
        "purpose": "complaint",
        "call": "call-1",
        "customer": "c-1",
        "caller": "",
        "contact": "",
        "text": "",
        "recording": "",
        "language": "",
        "read_back": False,
    }
    assert client.get("/api/complaints/C20990101-0001").status_code == 404
