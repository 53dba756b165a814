"""Complaints for supervisors: all of them, newest first, and each by its number."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from common.auth import Signed, require
from common.db import DbSession
from common.problems import Problem
from crm_bridge import complaints_database
from crm_bridge.complaints import Category, Channel, Complaint, Status

router = APIRouter(prefix="/api/complaints", tags=["complaints"])
Supervising = Annotated[Signed, Depends(require("supervisor", "admin"))]


class ComplaintShown(BaseModel):
    """A complaint; ``taken`` in ms since the epoch, ``recording`` names a recording of the history."""

    number: str
    taken: int
    status: Status
    category: Category
    channel: Channel
    purpose: str
    call: str
    customer: str | None
    caller: str
    contact: str
    text: str
    recording: str
    language: str
    read_back: bool


class ComplaintsPage(BaseModel):
    """Some complaints, newest first; ``next`` is the ``before`` of the next page."""

    complaints: list[ComplaintShown]
    next: str | None


@router.get("")
def search(
    session: DbSession,
    _signed: Supervising,
    status: Annotated[Status | None, Query()] = None,
    category: Annotated[Category | None, Query()] = None,
    customer: Annotated[str, Query(max_length=64)] = "",
    call: Annotated[str, Query(max_length=64)] = "",
    before: Annotated[
        str, Query(pattern=r"^(\d{1,18}\.C\d{8}-\d{4,9})?$", description="next of the page before")
    ] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ComplaintsPage:
    """Complaints, newest first."""
    at, _, number = before.partition(".")
    found, more = complaints_database.page(
        session,
        limit,
        (int(at), number) if before else None,
        status=status or "",
        category=category or "",
        customer=customer,
        call=call,
    )
    return ComplaintsPage(
        complaints=[_shown(one) for one in found], next=f"{more[0]}.{more[1]}" if more else None
    )


@router.get("/{id}")
def read(id: str, session: DbSession, _signed: Supervising) -> ComplaintShown:
    """A complaint."""
    found = complaints_database.get(session, id)
    if found is None:
        raise Problem(404, "No such complaint", f"There is no complaint {id}.")
    return _shown(found)


def _shown(one: Complaint) -> ComplaintShown:
    return ComplaintShown(
        number=one.number,
        taken=one.taken // 1000,
        status=one.status,
        category=one.category,
        channel=one.channel,
        purpose=one.purpose,
        call=one.call,
        customer=one.customer,
        caller=one.caller,
        contact=one.contact,
        text=one.text,
        recording=one.recording,
        language=one.language,
        read_back=one.read_back,
    )
