"""The planner's API on a real database: from a file to people, step by step, and who may do what."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from forecasting import api
from tests.common.web import TestClient  # type: ignore[attr-defined]
from tests.forecasting.planner import PLANNING, PlannerHouse, as_file, hours, planner_house, send
from tests.hashes import quick_hashes

__all__ = ["quick_hashes"]


@pytest.fixture
def house(tmp_path: Path, quick_hashes: None) -> Iterator[PlannerHouse]:
    made = planner_house(f"sqlite:///{tmp_path / 'planning.db'}")
    made.planning.jobs.start()
    yield made
    made.planning.jobs.stop()
    made.house.database.close()


@pytest.fixture
def paul(house: PlannerHouse) -> TestClient:
    return house.signed_in()


def get(browser: TestClient, path: str, code: int = 200, **query: Any) -> Any:
    answer = browser.get(f"{PLANNING}/{path}", params=query)
    assert answer.status_code == code, answer.text
    return answer.json()


def post(browser: TestClient, path: str, code: int = 201, **body: Any) -> Any:
    answer = browser.post(f"{PLANNING}/{path}", json=body)
    assert answer.status_code == code, answer.text
    return answer.json() if answer.content else None


def put(browser: TestClient, path: str, code: int = 200, tag: str = "", **body: Any) -> Any:
    headers = {"If-Match": f'"{tag}"'} if tag else {}
    answer = browser.put(f"{PLANNING}/{path}", json=body, headers=headers)
    assert answer.status_code == code, answer.text
    return answer.json()


def done(house: PlannerHouse, browser: TestClient, job: Any, state: str = "done") -> Any:
    """The job once it is over."""
    house.planning.jobs.wait()
    found = get(browser, f"jobs/{job['id']}")
    assert found["state"] == state, found
    return found


def with_history(browser: TestClient, days: int = 84, **more: Any) -> Any:
    """The series ``sales`` with hours up to yesterday."""
    post(browser, "series", name="Sales", interval_min=60)
    return send(browser, as_file(hours(days, **more)), series="sales")["imports"][0]


# ------------------------------------------------------------------ who may


def routes() -> list[tuple[str, str]]:
    """(method, path) of every route."""
    app = FastAPI()
    app.include_router(api.router)
    return [(method.upper(), path) for path, ways in app.openapi()["paths"].items() for method in ways]


ROUTES = routes()


def test_agents_see_nothing_and_supervisors_change_nothing(house: PlannerHouse) -> None:
    """Every route has its guard; planners and admins come through it."""
    browsers = {user: house.signed_in(user) for user in ("ann", "sue", "paul", "root")}
    browsers["nobody"] = house.house.browser()
    for method, path in ROUTES:
        address = re.sub(r"\{[^}]+\}", "1", path)
        codes = {
            user: browser.request(method, address, params={"file": "x.csv"}).status_code
            for user, browser in browsers.items()
        }
        only_reads = method == "GET" or path.startswith(f"{PLANNING}/staffing/")
        assert (codes["nobody"], codes["ann"]) == (401, 403), (method, path)
        assert (codes["sue"] != 403) == only_reads, (method, path)
        assert codes["paul"] != 403 and codes["root"] != 403, (method, path)


def test_there_are_as_many_routes_as_are_told() -> None:
    """The table on top of the API names every route, and no other."""
    told = re.findall(r"^    (GET|POST|PUT|DELETE) +(/[^\s?]*)", api.__doc__ or "", re.MULTILINE)
    made = {(method, path.removeprefix(PLANNING)) for method, path in ROUTES}
    assert set(told) == made


# ------------------------------------------------------------------ series and history


def test_a_file_becomes_a_history(paul: TestClient) -> None:
    """Taken in whole: the series knows how far it reaches, the picture sums it, the week is usual."""
    past = hours()
    made = with_history(paul)
    assert (made["intervals"], made["first"], made["last"]) == (84 * 24, "2026-09-02", "2026-11-24")
    (series,) = get(paul, "series")
    assert series["days"] == 84 and series["measures"] == ["aht_s"] and series["model"] == "auto"
    assert series["calls_per_day"] == pytest.approx(past.calls.sum() / 84, abs=1e-3)
    shown = get(paul, "series/sales/history", by="day", **{"from": "2026-09-02"})
    assert len(shown["starts"]) == 84 and sum(shown["calls"]) == past.calls.sum()
    assert shown["starts"][0] == int(past.starts[0]) * 1000
    assert len(get(paul, "series/sales/history")["starts"]) == 28 * 24
    heat = get(paul, "series/sales/heat")
    assert heat["slots"] == list(range(0, 1440, 60)) and len(heat["values"]) == 7
    assert sum(heat["values"][6]) < sum(heat["values"][2])  # Sundays are quiet
    assert get(paul, "series/sales/heat", what="aht_s")["values"][0][10] == pytest.approx(180, abs=30)
    get(paul, "series/sales/heat", 422, what="abandoned")


def test_a_wrong_file_changes_nothing(paul: TestClient) -> None:
    """Every fault with its row and column."""
    with_history(paul)
    text = as_file(hours(2)).decode().splitlines()
    text[5], text[9] = text[5].split(",")[0] + ",many,180", "someday,3,180"
    before = get(paul, "series/sales")
    told = send(paul, "\n".join(text).encode(), 422, series="sales")
    assert [error["at"] for error in told["errors"]] == ["row 6, calls", "row 10, timestamp"]
    assert "many" in told["errors"][0]["message"] and "row 6" in told["detail"]
    assert get(paul, "series/sales") == before
    assert send(paul, b"", 422, series="sales")["detail"]
    assert "ends in" in send(paul, b"x", 422, file="calls.pdf")["detail"]


def test_a_dry_run_keeps_nothing(paul: TestClient) -> None:
    """It says what the file would bring."""
    told = send(paul, as_file(hours(7), "Cards"), 200, dry="true")
    assert told["dry"] and told["imports"][0]["intervals"] == 168 and told["imports"][0]["id"] == 0
    assert get(paul, "series") == []


def test_each_queue_of_a_file_finds_its_series(paul: TestClient) -> None:
    """By id or name, a new one if there is none; one series takes one queue."""
    both = as_file(hours(7), "Cards") + b"\n".join(as_file(hours(7), "Loans").splitlines()[1:])
    made = send(paul, both)["imports"]
    assert [(one["series"], one["series_name"]) for one in made] == [("cards", "Cards"), ("loans", "Loans")]
    assert get(paul, "series/cards")["interval_min"] == 60
    assert "Cards, Loans" in send(paul, both, 422, series="cards")["detail"]
    again = send(paul, both, series="cards", queue="Cards")["imports"]
    assert again[0]["replaced"] == 168 and get(paul, "series/cards")["intervals"] == 168


def test_an_import_is_undone_and_done_again(paul: TestClient) -> None:
    """What it brought stays; what it replaced comes back."""
    with_history(paul)
    more = send(paul, as_file(hours(7, level=50.0)), series="sales")["imports"][0]
    assert more["replaced"] == 168
    high = get(paul, "series/sales")["calls_per_day"]
    gone = paul.delete(f"{PLANNING}/imports/{more['id']}").json()
    assert gone["undone"] and gone["undone_by"] == "paul"
    assert get(paul, "series/sales")["calls_per_day"] < high
    assert paul.delete(f"{PLANNING}/imports/{more['id']}").status_code == 409
    post(paul, f"imports/{more['id']}/redo", 200)
    assert get(paul, "series/sales")["calls_per_day"] == high
    assert [one["undone"] for one in get(paul, "series/sales/imports")] == [False, False]


def test_what_the_platform_counted_goes_before_files(house: PlannerHouse, paul: TestClient) -> None:
    """And both are one history."""
    assert get(paul, "sources")[0]["series"] is None
    post(paul, "series", name="Sales", source="queue", key="sales", interval_min=60)
    assert get(paul, "sources")[0]["series"] == "sales"
    send(paul, as_file(hours(7)), series="sales")
    house.counted.histories["sales"] = hours(1, level=900.0)
    days = get(paul, "series/sales/history", by="day")["calls"]
    assert len(days) == 7 and days[-1] > 10_000 > max(days[:-1])
    post(paul, "series", 409, name="Again", source="queue", key="sales", interval_min=60)
    post(paul, "series", 422, name="Fine", source="queue", key="other", interval_min=10)


def test_series_are_changed_and_deleted(paul: TestClient) -> None:
    """What numbers hang on stays while there are any."""
    with_history(paul)
    assert put(paul, "series/sales", name="Verkauf", interval_min=60)["name"] == "Verkauf"
    assert "interval_min" in put(paul, "series/sales", 409, name="Verkauf", interval_min=30)["detail"]
    put(paul, "series/sales", 422, name="Verkauf", interval_min=60, calendar="none")
    post(paul, "series", 409, id="sales", name="Sales")
    assert paul.delete(f"{PLANNING}/series/sales").status_code == 204
    get(paul, "series/sales", 404)


# ------------------------------------------------------------------ cleaning


def test_findings_are_decided_on_and_stay_decided(house: PlannerHouse, paul: TestClient) -> None:
    """An outage is found; undone, changed and accepted with a trail; cleaning again keeps the word."""
    past = hours()
    past.calls[-24 * 9 : -24 * 9 + 20] = 0.0
    post(paul, "series", name="Sales", interval_min=60)
    send(paul, as_file(past), series="sales")
    job = done(house, paul, post(paul, "series/sales/clean", 202))
    found = [one for one in get(paul, "series/sales/findings") if one["kind"] == "outage"]
    assert job["result"] == len(get(paul, "series/sales/findings")) and len(found) == 1
    (one,) = found
    assert one["state"] == "proposed" and one["calls"] == 0 and one["cleaned"] > 100
    done_about = [one for one in get(paul, "series/sales/findings") if one["action"] != "leave"]
    assert get(paul, "series/sales")["open_findings"] == len(done_about)
    place = f"findings/{one['id']}"
    assert put(paul, place, state="undone", note="we were closed")["cleaned"] == 0
    spot = get(paul, "series/sales/history")
    assert spot["calls"] == spot["cleaned"]
    put(paul, place, state="changed", factor=None)
    assert get(paul, "series/sales/findings")[0]["state"] in ("changed", "proposed")
    assert put(paul, place, state="accepted")["cleaned"] > 100
    put(paul, place, 422, state="accepted", factor=2.0)
    done(house, paul, post(paul, "series/sales/clean", 202))
    kept = next(o for o in get(paul, "series/sales/findings", state="accepted") if o["id"] == one["id"])
    assert kept["decided_by"] == "paul"
    trail = get(paul, f"{place}/trail")
    assert [step["state"] for step in trail] == ["undone", "changed", "accepted"]
    assert trail[0]["note"] == "we were closed"
    get(paul, "findings/999/trail", 404)


# ------------------------------------------------------------------ calendars


def test_a_calendar_is_edited_by_one_at_a_time(paul: TestClient) -> None:
    """Whoever saw an older one is told; the days say what they are and who says so."""
    with_history(paul)
    default = get(paul, "calendars/default")
    assert default["used_by"] == ["sales"] and default["country"] == "CN"
    body = {
        "name": "Bank",
        "country": "CN",
        "days": [{"day": "2026-12-24", "kind": "closed", "name": "Move"}],
        "events": [{"name": "campaign", "first": "2026-12-01", "last": "2026-12-02", "effect_percent": 10}],
        "drivers": [{"name": "letters", "values": {"2026-12-01": 1000}}],
    }
    saved = put(paul, "calendars/default", tag=default["tag"], **body)
    assert saved["tag"] != default["tag"] and saved["changed_by"] == "paul"
    put(paul, "calendars/default", 412, tag=default["tag"], **body)
    put(paul, "calendars/default", 412, **body)
    put(paul, "calendars/other", 201, **body)
    put(paul, "calendars/gone", 412, tag="3", **body)
    days = {
        one["day"]: one
        for one in get(paul, "calendars/default/days", **{"from": "2026-10-01", "to": "2026-12-31"})
    }
    assert days["2026-10-01"]["kind"] == "holiday" and days["2026-10-01"]["name"]
    assert (days["2026-12-24"]["kind"], days["2026-12-24"]["in_table"]) == ("closed", True)
    assert days["2026-12-01"]["events"] == ["campaign"]
    get(paul, "calendars/default/days", 422, **{"from": "2026-12-31", "to": "2026-10-01"})
    assert paul.delete(f"{PLANNING}/calendars/default").status_code == 409
    assert paul.delete(f"{PLANNING}/calendars/other").status_code == 204


@pytest.mark.parametrize(
    ("wrong", "at"),
    [
        ({"country": "XX"}, "country"),
        ({"hours": {"someday": ["09:00-17:00"]}}, "hours"),
        ({"hours": {"mon": ["9-5"]}}, "hours"),
        (
            {"days": [{"day": "2026-12-24", "kind": "closed"}, {"day": "2026-12-24", "kind": "holiday"}]},
            "days",
        ),
        ({"events": [{"name": "x", "first": "2026-12-02", "last": "2026-12-01"}]}, "events.0"),
        ({"drivers": [{"name": "letters", "values": {"someday": 1}}]}, "drivers.0.values"),
    ],
)
def test_a_wrong_calendar_is_refused(paul: TestClient, wrong: dict[str, Any], at: str) -> None:
    """With the field that is wrong."""
    told = put(paul, "calendars/default", 422, name="Bank", **wrong)
    assert told["errors"][0]["at"].startswith(at), told
