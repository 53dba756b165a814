"""Calendars as rows: as the page and a YAML file write them, and as the floor gets them."""

from typing import Any

import pytest

from common.calendars import CALENDARS, Calendars, load_calendars
from domain.config import CalendarConfig
from domain.instant import Instant
from tests.common.web import House

DAY = {
    "name": "Day",
    "timezone": "Asia/Shanghai",
    "hours": {"mon": [["09:00", "12:00"], ["13:00", "17:30"]], "fri": [["22:00", "06:00"]]},
    "country": "CN",
    "closed": ["2026-05-06"],
    "open": ["2026-05-03", "2026-05-09 10:00-12:00"],
}


def test_as_the_page_writes_it(house: House) -> None:
    """What was sent is shown again, and the floor gets the same as its own words."""
    root = house.signed_in("root")
    assert root.put("/api/admin/calendars/day", json=DAY).json() == {"id": "day", **DAY}
    assert root.get("/api/admin/calendars/day").json() == {"id": "day", **DAY}
    with house.database.transaction() as session:
        configs = load_calendars(session)
    assert configs == (
        CalendarConfig(
            "day",
            "Asia/Shanghai",
            {"mon": ("09:00-12:00", "13:00-17:30"), "fri": ("22:00-06:00",)},
            "CN",
            ("2026-05-06",),
            ("2026-05-03", "2026-05-09 10:00-12:00"),
        ),
    )
    monday_ten = Instant(1_777_860_000_000_000 + 14 * 86_400_000_000)
    assert Calendars(configs).is_open("day", monday_ten)


def test_as_a_file_writes_it(house: House) -> None:
    """Spans as text, one span without a list, dates that YAML has read as dates."""
    import yaml

    text = """
    - id: day
      name: Day
      country: us-ca
      hours: {MON: 09:00-17:00, tue: ["09:00-12:00", "13:00-24:00"], sun: []}
      closed: [2026-12-24, 2026-05-01, 2026-05-01]
      open: [2026-05-02 10:00-12:00]
    """
    with house.database.transaction() as session:
        assert CALENDARS.import_rows(session, yaml.safe_load(text), "x") == []
        (row,) = CALENDARS.export_rows(session)
    assert row["hours"] == {
        "mon": [["09:00", "17:00"]],
        "tue": [["09:00", "12:00"], ["13:00", "24:00"]],
        "sun": [],
    }
    assert row["country"] == "US-CA" and row["closed"] == ["2026-05-01", "2026-12-24"]
    assert row["open"] == ["2026-05-02 10:00-12:00"]


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ({"hours": {"tue": [["9", "5"]]}}, "hours of tue: '9-5' is no span; write it like 09:00-17:30."),
        (
            {"hours": {"mon": ["09:00-17:00"], "sat": ["09:00-25:00"]}},
            "hours of sat: '09:00-25:00' is outside the day; a span begins 00:00 to 23:59 and ends by 24:00.",
        ),
        ({"hours": {"mon": 5}}, "hours of mon: 5 is no list of spans."),
        (
            {"hours": {"noday": []}},
            "hours has 'noday', which is no weekday; they are mon, tue, wed, thu, fri, sat, sun.",
        ),
        ({"timezone": "Mars"}, "timezone 'Mars' is no time zone; write it like Asia/Shanghai."),
        ({"country": "XX"}, "country 'XX' is no country we have holidays of; write it like CN or US-CA."),
        ({"closed": ["2026-02-30"]}, "closed '2026-02-30' is no date; write it like 2026-10-01."),
        ({"open": ["2026-05-03 9-5"]}, "open '9-5' is no span; write it like 09:00-17:30."),
        ({"open": ["2026-05-03", "2026-05-03 09:00-10:00"]}, "open names a date twice."),
        ({"closed": ["2026-05-03"]}, "open has 2026-05-03, which is also closed; choose one."),
    ],
)
def test_what_is_wrong_is_named(house: House, change: dict[str, Any], detail: str) -> None:
    """The weekday and the span, the date, the zone, the country."""
    answer = house.signed_in("root").put("/api/admin/calendars/day", json={**DAY, **change})
    assert (answer.status_code, answer.json()["detail"]) == (422, detail)
