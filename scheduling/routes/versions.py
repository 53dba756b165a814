"""Routes of published rosters, and of how they were kept to."""

from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query, Response

from common.csv_text import AS_CSV, WantsCsv, csv_response, local
from common.faults import NamedFaults
from common.request_rows import Rows
from scheduling.bodies.adherence import AdherenceShown, PersonAdherence
from scheduling.bodies.base import Id
from scheduling.bodies.rosters import RosterVerdict, RosterVersionShown, RosterVersionWhole
from scheduling.formats.sheets import write_sheet
from scheduling.records import versions as store
from scheduling.records.adhering import adherence_of, person_adherence
from scheduling.records.archive import verdict_of
from scheduling.records.differences import shown_roster, verdict_shown
from scheduling.routes.parts import (
    AS_XLSX,
    Asked,
    Number,
    OfGroup,
    Reader,
    Rostered,
    as_sheet,
)
from scheduling.routes.shown import version_shown

router = APIRouter(route_class=NamedFaults)
LINE = (
    *("person", "name", "begin", "scheduled_s", "adhering_s", "worked_s", "to_work_s", "excused_s"),
    *("adherence", "conformance"),
)
"""Columns of adherence as CSV."""


@router.get("/versions")
def list_versions(
    _: Reader,
    rows: Rows,
    group: OfGroup = None,
    current: Annotated[bool, Query(description="only those in force")] = False,
) -> list[RosterVersionShown]:
    """The latest five hundred versions."""
    found = store.versions(rows, group, current)
    return [version_shown(row, current or store.is_current(rows, row)) for row in found]


@router.get("/versions/{number}")
def read_version(number: Number, _: Reader, rows: Rows) -> RosterVersionWhole:
    """A published roster, and what changed from the one before."""
    at = store.standing(rows, store.get_version(rows, number))
    shown = version_shown(at.row, store.is_current(rows, at.row))
    return RosterVersionWhole(
        **shown.model_dump(),
        roster=shown_roster(at.problem, at.roster),
        changes=at.row.changes,  # type: ignore[arg-type]
    )


@router.get("/versions/{number}/verdict")
def read_verdict(number: Number, _: Reader, rows: Rows) -> RosterVerdict:
    """What the judge says of a published roster."""
    at = store.standing(rows, store.get_version(rows, number))
    return verdict_shown(at.problem, verdict_of(at.problem_row.body, at.row.body))


@router.get("/versions/{number}/sheet", response_class=Response, responses=AS_XLSX)
def read_version_sheet(number: Number, _: Reader, rows: Rows) -> Response:
    """A published roster as a workbook."""
    at = store.standing(rows, store.get_version(rows, number))
    return as_sheet(f"roster-{at.row.start}-{at.row.number}", write_sheet(at.problem, at.roster))


@router.get("/versions/{number}/adherence", response_model=AdherenceShown, responses=AS_CSV)
def read_adherence(
    number: Number,
    _: Reader,
    rows: Rows,
    rostering: Rostered,
    asked: Asked,
    csv: WantsCsv,
    by: Annotated[Literal["interval", "day"], Query()] = "day",
) -> AdherenceShown | Response:
    """How the rosters of its group and period were kept to, each while it was in force."""
    shown = adherence_of(rows, store.get_version(rows, number), asked, by, rostering.clock())
    if not csv:
        return shown
    zone = ZoneInfo(shown.zone)
    lines = (
        {**one.model_dump(), "name": shown.names[one.person], "begin": local(one.begin, zone)}
        for one in shown.lines
    )
    return csv_response(f"adherence-{shown.start}-{by}", LINE, lines)


@router.get("/versions/{number}/adherence/{person}")
def read_person_adherence(
    number: Number,
    person: Annotated[Id, Path()],
    _: Reader,
    rows: Rows,
    rostering: Rostered,
    asked: Asked,
) -> PersonAdherence:
    """What one person was to do and what they did."""
    return person_adherence(rows, store.get_version(rows, number), person, asked, rostering.clock())
