"""Which days a forecast is wanted for, and in what pieces."""

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np

from forecasting.calendar import DayCalendar
from forecasting.days import Dates, DayGrid
from forecasting.models.base import ForecastError
from forecasting.models.features import usual_weekdays

Piece = Literal["slot", "week", "month"]
DAY_S = 86_400
LONGEST_DAYS = 800
_SPAN = re.compile(r"([1-9]\d{0,2})\s*(d|day|days|w|week|weeks)?")
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_YEAR = re.compile(r"[12]\d{3}")
_INTERVAL = re.compile(r"(\d{1,4})\s*(s|sec|min|m|h|hour|hours|d|day)")


@dataclass(frozen=True, slots=True)
class Horizon:
    """``first`` and ``last`` day wanted, both included; ``today``: the rest of the history's last day."""

    first: np.datetime64
    last: np.datetime64
    today: bool = False


@dataclass(frozen=True, slots=True)
class Interval:
    """The pieces of a forecast: slots of ``seconds`` (at most a day), or whole weeks or months of days."""

    seconds: int
    piece: Piece = "slot"


def check_horizon(text: str) -> str:
    """``text`` as it will be read. Raises ForecastError if it is no horizon for any history."""
    words = text.strip().lower()
    if words in ("today", "month", "year") or any(p.fullmatch(words) for p in (_SPAN, _MONTH, _YEAR)):
        return words
    raise ForecastError(f"{text!r} is no horizon; write 28d, 4w, month, 2026-12, year, 2027, or today")


def read_horizon(text: str, last_day: np.datetime64) -> Horizon:
    """``28d``, ``4w``, ``month`` (the next), ``2026-12``, ``year`` (the next), ``2027`` or ``today``.

    ``last_day`` is the last one of the history. Raises ForecastError for what is none of these, is over, or
    is too far ahead.
    """
    last_day = last_day.astype("datetime64[D]")
    tomorrow = last_day + 1
    words = check_horizon(text)
    if words == "today":
        return Horizon(last_day, last_day, today=True)
    span = _SPAN.fullmatch(words)
    if words == "month" or _MONTH.fullmatch(words):
        begin = last_day.astype("datetime64[M]") + 1 if words == "month" else np.datetime64(words, "M")
        horizon = Horizon(begin.astype("datetime64[D]"), (begin + 1).astype("datetime64[D]") - 1)
    elif words == "year" or _YEAR.fullmatch(words):
        start = last_day.astype("datetime64[Y]") + 1 if words == "year" else np.datetime64(words, "Y")
        horizon = Horizon(start.astype("datetime64[D]"), (start + 1).astype("datetime64[D]") - 1)
    else:
        days = int(span[1]) * (7 if (span[2] or "d").startswith("w") else 1) if span else 0
        horizon = Horizon(tomorrow, last_day + days)
    if horizon.last < tomorrow:
        raise ForecastError(f"{text}: the history reaches to {last_day}, that is over")
    if (horizon.last - last_day).astype(int) > LONGEST_DAYS:
        raise ForecastError(
            f"{text}: that ends more than {LONGEST_DAYS} days after {last_day}; a year is enough"
        )
    return Horizon(max(horizon.first, tomorrow), horizon.last)


def read_interval(text: str) -> Interval:
    """``30min``, ``1h``, ``day``, ``week`` or ``month``. Raises ForecastError for what is none of these."""
    words = text.strip().lower()
    if words in ("week", "month"):
        return Interval(DAY_S, "week" if words == "week" else "month")
    found = _INTERVAL.fullmatch("1day" if words == "day" else "1h" if words == "hour" else words)
    if found:
        seconds = int(found[1]) * {"s": 1, "m": 60, "h": 3600, "d": DAY_S}[found[2][0]]
        if 0 < seconds <= DAY_S and DAY_S % seconds == 0:
            return Interval(seconds)
    raise ForecastError(f"{text!r} is no interval; write 15min, 30min, 1h, day, week or month")


def open_days(grid: DayGrid, calendar: DayCalendar, first: np.datetime64, last: np.datetime64) -> Dates:
    """The days from ``first`` to ``last`` on which calls can be expected.

    Weekdays that usually occur in the history and make-up days; holidays, if those of the past mostly have
    data (if there were none: if no weekday is missing); no closed days.
    """
    every = np.arange(first.astype("datetime64[D]"), last.astype("datetime64[D]") + 1)
    days = grid.days.astype("datetime64[D]")
    table = calendar.table(every)
    usual = usual_weekdays(days.astype(np.int64))
    expected = np.asarray(usual[table.weekday] | (table.kind == "make_up"))
    if (table.kind == "holiday").any():
        span = np.arange(days[0], days[-1] + 1)
        was = calendar.table(span)
        holidays = span[(was.kind == "holiday") & usual[was.weekday]]
        there = np.isin(holidays, days).mean() if len(holidays) else float(usual.all())
        if there < 0.5:
            expected &= table.kind != "holiday"
    return np.asarray(every[expected & (table.kind != "closed")])
