"""Finished calls: found by number, name, id and time; agents see their own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from acd.store import AgentRow
from agent_desktop import history_api
from agent_desktop.hub import Hub
from agent_desktop.views import Desk
from calls.history import CallRow, NoteRow, VisitRow
from calls.journal import Journal
from common import auth
from common.auth import create_user
from tests.common.web import PASSWORD, House, make_house

START = 1_790_125_200_000_000


def row(number: int, agent: str | None, **values: Any) -> CallRow:
    given: dict[str, Any] = {
        "id": f"k{number}",
        "caller": f"+861380000000{number}",
        "dialled": "95588",
        "started": START + number * 60_000_000,
        "answered": 0,
        "ended": START + number * 60_000_000 + 30_000_000,
        "outcome": "abandoned",
        "ended_by": "caller",
        "flow": "bank",
        "path": '["welcome"]',
        "digits": "",
        "customer": None,
        "customer_name": "",
        "tier": "gold",
        "agent": agent,
        "queue": "personal",
        "talk_us": 1_500_000,
        "hold_us": 0,
        "wait_us": 2_000_000,
        "recording": "",
    }
    return CallRow(**given | values)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = make_house(tmp_path, auth.router, history_api.router)
    hub = Hub(Desk(), lambda *_: {})
    hub.desk.names.agents = {"wang": "Wang Fang"}
    hub.desk.names.queues = {"personal": "Personal"}
    hub.desk.names.tiers = {"gold": "Gold"}
    house.app.state.hub = hub
    house.app.state.recordings = tmp_path
    house.app.state.journal_path = tmp_path / "journal.db"
    Journal(tmp_path / "journal.db", lambda seq: None, lambda error: None).close()
    house.add("boss", "supervisor")
    with house.database.transaction() as session:
        session.add(AgentRow(id="wang", name="Wang Fang", branch=""))
        session.flush()
        create_user(session, "wang", PASSWORD, role="agent", name="Wang", agent="wang")
        create_user(session, "new", PASSWORD, role="agent", name="New")
        session.add_all(
            [
                row(1, "wang", answered=START + 61_000_000, outcome="answered", recording="r1"),
                row(2, "li", customer_name="100%_sure"),
                row(3, None),
            ]
        )
        session.flush()
        session.add(NoteRow(call="k1", agent="wang", at=1, code="enquiry", note="问候"))
        visit = {"entered": START, "left": START + 2_000_000, "outcome": "answered", "tier": "gold"}
        times = {"target_us": 0, "talk_us": 0, "hold_us": 0}
        session.add(VisitRow(call="k1", number=1, queue="personal", agent="wang", **visit, **times))
    (tmp_path / "r1.wav").write_bytes(b"RIFF....WAVE")
    (tmp_path / "secret").write_text("secret")
    yield house
    house.database.close()


def found(browser: Any, **query: Any) -> list[str]:
    answer = browser.get("/api/history/calls", params=query)
    assert answer.status_code == 200, answer.text
    return [call["id"] for call in answer.json()]


def test_agents_see_their_own_and_supervisors_all(house: House) -> None:
    """Newest first; a user who is no agent has none."""
    assert found(house.signed_in("boss")) == ["k3", "k2", "k1"]
    wang = house.signed_in("wang")
    assert found(wang) == ["k1"]
    assert wang.get("/api/history/calls/k1").status_code == 200
    for path in ("k2", "k3", "none", "k2/why"):
        assert wang.get(f"/api/history/calls/{path}").status_code == 404
    new = house.signed_in("new")
    assert found(new) == []
    assert new.get("/api/history/calls/k3").status_code == 404


def test_calls_are_found_by_what_is_known_of_them(house: House) -> None:
    """Part of number, name or id; what LIKE would read as a pattern is text."""
    boss = house.signed_in("boss")
    assert found(boss, q="00002") == ["k2"]
    assert found(boss, q="100%_s") == ["k2"]
    assert found(boss, q="%") == ["k2"]
    assert found(boss, q="k3") == ["k3"]
    minute = START // 1000 + 60_000
    assert found(boss, **{"from": minute, "to": minute + 60_000}) == ["k1"]
    assert found(boss, limit=1) == ["k3"]
    assert boss.get("/api/history/calls", params={"limit": 501}).status_code == 422


def test_a_call_is_shown_with_names_note_and_visits(house: House) -> None:
    """Times in ms, durations in seconds, None for what was not reached."""
    boss = house.signed_in("boss")
    call = boss.get("/api/history/calls/k1").json()
    assert (call["agent_name"], call["queue_name"], call["tier_name"]) == ("Wang Fang", "Personal", "Gold")
    assert (call["code"], call["note"], call["talk_s"], call["wait_s"]) == ("enquiry", "问候", 1.5, 2.0)
    assert call["answered"] == (START + 61_000_000) // 1000
    [visit] = call["visits"]
    assert (visit["queue_name"], visit["entered"], visit["left"] - visit["entered"]) == (
        "Personal",
        START // 1000,
        2000,
    )
    assert boss.get("/api/history/calls/k3").json()["answered"] is None


def test_recordings_are_for_those_who_watch_and_nothing_else_is_given_out(house: House) -> None:
    """Whatever the name says."""
    boss = house.signed_in("boss")
    answer = boss.get("/api/history/recordings/r1")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/wav")
    part = boss.get("/api/history/recordings/r1", headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, b"RIFF")
    for name in ("none", "secret", "..%2fsecret", "..", "%00"):
        assert boss.get(f"/api/history/recordings/{name}").status_code == 404, name
    assert house.signed_in("wang").get("/api/history/recordings/r1").status_code == 403


def test_a_time_no_database_can_hold_is_refused(house: House) -> None:
    """Said as a problem, not a fault."""
    boss = house.signed_in("boss")
    for when in (-1, 10**18):
        assert boss.get("/api/history/calls", params={"from": when}).status_code == 422
    assert boss.get("/api/history/calls", params={"from": 0, "to": 10**14}).status_code == 200
