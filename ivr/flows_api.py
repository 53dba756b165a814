"""The admin's flows: versions, the draft, checking, publishing, going back, and who did what.

Flows lie in folders or in rows; what is published in rows wins over files of that name. A draft is saved
however wrong it is, and what is wrong is answered; only a flow that can be run is published. Whoever changes
something says what they saw: the draft's tag as ``If-Match``, and which version was live.
"""

import importlib
from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from common.auth import Signed, require
from common.auth.sessions import wall_clock
from common.db import Database
from common.faults import NamedFaults
from common.problems import Problem
from ivr import drafts
from ivr.book import FlowBook
from ivr.check import NOTHING_KNOWN, Surroundings
from ivr.compare import compare
from ivr.document import NAME
from ivr.drafts import Author, FlowRow, FlowVersionRow
from ivr.flow import Flow
from ivr.judging import Judgement, judge, why_not
from ivr.store import load_entries

T = TypeVar("T")
MOST_TEXT = 200_000
"""Characters of a flow that is edited on a page."""

_READERS = [Depends(require("supervisor", "planner", "admin"))]
Admin = Annotated[Signed, Depends(require("admin"))]
Name = Annotated[str, Path(pattern=f"^{NAME.pattern}$")]
Number = Annotated[int, Path(ge=1, le=1_000_000_000)]
Asked = Annotated[int, Query(ge=1, le=1_000_000_000)]
IfMatch = Annotated[str | None, Header(description="the tag of the draft that was read")]
Note = Annotated[str, Field(max_length=512, pattern=r"^[^\x00]*$")]
router = APIRouter(prefix="/api/ivr", tags=["ivr"], route_class=NamedFaults)


Shown = Annotated[str, BeforeValidator(drafts.clean)]
"""Words out of a text, which may hold escapes of what is no character."""


class Finding(BaseModel):
    """Something to say of a text: its line, counted from 1, and why."""

    line: int
    reason: Shown


class Judged(BaseModel):
    """What is wrong with a text (it cannot be published), and what may not be as it is meant."""

    problems: list[Finding]
    warnings: list[Finding]


class DraftShown(BaseModel):
    """That there is a draft, and whose."""

    version: int
    tag: str
    by: str
    at: int


class FlowShown(BaseModel):
    """A flow as new calls get it; ``version`` is the live one, 0 where there is only a draft.

    ``numbers`` lead to it. ``source`` says whether callers get a file or what was published here.
    """

    name: str
    version: int
    title: str
    languages: list[str]
    numbers: list[str]
    source: Literal["file", "rows", "none"]
    draft: DraftShown | None


class VersionShown(BaseModel):
    """A version of a flow. Times are microseconds UTC; those of a file are not known."""

    version: int
    source: Literal["file", "rows"]
    state: Literal["draft", "published", "retired"]
    format: Literal["yaml", "json"]
    title: str
    languages: list[str]
    note: str = ""
    file: str = ""
    tag: str = ""
    created_by: str = ""
    created_at: int | None = None
    changed_by: str = ""
    changed_at: int | None = None
    published_by: str = ""
    published_at: int | None = None


class FlowDetail(FlowShown):
    """A flow with all its versions, the newest first."""

    versions: list[VersionShown]


class VersionText(VersionShown):
    """A version with its text."""

    text: str


class DraftText(VersionText, Judged):
    """The draft with its text and what is wrong with it."""


class Deed(BaseModel):
    """Something somebody did with a flow; ``before`` was the live version, null for a file or none."""

    at: int
    by: str
    what: Literal["drafted", "draft_deleted", "published", "rolled_back", "withdrawn"]
    version: int | None
    before: int | None
    note: str


class NodeChanged(BaseModel):
    """A node that is in both versions, and which of its parameters and exits differ (``exits.1``)."""

    node: Shown
    what: list[Shown]


class Difference(BaseModel):
    """A unified diff, and which nodes came, went and changed (nothing if a text is no YAML: ``readable``)."""

    text: str
    readable: bool
    head: list[Shown]
    added: list[Shown]
    removed: list[Shown]
    changed: list[NodeChanged]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TextBody(_Body):
    """A flow's text."""

    text: str = Field(max_length=MOST_TEXT)

    @field_validator("text")
    @classmethod
    def _can_be_kept(cls, text: str) -> str:
        if "\0" in text or (not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text)):
            raise ValueError("has characters that cannot be kept (NUL, or half of a pair)")
        return text


class DraftBody(TextBody):
    """A flow's text, and what its author says of it."""

    note: Note = ""


class LiveBody(_Body):
    """``live``: the version that was live when the author looked; null for none or a file."""

    live: int | None
    note: Note = ""


class RollBackBody(LiveBody):
    """``version`` shall be live again."""

    version: int = Field(ge=1, le=1_000_000_000)


# ------------------------------------------------------------------ looking


@router.get("/flows", dependencies=_READERS)
def list_flows(request: Request) -> list[FlowShown]:
    """Every flow there is, by name."""
    with _database(request).transaction() as session:
        rows = {row.id: row for row in drafts.heads(session)}
        names = sorted({*_file_flows(request), *(row.id for row in rows.values() if row.live or row.draft)})
        numbers = _numbers(session)
        return [_flow(request, session, name, rows.get(name), numbers) for name in names]


@router.get("/flows/{name}", dependencies=_READERS)
def read_flow(name: Name, request: Request) -> FlowDetail:
    """One flow with its versions."""
    with _database(request).transaction() as session:
        head = session.get(FlowRow, name)
        if head is None and name not in _file_flows(request):
            raise _no_flow(name)
        shown = _flow(request, session, name, head, _numbers(session))
        return FlowDetail(**shown.model_dump(), versions=_versions(request, session, name, head))


@router.get("/flows/{name}/versions/{version}", dependencies=_READERS)
def read_version(name: Name, version: Number, request: Request) -> VersionText:
    """A version with its text."""
    with _database(request).transaction() as session:
        return _version(request, session, name, version)


@router.get("/flows/{name}/draft", dependencies=_READERS)
def read_draft(name: Name, request: Request, response: Response) -> DraftText:
    """The draft and what is wrong with it."""
    with _database(request).transaction() as session:
        head = session.get(FlowRow, name)
        if head is None or head.draft is None:
            raise Problem(404, "No draft", f"There is no draft of {name}.")
        draft = _version(request, session, name, head.draft)
        around = _around(request, session)
    response.headers["ETag"] = f'"{draft.tag}"'
    return _judged(draft, judge(draft.text, name, around))


@router.get("/flows/{name}/diff", dependencies=_READERS)
def diff(
    name: Name,
    request: Request,
    from_: Annotated[int, Query(alias="from", ge=1, le=1_000_000_000)],
    to: Asked,
) -> Difference:
    """What is different in version ``to`` than it was in version ``from``."""
    with _database(request).transaction() as session:
        old, new = (_version(request, session, name, number) for number in (from_, to))
    titles = (f"{name} version {number}" for number in (from_, to))
    return Difference.model_validate(asdict(compare(old.text, new.text, *titles)))


@router.get("/flows/{name}/history", dependencies=_READERS)
def history(name: Name, request: Request) -> list[Deed]:
    """Who did what with the flow, the latest first, at most 500."""
    with _database(request).transaction() as session:
        if session.get(FlowRow, name) is None and name not in _file_flows(request):
            raise _no_flow(name)
        return [Deed.model_validate(one, from_attributes=True) for one in drafts.events(session, name)]


@router.get("/schema", dependencies=_READERS)
def schema() -> dict[str, Any]:
    """The JSON Schema of flows, for editors."""
    try:
        made: dict[str, Any] = importlib.import_module("ivr.schema").schema()
    except ModuleNotFoundError:
        raise Problem(404, "No schema", "This version of Callfloor has no schema of flows.") from None
    return made


# ------------------------------------------------------------------ changing


@router.post("/check", dependencies=[Depends(require("admin"))])
def check(body: TextBody, request: Request) -> Judged:
    """What is wrong with a text, without keeping it."""
    with _database(request).transaction() as session:
        around = _around(request, session)
    return _findings(judge(body.text, "", around))


@router.put("/flows/{name}/draft")
def save_draft(
    name: Name, body: DraftBody, request: Request, response: Response, who: Admin, if_match: IfMatch = None
) -> DraftText:
    """Keep a draft, right or wrong; its version is written into it. 409 or 412 if there is another draft."""
    tag = _tag(if_match)
    above = max(_file_flows(request).get(name, {0: None}))

    def act(session: Session) -> tuple[VersionText, bool, Surroundings]:
        written = drafts.written(body.text)
        row = drafts.save_draft(session, name, written, _author(who), tag=tag, above=above, note=body.note)
        return _row_text(row, "draft"), row.saves == 1, _around(request, session)

    draft, made, around = _change(request, act)
    response.status_code = 201 if made else 200
    response.headers["ETag"] = f'"{draft.tag}"'
    return _judged(draft, judge(draft.text, name, around))


@router.delete("/flows/{name}/draft", status_code=204)
def delete_draft(name: Name, request: Request, who: Admin, if_match: IfMatch = None) -> None:
    """Throw the draft away."""
    tag = _tag(if_match)
    _change(request, lambda session: drafts.delete_draft(session, name, _author(who), tag=tag))


@router.post("/flows/{name}/publish")
def publish(
    name: Name, body: LiveBody, request: Request, who: Admin, if_match: IfMatch = None
) -> VersionShown:
    """Make the draft live for calls that begin from now on; refused while something is wrong with it."""
    tag = _tag(if_match)
    with _database(request).transaction() as session:
        head = session.get(FlowRow, name)
        draft = (
            None if head is None or head.draft is None else session.get(FlowVersionRow, (name, head.draft))
        )
    # A text never changes under its tag, so it can be looked at before anything is locked.
    if draft is not None and draft.tag == tag:
        _need_sound(judge(draft.text, name))

    def act(session: Session) -> VersionShown:
        row = drafts.publish(session, name, _author(who), tag=tag, live=body.live, note=body.note)
        return _row(row, "published")

    return _change(request, act, tell=True)


@router.post("/flows/{name}/rollback")
def roll_back(name: Name, body: RollBackBody, request: Request, who: Admin) -> VersionShown:
    """Make an older version live again, from a folder too."""
    text = _book(request).file_text(name, body.version)
    with _database(request).transaction() as session:
        row = session.get(FlowVersionRow, (name, body.version))
    if row is not None and row.published_at is not None:
        _need_sound(Judgement(why_not(row.text, name)))

    def act(session: Session) -> VersionShown:
        row = drafts.roll_back(
            session,
            name,
            body.version,
            _author(who),
            live=body.live,
            note=body.note,
            file=None if text is None else drafts.written(text),
        )
        return _row(row, "published")

    return _change(request, act, tell=True)


@router.post("/flows/{name}/withdraw", status_code=204)
def withdraw(name: Name, body: LiveBody, request: Request, who: Admin) -> None:
    """Let no version be live: callers get the file of that name again, or the default flow."""

    def act(session: Session) -> None:
        drafts.withdraw(session, name, _author(who), live=body.live, note=body.note)

    _change(request, act, tell=True)


# ------------------------------------------------------------------ parts


def known_flows(session: Session, book: FlowBook) -> list[str]:
    """The names of the flows callers can get."""
    return sorted({flow.name for flow in book.file_flows} | {t.name for t in drafts.live_texts(session)})


def _flow(
    request: Request, session: Session, name: str, head: FlowRow | None, numbers: dict[str, list[str]]
) -> FlowShown:
    live = draft = None
    if head is not None:
        live = None if head.live is None else session.get(FlowVersionRow, (name, head.live))
        draft = None if head.draft is None else session.get(FlowVersionRow, (name, head.draft))
    files = _file_flows(request).get(name, {})
    shown = live or (files[max(files)] if files else None) or draft
    return FlowShown(
        name=name,
        version=live.number if live is not None else max(files, default=0),
        title="" if shown is None else shown.title,
        languages=[] if shown is None else list(shown.languages),
        numbers=numbers.get(name, []),
        source="rows" if live is not None else "file" if files else "none",
        draft=None
        if draft is None
        else DraftShown(version=draft.number, tag=draft.tag, by=draft.changed_by, at=draft.changed_at),
    )


def _versions(request: Request, session: Session, name: str, head: FlowRow | None) -> list[VersionShown]:
    shown = {}
    files = _file_flows(request).get(name, {})
    for number, flow in files.items():
        is_live = number == max(files) and (head is None or head.live is None)
        shown[number] = _file(request, flow, is_live)
    for row in drafts.versions(session, name) if head is not None else ():
        shown[row.number] = _row(row, drafts.state_of(head, row.number))  # type: ignore[arg-type]
    return [shown[number] for number in sorted(shown, reverse=True)]


def _version(request: Request, session: Session, name: str, number: int) -> VersionText:
    row = session.get(FlowVersionRow, (name, number))
    if row is not None:
        return _row_text(row, drafts.state_of(session.get_one(FlowRow, name), number))
    text = _book(request).file_text(name, number)
    if text is None:
        raise Problem(404, "No such version", f"There is no version {number} of {name}.")
    files = _file_flows(request)[name]
    head = session.get(FlowRow, name)
    is_live = number == max(files) and (head is None or head.live is None)
    return VersionText(**_file(request, files[number], is_live).model_dump(), text=text)


def _row(row: FlowVersionRow, state: drafts.State) -> VersionShown:
    return VersionShown(
        version=row.number,
        source="rows",
        state=state,
        format="json" if row.format == "json" else "yaml",
        title=row.title,
        languages=row.languages,
        note=row.note,
        tag=row.tag if state == "draft" else "",
        created_by=row.created_by,
        created_at=row.created_at,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
        published_by=row.published_by or "",
        published_at=row.published_at,
    )


def _row_text(row: FlowVersionRow, state: drafts.State) -> VersionText:
    return VersionText(**_row(row, state).model_dump(), text=row.text)


def _file(request: Request, flow: Flow, is_live: bool) -> VersionShown:
    text = _book(request).file_text(flow.name, flow.version) or ""
    return VersionShown(
        version=flow.version,
        source="file",
        state="published" if is_live else "retired",
        format=drafts.format_of(text),
        title=flow.title,
        languages=list(flow.languages),
        file=flow.file,
    )


def _findings(judgement: Judgement) -> Judged:
    problems, warnings = (
        [Finding(line=one.line, reason=one.reason) for one in found]
        for found in (judgement.problems, judgement.warnings)
    )
    return Judged(problems=problems, warnings=warnings)


def _judged(draft: VersionText, judgement: Judgement) -> DraftText:
    return DraftText(**draft.model_dump(), **_findings(judgement).model_dump())


def _need_sound(judgement: Judgement) -> None:
    """Raises a 422 Problem if there are problems."""
    found = _findings(judgement)
    if found.problems:
        count = len(found.problems)
        what = "a problem" if count == 1 else f"{count} problems"
        first = found.problems[0]
        raise Problem(
            422,
            "This cannot be published",
            f"The text has {what}; the first is in line {first.line}: {first.reason}.",
            **found.model_dump(),
        )


def _around(request: Request, session: Session) -> Surroundings:
    """What flows may name; nothing is known of it where nobody says."""
    know: Callable[[Session], Surroundings] | None = getattr(request.app.state, "flow_names", None)
    return NOTHING_KNOWN if know is None else know(session)


def _no_flow(name: str) -> Problem:
    return Problem(404, "No such flow", f"There is no flow {name}.")


def _author(who: Signed) -> Author:
    return Author(who.user, wall_clock())


def _tag(if_match: str | None) -> str | None:
    return None if if_match is None else if_match.strip().removeprefix("W/").strip('"')


def _file_flows(request: Request) -> dict[str, dict[int, Flow]]:
    found: dict[str, dict[int, Flow]] = {}
    for flow in _book(request).file_flows:
        found.setdefault(flow.name, {})[flow.version] = flow
    return found


def _numbers(session: Session) -> dict[str, list[str]]:
    numbers: dict[str, list[str]] = {}
    for entry in load_entries(session):
        numbers.setdefault(entry.flow, []).append(entry.number)
    return numbers


def _change(request: Request, act: Callable[[Session], T], *, tell: bool = False) -> T:
    try:
        with _database(request).transaction() as session:
            done = act(session)
    except IntegrityError:
        raise Problem(409, "Somebody was faster", "The flow was added meanwhile; reload.") from None
    if tell:
        request.app.state.rows_changed("flows")
    return done


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


def _book(request: Request) -> FlowBook:
    book: FlowBook = request.app.state.book
    return book
