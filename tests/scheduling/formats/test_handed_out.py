"""What people are given: workbooks that come back, calendars."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from icalendar import Calendar
from openpyxl import load_workbook

from scheduling.formats import FormatError
from scheduling.formats.calendars import calendar, file_name
from scheduling.formats.sheets import read_sheet, write_sheet
from scheduling.problem import Break, Person, Problem, Shift
from scheduling.roster import Assignment, Block, Roster

PROBLEM = Problem(
    date(2026, 3, 28),
    3,
    (
        Shift("N", 1320, 480, breaks=(Break("meal", 30, 180, 240),), name="night 夜班"),
        Shift("F", 540, 240, latest_start=660, longest=480, start_step=30, length_step=60),
    ),
    (Person("ann", name="Ann Lee"), Person("=bob")),
    zone="Europe/Berlin",
)
NIGHT = Assignment("ann", 0, "N", 1320, 480, (Block("meal", 1500, 30),))
FLEXIBLE = Assignment("=bob", 1, "F", 570, 300)
ROSTER = Roster((NIGHT, FLEXIBLE))


def change(data: bytes, cell: str, value: object) -> bytes:
    """A workbook with another value in a cell, as a planner would save it."""
    book = load_workbook(BytesIO(data))
    book.worksheets[0][cell] = value
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def test_a_workbook_comes_back() -> None:
    """What was not changed is as it was, breaks and all; no id is taken for a formula."""
    data = write_sheet(PROBLEM, ROSTER)
    assert set(read_sheet(PROBLEM, data, ROSTER).assignments) == set(ROSTER.assignments)
    sheet = load_workbook(BytesIO(data)).worksheets[0]
    assert [cell.value for cell in sheet[3]][:5] == ["'=bob", None, None, None, "F 09:30-14:30"]
    assert sheet["D2"].value == "N"
    assert sheet["G2"].value == 8


def test_changes_in_a_workbook() -> None:
    """Shifts that are typed in are read, with their times where they are flexible."""
    data = change(
        change(change(write_sheet(PROBLEM, ROSTER), "D2", None), "E2", "N"), "F3", "F 11:00 – 15:00"
    )
    assert set(read_sheet(PROBLEM, data, ROSTER).assignments) == {
        replace(NIGHT, day=1, breaks=()),
        FLEXIBLE,
        Assignment("=bob", 2, "F", 660, 240),
    }


@pytest.mark.parametrize(
    ("cell", "value", "said"),
    [
        ("D2", "Z", "D2: 'Z' is no shift, with times or without; shifts are N, F"),
        ("E3", "F 25:00-26:00", "E3: 25:00 is no time of day"),
        ("A3", "eve", "A3: there is no person 'eve'"),
        ("A3", "ann", "A3: is there twice"),
        ("E1", "Sunday", "the headings are not the 3 days from 2026-03-28 on, each once"),
        ("A1", "who", "A1: the first column is not id"),
    ],
)
def test_mistakes_in_a_workbook(cell: str, value: str, said: str) -> None:
    """Every mistake has its cell."""
    with pytest.raises(FormatError) as error:
        read_sheet(PROBLEM, change(write_sheet(PROBLEM, ROSTER), cell, value), ROSTER)
    assert said in str(error.value)


def test_no_workbook() -> None:
    """Any other file is refused."""
    with pytest.raises(FormatError, match="is no workbook"):
        read_sheet(PROBLEM, b"id,name\n", ROSTER)


def test_a_calendar() -> None:
    """A night over a turned clock has its true end; the event is the same one when it is made again."""
    made = datetime(2026, 3, 1, tzinfo=UTC)
    read = Calendar.from_ical(calendar(PROBLEM, ROSTER, PROBLEM.people[0], made))
    (event,) = read.walk("VEVENT")
    assert event.decoded("dtstart") == datetime(2026, 3, 28, 21, tzinfo=UTC)
    assert event.decoded("dtend") == datetime(2026, 3, 29, 4, tzinfo=UTC)
    assert str(event["summary"]) == "night 夜班"
    assert str(event["description"]) == "01:00–01:30 meal"
    moved = Roster((replace(NIGHT, start=1200),))
    (again,) = Calendar.from_ical(calendar(PROBLEM, moved, PROBLEM.people[0], made)).walk("VEVENT")
    assert again["uid"] == event["uid"]


def test_names_of_calendar_files() -> None:
    """Whatever the id is, the file stays in its folder, and two people have two."""
    names = [file_name(Person(id)) for id in ("ann", "../ann", ".ann", "a/b", "a_b")]
    assert len(set(names)) == 5
    assert names[0] == "ann.ics"
    assert all("/" not in name and not name.startswith(".") for name in names)
