"""Runs and medians are those that a slow search finds."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.cleaning.runs import best_runs, certainty, joined
from forecasting.cleaning.usual import nan_median


def slowly(scores: list[int], least: int) -> list[tuple[int, int]]:
    """The maximal runs by definition: the best one, then those to its left and right (Ruzzo & Tompa 1999)."""
    spans = [(begin, end) for begin in range(len(scores)) for end in range(begin + 1, len(scores) + 1)]
    if not spans:
        return []
    best = max(spans, key=lambda span: (sum(scores[span[0] : span[1]]), span[0] - span[1], -span[0]))
    if sum(scores[best[0] : best[1]]) <= 0:
        return []
    left = slowly(scores[: best[0]], least)
    right = [(b + best[1], e + best[1]) for b, e in slowly(scores[best[1] :], least)]
    here = [best] if sum(scores[best[0] : best[1]]) >= least else []
    return left + here + right


@given(st.lists(st.integers(-5, 5), max_size=12), st.integers(1, 8))
def test_best_runs_are_those_of_the_definition(scores: list[int], least: int) -> None:
    """By their sums; which of two equal ones is taken does not matter."""
    found = [(run.start, run.stop) for run in best_runs(np.array(scores, dtype=float), least)]
    sums = sorted(sum(scores[b:e]) for b, e in found)
    assert sums == sorted(sum(scores[b:e]) for b, e in slowly(scores, least))
    assert all(end <= begin for (_, end), (begin, _) in itertools.pairwise(found))


def test_unknown_intervals_part_runs() -> None:
    """Nothing goes on over a gap."""
    scores = np.array([3.0, 3, np.nan, 3, -1, 3])
    assert [(run.start, run.stop) for run in best_runs(scores, 5)] == [(0, 2), (3, 6)]


@given(st.lists(st.booleans(), max_size=30), st.integers(0, 3))
def test_joined_runs(flags: list[bool], gap: int) -> None:
    """Every flag is in one run, each begins and ends with one, and gaps within are short."""
    runs = list(joined(np.array(flags, dtype=bool), gap))
    inside = {n for run in runs for n in range(run.start, run.stop)}
    assert {n for n, flag in enumerate(flags) if flag} <= inside
    for run in runs:
        assert flags[run.start]
        assert flags[run.stop - 1]
        assert f"{'0' * (gap + 1)}" not in "".join("01"[flag] for flag in flags[run])
    for one, other in itertools.pairwise(runs):
        assert other.start - one.stop > gap


@given(
    st.lists(
        st.lists(st.one_of(st.just(float("nan")), st.floats(-9, 9)), min_size=3, max_size=3),
        min_size=1,
        max_size=9,
    )
)
def test_medians_of_what_is_known(rows: list[list[float]]) -> None:
    """As numpy's, NaN where nothing is known."""
    values = np.array(rows)
    for axis in (0, 1):
        known = np.isfinite(values).any(axis=axis)
        found = nan_median(values, axis)
        assert np.isnan(found[~known]).all()
        if known.any():
            part = values[:, known] if axis == 0 else values[known]
            np.testing.assert_allclose(found[known], np.nanmedian(part, axis=axis))


def test_certainty_grows_with_strength() -> None:
    """A half where it is just enough."""
    assert certainty(5, 5) == 0.5
    assert certainty(7.5, 5) == pytest.approx(0.9, abs=0.01)
    assert certainty(1000, 5) <= 1
