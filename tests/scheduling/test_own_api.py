"""What agents see of their own roster, and whoever decides of a request; who was excused from adherence."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from calls.tables import PresenceRow
from common.problems import Problem as Refusal
from domain.instant import Instant
from scheduling.bodies.requests import RosterDecisionBody
from scheduling.problem import Problem
from scheduling.records import publishing, versions
from scheduling.records.archive import Author, packed_roster
from scheduling.records.deciding import approve
from scheduling.records.problems import get_problem
from scheduling.requests import Answer, Request, look_at
from scheduling.roster import Assignment, Roster
from scheduling.verdict import Verdict
from tests.hashes import quick_hashes
from tests.scheduling.house import MONDAY, NOW, ROSTERS, Browser, RosterHouse, day, roster_house

__all__ = ["quick_hashes"]
WEEK = {"from": MONDAY, "to": day(6)}
MIDNIGHT = 1_795_968_000_000
"""30 November 2026, 00:00 in Shanghai, in ms."""
HOUR = 3_600_000
PAUL = Author("paul", NOW)


@pytest.fixture
def house(tmp_path: Path, quick_hashes: None) -> Iterator[RosterHouse]:
    made = roster_house(f"sqlite:///{tmp_path / 'rosters.db'}")
    yield made
    made.house.database.close()


@pytest.fixture
def paul(house: RosterHouse) -> Browser:
    return house.signed_in("paul")


def at(hour: float, on: int = 0) -> Instant:
    """An hour of a day of the week in Shanghai."""
    return Instant(round(MIDNIGHT + (on * 24 + hour) * HOUR) * 1000)


def told(house: RosterHouse, agent: str, *changes: tuple[Instant, str, str]) -> None:
    """What the platform kept of an agent: since when, what, why."""
    with house.house.database.transaction() as session:
        session.add_all(
            PresenceRow(agent=agent, since=since, presence=presence, reason=reason)
            for since, presence, reason in changes
        )


# ------------------------------------------------------------------ my roster


def test_what_was_published_anew_is_marked_for_a_while(house: RosterHouse, paul: Browser) -> None:
    """Each day with what it was before; not what came back to what it was, nor what is long ago."""
    version = paul.published(("amy", 0, "E"), ("amy", 1, "E"), ("ben", 2, "E"))
    amy = house.signed_in("amy")
    assert amy.get("mine", **WEEK)["changed"] == [] and amy.get("mine", **WEEK)["zone"] == "Asia/Shanghai"

    def publish(*cells: tuple[int, str | None]) -> None:
        latest = paul.get("versions", current=True)[0]["id"]
        draft = paul.post("drafts", 201, problem=version["problem"], name="2", from_version=latest)["id"]
        changes = [{"person": "amy", "day": day(on), "shift": shift} for on, shift in cells]
        paul.post(f"drafts/{draft}/changes", changes=changes)
        paul.post(f"drafts/{draft}/publish", 201)

    publish((1, None), (4, "E"))
    publish((0, "L"), (3, "L"), (4, None))
    changed = amy.get("mine", **WEEK)["changed"]
    was = {"shift": "E", "name": "Early", "start": 420, "length": 480}
    assert [(one["day"], one["how"], one["before"]) for one in changed] == [
        (day(0), "draft", was),
        (day(1), "draft", was),
        (day(3), "draft", None),
    ]
    assert house.signed_in("ben").get("mine", **WEEK)["changed"] == []
    house.clock[0] = Instant(house.clock[0] + 15 * 24 * HOUR * 1000)
    assert amy.get("mine", **WEEK)["changed"] == []


def test_colleagues_of_a_day(house: RosterHouse, paul: Browser) -> None:
    """What they work then, not why they are free; nothing of a day that is not published."""
    paul.published(("amy", 0, "E"), ("ben", 0, "L"))
    amy = house.signed_in("amy")
    late = {"shift": "L", "name": "L", "start": 900, "length": 480}
    assert amy.get("mine/colleagues", day=day(0)) == [
        {"person": "ben", "name": "Ben Birch", "works": True, "shift": late},
        {"person": "cem", "name": "Cem Cedar", "works": False, "shift": None},
    ]
    assert [one["works"] for one in amy.get("mine/colleagues")] == [None, None]
    assert amy.get("mine/colleagues", day="2027-03-01") == []


@pytest.mark.parametrize("days", [{"to": "0001-01-02"}, {"from": "9999-12-31"}])
@pytest.mark.parametrize("path", ["mine", "mine/adherence", "absences"])
def test_days_without_days_around_them_are_refused(
    house: RosterHouse, path: str, days: dict[str, str]
) -> None:
    """The first and the last ones a calendar has."""
    user = house.signed_in("sue" if path == "absences" else "amy")
    assert user.get(path, 422, **days)["at"] == next(iter(days))


# ------------------------------------------------------------------ requests


def test_nobody_reads_why_a_colleague_is_away(house: RosterHouse, paul: Browser) -> None:
    """Leave and a reason are told to whom they are of and to whoever decides; others read: away."""
    people = [
        {"id": "amy"},
        {"id": "ben", "leave": [{"day": 0}]},
        {"id": "cem", "away": [{"start": 0, "end": 1440, "reason": "clinic"}]},
    ]
    paul.published(("amy", 0, "E"), people=people)
    amy, sue = house.signed_in("amy"), house.signed_in("sue")
    for other in ("ben", "cem"):
        asked = amy.post("mine/requests", 201, kind="give", day=day(0), other=other)
        (broken,) = asked["verdict"]["broken"]
        assert (broken["person"], broken["rule"]) == (other, "away")
        assert broken["words"] == f"{other}, Mon {MONDAY}: works E while away"
        assert asked["verdict"] == amy.get("mine/requests")[0]["verdict"]
        own = house.signed_in(other).get("mine/requests")[0]["verdict"]["broken"][0]["words"]
        assert own.endswith("on approved leave" if other == "ben" else "while away (clinic)")
        assert sue.get(f"requests/{asked['id']}")["verdict"]["broken"][0]["words"] == own
        assert "clinic" not in str(amy.post("mine/requests/preview", kind="give", day=day(0), other=other))


def test_who_left_the_roster_is_given_nothing(house: RosterHouse, paul: Browser) -> None:
    """A gift waits, and a roster without its giver is published: it cannot be approved, only refused."""
    paul.published(("amy", 0, "E"))
    amy, ben, sue = (house.signed_in(user) for user in ("amy", "ben", "sue"))
    gift = amy.post("mine/requests", 201, kind="give", day=day(0), other="ben")["id"]
    ben.post(f"mine/requests/{gift}/agree")
    paul.published(("ben", 1, "E"), people=[{"id": "ben"}, {"id": "cem"}])
    assert "in no roster" in sue.post(f"requests/{gift}/approve", 409)["detail"]
    assert sue.post(f"requests/{gift}/refuse")["state"] == "refused"


def test_approved_leave_is_not_forgotten(house: RosterHouse, paul: Browser) -> None:
    """A draft from before it was approved is published only despite it; one with the leave at once."""
    version = paul.published(("amy", 0, "E"))
    draft = paul.draft(version["problem"], ("amy", 0, "E"), ("ben", 1, "E"))
    amy, sue = house.signed_in("amy"), house.signed_in("sue")
    leave = amy.post("mine/requests", 201, kind="leave", day=day(0))["id"]
    sue.post(f"requests/{leave}/approve")
    refused = paul.post(f"drafts/{draft}/publish", 409)
    assert (refused["title"], f"amy on {day(0)}" in refused["detail"]) == (
        "Approved leave is forgotten",
        True,
    )
    assert paul.get("versions", current=True)[0]["number"] == 2
    paul.post(f"drafts/{draft}/publish", 201, despite=True)
    paul.post(f"drafts/{draft}/changes", changes=[{"person": "amy", "day": day(0), "shift": None}])
    paul.post(f"drafts/{draft}/publish", 201)


def test_an_approved_swap_is_not_undone_unseen(house: RosterHouse, paul: Browser) -> None:
    """A draft from before it was approved is published only despite it; one that moves on from it at once;
    what was undone on purpose is not asked about again.
    """
    version = paul.published(("amy", 0, "E"), ("ben", 1, "E"))
    draft = paul.draft(version["problem"], ("amy", 0, "E"), ("ben", 1, "E"), ("cem", 2, "E"))
    amy, ben, sue = (house.signed_in(user) for user in ("amy", "ben", "sue"))
    swap = amy.post("mine/requests", 201, kind="swap", day=day(0), other="ben", other_day=day(1))["id"]
    ben.post(f"mine/requests/{swap}/agree")
    sue.post(f"requests/{swap}/approve")
    refused = paul.post(f"drafts/{draft}/publish", 409)
    assert refused["title"] == "An approved change is undone"
    assert all(f"{who} on {day(on)}" in refused["detail"] for who in ("amy", "ben") for on in (0, 1))
    swapped = paul.draft(version["problem"], ("ben", 0, "E"), ("amy", 1, "E"), ("cem", 2, "E"))
    paul.post(f"drafts/{swapped}/publish", 201)
    paul.post(f"drafts/{draft}/publish", 201, despite=True)
    paul.post(f"drafts/{draft}/changes", changes=[{"person": "cem", "day": day(2), "shift": None}])
    paul.post(f"drafts/{draft}/publish", 201)


def test_what_was_published_while_a_request_was_judged_is_kept(
    house: RosterHouse, paul: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is locked meanwhile, so it can be; then the request is judged again, and the roster has both.
    Whoever publishes between that and the end is never written over: the one who decides is told.
    """
    version = paul.published(("amy", 0, "E"))
    ids = [
        house.signed_in("amy").post("mine/requests", 201, kind="leave", day=day(on))["id"] for on in (0, 1)
    ]
    others = [Assignment("amy", 0, "E", 420, 480)]
    judged: list[list[Assignment]] = []

    def publish(session: Session, on: int) -> None:
        others.append(Assignment("ben", on, "L", 900, 480))
        row = get_problem(session, version["problem"])
        publishing.publish(
            session, row, packed_roster(Roster(tuple(others))), PAUL, how="draft", despite=True
        )

    def slow(problem: Problem, roster: Roster, asked: Request, now: Verdict | None) -> Answer:
        judged.append(list(roster.assignments))
        if len(judged) == 1:
            with house.house.database.transaction() as other:
                publish(other, 3)
        return look_at(problem, roster, asked, now)

    monkeypatch.setattr("scheduling.records.asked.look_at", slow)
    with house.house.database.transaction() as session:
        approve(session, ids[0], RosterDecisionBody(), PAUL, None)
        now = versions.in_force(session, "bank", MONDAY)
        assert now is not None and [one.person for one in now.roster.assignments] == ["ben"]
    assert [len(one) for one in judged] == [1, 2]

    def always(problem: Problem, roster: Roster, asked: Request, now: Verdict | None) -> Answer:
        publish(session, 2 + len(others))
        return look_at(problem, roster, asked, now)

    monkeypatch.setattr("scheduling.records.asked.look_at", always)
    with house.house.database.transaction() as session, pytest.raises(Refusal, match="a newer roster by now"):
        approve(session, ids[1], RosterDecisionBody(), PAUL, None)
    monkeypatch.undo()


def test_how_many_requests_wait(house: RosterHouse, paul: Browser) -> None:
    """A gift waits for the other first, then for the supervisor; leave for the supervisor at once."""
    paul.published(("amy", 0, "E"), ("amy", 1, "E"))
    amy, ben, sue = (house.signed_in(user) for user in ("amy", "ben", "sue"))
    gift = amy.post("mine/requests", 201, kind="give", day=day(0), other="ben")["id"]
    assert ben.get("mine/waiting") == {"decide": 0, "agree": 1}
    assert sue.get("mine/waiting") == {"decide": 0, "agree": 0}
    ben.post(f"mine/requests/{gift}/agree")
    amy.post("mine/requests", 201, kind="leave", day=day(1))
    assert ben.get("mine/waiting") == {"decide": 0, "agree": 0}
    assert sue.get("mine/waiting") == {"decide": 2, "agree": 0}
    assert amy.get("mine/waiting") == {"decide": 0, "agree": 0}
    sue.post(f"requests/{gift}/refuse", note="Short of people")
    assert [one["id"] for one in sue.get("requests", open=False)] == [gift]
    assert [one["kind"] for one in sue.get("requests", open=True)] == ["leave"]


def test_whoever_decides_sees_the_days_around_and_the_cover(house: RosterHouse, paul: Browser) -> None:
    """As they are and as they would be: the early shift loses its only one, the first hour too."""
    demands = [{"name": "calls", "skill": "calls", "required": [0] * 7 + [1] * 8 + [0] * (7 * 24 - 15)}]
    people = [{"id": id, "skills": {"calls": 1}} for id in ("amy", "ben")]
    paul.published(("amy", 0, "E"), ("amy", 2, "L"), demands=demands, people=people)
    asked = house.signed_in("amy").post("mine/requests", 201, kind="leave", day=day(0))["id"]
    sue = house.signed_in("sue")
    whole = sue.get(f"requests/{asked}")
    beside = [(one["person"], one["day"], bool(one["before"]), bool(one["after"])) for one in whole["beside"]]
    assert beside == [
        ("amy", day(0), True, False),
        ("amy", day(1), False, False),
        ("amy", day(2), True, True),
        ("amy", day(3), False, False),
    ]
    assert [one["leave"] for one in whole["beside"]] == [False] * 4
    assert whole["shifts"] == {"E": "Early", "L": "L"}
    shift, demand = whole["cover"]
    assert (shift["what"], shift["name"]) == ("shift", "Early")
    assert (shift["required"], shift["before"], shift["after"]) == ([1], [1], [0])
    assert (demand["what"], demand["name"], demand["interval_minutes"]) == ("demand", "calls", 60)
    assert demand["required"][6:9] == [0, 1, 1] and len(demand["required"]) == 24
    assert demand["before"][6:9] == [0, 1, 1] and not any(demand["after"])
    sue.post(f"requests/{asked}/refuse")
    assert sue.get(f"requests/{asked}")["beside"] == []


def test_both_of_a_swap_see_what_they_would_exchange(house: RosterHouse, paul: Browser) -> None:
    """While it waits: what who asks has, and what the other has on their day."""
    paul.published(("amy", 0, "E"), ("ben", 1, "L"))
    amy, ben = house.signed_in("amy"), house.signed_in("ben")
    asked = amy.post("mine/requests", 201, kind="swap", day=day(0), other="ben", other_day=day(1))["id"]
    early = {"shift": "E", "name": "Early", "start": 420, "length": 480}
    late = {"shift": "L", "name": "L", "start": 900, "length": 480}
    for browser in (amy, ben):
        (one,) = browser.get("mine/requests")
        assert (one["gives"], one["takes"]) == (early, late)
    ben.post(f"mine/requests/{asked}/decline")
    (one,) = amy.get("mine/requests")
    assert (one["gives"], one["takes"]) == (None, None)


# ------------------------------------------------------------------ adherence


def test_a_person_s_plan_beside_their_deeds(house: RosterHouse, paul: Browser) -> None:
    """Amy came an hour late and went an hour late; she sees it herself, and nobody else's."""
    version = paul.published(("amy", 0, "E"))["id"]
    told(house, "amy", (at(8), "working", ""), (at(10), "paused", "lunch"), (at(11), "working", ""))
    told(house, "amy", (at(16), "signed_out", ""))
    house.clock[0] = at(20)
    (mine,) = house.signed_in("amy").get("mine/adherence", **WEEK)
    assert mine == house.signed_in("sue").get(f"versions/{version}/adherence/amy", **WEEK)
    hours = [
        ((one["begin"] - MIDNIGHT) / HOUR, (one["end"] - MIDNIGHT) / HOUR, one["planned"], one["actual"])
        for one in mine["stretches"]
    ]
    assert hours == [
        (7, 8, "phone", "off"),
        (8, 10, "phone", "phone"),
        (10, 11, "break", "break"),
        (11, 15, "phone", "phone"),
        (15, 16, "off", "phone"),
    ]
    assert [(one["scheduled_s"], one["adhering_s"]) for one in mine["days"]] == [(8 * 3600, 7 * 3600)]
    paul.get(f"versions/{version}/adherence/zoe", 404)
    assert house.signed_in("ben").get("mine/adherence", **WEEK)[0]["days"] == []


def test_who_left_the_roster_still_sees_the_days_before(house: RosterHouse, paul: Browser) -> None:
    """A roster without amy is published on the second day; the first one stays what it was, for her too."""
    paul.published(("amy", 0, "E"))
    told(house, "amy", (at(7), "working", ""), (at(15), "signed_out", ""))
    house.clock[0] = at(12, on=1)
    amy = house.signed_in("amy")
    before = amy.get("mine/adherence", **WEEK)
    assert [one["scheduled_s"] for one in before[0]["days"]] == [8 * 3600]
    paul.published(("ben", 2, "E"), people=[{"id": "ben"}, {"id": "cem"}])
    assert amy.get("mine/adherence", **WEEK) == [before[0] | {"name": "amy"}]
    assert house.signed_in("ann").get("mine/adherence", 409, **WEEK)
    house.link("ann", "zoe")
    assert house.signed_in("ann").get("mine/adherence", **WEEK) == []


def test_who_was_ill_is_not_counted(house: RosterHouse, paul: Browser) -> None:
    """Entered afterwards, kept with who entered it; withdrawn, it counts again and stays in the list."""
    version = paul.published(("amy", 0, "E"))["id"]
    told(house, "amy", (at(7), "working", ""), (at(9), "signed_out", ""))
    house.clock[0] = at(20)
    sue = house.signed_in("sue")
    ill = {"person": "amy", "begin": at(9) // 1000, "end": at(24) // 1000, "words": "Fever"}
    made = sue.post("absences", 201, **ill)
    assert (made["name"], made["kind"], made["by"], made["withdrawn_at"]) == ("Amy Ash", "sick", "sue", None)
    sue.post("absences", 409, **ill)
    (line,) = sue.get(f"versions/{version}/adherence", **WEEK)["totals"]
    assert (line["scheduled_s"], line["excused_s"], line["adherence"]) == (2 * 3600, 6 * 3600, 1.0)
    (mine,) = house.signed_in("amy").get("mine/adherence", **WEEK)
    assert [one["excused"] for one in mine["stretches"]] == [False, True, True, True]
    gone = sue.post(f"absences/{made['id']}/withdraw")
    assert gone["withdrawn_by"] == "sue"
    sue.post(f"absences/{made['id']}/withdraw", 409)
    sue.post("absences/77/withdraw", 404)
    (line,) = sue.get(f"versions/{version}/adherence", **WEEK)["totals"]
    assert (line["scheduled_s"], line["adherence"]) == (8 * 3600, 0.25)
    assert [one["id"] for one in sue.get("absences", **WEEK)] == [made["id"]]
    assert sue.get("absences", **{"from": day(5), "to": day(6)}) == []


def test_an_absence_is_somebody_else_s_to_enter(house: RosterHouse, paul: Browser) -> None:
    """Nobody excuses themself; nobody excuses a stranger, or for less than no time."""
    ill = {"begin": at(9) // 1000, "end": at(17) // 1000}
    paul.post("absences", 422, person="zoe", **ill)
    paul.post("absences", 422, person="amy", begin=ill["end"], end=ill["begin"])
    house.link("paul", "amy")
    paul.post("absences", 409, person="amy", **ill)
    made = house.signed_in("sue").post("absences", 201, person="amy", **ill)
    paul.post(f"absences/{made['id']}/withdraw", 409)
    assert paul.get("absences", **WEEK)[0]["withdrawn_at"] is None


def test_adherence_as_csv(house: RosterHouse, paul: Browser) -> None:
    """With names, local times, and no formula for the spreadsheet."""
    people = [{"id": "amy", "name": "=1+1"}, {"id": "ben"}]
    version = paul.published(("amy", 0, "E"), people=people)["id"]
    house.clock[0] = at(20)
    query = {**WEEK, "format": "csv"}
    answer = house.signed_in("sue").client.get(f"{ROSTERS}/versions/{version}/adherence", params=query)
    assert answer.headers["content-type"].startswith("text/csv")
    head, line = answer.text.removeprefix("\ufeff").splitlines()
    assert head.startswith("person,name,begin,scheduled_s")
    assert line == "amy,'=1+1,2026-11-30 00:00:00+08:00,28800,0,0,25200,0,0,0"
