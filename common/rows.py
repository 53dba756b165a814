"""Configuration as rows: queues, agents, calendars and the like, all kept by one mechanism.

A room says what a row of its kind is, and gets admin routes, YAML export and import::

    class ShelfRow(Row):                                  # Row brings the primary key ``id``
        __tablename__ = "shelves"
        name: Mapped[str] = mapped_column(String(64))
        books: Mapped[list[str]] = mapped_column(JSON)

    class ShelfBody(RowBody):                             # RowBody brings ``id``; unknown fields are refused
        name: str = Field(min_length=1, max_length=64)
        books: list[str] = []

    SHELVES = Kind("shelves", ShelfRow, ShelfBody, refs={"books": "books"}, check=no_two_of_a_name)
    router = admin_router(SHELVES)                        # of common.rows_api: /api/admin/shelves[/{id}]

``refs`` (field to kind) makes sure that what a row points to exists, and that nothing pointed to is deleted.
Where ids lie deeper in a field, ``points(fields)`` gives every ``Pointer`` of a row as it is shown or sent;
``refs`` then only says which kinds come first in a file. ``check(change)`` yields a ``Fault`` for anything
else that is wrong. ``fill(change, row)`` and ``show(row)`` replace the copying of fields where body and
columns differ. An id is never given to a second row unasked: ids of deleted rows are remembered and refused,
except where the id is the thing itself (``natural_ids``: a telephone number) and except in an import, whose
file names every id on purpose.

``app.state.rows_changed(kind)`` is called, in a worker thread, after the change is committed.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import Annotated, Any, Generic, NamedTuple, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, field_validator
from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from common.db import Base
from common.faults import Fault, faults_of, invalid
from common.problems import Problem

_ID = re.compile(r"[\w+*#][\w+*#@.:-]{0,63}")


def _row_id(id: str) -> str:
    if not _ID.fullmatch(id):
        raise ValueError("cannot be an id; ids are up to 64 letters, digits and + * # @ . : - (no spaces)")
    return id


RowId = Annotated[str, AfterValidator(_row_id)]
"""Letters and digits of any script, and ``+ * # @ . : -``; at most 64."""


class Row(Base):
    """A row of configuration with its stable id."""

    __abstract__ = True
    id: Mapped[str] = mapped_column(String(64), primary_key=True)


class RetiredRow(Base):
    """The id of a row that was deleted: what happened under it stays its own."""

    __tablename__ = "retired_rows"
    kind: Mapped[str] = mapped_column(String(64), primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)


class RowBody(BaseModel):
    """What is sent and shown for a row. An empty ``id`` on creation is made from the name."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    id: Annotated[str, AfterValidator(lambda id: _row_id(id) if id else id)] = ""

    @field_validator("*")
    @classmethod
    def _can_be_kept(cls, value: Any) -> Any:
        if isinstance(value, str) and "\0" in value:
            raise ValueError("has a NUL character, which no database keeps")
        return value


R = TypeVar("R", bound=Row)
B = TypeVar("B", bound=RowBody)


@dataclass(frozen=True, slots=True)
class Change(Generic[R, B]):
    """A row about to be written; ``row`` is None when it is new."""

    session: Session
    id: str
    body: B
    row: R | None
    importing: bool = False
    promised: Mapping[str, Collection[str]] = field(default_factory=dict)
    """By kind, ids of the file that is being imported: they count as there."""


class Pointer(NamedTuple):
    """That a row points to the row ``id`` of ``kind`` in ``field``; ``place`` says where in a long field."""

    field: str
    kind: str
    id: str
    place: str = ""


class Kind(Generic[R, B]):
    """One kind of configuration row. Registers itself under ``name``, the word of its address."""

    def __init__(
        self,
        name: str,
        model: type[R],
        body: type[B],
        *,
        refs: Mapping[str, str] | None = None,
        points: Callable[[Mapping[str, Any]], Iterable[Pointer]] | None = None,
        check: Callable[[Change[R, B]], Iterable[Fault]] | None = None,
        fill: Callable[[Change[R, B], R], None] | None = None,
        show: Callable[[R], dict[str, Any]] | None = None,
        removing: Callable[[Session, R], None] | None = None,
        natural_ids: bool = False,
    ) -> None:
        if name in KINDS:
            raise ValueError(f"there is already a kind of rows called {name}")
        self.name = name
        self.model = model
        self.body = body
        self.refs = dict(refs or {})
        self.natural_ids = natural_ids
        self._points = points
        self._check = check
        self._fill = fill
        self._show = show
        self._removing = removing
        KINDS[name] = self

    # ------------------------------------------------------------ reading

    def all(self, session: Session) -> list[R]:
        """Every row, by id."""
        return list(session.scalars(select(self.model).order_by(self.model.id)))

    def get(self, session: Session, id: str) -> R:
        """One row. Raises a 404 Problem."""
        row = session.get(self.model, id)
        if row is None:
            raise Problem(404, "No such row", f"There is no {id!r} among the {self.name}.")
        return row

    def show(self, row: R) -> dict[str, Any]:
        """The row as JSON and YAML show it, with the fields of the body."""
        shown = self._show(row) if self._show else {f: getattr(row, f) for f in self.body.model_fields}
        return {"id": row.id, **{field: value for field, value in shown.items() if field != "id"}}

    def pointers(self, fields: Mapping[str, Any]) -> list[Pointer]:
        """What a row with these fields, as shown or sent, points to."""
        if self._points is not None:
            return list(self._points(fields))
        return [
            Pointer(field, kind, id) for field, kind in self.refs.items() for id in _ids(fields.get(field))
        ]

    # ------------------------------------------------------------ writing (the caller commits)

    def create(self, session: Session, body: B, *, revive: bool = False) -> R:
        """A new row under ``body.id``, or under an id made from its name. Raises a 409 or 422 Problem."""
        id = body.id or self._free_id(session, str(getattr(body, "name", "")))
        if session.get(self.model, id) is not None:
            raise Problem(
                409, "This id is taken", f"There is already a {id!r} among the {self.name}.", at="id"
            )
        retired = session.get(RetiredRow, (self.name, id))
        if retired is not None:
            if not (revive or self.natural_ids):
                raise Problem(
                    409,
                    "This id was used before",
                    f"{id!r} was one of the {self.name} until it was deleted, and history is kept under it. "
                    "Choose another id, or say revive=true to go on under this one.",
                    at="id",
                )
            session.delete(retired)
        return self._write(Change(session, id, body, None))

    def update(self, session: Session, row: R, body: B) -> R:
        """Make ``row`` what ``body`` says. Raises a 422 Problem."""
        if body.id not in ("", row.id):
            fault = Fault("id", f"is {row.id} in the address but {body.id} in the body; an id never changes")
            raise invalid([fault])
        return self._write(Change(session, row.id, body, row))

    def delete(self, session: Session, row: R) -> None:
        """Delete ``row`` and remember its id. Raises a 409 Problem while other rows point to it."""
        users = [
            f"{kind.name} {other.id}"
            for kind in KINDS.values()
            if kind._may_point_to(self.name)
            for other in kind.all(session)
            if (kind is not self or other is not row)
            and any((p.kind, p.id) == (self.name, row.id) for p in kind.pointers(kind.show(other)))
        ]
        if users:
            more = f" and {len(users) - 5} more" if len(users) > 5 else ""
            said = ", ".join(users[:5]) + more
            raise Problem(
                409, "Still in use", f"{row.id!r} is used by {said}. Change those first.", used_by=users
            )
        if self._removing:
            self._removing(session, row)
        session.delete(row)
        session.merge(RetiredRow(kind=self.name, id=row.id))
        session.flush()

    def _write(self, change: Change[R, B]) -> R:
        faults = [*self._dangling(change), *(self._check(change) if self._check else ())]
        if faults:
            raise invalid(faults)
        row = change.row if change.row is not None else self.model(id=change.id)
        if self._fill:
            self._fill(change, row)
        else:
            for field, value in change.body.model_dump(mode="json", exclude={"id"}).items():
                setattr(row, field, value)
        change.session.add(row)
        change.session.flush()
        return row

    def _may_point_to(self, kind: str) -> bool:
        return self._points is not None or kind in self.refs.values()

    def _dangling(self, change: Change[R, B]) -> Iterable[Fault]:
        for pointer in self.pointers(change.body.model_dump(mode="json")):
            kind = KINDS.get(pointer.kind)  # none where only some rooms are loaded, as in a command
            if kind is None or pointer.id in change.promised.get(pointer.kind, ()):
                continue
            if change.session.get(kind.model, pointer.id) is None:
                said = f"{pointer.place}: {pointer.id!r}" if pointer.place else f"is {pointer.id!r}, which"
                yield Fault(pointer.field, f"{said} is not among the {pointer.kind}")

    def _free_id(self, session: Session, name: str) -> str:
        stem, number = slug(name) or "row", 1
        while True:
            id = stem if number == 1 else f"{stem}-{number}"
            taken = session.get(self.model, id) or session.get(RetiredRow, (self.name, id))
            if taken is None:
                return id
            number += 1

    # ------------------------------------------------------------ as a file

    def export_rows(self, session: Session) -> list[dict[str, Any]]:
        """Every row, by id, in the shape ``import_rows`` takes."""
        return [self.show(row) for row in self.all(session)]

    def import_rows(
        self,
        session: Session,
        rows: Sequence[object],
        where: str,
        promised: Mapping[str, Collection[str]] | None = None,
    ) -> list[str]:
        """Create or change the rows of a file; rows it does not name stay.

        Returns what is wrong, a sentence each that begins with ``where`` (the file's name); the caller
        rolls back if there is any. Import kinds ``in_order`` so that what rows point to is there;
        ``promised`` are the ids by kind that the file brings: pointing to those is never wrong, so that
        rows may point to one another, and a row that is wrong is not said to be missing as well.
        """
        problems: list[str] = []
        seen: set[str] = set()
        for number, raw in enumerate(rows, 1):
            id = raw.get("id") if isinstance(raw, Mapping) else None
            place = f"{where}: {self.name}[{number}]" + (f" {id}" if id else "")
            try:
                body = self.body.model_validate(raw)
                if not body.id:
                    raise invalid([Fault("id", "is missing; rows of a file name theirs")])
                if body.id in seen:
                    raise invalid([Fault("id", f"{body.id} is in this file twice")])
                seen.add(body.id)
                retired = session.get(RetiredRow, (self.name, body.id))
                if retired is not None:
                    session.delete(retired)
                row = session.get(self.model, body.id)
                self._write(Change(session, body.id, body, row, True, promised or {}))
            except ValidationError as error:
                problems.append(f"{place}: {invalid(faults_of(error.errors())).detail}")
            except Problem as problem:
                problems.append(f"{place}: {problem.detail}")
        return problems


KINDS: dict[str, Kind[Any, Any]] = {}
"""Every kind there is, by name; a kind is here once the module that makes it is imported."""


def in_order() -> list[Kind[Any, Any]]:
    """Every kind, those pointed to before those that point."""
    graph = {
        name: sorted(to for to in set(kind.refs.values()) if to in KINDS and to != name)
        for name, kind in sorted(KINDS.items())
    }
    return [KINDS[name] for name in TopologicalSorter(graph).static_order()]


def slug(name: str) -> str:
    """A name as an id: ``VIP Desk`` to ``vip-desk``, Chinese in pinyin; at most 48 characters, maybe none."""
    if not name.isascii():
        from pypinyin import lazy_pinyin  # slow to import and seldom needed

        name = unicodedata.normalize("NFKD", " ".join(lazy_pinyin(name)))
        name = name.encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:48].rstrip("-")


def _ids(value: object) -> list[str]:
    if value is None or value == "":
        return []
    return [value] if isinstance(value, str) else [str(v) for v in value]  # type: ignore[attr-defined]
