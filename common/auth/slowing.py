"""Wrong passwords make the next try wait: a bucket per user and one per address.

Every try pours one into its buckets before the password is looked at (so that tries side by side count
too) and a right password takes it out again. A bucket leaks steadily. While it holds more than ``free``,
a try must wait ``2 ** (level - free)`` seconds after the last, up to ``longest_s``.
"""

import ipaddress
import threading
from collections import OrderedDict
from dataclasses import dataclass

from domain.instant import NEVER, Instant, after, seconds_between


@dataclass(frozen=True, slots=True)
class Limits:
    """``free`` tries at once; one leaks away every ``leak_s``; waits up to ``longest_s``."""

    free: int
    leak_s: float
    longest_s: float


USER = Limits(free=5, leak_s=60.0, longest_s=60.0)
"""Short at most: somebody else's tries must not lock a user out for long."""

ADDRESS = Limits(free=50, leak_s=10.0, longest_s=300.0)
"""Generous at first: a whole floor may sign in from behind one address."""

MOST = 10_000
"""Buckets kept of each sort; the one not used for longest goes first."""


@dataclass(slots=True)
class _Bucket:
    level: float = 0.0
    at: Instant = NEVER
    free_again: Instant = NEVER


class Slowing:
    """Thread-safe. Instants come from outside."""

    def __init__(self, user: Limits = USER, address: Limits = ADDRESS, most: int = MOST) -> None:
        self._sorts = {"user": user, "address": address}
        self._buckets: dict[str, OrderedDict[str, _Bucket]] = {sort: OrderedDict() for sort in self._sorts}
        self._most = most
        self._lock = threading.Lock()

    def wait_s(self, user: str, address: str, now: Instant) -> float:
        """0 if a try may be made now, which is then counted; otherwise how long to wait."""
        with self._lock:
            found = [(self._bucket(sort, key, now), sort) for sort, key in _keys(user, address)]
            wait = max(seconds_between(now, bucket.free_again) for bucket, _ in found)
            if wait > 0:
                return wait
            for bucket, sort in found:
                limits = self._sorts[sort]
                bucket.level += 1.0
                over = bucket.level - limits.free
                if over > 0:
                    # The exponent is held down: a float overflows at 1024.
                    bucket.free_again = after(now, min(limits.longest_s, 2.0 ** min(over, 32.0)))
            return 0.0

    def right(self, user: str, address: str, now: Instant) -> None:
        """The try was right: the user starts afresh, the address gets it back."""
        with self._lock:
            for sort, key in _keys(user, address):
                bucket = self._bucket(sort, key, now)
                bucket.level = 0.0 if sort == "user" else max(0.0, bucket.level - 1.0)
                bucket.free_again = now if sort == "user" else bucket.free_again

    def __len__(self) -> int:
        return sum(len(buckets) for buckets in self._buckets.values())

    def _bucket(self, sort: str, key: str, now: Instant) -> _Bucket:
        buckets = self._buckets[sort]
        bucket = buckets.setdefault(key, _Bucket(at=now))
        buckets.move_to_end(key)
        if len(buckets) > self._most:
            buckets.popitem(last=False)
        leaked = max(0.0, seconds_between(bucket.at, now)) / self._sorts[sort].leak_s
        bucket.level = max(0.0, bucket.level - leaked)
        bucket.at = max(bucket.at, now)
        return bucket


def _keys(user: str, address: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("user", user), ("address", network(address))


def network(address: str) -> str:
    """The address; of IPv6 its /64, since a whole /64 is usually one subscriber's."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv6Address):
        mapped = ip.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)
