"""The planner's calendars as rows, and the calendar of a series that models read."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from common.problems import Problem
from domain.config import CalendarConfig
from domain.instant import Instant
from forecasting.bodies import CalendarDay, PlannerCalendarBody
from forecasting.calendar import DayCalendar, Event, SpecialDay
from forecasting.tables import PlannerCalendarRow, SeriesRow

DEFAULT = "default"


def calendars(session: Session) -> Sequence[PlannerCalendarRow]:
    """Every calendar, by id."""
    return session.scalars(select(PlannerCalendarRow).order_by(PlannerCalendarRow.id)).all()


def get_calendar(session: Session, id: str) -> PlannerCalendarRow:
    """One calendar. Raises a 404 Problem."""
    row = session.get(PlannerCalendarRow, id)
    if row is None:
        raise Problem(404, "No such calendar", f"There is no calendar {id!r} for planning.")
    return row


def body_of(row: PlannerCalendarRow) -> PlannerCalendarBody:
    """What a calendar says."""
    return PlannerCalendarBody.model_validate(row.body)


def ensure_calendar(session: Session, id: str, user: str, at: Instant) -> None:
    """Make the default calendar where it is asked for first. Raises a 422 Problem for others not there."""
    if session.get(PlannerCalendarRow, id) is not None:
        return
    if id != DEFAULT:
        raise Problem(422, "No such calendar", f"There is no calendar {id!r} for planning.", at="calendar")
    save_calendar(session, DEFAULT, PlannerCalendarBody(name="Default"), user, at, tag=None)


def save_calendar(
    session: Session, id: str, body: PlannerCalendarBody, user: str, at: Instant, *, tag: str | None
) -> PlannerCalendarRow:
    """Write the calendar of this ``tag``, None: a new one. Raises a 412 Problem if somebody was faster."""
    session.execute(
        update(PlannerCalendarRow).where(PlannerCalendarRow.id == id).values(saves=PlannerCalendarRow.saves)
    )
    row = session.get(PlannerCalendarRow, id, populate_existing=True)
    if row is None:
        if tag is not None:
            raise Problem(412, "The calendar is gone", f"There is no calendar {id} any more.")
        row = PlannerCalendarRow(id=id, saves=0)
        session.add(row)
    elif tag != str(row.saves):
        said = f"{row.changed_by} changed the calendar {id} meanwhile; reload it."
        raise Problem(412, "The calendar was changed", said, tag=str(row.saves))
    row.name, row.body = body.name, body.model_dump(mode="json")
    row.saves += 1
    row.changed_by, row.changed_at = user, at
    session.flush()
    return row


def delete_calendar(session: Session, id: str) -> None:
    """Delete a calendar no series uses. Raises a 404 or 409 Problem."""
    row = get_calendar(session, id)
    if users := used_by(session, id):
        raise Problem(409, "Still in use", f"{id} is the calendar of {', '.join(users)}.", used_by=users)
    session.delete(row)
    session.flush()


def used_by(session: Session, id: str) -> list[str]:
    """The series whose calendar it is."""
    return list(session.scalars(select(SeriesRow.id).where(SeriesRow.calendar == id).order_by(SeriesRow.id)))


def day_calendar(session: Session, series: SeriesRow) -> DayCalendar:
    """The calendar of a series, with the events that concern it."""
    return as_days(body_of(get_calendar(session, series.calendar)), series.zone, series.id)


def as_days(body: PlannerCalendarBody, zone: str, series: str | None = None) -> DayCalendar:
    """A calendar as models read it; events of other series than ``series`` (None: any) are left out."""
    events = tuple(
        Event(
            event.name,
            event.first,
            event.last,
            event.size,
            None if event.effect_percent is None else 1 + event.effect_percent / 100,
        )
        for event in body.events
        if series is None or not event.series or series in event.series
    )
    special = tuple(SpecialDay(row.day, row.kind, row.name, tuple(row.hours)) for row in body.days)
    drivers = {row.name: dict(row.values) for row in body.drivers if row.values}
    return DayCalendar(body.country, special, events, drivers, _hours(body, zone))


def _hours(body: PlannerCalendarBody, zone: str) -> CalendarConfig | None:
    if not any(body.hours.values()):
        return None
    hours: dict[str, Any] = {day: tuple(spans) for day, spans in body.hours.items() if spans}
    return CalendarConfig(id="planning", timezone=zone, hours=hours, country=body.country)


def days_between(body: PlannerCalendarBody, zone: str, first: date, last: date) -> list[CalendarDay]:
    """What each day from ``first`` to ``last`` is."""
    days = np.arange(np.datetime64(first), np.datetime64(last) + 1)
    table = as_days(body, zone).table(days)
    written = {row.day for row in body.days}
    return [
        CalendarDay(
            day=day,
            weekday=int(table.weekday[n]),
            kind=str(table.kind[n]),  # type: ignore[arg-type]
            name=str(table.holiday[n]),
            in_table=day in written,
            events=[event.name for event in body.events if event.first <= day <= event.last],
        )
        for n, day in enumerate(days.tolist())
    ]
