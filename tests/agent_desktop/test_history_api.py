"""Finished calls: found by number, name, id and time; agents see their own."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from acd.store import AgentRow
from agent_desktop import history_api
from agent_desktop.hub import Hub
from agent_desktop.views import Desk
from calls.journal import Journal
from calls.tables import CallRow, NoteRow, TargetRow, VisitRow, WrapUpRow
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
        "direction": "in",
        "transferred_to": "",
    }
    return CallRow(**given | values)


def visit(call: str, number: int, **values: Any) -> VisitRow:
    given: dict[str, Any] = {
        "queue": "personal",
        "entered": START,
        "left": START + 2_000_000,
        "outcome": "answered",
        "tier": "gold",
        "priority": 40.0,
        "agent": None,
        "offer": f"o{number}",
        "target_us": 0,
        "short_us": 0,
        "talk_us": 1_500_000,
        "hold_us": 0,
        "wrap_us": 9_000_000,
        "transferred": False,
    }
    return VisitRow(call=call, number=number, **given | values)


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
                row(
                    1,
                    "wang",
                    answered=START + 61_000_000,
                    outcome="answered",
                    recording="r1",
                    marks='{"purpose": "咨询", "survey": "5"}',
                ),
                row(2, "li", customer_name="100%_sure"),
                row(3, None),
            ]
        )
        session.flush()
        session.add(NoteRow(call="k1", agent="wang", at=1, code="enquiry", note="问候"))
        session.add(visit("k1", 1, agent="wang"))
        session.add(WrapUpRow(call="k1", offer="o1", queue="personal", agent="wang", at=1, wrap_us=9_000_000))
        session.add(TargetRow(queue="personal", since=0, target_us=0, short_us=0, timezone="Asia/Shanghai"))
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


def test_calls_are_found_by_what_became_of_them(house: House) -> None:
    """Each filter alone and together; of several values any will do; queues and agents passed count too."""
    with house.database.transaction() as session:
        session.add_all(
            [
                row(4, "li", direction="out", outcome="not_reached", dialled="4008", wait_us=0, tier=""),
                row(5, "li", queue="cards", outcome="answered", wait_us=90_000_000),
            ]
        )
        session.flush()
        session.add_all([visit("k5", 1, agent="wang", transferred=True), visit("k5", 2, agent="li")])
    boss = house.signed_in("boss")
    assert found(boss, queue="cards") == ["k5"]
    assert found(boss, queue="personal") == ["k5", "k4", "k3", "k2", "k1"]
    assert found(boss, agent="wang") == ["k5", "k1"]
    assert found(boss, agent=["wang", "li"]) == ["k5", "k4", "k2", "k1"]
    assert found(boss, outcome="answered") == ["k5", "k1"]
    assert found(boss, outcome=["answered", "not_reached"]) == ["k5", "k4", "k1"]
    assert found(boss, tier="gold", dialled="95588", direction="in", min_wait_s=90) == ["k5"]
    assert found(boss, tier="") == ["k4"]
    assert found(boss, direction="out") == found(boss, dialled="4008") == ["k4"]
    assert found(boss, min_wait_s=2.5) == ["k5"]
    assert found(boss, queue="cards", direction="out") == []
    for wrong in ({"outcome": "eaten"}, {"direction": "up"}, {"min_wait_s": -1}, {"format": "xml"}):
        assert boss.get("/api/history/calls", params=wrong).status_code == 422, wrong
    # Who handed a caller on had the call too.
    wang = house.signed_in("wang")
    assert found(wang) == found(wang, agent=["wang", "li"]) == ["k5", "k1"]
    assert wang.get("/api/history/calls/k5").status_code == 200


def test_page_after_page_gives_every_call_once(house: House) -> None:
    """Calls of the same instant too; the page ends with a call one may see, and goes on after it."""
    with house.database.transaction() as session:
        session.add_all(row(n, "wang", id=f"x{n}", started=START) for n in range(4, 9))
    for user, calls in (("boss", 8), ("wang", 6)):
        browser = house.signed_in(user)
        seen: list[str] = []
        while page := found(browser, limit=2, before=seen[-1] if seen else ""):
            seen += page
        assert len(seen) == len(set(seen)) == calls
        assert seen == found(browser)
    answer = house.signed_in("wang").get("/api/history/calls", params={"before": "k3"})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_what_was_found_is_given_as_a_table_too(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it, with times on the wall of the queue, however it is asked for; too much is refused."""
    boss = house.signed_in("boss")
    for asked in ({"params": {"format": "csv", "limit": 1}}, {"headers": {"Accept": "text/csv"}}):
        answer = boss.get("/api/history/calls", **asked)  # type: ignore[arg-type]
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert answer.headers["content-disposition"] == 'attachment; filename="calls.csv"'
        assert answer.content.startswith(b"\xef\xbb\xbf")
        lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert [line["id"] for line in lines] == ["k3", "k2", "k1"]
        first = lines[-1]
        assert (first["caller"], first["note"], first["wrap_s"]) == ("'+8613800000001", "问候", "9")
        assert first["started"] == "2026-09-23 09:01:00+08:00"
        assert lines[0]["answered"] == ""
        assert [line["marks"] for line in lines] == ["", "", "purpose=咨询 survey=5"]
    monkeypatch.setattr(history_api, "MOST_CSV", 2)
    answer = boss.get("/api/history/calls", params={"format": "csv"})
    assert (answer.status_code, answer.json()["title"]) == (422, "Too many calls")


def test_a_call_is_shown_with_names_note_and_visits(house: House) -> None:
    """Times in ms, durations in seconds, None for what was not reached."""
    boss = house.signed_in("boss")
    call = boss.get("/api/history/calls/k1").json()
    assert (call["agent_name"], call["queue_name"], call["tier_name"]) == ("Wang Fang", "Personal", "Gold")
    assert (call["code"], call["note"], call["talk_s"], call["wait_s"]) == ("enquiry", "问候", 1.5, 2.0)
    assert call["answered"] == (START + 61_000_000) // 1000
    assert (call["wrap_s"], call["direction"], call["transferred_to"]) == (9.0, "in", "")
    assert call["marks"] == {"purpose": "咨询", "survey": "5"}
    [stay] = call["visits"]
    assert (stay["queue_name"], stay["entered"], stay["left"] - stay["entered"]) == (
        "Personal",
        START // 1000,
        2000,
    )
    times = (stay["priority"], stay["talk_s"], stay["hold_s"], stay["wrap_s"], stay["transferred"])
    assert times == (40.0, 1.5, 0.0, 9.0, False)
    assert boss.get("/api/history/calls/k3").json()["answered"] is None


def test_a_story_is_told_in_words_and_as_data(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a line says what kind it is, and its particulars, they are passed on."""

    @dataclass
    class Told:
        at: int = 5_000
        what: str = "offered"
        detail: str = "to li"

    @dataclass
    class More(Told):
        kind: str = "offered"
        params: dict[str, Any] = field(default_factory=lambda: {"agent": "li"})

    monkeypatch.setattr(history_api, "story", lambda *_: [Told(), More()])
    plain, more = house.signed_in("boss").get("/api/history/calls/k1/why").json()["story"]
    assert plain == {"at": 5, "what": "offered", "detail": "to li", "kind": "", "params": {}}
    assert (more["kind"], more["params"]) == ("offered", {"agent": "li"})


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
