"""Who may do what: users with argon2 hashes, sessions in a cookie, CSRF tokens, roles.

* ``tables``    - users and sessions
* ``passwords`` - hashing, checking, what a password must be
* ``sessions``  - begun, found and ended; only a hash of the token is kept
* ``slowing``   - wrong passwords make the next try wait
* ``guard``     - ``require(*roles)`` for routes, ``authenticate_websocket`` for sockets
* ``users``     - users as rows of configuration, ``create_user``
* ``api``       - ``/api/session``: sign in and out, own language and password
"""

from fastapi import APIRouter

from common.auth.api import session_router
from common.auth.guard import Signed, authenticate_websocket, require
from common.auth.tables import Role, SessionRow, UserRow
from common.auth.users import USERS, create_user
from common.rows_api import admin_router

router = APIRouter()
router.include_router(session_router())
router.include_router(admin_router(USERS))

__all__ = [
    "USERS",
    "Role",
    "SessionRow",
    "Signed",
    "UserRow",
    "authenticate_websocket",
    "create_user",
    "require",
    "router",
    "session_router",
]
