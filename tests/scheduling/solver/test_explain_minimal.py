"""The least that clashes, whatever clashes."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from scheduling.solver.minimal import minimal

ITEMS = range(24)
CLASHES = st.lists(st.frozensets(st.sampled_from(ITEMS), min_size=1), min_size=1, max_size=4)


@given(CLASHES)
def test_what_is_found_clashes_and_nothing_can_be_left_out(clashes: list[frozenset[int]]) -> None:
    """It is one of the sets that clash, and none of them is a part of it."""
    found = frozenset(minimal(ITEMS, lambda some: any(one <= set(some) for one in clashes)))
    assert found in clashes
    assert not any(one < found for one in clashes)


@given(st.frozensets(st.sampled_from(ITEMS), min_size=1), st.data())
def test_no_answer_leaves_more_but_never_less(clash: frozenset[int], data: st.DataObject) -> None:
    """Where it cannot be told that some clash, they may stay; what is found clashes all the same."""

    def clashes(some: Sequence[int]) -> bool:
        return clash <= set(some) and data.draw(st.booleans())

    assert clash <= set(minimal(ITEMS, clashes))


@given(st.frozensets(st.sampled_from(range(1000)), min_size=1, max_size=3))
def test_few_of_many_are_found_with_few_questions(clash: frozenset[int]) -> None:
    """Each that is needed costs about two questions for each halving."""
    asked = 0

    def clashes(some: Sequence[int]) -> bool:
        nonlocal asked
        asked += 1
        return clash <= set(some)

    assert minimal(range(1000), clashes) == sorted(clash)
    assert asked <= 25 * (len(clash) + 1)


def test_those_alike_are_needed_together() -> None:
    """Of a hundred of whom all are needed one is asked about."""
    asked: list[int] = []

    def clashes(some: Sequence[int]) -> bool:
        asked.append(len(some))
        return len(some) == 100

    assert minimal(range(100), clashes, alike=lambda _, some: some) == list(range(100))
    assert len(asked) < 10


def test_what_is_known_is_not_asked() -> None:
    """Those known to be needed are kept."""
    assert minimal("abc", lambda some: "b" in some, needed={"b"}) == ["b"]
