"""The least number of agents is the least, for every kind of target and all of them together."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.erlang import ErlangA, ErlangC, Targets, agents_for, erlang, measures
from forecasting.erlang.service_levels import DEFINITIONS


def holds(agents: int, load: float, patience_s: float | None, targets: Targets, near: float = 1e-11) -> bool:
    """Each target by itself, for one case, to eleven digits."""
    queue = erlang(agents, load, 180, patience_s)
    level = queue.service_level(targets.within_s, targets.definition, targets.short_s)
    checks = (
        targets.service_level is None or level >= targets.service_level - near,
        targets.answered is None or 1 - queue.abandonment >= targets.answered - near,
        targets.abandonment is None or queue.abandonment <= targets.abandonment + near,
        targets.asa_s is None or queue.asa_s <= targets.asa_s * (1 + near),
        targets.occupancy is None or queue.occupancy <= targets.occupancy + near,
    )
    return all(bool(one) for one in checks)


KINDS = [
    *(Targets(service_level=0.8, within_s=20, definition=one) for one in DEFINITIONS),
    Targets(service_level=0.99, within_s=0),
    Targets(answered=0.97),
    Targets(asa_s=12),
    Targets(abandonment=0.02),
    Targets(occupancy=0.8),
    Targets(service_level=0.9, within_s=15, asa_s=10, abandonment=0.03, occupancy=0.88),
]


@pytest.mark.parametrize("targets", KINDS, ids=str)
@settings(max_examples=settings().max_examples // 3)
@given(load=st.floats(1e-3, 300), patience_s=st.floats(5, 3000))
def test_it_is_the_least_with_patience(targets: Targets, load: float, patience_s: float) -> None:
    """So many agents keep the targets, and one less does not."""
    agents = int(agents_for(load, 180, targets, patience_s))
    assert agents == 0 or holds(agents, load, patience_s, targets)
    assert agents == 0 or not holds(agents - 1, load, patience_s, targets, 0)


@pytest.mark.parametrize("targets", [one for one in KINDS if not one.needs_patience], ids=str)
@settings(max_examples=settings().max_examples // 3)
@given(load=st.floats(1e-3, 1e5))
def test_it_is_the_least_without(targets: Targets, load: float) -> None:
    """Up to 100,000 erlangs."""
    agents = int(agents_for(load, 180, targets))
    assert holds(agents, load, None, targets)
    assert not holds(agents - 1, load, None, targets, 0)


def test_the_case_everybody_knows() -> None:
    """100 calls in half an hour, three minutes each, 80 % in 20 s: fourteen agents."""
    assert agents_for(10, 180, Targets(service_level=0.8, within_s=20)) == 14
    assert agents_for(10, 180, Targets(occupancy=10 / 12)) == 12  # and not 13 for a rounding error


def test_all_of_a_day_at_once() -> None:
    """An array is its scalars, in its shape; no calls need nobody."""
    load = np.array([[0, 0.2, 3, 10], [200, 5000, 1e5, 40]])
    targets = Targets(service_level=0.8)
    found = agents_for(load, 180, targets, 300)
    assert found.shape == (2, 4)
    assert found[0, 0] == 0
    assert found.ravel().tolist() == [int(agents_for(one, 180, targets, 300)) for one in load.ravel()]


def test_patient_callers_need_more_agents() -> None:
    """Erlang A asks for no more than Erlang C, and for nearly as many when nobody gives up soon."""
    load = np.linspace(1, 400, 50)
    targets = Targets(service_level=0.8)
    without = agents_for(load, 180, targets)
    assert (agents_for(load, 180, targets, 120) <= without).all()
    assert (agents_for(load, 180, targets, 1e9) == without).all()


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: Targets(), "there is no target"),
        (
            lambda: Targets(service_level=80),
            "a service level of 80 is no target; it lies above 0 and below 1",
        ),
        (lambda: Targets(answered=1), "an answered share of 1"),
        (lambda: Targets(asa_s=0), "an ASA of 0 s is no target"),
        (lambda: Targets(abandonment=-0.1), "an abandonment of -0.1"),
        (lambda: Targets(occupancy=1.2), "an occupancy of 1.2"),
        (lambda: Targets(service_level=0.8, within_s=-1), "the time of a service level"),
        (lambda: Targets(service_level=0.8, definition="x"), "'x' is no service"),  # type: ignore[arg-type]
        (
            lambda: Targets(service_level=0.8, within_s=3, definition=DEFINITIONS[4]),
            "of 5 s is longer than the 3 s",
        ),
        (lambda: agents_for(3, 180, Targets(abandonment=0.1)), "needs the callers' patience"),
        (lambda: agents_for([1, -2], 180, Targets(asa_s=10)), "load at 1 is -2"),
        (lambda: agents_for([1, 2], 180, Targets(asa_s=10), [60, np.inf]), "infinite for some"),
        (lambda: agents_for(3, 180, Targets(asa_s=10), 0), "patience_s"),
        (lambda: agents_for(0, 0, Targets(asa_s=10)), "aht_s is 0"),
    ],
)
def test_what_is_wrong_is_said(call: object, said: str) -> None:
    """Whose fault it is and what would be right."""
    with pytest.raises(ValueError, match=said):
        call()  # type: ignore[operator]


def test_every_figure_of_one_choice() -> None:
    """``measures`` gives what the formulas give, by patience."""
    for patience_s, queue in ((None, ErlangC(14, 10, 180)), (120, ErlangA(14, 10, 180, 120))):
        found = measures(14, 10, 180, patience_s, within_s=20)
        assert found.service_level == queue.service_level(20)
        assert found.p90_wait_s == queue.wait_percentile_s(0.9)
        for name in (
            "probability_of_wait",
            "asa_s",
            "occupancy",
            "abandonment",
            "mean_wait_s",
            "queue_length",
        ):
            assert getattr(found, name) == getattr(queue, name)
        assert not found.overloaded
    assert isinstance(erlang(1, 1, 1, np.inf), ErlangC)
