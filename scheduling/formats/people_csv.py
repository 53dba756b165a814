"""People as CSV: ``id,name,contract,skills,team,branch,seniority,shifts,leave,off``, or the same in Chinese.

``skills`` and ``shifts`` are separated by blanks, a skill with its level after a slash (``cards english/3``).
``leave`` (approved) and ``off`` (days they wish to be free) are dates and spans of dates:
``2026-11-03 2026-11-09..2026-11-11``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from scheduling.formats.csv_rows import Line, lines
from scheduling.formats.errors import FormatError, Wrong

COLUMNS: Final = {
    "id": ("工号",),
    "name": ("姓名",),
    "contract": ("合同",),
    "skills": ("技能",),
    "team": ("班组",),
    "branch": ("网点",),
    "seniority": ("资历", "工龄"),
    "shifts": ("班次",),
    "leave": ("休假",),
    "off": ("希望休息",),
}
_SPLIT = re.compile(r"[\s,;|、，；]+")


@dataclass(frozen=True, slots=True)
class Listed:
    """A person as the file has them; days are dates."""

    line: int
    id: str
    name: str
    contract: str
    skills: dict[str, int]
    team: str
    branch: str
    seniority: int
    shifts: tuple[str, ...]
    leave: tuple[date, ...]
    off: tuple[date, ...]


def read_people(text: str, file: str) -> list[Listed]:
    """The people of a file. Raises FormatError with all that is wrong."""
    wrongs: list[Wrong] = []
    people: dict[str, Listed] = {}
    for line in lines(text, file, COLUMNS, ("id",), strict=True):
        id = line.get("id")
        if not id:
            wrongs.append(Wrong(line.number, "id: is empty"))
        elif id in people:
            wrongs.append(Wrong(line.number, f"id: {id!r} is also in line {people[id].line}"))
        else:
            people[id] = _person(line, wrongs)
    if not people and not wrongs:
        wrongs.append(Wrong(0, "there is nobody in it"))
    if wrongs:
        raise FormatError(file, wrongs)
    return list(people.values())


def _person(line: Line, wrongs: list[Wrong]) -> Listed:
    def words(column: str) -> list[str]:
        return [word for word in _SPLIT.split(line.get(column)) if word]

    def wrong(column: str, reason: str) -> None:
        wrongs.append(Wrong(line.number, f"{column}: {reason}"))

    skills: dict[str, int] = {}
    for word in words("skills"):
        skill, _, level = word.partition("/")
        if not skill or (level and not (level.isascii() and level.isdecimal())):
            wrong("skills", f"{word!r} is no skill with a level, like english/3")
        else:
            skills[skill] = int(level or 1)
    seniority = line.get("seniority") or "0"
    if not (seniority.isascii() and seniority.isdecimal() and len(seniority) < 10):
        wrong("seniority", f"{seniority!r} is no whole number")
        seniority = "0"
    found: dict[str, list[date]] = {}
    for column in ("leave", "off"):
        found[column] = []
        for word in words(column):
            try:
                found[column] += _days(word)
            except ValueError as error:
                wrong(column, str(error))
    return Listed(
        line.number,
        line.get("id"),
        line.get("name"),
        line.get("contract"),
        skills,
        line.get("team"),
        line.get("branch"),
        int(seniority),
        tuple(words("shifts")),
        tuple(found["leave"]),
        tuple(found["off"]),
    )


def _days(word: str) -> Iterator[date]:
    """The dates of ``2026-11-09..2026-11-11``, or of one day."""
    first, dots, last = word.partition("..")
    try:
        begin = date.fromisoformat(first)
        end = date.fromisoformat(last) if dots else begin
    except ValueError:
        raise ValueError(
            f"{word!r} is no date like 2026-11-03, and no span like 2026-11-03..2026-11-05"
        ) from None
    if not 0 <= (end - begin).days <= 366:
        raise ValueError(f"{word!r} is no span of dates")
    return (begin + timedelta(days=day) for day in range((end - begin).days + 1))
