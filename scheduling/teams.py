"""Rosters by team (班组): teams rotate together through a cycle, their members share the shifts.

Two ways to say it: a *cycle* of days that each team stands in at its own place, or *queues*, where each shift
has the teams that take turns at it. Both become fixed assignments of the members; the solver fills in the
rest.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from scheduling.breaks import place_breaks
from scheduling.people import Fixed, Person
from scheduling.problem import Problem
from scheduling.roster import Assignment, Roster


class TeamError(ValueError):
    """Teams cannot rotate so; the words say why."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """Days a team goes through again and again: ids of shifts, or an empty text for a free day.

    ``begins`` is where in the cycle the team stands on the first day of the period.
    """

    team: str
    days: tuple[str, ...]
    begins: int = 0

    def on(self, day: int) -> str:
        return self.days[(self.begins + day) % len(self.days)]

    def after(self, days: int) -> "Cycle":
        """The same so many days later: for the next period."""
        return replace(self, begins=(self.begins + days) % len(self.days))


def staggered(teams: Sequence[str], days: tuple[str, ...], apart: int | None = None) -> list[Cycle]:
    """One cycle for several teams, each ``apart`` days behind the one before (default: spread evenly)."""
    step = len(days) // max(1, len(teams)) if apart is None else apart
    return [Cycle(team, days, (-place * step) % len(days)) for place, team in enumerate(teams)]


def rotate(problem: Problem, cycles: Sequence[Cycle]) -> Problem:
    """The problem with the members of these teams fixed to their cycles.

    Approved leave stays leave, and what is fixed already stays fixed. Raises TeamError for a team that is not
    there or has two cycles, a shift that is not there, or one a member may not have; ProblemError where what
    is fixed contradicts a hard rule.
    """
    by_team: dict[str, Cycle] = {}
    teams, shifts = {one.team for one in problem.people} - {""}, {one.id for one in problem.shifts}
    for cycle in cycles:
        if cycle.team not in teams:
            raise TeamError(f"nobody is in a team {cycle.team!r}")
        if cycle.team in by_team:
            raise TeamError(f"team {cycle.team!r} has two cycles")
        if not cycle.days:
            raise TeamError(f"the cycle of team {cycle.team!r} has no days")
        for shift in cycle.days:
            if shift and shift not in shifts:
                raise TeamError(f"the cycle of team {cycle.team!r} has {shift!r}, which is no shift")
        by_team[cycle.team] = cycle
    return replace(
        problem, people=tuple(_fixed(one, by_team.get(one.team), problem) for one in problem.people)
    )


def _fixed(person: Person, cycle: Cycle | None, problem: Problem) -> Person:
    if cycle is None:
        return person
    decided = {one.day for one in person.fixed} | {one.day for one in person.leave}
    may = problem.shifts_named(person.shifts)
    found = [Fixed(day, cycle.on(day)) for day in range(problem.days) if day not in decided]
    for one in found:
        if one.shift and one.shift not in may:
            raise TeamError(f"{person.id!r} of team {person.team!r} may not have {one.shift!r}")
    return replace(person, fixed=tuple(sorted((*person.fixed, *found), key=lambda one: one.day)))


def rostered(problem: Problem, teams: Collection[str]) -> Roster:
    """The fixed shifts of the members of these teams, see ``rotate``; breaks are as early as they may be."""
    shifts = {one.id: one for one in problem.shifts}
    made = []
    for person in problem.people:
        for fixed in person.fixed if person.team in teams else ():
            if fixed.shift:
                shift = shifts[fixed.shift]
                start = shift.start if fixed.start is None else fixed.start
                length = shift.length if fixed.length is None else fixed.length
                breaks = place_breaks(shift, start, length)
                made.append(Assignment(person.id, fixed.day, shift.id, start, length, breaks))
    return Roster(tuple(made))


def queued(
    queues: Mapping[str, Sequence[str]], days: int, turn: int = 7, working: Sequence[int] = (0, 1, 2, 3, 4)
) -> list[Cycle]:
    """Cycles from queues of teams: each shift (the keys) is taken for ``turn`` days by the team at the head
    of its queue, which then goes to its end. In a turn its team works on the days ``working`` (0: the first);
    a team that is at no head is free. ``days`` are those of the period.

    Raises TeamError for a team that is at the head of two queues at once.
    """
    if turn < 1 or any(not 0 <= day < turn for day in working):
        raise TeamError(f"a turn of {turn} days has the days 0 to {turn - 1}")
    plans: dict[str, list[str]] = {team: [""] * days for queue in queues.values() for team in queue}
    for begin in range(0, days, turn):
        heads: dict[str, str] = {}
        for shift, queue in queues.items():
            if not queue:
                raise TeamError(f"no team is queued for {shift!r}")
            team = queue[begin // turn % len(queue)]
            if team in heads:
                raise TeamError(
                    f"team {team!r} is at the head of the queues for {heads[team]!r} and {shift!r} from day "
                    f"{begin} on"
                )
            heads[team] = shift
            for day in working:
                if begin + day < days:
                    plans[team][begin + day] = shift
    return [Cycle(team, tuple(plan)) for team, plan in plans.items()]
