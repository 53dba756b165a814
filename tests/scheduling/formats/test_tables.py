"""People and requirements as CSV, rule books as TOML: what they mean, and mistakes with their lines."""

from datetime import date

import pytest

from scheduling.formats import FormatError
from scheduling.formats.books import Book, applicable, find_book, read_book, ready_made
from scheduling.formats.people_csv import read_people
from scheduling.formats.requirement_csv import read_requirement
from scheduling.problem import Person, Problem
from scheduling.rules import ConsecutiveDays, Fairness
from scheduling.shifts import Shift


def test_people() -> None:
    """Skills with levels, spans of dates; headings in Chinese, and what a spreadsheet makes of a CSV."""
    text = (
        "\ufeff工号;姓名;技能;休假;希望休息;班组\r\n"
        "7;王芳;cards english/3;2026-11-03..2026-11-05;2026-11-08;红\r\n\r\n"
    )
    (one,) = read_people(text, "people.csv")
    assert (one.id, one.name, one.team, one.skills) == ("7", "王芳", "红", {"cards": 1, "english": 3})
    assert one.leave == (date(2026, 11, 3), date(2026, 11, 4), date(2026, 11, 5))
    assert one.off == (date(2026, 11, 8),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "p.csv:1: no column is id; there are none"),
        ("id\n", "p.csv: there is nobody in it"),
        ("id,shoe size\n1,43\n", "p.csv:1: there is no column 'shoe size'; there may be id, name, contract"),
        ("id,skills\na,english/x\n", "p.csv:2: skills: 'english/x' is no skill with a level, like english/3"),
        ("id,leave\na,3.11.\n", "p.csv:2: leave: '3.11.' is no date like 2026-11-03"),
        ("id\na\na\n", "p.csv:3: id: 'a' is also in line 2"),
        ("id,name\na,b,c\n", "p.csv:2: has 3 cells; there are 2 headings"),
        ('id,name\na,"b\n', "p.csv:2: is not CSV"),
        ("id,seniority\na,long\n", "p.csv:2: seniority: 'long' is no whole number"),
    ],
)
def test_mistakes_in_people(text: str, said: str) -> None:
    """Every mistake has its line."""
    with pytest.raises(FormatError) as error:
        read_people(text, "p.csv")
    assert said in str(error.value)


def test_requirement() -> None:
    """A value for each interval from the first midnight on; what is not there needs nobody."""
    found = read_requirement(
        "timestamp,agents,scheduled\n2026-11-02T09:00,3,4\n2026-11-02T09:30,5,6\n2026-11-03T00:00,1,1\n",
        "r.csv",
    )
    assert (found.start, found.days, found.interval_minutes) == (date(2026, 11, 2), 2, 30)
    assert [(at, people) for at, people in enumerate(found.required) if people] == [(18, 3), (19, 5), (48, 1)]
    assert len(found.required) == 96


def test_requirement_elsewhere() -> None:
    """Times with an offset are put into the time zone; an hour that comes twice keeps the higher number."""
    text = "timestamp,agents\n2026-10-25T00:00+00:00,4\n2026-10-25T01:00+00:00,3\n2026-10-25T02:00+00:00,1\n"
    found = read_requirement(text, "r.csv", zone="Europe/Berlin")
    assert [(at, people) for at, people in enumerate(found.required) if people] == [(2, 4), (3, 1)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("timestamp,people\n", "r.csv:1: no column is agents; there are timestamp, people"),
        ("timestamp,agents\n", "r.csv: there is no interval in it"),
        ("timestamp,agents\nmonday,1\n", "r.csv:2: timestamp: 'monday' is no time"),
        ("timestamp,agents\n2026-11-02,1.5\n", "r.csv:2: agents: '1.5' is no number of people"),
        (
            "timestamp,agents\n2026-11-02T00:00,1\n2026-11-02T00:07,1\n",
            "r.csv: its times lie on no grid; the smallest gap is 7 minutes",
        ),
    ],
)
def test_mistakes_in_requirements(text: str, said: str) -> None:
    """Every mistake has its line."""
    with pytest.raises(FormatError) as error:
        read_requirement(text, "r.csv")
    assert said in str(error.value).splitlines()


@pytest.mark.parametrize("name", ready_made())
def test_ready_made_books(name: str) -> None:
    """Each can be read, and is sound together with shifts that have its marks."""
    book = find_book(name)
    shifts = (
        Shift("X", 480, 480, marks=("night", "early", "late")),
        Shift("Y", 480, 240, marks=("float",), reserve=True),
        *(one for one in book.shifts),
    )
    rules = tuple(one for one in book.rules if one.rule != "break_due")
    Problem(date(2026, 11, 2), 28, shifts, (Person("ann"),), contracts=book.contracts, rules=rules)
    assert book.title


def test_mistakes_in_books() -> None:
    """Every mistake has its line."""
    text = 'title = "x"\n[[rules]]\nrule = "rest"\nleast = 3\n\n[[rules]]\nrule = "x"\n'
    text += '[[shifts]]\nid = "D"\nstart = 1\n'
    with pytest.raises(FormatError) as error:
        read_book(text, "b.toml")
    said = str(error.value)
    assert "b.toml:4: rules[0].least: there is no such field" in said
    assert "b.toml:2: rules[0].least_minutes: is missing" in said
    assert "b.toml:7: rules[1].rule: 'x' is not known" in said
    assert "b.toml:8: shifts[0].length: is missing" in said
    with pytest.raises(FormatError, match=r"b\.toml:2: is not TOML"):
        read_book("a = 1\nb =\n", "b.toml")
    with pytest.raises(FormatError, match=r"none\.toml: is no file; ready-made are cn-labour\.toml"):
        find_book("none.toml")


def test_rules_about_shifts_that_are_not_there() -> None:
    """A rule about nights is left out where there are none, and said so; one about several keeps the rest."""
    rules = (
        ConsecutiveDays(shifts=("night",), most=3),
        ConsecutiveDays(shifts=("night", "late")),
        Fairness(of="hours"),
    )
    kept, left = applicable(rules, (Shift("L", 840, 480, marks=("late",)),))
    assert kept == [ConsecutiveDays(shifts=("late",)), Fairness(of="hours")]
    assert left == ["consecutive_days (night): no shift is night"]


def test_books_together() -> None:
    """Several books are one."""
    both = find_book("cn-labour.toml") + find_book("fairness.toml") + Book()
    assert len(both.rules) == 10
    assert both.title == "Labour law, China, Fairness"
