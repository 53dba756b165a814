"""``callfloor schedule replan | breaks | flex | teams | carry``: tables, files, refusals in a line."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.callfloor.test_schedule_commands import Command, schedule

__all__ = ["schedule"]
LUNCH = {"name": "lunch", "minutes": 60, "earliest": 180, "latest": 300, "paid": False}


def problem(**more: Any) -> dict[str, Any]:
    """Two days; on the first somebody takes calls from seven to three, at noon nobody has to."""
    hours = [hour for hour in range(7, 15) if hour != 12]
    return {
        "start": "2026-11-02",
        "days": 2,
        "interval_minutes": 60,
        "shifts": [
            {"id": "E", "start": 420, "length": 480, "breaks": [LUNCH]},
            {"id": "L", "start": 840, "length": 480},
            {"id": "R", "start": 420, "length": 480, "reserve": True},
        ],
        "people": [
            {"id": "ann", "name": "安妮", "skills": {"calls": 1}, "team": "red"},
            {"id": "bob", "skills": {"calls": 1}, "team": "blue"},
        ],
        "demands": [
            {
                "name": "calls",
                "skill": "calls",
                "required": [int(hour in hours) for hour in range(48)],
                "over": [],
            }
        ],
        "rules": [{"rule": "rest", "least_minutes": 660}],
        **more,
    }


def roster(*cells: tuple[str, int, str]) -> dict[str, Any]:
    breaks = {"E": [{"name": "lunch", "start": 600, "minutes": 60}]}
    return {
        "assignments": [
            {
                "person": person,
                "day": day,
                "shift": shift,
                "start": 840 if shift == "L" else 420,
                "length": 480,
                "breaks": breaks.get(shift, []),
            }
            for person, day, shift in cells
        ]
    }


@pytest.fixture
def files(schedule: Command) -> Command:
    schedule.write("p.json", problem())
    schedule.write("r.json", roster(("ann", 0, "E")))
    return schedule


def test_replan(files: Command) -> None:
    """Who is ill is made up for; the new problem knows of it, and the roster is legal by it."""
    said = files(
        "replan",
        *("p.json", "r.json", "--day", "2026-11-02", "--ill", "ann:2", "--out", "r2.json"),
        *("--problem-out", "p2.json"),
    )
    assert said.splitlines() == [
        "2026-11-02  ann 安妮  E 07:00-15:00  ->  free",
        "2026-11-02  bob       free           ->  E 07:00-15:00",
        "legal; costs 700 -> 0",
    ]
    written = json.loads((files.folder / "r2.json").read_text())
    assert (written["problem"], written["objective"]) == ("p2.json", 0)
    known = json.loads((files.folder / "p2.json").read_text())
    assert known["people"][0]["leave"] == [{"day": 0, "minutes": 420}, {"day": 1}]
    assert files("check", "p2.json", "r2.json") == "legal; costs 0\n"


def test_replan_for_more_calls(files: Command) -> None:
    """Twice as many from noon on: bob is called in late, where that is worth it."""
    more = ("p.json", "r.json", "--day", "2026-11-02", "--from", "12:00", "--demand", "calls=2")
    said = files("replan", *more)
    assert "bob" in said and "L 14:00-22:00" in said and said.endswith("legal; costs 300 -> 200\n")
    assert files("replan", *more, "--worth", "101").splitlines()[0] == "nothing changes"
    assert files("replan", *more, "--most", "0", "--out", "r2.json").splitlines()[0] == "nothing changes"
    assert "--problem-out" in files.err  # without it the roster is written for the problem as it was
    assert files("check", "p.json", "r2.json").endswith("legal; costs 100\n")


def test_breaks(files: Command) -> None:
    """Lunch goes to the hour that asks for nobody; after it began it stays."""
    day = ("p.json", "r.json", "--day", "2026-11-02")
    assert files("breaks", *day, "--out", "r2.json").splitlines() == [
        "2026-11-02  ann 安妮  E breaks 10:00  ->  E breaks 12:00",
        "legal; costs 100 -> 0",
    ]
    assert files("check", "p.json", "r2.json") == "legal; costs 0\n"
    assert files("breaks", *day, "--from", "10:30").splitlines()[0] == "nothing changes"


def test_flex(files: Command) -> None:
    """The reserve takes calls where somebody is missing."""
    files.write("r.json", roster(("bob", 0, "R")))
    assert files("flex", "p.json", "r.json", "--day", "2026-11-02").splitlines() == [
        "2026-11-02  bob  R no duties  ->  R duties 07:00-15:00",
        "legal; costs 700 -> 0",
    ]


def test_teams(files: Command) -> None:
    """In a cycle or in queues; the problem has them fixed, the roster beside it is of it."""
    said = files(
        "teams",
        *("p.json", "--teams", "red,blue", "--cycle", "E,L,-", "--apart", "1", "--out", "p2.json"),
        *("--roster-out", "r2.json"),
    )
    assert said.splitlines() == ["red: E L", "blue: - E", "3 shifts; legal"]
    known = json.loads((files.folder / "p2.json").read_text())
    assert [one["shift"] for one in known["people"][0]["fixed"]] == ["E", "L"]
    files("check", "p2.json", "r2.json")
    queues = ("p.json", "--queue", "E=red,blue", "--turn", "1", "--work", "1", "--out", "p2.json")
    assert files("teams", *queues).splitlines()[:2] == ["red: E -", "blue: - E"]
    files("teams", *queues, "--queue", "L=blue,red", code=1)
    assert "'bob' is fixed to 'L' on day 0 and 'E' on day 1 with 540 minutes between them" in files.err


def test_carry(files: Command) -> None:
    """The next period knows what was worked, and asks for what the same days did."""
    said = files("carry", "p.json", "r.json", "--out", "next.json")
    assert said == "2026-11-04 to 2026-11-05: 2 people, with 1 shifts they have worked before\n"
    made = json.loads((files.folder / "next.json").read_text())
    assert made["people"][0]["history"]["shifts"][0]["day"] == -2
    assert made["demands"][0]["required"] == problem()["demands"][0]["required"]
    files("carry", "p.json", "r.json", "--days", "7", "--no-demand", "--out", "next.json")
    assert "demands" not in json.loads((files.folder / "next.json").read_text())


DAY = ("p.json", "r.json", "--day", "2026-11-02")


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (
            ("replan", *DAY[:3], "2026-12-24"),
            "--day 2026-12-24 is not in the roster, 2026-11-02 to 2026-11-03",
        ),
        (("replan", *DAY, "--ill", "zoe"), "there is no person 'zoe'"),
        (("replan", *DAY, "--demand", "fax=2"), "there is no demand 'fax'"),
        (("teams", "p.json", "--teams", "red", "--out", "x"), "--teams and --cycle belong together"),
        (("teams", "p.json", "--out", "x"), "say --teams and --cycle, or a --queue for each shift"),
        (("teams", "p.json", "--queue", "E=red", "--queue", "L=red", "--out", "x"), "head of the queues"),
        (
            ("teams", "p.json", "--teams", "green", "--cycle", "E", "--out", "x"),
            "nobody is in a team 'green'",
        ),
        (("breaks", "none.json", *DAY[1:]), "none.json"),
    ],
)
def test_refusals_say_what_and_why(files: Command, argv: tuple[str, ...], words: str) -> None:
    """In one line, with exit code 1."""
    assert files(*argv, code=1) == ""
    assert words in files.err and files.err.count("\n") == 1
    assert not Path("x").exists()


def test_a_rule_that_is_not_kept_is_said(files: Command) -> None:
    """And a reserve that is none."""
    meeting = {"id": "meeting", "minutes": 30, "first_day": 0, "last_day": 1, "earliest": 480, "latest": 600}
    activities = [{**meeting, "together": True, "weight": 5}]
    files.write("p.json", problem(activities=activities, shifts=problem()["shifts"][:2]))
    files("replan", *DAY, code=1)
    assert "solve the period again" in files.err
    files("flex", *DAY, code=1)
    assert files.err == "p.json: no shift is a reserve (reserve: true)\n"


@pytest.mark.parametrize(
    "bad", [("--from", "25:00"), ("--ill", "ann:x"), ("--demand", "calls"), ("--most", "-1")]
)
def test_what_is_typed_wrong_is_a_usage_error(files: Command, bad: tuple[str, str]) -> None:
    """With the right form."""
    files("replan", *DAY, *bad, code=2)
    assert bad[0] in files.err
