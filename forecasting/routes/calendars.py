"""Routes of the planner's calendars: the holiday table, events, drivers, opening hours."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Header, Query, Response
from sqlalchemy.orm import Session

from common.faults import NamedFaults
from common.problems import Problem
from common.request_rows import Rows
from common.rows import RowId
from forecasting.bodies import CalendarDay, CalendarShown, PlannerCalendarBody
from forecasting.records import planner_calendars
from forecasting.routes.parts import Planned, Planner, Reader, ms
from forecasting.tables import PlannerCalendarRow

router = APIRouter(route_class=NamedFaults)
MOST_DAYS = 1100
"""Days of one table."""
IfMatch = Annotated[str | None, Header(description="the tag of the calendar that was read")]


@router.get("/calendars")
def list_calendars(_: Reader, rows: Rows) -> list[CalendarShown]:
    """Every calendar, by id."""
    return [_shown(rows, row) for row in planner_calendars.calendars(rows)]


@router.get("/calendars/{calendar}")
def read_calendar(calendar: RowId, _: Reader, rows: Rows, response: Response) -> CalendarShown:
    """One calendar, with its tag."""
    shown = _shown(rows, planner_calendars.get_calendar(rows, calendar))
    response.headers["ETag"] = f'"{shown.tag}"'
    return shown


@router.put("/calendars/{calendar}")
def save_calendar(
    calendar: RowId,
    body: PlannerCalendarBody,
    who: Planner,
    rows: Rows,
    planning: Planned,
    response: Response,
    if_match: IfMatch = None,
) -> CalendarShown:
    """Change the calendar whose tag was read, or make a new one; 412 if somebody was faster."""
    tag = None if if_match is None else if_match.strip().removeprefix("W/").strip('"')
    row = planner_calendars.save_calendar(rows, calendar, body, who.user, planning.clock(), tag=tag)
    response.headers["ETag"] = f'"{row.saves}"'
    response.status_code = 201 if row.saves == 1 else 200
    return _shown(rows, row)


@router.delete("/calendars/{calendar}", status_code=204)
def delete_calendar(calendar: RowId, _: Planner, rows: Rows) -> None:
    """Delete a calendar no series uses."""
    planner_calendars.delete_calendar(rows, calendar)


@router.get("/calendars/{calendar}/days")
def read_days(
    calendar: RowId,
    _: Reader,
    rows: Rows,
    first: Annotated[date, Query(alias="from")],
    last: Annotated[date, Query(alias="to")],
) -> list[CalendarDay]:
    """What each day is: ordinary, holiday, make-up or closed, by the table and the country."""
    if not 0 <= (last - first).days < MOST_DAYS:
        said = f"Ask for days from one to a later one, at most {MOST_DAYS}."
        raise Problem(422, "No such days", said, at="to")
    body = planner_calendars.body_of(planner_calendars.get_calendar(rows, calendar))
    return planner_calendars.days_between(body, "UTC", first, last)


def _shown(session: Session, row: PlannerCalendarRow) -> CalendarShown:
    body = planner_calendars.body_of(row)
    return CalendarShown(
        **body.model_dump(),
        id=row.id,
        tag=str(row.saves),
        changed_by=row.changed_by,
        changed_at=ms(row.changed_at),
        used_by=planner_calendars.used_by(session, row.id),
    )
