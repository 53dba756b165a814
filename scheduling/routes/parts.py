"""What the rosters' routes share: who may, the database, and what else of the platform they need."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from fastapi import Depends, Header, Path, Query, Request, Response
from sqlalchemy.orm import Session

from common.auth import Signed, require
from common.auth.sessions import wall_clock
from common.jobs import Jobs
from common.problems import Problem
from common.rate import Rate
from common.rows import RowId
from domain.instant import Instant
from scheduling.records.archive import Author
from scheduling.records.mine import Days
from scheduling.tables import ProposalRow, RosterJobRow

DECIDERS: Final = ("supervisor", "planner", "admin")
Reader = Annotated[Signed, Depends(require("supervisor", "planner", "admin"))]
Decider = Annotated[Signed, Depends(require(*DECIDERS))]
"""Requests are decided by supervisors too."""
Planner = Annotated[Signed, Depends(require("planner", "admin"))]
Number = Annotated[int, Path(ge=1, le=2_147_483_647)]
OfGroup = Annotated[RowId | None, Query(description="a group's only")]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AS_XLSX: dict[int | str, dict[str, Any]] = {200: {"content": {XLSX: {"schema": {"type": "string"}}}}}
MOST_DAYS = 400
"""Days of one picture of an agent's own roster."""
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(9000, 1, 1)
"""Days that may be asked for: those around them are days as well."""


def _nobody(_: Session) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Rostering:
    """The rosters' part of the platform, as ``app.state.rostering``: ``jobs`` of the solver, ``proposals``.

    ``agents`` are the platform's, by id with their names; ``strangers`` counts who asks for feeds that are
    not there, by address.
    """

    jobs: Jobs[RosterJobRow]
    proposals: Jobs[ProposalRow]
    agents: Callable[[Session], Mapping[str, str]] = _nobody
    clock: Callable[[], Instant] = wall_clock
    strangers: Rate[str] = field(default_factory=lambda: Rate(20, 0.2))

    def start(self) -> None:
        """Begin with long work, and with proposals, which never wait for it. Blocks, as ``stop`` does."""
        self.jobs.start()
        self.proposals.start()

    def stop(self) -> None:
        """Stop both."""
        self.jobs.stop()
        self.proposals.stop()


def rostering_of(request: Request) -> Rostering:
    """The rosters' part."""
    rostering: Rostering = request.app.state.rostering
    return rostering


Rostered = Annotated[Rostering, Depends(rostering_of)]


def author_of(signed: Signed, rostering: Rostering) -> Author:
    """Who does this, now."""
    return Author(signed.user, rostering.clock())


def agent_of(signed: Annotated[Signed, Depends(require())]) -> str:
    """The agent who is signed in. Raises a 409 Problem for a user who is none."""
    if signed.agent is None:
        raise Problem(
            409, "Not an agent", f"{signed.user} is linked to no agent; an administrator links users."
        )
    return signed.agent


Me = Annotated[str, Depends(agent_of)]


def tag_of(
    if_match: Annotated[
        str | None, Header(description="the draft's tag, to change it as it was seen")
    ] = None,
) -> str | None:
    """The tag that was sent, without its quotes."""
    return None if if_match is None else if_match.strip().removeprefix("W/").strip('"')


Tag = Annotated[str | None, Depends(tag_of)]


def ms(at_us: int) -> int:
    """Microseconds as milliseconds."""
    return at_us // 1000


def ms_or_none(at_us: int | None) -> int | None:
    """Microseconds as milliseconds, None for none."""
    return None if at_us is None else ms(at_us)


def today(rostering: Rostering, zone: str = "UTC") -> date:
    """The local day."""
    return datetime.fromtimestamp(rostering.clock() / 1e6, ZoneInfo(zone)).date()


def days_asked(
    rostering: Rostered,
    first: Annotated[date | None, Query(alias="from", description="the first day")] = None,
    last: Annotated[date | None, Query(alias="to", description="the last day")] = None,
) -> Days:
    """The days asked for, six weeks from a week ago on by default. Raises a 422 Problem for none or many."""
    for name, day in (("from", first), ("to", last)):
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise Problem(422, "No such days", f"Ask for days from {FIRST_DAY} to {LAST_DAY}.", at=name)
    begin = first or (last or today(rostering)) - timedelta(days=7)
    end = last or begin + timedelta(days=42)
    if end < begin:
        raise Problem(422, "No days", f"{end} is before {begin}.", at="to")
    if (end - begin).days >= MOST_DAYS:
        raise Problem(422, "Too many days", f"Ask for {MOST_DAYS} days at most.", at="to")
    return Days(begin, end)


Asked = Annotated[Days, Depends(days_asked)]


def span(days: Days) -> tuple[Instant, Instant]:
    """Instants between which these days are, in whatever zone."""
    begin = datetime.combine(days.first, time(), UTC) - timedelta(hours=14)
    end = datetime.combine(days.last, time(), UTC) + timedelta(hours=36)
    return Instant(round(begin.timestamp()) * 1_000_000), Instant(round(end.timestamp()) * 1_000_000)


def as_sheet(name: str, data: bytes) -> Response:
    """A workbook to keep."""
    head = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return Response(data, media_type=XLSX, headers=head)
