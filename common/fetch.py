"""HTTP for others than us: only hosts on a list, at addresses that were looked at, all of it bounded.

A name is resolved once, every address it has is looked at, and the connection goes to one of these: what the
name resolves to a moment later does not matter. The environment's proxies are not asked.

The time limit is for everything together: resolving, connecting, every byte in both directions, redirects,
and tries again. Nothing that was sent is part of any error or representation.
"""

import contextlib
import email.utils
import http.client
import io
import json
import math
import queue
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urljoin, urlunsplit

from common.asks import CannotAnswer
from common.hosts import Hosts, Place, place_of, split

LONGEST_BODY = 64 * 1024
"""Bytes of a body, sent or received."""
LONGEST_HEAD = 32 * 1024
"""Bytes of status line and headers."""
MOST_REDIRECTS = 3
MOST_RETRIES = 5
LONGEST_S = 60.0
MOST_ADDRESSES = 4
"""Addresses of a name that are tried."""
DEEPEST = 20
"""Lists and objects within one another in JSON."""
BACKOFF_S = 0.2
"""Before the first try again; doubled for each further one."""
RESOLVING = 16
"""Names under way at once."""

IDEMPOTENT = frozenset({"GET", "HEAD", "PUT", "DELETE"})
METHODS = IDEMPOTENT | {"POST", "PATCH"}
AGAIN = frozenset({429, 502, 503, 504})
"""Answers after which the same question may have a better one."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_OURS = re.compile(
    r"host|connection|keep-alive|content-length|transfer-encoding|te|trailer|upgrade|expect"
    r"|accept-encoding|idempotency-key|proxy-.*",
    re.IGNORECASE,
)
"""Headers that are not the asker's to choose."""
_HEADER = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")

Resolve = Callable[[str, int, float], Sequence[str]]


class FetchError(CannotAnswer):
    """Nothing was fetched; ``again`` if another try may fare better."""

    def __init__(self, why: str, again: bool = False) -> None:
        super().__init__(why)
        self.again = again


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask. ``timeout_s`` is for all of it; ``key`` makes any method one that may be tried again."""

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    timeout_s: float = 5.0
    retries: int = 0
    key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Response:
    """What came back, whatever its status. ``media`` is the content type without its parameters."""

    status: int
    media: str = ""
    body: bytes = field(default=b"", repr=False)
    retry_after_s: float = 0.0

    def json(self) -> Any:
        """The body as JSON. Raises FetchError if it is none, or more of it than is taken."""
        if self.media != "application/json" and not self.media.endswith("+json"):
            raise FetchError("the answer is not JSON")
        return read_json(self.body)


class Fetcher:
    """Fetches. One may be used by several threads; it keeps nothing."""

    def __init__(
        self,
        hosts: Hosts,
        *,
        resolve: Resolve | None = None,
        context: ssl.SSLContext | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """``context`` says whose certificates are believed: by default the system's authorities'."""
        self._hosts, self._resolve, self._sleep = hosts, resolve or resolve_name, sleep
        self._context = context

    def fetch(self, request: Request) -> Response:
        """The answer, which may tell of an error. Raises FetchError or CannotAnswer if there is none."""
        _check(request)
        deadline = _Deadline(request.timeout_s)
        may_again = request.method in IDEMPOTENT or request.key != ""
        tries = 1 + (min(request.retries, MOST_RETRIES) if may_again else 0)
        pause = BACKOFF_S
        for left in reversed(range(tries)):
            try:
                answer = self._follow(request, deadline)
                if left == 0 or answer.status not in AGAIN:
                    return answer
                wait = max(pause, answer.retry_after_s)
                if wait >= deadline.remaining:
                    return answer
            except FetchError as error:
                wait = pause
                if left == 0 or not error.again or wait >= deadline.remaining:
                    raise
            self._sleep(wait)
            pause *= 2
        raise AssertionError("the last try returns or raises")

    def _follow(self, request: Request, deadline: "_Deadline") -> Response:
        for _ in range(MOST_REDIRECTS + 1):
            answer, location = self._ask(request, deadline)
            if answer.status not in _REDIRECTS or not location:
                return answer
            request = _redirected(request, location)
        raise FetchError(f"more than {MOST_REDIRECTS} redirects")

    def _ask(self, request: Request, deadline: "_Deadline") -> tuple[Response, str]:
        """One exchange with one host: the answer, and where it points."""
        parts = split(request.url)
        place = place_of(parts)
        self._hosts.allow(place)
        addresses = self._addresses(place, deadline)
        target = quote(urlunsplit(("", "", parts.path or "/", parts.query, "")), safe="/?&=%:@!$'()*+,;~-._")
        try:
            with contextlib.closing(_connect(place, addresses, deadline)) as plain:
                connection = plain if place.scheme == "http" else self._encrypt(plain, place, deadline)
                with contextlib.closing(connection):
                    return _exchange(connection, place, target, request, deadline)
        except TimeoutError:
            raise FetchError(f"{place.name} did not answer in {request.timeout_s:g} s") from None
        except ssl.SSLCertVerificationError as error:
            raise FetchError(f"the certificate of {place.name} is not good: {error.verify_message}") from None
        except (OSError, http.client.HTTPException) as error:
            raise FetchError(f"{place.name} cannot be asked ({_named(error)})", again=True) from None

    def _addresses(self, place: Place, deadline: "_Deadline") -> Sequence[str]:
        try:
            addresses = self._resolve(place.host, place.port, deadline.left())
        except TimeoutError:
            raise FetchError(f"the name {place.host} was not resolved in time") from None
        except OSError:
            raise FetchError(f"the name {place.host} cannot be resolved", again=True) from None
        if not addresses:
            raise FetchError(f"the name {place.host} has no address", again=True)
        self._hosts.allow_addresses(place, addresses)
        return addresses[:MOST_ADDRESSES]

    def _encrypt(self, plain: socket.socket, place: Place, deadline: "_Deadline") -> socket.socket:
        if self._context is None:
            self._context = ssl.create_default_context()
        plain.settimeout(deadline.left())  # for the handshake as a whole
        return self._context.wrap_socket(plain, server_hostname=place.host)


class MemoryFetcher:
    """The twin in memory: gives what was put there for (method, URL), to hosts on the list."""

    def __init__(self, hosts: Hosts, answers: Mapping[tuple[str, str], Response]) -> None:
        self._hosts, self._answers = hosts, answers
        self.asked: list[Request] = []

    def fetch(self, request: Request) -> Response:
        """As ``Fetcher``; 404 for what is not there."""
        _check(request)
        self._hosts.allow(place_of(split(request.url)))
        self.asked.append(request)
        return self._answers.get((request.method, request.url), Response(404))


def read_json(body: bytes) -> Any:
    """JSON of a stranger. Raises FetchError beyond ``DEEPEST``, and for what no number or text can be."""
    try:
        text = body.decode("utf-8-sig")
        _look_through(text)
        return json.loads(text, parse_constant=_no_number, parse_float=_finite)
    except (ValueError, RecursionError):
        raise FetchError("the answer is no JSON, or nested too deeply") from None


def resolve_name(host: str, port: int, timeout_s: float) -> list[str]:
    """The addresses of a name. Raises OSError, of it TimeoutError."""
    deadline = _Deadline(timeout_s)
    if not _resolving.acquire(timeout=max(0.0, timeout_s)):
        raise TimeoutError
    found: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def look() -> None:
        try:
            found.put([str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)])
        except (OSError, UnicodeError) as error:
            found.put(error if isinstance(error, OSError) else OSError(str(error)))
        finally:
            _resolving.release()

    # The system's resolver takes no time limit and cannot be called back: it is left behind.
    threading.Thread(target=look, name="resolve", daemon=True).start()
    try:
        answer = found.get(timeout=max(0.001, deadline.remaining))
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, OSError):
        raise answer
    return list(dict.fromkeys(answer))


_resolving = threading.BoundedSemaphore(RESOLVING)


# ------------------------------------------------------------------ one exchange


class _Deadline:
    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    @property
    def remaining(self) -> float:
        """Seconds, below 0 when they are over."""
        return self._at - time.monotonic()

    def left(self) -> float:
        """Seconds. Raises TimeoutError when they are over."""
        left = self.remaining
        if left <= 0:
            raise TimeoutError
        return left


class _Incoming(io.RawIOBase):
    """What arrives on a connection: in time, and not more than ``most`` bytes of it."""

    def __init__(self, connection: socket.socket, deadline: _Deadline, most: int) -> None:
        self._connection, self._deadline, self._left = connection, deadline, most

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """The next bytes. Raises TimeoutError, and FetchError beyond what is taken."""
        if self._left <= 0:
            raise FetchError("the answer is too long")
        self._connection.settimeout(self._deadline.left())
        count = self._connection.recv_into(buffer, min(len(buffer), self._left))
        self._left -= count
        return count


class _Socket:
    """What ``http.client`` takes for a socket."""

    def __init__(self, connection: socket.socket, deadline: _Deadline) -> None:
        self._connection, self._deadline = connection, deadline

    def sendall(self, data: bytes) -> None:
        """Send; a peer that takes a byte at a time does not get more time for it."""
        left = memoryview(data)
        while left:
            self._connection.settimeout(self._deadline.left())
            left = left[self._connection.send(left) :]

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What arrives. More than a body of the longest kind, since chunks have heads too."""
        return io.BufferedReader(_Incoming(self._connection, self._deadline, LONGEST_HEAD + 2 * LONGEST_BODY))

    def close(self) -> None:
        """Nothing: whoever opened it closes it."""


def _connect(place: Place, addresses: Sequence[str], deadline: _Deadline) -> socket.socket:
    for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
        try:
            return socket.create_connection((address, place.port), timeout=deadline.left() / left)
        except OSError:
            if left == 1:
                raise
    raise AssertionError("there is an address")


def _exchange(
    connection: socket.socket, place: Place, target: str, request: Request, deadline: _Deadline
) -> tuple[Response, str]:
    http_side = http.client.HTTPConnection(place.host, place.port)
    http_side.sock = _Socket(connection, deadline)
    headers = {
        "Host": place.name,
        "User-Agent": "callfloor",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "Connection": "close",
        **request.headers,
    }
    if request.key:
        headers["Idempotency-Key"] = request.key
    with_body = bool(request.body) or request.method in ("POST", "PUT", "PATCH")
    http_side.request(request.method, target, request.body if with_body else None, headers)
    with contextlib.closing(http_side.getresponse()) as answer:
        if answer.getheader("Content-Encoding", "identity").strip().lower() != "identity":
            raise FetchError("the answer is compressed, which was not asked for")
        body = b"" if answer.status in _REDIRECTS else answer.read(LONGEST_BODY + 1)
        if len(body) > LONGEST_BODY:
            raise FetchError(f"the answer is longer than {LONGEST_BODY // 1024} kB")
        if answer.length:
            raise FetchError(f"{place.name} ended in the middle of its answer", again=True)
        media = answer.getheader("Content-Type", "").partition(";")[0].strip().lower()
        response = Response(answer.status, media, body, _seconds(answer.getheader("Retry-After", "")))
        return response, answer.getheader("Location", "")


def _redirected(request: Request, location: str) -> Request:
    if request.method not in ("GET", "HEAD"):
        raise FetchError(f"the answer is a redirect, which {request.method} does not follow")
    before = place_of(split(request.url))
    url = urljoin(request.url, location)
    there = place_of(split(url))
    if before.scheme == "https" and there.scheme != "https":
        raise FetchError("the answer is a redirect to where nothing is encrypted")
    # Headers may hold what is meant for one host alone.
    return replace(request, url=url, headers=request.headers if there == before else {}, key="")


def _check(request: Request) -> None:
    if request.method not in METHODS:
        raise CannotAnswer(f"the method must be one of {', '.join(sorted(METHODS))}")
    if not 0 < request.timeout_s <= LONGEST_S:
        raise CannotAnswer(f"the time limit must be up to {LONGEST_S:g} s")
    if len(request.body) > LONGEST_BODY:
        raise CannotAnswer(f"what is sent is longer than {LONGEST_BODY // 1024} kB")
    for name in request.headers:
        if not _HEADER.fullmatch(name) or _OURS.fullmatch(name):
            raise CannotAnswer(f"the header {name[:64]!r} cannot be chosen")
    for name, value in (*request.headers.items(), ("Idempotency-Key", request.key)):
        if not value.isascii() or not (value == "" or value.isprintable()) or len(value) > 4_000:
            raise CannotAnswer(f"the header {name} must be up to 4000 printable ASCII characters")


def _seconds(retry_after: str) -> float:
    """Of the header ``Retry-After``: seconds or a date; 0 if it says nothing."""
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after[:9])
    try:
        return max(0.0, email.utils.parsedate_to_datetime(retry_after).timestamp() - time.time())
    except (ValueError, OverflowError):
        return 0.0


def _named(error: Exception) -> str:
    # The text of an exception of http.client may quote what the far end sent.
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__


def _look_through(text: str) -> None:
    depth, quoted, escaped = 0, False, False
    for c in text:
        if quoted:
            if escaped or c == "\\":
                escaped = not escaped
            elif c == '"':
                quoted = False
        elif c == '"':
            quoted = True
        elif c in "[{":
            depth += 1
            if depth > DEEPEST:
                raise ValueError("nested too deeply")
        elif c in "]}":
            depth -= 1


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number of JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("the number is too large")
    return number
