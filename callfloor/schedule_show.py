"""``callfloor schedule show``: a roster as text, picture, calendars or a workbook."""

import argparse
import os
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scheduling.problem import Problem
    from scheduling.roster import Roster

WELL = 0


class ShowError(Exception):
    """Something to say in one line, with exit code 1."""


def add(verb: Callable[..., None], option: Callable[..., Any]) -> None:
    """Add the verb."""
    verb(
        "show",
        "show a roster: people by days, a day by the hour, a picture, calendars, a workbook",
        _show,
        option(
            "roster", type=Path, metavar="R", help="the roster: JSON, or a workbook (XLSX) that was changed"
        ),
        option("--problem", type=Path, metavar="P", help="its problem (default: the one R names)"),
        option("--day", type=date.fromisoformat, metavar="DATE", help="a day by the hour"),
        option("--plot", type=Path, metavar="FILE", help="write a picture there (.svg, .png, .pdf)"),
        option("--ics", type=Path, metavar="DIR", help="write an iCalendar file for each person there"),
        option("--xlsx", type=Path, metavar="FILE", help="write a workbook there"),
        option("--out", type=Path, metavar="R", help="write the roster as JSON there (from a workbook)"),
    )


def text_of(path: Path) -> str:
    """The text of a file. Raises FormatError, OSError."""
    from scheduling.formats import FormatError, Wrong

    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise FormatError(str(path), [Wrong(0, f"is not UTF-8: {error}")]) from None


def problem_of(path: Path) -> "Problem":
    """The problem of a file. Raises FormatError, OSError."""
    from scheduling.formats.documents import read_problem

    return read_problem(text_of(path), str(path))


def written(problem: "Problem", roster: "Roster", objective: int, arguments: argparse.Namespace) -> str:
    """A roster to be written to ``arguments.out``: in the benchmark's form if the problem is one of its."""
    from scheduling.formats import curtois
    from scheduling.formats.documents import write_roster

    if curtois.looks_like_it(text_of(arguments.problem)):
        return curtois.write_roster(problem, roster, objective)
    return write_roster(roster, objective, named_from(arguments.problem, arguments.out))


def named_from(problem: Path, out: Path) -> str:
    """How a roster names its problem: seen from its own folder."""
    return os.path.relpath(problem.resolve(), out.resolve().parent)


def _show(arguments: argparse.Namespace) -> int:
    from scheduling.formats.documents import write_roster
    from scheduling.pictures import text

    path, problem, roster = _read(arguments)
    if arguments.plot is not None:
        from scheduling.pictures.plots import draw

        try:
            draw(problem, roster, arguments.plot)
        except ValueError as error:
            raise ShowError(str(error)) from None
    if arguments.ics is not None:
        _calendars(problem, roster, arguments.ics, arguments.roster)
    if arguments.xlsx is not None:
        from scheduling.formats.sheets import write_sheet

        arguments.xlsx.write_bytes(write_sheet(problem, roster))
    if arguments.out is not None:
        from scheduling.judge import judge

        verdict = judge(problem, roster)
        told = write_roster(roster, verdict.cost, named_from(path, arguments.out))
        arguments.out.write_text(told, encoding="utf-8")
    if arguments.day is not None:
        which = (arguments.day - problem.start).days
        if not 0 <= which < problem.days:
            last = problem.date_of(problem.days - 1)
            raise ShowError(f"--day {arguments.day} is not in the roster, {problem.start} to {last}")
        print("\n".join(text.day(problem, roster, which)))
    elif not any((arguments.plot, arguments.ics, arguments.xlsx, arguments.out)):
        print("\n".join(text.period(problem, roster)))
    return WELL


def _read(arguments: argparse.Namespace) -> "tuple[Path, Problem, Roster]":
    from scheduling.formats.documents import read_roster
    from scheduling.formats.sheets import read_sheet
    from scheduling.roster import Roster

    name = str(arguments.roster)
    if arguments.roster.suffix.lower() == ".xlsx":
        if arguments.problem is None:
            raise ShowError(f"{name}: a workbook does not say what its problem is; name it with --problem")
        problem = problem_of(arguments.problem)
        return arguments.problem, problem, read_sheet(problem, arguments.roster.read_bytes(), Roster(), name)
    raw = text_of(arguments.roster)
    path = arguments.problem or _named(raw, arguments.roster)
    problem = problem_of(path)
    return path, problem, read_roster(problem, raw, name).roster


def _named(raw: str, file: Path) -> Path:
    """The problem a roster names."""
    from scheduling.formats.documents import load

    found = load(raw, str(file))
    name = found.get("problem") if isinstance(found, dict) else None
    if not isinstance(name, str):
        raise ShowError(f"{file}: does not say what its problem is; name it with --problem")
    path = file.parent / name
    if not path.is_file():
        raise ShowError(f"{file}: its problem {path} is not there; name it with --problem")
    return path


def _calendars(problem: "Problem", roster: "Roster", folder: Path, file: Path) -> None:
    from scheduling.formats.calendars import calendar, file_name

    folder.mkdir(parents=True, exist_ok=True)
    made = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    for person in problem.people:
        (folder / file_name(person)).write_bytes(calendar(problem, roster, person, made))
    print(f"{len(problem.people)} calendars in {folder}", file=sys.stderr)
