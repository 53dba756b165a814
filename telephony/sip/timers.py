"""Named alarms for a machine that never reads a clock."""

import heapq
from collections.abc import Hashable
from typing import Generic, TypeVar

from domain.instant import Instant

K = TypeVar("K", bound=Hashable)


class Timers(Generic[K]):
    """Alarms by key; setting one again moves it. Cancelling is O(1): stale heap entries are skipped."""

    def __init__(self) -> None:
        self._at: dict[K, tuple[Instant, int]] = {}
        self._heap: list[tuple[Instant, int, K]] = []
        self._count = 0

    def __len__(self) -> int:
        return len(self._at)

    def set(self, key: K, at: Instant) -> None:
        """Ring ``key`` at ``at``."""
        self._count += 1
        self._at[key] = (at, self._count)
        heapq.heappush(self._heap, (at, self._count, key))

    def cancel(self, key: K) -> None:
        """Forget ``key``; no harm if it was never set."""
        self._at.pop(key, None)

    def wake_at(self) -> Instant | None:
        """When the next alarm rings."""
        while self._heap:
            at, number, key = self._heap[0]
            if self._at.get(key) == (at, number):
                return at
            heapq.heappop(self._heap)
        return None

    def pop_due(self, now: Instant) -> K | None:
        """Take one alarm that is due; None when there is none left."""
        at = self.wake_at()
        if at is None or at > now:
            return None
        _, _, key = heapq.heappop(self._heap)
        del self._at[key]
        return key
