"""Targets kept on average over what a forecast leaves open, which takes more than the calls expected do."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.erlang import Targets, agents_for, measures
from forecasting.staffing.uncertain import agents_for_uncertain, expected, rate_spread, scenarios

TARGETS = Targets(service_level=0.8, within_s=20)


def test_a_poissons_own_chance_is_not_the_forecasts_fault() -> None:
    """Of 100 calls, give or take 12.8 (ten of which are a Poisson's), the forecast leaves 8 open."""
    half = 1.2815515655 * np.sqrt(100 + 64)
    assert rate_spread([100], [100 - half], [100 + half]) == pytest.approx([8])
    assert rate_spread([100], [95], [105]) == [0]  # closer than chance allows
    with pytest.raises(ValueError, match="hi80 is below lo80 in interval 1"):
        rate_spread([1, 1], [0, 3], [2, 2])


@given(st.floats(0.1, 1e4), st.floats(0, 0.5))
def test_scenarios_have_the_mean_and_nearly_the_spread(calls: float, share: float) -> None:
    """All of them possible, and about as far apart as they should be."""
    found = scenarios([calls], [share * calls])[0]
    assert (found >= 0).all()
    assert found.mean() == pytest.approx(calls)
    assert found.std() == pytest.approx(share * calls, rel=0.12, abs=1e-6 * calls)


def test_what_is_known_for_sure_is_the_formula() -> None:
    """Without spread the requirement and the figures are Erlang's."""
    calls = np.array([0.0, 20, 100, 500])
    for patience_s in (None, 180):
        agents = agents_for_uncertain(calls, 0, 1800, 180, TARGETS, patience_s)
        assert agents.tolist() == agents_for(calls / 10, 180, TARGETS, patience_s).tolist()
        found = expected(agents, calls, 0, 1800, 180, TARGETS, patience_s)
        plain = measures(agents, calls / 10, 180, patience_s)
        assert found.service_level == pytest.approx(plain.service_level)
        assert found.asa_s == pytest.approx(plain.asa_s)
        assert found.abandonment == pytest.approx(plain.abandonment)


def test_the_average_is_weighed_by_calls() -> None:
    """Against a hundred thousand drawn numbers of calls."""
    rng = np.random.default_rng(3)
    drawn = rng.gamma(25, 4, 100_000)  # 100 calls, give or take 20
    plain = measures(12, drawn / 10, 180, 180.0)
    found = expected([12], [100], [20], 1800, 180, TARGETS, 180)
    level = (plain.service_level * drawn).sum() / drawn.sum()
    lost = (plain.abandonment * drawn).sum() / drawn.sum()
    assert found.service_level[0] == pytest.approx(level, abs=0.004)
    assert found.abandonment[0] == pytest.approx(lost, abs=0.003)
    assert found.service_level[0] < measures(12, 10, 180, 180.0).service_level - 0.02


@settings(max_examples=settings().max_examples // 3)
@given(st.floats(1, 2000), st.floats(0, 0.3), st.sampled_from((None, 60.0, 300.0)))
def test_it_is_the_least(calls: float, share: float, patience_s: float | None) -> None:
    """So many keep the target on average, one less does not."""
    said = ([calls], [share * calls], 1800, 180, TARGETS, patience_s)
    agents = int(agents_for_uncertain(*said)[0])
    assert expected([agents], *said).service_level[0] >= 0.8 - 1e-9
    assert agents == 0 or expected([agents - 1], *said).service_level[0] < 0.8


@pytest.mark.parametrize(
    "targets",
    [
        Targets(answered=0.97),
        Targets(abandonment=0.02),
        Targets(asa_s=10),
        Targets(occupancy=0.8),
        Targets(service_level=0.9, within_s=10, abandonment=0.01),
    ],
)
def test_every_kind_of_target(targets: Targets) -> None:
    """Kept on average, and hardly more than that."""
    said = ([200.0], [30.0], 1800, 180, targets, 120)
    agents = int(agents_for_uncertain(*said)[0])
    here, less = expected([agents], *said), expected([agents - 1], *said)
    for found, good in ((here, True), (less, False)):
        assert good is bool(
            found.service_level[0] >= (targets.service_level or 0)
            and found.abandonment[0] <= min(targets.abandonment or 1, 1 - (targets.answered or 0))
            and found.asa_s[0] <= (targets.asa_s or np.inf)
            and found.occupancy[0] <= (targets.occupancy or 1)
        )


def test_a_mean_wait_needs_patience() -> None:
    """Since with endless patience some of what may come would wait without end."""
    with pytest.raises(ValueError, match="needs the callers' patience"):
        agents_for_uncertain([100], [20], 1800, 180, Targets(asa_s=10))
    assert np.isposinf(expected([11], [100], [20], 1800, 180, TARGETS).asa_s[0])
