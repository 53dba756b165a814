"""Problems of several skills are checked, bounded by formulas, and solved on a floor that is known
exactly."""

from collections.abc import Sequence

import numpy as np
import pytest

from forecasting.erlang import ErlangA, Targets, agents_for
from forecasting.history import Ints
from forecasting.staffing.bounds import at_least, start
from forecasting.staffing.search import Effort, judge, search
from forecasting.staffing.skills import Counted, Group, Problem, Queue

TARGETS = Targets(service_level=0.8, within_s=20)


def queue(name: str, *calls: float, aht_s: float = 180.0, targets: Targets = TARGETS) -> Queue:
    """A queue of callers who wait two minutes."""
    return Queue(name, np.array(calls, dtype=float), np.full(len(calls), aht_s), targets, 120.0)


class SteadyFloor:
    """Where nobody has two skills the floor is Erlang A, queue by queue; where everybody has all, it is
    Erlang A of the queues together. Days are large, so chance plays no part.
    """

    def __init__(self) -> None:
        self.asked: list[Ints] = []

    def play(self, problem: Problem, heads: Ints, seeds: Sequence[int]) -> list[Counted]:
        self.asked.append(heads.copy())
        together = all(len(group.queues) == len(problem.queues) for group in problem.groups)
        rows = []
        for one in problem.queues:
            mine = [g for g, group in enumerate(problem.groups) if one.name in group.queues]
            offered = sum(q.calls for q in problem.queues) if together else one.calls
            found = ErlangA(heads[mine].sum(0), offered / 1800 * one.aht_s, one.aht_s, one.patience_s or 1e9)
            in_time, lost = found.service_level(one.targets.within_s), found.abandonment
            answered_s = found.asa_s * (1 - lost)
            rows.append([1 - lost, lost, in_time, lost * 0, lost * 0, answered_s])
        figures = 1e9 * np.stack([np.stack(row) for row in rows], axis=1)
        return [Counted(*figures) for _ in seeds]


def test_of_single_skills_the_least_is_the_formula() -> None:
    """The search finds what Erlang A finds, interval by interval."""
    a, b = queue("a", 100, 200, 0), queue("b", 50, 60, 70, aht_s=240)
    problem = Problem((a, b), (Group("only a", ("a",)), Group("only b", ("b",))), 1800)
    found = search(problem, SteadyFloor())
    assert found.heads[0].tolist() == agents_for(a.calls / 10, 180, TARGETS, 120).tolist()
    assert found.heads[1].tolist() == agents_for(b.calls / 1800 * 240, 240, TARGETS, 120).tolist()
    assert found.holds
    assert found.judged.level[0, 0] == pytest.approx(float(ErlangA(12, 10, 180, 120).service_level(20)))


def test_of_people_who_can_do_all_the_least_is_the_pooled_formula() -> None:
    """And it begins there: the bound is the answer, and nobody is counted for each of their skills."""
    problem = Problem((queue("a", 100), queue("b", 50)), (Group("all", ("a", "b")),), 1800)
    found = search(problem, SteadyFloor())
    assert found.heads.tolist() == [[int(agents_for(15, 180, TARGETS, 120))]]
    assert found.began.tolist() == found.heads.tolist()


def test_too_many_are_taken_away_and_the_dear_ones_first() -> None:
    """From a start with too many of a group of two, the cheaper of two equal groups remains."""
    problem = Problem(
        (queue("a", 100),), (Group("dear", ("a",), cost=1.3), Group("cheap", ("a",), cost=1.0)), 1800
    )
    found = search(problem, SteadyFloor())
    assert found.heads[:, 0].tolist() == [0, 12]


def test_every_set_of_queues_has_its_bound() -> None:
    """Each queue, each pair and all: pooled loads, the mildest target."""
    mild = Targets(service_level=0.5, within_s=20)
    problem = Problem(
        (queue("a", 100), queue("b", 100), queue("c", 100, targets=mild)),
        (Group("all", ("a", "b", "c")),),
        1800,
    )
    sets, needs = at_least(problem)
    found = dict(zip(sets, needs[:, 0].tolist(), strict=True))
    assert len(found) == 7
    assert found[frozenset("a")] == 12
    assert found[frozenset("ab")] == agents_for(20, 180, TARGETS, 120)
    assert found[frozenset("abc")] == agents_for(30, 180, mild, 120)
    assert (start(problem) == max(found.values())).all()


def test_the_start_meets_all_bounds_at_the_least_cost() -> None:
    """Two queues of twelve, twenty-two together, and people with both skills a little dearer: two of them."""
    groups = (Group("a", ("a",)), Group("b", ("b",)), Group("both", ("a", "b"), cost=1.2))
    problem = Problem((queue("a", 100, 0), queue("b", 100, 0)), groups, 1800)
    together = int(agents_for(20, 180, TARGETS, 120))
    assert start(problem)[:, 0].tolist() == [together - 12, together - 12, 24 - together]
    assert start(problem)[:, 1].tolist() == [0, 0, 0]


def test_a_target_holds_when_its_limit_does() -> None:
    """Days that differ make a wide limit; days that agree a narrow one, but no narrower than their
    callers."""

    def days(*in_time: float) -> list[Counted]:
        all_, none = np.full((1, 1), 100.0), np.zeros((1, 1))
        return [Counted(all_, none, np.full((1, 1), one), none, none, none) for one in in_time]

    problem = Problem((queue("a", 100),), (Group("g", ("a",)),), 1800)
    agree, differ = (
        judge(problem, days(*[85.0] * 20), 0.95),
        judge(problem, days(*[60.0, 100, 90, 90] * 5), 0.95),
    )
    assert agree.level[0, 0] == differ.level[0, 0] == 0.85
    assert agree.holds[0, 0]
    assert not differ.holds[0, 0]
    assert not differ.fails[0, 0]  # more days would tell
    assert agree.low[0, 0] == pytest.approx(0.85 - 1.729 * np.sqrt(0.85 * 0.15 / 2000), abs=1e-4)
    assert judge(problem, days(*[70.0] * 20), 0.95).fails[0, 0]
    nobody = judge(problem, [Counted(*[np.zeros((1, 1))] * 6)] * 4, 0.95)
    assert nobody.holds[0, 0]
    assert np.isnan(nobody.level[0, 0])


@pytest.mark.parametrize(
    ("targets", "held"),
    [
        (Targets(answered=0.9), True),
        (Targets(answered=0.97), False),
        (Targets(abandonment=0.1), True),
        (Targets(abandonment=0.03), False),
        (Targets(asa_s=11), True),
        (Targets(asa_s=9), False),
        (Targets(service_level=0.85, definition="answered_in_target_of_answered"), True),
        (Targets(service_level=0.85), False),
        (Targets(service_level=0.83, definition="in_target_of_all"), True),
        (Targets(service_level=0.84, definition="answered_in_target_of_all_but_abandoned_in_target"), False),
        (Targets(service_level=0.81, definition="answered_in_target_or_short_of_all"), True),
    ],
)
def test_every_kind_of_target_is_judged(targets: Targets, held: bool) -> None:
    """950 answered, 820 of them in time, after 10 s on average; 50 gave up, 20 in time, 5 at once."""
    counts = (950.0, 50.0, 820.0, 20.0, 5.0, 9500.0)
    days = [Counted(*(np.full((1, 1), 1e4 * one) for one in counts))] * 8
    problem = Problem((queue("a", 100, targets=targets),), (Group("g", ("a",)),), 1800)
    assert bool(judge(problem, days, 0.95).holds[0, 0]) is held


def test_progress_is_told_and_rounds_are_kept() -> None:
    """What is being done, the trial, and what all agents cost; and no search without end."""
    problem = Problem((queue("a", 100),), (Group("g", ("a",)),), 1800)
    told: list[tuple[str, int, float]] = []
    search(problem, SteadyFloor(), progress=lambda *one: told.append(one))
    assert [what for what, *_ in told] == ["adding", "taking away", "judging"]
    assert [trial for _, trial, _ in told] == [1, 2, 3]
    assert told[1][2] == 11

    class Hopeless(SteadyFloor):
        def play(self, problem: Problem, heads: Ints, seeds: Sequence[int]) -> list[Counted]:
            return super().play(problem, heads * 0, seeds)

    with pytest.raises(ValueError, match="not kept after 13 trials"):
        search(problem, Hopeless(), Effort(rounds=3))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: Problem((), (Group("g", ("a",)),), 1800), "there must be queues"),
        (lambda: Problem((queue("a", 1),), (), 1800), "there must be groups"),
        (lambda: Problem((queue("a", 1),), (Group("g", ("b",)),), 1800), "group g: there is no queue b"),
        (
            lambda: Problem((queue("a", 1), queue("b", 1)), (Group("g", ("a",)),), 1800),
            "nobody serves the queue b",
        ),
        (
            lambda: Problem((queue("a", 1), queue("b", 1, 2)), (Group("g", ("a", "b")),), 1800),
            "queue b has 2 int",
        ),
        (lambda: Problem((queue("a", 1),), (Group("g", ("a",), cost=0),), 1800), "a cost of 0 is none"),
        (lambda: Problem((queue("a", -1),), (Group("g", ("a",)),), 1800), "calls at 0 is -1"),
        (lambda: queue("a", 1, targets=Targets(occupancy=0.8)), "occupancy is a target for agents"),
        (
            lambda: queue("a", 1, targets=Targets(service_level=0.8, definition="virtual")),
            "cannot be counted",
        ),
        (lambda: Queue("a", np.ones(1), np.ones(1), Targets(abandonment=0.1)), "needs a patience"),
        (lambda: Effort(days=1), "at least four days"),
        (lambda: Effort(confidence=0.2), "a confidence of 0.2"),
    ],
)
def test_what_is_wrong_is_said(call: object, said: str) -> None:
    """Which queue or group, and why."""
    with pytest.raises(ValueError, match=said):
        call()  # type: ignore[operator]
