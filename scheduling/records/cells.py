"""Changes by hand: cells of the roster, a person's day each, put into a roster all or none."""

from collections.abc import Iterable, Sequence

from common.problems import Problem as Refusal
from scheduling.bodies.rosters import RosterBlock, RosterCell
from scheduling.breaks import place_breaks
from scheduling.problem import Problem
from scheduling.roster import Assignment, Block, Roster
from scheduling.shifts import Shift


def with_cells(problem: Problem, roster: Roster, cells: Sequence[RosterCell]) -> Roster:
    """The roster with these cells. Raises a 422 Problem: a cell of nobody, of no day or shift, or twice."""
    people = {one.id for one in problem.people}
    shifts = {one.id: one for one in problem.shifts}
    made = {(one.person, one.day): one for one in roster.assignments}
    seen: set[tuple[str, int]] = set()
    wrongs: list[tuple[str, str]] = []
    for place, cell in enumerate(cells):
        key = (cell.person, (cell.day - problem.start).days)
        at = f"changes[{place}]"
        if cell.person not in people:
            wrongs.append((f"{at}.person", f"there is no person {cell.person!r}"))
        elif not 0 <= key[1] < problem.days:
            last = problem.date_of(problem.days - 1)
            wrongs.append((f"{at}.day", f"{cell.day} is not in the roster, from {problem.start} to {last}"))
        elif key in seen:
            wrongs.append((at, f"{cell.person} has {cell.day} twice"))
        elif cell.shift is not None and cell.shift not in shifts:
            wrongs.append((f"{at}.shift", f"there is no shift {cell.shift!r}"))
        elif cell.shift is None:
            made.pop(key, None)
        else:
            made[key] = _assignment(key, cell, shifts[cell.shift], made.get(key))
        seen.add(key)
    if wrongs:
        errors = [{"at": at, "message": why} for at, why in wrongs[:200]]
        raise Refusal(422, "This cannot be changed", f"{wrongs[0][1]}.", errors=errors)
    return Roster(tuple(made.values()))


def _assignment(
    key: tuple[str, int], cell: RosterCell, shift: Shift, before: Assignment | None
) -> Assignment:
    if before is not None and before.shift != shift.id:
        before = None
    start = cell.start if cell.start is not None else before.start if before else shift.start
    length = cell.length if cell.length is not None else before.length if before else shift.length
    stays = before if before and (before.start, before.length) == (start, length) else None
    if cell.breaks is not None:
        breaks = _blocks(cell.breaks)
    else:
        breaks = stays.breaks if stays else place_breaks(shift, start, length)
    activities = stays.activities if stays and cell.activities is None else _blocks(cell.activities)
    duties = stays.duties if stays and cell.duties is None else _blocks(cell.duties)
    return Assignment(key[0], key[1], shift.id, start, length, breaks, activities, duties)


def _blocks(sent: Iterable[RosterBlock] | None) -> tuple[Block, ...]:
    return tuple(Block(one.name, one.start, one.minutes) for one in sent or ())
