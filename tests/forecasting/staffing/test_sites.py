"""A plan split among sites adds up everywhere; sites apart need more than sites together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.erlang import Targets, agents_for
from forecasting.staffing.sites import Site, apart, pooled


@given(
    st.lists(st.integers(0, 300), min_size=1, max_size=40),
    st.lists(st.floats(0.01, 10), min_size=1, max_size=6),
)
def test_every_interval_adds_up_and_nobody_is_off_by_one(agents: list[int], weights: list[float]) -> None:
    """Each site has its share rounded down or up, and over the day no more than two agents are misplaced."""
    found = pooled(agents, [Site(str(n), one) for n, one in enumerate(weights)])
    quota = np.outer(np.array(weights) / sum(weights), agents)
    assert (found.sum(axis=0) == agents).all()
    assert (np.abs(found - quota) < 1 + 1e-6).all()
    assert (np.abs((found - quota).sum(axis=1)) < 2).all()


def test_the_odd_one_goes_round() -> None:
    """One agent an interval among three equal sites is at each of them a third of the day."""
    found = pooled(np.ones(9), [Site("a"), Site("b"), Site("c")])
    assert found.sum(axis=1).tolist() == [3, 3, 3]


def test_a_full_site_leaves_the_rest_to_the_others_by_their_shares() -> None:
    """And who is closed takes nothing."""
    sites = [Site("a", 0.5, most=20), Site("b", 0.3), Site("c", [0.2, 0.0])]
    assert pooled([100, 80], sites).tolist() == [[20, 20], [48, 60], [32, 0]]


def test_apart_needs_more_than_together() -> None:
    """Each site plans for its own calls; the whole is more than one plan for all."""
    load = np.array([10.0, 40, 200])
    targets, sites = Targets(service_level=0.8), [Site("a", 0.6), Site("b", 0.4)]
    each = apart(load, 180, targets, sites, 180)
    assert each[0].tolist() == agents_for(load * 0.6, 180, targets, 180).tolist()
    assert (each.sum(axis=0) > agents_for(load, 180, targets, 180)).all()


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: pooled([5], []), "there is no site"),
        (lambda: pooled([5, 5], [Site("a", [1, 0])]), "all sites are closed in interval 1"),
        (lambda: pooled([5, 9], [Site("a", most=6)]), "seat 6 agents in interval 1, but 9 are needed"),
        (lambda: pooled([5], [Site("a", -1)]), "share of a is -1"),
    ],
)
def test_what_is_wrong_is_said(call: object, said: str) -> None:
    """Which site, which interval."""
    with pytest.raises(ValueError, match=said):
        call()  # type: ignore[operator]
