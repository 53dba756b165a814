"""Complaints in memory: the twin of every adapter."""

from collections.abc import Callable, Mapping
from datetime import UTC, tzinfo
from threading import Lock

from crm_bridge import complaints
from crm_bridge.complaints import Complaint
from crm_bridge.queries import Values
from domain.ids import CallId
from domain.instant import Instant


class MemoryComplaints:
    """In dictionaries, under one lock."""

    def __init__(self, clock: Callable[[], Instant], zone: tzinfo | None = UTC) -> None:
        self._clock, self._zone = clock, zone
        self._taken: dict[str, Complaint] = {}
        self._last: dict[str, int] = {}
        self._lock = Lock()

    def take(self, key: str, call: CallId, parameters: Mapping[str, str]) -> Values:
        """Write a complaint down and give its ``number``. Raises CannotAnswer."""
        given = complaints.read(key, parameters)
        with self._lock:
            if key not in self._taken:
                now = self._clock()
                day = complaints.day_of(now, self._zone)
                self._last[day] = self._last.get(day, 0) + 1
                number = complaints.number_of(day, self._last[day])
                self._taken[key] = complaints.made(number, now, call, given)
            return {"number": self._taken[key].number}

    def all(self) -> list[Complaint]:
        """Every complaint, oldest first."""
        with self._lock:
            return sorted(self._taken.values(), key=lambda one: (one.taken, one.number))
