"""Erlang A is exact from no patience to endless one, and its figures agree with each other."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from common.service_level import DEFINITIONS as OF_COUNTS
from common.service_level import Counts
from forecasting.erlang import ErlangA, ErlangC
from forecasting.erlang.service_levels import DEFINITIONS
from tests.forecasting.erlang.exact import Chain

CASES = [
    # agents, load in erlangs, patience in units of handling
    (9, "10", "1"),
    (3, "5", "2"),
    (14, "10", "2"),
    (1, "0.3", "5"),
    (20, "60", "0.5"),
    (40, "38", "1.25"),
    (120, "110", "0.1"),
    (2, "0.001", "1"),
    (30, "29", "10"),
]
"""Light, heavy and overloaded; callers of little patience and of much."""


@pytest.mark.parametrize(("agents", "load", "patience"), CASES)
def test_every_figure_is_that_of_the_states(agents: int, load: str, patience: str) -> None:
    """To twelve digits of the birth-and-death process summed state by state."""
    chain = Chain(agents, load, patience)
    queue = ErlangA(agents, float(load), 180, 180 * float(patience))
    assert float(queue.probability_of_wait) == pytest.approx(float(chain.waits), rel=1e-12)
    assert float(queue.abandonment) == pytest.approx(float(chain.abandonment), rel=1e-12)
    assert float(queue.queue_length) == pytest.approx(float(chain.queue), rel=1e-12)
    assert float(queue.mean_wait_s) == pytest.approx(180 * float(chain.queue / chain.load), rel=1e-12)
    assert float(queue.asa_s) == pytest.approx(180 * float(chain.answered_wait), rel=1e-12)
    busy = (chain.load * (1 - chain.abandonment)) / agents
    assert float(queue.occupancy) == pytest.approx(float(busy), rel=1e-12)


@pytest.mark.parametrize(("agents", "load", "patience"), CASES)
@pytest.mark.parametrize("time", ["0.01", "0.1111111111", "1"])
def test_the_service_level_is_that_of_the_states(agents: int, load: str, patience: str, time: str) -> None:
    """Each caller's wait by the place they come to, to twelve digits."""
    chain = Chain(agents, load, patience)
    queue = ErlangA(agents, float(load), 180, 180 * float(patience))
    wanted = float(chain.answered_within(time))
    assert float(queue.service_level(180 * float(time))) == pytest.approx(wanted, rel=1e-12)


def test_cases_with_their_digits() -> None:
    """Ten erlangs on nine agents, and five on three; callers wait as long as they talk, or a sixth of it."""
    one = ErlangA(9, 10, 180, 180)
    assert one.probability_of_wait == pytest.approx(0.6671803212492811, rel=1e-13)
    assert one.abandonment == pytest.approx(0.17931706427394806, rel=1e-13)
    assert one.service_level(20) == pytest.approx(0.4554695949999353, rel=1e-13)
    assert one.service_level(20, "answered_in_target_of_answered") == pytest.approx(
        0.5549885042961017, rel=1e-13
    )
    two = ErlangA(3, 5, 180, 30)
    assert two.mean_wait_s == pytest.approx(14.737833591458788, rel=1e-13)
    assert two.occupancy == pytest.approx(0.8478981338078451, rel=1e-13)
    assert two.service_level(20) == pytest.approx(0.42684696507429093, rel=1e-13)


@given(st.floats(0.01, 1e5), st.floats(-5, 5))
def test_who_waits_as_long_as_they_talk_makes_a_poisson_system(load: float, beta: float) -> None:
    """Then everybody in the system leaves at one rate: M/M/infinity, whatever the agents."""
    agents = max(0, round(load + beta * np.sqrt(load)))
    queue = ErlangA(agents, load, 200, 200)
    waits = stats.poisson.sf(agents - 1, load)
    assert queue.probability_of_wait == pytest.approx(waits, rel=1e-9)
    waiting = load * stats.poisson.sf(agents - 2, load) - agents * stats.poisson.sf(agents - 1, load)
    assert queue.queue_length == pytest.approx(waiting, rel=1e-8, abs=1e-11 * load)


loads = st.floats(1e-6, 1e5)
betas = st.floats(-6, 6)
patiences = st.floats(1, 1e6)


def crowd(load: float, beta: float) -> float:
    """Agents for a load and a spare in units of its square root."""
    return max(0.0, load + beta * np.sqrt(load))


@given(loads, betas, patiences, st.floats(0.001, 2), st.floats(0, 300))
def test_more_agents_never_hurt(
    load: float, beta: float, patience_s: float, more: float, within_s: float
) -> None:
    """Whole or in part: fewer wait, less long, and fewer give up; more are served by every definition."""
    queue = ErlangA(crowd(load, beta) + np.array([0, more]), load, 180, patience_s)
    for figure in (
        queue.probability_of_wait,
        queue.abandonment,
        queue.mean_wait_s,
        queue.queue_length,
        queue.later_than(within_s),
        queue.virtually_later_than(within_s),
        queue.wait_percentile_s(0.9),
        *(1 - queue.service_level(within_s, one, short_s=min(5, within_s)) for one in DEFINITIONS),
    ):
        assert np.isfinite(figure).all()
        assert figure[1] <= figure[0] * (1 + 1e-9) + 1e-12
    if queue.agents[0] > 0:
        assert queue.asa_s[1] <= queue.asa_s[0] * (1 + 1e-9) + 1e-12
        assert queue.occupancy[1] <= queue.occupancy[0] * (1 + 1e-9)


@given(loads, st.floats(0.01, 5), patiences, st.floats(0, 300))
def test_with_patience_nobody_waits_longer_than_without(
    load: float, beta: float, patience_s: float, within_s: float
) -> None:
    """Who gives up makes room: Erlang A is below Erlang C where both have an answer."""
    agents = crowd(load, beta)
    some, endless = ErlangA(agents, load, 180, patience_s), ErlangC(agents, load, 180)
    for figure in ("probability_of_wait", "mean_wait_s", "asa_s", "queue_length", "occupancy"):
        assert getattr(some, figure) <= getattr(endless, figure) * (1 + 1e-9), figure
    assert some.later_than(within_s) <= endless.later_than(within_s) * (1 + 1e-9)
    assert some.wait_percentile_s(0.9) <= endless.wait_percentile_s(0.9) * (1 + 1e-9) + 1e-9


@given(st.floats(0.01, 1e4), st.floats(0.2, 5))
def test_much_patience_is_endless_patience(load: float, beta: float) -> None:
    """As patience grows, Erlang A goes to Erlang C, without losing its digits."""
    agents = crowd(load, beta)
    some, endless = ErlangA(agents, load, 180, 180e12), ErlangC(agents, load, 180)
    for figure in ("probability_of_wait", "mean_wait_s", "asa_s", "queue_length"):
        assert getattr(some, figure) == pytest.approx(getattr(endless, figure), rel=1e-6), figure
    assert some.service_level(20) == pytest.approx(endless.service_level(20), rel=1e-6)


@given(loads, betas, patiences, st.floats(0, 300), st.floats(0.5, 0.999))
def test_figures_agree_with_each_other(
    load: float, beta: float, patience_s: float, within_s: float, share: float
) -> None:
    """Percentile and tail; who is answered, gives up or waits on at any time is everybody."""
    queue = ErlangA(crowd(load, beta), load, 180, patience_s)
    limit = queue.wait_percentile_s(share)
    late = min(1 - share, float(queue.probability_of_wait))
    assert float(queue.later_than(limit)) == pytest.approx(late, rel=1e-6)
    in_time = queue.service_level(within_s)
    gone = queue.service_level(within_s, "in_target_of_all") - in_time
    assert float(in_time + gone + queue.later_than(within_s)) == pytest.approx(1, abs=1e-9)
    assert float(queue.service_level(0)) == pytest.approx(1 - float(queue.probability_of_wait), abs=1e-9)
    assert queue.queue_length == pytest.approx(load / 180 * float(queue.mean_wait_s), rel=1e-12)


@pytest.mark.parametrize(("agents", "load", "patience_s"), [(9, 10, 180), (95, 100, 60), (3.5, 2, 900)])
def test_the_mean_wait_is_the_integral_of_its_tail(agents: float, load: float, patience_s: float) -> None:
    """Of all callers; and of the answered, by the share answered later than each time."""
    queue = ErlangA(agents, load, 180, patience_s)
    mean = integrate.quad(lambda t: float(queue.later_than(t)), 0, 60 * patience_s, limit=500, epsabs=1e-11)[
        0
    ]
    assert mean == pytest.approx(float(queue.mean_wait_s), rel=1e-8)
    answered = 1 - float(queue.abandonment)
    late = integrate.quad(
        lambda t: answered - float(queue.service_level(t)), 0, 60 * patience_s, limit=500, epsabs=1e-11
    )[0]
    assert late / answered == pytest.approx(float(queue.asa_s), rel=1e-8)


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_definitions_are_those_of_the_counts(definition: str) -> None:
    """The expected share is what ten million callers would be counted as, by the board's own formulas."""
    queue = ErlangA(9, 10, 180, 120)
    all_ = 10_000_000
    in_time = float(queue.service_level(20))
    gone = float(queue.service_level(20, "in_target_of_all")) - in_time
    short = float(queue.service_level(5, "in_target_of_all") - queue.service_level(5))
    lost = float(queue.abandonment)
    counts = Counts(*(round(all_ * one) for one in (1 - lost, lost, in_time, gone, short)))
    found = float(queue.service_level(20, definition, short_s=5))  # type: ignore[arg-type]
    if definition == "virtual":
        assert found == 1 - float(queue.virtually_later_than(20))
        return
    assert found == pytest.approx(OF_COUNTS[definition].share(counts), abs=1e-6)


def test_every_definition_of_the_counts_is_here() -> None:
    """And one of the formulas' own."""
    assert {*DEFINITIONS} == {*OF_COUNTS, "virtual"}


def test_without_agents_everybody_gives_up() -> None:
    """Nobody is answered, all wait until their patience ends, and no agent is busy."""
    queue = ErlangA(0, [0.5, 1e5], 180, 60)
    assert (queue.probability_of_wait == 1).all()
    assert (queue.abandonment == 1).all()
    assert (queue.mean_wait_s == 60).all()
    assert queue.wait_percentile_s(0.9) == pytest.approx(60 * np.log(10))
    assert (queue.service_level(20) == 0).all()
    assert (queue.service_level(20, "answered_in_target_of_answered") == 0).all()
    assert np.isnan(queue.asa_s).all()
    assert np.isnan(queue.occupancy).all()


def test_without_calls_nobody_waits() -> None:
    """With agents or without."""
    queue = ErlangA([0, 3], 0, 180, 60)
    for figure in (queue.probability_of_wait, queue.asa_s, queue.queue_length, queue.wait_percentile_s(0.9)):
        assert (figure == 0).all()
    for definition in DEFINITIONS:
        assert (queue.service_level(0, definition) == 1).all(), definition


@pytest.mark.parametrize("load", [1e-300, 1e-9, 99_999.5, 1e5])
@pytest.mark.parametrize("agents", [0.25, 1, 5e4, 1e5, 2e5])
@pytest.mark.parametrize("patience_s", [1e-3, 1, 180, 1e9])
def test_no_corner_breaks(load: float, agents: float, patience_s: float) -> None:
    """The ends of the range give finite figures, shares within 0 and 1, and no warning."""
    queue = ErlangA(agents, load, 180, patience_s)
    shares = [queue.probability_of_wait, queue.abandonment, queue.occupancy]
    shares += [queue.service_level(20, one) for one in DEFINITIONS]
    assert all(0 <= float(one) <= 1 for one in shares)
    waits = (queue.mean_wait_s, queue.asa_s, queue.wait_percentile_s(0.9), queue.queue_length)
    assert all(0 <= float(one) < 1e12 for one in waits)


def test_arrays_are_their_scalars() -> None:
    """An interval's figures do not depend on its neighbours."""
    rng = np.random.default_rng(5)
    load = rng.uniform(0, 50, 40)
    agents, patience_s = np.ceil(load * rng.uniform(0.5, 1.5, 40)), rng.uniform(10, 600, 40)
    queue = ErlangA(agents, load, 180, patience_s)
    for n in range(40):
        one = ErlangA(agents[n], load[n], 180, patience_s[n])
        assert one.asa_s == pytest.approx(queue.asa_s[n], rel=1e-13, nan_ok=True)
        assert one.wait_percentile_s(0.8) == pytest.approx(
            queue.wait_percentile_s(0.8)[n], rel=1e-9, abs=1e-12
        )
        assert one.service_level(20) == pytest.approx(queue.service_level(20)[n], rel=1e-13)


def test_nobody_waits_for_ever() -> None:
    """After a time in which any patience ends, in one array small systems and large ones."""
    queue = ErlangA([0, 0.5, 14, 5000], [10, 10, 180, 1e5], 180, [60, 1e-3, 1, 60])
    for wait_s in (1e5, 1e9):
        assert (queue.later_than(wait_s) == 0).all()
        assert queue.service_level(wait_s) == pytest.approx(queue.answered)
        assert queue.service_level(wait_s, "in_target_of_all") == pytest.approx(1)


@pytest.mark.parametrize("patience_s", [0, -3, float("nan"), float("inf")])
def test_patience_is_a_time(patience_s: float) -> None:
    """Above 0 and finite; endless patience is Erlang C."""
    with pytest.raises(ValueError, match=r"patience_s is .*; it must be a finite number, above 0"):
        ErlangA(5, 3, 180, patience_s)


def test_the_states_add_up() -> None:
    """The slow way's own check: its probabilities are all of them."""
    assert sum(Chain(9, "10", "1").states) == pytest.approx(Decimal(1))
