"""``/api/session``: sign in, who am I, own language and password, sign out."""

import asyncio
import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import update
from sqlalchemy.orm import Session

from common.auth import guard, passwords, sessions
from common.auth.guard import Signed, require
from common.auth.slowing import Slowing
from common.auth.tables import Language, Role, UserRow
from common.auth.users import sign_in_name
from common.db import Database
from common.faults import Fault, NamedFaults, invalid
from common.problems import Problem, problem_response
from domain.instant import Instant

HASHERS = 4
"""Passwords looked at side by side, in threads of their own: each takes 64 MiB and a core."""

MOST_WAITING = 200
"""Sign-ins in line; more are told to come back."""

Secret = Annotated[str, Field(max_length=passwords.MAX_LENGTH, repr=False)]
T = TypeVar("T")


class SignIn(BaseModel):
    """Sign-in name and password."""

    user: str = Field(min_length=1, max_length=64, pattern=r"^[^\x00]*$")
    password: Secret


class Me(BaseModel):
    """Who is signed in; ``csrf`` goes into ``X-CSRF-Token`` of every request that changes something."""

    user: str
    name: str
    role: Role
    agent: str | None
    csrf: str
    language: str


class Own(BaseModel):
    """What users change about themselves; what is not sent stays."""

    model_config = ConfigDict(extra="forbid")
    language: Language | None = None
    old_password: Secret = ""
    password: Secret = ""


def session_router(
    slowing: Slowing | None = None, clock: Callable[[], Instant] = sessions.wall_clock
) -> APIRouter:
    """The routes, with their own memory of wrong passwords and their own threads for hashing."""
    slow = Slowing() if slowing is None else slowing
    hashers = ThreadPoolExecutor(HASHERS, "passwords")
    waiting = 0
    router = APIRouter(prefix="/api/session", tags=["session"], route_class=NamedFaults)

    async def in_thread(work: Callable[[], T]) -> T:
        nonlocal waiting
        if waiting >= MOST_WAITING:
            raise _Wait(503, "Too many are signing in", 2.0)
        waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(hashers, work)
        finally:
            waiting -= 1

    def may_try(request: Request, user: str) -> None:
        wait = slow.wait_s(user, _address(request), clock())
        if wait > 0:
            raise _Wait(429, "Too many wrong passwords", wait)

    @router.post("", response_model=Me, responses={401: {}, 429: {}})
    async def sign_in(body: SignIn, request: Request, response: Response) -> Me | Response:
        """Sign in; the session is a cookie. A wrong name and a wrong password look the same."""
        if not guard.same_origin(request):
            raise Problem(403, "Not from the page", "Sign in from the platform's own page.")
        user = sign_in_name(body.user)
        try:
            may_try(request, user)
            token, signed = await in_thread(lambda: _begin(request, user, body.password, clock()))
        except _Wait as wait:
            return wait.response()
        slow.right(user, _address(request), clock())
        _set_cookie(request, response, token)
        return _me(signed)

    @router.get("")
    def who(response: Response, signed: Annotated[Signed, Depends(require())]) -> Me:
        """Who is signed in."""
        response.headers["Cache-Control"] = "no-store"
        return _me(signed)

    @router.put("", response_model=Me)
    async def change(
        body: Own, request: Request, signed: Annotated[Signed, Depends(require())]
    ) -> Me | Response:
        """Change own language, or own password; the latter ends the user's other sessions."""
        try:
            if body.password:
                may_try(request, signed.user)
            await in_thread(lambda: _change(request, signed, body))
        except _Wait as wait:
            return wait.response()
        if body.password:
            slow.right(signed.user, _address(request), clock())
        return _me(signed, body.language)

    @router.delete("", status_code=204)
    def sign_out(request: Request, response: Response) -> None:
        """Sign out; nothing to do when nobody is signed in."""
        signed = guard.signed_of(request)
        if signed is not None:
            guard.check_csrf(request, signed)
            with _database(request).transaction() as session:
                sessions.end(session, signed.session)
        response.delete_cookie(
            guard.cookie_name(request), secure=guard.is_secure(request), httponly=True, samesite="strict"
        )

    return router


class _Wait(Exception):
    """Come back in a while."""

    def __init__(self, status: int, title: str, wait_s: float) -> None:
        super().__init__(title)
        self.status, self.title, self.wait_s = status, title, max(1, math.ceil(wait_s))

    def response(self) -> Response:
        detail = f"Try again in {self.wait_s} s."
        return problem_response(self.status, self.title, detail, {"Retry-After": str(self.wait_s)})


def _begin(request: Request, user: str, password: str, now: Instant) -> tuple[str, Signed]:
    database = _database(request)
    with database.transaction() as session:
        row = session.get(UserRow, user)
        hashed = row.hash if row is not None else ""
    # Outside any transaction: hashing takes long.
    if not passwords.verify(hashed, password):
        raise Problem(401, "Wrong name or password", "Check both, and whether Caps Lock is on.")
    kept = passwords.hash_password(password) if passwords.needs_new_hash(hashed) else hashed
    old = guard.signed_of(request)
    with database.transaction() as session:
        if not _put_hash(session, user, hashed, kept):
            raise Problem(401, "Wrong name or password", "The password was changed just now.")
        row = session.get_one(UserRow, user)
        if row.disabled:
            raise Problem(403, "This user is disabled", "Ask an admin to enable it.")
        if old is not None:
            sessions.end(session, old.session)
        token, new = sessions.begin(session, user, now)
        return token, Signed(row.id, row.name, row.role, row.agent, new.csrf, row.language, new.id)


def _change(request: Request, signed: Signed, body: Own) -> None:
    database = _database(request)
    hashed = fresh = ""
    if body.password:
        with database.transaction() as session:
            hashed = session.get_one(UserRow, signed.user).hash
        if not passwords.verify(hashed, body.old_password):
            raise invalid([Fault("old_password", "is not the present password")])
        trouble = passwords.trouble_with(body.password, signed.user)
        if trouble:
            raise invalid([Fault("password", trouble)])
        fresh = passwords.hash_password(body.password)
    with database.transaction() as session:
        if fresh:
            if not _put_hash(session, signed.user, hashed, fresh):
                raise Problem(409, "Somebody was faster", "The password was changed just now; try again.")
            sessions.end_all(session, signed.user, but=signed.session)
        if body.language is not None:
            session.execute(update(UserRow).where(UserRow.id == signed.user).values(language=body.language))


def _put_hash(session: Session, user: str, old: str, new: str) -> bool:
    """Write the hash if it is still ``old``. The write, even of the same, keeps others from the row."""
    written = (
        update(UserRow).where(UserRow.id == user, UserRow.hash == old).values(hash=new).returning(UserRow.id)
    )
    return session.scalar(written) is not None


def _me(signed: Signed, language: str | None = None) -> Me:
    return Me(
        user=signed.user,
        name=signed.name,
        role=signed.role,
        agent=signed.agent,
        csrf=signed.csrf,
        language=language or signed.language,
    )


def _set_cookie(request: Request, response: Response, token: str) -> None:
    response.headers["Cache-Control"] = "no-store"
    response.set_cookie(
        guard.cookie_name(request),
        token,
        max_age=int(sessions.ABSOLUTE_S),
        path="/",
        secure=guard.is_secure(request),
        httponly=True,
        samesite="strict",
    )


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database
