"""The door of the web server: what every answer carries, how faults look from outside, who asks too much."""

import ipaddress
import logging
import math
from collections import OrderedDict
from collections.abc import Callable, Mapping
from types import MappingProxyType

from sqlalchemy.exc import OperationalError
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from common.auth.guard import cookie_name
from common.auth.slowing import network
from common.problems import problem_response

log = logging.getLogger(__name__)

MOST_BODY = 1024 * 1024
"""Bytes of a request's body; the largest we know are a row of configuration and a wrap-up note."""

# Mantine writes its colours into <style>; the favicon is a data: URL, the headset test plays a blob.
_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; media-src 'self' blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_ALWAYS = {
    "Content-Security-Policy": _POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_TOO_LARGE = "The request is too large"
_ASSETS = "public, max-age=31536000, immutable"
"""The page's files have a hash of their content in their names."""


class Armour:
    """Headers that keep other sites out, on every answer; a fault of ours is a problem and a log record.

    Answers of the API are not kept by caches unless they say so.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def armoured(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                _put_on(message, scope["path"])
            await send(message)

        try:
            await self._app(scope, receive, armoured)
        except Exception as error:
            log.exception("%s %s failed", scope["method"], scope["path"])
            if begun:
                raise  # half an answer cannot be mended: the server breaks the connection off
            if isinstance(error, OperationalError):
                words = 503, "The records cannot be reached", "Try again in a moment; the log says why."
            else:
                words = 500, "A fault of the program", "The log says where."
            await problem_response(*words)(scope, receive, armoured)


def _put_on(message: Message, path: str) -> None:
    headers = MutableHeaders(scope=message)
    for name, value in _ALWAYS.items():
        headers[name] = value
    if path.startswith("/api/"):
        headers.setdefault("Cache-Control", "no-store")
    elif path.startswith("/assets/") and message["status"] in (200, 206, 304):
        headers["Cache-Control"] = _ASSETS


class BodyLimit:
    """A request's body is not longer than ``most`` bytes, whatever length it says it has: else 413.

    ``larger`` has the limits of paths that take more.
    """

    def __init__(
        self, app: ASGIApp, most: int = MOST_BODY, larger: Mapping[str, int] = MappingProxyType({})
    ) -> None:
        self._app = app
        self._most = most
        self._larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._larger.get(scope["path"], self._most)
        said = Headers(scope=scope).get("content-length", "")
        if said.isdecimal() and int(said) > most:
            await problem_response(413, _TOO_LARGE, f"At most {most} bytes.")(scope, receive, send)
            return
        length = 0

        async def counted() -> Message:
            nonlocal length
            message = await receive()
            length += len(message.get("body", b""))
            if length > most:
                raise HTTPException(413, _TOO_LARGE)
            return message

        await self._app(scope, counted, send)


class AnonymousLimit:
    """Requests and sockets without a session's cookie: so many an address at once, then so many a second.

    Loopback is not counted. A whole floor may sit behind one address, so the numbers are generous: what is
    cheap to answer is kept from becoming a flood, passwords have their own, stricter brake.
    """

    def __init__(
        self,
        app: ASGIApp,
        clock: Callable[[], float],
        at_once: int = 600,
        per_s: float = 20.0,
        most_addresses: int = 10_000,
    ) -> None:
        self._app = app
        self._clock = clock
        self._at_once = at_once
        self._per_s = per_s
        self._most = most_addresses
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """Address to (level, when), the one not seen for longest first."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or socket."""
        wait_s = self._wait_s(scope) if scope["type"] in ("http", "websocket") else 0.0
        if wait_s <= 0:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1013})
        else:
            seconds = str(math.ceil(wait_s))
            refusal = problem_response(
                429, "Too many requests", f"Try again in {seconds} s.", {"Retry-After": seconds}
            )
            await refusal(scope, receive, send)

    def _wait_s(self, scope: Scope) -> float:
        connection = HTTPConnection(scope)
        if cookie_name(connection) in connection.cookies or is_loopback(connection):
            return 0.0
        address = network(connection.client.host if connection.client else "")
        now = self._clock()
        level, at = self._buckets.pop(address, (0.0, now))
        level = max(0.0, level - (now - at) * self._per_s)
        taken = level + 1 <= self._at_once
        self._buckets[address] = (level + 1 if taken else level, now)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return 0.0 if taken else (level + 1 - self._at_once) / self._per_s


def is_loopback(connection: HTTPConnection) -> bool:
    """Whether the other end is this very machine (or what a proxy on it says is)."""
    try:
        return connection.client is not None and ipaddress.ip_address(connection.client.host).is_loopback
    except ValueError:
        return False
