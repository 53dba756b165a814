"""Accuracy reports and alarms of a series, from what is kept of it."""

from datetime import timedelta

import numpy as np
from sqlalchemy.orm import Session

from forecasting import forecast_store
from forecasting.alarm import LIMIT, RULE, Alarm
from forecasting.api_parts import Days, number, within
from forecasting.days import local
from forecasting.forecast_bodies import AlarmShown
from forecasting.forecast_store import Of
from forecasting.history import History
from forecasting.reviewing import Review, review, scales_of
from forecasting.tables import SeriesRow

LATELY = 90
"""Days a report is of, unless others are asked for; the alarm looks at so many."""


def report(session: Session, row: SeriesRow, history: History, of: Of, asked: Days) -> Review:
    """The accuracy of a series' forecasts on the days asked for, by default the last ``LATELY``."""
    span = within(history, asked, LATELY)
    begin, end = (int(span.starts[0]), int(span.starts[-1]) + 1) if len(span) else (0, 0)
    kept = list(forecast_store.kept(session, row.id, of, begin, end))
    return review(kept, span, scales_of(history))


def alarm_now(session: Session, row: SeriesRow, history: History) -> Alarm:
    """Whether the forecasts that counted, overrides included, have been off in one direction for long."""
    if not len(history):
        return report(session, row, history, "human", Days(None, None)).alarm
    days, _ = local(history.starts[-1:], history.zone)
    last = days[0].item()
    return report(session, row, history, "human", Days(last - timedelta(days=LATELY - 1), last)).alarm


def alarm_shown(row: SeriesRow, alarm: Alarm) -> AlarmShown:
    """An alarm for a page."""
    return AlarmShown(
        series=row.id,
        series_name=row.name,
        sounding=alarm.sounding,
        direction=alarm.direction,
        since=None if alarm.since is None else alarm.since.item(),
        raised=None if alarm.raised is None else alarm.raised.item(),
        mean_error_percent=number(alarm.mean_error_percent),
        signal=round(alarm.signal, 3) if np.isfinite(alarm.signal) else 0.0,
        limit=LIMIT,
        days=alarm.days,
        rule=RULE,
    )
