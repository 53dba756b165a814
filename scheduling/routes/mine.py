"""Routes of an agent's own roster, requests and calendar; nobody sees anybody else's here."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from common.auth import Signed, require
from common.auth.slowing import network
from common.faults import NamedFaults
from common.problems import Problem as Refusal
from common.request_rows import Rows
from scheduling.bodies.adherence import PersonAdherence
from scheduling.bodies.mine import MyFeed, MyRoster, MyWaiting, RosterColleague
from scheduling.bodies.requests import RosterRequestBody, RosterRequestShown, RosterRequestVerdict
from scheduling.records import asked, deciding, feeds
from scheduling.records import mine as store
from scheduling.records.adhering import my_adherence
from scheduling.records.archive import Author
from scheduling.records.mine import Days
from scheduling.routes.parts import DECIDERS, Asked, Me, Number, Rostered, Rostering, ms_or_none, today
from scheduling.routes.shown import request_shown

router = APIRouter(route_class=NamedFaults)
BEFORE, AHEAD = timedelta(days=31), timedelta(days=366)
"""The days a calendar feed has."""
AS_CALENDAR = {200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}}


@router.get("/mine")
def read_mine(me: Me, rows: Rows, rostering: Rostered, days: Asked) -> MyRoster:
    """My published days, and which of them changed of late."""
    return store.my_roster(rows, me, days, rostering.clock())


@router.get("/mine/waiting")
def read_waiting(who: Annotated[Signed, Depends(require())], rows: Rows) -> MyWaiting:
    """How many requests wait for me: to decide, where I may, and to agree to."""
    return MyWaiting(
        decide=asked.to_decide(rows) if who.role in DECIDERS else 0,
        agree=asked.to_agree(rows, who.agent) if who.agent else 0,
    )


@router.get("/mine/adherence")
def read_my_adherence(me: Me, rows: Rows, rostering: Rostered, days: Asked) -> list[PersonAdherence]:
    """How I kept to my roster, period by period."""
    return my_adherence(rows, me, days, rostering.clock())


@router.get("/mine/colleagues")
def read_colleagues(
    me: Me,
    rows: Rows,
    rostering: Rostered,
    day: Annotated[date | None, Query(description="who is in the roster of this day, and works what")] = None,
) -> list[RosterColleague]:
    """Those I could swap with."""
    return store.colleagues(rows, me, today(rostering), day)


@router.get("/mine/requests")
def read_my_requests(me: Me, rows: Rows, rostering: Rostered) -> list[RosterRequestShown]:
    """What I asked for, and what I am asked to agree to."""
    names = rostering.agents(rows)
    found = [(row, request_shown(row, names, to=me)) for row in asked.requests_of(rows, me)]
    for row, shown in found:
        if row.state in asked.OPEN and row.kind in asked.FOR_TWO:
            shown.gives, shown.takes = store.exchanged(rows, row)
    return [shown for _, shown in found]


@router.post("/mine/requests", status_code=201)
def ask(body: RosterRequestBody, me: Me, rows: Rows, rostering: Rostered) -> RosterRequestShown:
    """Ask for something; the judge says at once whether it may be."""
    row = asked.ask(rows, me, body, _author(me, rostering))
    return request_shown(row, rostering.agents(rows), to=me)


@router.post("/mine/requests/preview")
def preview(body: RosterRequestBody, me: Me, rows: Rows, rostering: Rostered) -> RosterRequestVerdict | None:
    """What the judge would say; null where no roster of that day is published yet."""
    row = asked.preview(rows, me, body, _author(me, rostering))
    return request_shown(row, {}, to=me).verdict


@router.post("/mine/requests/{number}/agree")
def agree(number: Number, me: Me, rows: Rows, rostering: Rostered) -> RosterRequestShown:
    """Agree to what a colleague asks me."""
    row = deciding.agree(rows, number, me, _author(me, rostering))
    return request_shown(row, rostering.agents(rows), to=me)


@router.post("/mine/requests/{number}/decline")
def decline(number: Number, me: Me, rows: Rows, rostering: Rostered) -> RosterRequestShown:
    """Do not agree to it."""
    row = deciding.decline(rows, number, me, _author(me, rostering))
    return request_shown(row, rostering.agents(rows), to=me)


@router.post("/mine/requests/{number}/withdraw")
def withdraw(number: Number, me: Me, rows: Rows, rostering: Rostered) -> RosterRequestShown:
    """Take a request of mine back."""
    row = deciding.withdraw(rows, number, me, _author(me, rostering))
    return request_shown(row, rostering.agents(rows), to=me)


@router.get("/mine/feed")
def read_feed(me: Me, rows: Rows) -> MyFeed:
    """Whether I have a calendar feed."""
    return MyFeed(made_at=ms_or_none(feeds.made_at(rows, me)), path=None)


@router.post("/mine/feed", status_code=201)
def renew_feed(me: Me, rows: Rows, rostering: Rostered) -> MyFeed:
    """A new address for my calendar; the old one ends."""
    now = rostering.clock()
    token = feeds.renew(rows, me, now)
    return MyFeed(made_at=ms_or_none(now), path=f"/api/rosters/feeds/{token}.ics")


@router.delete("/mine/feed", status_code=204)
def end_feed(me: Me, rows: Rows) -> None:
    """No calendar any more."""
    feeds.end(rows, me)


@router.get("/feeds/{token}", response_class=Response, responses=AS_CALENDAR)  # type: ignore[arg-type]
def read_calendar(
    token: Annotated[str, Path(max_length=100)], request: Request, rows: Rows, rostering: Rostered
) -> Response:
    """My roster for calendar programs, which cannot sign in: whoever has the address may read it."""
    person = feeds.person_of(rows, token.removesuffix(".ics"))
    if person is None:
        address = network(request.client.host if request.client else "")
        if not rostering.strangers.passes(address):
            raise Refusal(429, "Too many requests", "Wait a minute, then ask for the right address.")
        raise Refusal(404, "No such calendar", "Its address may have been renewed; look it up on your page.")
    day = today(rostering)
    data = store.my_calendar(rows, person, Days(day - BEFORE, day + AHEAD))
    return Response(data, media_type="text/calendar; charset=utf-8")


def _author(me: str, rostering: Rostering) -> Author:
    return Author(me, rostering.clock())
