"""Routes of drafts: making them, changing them by hand or by sheet, publishing them."""

import io
from dataclasses import replace
from typing import Annotated
from zipfile import BadZipFile, ZipFile

from fastapi import APIRouter, Body, Query, Response

from common.faults import NamedFaults
from common.problems import Problem as Refusal
from common.request_rows import Rows
from scheduling.bodies.rosters import (
    RosterChange,
    RosterChanged,
    RosterChangesBody,
    RosterDraftBody,
    RosterDraftShown,
    RosterDraftWhole,
    RosterPublishBody,
    RosterTrailShown,
    RosterVersionShown,
)
from scheduling.breaks import place_breaks
from scheduling.formats.errors import FormatError
from scheduling.formats.sheets import read_sheet, write_sheet
from scheduling.problem import Problem
from scheduling.records import drafts as store
from scheduling.records import publishing
from scheduling.records.archive import roster_of, verdict_of
from scheduling.records.cells import with_cells
from scheduling.records.differences import shown_roster, verdict_shown
from scheduling.records.problems import get_problem, sound
from scheduling.roster import Roster
from scheduling.routes.parts import (
    AS_XLSX,
    XLSX,
    Number,
    Planner,
    Reader,
    Rostered,
    Tag,
    as_sheet,
    author_of,
    ms,
)
from scheduling.routes.shown import draft_shown, version_shown

router = APIRouter(route_class=NamedFaults)
MOST_UNPACKED = 64 * 1024 * 1024
"""Bytes of a workbook once it is unpacked."""


@router.get("/drafts")
def list_drafts(
    _: Reader, rows: Rows, problem: Annotated[int | None, Query(ge=1, le=2_147_483_647)] = None
) -> list[RosterDraftShown]:
    """The latest two hundred drafts."""
    return [draft_shown(row, get_problem(rows, row.problem)) for row in store.drafts(rows, problem)]


@router.post("/drafts", status_code=201)
def create_draft(body: RosterDraftBody, who: Planner, rows: Rows, rostering: Rostered) -> RosterDraftShown:
    """A new draft."""
    row = store.create_draft(rows, body, author_of(who, rostering))
    return draft_shown(row, get_problem(rows, row.problem))


@router.get("/drafts/{number}")
def read_draft(number: Number, _: Reader, rows: Rows, answer: Response) -> RosterDraftWhole:
    """A draft with its roster and the whole verdict."""
    row = store.get_draft(rows, number)
    problem_row = get_problem(rows, row.problem)
    problem, shown = sound(problem_row), draft_shown(row, problem_row)
    answer.headers["ETag"] = f'"{shown.tag}"'
    return RosterDraftWhole(
        **shown.model_dump(),
        roster=shown_roster(problem, roster_of(row.body)),
        verdict=verdict_shown(problem, verdict_of(problem_row.body, row.body)),
    )


@router.delete("/drafts/{number}", status_code=204)
def delete_draft(number: Number, _: Planner, rows: Rows) -> None:
    """Delete a draft with its trail."""
    store.delete_draft(rows, number)


@router.post("/drafts/{number}/changes")
def change_draft(
    number: Number, body: RosterChangesBody, who: Planner, rows: Rows, rostering: Rostered, tag: Tag
) -> RosterChanged:
    """Change cells by hand; the judge says at once what that does."""
    done = store.change_draft(
        rows,
        number,
        lambda problem, roster: with_cells(problem, roster, body.changes),
        author_of(who, rostering),
        how="hand",
        note=body.note,
        tag=tag,
        dry=body.dry,
    )
    return _changed(done)


@router.get("/drafts/{number}/trail")
def read_trail(number: Number, _: Reader, rows: Rows) -> list[RosterTrailShown]:
    """Who changed what, the latest two hundred times."""
    return [
        RosterTrailShown(
            at=ms(row.at),
            by=row.by,
            how=row.how,  # type: ignore[arg-type]
            note=row.note,
            cost=row.cost,
            changes=row.changes,  # type: ignore[arg-type]
        )
        for row in store.trail_of(rows, number)
    ]


@router.get("/drafts/{number}/sheet", response_class=Response, responses=AS_XLSX)
def read_draft_sheet(number: Number, _: Reader, rows: Rows) -> Response:
    """The draft as a workbook."""
    row = store.get_draft(rows, number)
    problem = sound(get_problem(rows, row.problem))
    return as_sheet(f"draft-{number}", write_sheet(problem, roster_of(row.body)))


@router.put("/drafts/{number}/sheet")
def write_draft_sheet(
    number: Number,
    data: Annotated[bytes, Body(media_type=XLSX)],
    who: Planner,
    rows: Rows,
    rostering: Rostered,
    tag: Tag,
    dry: Annotated[bool, Query(description="only tell what would change")] = False,
) -> RosterChanged:
    """Make the draft what a workbook has; nothing is kept if anything in it is wrong."""
    done = store.change_draft(
        rows,
        number,
        lambda problem, roster: _from_sheet(problem, data, roster),
        author_of(who, rostering),
        how="sheet",
        tag=tag,
        dry=dry,
    )
    return _changed(done)


@router.get("/drafts/{number}/against")
def read_against(number: Number, _: Reader, rows: Rows) -> list[RosterChange]:
    """What publishing it would change."""
    row = store.get_draft(rows, number)
    return publishing.against_published(rows, get_problem(rows, row.problem), row.body)


@router.post("/drafts/{number}/publish", status_code=201)
def publish(
    number: Number, body: RosterPublishBody, who: Planner, rows: Rows, rostering: Rostered, tag: Tag
) -> RosterVersionShown:
    """Publish a draft: agents see it from now on."""
    row = store.get_draft(rows, number)
    if tag is not None and tag != str(row.saves):
        said = f"{row.changed_by} changed it meanwhile; look at it again."
        raise Refusal(412, "The draft was changed", said)
    made = publishing.publish(
        rows,
        get_problem(rows, row.problem),
        row.body,
        author_of(who, rostering),
        how="draft",
        note=body.note,
        despite=body.despite,
    )
    return version_shown(made, current=True)


def _changed(done: store.Changed) -> RosterChanged:
    return RosterChanged(
        draft=draft_shown(done.row, done.problem), changes=done.changes, difference=done.difference
    )


def _from_sheet(problem: Problem, data: bytes, before: Roster) -> Roster:
    try:
        with ZipFile(io.BytesIO(data)) as packed:
            size = sum(one.file_size for one in packed.infolist())
    except BadZipFile:
        raise Refusal(422, "This is no workbook", "Send an .xlsx file, as it was downloaded.") from None
    if size > MOST_UNPACKED:
        raise Refusal(413, "The workbook is too large", f"Unpacked it has {size} bytes.")
    try:
        return _with_breaks(problem, read_sheet(problem, data, before, "sheet"), before)
    except FormatError as error:
        errors = [{"at": f"row {one.line}", "message": one.reason} for one in error.wrongs[:200]]
        said = "; ".join(one.reason for one in error.wrongs[:5])
        raise Refusal(422, "The workbook cannot be used", f"{said}.", errors=errors) from None


def _with_breaks(problem: Problem, roster: Roster, before: Roster) -> Roster:
    """Breaks for the shifts that are new or have other hours: a sheet has none of them."""
    shifts = {one.id: one for one in problem.shifts}
    had = {(one.person, one.day, one.shift, one.start, one.length) for one in before.assignments}
    return Roster(
        tuple(
            one
            if one.breaks or (one.person, one.day, one.shift, one.start, one.length) in had
            else replace(one, breaks=place_breaks(shifts[one.shift], one.start, one.length))
            for one in roster.assignments
        )
    )
