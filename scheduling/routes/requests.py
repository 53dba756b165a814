"""Routes of requests, for those who decide them."""

from typing import Annotated

from fastapi import APIRouter, Query

from common.faults import NamedFaults
from common.request_rows import Rows
from scheduling.bodies.requests import (
    RequestState,
    RosterDecisionBody,
    RosterRequestShown,
    RosterRequestWhole,
)
from scheduling.records import asked as store
from scheduling.records import deciding
from scheduling.routes.parts import Decider, Number, OfGroup, Rostered, author_of
from scheduling.routes.shown import request_shown

router = APIRouter(route_class=NamedFaults)


@router.get("/requests")
def list_requests(
    _: Decider,
    rows: Rows,
    rostering: Rostered,
    state: Annotated[RequestState | None, Query()] = None,
    group: OfGroup = None,
    open: Annotated[bool | None, Query(description="only those that wait, or only those that do not")] = None,
) -> list[RosterRequestShown]:
    """The latest five hundred requests, as they were judged last."""
    names = rostering.agents(rows)
    return [request_shown(row, names) for row in store.requests(rows, state, group, open)]


@router.get("/requests/{number}")
def read_request(number: Number, _: Decider, rows: Rows, rostering: Rostered) -> RosterRequestWhole:
    """A request, judged against the roster as it is now, with the days it is about."""
    row = store.get_request(rows, number)
    store.look_again(rows, [row])
    seen = store.picture(rows, row)
    shown = request_shown(row, rostering.agents(rows))
    return RosterRequestWhole(
        **shown.model_dump(), beside=list(seen.beside), cover=list(seen.cover), shifts=dict(seen.shifts)
    )


@router.post("/requests/{number}/approve")
def approve(
    number: Number, body: RosterDecisionBody, who: Decider, rows: Rows, rostering: Rostered
) -> RosterRequestShown:
    """Approve: the published roster gets a new version with it."""
    row = deciding.approve(rows, number, body, author_of(who, rostering), who.agent)
    return request_shown(row, rostering.agents(rows))


@router.post("/requests/{number}/refuse")
def refuse(
    number: Number, body: RosterDecisionBody, who: Decider, rows: Rows, rostering: Rostered
) -> RosterRequestShown:
    """Refuse."""
    row = deciding.refuse(rows, number, body, author_of(who, rostering))
    return request_shown(row, rostering.agents(rows))
