"""Rule books: TOML files with rules, and where one likes shifts, contracts and activities.

A name without a folder that is no file here is looked for among the ready-made ones in ``scheduling/laws``.
"""

import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Final

from scheduling.formats.errors import FormatError, Wrong
from scheduling.formats.shape import ShapeError, read
from scheduling.people import Contract
from scheduling.rules import COUNTED, Activity, Fairness, Rule
from scheduling.shifts import Shift

LAWS: Final = files("scheduling") / "laws"
STANDARD: Final = "standard-shifts.toml"


@dataclass(frozen=True, slots=True)
class Book:
    """What a file, or several together, say."""

    title: str = ""
    rules: tuple[Rule, ...] = ()
    shifts: tuple[Shift, ...] = ()
    contracts: tuple[Contract, ...] = ()
    activities: tuple[Activity, ...] = ()

    def __add__(self, other: "Book") -> "Book":
        return Book(
            ", ".join(one for one in (self.title, other.title) if one),
            self.rules + other.rules,
            self.shifts + other.shifts,
            self.contracts + other.contracts,
            self.activities + other.activities,
        )


def ready_made() -> list[str]:
    """The names of the ready-made books."""
    return sorted(one.name for one in LAWS.iterdir() if one.name.endswith(".toml"))


def find_book(name: str) -> Book:
    """The book of a file, or a ready-made one. Raises FormatError, OSError."""
    path = Path(name)
    if not path.exists() and path.name == name:
        if name not in ready_made():
            raise FormatError(name, [Wrong(0, f"is no file; ready-made are {', '.join(ready_made())}")])
        return read_book((LAWS / name).read_text(encoding="utf-8"), name)
    try:
        return read_book(path.read_text(encoding="utf-8"), name)
    except UnicodeDecodeError as error:
        raise FormatError(name, [Wrong(0, f"is not UTF-8: {error}")]) from None


def read_book(text: str, file: str) -> Book:
    """The book of a TOML text. Raises FormatError with all that is wrong."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+)", str(error))
        raise FormatError(file, [Wrong(int(found[1]) if found else 0, f"is not TOML: {error}")]) from None
    try:
        return read(Book, raw)
    except ShapeError as error:
        line_of = _toml_lines(text)
        raise FormatError(
            file, (Wrong(line_of(path), f"{path}: {why}") for path, why in error.wrongs)
        ) from None


def _toml_lines(text: str) -> Callable[[str], int]:
    """The line of a path, or of the nearest part above it that stands on a line of its own."""
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    prefix = ""
    for number, line in enumerate(text.splitlines(), 1):
        if found := re.match(r"\s*\[\[\s*([\w-]+)\s*\]\]", line):
            place = counts.get(found[1], 0)
            counts[found[1]] = place + 1
            prefix = f"{found[1]}[{place}]"
            lines[prefix] = number
        elif found := re.match(r"\s*([\w-]+)\s*=", line):
            lines.setdefault(f"{prefix}.{found[1]}" if prefix else found[1], number)

    def line_of(path: str) -> int:
        while path and path not in lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return lines.get(path, 0)

    return line_of


def applicable(rules: Iterable[Rule], shifts: Iterable[Shift]) -> tuple[list[Rule], list[str]]:
    """The rules without those about marks and shifts nobody has here, and words for what was left out.

    A rule about night shifts has nothing to say where there are none; a rule that names several keeps those
    that are there.
    """
    known = {one.id for one in shifts}.union(*(one.marks for one in shifts))
    kept: list[Rule] = []
    left: list[str] = []
    for rule in rules:
        if isinstance(rule, Fairness):
            names: tuple[str, ...] = () if rule.of in COUNTED else (rule.of,)
        else:
            names = getattr(rule, "shifts", ())
        there = tuple(name for name in names if name in known)
        if names and not there:
            left.append(f"{rule.rule} ({rule.name or ', '.join(names)}): no shift is {' or '.join(names)}")
        elif there != names and not isinstance(rule, Fairness):
            kept.append(replace(rule, shifts=there))  # type: ignore[arg-type]
        else:
            kept.append(rule)
    return kept, left
