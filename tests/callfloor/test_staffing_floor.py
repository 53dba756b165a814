"""Days for the planner are days of the real router: Erlang's figures where Erlang knows them, and skills
beyond."""

import numpy as np
import pytest

from callfloor.staffing_floor import RouterFloor, _callers, _people, play
from forecasting.erlang import ErlangA, Targets, agents_for
from forecasting.staffing.search import Effort, search
from forecasting.staffing.skills import Counted, Group, Problem, Queue

TARGETS = Targets(service_level=0.8, within_s=20)


def two_queues(*calls: float, patience_s: float = 90.0) -> Problem:
    """Two queues of the same kind, a group for each and one for both."""
    both = [Queue(name, np.array(calls), np.full(len(calls), 60.0), TARGETS, patience_s) for name in "ab"]
    groups = (Group("only a", ("a",)), Group("only b", ("b",)), Group("both", ("a", "b"), 1.1))
    return Problem(tuple(both), groups, 1800, warm_s=300)


def summed(days: list[Counted], name: str) -> np.ndarray:
    """(q, n) of all days."""
    return np.sum([getattr(day, name) for day in days], axis=0)


def test_agents_with_both_skills_are_one_queue_of_erlang() -> None:
    """Served in the order they come by whoever is free, two queues are one: Erlang A of both loads
    together."""
    problem = two_queues(150.0)
    days = RouterFloor().play(problem, np.array([[0], [0], [10]]), range(5))
    exact = ErlangA(10, 10, 60, 90)
    all_ = summed(days, "answered") + summed(days, "abandoned")
    level = summed(days, "answered_in_target").sum() / all_.sum()
    assert level == pytest.approx(float(exact.service_level(20)), abs=0.06)
    assert summed(days, "abandoned").sum() / all_.sum() == pytest.approx(float(exact.abandonment), abs=0.03)


def test_the_callers_of_a_seed_are_the_same_whoever_works() -> None:
    """As many come with few agents as with many, at the same times."""
    problem = two_queues(40.0, 60.0)
    few, many = (play(problem, heads, 7) for heads in (np.ones((3, 2), int), 5 * np.ones((3, 2), int)))
    assert (few.answered + few.abandoned == many.answered + many.abandoned).all()
    assert many.answered.sum() > few.answered.sum()
    assert _callers(problem, 7) == _callers(problem, 7)
    assert _callers(problem, 7) != _callers(problem, 8)
    assert play(problem, np.ones((3, 2), int), 7).answer_s.tolist() == few.answer_s.tolist()


def test_nobody_is_counted_twice() -> None:
    """An agent of two skills is one agent of the floor; who comes back after a pause is a shift of their
    own."""
    config, shifts = _people(two_queues(40.0, 40.0, 40.0), np.array([[1, 0, 1], [0, 0, 0], [2, 2, 3]]))
    at_work = [sum(s.start <= at < s.end for s in shifts) for at in (shifts[0].start + 400_000_000,)]
    assert at_work == [3]
    assert len(config.agents) == len(shifts) == 5
    assert {len(agent.queues) for agent in config.agents} == {1, 2}
    hours = sum(min(s.end - s.start, 3 * 1800 * 10**6) for s in shifts) / 3600e6
    assert hours == pytest.approx(
        0.5 * (1 + 1 + 2 * 3 + 1), rel=0.5
    )  # the last ones stay until the queue is empty


def test_processes_share_the_days_without_changing_them() -> None:
    """Two workers give what one gives, in the order of the seeds."""
    problem, heads = two_queues(30.0), np.array([[2], [2], [1]])
    one = RouterFloor().play(problem, heads, range(4))
    with RouterFloor(2) as shared:
        two = shared.play(problem, heads, range(4))
    assert [day.answer_s.tolist() for day in one] == [day.answer_s.tolist() for day in two]


def test_too_few_who_wait_for_ever_are_counted_as_not_answered() -> None:
    """With nobody at work nobody is answered, and nobody gives up in time either."""
    problem = two_queues(30.0, patience_s=None)  # type: ignore[arg-type]
    found = play(problem, np.zeros((3, 1), int), 1)
    assert found.answered.sum() == 0
    assert found.abandoned.sum() > 30
    assert found.abandoned_in_target.sum() == 0


def test_the_search_finds_people_on_the_real_floor() -> None:
    """Every target holds on days the search has not seen, with hardly more than two plans apart."""
    problem = two_queues(24.0, patience_s=120)
    effort = Effort(days=8, judges=8, confidence=0.75, seed=3)
    found = search(problem, RouterFloor(), effort)
    assert found.holds
    assert (found.judged.low >= 0.8).all()
    assert found.heads.sum() < 2 * int(agents_for(0.8, 60, TARGETS, 120)) + 2
