"""Forecasts over HTTP: made by jobs, overridden, compared with what came, published, staffed for."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calls.tables import CallRow, VisitRow
from forecasting.days import starts_of
from forecasting.overrides import Numbers
from forecasting.records import forecast_store
from forecasting.records.forecast_store import Made
from forecasting.records.store import Author
from tests.common.web import TestClient  # type: ignore[attr-defined]
from tests.forecasting.planner import (
    NOW,
    PLANNING,
    TODAY,
    ZONE,
    PlannerHouse,
    as_file,
    hours,
    planner_house,
    send,
)
from tests.forecasting.test_api import done, get, post, put, with_history
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


def forecast(house: PlannerHouse, browser: TestClient, **asked: Any) -> int:
    """The number of a forecast made by a job."""
    asked = {"kind": "weeks", "days": 14, "model": "weekday-mean", **asked}
    number: int = done(house, browser, post(browser, "series/sales/forecasts", 202, **asked))["result"]
    return number


def flat(
    house: PlannerHouse, calls: float = 10.0, days: int = 14, kind: Any = "weeks", period: str = ""
) -> int:
    """A forecast of so many calls in every hour from today on, kept without a model."""
    starts = starts_of(TODAY + np.arange(days), np.arange(0, 1440, 60), ZONE).ravel()
    level = np.full(len(starts), calls)
    bands = {"lo80": level * 0.8, "hi80": level * 1.2, "lo95": level * 0.7, "hi95": level * 1.3}
    numbers = Numbers(starts, 3600, ZONE, level, np.full(len(starts), 180.0), bands)
    made = Made(kind, period, "flat", "flat", int(starts[0]), numbers, np.full(len(starts), 0.05))
    with house.house.database.transaction() as session:
        return forecast_store.add_forecast(session, "sales", made, Author("paul", house.clock[0])).id


def percent(value: float, first: str = "2026-11-30", last: str = "2026-12-01", **more: Any) -> dict[str, Any]:
    return {"how": "percent", "value": value, "first": first, "last": last, "reason": "campaign", **more}


# ------------------------------------------------------------------ made by jobs


def test_a_forecast_is_made_with_bands_and_what_came(house: PlannerHouse, paul: TestClient) -> None:
    """Two weeks by hour: near what is usual, within its bands, beside the actual calls; summed and as CSV."""
    with_history(paul)
    number = forecast(house, paul)
    shown = get(paul, f"forecasts/{number}")
    assert (shown["first"], shown["last"], shown["chosen"]) == ("2026-11-25", "2026-12-08", "weekday-mean")
    assert len(shown["starts"]) == 14 * 24 and shown["actual"] == [None] * 336
    assert all(lo <= c <= hi for lo, c, hi in zip(shown["lo80"], shown["calls"], shown["hi80"], strict=True))
    assert 150 < np.mean([v for v in shown["aht_s"] if v is not None]) < 210
    assert shown["history_to"] == shown["starts"][0]
    days = get(paul, f"forecasts/{number}", by="day")
    assert len(days["starts"]) == 14 and sum(days["calls"]) == pytest.approx(sum(shown["calls"]), abs=1)
    wide = sum(shown["hi80"][:24]) - sum(shown["lo80"][:24])
    assert 0 < days["hi80"][0] - days["lo80"][0] < wide  # chance cancels over a day
    send(paul, as_file(hours(3, until=TODAY + 2)), series="sales")
    assert sum(v is not None for v in get(paul, f"forecasts/{number}")["actual"]) == 48
    answer = paul.get(f"{PLANNING}/forecasts/{number}", params={"format": "csv"})
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0]["timestamp"] == "2026-11-25 00:00+08:00" and len(rows) == 336
    assert {"calls", "lo80", "hi80", "aht_s"} <= set(rows[0])
    (listed,) = get(paul, "series/sales/forecasts")
    assert listed["id"] == number and listed["overrides"] == 0


def test_months_years_and_the_rest_of_today(house: PlannerHouse, paul: TestClient) -> None:
    """The next period unless another is asked for; today's rest from this morning's calls."""
    with_history(paul)
    month = get(paul, f"forecasts/{forecast(house, paul, kind='month')}", by="day")
    assert (month["period"], month["first"], month["last"]) == ("2026-12", "2026-12-01", "2026-12-31")
    year = get(paul, f"forecasts/{forecast(house, paul, kind='year')}", by="month")
    assert (year["period"], len(year["starts"])) == ("2027", 12)
    assert (
        "is over"
        in done(house, paul, post(paul, "series/sales/forecasts", 202, kind="intraday"), "failed")["trouble"]
    )
    morning = hours(1, until=TODAY + 1)
    text = as_file(morning).decode().splitlines()
    send(paul, "\n".join(text[:12]).encode(), series="sales")
    done(house, paul, post(paul, "series/sales/clean", 202))  # the afternoon is not missing
    today = get(paul, f"forecasts/{forecast(house, paul, kind='intraday')}")
    assert (today["first"], today["last"], len(today["starts"])) == ("2026-11-25", "2026-11-25", 13)
    assert today["history_to"] == today["starts"][0]
    post(paul, "series/sales/forecasts", 422, kind="weeks", period="2026-12")
    post(paul, "series/sales/forecasts", 422, kind="year", period="2026-12")


def test_a_backtest_shows_every_model_and_the_choice(house: PlannerHouse, paul: TestClient) -> None:
    """By horizon, and kept; the next forecast says on which one it rests."""
    with_history(paul, 16)
    number = done(house, paul, post(paul, "series/sales/backtests", 202, horizons=[1, 2], origins=2))[
        "result"
    ]
    shown = get(paul, f"backtests/{number}")
    assert shown["origins"] == 2 and shown["horizons"] == [1, 2] and len(shown["models"]) >= 6
    assert shown["auto"]["interval_wape"].keys() == {"1", "2"} and sum(
        shown["weights"].values()
    ) == pytest.approx(1)
    assert 0 < shown["models"]["weekday-mean"]["interval_wape"]["1"] < 60
    assert get(paul, "series/sales/backtests")[0] == shown
    assert get(paul, f"forecasts/{forecast(house, paul)}")["backtest"] == number


def test_what_cannot_be_forecast_says_why(house: PlannerHouse, paul: TestClient) -> None:
    """No history, too short a history, a model there is not."""
    post(paul, "series", name="Sales", interval_min=60)
    job = done(house, paul, post(paul, "series/sales/clean", 202), "failed")
    assert "has no history yet" in job["trouble"]
    send(paul, as_file(hours(3)), series="sales")
    job = done(house, paul, post(paul, "series/sales/backtests", 202), "failed")
    assert "3 days" in job["trouble"]
    job = done(house, paul, post(paul, "series/sales/forecasts", 202, model="oracle"), "failed")
    assert "there is no model 'oracle'" in job["trouble"].lower() or "no model" in job["trouble"].lower()
    assert [one["state"] for one in get(paul, "jobs", series="sales")] == ["failed"] * 3
    post(paul, "series/none/clean", 404)


# ------------------------------------------------------------------ overrides


def test_an_override_keeps_the_machines_numbers(house: PlannerHouse, paul: TestClient) -> None:
    """It has an author, a time, a week and a reason; a preview shows the same and keeps nothing."""
    with_history(paul)
    number = flat(house)
    seen = post(paul, f"forecasts/{number}/overrides/preview", 200, **percent(50))
    assert (seen["before"], seen["after"]) == (480, 720) and get(paul, f"forecasts/{number}/overrides") == []
    made = post(paul, f"forecasts/{number}/overrides", **percent(50))
    assert (made["before"], made["after"], made["number"]) == (480, 720, 1)
    assert (made["by"], made["week"], made["reason"]) == ("paul", "2026-W48", "campaign")
    assert made["at"] == NOW // 1000 and made["actual"] is None and made["closer"] is None
    shown = get(paul, f"forecasts/{number}", by="day")
    assert set(shown["machine"]) == {240} and shown["calls"][5:7] == [360, 360]
    assert (shown["machine_calls"], shown["human_calls"], shown["overrides"]) == (3360, 3600, 1)
    more = post(paul, f"forecasts/{number}/overrides", **percent(10, measure="aht_s"))
    assert (more["before"], more["after"]) == (180, 198)
    shape = {"how": "shape", "shape": [1, 0, 0], "from_slot": 540, "to_slot": 720}
    moved = post(paul, f"forecasts/{number}/overrides", **percent(0) | shape)
    assert moved["before"] == moved["after"] == 90
    assert get(paul, f"forecasts/{number}")["calls"][5 * 24 + 9 : 5 * 24 + 12] == [45, 0, 0]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (percent(50, "2026-11-20", "2026-11-20"), "still to come"),
        (percent(50, "2026-12-02", "2026-12-01"), "before"),
        (percent(50, reason=""), "reason"),
        (percent(-101), "cannot"),
        ({**percent(0), "how": "shape", "shape": [1.0, 2.0]}, "24 slots"),
        ({**percent(0), "how": "shape"}, "weights"),
    ],
)
def test_a_wrong_override_is_refused(
    house: PlannerHouse, paul: TestClient, wrong: dict[str, Any], said: str
) -> None:
    """With the reason, and nothing is kept."""
    with_history(paul)
    number = flat(house)
    for route in ("overrides", "overrides/preview"):
        assert said in post(paul, f"forecasts/{number}/{route}", 422, **wrong)["detail"]
    assert get(paul, f"forecasts/{number}/overrides") == []


def test_withdrawing_leaves_a_trail(house: PlannerHouse, paul: TestClient) -> None:
    """The override stays in the list with who, when and why, and does nothing more."""
    with_history(paul)
    number = flat(house)
    one = post(paul, f"forecasts/{number}/overrides", **percent(50))
    two = post(paul, f"forecasts/{number}/overrides", **percent(10))
    assert two["before"] == 720
    gone = post(paul, f"overrides/{one['id']}/withdraw", 200, reason="it was called off")
    assert (gone["withdrawn_by"], gone["withdrawn_why"]) == ("paul", "it was called off")
    assert get(paul, f"forecasts/{number}")["human_calls"] == pytest.approx(3360 + 48)
    assert [o["withdrawn_at"] is None for o in get(paul, f"forecasts/{number}/overrides")] == [False, True]
    post(paul, f"overrides/{one['id']}/withdraw", 409, reason="again")
    post(paul, "overrides/99/withdraw", 404, reason="none")


def test_who_was_closer_is_told_when_it_is_past(house: PlannerHouse, paul: TestClient) -> None:
    """Of each override by itself, of each day, and of all; the past is not overridden afterwards."""
    with_history(paul)
    number = flat(house, 10.0)
    post(paul, f"forecasts/{number}/overrides", **percent(50, "2026-11-26", "2026-11-26"))
    post(paul, f"forecasts/{number}/overrides", **percent(20, "2026-11-27", "2026-11-27"))
    came = hours(3, until=TODAY + 3)
    came.calls[:24], came.calls[24:48], came.calls[48:] = 10.0, 15.0, 9.0
    send(paul, as_file(came), series="sales")
    house.at("2026-11-28")
    told = get(paul, f"forecasts/{number}/comparison")
    assert told["intervals"] == 72 and told["actual"] == 816
    assert [one["closer"] for one in told["overrides"]] == ["human", "machine"]
    assert [one["closer"] for one in told["days"]] == ["equal", "human", "machine"]
    assert told["closer"] == "human" and told["machine"]["wape"] == pytest.approx(100 * 144 / 816, abs=1e-3)
    assert told["human"]["wape"] == pytest.approx(100 * 72 / 816, abs=1e-3)
    assert (
        "still to come"
        in post(paul, f"forecasts/{number}/overrides", 422, **percent(50, "2026-11-27", "2026-11-27"))[
            "detail"
        ]
    )


def test_overrides_are_carried_to_the_next_forecast(house: PlannerHouse, paul: TestClient) -> None:
    """As far as they reach into it, with author and reason; not where it is not wanted."""
    with_history(paul)
    first = flat(house)
    post(paul, f"forecasts/{first}/overrides", **percent(50, "2026-11-30", "2026-12-01"))
    post(paul, f"forecasts/{first}/overrides", **percent(50, "2026-12-02", "2026-12-02"))
    house.at("2026-12-02")
    send(paul, as_file(hours(7, until=np.datetime64("2026-12-02"))), series="sales")
    carried = get(paul, f"forecasts/{forecast(house, paul)}/overrides")
    assert [(o["first"], o["by"], o["carried_from"] is not None) for o in carried] == [
        ("2026-12-02", "paul", True)
    ]
    assert get(paul, f"forecasts/{forecast(house, paul, carry=False)}/overrides") == []


# ------------------------------------------------------------------ published


def test_a_version_stays_as_it_was_published(house: PlannerHouse, paul: TestClient) -> None:
    """Whatever is overridden later; a deadline that was kept is said, and one that was missed."""
    with_history(paul)
    (month, year) = get(paul, "deadlines")
    assert (month["period"], month["due"], month["state"]) == ("2026-12", "2026-11-25", "due_soon")
    assert (year["period"], year["due"], year["state"]) == ("2027", "2026-11-30", "due_soon")
    number = flat(house, kind="month", period="2026-12")
    version = post(paul, f"forecasts/{number}/publish", note="final")
    assert (version["number"], version["due"], version["late_days"]) == (1, "2026-11-25", 0)
    post(paul, f"forecasts/{number}/overrides", **percent(50))
    assert get(paul, f"versions/{version['id']}", by="day")["calls"] == [240] * 14
    house.at("2026-12-02")
    again = post(paul, f"forecasts/{number}/publish")
    assert (again["number"], again["late_days"]) == (2, 7)
    states = {one["period"]: one for one in get(paul, "deadlines")}
    assert states["2026-12"]["state"] == "published" and states["2027"]["state"] == "missed"
    assert states["2026-12"]["version"] == version["id"] and "missed 2 days ago" in states["2027"]["said"]
    assert [one["number"] for one in get(paul, "series/sales/versions")] == [2, 1]
    assert get(paul, f"forecasts/{number}")["published"] == again["id"]
    assert paul.delete(f"{PLANNING}/forecasts/{number}").status_code == 409
    assert paul.delete(f"{PLANNING}/series/sales").status_code == 409
    assert paul.delete(f"{PLANNING}/forecasts/{flat(house)}").status_code == 204


# ------------------------------------------------------------------ accuracy


def test_the_report_is_of_the_forecast_that_counted(house: PlannerHouse, paul: TestClient) -> None:
    """Machine, human and published each; by horizon, slot and day; the alarm after a month of bias."""
    with_history(paul)
    number = flat(house, 20.0, days=30)
    post(paul, f"forecasts/{number}/overrides", **percent(10, "2026-11-25", "2026-12-24"))
    version = post(paul, f"forecasts/{number}/publish")
    rng = np.random.default_rng(3)
    came = hours(30, until=TODAY + 30)
    came.calls[:] = rng.poisson(20.0, len(came))
    send(paul, as_file(came), series="sales")
    machine, human = (
        get(paul, "series/sales/accuracy", of=of, **{"from": "2026-11-26"}) for of in ("machine", "human")
    )
    assert machine["interval"]["count"] == 29 * 24 and machine["daily"]["count"] == 29
    assert abs(machine["interval"]["bias"]) < 2 and human["interval"]["bias"] == pytest.approx(10, abs=3)
    assert human["interval"]["mase"] > 0 and human["interval"]["pinball"] > machine["interval"]["pinball"]
    assert [(h["from_day"], h["count"]) for h in machine["by_horizon"]][-1] == (29, 48)
    assert len(machine["by_slot"]) == 24 and len(machine["by_day"]) == len(machine["too_low"]) == 29
    assert machine["aht"]["wape"] < 20
    assert not machine["alarm"]["sounding"] and human["alarm"]["direction"] == "too_high"
    assert get(paul, "series/sales")["alarm"] and get(paul, "alarms")[0]["sounding"]
    published = get(paul, "series/sales/accuracy", of="published", **{"from": "2026-11-26"})
    assert published["interval"]["bias"] == human["interval"]["bias"] and version["number"] == 1


def test_without_forecasts_the_report_is_empty(paul: TestClient) -> None:
    """Nothing is said where nothing is known."""
    with_history(paul, 14)
    told = get(paul, "series/sales/accuracy")
    assert told["interval"]["count"] == 0 and told["interval"]["wape"] is None and told["by_day"] == []
    get(paul, "series/sales/accuracy", 422, **{"from": "2026-11-02", "to": "2026-11-01"})


# ------------------------------------------------------------------ staffing


def test_people_for_a_forecast(house: PlannerHouse, paul: TestClient) -> None:
    """Ten calls an hour of three minutes: the least number that keeps the target, shrinkage, minimum."""
    with_history(paul)
    number = flat(house, 10.0, days=1)
    asked = {
        "target": {"service_level": 0.8, "within_s": 20},
        "shrinkage": [{"reason": "leave", "share": 0.2}, {"reason": "breaks", "share": 0.1, "of": "present"}],
        "note": "first try",
    }
    made = post(paul, f"forecasts/{number}/requirements", **asked)
    one = post(
        paul, "staffing/case", 200, calls=10, per_min=60, aht_s=180, patience_s=180, target=asked["target"]
    )
    assert set(made["agents"]) == {one["agents"]} and made["shrinkage"] == pytest.approx(0.28)
    assert set(made["scheduled"]) == {-(-one["agents"] // 0.72)}
    assert made["agent_hours"] == 24 * one["agents"] and made["peak_agents"] == one["agents"]
    assert min(made["service_level"]) >= 0.8 and made["service_level"][0] == pytest.approx(
        one["service_level"], abs=1e-3
    )
    fewer = post(
        paul, "staffing/case", 200, calls=10, per_min=60, aht_s=180, patience_s=180, agents=one["agents"] - 1
    )
    assert fewer["service_level"] < 0.8
    least = post(paul, f"forecasts/{number}/requirements", **asked | {"minimum": 5, "interval_min": 120})
    assert set(least["agents"]) == {5} and len(least["starts"]) == 12
    assert [o["note"] for o in get(paul, f"forecasts/{number}/requirements")] == ["first try"] * 2
    answer = paul.get(f"{PLANNING}/requirements/{made['id']}", params={"format": "csv"})
    row = next(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert row["timestamp"] == "2026-11-25 00:00+08:00" and float(row["agents"]) == one["agents"]
    assert paul.delete(f"{PLANNING}/requirements/{least['id']}").status_code == 204
    get(paul, f"requirements/{least['id']}", 404)


def test_people_for_a_published_version(house: PlannerHouse, paul: TestClient) -> None:
    """Its numbers, not those of today; of this forecast only."""
    with_history(paul)
    number = flat(house, 100.0, days=7)
    version = post(paul, f"forecasts/{number}/publish")["id"]
    post(paul, f"forecasts/{number}/overrides", **percent(100, "2026-11-26", "2026-12-01"))
    then, now = (post(paul, f"forecasts/{number}/requirements", version=v) for v in (version, None))
    assert then["version"] == version and then["agent_hours"] < now["agent_hours"]
    post(paul, f"forecasts/{flat(house)}/requirements", 422, version=version)
    post(paul, f"forecasts/{number}/requirements", 422, target={})
    told = post(paul, f"forecasts/{number}/requirements", 422, patience_s=None, target={"abandonment": 0.05})
    assert "patience" in told["detail"]


def test_one_case_and_its_curve(paul: TestClient) -> None:
    """Erlang C's textbook case; each person more is better, and too few have no steady state."""
    case = {"calls": 100, "per_min": 30, "aht_s": 180, "within_s": 20}
    told = post(paul, "staffing/case", 200, **case, agents=14)
    assert told["probability_of_wait"] == pytest.approx(0.1741, abs=1e-4)
    assert told["service_level"] == pytest.approx(0.8884, abs=1e-4) and told["abandonment"] == 0
    full = post(paul, "staffing/case", 200, **case, agents=9)
    assert full["asa_s"] is None and full["service_level"] == 0
    curve = post(paul, "staffing/curve", 200, **case)
    assert curve["erlangs"] == 10 and len(curve["agents"]) > 5
    assert all(np.diff(curve["service_level"]) > 0) and all(np.diff(curve["abandonment"]) <= 0)
    some = post(paul, "staffing/curve", 200, **case, from_agents=12, to_agents=14)
    assert some["agents"] == [12, 13, 14]
    post(paul, "staffing/curve", 422, **case, from_agents=14, to_agents=12)
    post(paul, "staffing/case", 422, **case)
    post(paul, "staffing/case", 422, **case, agents=3, target={"service_level": 0.8})
    post(paul, "staffing/case", 422, calls=-1, aht_s=180, agents=3)


def test_the_level_that_is_told_is_the_one_that_was_meant(paul: TestClient) -> None:
    """A target by another definition is answered by that definition."""
    case = {"calls": 100, "per_min": 30, "aht_s": 180, "patience_s": 60}
    target = {"service_level": 0.9, "within_s": 20}
    loose = post(paul, "staffing/case", 200, **case, target=target | {"definition": "in_target_of_all"})
    strict = post(paul, "staffing/case", 200, **case, target=target)
    assert loose["agents"] < strict["agents"]
    same = post(paul, "staffing/case", 200, **case, within_s=20, agents=loose["agents"])
    assert same["service_level"] < 0.9 <= loose["service_level"]


def test_files_of_a_chinese_series_have_its_name(house: PlannerHouse, paul: TestClient) -> None:
    """As headers can say it."""
    post(paul, "series", id="个人业务", name="个人业务", interval_min=60)
    send(paul, as_file(hours(28)), series="个人业务")
    job = done(house, paul, post(paul, "series/个人业务/forecasts", 202, days=7, model="weekday-mean"))
    answer = paul.get(f"{PLANNING}/forecasts/{job['result']}", params={"format": "csv"})
    assert answer.status_code == 200
    assert "filename*=UTF-8''forecast-%E4%B8%AA" in answer.headers["content-disposition"]


def test_patience_is_read_off_the_queue(house: PlannerHouse, paul: TestClient) -> None:
    """Who was answered only had their wait cut short; nobody who waited, a series of files: said."""
    post(paul, "series", name="Sales", source="queue", key="sales", interval_min=60)
    assert "Nobody waited" in get(paul, "series/sales/patience", 422)["detail"]
    rng = np.random.default_rng(9)
    patience, answered = rng.exponential(120.0, 3000), rng.exponential(40.0, 3000)
    begun = house.clock[0] - 86_400_000_000
    with house.house.database.transaction() as session:
        for n, (gives_up, comes) in enumerate(zip(patience, answered, strict=True)):
            wait = int(1e6 * min(gives_up, comes))
            outcome = "abandoned" if gives_up < comes else "answered"
            session.add(call_row(f"c{n}", begun, wait, outcome))
    told = get(paul, "series/sales/patience")
    assert told["low_s"] < 120 < told["high_s"] and told["visits"] == 3000
    assert told["mean_s"] == pytest.approx(120, rel=0.1) and 600 < told["abandoned"] < 900
    post(paul, "series", name="Files")
    assert "Only the visits of a queue" in get(paul, "series/files/patience", 422)["detail"]


def call_row(call: str, entered: int, wait_us: int, outcome: str) -> CallRow:
    """A call with one visit of the queue."""
    row = CallRow(id=call, started=entered, answered=entered, ended=entered + wait_us, outcome=outcome)
    row.caller = row.dialled = row.ended_by = row.flow = row.digits = row.customer_name = row.tier = ""
    row.recording = row.transferred_to = ""
    row.path, row.direction = "[]", "in"
    row.talk_us = row.hold_us = row.wait_us = 0
    visit = VisitRow(
        call=call, number=1, queue="sales", entered=entered, left=entered + wait_us, outcome=outcome
    )
    visit.tier, visit.priority, visit.transferred = "", 0.0, False
    visit.target_us = visit.short_us = visit.talk_us = visit.hold_us = visit.wrap_us = 0
    row.visits = [visit]
    return row


def test_put_is_used(paul: TestClient) -> None:
    """Choosing a model by hand is a change of the series."""
    with_history(paul)
    assert put(paul, "series/sales", name="Sales", interval_min=60, model="svd")["model"] == "svd"
