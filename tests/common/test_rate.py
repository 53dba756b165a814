"""How often somebody may do something."""

from hypothesis import given
from hypothesis import strategies as st

from common.rate import Rate


def test_so_often_at_once_then_so_often_a_second() -> None:
    """What may not happen does not count, and each is counted alone."""
    now = [100.0]
    rate: Rate[str] = Rate(3, 0.5, steady=lambda: now[0])
    assert [rate.passes("a") for _ in range(5)] == [True, True, True, False, False]
    assert rate.passes("b")
    now[0] += 2
    assert [rate.passes("a") for _ in range(2)] == [True, False]
    now[0] += 1_000
    assert [rate.passes("a") for _ in range(4)] == [True, True, True, False]


def test_of_too_many_the_one_not_heard_of_for_longest_goes_first() -> None:
    """Memory stays bounded."""
    rate: Rate[int] = Rate(1, 0.0, most=2, steady=lambda: 0.0)
    assert [rate.passes(key) for key in (1, 2, 1, 3, 1, 2)] == [True, True, False, True, False, True]


@given(st.lists(st.floats(0, 10), max_size=50), st.integers(1, 5), st.floats(0.01, 5))
def test_never_more_than_at_once_and_what_time_allows(waits: list[float], at_once: int, per_s: float) -> None:
    """In any stretch of time from the beginning."""
    now = [0.0]
    rate: Rate[str] = Rate(at_once, per_s, steady=lambda: now[0])
    passed = 0
    for wait in waits:
        now[0] += wait
        passed += rate.passes("a")
        assert passed <= at_once + now[0] * per_s + 1e-6
