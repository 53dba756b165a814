"""Counts of callers' calls by business type: by what a flow marked them with, or the number they dialled.

A call counts in the quarter of an hour it began in, whether it came to a queue or the flow served it alone.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from calls.figures import INTERVAL_US, NOTHING, Figures, number
from calls.tables import CallRow, VisitRow
from domain.instant import Instant

PURPOSE: Final = "purpose"
"""The mark that is meant where only a value is given."""
DIALLED: Final = "dialled"
"""Not a mark, but the number that was dialled."""
MOST_TYPES = 500
"""Business types that are listed: the most frequent ones, as a flow may mark calls with anything."""


@dataclass(frozen=True, slots=True)
class BusinessType:
    """Calls whose ``mark`` has this ``value``; as text ``complaint`` (a purpose) or ``product=loans``."""

    mark: str
    value: str

    @classmethod
    def parse(cls, text: str) -> "BusinessType":
        """What ``str`` of one gives."""
        mark, equals, value = text.partition("=")
        return cls(mark, value) if equals else cls(PURPOSE, text)

    def __str__(self) -> str:
        return self.value if self.mark == PURPOSE and "=" not in self.value else f"{self.mark}={self.value}"


@dataclass(frozen=True, slots=True)
class BusinessFigures:
    """Calls of a business type that began in a quarter of an hour.

    ``figures`` are of those that came to a queue, each once however many it saw; ``ivr`` are those the flow
    served alone.
    """

    figures: Figures = NOTHING
    ivr: int = 0


def business_types(session: Session, most: int = MOST_TYPES) -> list[BusinessType]:
    """The business types there are calls of, the most frequent first."""
    found: Counter[BusinessType] = Counter()
    incoming = CallRow.direction == "in"
    for marks, calls in session.execute(
        select(CallRow.marks, func.count()).where(incoming).group_by(CallRow.marks)
    ):
        for mark, value in json.loads(marks).items():
            found[BusinessType(mark, value)] += calls
    for dialled, calls in session.execute(
        select(CallRow.dialled, func.count()).where(incoming).group_by(CallRow.dialled)
    ):
        found[BusinessType(DIALLED, dialled)] += calls
    return [one for one, _ in found.most_common(most)]


def business_quarters(
    session: Session, of: BusinessType, start: Instant, end: Instant
) -> Sequence[tuple[int, BusinessFigures]]:
    """(start, figures) of the quarters of an hour from ``start`` up to ``end`` in which such calls began."""
    of_call = _per_call()
    columns: dict[str, ColumnElement[Any]] = {
        "offered": number(of_call.c.call.is_not(None)),
        "answered": number(of_call.c.answered > 0),
        "abandoned": number((of_call.c.answered == 0) & (CallRow.outcome == "abandoned")),
        "talk_us": func.coalesce(func.sum(of_call.c.talk_us), 0),
        "hold_us": func.coalesce(func.sum(of_call.c.hold_us), 0),
        "wrap_us": func.coalesce(func.sum(of_call.c.wrap_us), 0),
        "ivr": number(of_call.c.call.is_(None) & (CallRow.outcome == "self_served")),
    }
    quarter = CallRow.started - CallRow.started % INTERVAL_US
    rows = session.execute(
        select(quarter.label("quarter"), *(column.label(name) for name, column in columns.items()))
        .join(of_call, of_call.c.call == CallRow.id, isouter=True)
        .where(CallRow.direction == "in", CallRow.started >= start, CallRow.started < end, _is(of))
        .group_by("quarter")
        .order_by("quarter")
    )
    return [(int(row.quarter), _figures(row._mapping)) for row in rows]


def _per_call() -> Any:
    """The queue visits of each call, put together."""
    sums = [func.sum(getattr(VisitRow, name)).label(name) for name in ("talk_us", "hold_us", "wrap_us")]
    answered = number(VisitRow.outcome == "answered").label("answered")
    return select(VisitRow.call, answered, *sums).group_by(VisitRow.call).subquery()


def _is(of: BusinessType) -> ColumnElement[bool]:
    if of.mark == DIALLED:
        return CallRow.dialled == of.value
    # Marks are kept as JSON of texts, as json.dumps writes it; taking a pair out of it shows whether it is
    # there, alike in every database and minding capitals.
    pair = f"{json.dumps(of.mark)}: {json.dumps(of.value)}"
    return func.replace(CallRow.marks, pair, "") != CallRow.marks


def _figures(row: Any) -> BusinessFigures:
    # PostgreSQL gives sums of bigints as decimals.
    counted = {name: int(row[name]) for name in row if name not in ("quarter", "ivr")}
    return BusinessFigures(replace(NOTHING, **counted), int(row["ivr"]))
