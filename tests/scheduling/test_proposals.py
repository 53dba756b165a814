"""A roster made better over HTTP: looked at first, then accepted; nothing changes before."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.hashes import quick_hashes
from tests.scheduling.house import MONDAY, Browser, RosterHouse, day, roster_house

__all__ = ["quick_hashes"]
NOON = 720


@pytest.fixture
def house(tmp_path: Path, quick_hashes: None) -> Iterator[RosterHouse]:
    made = roster_house(f"sqlite:///{tmp_path / 'rosters.db'}")
    made.rostering.start()
    yield made
    made.rostering.stop()
    made.house.database.close()


@pytest.fixture
def paul(house: RosterHouse) -> Browser:
    return house.signed_in("paul")


def done(house: RosterHouse, paul: Browser, where: str, **body: Any) -> Any:
    """A proposal, worked on."""
    asked = paul.post(f"{where}/proposals", 202, **{"day": day(0), **body})
    assert asked["state"] == "queued" and asked["proposed"] is None
    house.rostering.proposals.wait()
    return paul.get(f"proposals/{asked['id']}")


def per_hour(*hours: int) -> list[int]:
    """One person from each of these hours of Monday on."""
    return [int(hour in hours) for hour in range(7 * 24)]


def calls(**more: Any) -> dict[str, Any]:
    """The three take calls, one asked for on Monday from seven to three, breaks where nobody is missed."""
    people = [{"id": one, "skills": {"calls": 1}, "shifts": ["E", "L"]} for one in ("amy", "ben", "cem")]
    demand = {"name": "calls", "skill": "calls", "required": per_hour(*range(7, 15)), "over": []}
    return {"people": people, "demands": [demand], "covers": [], **more}


def test_who_is_ill_is_made_up_for(house: RosterHouse, paul: Browser) -> None:
    """A colleague is called in; the published roster stays until that is accepted, and has its reasons."""
    version = paul.published(("amy", 0, "E"), ("amy", 1, "E"), ("ben", 1, "L"))
    made = done(house, paul, f"versions/{version['id']}", kind="replan", ill=[{"person": "amy", "days": 2}])
    assert (made["state"], made["trouble"], made["kind"]) == ("done", "", "replan")
    proposed = made["proposed"]
    changes = {(one["person"], one["day"]): one for one in proposed["changes"]}
    assert changes["amy", day(0)]["after"] is None and changes["amy", day(1)]["after"] is None
    (called,) = [one for one in changes.values() if one["after"]]
    assert called["day"] == day(0) and called["after"]["shift"] == "E" and called["before"] is None
    assert proposed["difference"]["legal"] and proposed["difference"]["cost"] == -100
    (early,) = [one for one in proposed["cover"] if (one["day"], one["name"]) == (day(0), "Early")]
    assert (early["required"], early["before"], early["after"]) == ([1], [0], [1])
    assert (proposed["moved"], proposed["shifts"], proposed["share"]) == (1, 1, 1.0)
    assert len(paul.get(f"versions/{version['id']}")["roster"]) == 3
    accepted = paul.post(f"proposals/{made['id']}/accept", note="Amy is ill")["accepted"]
    assert (accepted["by"], accepted["draft"]) == ("paul", None)
    after = paul.get(f"versions/{accepted['version']}")
    assert (after["number"], after["how"], after["note"]) == (2, "replan", "Amy is ill")
    assert after["changes"] == proposed["changes"]
    people = paul.get(f"problems/{after['problem']}")["problem"]["people"]
    assert people[0]["leave"] == [{"day": 0, "minutes": 420}, {"day": 1, "minutes": 420}]
    assert paul.get(f"problems/{after['problem']}")["derived_from"] == version["problem"]
    paul.post(f"proposals/{made['id']}/accept", 409)
    paul.post(f"versions/{version['id']}/proposals", 409, kind="breaks", day=day(0))
    assert [one["id"] for one in paul.get("proposals", version=version["id"])] == [made["id"]]


def test_a_version_s_proposal_may_become_a_draft(house: RosterHouse, paul: Browser) -> None:
    """And is refused once something newer was published."""
    version = paul.published(("amy", 0, "E"))
    proposals = [
        done(house, paul, f"versions/{version['id']}", kind="replan", ill=[{"person": "amy"}])
        for _ in range(2)
    ]
    draft = paul.post(f"proposals/{proposals[0]['id']}/accept", **{"as": "draft"})["accepted"]["draft"]
    shown = paul.get(f"drafts/{draft}")
    assert shown["based_on"] == version["id"] and [one["person"] for one in shown["roster"]] != ["amy"]
    paul.post(f"drafts/{draft}/publish", 201)
    refused = paul.post(f"proposals/{proposals[1]['id']}/accept", 409)
    assert refused["title"] == "A newer roster is in force"
    assert paul.get(f"proposals/{proposals[1]['id']}")["accepted"] is None


def test_more_calls_bring_more_people(house: RosterHouse, paul: Browser) -> None:
    """Twice as many from noon on: somebody comes; the morning is as it was."""
    draft = paul.draft(paul.plan(**calls()), ("amy", 0, "E"))
    peak = [{"name": "calls", "factor": 2, "from_minute": NOON}]
    made = done(house, paul, f"drafts/{draft}", kind="replan", demand=peak, most_changes=3, worth=1)
    proposed = made["proposed"]
    (cover,) = [one for one in proposed["cover"] if one["what"] == "demand" and one["day"] == day(0)]
    assert cover["required"][7:16] == [1] * 5 + [2] * 3 + [0]
    assert sum(cover["after"][12:15]) > sum(cover["before"][12:15])
    assert proposed["difference"]["cost_after"] < proposed["difference"]["cost_before"]
    accepted = paul.post(f"proposals/{made['id']}/accept")["accepted"]
    assert (accepted["draft"], accepted["version"]) == (draft, None)
    shown = paul.get(f"drafts/{draft}")
    assert shown["cost"] == proposed["difference"]["cost_after"]
    assert paul.get(f"drafts/{draft}/trail")[0]["how"] == "replan"
    assert max(paul.get(f"problems/{shown['problem']}")["problem"]["demands"][0]["required"]) == 2


def test_breaks_go_where_nobody_misses_them(house: RosterHouse, paul: Browser) -> None:
    """Lunch is placed into the hour that asks for nobody; a draft that was changed meanwhile is not."""
    more = calls()
    more["demands"][0]["required"] = per_hour(*(hour for hour in range(7, 15) if hour != 12))
    draft = paul.draft(paul.plan(**more), ("amy", 0, "E"), ("amy", 1, "E"))
    one = done(house, paul, f"drafts/{draft}", kind="breaks")
    two = done(house, paul, f"drafts/{draft}", kind="breaks", last_day=day(1), from_minute=NOON)
    (change,) = one["proposed"]["changes"]
    assert change["after"]["breaks"] == [{"name": "lunch", "start": NOON, "minutes": 60}]
    assert (one["proposed"]["moved"], one["proposed"]["breaks"]) == (0, 1)
    assert one["proposed"]["difference"]["cost"] == -100
    assert two["proposed"]["changes"] == []  # at noon lunch was over
    paul.post(f"proposals/{one['id']}/accept")
    assert paul.post(f"proposals/{two['id']}/accept", 412)["title"] == "The draft was changed"
    assert paul.get(f"drafts/{draft}")["roster"][0]["breaks"][0]["start"] == NOON


def test_the_reserve_is_given_to_the_telephones(house: RosterHouse, paul: Browser) -> None:
    """Where people are missing by now."""
    shifts = [{"id": "R", "start": 420, "length": 480, "reserve": True}]
    people = [{"id": "amy", "skills": {"calls": 1}}]
    number = paul.plan(**calls(shifts=shifts, people=people))
    draft = paul.draft(number, ("amy", 0, "R"))
    none = [{"name": "calls", "factor": 0}]
    made = done(house, paul, f"drafts/{draft}", kind="duties", from_minute=600, demand=none)
    assert made["proposed"]["changes"] == []
    made = done(house, paul, f"drafts/{draft}", kind="duties", from_minute=600)
    (change,) = made["proposed"]["changes"]
    assert change["after"]["duties"] == [{"name": "", "start": 600, "minutes": 300}]
    paul.post(f"proposals/{made['id']}/accept")
    again = done(house, paul, f"drafts/{draft}", kind="duties", from_minute=660)
    assert again["proposed"]["changes"] == []  # it began at ten, and goes on


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"kind": "replan", "ill": [{"person": "zoe"}]}, "There is no person 'zoe'"),
        ({"kind": "replan", "demand": [{"name": "fax", "factor": 2}]}, "There is no demand 'fax'"),
        ({"kind": "breaks", "day": "2026-12-25"}, f"The roster is from {MONDAY} to {day(6)}"),
        ({"kind": "replan", "day": day(3), "demand": [{"name": "fax", "required": [1]}]}, "no demand 'fax'"),
    ],
)
def test_what_cannot_be_is_told(house: RosterHouse, paul: Browser, body: dict[str, Any], words: str) -> None:
    """In words, and there is nothing to accept."""
    draft = paul.draft(paul.plan(), ("amy", 0, "L"))
    made = done(house, paul, f"drafts/{draft}", **body)
    assert (made["state"], made["proposed"]) == ("failed", None)
    assert words in made["trouble"]
    paul.post(f"proposals/{made['id']}/accept", 409)


def test_bodies_that_are_none_are_refused(house: RosterHouse, paul: Browser) -> None:
    """Fields of another kind, a time before another."""
    where = f"drafts/{paul.draft(paul.plan())}/proposals"
    paul.post(where, 422, kind="breaks", day=day(0), ill=[{"person": "amy"}])
    paul.post(where, 422, kind="breaks", day=day(1), last_day=day(0))
    paul.post(where, 422, kind="replan", day=day(0), demand=[{"name": "calls"}])
    paul.post("drafts/99/proposals", 404, kind="breaks", day=day(0))
    paul.get("proposals/99", 404)
    house.signed_in("sue").post(where, 403, kind="breaks", day=day(0))
