"""Digest authentication (RFC 2617, MD5 with qop=auth, as telephones speak it) that slows guessing down."""

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from sipmessage import Request

from domain.instant import Instant, after, seconds_between
from telephony.sip.events import Peer

NONCE_LIFE_S = 300.0
FREE_TRIES = 3
"""Wrong passwords of one source for one user before it has to wait."""
FREE_TRIES_WIDE = 30
"""The same for one source over all users, and for one user over all sources."""
LONGEST_WAIT_S = 60.0
FORGET_S = 600.0
_MOST_REMEMBERED = 10_000

_PART = re.compile(r'\b(\w{1,32})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')


class Verdict(Enum):
    """What became of a request's credentials."""

    OK = "ok"
    MISSING = "missing"
    STALE = "stale"
    WRONG = "wrong"
    SLOWED = "slowed"


@dataclass(slots=True)
class _Failures:
    count: int
    last: Instant
    wait_until: Instant


def parse_credentials(value: str) -> dict[str, str] | None:
    """The parameters of an Authorization header, or None if it is no Digest."""
    scheme, _, rest = value.strip().partition(" ")
    if scheme.lower() != "digest":
        return None
    return {name.lower(): quoted or plain for name, quoted, plain in _PART.findall(rest)}


def response_for(
    username: str,
    realm: str,
    password: str,
    method: str,
    uri: str,
    nonce: str,
    nc: str = "",
    cnonce: str = "",
) -> str:
    """The response value; with ``nc`` and ``cnonce`` by qop=auth, else the older rule."""
    ha1 = _md5(f"{username}:{realm}:{password}")
    ha2 = _md5(f"{method}:{uri}")
    middle = f"{nonce}:{nc}:{cnonce}:auth" if nc else nonce
    return _md5(f"{ha1}:{middle}:{ha2}")


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


class Digest:
    """Challenges and checks. Nonces carry their own time and seal, so nothing is kept for strangers."""

    def __init__(self, realm: str, secret: bytes, password_of: Callable[[str], str | None]) -> None:
        self.realm = realm
        self._secret = secret
        self._password_of = password_of
        self._challenges = 0
        self._used: dict[str, int] = {}  # nonce -> highest nc seen
        self._failures: dict[tuple[str, str], _Failures] = {}

    def challenge(self, source: Peer, now: Instant, stale: bool = False) -> str:
        """The value of a WWW-Authenticate header."""
        self._challenges += 1
        stamp = f"{now:x}-{self._challenges:x}"
        nonce = f"{stamp}.{self._seal(stamp, source)}"
        tail = ", stale=true" if stale else ""
        return f'Digest realm="{self.realm}", nonce="{nonce}", algorithm=MD5, qop="auth"{tail}'

    def check(
        self, request: Request, user: str, source: Peer, now: Instant, at_home: bool = False
    ) -> Verdict:
        """Judge a request that wants to act as ``user``.

        ``at_home``: the user is signed in from this very host, and others' guessing must not throw it out.
        """
        header = request.headers.get("Authorization")
        given = parse_credentials(header) if header else None
        if not given:
            return Verdict.MISSING
        keys = _counted(source, user)
        if self.wait_s(user, source, now, at_home) > 0:
            return Verdict.SLOWED
        nonce = given.get("nonce", "")
        if not self._fresh(nonce, source, now):
            return Verdict.STALE
        if not self._right(request, user, given):
            for key in keys:
                self._failed(key, now)
            return Verdict.WRONG
        # Without qop nothing counts the uses of a nonce, so it is good for one: else it could be replayed.
        count = int(given["nc"], 16) if given.get("qop") else 1
        if count <= self._used.get(nonce, 0):
            return Verdict.STALE
        self._remember_use(nonce, count)
        self._failures.pop(keys[0], None)
        return Verdict.OK

    def _right(self, request: Request, user: str, given: dict[str, str]) -> bool:
        password = self._password_of(user)
        nc, cnonce = given.get("nc", ""), given.get("cnonce", "")
        qop = given.get("qop", "")
        sound = (
            given.get("username") == user
            and given.get("realm") == self.realm
            and given.get("algorithm", "MD5").upper() == "MD5"
            and (not qop or (qop == "auth" and bool(re.fullmatch(r"[0-9a-fA-F]{8}", nc))))
        )
        if not qop:
            nc = cnonce = ""
        # An unknown user costs the same work and gets the same answer as a wrong password.
        expected = response_for(
            user, self.realm, password or "", request.method, given.get("uri", ""), given["nonce"], nc, cnonce
        )
        same = hmac.compare_digest(expected.encode(), given.get("response", "").lower().encode())
        return same and sound and password is not None

    def _seal(self, stamp: str, source: Peer) -> str:
        text = f"{stamp}|{source.transport}|{source.host}|{source.connection}"
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()[:32]

    def _fresh(self, nonce: str, source: Peer, now: Instant) -> bool:
        stamp, _, seal = nonce.partition(".")
        if not hmac.compare_digest(seal.encode(), self._seal(stamp, source).encode()):
            return False
        return seconds_between(Instant(int(stamp.partition("-")[0], 16)), now) <= NONCE_LIFE_S

    def _remember_use(self, nonce: str, count: int) -> None:
        self._used[nonce] = count
        if len(self._used) > _MOST_REMEMBERED:
            self._used.pop(next(iter(self._used)))

    def wait_s(self, user: str, source: Peer, now: Instant, at_home: bool = False) -> float:
        """How long this source has to wait before its next try as ``user`` is looked at."""
        keys = _counted(source, user)[: 2 if at_home else 3]
        return max(self._wait_s(key, now) for key in keys)

    def _wait_s(self, key: tuple[str, str], now: Instant) -> float:
        failures = self._failures.get(key)
        if failures is None:
            return 0.0
        if seconds_between(failures.last, now) > FORGET_S:
            del self._failures[key]
            return 0.0
        return max(0.0, seconds_between(now, failures.wait_until))

    def _failed(self, key: tuple[str, str], now: Instant) -> None:
        failures = self._failures.pop(key, None) or _Failures(0, now, now)
        failures.count += 1
        failures.last = now
        over = failures.count - (FREE_TRIES if all(key) else FREE_TRIES_WIDE)
        if over >= 0:
            failures.wait_until = after(now, min(2.0 ** min(over, 10), LONGEST_WAIT_S))
        self._failures[key] = failures
        if len(self._failures) > _MOST_REMEMBERED:
            self._failures.pop(next(iter(self._failures)))


def _counted(source: Peer, user: str) -> list[tuple[str, str]]:
    """What wrong passwords are counted by: this source as this user, the source, the user."""
    return [(source.host, user), (source.host, ""), ("", user)]
