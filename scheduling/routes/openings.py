"""Routes of open shifts: planners open them, agents bid, and who decides approves bids as other requests."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query

from common.faults import NamedFaults
from common.request_rows import Rows
from scheduling.bodies.requests import RosterRequestShown
from scheduling.bodies.revising import (
    MyBidBody,
    MyOpening,
    RosterBid,
    RosterOpeningBody,
    RosterOpeningShown,
    RosterOpeningWhole,
)
from scheduling.records import openings as store
from scheduling.records.archive import Author
from scheduling.records.places import get_opening
from scheduling.routes.parts import (
    Me,
    Number,
    OfGroup,
    Planner,
    Reader,
    Rostered,
    author_of,
    ms,
)
from scheduling.routes.shown import request_shown
from scheduling.tables import OpeningRow

router = APIRouter(route_class=NamedFaults)


@router.post("/versions/{number}/openings", status_code=201)
def open_shift(
    number: Number, body: RosterOpeningBody, who: Planner, rows: Rows, rostering: Rostered
) -> RosterOpeningShown:
    """Open a shift of a published roster to bids."""
    made = store.open_shift(rows, number, body, author_of(who, rostering))
    return _shown(made, {})


@router.get("/openings")
def list_openings(
    _: Reader,
    rows: Rows,
    group: OfGroup = None,
    open: Annotated[bool | None, Query(description="only those still open, or only the others")] = None,
) -> list[RosterOpeningShown]:
    """The latest two hundred open shifts."""
    found = store.openings(rows, group, open)
    waiting = store.waiting(rows, found)
    return [_shown(row, waiting) for row in found]


@router.get("/openings/{number}")
def read_opening(number: Number, _: Reader, rows: Rows, rostering: Rostered) -> RosterOpeningWhole:
    """An open shift with its bids in turn."""
    row = get_opening(rows, number)
    names = rostering.agents(rows)
    found = [
        RosterBid(
            turn=place,
            request=request_shown(bid, names),
            seniority=turn.seniority,
            taken=turn.taken,
            minutes=turn.minutes,
        )
        for place, (bid, turn) in enumerate(store.bids(rows, row), 1)
    ]
    return RosterOpeningWhole(**_shown(row, {row.id: len(found)}).model_dump(), in_turn=found)


@router.post("/openings/{number}/close")
def close_opening(number: Number, who: Planner, rows: Rows, rostering: Rostered) -> RosterOpeningShown:
    """No more bids; those that wait are refused."""
    return _shown(store.close(rows, number, author_of(who, rostering)), {})


@router.get("/mine/openings")
def list_my_openings(me: Me, rows: Rows, rostering: Rostered) -> list[MyOpening]:
    """What is open in my rosters, by day."""
    return [
        MyOpening(
            id=row.id,
            group=row.group,
            day=row.day,  # type: ignore[arg-type]
            shift=row.shift,
            name=row.name,
            start=row.begin_minute,
            length=row.length,
            places=row.places,
            given=row.given,
            note=row.note,
            able=not why,
            why=why,
            mine=bid,
        )
        for row, why, bid in store.mine(rows, me, rostering.clock())
    ]


@router.post("/mine/openings/{number}/bid", status_code=201)
def bid(number: Number, body: MyBidBody, me: Me, rows: Rows, rostering: Rostered) -> RosterRequestShown:
    """Bid for an open shift; the judge says at once whether it may be."""
    row = store.bid(rows, number, me, body.words, Author(me, rostering.clock()))
    return request_shown(row, rostering.agents(rows), to=me)


def _shown(row: OpeningRow, waiting: Mapping[int, int]) -> RosterOpeningShown:
    return RosterOpeningShown(
        id=row.id,
        group=row.group,
        start=row.start,  # type: ignore[arg-type]
        day=row.day,  # type: ignore[arg-type]
        shift=row.shift,
        name=row.name,
        begin_minute=row.begin_minute,
        length=row.length,
        places=row.places,
        given=row.given,
        bids=waiting.get(row.id, 0),
        skills=row.skills,
        note=row.note,
        state=row.state,  # type: ignore[arg-type]
        at=ms(row.at),
        by=row.by,
    )
