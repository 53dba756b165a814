"""Whom people serve: never two demands at once, and together as cheaply as can be."""

from collections import Counter
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from scheduling.demand import Demand, Step, steps_cost
from scheduling.judge.matching import Matcher, cost_of
from tests.scheduling.small import steps

GROUPS = ((0,), (1,), (2,), (0, 1), (1, 2), (0, 1, 2))


@given(
    st.lists(st.tuples(steps(), steps()), min_size=3, max_size=3),
    st.tuples(*[st.integers(0, 4)] * 3),
    st.lists(st.sampled_from(GROUPS), max_size=6),
)
def test_no_assignment_is_cheaper(
    costs: list[tuple[tuple[Step, ...], tuple[Step, ...]]],
    required: tuple[int, int, int],
    people: list[tuple[int, ...]],
) -> None:
    """Of all ways to give people to demands, none costs less; everybody serves exactly one."""
    demands = [Demand(str(n), "x", (), under=under, over=over) for n, (under, over) in enumerate(costs)]

    def cost(served: tuple[int, ...]) -> int:
        return sum(
            cost_of(one, has, asked) for one, has, asked in zip(demands, served, required, strict=True)
        )

    served = Matcher(demands).served(required, Counter(people))
    ways = {tuple(way.count(place) for place in range(3)) for way in product(*people)}
    assert served in ways
    assert cost(served) == min(map(cost, ways))


def test_costs_rise_with_the_persons() -> None:
    """The first costs 5, the third and all after it 20."""
    asked = (Step(1, 5), Step(3, 20))
    assert [steps_cost(asked, count) for count in range(-1, 6)] == [0, 0, 5, 10, 30, 50, 70]
    assert steps_cost((), 3) == 0
