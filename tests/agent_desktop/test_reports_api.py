"""Reports over HTTP: figures by their names, the same as a table, for those who lead and plan."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from agent_desktop import reports_api
from agent_desktop.hub import Hub
from agent_desktop.views import Desk
from callfloor.settings import Settings
from calls import reports
from common import auth
from common.service_level import DEFINITIONS
from domain.config import EntryNumber, FrontDoorConfigured
from tests.calls import records
from tests.calls.records import CARDS, START, ended, quarter, record, visit, wrapped_up
from tests.common.web import House, make_house

HOUR = {"from": START // 1000, "to": quarter(4) // 1000}
KINDS = ("queues", "agents", "sources", "missed")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = make_house(tmp_path, auth.router, reports_api.router)
    hub = Hub(Desk(), lambda *_: {})
    hub.desk.names.agents = {"li": "李娜"}
    hub.desk.names.queues = {"sales": "销售"}
    hub.desk.names.tiers = {"gold": "Gold"}
    house.app.state.hub = hub
    house.app.state.settings = Settings()
    door = FrontDoorConfigured((EntryNumber("95588", "bank", "=leaflet"),), default_flow="bank")
    house.app.state.runner = SimpleNamespace(engine=SimpleNamespace(front_door=door))
    answered = [visit(f"k{n}", enters=n, waits=20 if n < 3 else 60) for n in range(4)]
    calls = [
        *(record(one.call, one) for one in answered),
        record("g1", visit("g1", enters=910, waits=3, outcome="abandoned"), caller="13900000001"),
        record("g2", visit("g2", enters=920, waits=30, outcome="abandoned"), caller="", customer_name="赵"),
        record("v1", visit("v1", queue=CARDS, outcome="voicemail"), caller="13900000003", recording="r1"),
        record("s1", dialled="4008"),
    ]
    steps = [records.configured(), *map(ended, calls), *(wrapped_up(one, 35) for one in answered)]
    records.write(house.database, steps)
    for user, role in (("boss", "supervisor"), ("plan", "planner"), ("wang", "agent")):
        house.add(user, role)  # type: ignore[arg-type]
    yield house
    house.database.close()


def report(house: House, kind: str, user: str = "boss", **given: Any) -> dict[str, Any]:
    """What a report of the hour says."""
    answer = house.signed_in(user).get(f"/api/reports/{kind}", params=HOUR | given)
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json()
    return said


def table(house: House, kind: str, **given: Any) -> list[dict[str, str]]:
    """The same as a table, by column."""
    answer = house.signed_in("plan").get(f"/api/reports/{kind}", params=HOUR | given | {"format": "csv"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"] == f'attachment; filename="{kind}.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_queues_are_told_with_every_definition(house: House) -> None:
    """In all, by queue, and the formula of each; averages in seconds."""
    said = report(house, "queues")
    assert (said["begin"], said["end"], said["intervals"]) == (HOUR["from"], HOUR["to"], [])
    assert said["definitions"] == {name: one.formula for name, one in DEFINITIONS.items()}
    cards, sales = said["queues"]
    assert (cards["queue"], cards["queue_name"], cards["voicemail"]) == ("cards", "cards", 1)
    assert set(cards["service_level"].values()) == {None}
    assert (sales["queue_name"], sales["offered"], sales["answered"], sales["abandoned"]) == ("销售", 6, 4, 2)
    assert (sales["answered_in_target"], sales["abandoned_in_target"], sales["short_abandoned"]) == (3, 1, 1)
    assert sales["service_level"] == {
        "in_target_of_all": round(4 / 6, 6),
        "answered_in_target_of_answered": 0.75,
        "answered_in_target_of_all": 0.5,
        "answered_in_target_of_all_but_abandoned_in_target": 0.6,
        "answered_in_target_or_short_of_all": round(4 / 6, 6),
    }
    assert (sales["asa_s"], sales["aht_s"], sales["wait_s"], sales["longest_s"]) == (30, 100, 25.5, 60)
    assert (sales["talk_s"], sales["hold_s"], sales["wrap_s"]) == (240, 20, 140)
    assert sales["abandonment"] == round(2 / 6, 6)
    assert (said["total"]["offered"], said["total"]["answered"]) == (7, 4)


@pytest.mark.parametrize(("interval", "counted"), [("15", [4, 2]), ("30", [6]), ("60", [6]), ("day", [6])])
def test_queues_are_told_by_interval(house: House, interval: str, counted: list[int]) -> None:
    """In the queue's time zone."""
    said = report(house, "queues", interval=interval, queue="sales")
    assert [i["offered"] for i in said["intervals"]] == counted
    first = said["intervals"][0]
    assert first["local"] == (
        "2026-09-23 00:00:00+08:00" if interval == "day" else "2026-09-23 09:00:00+08:00"
    )
    assert first["end"] - first["start"] == (1440 if interval == "day" else int(interval)) * 60_000
    assert [q["queue"] for q in said["queues"]] == ["sales"]
    rows = table(house, "queues", interval=interval, queue="sales")
    assert [int(row["offered"]) for row in rows] == counted
    assert (rows[0]["local"], rows[0]["queue_name"]) == (first["local"], "销售")


def test_agents_are_told_with_their_handle_time(house: House) -> None:
    """(talk + hold + wrap-up) / answered."""
    (line,) = report(house, "agents")["agents"]
    assert (line["agent"], line["agent_name"], line["answered"], line["aht_s"]) == ("li", "李娜", 4, 100)
    assert (line["talk_s"], line["hold_s"], line["wrap_s"], line["outgoing"]) == (240, 20, 140, 0)
    assert table(house, "agents")[0] == {
        k: f"{v:g}" if isinstance(v, float) else str(v) for k, v in line.items()
    }


def test_sources_are_told_by_number_dialled(house: House) -> None:
    """With what the number was printed on, if anything, and how its calls ended."""
    served, hotline = report(house, "sources")["sources"]
    assert (served["dialled"], served["source"], served["calls"], served["offered"]) == ("4008", "", 1, 0)
    assert (hotline["dialled"], hotline["source"], hotline["calls"]) == ("95588", "=leaflet", 7)
    assert {k: n for k, n in hotline["outcomes"].items() if n} == {
        "answered": 4,
        "abandoned": 2,
        "voicemail": 1,
    }
    assert hotline["service_level"]["answered_in_target_of_answered"] == 0.75
    row = table(house, "sources")[1]
    assert (row["source"], row["calls_voicemail"], row["calls_lost"]) == ("'=leaflet", "1", "0")
    assert (row["service_level_answered_in_target_of_all"], row["aht_s"]) == ("0.5", "100")


def test_missed_callers_are_told_once_each(house: House) -> None:
    """The last one first; who can be called, how long they waited, what they left."""
    said = report(house, "missed")["callers"]
    assert [(one["call"], one["callable"], one["waited_s"]) for one in said] == [
        ("g2", False, 30),
        ("g1", True, 3),
        ("v1", True, 10),
    ]
    assert (said[0]["customer_name"], said[0]["tier_name"], said[0]["queue_name"]) == ("赵", "Gold", "销售")
    assert (said[2]["recordings"], said[2]["outcome"], said[2]["queue"]) == (["r1"], "voicemail", "cards")
    assert (said[1]["at"], said[1]["first"], said[1]["tries"]) == (START // 1000 + 910_000, said[1]["at"], 1)
    rows = table(house, "missed")
    assert (rows[0]["callable"], rows[0]["customer_name"], rows[0]["at"]) == (
        "no",
        "赵",
        "2026-09-23 09:15:20+08:00",
    )
    again = replace(record("k9", visit("k9", enters=3000)), caller="+8613900000001")
    records.write(house.database, [ended(again)])
    assert [one["call"] for one in report(house, "missed")["callers"]] == ["g2", "v1"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_span_is_asked_for_and_goes_forward(house: House, kind: str) -> None:
    """Else a problem says what is wrong; a span without calls is an empty report."""
    boss = house.signed_in("boss")
    for given in (
        {},
        {"from": 5, "to": 5},
        {"from": 6, "to": 5},
        {"from": 0, "to": 10**18},
        HOUR | {"format": "x"},
    ):
        answer = boss.get(f"/api/reports/{kind}", params=given)  # type: ignore[arg-type]
        assert answer.status_code == 422, given
        assert answer.headers["content-type"] == "application/problem+json"
    assert all(not v for v in report(house, kind, to=5, **{"from": 0}).values() if isinstance(v, list))
    assert table(house, kind, to=5, **{"from": 0}) == []


@pytest.mark.parametrize("kind", KINDS)
def test_reports_are_for_those_who_lead_and_plan(house: House, kind: str) -> None:
    """An agent is told so."""
    assert report(house, kind, "plan")
    answer = house.signed_in("wang").get(f"/api/reports/{kind}", params=HOUR)
    assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json")


def test_too_much_for_one_report_is_a_problem(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what to do."""
    monkeypatch.setattr(reports, "MOST_QUARTERS", 1)
    answer = house.signed_in("boss").get("/api/reports/queues", params=HOUR | {"interval": "15"})
    assert answer.status_code == 422
    assert (
        answer.json()["detail"] == "These are 3 quarters of an hour; choose a shorter span or fewer queues."
    )


def test_before_the_front_door_is_configured_numbers_have_no_source(house: House) -> None:
    """And the report is there all the same."""
    house.app.state.runner.engine.front_door = None
    assert [one["source"] for one in report(house, "sources")["sources"]] == ["", ""]
