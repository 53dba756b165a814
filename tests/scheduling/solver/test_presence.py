"""Who serves whom: as cheaply as the judge matches them, however people come and go."""

from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scheduling.demand import Demand
from scheduling.judge.matching import Matcher, cost_of
from scheduling.people import Person
from scheduling.problem import Problem, Shift
from scheduling.solver.floor.presence import Presence
from tests.scheduling.small import steps

SKILLS = ("a", "b", "c")


@st.composite
def floors(draw: st.DrawFn) -> Problem:
    """A day of six intervals, three demands, five people of any skills, each skill somebody's."""
    people = tuple(
        Person(f"p{one}", skills=dict.fromkeys(draw(st.sets(st.sampled_from(SKILLS))) | {skill}, 1))
        for one, skill in enumerate((*SKILLS, *draw(st.tuples(*[st.sampled_from(SKILLS)] * 2))))
    )
    required = st.lists(st.integers(0, 3), min_size=6, max_size=6).map(tuple)
    demands = tuple(Demand(skill, skill, draw(required), 1, draw(steps()), draw(steps())) for skill in SKILLS)
    return Problem(date(2024, 1, 1), 1, (Shift("day", 480, 480),), people, 240, demands)


@given(floors(), st.lists(st.tuples(st.integers(0, 4), st.integers(0, 63)), max_size=12))
def test_served_as_cheaply_as_can_be(problem: Problem, moves: list[tuple[int, int]]) -> None:
    """After people came and went, intervals cost what the judge's matching costs; and the price of one more
    is what it then costs more.
    """
    presence, matcher = Presence(problem), Matcher(problem.demands)
    there = [0] * len(problem.people)

    def asked(interval: int) -> tuple[int, ...]:
        return tuple(one.required[interval] for one in problem.demands)

    for person, bits in moves:
        wanted = np.array([one for one in range(6) if bits >> one & 1], np.int64)
        has = np.array([one for one in range(6) if there[person] >> one & 1], np.int64)
        presence.remove(person, has)
        before, price = presence.costs(), presence.price(person)
        presence.add(person, wanted)
        if presence.group_of[person]:
            assert np.array_equal((presence.costs() - before)[wanted], price[wanted])
        there[person] = bits
    for interval in range(6):
        groups: dict[tuple[int, ...], int] = {}
        for person, bits in enumerate(there):
            if bits >> interval & 1 and (group := presence.group_of[person]):
                groups[group] = groups.get(group, 0) + 1
        served = matcher.served(asked(interval), groups)
        least = sum(
            cost_of(demand, has, required)
            for demand, has, required in zip(problem.demands, served, asked(interval), strict=True)
        )
        assert presence.costs()[interval] == least
