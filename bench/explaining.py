"""How soon is it told that no roster is legal, and why?

A call center made from a seed (``scheduling.generate``), in which something is asked that cannot be: of one
person, or of several. A case whose conflict does not name the rules it was made of ends the bench.

    python -m bench.explaining [--agents 30 200] [--seconds 60] [--runs 1] [--only NAME …] [--words] [--json]
"""

import argparse
import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import median
from typing import Any

from scheduling.generate import call_center
from scheduling.people import Contract, Fixed, Leave
from scheduling.problem import Problem, Rule, Shift, Who
from scheduling.rules import (
    Activity,
    ConsecutiveDays,
    Fairness,
    Reserve,
    Rest,
    ShiftCount,
    Together,
)
from scheduling.solver import Progress, solve

FLOAT = Shift("R", 540, 510, name="reserve", reserve=True)
OWING = Contract("owing", week_least=2400, weight=None)


def main() -> int:
    arguments = _arguments()
    rows = []
    for agents in arguments.agents:
        for name, (make, rules) in CASES.items():
            if not arguments.only or name in arguments.only:
                rows.append(_row(f"{name}, {agents} agents", make(call_center(agents)), rules, arguments))
    if arguments.json:
        print(json.dumps({"workers": arguments.workers, "cases": rows}))
    return 0


def _row(name: str, problem: Problem, rules: set[str], arguments: argparse.Namespace) -> dict[str, Any]:
    """Solve one so often, until there is a verdict or a first roster, and print its line."""
    walls, cpus = [], []
    for _ in range(arguments.runs):
        told: list[Progress] = []
        cpu, wall = time.process_time(), time.perf_counter()
        solution = solve(
            problem,
            seconds=arguments.seconds,
            workers=arguments.workers,
            progress=told.append,
            stop=lambda told=told: any(one.roster is not None for one in told),
        )
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    named = {one.rule for one in solution.conflict}
    row = {
        "name": name,
        "status": solution.status,
        "wall_s": round(median(walls), 2),
        "cpu_s": round(median(cpus), 2),
        "demands": len(solution.conflict),
        "people": len({id for one in solution.conflict for id in one.people}),
        "load_average": round(os.getloadavg()[0], 1),
    }
    if not arguments.json:
        print(*(f"{key} {value}" for key, value in row.items()), sep="; ", flush=True)
        if arguments.words:
            print(*(f"    {one.words}" for one in solution.conflict), sep="\n", flush=True)
    if named and not rules <= named:
        raise SystemExit(f"{name}: {sorted(named)} are named, not {sorted(rules)}")
    return row


# ------------------------------------------------------------------ what cannot be


def _changed(problem: Problem, place: int, **fields: Any) -> Problem:
    """The problem with another person of this place."""
    people = list(problem.people)
    people[place] = replace(people[place], **fields)
    return replace(problem, people=tuple(people))


def _with(problem: Problem, *rules: Rule, contracts: Sequence[Contract] = (), **fields: Any) -> Problem:
    """The problem with further rules and contracts, and other fields."""
    contracts = problem.contracts + tuple(contracts)
    return replace(problem, rules=problem.rules + rules, contracts=contracts, **fields)


def _full(problem: Problem) -> list[int]:
    return [place for place, one in enumerate(problem.people) if one.contract == "full-time"]


def _owes(problem: Problem) -> Problem:
    """A contract of six days a week, and never more than two in a row."""
    place = _full(problem)[len(problem.people) // 3]
    id = problem.people[place].id
    heavy = Contract("heavy", week_least=2640)
    ruled = _with(problem, ConsecutiveDays(most=2, who=Who(people=(id,))), contracts=[heavy])
    return _changed(ruled, place, contract="heavy", leave=())


def _fixed(problem: Problem) -> Problem:
    """A late shift that may not be alone, between free days, and a long rest after it."""
    place = _full(problem)[len(problem.people) // 3]
    id = problem.people[place].id
    mine = Who(people=(id,))
    ruled = _with(problem, Rest(least_minutes=960, who=mine), ConsecutiveDays(least=2, who=mine))
    fixed = (Fixed(9, ""), Fixed(10, "L", start=900))
    return _changed(ruled, place, fixed=fixed, leave=(), shifts=("E", "D", "L"))


def _leave(problem: Problem) -> Problem:
    """Leave on every third day, and never less than three days in a row."""
    place = _full(problem)[len(problem.people) // 3]
    id = problem.people[place].id
    ruled = _with(
        problem,
        ConsecutiveDays(least=3, who=Who(people=(id,))),
        contracts=[Contract("some", week_least=480)],
    )
    leave = tuple(Leave(day) for day in range(7, 20, 3))
    return _changed(ruled, place, contract="some", leave=leave)


def _reserve(problem: Problem) -> Problem:
    """60 to 70 % in reserve, where only every third person can be, and all owe their contract."""
    people = tuple(
        replace(
            one,
            contract="owing",
            leave=(),
            shifts=("E", "D", "L", "N", "R") if place % 3 == 0 else ("E", "D", "L", "N"),
        )
        for place, one in enumerate(problem.people)
    )
    few = Reserve(least_percent=60, most_percent=70)
    return _with(problem, few, contracts=[OWING], people=people, shifts=(*problem.shifts, FLOAT))


def _seldom(problem: Problem) -> Problem:
    """60 to 70 % in reserve, but nobody more than twice a week, and all owe their contract."""
    people = tuple(
        replace(one, contract="owing", leave=(), shifts=("E", "D", "L", "N", "R")) for one in problem.people
    )
    rules = Reserve(least_percent=60, most_percent=70), ShiftCount(shifts=("R",), most=2, per="week")
    return _with(problem, *rules, contracts=[OWING], people=people, shifts=(*problem.shifts, FLOAT))


def _team(problem: Problem) -> Problem:
    """A team has one shift a day, and part-timers have others than full-timers; two owe their contracts."""
    team = problem.people[_full(problem)[0]].team
    full = next(one for one in problem.people if one.team == team and one.contract == "full-time")
    part = next(one for one in problem.people if one.team == team and one.contract == "part-time")
    part_owing = Contract("part-owing", week_least=1200)
    ruled = _with(problem, Together(who=Who(teams=(team,))), contracts=[OWING, part_owing])
    people = tuple(
        replace(one, contract="owing", leave=())
        if one is full
        else (replace(one, contract="part-owing", leave=()) if one is part else one)
        for one in problem.people
    )
    return replace(ruled, people=people)


def _nights(problem: Problem) -> Problem:
    """Nights are shared fairly; one must have eight of them, another can have none."""
    first = problem.people[_full(problem)[4]].id
    ruled = _with(
        problem,
        Fairness(of="night", tolerance=3, name="nights fairly"),
        ShiftCount(shifts=("night",), least=8, who=Who(people=(first,))),
    )
    return _changed(ruled, _full(problem)[5], shifts=("E", "D", "L"))


def _hours(problem: Problem) -> Problem:
    """Hours are shared fairly; most are part-time, and one owes a full week's."""
    people = tuple(
        replace(one, contract="part-most" if one.contract == "part-time" else one.contract)
        for one in problem.people
    )
    contracts = OWING, Contract("part-most", week_most=1440)
    ruled = _with(problem, Fairness(of="hours", tolerance=20), contracts=contracts, people=people)
    return _changed(ruled, _full(problem)[3], contract="owing", leave=())


def _meeting(problem: Problem) -> Problem:
    """A meeting of a team at one time, with one who works nights only."""
    place = _full(problem)[3]
    team = problem.people[place].team
    meeting = Activity("meeting", 60, 7, 11, 540, 900, 30, Who(teams=(team,)), together=True)
    changed = _changed(problem, place, shifts=("N",), leave=())
    return replace(changed, activities=(*changed.activities, meeting))


def _training(problem: Problem) -> Problem:
    """A training two cannot take at one time: one is there on Monday only, the other on Tuesday only."""
    first, second = _full(problem)[3:5]
    ids = tuple(problem.people[place].id for place in (first, second))
    training = Activity("law", 60, 7, 8, 600, 900, 30, Who(people=ids), together=True)
    changed = _changed(problem, first, fixed=(Fixed(7, "D"), Fixed(8, "")), leave=())
    changed = _changed(changed, second, fixed=(Fixed(7, ""), Fixed(8, "D")), leave=())
    return replace(changed, activities=(*changed.activities, training))


def _can_be(problem: Problem) -> Problem:
    """Nothing clashes: a team has one shift a day, and its contracts only cost."""
    return _with(problem, Together(who=Who(teams=(problem.people[0].team,))))


Made = tuple[Callable[[Problem], Problem], set[str]]
CASES: dict[str, Made] = {
    "owes": (_owes, {"contract", "consecutive_days"}),
    "fixed": (_fixed, {"fixed", "rest", "consecutive_days", "eligible"}),
    "leave": (_leave, {"leave", "consecutive_days", "contract"}),
    "reserve": (_reserve, {"reserve", "contract", "eligible"}),
    "seldom": (_seldom, {"reserve", "contract", "shift_count"}),
    "team": (_team, {"together", "contract", "eligible"}),
    "nights": (_nights, {"fairness", "shift_count", "eligible"}),
    "hours": (_hours, {"fairness", "contract"}),
    "meeting": (_meeting, {"activity", "eligible"}),
    "training": (_training, {"activity", "fixed"}),
    "can be": (_can_be, set()),
}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How soon is it told that no roster is legal, and why?")
    parser.add_argument("--agents", type=int, nargs="*", default=[30, 200])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--words", action="store_true")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
