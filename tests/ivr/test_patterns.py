"""Patterns hold an entry against a form, and never take long."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.patterns import LONGEST, BadPattern, compile_pattern, fits


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        (r"\d{15}|\d{18}", "110101199003074", "1101011990030"),
        (r"62\d{14,17}", "6222020000000001", "4222020000000001"),
        (r"1[3-9]\d{9}", "13800000001", "12800000001"),
        (r"[1-9]\d*", "120", "012"),
        (r"0?1", "01", "11"),
        (r"A\.B.", "A.BC", "AxBC"),
        (r"[0-4679]", "7", "8"),
    ],
)
def test_what_fits(pattern: str, good: str, bad: str) -> None:
    """The whole text, not a part of it."""
    assert fits(pattern, good)
    assert not fits(pattern, bad)
    assert not fits(pattern, good + "x")


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "(a|b)",
        "(a+)+",
        r"\d*\d*",
        r"a+b?",
        r"\w",
        "^1$",
        "[^1]",
        "[9-1]",
        "a{3",
        "a**",
        "x" * (LONGEST + 1),
    ],
)
def test_what_could_take_long_or_is_none_is_refused(pattern: str) -> None:
    """Brackets, two pieces of varying length, and what Python does not take either."""
    with pytest.raises(BadPattern):
        compile_pattern(pattern)


@given(st.text(alphabet="01[]-{},2?*+|\\d.", max_size=30), st.text(alphabet="012", max_size=1000))
def test_any_pattern_is_held_against_any_text_at_once(pattern: str, text: str) -> None:
    """Or refused; the longest texts there are take milliseconds."""
    try:
        compile_pattern(pattern)
    except BadPattern:
        return
    start = time.perf_counter()
    fits(pattern, text)
    assert time.perf_counter() - start < 0.5
