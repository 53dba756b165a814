"""Admin routes for a kind of configuration rows."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from common.db import Database
from common.faults import Fault, NamedFaults, invalid
from common.problems import Problem
from common.rows import Kind, RowId

T = TypeVar("T")
Revive = Annotated[bool, Query(description="go on under the id of a deleted row")]


def admin_router(kind: Kind[Any, Any]) -> APIRouter:
    """Routes under ``/api/admin/{kind}``: supervisors, planners and admins read, admins write.

    ``PUT`` changes a row or creates it (``If-None-Match: *``: only creates); ``POST`` only creates.
    """
    from common.auth.guard import require  # not above: users are rows too

    path = f"/api/admin/{kind.name}"
    router = APIRouter(prefix=path, tags=["admin"], route_class=NamedFaults)
    may_read = [Depends(require("supervisor", "planner", "admin"))]
    may_write = [Depends(require("admin"))]

    @router.get("", dependencies=may_read)
    def list_rows(request: Request) -> list[dict[str, Any]]:
        """Every row, by id."""
        with _database(request).transaction() as session:
            return [kind.show(row) for row in kind.all(session)]

    @router.get("/{id}", dependencies=may_read)
    def read_row(id: RowId, request: Request) -> dict[str, Any]:
        """One row."""
        with _database(request).transaction() as session:
            return kind.show(kind.get(session, id))

    def create_row(request: Request, response: Response, body: Any, revive: Revive = False) -> dict[str, Any]:
        """Add a row; an empty id is made from the name."""

        def act(session: Session) -> dict[str, Any]:
            return kind.show(kind.create(session, body, revive=revive))

        created = _change(request, kind.name, act)
        response.headers["Location"] = f"{path}/{created['id']}"
        return created

    def put_row(
        id: RowId, request: Request, response: Response, body: Any, revive: Revive = False
    ) -> dict[str, Any]:
        """Make the row what the body says, or add it; what the body leaves out gets its default."""

        def act(session: Session) -> tuple[int, dict[str, Any]]:
            if body.id not in ("", id):
                raise invalid([Fault("id", f"is {id} in the address but {body.id} in the body")])
            row = session.get(kind.model, id)
            if row is not None and request.headers.get("if-none-match") != "*":
                return 200, kind.show(kind.update(session, row, body))
            new = body.model_copy(update={"id": id})
            return 201, kind.show(kind.create(session, new, revive=revive))

        response.status_code, shown = _change(request, kind.name, act)
        return shown

    for route in (create_row, put_row):
        route.__annotations__["body"] = kind.body
    router.post("", dependencies=may_write, status_code=201)(create_row)
    router.put("/{id}", dependencies=may_write)(put_row)

    @router.delete("/{id}", dependencies=may_write, status_code=204)
    def delete_row(id: RowId, request: Request) -> None:
        """Delete a row nothing points to; its id stays its own."""
        _change(request, kind.name, lambda session: kind.delete(session, kind.get(session, id)))

    return router


def _change(request: Request, kind: str, act: Callable[[Session], T]) -> T:
    # Not through ``DbSession``: listeners are told only when it is committed.
    try:
        with _database(request).transaction() as session:
            done = act(session)
    except IntegrityError:
        raise Problem(
            409, "Somebody was faster", "Another row got this id or value meanwhile; reload and try again."
        ) from None
    request.app.state.rows_changed(kind)
    return done


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database
