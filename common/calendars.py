"""Calendars as rows of configuration, and what the floor asks of them (``Calendars``)."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from pydantic import Field, field_validator
from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from common import days_off
from common.faults import Fault
from common.hours import WEEKDAYS, Calendars, parse_date, parse_open, parse_span, read_zone
from common.rows import Change, Kind, Row, RowBody
from common.rows_api import admin_router
from domain.config import CalendarConfig

__all__ = ["CALENDARS", "CalendarBody", "CalendarRow", "Calendars", "load_calendars", "router"]

log = logging.getLogger(__name__)
Pair = tuple[str, str]


class CalendarRow(Row):
    """Business hours; ``hours`` is weekday to [begin, end] pairs."""

    __tablename__ = "calendars"
    name: Mapped[str] = mapped_column(String(128))
    timezone: Mapped[str] = mapped_column(String(64))
    hours: Mapped[dict[str, list[list[str]]]] = mapped_column(JSON)
    country: Mapped[str] = mapped_column(String(16))
    closed: Mapped[list[str]] = mapped_column(JSON)
    open: Mapped[list[str]] = mapped_column(JSON)


class CalendarBody(RowBody):
    """A calendar. Spans are ``["09:00", "17:30"]`` or ``"09:00-17:30"``; no country: no holidays."""

    name: str = Field(min_length=1, max_length=128)
    timezone: str = "Asia/Shanghai"
    hours: dict[str, list[Pair]] = Field(default_factory=dict)
    country: str = ""
    closed: list[str] = Field(default_factory=list)
    open: list[str] = Field(default_factory=list, description="perhaps with spans: 2026-10-01 10:00-12:00")

    @field_validator("hours", mode="before")
    @classmethod
    def _as_pairs(cls, hours: Any) -> Any:
        if not isinstance(hours, dict):
            return hours
        return {str(day).strip().lower(): _pairs(str(day), spans) for day, spans in hours.items()}

    @field_validator("timezone")
    @classmethod
    def _is_zone(cls, name: str) -> str:
        read_zone(name)
        return name

    @field_validator("country")
    @classmethod
    def _is_country(cls, code: str) -> str:
        code = code.strip().upper()
        if code and not days_off.is_known(code):
            raise ValueError(f"{code!r} is no country we have holidays of; write it like CN or US-CA")
        return code

    @field_validator("closed", "open", mode="before")
    @classmethod
    def _as_text(cls, dates: Any) -> Any:
        # YAML reads an unquoted 2026-10-01 as a date.
        return [str(one) for one in dates] if isinstance(dates, list) else dates

    @field_validator("closed")
    @classmethod
    def _are_dates(cls, dates: list[str]) -> list[str]:
        return sorted({parse_date(text).isoformat() for text in dates})

    @field_validator("open")
    @classmethod
    def _are_open_dates(cls, dates: list[str]) -> list[str]:
        found = {parse_open(text)[0]: " ".join(text.replace(",", " ").split()) for text in dates}
        if len(found) != len(dates):
            raise ValueError("names a date twice")
        return [text for _, text in sorted(found.items())]


def _pairs(day: str, spans: Any) -> list[Pair]:
    """The spans of one weekday as pairs. Raises ValueError naming the weekday and the span."""
    if day.strip().lower() not in WEEKDAYS:
        raise ValueError(f"has {day!r}, which is no weekday; they are {', '.join(WEEKDAYS)}")
    listed = [spans] if isinstance(spans, str) else spans or []
    if not isinstance(listed, list):
        raise ValueError(f"of {day}: {spans!r} is no list of spans")
    pairs: list[Pair] = []
    for span in listed:
        text = "-".join(str(end) for end in span) if isinstance(span, list | tuple) else str(span)
        try:
            parse_span(text)
        except ValueError as error:
            raise ValueError(f"of {day}: {error}") from None
        begin, end = text.strip().split("-")
        pairs.append((begin, end))
    return pairs


def _check(change: Change[CalendarRow, CalendarBody]) -> Iterator[Fault]:
    both = set(change.body.closed) & {text.split()[0] for text in change.body.open}
    if both:
        yield Fault("open", f"has {sorted(both)[0]}, which is also closed; choose one")


CALENDARS = Kind("calendars", CalendarRow, CalendarBody, check=_check)
router = admin_router(CALENDARS)


def load_calendars(session: Session) -> tuple[CalendarConfig, ...]:
    """Every calendar, by id. Has the holidays ready for the floor, which must not wait for them."""
    configs = tuple(
        CalendarConfig(
            id=row.id,
            timezone=row.timezone,
            hours={
                day: tuple(f"{a}-{b}" for a, b in row.hours[day]) for day in WEEKDAYS if row.hours.get(day)
            },
            country=row.country,
            closed=tuple(row.closed),
            open=tuple(row.open),
        )
        for row in CALENDARS.all(session)
    )
    year = datetime.now(UTC).year
    for country in sorted({config.country for config in configs if config.country}):
        try:
            days_off.warm(country, year)
        except LookupError as error:
            log.warning("%s; calendars of this country give no answer", error)
    return configs
