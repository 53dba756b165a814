"""The benchmark's text format: read for what it means, mistakes with their lines."""

import json

import pytest

from scheduling.formats import FormatError
from scheduling.formats.curtois import read, roster_of, write_roster
from scheduling.judge import judge

INSTANCE = """# Two people, one week
SECTION_HORIZON
# The horizon length in days:
7

SECTION_SHIFTS
# ShiftID, Length in mins, Shifts which cannot follow this shift | separated
E,480,
L,480,E

SECTION_STAFF
# ID, MaxShifts, MaxTotalMinutes, MinTotalMinutes, MaxConsecutiveShifts, MinConsecutiveShifts, …
A,E=7|L=2,2400,960,3,2,2,1
B,E=0|L=7,2400,960,3,2,2,0

SECTION_DAYS_OFF
A,0

SECTION_SHIFT_ON_REQUESTS
A,2,L,5

SECTION_SHIFT_OFF_REQUESTS
B,3,L,2

SECTION_COVER
1,E,1,100,1
3,L,0,100,7
"""


def verdict(a: str, b: str) -> dict[tuple[str, bool], int]:
    """What a roster breaks (how often) and costs; a letter a day, ``.`` for free."""
    problem = read(INSTANCE)
    days = {"A": ["" if day == "." else day for day in a], "B": ["" if day == "." else day for day in b]}
    found: dict[tuple[str, bool], int] = {}
    for one in judge(problem, roster_of(problem, days, "r")).findings:
        found[one.rule, one.hard] = found.get((one.rule, one.hard), 0) + (
            one.amount if one.hard else one.cost
        )
    return found


def test_a_good_roster() -> None:
    """A has the shift asked for and covers; B works in the rest of the week, which costs a request."""
    assert verdict(".EL....", "..LL...") == {("wish", False): 2, ("cover", False): 7}


@pytest.mark.parametrize(
    ("a", "b", "broken"),
    [
        ("EE.....", "..LL...", {"leave": 1}),
        (".EL....", "..EL...", {"eligible": 1}),
        (".ELE...", "..LL...", {"succession": 1}),
        (".LLL...", "..LL...", {"shift_count": 1}),
        (".EEEE..", "..LL...", {"consecutive_days": 1}),
        (".EE.E..", "..LL...", {"consecutive_days": 1, "consecutive_days_off": 1}),
        (".......", "..LL...", {"contract": 16}),
        (".EL....", ".....LL", {"weekends": 1}),
        (".EE..EE", "..LL...", {}),
    ],
)
def test_hard_rules(a: str, b: str, broken: dict[str, int]) -> None:
    """Each field of a line of staff, each forbidden succession and each day off is kept."""
    assert {rule: times for (rule, hard), times in verdict(a, b).items() if hard} == broken


def test_the_roster_as_json() -> None:
    """Written as anyone's checker reads it: a shift or an empty text for every day of every employee."""
    problem = read(INSTANCE)
    days = {"A": ["", "E", "L", "", "", "", ""], "B": ["", "", "L", "L", "", "", ""]}
    assert json.loads(write_roster(problem, roster_of(problem, days, "r"), 9)) == {
        "objective": 9,
        "assignments": days,
    }


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("SECTION_COVER", "SECTION_COVERS", "i.txt:25: there is no section SECTION_COVERS"),
        ("7\n\nSECTION_SHIFTS", "x\n\nSECTION_SHIFTS", "i.txt:4: 'x' is no whole number"),
        ("A,0", "C,0", "i.txt:17: there is no employee 'C'"),
        ("A,0", "A,9", "i.txt:17: people[0].leave[0].day: day 9 is not in the period, whose days are 0 to 6"),
        ("L,480,E", "L,480,X", "i.txt:9: rules[0].then: 'X' is no shift and no mark of one"),
        (
            "L,480,E",
            "L,1500,E",
            "i.txt:9: shifts[1].length: 'L' lasts 1500 minutes, longer than a day (1440)",
        ),
        ("A,2,L,5", "A,2,X,5", "i.txt:20: people[0].wishes[0].shifts: 'X' is no shift and no mark of one"),
        ("A,2,L,5", "A,2,L", "i.txt:20: has 3 fields; a line of SECTION_SHIFT_ON_REQUESTS has 4"),
        ("1,E,1,100,1", "1,X,1,100,1", "i.txt:26: covers[0].shift: there is no shift 'X'"),
        ("E=7|L=2", "E=7|X=2", "i.txt:13: 'X=2' is not a shift and how often it may be worked, like D=14"),
        ("B,E=0|L=7", "A,E=0|L=7", "i.txt:14: 'A' is there a second time"),
        ("960,3,2,2,0", "9600,3,2,2,0", "i.txt:14: contracts[1].period_least: '9600-2400' owes 9600 minutes"),
        ("SECTION_HORIZON\n", "", "i.txt:3: stands before the first section"),
    ],
)
def test_mistakes(before: str, after: str, said: str) -> None:
    """Every mistake has its line."""
    assert before in INSTANCE
    with pytest.raises(FormatError) as error:
        read(INSTANCE.replace(before, after), "i.txt")
    assert said in str(error.value)
