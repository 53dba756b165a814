"""Routes of proposals: a roster made better, looked at, and accepted."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Query
from sqlalchemy.orm import Session

from common.faults import NamedFaults
from common.jobs import ahead_of
from common.request_rows import Rows
from scheduling.bodies.revising import (
    RosterAcceptBody,
    RosterAccepted,
    RosterProposalBody,
    RosterProposalShown,
    RosterProposed,
)
from scheduling.records import proposals as store
from scheduling.routes.parts import (
    Number,
    Planner,
    Reader,
    Rostered,
    Rostering,
    author_of,
    ms,
    ms_or_none,
)
from scheduling.tables import ProposalRow

router = APIRouter(route_class=NamedFaults)
Of = Annotated[int | None, Query(ge=1, le=2_147_483_647)]


@router.post("/drafts/{number}/proposals", status_code=202)
def propose_for_draft(
    number: Number,
    body: RosterProposalBody,
    who: Planner,
    rows: Rows,
    rostering: Rostered,
    after: BackgroundTasks,
) -> RosterProposalShown:
    """Let a day of a draft, its breaks or its reserve be planned anew; the draft does not change yet."""
    row = store.propose(rows, body, author_of(who, rostering), draft=number)
    return _queued(rows, rostering, row, after)


@router.post("/versions/{number}/proposals", status_code=202)
def propose_for_version(
    number: Number,
    body: RosterProposalBody,
    who: Planner,
    rows: Rows,
    rostering: Rostered,
    after: BackgroundTasks,
) -> RosterProposalShown:
    """The same of the published roster that is in force."""
    row = store.propose(rows, body, author_of(who, rostering), version=number)
    return _queued(rows, rostering, row, after)


@router.get("/proposals")
def list_proposals(
    _: Reader, rows: Rows, rostering: Rostered, draft: Of = None, version: Of = None
) -> list[RosterProposalShown]:
    """The latest hundred, without what they propose."""
    return [_shown(rows, rostering, row, None) for row in store.proposals(rows, draft, version)]


@router.get("/proposals/{number}")
def read_proposal(number: Number, _: Reader, rows: Rows, rostering: Rostered) -> RosterProposalShown:
    """How far it is, and what it proposes once it is done."""
    return _whole(rows, rostering, store.get_proposal(rows, number))


@router.post("/proposals/{number}/cancel")
def cancel_proposal(number: Number, _: Planner, rows: Rows, rostering: Rostered) -> RosterProposalShown:
    """It is not wanted any more."""
    return _shown(rows, rostering, rostering.proposals.cancel(rows, number), None)


@router.post("/proposals/{number}/accept")
def accept_proposal(
    number: Number, body: RosterAcceptBody, who: Planner, rows: Rows, rostering: Rostered
) -> RosterProposalShown:
    """Let it be: the draft changes, or the next version is published."""
    return _whole(rows, rostering, store.accept(rows, number, body, author_of(who, rostering)))


def _queued(
    rows: Session, rostering: Rostering, row: ProposalRow, after: BackgroundTasks
) -> RosterProposalShown:
    rostering.proposals.add(rows, row)
    after.add_task(rostering.proposals.nudge)  # after the commit, which is before the answer
    return _shown(rows, rostering, row, None)


def _whole(rows: Session, rostering: Rostering, row: ProposalRow) -> RosterProposalShown:
    proposed = None if row.proposed is None else RosterProposed.model_validate(row.proposed)
    return _shown(rows, rostering, row, proposed)


def _shown(
    rows: Session, rostering: Rostering, row: ProposalRow, proposed: RosterProposed | None
) -> RosterProposalShown:
    share, stage = rostering.proposals.progress(row)
    accepted = None
    if row.accepted_at is not None:
        accepted = RosterAccepted(
            at=ms(row.accepted_at), by=row.accepted_by, draft=row.made_draft, version=row.made_version
        )
    return RosterProposalShown(
        id=row.id,
        kind=row.kind,  # type: ignore[arg-type]
        draft=row.draft,
        version=row.version,
        group=row.group,
        day=row.day,  # type: ignore[arg-type]
        asked=row.asked,
        state=row.state,  # type: ignore[arg-type]
        progress=round(share, 4),
        stage=stage,
        trouble=row.trouble,
        by=row.by,
        asked_at=ms(row.asked_at),
        begun_at=ms_or_none(row.begun_at),
        ended_at=ms_or_none(row.ended_at),
        ahead=ahead_of(rows, ProposalRow, row),
        proposed=proposed,
        accepted=accepted,
    )
