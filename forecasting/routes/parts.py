"""What the planner's routes share: who may, the database, and what else of the platform they need."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal
from urllib.parse import quote

import numpy as np
from fastapi import Depends, Path, Query, Request, Response
from sqlalchemy.orm import Session

from common.auth import Signed, require
from common.auth.sessions import wall_clock
from common.problems import Problem
from common.rows import RowId
from domain.instant import Instant
from forecasting.bodies import SourceShown
from forecasting.columns import By
from forecasting.days import local, starts_of
from forecasting.history import Floats, History, Ints
from forecasting.jobs import Jobs
from forecasting.records.store import Author, Counts

Reader = Annotated[Signed, Depends(require("supervisor", "planner", "admin"))]
Planner = Annotated[Signed, Depends(require("planner", "admin"))]
Series = Annotated[RowId, Path(description="a series")]
Number = Annotated[int, Path(ge=1, le=2_147_483_647)]
Format = Annotated[Literal["json", "csv"], Query(description="as JSON, or as a file")]
MOST_POINTS = 40_000
"""Intervals of one picture."""


@dataclass(frozen=True, slots=True)
class Planning:
    """The planner's part of the platform, as ``app.state.planning``.

    ``counts`` is what the platform counted of a series, ``sources`` what it counts at all.
    """

    jobs: Jobs
    counts: Counts
    sources: Callable[[Session], Sequence[SourceShown]]
    clock: Callable[[], Instant] = wall_clock


def planning_of(request: Request) -> Planning:
    """The planner's part."""
    planning: Planning = request.app.state.planning
    return planning


Planned = Annotated[Planning, Depends(planning_of)]


def author_of(signed: Signed, planning: Planning) -> Author:
    """Who does this, now."""
    return Author(signed.user, planning.clock())


# ------------------------------------------------------------------ times


def ms(at_us: int) -> int:
    """Microseconds as milliseconds."""
    return at_us // 1000


def ms_or_none(at_us: int | None) -> int | None:
    """Microseconds as milliseconds, None for none."""
    return None if at_us is None else ms(at_us)


def starts_ms(starts: Ints) -> list[int]:
    """Seconds as milliseconds."""
    return [start * 1000 for start in starts.tolist()]


def column(values: Floats) -> list[float | None]:
    """Numbers of a picture: rounded to 4 digits, null where unknown."""
    finite = np.isfinite(values).tolist()
    rounded: list[float] = np.round(values, 4).tolist()
    return [value if ok else None for value, ok in zip(rounded, finite, strict=True)]


def number(value: float | None) -> float | None:
    """A figure, null where it cannot be said."""
    return None if value is None or not np.isfinite(value) else round(float(value), 4)


@dataclass(frozen=True, slots=True)
class Days:
    """Local days, both included; None for as far as there is anything."""

    first: date | None
    last: date | None


def days_asked(
    first: Annotated[date | None, Query(alias="from", description="the first day")] = None,
    last: Annotated[date | None, Query(alias="to", description="the last day")] = None,
) -> Days:
    """The days of a picture. Raises a 422 Problem if they end before they begin."""
    if first is not None and last is not None and last < first:
        raise Problem(422, "No days", f"{last} is before {first}.", at="to")
    return Days(first, last)


Asked = Annotated[Days, Depends(days_asked)]


def within(history: History, asked: Days, lately: int | None = None) -> History:
    """The part of a history on the days asked for; with ``lately`` by default only its last days."""
    if not len(history):
        return history
    first, last = asked.first, asked.last
    if first is None and lately is not None:
        ends, _ = local(history.starts[-1:], history.zone)
        first = (last or ends[0].item()) - timedelta(days=lately - 1)
    begin, end = 0, len(history)
    zero = np.zeros(1, dtype=np.int64)
    if first is not None:
        begin = int(np.searchsorted(history.starts, starts_of(_day(first), zero, history.zone)[0, 0]))
    if last is not None:
        after = starts_of(_day(last + timedelta(days=1)), zero, history.zone)[0, 0]
        end = int(np.searchsorted(history.starts, after))
    part = slice(begin, max(begin, end))
    measures = {name: values[part] for name, values in history.measures.items()}
    return History(
        history.starts[part], history.calls[part], history.interval_s, history.zone, measures, history.name
    )


def not_too_many(count: int, by: By) -> None:
    """Raises a 422 Problem for a picture of more points than anybody can see."""
    if by == "interval" and count > MOST_POINTS:
        said = f"These are {count} intervals; ask for fewer days, or by day."
        raise Problem(422, "Too many for one picture", said, at="by")


def as_csv(name: str, text: str) -> Response:
    """A file to keep; the byte order mark lets Excel read UTF-8."""
    # Ids may be Chinese, headers are not: RFC 6266 has a form for both.
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    whole = f"attachment; filename=\"{plain}.csv\"; filename*=UTF-8''{quote(name)}.csv"
    head = {"Content-Disposition": whole}
    return Response(f"\ufeff{text}", media_type="text/csv; charset=utf-8", headers=head)


def _day(day: date) -> np.ndarray[tuple[int, ...], np.dtype[np.datetime64]]:
    return np.array([day], dtype="datetime64[D]")
