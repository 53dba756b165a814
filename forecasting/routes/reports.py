"""Accuracy reports and alarms of a series, from what is kept of it."""

from datetime import date
from typing import cast

import numpy as np
from sqlalchemy.orm import Session

from forecasting.alarm import LIMIT, RULE, Alarm
from forecasting.forecast_bodies import AlarmShown
from forecasting.history import History
from forecasting.records import forecast_store
from forecasting.records.forecast_store import Of
from forecasting.reviewing import Kept, Review, bias_alarm, review, scales_of
from forecasting.routes.parts import Days, number, within
from forecasting.tables import SeriesRow

LATELY = 90
"""Days a report is of, unless others are asked for; the alarm looks at so many."""


def report(session: Session, row: SeriesRow, history: History, of: Of, asked: Days) -> Review:
    """The accuracy of a series' forecasts on the days asked for, by default the last ``LATELY``."""
    span = within(history, asked, LATELY)
    return review(_kept(session, row, span, of), span, scales_of(history))


def alarm_now(session: Session, row: SeriesRow, history: History) -> Alarm:
    """Whether the forecasts that counted lately, overrides included, are off in one direction for long."""
    span = within(history, Days(None, None), LATELY)
    return bias_alarm(_kept(session, row, span, "human"), span)


def _kept(session: Session, row: SeriesRow, span: History, of: Of) -> list[Kept]:
    begin, end = (int(span.starts[0]), int(span.starts[-1]) + 1) if len(span) else (0, 0)
    return list(forecast_store.kept(session, row.id, of, begin, end))


def alarm_shown(row: SeriesRow, alarm: Alarm) -> AlarmShown:
    """An alarm for a page."""
    return AlarmShown(
        series=row.id,
        series_name=row.name,
        sounding=alarm.sounding,
        direction=alarm.direction,
        since=_date(alarm.since),
        raised=_date(alarm.raised),
        mean_error_percent=number(alarm.mean_error_percent),
        signal=round(alarm.signal, 3) if np.isfinite(alarm.signal) else 0.0,
        limit=LIMIT,
        days=alarm.days,
        rule=RULE,
    )


def _date(day: np.datetime64 | None) -> date | None:
    return None if day is None else cast(date, day.astype("datetime64[D]").item())
