"""What people write into cells: numbers, durations, dates and times."""

import math
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone

from forecasting.reading.sheets import Cell

_UNKNOWN = frozenset({"", "-", "--", "–", "na", "n/a", "nan", "null", "none", "#n/a"})
_DURATION = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2}(?:[.,]\d+)?)", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", re.ASCII)
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})(?!\d)", re.ASCII)
_TIME = re.compile(
    r"(\d{1,2})[:：时](\d{2})?分?(?:[:：](\d{2})(?:[.,]\d+)?)?\s*([ap])?\.?(?:m\.?)?"
    r"\s*(z|[+-]\d{2}:?\d{2})?",
    re.ASCII | re.IGNORECASE,
)
_RANGE = re.compile(
    r"((?:.*\D)?)(\d{1,2}[:：]\d{2}(?:\s*[ap]\.?m\.?)?)\s*[-–—~～至]\s*(\d{1,2}[:：]\d{2}(?:\s*[ap]\.?m\.?)?)",
    re.ASCII | re.IGNORECASE,
)
_OFFSET = re.compile(r"(?:utc|gmt)?\s*([+-])(\d{1,2})(?::?(\d{2}))?", re.ASCII | re.IGNORECASE)


class CellError(ValueError):
    """A cell does not say what its column should; the reason."""


# ------------------------------------------------------------------ numbers


def decimal_of(cells: Iterable[str]) -> str:
    """The decimal mark that numbers leave no doubt about: "," or ".", "" if none of them tells."""
    for cell in cells:
        if re.fullmatch(r"\d+,(\d{1,2}|\d{4,})|\d{1,3}(\.\d{3})+,\d+|0,\d+", cell, re.ASCII):
            return ","
        if re.fullmatch(r"\d+\.(\d{1,2}|\d{4,})|\d{1,3}(,\d{3})+\.\d+|0\.\d+", cell, re.ASCII):
            return "."
    return ""


def number(cell: Cell, decimal: str = ".", *, negative: bool = False) -> float:
    """A figure, NaN for an empty cell; ``negative`` says whether it may be. Raises CellError.

    ``decimal`` "" says that nobody knows the decimal mark; then 1,234 and 1.234 are refused.
    """
    if isinstance(cell, str) and cell.isdecimal() and cell.isascii():
        return float(cell)  # by far the most common
    if cell is None or (isinstance(cell, str) and cell.casefold() in _UNKNOWN):
        return math.nan
    if isinstance(cell, str):
        value = _spelt(cell, decimal)
    elif isinstance(cell, float):
        value = cell
    else:
        raise CellError(f"{cell} is a date or a time, not a number")
    if math.isinf(value):
        raise CellError(f"{cell} is infinite")
    if value < 0 and not negative:
        raise CellError(f"{_shown(cell)} is negative")
    return value


def _spelt(text: str, decimal: str) -> float:
    try:
        if text.isascii() and "_" not in text and "," not in text and (decimal == "." or "." not in text):
            return float(text)
    except ValueError:
        pass  # perhaps with thousands: below
    marks = re.sub(r"[\s'\u00a0\u202f’]", "", text)
    if not decimal and re.fullmatch(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", marks, re.ASCII):
        raise CellError(f"{text!r} may be above or below a thousand; say decimal=comma or decimal=point")
    mark = decimal or ("," if marks.rfind(",") > marks.rfind(".") and marks.count(",") == 1 else ".")
    thousands = "." if mark == "," else ","
    grouped = rf"[+-]?\d{{1,3}}(?:\{thousands}\d{{3}})+(?:\{mark}\d*)?"
    if re.fullmatch(grouped, marks, re.ASCII):
        marks = marks.replace(thousands, "")
    if not re.fullmatch(rf"[+-]?\d+(?:\{mark}\d*)?", marks, re.ASCII):
        raise CellError(f"{text!r} is no number")
    return float(marks.replace(mark, "."))


def seconds(cell: Cell, decimal: str = ".") -> float:
    """A duration in seconds, or written 3:25 or 0:03:25, NaN for an empty cell. Raises CellError."""
    if isinstance(cell, time):
        return cell.hour * 3600.0 + cell.minute * 60 + cell.second
    if isinstance(cell, str) and ":" in cell:
        found = _DURATION.fullmatch(cell)
        if found:
            hours, minutes, rest = found.groups()
            return int(hours or 0) * 3600 + int(minutes) * 60 + float(rest.replace(",", "."))
    return number(cell, decimal)


# ------------------------------------------------------------------ times


def moment(cell: Cell, order: str = "") -> tuple[datetime, bool]:
    """A date, perhaps with time and offset, and whether a time was given. Raises CellError.

    ``order`` says what 3/4/2026 is: "dmy" or "mdy". A range of time (09:00-09:30) is its beginning.
    """
    if isinstance(cell, datetime):
        # Excel keeps times as fractions of a day, which are a little beside the second.
        near = (cell + timedelta(milliseconds=500)).replace(microsecond=0)
        return near, near.time() != time(0)
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day), False
    if cell is None:
        raise CellError("there is no time")
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    text = _begin(text)
    try:
        # By far the most common way to write it, and the quickest to read.
        if len(text) >= 16 and text[4] == "-":
            return datetime.fromisoformat(text).replace(microsecond=0), True
    except ValueError:
        pass  # another way to write it: below
    day, rest = _day(text, order)
    rest = rest.strip().removeprefix("T").removeprefix("t").strip(" ,")
    if not rest:
        return datetime(day.year, day.month, day.day), False
    return _time(rest, text, day), True


def clock(cell: Cell, day: date) -> datetime:
    """A time of day on ``day``, perhaps a range, with an offset or after a date. Raises CellError."""
    if isinstance(cell, time):
        return datetime.combine(day, cell.replace(microsecond=0))
    if isinstance(cell, datetime):
        return datetime.combine(day, (cell + timedelta(milliseconds=500)).time().replace(microsecond=0))
    if cell is None:
        raise CellError("there is no time")
    text = _begin(str(cell))
    if isinstance(cell, float) and 0 <= cell < 1:
        return datetime.combine(day, time(0)) + timedelta(seconds=round(cell * 86_400))
    if not _TIME.fullmatch(text) and _YEAR_FIRST.match(text):
        whole, _ = moment(text)
        return datetime.combine(day, whole.timetz())
    return _time(text, text, day)


def offset(cell: Cell) -> timezone | None:
    """An offset from UTC (+08:00, +8, Z) as a time zone, None for an empty cell. Raises CellError."""
    if cell is None:
        return None
    text = f"{cell:+g}" if isinstance(cell, float) else str(cell)
    if text.casefold() in ("z", "utc", "gmt"):
        return UTC
    found = _OFFSET.fullmatch(text)
    if not found or int(found[2]) > 14:
        raise CellError(f"{text!r} is no offset from UTC; write it like +02:00")
    ahead = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return timezone(-ahead if found[1] == "-" else ahead)


def _day(text: str, order: str) -> tuple[date, str]:
    for pattern in (_YEAR_FIRST, _PACKED):
        found = pattern.match(text)
        if found:
            year, month, day = (int(part) for part in found.groups())
            return _date(year, month, day, text), text[found.end() :]
    found = _YEAR_LAST.match(text)
    if not found:
        raise CellError(f"{text!r} is no time; write it like 2026-03-02 09:30")
    first, mark, second, year = int(found[1]), found[2], int(found[3]), int(found[4])
    by_order = "dmy" if mark == "." else order
    if by_order not in ("dmy", "mdy"):
        raise CellError(f"{text!r}: say with date_order=dmy or mdy which is the day and which the month")
    day, month = (first, second) if by_order == "dmy" else (second, first)
    return _date(year, month, day, text), text[found.end() :]


def _date(year: int, month: int, day: int, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise CellError(f"{text!r} is a day that is in no calendar") from None


def _begin(text: str) -> str:
    """What stands before the end of a range of times; 09:00-05:00 is a time with its offset."""
    found = _RANGE.fullmatch(text)
    if found is None or found[1].endswith("T"):
        return text
    begins, ends = (tuple(int(part) for part in re.findall(r"\d+", found[n])) for n in (2, 3))
    half = any(mark in found[2].casefold() for mark in "ap")
    return found[1] + found[2] if half or begins < ends or ends == (0, 0) else text


def _time(rest: str, text: str, day: date) -> datetime:
    found = _TIME.fullmatch(rest)
    if not found:
        raise CellError(f"{text!r} is no time; write it like 2026-03-02 09:30")
    hour, minute, second = (int(found[n] or 0) for n in (1, 2, 3))
    half = (found[4] or "").lower()
    if half and not 1 <= hour <= 12:
        raise CellError(f"{text!r}: there is no hour {hour} of the half day")
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59 or second > 59:
        raise CellError(f"{text!r} is a time that is on no clock")
    zone = offset(found[5]) if found[5] else None
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone)


def _shown(cell: Cell) -> str:
    return f"{cell:g}" if isinstance(cell, float) else str(cell)
