"""``callfloor schedule …``: rosters made, judged and shown, without a platform."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from callfloor import schedule_revise, schedule_show, schedule_solve

if TYPE_CHECKING:
    from scheduling.verdict import Finding, Verdict

WELL, PROBLEM = 0, 1
Run = Callable[[argparse.Namespace], int]
PROBLEM_FILE: Final = "the problem: JSON, or an instance of Curtois and Qu"


class ScheduleError(Exception):
    """Something to say in one line or several, with exit code 1."""


def add(schedule: argparse.ArgumentParser) -> None:
    """Give ``callfloor schedule`` its verbs, and a help that shows all of them with their options."""
    verbs = schedule.add_subparsers(metavar="WHAT", required=True)
    schedule.formatter_class = argparse.RawDescriptionHelpFormatter
    usages: list[str] = []

    def verb(name: str, words: str, run: Run, *options: tuple[tuple[str, ...], dict[str, Any]]) -> None:
        one = verbs.add_parser(name, help=words, description=words)
        one.set_defaults(run=_telling(run))
        for names, how in options:
            one.add_argument(*names, **how)
        usages.append(" ".join(one.format_usage().split()[1:]) + "\n")

    problem = _option("problem", type=Path, metavar="P", help=PROBLEM_FILE)
    verb(
        "solve",
        "make a roster",
        schedule_solve.solve_it,
        problem,
        _option("--seconds", type=_positive, help="stop after so long (default: 60, with --work: never)"),
        _option(
            "--work", type=_positive, help="stop after so much work; the same again gives the same roster"
        ),
        _option("--seed", type=int, default=1, help="of all that is left to chance (default: 1)"),
        _option("--workers", type=int, default=8, choices=range(1, 65), metavar="N", help="default: 8"),
        _option("--start", type=Path, metavar="R", help="begin with this roster"),
        _option("--out", type=Path, metavar="R", help="write the roster there"),
    )
    verb(
        "check",
        "tell all that a roster breaks and costs",
        _check,
        problem,
        _option("roster", type=Path, metavar="R", help="the roster: JSON"),
        _option(
            "--most", type=int, default=20, metavar="N", help="findings to print of each rule (default: 20)"
        ),
        _option("--json", action="store_true", help="print one JSON object with all of them"),
    )
    schedule_show.add(verb, _option)
    schedule_revise.add(verb, _option)
    verb(
        "from-requirement",
        "make a problem from a requirement, people and rules",
        _from_requirement,
        _option(
            "requirement",
            nargs="+",
            metavar="R.csv",
            help="timestamp,agents,… as `callfloor staff` writes it; with several kinds of work SKILL=R.csv",
        ),
        _option(
            "--people", type=Path, required=True, metavar="FILE", help="id,name,contract,skills,… as CSV"
        ),
        _option(
            "--rules",
            action="append",
            default=[],
            metavar="FILE",
            help="rules, shifts, contracts as TOML: a file or a ready-made book (may be repeated)",
        ),
        _option("--column", default="agents", help="the column with the number of people (default: agents)"),
        _option("--zone", metavar="ZONE", default="UTC", help="time zone, like Asia/Shanghai"),
        _option("--country", metavar="CC", help="public holidays of this country, like CN"),
        _option("--out", type=Path, required=True, metavar="P", help="write the problem there"),
    )
    verb("schema", "print the JSON Schema of problems", _schema)
    schedule.epilog = "".join(usages)


def _option(*names: str, **how: Any) -> tuple[tuple[str, ...], dict[str, Any]]:
    return names, how


def _positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < 1e9:
        raise argparse.ArgumentTypeError(f"{text!r} is no positive number")
    return number


def _telling(run: Run) -> Run:
    """``run``, whose problems with files are told on standard error, each with file, line and reason."""

    def told(arguments: argparse.Namespace) -> int:
        from scheduling.formats import FormatError

        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        try:
            return run(arguments)
        except (
            FormatError,
            ScheduleError,
            schedule_show.ShowError,
            schedule_solve.SolveError,
            schedule_revise.ReviseCommandError,
        ) as error:
            print(error, file=sys.stderr)
            return PROBLEM

    return told


def _schema(arguments: argparse.Namespace) -> int:
    from scheduling.formats.documents import problem_schema

    print(json.dumps(problem_schema(), ensure_ascii=False, indent=2))
    return WELL


# ------------------------------------------------------------------ check


def _check(arguments: argparse.Namespace) -> int:
    from scheduling.formats.documents import read_roster
    from scheduling.judge import judge

    problem = schedule_show.problem_of(arguments.problem)
    written = read_roster(problem, schedule_show.text_of(arguments.roster), str(arguments.roster))
    verdict = judge(problem, written.roster)
    wrong = written.objective is not None and written.objective != verdict.cost
    if arguments.json:
        print(json.dumps(_as_json(verdict, written.objective), ensure_ascii=False, indent=2))
    else:
        for line in _told(verdict, arguments.most):
            print(line)
        if wrong:
            print(f"the file says it costs {written.objective}; it costs {verdict.cost}")
    return PROBLEM if wrong or not verdict.legal else WELL


def _told(verdict: "Verdict", most: int) -> Iterator[str]:
    """Findings by rule, the hard ones first, and the sums."""
    groups: dict[tuple[bool, str], list[Finding]] = {}
    for one in verdict.findings:
        if one.hard or one.cost:
            groups.setdefault((not one.hard, one.rule), []).append(one)
    for (soft, rule), found in sorted(groups.items(), key=lambda group: group[0]):
        total = sum(one.cost for one in found)
        yield f"{rule}: costs {total}" if soft else f"{rule}: broken {len(found)} times, which may not be"
        for one in sorted(found, key=lambda one: -one.cost)[:most]:
            yield f"  {one.words}" + (f" ({one.cost})" if soft else "")
        if len(found) > most:
            yield f"  and {len(found) - most} more"
    hard = len(verdict.violations)
    yield f"{f'illegal, {hard} violations' if hard else 'legal'}; costs {verdict.cost}"


def _as_json(verdict: "Verdict", objective: int | None) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "legal": verdict.legal,
        "cost": verdict.cost,
        "objective": objective,
        "by_rule": verdict.costs_by_rule(),
        "by_person": verdict.costs_by_person(),
        "findings": [asdict(one) for one in verdict.findings],
    }


# ------------------------------------------------------------------ from-requirement


def _from_requirement(arguments: argparse.Namespace) -> int:
    from scheduling.assembling import AssemblyError, assemble
    from scheduling.formats.books import STANDARD, Book, find_book
    from scheduling.formats.documents import write_problem
    from scheduling.formats.people_csv import read_people
    from scheduling.formats.requirement_csv import read_requirement
    from scheduling.problem import ProblemError

    requirements = {}
    for given in arguments.requirement:
        skill, equals, file = given.partition("=")
        skill, file = (skill, file) if equals else ("calls", given)
        if skill in requirements:
            raise ScheduleError(f"{file}: there are two requirements for {skill!r}; write SKILL={file}")
        text = schedule_show.text_of(Path(file))
        requirements[skill] = read_requirement(text, file, arguments.column, arguments.zone)
    people = read_people(schedule_show.text_of(arguments.people), str(arguments.people))
    book = sum((find_book(name) for name in arguments.rules), Book())
    years = {year for one in requirements.values() for year in one.years}
    try:
        made = assemble(
            requirements,
            people,
            book,
            find_book(STANDARD),
            arguments.zone,
            _holidays(arguments.country, years),
        )
    except (AssemblyError, ProblemError) as error:
        raise ScheduleError(str(error)) from None
    for note in made.notes:
        print(note, file=sys.stderr)
    arguments.out.write_text(write_problem(made.problem), encoding="utf-8")
    print(
        f"{len(made.problem.people)} people, {made.problem.days} days from {made.problem.start}, "
        f"{len(made.problem.shifts)} shifts, {len(made.problem.rules)} rules"
    )
    return WELL


def _holidays(country: str | None, years: set[int]) -> list[Any]:
    if country is None:
        return []
    from common.days_off import holidays_of

    try:
        return holidays_of(country.upper(), years)
    except LookupError:
        raise ScheduleError(f"--country {country}: no holidays are known; write a code like CN") from None
