"""The queue followed through time: exact where it can be checked, and true to the floor."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

from forecasting.erlang import Targets, agents_for, measures
from forecasting.staffing.backlog import follow, keep


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
    """Who inherits a queue gets as many more as it takes, and one less would not do."""
    calls, planned = np.array([100.0, 180, 120, 80]), np.array([12, 14, 13, 9])
    agents, found = keep(calls, 1800, 180, planned, Targets(service_level=0.8, within_s=20), 300)
    assert (agents >= planned).all()
    assert (found.service_level >= 0.8 - 1e-9).all()
    same = follow(calls, 1800, 180, agents, 300)
    assert found.service_level == pytest.approx(same.service_level)
    for n in np.flatnonzero(agents > planned).tolist():
        less = follow(calls[: n + 1], 1800, 180, agents[: n + 1] - (np.arange(n + 1) == n), 300)
        assert less.service_level[n] < 0.8


def test_where_there_is_room_for_no_more_the_next_interval_makes_up() -> None:
    """Ten seats in the rush; after it more are needed than the calls by themselves ask for."""
    calls = np.array([100.0, 60, 60])
    targets = Targets(service_level=0.8, within_s=20)
    planned = agents_for(calls / 10, 180, targets)
    agents, found = keep(calls, 1800, 180, np.minimum(planned, 10), targets, most=[10, 30, 30])
    assert agents[0] == 10
    assert found.service_level[0] < 0.8
    assert agents[1] > planned[1]
    assert (found.service_level[1:] >= 0.8 - 1e-9).all()


def test_after_a_night_nobody_waits() -> None:
    """An interval that is fresh does not inherit the evening's queue."""
    calls, agents = [200.0, 60.0], [12, 10]
    carried, apart = (follow(calls, 1800, 180, agents, fresh=[False, night]) for night in (False, True))
    assert carried.service_level[1] < 0.5
    assert apart.service_level[1] == pytest.approx(follow([60.0], 1800, 180, [10]).service_level[0])


@pytest.mark.parametrize(
    ("targets", "more"),
    [
        (Targets(asa_s=8), 1),
        (Targets(abandonment=0.02), 1),
        (Targets(answered=0.98), 1),
        (Targets(occupancy=0.7), 1),
        (Targets(occupancy=0.99), 0),
    ],
)
def test_every_kind_of_target_is_kept(targets: Targets, more: int) -> None:
    """ASA, abandonment, answered share and occupancy as well."""
    agents, found = keep([100.0, 100.0], 1800, 180, [11, 11], targets, 300)
    assert (agents >= 11 + more).all()
    assert (found.asa_s <= (targets.asa_s or np.inf) + 1e-6).all()
    assert (found.abandonment <= (targets.abandonment or 1 - (targets.answered or 0)) + 1e-6).all()
    assert (found.occupancy <= (targets.occupancy or 1) + 1e-6).all()


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
