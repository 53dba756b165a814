"""The cost curve says what one more agent buys, in service and in money."""

import numpy as np
import pytest

from forecasting.erlang import Targets, agents_for, erlang
from forecasting.staffing.curve import Prices, cost_curve, plan_curve


def test_the_curve_is_the_formulas_and_the_prices() -> None:
    """Ten erlangs of callers who wait two minutes; an hour of queue costs as much as one of an agent."""
    curve = cost_curve(100, 1800, 180, 120, agents=range(5, 20), prices=Prices(30, 30, 4))
    queue = erlang(np.arange(5, 20), 10, 180, 120)
    assert curve.measures.service_level == pytest.approx(queue.service_level(20))
    wanted = 30 * np.arange(5, 20) + 30 * queue.queue_length + 4 * 200 * queue.abandonment
    assert curve.cost == pytest.approx(wanted)
    assert curve.cheapest == 5 + int(np.argmin(wanted))
    assert (np.diff(curve.measures.abandonment) < 0).all()


def test_the_least_for_a_target_is_the_requirement() -> None:
    """Read from the curve or asked for: the same, and nothing where the curve ends below."""
    targets = Targets(service_level=0.9, within_s=20)
    curve = cost_curve(300, 1800, 240, 180)
    assert curve.least(targets) == agents_for(40, 240, targets, 180)
    assert cost_curve(300, 1800, 240, 180, agents=[20, 21]).least(targets) is None
    with pytest.raises(ValueError, match="there is none"):
        curve.least(Targets(asa_s=10))


def test_by_itself_it_shows_what_surrounds_the_load() -> None:
    """From few to plenty, with patience and without, down to no calls at all."""
    for calls in (0, 2, 100, 5000):
        for patience_s in (None, 180):
            curve = cost_curve(calls, 1800, 180, patience_s)
            assert len(curve.agents) >= 5
            assert curve.measures.service_level[-1] > 0.95
            assert np.isfinite(curve.cost).all()
            assert not curve.measures.overloaded.any()


def test_an_overload_costs_without_end() -> None:
    """Where the queue of the endlessly patient grows for ever."""
    curve = cost_curve(100, 1800, 180, agents=[9, 10, 11, 12])
    assert np.isinf(curve.cost).tolist() == [True, True, False, False]
    assert curve.cheapest == 11


def test_a_whole_plan_with_more_and_less() -> None:
    """One more agent in every open interval; figures weighed by calls, waits by who was answered."""
    calls, planned = np.array([0, 100, 60]), np.array([0, 12, 8])
    curve = plan_curve(calls, 1800, 180, planned, 180, more=[-2, 0, 1])
    for place, more in enumerate((-2, 0, 1)):
        queue = erlang(planned[1:] + more, calls[1:] / 10, 180, 180)
        weight = calls[1:] / 160
        assert curve.measures.service_level[place] == pytest.approx(queue.service_level(20) @ weight)
        assert curve.measures.abandonment[place] == pytest.approx(queue.abandonment @ weight)
        answered = calls[1:] * (1 - queue.abandonment)
        assert curve.measures.asa_s[place] == pytest.approx(queue.asa_s @ answered / answered.sum())
        assert curve.cost[place] == pytest.approx((planned[1:] + more).sum() / 3)
    assert plan_curve(calls, 1800, 180, planned, 180, more=[-20]).measures.service_level[0] == 0


def test_what_is_wrong_is_said() -> None:
    """Prices below nothing, and no calls."""
    with pytest.raises(ValueError, match="the price waiting_hour is -1"):
        Prices(waiting_hour=-1)
    with pytest.raises(ValueError, match="there are no calls"):
        plan_curve([0, 0], 1800, 180, [1, 1])
    with pytest.raises(ValueError, match="calls is -5"):
        cost_curve(-5, 1800, 180)
