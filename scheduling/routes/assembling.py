"""Routes that put a problem together: from requirements, people and ready-made rule books."""

from datetime import date
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import APIRouter

from common.days_off import holidays_of
from common.faults import NamedFaults
from common.problems import Problem as Refusal
from common.request_rows import Rows
from scheduling.assembling import Assembled, AssemblyError, assemble
from scheduling.bodies.planning import RosterAssembleBody, RosterAssembled, RosterBookShown
from scheduling.bodies.rosters import RosterProblemBody
from scheduling.formats.books import STANDARD, Book, find_book, ready_made
from scheduling.formats.errors import FormatError
from scheduling.formats.people_csv import Listed, read_people
from scheduling.formats.requirement_csv import read_requirement
from scheduling.formats.shape import plain
from scheduling.problem import ProblemError
from scheduling.records import problems as store
from scheduling.routes.parts import Planner, Reader, Rostered, author_of
from scheduling.routes.problems import problem_shown

router = APIRouter(route_class=NamedFaults)
PEOPLE: Final = "people"


@router.get("/books")
def list_books(_: Reader) -> list[RosterBookShown]:
    """The ready-made rule books."""
    found = [(name, find_book(name)) for name in ready_made()]
    return [
        RosterBookShown(name=name, title=book.title, rules=len(book.rules), shifts=len(book.shifts))
        for name, book in found
    ]


@router.post("/problems/assemble", status_code=201)
def assemble_problem(
    body: RosterAssembleBody, who: Planner, rows: Rows, rostering: Rostered
) -> RosterAssembled:
    """Make a problem of parts, and take it in."""
    agents = rostering.agents(rows)
    made = _assembled(body, [_listed(n, id, name) for n, (id, name) in enumerate(agents.items(), 1)])
    sent = RosterProblemBody(
        group=body.group, name=body.name, note=body.note, problem=plain(made.problem), requests=body.requests
    )
    row = store.create_problem(rows, sent, author_of(who, rostering))
    return RosterAssembled(problem=problem_shown(rows, row, agents.keys()), notes=list(made.notes))


def _assembled(body: RosterAssembleBody, agents: list[Listed]) -> Assembled:
    try:
        ZoneInfo(body.zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise Refusal(422, "No such time zone", f"{body.zone!r} is no time zone.", at="zone") from None
    strange = [name for name in body.books if name not in ready_made()]
    if strange:
        raise Refusal(422, "No such rule book", f"{strange[0]!r} is none; see GET /books.", at="books")
    at = "requirements"
    try:
        requirements = {
            skill: read_requirement(text, skill, body.column, body.zone)
            for skill, text in body.requirements.items()
        }
        at = PEOPLE
        people = read_people(body.people, PEOPLE) if body.people.strip() else agents
        years = {year for one in requirements.values() for year in one.years}
        book = sum((find_book(name) for name in body.books), Book())
        return assemble(
            requirements, people, book, find_book(STANDARD), body.zone, _holidays(body.country, years)
        )
    except FormatError as error:
        errors = [{"at": f"{at} row {one.line}", "message": one.reason} for one in error.wrongs[:200]]
        said = "; ".join(f"{at} row {one.line}: {one.reason}" for one in error.wrongs[:5])
        raise Refusal(422, "A file cannot be used", f"{said}.", errors=errors) from None
    except AssemblyError as error:
        raise Refusal(422, "The parts do not fit together", f"{error}.") from None
    except ProblemError as error:
        errors = [{"at": fault.path, "message": fault.reason} for fault in error.faults[:200]]
        said = "; ".join(str(fault) for fault in error.faults[:5])
        raise Refusal(422, "This is no problem", f"{said}.", errors=errors) from None


def _holidays(country: str, years: set[int]) -> list[date]:
    if not country:
        return []
    try:
        return holidays_of(country.upper(), years)
    except LookupError:
        raise Refusal(
            422, "No holidays", f"No holidays of {country!r} are known; write a code like CN.", at="country"
        ) from None


def _listed(line: int, id: str, name: str) -> Listed:
    return Listed(line, id, name, "", {}, "", "", 0, (), (), ())
