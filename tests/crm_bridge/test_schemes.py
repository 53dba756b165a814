"""Tiers by assets."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_bridge import retail
from crm_bridge.schemes import Scheme, SchemeError, Tier, age, tier_of
from domain.ids import TierId
from tests.crm_bridge.bank import WAN, customer

TODAY = date(2025, 10, 9)
amounts = st.integers(0, 10_000)


@st.composite
def schemes(draw: st.DrawFn) -> Scheme:
    edges = sorted(draw(st.sets(amounts, min_size=2, max_size=12)))
    bands = [Tier(TierId(f"t{at}"), f"T{at}", low, high) for at, (low, high) in enumerate(pairwise(edges))]
    kept = [band for band in bands if draw(st.booleans())]
    if draw(st.booleans()):
        kept.append(Tier(TierId("top"), "Top", edges[-1], None))
    return Scheme("any", "Any", "CNY", tuple(draw(st.permutations(kept))))


@given(schemes(), amounts)
def test_every_amount_falls_into_at_most_one_band(scheme: Scheme, assets: int) -> None:
    """Bands share no amount, and the tier found is the one whose [low, high) holds it."""
    holding = [t for t in scheme.tiers if t.low <= assets and (t.high is None or assets < t.high)]
    assert len(holding) <= 1
    found = scheme.tier_of(customer("c", assets=assets), TODAY)
    assert found == (holding[0] if holding else None)


@given(schemes())
def test_edges_are_half_open(scheme: Scheme) -> None:
    """The lower edge belongs to a band, the upper edge does not."""
    for tier in scheme.tiers:
        assert scheme.tier_of(customer("c", assets=tier.low), TODAY) == tier
        if tier.high is not None:
            assert scheme.tier_of(customer("c", assets=tier.high - 1), TODAY) == tier
            assert scheme.tier_of(customer("c", assets=tier.high), TODAY) != tier


@given(amounts, st.integers(1, 5_000), amounts, st.one_of(st.none(), st.integers(1, 5_000)))
def test_overlapping_bands_are_refused_with_both_names(
    low: int, wide: int, other: int, span: int | None
) -> None:
    """A scheme exists exactly if its bands share no amount; else both tiers are named."""
    high = None if span is None else other + span
    a, b = Tier(TierId("gold"), "G", low, low + wide), Tier(TierId("blue"), "B", other, high)
    overlap = (high is None or low < high) and other < low + wide
    if not overlap:
        assert len(Scheme("s", "S", "CNY", (a, b)).tiers) == 2
        return
    with pytest.raises(SchemeError, match=r"(?s)(gold.*blue|blue.*gold)"):
        Scheme("s", "S", "CNY", (a, b))


@pytest.mark.parametrize(
    ("tier", "said"),
    [
        (Tier(TierId("t"), "T", 500, 500), "the band .5.00, 5.00. is empty"),
        (Tier(TierId("t"), "T", 0, None, conditions={"shoe_size": 43}), "unknown condition 'shoe_size'"),
        (Tier(TierId("t"), "T", 0, None, conditions={"max_age": "old"}), "must be a whole number"),
    ],
)
def test_a_tier_that_makes_no_sense_is_refused(tier: Tier, said: str) -> None:
    """The error names the tier and says what is wrong."""
    with pytest.raises(SchemeError, match=f"tier t: .*{said}|tier t: {said}"):
        Scheme("s", "S", "CNY", (tier,))


@pytest.mark.parametrize(
    ("assets", "tier", "roles"),
    [
        (WAN // 10 - 1, None, ()),
        (WAN // 10, "retail-mass", ("网点高柜柜员",)),
        (5 * WAN - 1, "retail-mass", ("网点高柜柜员",)),
        (5 * WAN, "retail-emerging", ("低柜/VIP柜台柜员",)),
        (20 * WAN, "retail-affluent", ("网点客户经理", "大堂经理")),
        (50 * WAN, "retail-wealth", ("客户经理", "客户经理主管")),
        (300 * WAN - 1, "retail-wealth", ("客户经理", "客户经理主管")),
        (300 * WAN, "retail-private", ("网点经理", "客户经理主管")),
        (None, None, ()),
    ],
)
def test_the_retail_scheme(assets: int | None, tier: str | None, roles: tuple[str, ...]) -> None:
    """Five tiers from 0.1 万 to above 300 万 with their joint owners; below and unknown: none."""
    found = retail.scheme().tier_of(customer("c", assets=assets), TODAY)
    assert (found.id if found else None) == tier
    assert (found.owner_roles if found else ()) == roles


def test_higher_retail_tiers_are_served_first() -> None:
    """Priority grows with the band."""
    priorities = [t.priority for t in retail.scheme("en").tiers]
    assert priorities == sorted(set(priorities))


def test_assets_in_another_currency_have_no_tier() -> None:
    """A scheme does not compare currencies."""
    assert retail.scheme().tier_of(customer("c", assets=60 * WAN, currency="USD"), TODAY) is None


def test_an_age_limit_leaves_the_older_without_a_tier() -> None:
    """D6: 5–10 万 up to 60 years; on the 61st birthday, or with no birthday known, nobody is assigned."""
    tier = Tier(TierId("staff"), "网点员工", 5 * WAN, 10 * WAN, conditions={"max_age": 60})
    scheme = Scheme("boc", "中银理财", "CNY", (tier,))
    born = {"sixty": date(1964, 10, 10), "today_61": date(1964, 10, 9), "unknown": None}
    found = {k: scheme.tier_of(customer("c", assets=6 * WAN, born=b), TODAY) for k, b in born.items()}
    assert found == {"sixty": tier, "today_61": None, "unknown": None}


def test_of_several_schemes_the_highest_priority_counts() -> None:
    """Schemes hold at once; of equal priorities the earlier scheme's tier is taken."""
    low, high = Tier(TierId("low"), "L", 0, None, 5.0), Tier(TierId("high"), "H", 0, None, 9.0)
    same = Tier(TierId("same"), "S", 0, None, 9.0)
    made = [Scheme(t.id, t.name, "CNY", (t,)) for t in (low, high, same)]
    assert tier_of(made, customer("c", assets=1), TODAY) == high
    assert tier_of(made, customer("c"), TODAY) is None


def test_age_counts_completed_years() -> None:
    """Somebody born on 29 February is a year older on 1 March of a common year."""
    assert [age(date(2000, 2, 29), date(2025, 2, 28)), age(date(2000, 2, 29), date(2025, 3, 1))] == [24, 25]
