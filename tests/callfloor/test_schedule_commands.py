"""``callfloor schedule …``: right exit codes, ``file:line: reason``, never a traceback."""

import json
from pathlib import Path

import pytest
from icalendar import Calendar
from openpyxl import load_workbook

from callfloor.cli import main

PROBLEM = """{"start": "2026-11-02", "days": 2,
 "shifts": [{"id": "E", "start": 420, "length": 480}, {"id": "L", "start": 840, "length": 480}],
 "people": [{"id": "ann", "wishes": [{"day": 0, "want": false, "weight": 3}]}, {"id": "bob"}],
 "covers": [{"day": 0, "shift": "L", "required": 1}, {"day": 1, "shift": "E", "required": 1}],
 "rules": [{"rule": "rest", "least_minutes": 660}]}
"""


def assignment(person: str, day: int, shift: str) -> dict[str, object]:
    return {"person": person, "day": day, "shift": shift, "start": {"E": 420, "L": 840}[shift], "length": 480}


class Command:
    """Runs ``callfloor schedule`` in this process, in a folder of its own."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._capsys = capsys
        self.err = ""
        patch.chdir(folder)

    def __call__(self, *argv: str, code: int = 0) -> str:
        with pytest.raises(SystemExit) as caught:
            main(["schedule", *argv])
        said = self._capsys.readouterr()
        self.err = said.err
        assert caught.value.code == code, said
        assert "Traceback" not in said.err
        assert "a fault of the program" not in said.err
        return said.out

    def write(self, name: str, text: str | object) -> str:
        content = text if isinstance(text, str) else json.dumps(text)
        (self.folder / name).write_text(content, encoding="utf-8")
        return name


@pytest.fixture
def schedule(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    return Command(tmp_path, capsys, monkeypatch)


def test_a_legal_roster(schedule: Command) -> None:
    """What it costs and why; the file's own figure is looked at."""
    schedule.write("p.json", PROBLEM)
    both = [assignment("ann", 0, "L"), assignment("bob", 1, "E")]
    schedule.write("r.json", {"problem": "p.json", "objective": 3, "assignments": both})
    assert schedule("check", "p.json", "r.json").splitlines() == [
        "wish: costs 3",
        "  ann asked not to work on Mon 2026-11-02 (3)",
        "legal; costs 3",
    ]
    schedule.write("r.json", {"objective": 2, "assignments": both})
    assert (
        schedule("check", "p.json", "r.json", code=1).splitlines()[-1]
        == "the file says it costs 2; it costs 3"
    )


def test_an_illegal_roster(schedule: Command) -> None:
    """Every violation in words, exit code 1; as JSON too."""
    schedule.write("p.json", PROBLEM)
    schedule.write("r.json", {"assignments": [assignment("bob", 0, "L"), assignment("bob", 1, "E")]})
    assert schedule("check", "p.json", "r.json", code=1).splitlines() == [
        "rest: broken 1 times, which may not be",
        "  bob rests 9 h before E on Tue 2026-11-03; at least 11 h",
        "illegal, 1 violations; costs 0",
    ]
    told = json.loads(schedule("check", "p.json", "r.json", "--json", code=1))
    assert (told["legal"], told["cost"], told["findings"][0]["person"]) == (False, 0, "bob")


def test_a_roster_is_made(schedule: Command) -> None:
    """The best one, written with the name of its problem; the same work and seed give the same one again."""
    schedule.write("p.json", PROBLEM)
    schedule("solve", "p.json", "--work", "5", "--seed", "1", "--workers", "1", "--out", "r.json")
    written = json.loads((schedule.folder / "r.json").read_text(encoding="utf-8"))
    assert (written["problem"], written["objective"]) == ("p.json", 0)
    assert schedule("check", "p.json", "r.json") == "legal; costs 0\n"
    schedule("solve", "p.json", "--work", "5", "--seed", "1", "--workers", "1", "--out", "again.json")
    assert (schedule.folder / "again.json").read_bytes() == (schedule.folder / "r.json").read_bytes()
    schedule("solve", "p.json", "--start", "r.json", "--work", "5", "--workers", "1", "--out", "third.json")
    assert schedule("check", "p.json", "third.json") == "legal; costs 0\n"
    schedule("solve", "p.json", "--out", "nowhere/r.json", code=1)
    assert schedule.err == "nowhere/r.json: cannot be written; is nowhere a folder, and yours?\n"
    shown = schedule("solve", "p.json", "--seconds", "20").splitlines()
    assert shown[2:4] == ["ann ·  E  8 h", "bob L  ·  8 h"]
    assert shown[4].startswith("legal; costs 0 (optimal): nothing; ")


def test_an_instance_of_the_benchmark(schedule: Command) -> None:
    """Taken as it is; the roster is written as anyone's checker reads it."""
    instance = "SECTION_HORIZON\n7\nSECTION_SHIFTS\nD,480,\nSECTION_STAFF\nA,D=7,2400,960,3,2,2,1\n"
    schedule.write("i.txt", instance + "SECTION_SHIFT_ON_REQUESTS\nA,3,D,5\nSECTION_COVER\n1,D,1,100,1\n")
    schedule("solve", "i.txt", "--seconds", "20", "--out", "r.json")
    written = json.loads((schedule.folder / "r.json").read_text(encoding="utf-8"))
    assert written == {"objective": 0, "assignments": {"A": ["", "D", "D", "D", "", "", ""]}}
    assert schedule("check", "i.txt", "r.json") == "legal; costs 0\n"


def test_no_roster_can_be(schedule: Command) -> None:
    """Why not is said in the planner's words, with exit code 1."""
    rules = '[{"rule": "shift_count", "least": 2}, {"rule": "consecutive_days", "most": 1}]'
    schedule.write("p.json", PROBLEM.replace('[{"rule": "rest", "least_minutes": 660}]', rules))
    schedule("solve", "p.json", "--seconds", "20", code=1)
    lines = schedule.err.strip().splitlines()
    assert lines[0] == "there is no legal roster; these cannot hold together:"
    assert len(lines) == 3
    assert any("consecutive" in line or "in a row" in line for line in lines[1:])


def test_mistakes(schedule: Command) -> None:
    """Files that are wrong or not there are told with line and reason."""
    schedule.write("p.json", PROBLEM.replace('"length": 480}]', '"length": 1500}]'))
    schedule("check", "p.json", "r.json", code=1)
    assert schedule.err == "p.json:2: shifts[1].length: 'L' lasts 1500 minutes, longer than a day (1440)\n"
    schedule("check", "none.json", "r.json", code=1)
    assert schedule.err == "callfloor: none.json: No such file or directory\n"
    (schedule.folder / "p.json").write_bytes(b"\xff")
    schedule("show", "p.json", code=1)
    assert schedule.err.startswith("p.json: is not UTF-8")
    schedule("solve", "p.json", "--seconds", "-1", code=2)


def test_a_roster_shown(schedule: Command) -> None:
    """As text, by the hour, as calendars, as a workbook that is read back."""
    schedule.write("p.json", PROBLEM)
    both = [assignment("ann", 0, "L"), assignment("bob", 1, "E")]
    schedule.write("r.json", {"problem": "p.json", "assignments": both})
    assert schedule("show", "r.json").splitlines()[2:] == ["ann L  ·  8 h", "bob ·  E  8 h"]
    assert "ann ████████████████ L" in schedule("show", "r.json", "--day", "2026-11-02").splitlines()
    schedule("show", "r.json", "--day", "2026-11-09", code=1)
    assert schedule.err == "--day 2026-11-09 is not in the roster, 2026-11-02 to 2026-11-03\n"
    schedule("show", "r.json", "--ics", "calendars", "--xlsx", "r.xlsx", "--plot", "r.svg")
    (event,) = Calendar.from_ical((schedule.folder / "calendars" / "ann.ics").read_bytes()).walk("VEVENT")
    assert str(event["summary"]) == "L"
    assert (schedule.folder / "r.svg").stat().st_size > 1000
    book = load_workbook(schedule.folder / "r.xlsx")
    book.worksheets[0]["E3"] = "L"
    book.save(schedule.folder / "r.xlsx")
    schedule("show", "r.xlsx", code=1)
    assert "name it with --problem" in schedule.err
    schedule("show", "r.xlsx", "--problem", "p.json", "--out", "changed.json")
    assert "legal; costs 103" in schedule("check", "p.json", "changed.json")
    assert schedule("show", "changed.json").splitlines()[3] == "bob ·  L  8 h"
    schedule("show", "r.json", "--plot", "r.txt", code=1)
    assert schedule.err == "r.txt: a picture ends in .svg, .png, .pdf\n"


def test_a_problem_from_a_requirement(schedule: Command) -> None:
    """Requirement, people and rules in, a problem out, with notes of what was taken for granted."""
    hours = [f"2026-11-02T{hour:02}:00,{2 if 8 <= hour < 20 else 0}" for hour in range(24)]
    schedule.write("r.csv", "\n".join(["timestamp,agents", *hours]))
    schedule.write("people.csv", "工号,技能\n7,calls\n8,\n")
    said = schedule(
        *("from-requirement", "r.csv", "--people", "people.csv", "--rules", "cn-labour.toml"),
        *("--zone", "Asia/Shanghai", "--country", "CN", "--out", "p.json"),
    )
    assert said == "2 people, 1 days from 2026-11-02, 5 shifts, 5 rules\n"
    assert schedule.err == "no shifts are given; standard ones in opening hours: E, D, L, P, S\n"
    schedule.write("r.json", {"assignments": []})
    assert "legal; costs" in schedule("check", "p.json", "r.json")
    for argv, said in (
        (("r.csv", "r.csv"), "r.csv: there are two requirements for 'calls'; write SKILL=r.csv\n"),
        (("mail=r.csv",), "demands[0].skill"),
        (("r.csv", "--rules", "none.toml"), "none.toml: is no file; ready-made are"),
        (("r.csv", "--country", "XX"), "--country XX: no holidays are known; write a code like CN\n"),
        (("r.csv", "--column", "people"), "r.csv:1: no column is people"),
    ):
        if argv[0] == "mail=r.csv":
            schedule.write("people.csv", "id,skills\n7,calls\n")
        schedule("from-requirement", *argv, "--people", "people.csv", "--out", "q.json", code=1)
        assert said in schedule.err


def test_the_schema(schedule: Command) -> None:
    """It is printed as JSON."""
    assert json.loads(schedule("schema"))["title"] == "Callfloor rostering problem"
