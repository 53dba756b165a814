"""The admin's entry numbers; beside them the routes of flows, and published flows as rows of a setup file.

Entry numbers have routes of their own beside the common ones of configuration rows: a number may be written
in many ways, and a flow that is not there is a warning, since it may come later.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from common.auth import require
from common.auth.sessions import wall_clock
from common.db import Database
from common.faults import Fault, NamedFaults, invalid
from common.problems import Problem
from common.rows import Kind, RowBody
from ivr import drafts, flows_api
from ivr.book import FlowBook
from ivr.document import NAME
from ivr.drafts import Author, FlowRow
from ivr.flows_api import known_flows
from ivr.judging import why_not
from ivr.store import EntryRow, read_number

T = TypeVar("T")
PATH = "/api/admin/entry-numbers"
Text = Annotated[str, StringConstraints(max_length=128, pattern=r"^[^\x00]*$")]


def _number(written: Any) -> Any:
    return read_number(written) if isinstance(written, str) and written else written


class EntryBody(RowBody):
    """An entry number. ``id`` is the number, written in any way; ``warnings`` are ours and not read."""

    id: Annotated[str, BeforeValidator(_number)] = ""
    name: Annotated[Text, StringConstraints(min_length=1)]
    flow: str = Field(pattern=f"^{NAME.pattern}$")
    source: Text = ""
    warnings: list[str] = Field(default=[], exclude=True, max_length=100)


def _fill(change: Any, row: EntryRow) -> None:
    body: EntryBody = change.body
    row.name, row.flow, row.source = body.name, body.flow, body.source


def _show(row: EntryRow) -> dict[str, Any]:
    return {"name": row.name, "flow": row.flow, "source": row.source}


ENTRY_NUMBERS = Kind("entry-numbers", EntryRow, EntryBody, fill=_fill, show=_show, natural_ids=True)


class FlowBody(RowBody):
    """A published flow in a setup file: its name and the text callers get."""

    model_config = ConfigDict(str_strip_whitespace=False)
    id: str = Field(pattern=f"^{NAME.pattern}$")
    text: str = Field(max_length=flows_api.MOST_TEXT)


class _PublishedFlows(Kind[FlowRow, FlowBody]):
    """Flows that have a live version; drafts and older versions stay where they are."""

    def export_rows(self, session: Session) -> list[dict[str, Any]]:
        """The live texts, by name."""
        return [{"id": text.name, "text": text.text} for text in drafts.live_texts(session)]


def _check_flow(change: Any) -> Iterator[Fault]:
    for problem in why_not(change.body.text, change.id):
        yield Fault("text", f"is wrong in line {problem.line}: {problem.reason}")


def _take_in_flow(change: Any, row: FlowRow) -> None:
    if change.row is None:
        row.newest = 0
        change.session.add(row)
        change.session.flush()
    author = Author("setup import", wall_clock())
    drafts.take_in(change.session, change.id, drafts.written(change.body.text), author, "")


FLOWS = _PublishedFlows("flows", FlowRow, FlowBody, fill=_take_in_flow, check=_check_flow)
_READERS = [Depends(require("supervisor", "planner", "admin"))]
_WRITERS = [Depends(require("admin"))]
router = APIRouter()
admin = APIRouter(prefix=PATH, tags=["admin"], route_class=NamedFaults)


@admin.get("", dependencies=_READERS)
def list_numbers(request: Request) -> list[dict[str, Any]]:
    """Every entry number; ``warnings`` say which flows are not there."""
    with _database(request).transaction() as session:
        known = known_flows(session, _book(request))
        return [_shown(row, known) for row in ENTRY_NUMBERS.all(session)]


@admin.get("/{id}", dependencies=_READERS)
def read_one(id: str, request: Request) -> dict[str, Any]:
    """One entry number, written in any way."""
    with _database(request).transaction() as session:
        return _shown(ENTRY_NUMBERS.get(session, _address(id)), known_flows(session, _book(request)))


@admin.post("", dependencies=_WRITERS, status_code=201)
def create(request: Request, response: Response, body: EntryBody) -> dict[str, Any]:
    """Add an entry number."""
    if not body.id:
        raise invalid([Fault("id", "is missing; it is the number callers dial")])
    book = _book(request)
    made = _change(
        request, lambda session: _shown(ENTRY_NUMBERS.create(session, body), known_flows(session, book))
    )
    response.headers["Location"] = f"{PATH}/{made['id']}"
    return made


@admin.put("/{id}", dependencies=_WRITERS)
def put(id: str, request: Request, response: Response, body: EntryBody) -> dict[str, Any]:
    """Make the entry number what the body says, or add it (``If-None-Match: *``: only add it)."""
    number = _address(id)
    if body.id not in ("", number):
        raise invalid([Fault("id", f"is {number} in the address but {body.id} in the body")])

    def act(session: Session) -> tuple[int, dict[str, Any]]:
        known = known_flows(session, _book(request))
        row = session.get(EntryRow, number)
        if row is not None and request.headers.get("if-none-match") != "*":
            return 200, _shown(ENTRY_NUMBERS.update(session, row, body), known)
        new = body.model_copy(update={"id": number})
        return 201, _shown(ENTRY_NUMBERS.create(session, new), known)

    response.status_code, shown = _change(request, act)
    return shown


@admin.delete("/{id}", dependencies=_WRITERS, status_code=204)
def delete(id: str, request: Request) -> None:
    """Delete an entry number; calls under way go on."""
    number = _address(id)
    _change(request, lambda session: ENTRY_NUMBERS.delete(session, ENTRY_NUMBERS.get(session, number)))


router.include_router(admin)
router.include_router(flows_api.router)


def _address(id: str) -> str:
    try:
        return read_number(id)
    except ValueError as error:
        raise invalid([Fault("id", str(error))]) from None


def _shown(row: EntryRow, known: Sequence[str]) -> dict[str, Any]:
    shown: Mapping[str, Any] = ENTRY_NUMBERS.show(row)
    warnings = []
    if row.flow not in known:
        warnings.append(
            f"There is no flow {row.flow}; callers of {row.id} get the default flow until it is there. "
            f"Known are {', '.join(known) or 'none'}."
        )
    return {**shown, "warnings": warnings}


def _change(request: Request, act: Callable[[Session], T]) -> T:
    try:
        with _database(request).transaction() as session:
            done = act(session)
    except IntegrityError:
        raise Problem(409, "Somebody was faster", "The number was added meanwhile; reload.") from None
    request.app.state.rows_changed(ENTRY_NUMBERS.name)
    return done


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


def _book(request: Request) -> FlowBook:
    book: FlowBook = request.app.state.book
    return book
