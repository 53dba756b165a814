"""The queue followed through time: exact where it can be checked, and true to the floor."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

from forecasting.erlang import measures
from forecasting.staffing.backlog import Followed, follow, raised


def chain(
    calls: float, interval_s: float, aht_s: float, agents: int, patience_s: float | None, size: int
) -> np.ndarray:
    """The generator of the birth-and-death process, (size, size)."""
    rates = np.zeros((size, size))
    for k in range(size):
        if k + 1 < size:
            rates[k, k + 1] = calls / interval_s
        if k:
            rates[k, k - 1] = min(k, agents) / aht_s + (max(k - agents, 0) / patience_s if patience_s else 0)
    return rates - np.diag(rates.sum(1))


@pytest.mark.parametrize("patience_s", [None, 120.0])
def test_the_queue_at_the_end_is_that_of_the_matrix_exponential(patience_s: float | None) -> None:
    """Three intervals, the second overloaded, by the exponential of their generators instead of small
    steps."""
    calls, agents, size = [15.0, 42, 20], [4, 4, 4], 75
    found = follow(calls, 600, 180, agents, patience_s)
    chances, means = np.eye(size)[0], []
    for offered in calls:
        rates = chain(offered, 600, 180, 4, patience_s, size)
        both = np.block([[rates, np.eye(size)], [np.zeros((size, size)), np.zeros((size, size))]])
        grown = expm(both * 600)
        means.append(chances @ grown[:size, size:] / 600)
        chances = chances @ grown[:size, :size]
        queue = float(np.maximum(np.arange(size) - 4, 0) @ chances)
        assert found.queue_at_end[len(means) - 1] == pytest.approx(queue, rel=1e-3, abs=1e-6)
    for n, mean in enumerate(means):
        assert found.probability_of_wait[n] == pytest.approx(mean[4:].sum(), abs=5e-4)
        assert found.queue_length[n] == pytest.approx(np.maximum(np.arange(size) - 4, 0) @ mean, rel=2e-3)


@settings(max_examples=settings().max_examples // 6)
@given(st.integers(1, 40), st.floats(0.3, 1.3), st.sampled_from((30.0, 120.0, 900.0)), st.floats(0, 60))
def test_in_the_long_run_it_is_the_steady_state(
    agents: int, load: float, patience_s: float, within_s: float
) -> None:
    """Hours of the same calls, and then another: Erlang A."""
    calls = np.full(3, load * agents * 5400 / 180)
    found = follow(calls, 5400, 180, np.full(3, agents), patience_s, within_s=within_s)
    steady = measures(agents, load * agents, 180, patience_s, within_s=within_s)
    for name in ("service_level", "probability_of_wait", "abandonment", "asa_s", "queue_length", "occupancy"):
        assert getattr(found, name)[-1] == pytest.approx(float(getattr(steady, name)), rel=2e-3, abs=2e-4), (
            name
        )


def test_in_the_long_run_without_patience_it_is_erlang_c() -> None:
    """As long as the load is below the agents."""
    found = follow(np.full(4, 800.0), 14_400, 180, 12)
    steady = measures(12, 10, 180)
    for name in ("service_level", "probability_of_wait", "asa_s", "queue_length", "occupancy"):
        assert getattr(found, name)[-1] == pytest.approx(float(getattr(steady, name)), rel=2e-3), name


def test_an_overload_is_paid_by_the_interval_after_it() -> None:
    """By itself the second half hour would be fine; it inherits sixty callers."""
    calls, agents = [180.0, 80], [12, 12]
    found, alone = follow(calls, 1800, 180, agents), measures(agents, np.array(calls) / 10, 180)
    assert alone.service_level[1] > 0.9
    assert found.service_level[1] < 0.35
    assert found.queue_at_end == pytest.approx([60, 20], rel=0.15)  # 6 erlangs too many, then 4 to spare


def test_a_day_that_opens_with_a_queue_begins_badly() -> None:
    """Twenty callers at the door when ten agents sit down."""
    calls, agents = [60.0] * 3, [10] * 3
    fresh, waiting = (
        follow(calls, 1800, 180, agents, 300),
        follow(calls, 1800, 180, agents, 300, queue_at_start=20),
    )
    assert waiting.service_level[0] < fresh.service_level[0] - 0.1
    assert waiting.service_level[2] == pytest.approx(fresh.service_level[2], abs=1e-3)


def test_who_leaves_finishes_the_call() -> None:
    """Twelve of twenty go home: calls under way are not put back into the queue."""
    left = follow([180.0, 60], 1800, 180, [20, 8])
    thrown_back = follow(
        [60.0], 1800, 180, [8], queue_at_start=10
    )  # as many callers, ten of them in the queue
    assert left.service_level[1] > thrown_back.service_level[0] + 0.05
    assert left.queue_at_end[1] == pytest.approx(thrown_back.queue_at_end[0], rel=0.1)


def test_no_agents_and_no_calls() -> None:
    """Nobody there: all wait until they give up, or for ever; nothing to do: all is well."""
    for patience_s in (None, 60.0):
        found = follow([30.0, 0, 30], 1800, 180, [0, 3, 3], patience_s)
        assert found.service_level[0] == pytest.approx(0, abs=1e-12)
        assert found.probability_of_wait[0] == pytest.approx(1)
        assert np.isnan(found.occupancy[0])
        assert found.service_level[1] == 1
        assert np.isposinf(found.asa_s[0]) if patience_s is None else np.isnan(found.asa_s[0])
        assert found.abandonment[0] == pytest.approx(0 if patience_s is None else 1)
    assert len(follow([], 1800, 180, []).service_level) == 0


def test_agents_are_added_until_every_interval_is_kept() -> None:
    """Plans that carry a queue get as many more as it takes, and not many more."""
    calls = np.array([100.0, 180, 120, 80])

    def kept(agents: np.ndarray) -> Followed:
        return follow(calls, 1800, 180, agents, 300)

    planned = np.array([12, 14, 13, 9])
    more = raised(planned, kept, 0.8)
    assert (more >= planned).all()
    assert (kept(more).service_level >= 0.8 - 1e-9).all()
    with pytest.raises(ValueError, match="not kept in 2 rounds"):
        raised(planned, kept, 0.999, most_rounds=2)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: follow([10, -1], 1800, 180, 3), "calls at 1 is -1"),
        (lambda: follow([10], 1800, 180, 2.5), "agents must be whole numbers"),
        (lambda: follow([10], 1800, 180, 2, 0), "patience_s is 0"),
    ],
)
def test_what_is_wrong_is_said(call: object, said: str) -> None:
    """With the name and the place."""
    with pytest.raises(ValueError, match=said):
        call()  # type: ignore[operator]
