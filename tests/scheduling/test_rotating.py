"""Teams that rotate over HTTP, and the problem of the period after a published one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.hashes import quick_hashes
from tests.scheduling.house import Browser, RosterHouse, day, roster_house

__all__ = ["quick_hashes"]
PEOPLE = [
    {"id": "amy", "team": "red"},
    {"id": "ben", "team": "red", "leave": [{"day": 1}]},
    {"id": "cem", "team": "blue"},
]


@pytest.fixture
def house(tmp_path: Path, quick_hashes: None) -> Iterator[RosterHouse]:
    made = roster_house(f"sqlite:///{tmp_path / 'rosters.db'}")
    yield made
    made.house.database.close()


@pytest.fixture
def paul(house: RosterHouse) -> Browser:
    return house.signed_in("paul")


def week(shown: Any) -> dict[str, str]:
    """Everybody's shifts in a row, a dot for a free day."""
    found = {one["id"]: ["."] * 7 for one in PEOPLE}
    for one in shown:
        found[one["person"]][[day(number) for number in range(7)].index(one["day"])] = one["shift"]
    return {person: "".join(days) for person, days in found.items()}


CYCLE = {"teams": ["red", "blue"], "days": ["E", "E", "L", ""], "apart": 2}


def test_teams_rotate_into_a_draft(paul: Browser) -> None:
    """Members share their shifts, leave stays; a look beforehand keeps nothing."""
    number = paul.plan(people=PEOPLE)
    dry = paul.post(f"problems/{number}/teams", name="Teams", stagger=CYCLE, dry=True)
    assert (dry["problem"], dry["draft"]) == (None, None) and len(paul.get("problems")) == 1
    made = paul.post(f"problems/{number}/teams", name="Teams", stagger=CYCLE)
    assert made["cycles"] == dry["cycles"] and made["verdict"] == dry["verdict"]
    draft = paul.get(f"drafts/{made['draft']['id']}")
    assert week(draft["roster"]) == {"amy": "EEL.EEL", "ben": "E.L.EEL", "cem": "L.EEL.E"}
    assert draft["roster"] == made["roster"] and draft["violations"] == 0
    assert draft["roster"][0]["breaks"], "breaks are placed"
    assert (made["problem"]["derived_from"], draft["problem"]) == (number, made["problem"]["id"])


def test_a_cycle_goes_on_where_it_stood(paul: Browser) -> None:
    """The first day of the cycle may lie before the period."""
    number = paul.plan(people=PEOPLE)
    cycles = [{"team": "red", "days": ["E", "E", "L", ""]}]
    made = paul.post(
        f"problems/{number}/teams", name="Teams", cycles=cycles, first_day="2026-11-28", dry=True
    )
    assert week(made["roster"]) == {"amy": "L.EEL.E", "ben": "L.EEL.E", "cem": "......."}
    queues = {"shifts": {"E": ["red", "blue"], "L": ["blue", "red"]}, "turn": 2, "working": [0]}
    made = paul.post(f"problems/{number}/teams", name="Teams", queues=queues, dry=True)
    turns = week(made["roster"])
    assert (turns["amy"], turns["cem"]) == ("E.L.E.L", "L.E.L.E")
    made = paul.post(
        f"problems/{number}/teams", name="Teams", queues=queues, first_day="2026-11-28", dry=True
    )
    assert week(made["roster"])["cem"] == "E.L.E.L"  # one turn is over


def test_teams_that_cannot_rotate_are_told_why(paul: Browser) -> None:
    """The team, the shift, the person."""
    number = paul.plan(people=[*PEOPLE[:2], {"id": "cem", "team": "blue", "shifts": ["early"]}])

    def refused(**body: Any) -> str:
        return str(paul.post(f"problems/{number}/teams", 422, name="Teams", **body)["detail"])

    assert "'green'" in refused(cycles=[{"team": "green", "days": ["E"]}])
    assert "'X', which is no shift" in refused(cycles=[{"team": "red", "days": ["X"]}])
    assert "'cem' of team 'blue' may not have 'L'" in refused(stagger=CYCLE)
    assert "head of the queues for 'E' and 'L'" in refused(queues={"shifts": {"E": ["red"], "L": ["red"]}})
    assert "cycles, stagger and queues" in str(paul.post(f"problems/{number}/teams", 422, name="Teams"))
    late = {"shifts": {"E": ["red"]}}
    assert "after the period does" in refused(queues=late, first_day=day(2))
    assert "more than 3660 days before" in refused(queues=late, first_day="0001-01-01")


def test_the_next_period_knows_the_last_one(house: RosterHouse, paul: Browser) -> None:
    """Its people's last shifts and counts, and what the same weekdays asked for; wishes approved since."""
    rules = [{"rule": "rest", "least_minutes": 660}, {"rule": "fairness", "of": "days", "weight": 5}]
    version = paul.published(("amy", 0, "E"), ("amy", 6, "L"), ("ben", 1, "L"), rules=rules)
    amy = house.signed_in("amy")
    asked = amy.post("mine/requests", 201, kind="leave", day="2026-12-08")
    house.signed_in("sue").post(f"requests/{asked['id']}/approve", minutes=480)
    made = paul.post(f"versions/{version['id']}/next", 201, name="Next week")
    assert (made["start"], made["days"], made["group"]) == ("2026-12-07", 7, "bank")
    problem = paul.get(f"problems/{made['id']}")["problem"]
    first = problem["people"][0]
    assert [(one["day"], one["shift"]) for one in first["history"]["shifts"]] == [(-7, "E"), (-1, "L")]
    assert first["history"]["counts"] == {"days": 2} and first["leave"] == [{"day": 1, "minutes": 480}]
    assert [one["day"] for one in problem["covers"]] == [0, 1, 2, 3, 4]
    # Amy worked late on Sunday: an early shift on Monday is too soon.
    draft = paul.draft(made["id"])
    cell = {"person": "amy", "day": "2026-12-07", "shift": "E"}
    changed = paul.post(f"drafts/{draft}/changes", dry=True, changes=[cell])
    assert [one["rule"] for one in changed["difference"]["broken"]] == ["rest"]
    bare = paul.post(f"versions/{version['id']}/next", 201, name="Bare", days=14, demand="none")
    assert "covers" not in paul.get(f"problems/{bare['id']}")["problem"]
