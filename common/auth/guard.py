"""At the door of every route and socket: who is it, and may they?"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from fastapi import Request, WebSocket
from starlette.requests import HTTPConnection

from common.auth import sessions
from common.auth.tables import ROLES, Role
from common.db import Database
from common.problems import Problem

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER = "X-CSRF-Token"
_DEFAULT_PORTS = {"http": ":80", "https": ":443", "ws": ":80", "wss": ":443"}


@dataclass(frozen=True, slots=True)
class Signed:
    """Who is signed in: ``user`` is the sign-in name, ``name`` the full one, ``agent`` the linked agent."""

    user: str
    name: str
    role: Role
    agent: str | None
    csrf: str = field(repr=False)
    language: str
    session: str = field(default="", repr=False)


def require(*roles: Role) -> Callable[[Request], Signed]:
    """A dependency that lets in users of these roles (none named: every user).

    Raises a 401 Problem when nobody is signed in and a 403 Problem for another role or, on every method
    that changes something, for a missing or wrong ``X-CSRF-Token``.
    """
    unknown = set(roles) - set(ROLES)
    if unknown:
        raise ValueError(f"no such role: {', '.join(sorted(unknown))}")

    def guard(request: Request) -> Signed:
        signed = signed_of(request)
        if signed is None:
            raise Problem(401, "Not signed in", "Sign in, then try again.")
        check_csrf(request, signed)
        if roles and signed.role not in roles:
            may = " or ".join(roles)
            raise Problem(403, "Not your role", f"This needs the role {may}; {signed.user} is {signed.role}.")
        return signed

    return guard


def check_csrf(request: Request, signed: Signed) -> None:
    """Raises a 403 Problem if ``request`` would change something and lacks its session's CSRF token."""
    if request.method in SAFE:
        return
    sent = request.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(sent.encode("utf-8", "surrogatepass"), signed.csrf.encode()):
        raise Problem(403, "Not from the page", f"{CSRF_HEADER} is missing or not this session's; reload.")


def authenticate_websocket(socket: WebSocket) -> Signed | None:
    """Who opened the socket; None if nobody is signed in or another origin's page did. Uses the database."""
    return signed_of(socket) if same_origin(socket) else None


def signed_of(connection: HTTPConnection) -> Signed | None:
    """Who is signed in on this connection, in a short transaction of its own."""
    token = connection.cookies.get(cookie_name(connection))
    if not token:
        return None
    database: Database = connection.app.state.database
    # Not the request's own transaction: that one stays open while the route works, and would keep
    # the table locked for others by marking the session as used.
    with database.transaction() as session:
        found = sessions.find(session, token, sessions.wall_clock())
        if found is None:
            return None
        row, user = found
        return Signed(user.id, user.name, user.role, user.agent, row.csrf, user.language, row.id)


def same_origin(connection: HTTPConnection) -> bool:
    """Whether ``Origin`` is the host that was asked. Without one the sender is no browser's page: True."""
    origin = connection.headers.get("origin")
    if origin is None:
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    asked = connection.headers.get("host", "").lower()
    port = _DEFAULT_PORTS.get(parts.scheme, "")
    return bool(asked) and parts.netloc.lower().removesuffix(port) == asked.removesuffix(port)


def is_secure(connection: HTTPConnection) -> bool:
    """Whether the connection is encrypted."""
    return connection.url.scheme in ("https", "wss")


def cookie_name(connection: HTTPConnection) -> str:
    """The session's cookie; encrypted, its name keeps other hosts and unencrypted pages from setting it."""
    return "__Host-callfloor" if is_secure(connection) else "callfloor"
