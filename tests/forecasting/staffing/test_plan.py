"""A plan keeps its targets in every interval, with its minimum, its maximum and its shrinkage."""

import numpy as np
import pytest

from forecasting.erlang import Targets, agents_for, measures
from forecasting.staffing import Staffing, plan

TARGETS = Targets(service_level=0.8, within_s=20)
CALLS = np.array([0, 3, 40, 100, 250.5, 0])
AHT_S = np.array([np.nan, 200, 180, 180, 175, 0])


def test_a_plan_is_requirement_people_and_what_callers_find() -> None:
    """Each interval as the formulas say; intervals without calls need no AHT and nobody."""
    found = plan(CALLS, 1800, AHT_S, Staffing(TARGETS, patience_s=180, shrinkage=0.3))
    load = CALLS / 1800 * np.nan_to_num(AHT_S)
    assert found.load == pytest.approx(load)
    assert found.agents.tolist() == agents_for(load, np.where(CALLS > 0, AHT_S, 1), TARGETS, 180).tolist()
    assert found.agents[0] == found.agents[-1] == 0
    assert (found.measures.service_level >= 0.8).all()
    assert found.scheduled.tolist() == np.ceil(found.agents / 0.7 - 1e-9).astype(int).tolist()
    assert found.agent_hours == found.agents.sum() / 2
    assert found.scheduled_hours == found.scheduled.sum() / 2
    assert not found.short.any()


def test_there_is_a_minimum_always_and_another_when_calls_come() -> None:
    """Two who are there whatever comes, four as long as the lines are open; figures are of who is there."""
    found = plan(CALLS, 1800, AHT_S, Staffing(TARGETS, minimum=2, open_minimum=4))
    assert found.agents[[0, 1, 5]].tolist() == [2, 4, 2]
    assert found.required[1] < 4
    assert found.measures.occupancy[1] == pytest.approx(found.load[1] / 4)


def test_a_maximum_is_kept_and_what_is_missing_is_told() -> None:
    """With endless patience too few agents are an overload, and called one."""
    found = plan(CALLS, 1800, AHT_S, Staffing(TARGETS, maximum=12))
    assert found.agents.max() == 12
    assert found.short.tolist() == np.maximum(found.required - 12, 0).tolist()
    assert found.measures.overloaded.tolist() == [False, False, False, False, True, False]
    assert found.measures.service_level[4] == 0
    assert np.isposinf(found.measures.asa_s[4])
    assert plan(CALLS, 1800, AHT_S, Staffing(TARGETS, 180, maximum=12)).measures.asa_s[4] < 180


def test_rules_may_change_through_the_day() -> None:
    """Patience, shrinkage, minimum and maximum per interval."""
    rules = Staffing(
        TARGETS, np.full(6, 120.0), np.linspace(0.1, 0.35, 6), np.arange(6), 0, np.arange(6) + 30
    )
    found = plan(CALLS, 1800, 180, rules)
    assert found.agents[5] == 5
    alone = measures(found.agents[3], 10, 180, 120, within_s=20)
    assert found.measures.service_level[3] == pytest.approx(float(alone.service_level))


def test_one_interval_and_none() -> None:
    """Both are plans."""
    assert plan([100], 1800, 180, Staffing(TARGETS)).agents.tolist() == [14]
    empty = plan([], 1800, [], Staffing(TARGETS))
    assert empty.agents.tolist() == []
    assert empty.agent_hours == 0


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: plan([1, -3], 1800, 180, Staffing(TARGETS)), "calls at 1 is -3"),
        (lambda: plan([1, np.nan], 1800, 180, Staffing(TARGETS)), "calls at 1 is nan"),
        (lambda: plan([1, 2], 1800, [180, np.nan], Staffing(TARGETS)), "aht_s at 1 is nan"),
        (lambda: plan([1, 2], 0, 180, Staffing(TARGETS)), "an interval of 0 s"),
        (
            lambda: plan([1], 1800, 180, Staffing(TARGETS, minimum=5, maximum=4)),
            "minimum of 5 is above the max",
        ),
        (lambda: plan([1], 1800, 180, Staffing(Targets(abandonment=0.05))), "needs the callers' patience"),
        (lambda: plan([1], 1800, 180, Staffing(TARGETS, shrinkage=1.0)), "leaves nobody"),
    ],
)
def test_what_is_wrong_is_said(call: object, said: str) -> None:
    """With the name and the place."""
    with pytest.raises(ValueError, match=said):
        call()  # type: ignore[operator]
