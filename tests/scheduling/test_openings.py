"""Open shifts: opened by a planner, bid for by agents, given by a supervisor, in the roster then."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from domain.instant import Instant
from scheduling.requests import look_at
from tests.hashes import quick_hashes
from tests.scheduling.house import MONDAY, Browser, RosterHouse, day, roster_house

__all__ = ["quick_hashes"]
PEOPLE: list[dict[str, Any]] = [
    {"id": "amy", "skills": {"calls": 1}, "seniority": 2},
    {"id": "ben", "skills": {"calls": 1}, "seniority": 5},
    {"id": "cem", "skills": {"calls": 1}, "seniority": 2},
    {"id": "dan"},
]


@pytest.fixture
def house(tmp_path: Path, quick_hashes: None) -> Iterator[RosterHouse]:
    made = roster_house(f"sqlite:///{tmp_path / 'rosters.db'}")
    yield made
    made.house.database.close()


@pytest.fixture
def paul(house: RosterHouse) -> Browser:
    return house.signed_in("paul")


def test_an_open_shift_is_given_by_seniority_then_fairness(house: RosterHouse, paul: Browser) -> None:
    """Bids stand in turn; the last place given refuses the rest; the roster has it at once."""
    version = paul.published(("amy", 1, "E"), people=PEOPLE)
    made = paul.post(f"versions/{version['id']}/openings", 201, day=day(0), shift="E", note="Fair")
    assert (made["state"], made["places"], made["begin_minute"], made["name"]) == ("open", 1, 420, "Early")
    users = {name: house.signed_in(name) for name in ("amy", "ben", "cem")}
    (seen,) = users["amy"].get("mine/openings")
    assert (seen["id"], seen["able"], seen["mine"], seen["note"]) == (made["id"], True, None, "Fair")
    bids = {
        name: users[name].post(f"mine/openings/{made['id']}/bid", 201, words="Me")
        for name in ("amy", "cem", "ben")
    }
    assert bids["amy"]["verdict"]["allowed"] and bids["amy"]["opening"] == made["id"]
    assert users["amy"].get("mine/openings")[0]["mine"] == bids["amy"]["id"]
    users["amy"].post(f"mine/openings/{made['id']}/bid", 409)
    sue = house.signed_in("sue")
    whole = sue.get(f"openings/{made['id']}")
    turns = [
        (one["turn"], one["request"]["person"], one["seniority"], one["minutes"]) for one in whole["in_turn"]
    ]
    assert turns == [(1, "ben", 5, 0), (2, "cem", 2, 0), (3, "amy", 2, 420)]
    assert sue.get("openings", open=True)[0]["bids"] == 3
    approved = sue.post(f"requests/{bids['ben']['id']}/approve")
    roster = paul.get(f"versions/{approved['applied']}")["roster"]
    assert [(one["person"], one["shift"]) for one in roster if one["day"] == day(0)] == [("ben", "E")]
    after = sue.get(f"openings/{made['id']}")
    assert (after["state"], after["given"], after["in_turn"]) == ("filled", 1, [])
    lost = users["cem"].get("mine/requests")[0]
    assert (lost["state"], lost["decision"], lost["decided_by"]) == ("refused", "filled", "sue")
    sue.post(f"requests/{bids['cem']['id']}/approve", 409)
    assert users["amy"].get("mine/openings") == []
    # Who was given one waits behind those of the same seniority next time.
    now = paul.get("versions", current=True)[0]["id"]
    again = paul.post(f"versions/{now}/openings", 201, day=day(4), shift="L", places=2)
    for name in ("ben", "amy", "cem"):
        users[name].post(f"mine/openings/{again['id']}/bid", 201)
    whole = sue.get(f"openings/{again['id']}")
    assert [(one["request"]["person"], one["taken"]) for one in whole["in_turn"]] == [
        ("ben", 1),
        ("cem", 0),
        ("amy", 0),
    ]
    sue.post(f"requests/{whole['in_turn'][0]['request']['id']}/approve")
    assert sue.get(f"openings/{again['id']}")["state"] == "open"
    closed = paul.post(f"openings/{again['id']}/close")
    assert (closed["state"], closed["given"]) == ("closed", 1)
    assert {one["state"] for one in sue.get("requests")} == {"approved", "refused"}
    paul.post(f"openings/{again['id']}/close", 409)
    users["cem"].post(f"mine/openings/{again['id']}/bid", 409)


def test_who_cannot_take_it_is_told_why(house: RosterHouse, paul: Browser) -> None:
    """Skills, a shift that is there, leave; what rules say is the judge's, and what is wrong is refused."""
    people = [dict(one) for one in PEOPLE]
    people[2]["skills"] = {}
    version = paul.published(("amy", 1, "E"), ("ben", 0, "L"), people=people)
    where = f"versions/{version['id']}/openings"
    made = paul.post(where, 201, day=day(1), shift="E", skills=["calls"])

    def seen(name: str) -> Any:
        return house.signed_in(name).get("mine/openings")[0]

    assert (seen("amy")["able"], seen("amy")["why"]) == (False, "You have a shift that day")
    assert seen("cem")["why"] == "It asks for calls"
    house.signed_in("cem").post(f"mine/openings/{made['id']}/bid", 409)
    tired = house.signed_in("ben").post(f"mine/openings/{made['id']}/bid", 201)
    assert not tired["verdict"]["allowed"] and "rests 8 h" in tired["verdict"]["broken"][0]["words"]
    sue = house.signed_in("sue")
    sue.post(f"requests/{tired['id']}/approve", 409)
    assert paul.get(f"openings/{made['id']}")["given"] == 0
    paul.post(where, 422, day="2026-12-24", shift="E")
    paul.post(where, 422, day=MONDAY, shift="X")
    paul.post(where, 422, day=MONDAY, shift="E", start=425)
    paul.post(where, 422, day=MONDAY, shift="E", skills=["fax"])
    sue.post(where, 403, day=MONDAY, shift="E")
    sue.post(f"requests/{tired['id']}/approve", despite=True)
    paul.post(where, 409, day=MONDAY, shift="E")  # a newer version is in force


@pytest.mark.parametrize(("zone", "utc"), [("America/New_York", 26), ("Asia/Shanghai", 15)])
def test_a_shift_is_open_until_its_own_day_is_over(
    house: RosterHouse, paul: Browser, zone: str, utc: int
) -> None:
    """A day lasts as long as it does where the roster is: in the evening, when it is the next one in London;
    and early in the morning, when it is still the one before there, nothing of that one is open any more.
    """
    hour, monday = 3_600_000_000, datetime(2026, 11, 30, tzinfo=UTC)
    house.clock[0] = Instant(round(monday.timestamp()) * 1_000_000)
    version = paul.published(("amy", 1, "E"), people=PEOPLE, zone=zone)
    where = f"versions/{version['id']}/openings"
    made = paul.post(where, 201, day=day(0), shift="L")
    house.clock[0] = Instant(house.clock[0] + utc * hour)
    ben = house.signed_in("ben")
    assert [one["id"] for one in ben.get("mine/openings")] == [made["id"]]
    paul.post(where, 201, day=day(0), shift="E")
    house.clock[0] = Instant(house.clock[0] + 3 * hour)
    assert ben.get("mine/openings") == []
    paul.post(where, 409, day=day(0), shift="E")


def test_bids_are_judged_while_nothing_is_locked(
    house: RosterHouse, paul: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is said of one is not written before the last one is judged: others write meanwhile."""
    version = paul.published(("amy", 1, "E"), people=PEOPLE)
    made = paul.post(f"versions/{version['id']}/openings", 201, day=day(0), shift="E")
    for name in ("amy", "ben", "cem"):
        house.signed_in(name).post(f"mine/openings/{made['id']}/bid", 201)
    draft = paul.post("drafts", 201, problem=version["problem"], name="2", from_version=version["id"])["id"]
    paul.post(f"drafts/{draft}/changes", changes=[{"person": "dan", "day": day(3), "shift": "E"}])
    paul.post(f"drafts/{draft}/publish", 201)
    free: list[bool] = []

    def watched(*asked: Any) -> Any:
        with house.house.database.transaction() as other:
            other.execute(text("PRAGMA busy_timeout=0"))
            try:
                other.execute(text("UPDATE roster_openings SET note = note"))
                free.append(True)
            except OperationalError:
                free.append(False)
            other.rollback()
        return look_at(*asked)

    monkeypatch.setattr("scheduling.records.asked.look_at", watched)
    whole = house.signed_in("sue").get(f"openings/{made['id']}")
    assert free == [True] * 3
    assert all(one["request"]["verdict"]["version"] != version["id"] for one in whole["in_turn"])
