"""Problems and rosters as JSON."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from scheduling.formats import curtois
from scheduling.formats.errors import FormatError, Wrong, unsound
from scheduling.formats.places import json_lines
from scheduling.formats.shape import ShapeError, plain, read, schema
from scheduling.problem import DAY, Problem, ProblemError
from scheduling.roster import Roster

LARGEST: Final = 200_000_000
"""Characters of a file that is read."""
WIDTH: Final = 100


def problem_schema() -> dict[str, Any]:
    """The JSON Schema of problems; what only the whole shows (names that are nobody's) is not in it."""
    return schema(Problem, "Callfloor rostering problem")


def read_problem(text: str, file: str = "problem") -> Problem:
    """A problem from JSON, or from an instance of Curtois and Qu. Raises FormatError: all that is wrong."""
    if curtois.looks_like_it(text):
        return curtois.read(text, file)
    raw = load(text, file)
    try:
        return read(Problem, raw)
    except ShapeError as error:
        line_of = json_lines(text)
        raise FormatError(
            file, (Wrong(line_of(path), f"{path}: {why}") for path, why in error.wrongs)
        ) from None
    except ProblemError as error:
        raise unsound(file, error, json_lines(text)) from None


def write_problem(problem: Problem) -> str:
    """A problem as JSON; what it would be anyway is left out."""
    return _pretty(plain(problem)) + "\n"


@dataclass(frozen=True, slots=True)
class WrittenRoster:
    """A roster with what its file says it costs (None: nothing)."""

    roster: Roster
    objective: int | None


def read_roster(problem: Problem, text: str, file: str = "roster") -> WrittenRoster:
    """A roster from JSON, in our form or that of the benchmark. Raises FormatError."""
    raw = load(text, file)
    line_of = json_lines(text)
    if not isinstance(raw, dict) or "assignments" not in raw:
        raise FormatError(file, [Wrong(0, "is no roster: it has no assignments")])
    objective = raw.get("objective")
    if objective is not None and (not isinstance(objective, int) or isinstance(objective, bool)):
        raise FormatError(file, [Wrong(line_of("objective"), f"objective: {objective!r} is no whole number")])
    assignments = raw["assignments"]
    if isinstance(assignments, Mapping):
        return WrittenRoster(curtois.roster_of(problem, assignments, file), objective)
    try:
        roster = read(Roster, {"assignments": assignments})
        if strange := list(_strange(problem, roster)):
            raise ShapeError(strange)
        return WrittenRoster(roster, objective)
    except ShapeError as error:
        raise FormatError(
            file, (Wrong(line_of(path), f"{path}: {why}") for path, why in error.wrongs)
        ) from None
    except ValueError as error:
        raise FormatError(file, [Wrong(line_of("assignments"), str(error))]) from None


def _strange(problem: Problem, roster: Roster) -> Iterator[tuple[str, str]]:
    """Assignments of nobody, of no shift, on no day: not wrong by a rule, but of another problem."""
    people, shifts = {one.id for one in problem.people}, {one.id for one in problem.shifts}
    for place, one in enumerate(roster.assignments):
        path = f"assignments[{place}]"
        if one.person not in people:
            yield f"{path}.person", f"there is no person {one.person!r}"
        if one.shift not in shifts:
            yield f"{path}.shift", f"there is no shift {one.shift!r}"
        if not 0 <= one.day < problem.days:
            yield f"{path}.day", f"day {one.day} is not in the period, whose days are 0 to {problem.days - 1}"
        spans = [
            (one.start, one.end),
            *((b.start, b.end) for b in (*one.breaks, *one.activities, *one.duties)),
        ]
        for begin, end in spans:
            if not 0 <= begin < end <= 2 * DAY:
                yield path, f"from minute {begin} to {end} is no time of the day and the next"


def write_roster(roster: Roster, objective: int | None = None, problem: str | None = None) -> str:
    """A roster as JSON, by day and person; with what it costs, and the name of its problem's file."""
    ordered = sorted(roster.assignments, key=lambda one: (one.day, one.person))
    head: dict[str, Any] = {} if problem is None else {"problem": problem}
    if objective is not None:
        head["objective"] = objective
    return _pretty({**head, "assignments": [plain(one) for one in ordered]}) + "\n"


def load(text: str, file: str) -> object:
    """JSON in which no key comes twice. Raises FormatError."""
    if len(text) > LARGEST:
        raise FormatError(file, [Wrong(0, f"has {len(text)} characters; at most {LARGEST} are read")])
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise FormatError(
            file, [Wrong(error.lineno, f"is not JSON: {error.msg} (column {error.colno})")]
        ) from None
    except RecursionError:
        raise FormatError(file, [Wrong(0, "is nested too deeply")]) from None
    except ValueError as error:
        raise FormatError(file, [Wrong(0, str(error))]) from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice!r} is there twice in one mapping")
    return found


def _no_number(text: str) -> object:
    raise ValueError(f"{text} is no number of JSON")


def _pretty(value: Any, indent: str = "") -> str:
    """JSON in which what is short, or a list of plain values, stands on one line."""
    inner = f"{indent}  "
    written = json.dumps(value, ensure_ascii=False)
    nested = isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(one, dict | list) for one in value)
    )
    if not nested or (indent and len(written) <= WIDTH):
        return written
    if isinstance(value, dict):
        pairs = (
            f"{inner}{json.dumps(key, ensure_ascii=False)}: {_pretty(one, inner)}"
            for key, one in value.items()
        )
        return "{\n" + ",\n".join(pairs) + f"\n{indent}}}"
    return "[\n" + ",\n".join(f"{inner}{_pretty(one, inner)}" for one in value) + f"\n{indent}]"
