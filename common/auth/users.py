"""Users as rows of configuration; the password goes in and never comes out."""

import unicodedata
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field, StringConstraints, ValidationError, field_validator
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from common.auth import sessions
from common.auth.passwords import MAX_LENGTH, hash_password, trouble_with
from common.auth.tables import Language, Role, UserRow
from common.faults import Fault, faults_of, invalid
from common.problems import Problem
from common.rows import Change, Kind, RowBody


class UserBody(RowBody):
    """A user. ``id`` is the sign-in name; an empty password keeps the one there is."""

    name: str = Field(min_length=1, max_length=128)
    role: Role = "agent"
    agent: str | None = Field(default=None, max_length=64)
    language: Language = "zh-CN"
    password: Annotated[str, StringConstraints(strip_whitespace=False, max_length=MAX_LENGTH)] = Field(
        default="", repr=False, json_schema_extra={"writeOnly": True}
    )
    disabled: bool = False

    @field_validator("agent")
    @classmethod
    def _none_is_none(cls, agent: str | None) -> str | None:
        return agent or None


def sign_in_name(typed: str) -> str:
    """A sign-in name as it is kept: ``Li.Wei `` is ``li.wei``."""
    return unicodedata.normalize("NFKC", typed).strip().casefold()


def create_user(
    session: Session,
    user: str,
    password: str,
    /,
    *,
    role: Role,
    name: str,
    agent: str | None = None,
    language: Language = "zh-CN",
) -> UserRow:
    """A new user who signs in as ``user``. Raises ValueError with a sentence that says what is wrong."""
    if not sign_in_name(user):
        raise ValueError("id is missing; a user needs a sign-in name.")
    fields = {"name": name, "role": role, "agent": agent, "language": language, "password": password}
    try:
        return USERS.create(session, UserBody.model_validate({"id": sign_in_name(user), **fields}))
    except ValidationError as error:
        raise ValueError(invalid(faults_of(error.errors())).detail) from None
    except Problem as problem:
        raise ValueError(problem.detail) from None


def _check(change: Change[UserRow, UserBody]) -> Iterator[Fault]:
    session, body = change.session, change.body
    kept = sign_in_name(change.id)
    if kept != change.id:
        yield Fault("id", f"is a sign-in name and written in small letters: {kept}")
    if body.password:
        trouble = trouble_with(body.password, change.id)
        if trouble:
            yield Fault("password", trouble)
    elif change.row is None and not change.importing:
        yield Fault("password", "is missing; a new user needs one")
    if body.agent:
        other = session.scalar(
            select(UserRow.id).where(UserRow.agent == body.agent, UserRow.id != change.id).limit(1)
        )
        if other is not None:
            yield Fault("agent", f"{body.agent} is already linked to the user {other}")
    if change.row is not None and (body.role != "admin" or body.disabled) and _last_admin(session, change.id):
        field = "role" if body.role != "admin" else "disabled"
        yield Fault(field, f"cannot be changed so: {change.id} is the last admin who can sign in")


def _fill(change: Change[UserRow, UserBody], row: UserRow) -> None:
    body = change.body
    row.name, row.role, row.agent = body.name, body.role, body.agent
    row.language, row.disabled = body.language, body.disabled
    if body.password:
        row.hash = hash_password(body.password)
    elif change.row is None:
        row.hash = ""
    if body.password or body.disabled:
        sessions.end_all(change.session, change.id)


def _show(row: UserRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "role": row.role,
        "agent": row.agent,
        "language": row.language,
        "disabled": row.disabled,
    }


def _removing(session: Session, row: UserRow) -> None:
    if _last_admin(session, row.id):
        raise Problem(
            409, "The last admin", f"{row.id} is the last admin who can sign in; make another first."
        )


def _last_admin(session: Session, id: str) -> bool:
    # Changes nothing but takes the rows' lock, so that two admins cannot each remove the other at once.
    session.execute(update(UserRow).where(UserRow.role == "admin").values(role="admin"))
    working = UserRow.role == "admin", UserRow.disabled.is_(False), UserRow.hash != ""
    return list(session.scalars(select(UserRow.id).where(*working))) == [id]


USERS = Kind(
    "users",
    UserRow,
    UserBody,
    refs={"agent": "agents"},
    check=_check,
    fill=_fill,
    show=_show,
    removing=_removing,
)
