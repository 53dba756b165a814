"""``callfloor schedule replan | breaks | flex | teams | carry``: rosters after they are made."""

import argparse
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from callfloor import schedule_show

if TYPE_CHECKING:
    from scheduling.problem import Problem
    from scheduling.revising import Asked
    from scheduling.roster import Assignment, Roster
    from scheduling.teams import Cycle

WELL = 0
FREE: Final = "-"
"""A free day in a cycle."""


class ReviseCommandError(Exception):
    """Something to say in one line, with exit code 1."""


def add(verb: Callable[..., None], option: Callable[..., Any]) -> None:
    """Add the verbs."""
    problem = option("problem", type=Path, metavar="P", help="the problem: JSON")
    roster = option("roster", type=Path, metavar="R", help="the roster: JSON")
    out = option("--out", type=Path, metavar="R2", help="write the new roster there")
    new = option("--problem-out", type=Path, metavar="P2", help="write the problem as it is known now there")
    day = option("--day", type=date.fromisoformat, metavar="DATE", required=True, help="the day")
    since = option("--from", dest="begin", type=_minute, default=0, metavar="HH:MM", help="what began stays")
    calls = option(
        "--demand",
        action="append",
        default=[],
        type=_factor,
        metavar="[NAME=]FACTOR",
        help="so many times the people asked for, from --from on: 1.2 is a fifth more (may be repeated)",
    )
    verb(
        "replan",
        "plan a day anew: people are ill, or more calls come",
        _replan,
        problem,
        roster,
        day,
        since,
        option(
            "--ill",
            action="append",
            default=[],
            type=_ill,
            metavar="ID[:DAYS]",
            help="gone that day, or for so many (may be repeated)",
        ),
        calls,
        option(
            "--most", type=_count, metavar="N", help="changes at most (default: one in twenty of the day)"
        ),
        option("--worth", type=_count, default=100, help="what a change must win (default: 100)"),
        option("--seconds", type=float, default=10.0, help="stop after so long (default: 10)"),
        out,
        new,
    )
    verb("breaks", "place the breaks of a day anew", _breaks, problem, roster, day, since, out)
    verb(
        "flex",
        "give the reserve (float shifts) of a day to the telephones",
        _flex,
        problem,
        roster,
        day,
        since,
        calls,
        option("--least", type=_count, default=60, metavar="MIN", help="shortest stretch (default: 60)"),
        out,
        new,
    )
    verb(
        "teams",
        "let teams rotate: through a cycle of days, or in queues for each shift",
        _teams,
        problem,
        option("--teams", type=_names, metavar="RED,BLUE", help="teams in a cycle, one behind the other"),
        option("--cycle", type=_names, metavar="E,E,L,-", help="its days: shifts, or - for a free one"),
        option("--apart", type=_count, metavar="DAYS", help="between two teams (default: spread evenly)"),
        option(
            "--queue",
            action="append",
            default=[],
            type=_queue,
            metavar="E=RED,BLUE",
            help="the teams that take turns at a shift (one for each shift)",
        ),
        option("--turn", type=_count, default=7, metavar="DAYS", help="how long a turn is (default: 7)"),
        option(
            "--work", type=_count, default=5, metavar="DAYS", help="first days of it to work (default: 5)"
        ),
        option("--roster-out", type=Path, metavar="R", help="write the teams' roster there"),
        option("--out", type=Path, required=True, metavar="P2", help="write the problem with it fixed there"),
    )
    verb(
        "carry",
        "make the next period's problem of a problem and its roster",
        _carry,
        problem,
        roster,
        option("--days", type=_count, metavar="N", help="days of it (default: as many)"),
        option("--no-demand", action="store_true", help="ask for nobody (default: as the same weekdays did)"),
        option("--out", type=Path, required=True, metavar="NEXT", help="write the problem there"),
    )


# ------------------------------------------------------------------ verbs


def _replan(arguments: argparse.Namespace) -> int:
    from scheduling.revising import Ill, ReviseError
    from scheduling.solver.replan import ReplanError, replan

    problem, roster = _read(arguments)
    day = _day(problem, arguments.day)
    ill = [Ill(person, day, days) for person, days in arguments.ill]
    try:
        known, without = _known(arguments, problem, roster, day, ill)
        made = replan(
            known,
            without,
            day,
            from_minute=arguments.begin,
            worth=arguments.worth,
            most_changes=arguments.most,
            seconds=arguments.seconds,
        )
    except (ReviseError, ReplanError) as error:
        raise ReviseCommandError(str(error)) from None
    return _tell(arguments, (problem, roster), (known, without), made.roster)


def _breaks(arguments: argparse.Namespace) -> int:
    from scheduling.problem import DAY
    from scheduling.solver.breaks import place_breaks

    problem, roster = _read(arguments)
    day = _day(problem, arguments.day)
    made = place_breaks(problem, roster, range(day, day + 1), day * DAY + arguments.begin)
    return _tell(arguments, (problem, roster), (problem, roster), made)


def _flex(arguments: argparse.Namespace) -> int:
    from scheduling.flexing import give_duties
    from scheduling.revising import ReviseError

    problem, roster = _read(arguments)
    day = _day(problem, arguments.day)
    if not any(one.reserve for one in problem.shifts):
        raise ReviseCommandError(f"{arguments.problem}: no shift is a reserve (reserve: true)")
    try:
        known, _ = _known(arguments, problem, roster, day, [])
    except ReviseError as error:
        raise ReviseCommandError(str(error)) from None
    made = give_duties(known, roster, arguments.least, day, day, arguments.begin)
    return _tell(arguments, (problem, roster), (known, roster), made)


def _teams(arguments: argparse.Namespace) -> int:
    from scheduling.formats.documents import write_problem, write_roster
    from scheduling.judge import judge
    from scheduling.problem import ProblemError
    from scheduling.teams import TeamError, rostered, rotate

    problem = schedule_show.problem_of(arguments.problem)
    try:
        cycles = _cycles(arguments, problem)
        made = rotate(problem, cycles)
    except (TeamError, ProblemError) as error:
        raise ReviseCommandError(str(error)) from None
    roster = rostered(made, {one.team for one in cycles})
    verdict = judge(made, roster)
    _write(arguments.out, write_problem(made))
    if arguments.roster_out is not None:
        named = schedule_show.named_from(arguments.out, arguments.roster_out)
        _write(arguments.roster_out, write_roster(roster, verdict.cost, named))
    for cycle in cycles:
        turn = (cycle.on(day) or FREE for day in range(min(problem.days, 2 * len(cycle.days), 28)))
        print(f"{cycle.team}: {' '.join(turn)}")
    hard = len(verdict.violations)
    print(f"{len(roster.assignments)} shifts; {f'{hard} violations as yet' if hard else 'legal'}")
    return WELL


def _cycles(arguments: argparse.Namespace, problem: "Problem") -> "list[Cycle]":
    from scheduling.teams import queued, staggered

    if bool(arguments.queue) == bool(arguments.teams or arguments.cycle):
        raise ReviseCommandError("say --teams and --cycle, or a --queue for each shift")
    if arguments.queue:
        shifts = [shift for shift, _ in arguments.queue]
        if twice := sorted({one for one in shifts if shifts.count(one) > 1}):
            raise ReviseCommandError(f"--queue {twice[0]} is there twice")
        return queued(dict(arguments.queue), problem.days, arguments.turn, range(arguments.work))
    if not arguments.teams or not arguments.cycle:
        raise ReviseCommandError("--teams and --cycle belong together")
    days = tuple("" if one == FREE else one for one in arguments.cycle)
    return staggered(arguments.teams, days, arguments.apart)


def _carry(arguments: argparse.Namespace) -> int:
    from scheduling.carrying import next_problem
    from scheduling.formats.documents import write_problem
    from scheduling.problem import ProblemError

    problem, roster = _read(arguments)
    try:
        made = next_problem(problem, roster, arguments.days, demand=not arguments.no_demand)
    except ProblemError as error:
        raise ReviseCommandError(str(error)) from None
    _write(arguments.out, write_problem(made))
    shifts = sum(len(one.history.shifts) for one in made.people)
    last = made.date_of(made.days - 1)
    print(f"{made.start} to {last}: {len(made.people)} people, with {shifts} shifts they have worked before")
    return WELL


# ------------------------------------------------------------------ what they share


def _read(arguments: argparse.Namespace) -> "tuple[Problem, Roster]":
    from scheduling.formats.documents import read_roster

    problem = schedule_show.problem_of(arguments.problem)
    text = schedule_show.text_of(arguments.roster)
    return problem, read_roster(problem, text, str(arguments.roster)).roster


def _day(problem: "Problem", day: date) -> int:
    number = (day - problem.start).days
    if not 0 <= number < problem.days:
        last = problem.date_of(problem.days - 1)
        raise ReviseCommandError(f"--day {day} is not in the roster, {problem.start} to {last}")
    return number


def _known(
    arguments: argparse.Namespace, problem: "Problem", roster: "Roster", day: int, ill: "list[Any]"
) -> "tuple[Problem, Roster]":
    """The problem as it is known now, and the roster without who is ill. Raises ReviseError."""
    from scheduling.revising import as_known, times

    asked: list[Asked] = []
    for name, factor in arguments.demand:
        for one in [name] if name else [one.name for one in problem.demands]:
            asked.append(times(problem, one, factor, day, arguments.begin))
    return as_known(problem, roster, ill, asked)


def _tell(
    arguments: argparse.Namespace,
    given: "tuple[Problem, Roster]",
    known: "tuple[Problem, Roster]",
    made: "Roster",
) -> int:
    """Print what changed and what it costs, and write the files that are asked for."""
    from scheduling.formats.documents import write_problem, write_roster
    from scheduling.judge import judge

    print("\n".join(_table(known[0], given[1], made)))
    before, after = judge(*known), judge(known[0], made)
    hard = len(after.violations)
    print(f"{f'illegal, {hard} violations' if hard else 'legal'}; costs {before.cost} -> {after.cost}")
    problem, named = given[0], arguments.problem
    if (new := getattr(arguments, "problem_out", None)) is not None:
        _write(new, write_problem(known[0]))
        problem, named = known[0], new
    if arguments.out is not None:
        cost = judge(problem, made).cost
        _write(arguments.out, write_roster(made, cost, schedule_show.named_from(named, arguments.out)))
        if problem is not known[0]:
            print("what is known now is not in that problem; --problem-out writes it", file=sys.stderr)
    return WELL


def _table(problem: "Problem", before: "Roster", after: "Roster") -> Iterator[str]:
    """Who, when, from what to what; a day's breaks and duties where only they are otherwise."""
    from scheduling.pictures.text import label, padded, wide

    was = {(one.day, one.person): one for one in before.assignments}
    now = {(one.day, one.person): one for one in after.assignments}
    names = {one.id: label(one) for one in problem.people}
    rows = []
    for key in sorted(key for key in {*was, *now} if was.get(key) != now.get(key)):
        old, new = was.get(key), now.get(key)
        inside = old is not None and new is not None and _shape(old) == _shape(new)
        tell = _inside if inside else _shape
        rows.append((str(problem.date_of(key[0])), names[key[1]], tell(old), "->", tell(new)))
    if not rows:
        yield "nothing changes"
    widths = [max(map(wide, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(padded(one, width) for one, width in zip(row, widths, strict=True)).rstrip()


def _shape(one: "Assignment | None") -> str:
    return "free" if one is None else f"{one.shift} {_clock(one.start)}-{_clock(one.end)}"


def _inside(one: "Assignment | None") -> str:
    if one is None:
        return "free"
    breaks = " ".join(_clock(block.start) for block in one.breaks)
    duties = " ".join(f"{_clock(block.start)}-{_clock(block.end)}" for block in one.duties)
    parts = [f"breaks {breaks}" * bool(breaks), f"duties {duties}" * bool(duties)]
    return f"{one.shift} {', '.join(part for part in parts if part) or 'no duties'}"


def _clock(minute: int) -> str:
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


# ------------------------------------------------------------------ what is typed


def _minute(text: str) -> int:
    hours, colon, minutes = text.partition(":")
    if colon and hours.isdecimal() and minutes.isdecimal() and int(hours) < 24 and int(minutes) < 60:
        return int(hours) * 60 + int(minutes)
    raise argparse.ArgumentTypeError(f"{text!r} is no time of the day; write 14:30")


def _factor(text: str) -> tuple[str, float]:
    name, _, number = text.rpartition("=")
    try:
        factor = float(number)
    except ValueError:
        factor = -1.0
    if not 0 <= factor <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is no FACTOR or NAME=FACTOR; write cards=1.2")
    return name, factor


def _ill(text: str) -> tuple[str, int]:
    person, colon, days = text.rpartition(":")
    if not colon:
        return text, 1
    if not person or not days.isdecimal() or not 1 <= int(days) <= 366:
        raise argparse.ArgumentTypeError(f"{text!r} is no ID or ID:DAYS")
    return person, int(days)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) > 1_000_000:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 on")
    return int(text)


def _names(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]


def _queue(text: str) -> tuple[str, list[str]]:
    shift, equals, teams = text.partition("=")
    if not equals or not shift or not _names(teams):
        raise argparse.ArgumentTypeError(f"{text!r} is no SHIFT=TEAM,TEAM")
    return shift, _names(teams)
