"""The rosters' API on a real database: who may do what, and a week from a problem to swaps and adherence."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from icalendar import Calendar
from openpyxl import load_workbook

from calls.tables import PresenceRow
from common.auth.tables import UserRow
from domain.instant import Instant
from scheduling import api
from tests.hashes import quick_hashes
from tests.scheduling.house import MONDAY, ROSTERS, Browser, RosterHouse, day, problem, roster_house

__all__ = ["quick_hashes"]
EARLY = 420
"""Minute at which the early shift begins; its lunch, as early as may be, is three hours later."""


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


# ------------------------------------------------------------------ who may


def routes() -> list[tuple[str, str]]:
    """(method, path) of every route."""
    app = FastAPI()
    app.include_router(api.router)
    return [(method.upper(), path) for path, ways in app.openapi()["paths"].items() for method in ways]


ROUTES = routes()


def test_every_route_has_its_guard(house: RosterHouse) -> None:
    """Agents have their own only, supervisors read and decide, planners and admins do everything."""
    users = ("amy", "sue", "paul", "root")
    browsers = {user: house.signed_in(user).client for user in users}
    browsers["nobody"] = house.house.browser()
    for method, path in ROUTES:
        if path.endswith("/feeds/{token}"):
            continue  # calendar programs do not sign in
        address = re.sub(r"\{[^}]+\}", "1", path)
        codes = {user: browser.request(method, address).status_code for user, browser in browsers.items()}
        own, decides = "/mine" in path, re.search(r"/\{number\}/(approve|refuse)$|/absences", path)
        assert codes["nobody"] == 401, (method, path)
        assert (codes["amy"] != 403) == own, (method, path)
        assert (codes["sue"] != 403) == bool(own or method == "GET" or decides), (method, path)
        assert codes["paul"] != 403 and codes["root"] != 403, (method, path)


def test_there_are_as_many_routes_as_are_told() -> None:
    """The table on top of the API names every route, and no other."""
    told = re.findall(r"^    (GET|POST|PUT|DELETE) +(/[^\s?]*)", api.__doc__ or "", re.MULTILINE)
    made = {(method, path.removeprefix(ROSTERS)) for method, path in ROUTES}
    assert set(told) == made


def test_what_changes_something_needs_the_page_s_token(house: RosterHouse) -> None:
    """No other site can publish or ask in somebody's name."""
    browser = house.signed_in("amy").client
    del browser.headers["X-CSRF-Token"]
    assert browser.post(f"{ROSTERS}/mine/feed").status_code == 403


# ------------------------------------------------------------------ problems


def test_a_problem_is_taken_in_whole(paul: Browser) -> None:
    """It comes back as it was sent; people who are no agents are named."""
    number = paul.plan(people=[{"id": "amy", "name": "Amy Ash"}, {"id": "zoe"}], covers=[])
    shown = paul.get(f"problems/{number}")
    assert (shown["group"], shown["start"], shown["days"], shown["people"]) == ("bank", MONDAY, 7, 2)
    assert shown["unlinked"] == ["zoe"] and shown["by"] == "paul"
    assert [one["id"] for one in shown["problem"]["people"]] == ["amy", "zoe"]
    assert shown["problem"]["shifts"][0]["breaks"][0]["minutes"] == 60
    assert [one["id"] for one in paul.get("problems", group="bank")] == [number]
    assert paul.get("problems", group="other") == []


@pytest.mark.parametrize(
    ("more", "at"),
    [
        ({"shifts": [{"id": "E", "start": "early", "length": 480}]}, "shifts[0].start"),
        ({"covers": [{"day": 0, "shift": "X", "required": 1}]}, "covers[0].shift"),
        ({"days": 101}, "days"),
        ({"people": [{"id": "x" * 65}], "covers": []}, "people[0].id"),
    ],
)
def test_an_impossible_problem_is_refused_with_its_place(
    paul: Browser, more: dict[str, Any], at: str
) -> None:
    """And nothing is kept."""
    body = {"group": "bank", "name": "A week", "problem": problem(**more)}
    answer = paul.post("problems", 422, **body)
    assert at in [one["at"] for one in answer["errors"]], answer
    assert paul.get("problems") == []


def test_a_problem_with_rosters_stays(paul: Browser) -> None:
    """Until they are gone."""
    number = paul.plan()
    draft = paul.draft(number)
    paul.delete(f"problems/{number}", 409)
    paul.delete(f"drafts/{draft}")
    paul.delete(f"problems/{number}")
    paul.get(f"problems/{number}", 404)


# ------------------------------------------------------------------ drafts


def test_the_judge_speaks_at_once(paul: Browser) -> None:
    """A dry change tells what comes and goes and keeps nothing; a real one is in the trail."""
    number = paul.draft(paul.plan(), ("amy", 0, "L"))
    body = {"changes": [{"person": "amy", "day": day(1), "shift": "E"}]}
    dry = paul.post(f"drafts/{number}/changes", **body, dry=True)["difference"]
    assert not dry["legal"] and [one["rule"] for one in dry["broken"]] == ["rest"]
    assert dry["broken"][0]["person"] == "amy" and dry["broken"][0]["day"] == day(1)
    assert dry["cost"] == dry["cost_after"] - dry["cost_before"] < 0  # the early shift is covered
    assert [one["rule"] for one in dry["cheaper"]] == ["cover"]
    before = paul.get(f"drafts/{number}")
    assert before["verdict"]["legal"] and before["shifts"] == 1

    kept = paul.post(f"drafts/{number}/changes", **body, note="Short")
    after = paul.get(f"drafts/{number}")
    assert kept["draft"]["tag"] == after["tag"] != before["tag"]
    assert (after["shifts"], after["violations"], after["cost"]) == (2, 1, dry["cost_after"])
    assert after["verdict"]["violations"] == dry["broken"]
    (latest, first) = paul.get(f"drafts/{number}/trail")
    assert (latest["by"], latest["how"], latest["note"], latest["cost"]) == (
        "paul",
        "hand",
        "Short",
        after["cost"],
    )
    assert latest["changes"] == kept["changes"] and first["changes"][0]["after"]["shift"] == "L"
    (shift,) = [one for one in after["roster"] if one["day"] == day(1)]
    assert shift["breaks"] == [{"name": "lunch", "start": EARLY + 180, "minutes": 60}]


def test_changes_are_all_or_none(paul: Browser) -> None:
    """Every mistake is told with its place."""
    number = paul.draft(paul.plan())
    changes = [
        {"person": "amy", "day": day(0), "shift": "E"},
        {"person": "zoe", "day": day(0), "shift": "E"},
        {"person": "amy", "day": "2026-12-07", "shift": "E"},
        {"person": "ben", "day": day(0), "shift": "X"},
        {"person": "amy", "day": day(0)},
    ]
    answer = paul.post(f"drafts/{number}/changes", 422, changes=changes)
    places = ["changes[1].person", "changes[2].day", "changes[3].shift", "changes[4]"]
    assert [one["at"] for one in answer["errors"]] == places
    assert paul.get(f"drafts/{number}")["roster"] == []


def test_who_saw_an_older_draft_changes_nothing(paul: Browser) -> None:
    """With If-Match the second of two planners is told."""
    number = paul.draft(paul.plan())
    tag = paul.get(f"drafts/{number}")["tag"]
    body = {"changes": [{"person": "amy", "day": day(0), "shift": "E"}]}
    paul.post(f"drafts/{number}/changes", tag=tag, **body)
    paul.post(f"drafts/{number}/changes", 412, tag=tag, **body)
    paul.post(f"drafts/{number}/changes", 412, tag=tag, **body, dry=True)


def test_a_draft_is_published_as_it_was_seen(paul: Browser) -> None:
    """Somebody changed it since: agents do not get what nobody looked at."""
    draft = paul.draft(paul.plan(), ("amy", 0, "E"))
    seen = paul.get(f"drafts/{draft}")["tag"]
    paul.post(f"drafts/{draft}/changes", changes=[{"person": "ben", "day": day(1), "shift": "L"}])
    assert "paul changed it" in paul.post(f"drafts/{draft}/publish", 412, tag=seen)["detail"]
    assert paul.get("versions") == []
    assert paul.post(f"drafts/{draft}/publish", 201, tag=paul.get(f"drafts/{draft}")["tag"])["shifts"] == 2


def test_a_draft_begins_as_another_roster(paul: Browser) -> None:
    """Of another week's roster the days that are of both weeks are taken."""
    version = paul.published(("amy", 0, "E"), ("ben", 6, "L"))
    later = paul.post("problems", 201, group="bank", name="Later", problem=problem(start=day(6)))["id"]
    made = paul.post("drafts", 201, problem=later, name="From", from_version=version["id"])
    shown = paul.get(f"drafts/{made['id']}")
    assert shown["based_on"] == version["id"]
    assert [(one["person"], one["day"]) for one in shown["roster"]] == [("ben", day(6))]
    again = paul.post("drafts", 201, problem=later, name="Again", from_draft=made["id"])
    assert paul.get(f"drafts/{again['id']}")["roster"] == shown["roster"]


def test_a_roster_goes_out_and_in_as_a_workbook(house: RosterHouse, paul: Browser) -> None:
    """What a planner changes in Excel is in the draft; a wrong cell is named and loses nothing."""
    number = paul.draft(paul.plan(), ("amy", 0, "E"), ("ben", 1, "L"))
    data = paul.client.get(f"{ROSTERS}/drafts/{number}/sheet").content
    book = load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    assert (sheet["A2"].value, sheet["D2"].value, sheet["E3"].value) == ("amy", "E", "L")
    sheet["D2"].value, sheet["F2"].value = None, "L"

    def send(code: int = 200, **query: Any) -> Any:
        written = io.BytesIO()
        book.save(written)
        address = f"{ROSTERS}/drafts/{number}/sheet"
        answer = paul.client.put(address, content=written.getvalue(), params=query)
        assert answer.status_code == code, answer.text
        return answer.json()

    assert len(send(dry=True)["changes"]) == 2
    assert len(paul.get(f"drafts/{number}")["roster"]) == 2
    changed = send()["changes"]
    assert [(one["day"], one["before"] is None) for one in changed] == [(day(0), False), (day(2), True)]
    assert paul.get(f"drafts/{number}/trail")[0]["how"] == "sheet"
    assert all(one["breaks"] for one in paul.get(f"drafts/{number}")["roster"])  # a sheet has none of them
    sheet["G2"].value = "Q"
    assert "G2" in send(422)["errors"][0]["message"]
    bad = paul.client.put(f"{ROSTERS}/drafts/{number}/sheet", content=b"PK no")
    assert bad.status_code == 422
    assert len(paul.get(f"drafts/{number}")["roster"]) == 2


# ------------------------------------------------------------------ published


def test_a_version_follows_another(paul: Browser) -> None:
    """Each with its author and what changed; the latest is in force; nothing is published twice."""
    first = paul.published(("amy", 0, "E"), ("ben", 1, "L"))
    assert (first["number"], first["by"], first["how"], first["end"]) == (1, "paul", "draft", day(6))
    draft = paul.post("drafts", 201, problem=first["problem"], name="2", from_version=first["id"])["id"]
    assert paul.get(f"drafts/{draft}/against") == []
    paul.post(f"drafts/{draft}/publish", 409)
    paul.post(f"drafts/{draft}/changes", changes=[{"person": "amy", "day": day(0), "shift": "L"}])
    told = paul.get(f"drafts/{draft}/against")
    assert [(one["before"]["shift"], one["after"]["shift"]) for one in told] == [("E", "L")]
    second = paul.post(f"drafts/{draft}/publish", 201)
    shown = paul.get(f"versions/{second['id']}")
    assert (shown["number"], shown["changes"], shown["current"]) == (2, told, True)
    assert not paul.get(f"versions/{first['id']}")["current"]
    assert [one["id"] for one in paul.get("versions", current=True)] == [second["id"]]
    assert len(paul.get("versions", group="bank")) == 2
    assert paul.get(f"versions/{second['id']}/verdict")["legal"]
    sheet = paul.client.get(f"{ROSTERS}/versions/{second['id']}/sheet")
    assert load_workbook(io.BytesIO(sheet.content)).worksheets[0]["D2"].value == "L"


def test_what_is_not_legal_is_published_only_despite_it(paul: Browser) -> None:
    """The first broken rule is told in words."""
    draft = paul.draft(paul.plan(), ("amy", 0, "L"), ("amy", 1, "E"))
    assert "amy rests 8 h" in paul.post(f"drafts/{draft}/publish", 409)["detail"]
    assert paul.post(f"drafts/{draft}/publish", 201, despite=True)["violations"] == 1


def test_periods_of_a_group_do_not_overlap(paul: Browser) -> None:
    """An agent has one roster a day in a group; another group has its own."""
    paul.published(("amy", 0, "E"))
    for group, code in (("bank", 409), ("shop", 201)):
        body = {"group": group, "name": "Later", "problem": problem(start=day(3))}
        draft = paul.draft(paul.post("problems", 201, **body)["id"])
        paul.post(f"drafts/{draft}/publish", code)


# ------------------------------------------------------------------ long work


def test_the_solver_makes_a_draft(house: RosterHouse, paul: Browser) -> None:
    """The best roster, as a draft of its own; who may publish looks at it first."""
    number = paul.plan()
    job = paul.post(f"problems/{number}/solve", 202, name="Solved", seconds=20)
    house.rostering.jobs.wait()
    done = paul.get(f"jobs/{job['id']}")
    assert (done["state"], done["trouble"], done["objective"]) == ("done", "", done["bound"])
    draft = paul.get(f"drafts/{done['result']}")
    assert (draft["name"], draft["cost"], draft["violations"]) == ("Solved", done["objective"], 0)
    assert draft["verdict"]["costs_by_rule"].get("cover", 0) == 0
    assert [one["id"] for one in paul.get("jobs", problem=number)] == [job["id"]]
    paul.post(f"jobs/{job['id']}/stop", 409)
    paul.post(f"jobs/{job['id']}/cancel", 409)


def test_why_there_is_no_roster_is_said_in_the_planner_s_words(house: RosterHouse, paul: Browser) -> None:
    """Who owes seven days' work, of three early shifts and three late ones at most."""
    rules = [{"rule": "shift_count", "shifts": [shift], "most": 3, "name": shift} for shift in "EL"]
    people = [{"id": "amy", "contract": "full"}]
    contracts = [{"id": "full", "period_least": 7 * 420}]
    number = paul.plan(people=people, contracts=contracts, rules=rules, covers=[])
    job = paul.post(f"problems/{number}/solve", 202, name="Never", seconds=20)
    house.rostering.jobs.wait()
    failed = paul.get(f"jobs/{job['id']}")
    assert failed["state"] == "failed" and failed["result"] is None
    assert "amy" in failed["trouble"] and "at most 3" in failed["trouble"], failed["trouble"]
    assert paul.get("drafts") == []


# ------------------------------------------------------------------ an agent's own


def test_agents_see_their_own_days_and_no_others(house: RosterHouse, paul: Browser) -> None:
    """As published, in UTC and in local minutes, with leave."""
    people = [{"id": "amy", "name": "Amy Ash", "leave": [{"day": 4}]}, {"id": "ben"}]
    paul.draft(paul.plan(), ("amy", 3, "E"))  # a draft is nobody's business
    version = paul.published(("amy", 0, "E"), ("ben", 1, "L"), people=people)
    mine = house.signed_in("amy").get("mine", **{"from": MONDAY, "to": "2026-12-31"})
    (shift,) = mine["shifts"]
    assert (shift["day"], shift["name"], shift["worked"], shift["version"]) == (
        day(0),
        "Early",
        420,
        version["id"],
    )
    assert (shift["begin"], shift["end"]) == (1_795_993_200_000, 1_796_022_000_000)
    assert mine["leave"] == [day(4)] and mine["published"] == [[MONDAY, day(6)]]
    assert house.signed_in("cem").get("mine", **{"from": MONDAY, "to": day(6)})["published"] == []
    house.signed_in("ann").get("mine", 409)  # a user who is no agent
    assert [one["person"] for one in house.signed_in("amy").get("mine/colleagues")] == ["ben"]


def test_a_calendar_program_fetches_the_roster(house: RosterHouse, paul: Browser) -> None:
    """By an address nobody can guess, that ends when there is a new one; guessing becomes slow."""
    paul.published(("amy", 0, "E"), ("ben", 1, "L"))
    amy, program = house.signed_in("amy"), house.house.browser()
    assert amy.get("mine/feed") == {"made_at": None, "path": None}
    path = amy.post("mine/feed", 201)["path"]
    assert amy.get("mine/feed")["path"] is None
    answer = program.get(path)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert (str(event["summary"]), event.decoded("dtstart").isoformat()) == (
        "Early",
        "2026-11-29T23:00:00+00:00",
    )
    newer = amy.post("mine/feed", 201)["path"]
    assert program.get(path).status_code == 404 and program.get(newer).status_code == 200
    amy.delete("mine/feed")
    assert [program.get(newer).status_code for _ in range(3)] == [404, 404, 429]


def test_who_is_disabled_or_gone_has_no_calendar(house: RosterHouse, paul: Browser) -> None:
    """Its address is nobody's as long as nobody can sign in as them; it works again when somebody can."""
    paul.published(("amy", 0, "E"))
    path, program = house.signed_in("amy").post("mine/feed", 201)["path"], house.house.browser()

    def change(**fields: Any) -> int:
        with house.house.database.transaction() as session:
            for name, value in fields.items():
                setattr(session.get_one(UserRow, "amy"), name, value)
        return program.get(path).status_code

    assert [change(disabled=True), change(disabled=False)] == [404, 200]
    assert [change(agent=None), change(agent="amy")] == [404, 200]
    with house.house.database.transaction() as session:
        session.delete(session.get_one(UserRow, "amy"))
    assert program.get(path).status_code == 404


# ------------------------------------------------------------------ adherence


def at(hour: float, on: int = 0) -> Instant:
    """An hour of a day of the week in Shanghai."""
    midnight = 1_795_968_000_000_000  # 30 November 2026, 00:00
    return Instant(midnight + round((on * 24 + hour) * 3_600_000_000))


def test_adherence_counts_against_the_roster_of_the_moment(house: RosterHouse, paul: Browser) -> None:
    """Amy came an hour late and took her lunch; a roster published at noon changes only the afternoon."""
    first = paul.published(("amy", 0, "E"))
    told = [(8, "working", ""), (10, "paused", "lunch"), (11, "working", ""), (16, "signed_out", "")]
    with house.house.database.transaction() as session:
        session.add_all(
            PresenceRow(agent="amy", since=at(hour), presence=presence, reason=reason)
            for hour, presence, reason in told
        )
    days = {"from": day(0), "to": day(0)}
    house.clock[0] = at(12)
    sue = house.signed_in("sue")
    (line,) = sue.get(f"versions/{first['id']}/adherence", **days)["totals"]
    assert (line["scheduled_s"], line["adhering_s"], line["adherence"]) == (5 * 3600, 4 * 3600, 0.8)
    draft = paul.post("drafts", 201, problem=first["problem"], name="Off", from_version=first["id"])["id"]
    paul.post(f"drafts/{draft}/changes", changes=[{"person": "amy", "day": day(0)}])
    second = paul.post(f"drafts/{draft}/publish", 201)
    house.clock[0] = at(20)
    for version in (first, second):
        shown = sue.get(f"versions/{version['id']}/adherence", by="interval", **days)
        (total,) = shown["totals"]
        assert (total["scheduled_s"], total["adhering_s"]) == (5 * 3600, 4 * 3600)
        assert total["worked_s"] == 7 * 3600 and shown["names"]["amy"] == "Amy Ash"
        by_hour = {one["begin"]: one["adhering_s"] for one in shown["lines"] if one["scheduled_s"]}
        assert by_hour == {at(hour) // 1000: 3600 * (hour > 7) for hour in range(7, 12)}
    kinds = [(one["planned"], one["actual"], one["end"] - one["begin"]) for one in shown["exceptions"]]
    assert kinds == [("off", "phone", 4 * 3_600_000), ("phone", "off", 3_600_000)]


# ------------------------------------------------------------------ cover, and problems put together


def test_cover_and_who_could_help(paul: Browser) -> None:
    """People asked for and people there, and for a shift nobody has who could have it and who may not."""
    skilled = [{"id": id, "skills": {"calls": 1}} for id in ("amy", "ben")]
    demand = {"name": "calls", "skill": "calls", "required": [0] * 8 + [1] * 4 + [0] * 12 + [0] * 144}
    number = paul.draft(paul.plan(people=skilled, demands=[demand]), ("amy", 0, "L"), ("ben", 0, "E"))
    cover = paul.get(f"drafts/{number}/cover")
    assert cover["demands"][0]["required"][8:12] == [1, 1, 1, 1]
    assert cover["demands"][0]["served"][8:12] == [1, 1, 0, 1]  # lunch at ten
    assert cover["shifts"][:2] == [
        {"day": day(0), "shift": "E", "required": 1, "has": 1},
        {"day": day(1), "shift": "E", "required": 1, "has": 0},
    ]
    amy, ben = paul.get(f"drafts/{number}/helpers", day=day(1), name="E")[::-1]
    assert (amy["person"], amy["could"], amy["broken"][0]["rule"]) == ("amy", False, "rest")
    assert ben["could"] and ben["state"] == "free" and ben["would"]["start"] == EARLY
    there = paul.get(f"drafts/{number}/helpers", day=day(0), name="calls", minute=480, minutes=120)
    assert {one["person"]: one["state"] for one in there} == {"amy": "works", "ben": "there"}
    paul.get(f"drafts/{number}/helpers", 404, day=day(0), name="loans", minute=480)
    paul.get(f"drafts/{number}/helpers", 422, day="2027-01-01", name="E")
    verdict = paul.get(f"drafts/{number}")["verdict"]
    assert paul.get(f"drafts/{number}/verdict") == verdict
    version = paul.post(f"drafts/{number}/publish", 201)
    assert paul.get(f"versions/{version['id']}/cover") == cover
    assert len(paul.get(f"versions/{version['id']}/helpers", day=day(1), name="E")) == 2


def test_a_problem_is_put_together(paul: Browser) -> None:
    """Of a requirement, the platform's agents and ready-made books; mistakes of a file are told by row."""
    rows = [
        f"2026-11-30T{hour:02}:{minute:02},{1 + (9 <= hour < 18)}"
        for hour in range(7, 22)
        for minute in (0, 30)
    ]
    body = {
        "group": "bank",
        "name": "December",
        "requirements": {"calls": "\n".join(["timestamp,agents", *rows])},
        "zone": "Asia/Shanghai",
    }
    books = [one["name"] for one in paul.get("books")]
    assert "cn-labour.toml" in books
    made = paul.post("problems/assemble", 201, **body, books=["cn-labour.toml"], country="CN")
    whole = paul.get(f"problems/{made['problem']['id']}")["problem"]
    assert (
        [one["id"] for one in whole["people"]] == ["amy", "ben", "cem"] and whole["rules"] and made["notes"]
    )
    answer = paul.post("problems/assemble", 422, **body, people="id,skills\namy,calls\namy,calls")
    assert answer["errors"] == [{"at": "people row 3", "message": "id: 'amy' is also in line 2"}]
    assert paul.post("problems/assemble", 422, **body, books=["../x"])["at"] == "books"
    assert paul.post("problems/assemble", 422, **{**body, "zone": "Nowhere"})["at"] == "zone"
    assert paul.post("problems/assemble", 422, **body, country="XX")["at"] == "country"
