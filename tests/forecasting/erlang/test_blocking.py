"""Erlang B is exact, for any load and any number of lines, fractions included."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.erlang import blocking, lines_for, load_for
from tests.forecasting.erlang import exact

loads = st.floats(0, 1e5)


@pytest.mark.parametrize("load", ["1/1000", "1", "5/2", "40", "123/2", "150"])
def test_whole_lines_give_the_fraction(load: str) -> None:
    """To thirteen digits, from no line to a hundred."""
    lines = np.arange(0, 100, 3)
    found = blocking(lines, float(Fraction(load)))
    wanted = [float(exact.blocking(int(n), Fraction(load))) for n in lines]
    assert found == pytest.approx(wanted, rel=1e-13, abs=1e-300)


def test_the_tables_of_the_trade() -> None:
    """Lines and the load they carry at 1, 2 and 5 % lost, as every table has them."""
    assert blocking([10, 20, 50], [4.461, 12.03, 37.9]) == pytest.approx(0.01, rel=1e-3)
    assert blocking([5, 30], [1.657, 21.93]) == pytest.approx(0.02, rel=1e-3)
    assert blocking(10, 6.216) == pytest.approx(0.05, rel=1e-3)
    assert lines_for(2, 0.01) == 7


@given(loads, st.floats(0, 1.2e5))
def test_one_more_line_is_the_recurrence(load: float, lines: float) -> None:
    """B(n + 1) = a B / (n + 1 + a B), whole or not, up to 100,000 erlangs."""
    one = float(blocking(lines, load))
    assert blocking(lines + 1, load) == pytest.approx(load * one / (lines + 1 + load * one), rel=1e-9)


@given(st.floats(1e-3, 1e5), st.floats(0, 1.2e5), st.floats(1e-6, 1))
def test_more_lines_lose_less_and_a_little_more_a_little_less(load: float, lines: float, more: float) -> None:
    """Between whole lines B falls without a jump."""
    here, there = (float(one) for one in blocking([lines, lines + more], load))
    assert 0 <= there <= here <= 1
    if here > 1e-280:  # its slope is at most log(n + 2) times itself or thereabouts
        assert there > here * (1 - 2 * more * (1 + np.log1p(lines / load + 1 / load)))


@given(loads, st.sampled_from((0.5, 0.1, 0.01, 1e-6)))
def test_the_least_number_of_lines_is_the_least(load: float, share: float) -> None:
    """It keeps the share, and one less does not."""
    lines = int(lines_for(load, share))
    assert blocking(lines, load) <= share
    assert lines == 0 or blocking(lines - 1, load) > share


@given(st.integers(1, 100_000), st.floats(1e-6, 0.9))
def test_the_load_for_a_share_gives_the_share(lines: int, share: float) -> None:
    """The load at which just so many are lost."""
    assert blocking(lines, load_for(lines, share)) == pytest.approx(share, rel=1e-8)


def test_nothing_and_nobody() -> None:
    """Without a load nothing is blocked; without a line everything would be."""
    assert blocking(0, 0) == 1
    assert blocking(3, 0) == 0
    assert blocking(0, 12.5) == 1
    assert lines_for(0, 0.01) == 1  # with none the one call that ever came would be lost


def test_the_smallest_load_there_is() -> None:
    """Blocks what it can, without a warning."""
    assert blocking([0, 0.5, 1, 40], 5e-324).tolist() == pytest.approx([1, 0, 0, 0], abs=1e-100)


def test_arrays_broadcast() -> None:
    """Lines down, loads across."""
    table = blocking(np.arange(4)[:, None], np.array([0.5, 1, 2]))
    assert table.shape == (4, 3)
    assert table[2, 1] == blocking(2, 1)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: blocking(-1, 3), "lines is -1; it must be a finite number, 0 or more"),
        (lambda: blocking(5, [1, np.nan]), "load at 1 is nan"),
        (lambda: blocking(5, [[1.0], [np.inf]]), "load at 1, 0 is inf"),
        (lambda: blocking("many", 3), "lines: 'many' is not a number"),
        (lambda: lines_for(3, 0), "blocking is 0; it must be a finite number, above 0"),
        (lambda: load_for(3, 1.0), "a share must be below 1"),
    ],
)
def test_what_is_wrong_is_said(call: object, said: str) -> None:
    """With the name and the place."""
    with pytest.raises(ValueError, match=said):
        call()  # type: ignore[operator]
