"""Overrides: the machine's numbers stay, each override does what it says, and the closer side is told."""

from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.instant import Instant
from forecasting.days import starts_of
from forecasting.history import Floats
from forecasting.overrides import Numbers, Override, Span, acts_on, closer, is_past, stages

ZONE = "Asia/Shanghai"
MONDAY = date(2026, 11, 23)
AT = Instant(1_795_100_400_000_000)
"""The Thursday before, 23:00 in Shanghai."""
SLOTS = np.arange(0, 1440, 60)


def numbers(calls: Floats | float = 10.0, days: int = 28, zone: str = ZONE) -> Numbers:
    """Hours from Monday on; bands are two calls to either side."""
    dates = np.datetime64(MONDAY) + np.arange(days)
    starts = starts_of(dates, SLOTS, zone).ravel()
    flat = np.broadcast_to(np.asarray(calls, dtype=np.float64), starts.shape).copy()
    bands = {"lo80": flat - 2, "hi80": flat + 2}
    return Numbers(starts, 3600, zone, flat, np.full(len(starts), 200.0), bands)


def override(how: Any = "percent", value: float = 10.0, **more: Any) -> Override:
    span = more.pop("span", Span(MONDAY, MONDAY))
    return Override(how, span, "a campaign", "paul", AT, value=value, **more)


def by_day(calls: Floats) -> Floats:
    return calls.reshape(-1, 24).sum(axis=1)


amounts = st.floats(-500, 500)
spans = st.builds(
    lambda first, length, a, b, weekly: Span(
        date(2026, 11, 23 + first),
        date(2026, 11, 23 + first + min(length, 7 - first)),
        a * 60,
        (a + b) * 60,
        weekly,
    ),
    st.integers(0, 6),
    st.integers(0, 3),
    st.integers(0, 20),
    st.integers(1, 3),
    st.booleans(),
)


def test_a_percentage_is_of_the_span_alone() -> None:
    """Ten percent more on Monday from nine to twelve: those three hours, with their intervals."""
    span = Span(MONDAY, MONDAY, 540, 720)
    machine, human = stages(numbers(), [override(span=span)])
    on = acts_on(override(span=span), machine)
    assert on.sum() == 3
    assert human.calls[on] == pytest.approx(11) and (human.calls[~on] == 10).all()
    assert human.bands["lo80"][on] == pytest.approx(8.8) and human.bands["hi80"][on] == pytest.approx(13.2)
    assert (human.bands["hi80"][~on] == 12).all()


def test_a_weekly_override_comes_back_every_week() -> None:
    """Monday and Tuesday of each of the four weeks, none before it begins."""
    span = Span(date(2026, 11, 30), date(2026, 12, 1), weekly=True)
    days = acts_on(override(span=span), numbers()).reshape(-1, 24).any(axis=1)
    assert np.flatnonzero(days).tolist() == [7, 8, 14, 15, 21, 22]


def test_an_amount_is_spread_like_the_forecast() -> None:
    """A day of 240 calls with 24 more keeps its proportions."""
    calls = np.tile(np.arange(24.0), 28)
    _, human = stages(numbers(calls), [override("amount", 27.6)])
    assert human.calls[:24] == pytest.approx(np.arange(24) * 1.1)
    assert (human.calls[24:] == calls[24:]).all()


def test_an_amount_comes_even_where_nothing_was_forecast() -> None:
    """It is spread evenly, and its intervals are those of chance."""
    machine, human = stages(numbers(0.0), [override("amount", 48.0)])
    assert human.calls[:24] == pytest.approx(2.0)
    assert human.bands["hi80"][0] == pytest.approx(2 + 1.2816 * np.sqrt(2))
    assert human.bands["lo80"][0] == pytest.approx(max(2 - 1.2816 * np.sqrt(2), 0))
    assert (machine.calls == 0).all()


def test_a_shape_moves_calls_and_loses_none() -> None:
    """All of the morning's calls in its first hour."""
    span = Span(MONDAY, MONDAY, 480, 720)
    _, human = stages(numbers(), [override("shape", shape=(1.0, 0.0, 0.0, 0.0), span=span)])
    assert human.calls[8:12].tolist() == [40, 0, 0, 0]
    assert by_day(human.calls) == pytest.approx(240)


def test_a_shape_needs_a_weight_for_each_slot() -> None:
    """It is said how many there are."""
    with pytest.raises(
        ValueError, match="has 2 weights; from minute 0 to 1440 there are 24 slots of 60 minutes"
    ):
        stages(numbers(), [override("shape", shape=(1.0, 2.0))])


def test_handling_time_is_overridden_apart() -> None:
    """Seconds more, or a percentage; calls stay, and nothing falls below 0."""
    machine, *human = stages(
        numbers(), [override("amount", 30, measure="aht_s"), override("amount", -500, measure="aht_s")]
    )
    assert human[0].aht_s[:24] == pytest.approx(230) and (human[0].aht_s[24:] == 200).all()
    assert (human[1].aht_s[:24] == 0).all()
    assert human[1].calls is machine.calls


@given(st.lists(st.tuples(spans, st.sampled_from(["amount", "percent"]), amounts), max_size=5))
def test_overrides_never_touch_the_machine(wished: list[tuple[Span, Any, float]]) -> None:
    """The machine's numbers stay whatever is made of them; nothing is below 0, or moves outside a span."""
    machine = numbers(np.tile(np.arange(24.0), 28))
    kept = machine.calls.copy()
    made = stages(machine, [override(how, max(value, -100), span=span) for span, how, value in wished])
    assert made[0] is machine and (machine.calls == kept).all() and len(made) == len(wished) + 1
    for (span, how, value), (before, after) in zip(wished, pairwise(made), strict=True):
        on = acts_on(override(span=span), machine)
        assert (after.calls[~on] == before.calls[~on]).all()
        assert (after.calls >= 0).all() and (after.bands["lo80"] <= after.bands["hi80"]).all()
        if how == "amount" and on.any():
            days = on.reshape(-1, 24).any(axis=1)
            wanted = np.maximum(by_day(np.where(on, before.calls, 0)) + max(value, -100), 0)[days]
            assert by_day(np.where(on, after.calls, 0))[days] == pytest.approx(wanted, abs=1e-6)


@given(spans, st.lists(st.floats(0, 100), min_size=3, max_size=3))
def test_a_shape_keeps_every_total(span: Span, weights: list[float]) -> None:
    """Day by day, also where the clock is changed."""
    slots = (span.to_slot - span.from_slot) // 60
    shape = (*weights, 1.0)[4 - slots :]
    for zone in (ZONE, "America/New_York"):
        machine = numbers(np.tile(np.arange(24.0), 28), zone=zone)
        _, human = stages(machine, [override("shape", shape=shape, span=span)])
        assert by_day(human.calls) == pytest.approx(by_day(machine.calls))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"how": "percent", "value": -101.0}, "at least -100"),
        ({"how": "percent", "value": float("nan")}, "cannot be"),
        ({"how": "shape"}, "needs weights"),
        ({"how": "shape", "shape": (0.0, 0.0)}, "not all of them 0"),
        ({"how": "shape", "shape": (1.0,), "measure": "aht_s"}, "only calls"),
        ({"how": "amount", "shape": (1.0,)}, "has no weights"),
        ({"reason": "  "}, "no reason"),
    ],
)
def test_what_is_no_override_is_refused(wrong: dict[str, Any], said: str) -> None:
    """With the reason."""
    wished = {"how": "percent", "reason": "a campaign", "span": Span(MONDAY, MONDAY), **wrong}
    with pytest.raises(ValueError, match=said):
        Override(author="paul", at=AT, **wished)


def test_nobody_overrides_the_past() -> None:
    """What is made at noon acts from noon on, what is withdrawn at three acts until then."""
    noon, three = (Instant(int(numbers().starts[hour]) * 1_000_000) for hour in (12, 15))
    late = Override("percent", Span(MONDAY, MONDAY), "a rush", "paul", noon, three, 100.0)
    _, human = stages(numbers(), [late])
    assert np.flatnonzero(human.calls != 10).tolist() == [12, 13, 14]
    _, human = stages(numbers(), [replace(late, how="amount", value=30.0)])
    assert human.calls[11:16] == pytest.approx([10, 20, 20, 20, 10])


def test_a_span_goes_forward() -> None:
    """In days and within the day."""
    with pytest.raises(ValueError, match="before it begins"):
        Span(date(2026, 11, 24), MONDAY)
    with pytest.raises(ValueError, match="no minutes of a day"):
        Span(MONDAY, MONDAY, 600, 600)


def test_who_was_closer() -> None:
    """By absolute errors where something is known; nobody can tell without."""
    actual = np.array([10.0, 12.0, np.nan])
    machine, human = np.array([10.0, 10.0, 0.0]), np.array([9.5, 11.0, 99.0])
    assert closer(machine, human, actual) == "human"
    assert closer(human, machine, actual) == "machine"
    assert closer(machine, machine.copy(), actual) == "equal"
    assert closer(machine, human, np.full(3, np.nan)) is None


def test_an_override_is_judged_when_all_of_it_is_past() -> None:
    """Gaps within are not waited for, the last interval is."""
    on = np.array([False, True, True, False])
    assert not is_past(on, np.array([1.0, 1.0, np.nan, np.nan]))
    assert is_past(on, np.array([1.0, np.nan, 1.0, np.nan]))
    assert is_past(on, np.array([1.0, np.nan, np.nan, 1.0]))
    assert not is_past(np.zeros(4, dtype=bool), np.ones(4))


def test_the_week_is_the_one_it_was_made_in() -> None:
    """As planners count weeks (ISO 8601)."""
    assert override().week == "2026-W47"
