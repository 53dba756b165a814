"""How long a search may go on: seconds on the wall, or work that is the same on every machine."""

import threading
import time
from collections.abc import Callable
from typing import Any, Final

UNLIMITED: Final = 1e9
_LOOK_S: Final = 0.2


class OverError(Exception):
    """Time or work is over, or somebody said stop, before anything came of it."""


class Budget:
    """Time and work left, and whether somebody said stop.

    Work is counted in CP-SAT's deterministic seconds; parts of our own add what they do by number, never by
    the clock. With ``work`` alone no decision of the search looks at the clock.
    """

    def __init__(
        self, seconds: float | None, work: float | None, stop: Callable[[], bool] | None, workers: int
    ) -> None:
        self.workers = workers
        self._seconds, self._work, self._stop = seconds, work, stop
        self._began = time.monotonic()
        self.spent = 0.0
        self.stopped = False

    def part(self, share: float) -> "Budget":
        """A budget of its own: ``share`` of what is left here, ending with this one. What is spent in it is
        yet to be counted here.
        """
        seconds = None if self._seconds is None else max(0.0, self._seconds - self.seconds) * share
        work = None if self._work is None else max(0.0, self._work - self.spent) * share
        return Budget(seconds, work, lambda: self.asked, self.workers)

    def until(self, stop: Callable[["Budget"], bool]) -> "Budget":
        """A part of all that is left which ends when ``stop``, asked about it, says so, too."""
        part = self.part(1.0)
        part._stop = lambda: self.asked or stop(part)
        return part

    def longer(self, most: float) -> "Budget":
        """A budget of its own for what must be done although this one is over: ``most`` seconds or work."""
        seconds, work = (None if one is None else most for one in (self._seconds, self._work))
        return Budget(seconds, work, lambda: self.asked, self.workers)

    @property
    def asked(self) -> bool:
        """Whether somebody said stop, now or before."""
        if self._stop is not None and not self.stopped and self._stop():
            self.stopped = True
        return self.stopped

    def check(self) -> None:
        """Raises OverError if it is over: for what is of no use when half done."""
        if self.over:
            raise OverError

    @property
    def seconds(self) -> float:
        """Wall time since the start."""
        return time.monotonic() - self._began

    def spend(self, work: float) -> None:
        """Count work done."""
        self.spent += work

    @property
    def over(self) -> bool:
        """Whether to come to an end."""
        return self.asked or self.left <= 0

    @property
    def left(self) -> float:
        """What is left, in seconds or work, whichever is less."""
        left = UNLIMITED
        if self._seconds is not None:
            left = min(left, self._seconds - self.seconds)
        if self._work is not None:
            left = min(left, self._work - self.spent)
        return left

    @property
    def wall_left(self) -> float:
        """What is left in seconds; ``UNLIMITED`` where work alone counts."""
        return UNLIMITED if self._seconds is None else max(0.0, self._seconds - self.seconds)

    @property
    def endless(self) -> bool:
        """Whether neither seconds nor work end it."""
        return self._seconds is None and self._work is None

    @property
    def used(self) -> float:
        """The share of the budget that is gone: 0 at the start, 1 and more at the end."""
        used = 0.0
        if self._seconds is not None:
            used = self.seconds / self._seconds if self._seconds > 0 else 1.0
        if self._work is not None:
            used = max(used, self.spent / self._work if self._work > 0 else 1.0)
        return used

    def limit(self, solver: Any, most: float = UNLIMITED) -> None:
        """Give a ``CpSolver`` what is left, at most ``most`` seconds or units of work."""
        parameters = solver.parameters
        parameters.num_workers = self.workers
        share = max(0.01, min(self.left, most))
        if self._work is not None:
            parameters.max_deterministic_time = share
            parameters.interleave_search = True
        if self._seconds is not None:
            parameters.max_time_in_seconds = max(0.01, min(self._seconds - self.seconds, most))

    def watch(self, solver: Any) -> Callable[[], None]:
        """Stop a ``CpSolver`` that is about to solve when somebody says stop; call the answer after it."""
        ended = threading.Event()
        if self._stop is None:
            return ended.set

        def look() -> None:
            while not ended.wait(_LOOK_S):
                if self.asked:
                    solver.stop_search()

        watching = threading.Thread(target=look, name="stop-asked", daemon=True)
        watching.start()

        def end() -> None:
            ended.set()
            watching.join()

        return end
