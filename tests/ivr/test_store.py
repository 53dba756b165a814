"""Entry numbers as rows, and how numbers are written."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.config import EntryNumber
from ivr.api import ENTRY_NUMBERS, EntryBody
from ivr.store import load_entries, read_number
from tests.tables import with_tables


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("95588", "95588"),
        (" 955 88 ", "95588"),
        ("+86 21 955-88", "+862195588"),
        ("(021) 955.88", "02195588"),
        ("９５５８８", "95588"),
        ("+86—".replace("—", "－") + "955", "+86955"),
        ("00862195588", "00862195588"),
    ],
)
def test_a_number_is_kept_as_its_digits(written: str, number: str) -> None:
    """However people write it; no country is guessed."""
    assert read_number(written) == number


@pytest.mark.parametrize(
    "written", ["", "+", "sales", "955+88", "++1", "9" * 32, "95588;ext=1", "*100#", "１２a"]
)
def test_what_is_no_number_is_refused(written: str) -> None:
    """With what it should be."""
    with pytest.raises(ValueError, match="it is 1 to 31 digits"):
        read_number(written)


@given(st.text(max_size=40))
def test_reading_a_number_twice_changes_nothing(written: str) -> None:
    """What is kept is the one way to write it."""
    try:
        number = read_number(written)
    except ValueError:
        return
    assert read_number(number) == number
    assert number.removeprefix("+").isascii()


def test_rows_become_entry_numbers(tmp_path: Path) -> None:
    """With flow and source."""
    database = with_tables(f"sqlite:///{tmp_path / 'ivr.db'}")
    with database.transaction() as session:
        assert load_entries(session) == ()
        ENTRY_NUMBERS.create(session, EntryBody(id="955 88", name="Hotline", flow="bank", source="press"))
        ENTRY_NUMBERS.create(session, EntryBody(id="+86 800", name="Free", flow="shop"))
    with database.transaction() as session:
        assert load_entries(session) == (
            EntryNumber("+86800", "shop", ""),
            EntryNumber("95588", "bank", "press"),
        )
    database.close()
