"""Requests over HTTP: judged when they are asked and when they are decided, by somebody else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.instant import Instant
from tests.hashes import quick_hashes
from tests.scheduling.house import MONDAY, Browser, RosterHouse, day, problem, roster_house

__all__ = ["quick_hashes"]


@pytest.fixture
def house(tmp_path: Path, quick_hashes: None) -> Iterator[RosterHouse]:
    made = roster_house(f"sqlite:///{tmp_path / 'rosters.db'}")
    yield made
    made.house.database.close()


@pytest.fixture
def paul(house: RosterHouse) -> Browser:
    return house.signed_in("paul")


def test_a_swap_goes_from_one_to_the_other_to_the_supervisor(house: RosterHouse, paul: Browser) -> None:
    """Judged when asked; agreed, then approved: both see the new version, which says what changed."""
    before = paul.published(("amy", 0, "E"), ("ben", 1, "E"))
    amy, ben, sue = (house.signed_in(user) for user in ("amy", "ben", "sue"))
    body = {"kind": "swap", "day": day(0), "other": "ben", "other_day": day(1), "words": "Dentist"}
    assert amy.post("mine/requests/preview", **body)["allowed"]
    assert amy.get("mine/requests") == []
    asked = amy.post("mine/requests", 201, **body)
    assert (asked["state"], asked["verdict"]["version"]) == ("asked", before["id"])
    assert asked["verdict"]["cost"] is None and asked["other_name"] == "Ben Birch"
    sue.post(f"requests/{asked['id']}/approve", 409)  # ben has not agreed
    house.signed_in("cem").post(f"mine/requests/{asked['id']}/agree", 404)
    assert ben.get("mine/requests")[0]["words"] == "Dentist"
    assert ben.post(f"mine/requests/{asked['id']}/agree")["state"] == "agreed"
    done = sue.post(f"requests/{asked['id']}/approve", note="Fine")
    assert (done["state"], done["decided_by"], done["verdict"]["cost"]) == ("approved", "sue", 0)
    version = paul.get(f"versions/{done['applied']}")
    assert (version["number"], version["how"], version["by"]) == (2, "request", "sue")
    assert len(version["changes"]) == 4
    assert [one["day"] for one in amy.get("mine", **{"from": MONDAY, "to": day(6)})["shifts"]] == [day(1)]
    amy.post(f"mine/requests/{asked['id']}/withdraw", 409)


def test_what_breaks_a_rule_is_approved_only_despite_it(house: RosterHouse, paul: Browser) -> None:
    """A bid for an early shift after a late one: the judge says so to the one who asks and to who decides."""
    paul.published(("amy", 0, "L"))
    amy, sue = house.signed_in("amy"), house.signed_in("sue")
    asked = amy.post("mine/requests", 201, kind="bid", day=day(1), shift="E")
    assert not asked["verdict"]["allowed"] and asked["verdict"]["broken"][0]["rule"] == "rest"
    assert "rests 8 h" in sue.post(f"requests/{asked['id']}/approve", 409)["detail"]
    assert sue.post(f"requests/{asked['id']}/approve", despite=True)["applied"] is not None


def test_leave_becomes_part_of_the_problem(house: RosterHouse, paul: Browser) -> None:
    """The shift is gone, the credited minutes count, and a problem made of the old one has both."""
    before = paul.published(("amy", 0, "E"), ("ben", 0, "E"))
    amy, sue = house.signed_in("amy"), house.signed_in("sue")
    asked = amy.post("mine/requests", 201, kind="leave", day=day(0))
    done = sue.post(f"requests/{asked['id']}/approve", minutes=480)
    version = paul.get(f"versions/{done['applied']}")
    made = paul.get(f"problems/{version['problem']}")
    assert made["derived_from"] == before["problem"]
    assert made["problem"]["people"][0]["leave"] == [{"day": 0, "minutes": 480}]
    assert [one["person"] for one in version["roster"]] == ["ben"]
    mine = amy.get("mine", **{"from": MONDAY, "to": day(6)})
    assert (mine["shifts"], mine["leave"]) == ([], [day(0)])


def test_what_is_wished_early_is_in_the_problem_to_come(house: RosterHouse, paul: Browser) -> None:
    """Leave and wishes of days that are not published wait for their problem; it takes those approved."""
    paul.published(("amy", 0, "E"))
    amy, sue = house.signed_in("amy"), house.signed_in("sue")
    asked = [
        amy.post("mine/requests", 201, kind="leave", day="2026-12-08"),
        amy.post("mine/requests", 201, kind="wish", day="2026-12-09", shift="L"),
        amy.post("mine/requests", 201, kind="wish", day="2026-12-10", want=False),
    ]
    assert {one["verdict"] for one in asked} == {None} and asked[0]["group"] == "bank"
    for one in asked[:2]:
        assert sue.post(f"requests/{one['id']}/approve")["applied"] is None
    sue.post(f"requests/{asked[2]['id']}/refuse", note="All hands")
    week = {"group": "bank", "name": "Next", "problem": problem(start="2026-12-07"), "wish_weight": 7}
    made = paul.get(f"problems/{paul.post('problems', 201, **week)['id']}")["problem"]["people"][0]
    assert made["leave"] == [{"day": 1}]
    assert made["wishes"] == [{"day": 2, "want": True, "shifts": ["L"], "weight": 7}]
    amy.post("mine/requests", 409, kind="wish", day=day(0))
    amy.post("mine/requests", 409, kind="bid", day="2026-12-08", shift="E")


def test_requests_end(house: RosterHouse, paul: Browser) -> None:
    """Withdrawn by who asked, declined by the other, refused by who decides; then they are over."""
    paul.published(("amy", 0, "E"), ("ben", 1, "E"))
    amy, ben, sue = (house.signed_in(user) for user in ("amy", "ben", "sue"))
    gift = {"kind": "give", "day": day(0), "other": "ben"}
    first, second, third = (amy.post("mine/requests", 201, **gift)["id"] for _ in range(3))
    assert amy.post(f"mine/requests/{first}/withdraw")["state"] == "withdrawn"
    ben.post(f"mine/requests/{first}/agree", 409)
    ben.post(f"mine/requests/{second}/withdraw", 404)
    declined = ben.post(f"mine/requests/{second}/decline")
    assert (declined["state"], declined["decided_by"]) == ("refused", "ben")
    assert sue.post(f"requests/{third}/refuse", note="No")["decision"] == "No"
    assert {one["state"] for one in sue.get("requests")} == {"withdrawn", "refused"}
    assert sue.get("requests", state="asked") == []


def test_nobody_decides_their_own_request(house: RosterHouse, paul: Browser) -> None:
    """Not even a planner who takes calls."""
    paul.published(("amy", 0, "E"))
    house.link("paul", "amy")
    asked = paul.post("mine/requests", 201, kind="leave", day=day(0))
    assert paul.post(f"requests/{asked['id']}/approve", 409)["title"] == "Your own request"


def test_a_request_that_cannot_be_is_refused_at_once(house: RosterHouse, paul: Browser) -> None:
    """No shift to give, a shift nobody knows, a day gone by, a stranger, fields of another kind."""
    paul.published(("amy", 0, "E"))
    amy = house.signed_in("amy")
    amy.post("mine/requests", 409, kind="give", day=day(2), other="ben")
    amy.post("mine/requests", 409, kind="bid", day=day(2), shift="X")
    amy.post("mine/requests", 409, kind="swap", day=day(0), other="zoe")
    amy.post("mine/requests", 422, kind="leave", day=day(0), other="ben")
    amy.post("mine/requests", 422, kind="swap", day=day(0))
    house.clock[0] = Instant(house.clock[0] + 7 * 86_400_000_000)
    assert amy.post("mine/requests", 409, kind="leave", day=day(0))["title"] == "That day is over"


def test_a_request_is_judged_again_when_the_roster_has_changed(house: RosterHouse, paul: Browser) -> None:
    """What was allowed when it was asked may not be any more."""
    version = paul.published(("amy", 3, "E"))
    asked = house.signed_in("amy").post("mine/requests", 201, kind="bid", day=day(1), shift="E")
    assert asked["verdict"]["allowed"]
    draft = paul.post("drafts", 201, problem=version["problem"], name="2", from_version=version["id"])["id"]
    paul.post(f"drafts/{draft}/changes", changes=[{"person": "amy", "day": day(0), "shift": "L"}])
    newer = paul.post(f"drafts/{draft}/publish", 201)
    again = paul.get(f"requests/{asked['id']}")["verdict"]
    assert (again["allowed"], again["version"]) == (False, newer["id"])
