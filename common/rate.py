"""How often somebody may do something: so often at once, then so often a second (a leaky bucket each)."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


class Rate(Generic[K]):
    """Counts in memory; several threads may ask at once."""

    def __init__(
        self, at_once: int, per_s: float, most: int = 10_000, steady: Callable[[], float] = monotonic
    ) -> None:
        """``most``: of so many is counted; the one not heard of for longest goes first.

        ``steady`` gives seconds that go on evenly.
        """
        self._at_once, self._per_s, self._most, self._steady = at_once, per_s, most, steady
        self._levels: OrderedDict[K, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def passes(self, key: K) -> bool:
        """Whether it may happen once more now; what may not does not count."""
        now = self._steady()
        with self._lock:
            level, at = self._levels.pop(key, (0.0, now))
            level = max(0.0, level - (now - at) * self._per_s)
            passes = level + 1 <= self._at_once
            self._levels[key] = (level + passes, now)
            if len(self._levels) > self._most:
                self._levels.popitem(last=False)
            return passes
