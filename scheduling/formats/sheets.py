"""Rosters as XLSX, where planners live: people by days, to look at, to change, and to read back.

A cell holds the shift, for a flexible one with its times: ``D 09:30-18:00``. What stands in a cell is what is
read back; breaks that still fit into the shift stay as they were.
"""

import re
from io import BytesIO
from typing import Any, Final
from zipfile import BadZipFile

from scheduling.formats.errors import FormatError, Wrong
from scheduling.problem import DAY, Problem, Shift
from scheduling.roster import Assignment, Roster

HEADINGS: Final = ("id", "name", "team")
_CELL = re.compile(r"(?P<shift>\S+)(?:\s+(?P<from>\d{1,2}:\d\d)\s*[-–]\s*(?P<to>\d{1,2}:\d\d))?")
_TINTS: Final = ("DCE6F1", "F8DCE0", "DCEFDC", "F4EFD0", "DDF3FA", "EED9E7", "EADFD2", "EFE6C8", "D5DDEA")


def write_sheet(problem: Problem, roster: Roster) -> bytes:
    """A roster as a workbook."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    sheet.title = "roster"
    dates = [problem.date_of(day) for day in range(problem.days)]
    sheet.append([*HEADINGS, *dates, "hours"])
    shifts = {one.id: one for one in problem.shifts}
    fills = {id: PatternFill("solid", fgColor=_TINTS[n % len(_TINTS)]) for n, id in enumerate(shifts)}
    rows = roster.by_person()
    for person in problem.people:
        mine = {one.day: one for one in rows.get(person.id, [])}
        cells = [_plain(_text(mine[day], shifts)) if day in mine else None for day in range(problem.days)]
        minutes = sum(shifts[one.shift].worked(one.length) for one in mine.values() if one.shift in shifts)
        sheet.append([_plain(person.id), _plain(person.name), _plain(person.team), *cells, minutes / 60])
        for day, one in mine.items():
            if one.shift in fills:
                sheet.cell(sheet.max_row, len(HEADINGS) + 1 + day).fill = fills[one.shift]
    weekend = PatternFill("solid", fgColor="E4E4E4")
    for day, date in enumerate(dates):
        cell = sheet.cell(1, len(HEADINGS) + 1 + day)
        cell.number_format = "ddd dd.mm."
        if date.weekday() >= 5:
            cell.fill = weekend
        sheet.column_dimensions[get_column_letter(len(HEADINGS) + 1 + day)].width = 15
    for cell in sheet[1]:
        cell.font, cell.alignment = Font(bold=True), Alignment(horizontal="center")
    sheet.freeze_panes = sheet.cell(2, len(HEADINGS) + 1)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _plain(text: str) -> str:
    """A text no program takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def _text(one: Assignment, shifts: dict[str, Shift]) -> str:
    shift = shifts.get(one.shift)
    if shift is not None and len(shift.starts) == 1 and len(shift.lengths) == 1:
        return one.shift
    return f"{one.shift} {_clock(one.start)}-{_clock(one.end)}"


def _clock(minute: int) -> str:
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def read_sheet(problem: Problem, data: bytes, before: Roster, file: str = "roster.xlsx") -> Roster:
    """The roster of a workbook. Assignments that are as in ``before`` keep breaks, activities and duties.

    Raises FormatError with all that is wrong, each with its cell.
    """
    from openpyxl import load_workbook
    from openpyxl.utils import get_column_letter

    try:
        sheet = load_workbook(BytesIO(data), read_only=True, data_only=True).worksheets[0]
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    except (BadZipFile, KeyError, ValueError, OSError, IndexError) as error:
        raise FormatError(file, [Wrong(0, f"is no workbook: {error}")]) from None
    if not rows:
        raise FormatError(file, [Wrong(1, "is empty")])
    wrongs: list[Wrong] = []
    days = _columns(problem, rows[0], wrongs)
    people = {_plain(one.id): one.id for one in problem.people}
    shifts = {one.id: one for one in problem.shifts}
    old = {(one.person, one.day): one for one in before.assignments}
    made: dict[tuple[str, int], Assignment] = {}
    seen: set[str] = set()
    for number, row in enumerate(rows[1:], 2):
        name = "" if not row or row[0] is None else str(row[0]).strip()
        if not name:
            continue
        if name not in people or name in seen:
            wrongs.append(
                Wrong(
                    number,
                    f"A{number}: " + ("is there twice" if name in seen else f"there is no person {name!r}"),
                )
            )
            continue
        seen.add(name)
        for column, day in days.items():
            text = (
                ""
                if column >= len(row) or row[column] is None
                else str(row[column]).strip().removeprefix("'")
            )
            if text:
                try:
                    made[people[name], day] = _assignment(people[name], day, text, shifts, old)
                except ValueError as error:
                    wrongs.append(Wrong(number, f"{get_column_letter(column + 1)}{number}: {error}"))
    if wrongs:
        raise FormatError(file, wrongs)
    return Roster(tuple(made.values()))


def _columns(problem: Problem, heads: list[Any], wrongs: list[Wrong]) -> dict[int, int]:
    """The columns that are days of the period."""
    days: dict[int, int] = {}
    for column, head in enumerate(heads):
        date = getattr(head, "date", lambda: None)()
        if date is not None and 0 <= (day := (date - problem.start).days) < problem.days:
            days[column] = day
    if heads[:1] != ["id"]:
        wrongs.append(Wrong(1, "A1: the first column is not id"))
    if len(days) < problem.days or len(set(days.values())) < len(days):
        wrongs.append(
            Wrong(1, f"the headings are not the {problem.days} days from {problem.start} on, each once")
        )
    return days


def _assignment(
    person: str, day: int, text: str, shifts: dict[str, Shift], old: dict[tuple[str, int], Assignment]
) -> Assignment:
    found = _CELL.fullmatch(text)
    if found is None or found["shift"] not in shifts:
        raise ValueError(f"{text!r} is no shift, with times or without; shifts are {', '.join(shifts)}")
    shift = shifts[found["shift"]]
    start, length = shift.starts[0], shift.lengths[0]
    before = old.get((person, day))
    if found["from"] is not None:
        start = _minute(found["from"])
        length = (_minute(found["to"]) - start) % DAY or DAY
    elif before is not None and before.shift == shift.id:
        start, length = before.start, before.length
    if before is not None and (before.shift, before.start, before.length) == (shift.id, start, length):
        return before
    return Assignment(person, day, shift.id, start, length)


def _minute(text: str) -> int:
    hours, minutes = map(int, text.split(":"))
    if hours > 24 or minutes > 59:
        raise ValueError(f"{text} is no time of day")
    return hours * 60 + minutes
