"""Erlang C is exact, and an overload is called one."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.erlang import ErlangC
from forecasting.erlang.service_levels import DEFINITIONS
from tests.forecasting.erlang import exact


@pytest.mark.parametrize("load", ["1/100", "4/5", "7/2", "37", "97/2"])
def test_whole_agents_give_the_fraction(load: str) -> None:
    """The probability of waiting to thirteen digits."""
    agents = np.arange(int(Fraction(load)) + 1, 90, 3)
    found = ErlangC(agents, float(Fraction(load)), 180).probability_of_wait
    wanted = [float(exact.waiting(int(n), Fraction(load))) for n in agents]
    assert found == pytest.approx(wanted, rel=1e-13)


def test_the_cases_everybody_knows() -> None:
    """M/M/1 waits as often as it is busy; one erlang on two agents waits a third of the time; 100 calls in
    half an hour of three minutes each on 11, 12 and 14 agents; 48 erlangs on 50.
    """
    assert ErlangC(1, 0.8, 60).probability_of_wait == pytest.approx(0.8, rel=1e-15)
    assert ErlangC(2, 1, 60).probability_of_wait == pytest.approx(1 / 3, rel=1e-15)
    bank = ErlangC([11, 12, 14], 10, 180)
    waits = [0.6821182046893323, 0.44938822429827074, 0.17413193359504978]
    assert bank.probability_of_wait == pytest.approx(waits, rel=1e-13)
    assert bank.service_level(20) == pytest.approx(
        [0.38961381172915355, 0.6401580403740067, 0.8883500191794669], rel=1e-13
    )
    assert bank.asa_s == pytest.approx([122.78127684407973, 40.444940186844356, 7.835937011777239], rel=1e-13)
    assert bank.occupancy == pytest.approx([10 / 11, 10 / 12, 10 / 14], rel=1e-15)
    large = ErlangC(50, 48, 60)
    assert large.queue_length == pytest.approx(16.666934668724057, rel=1e-13)
    assert large.wait_percentile_s(0.9) == pytest.approx(58.138741782008836, rel=1e-13)


@pytest.mark.parametrize(
    ("beta", "wanted"), [(0.1, 0.8805417113740006), (1.0, 0.2227769288641484), (1.5, 0.08376700476701153)]
)
def test_ten_thousand_agents_are_no_trouble(beta: float, wanted: float) -> None:
    """The square-root rule of Halfin and Whitt, exactly."""
    assert ErlangC(10_000, 10_000 - 100 * beta, 60).probability_of_wait == pytest.approx(wanted, rel=1e-12)


@given(st.floats(0, 1e5), st.floats(0, 5), st.floats(0.001, 1), st.floats(0, 120))
def test_more_agents_never_hurt(load: float, beta: float, more: float, within_s: float) -> None:
    """Whole or in part: fewer wait, for less long, and less of the agents' time is used."""
    agents = load + beta * np.sqrt(load) + 1e-3 * (1 + load) + np.array([0, more])
    queue = ErlangC(agents, load, 180)
    for figure in (
        queue.probability_of_wait,
        queue.mean_wait_s,
        queue.queue_length,
        queue.occupancy,
        queue.later_than(within_s),
        queue.wait_percentile_s(0.9),
    ):
        assert np.isfinite(figure).all()
        assert figure[1] <= figure[0] * (1 + 1e-10)
    assert (queue.service_level(within_s) >= 0).all()


@given(st.floats(0.01, 1e5), st.floats(0.001, 3), st.floats(0, 600), st.floats(0.01, 0.999))
def test_figures_agree_with_each_other(load: float, beta: float, within_s: float, share: float) -> None:
    """Percentile and tail, tail at nought and the probability of waiting, Little's law."""
    queue = ErlangC(load + beta * np.sqrt(load), load, 240)
    limit = float(queue.wait_percentile_s(share))
    late = min(1 - share, float(queue.probability_of_wait))
    assert queue.later_than(limit) == pytest.approx(late, rel=1e-9)
    assert queue.service_level(0) == pytest.approx(1 - float(queue.probability_of_wait), abs=1e-12)
    assert queue.queue_length * 240 == pytest.approx(load * float(queue.asa_s), rel=1e-12)
    levels = [float(queue.service_level(within_s, one)) for one in DEFINITIONS]
    assert levels == [levels[0]] * len(levels)  # nobody gives up, so they are all the same


@pytest.mark.parametrize("agents", [0, 3, 9.99, 10])
def test_an_overload_waits_for_ever(agents: float) -> None:
    """As many erlangs as agents, or more: an endless queue, and nobody in time."""
    queue = ErlangC(agents, 10, 180)
    assert queue.overloaded
    assert queue.probability_of_wait == 1
    assert queue.service_level(20) == 0
    assert np.isposinf(
        [queue.asa_s, queue.mean_wait_s, queue.wait_percentile_s(0.9), queue.queue_length]
    ).all()
    assert queue.abandonment == 0
    assert queue.occupancy == 1 or (agents == 0 and np.isnan(queue.occupancy))


def test_without_calls_nobody_waits() -> None:
    """With agents or without."""
    queue = ErlangC([0, 3], 0, 180)
    assert not queue.overloaded.any()
    for figure in (queue.probability_of_wait, queue.asa_s, queue.queue_length, queue.wait_percentile_s(0.9)):
        assert (figure == 0).all()
    assert (queue.service_level(0) == 1).all()
    assert queue.occupancy[1] == 0
    assert np.isnan(queue.occupancy[0])


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: ErlangC(5, -1, 180), "load is -1"),
        (lambda: ErlangC(5, 3, [180, 0]), "aht_s at 1 is 0; it must be a finite number, above 0"),
        (lambda: ErlangC(5, 3, 180).later_than(-1), "wait_s is -1"),
        (lambda: ErlangC(5, 3, 180).wait_percentile_s(1), "a percentile is a share"),
        (lambda: ErlangC(5, 3, 180).service_level(20, "x"), "'x' is no service"),  # type: ignore[arg-type]
    ],
)
def test_what_is_wrong_is_said(call: object, said: str) -> None:
    """With the name and the place."""
    with pytest.raises(ValueError, match=said):
        call()  # type: ignore[operator]
