"""A table in a spreadsheet shows what was said and runs nothing."""

import csv
import io

import pytest

from common.csv_text import csv_text


def cells(*values: object) -> list[str]:
    """What a reader of CSV finds in a row of these values."""
    head = [str(n) for n in range(len(values))]
    text = csv_text(head, [dict(zip(head, values, strict=True))])
    assert text.startswith("\ufeff")
    first, second = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    assert first == head
    return second


@pytest.mark.parametrize(
    "wrong", ["=1+1", "+8613800000001", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", '=HYPERLINK("x")']
)
def test_what_a_spreadsheet_would_run_is_text(wrong: str) -> None:
    """Whoever wrote it: a caller, a customer, an agent."""
    assert cells(wrong) == [f"'{wrong}"]


@pytest.mark.parametrize("right", ["张伟", "a=b", "1-2", 'say "hello"', "two\nlines", "a,b", ""])
def test_other_text_stays_as_it_is(right: str) -> None:
    """Commas, quotes and lines included."""
    assert cells(right) == [right]


def test_values_are_written_plainly() -> None:
    """Numbers are numbers, also below zero; nothing is empty; a list is its parts."""
    assert cells(-1, 0.5, -2.0, 1 / 3, None, True, ["r1", "r2"]) == [
        "-1",
        "0.5",
        "-2",
        "0.3333",
        "",
        "yes",
        "r1 r2",
    ]


def test_a_row_has_the_columns_of_the_head() -> None:
    """What it has beside them is left out, what it lacks is empty."""
    assert csv_text(["b", "a"], [{"a": 1, "x": 2}]) == "\ufeffb,a\r\n,1\r\n"
