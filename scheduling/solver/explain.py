"""Why a problem has no legal roster: a minimal conflict, in the planner's words.

Every hard demand holds under a literal of its reason. Demands that cannot hold together are looked for first
in what is asked of one person, then in what is asked of several: at first in each week, without what looks at
many days or at the clock, then in all of it. Those that are not needed for it are left out (``narrowing``).
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from typing import Final

from scheduling.problem import Problem
from scheduling.rules import Fairness, Reserve, Together
from scheduling.solver.budget import Budget, OverError
from scheduling.solver.conflict_words import told
from scheduling.solver.model.base import Because
from scheduling.solver.model.questioned import DAYS, TIMED, Questioned
from scheduling.solver.narrowing import EACH, Narrowing
from scheduling.solver.options import Options
from scheduling.solver.progress import Clash

_VERDICT: Final = 10.0
"""Work after which a conflict is no longer looked for in one model."""
_SUSPECTS: Final = 20
"""So many people are looked at alone at first."""
_RARE: Final = 0.1


def explain_alone(problem: Problem, options: Options, budget: Budget, place: int) -> tuple[Clash, ...]:
    """A minimal conflict of what is asked of one person; empty if there is none."""
    return told(problem, _conflict(problem, options, budget, [place], groups=False))


def suspects(problem: Problem, most: int | None = None) -> list[int]:
    """The places of everybody, those of whom most is asked that is special first; or of ``most`` of those."""
    hard = {one.id for one in problem.contracts if one.weight is None}
    like = Counter(one.shifts for one in problem.people)
    special = [
        bool(one.leave)
        + bool(one.away)
        + 2 * bool(one.fixed)
        + (one.contract in hard)
        + (like[one.shifts] < _RARE * len(problem.people))
        for one in problem.people
    ]
    place = {person.id: number for number, person in enumerate(problem.people)}
    for rule in problem.rules:
        if rule.weight is None:
            for id in rule.who.people:
                special[place[id]] += 1
    order = sorted(range(len(special)), key=lambda number: -special[number])
    return order if most is None else [number for number in order[:most] if special[number]]


def explain_soon(problem: Problem, options: Options, budget: Budget) -> tuple[Clash, ...]:
    """A minimal conflict of what is asked of several people, if it is quickly seen: within a week, or without
    what looks at many days or at the clock; or of what some are to take part in. Empty otherwise.
    """
    if found := _of_those_taking_part(problem, options, budget, _SUSPECTS):
        return found
    places = sorted({place for some in _between(problem) for place in some})
    if not places:
        return ()
    for week in _weeks(problem):
        if not any(isinstance(one, Reserve | Together) and one.weight is None for one in problem.rules):
            break  # the others are about the whole period
        if core := _conflict(problem, options, budget, places, without=TIMED | DAYS, days=week):
            return told(problem, core)
    return told(problem, _conflict(problem, options, budget, places, without=TIMED | DAYS))


def explain(problem: Problem, options: Options, budget: Budget) -> tuple[Clash, ...]:
    """A minimal conflict of a problem without legal rosters; empty if none is found in time."""
    for place in range(len(problem.people)):
        if budget.asked:
            return ()
        if found := explain_alone(problem, options, budget, place):
            return found
    return explain_soon(problem, options, budget) or explain_between(problem, options, budget)


def explain_between(problem: Problem, options: Options, budget: Budget) -> tuple[Clash, ...]:
    """A minimal conflict of all that is asked of several people; empty if none is found in time."""
    parts = sorted(_between(problem), key=len)
    everybody = sorted({place for some in parts for place in some})
    if len(parts) > 1:
        parts.append(everybody)
    for without in (TIMED, frozenset[str]()):
        for places in parts:
            if core := _conflict(problem, options, budget, places, without=without):
                return told(problem, core)
    return _of_those_taking_part(problem, options, budget, None)


def _of_those_taking_part(
    problem: Problem, options: Options, budget: Budget, most: int | None
) -> tuple[Clash, ...]:
    """A minimal conflict of one who may not miss some activity; of ``most`` suspects only, if given."""
    held = (one.who for one in problem.activities if one.weight is None)
    ids = {person.id for who in held for person in problem.concerned(who)}
    for place in suspects(problem, most) if ids else ():
        if problem.people[place].id in ids and (found := explain_alone(problem, options, budget, place)):
            return found
    return ()


def _between(problem: Problem) -> Iterator[list[int]]:
    """The places of those whom each hard rule about several people is about; each team by itself."""
    place = {person.id: number for number, person in enumerate(problem.people)}
    for rule in problem.rules:
        if isinstance(rule, Together) and rule.weight is None:
            teams: dict[str, list[int]] = {}
            for person in problem.concerned(rule.who):
                if person.team:
                    teams.setdefault(person.team, []).append(place[person.id])
            yield from (some for some in teams.values() if len(some) > 1)
        elif isinstance(rule, Fairness | Reserve) and rule.weight is None:
            yield [place[person.id] for person in problem.concerned(rule.who)]
    for one in problem.activities:
        if one.weight is None and one.together:
            yield [place[person.id] for person in problem.concerned(one.who)]


def _weeks(problem: Problem) -> Iterator[range]:
    """The calendar weeks of the period, if they are not all of it."""
    first = -problem.weekday(0)
    if problem.days > first + 7:
        for monday in range(first, problem.days, 7):
            yield range(max(0, monday), min(problem.days, monday + 7))


def _conflict(
    problem: Problem,
    options: Options,
    budget: Budget,
    places: Sequence[int],
    *,
    groups: bool = True,
    without: Collection[str] = (),
    days: Collection[int] | None = None,
) -> list[Because]:
    """Reasons that clash, none of which can be left out; empty if none are found."""
    with suppress(OverError):
        model = Questioned(
            problem, options, places, groups=groups, without=without, days=days, check=budget.check
        )
        return Narrowing(problem, options, budget).conflict(model, EACH if days is not None else _VERDICT)
    return []
