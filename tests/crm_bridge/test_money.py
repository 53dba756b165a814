"""Amounts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_bridge.money import as_number, as_text, hundredths


@given(st.integers(-(10**17), 10**17))
def test_text_and_back(amount: int) -> None:
    """Every amount survives being written."""
    assert hundredths(as_text(amount)) == amount
    assert hundredths(Decimal(amount) / 100) == amount


@given(st.integers(0, 10**13))
def test_numbers_of_forms_and_back(amount: int) -> None:
    """A form's number, 0.29 too, is the amount it shows."""
    assert hundredths(as_number(amount)) == amount


@pytest.mark.parametrize("wrong", ["1.005", 0.001, "NaN", float("inf"), "many", "", 1e30])
def test_what_is_no_amount_is_refused(wrong: str | float) -> None:
    """A third decimal, no number, too much: ValueError."""
    with pytest.raises(ValueError):
        hundredths(wrong)
