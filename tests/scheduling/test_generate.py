"""The generated call center: the same for the same seed, of any size, and worth solving."""

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.generate import SHARES, call_center
from scheduling.judge import judge
from scheduling.problem import Past
from scheduling.roster import Roster


@settings(max_examples=15)
@given(st.integers(1, 40), st.integers(1, 35), st.integers(0, 99))
def test_any_size(agents: int, days: int, seed: int) -> None:
    """Whatever size and seed, the problem is sound, the same again, and to give nobody a shift is legal."""
    problem = call_center(agents, days, seed)
    assert problem == call_center(agents, days, seed)
    assert (len(problem.people), problem.days) == (agents, days)
    assert judge(problem, Roster()).legal


def test_what_is_in_it() -> None:
    """All kinds of work, two skills, part-timers, leave, wishes, history; as much as people can do."""
    problem = call_center(200, 28, 1)
    assert {one.name for one in problem.demands} == set(SHARES)
    assert len(problem.activities) == 20
    assert 60 < sum(len(one.skills) == 2 for one in problem.people) < 100
    assert 20 < sum(one.contract == "part-time" for one in problem.people) < 60
    assert all(isinstance(past, Past) for one in problem.people for past in one.history.shifts)
    assert sum(len(one.leave) for one in problem.people) > 20
    asked = sum(sum(one.required) for one in problem.demands) * 15
    can = sum(1125 if one.contract == "part-time" else 2250 for one in problem.people) * 4
    can -= sum(leave.minutes for one in problem.people for leave in one.leave)
    assert 0.88 < asked / can < 0.92


def test_another_seed_is_another_problem() -> None:
    """Seeds differ."""
    assert call_center(10, 7, 1) != call_center(10, 7, 2)
