"""Routes of absences: who was excused, such as by illness, so that adherence does not count it."""

from collections.abc import Mapping

from fastapi import APIRouter

from common.auth import Signed
from common.faults import NamedFaults
from common.problems import Problem as Refusal
from common.request_rows import Rows
from scheduling.bodies.adherence import AbsenceBody, AbsenceShown
from scheduling.records import absences as store
from scheduling.routes.parts import Asked, Decider, Number, Reader, Rostered, author_of, ms, ms_or_none, span
from scheduling.tables import AbsenceRow

router = APIRouter(route_class=NamedFaults)


@router.get("/absences")
def list_absences(_: Reader, rows: Rows, rostering: Rostered, days: Asked) -> list[AbsenceShown]:
    """Absences of these days, five hundred at most, the latest first; withdrawn ones stay in the list."""
    begin, end = span(days)
    names = rostering.agents(rows)
    return [absence_shown(row, names) for row in store.absences(rows, begin, end)]


@router.post("/absences", status_code=201)
def enter_absence(body: AbsenceBody, who: Decider, rows: Rows, rostering: Rostered) -> AbsenceShown:
    """Enter one, at any time: what adherence was of these hours is counted without them."""
    names = rostering.agents(rows)
    _not_their_own(who, body.person)
    if body.person not in names:
        raise Refusal(422, "No such agent", f"There is no agent {body.person}.", at="person")
    return absence_shown(store.enter(rows, body, author_of(who, rostering)), names)


@router.post("/absences/{number}/withdraw")
def withdraw_absence(number: Number, who: Decider, rows: Rows, rostering: Rostered) -> AbsenceShown:
    """It was entered by mistake."""
    row = store.withdraw(rows, number, author_of(who, rostering))
    _not_their_own(who, row.person)
    return absence_shown(row, rostering.agents(rows))


def _not_their_own(who: Signed, person: str) -> None:
    if who.agent == person:
        raise Refusal(409, "Your own absence", "Somebody else enters it.")


def absence_shown(row: AbsenceRow, names: Mapping[str, str]) -> AbsenceShown:
    """An absence."""
    return AbsenceShown(
        id=row.id,
        person=row.person,
        name=names.get(row.person, row.person),
        kind=row.kind,  # type: ignore[arg-type]
        begin=ms(row.begin),
        end=ms(row.end),
        words=row.words,
        at=ms(row.at),
        by=row.by,
        withdrawn_at=ms_or_none(row.withdrawn_at),
        withdrawn_by=row.withdrawn_by,
    )
