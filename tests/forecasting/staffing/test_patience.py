"""Patience is found again in waits that were cut short, with an interval that is as wide as it says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.erlang import erlang
from forecasting.staffing.patience import from_counts, from_staffing, from_waits, survival

TRUE_S = 90.0


def calls(seed: int, n: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """Waits of callers whose patience is 90 s on average and whom agents reach after 40 s on average."""
    rng = np.random.default_rng(seed)
    patience, offered = rng.exponential(TRUE_S, n), rng.exponential(40, n)
    return np.minimum(patience, offered), patience < offered


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """In 100 histories the 90 % interval has it 90 % of the time, give or take chance."""
    hits = 0
    for seed in range(100):
        found = from_waits(*calls(seed), confidence=0.9)
        assert found.low_s < found.mean_s < found.high_s
        hits += found.low_s <= TRUE_S <= found.high_s
    assert 82 <= hits <= 98  # within 2.7 standard deviations of 90


def test_the_naive_mean_is_far_too_short() -> None:
    """The waits of those who gave up are not their patience: why censoring matters."""
    waits, lost = calls(1, 20_000)
    assert waits[lost].mean() < 0.4 * TRUE_S
    assert from_waits(waits, lost).mean_s == pytest.approx(TRUE_S, rel=0.05)


def test_the_estimate_is_time_over_endings() -> None:
    """Three who gave up in 300 s of waiting: 100 s, and Garwood's limits of three events."""
    found = from_waits([10, 20, 70, 120, 80], [1, 0, 1, 1, 0])
    assert (found.mean_s, found.abandoned, found.waited_s) == (100, 3, 300)
    assert found.low_s == pytest.approx(300 / 8.76727, rel=1e-5)
    assert found.high_s == pytest.approx(300 / 0.61867, rel=1e-4)


def test_who_hangs_up_at_once_can_be_left_out() -> None:
    """A third misdials and is gone within 3 s; from 5 s on the others' patience is found."""
    waits, lost = calls(2, 20_000)
    rng = np.random.default_rng(3)
    waits = np.concatenate([waits, rng.uniform(0, 3, 10_000)])
    lost = np.concatenate([lost, np.ones(10_000, dtype=bool)])
    assert from_waits(waits, lost).mean_s < 0.5 * TRUE_S
    assert from_waits(waits, lost, from_s=5).mean_s == pytest.approx(TRUE_S, rel=0.05)


def test_nobody_gave_up() -> None:
    """Patience may be anything from a limit on: three in a million seconds are the usual rule."""
    found = from_waits([10, 20, 30], [0, 0, 0])
    assert np.isposinf(found.mean_s)
    assert np.isposinf(found.high_s)
    assert found.low_s == pytest.approx(60 / 3.688879, rel=1e-5)


def test_counts_of_intervals_say_the_same_as_calls() -> None:
    """Summed per interval the estimate is the same; the interval is wider where counts vary more than
    chance."""
    waits, lost = calls(4, 5000)
    one = from_waits(waits, lost)
    many = from_counts(lost.reshape(100, 50).sum(1), waits.reshape(100, 50).sum(1))
    assert many.mean_s == pytest.approx(one.mean_s)
    assert many.high_s - many.low_s == pytest.approx(one.high_s - one.low_s, rel=0.25)
    rough = lost.reshape(100, 50).sum(1)
    rough[::2] *= 2
    rough[1::2] = 0
    wild = from_counts(rough, waits.reshape(100, 50).sum(1))
    assert wild.high_s - wild.low_s > 2 * (one.high_s - one.low_s)


def test_without_waits_the_agents_tell() -> None:
    """The patience at which Erlang A loses what was lost."""
    load, agents = np.array([10.0, 20, 5]), np.array([9, 21, 5])
    lost = load * 10 * erlang(agents, load, 180, 75).abandonment
    assert from_staffing(load * 10, lost, 1800, 180, agents) == pytest.approx(75, rel=1e-9)
    assert np.isposinf(from_staffing(load * 10, 0, 1800, 180, agents))
    with pytest.raises(ValueError, match=r"only .* had to wait"):
        from_staffing(load * 10, load * 10, 1800, 180, agents)
    with pytest.raises(ValueError, match="of any patience"):
        from_staffing([100], [1], 1800, 180, [4])


def test_the_curve_of_kaplan_and_meier() -> None:
    """By hand: of six, one gives up at 10 s, one is answered at 10 s, two give up at 20 s, the rest is
    answered."""
    found = survival([10, 10, 20, 20, 30, 40, 0], [1, 0, 1, 1, 0, 0, 0])
    assert found.at_s.tolist() == [10, 20]
    assert found.at_risk.tolist() == [6, 4]
    assert found.waiting == pytest.approx([5 / 6, 5 / 6 * 2 / 4])
    assert found.hazard == pytest.approx([1 / 6 / 10, 2 / 4 / 10])
    assert found.median_s == 20
    assert (found.low < found.waiting).all()
    assert (found.waiting < found.high).all()
    # Greenwood on the log-log scale: at 10 s the variance of log(-log S) is (1/(6*5)) / log(5/6)^2
    half = 1.959964 * np.sqrt(1 / 30) / abs(np.log(5 / 6))
    assert found.low[0] == pytest.approx((5 / 6) ** np.exp(half), rel=1e-6)


def test_the_curve_needs_no_law() -> None:
    """Half gives up at the announcement after 15 s: the curve shows it, where one mean could not."""
    rng = np.random.default_rng(6)
    patience = np.where(rng.random(4000) < 0.5, rng.uniform(14, 16, 4000), rng.exponential(300, 4000))
    offered = rng.exponential(60, 4000)
    found = survival(np.minimum(patience, offered), patience < offered)
    assert found.waiting[np.searchsorted(found.at_s, 13)] > 0.93
    assert found.waiting[np.searchsorted(found.at_s, 17)] == pytest.approx(0.5 * np.exp(-17 / 300), abs=0.03)


@given(st.lists(st.tuples(st.floats(0.01, 1e4), st.booleans()), min_size=1, max_size=30))
def test_it_never_grows_and_stays_a_share(seen: list[tuple[float, bool]]) -> None:
    """Whatever the calls were."""
    waits, lost = zip(*seen, strict=True)
    found = survival(waits, lost)
    assert (np.diff(found.waiting) <= 0).all()
    for curve in (found.waiting, found.low, found.high):
        assert ((curve >= 0) & (curve <= 1)).all()
    one = from_waits(waits, lost)
    assert one.low_s <= one.mean_s <= one.high_s


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: from_waits([1, -2], [0, 1]), "wait_s at 1 is -2"),
        (lambda: from_waits([1, 2], [0]), "2 waits but 1 endings"),
        (lambda: from_waits([0, 0], [0, 0]), "nobody waited"),
        (lambda: from_waits([], []), "nobody waited"),
        (lambda: from_waits([1], [1], confidence=95), "a confidence of 95 is none"),
        (lambda: from_counts([1, 0], [0, 60]), "somebody gave up in an interval in which nobody waited"),
    ],
)
def test_what_is_wrong_is_said(call: object, said: str) -> None:
    """Which, and why."""
    with pytest.raises(ValueError, match=said):
        call()  # type: ignore[operator]
