"""Rosters to look at."""

from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from scheduling.demand import Demand
from scheduling.pictures.plots import draw
from scheduling.pictures.text import day, period, wide
from scheduling.problem import Break, Person, Problem, Shift
from scheduling.roster import Assignment, Block, Roster

PROBLEM = Problem(
    date(2026, 11, 2),
    3,
    (Shift("E", 420, 480, breaks=(Break("meal", 30, 180, 240, paid=False),)), Shift("N", 1320, 480)),
    (Person("1", name="王芳", skills={"calls": 1}), Person("leo")),
    60,
    demands=(Demand("calls", "calls", (1,) * 72),),
)
ROSTER = Roster(
    (Assignment("1", 0, "E", 420, 480, (Block("meal", 600, 30),)), Assignment("leo", 0, "N", 1320, 480))
)


def test_people_by_days() -> None:
    """A line for each person, columns in place for wide signs too, hours without unpaid breaks."""
    assert list(period(PROBLEM, ROSTER)) == [
        "       Mo Tu We",
        "       02 03 04",
        "1 王芳 E  ·  ·  7.5 h",
        "leo    N  ·  ·  8 h",
    ]
    assert wide("1 王芳") == 6


def test_a_day_by_the_hour() -> None:
    """The night of the evening before is on the next day too; a break can be seen."""
    assert list(day(PROBLEM, ROSTER, 0))[1:4] == [
        "       0708091011121314151617181920212223000102030405",
        "1 王芳 ██████░█████████ E",
        "leo                                  ████████████████ N",
    ]
    assert list(day(PROBLEM, ROSTER, 1))[1:3] == ["    000102030405", "leo ████████████ N"]


def test_a_picture(tmp_path: Path) -> None:
    """The picture is sound, has everybody in it, and is the same each time."""
    for name in ("a.svg", "b.svg"):
        draw(PROBLEM, ROSTER, tmp_path / name)
    text = (tmp_path / "a.svg").read_text(encoding="utf-8")
    ElementTree.fromstring(text)
    assert text == (tmp_path / "b.svg").read_text(encoding="utf-8")
    with pytest.raises(ValueError, match=r"a picture ends in \.svg, \.png, \.pdf"):
        draw(PROBLEM, ROSTER, tmp_path / "a.txt")
