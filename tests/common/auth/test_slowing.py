"""The next try waits longer the more there were, and memory stays bounded."""

from hypothesis import given
from hypothesis import strategies as st

from common.auth.slowing import Limits, Slowing
from domain.instant import Instant, after

START = Instant(1_800_000_000_000_000)
NEVER_LEAKS = 1e12


def test_waits_double_up_to_the_longest() -> None:
    """Free tries first, then 2, 4, 8 … seconds."""
    slow = Slowing(Limits(3, NEVER_LEAKS, 20), Limits(1_000, 1, 1))
    now, waits = START, []
    for _ in range(9):
        wait = slow.wait_s("li", "10.0.0.1", now)
        waits.append(wait)
        if wait:
            now = after(now, wait)
            assert slow.wait_s("li", "10.0.0.1", now) == 0
    assert [round(w) for w in waits] == [0, 0, 0, 0, 2, 4, 8, 16, 20]


def test_time_forgives() -> None:
    """What leaked away is free again."""
    slow = Slowing(Limits(2, 60, 60), Limits(1_000, 1, 1))
    for _ in range(3):
        slow.wait_s("li", "a", START)
    assert slow.wait_s("li", "a", START) > 0
    later = after(START, 180)
    assert [slow.wait_s("li", "a", later) for _ in range(3)] == [0, 0, 0]


def test_the_right_password_forgives_the_user_but_not_the_address() -> None:
    """Somebody with one good account cannot wash an address clean."""
    slow = Slowing(Limits(2, NEVER_LEAKS, 60), Limits(4, NEVER_LEAKS, 60))
    for user in ("a", "b", "c", "mine"):
        assert slow.wait_s(user, "10.0.0.1", START) == 0
    slow.right("mine", "10.0.0.1", START)
    assert slow.wait_s("d", "10.0.0.1", START) == 0
    assert slow.wait_s("e", "10.0.0.1", START) == 0
    assert slow.wait_s("f", "10.0.0.1", START) > 0


def test_a_refused_try_does_not_count() -> None:
    """Knocking during the wait does not make it longer."""
    slow = Slowing(Limits(1, NEVER_LEAKS, 60), Limits(1_000, 1, 1))
    slow.wait_s("li", "a", START)
    slow.wait_s("li", "a", START)
    assert {slow.wait_s("li", "a", START) for _ in range(100)} == {2.0}


def test_ipv6_is_slowed_by_network() -> None:
    """One subscriber's /64 is one address; IPv4 inside IPv6 is itself."""
    slow = Slowing(address=Limits(1, NEVER_LEAKS, 60))
    slow.wait_s("a", "2001:db8::1", START)
    slow.wait_s("b", "2001:db8::2", START)
    assert slow.wait_s("c", "2001:db8::3", START) > 0
    assert slow.wait_s("c", "2001:db8:0:1::3", START) == 0
    slow.wait_s("a", "::ffff:10.0.0.1", START)
    slow.wait_s("b", "10.0.0.1", START)
    assert slow.wait_s("d", "10.0.0.1", START) > 0


@given(st.lists(st.tuples(st.text(max_size=3), st.text(max_size=3), st.integers(-5, 100)), max_size=80))
def test_memory_is_bounded(tries: list[tuple[str, str, int]]) -> None:
    """Whatever names and addresses come, no more than so many are remembered; waits are never negative."""
    slow, now = Slowing(most=5), START
    for user, address, seconds in tries:
        now = after(now, seconds)
        assert 0 <= slow.wait_s(user, address, now) <= 305
        assert len(slow) <= 10
