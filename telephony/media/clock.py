"""The one clock of all legs: slots of 2 ms, ten to a frame.

Every leg ticks in the slot that was emptiest when it came, so packets do not bunch. Each slot first lets be
read what has arrived since the last one. Slots have absolute times: the clock catches up when it was late and
never drifts. After a stall longer than a frame the frames that were missed are left out, not sent in a burst,
and time goes on as if they had been.
"""

import asyncio
import logging
from collections.abc import Callable

from telephony.media.legs import Leg
from telephony.media.rtp import RATE

log = logging.getLogger(__name__)

SLOTS = 10
SLOT_S = 0.002
_SLOT_SAMPLES = 16


class Clock:
    """Ticks while there are legs. ``read(now)`` is called in every slot, ``tick(leg, now)`` every 20 ms.

    A leg whose tick raises is handed to ``broken``; the others go on.
    """

    def __init__(
        self,
        read: Callable[[int], None],
        tick: Callable[[Leg, int], None],
        broken: Callable[[Leg, Exception], None],
    ) -> None:
        self._read, self._leg_tick, self._broken = read, tick, broken
        self._loop = asyncio.get_running_loop()
        self._epoch = self._loop.time()
        self._slots: list[list[Leg]] = [[] for _ in range(SLOTS)]
        self._due = 0
        self._next: asyncio.TimerHandle | None = None
        self.worst_late_s = 0.0
        """The worst lateness of a slot; whoever reads it may set it to 0."""

    def now(self) -> int:
        """Samples since the start, by the wall."""
        return int((self._loop.time() - self._epoch) * RATE)

    def add(self, leg: Leg) -> None:
        """Let a leg tick from now on."""
        leg.slot = min(range(SLOTS), key=lambda slot: len(self._slots[slot]))
        self._slots[leg.slot].append(leg)
        if self._next is None:
            self._due = int((self._loop.time() - self._epoch) / SLOT_S) + 1
            self._next = self._loop.call_at(self._epoch + self._due * SLOT_S, self._run)

    def remove(self, leg: Leg) -> None:
        """Let a leg tick no more, also while the clock goes through its slot."""
        self._slots[leg.slot] = [other for other in self._slots[leg.slot] if other is not leg]

    def stop(self) -> None:
        """Tick no more."""
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _run(self) -> None:
        passed = self._loop.time() - self._epoch
        self.worst_late_s = max(self.worst_late_s, passed - self._due * SLOT_S)
        current = int(passed / SLOT_S)
        missed = (current - self._due) // SLOTS
        if missed > 0:
            self._due += missed * SLOTS
        try:
            self._read(current * _SLOT_SAMPLES)
            while self._due <= current:
                now = self._due * _SLOT_SAMPLES
                slot = self._slots[self._due % SLOTS]
                self._due += 1
                self._tick(slot, now)
        finally:
            self._next = None
            if any(self._slots):
                self._next = self._loop.call_at(self._epoch + self._due * SLOT_S, self._run)

    def _tick(self, slot: list[Leg], now: int) -> None:
        for leg in slot:
            try:
                self._leg_tick(leg, now)
            except Exception as error:
                log.exception("leg %s: broken", leg.id)
                self._broken(leg, error)
